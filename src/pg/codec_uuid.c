/* uuid: 16 bytes on the wire, 36 characters for people. */
#include "base/number.h"
#include "pg/codec_family.h"

enum {
  UUID_BYTES = 16,
  UUID_TEXT = 36
};

static bool dash_before(uint32_t byte) { return byte == 4 || byte == 6 || byte == 8 || byte == 10; }

void uuid_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  value_invalid(out);
  static const char hex[] = "0123456789abcdef";
  if (n != UUID_BYTES) return;
  char *at = value_room(out, VALUE_TEXT, scratch, UUID_TEXT);
  if (!at) return;
  for (uint32_t i = 0; i < UUID_BYTES; i++) {
    if (dash_before(i)) *at++ = '-';
    *at++ = hex[bytes[i] >> 4];
    *at++ = hex[bytes[i] & 15];
  }
}

/* As the server reads it: any case, perhaps in braces, perhaps a dash after each group of four digits. */
static bool uuid_parse(Slice s, uint8_t out[UUID_BYTES]) {
  if (s.n > 2 && s.p[0] == '{' && s.p[s.n - 1] == '}') s = (Slice){s.p + 1, s.n - 2};
  uint32_t at = 0;
  for (uint32_t i = 0; i < UUID_BYTES; i++) {
    if (i && i % 2 == 0 && at < s.n && s.p[at] == '-') at++;
    if (at + 2 > s.n) return false;
    int high = number_hex_digit(s.p[at]), low = number_hex_digit(s.p[at + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = (uint8_t)(high << 4 | low);
    at += 2;
  }
  return at == s.n;
}

bool uuid_encode(Buf *to, TypeId type, const Value *v, Err *e) {
  uint8_t bytes[UUID_BYTES];
  if (v->kind != VALUE_TEXT) return codec_mismatch(type, v, e);
  if (!uuid_parse((Slice){v->u.p, v->len}, bytes)) return codec_malformed(type, (Slice){v->u.p, v->len}, e);
  buf_add(to, bytes, sizeof bytes);
  return true;
}
