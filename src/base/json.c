#include "base/json.h"

#include <math.h>
#include <stdio.h>

#include "base/datetime.h"
#include "base/number.h"
#include "base/utf8.h"

enum {
  MAX_DEPTH = 200,
  LONGEST_PLAIN = 21 /* digits before the point; larger numbers get an exponent, as in JavaScript */
};

/* ---- writing ---- */

static void write_escape(Buf *b, unsigned char c) {
  static const char letters[] = "\bb\ff\nn\rr\tt\"\"\\\\";
  for (const char *l = letters; *l; l += 2) {
    if ((unsigned char)*l != c) continue;
    buf_byte(b, '\\');
    buf_byte(b, l[1]);
    return;
  }
  buf_printf(b, "\\u%04x", c);
}

/* Bytes from `at` on that need no escape; a piece of well-formed UTF-8. */
static uint32_t plain_run(Slice s, uint32_t at) {
  uint32_t end = at;
  while (end < s.n) {
    unsigned char c = (unsigned char)s.p[end];
    if (c < 0x20 || c == '"' || c == '\\') break;
    uint32_t next = end;
    if (c < 0x80)
      next++;
    else if (utf8_next(s, &next) == 0xFFFD && next == end + 1)
      break;
    end = next;
  }
  return end;
}

void json_string(Buf *b, Slice s) {
  buf_byte(b, '"');
  for (uint32_t at = 0; at < s.n;) {
    uint32_t end = plain_run(s, at);
    buf_add(b, s.p + at, end - at);
    at = end;
    if (at == s.n) break;
    unsigned char c = (unsigned char)s.p[at++];
    if (c < 0x80)
      write_escape(b, c);
    else
      buf_text(b, "\xEF\xBF\xBD");
  }
  buf_byte(b, '"');
}

static void zeros(Buf *b, int n) {
  while (n-- > 0) buf_byte(b, '0');
}

/* A float stays one: 3 is written 3.0. */
void json_float(Buf *b, double f) {
  char digits[NUMBER_DIGITS];
  int point;
  if (!isfinite(f)) {
    buf_text(b, "null");
    return;
  }
  int n = (int)number_digits(f, digits, &point);
  if (signbit(f)) buf_byte(b, '-');
  if (point > LONGEST_PLAIN || point < -5) {
    buf_byte(b, digits[0]);
    if (n > 1) buf_printf(b, ".%.*s", n - 1, digits + 1);
    buf_printf(b, "e%+d", point - 1);
  } else if (point <= 0) {
    buf_text(b, "0.");
    zeros(b, -point);
    buf_add(b, digits, (uint32_t)n);
  } else {
    int whole = n < point ? n : point;
    buf_add(b, digits, (uint32_t)whole);
    zeros(b, point - whole);
    buf_byte(b, '.');
    if (n > whole) buf_add(b, digits + whole, (uint32_t)(n - whole));
    if (n <= whole) buf_byte(b, '0');
  }
}

static bool write_text(Buf *b, Slice s, Err *e) {
  if (!utf8_valid(s)) return err_set(e, ERR_VALIDATION, "A text in a JSON value is not valid UTF-8.");
  json_string(b, s);
  return true;
}

static bool write_value(Buf *b, const Arg *a, uint32_t depth, Err *e);

static bool write_list(Buf *b, const Arg *a, uint32_t depth, Err *e) {
  buf_byte(b, '[');
  for (uint32_t i = 0; i < a->n; i++) {
    if (i) buf_byte(b, ',');
    if (write_value(b, &a->u.items[i], depth, e)) continue;
    char place[16];
    return err_path(e, (Slice){place, (uint32_t)snprintf(place, sizeof place, "[%u]", i + 1)}) && false;
  }
  buf_byte(b, ']');
  return true;
}

static bool write_map(Buf *b, const Arg *a, uint32_t depth, Err *e) {
  buf_byte(b, '{');
  for (uint32_t i = 0; i < a->n; i++) {
    const ArgPair *pair = &a->u.pairs[i];
    if (i) buf_byte(b, ',');
    if (!write_text(b, pair->key, e)) return false;
    buf_byte(b, ':');
    if (!write_value(b, &pair->value, depth, e)) return err_path(e, pair->key) && false;
  }
  buf_byte(b, '}');
  return true;
}

static void write_datetime(Buf *b, int64_t micros) {
  char text[DATETIME_TEXT];
  json_string(b, (Slice){text, datetime_format(micros, text)});
}

