/* Text to tree. Nothing here fails: what is no valid line gets its diagnostic and is left out, the rest
 * is parsed as if it were not there. */
#ifndef PSL_PARSE_H
#define PSL_PARSE_H

#include "psl/ast.h"
#include "psl/lex.h"

typedef struct Parser { /* shared by parse.c and parse_expr.c */
  Lexer l;
  Arena *arena;
  Diags *d;
  uint32_t depth;         /* of nested expressions */
  bool objects;           /* {…} is an expression here: in the value of where: */
  uint32_t unclosed_from; /* no block that opens at or behind this offset finds its end */
} Parser;

typedef struct Mark { /* where to go back to when a rule does not match after all */
  uint32_t at, n_diags, n_errors;
} Mark;

static inline Mark parse_mark(const Parser *p) { return (Mark){p->l.at, p->d->n, p->d->n_errors}; }

/* Forget what was said since the mark. */
static inline void parse_unsay(Parser *p, Mark m) {
  p->d->n = m.n_diags;
  p->d->n_errors = m.n_errors;
}

/* Forget it and be where the mark is. Always false, so that rules can `return parse_back(p, m)`. */
static inline bool parse_back(Parser *p, Mark m) {
  p->l.at = m.at;
  parse_unsay(p, m);
  return false;
}

/* Append the blocks of sources[file] to `ast`. Call it in the arena's protection. */
void parse_source(Arena *a, const Source *source, uint32_t file, Ast *ast, Diags *d);

/* Parts of the grammar, each as in lex.h: matches, or leaves the position (and the diagnostics) alone. */
bool parse_expr(Parser *p, const Expr **e);
bool parse_attribute(Parser *p, const char *mark, Attribute *a); /* mark: "@" or "@@" */
bool parse_string(Parser *p, Slice *unescaped);

#endif
