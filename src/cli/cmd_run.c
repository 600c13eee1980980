#include "cli/file.h"
#include "cli/script.h"

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
  if (!script_open(c, &needs, &s, &e) || !runtime_run_file(s->rt, file, args, c->n_operands - 1, &e))
    return cli_fail(c, &e);
  return EXIT_DONE;
}
