/* Target: what the migrate commands work on. */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include "cli/project.h"
#include "migrate/history.h"

/* The project's schema, its migrations (the command has an option --migrations) and its database; with `make`
 * it is made when it does not exist. */
MUST bool target_open(Cli *c, UrlUse use, bool make, MigrationTarget *out, Err *e);
/* Apply what is pending, and name it on standard output, also when one fails. */
MUST bool target_deploy(Cli *c, const MigrationTarget *t, uint32_t *n, Err *e);
/* "  - line" each, on `to`. */
void target_list(FILE *to, const Slice *lines, uint32_t n);

/* The project's seeds, as after a reset; none are fine. Returns the exit status (cmd_seed.c). */
int seed_again(Cli *c);

#endif
