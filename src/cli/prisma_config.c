#include "cli/prisma_config.h"

#include <ctype.h>

#include "base/buf.h"
#include "base/json.h"

/* ---- package.json ---- */

static Slice json_text(Arena *a, const JsonToken *t) {
  char *out = arena_alloc(a, t->text.n + 1);
  uint32_t n = json_unescape(t->text, out);
  out[n] = 0;
  return (Slice){out, n};
}

Slice package_schema(Arena *a, Slice text) {
  JsonReader r = json_reader(text);
  JsonToken t;
  Slice schema = {0};
  bool in_prisma = false; /* between "prisma": { and its } */
  while (json_next(&r, &t)) {
    if (t.kind == JSON_OBJECT_END && r.depth == 1) in_prisma = false;
    if (t.kind != JSON_KEY) continue;
    bool schema_next = in_prisma && r.depth == 2 && slice_is(t.text, "schema");
    if (r.depth == 1) in_prisma = slice_is(t.text, "prisma");
    if (!schema_next) continue;
    if (json_next(&r, &t) && t.kind == JSON_STRING) schema = json_text(a, &t);
  }
  return schema;
}

/* ---- prisma.config.ts ---- */

typedef enum TokenKind {
  TOKEN_END,
  TOKEN_NAME,
  TOKEN_STRING,
  TOKEN_OTHER /* one character */
} TokenKind;

typedef struct Token {
  TokenKind kind;
  Slice text;
} Token;

typedef struct Scanner {
  Arena *arena;
  Slice text;
  uint32_t at;
  Token now, next;
} Scanner;

static bool is_word(char c) { return isalnum((unsigned char)c) || c == '_' || c == '$'; }

static void skip_until(Scanner *s, const char *end) {
  while (s->at < s->text.n && !slice_starts((Slice){s->text.p + s->at, s->text.n - s->at}, slice_of(end)))
    s->at++;
}

static void skip_blanks(Scanner *s) {
  for (; s->at < s->text.n; s->at++) {
    Slice rest = {s->text.p + s->at, s->text.n - s->at};
    if (slice_starts(rest, SLICE("//"))) {
      skip_until(s, "\n");
    } else if (slice_starts(rest, SLICE("/*"))) {
      skip_until(s, "*/");
      s->at++;
    } else if (!isspace((unsigned char)rest.p[0])) {
      return;
    }
  }
}

/* A template with ${} in it is computed: a token that nobody reads. */
static Token scan_string(Scanner *s, char quote) {
  Buf b = buf_in(s->arena);
  bool computed = false;
  for (s->at++; s->at < s->text.n && s->text.p[s->at] != quote; s->at++) {
    if (s->text.p[s->at] == '\\' && s->at + 1 < s->text.n) s->at++;
    computed |= quote == '`' && s->text.p[s->at] == '$';
    buf_byte(&b, s->text.p[s->at]);
  }
  s->at++;
  return (Token){computed ? TOKEN_OTHER : TOKEN_STRING, buf_slice(&b)};
}

static Token scan(Scanner *s) {
  skip_blanks(s);
  if (s->at >= s->text.n) return (Token){TOKEN_END, {0}};
  uint32_t from = s->at;
  char c = s->text.p[from];
  if (c == '"' || c == '\'' || c == '`') return scan_string(s, c);
  while (s->at < s->text.n && is_word(s->text.p[s->at])) s->at++;
  if (s->at > from) return (Token){TOKEN_NAME, {s->text.p + from, s->at - from}};
  s->at++;
  return (Token){TOKEN_OTHER, {s->text.p + from, 1}};
}

static void advance(Scanner *s) {
  s->now = s->next;
  s->next = scan(s);
}

static bool is_other(Token t, char c) { return t.kind == TOKEN_OTHER && t.text.n == 1 && t.text.p[0] == c; }

/* The X of env("X"), process.env.X, process.env["X"], perhaps with ! or ?? "..." behind; empty otherwise. */
static Slice scan_env(Scanner *s) {
  bool process = slice_is(s->now.text, "process");
  if (process && is_other(s->next, '.')) {
    advance(s);
    advance(s);
  }
  if (!slice_is(s->now.text, "env")) return (Slice){0};
  bool open = is_other(s->next, process ? '[' : '('), dot = process && is_other(s->next, '.');
  if (!open && !dot) return (Slice){0};
  advance(s);
  advance(s);
  return s->now.kind == (dot ? TOKEN_NAME : TOKEN_STRING) ? slice_copy(s->arena, s->now.text) : (Slice){0};
}

static void take_setting(Scanner *s, PrismaConfig *out, Slice group, Slice key) {
  Slice *to = NULL;
  if (!group.n && slice_is(key, "schema")) to = &out->schema;
  if (slice_is(group, "migrations") && slice_is(key, "path")) to = &out->migrations;
  if (slice_is(group, "datasource") && slice_is(key, "url")) to = &out->url;
  if (!to) return;
  if (s->now.kind == TOKEN_STRING && (is_other(s->next, ',') || is_other(s->next, '}'))) *to = s->now.text;
  if (s->now.kind == TOKEN_NAME && to == &out->url) out->url_env = scan_env(s);
}

/* Walks the braces; the object that `export default` (or defineConfig) opens is depth 1. */
PrismaConfig prisma_config_read(Arena *a, Slice text) {
  Scanner s = {.arena = a, .text = text};
  PrismaConfig out = {0};
  Slice group = {0};
  bool inside = false; /* behind export default */
  int depth = 0;
  s.next = scan(&s);
  for (advance(&s); s.now.kind != TOKEN_END; advance(&s)) {
    inside |= s.now.kind == TOKEN_NAME && slice_is(s.now.text, "default");
    if (!inside) continue;
    depth += is_other(s.now, '{') - is_other(s.now, '}');
    if (depth == 1 && is_other(s.now, '}')) group = (Slice){0};
    bool is_key = (s.now.kind == TOKEN_NAME || s.now.kind == TOKEN_STRING) && is_other(s.next, ':');
    if (!is_key || depth < 1 || depth > 2) continue;
    Slice key = s.now.text;
    advance(&s);
    advance(&s);
    if (depth == 1 && is_other(s.now, '{')) group = key;
    take_setting(&s, &out, depth == 2 ? group : (Slice){0}, key);
    depth += is_other(s.now, '{') - is_other(s.now, '}');
  }
  return out;
}
