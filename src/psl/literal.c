#include "psl/literal.h"

#include <stdlib.h>

#include "psl/lex.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* --- integers --- */

static const char *integer_fault(Slice s) {
  bool negative = s.n && s.p[0] == '-';
  uint64_t value = 0, limit = (uint64_t)INT64_MAX + negative;
  for (uint32_t i = negative; i < s.n; i++) {
    if (!is_digit(s.p[i])) return "invalid digit found in string";
    uint64_t digit = (uint64_t)(s.p[i] - '0');
    if (value > (limit - digit) / 10)
      return negative ? "number too small to fit in target type" : "number too large to fit in target type";
    value = value * 10 + digit;
  }
  return NULL;
}

/* --- decimals --- */

static uint32_t skip_digits(Slice s, uint32_t at) {
  while (at < s.n && is_digit(s.p[at])) at++;
  return at;
}

static const char *decimal_fault(Slice s) {
  uint32_t at = 0, digits;
  if (!s.n) return "Failed to parse empty string";
  if (s.p[0] == '-' || s.p[0] == '+') at++;
  digits = skip_digits(s, at) - at;
  at += digits;
  if (at < s.n && s.p[at] == '.') {
    uint32_t end = skip_digits(s, at + 1);
    digits += end - at - 1;
    at = end;
  }
  if (digits && at < s.n && (s.p[at] == 'e' || s.p[at] == 'E')) {
    at++;
    if (at < s.n && (s.p[at] == '-' || s.p[at] == '+')) at++;
    uint32_t end = skip_digits(s, at);
    if (end == at) return "cannot parse integer from empty string";
    at = end;
  }
  return digits && at == s.n ? NULL : "invalid digit found in string";
}

/* --- base64, standard alphabet, padded --- */

static bool is_base64(Slice s) {
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  uint32_t n = s.n;
  if (n % 4) return false;
  while (n && s.n - n < 2 && s.p[n - 1] == '=') n--;
  for (uint32_t i = 0; i < n; i++)
    if (!lex_one_of(s.p[i], alphabet)) return false;
  if (n == s.n) return true;
  long last = strchr(alphabet, s.p[n - 1]) - alphabet; /* bits behind the last byte must be zero */
  return n % 4 == 3 ? (last & 3) == 0 : (last & 15) == 0;
}

/* --- RFC 3339 --- */

typedef struct DateText {
  Slice s;
  uint32_t at;
  const char *fault;
} DateText;

static int date_number(DateText *d, uint32_t width, int low, int high) {
  int value = 0;
  for (uint32_t i = 0; i < width && !d->fault; i++) {
    if (d->at >= d->s.n) {
      d->fault = "premature end of input";
    } else if (!is_digit(d->s.p[d->at])) {
      d->fault = "input contains invalid characters";
    } else {
      value = value * 10 + (d->s.p[d->at++] - '0');
    }
  }
  if (!d->fault && (value < low || value > high)) d->fault = "input is out of range";
  return value;
}

static void date_char(DateText *d, const char *any) {
  if (d->fault) return;
  if (d->at >= d->s.n) {
    d->fault = "premature end of input";
  } else if (!lex_one_of(d->s.p[d->at], any)) {
    d->fault = "input contains invalid characters";
  } else {
    d->at++;
  }
}

static void date_fraction(DateText *d) {
  if (d->fault || d->at >= d->s.n || d->s.p[d->at] != '.') return;
  uint32_t end = skip_digits(d->s, ++d->at);
  if (end == d->at) d->fault = end < d->s.n ? "input contains invalid characters" : "premature end of input";
  d->at = end;
}

static void date_offset(DateText *d) {
  if (!d->fault && d->at < d->s.n && lex_one_of(d->s.p[d->at], "zZ")) {
    d->at++;
    return;
  }
  date_char(d, "+-");
  date_number(d, 2, 0, 23);
  date_char(d, ":");
  date_number(d, 2, 0, 59);
}

