/* Cli: one invocation. What was asked for, where answers go, how errors look.
 *
 *   cli_parse fills it; a command reads operands and options, finds its project (project.h), prints results
 * to standard output, says everything else by cli_note and cli_warn, and returns an ExitStatus.
 *
 * Everything a command makes lives in `arena`, to the end of the program, under its protection: what is not
 * memory (a runtime, a file) joins by arena_defer. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdio.h>

#include "base/source.h"
#include "cli/commands.h"

typedef enum ExitStatus {
  EXIT_DONE = 0,
  EXIT_FAILED = 1,
  EXIT_USAGE = 2,
  EXIT_INTERRUPTED = 130 /* by Ctrl-C, as shells have it */
} ExitStatus;

struct Cli {
  Arena *arena;
  const char *program;
  const Command *command; /* NULL: none was named */
  const char *group;      /* "db", when no more than that was named */
  const char **operands;
  int n_operands;
  int n_before;                 /* operands before "--"; those behind are for the script that is run */
  const char *given[N_OPTIONS]; /* by option: its value, "" for a flag; NULL = not given */
  bool quiet, json;
  bool told_private;     /* that the private server is used */
  bool color, color_out; /* on standard error, on standard output */
};

/* Take argv apart. USAGE errors name what is wrong and what was probably meant; c->command tells how far it
 * came. The texts in `argv` must live as long as `c`. */
MUST bool cli_parse(Cli *c, int argc, char **argv, Err *e);

/* The value of an option of this command, by its long name; a flag's is "". NULL when it was not given. */
const char *cli_option(const Cli *c, const char *name);
static inline bool cli_flag(const Cli *c, const char *name) { return cli_option(c, name) != NULL; }
/* The command's own options, --quiet and the operands, spelt out again (with "--" where it stood), for a
 * command that lives in Lua. */
const char *const *cli_forward(Cli *c, int *n);

/* A line on standard error: notes are what -q silences. */
void cli_note(const Cli *c, const char *format, ...) PRINTF(2, 3);
void cli_warn(const Cli *c, const char *format, ...) PRINTF(2, 3);
void cli_hint(const Cli *c, const char *format, ...) PRINTF(2, 3);
/* "error[P1001]: ..." with its place, detail and hint; an error without a message has been printed already.
 * Both return the exit status: EXIT_FAILED, and EXIT_USAGE for what should have been asked otherwise. */
int cli_fail(const Cli *c, const Err *e);
int cli_misuse(const Cli *c, const Err *e);
void cli_diagnose(const Cli *c, const Diags *d); /* every diagnostic with its frame */

/* Text of help. */
void cli_usage(FILE *to, const Cli *c); /* of c->command, else of c->group, else of all commands */

#endif
