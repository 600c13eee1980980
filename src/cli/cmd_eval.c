#include "cli/file.h"
#include "cli/script.h"

int cmd_eval(Cli *c) {
  Script *s;
  Err e;
  Slice chunk = slice_of(c->operands[0]);
  ScriptNeeds needs = {.unhooked = cli_flag(c, "--unhooked")};
  if (slice_is(chunk, "-") && !file_read(c->arena, "-", &chunk, &e)) return cli_fail(c, &e);
  if (!script_open(c, &needs, &s, &e) || !runtime_eval(s->rt, chunk, c->json, &e)) return cli_fail(c, &e);
  return EXIT_DONE;
}