static bool write_value(Buf *b, const Arg *a, uint32_t depth, Err *e) {
  if (depth > MAX_DEPTH)
    return err_set(e, ERR_VALIDATION, "A JSON value is nested deeper than %d levels.", MAX_DEPTH);
  switch ((ArgKind)a->kind) {
    case ARG_NULL:
    case ARG_JSON_NULL: buf_text(b, "null"); return true;
    case ARG_BOOL: buf_text(b, a->u.i ? "true" : "false"); return true;
    case ARG_INT: buf_int(b, a->u.i); return true;
    case ARG_FLOAT: json_float(b, a->u.f); return true;
    case ARG_STRING: return write_text(b, arg_text(a), e);
    case ARG_DATETIME: write_datetime(b, a->u.i); return true;
    case ARG_DECIMAL: json_string(b, arg_text(a)); return true;
    case ARG_LIST: return write_list(b, a, depth + 1, e);
    case ARG_MAP: return write_map(b, a, depth + 1, e);
    case ARG_EMPTY: buf_text(b, "{}"); return true;
    case ARG_FIELD:
    case ARG_DB_NULL:
    case ARG_ANY_NULL: break;
  }
  return err_set(e, ERR_VALIDATION, "A %s has no place inside a JSON value.", arg_kind_name(a));
}

bool json_from_arg(Buf *b, const Arg *a, Err *e) { return write_value(b, a, 0, e); }

/* ---- reading ---- */

typedef enum Expect {
  EXPECT_VALUE,
  EXPECT_FIRST_ITEM, /* or ']' */
  EXPECT_FIRST_KEY,  /* or '}' */
  EXPECT_NEXT,       /* ',' or the end of what is open; at depth 0 the end of the text */
} Expect;

JsonReader json_reader(Slice text) {
  JsonReader r = {.expect = EXPECT_VALUE};
  r.text = text;
  return r;
}

static bool fail(JsonToken *t) {
  t->kind = JSON_ERROR;
  return false;
}

static char peek(const JsonReader *r) { return r->at < r->text.n ? r->text.p[r->at] : 0; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static void skip_space(JsonReader *r) {
  while (r->at < r->text.n && memchr(" \t\n\r", r->text.p[r->at], 4)) r->at++;
}

static bool read_escape(JsonReader *r) {
  char c = peek(r);
  if (!c || !strchr("\"\\/bfnrtu", c)) return false;
  r->at++;
  for (int i = 0; c == 'u' && i < 4; i++, r->at++)
    if (!peek(r) || !strchr("0123456789abcdefABCDEF", peek(r))) return false;
  return true;
}

/* string = '"' (character | escape)* '"' */
static bool read_string(JsonReader *r, JsonToken *t, JsonKind kind) {
  uint32_t start = ++r->at;
  *t = (JsonToken){.kind = kind};
  bool ascii = true;
  while (peek(r) != '"') {
    unsigned char c = (unsigned char)peek(r);
    if (c < 0x20) return fail(t);
    r->at++;
    ascii &= c < 0x80;
    if (c != '\\') continue;
    t->escaped = true;
    if (!read_escape(r)) return fail(t);
  }
  t->text = (Slice){r->text.p + start, r->at - start};
  if (!ascii && !utf8_valid(t->text)) {
    r->at = start;
    return fail(t);
  }
  r->at++;
  return true;
}

static bool skip_digits(JsonReader *r) {
  uint32_t start = r->at;
  while (is_digit(peek(r))) r->at++;
  return r->at > start;
}

/* Digits with their sign as an int64; false when it does not fit. Counts downwards: the smallest has no
 * positive twin. */
static bool to_integer(Slice digits, int64_t *out) {
  bool minus = digits.p[0] == '-';
  int64_t value = 0;
  for (uint32_t i = minus; i < digits.n; i++)
    if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, digits.p[i] - '0', &value))
      return false;
  if (!minus && value == INT64_MIN) return false;
  *out = minus ? value : -value;
  return true;
}

/* number = ["-"] ("0" | digit1-9 digit*) ["." digit+] [("e" | "E") ["+" | "-"] digit+] */
static bool read_number(JsonReader *r, JsonToken *t) {
  uint32_t start = r->at;
  bool whole = true;
  *t = (JsonToken){.kind = JSON_INT};
  if (peek(r) == '-') r->at++;
  bool zero = peek(r) == '0';
  if (!skip_digits(r) || (zero && r->at - start > (r->text.p[start] == '-' ? 2u : 1u))) return fail(t);
  if (peek(r) == '.') {
    whole = false;
    r->at++;
    if (!skip_digits(r)) return fail(t);
  }
  if (peek(r) == 'e' || peek(r) == 'E') {
    whole = false;
    r->at++;
    if (peek(r) == '+' || peek(r) == '-') r->at++;
    if (!skip_digits(r)) return fail(t);
  }
  t->text = (Slice){r->text.p + start, r->at - start};
  if (!whole) {
    t->kind = JSON_FLOAT;
    t->f = number_to_double(t->text);
  } else if (!to_integer(t->text, &t->i)) {
    t->kind = JSON_BIG;
  }
  return true;
}

