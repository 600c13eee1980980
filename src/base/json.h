/* JSON text, written and read without losing anything: integers stay integers, numbers beyond them keep
 * their digits, order of keys is kept. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/arg.h"
#include "base/buf.h"
#include "base/err.h"

void json_string(Buf *b, Slice s); /* quoted; control characters, '"', '\\' escaped; bad UTF-8 -> U+FFFD */
void json_float(Buf *b, double f); /* shortest that reads back; nan and inf as null */
/* An Arg tree as JSON: ARG_NULL and ARG_JSON_NULL are null, DATETIME is ISO text, DECIMAL is a string,
 * EMPTY is {} . False: a field reference, a depth over 200, or bytes that are not UTF-8 (with path). */
MUST bool json_from_arg(Buf *b, const Arg *a, Err *e);
/* The other way round, in the arena (protected by the caller), with texts that may point into `text`;
 * integers beyond 64 bits are their digits. False: no JSON, or more than 200 deep. */
MUST bool json_to_arg(Arena *a, Slice text, Arg *out);

/* A reader that walks text without building anything: the caller builds what it wants.
 *   JsonReader r = json_reader(text); JsonToken t; while (json_next(&r, &t)) ... */
typedef enum JsonKind {
  JSON_END,
  JSON_NULL,
  JSON_FALSE,
  JSON_TRUE,
  JSON_INT,
  JSON_FLOAT,
  JSON_BIG /* an integer beyond 64 bits */,
  JSON_STRING,
  JSON_KEY,
  JSON_OBJECT,
  JSON_OBJECT_END,
  JSON_ARRAY,
  JSON_ARRAY_END,
  JSON_ERROR
} JsonKind;

typedef struct JsonToken {
  JsonKind kind;
  int64_t i;
  double f;
  Slice text;   /* STRING and KEY: the raw bytes between the quotes; numbers: their digits */
  bool escaped; /* STRING and KEY: json_unescape is needed */
} JsonToken;

typedef struct JsonReader {
  Slice text;
  uint32_t at;
  uint32_t depth;
  uint8_t stack[256]; /* '{' or '[' per depth; deeper text is an error */
  uint8_t expect;     /* private */
} JsonReader;

JsonReader json_reader(Slice text);
MUST bool json_next(JsonReader *r, JsonToken *t); /* false at JSON_END and JSON_ERROR (t says which) */
uint32_t json_unescape(Slice raw, char *out);     /* out has raw.n bytes; returns the length */

#endif
