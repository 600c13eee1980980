/* What lint finds, for people. */
#ifndef CLI_LINT_SHOW_H
#define CLI_LINT_SHOW_H

#include "cli/cli.h"
#include "migrate/lint.h"

typedef struct LintView {
  FILE *to;
  bool color;
  LintSeverity least;             /* only what is as severe, or more */
  bool mild;                      /* errors are shown as warnings */
  uint32_t count[LINT_ERROR + 1]; /* by severity, of all scripts so far */
} LintView;

/* Lint a script, and print what was found with its place, rule and the safe way. `path`: of the script. */
MUST bool lint_show(Cli *c, LintView *view, Slice path, Slice script, Err *e);

#endif
