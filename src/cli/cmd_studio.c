/* The studio is Lua and pages: lua/lorm/studio.lua. Here: which database, and that Ctrl-C is how it ends. */
#include "cli/interrupt.h"
#include "cli/production.h"
#include "cli/script.h"

int cmd_studio(Cli *c) {
  Script *s;
  Err e;
  Interrupt x;
  int status = EXIT_DONE;
  const char *port = cli_option(c, "--port");
  bool only_reads = cli_flag(c, "--read-only");
  const char *words[] = {port ? port : "", only_reads ? "read-only" : "", c->quiet ? "quiet" : ""};
  ScriptNeeds needs = {.project = true, .unhooked = cli_flag(c, "--unhooked"), .watch = true};
  if (!script_open(c, &needs, &s, &e) || !interrupt_watch(c->arena, s->rt, &e)) return cli_fail(c, &e);
  if (!only_reads && !production_ask(&s->project, s->url, cli_flag(c, "--yes"), &e)) return cli_fail(c, &e);
  interrupt_begin(&x, s->rt);
  bool good =
      runtime_call(s->rt, "lorm.studio", "main", words, (int)(sizeof words / sizeof *words), &status, &e);
  if (interrupt_end(&x)) return EXIT_DONE;
  return good ? status : cli_fail(c, &e);
}
