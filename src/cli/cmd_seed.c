/* Seeding itself is Lua: lua/lorm/seed.lua. Here: which files, and whether to ask first. */
#include "base/vec.h"
#include "cli/file.h"
#include "cli/interrupt.h"
#include "cli/production.h"
#include "cli/script.h"
#include "cli/target.h"

static const char wishes[] = "auto.lua"; /* in seeds/, what --auto is to make: not a seed itself */

static bool is_wishes(const char *path) {
  const char *slash = strrchr(path, '/');
  return strcmp(slash ? slash + 1 : path, wishes) == 0;
}

/* What goes before "--". */
static void set_files(Cli *c, const char **files, uint32_t n) {
  int behind = c->n_operands - c->n_before;
  const char **all = ARENA_ARRAY(c->arena, const char *, n + (uint32_t)behind + 1);
  for (uint32_t i = 0; i < n; i++) all[i] = files[i];
  for (int i = 0; i < behind; i++) all[n + (uint32_t)i] = c->operands[c->n_before + i];
  c->operands = all;
  c->n_before = (int)n;
  c->n_operands = c->n_before + behind;
}

static bool files_exist(const Cli *c, Err *e) {
  for (int i = 0; i < c->n_before; i++)
    if (!file_exists(c->operands[i])) return err_io(e, "Cannot read", c->operands[i]);
  return true;
}

/* Those that were named, else seeds/, else the one that a Prisma project has. */
static bool choose_files(Cli *c, const Project *p, Err *e) {
  if (c->n_before) return files_exist(c, e);
  uint32_t n = 0, n_all;
  const char **all = folder_files(c->arena, p->seeds, "", ".lua", &n_all), **files = NULL;
  for (uint32_t i = 0; i < n_all; i++)
    if (!is_wishes(all[i])) *VEC_PUSH(c->arena, files, n) = all[i];
  const char *prismas = path_join(c->arena, p->root, SLICE("prisma/seed.lua"));
  if (!n && file_exists(prismas)) *VEC_PUSH(c->arena, files, n) = prismas;
  set_files(c, files, n);
  return n || err_set(e, ERR_IO, "There are no seeds: no *.lua in %s/", p->seeds);
}

/* The file that says how many rows of what; there may be none. */
static bool choose_wishes(Cli *c, const Project *p, Err *e) {
  if (c->n_before > 1) return err_set(e, ERR_USAGE, "--auto takes one file, not %d", c->n_before);
  if (c->n_before || !p->seeds) return files_exist(c, e);
  const char *path = path_join(c->arena, p->seeds, SLICE("auto.lua"));
  set_files(c, &path, file_exists(path));
  return true;
}

static int run_seeds(Cli *c, Script *s, const char *const *args, int n) {
  Err e;
  int status;
  Interrupt x;
  if (!interrupt_watch(c->arena, s->rt, &e)) return cli_fail(c, &e);
  interrupt_begin(&x, s->rt);
  bool ran = runtime_call(s->rt, "lorm.seed", "main", args, n, &status, &e);
  if (interrupt_end(&x)) return EXIT_INTERRUPTED;
  return ran ? status : cli_fail(c, &e);
}

int seed_again(Cli *c) {
  Script *s;
  Err e;
  ScriptNeeds needs = {.project = true};
  if (!script_open(c, &needs, &s, &e)) return cli_fail(c, &e);
  Cli all = *c;
  all.n_before = all.n_operands = 0;
  if (!choose_files(&all, &s->project, &e)) return EXIT_DONE; /* a project without seeds */
  return run_seeds(c, s, all.operands, all.n_operands);
}

int cmd_seed(Cli *c) {
  Script *s;
  Err e;
  int n;
  ScriptNeeds needs = {.project = true, .unhooked = cli_flag(c, "--unhooked")};
  if (!files_exist(c, &e) || !script_open(c, &needs, &s, &e) ||
      !(cli_flag(c, "--auto") ? choose_wishes : choose_files)(c, &s->project, &e) ||
      !production_ask(&s->project, s->url, cli_flag(c, "--yes"), &e))
    return cli_fail(c, &e);
  const char *const *args = cli_forward(c, &n);
  return run_seeds(c, s, args, n);
}
