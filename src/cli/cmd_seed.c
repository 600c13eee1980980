/* Seeding itself is Lua: lua/lorm/seed.lua. Here: which files, and whether to ask first. */
#include "base/vec.h"
#include "cli/file.h"
#include "cli/production.h"
#include "cli/script.h"
#include "cli/target.h"

/* Those that were named, else seeds/, else the one that a Prisma project has. */
static bool choose_files(Cli *c, const Project *p, Err *e) {
  if (c->n_operands) return true;
  uint32_t n;
  c->operands = folder_files(c->arena, p->seeds, "", ".lua", &n);
  const char *prismas = path_join(c->arena, p->root, SLICE("prisma/seed.lua"));
  if (!n && file_exists(prismas)) *VEC_PUSH(c->arena, c->operands, n) = prismas;
  c->n_operands = (int)n;
  return n || err_set(e, ERR_IO, "There are no seeds: no *.lua in %s/", p->seeds);
}

static int run_seeds(Cli *c, Script *s, const char *const *args, int n) {
  Err e;
  int status;
  return runtime_call(s->rt, "lorm.seed", "main", args, n, &status, &e) ? status : cli_fail(c, &e);
}

int seed_again(Cli *c) {
  Script *s;
  Err e;
  ScriptNeeds needs = {.project = true};
  if (!script_open(c, &needs, &s, &e)) return cli_fail(c, &e);
  Cli all = *c;
  if (!choose_files(&all, &s->project, &e)) return EXIT_DONE; /* a project without seeds */
  return run_seeds(c, s, all.operands, all.n_operands);
}

int cmd_seed(Cli *c) {
  Script *s;
  Err e;
  int n;
  ScriptNeeds needs = {.project = true, .unhooked = cli_flag(c, "--unhooked")};
  for (int i = 0; i < c->n_operands; i++) {
    if (file_exists(c->operands[i])) continue;
    err_io(&e, "Cannot read", c->operands[i]);
    return cli_fail(c, &e);
  }
  if (!script_open(c, &needs, &s, &e) || !choose_files(c, &s->project, &e) ||
      !production_ask(&s->project, s->url, cli_flag(c, "--yes"), &e))
    return cli_fail(c, &e);
  const char *const *args = cli_forward(c, &n);
  return run_seeds(c, s, args, n);
}

int cmd_db_seed(Cli *c) { return cmd_seed(c); }
