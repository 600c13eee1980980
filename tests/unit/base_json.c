#include "base/json.h"

#include <locale.h>
#include <math.h>

#include "base/number.h"
#include "check.h"

static Arena *arena;

static Slice float_text(double f) {
  Buf b = buf_in(arena);
  json_float(&b, f);
  return buf_slice(&b);
}

static void floats(void) {
  CHECK_TEXT(float_text(3), "3.0");
  CHECK_TEXT(float_text(-0.0), "-0.0");
  CHECK_TEXT(float_text(0.1), "0.1");
  CHECK_TEXT(float_text(0.30000000000000004), "0.30000000000000004");
  CHECK_TEXT(float_text(-1234.5), "-1234.5");
  CHECK_TEXT(float_text(1e20), "100000000000000000000.0");
  CHECK_TEXT(float_text(1e21), "1e+21");
  CHECK_TEXT(float_text(1.5e300), "1.5e+300");
  CHECK_TEXT(float_text(0.000001), "0.000001");
  CHECK_TEXT(float_text(1e-7), "1e-7");
  CHECK_TEXT(float_text(5e-324), "5e-324");
  CHECK_TEXT(float_text(1.7976931348623157e308), "1.7976931348623157e+308");
  CHECK_TEXT(float_text(123456789012345680.0), "123456789012345680.0");
  CHECK_TEXT(float_text(NAN), "null");
  CHECK_TEXT(float_text(-INFINITY), "null");
}

static void floats_round_trip(void) {
  uint64_t random = 88172645463325252u;
  for (int i = 0; i < 20000; i++) {
    random ^= random << 13, random ^= random >> 7, random ^= random << 17;
    double f;
    memcpy(&f, &random, sizeof f);
    if (!isfinite(f)) continue;
    if (i % 100 == 0) arena_reset(arena);
    Slice text = float_text(f);
    if (number_to_double(text) == f) continue;
    CHECK_TEXT(text, "the same number");
    break;
  }
}

static void doubles_round_to_the_nearest(void) {
  CHECK(number_to_double(SLICE("1e400")) == INFINITY &&
        number_to_double(SLICE("-1e99999999999999")) == -INFINITY);
  CHECK(number_to_double(SLICE("1e-99999999999999")) == 0 && number_to_double(SLICE("0e999999")) == 0);
  CHECK(signbit(number_to_double(SLICE("-0.0"))) && number_to_double(SLICE("000.00012e+3")) == 0.12);
  /* half between 1 and its successor, then a hair above it, 1,000 digits later */
  Buf b = buf_in(arena);
  buf_text(&b, "1.00000000000000011102230246251565404236316680908203125");
  CHECK(number_to_double(buf_slice(&b)) == 1);
  for (int i = 0; i < 1000; i++) buf_byte(&b, '0');
  CHECK(number_to_double(buf_slice(&b)) == 1);
  buf_byte(&b, '1');
  CHECK(number_to_double(buf_slice(&b)) == 1.0000000000000002220446049250313);
  b.n = 0;
  for (int i = 0; i < 1000; i++) buf_byte(&b, '9');
  buf_text(&b, "e-999");
  CHECK(number_to_double(buf_slice(&b)) == 10);
}

static Slice string_text(Slice s) {
  Buf b = buf_in(arena);
  json_string(&b, s);
  return buf_slice(&b);
}