static bool read_word(JsonReader *r, JsonToken *t, Slice word, JsonKind kind) {
  *t = (JsonToken){.kind = kind};
  if (!slice_starts((Slice){r->text.p + r->at, r->text.n - r->at}, word)) return fail(t);
  r->at += word.n;
  return true;
}

static bool open(JsonReader *r, JsonToken *t, char bracket) {
  *t = (JsonToken){.kind = bracket == '{' ? JSON_OBJECT : JSON_ARRAY};
  if (r->depth == sizeof r->stack) return fail(t);
  r->stack[r->depth++] = (uint8_t)bracket;
  r->at++;
  r->expect = bracket == '{' ? EXPECT_FIRST_KEY : EXPECT_FIRST_ITEM;
  return true;
}

static bool close(JsonReader *r, JsonToken *t) {
  *t = (JsonToken){.kind = r->stack[--r->depth] == '{' ? JSON_OBJECT_END : JSON_ARRAY_END};
  r->at++;
  r->expect = EXPECT_NEXT;
  return true;
}

static bool read_value(JsonReader *r, JsonToken *t) {
  char c = peek(r);
  r->expect = EXPECT_NEXT;
  switch (c) {
    case '{':
    case '[': return open(r, t, c);
    case '"': return read_string(r, t, JSON_STRING);
    case 'n': return read_word(r, t, SLICE("null"), JSON_NULL);
    case 't': return read_word(r, t, SLICE("true"), JSON_TRUE);
    case 'f': return read_word(r, t, SLICE("false"), JSON_FALSE);
    default: return c == '-' || is_digit(c) ? read_number(r, t) : fail(t);
  }
}

static bool read_key(JsonReader *r, JsonToken *t) {
  if (peek(r) != '"') return fail(t);
  if (!read_string(r, t, JSON_KEY)) return false;
  skip_space(r);
  if (peek(r) != ':') return fail(t);
  r->at++;
  r->expect = EXPECT_VALUE;
  return true;
}

/* Between two values: a comma, the end of the container, or the end of the text. */
static bool read_next(JsonReader *r, JsonToken *t) {
  if (r->depth == 0) {
    t->kind = r->at == r->text.n ? JSON_END : JSON_ERROR;
    return false;
  }
  bool object = r->stack[r->depth - 1] == '{';
  if (peek(r) == (object ? '}' : ']')) return close(r, t);
  if (peek(r) != ',') return fail(t);
  r->at++;
  skip_space(r);
  return object ? read_key(r, t) : read_value(r, t);
}

bool json_next(JsonReader *r, JsonToken *t) {
  skip_space(r);
  *t = (JsonToken){.kind = JSON_END};
  switch ((Expect)r->expect) {
    case EXPECT_FIRST_ITEM: return peek(r) == ']' ? close(r, t) : read_value(r, t);
    case EXPECT_FIRST_KEY: return peek(r) == '}' ? close(r, t) : read_key(r, t);
    case EXPECT_NEXT: return read_next(r, t);
    case EXPECT_VALUE: break;
  }
  return read_value(r, t);
}

/* The code unit of four hexadecimal digits at p. */
static uint32_t unit(const char *p) {
  uint32_t value = 0;
  for (int i = 0; i < 4; i++) {
    char c = p[i];
    value = value << 4 | (uint32_t)(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

/* \uXXXX at raw[at], with the second half of a surrogate pair when there is one; half a pair is U+FFFD. */
static uint32_t code_point(Slice raw, uint32_t *at) {
  uint32_t first = unit(raw.p + *at + 2);
  *at += 6;
  if (first < 0xD800 || first > 0xDFFF) return first;
  if (first > 0xDBFF || raw.n - *at < 6 || raw.p[*at] != '\\' || raw.p[*at + 1] != 'u') return 0xFFFD;
  uint32_t second = unit(raw.p + *at + 2);
  if (second < 0xDC00 || second > 0xDFFF) return 0xFFFD;
  *at += 6;
  return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
}

uint32_t json_unescape(Slice raw, char *out) {
  static const char letters[] = "b\bf\fn\nr\rt\t";
  uint32_t n = 0;
  for (uint32_t at = 0; at < raw.n;) {
    if (raw.p[at] != '\\') {
      out[n++] = raw.p[at++];
    } else if (raw.p[at + 1] == 'u') {
      n += utf8_put(code_point(raw, &at), out + n);
    } else {
      const char *letter = strchr(letters, raw.p[at + 1]);
      out[n++] = letter ? letter[1] : raw.p[at + 1];
      at += 2;
    }
  }
  return n;
}
