/* Lint: what a script of SQL does to a database that others use, found in its parse tree (PostgreSQL's own
 * parser). It looks at the script alone: a table that the script makes itself may be changed at will.
 *
 * A comment "-- lorm-ignore RULE, RULE" in front of a statement, within it or behind it on its last line
 * leaves out these rules for it; "-- lorm-ignore-file RULE" for the whole script; without a name, all of
 * them. */
#ifndef MIGRATE_LINT_H
#define MIGRATE_LINT_H

#include "base/err.h"

typedef enum LintSeverity {
  LINT_ADVICE,
  LINT_WARNING,
  LINT_ERROR
} LintSeverity;

typedef enum LintRule {
#define RULE(id, name, severity, message, rewrite) LINT_##id,
#include "migrate/lint_rules.def"
#undef RULE
  N_LINT_RULES
} LintRule;

typedef struct LintFinding {
  LintRule rule;
  uint32_t start, end; /* bytes in the script */
  Slice message;
  Slice rewrite; /* one or more lines; may be empty */
} LintFinding;

typedef struct LintReport {
  LintFinding *items; /* in the order of their places */
  uint32_t n;
  uint32_t count[LINT_ERROR + 1]; /* by severity */
} LintReport;

const char *lint_name(LintRule r);
LintSeverity lint_severity(LintRule r);
const char *lint_severity_name(LintSeverity s); /* "error" */

/* What there is to say of a script; a script that does not parse is a finding, too. Results in the arena. */
MUST bool lint_script(Arena *a, Slice script, LintReport *out, Err *e);
/* Statements of a script that do something else than make and change what a diff knows, and so are not undone
 * by one: the 1-based lines on which they begin. False with an error when the script does not parse. */
MUST bool lint_beyond_diff(Arena *a, Slice script, uint32_t **lines, uint32_t *n, Err *e);

#endif
