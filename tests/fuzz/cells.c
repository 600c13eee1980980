#include "fuzz.h"
#include "pg/codec.h"

/* The first two bytes choose a type, the rest is what a server says a value of it is. */
static void one(Arena *a, Slice input) {
  Value v, item;
  ListIter it;
  uint32_t n;
  if (input.n < 2) return;
  TypeId type = (TypeId)((unsigned char)input.p[0] % TYPE_COUNT);
  uint32_t oid = input.p[1] & 1 ? type_array_oid(type) : type_oid(type);
  codec_decode(oid)(&v, (const uint8_t *)input.p + 2, input.n - 2, a);
  if ((v.kind & 0xFFFF) != VALUE_ARRAY || !list_open(&it, &v, &n, a)) return;
  holds(n <= input.n);
  for (; list_next(&it, &item); n--) holds(n > 0);
}

FUZZ(one)
