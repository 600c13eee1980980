/* What is missing or odd here. The project is examined here, the server by lua/lorm/doctor.lua, which prints
 * all findings. */
#include "base/vec.h"
#include "cli/file.h"
#include "cli/private.h"
#include "cli/script.h"
#include "migrate/migrate.h"

typedef struct Doctor {
  Cli *c;
  Project project;
  Schema *schema;
  Slice url;
  const char *server;    /* "private", "given", or "": not to be reached */
  const char **findings; /* three texts each: status, what, finding */
  uint32_t n;
} Doctor;

static void find(Doctor *d, const char *status, const char *what, Slice text) {
  *VEC_PUSH(d->c->arena, d->findings, d->n) = status;
  *VEC_PUSH(d->c->arena, d->findings, d->n) = what;
  *VEC_PUSH(d->c->arena, d->findings, d->n) = text.p;
}

static void find_err(Doctor *d, const char *what, const Err *e) {
  const char *code = err_public_code(e->code);
  const char *hint = e->hint[0] ? "; " : "";
  int first = (int)strcspn(e->message, "\n"); /* the rest is for somebody who has not asked yet */
  find(
      d, "problem", what,
      slice_printf(d->c->arena, "%s%s%.*s%s%s", code, code[0] ? ": " : "", first, e->message, hint, e->hint));
}

static bool examine_project(Doctor *d) {
  const Project *p = &d->project;
  if (!p->root) {
    find(d, "warning", "project", SLICE("there is none here, nor in a folder above"));
    return false;
  }
  find(d, "ok", "project",
       slice_printf(d->c->arena, "%s%s%s", path_absolute(d->c->arena, p->root), p->config_path ? ", " : "",
                    p->config_path ? "lorm.config.lua" : ""));
  return true;
}

static void examine_schema(Doctor *d) {
  const Project *p = &d->project;
  Arena *a = d->c->arena;
  d->schema = project_schema_try(d->c, p);
  if (!p->schema_path) {
    find(d, "problem", "schema", SLICE("there is none in this project"));
  } else if (!d->schema) {
    find(d, "problem", "schema",
         slice_printf(a, "%s is not valid; `lorm validate` tells why", p->schema_path));
  } else {
    find(d, "ok", "schema",
         slice_printf(a, "%s: %u models, %u enums", p->schema_path, d->schema->n_models, d->schema->n_enums));
  }
}

/* The private server is looked at, not started. */
static bool examine_private(Doctor *d) {
  DevServer *s = ARENA_NEW(d->c->arena, DevServer);
  Err e;
  if (!devserver_status(path_absolute(d->c->arena, d->project.root), s, &e)) {
    find_err(d, "database", &e);
    return false;
  }
  bool running = s->state == DEV_RUNNING;
  find(d, running ? "ok" : "warning", "database",
       slice_printf(d->c->arena, "no URL is given, so the private development server is used: %s",
                    running ? "it runs" : "it does not run; what needs it starts it"));
  d->url = slice_of(s->url);
  d->server = "private";
  return running;
}

/* Is there a database to look at? */
static bool examine_url(Doctor *d) {
  Err e;
  if (!project_url_written(d->c, &d->project, d->schema, URL_CLIENT, &d->url, &e)) {
    find_err(d, "database", &e);
    return false;
  }
  d->server = "given";
  return d->url.n || examine_private(d);
}

static void examine_tables(Doctor *d) {
  DiffEnd from = {.kind = DIFF_DATABASE, .schema = d->schema, .url = d->url};
  DiffEnd to = {.kind = DIFF_SCHEMA, .schema = d->schema};
  Slice script;
  bool same;
  Err e;
  if (!migrate_diff(d->c->arena, &from, &to, &script, &same, &e)) {
    find_err(d, "tables", &e);
  } else if (same) {
    find(d, "ok", "tables", SLICE("as the schema says"));
  } else {
    find(d, "warning", "tables",
         SLICE("not as the schema says; `lorm migrate diff --from-config-datasource --to-schema "
               "...` shows how, `lorm db push` mends it"));
  }
}

int cmd_doctor(Cli *c) {
  Doctor d = {.c = c, .server = ""};
  Script *s;
  Err e;
  int status;
  if (!project_find(c, &d.project, &e)) return cli_fail(c, &e);
  bool reach = examine_project(&d);
  if (reach) examine_schema(&d);
  reach = reach && examine_url(&d) && d.schema;
  if (reach) examine_tables(&d);
  *VEC_PUSH(c->arena, d.findings, d.n) = reach ? d.server : "";
  *VEC_PUSH(c->arena, d.findings, d.n) = c->json ? "json" : "";
  ScriptNeeds needs = {.unhooked = true};
  if (!script_open(c, &needs, &s, &e) ||
      !runtime_call(s->rt, "lorm.doctor", "main", d.findings, (int)d.n, &status, &e))
    return cli_fail(c, &e);
  return status;
}
