#include "cli/project.h"

#include <stdlib.h>

#include "cli/env.h"
#include "cli/file.h"
#include "cli/private.h"

/* ---- where ---- */

static Slice package_schema_at(Arena *a, const char *folder) {
  const char *path = path_join(a, folder, SLICE("package.json"));
  Slice text;
  Err ignored;
  return file_exists(path) && file_read(a, path, &text, &ignored) ? package_schema(a, text) : (Slice){0};
}

static bool holds(Arena *a, const char *folder, const char *name) {
  return file_exists(path_join(a, folder, slice_of(name)));
}

static bool is_root(Arena *a, const char *folder) {
  return holds(a, folder, "lorm.config.lua") || holds(a, folder, "prisma.config.ts") ||
         folder_has(path_join(a, folder, SLICE("schema")), ".prisma") ||
         folder_has(path_join(a, folder, SLICE("prisma")), ".prisma") ||
         folder_has(path_join(a, folder, SLICE("prisma/schema")), ".prisma") ||
         package_schema_at(a, folder).n;
}

static const char *root_above(Arena *a, const char *folder) {
  while (!is_root(a, folder)) {
    if (strcmp(path_absolute(a, folder), "/") == 0 || !file_is_folder(folder)) return NULL;
    folder = strcmp(folder, ".") == 0 ? ".." : path_join(a, folder, SLICE(".."));
  }
  return folder;
}

static const char *first_there(Arena *a, const char *root, const char *const names[], size_t n) {
  for (size_t i = 0; i < n; i++) {
    const char *path = path_join(a, root, slice_of(names[i]));
    if (file_is_folder(path) ? folder_has(path, ".prisma") : file_exists(path)) return path;
  }
  return NULL;
}

/* What somebody wrote down goes before what is only usual. */
static const char *schema_place(Cli *c, const Project *p) {
  static const char *const usual[] = {"schema", "prisma/schema.prisma", "prisma/schema", "schema.prisma"};
  const char *given = cli_option(c, "--schema");
  if (given) return given;
  if (!p->root) return NULL;
  Slice said = p->config.schema.n ? p->config.schema : p->prisma.schema;
  if (!said.n) said = package_schema_at(c->arena, p->root);
  if (said.n) return path_join(c->arena, p->root, said);
  return first_there(c->arena, p->root, usual, COUNT(usual));
}

/* Beside the schema file, in the schema folder; beside the folder when they are there and not in it. */
static const char *migrations_place(Arena *a, const Project *p) {
  Slice said = p->config.migrations.n ? p->config.migrations : p->prisma.migrations;
  if (said.n) return path_join(a, p->root ? p->root : ".", said);
  if (!p->schema_path) return p->root ? path_join(a, p->root, SLICE("schema/migrations")) : NULL;
  const char *beside = path_join(a, path_folder(a, p->schema_path), SLICE("migrations"));
  if (!file_is_folder(p->schema_path)) return beside;
  const char *within = path_join(a, p->schema_path, SLICE("migrations"));
  return !file_exists(within) && file_exists(beside) ? beside : within;
}

void project_guess(Cli *c, Project *out) {
  *out = (Project){.root = root_above(c->arena, ".")};
  out->schema_path = schema_place(c, out);
  out->migrations = migrations_place(c->arena, out);
}

/* ---- settings ---- */

static bool read_settings(Cli *c, Project *p, Err *e) {
  const char *ours = path_join(c->arena, p->root, SLICE("lorm.config.lua"));
  const char *prismas = path_join(c->arena, p->root, SLICE("prisma.config.ts"));
  Slice text;
  if (file_exists(ours)) {
    p->config_path = ours;
    if (!runtime_read_config(c->arena, ours, &p->config, e)) return false;
  }
  if (!file_exists(prismas)) return true;
  if (!file_read(c->arena, prismas, &text, e)) return false;
  p->prisma = prisma_config_read(c->arena, text);
  return true;
}

