/* Commands: the table of commands.def, and how an invocation names one of its rows. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "base/slice.h"

typedef struct Cli Cli;
typedef int CommandRun(Cli *c); /* an ExitStatus */

typedef enum CommandId {
#define COMMAND(id, words, operands, fewest, most, style, summary) COMMAND_##id,
#include "cli/commands.def"
  N_COMMANDS,
  COMMAND_ANY = N_COMMANDS /* options that all commands have */
} CommandId;

typedef enum OperandStyle {
  OPERANDS_MIXED,
  OPERANDS_REST,
  OPERANDS_RAW
} OperandStyle;

typedef struct Command {
  const char *words, *operands, *summary;
  int fewest, most; /* operands */
  OperandStyle style;
  CommandRun *run;
} Command;

typedef struct Option {
  CommandId command;
  const char *name;    /* "--name" or "-n, --name" */
  const char *value;   /* what the value is, "" for a flag */
  const char *summary; /* "" = not shown: another spelling */
} Option;

enum {
  N_OPTIONS = 0
#define OPTION(id, name, value, summary) +1
#include "cli/commands.def"
#define OPTION(id, name, value, summary) +1
#include "cli/common_options.def"
};

extern const Command commands[N_COMMANDS];
extern const Option options[N_OPTIONS];

#define COMMAND(id, words, operands, fewest, most, style, summary) CommandRun cmd_##id;
#include "cli/commands.def"

/* The command named by `first`, or by `first second` (*n = how many of the two words it took); NULL when
 * there is none. `second` may be NULL. */
const Command *command_find(const char *first, const char *second, int *n);
bool command_is_group(const char *word); /* "db": some command's first of two words */
/* The words that somebody probably meant, or an empty slice. */
Slice command_nearest(Arena *a, const char *first, const char *second);

/* The option that `text` (up to '=', if any) names for this command; NULL command: the common ones. */
const Option *option_find(const Command *command, Slice text);
Slice option_nearest(const Command *command, Slice text);
bool option_of(const Option *o, const Command *command);

#endif
