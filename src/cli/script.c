#include "cli/script.h"

#include "cli/file.h"
#include "cli/production.h"

static void release(void *script) { runtime_free(((Script *)script)->rt); }

typedef struct Finding {
  Cli *c;
  const Project *p;
  Slice *url;
  Err *e;
  bool found;
} Finding;

static void find(void *ctx) {
  Finding *f = ctx;
  f->found = project_url(f->c, f->p, project_schema_try(f->c, f->p), URL_CLIENT, f->url, f->e);
}

/* A script may do without a database: where it is, or why it cannot be told, is found out at first use. */
static bool find_url(void *ctx, Slice *url, Err *e) {
  Finding f = *(Finding *)ctx;
  f.url = url;
  f.e = e;
  return arena_protect(f.c->arena, NULL, find, &f) ? f.found : err_oom(e);
}

static bool is_production(void *ctx, Slice url) { return production_is(((Finding *)ctx)->p, url); }

/* What goes wrong here is said when the database is used. */
static void find_early(Cli *c, Script *s) {
  Schema *schema = project_schema_try(c, &s->project);
  Err ignored;
  if (schema && !project_url(c, &s->project, schema, URL_CLIENT, &s->url, &ignored)) s->url = (Slice){0};
}

static bool find_project(Cli *c, const ScriptNeeds *needs, Script *s, Err *e) {
  Schema *schema = NULL;
  if (!project_find(c, &s->project, e)) return false;
  if (needs->project && !project_schema(c, &s->project, &schema, e)) return false;
  bool now = needs->project || cli_option(c, "--url");
  if (!now && needs->early) find_early(c, s);
  return !now || project_url(c, &s->project, schema, URL_CLIENT, &s->url, e);
}

bool script_open(Cli *c, const ScriptNeeds *needs, Script **out, Err *e) {
  Script *s = ARENA_NEW(c->arena, Script);
  Finding *finding = ARENA_NEW(c->arena, Finding);
  if (!find_project(c, needs, s, e)) return false;
  *finding = (Finding){.c = c, .p = &s->project};
  RuntimeConfig config = {.program = c->program,
                          .root = s->project.root ? path_absolute(c->arena, s->project.root) : NULL,
                          .schema_path = s->project.schema_path,
                          .migrations = s->project.migrations,
                          .url = s->url.n ? slice_copy(c->arena, s->url).p : NULL,
                          .find_url = find_url,
                          .find_ctx = finding,
                          .is_production = is_production,
                          .config_path = s->project.config_path,
                          .color = c->color_out,
                          .middleware = !needs->unhooked,
                          .watch = needs->watch};
  arena_defer(c->arena, release, s);
  *out = s;
  return runtime_new(&config, &s->rt, e);
}
