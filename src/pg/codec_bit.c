/* bit and varbit: on the wire an int32 count of bits, then the bits, the last byte filled up with zeros.
 * As text: a '0' or '1' each. */
#include "pg/codec_family.h"

void bit_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  value_invalid(out);
  if (n < 4) return;
  uint32_t bits = wire_u32(bytes);
  if (bits > INT32_MAX || n - 4 != (bits + 7) / 8) return;
  char *at = value_room(out, VALUE_TEXT, scratch, bits);
  for (uint32_t i = 0; at && i < bits; i++) at[i] = (bytes[4 + i / 8] >> (7 - i % 8)) & 1 ? '1' : '0';
}

bool bit_encode(Buf *to, TypeId type, const Value *v, Err *e) {
  if (v->kind != VALUE_TEXT) return codec_mismatch(type, v, e);
  uint8_t byte = 0;
  buf_be32(to, v->len);
  for (uint32_t i = 0; i < v->len; i++) {
    char c = v->u.p[i];
    if (c != '0' && c != '1') return codec_malformed(type, (Slice){v->u.p, v->len}, e);
    byte = (uint8_t)(byte << 1 | (c - '0'));
    if (i % 8 == 7 || i + 1 == v->len) {
      buf_byte(to, (char)(byte << (7 - i % 8)));
      byte = 0;
    }
  }
  return true;
}
