/* Defaults as PostgreSQL prints them: literals with casts, now(), nextval('...'), ARRAY[...]; all else is an
 * expression that nobody looks into.
 *
 *   default := item casts | '(' default ')' casts | ARRAY '[' item casts ,... ']' casts
 *   item    := string | number | word
 *   casts   := { '::' type }                                                                          */
#include <ctype.h>
#include <strings.h>

#include "base/utf8.h"
#include "base/vec.h"
#include "migrate/introspect.h"

typedef struct Reader {
  Arena *arena;
  Slice s;
  uint32_t at;
} Reader;

static char peek(Reader *r) {
  while (r->at < r->s.n && isspace((unsigned char)r->s.p[r->at])) r->at++;
  return r->at < r->s.n ? r->s.p[r->at] : 0;
}
static bool at_end(Reader *r) { return peek(r) == 0 && r->at >= r->s.n; }

static bool take(Reader *r, char c) {
  if (peek(r) != c) return false;
  r->at++;
  return true;
}

static bool word_char(char c) { return isalnum((unsigned char)c) || c == '_' || (c & 0x80); }

static Slice take_word(Reader *r) {
  peek(r);
  uint32_t start = r->at;
  while (r->at < r->s.n && word_char(r->s.p[r->at])) r->at++;
  return (Slice){r->s.p + start, r->at - start};
}

