/* Completion of shells: the scripts, which ask `lorm completion --words -- WORD...` at each Tab. */
#include "cli/complete.h"
#include "runtime/embedded.h"

static bool print_script(const Cli *c, Slice shell) {
  Slice name = slice_printf(c->arena, "lorm.%.*s", SLICE_ARGS(shell));
  for (const Embedded *e = embedded_completions; e->module; e++)
    if (slice_is(name, e->module)) return fwrite(e->text, 1, e->n, stdout) == e->n;
  return false;
}

int cmd_completion(Cli *c) {
  Err e;
  if (cli_flag(c, "--words")) {
    complete(c, c->operands, c->n_operands, stdout);
    return EXIT_DONE;
  }
  if (c->n_operands == 1 && print_script(c, slice_of(c->operands[0]))) return EXIT_DONE;
  err_set(&e, ERR_USAGE, "Completion is for one of %s", c->command->operands);
  return cli_misuse(c, &e);
}
