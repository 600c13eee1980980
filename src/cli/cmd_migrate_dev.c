/* From a schema that changed to a migration that says so. */
#include "base/vec.h"
#include "cli/ask.h"
#include "cli/generate.h"
#include "cli/lint_show.h"
#include "cli/target.h"

typedef struct Dev {
  Cli *c;
  MigrationTarget t;
  uint32_t n_applied;
  bool was_reset;
  Rename *known; /* what was found out about renames */
  uint32_t n_known;
  Err *e;
} Dev;

/* What stands between the database and further migrations is lost with it, if somebody says so. */
static bool settle(Dev *d) {
  Slice reason;
  if (!migrate_diagnose(d->c->arena, &d->t, &reason, d->e)) return false;
  if (!reason.n) return true;
  fprintf(stderr, "%.*s\n", SLICE_ARGS(reason));
  if (!ask_possible() || !ask_yes("The database must be reset: all data will be lost. Go on?")) {
    err_set(d->e, ERR_USAGE, "The database must be reset before it can be migrated further");
    err_text(d->e->hint, sizeof d->e->hint, SLICE("`lorm migrate reset` does it; all data will be lost"));
    return false;
  }
  d->was_reset = true;
  return migrate_reset(d->c->arena, &d->t, d->e);
}

/* ---- renames ---- */

static Slice part_before(Slice *s, char border) {
  const char *at = memchr(s->p, border, s->n);
  Slice before = {s->p, at ? (uint32_t)(at - s->p) : s->n};
  s->p += before.n + (at != NULL);
  s->n -= before.n + (at != NULL);
  return before;
}

/* --rename A:B,A.c:d */
static bool take_renames(Dev *d) {
  Slice rest = slice_of(cli_option(d->c, "--rename"));
  while (rest.n) {
    Slice one = part_before(&rest, ','), old = part_before(&one, ':');
    Rename r = {.from = old, .to = one, .accepted = true, .named = true};
    if (memchr(old.p, '.', old.n)) {
      r.of = part_before(&old, '.');
      r.from = old;
    }
    if (!r.from.n || !r.to.n)
      return err_set(d->e, ERR_USAGE, "--rename is OLD:NEW, as in Table.column:column or Table:Table");
    *VEC_PUSH(d->c->arena, d->known, d->n_known) = r;
  }
  return true;
}

static Slice describe(Dev *d, const Rename *r) {
  static const char *const kinds[] = {"table", "column", "enum", "enum value"};
  return slice_printf(d->c->arena, "the %s %.*s%s%.*s", kinds[r->kind], SLICE_ARGS(r->of), r->of.n ? "." : "",
                      SLICE_ARGS(r->from));
}

static void ask_rename(Dev *d, Rename r) {
  Slice what = describe(d, &r);
  Slice question =
      slice_printf(d->c->arena, "Was %.*s renamed to %.*s? If not, it is dropped, and %.*s is new.",
                   SLICE_ARGS(what), SLICE_ARGS(r.to), SLICE_ARGS(r.to));
  r.accepted = ask_yes(question.p);
  *VEC_PUSH(d->c->arena, d->known, d->n_known) = r;
}

/* Nobody is there to ask: what would be dropped is not dropped by accident. */
static bool refuse_renames(Dev *d, const MigrationPlan *plan) {
  bool create_only = cli_flag(d->c, "--create-only");
  for (uint32_t i = 0; i < plan->n_renames; i++) {
    const Rename *r = &plan->renames[i];
    cli_warn(d->c, "%.*s looks as if it was renamed to %.*s; this migration drops it, and makes %.*s anew",
             SLICE_ARGS(describe(d, r)), SLICE_ARGS(r->to), SLICE_ARGS(r->to));
  }
  const Rename *first = &plan->renames[0];
  Slice hint = slice_printf(
      d->c->arena, "--rename %.*s%s%.*s:%.*s says that it was, --no-renames that nothing was",
      SLICE_ARGS(first->of), first->of.n ? "." : "", SLICE_ARGS(first->from), SLICE_ARGS(first->to));
  if (create_only) {
    cli_hint(d->c, "%.*s", SLICE_ARGS(hint));
    return true;
  }
  err_set(d->e, ERR_USAGE, "No migration was written: nobody is there to say what was renamed");
  err_text(d->e->hint, sizeof d->e->hint, hint);
  return false;
}

