#include "cli/file.h"
#include "cli/interrupt.h"
#include "cli/script.h"

static bool run_script(Script *s, const char *file, char **args, int n, bool *interrupted, Err *e) {
  Interrupt x;
  interrupt_begin(&x, s->rt);
  bool good = runtime_run_file(s->rt, file, args, n, e);
  *interrupted = interrupt_end(&x);
  return good;
}

int cmd_run(Cli *c) {
  Script *s;
  Err e;
  const char *file = c->operands[0];
  ScriptNeeds needs = {.unhooked = cli_flag(c, "--unhooked")};
  if (!file_exists(file)) {
    err_io(&e, "Cannot read", file);
    return cli_fail(c, &e);
  }
  char **args = ARENA_ARRAY(c->arena, char *, c->n_operands + 1);
  for (int i = 1; i < c->n_operands; i++)
    args[i - 1] = arena_copy(c->arena, c->operands[i], strlen(c->operands[i]) + 1);
  bool interrupted;
  if (!script_open(c, &needs, &s, &e) || !interrupt_watch(c->arena, s->rt, &e)) return cli_fail(c, &e);
  int status = EXIT_DONE;
  if (!run_script(s, file, args, c->n_operands - 1, &interrupted, &e)) status = cli_fail(c, &e);
  return interrupted ? EXIT_INTERRUPTED : status;
}
