/* Types whose binary form is their text, bytes and JSON. */
#include "base/utf8.h"
#include "pg/codec_family.h"

void text_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  (void)scratch;
  value_view(out, VALUE_TEXT, bytes, n);
}

/* "char", one byte: the zero byte is how the server says ''. */
void char_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  (void)scratch;
  value_invalid(out);
  if (n > 1) return;
  value_view(out, VALUE_TEXT, bytes, n == 1 && bytes[0] == 0 ? 0 : n);
}

/* A zero byte is in no text of the server's, but in the header of every array. */
void unknown_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  bool text = !memchr(bytes, 0, n) && utf8_valid((Slice){(const char *)bytes, n});
  if (!text && array_whole(bytes, n))
    array_decode(out, bytes, n, scratch);
  else
    value_view(out, text ? VALUE_TEXT : VALUE_BYTES, bytes, n);
}

void bytea_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  (void)scratch;
  value_view(out, VALUE_BYTES, bytes, n);
}

void json_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  (void)scratch;
  value_invalid(out);
  if (n == 0) return;
  value_view(out, VALUE_JSON, bytes, n);
}

enum {
  JSONB_VERSION = 1
};

void jsonb_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  (void)scratch;
  value_invalid(out);
  if (n < 2 || bytes[0] != JSONB_VERSION) return;
  value_view(out, VALUE_JSON, bytes + 1, n - 1);
}

/* The server would refuse these bytes too, but only after the whole statement was sent. */
bool text_encode(Buf *to, TypeId type, const Value *v, Err *e) {
  if (v->kind != VALUE_TEXT) return codec_mismatch(type, v, e);
  Slice text = {v->u.p, v->len};
  if (text.n && memchr(text.p, 0, text.n))
    return err_set(e, ERR_VALIDATION, "text cannot hold a zero byte: PostgreSQL has none in its texts");
  if (!utf8_valid(text)) return err_set(e, ERR_VALIDATION, "text is not valid UTF-8");
  buf_slice_add(to, text);
  return true;
}

bool bytea_encode(Buf *to, TypeId type, const Value *v, Err *e) {
  if (v->kind != VALUE_BYTES && v->kind != VALUE_TEXT) return codec_mismatch(type, v, e);
  buf_add(to, v->u.p, v->len);
  return true;
}

bool json_encode(Buf *to, TypeId type, const Value *v, Err *e) {
  if (v->kind != VALUE_JSON && v->kind != VALUE_TEXT) return codec_mismatch(type, v, e);
  buf_add(to, v->u.p, v->len);
  return true;
}

bool jsonb_encode(Buf *to, TypeId type, const Value *v, Err *e) {
  if (v->kind != VALUE_JSON && v->kind != VALUE_TEXT) return codec_mismatch(type, v, e);
  buf_byte(to, JSONB_VERSION);
  buf_add(to, v->u.p, v->len);
  return true;
}
