#include "cli/file.h"
#include "cli/project.h"
#include "migrate/migrate.h"

enum {
  N_KINDS = 7,
  DIFFERENT = 2 /* the exit status with --exit-code */
};

typedef struct Diffing {
  Cli *c;
  Project p;
  Schema *own; /* the project's schema, or NULL */
  Err *e;
} Diffing;

typedef bool EndTake(Diffing *d, const char *value, DiffEnd *end);

static bool take_empty(Diffing *d, const char *value, DiffEnd *end) {
  (void)d, (void)value;
  end->kind = DIFF_EMPTY;
  return true;
}

static bool take_schema(Diffing *d, const char *value, DiffEnd *end) {
  Schema *s;
  end->kind = DIFF_SCHEMA;
  if (!schema_of_path(d->c, value, &s, d->e)) return false;
  end->schema = s;
  return true;
}

/* Where migrations are replayed: as said, else on the server of the project's database. */
static bool shadow_url(Diffing *d, Slice *url) {
  const char *given = cli_option(d->c, "--shadow-database-url");
  if (given) return url_of_option(d->c, given, url, d->e);
  return project_url(d->c, &d->p, d->own, URL_DIRECT, url, d->e);
}

static bool take_migrations(Diffing *d, const char *value, DiffEnd *end) {
  end->kind = DIFF_MIGRATIONS;
  end->migrations = value;
  end->schema = d->own;
  if (!file_is_folder(value)) return err_set(d->e, ERR_IO, "There is no folder of migrations at %s", value);
  return shadow_url(d, &end->url);
}

static bool take_url(Diffing *d, const char *value, DiffEnd *end) {
  end->kind = DIFF_DATABASE;
  end->schema = d->own;
  return url_of_option(d->c, value, &end->url, d->e);
}

static bool take_datasource(Diffing *d, const char *value, DiffEnd *end) {
  Schema *s;
  end->kind = DIFF_DATABASE;
  if (!schema_of_path(d->c, value, &s, d->e)) return false;
  end->schema = s;
  return datasource_url(d->c, s, URL_DIRECT, &end->url, d->e);
}

static bool take_project(Diffing *d, const char *value, DiffEnd *end) {
  (void)value;
  end->kind = DIFF_DATABASE;
  end->schema = d->own;
  return project_url(d->c, &d->p, d->own, URL_DIRECT, &end->url, d->e);
}

/* The kinds of ends, as options of each side. */
static const struct {
  const char *name[2];
  EndTake *take;
} kinds[N_KINDS] = {
    {{"--from-empty", "--to-empty"}, take_empty},
    {{"--from-schema", "--to-schema"}, take_schema},
    {{"--from-schema-datamodel", "--to-schema-datamodel"}, take_schema},
    {{"--from-migrations", "--to-migrations"}, take_migrations},
    {{"--from-url", "--to-url"}, take_url},
    {{"--from-schema-datasource", "--to-schema-datasource"}, take_datasource},
    {{"--from-config-datasource", "--to-config-datasource"}, take_project},
};

/* The one option that names this side, and its value. */
static bool choose(Diffing *d, int side, EndTake **take, const char **value) {
  const char *to = side ? "to" : "from";
  *take = NULL;
  for (size_t i = 0; i < N_KINDS; i++) {
    const char *given = cli_option(d->c, kinds[i].name[side]);
    if (!given) continue;
    if (*take)
      return err_set(d->e, ERR_USAGE, "One --%s-... option is enough: %s is too much", to,
                     kinds[i].name[side]);
    *take = kinds[i].take;
    *value = given;
  }
  return *take || err_set(d->e, ERR_USAGE, "Say where it %s: give one of the --%s-... options",
                          side ? "leads" : "starts", to);
}

/* A live database is read with the eyes of a schema: its own, else the one at the other end. */
static void share_schema(DiffEnd ends[2]) {
  for (int side = 0; side < 2; side++)
    if (!ends[side].schema && ends[side].kind != DIFF_EMPTY) ends[side].schema = ends[!side].schema;
}

static bool diff(Diffing *d, EndTake *const take[2], const char *const value[2], Slice *script, bool *empty) {
  DiffEnd ends[2] = {{0}};
  if (!project_find(d->c, &d->p, d->e)) return false;
  d->own = project_schema_try(d->c, &d->p);
  for (int side = 0; side < 2; side++)
    if (!take[side](d, value[side], &ends[side])) return false;
  share_schema(ends);
  return migrate_diff(d->c->arena, &ends[0], &ends[1], script, empty, d->e);
}

int cmd_migrate_diff(Cli *c) {
  const char *output = cli_option(c, "--output"), *value[2];
  EndTake *take[2];
  Slice script;
  bool empty;
  Err e;
  Diffing d = {.c = c, .e = &e};
  if (!choose(&d, 0, &take[0], &value[0]) || !choose(&d, 1, &take[1], &value[1])) return cli_misuse(c, &e);
  if (!diff(&d, take, value, &script, &empty)) return cli_fail(c, &e);
  if (output && !file_write(c->arena, output, script, &e)) return cli_fail(c, &e);
  if (!output) fwrite(script.p, 1, script.n, stdout);
  return cli_flag(c, "--exit-code") && !empty ? DIFFERENT : EXIT_DONE;
}
