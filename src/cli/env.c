#include "cli/env.h"

#include <ctype.h>

#include "base/buf.h"
#include "base/vec.h"

enum {
  DEEPEST = 16 /* ${} within ${}: a loop ends there */
};

typedef struct EnvReader {
  Arena *arena;
  Slice text;
  uint32_t at;
  EnvVar *vars;
  uint32_t n;
  EnvLookup *lookup;
} EnvReader;

static int peek(const EnvReader *r) { return r->at < r->text.n ? (unsigned char)r->text.p[r->at] : 0; }
static bool is_end(int c) { return c == 0 || c == '\n' || c == '\r'; }
static bool is_blank(int c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f'; }
static bool is_name(int c) { return isalnum(c) || c == '_' || c == '.' || c == '-'; }

static void skip_blanks(EnvReader *r) {
  while (is_blank(peek(r))) r->at++;
}
static void skip_line(EnvReader *r) {
  while (r->at < r->text.n && !is_end(peek(r))) r->at++;
  if (r->at < r->text.n) r->at++;
}

static Slice take_name(EnvReader *r) {
  uint32_t from = r->at;
  while (is_name(peek(r))) r->at++;
  return (Slice){r->text.p + from, r->at - from};
}

/* "=" with blanks around it, or ":" with blanks behind it. */
static bool take_equals(EnvReader *r) {
  uint32_t blanks = r->at;
  skip_blanks(r);
  if (peek(r) == '=') {
    r->at++;
    return true;
  }
  r->at = blanks;
  if (peek(r) != ':') return false;
  r->at++;
  return is_blank(peek(r));
}

static Slice trimmed(Slice s) {
  while (s.n && isspace((unsigned char)s.p[0])) s.p++, s.n--;
  while (s.n && isspace((unsigned char)s.p[s.n - 1])) s.n--;
  return s;
}

/* From the quote at the reader to its twin, perhaps lines below; false when there is none. */
static bool take_quoted(EnvReader *r, Slice *inner) {
  char quote = r->text.p[r->at];
  for (uint32_t i = r->at + 1; i < r->text.n; i++) {
    if (r->text.p[i] == '\\' && i + 1 < r->text.n && r->text.p[i + 1] == quote) {
      i++;
    } else if (r->text.p[i] == quote) {
      *inner = (Slice){r->text.p + r->at + 1, i - r->at - 1};
      r->at = i + 1;
      return true;
    }
  }
  return false;
}

/* What a double-quoted value means by \n and \r; other backslashes stay. */
static Slice unescaped(Arena *a, Slice s) {
  Buf b = buf_in(a);
  for (uint32_t i = 0; i < s.n; i++) {
    char next = i + 1 < s.n && s.p[i] == '\\' ? s.p[i + 1] : 0;
    if (next == 'n' || next == 'r') {
      buf_byte(&b, next == 'n' ? '\n' : '\r');
      i++;
    } else {
      buf_byte(&b, s.p[i]);
    }
  }
  return buf_slice(&b);
}

static Slice take_value(EnvReader *r) {
  Slice value = {0};
  skip_blanks(r);
  int quote = peek(r);
  if (quote == '"' || quote == '\'' || quote == '`') {
    if (take_quoted(r, &value)) return quote == '"' ? unescaped(r->arena, value) : value;
  }
  uint32_t from = r->at;
  while (!is_end(peek(r)) && peek(r) != '#') r->at++;
  return trimmed((Slice){r->text.p + from, r->at - from});
}

static EnvVar *var_named(const EnvReader *r, Slice name) {
  for (uint32_t i = 0; i < r->n; i++)
    if (slice_eq(r->vars[i].name, name)) return &r->vars[i];
  return NULL;
}

static void take_line(EnvReader *r) {
  while (isspace(peek(r))) r->at++;
  uint32_t start = r->at;
  Slice name = take_name(r);
  if (slice_is(name, "export") && is_blank(peek(r))) {
    skip_blanks(r);
    Slice exported = take_name(r);
    if (exported.n) {
      name = exported;
    } else {
      r->at = start + name.n;
    }
  }
  if (name.n && take_equals(r)) {
    EnvVar var = {slice_copy(r->arena, name), take_value(r)}, *old = var_named(r, var.name);
    if (!old) old = VEC_PUSH(r->arena, r->vars, r->n);
    *old = var;
  }
  skip_line(r);
}

/* ---- ${NAME} ---- */

static Slice expand(EnvReader *r, Slice value, int depth);

static Slice value_of(EnvReader *r, Slice name, int depth) {
  const char *outside = r->lookup ? r->lookup(slice_copy(r->arena, name).p) : NULL;
  EnvVar *inside = var_named(r, name);
  if (outside) return slice_of(outside);
  return inside && depth < DEEPEST ? expand(r, inside->value, depth + 1) : (Slice){0};
}

/* The name in "${NAME}" at i, and the offset behind it; false when no such thing stands there. */
static bool reference_at(Slice s, uint32_t i, Slice *name, uint32_t *end) {
  if (i + 1 >= s.n || s.p[i] != '$' || s.p[i + 1] != '{') return false;
  uint32_t j = i + 2;
  while (j < s.n && (isalnum((unsigned char)s.p[j]) || s.p[j] == '_')) j++;
  *name = (Slice){s.p + i + 2, j - i - 2};
  *end = j + 1;
  return j < s.n && s.p[j] == '}';
}

static Slice expand(EnvReader *r, Slice value, int depth) {
  Buf b = buf_in(r->arena);
  Slice name;
  uint32_t end;
  for (uint32_t i = 0; i < value.n; i++) {
    if (value.p[i] == '\\' && reference_at(value, i + 1, &name, &end)) {
      buf_add(&b, value.p + i + 1, end - i - 1);
      i = end - 1;
    } else if (reference_at(value, i, &name, &end)) {
      buf_slice_add(&b, value_of(r, name, depth));
      i = end - 1;
    } else {
      buf_byte(&b, value.p[i]);
    }
  }
  return buf_slice(&b);
}

EnvVar *env_parse(Arena *a, Slice text, EnvLookup *lookup, uint32_t *n) {
  EnvReader r = {.arena = a, .text = text, .lookup = lookup};
  if (slice_starts(text, SLICE("\xEF\xBB\xBF"))) r.at = 3;
  while (r.at < text.n) take_line(&r);
  EnvVar *out = ARENA_ARRAY(a, EnvVar, r.n + 1);
  for (uint32_t i = 0; i < r.n; i++) out[i] = (EnvVar){r.vars[i].name, expand(&r, r.vars[i].value, 0)};
  *n = r.n;
  return out;
}
