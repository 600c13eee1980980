/* Expressions and attributes. */
#include "base/number.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "psl/parse.h"

enum {
  DEEPEST = 128 /* nested expressions; anything deeper is not a line of a schema */
};

/* --- strings: JSON's --- */

/* \uXXXX at raw[at]. Returns how many bytes of it are as they should be: 6 when all are. */
static uint32_t code_unit(Slice raw, uint32_t at, uint32_t *unit) {
  if (raw.n - at < 4 || raw.p[at] != '\\' || raw.p[at + 1] != 'u') return 0;
  *unit = 0;
  for (uint32_t i = 2; i < 6; i++) {
    int digit = at + i < raw.n ? number_hex_digit(raw.p[at + i]) : -1;
    if (digit < 0) return i;
    *unit = *unit << 4 | (uint32_t)digit;
  }
  return 6;
}

static uint32_t bad_unicode(Parser *p, Span place, uint32_t at, uint32_t good, uint32_t length) {
  uint32_t start = place.start + 1 + at;
  uint32_t end = start + good < place.end - 1 ? start + good : place.end - 1;
  diag_error(p->d, (Span){place.file, start, end}, "Invalid unicode escape sequence.");
  return length;
}

/* One \u escape, or a pair of surrogates, into `out`. Returns the bytes taken from raw. */
static uint32_t unescape_unicode(Parser *p, Slice raw, uint32_t at, Span place, Buf *out) {
  uint32_t first = 0, second = 0;
  char utf8[4];
  uint32_t good = code_unit(raw, at, &first);
  if (good < 6) return bad_unicode(p, place, at, good < 2 ? 2 : good, good < 2 ? 2 : good);
  if (first < 0xD800 || first > 0xDFFF) {
    buf_add(out, utf8, utf8_put(first, utf8));
    return 6;
  }
  uint32_t good2 = raw.n - at > 6 ? code_unit(raw, at + 6, &second) : 0;
  if (good2 < 6) return bad_unicode(p, place, at, 6, 6);
  if (first > 0xDBFF || second < 0xDC00 || second > 0xDFFF) return bad_unicode(p, place, at, 12, 12);
  buf_add(out, utf8, utf8_put(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00), utf8));
  return 12;
}

/* raw[at] is a backslash; it is never the last byte. */
static uint32_t unescape_one(Parser *p, Slice raw, uint32_t at, Span place, Buf *out) {
  static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
  char c = raw.p[at + 1];
  if (c == 'u') return unescape_unicode(p, raw, at, place, out);
  const char *known = c ? strchr(names, c) : NULL;
  if (known) {
    buf_byte(out, bytes[known - names]);
    return 2;
  }
  uint32_t end = at + 1;
  utf8_next(raw, &end);
  diag_error(
      p->d, (Span){place.file, place.start + 1 + at, place.start + 1 + end},
      "Unknown escape sequence. If the value is a windows-style path, `\\` must be escaped as `\\\\`.");
  return end - at;
}

bool parse_string(Parser *p, Slice *unescaped) {
  uint32_t start = p->l.at;
  Slice raw;
  if (!lex_string(&p->l, &raw)) return false;
  if (!raw.n || !memchr(raw.p, '\\', raw.n)) {
    *unescaped = raw;
    return true;
  }
  Span place = lex_span(&p->l, start);
  Buf out = buf_in(p->arena);
  for (uint32_t at = 0; at < raw.n;) {
    if (raw.p[at] == '\\') {
      at += unescape_one(p, raw, at, place, &out);
    } else {
      buf_byte(&out, raw.p[at++]);
    }
  }
  *unescaped = buf_slice(&out);
  return true;
}

/* --- arguments --- */

/* identifier ":" */
static bool parse_argument_name(Parser *p, Argument *a) {
  uint32_t start = p->l.at;
  Slice name;
  if (!lex_identifier(&p->l, &name)) return false;
  Span span = lex_span(&p->l, start);
  lex_blanks(&p->l);
  if (lex_char(&p->l, ':')) {
    a->name = name;
    a->name_span = span;
    return true;
  }
  p->l.at = start;
  return false;
}

/* argument = identifier ":" expression | identifier ":" | expression */
static bool parse_argument(Parser *p, Arguments *args) {
  uint32_t start = p->l.at;
  Argument a = {.value = NULL};
  bool named = parse_argument_name(p, &a), outside = p->objects;
  uint32_t behind_name = p->l.at;
  lex_blanks(&p->l);
  p->objects |= slice_is(a.name, "where");
  if (!parse_expr(p, &a.value)) p->l.at = behind_name;
  p->objects = outside;
  if (!a.value && !named) return false;
  a.span = lex_span(&p->l, start);
  if (a.value) {
    *VEC_PUSH(p->arena, args->items, args->n) = a;
  } else {
    *VEC_PUSH(p->arena, args->empty, args->n_empty) = a;
  }
  return true;
}