/* Answers lead to further questions: the columns of a table that was renamed may have been, too. */
static bool plan_with_renames(Dev *d, MigrationPlan *plan) {
  if (!take_renames(d)) return false;
  for (;;) {
    if (!migrate_plan(d->c->arena, &d->t, d->known, d->n_known, plan, d->e)) return false;
    if (!plan->n_renames || cli_flag(d->c, "--no-renames")) return true;
    if (!ask_possible()) return refuse_renames(d, plan);
    for (uint32_t i = 0; i < plan->n_renames; i++) ask_rename(d, plan->renames[i]);
  }
}

/* ---- the migration ---- */

/* Is the plan to be carried out, as far as the data that is there goes? */
static bool acceptable(Dev *d, const MigrationPlan *plan) {
  bool create_only = cli_flag(d->c, "--create-only");
  if (plan->n_unexecutable) fputs("These changes cannot be made on the data that is there:\n", stderr);
  target_list(stderr, plan->unexecutable, plan->n_unexecutable);
  if (plan->n_warnings) fputs("There might be data loss:\n", stderr);
  target_list(stderr, plan->warnings, plan->n_warnings);
  if (create_only || (!plan->n_unexecutable && !plan->n_warnings)) return true;
  bool asked = !plan->n_unexecutable && ask_possible();
  if (asked && ask_yes("Are you sure you want to create and apply this migration?")) return true;
  err_set(d->e, ERR_USAGE, "No migration was written");
  err_text(d->e->hint, sizeof d->e->hint,
           SLICE("--create-only writes it, to be edited before it is applied"));
  return false;
}

static Slice name_of(Dev *d) {
  const char *given = cli_option(d->c, "--name");
  if (given) return slice_of(given);
  return ask_possible() ? ask_line(d->c->arena, "Enter a name for the new migration:") : SLICE("");
}

/* What would hurt where others use the database; here it is only said. */
static bool lint_migration(Dev *d, Slice name, Slice script) {
  LintView view = {.to = stderr, .color = d->c->color, .least = LINT_WARNING, .mild = true};
  Slice path = slice_printf(d->c->arena, "%s/%.*s/migration.sql", d->t.folder, SLICE_ARGS(name));
  return lint_show(d->c, &view, path, script, d->e);
}

static bool write_migration(Dev *d, const MigrationPlan *plan) {
  Slice name;
  uint32_t n;
  if (!migrations_write(d->c->arena, d->t.folder, name_of(d), plan->script, &name, d->e)) return false;
  printf("%s/%.*s/migration.sql\n", d->t.folder, SLICE_ARGS(name));
  if (!lint_migration(d, name, plan->script)) return false;
  if (cli_flag(d->c, "--create-only")) {
    cli_note(d->c, "The migration was created and not applied: edit it, then `lorm migrate dev` applies it.");
    return true;
  }
  return target_deploy(d->c, &d->t, &n, d->e) &&
         (puts("Your database is now in sync with your schema."), true);
}

static bool develop(Dev *d) {
  MigrationPlan plan;
  if (!target_open(d->c, URL_DIRECT, true, &d->t, d->e) || !settle(d) ||
      !target_deploy(d->c, &d->t, &d->n_applied, d->e) || !plan_with_renames(d, &plan))
    return false;
  if (!plan.empty || cli_flag(d->c, "--create-only"))
    return acceptable(d, &plan) && write_migration(d, &plan);
  puts(d->n_applied ? "Your database is now in sync with your schema."
                    : "Already in sync, no schema change or pending migration was found.");
  return true;
}

int cmd_migrate_dev(Cli *c) {
  Err e;
  Dev d = {.c = c, .e = &e};
  if (!develop(&d)) return cli_fail(c, &e);
  generate_again(c);
  return d.was_reset && !cli_flag(c, "--skip-seed") ? seed_again(c) : EXIT_DONE;
}
