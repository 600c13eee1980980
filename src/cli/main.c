/* lorm, the program. */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

typedef struct Start {
  Cli cli;
  int argc;
  char **argv;
  int status;
} Start;

static void cover(char *text) { memset(text, '*', strlen(text)); }

/* Copy the arguments, then overwrite what may hold a password in the originals: they are what `ps` shows. */
static char **take_secrets(Arena *a, int argc, char **argv) {
  char **copy = ARENA_ARRAY(a, char *, argc + 1);
  for (int i = 0; i < argc; i++) copy[i] = arena_copy(a, argv[i], strlen(argv[i]) + 1);
  for (int i = 1; i < argc; i++) {
    char *scheme = strstr(argv[i], "://"), *password = strstr(argv[i], "password");
    bool is_url = strncmp(argv[i], "--", 2) == 0 && strstr(argv[i], "url") && !strchr(argv[i], '=');
    if (scheme) cover(scheme + 3);
    if (password) cover(password);
    if (is_url && i + 1 < argc) cover(argv[++i]);
  }
  return copy;
}

/* Results that could not be written are a failure, whatever the command thinks. */
static int flush_results(const Cli *c, int status) {
  if (fflush(stdout) == 0 && !ferror(stdout)) return status;
  Err e;
  err_io(&e, "Cannot write to", "standard output");
  return cli_fail(c, &e);
}

static void run(void *ctx) {
  Start *s = ctx;
  Cli *c = &s->cli;
  Err e;
  if (!cli_parse(c, s->argc, take_secrets(c->arena, s->argc, s->argv), &e)) {
    s->status = cli_misuse(c, &e);
  } else if (cli_flag(c, "--help")) {
    cli_usage(stdout, c);
    s->status = EXIT_DONE;
  } else if (!c->command) {
    cli_usage(stderr, c);
    s->status = EXIT_USAGE;
  } else {
    s->status = c->command->run(c);
  }
}

int main(int argc, char **argv) {
  Start s = {.cli = {.arena = arena_new(0), .program = argc ? argv[0] : "lorm"}, .argc = argc, .argv = argv};
  Err e;
  if (!s.cli.arena || !arena_protect(s.cli.arena, NULL, run, &s)) {
    err_oom(&e);
    s.status = cli_fail(&s.cli, &e);
  }
  int status = flush_results(&s.cli, s.status);
  arena_free(s.cli.arena);
  return status;
}
