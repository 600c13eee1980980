/* Arrays: int32 dimensions, int32 has-null, element oid; per dimension int32 size, int32 first index; then
 * the elements, an int32 length (-1 = NULL) before each. An empty array has no dimension. */
#include "pg/codec_family.h"

enum {
  HEADER = 12,
  DIMENSION = 8
};

void array_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  (void)scratch;
  value_invalid(out);
  if (n < HEADER) return;
  bool array;
  TypeId element = type_of_oid(wire_u32(bytes + 8), &array);
  if (array) element = TYPE_UNKNOWN;
  value_view(out, VALUE_ARRAY, bytes, n);
  out->kind |= (uint32_t)element << 16;
}

bool list_open(ListIter *it, const Value *array, uint32_t *n, Arena *scratch) {
  if ((array->kind & 0xFFFF) != VALUE_ARRAY || array->len < HEADER) return false;
  const uint8_t *p = (const uint8_t *)array->u.p;
  uint32_t dimensions = wire_u32(p);
  *it = (ListIter){p + HEADER, p + array->len, 0, wire_u32(p + 8), NULL, scratch};
  *n = 0;
  if (dimensions == 0) return it->at == it->end;
  if (dimensions != 1 || array->len < HEADER + DIMENSION) return false;
  it->n = wire_u32(it->at);
  it->at += DIMENSION;
  if (it->n > (size_t)(it->end - it->at) / 4) return false; /* each has a length at least */
  it->decode = codec_decode(it->element);
  *n = it->n;
  return true;
}

/* The next element's bytes; n is UINT32_MAX for NULL. */
static bool element_next(ListIter *it, const uint8_t **bytes, uint32_t *n) {
  if (it->n == 0 || it->end - it->at < 4) return false;
  *n = wire_u32(it->at);
  *bytes = it->at + 4;
  if (*n != UINT32_MAX && *n > (size_t)(it->end - *bytes)) return false;
  it->at = *bytes + (*n == UINT32_MAX ? 0 : *n);
  it->n--;
  return true;
}

bool list_next(ListIter *it, Value *out) {
  const uint8_t *bytes;
  uint32_t n;
  if (!element_next(it, &bytes, &n)) return false;
  if (n == UINT32_MAX)
    *out = (Value){VALUE_NULL, 0, {0}};
  else
    it->decode(out, bytes, n, it->scratch);
  return true;
}

bool array_whole(const uint8_t *bytes, uint32_t n) {
  Value v = {VALUE_ARRAY, n, {.p = (const char *)bytes}};
  ListIter it;
  uint32_t count, size;
  const uint8_t *element;
  if (!list_open(&it, &v, &count, NULL) || wire_u32(bytes + 4) > 1 || it.element == 0) return false;
  while (element_next(&it, &element, &size)) continue;
  return it.n == 0 && it.at == it.end;
}

void codec_array_open_oid(Buf *to, uint32_t element_oid, uint32_t n, bool has_null) {
  buf_be32(to, n ? 1 : 0);
  buf_be32(to, has_null);
  buf_be32(to, element_oid);
  if (n == 0) return;
  buf_be32(to, n);
  buf_be32(to, 1);
}

/* Elements without an oid of their own (enums) travel as text[]; the SQL casts. */
void codec_array_open(Buf *to, TypeId element, uint32_t n, bool has_null) {
  uint32_t oid = type_oid(element);
  codec_array_open_oid(to, oid ? oid : type_oid(TYPE_TEXT), n, has_null);
}

void codec_array_null(Buf *to) { buf_be32(to, UINT32_MAX); }

uint32_t codec_array_item(Buf *to) {
  buf_be32(to, 0);
  return to->n;
}

void codec_array_item_end(Buf *to, uint32_t mark) {
  uint32_t n = to->n - mark;
  for (int i = 0; i < 4; i++) to->p[mark - 4 + (uint32_t)i] = (char)(n >> (24 - 8 * i));
}
