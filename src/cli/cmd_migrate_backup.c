/* The database in a file, and back. */
#include "cli/ask.h"
#include "cli/project.h"
#include "migrate/backup.h"
#include "migrate/migrate.h"

static bool find_database(Cli *c, Slice *url, Err *e) {
  Project p;
  return project_find(c, &p, e) && project_url(c, &p, project_schema_try(c, &p), URL_DIRECT, url, e);
}

int cmd_migrate_backup(Cli *c) {
  const char *path = c->operands[0];
  Slice url;
  Err e;
  if (!find_database(c, &url, &e) || !migrate_backup(url, path, cli_flag(c, "--force"), &e))
    return cli_fail(c, &e);
  printf("The database was dumped into %s\n", path);
  return EXIT_DONE;
}

static bool restore_allowed(const Cli *c, Err *e) {
  if (cli_flag(c, "--force")) return true;
  if (ask_possible()) {
    bool go_on = ask_yes("All data that is in the database now will be lost. Go on?");
    return go_on || err_set(e, ERR_USAGE, "Nothing was restored: the database was not changed");
  }
  err_set(e, ERR_USAGE, "Restoring loses all data that is in the database now, and nobody is there to ask");
  err_text(e->hint, sizeof e->hint, SLICE("--force goes on all the same"));
  return false;
}

int cmd_migrate_restore(Cli *c) {
  const char *path = c->operands[0];
  bool created;
  Slice url;
  Err e;
  if (!find_database(c, &url, &e) || !restore_allowed(c, &e) || !migrate_ensure_database(url, &created, &e) ||
      !migrate_restore(url, path, &e))
    return cli_fail(c, &e);
  printf("The database was restored from %s\n", path);
  return EXIT_DONE;
}
