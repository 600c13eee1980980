#include "pg/script.h"

#include <ctype.h>

/* Only what can hide a ';' is known here: quotes, dollar quotes, comments and brackets. */
typedef struct Script {
  Slice sql;
  uint32_t at;
} Script;

static char peek(const Script *s, uint32_t ahead) {
  return ahead < s->sql.n - s->at ? s->sql.p[s->at + ahead] : 0;
}
static bool at_end(const Script *s) { return s->at >= s->sql.n; }

/* '...' and "...": the quote doubled stands for itself; in E'...' a backslash hides the next character. */
static void skip_quoted(Script *s, bool escapes) {
  char quote = peek(s, 0);
  for (s->at++; !at_end(s); s->at++) {
    char c = peek(s, 0);
    if (c == '\\' && escapes) {
      s->at++;
    } else if (c == quote) {
      s->at++;
      if (peek(s, 0) != quote) return;
    }
  }
}

/* $tag$ ... $tag$; a '$' that opens none is skipped alone. */
static void skip_dollar(Script *s) {
  uint32_t n = 1;
  while (isalnum((unsigned char)peek(s, n)) || peek(s, n) == '_') n++;
  if (peek(s, n) != '$' || isdigit((unsigned char)peek(s, 1))) {
    s->at++;
    return;
  }
  Slice tag = {s->sql.p + s->at, n + 1};
  for (s->at += tag.n; !at_end(s); s->at++)
    if (slice_starts((Slice){s->sql.p + s->at, s->sql.n - s->at}, tag)) break;
  s->at = at_end(s) ? s->sql.n : s->at + tag.n;
}

static void skip_comment(Script *s) {
  uint32_t depth = 0;
  if (peek(s, 0) == '-') {
    while (!at_end(s) && peek(s, 0) != '\n') s->at++;
    return;
  }
  do {
    bool opens = peek(s, 0) == '/' && peek(s, 1) == '*', closes = peek(s, 0) == '*' && peek(s, 1) == '/';
    if (opens) depth++;
    if (closes) depth--;
    s->at += opens || closes ? 2 : 1;
  } while (depth && !at_end(s));
}

static bool starts_comment(const Script *s) {
  return (peek(s, 0) == '-' && peek(s, 1) == '-') || (peek(s, 0) == '/' && peek(s, 1) == '*');
}

static void skip_blank(Script *s) {
  while (!at_end(s)) {
    if (starts_comment(s))
      skip_comment(s);
    else if (isspace((unsigned char)peek(s, 0)) || peek(s, 0) == ';')
      s->at++;
    else
      return;
  }
}

static bool word_char(char c) { return isalnum((unsigned char)c) || c == '_' || (c & 0x80); }

/* To the ';' that ends the statement, or to the end. */
static void skip_statement(Script *s) {
  int depth = 0;
  while (!at_end(s) && (depth > 0 || peek(s, 0) != ';')) {
    char c = peek(s, 0), before = s->at ? s->sql.p[s->at - 1] : 0;
    char earlier = s->at > 1 ? s->sql.p[s->at - 2] : 0;
    if (starts_comment(s)) {
      skip_comment(s);
    } else if (c == '\'' || c == '"') {
      skip_quoted(s, c == '\'' && (before | 0x20) == 'e' && !word_char(earlier));
    } else if (c == '$' && !word_char(before)) {
      skip_dollar(s);
    } else {
      depth += (c == '(') - (c == ')');
      s->at++;
    }
  }
}

uint32_t script_statement(Slice sql, uint32_t k) {
  Script s = {sql, 0};
  for (skip_blank(&s); k > 0 && !at_end(&s); k--) {
    skip_statement(&s);
    skip_blank(&s);
  }
  return s.at;
}

uint32_t script_line(Slice sql, uint32_t offset) {
  uint32_t line = 1;
  for (uint32_t i = 0; i < offset && i < sql.n; i++) line += sql.p[i] == '\n';
  return line;
}

uint32_t script_offset(Slice sql, uint32_t characters) {
  uint32_t i = 0;
  for (; i < sql.n; i++)
    if (((unsigned char)sql.p[i] & 0xC0) != 0x80 && characters-- == 0) break;
  return i;
}
