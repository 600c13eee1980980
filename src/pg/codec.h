/* Codecs: the binary forms of PostgreSQL's types, one small file a family (codec_number.c, codec_text.c,
 * ...), bound by the server's type oid or by our TypeId. Decoding trusts no length.
 *
 * Memory. Most decoded values point into the result. Those whose text differs from the wire (uuid, inet,
 * cidr, bit, varbit, money) are written into `scratch`, by arena_try: no protection is needed. */
#ifndef PG_CODEC_H
#define PG_CODEC_H

#include "base/buf.h"
#include "base/err.h"
#include "base/value.h"

/* What `len` says about a VALUE_INVALID. */
enum {
  INVALID_BYTES = 0,    /* n or bytes do not fit the type */
  INVALID_NO_MEMORY = 1 /* scratch ran out */
};

typedef void Decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch);
/* Append the wire form, without its length; false when the value does not fit the type. Takes the kind of
 * the type, and what widens to it: INT for floats, INT, FLOAT and decimal TEXT for numeric and money.
 * The Buf's arena is protected by the caller. Errors: ERR_VALIDATION, ERR_P2020 (out of range). */
typedef bool Encode(Buf *to, TypeId type, const Value *v, Err *e);

/* By result_oid, never NULL. Oids that are not in types.def (enums, citext, ...): an array when the bytes are
 * one in every length, else TEXT when they can be text, else BYTES. */
Decode *codec_decode(uint32_t oid);
Decode *codec_decode_type(TypeId t); /* when the type is known; TYPE_ENUM, TYPE_CITEXT: text */
Encode *codec_encode(TypeId t);      /* never NULL */

/* Arrays, both ways. An array parameter: one dimension, elements in order. `element_oid`: type_oid(), or
 * the element oid of the array that the bytes came from. */
void codec_array_open(Buf *to, TypeId element, uint32_t n, bool has_null); /* then n times: */
void codec_array_open_oid(Buf *to, uint32_t element_oid, uint32_t n, bool has_null);
void codec_array_null(Buf *to);
uint32_t codec_array_item(Buf *to);                /* returns a mark; write the element by its Encode, */
void codec_array_item_end(Buf *to, uint32_t mark); /* then this fills its length */

typedef struct ListIter {
  const uint8_t *at, *end;
  uint32_t n;       /* elements left; not 0 after list_next said false: malformed */
  uint32_t element; /* oid */
  Decode *decode;
  Arena *scratch;
} ListIter;
/* False: malformed, or more than one dimension. *n is never more than the bytes can hold. */
MUST bool list_open(ListIter *it, const Value *array, uint32_t *n, Arena *scratch);
bool list_next(ListIter *it, Value *out); /* false at the end or when malformed */

#endif