/* Into the environment, where it is not already; `from` tells what an earlier file had put there. */
static bool load_env(Cli *c, const char *path, const EnvVar *from, uint32_t n_from, EnvVar **vars,
                     uint32_t *n, Err *e) {
  Slice text;
  *n = 0;
  if (!file_exists(path)) return true;
  if (!file_read(c->arena, path, &text, e)) return false;
  *vars = env_parse(c->arena, text, getenv, n);
  for (uint32_t i = 0; i < *n; i++) {
    const char *name = (*vars)[i].name.p;
    for (uint32_t k = 0; k < n_from; k++)
      if (slice_is(from[k].name, name) && !slice_eq(from[k].value, (*vars)[i].value))
        cli_warn(c, "%s: %s is set in another .env already; that one is used", path, name);
    setenv(name, (*vars)[i].value.p, 0);
  }
  return true;
}

/* Prisma's two places: the root, and beside the schema. */
static bool load_envs(Cli *c, const Project *p, Err *e) {
  EnvVar *first = NULL, *second = NULL;
  uint32_t n_first = 0, n_second;
  const char *at_root = p->root ? path_join(c->arena, p->root, SLICE(".env")) : ".env";
  if (!load_env(c, at_root, NULL, 0, &first, &n_first, e)) return false;
  if (!p->schema_path) return true;
  bool folder = file_is_folder(p->schema_path);
  const char *beside = folder ? p->schema_path : path_folder(c->arena, p->schema_path);
  const char *path = path_join(c->arena, beside, SLICE(".env"));
  if (strcmp(path, at_root) == 0) return true;
  return load_env(c, path, first, n_first, &second, &n_second, e);
}

bool project_find(Cli *c, Project *out, Err *e) {
  const char *schema = cli_option(c, "--schema");
  *out = (Project){.root = root_above(c->arena, ".")};
  if (schema && !file_exists(schema)) return err_io(e, "Cannot read the schema", schema);
  if (!out->root && schema) out->root = root_above(c->arena, path_folder(c->arena, schema));
  if (out->root && !read_settings(c, out, e)) return false;
  out->schema_path = schema_place(c, out);
  out->migrations = migrations_place(c->arena, out);
  Slice seeds = out->config.seeds.n ? out->config.seeds : SLICE("seeds");
  if (out->root) out->seeds = path_join(c->arena, out->root, seeds);
  return load_envs(c, out, e);
}

/* ---- the schema ---- */

static bool load(Cli *c, const char *path, bool silent, Schema **out, Err *e) {
  Source *sources;
  uint32_t n;
  if (!schema_read(c->arena, path, &sources, &n, e)) return false;
  Diags d = {.arena = c->arena, .sources = sources, .n_sources = n};
  *out = schema_load(c->arena, sources, n, &d);
  if (!silent) cli_diagnose(c, &d);
  return *out || err_set(e, ERR_P1012, "%s", "");
}

bool schema_of_path(Cli *c, const char *path, Schema **out, Err *e) { return load(c, path, false, out, e); }

static bool with_hint(Err *e) {
  err_text(e->hint, sizeof e->hint,
           SLICE("a project has lorm.config.lua, schema/*.prisma or prisma/schema.prisma; "
                 "--schema PATH names a schema anywhere"));
  return false;
}

bool project_root(const Project *p, Err *e) {
  if (p->root) return true;
  err_set(e, ERR_IO, "There is no project here, nor in a folder above");
  return with_hint(e);
}

static bool no_schema(const Project *p, Err *e) {
  if (!project_root(p, e)) return false;
  err_set(e, ERR_IO, "There is no schema in this project (%s)", p->root);
  return with_hint(e);
}

bool project_sources(Cli *c, const Project *p, Source **sources, uint32_t *n, Err *e) {
  return p->schema_path ? schema_read(c->arena, p->schema_path, sources, n, e) : no_schema(p, e);
}

bool project_schema(Cli *c, const Project *p, Schema **out, Err *e) {
  return p->schema_path ? load(c, p->schema_path, false, out, e) : no_schema(p, e);
}

Schema *project_schema_try(Cli *c, const Project *p) {
  Schema *s = NULL;
  Err ignored;
  return p->schema_path && load(c, p->schema_path, true, &s, &ignored) ? s : NULL;
}

/* ---- the database ---- */

static Slice trimmed(Slice s) {
  while (s.n && strchr(" \t\r\n", s.p[0])) s.p++, s.n--;
  while (s.n && strchr(" \t\r\n", s.p[s.n - 1])) s.n--;
  return s;
}

