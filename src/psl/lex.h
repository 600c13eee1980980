/* The characters of a schema file. The grammar is one of lines, and what a word is depends on where it
 * stands ("model" may be a field), so there is no token stream: the parser asks for what it expects and
 * the lexer answers whether it is there. Every function either matches and moves on, or returns false
 * and leaves the position alone. */
#ifndef PSL_LEX_H
#define PSL_LEX_H

#include "base/source.h"

typedef struct Lexer {
  Slice text;
  uint32_t at;   /* byte offset of the next character */
  uint32_t file; /* for spans */
} Lexer;

/* Whether `c` is one of these characters; a NUL is none. */
static inline bool lex_one_of(char c, const char *any) { return c && strchr(any, c); }

Span lex_span(const Lexer *l, uint32_t start); /* from `start` to here */
bool lex_end(const Lexer *l);
void lex_blanks(Lexer *l);  /* spaces and tabs, the wide ones of Unicode too; none is fine */
bool lex_newline(Lexer *l); /* \n, \r\n or \r */
bool lex_char(Lexer *l, char c);
bool lex_text(Lexer *l, const char *z); /* no word border is asked for behind it: "modelA" is model A */
bool lex_ahead(const Lexer *l, const char *z);
bool lex_identifier(Lexer *l, Slice *word); /* letter or digit, then letters, digits, _ and - */
bool lex_path(Lexer *l, Slice *path);       /* identifiers with dots between them */
bool lex_number(Lexer *l, Slice *number);   /* -1.5 */
bool lex_string(Lexer *l, Slice *raw);      /* "…": what stands between the quotes, escapes as written */
Slice lex_line(Lexer *l);                   /* to the end of the line, which is not taken */
bool lex_line_comment(Lexer *l, Slice *text, bool *doc); /* blanks, // or ///, what follows */
bool lex_block_comment(Lexer *l, Slice *text);           /* what stands between the marks */

#endif
