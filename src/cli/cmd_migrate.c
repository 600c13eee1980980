/* Migrations that are there: deploy, status, resolve, reset. */
#include "base/json.h"
#include "cli/ask.h"
#include "cli/lint_show.h"
#include "cli/target.h"

/* ---- deploy ---- */

/* Nothing is applied when something that is pending is not safe. */
static bool lint_pending(Cli *c, const MigrationTarget *t, Err *e) {
  LintView view = {.to = stderr, .color = c->color, .least = LINT_WARNING};
  HistoryStatus h;
  Migration *all;
  uint32_t n;
  if (!migrate_status(c->arena, t, &h, e) || !migrations_read(c->arena, t->folder, &all, &n, e)) return false;
  for (uint32_t i = 0; i < n; i++) /* the status begins with the folder's, in the same order */
    if (h.items[i].state == MIGRATION_PENDING && !lint_show(c, &view, all[i].path, all[i].script, e))
      return false;
  if (!view.count[LINT_ERROR]) return true;
  err_set(e, ERR_USAGE, "Nothing was applied: the pending migrations have %u error%s", view.count[LINT_ERROR],
          view.count[LINT_ERROR] == 1 ? "" : "s");
  err_text(e->hint, sizeof e->hint,
           SLICE("a comment `-- lorm-ignore RULE` in front of a statement says that it is meant"));
  return false;
}

int cmd_migrate_deploy(Cli *c) {
  MigrationTarget t;
  Err e;
  uint32_t n;
  if (!target_open(c, URL_GIVEN, true, &t, &e)) return cli_fail(c, &e);
  t.backup = cli_option(c, "--backup");
  if ((cli_flag(c, "--lint") && !lint_pending(c, &t, &e)) || !target_deploy(c, &t, &n, &e))
    return cli_fail(c, &e);
  puts(n ? "All migrations have been successfully applied." : "No pending migrations to apply.");
  return EXIT_DONE;
}

/* ---- status ---- */

static void list_state(const HistoryStatus *h, MigrationState state, uint32_t n, const char *title) {
  if (!n) return;
  printf("%s:\n", title);
  for (uint32_t i = 0; i < h->n; i++)
    if (h->items[i].state == state) printf("  - %.*s\n", SLICE_ARGS(h->items[i].name));
}

static void print_status(const Cli *c, const HistoryStatus *h) {
  list_state(h, MIGRATION_FAILED, h->n_failed, "Migrations that failed");
  list_state(h, MIGRATION_MISSING, h->n_missing, "Migrations that were applied, but are not in the folder");
  list_state(h, MIGRATION_PENDING, h->n_pending, "Migrations that have not yet been applied");
  for (uint32_t i = 0; i < h->n; i++)
    if (h->items[i].edited)
      cli_warn(c, "%.*s was modified after it was applied", SLICE_ARGS(h->items[i].name));
  if (h->n_failed) cli_hint(c, "`lorm migrate resolve` says what became of a failed migration");
  if (h->n_pending) cli_hint(c, "`lorm migrate dev` applies them, `lorm migrate deploy` does in production");
}

static void print_json(Cli *c, const HistoryStatus *h) {
  static const char *const states[] = {"pending", "applied", "failed", "missing"};
  Buf b = buf_in(c->arena);
  buf_printf(&b, "{\"managed\":%s,\"migrations\":[", h->has_table || h->empty ? "true" : "false");
  for (uint32_t i = 0; i < h->n; i++) {
    buf_text(&b, i ? ",{\"name\":" : "{\"name\":");
    json_string(&b, h->items[i].name);
    buf_printf(&b, ",\"state\":\"%s\",\"edited\":%s}", states[h->items[i].state],
               h->items[i].edited ? "true" : "false");
  }
  printf("%.*s]}\n", (int)b.n, b.p);
}

static bool up_to_date(const HistoryStatus *h) {
  return !h->n_failed && !h->n_missing && !h->n_pending && (h->has_table || h->empty);
}

int cmd_migrate_status(Cli *c) {
  MigrationTarget t;
  HistoryStatus h;
  Err e;
  if (!target_open(c, URL_DIRECT, false, &t, &e) || !migrate_status(c->arena, &t, &h, &e))
    return cli_fail(c, &e);
  if (c->json) {
    print_json(c, &h);
    return up_to_date(&h) ? EXIT_DONE : EXIT_FAILED;
  }
  printf("%u migration%s found in %s\n", h.n - h.n_missing, h.n - h.n_missing == 1 ? "" : "s", t.folder);
  print_status(c, &h);
  if (!h.has_table && !h.empty) {
    puts("The current database is not managed by migrations.");
    cli_hint(c, "`lorm migrate resolve --applied` records what is there already");
  }
  if (!up_to_date(&h)) return EXIT_FAILED;
  puts("Database schema is up to date!");
  return EXIT_DONE;
}

/* ---- resolve, reset ---- */

int cmd_migrate_resolve(Cli *c) {
  const char *applied = cli_option(c, "--applied"), *back = cli_option(c, "--rolled-back");
  const char *name = applied ? applied : back;
  MigrationTarget t;
  Err e;
  if (!name || (applied && back)) {
    err_set(&e, ERR_USAGE, "Give either --applied NAME or --rolled-back NAME");
    return cli_misuse(c, &e);
  }
  if (!target_open(c, URL_DIRECT, false, &t, &e) ||
      !migrate_resolve(c->arena, &t, slice_of(name), applied != NULL, &e))
    return cli_fail(c, &e);
  printf("Migration %s marked as %s.\n", name, applied ? "applied" : "rolled back");
  return EXIT_DONE;
}

static bool reset_allowed(const Cli *c, Err *e) {
  if (cli_flag(c, "--force")) return true;
  if (ask_possible()) {
    bool go_on = ask_yes("Are you sure you want to reset your database? All data will be lost.");
    return go_on || err_set(e, ERR_USAGE, "Reset cancelled: the database was not changed");
  }
  err_set(e, ERR_USAGE, "A reset loses all data, and nobody is there to ask");
  err_text(e->hint, sizeof e->hint, SLICE("--force goes on all the same"));
  return false;
}

int cmd_migrate_reset(Cli *c) {
  MigrationTarget t;
  Err e;
  uint32_t n;
  if (!target_open(c, URL_DIRECT, true, &t, &e) || !reset_allowed(c, &e) ||
      !migrate_reset(c->arena, &t, &e) || !target_deploy(c, &t, &n, &e))
    return cli_fail(c, &e);
  puts("Database reset successful");
  return cli_flag(c, "--skip-seed") ? EXIT_DONE : seed_again(c);
}
