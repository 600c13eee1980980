/* Texts of help, from the table. */
#include "cli/cli.h"

typedef struct HelpRow {
  const char *section; /* or a command */
  CommandId command;
} HelpRow;

static const HelpRow rows[] = {
#define SECTION(title) {.section = title},
#define COMMAND(id, words, operands, fewest, most, style, summary) {.command = COMMAND_##id},
#include "cli/commands.def"
};

static void print_options(FILE *to, const Command *command, bool common) {
  for (size_t i = 0; i < N_OPTIONS; i++) {
    const Option *o = &options[i];
    bool mine = common ? o->command == COMMAND_ANY : option_of(o, command) && o->command != COMMAND_ANY;
    if (!mine || !o->summary[0]) continue;
    int n = fprintf(to, "  %s%s%s", o->name, o->value[0] ? " " : "", o->value);
    fprintf(to, "%*s%s\n", n < 30 ? 30 - n : 2, "", o->summary);
  }
}

static bool has_options(const Command *command) {
  for (size_t i = 0; i < N_OPTIONS; i++)
    if (options[i].command != COMMAND_ANY && option_of(&options[i], command)) return true;
  return false;
}

static void print_command(FILE *to, const Command *k) {
  fprintf(to, "lorm %s: %s\n\nusage: lorm %s%s%s%s\n", k->words, k->summary, k->words,
          k->operands[0] ? " " : "", k->operands, has_options(k) ? " [OPTION...]" : "");
  if (k->style != OPERANDS_RAW && has_options(k)) {
    fputc('\n', to);
    print_options(to, k, false);
  }
  fputs("\nEvery command:\n", to);
  print_options(to, NULL, true);
}

static void print_summary(FILE *to, const Command *k) { fprintf(to, "  %-16s%s\n", k->words, k->summary); }

static void print_all(FILE *to) {
  fputs(
      "lorm: a database client for Lua scripts, with Prisma's schemas and names\n\n"
      "usage: lorm COMMAND [OPTION...]\n",
      to);
  for (size_t i = 0; i < COUNT(rows); i++) {
    if (rows[i].section)
      fprintf(to, "\n%s\n", rows[i].section);
    else
      print_summary(to, &commands[rows[i].command]);
  }
  fputs("\nEvery command\n", to);
  print_options(to, NULL, true);
}

void cli_usage(FILE *to, const Cli *c) {
  if (c->command)
    print_command(to, c->command);
  else
    print_all(to);
}

static int print_group(const char *word) {
  size_t n = strlen(word);
  for (size_t i = 0; i < N_COMMANDS; i++)
    if (strncmp(commands[i].words, word, n) == 0 && commands[i].words[n] == ' ')
      print_summary(stdout, &commands[i]);
  return EXIT_DONE;
}

int cmd_help(Cli *c) {
  int n;
  const char *first = c->n_operands ? c->operands[0] : NULL,
             *second = c->n_operands > 1 ? c->operands[1] : NULL;
  Cli about = *c;
  about.command = first ? command_find(first, second, &n) : NULL;
  if (first && !about.command && !second && command_is_group(first)) return print_group(first);
  if (first && (!about.command || n < c->n_operands)) {
    Err e;
    Slice near = command_nearest(c->arena, first, second);
    err_set(&e, ERR_USAGE, "There is no command `%s%s%s`%s%.*s%s", first, second ? " " : "",
            second ? second : "", near.n ? "; did you mean `" : "", SLICE_ARGS(near), near.n ? "`?" : "");
    return cli_misuse(c, &e);
  }
  cli_usage(stdout, &about);
  return EXIT_DONE;
}
