/* Changes of the database without a migration: push, execute. */
#include "cli/file.h"
#include "cli/generate.h"
#include "cli/project.h"
#include "loop/loop.h"
#include "migrate/migrate.h"

static void list(const char *title, const Slice *lines, uint32_t n) {
  if (!n) return;
  fprintf(stderr, "%s\n", title);
  for (uint32_t i = 0; i < n; i++) fprintf(stderr, "  - %.*s\n", SLICE_ARGS(lines[i]));
}

static void explain(const Cli *c, const PushReport *r, const PushOptions *o) {
  list("These changes cannot be made on the data that is there:", r->unexecutable, r->n_unexecutable);
  list("There might be data loss:", r->warnings, r->n_warnings);
  if (r->done) return;
  if (r->n_unexecutable) {
    cli_hint(c, "--force-reset empties the database first: all data will be lost");
  } else if (!o->accept_data_loss) {
    cli_hint(c, "--accept-data-loss goes on all the same");
  }
}

static bool push(Cli *c, const PushOptions *o, PushReport *report, Err *e) {
  Project p;
  Schema *s;
  Slice url;
  bool created;
  if (!project_find(c, &p, e) || !project_schema(c, &p, &s, e) ||
      !project_url(c, &p, s, URL_DIRECT, &url, e) || !migrate_ensure_database(url, &created, e))
    return false;
  if (created) cli_note(c, "The database did not exist and was created.");
  return migrate_push(c->arena, s, url, o, report, e);
}

int cmd_db_push(Cli *c) {
  PushOptions o = {cli_flag(c, "--accept-data-loss"), cli_flag(c, "--force-reset")};
  PushReport report = {0};
  Err e;
  int64_t start = loop_clock_us();
  if (!push(c, &o, &report, &e)) return cli_fail(c, &e);
  explain(c, &report, &o);
  if (!report.done) {
    err_set(&e, ERR_USAGE, "The database was not changed");
    return cli_fail(c, &e);
  }
  if (o.force_reset) cli_note(c, "The database was reset.");
  if (!report.n_steps) {
    puts("The database is already in sync with the Prisma schema.");
  } else {
    printf("Your database is now in sync with your Prisma schema. Done in %dms\n",
           (int)((loop_clock_us() - start) / 1000));
  }
  generate_again(c);
  return EXIT_DONE;
}

static bool execute(Cli *c, const char *path, Err *e) {
  Project p;
  Slice script, url;
  if (!file_read(c->arena, path, &script, e) || !project_find(c, &p, e) ||
      !project_url(c, &p, project_schema_try(c, &p), URL_DIRECT, &url, e))
    return false;
  if (migrate_execute(url, script, e)) return true;
  if (e->line) err_text(e->file, sizeof e->file, slice_of(path));
  return false;
}

int cmd_db_execute(Cli *c) {
  const char *file = cli_option(c, "--file");
  Err e;
  if (cli_flag(c, "--stdin") == (file != NULL)) {
    err_set(&e, ERR_USAGE, "Give either --file FILE or --stdin");
    return cli_misuse(c, &e);
  }
  if (!execute(c, file ? file : "-", &e)) return cli_fail(c, &e);
  puts("Script executed successfully.");
  return EXIT_DONE;
}
