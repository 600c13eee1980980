#include "cli/cli.h"

#include <stdarg.h>
#include <stdlib.h>

typedef enum Tint {
  TINT_ERROR,
  TINT_WARNING,
  TINT_QUIET
} Tint;

static const char *tint(const Cli *c, Tint t) {
  static const char *const codes[] = {"\x1b[1;31m", "\x1b[1;33m", "\x1b[2m"};
  return c->color ? codes[t] : "";
}
static const char *plain(const Cli *c) { return c->color ? "\x1b[0m" : ""; }
static const char *strong(const Cli *c) { return c->color ? "\x1b[1m" : ""; }

const char *cli_option(const Cli *c, const char *name) {
  const Option *o = option_find(c->command, slice_of(name));
  if (!o) abort(); /* a command asks for an option that its rows in commands.def don't have */
  return c->given[o - options];
}

const char *const *cli_forward(Cli *c, int *n) {
  const char **out = ARENA_ARRAY(c->arena, const char *, 2 * N_OPTIONS + c->n_operands + 3);
  *n = 0;
  for (size_t i = 0; i < N_OPTIONS; i++) {
    if (options[i].command == COMMAND_ANY || !c->given[i]) continue;
    out[(*n)++] = option_long(&options[i]).p;
    if (options[i].value[0]) out[(*n)++] = c->given[i];
  }
  if (c->quiet) out[(*n)++] = "--quiet";
  for (int i = 0; i < c->n_operands; i++) {
    if (i == c->n_before) out[(*n)++] = "--";
    out[(*n)++] = c->operands[i];
  }
  return out;
}

void cli_note(const Cli *c, const char *format, ...) {
  if (c->quiet) return;
  va_list args;
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
}

void cli_warn(const Cli *c, const char *format, ...) {
  va_list args;
  va_start(args, format);
  fprintf(stderr, "%swarning%s: ", tint(c, TINT_WARNING), plain(c));
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
}

void cli_hint(const Cli *c, const char *format, ...) {
  va_list args;
  va_start(args, format);
  fprintf(stderr, "%shint%s: ", tint(c, TINT_QUIET), plain(c));
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
}

/* The first line of a message is strong, the rest (a list, a traceback) is not. */
static void print_message(const Cli *c, const char *message) {
  int first = (int)strcspn(message, "\n");
  fprintf(stderr, "%s%.*s%s%s\n", strong(c), first, message, plain(c), message + first);
}

static void print_place(const Err *e) {
  if (!e->file[0] || !e->line) return;
  fprintf(stderr, "  --> %s:%u", e->file, e->line);
  if (e->column) fprintf(stderr, ":%u", e->column);
  fputc('\n', stderr);
}

int cli_fail(const Cli *c, const Err *e) {
  const char *code = err_public_code(e->code);
  fflush(stdout);
  if (!e->message[0]) return EXIT_FAILED;
  fprintf(stderr, "%serror%s%s%s%s: ", tint(c, TINT_ERROR), code[0] ? "[" : "", code, code[0] ? "]" : "",
          plain(c));
  print_message(c, e->message);
  print_place(e);
  if (e->detail[0]) fprintf(stderr, "detail: %s\n", e->detail);
  if (e->hint[0]) cli_hint(c, "%s", e->hint);
  return EXIT_FAILED;
}

int cli_misuse(const Cli *c, const Err *e) {
  cli_fail(c, e);
  if (c->command) {
    cli_hint(c, "`lorm help %s` explains it", c->command->words);
  } else if (c->group) {
    fputc('\n', stderr);
    cli_usage(stderr, c);
  }
  return EXIT_USAGE;
}

void cli_diagnose(const Cli *c, const Diags *d) {
  for (uint32_t i = 0; i < d->n; i++) {
    Buf b = buf_in(c->arena);
    diag_render(&b, d, &d->items[i], c->color);
    fprintf(stderr, "%s%.*s", i ? "\n" : "", (int)b.n, b.p);
  }
}
