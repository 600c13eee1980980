#include "psl/lex.h"

#include "base/utf8.h"

/* The members of Unicode's category Zs beyond ASCII, as UTF-8. */
static const char *const wide_blanks[] = {
    "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005",
    "\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u202f", "\u205f", "\u3000",
};

static bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Where letters and digits of other scripts are not: punctuation, symbols, blanks, private characters. */
static const struct {
  uint32_t first, last;
} no_letters[] = {{0x80, 0xA9},       {0xAB, 0xB1},       {0xB4, 0xB4},     {0xB6, 0xB8},
                  {0xBB, 0xBB},       {0xBF, 0xBF},       {0xD7, 0xD7},     {0xF7, 0xF7},
                  {0x1680, 0x1680},   {0x2000, 0x206F},   {0x20A0, 0x20CF}, {0x2190, 0x245F},
                  {0x2500, 0x2BFF},   {0x2E00, 0x2E7F},   {0x3000, 0x3004}, {0x3008, 0x3020},
                  {0xD800, 0xF8FF},   {0xFE00, 0xFE6F},   {0xFEFF, 0xFF0F}, {0xFFE0, 0xFFFF},
                  {0x1F000, 0x1FAFF}, {0xE0000, 0x10FFFF}};

/* A letter or digit of any script, at `at`: how many bytes it has, 0 when it is none. */
static uint32_t letter(const Lexer *l) {
  uint32_t end = l->at;
  if (l->at >= l->text.n) return 0;
  if ((unsigned char)l->text.p[l->at] < 0x80) return is_alnum(l->text.p[l->at]);
  uint32_t code = utf8_next(l->text, &end);
  for (size_t i = 0; i < COUNT(no_letters); i++)
    if (code >= no_letters[i].first && code <= no_letters[i].last) return 0;
  return end - l->at;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* The character here, or NUL at the end: no rule matches a NUL, so it needs no test of its own. */
static char peek(const Lexer *l) { return l->at < l->text.n ? l->text.p[l->at] : '\0'; }

static Slice since(const Lexer *l, uint32_t start) { return (Slice){l->text.p + start, l->at - start}; }

Span lex_span(const Lexer *l, uint32_t start) { return (Span){l->file, start, l->at}; }

bool lex_end(const Lexer *l) { return l->at >= l->text.n; }

bool lex_ahead(const Lexer *l, const char *z) {
  size_t n = strlen(z);
  return l->text.n - l->at >= n && memcmp(l->text.p + l->at, z, n) == 0;
}

bool lex_text(Lexer *l, const char *z) {
  if (!lex_ahead(l, z)) return false;
  l->at += (uint32_t)strlen(z);
  return true;
}

bool lex_char(Lexer *l, char c) {
  if (lex_end(l) || peek(l) != c) return false;
  l->at++;
  return true;
}

static bool wide_blank(Lexer *l) {
  for (size_t i = 0; i < COUNT(wide_blanks); i++)
    if (lex_text(l, wide_blanks[i])) return true;
  return false;
}

void lex_blanks(Lexer *l) {
  for (;;) {
    char c = peek(l);
    if (c == ' ' || c == '\t') {
      l->at++;
    } else if (!((unsigned char)c >= 0x80 && wide_blank(l))) {
      return;
    }
  }
}

bool lex_newline(Lexer *l) { return lex_char(l, '\n') || lex_text(l, "\r\n") || lex_char(l, '\r'); }

bool lex_identifier(Lexer *l, Slice *word) {
  uint32_t start = l->at;
  uint32_t n = letter(l);
  if (!n) return false;
  while (n) {
    l->at += n;
    n = peek(l) == '_' || peek(l) == '-' ? 1 : letter(l);
  }
  *word = since(l, start);
  return true;
}

bool lex_path(Lexer *l, Slice *path) {
  uint32_t start = l->at;
  Slice part;
  if (!lex_identifier(l, &part)) return false;
  while (lex_char(l, '.'))
    if (!lex_identifier(l, &part)) continue; /* "a." and "a..b" are paths, nobody's, but they parse */
  *path = since(l, start);
  return true;
}

bool lex_number(Lexer *l, Slice *number) {
  uint32_t start = l->at;
  lex_char(l, '-');
  if (!is_digit(peek(l))) {
    l->at = start;
    return false;
  }
  while (is_digit(peek(l))) l->at++;
  if (peek(l) == '.' && l->at + 1 < l->text.n && is_digit(l->text.p[l->at + 1])) {
    l->at++;
    while (is_digit(peek(l))) l->at++;
  }
  *number = since(l, start);
  return true;
}

bool lex_string(Lexer *l, Slice *raw) {
  uint32_t start = l->at;
  if (!lex_char(l, '"')) return false;
  while (!lex_end(l) && (unsigned char)peek(l) >= 0x20 && peek(l) != '"') {
    if (peek(l) == '\\') l->at++; /* whatever follows belongs to the escape, line ends too */
    if (!lex_end(l)) l->at++;
  }
  *raw = (Slice){l->text.p + start + 1, l->at - start - 1};
  if (lex_char(l, '"')) return true;
  l->at = start;
  return false;
}

Slice lex_line(Lexer *l) {
  uint32_t start = l->at;
  while (!lex_end(l) && peek(l) != '\n' && peek(l) != '\r') l->at++;
  return since(l, start);
}

bool lex_line_comment(Lexer *l, Slice *text, bool *doc) {
  uint32_t start = l->at;
  lex_blanks(l);
  *doc = lex_text(l, "///");
  if (!*doc && !lex_text(l, "//")) {
    l->at = start;
    return false;
  }
  *text = lex_line(l);
  return true;
}

bool lex_block_comment(Lexer *l, Slice *text) {
  uint32_t start = l->at;
  if (!lex_text(l, "/*")) return false;
  const char *end = l->at < l->text.n ? memmem(l->text.p + l->at, l->text.n - l->at, "*/", 2) : NULL;
  if (!end) {
    l->at = start;
    return false;
  }
  *text = (Slice){l->text.p + l->at, (uint32_t)(end - l->text.p) - l->at};
  l->at = (uint32_t)(end - l->text.p) + 2;
  return true;
}