static const char *datetime_fault(Slice s) {
  static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  DateText d = {s, 0, NULL};
  if (s.n < 10) { /* shorter than a date: nothing in it is looked at, except that it is not one */
    for (uint32_t i = 0; i < s.n && i < 4; i++)
      if (!is_digit(s.p[i])) return s.n < 4 ? "premature end of input" : "input contains invalid characters";
    return "premature end of input";
  }
  int year = date_number(&d, 4, 0, 9999);
  date_char(&d, "-");
  int month = date_number(&d, 2, 1, 12);
  date_char(&d, "-");
  int day = date_number(&d, 2, 1, 31);
  date_char(&d, "Tt ");
  date_number(&d, 2, 0, 23);
  date_char(&d, ":");
  date_number(&d, 2, 0, 59);
  date_char(&d, ":");
  date_number(&d, 2, 0, 60);
  date_fraction(&d);
  date_offset(&d);
  if (d.fault) return d.fault;
  if (d.at < s.n) return "trailing input";
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day > days[month - 1] || (month == 2 && day == 29 && !leap) ? "input is out of range" : NULL;
}

/* --- JSON --- */

enum {
  DEEPEST_JSON = 127
};

typedef struct JsonText {
  Slice s;
  uint32_t at, depth;
  const char *fault;
} JsonText;

static bool json_fail(JsonText *j, const char *fault) {
  j->fault = fault;
  return false;
}

static char json_peek(JsonText *j) {
  while (j->at < j->s.n && lex_one_of(j->s.p[j->at], " \t\r\n")) j->at++;
  return j->at < j->s.n ? j->s.p[j->at] : '\0';
}

static bool json_word(JsonText *j, const char *word) {
  for (; *word; word++, j->at++) {
    if (j->at >= j->s.n) return json_fail(j, "EOF while parsing a value");
    if (j->s.p[j->at] != *word) {
      j->at++;
      return json_fail(j, "expected ident");
    }
  }
  return true;
}

static bool json_escape(JsonText *j) {
  if (j->at >= j->s.n) return json_fail(j, "EOF while parsing a string");
  char c = j->s.p[j->at++];
  if (c != 'u') return lex_one_of(c, "\"\\/bfnrt") || json_fail(j, "invalid escape");
  for (int i = 0; i < 4; i++, j->at++) {
    if (j->at >= j->s.n) return json_fail(j, "EOF while parsing a string");
    char h = j->s.p[j->at];
    if (!is_digit(h) && !(h >= 'a' && h <= 'f') && !(h >= 'A' && h <= 'F'))
      return json_fail(j, "invalid escape");
  }
  return true;
}

static bool json_text(JsonText *j) {
  for (j->at++; j->at < j->s.n;) {
    char c = j->s.p[j->at++];
    if (c == '"') return true;
    if ((unsigned char)c < 0x20)
      return json_fail(j, "control character (\\u0000-\\u001F) found while parsing a string");
    if (c == '\\' && !json_escape(j)) return false;
  }
  return json_fail(j, "EOF while parsing a string");
}

static bool json_digits(JsonText *j) {
  uint32_t end = skip_digits(j->s, j->at);
  if (end > j->at) {
    j->at = end;
    return true;
  }
  if (j->at >= j->s.n) return json_fail(j, "EOF while parsing a value");
  j->at++;
  return json_fail(j, "invalid number");
}

static bool json_number(JsonText *j) {
  if (j->s.p[j->at] == '-') j->at++;
  bool zero = j->at < j->s.n && j->s.p[j->at] == '0';
  if (zero && j->at + 1 < j->s.n && is_digit(j->s.p[j->at + 1])) {
    j->at += 2;
    return json_fail(j, "invalid number");
  }
  if (!json_digits(j)) return false;
  if (j->at < j->s.n && j->s.p[j->at] == '.' && (j->at++, !json_digits(j))) return false;
  if (j->at < j->s.n && (j->s.p[j->at] == 'e' || j->s.p[j->at] == 'E')) {
    j->at++;
    if (j->at < j->s.n && (j->s.p[j->at] == '+' || j->s.p[j->at] == '-')) j->at++;
    return json_digits(j);
  }
  return true;
}

