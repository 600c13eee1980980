#include "cli/project.h"
#include "psl/report.h"

/* What db has of its own: a model of that name is reached by db.models only. */
static const char *const taken[] = {
    "as",      "batch",  "begin", "commit",   "disconnect", "emit",   "executeRaw",  "extends",  "hooks",
    "metrics", "models", "on",    "queryRaw", "rollback",   "schema", "transaction", "unhooked", "use",
};

static void warn_names(const Schema *s, Diags *d) {
  for (uint32_t i = 0; i < s->n_models; i++)
    for (size_t k = 0; k < COUNT(taken); k++)
      if (slice_is(s->models[i].name, taken[k]))
        diag_warning(d, s->models[i].span,
                     "`db.%s` is a method: scripts reach this model as `db.models[\"%s\"]` only.", taken[k],
                     taken[k]);
}

static int report(Cli *c, const char *path, const Diags *d) {
  if (c->json) {
    Buf b = buf_in(c->arena);
    schema_report_json(&b, d);
    fwrite(b.p, 1, b.n, stdout);
  } else {
    cli_diagnose(c, d);
    if (d->n_errors > MOST_DIAGS) cli_note(c, "\nOnly the first %d are shown.", MOST_DIAGS);
    if (d->n_errors) {
      cli_note(c, "\n%u error%s in the schema at %s", d->n_errors, d->n_errors == 1 ? "" : "s", path);
    } else {
      cli_note(c, "The schema at %s is valid", path);
    }
  }
  return d->n_errors ? EXIT_FAILED : EXIT_DONE;
}

int cmd_validate(Cli *c) {
  Project p;
  Source *sources;
  uint32_t n;
  Diags d;
  Err e;
  if (!project_find(c, &p, &e) || !project_sources(c, &p, &sources, &n, &e)) return cli_fail(c, &e);
  const Schema *s = schema_load(c->arena, sources, n, &d);
  if (!s && !d.n_errors) return cli_fail(c, (err_oom(&e), &e));
  if (s) warn_names(s, &d);
  return report(c, p.schema_path, &d);
}
