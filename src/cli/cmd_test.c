/* Testing itself is Lua: lua/lorm/test.lua. Here: which files. */
#include "cli/file.h"
#include "cli/production.h"
#include "cli/script.h"

static bool choose_files(Cli *c, const Project *p, Err *e) {
  for (int i = 0; i < c->n_operands; i++)
    if (!file_exists(c->operands[i])) return err_io(e, "Cannot read", c->operands[i]);
  if (c->n_operands) return true;
  uint32_t n;
  const char *folder = path_join(c->arena, p->root, SLICE("tests"));
  c->operands = folder_files(c->arena, folder, "test", ".lua", &n);
  c->n_operands = (int)n;
  return n || err_set(e, ERR_IO, "There are no tests: no test*.lua in %s/", folder);
}

int cmd_test(Cli *c) {
  Script *s;
  Err e;
  int n, status;
  ScriptNeeds needs = {.project = true, .unhooked = true}; /* the run's own database gets the middleware */
  if (!script_open(c, &needs, &s, &e) || !choose_files(c, &s->project, &e) ||
      !production_ask(&s->project, s->url, cli_flag(c, "--yes"), &e))
    return cli_fail(c, &e);
  c->n_before = c->n_operands; /* files, all of them */
  const char *const *given = cli_forward(c, &n);
  const char **args = ARENA_ARRAY(c->arena, const char *, n + 1);
  args[0] = s->project.config_path ? s->project.config_path : "";
  memcpy(args + 1, given, sizeof *args * (size_t)n);
  return runtime_call(s->rt, "lorm.test", "main", args, n + 1, &status, &e) ? status : cli_fail(c, &e);
}