bool url_of_option(Cli *c, const char *text, Slice *out, Err *e) {
  bool is_file = text[0] == '@' || strcmp(text, "-") == 0;
  Slice url = slice_of(text);
  if (is_file && !file_read(c->arena, text + (text[0] == '@'), &url, e)) return false;
  url = trimmed(url);
  if (!url.n) return err_set(e, ERR_P1013, "The URL of the database is empty");
  *out = slice_copy(c->arena, url);
  return true;
}

/* P1012 at the property: its variable is not set, or empty. */
static bool variable_missing(const Schema *s, const Property *url, bool empty, Err *e) {
  const Source *source = &s->sources[url->span.file];
  err_set(e, ERR_P1012, "Environment variable %s: %.*s", empty ? "is empty" : "not found",
          SLICE_ARGS(url->value));
  source_position(source, url->span.start, &e->line, &e->column);
  err_text(e->file, sizeof e->file, source->name);
  err_text(e->hint, sizeof e->hint, SLICE("set it, write it into .env, or give --url"));
  return false;
}

static const Property *datasource_property(const Schema *s, const char *name) {
  return s && s->datasource ? config_property(s->datasource, name) : NULL;
}

/* What a property of the datasource says; empty when there is none, or it names a variable that is not set.
 */
static bool url_of_property(Cli *c, const Schema *s, const char *name, Slice *out, Err *e) {
  const Property *url = datasource_property(s, name);
  *out = (Slice){0};
  if (!url) return true;
  const char *value = url->is_env ? getenv(slice_copy(c->arena, url->value).p) : NULL;
  if (value && !value[0]) return variable_missing(s, url, true, e);
  *out = url->is_env ? slice_of(value) : url->value;
  return true;
}

/* A database that has one URL has both, where the schema says so: nothing falls back from the direct one. */
static bool url_of_datasource(Cli *c, const Schema *s, UrlUse use, Slice *out, Err *e) {
  const Property *property = datasource_property(s, "directUrl");
  Slice direct;
  if (!url_of_property(c, s, "url", out, e)) return false;
  if (use == URL_CLIENT || !property) return true;
  if (!url_of_property(c, s, "directUrl", &direct, e)) return false;
  if (out->n && !direct.n) return variable_missing(s, property, false, e);
  *out = direct;
  return true;
}

bool datasource_url(Cli *c, const Schema *s, UrlUse use, Slice *out, Err *e) {
  if (!url_of_datasource(c, s, use, out, e)) return false;
  if (out->n) return true;
  const Property *url = datasource_property(s, "url");
  if (url) return variable_missing(s, url, false, e);
  return err_set(e, ERR_P1012, "The schema names no database: its datasource has no url");
}

bool datasource_shadow_url(Cli *c, const Schema *s, Slice *out, Err *e) {
  return url_of_property(c, s, "shadowDatabaseUrl", out, e);
}

/* Without any URL, and so without a server of its own: the private one, or what is missing. */
static bool url_of_private(Cli *c, const Project *p, const Schema *s, UrlUse use, Slice *out, Err *e) {
  DevServer *server = ARENA_NEW(c->arena, DevServer);
  if (use == URL_GIVEN || !p->root) return datasource_url(c, s, use, out, e);
  if (!private_open(c, p, &(DevOptions){0}, server, e)) return false;
  *out = slice_of(server->url);
  return true;
}

bool project_url_written(Cli *c, const Project *p, const Schema *s, UrlUse use, Slice *out, Err *e) {
  const char *given = cli_option(c, "--url");
  *out = (Slice){0};
  if (given) return url_of_option(c, given, out, e);
  if (p->config.url.n) *out = p->config.url;
  if (!out->n && !url_of_datasource(c, s, use, out, e)) return false;
  if (!out->n && p->prisma.url.n) *out = p->prisma.url;
  if (!out->n && p->prisma.url_env.n) *out = slice_of(getenv(p->prisma.url_env.p));
  if (!out->n && !datasource_property(s, "url")) *out = slice_of(getenv("DATABASE_URL"));
  return true;
}

bool project_url(Cli *c, const Project *p, const Schema *s, UrlUse use, Slice *out, Err *e) {
  if (!project_url_written(c, p, s, use, out, e)) return false;
  return out->n || url_of_private(c, p, s, use, out, e);
}
