/* The parts of lint; inside migrate only. */
#ifndef MIGRATE_LINT_PRIVATE_H
#define MIGRATE_LINT_PRIVATE_H

#include "base/arg.h"
#include "base/buf.h"
#include "base/map.h"
#include "migrate/lint.h"

/* What stands in a script between its blanks, as far as lint cares. */
typedef enum LintTokenKind {
  LINT_TOKEN_NAME, /* bare or quoted: with its quotes */
  LINT_TOKEN_COMMENT,
  LINT_TOKEN_OTHER /* a text, a dollar-quoted body, a single character */
} LintTokenKind;
typedef struct LintToken {
  LintTokenKind kind;
  uint32_t start, end;
} LintToken;
bool lint_token(Slice script, uint32_t *at, LintToken *out); /* false at the end */

typedef struct LintStatement {
  uint32_t start, end; /* without what stands before and behind it */
  const Arg *node;     /* what the one member of the statement's node holds */
  Slice kind;          /* "AlterTableStmt" */
  bool ignores_all, ignored[N_LINT_RULES];
} LintStatement;

typedef struct Lint {
  Arena *arena;
  Slice script;
  LintReport *report;
  LintStatement *statements;
  uint32_t n;
  LintStatement *now;
  bool ignores_all, ignored[N_LINT_RULES];    /* in the whole script */
  Map made;                                   /* tables of this script: what is done to them hurts nobody */
  Map unplaced;                               /* tables without a schema that were told of */
  bool lock_timeout, statement_timeout, path; /* set so far */
  bool timeouts_told, in_transaction;
  uint32_t began;   /* the statement that did */
  bool apart;       /* some statement must not be in a transaction */
  bool changes_ddl; /* a table was changed so far */
  Err *e;
  bool good;
} Lint;

/* What a rule says is about: a table (or another object), and a name within it. */
typedef struct LintPlace {
  uint32_t start; /* 0: the statement's own */
  Slice table, name;
} LintPlace;

void lint_add(Lint *l, LintRule rule, LintPlace p);
bool lint_is_made(const Lint *l, const Arg *range);           /* a RangeVar */
void lint_locks(Lint *l, const Arg *range);                   /* a table that others use is locked */
void lint_relation(Lint *l, const Arg *range);                /* a table is named */
uint32_t lint_find(const Lint *l, Slice name, uint32_t from); /* its place in the statement; 0: nowhere */
LintPlace lint_at(const Lint *l, const Arg *range, Slice name, int64_t location);
void lint_fragile(Lint *l, LintPlace p); /* a statement that fails when it runs again */

/* The tree */
const Arg *lint_member(const Arg *map, const char *key);                  /* NULL: none */
const Arg *lint_inner(const Arg *map, const char *key, const char *kind); /* map.key.kind */
Slice lint_string(const Arg *map, const char *key);                       /* empty: none */
bool lint_flag(const Arg *map, const char *key);
bool lint_is(const Arg *map, const char *key, const char *text);
uint32_t lint_count(const Arg *map, const char *key);              /* of a list */
const Arg *lint_item(const Arg *map, const char *key, uint32_t i); /* its node, whatever kind it is */
Slice lint_last_name(const Arg *map, const char *key);             /* of a list of names */

bool lint_read(Lint *l); /* the statements; false: they don't parse, and l->e says why */

/* Kinds of statements */
void lint_alter_table(Lint *l, const Arg *node);
void lint_create_table(Lint *l, const Arg *node);
void lint_statement(Lint *l);                   /* dispatches; the rest of them */
bool lint_stands_apart(const LintStatement *s); /* it cannot be in a transaction */

#endif
