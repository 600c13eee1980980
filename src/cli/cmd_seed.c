/* Seeding itself is Lua: lua/lorm/seed.lua. */
#include "cli/script.h"

int cmd_seed(Cli *c) {
  Project p;
  Runtime *rt;
  Err e;
  int n, status = EXIT_DONE;
  ScriptNeeds needs = {.project = true, .unhooked = cli_flag(c, "--unhooked")};
  const char *const *args = cli_forward(c, &n);
  if (!script_open(c, &needs, &p, &rt, &e) || !runtime_call(rt, "lorm.seed", "main", args, n, &status, &e))
    return cli_fail(c, &e);
  return status;
}

int cmd_db_seed(Cli *c) { return cmd_seed(c); }
