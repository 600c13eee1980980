/* Commands: the tables of commands.def and its neighbours, and how an invocation names one of their rows. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "base/slice.h"

typedef struct Cli Cli;
typedef int CommandRun(Cli *c); /* an ExitStatus */

typedef enum CommandId {
#define COMMAND(id, words, operands, fewest, most, style, summary) COMMAND_##id,
#define ALIAS(id, words, of) COMMAND_##id,
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
  CommandRun *run; /* NULL: another name, of `same` */
  CommandId same;
} Command;

typedef struct Option {
  CommandId command;
  const char *name;    /* "--name" or "-n, --name" */
  const char *value;   /* what the value is, "" for a flag; "this|that" are all that are allowed */
  const char *summary; /* "" = not shown: another spelling */
} Option;

typedef struct Example {
  CommandId command;
  const char *line; /* "lorm db push --accept-data-loss" */
  const char *summary;
} Example;

enum {
  N_OPTIONS = 0
#define OPTION(id, name, value, summary) +1
#include "cli/commands.def"
#define OPTION(id, name, value, summary) +1
#include "cli/common_options.def"
};
enum {
  N_EXAMPLES = 0
#define EXAMPLE(id, line, summary) +1
#include "cli/commands.def"
};

/* What help shows, in its order: titles of sections, and commands. */
typedef struct CommandRow {
  const char *section; /* or NULL, and a command */
  const Command *command;
} CommandRow;
enum {
  N_COMMAND_ROWS = 0
#define SECTION(title) +1
#define COMMAND(id, words, operands, fewest, most, style, summary) +1
#define ALIAS(id, words, of) +1
#include "cli/commands.def"
};

extern const Command commands[N_COMMANDS];
extern const CommandRow command_rows[N_COMMAND_ROWS];
extern const char *const command_abouts[N_COMMANDS]; /* what it does, in a paragraph; NULL for another name */
extern const Option options[N_OPTIONS];
extern const Example examples[N_EXAMPLES];

#define COMMAND(id, words, operands, fewest, most, style, summary) CommandRun cmd_##id;
#include "cli/commands.def"

/* The command named by `first`, or by `first second` (*n = how many of the two words it took); NULL when
 * there is none. `second` may be NULL. Another name finds what it is a name of. */
const Command *command_find(const char *first, const char *second, int *n);
/* Is `word` the first of this command's two, or of some command's? */
bool command_in_group(const Command *k, const char *word);
bool command_is_group(const char *word);
/* "; did you mean `db push`?", or an empty text: what somebody probably meant, also by a second word alone
 * (`push`, `status`). `second` may be NULL. */
Slice command_suggest(Arena *a, const char *first, const char *second);

/* The option that `text` (up to '=', if any) names for this command; NULL command: the common ones. */
const Option *option_find(const Command *command, Slice text);
Slice option_long(const Option *o);  /* "--name" */
Slice option_short(const Option *o); /* "-n", or an empty slice */
/* One of `choices` ("this|that"), and how far the reading has come: *at is 0 at first. False at the end. */
bool choice_next(const char *choices, uint32_t *at, Slice *out);
bool value_is_choice(const char *value); /* does it list what is allowed? */
Slice option_nearest(const Command *command, Slice text);
bool option_of(const Option *o, const Command *command);
/* Does help list it among a command's own options, or (NULL) among those that all have? */
bool option_shown(const Option *o, const Command *k);

#endif
