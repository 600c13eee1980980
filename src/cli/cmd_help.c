/* Texts of help, from the table. */
#include "cli/help.h"

enum {
  WIDTH = 80,
  SUMMARY_AT = 20,
  OPTION_AT = 30
};

/* ---- texts for a screen ---- */

/* `text` in lines of at most WIDTH, each behind `indent` blanks; the first stands at column `at` already. */
static void print_wrapped(FILE *to, int indent, int at, const char *text) {
  if (at < indent) at += fprintf(to, "%*s", indent - at, "");
  bool begun = false;
  while (*text) {
    int n = (int)strcspn(text, " ");
    if (begun && at + 1 + n > WIDTH) {
      fprintf(to, "\n%*s", indent, "");
      at = indent;
      begun = false;
    }
    at += fprintf(to, "%s%.*s", begun ? " " : "", n, text);
    begun = true;
    text += n + (text[n] == ' ');
  }
  fputc('\n', to);
}

/* "  label   summary", the summary in a line of its own when the label is long. */
static void print_row(FILE *to, Slice label, int column, const char *summary) {
  int at = fprintf(to, "  %.*s", SLICE_ARGS(label));
  if (at + 2 > column) {
    fputc('\n', to);
    at = 0;
  }
  print_wrapped(to, column, at, summary);
}

static void print_title(FILE *to, const Cli *c, const char *title) {
  bool strong = to == stdout ? c->color_out : c->color;
  fprintf(to, "\n%s%s%s\n", strong ? "\x1b[1m" : "", title, strong ? "\x1b[0m" : "");
}

/* ---- a command ---- */

static void print_options(FILE *to, const Cli *c, const Command *k, const char *title) {
  bool begun = false;
  for (size_t i = 0; i < N_OPTIONS; i++) {
    const Option *o = &options[i];
    if (!option_shown(o, k)) continue;
    if (!begun) print_title(to, c, title);
    begun = true;
    Slice label = slice_printf(c->arena, "%s%s%s", o->name, o->value[0] ? " " : "", o->value);
    print_row(to, label, OPTION_AT, o->summary);
  }
}

static void print_examples(FILE *to, const Cli *c, const Command *k) {
  print_title(to, c, "Examples");
  for (size_t i = 0; i < N_EXAMPLES; i++) {
    if (k != &commands[examples[i].command]) continue;
    fprintf(to, "  %s\n", examples[i].line);
    print_wrapped(to, 6, 0, examples[i].summary);
  }
}

static bool has_options(const Command *k) {
  for (size_t i = 0; i < N_OPTIONS; i++)
    if (option_shown(&options[i], k)) return true;
  return false;
}

static void print_command(FILE *to, const Cli *c, const Command *k) {
  print_wrapped(to, 0, 0, slice_printf(c->arena, "lorm %s: %s", k->words, k->summary).p);
  fprintf(to, "\nusage: lorm %s%s%s%s\n", k->words, has_options(k) ? " [OPTION...]" : "",
          k->operands[0] ? " " : "", k->operands);
  for (size_t i = 0; i < N_COMMANDS; i++)
    if (!commands[i].run && k == &commands[commands[i].same])
      fprintf(to, "       lorm %s ...\n", commands[i].words);
  fputc('\n', to);
  print_wrapped(to, 0, 0, command_abouts[k - commands]);
  print_options(to, c, k, "Options");
  if (k->style != OPERANDS_RAW) print_options(to, c, NULL, "Every command");
  print_examples(to, c, k);
}

/* ---- several commands ---- */

static void print_summary(FILE *to, const Cli *c, const Command *k) {
  Slice summary = k->run ? slice_of(k->summary)
                         : slice_printf(c->arena, "the same as `lorm %s`", commands[k->same].words);
  print_row(to, slice_of(k->words), SUMMARY_AT, summary.p);
}

static void print_group(FILE *to, const Cli *c) {
  fprintf(to, "usage: lorm %s COMMAND [OPTION...]\n\n", c->group);
  for (size_t i = 0; i < N_COMMANDS; i++)
    if (command_in_group(&commands[i], c->group)) print_summary(to, c, &commands[i]);
  fprintf(to, "\n`lorm help %s COMMAND` explains one.\n", c->group);
}

static void print_all(FILE *to, const Cli *c) {
  fputs(
      "lorm: a database client for Lua scripts, with Prisma's schemas and names\n\n"
      "usage: lorm COMMAND [OPTION...]\n",
      to);
  for (size_t i = 0; i < N_COMMAND_ROWS; i++) {
    if (command_rows[i].section)
      print_title(to, c, command_rows[i].section);
    else
      print_summary(to, c, command_rows[i].command);
  }
  print_options(to, c, NULL, "Every command");
  fputs("\n`lorm help COMMAND` explains one, with examples; `lorm init blog` begins a project.\n", to);
}

void cli_usage(FILE *to, const Cli *c) {
  if (c->command) {
    print_command(to, c, c->command);
  } else if (c->group) {
    print_group(to, c);
  } else {
    print_all(to, c);
  }
}

/* ---- lorm help ---- */

int cmd_help(Cli *c) {
  if (c->json) return help_json(c);
  if (cli_flag(c, "--man")) return help_man();
  int n = 0;
  const char *first = c->n_operands ? c->operands[0] : NULL,
             *second = c->n_operands > 1 ? c->operands[1] : NULL;
  Cli about = *c;
  about.command = first ? command_find(first, second, &n) : NULL;
  if (first && command_is_group(first)) about.group = first;
  bool found = !first || (about.command ? n == c->n_operands : about.group && !second);
  if (found) {
    cli_usage(stdout, &about);
    return EXIT_DONE;
  }
  Err e;
  if (about.command) { /* "run" of "run fast" */
    err_set(&e, ERR_USAGE, "There is no command `%s %s`; there is `%s`", first, second, about.command->words);
  } else {
    err_set(&e, ERR_USAGE, "There is no command `%s%s%s`%s", first, second ? " " : "", second ? second : "",
            command_suggest(c->arena, first, second).p);
  }
  return cli_misuse(&about, &e);
}
