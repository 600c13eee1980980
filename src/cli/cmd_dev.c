/* The private PostgreSQL of the project. */
#include <unistd.h>

#include "base/json.h"
#include "cli/file.h"
#include "cli/private.h"

static void json_pair(Buf *b, const char *name, const char *value) {
  if (!value[0]) return;
  buf_text(b, b->n > 1 ? "," : "");
  json_string(b, slice_of(name));
  buf_byte(b, ':');
  json_string(b, slice_of(value));
}

static void print_json(Cli *c, const DevServer *s, bool running) {
  Buf b = buf_in(c->arena);
  buf_byte(&b, '{');
  json_pair(&b, "state", running ? "running" : "stopped");
  json_pair(&b, "url", running ? s->url : "");
  json_pair(&b, "data", s->data_dir);
  json_pair(&b, "log", s->log);
  if (running)
    buf_printf(&b, ",\"pid\":%d,\"version\":%d,\"durable\":%s", s->pid, s->version,
               s->durable ? "true" : "false");
  printf("%.*s}\n", (int)b.n, b.p);
}

static void print_server(Cli *c, const DevServer *s, bool running) {
  if (c->json) {
    print_json(c, s, running);
  } else if (running) {
    printf("running: PostgreSQL %d, process %d%s\nurl:     %s\ndata:    %s\nlog:     %s\n", s->version,
           s->pid, s->durable ? ", durable" : "", s->url, s->data_dir, s->log);
  } else {
    puts(s->version ? "stopped" : "stopped: there is no data yet");
  }
}

int cmd_dev_start(Cli *c) {
  Project p;
  DevServer s;
  Err e;
  DevOptions o = {.durable = cli_flag(c, "--durable")};
  if (!project_find(c, &p, &e) || !private_open(c, &p, &o, &s, &e)) return cli_fail(c, &e);
  print_server(c, &s, true);
  return EXIT_DONE;
}

typedef bool DevCall(const char *root, DevServer *out, Err *e);

static bool call(Cli *c, DevCall *ask, DevServer *s, Err *e) {
  Project p;
  return project_find(c, &p, e) && project_root(&p, e) && ask(path_absolute(c->arena, p.root), s, e);
}

int cmd_dev_stop(Cli *c) {
  DevServer s;
  Err e;
  if (!call(c, devserver_stop, &s, &e)) return cli_fail(c, &e);
  cli_note(c, s.state == DEV_RUNNING ? "stopped the private development server" : "it was not running");
  return EXIT_DONE;
}

int cmd_dev_status(Cli *c) {
  DevServer s;
  Err e;
  if (!call(c, devserver_status, &s, &e)) return cli_fail(c, &e);
  bool running = s.state == DEV_RUNNING;
  print_server(c, &s, running);
  return running ? EXIT_DONE : EXIT_FAILED;
}

int cmd_dev_psql(Cli *c) {
  Project p;
  DevServer s;
  char path[512];
  Err e;
  if (!project_find(c, &p, &e) || !private_open(c, &p, &(DevOptions){0}, &s, &e) ||
      !devserver_psql(&s, path, &e))
    return cli_fail(c, &e);
  const char **args = ARENA_ARRAY(c->arena, const char *, c->n_operands + 3);
  args[0] = path;
  args[1] = s.url;
  for (int i = 0; i < c->n_operands; i++) args[i + 2] = c->operands[i];
  execv(path, (char *const *)(uintptr_t)args);
  err_io(&e, "Cannot run", path);
  return cli_fail(c, &e);
}