static bool json_value(JsonText *j);

static bool json_member(JsonText *j) {
  if (json_peek(j) != '"') {
    if (j->at >= j->s.n) return json_fail(j, "EOF while parsing an object");
    j->at++;
    return json_fail(j, "key must be a string");
  }
  if (!json_text(j)) return false;
  if (json_peek(j) != ':') {
    if (j->at >= j->s.n) return json_fail(j, "EOF while parsing an object");
    j->at++;
    return json_fail(j, "expected `:`");
  }
  j->at++;
  return json_value(j);
}

/* [a, b] and {"a": b}: `item` reads one, `what` is its name in messages. */
static bool json_items(JsonText *j, char close, bool (*item)(JsonText *), bool object) {
  if (++j->depth > DEEPEST_JSON) return json_fail(j, "recursion limit exceeded");
  j->at++;
  if (json_peek(j) == close) {
    j->at++;
    j->depth--;
    return true;
  }
  for (;;) {
    if (json_peek(j) == '\0' && j->at >= j->s.n)
      return json_fail(j, object ? "EOF while parsing an object" : "EOF while parsing a list");
    if (!item(j)) return false;
    char c = json_peek(j);
    if (j->at >= j->s.n)
      return json_fail(j, object ? "EOF while parsing an object" : "EOF while parsing a list");
    j->at++;
    if (c == close) break;
    if (c != ',') return json_fail(j, object ? "expected `,` or `}`" : "expected `,` or `]`");
    if (json_peek(j) == close) {
      j->at++;
      return json_fail(j, "trailing comma");
    }
  }
  j->depth--;
  return true;
}

static bool json_value(JsonText *j) {
  char c = json_peek(j);
  if (j->at >= j->s.n) return json_fail(j, "EOF while parsing a value");
  switch (c) {
    case 'n': return json_word(j, "null");
    case 't': return json_word(j, "true");
    case 'f': return json_word(j, "false");
    case '"': return json_text(j);
    case '[': return json_items(j, ']', json_value, false);
    case '{': return json_items(j, '}', json_member, true);
    default:
      if (c == '-' || is_digit(c)) return json_number(j);
      j->at++;
      return json_fail(j, "expected value");
  }
}

static const char *json_fault(Arena *a, Slice s) {
  JsonText j = {s, 0, 0, NULL};
  if (json_value(&j)) {
    json_peek(&j);
    if (j.at >= s.n) return NULL;
    j.at++;
    j.fault = "trailing characters";
  }
  uint32_t line = 1, column = 0;
  for (uint32_t i = 0; i < j.at && i < s.n; i++) {
    column++;
    if (s.p[i] == '\n') line++, column = 0;
  }
  return slice_printf(a, "%s at line %u column %u", j.fault, line, column).p;
}

const char *literal_fault(Arena *a, ScalarType s, const Expr *e) {
  bool string = e->kind == EXPR_STRING;
  switch (s) {
    case SCALAR_INT:
    case SCALAR_BIGINT: return e->kind == EXPR_NUMBER ? integer_fault(e->text) : NULL;
    case SCALAR_DECIMAL: return string ? decimal_fault(e->text) : NULL;
    case SCALAR_DATETIME: return string ? datetime_fault(e->text) : NULL;
    case SCALAR_JSON: return string ? json_fault(a, e->text) : NULL;
    case SCALAR_BYTES:
      return string && !is_base64(e->text)
                 ? "Could not convert from `base64 encoded bytes` to `PrismaValue::Bytes`"
                 : NULL;
    default: return NULL;
  }
}