static void strings(void) {
  CHECK_TEXT(string_text(SLICE("")), "\"\"");
  CHECK_TEXT(string_text(SLICE("a\"b\\c/\x7F")), "\"a\\\"b\\\\c/\x7F\"");
  CHECK_TEXT(string_text(SLICE("\b\f\n\r\t\0\x1F")), "\"\\b\\f\\n\\r\\t\\u0000\\u001f\"");
  CHECK_TEXT(string_text(SLICE("\xC3\xBC\xF0\x9F\x98\x80")), "\"\xC3\xBC\xF0\x9F\x98\x80\"");
  CHECK_TEXT(string_text(SLICE("\xEF\xBF\xBD")), "\"\xEF\xBF\xBD\""); /* U+FFFD itself */
  CHECK_TEXT(string_text(SLICE("a\xC3z\xED\xA0\x80")),
             "\"a\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

/* The kinds of all tokens, a letter each, and the text again from what the tokens say. */
static bool walk(Slice text, Buf *kinds, Buf *out) {
  JsonReader r = json_reader(text);
  JsonToken t;
  char unescaped[256];
  while (json_next(&r, &t)) {
    buf_byte(kinds, ".NFTIRBSKOoAa"[t.kind]);
    if (t.kind == JSON_INT) buf_printf(out, "%lld ", (long long)t.i);
    if (t.kind == JSON_FLOAT) buf_printf(out, "%g ", t.f);
    if (t.kind == JSON_BIG) buf_printf(out, "%.*s ", SLICE_ARGS(t.text));
    if (t.kind != JSON_STRING && t.kind != JSON_KEY) continue;
    if (t.escaped)
      buf_add(out, unescaped, json_unescape(t.text, unescaped));
    else
      buf_slice_add(out, t.text);
    buf_byte(out, ' ');
  }
  return t.kind == JSON_END;
}

static bool reads(const char *text, const char *kinds, const char *values) {
  Buf k = buf_in(arena), v = buf_in(arena);
  bool good = walk(slice_of(text), &k, &v);
  CHECK_TEXT(buf_slice(&k), kinds);
  CHECK_TEXT(buf_slice(&v), values);
  return good;
}

static void texts(void) {
  CHECK(reads(" null ", "N", "") && reads("true", "T", "") && reads("\tfalse\r\n", "F", ""));
  CHECK(reads("{}", "Oo", "") && reads("[ ]", "Aa", "") && reads("[[],{}]", "AAaOoa", ""));
  CHECK(reads("{\"b\":1,\"a\":[2,{\"b\":null}]}", "OKIKAIOKNoao", "b 1 a 2 b "));
  CHECK(reads("[0,-0,12,-9223372036854775808,9223372036854775807]", "AIIIIIa",
              "0 0 12 -9223372036854775808 9223372036854775807 "));
  CHECK(reads("[9223372036854775808,-9223372036854775809,12345678901234567890123]", "ABBBa",
              "9223372036854775808 -9223372036854775809 12345678901234567890123 "));
  CHECK(reads("[1.0,1e2,-0.0,1E-2,1.5e+3]", "ARRRRRa", "1 100 -0 0.01 1500 "));
}

static void escapes(void) {
  CHECK(reads("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "S", "\"\\/\b\f\n\r\t "));
  CHECK(reads("\"\\u00fc\\u20AC\"", "S", "\xC3\xBC\xE2\x82\xAC "));
  CHECK(reads("\"\\ud83d\\ude00\"", "S", "\xF0\x9F\x98\x80 "));
  CHECK(reads("\"\\ud83dx\"", "S", "\xEF\xBF\xBDx ") &&
        reads("\"\\ude00\\ud83d\"", "S", "\xEF\xBF\xBD\xEF\xBF\xBD "));
  CHECK(reads("\"\\ud83d\\u0041\"", "S",
              "\xEF\xBF\xBD"
              "A "));
  CHECK(reads("{\"\\u0061\":1}", "OKIo", "a 1 "));
  char out[8];
  CHECK(json_unescape(SLICE("\\u0000"), out) == 1 && out[0] == 0);
}

static void nonsense(void) {
  static const char *const bad[] = {"",           " ",         "nul",        "nulll",
                                    "True",       "[",         "]",          "{",
                                    "}",          "[1",        "[1,",        "[1,]",
                                    "[,1]",       "[1 2]",     "{1:2}",      "{\"a\"}",
                                    "{\"a\":}",   "{\"a\":1",  "{\"a\":1,}", "{\"a\" 1}",
                                    "[1}",        "{\"a\":1]", "01",         "-",
                                    "-01",        "+1",        "1.",         ".5",
                                    "1e",         "1e+",       "0x1",        "\"",
                                    "\"a",        "\"\\x\"",   "\"\\",       "\"\\u12g4\"",
                                    "\"\\u123\"", "\"a\nb\"",  "1 1",        "null,",
                                    "'a'",        "NaN",       "\"\xC3\"",   "\"\xED\xA0\x80\"",
                                    "[\"\x80\"]", "// x\n1",   "[1]]",       "\"\\u12"};
  for (size_t i = 0; i < COUNT(bad); i++) {
    Buf k = buf_in(arena), v = buf_in(arena);
    bool good = walk(slice_of(bad[i]), &k, &v);
    CHECK(!good);
    if (good) fprintf(stderr, "accepted: %s\n", bad[i]);
  }
}

static void depth_ends(void) {
  Buf text = buf_in(arena), k = buf_in(arena), v = buf_in(arena);
  for (int i = 0; i < 256; i++) buf_byte(&text, '[');
  for (int i = 0; i < 256; i++) buf_byte(&text, ']');
  CHECK(walk(buf_slice(&text), &k, &v));
  text.n = 0;
  for (int i = 0; i < 257; i++) buf_byte(&text, '[');
  for (int i = 0; i < 257; i++) buf_byte(&text, ']');
  CHECK(!walk(buf_slice(&text), &k, &v));
}

static Arg text_arg(Slice s) { return (Arg){.kind = ARG_STRING, .n = s.n, .u.p = s.p}; }

static bool arg_is(const Arg *a, const char *want) {
  Buf b = buf_in(arena);
  Err e;
  if (!json_from_arg(&b, a, &e)) return false;
  CHECK_TEXT(buf_slice(&b), want);
  return slice_is(buf_slice(&b), want);
}

static void trees(void) {
  Arg items[] = {{.kind = ARG_NULL},
                 {.kind = ARG_JSON_NULL},
                 {.kind = ARG_BOOL, .u.i = 1},
                 {.kind = ARG_INT, .u.i = INT64_MIN},
                 {.kind = ARG_FLOAT, .u.f = 0.5},
                 {.kind = ARG_DATETIME, .u.i = 1},
                 {.kind = ARG_DECIMAL, .n = 4, .u.p = "1.50"},
                 {.kind = ARG_EMPTY},
                 text_arg(SLICE("\n"))};
  Arg list = {.kind = ARG_LIST, .n = COUNT(items), .u.items = items};
  ArgPair pairs[] = {{SLICE("b\""), list}, {SLICE("a"), {.kind = ARG_LIST}}, {SLICE(""), {.kind = ARG_MAP}}};
  Arg map = {.kind = ARG_MAP, .n = COUNT(pairs), .u.pairs = pairs};
  CHECK(arg_is(
      &map,
      "{\"b\\\"\":[null,null,true,-9223372036854775808,0.5,\"1970-01-01T00:00:00.000001Z\",\"1.50\",{},"
      "\"\\n\"],\"a\":[],\"\":{}}"));
}

static bool fails_at(Arg bad, const char *path) {
  Err e;
  Buf b = buf_in(arena);
  Arg items[] = {{.kind = ARG_NULL}, bad};
  ArgPair pair = {SLICE("tags"), {.kind = ARG_LIST, .n = 2, .u.items = items}};
  Arg map = {.kind = ARG_MAP, .n = 1, .u.pairs = &pair};
  if (json_from_arg(&b, &map, &e)) return false;
  CHECK_TEXT(slice_of(e.path), path);
  return e.code == ERR_VALIDATION && e.message[0];
}

static void trees_that_have_no_json(void) {
  ArgPair bad_key = {SLICE("\xFF"), {.kind = ARG_NULL}};
  CHECK(fails_at(text_arg(SLICE("\xC3")), "tags[2]") && fails_at((Arg){.kind = ARG_FIELD}, "tags[2]"));
  CHECK(fails_at((Arg){.kind = ARG_DB_NULL}, "tags[2]") && fails_at((Arg){.kind = ARG_ANY_NULL}, "tags[2]"));
  CHECK(fails_at((Arg){.kind = ARG_MAP, .n = 1, .u.pairs = &bad_key}, "tags[2]"));
  Arg nest[202];
  for (int i = 0; i < 202; i++) nest[i] = (Arg){.kind = ARG_LIST, .n = i < 201, .u.items = nest + i + 1};
  Err e;
  Buf b = buf_in(arena);
  CHECK(json_from_arg(&b, nest + 2, &e) && !json_from_arg(&b, nest, &e));
  CHECK(strstr(e.message, "200"));
}

static void all(void *ctx) {
  (void)ctx;
  floats();
  floats_round_trip();
  doubles_round_to_the_nearest();
  strings();
  texts();
  escapes();
  nonsense();
  depth_ends();
  trees();
  trees_that_have_no_json();
}

static void in_c_locale(void) {
  arena = arena_new(0);
  CHECK(arena && arena_protect(arena, NULL, all, NULL));
  arena_free(arena);
}

/* Where the decimal point is a comma; the same again if this machine has no such locale. */
static void in_another_locale(void) {
  if (!setlocale(LC_NUMERIC, "de_DE.UTF-8")) setlocale(LC_NUMERIC, "C.UTF-8");
  in_c_locale();
}

TESTS(in_c_locale, in_another_locale)
