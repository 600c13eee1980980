#include "cli/script.h"

#include "cli/file.h"

static void release(void *cell) {
  Runtime **rt = cell;
  if (*rt) runtime_free(*rt);
}

/* A script may do without a database, so here nothing that is wrong with schema or URL is an error: db says
 * it when it is used. */
static Slice url_try(Cli *c, const Project *p) {
  Slice url = {0};
  Err ignored;
  if (!project_url(c, p, project_schema_try(c, p), URL_CLIENT, &url, &ignored)) return (Slice){0};
  return url;
}

bool script_open(Cli *c, const ScriptNeeds *needs, Project *p, Runtime **out, Err *e) {
  Schema *s = NULL;
  Slice url = {0};
  if (!project_find(c, p, e)) return false;
  if (needs->project && !project_schema(c, p, &s, e)) return false;
  if (needs->project || cli_option(c, "--url")) {
    if (!project_url(c, p, s, URL_CLIENT, &url, e)) return false;
  } else {
    url = url_try(c, p);
  }
  RuntimeConfig config = {.program = c->program,
                          .root = p->root ? path_absolute(c->arena, p->root) : NULL,
                          .schema_path = p->schema_path,
                          .url = url.n ? slice_copy(c->arena, url).p : NULL,
                          .config_path = p->config_path,
                          .color = c->color_out,
                          .middleware = !needs->unhooked,
                          .watch = needs->watch};
  Runtime **cell = ARENA_NEW(c->arena, Runtime *);
  arena_defer(c->arena, release, cell);
  if (!runtime_new(&config, cell, e)) return false;
  *out = *cell;
  return true;
}