static bool is_word(Slice s, const char *word) {
  return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

/* After the backslash of E'...'; moves `at` over what belongs to it. */
static void put_escape(Reader *r, Buf *b) {
  static const char letters[] = "bfnrt", values[] = "\b\f\n\r\t";
  char c = r->s.p[r->at++];
  const char *at = strchr(letters, c);
  buf_byte(b, c && at ? values[at - letters] : c);
}

/* '...' or E'...'. False: it is none, or has no end. */
static bool take_string(Reader *r, Slice *out) {
  Buf b = buf_in(r->arena);
  bool escapes = (peek(r) == 'E' || peek(r) == 'e') && r->at + 1 < r->s.n && r->s.p[r->at + 1] == '\'';
  r->at += escapes;
  if (!take(r, '\'')) return false;
  while (r->at < r->s.n) {
    char c = r->s.p[r->at++];
    if (c == '\\' && escapes && r->at < r->s.n) {
      put_escape(r, &b);
    } else if (c == '\'' && (r->at >= r->s.n || r->s.p[r->at] != '\'')) {
      *out = buf_slice(&b);
      return true;
    } else {
      r->at += c == '\'';
      buf_byte(&b, c);
    }
  }
  return false;
}

/* "..." with the doubled quote for one. */
static Slice take_quoted(Reader *r) {
  Buf b = buf_in(r->arena);
  take(r, '"');
  while (r->at < r->s.n) {
    char c = r->s.p[r->at++];
    if (c == '"' && (r->at >= r->s.n || r->s.p[r->at] != '"')) break;
    r->at += c == '"';
    buf_byte(&b, c);
  }
  return buf_slice(&b);
}

static Slice take_name(Reader *r) { return peek(r) == '"' ? take_quoted(r) : take_word(r); }

static void skip_brackets(Reader *r, char open, char close) {
  while (take(r, open)) {
    while (r->at < r->s.n && r->s.p[r->at] != close) r->at++;
    take(r, close);
  }
}

/* A word that goes on with a type's name: "double precision", "timestamp(3) without time zone". */
static bool take_type_word(Reader *r) {
  static const char *const words[] = {"varying", "precision", "with", "without", "time", "zone"};
  uint32_t start = r->at;
  Slice word = take_word(r);
  for (size_t i = 0; i < COUNT(words); i++)
    if (is_word(word, words[i])) return true;
  r->at = start;
  return false;
}

/* "::schema.type(3)[]", any number of them */
static void skip_casts(Reader *r) {
  while (peek(r) == ':' && r->at + 1 < r->s.n && r->s.p[r->at + 1] == ':') {
    r->at += 2;
    do take_name(r);
    while (take(r, '.'));
    do skip_brackets(r, '(', ')');
    while (take_type_word(r));
    skip_brackets(r, '[', ']');
  }
}

static bool take_number(Reader *r, Slice *out) {
  peek(r);
  uint32_t start = r->at;
  if (r->at < r->s.n && r->s.p[r->at] == '-') r->at++;
  uint32_t digits = r->at;
  while (r->at < r->s.n && (isdigit((unsigned char)r->s.p[r->at]) || r->s.p[r->at] == '.')) r->at++;
  *out = (Slice){r->s.p + start, r->at - start};
  return r->at > digits;
}

/* A literal with its casts, perhaps in brackets. */
static bool take_item(Reader *r, Slice *out) {
  uint32_t start = r->at;
  bool good = false;
  if (take(r, '(')) {
    good = take_item(r, out) && take(r, ')');
  } else if (peek(r) == '-' || isdigit((unsigned char)peek(r))) {
    good = take_number(r, out);
  } else if (take_string(r, out)) {
    good = true;
  } else if (word_char(peek(r))) {
    *out = take_word(r);
    good = is_word(*out, "true") || is_word(*out, "false");
  }
  if (good)
    skip_casts(r);
  else
    r->at = start;
  return good;
}

/* --- lists --- */

/* One element of '{a,"b c",NULL}', up to the comma or bracket that ends it. */
static Slice take_element(Reader *r) {
  Buf b = buf_in(r->arena);
  bool quoted = false;
  for (; r->at < r->s.n; r->at++) {
    char c = r->s.p[r->at];
    if (!quoted && (c == ',' || c == '}')) break;
    if (c == '"')
      quoted = !quoted;
    else if (c == '\\' && r->at + 1 < r->s.n)
      buf_byte(&b, r->s.p[++r->at]);
    else
      buf_byte(&b, c);
  }
  return buf_slice(&b);
}

/* In an array's text booleans are single letters. */
static void spell_booleans(ColumnDefault *d) {
  for (uint32_t i = 0; i < d->n_items; i++) {
    if (is_word(d->items[i], "t")) d->items[i] = SLICE("true");
    if (is_word(d->items[i], "f")) d->items[i] = SLICE("false");
  }
}

static bool read_braces(Arena *a, Slice text, ColumnDefault *out) {
  Reader r = {a, text, 0};
  if (!take(&r, '{')) return false;
  if (take(&r, '}')) return at_end(&r);
  do *VEC_PUSH(a, out->items, out->n_items) = take_element(&r);
  while (take(&r, ','));
  return take(&r, '}') && at_end(&r);
}

static bool read_array(Reader *r, ColumnDefault *out) {
  if (!is_word(take_word(r), "array") || !take(r, '[')) return false;
  while (!take(r, ']')) {
    Slice item;
    if (!take_item(r, &item)) return false;
    *VEC_PUSH(r->arena, out->items, out->n_items) = item;
    if (!take(r, ',') && peek(r) != ']') return false;
  }
  skip_casts(r);
  return true;
}

static bool read_list(Reader *r, ColumnDefault *out) {
  Slice text;
  uint32_t start = r->at;
  out->form = FORM_LIST;
  if (take_string(r, &text)) {
    skip_casts(r);
    return at_end(r) && read_braces(r->arena, text, out);
  }
  if (take(r, '(') && read_array(r, out) && take(r, ')')) {
    skip_casts(r);
    return at_end(r);
  }
  r->at = start;
  out->n_items = 0;
  return read_array(r, out) && at_end(r);
}

/* --- scalars --- */

/* nextval('"Schema".name'::regclass) */
static bool read_nextval(Reader *r, ColumnDefault *out) {
  Slice text;
  if (!is_word(take_word(r), "nextval") || !take(r, '(')) return false;
  bool inner = take(r, '(');
  if (!take_string(r, &text)) return false;
  skip_casts(r);
  if (inner && !take(r, ')')) return false;
  skip_casts(r);
  if (!take(r, ')')) return false;
  skip_casts(r);
  Reader name = {r->arena, text, 0};
  out->form = FORM_SEQUENCE;
  do out->text = take_name(&name);
  while (take(&name, '.'));
  return at_end(r);
}

static bool read_now(Reader *r, ColumnDefault *out) {
  Slice word = take_word(r);
  bool now = is_word(word, "now"), current = is_word(word, "current_timestamp");
  if (!now && !current) return false;
  if (take(r, '(') && !take(r, ')')) return false;
  skip_casts(r);
  out->form = FORM_NOW;
  return at_end(r);
}

static bool is_datetime(const ColumnType *t) {
  return t->native != NATIVE_COUNT && native_scalar(t->native) == SCALAR_DATETIME;
}
static bool is_integer(const ColumnType *t) {
  return t->native == NATIVE_SmallInt || t->native == NATIVE_Integer || t->native == NATIVE_BigInt;
}

static bool read_value(Reader *r, ColumnDefault *out) {
  out->form = FORM_VALUE;
  return take_item(r, &out->text) && at_end(r);
}

ColumnDefault introspect_default(Arena *a, Slice expression, const ColumnType *type, bool list) {
  Reader r = {a, expression, 0};
  ColumnDefault out = {.raw = expression};
  bool unknown = type->native == NATIVE_COUNT && !type->enum_;
  if (is_word(take_word(&r), "null")) return (ColumnDefault){.form = FORM_NONE};
  r.at = 0;
  if (unknown) {
  } else if (list) {
    if (read_list(&r, &out)) {
      if (type->native == NATIVE_Boolean) spell_booleans(&out);
      return out;
    }
  } else if (is_datetime(type)) {
    if (read_now(&r, &out)) return out;
  } else {
    if (is_integer(type) && read_nextval(&r, &out)) return out;
    r.at = 0;
    if (read_value(&r, &out)) return out;
  }
  return (ColumnDefault){.form = FORM_EXPRESSION, .text = expression, .raw = expression};
}

/* --- comparing --- */

static void part_words(Buf *b) {
  if (b->n && word_char(b->p[b->n - 1])) buf_byte(b, ' ');
}

static void put_plain(Reader *r, Buf *b) {
  Slice text;
  char c = peek(r);
  if (c == '\'' || ((c == 'E' || c == 'e') && r->at + 1 < r->s.n && r->s.p[r->at + 1] == '\'')) {
    buf_byte(b, '\'');
    if (take_string(r, &text)) buf_slice_add(b, text);
    buf_byte(b, '\'');
  } else if (c == '"') {
    part_words(b);
    buf_slice_add(b, take_quoted(r));
  } else if (word_char(c)) {
    part_words(b);
    text = take_word(r);
    for (uint32_t i = 0; i < text.n; i++) buf_byte(b, (char)tolower((unsigned char)text.p[i]));
  } else {
    if (c != '(' && c != ')') buf_byte(b, c);
    r->at++;
  }
}

static Slice plain(Arena *a, Slice s) {
  Reader r = {a, s, 0};
  Buf b = buf_in(a);
  while (!at_end(&r)) {
    skip_casts(&r);
    if (!at_end(&r)) put_plain(&r, &b);
  }
  return buf_slice(&b);
}

bool introspect_same(Arena *a, Slice left, Slice right) {
  return slice_eq(left, right) || slice_eq(plain(a, left), plain(a, right));
}
