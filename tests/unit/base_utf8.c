#include "base/utf8.h"

#include "check.h"

static void valid_texts(void) {
  CHECK(utf8_valid(SLICE("")) && utf8_valid(SLICE("plain ascii, longer than eight bytes")));
  CHECK(utf8_valid(SLICE("\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF")));
  CHECK(utf8_valid(SLICE("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF")) && utf8_valid(SLICE("a\0b")));
}

static void invalid_texts(void) {
  static const Slice bad[] = {SLICE_INIT("\x80"),
                              SLICE_INIT("12345678\xFF"),
                              SLICE_INIT("\xC0\x80"),
                              SLICE_INIT("\xC1\xBF"),
                              SLICE_INIT("\xC3"),
                              SLICE_INIT("\xC3z"),
                              SLICE_INIT("\xE0\x9F\xBF"),
                              SLICE_INIT("\xE2\x82"),
                              SLICE_INIT("\xED\xA0\x80"),
                              SLICE_INIT("\xED\xBF\xBF"),
                              SLICE_INIT("\xF0\x8F\xBF\xBF"),
                              SLICE_INIT("\xF4\x90\x80\x80"),
                              SLICE_INIT("\xF5\x80\x80\x80"),
                              SLICE_INIT("\xF8\x88\x80\x80\x80"),
                              SLICE_INIT("\xFE")};
  for (size_t i = 0; i < COUNT(bad); i++) CHECK(!utf8_valid(bad[i]));
}

static void every_code_point_round_trips(void) {
  uint32_t wrong = 0;
  for (uint32_t code = 0; code <= 0x110000; code++) {
    char bytes[4];
    uint32_t n = utf8_put(code, bytes), at = 0;
    bool is_code = code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
    if (!is_code) {
      wrong += n != 0;
      continue;
    }
    wrong += !utf8_valid((Slice){bytes, n}) || utf8_next((Slice){bytes, n}, &at) != code || at != n;
  }
  CHECK(wrong == 0);
}

static void bad_bytes_are_stepped_over_singly(void) {
  Slice s = SLICE("\xE2\x82z\xC3\xBC");
  uint32_t at = 0;
  CHECK(utf8_next(s, &at) == 0xFFFD && at == 1);
  CHECK(utf8_next(s, &at) == 0xFFFD && at == 2);
  CHECK(utf8_next(s, &at) == 'z' && at == 3);
  CHECK(utf8_next(s, &at) == 0xFC && at == 5);
}

static void columns(void) {
  CHECK(utf8_columns(SLICE("abc")) == 3 && utf8_columns(SLICE("")) == 0);
  CHECK(utf8_columns(SLICE("\xC3\xBC")) == 1);             /* u with diaeresis */
  CHECK(utf8_columns(SLICE("u\xCC\x88")) == 1);            /* the same, in two code points */
  CHECK(utf8_columns(SLICE("\xE6\xBC\xA2")) == 2);         /* a Han character */
  CHECK(utf8_columns(SLICE("\xF0\x9F\x98\x80!")) == 3);    /* an emoji */
  CHECK(utf8_columns(SLICE("\xE2\x80\x8B")) == 0);         /* zero width space */
  CHECK(utf8_columns(SLICE("\xED\x95\x9C\xED\xA0")) == 4); /* Hangul, two broken bytes */
}

TESTS(valid_texts, invalid_texts, every_code_point_round_trips, bad_bytes_are_stepped_over_singly, columns)
