/* What lint asks a parse tree, and how it sees the text that the tree came from. */
#include <ctype.h>

#include "migrate/lint_private.h"

const Arg *lint_member(const Arg *map, const char *key) { return map ? arg_get(map, slice_of(key)) : NULL; }

const Arg *lint_inner(const Arg *map, const char *key, const char *kind) {
  return lint_member(lint_member(map, key), kind);
}

Slice lint_string(const Arg *map, const char *key) {
  const Arg *s = lint_member(map, key);
  return s && s->kind == ARG_STRING ? arg_text(s) : SLICE("");
}

bool lint_flag(const Arg *map, const char *key) {
  const Arg *b = lint_member(map, key);
  return b && b->kind == ARG_BOOL && b->u.i;
}

bool lint_is(const Arg *map, const char *key, const char *text) {
  return slice_is(lint_string(map, key), text);
}

uint32_t lint_count(const Arg *map, const char *key) {
  const Arg *list = lint_member(map, key);
  return list && list->kind == ARG_LIST ? list->n : 0;
}

const Arg *lint_item(const Arg *map, const char *key, uint32_t i) {
  if (i >= lint_count(map, key)) return NULL;
  const Arg *wrapped = &lint_member(map, key)->u.items[i];
  return wrapped->kind == ARG_MAP && wrapped->n == 1 ? &wrapped->u.pairs[0].value : NULL;
}

Slice lint_last_name(const Arg *map, const char *key) {
  uint32_t n = lint_count(map, key);
  return n ? lint_string(lint_item(map, key, n - 1), "sval") : SLICE("");
}

/* --- the text --- */

static bool starts_name(unsigned char c) { return isalpha(c) || c == '_' || c >= 0x80; }
static bool continues_name(unsigned char c) { return starts_name(c) || isdigit(c) || c == '$'; }

/* Behind the next `end` from `at` on, or the end of the script. */
static uint32_t behind(Slice s, uint32_t at, Slice end) {
  const char *found = at < s.n ? memmem(s.p + at, s.n - at, end.p, end.n) : NULL;
  return found ? (uint32_t)(found - s.p) + end.n : s.n;
}

static uint32_t behind_comment(Slice s, uint32_t at) {
  uint32_t depth = 0;
  while (at + 1 < s.n) {
    bool opens = s.p[at] == '/' && s.p[at + 1] == '*', closes = s.p[at] == '*' && s.p[at + 1] == '/';
    at += opens || closes ? 2 : 1;
    depth += opens;
    if (closes && --depth == 0) return at;
  }
  return s.n;
}

/* $tag$ ... $tag$ */
static uint32_t behind_dollars(Slice s, uint32_t at) {
  uint32_t end = at + 1;
  while (end < s.n && continues_name((unsigned char)s.p[end]) && s.p[end] != '$') end++;
  if (end >= s.n || s.p[end] != '$') return at + 1;
  Slice tag = {s.p + at, end + 1 - at};
  return behind(s, end + 1, tag);
}

bool lint_token(Slice s, uint32_t *at, LintToken *out) {
  while (*at < s.n && isspace((unsigned char)s.p[*at])) ++*at;
  if (*at >= s.n) return false;
  Slice rest = {s.p + *at, s.n - *at};
  unsigned char c = (unsigned char)rest.p[0];
  *out = (LintToken){LINT_TOKEN_OTHER, *at, *at + 1};
  if (slice_starts(rest, SLICE("--")) || slice_starts(rest, SLICE("/*"))) {
    out->kind = LINT_TOKEN_COMMENT;
    out->end = c == '-' ? behind(s, *at, SLICE("\n")) : behind_comment(s, *at);
  } else if (c == '\'') {
    out->end = behind(s, *at + 1, SLICE("'"));
  } else if (c == '"') {
    out->kind = LINT_TOKEN_NAME;
    out->end = behind(s, *at + 1, SLICE("\""));
  } else if (c == '$') {
    out->end = behind_dollars(s, *at);
  } else if (starts_name(c)) {
    out->kind = LINT_TOKEN_NAME;
    while (out->end < s.n && continues_name((unsigned char)s.p[out->end])) out->end++;
  }
  *at = out->end;
  return true;
}

/* Does the token say this name? Bare ones do in any case of their letters. */
static bool says(Slice token, Slice name) {
  bool quoted = token.n >= 2 && token.p[0] == '"';
  if (quoted) return slice_eq((Slice){token.p + 1, token.n - 2}, name);
  if (token.n != name.n) return false;
  for (uint32_t i = 0; i < name.n; i++)
    if (tolower((unsigned char)token.p[i]) != name.p[i]) return false;
  return true;
}

uint32_t lint_find(const Lint *l, Slice name, uint32_t from) {
  uint32_t at = from > l->now->start ? from : l->now->start;
  Slice text = {l->script.p, l->now->end};
  LintToken t;
  while (name.n && lint_token(text, &at, &t))
    if (t.kind == LINT_TOKEN_NAME && says((Slice){text.p + t.start, t.end - t.start}, name)) return t.start;
  return 0;
}
