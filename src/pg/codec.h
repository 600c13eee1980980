/* Codecs: the binary forms of PostgreSQL's types, one small file a family (codec_int.c, codec_text.c, ...),
 * bound by the server's type name. Decoding trusts no length. */
#ifndef PG_CODEC_H
#define PG_CODEC_H

#include "base/buf.h"
#include "base/err.h"
#include "base/value.h"

typedef void Decode(Value *out, const uint8_t *bytes,
                    uint32_t n); /* kind = VALUE_INVALID when n or bytes do not fit */
/* Append the wire form, without its length; false when the value does not fit the type. */
typedef bool Encode(Buf *to, TypeId type, const Value *v, Err *e);

Decode *codec_decode(uint32_t oid); /* by result_oid; never NULL: unknown types decode as text */
Encode *codec_encode(TypeId t);     /* never NULL */

/* Arrays, both ways. An array parameter: one dimension, elements in order. */
void codec_array_open(Buf *to, TypeId element, uint32_t n, bool has_null); /* then n times: */
void codec_array_null(Buf *to);
uint32_t codec_array_item(Buf *to);                /* returns a mark; write the element by its Encode, */
void codec_array_item_end(Buf *to, uint32_t mark); /* then this fills its length */

typedef struct ListIter {
  const uint8_t *at, *end;
  uint32_t n;       /* elements left */
  uint32_t element; /* oid */
  Decode *decode;
} ListIter;
MUST bool list_open(ListIter *it, const Value *array,
                    uint32_t *n);         /* false: malformed or more than one dimension */
bool list_next(ListIter *it, Value *out); /* false at the end or when malformed */

#endif
