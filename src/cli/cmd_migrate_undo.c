/* The last migration, taken back. */
#include "cli/target.h"

static int refuse(Cli *c, const UndoReport *r) {
  Err e;
  if (r->n_unexecutable) fputs("This cannot be done on the data that is there:\n", stderr);
  target_list(stderr, r->unexecutable, r->n_unexecutable);
  if (r->n_losses) fputs("This would be lost, or stay:\n", stderr);
  target_list(stderr, r->losses, r->n_losses);
  err_set(&e, ERR_USAGE, "The migration %.*s was not undone", SLICE_ARGS(r->name));
  err_text(
      e.hint, sizeof e.hint,
      r->n_unexecutable
          ? SLICE("`lorm migrate undo --print` prints the SQL, to be edited and run by `lorm db execute`")
          : SLICE("--force goes on all the same; `lorm migrate backup FILE` saves the data first"));
  return cli_fail(c, &e);
}

int cmd_migrate_undo(Cli *c) {
  UndoOptions o = {.force = cli_flag(c, "--force"), .dry_run = cli_flag(c, "--print")};
  MigrationTarget t;
  UndoReport r;
  Err e;
  if (!target_open(c, URL_DIRECT, false, &t, &e) || !migrate_undo(c->arena, &t, &o, &r, &e))
    return cli_fail(c, &e);
  if (!r.name.n) {
    puts("No migration is applied: there is nothing to undo.");
    return EXIT_DONE;
  }
  if (o.dry_run) {
    fwrite(r.script.p, 1, r.script.n, stdout);
    return EXIT_DONE;
  }
  if (!r.done) return refuse(c, &r);
  printf("The migration %.*s was undone, and is pending again.\n", SLICE_ARGS(r.name));
  cli_hint(c, "edit it or remove its folder: `lorm migrate dev` would apply it again");
  return EXIT_DONE;
}