/* arguments = "(" [argument {"," argument}] [","] ")" */
static bool parse_arguments(Parser *p, Arguments *args) {
  Mark m = parse_mark(p);
  *args = (Arguments){.given = true};
  if (!lex_char(&p->l, '(')) return false;
  lex_blanks(&p->l);
  for (bool more = parse_argument(p, args); more;) {
    lex_blanks(&p->l);
    uint32_t comma = p->l.at;
    if (!lex_char(&p->l, ',')) break;
    lex_blanks(&p->l);
    more = parse_argument(p, args);
    if (!more) args->trailing_comma = (Span){p->l.file, comma, comma + 1};
  }
  lex_blanks(&p->l);
  if (!args->n && !args->n_empty && lex_char(&p->l, ',')) args->trailing_comma = lex_span(&p->l, p->l.at - 1);
  lex_blanks(&p->l);
  return lex_char(&p->l, ')') || parse_back(p, m);
}

/* --- expressions --- */

/* call = path arguments */
static bool parse_call(Parser *p, Expr *e) {
  Mark m = parse_mark(p);
  if (!lex_path(&p->l, &e->text)) return false;
  lex_blanks(&p->l);
  if (!parse_arguments(p, &e->args)) {
    e->args = (Arguments){.given = false};
    return parse_back(p, m);
  }
  e->kind = EXPR_CALL;
  return true;
}

/* list = "[" [expression {"," expression}] "]" */
static bool parse_list(Parser *p, Expr *e) {
  Mark m = parse_mark(p);
  const Expr *item;
  if (!lex_char(&p->l, '[')) return false;
  lex_blanks(&p->l);
  if (parse_expr(p, &item)) {
    do {
      *VEC_PUSH(p->arena, e->items, e->n) = item;
      lex_blanks(&p->l);
      if (!lex_char(&p->l, ',')) break;
      lex_blanks(&p->l);
      if (!parse_expr(p, &item)) return parse_back(p, m);
    } while (true);
  }
  lex_blanks(&p->l);
  if (!lex_char(&p->l, ']')) return parse_back(p, m);
  e->kind = EXPR_LIST;
  return true;
}

/* object = "{" identifier ":" expression {"," identifier ":" expression} "}": in where: only */
static bool parse_object(Parser *p, Expr *e) {
  Mark m = parse_mark(p);
  if (!p->objects || !lex_char(&p->l, '{')) return false;
  do {
    lex_blanks(&p->l);
    if (!parse_argument(p, &e->args)) return parse_back(p, m);
    lex_blanks(&p->l);
  } while (lex_char(&p->l, ','));
  bool named = e->args.n_empty == 0;
  for (uint32_t i = 0; i < e->args.n; i++) named &= e->args.items[i].name.n > 0;
  if (!named || !lex_char(&p->l, '}')) return parse_back(p, m);
  e->kind = EXPR_OBJECT;
  return true;
}

static bool parse_leaf(Parser *p, Expr *e) {
  e->kind = EXPR_NUMBER;
  if (lex_number(&p->l, &e->text)) return true;
  e->kind = EXPR_STRING;
  if (parse_string(p, &e->text)) return true;
  e->kind = EXPR_CONSTANT;
  return lex_path(&p->l, &e->text);
}

/* expression = call | list | object | number | string | path */
bool parse_expr(Parser *p, const Expr **out) {
  uint32_t start = p->l.at;
  Expr e = {.n = 0};
  if (p->depth >= DEEPEST) return false;
  p->depth++;
  bool matched = parse_call(p, &e) || parse_list(p, &e) || parse_object(p, &e) || parse_leaf(p, &e);
  p->depth--;
  if (!matched) return false;
  e.span = lex_span(&p->l, start);
  *out = arena_copy(p->arena, &e, sizeof e);
  return true;
}

/* attribute = ("@" | "@@") path [arguments] */
bool parse_attribute(Parser *p, const char *sign, Attribute *a) {
  Mark m = parse_mark(p);
  uint32_t start = p->l.at;
  *a = (Attribute){.name = {NULL, 0}};
  if (!lex_text(&p->l, sign)) return false;
  lex_blanks(&p->l);
  uint32_t name_start = p->l.at;
  if (!lex_path(&p->l, &a->name)) return parse_back(p, m);
  a->name_span = lex_span(&p->l, name_start);
  uint32_t name_end = p->l.at;
  lex_blanks(&p->l);
  if (!parse_arguments(p, &a->args)) {
    a->args = (Arguments){.given = false};
    p->l.at = name_end;
  }
  a->span = lex_span(&p->l, start);
  return true;
}
