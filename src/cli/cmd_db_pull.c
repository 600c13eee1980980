/* The schema, as the database has it. */
#include "cli/file.h"
#include "cli/generate.h"
#include "cli/project.h"
#include "loop/loop.h"
#include "migrate/pull.h"

typedef struct Pull {
  Cli *c;
  Project project;
  Schema *old;
  const char *file; /* where the schema goes */
  Slice url;
  Err *e;
} Pull;

static bool choose_file(Pull *p) {
  if (p->old->n_sources == 1) {
    p->file = p->old->sources[0].name.p;
    return true;
  }
  if (cli_flag(p->c, "--print")) return true;
  err_set(p->e, ERR_USAGE, "The schema in %s is in several files, and what is pulled is one",
          p->project.schema_path);
  err_text(p->e->hint, sizeof p->e->hint, SLICE("--print writes it to standard output"));
  return false;
}

/* --force: nothing of the old schema counts but where the database is. */
static bool forget(Pull *p) {
  Buf b = buf_in(p->c->arena);
  if (p->old->datasource) buf_slice_add(&b, schema_block(p->old, p->old->datasource->span));
  for (uint32_t i = 0; i < p->old->n_generators; i++) {
    buf_text(&b, "\n\n");
    buf_slice_add(&b, schema_block(p->old, p->old->generators[i].span));
  }
  buf_byte(&b, '\n');
  Source *source = ARENA_NEW(p->c->arena, Source);
  *source = (Source){p->old->sources[0].name, buf_slice(&b)};
  Diags d = {.arena = p->c->arena, .sources = source, .n_sources = 1};
  p->old = schema_load(p->c->arena, source, 1, &d);
  cli_diagnose(p->c, &d);
  return p->old || err_set(p->e, ERR_P1012, "%s", "");
}

static bool pull(Pull *p, PullReport *report) {
  Cli *c = p->c;
  return project_find(c, &p->project, p->e) && project_schema(c, &p->project, &p->old, p->e) &&
         project_url(c, &p->project, p->old, URL_DIRECT, &p->url, p->e) && choose_file(p) &&
         (!cli_flag(c, "--force") || forget(p)) && migrate_pull(c->arena, p->old, p->url, report, p->e);
}

static uint32_t count_models(const Cli *c, Slice text) {
  Source source = {SLICE("pulled"), text};
  Diags d = {.arena = c->arena, .sources = &source, .n_sources = 1};
  const Schema *s = schema_load(c->arena, &source, 1, &d);
  return s ? s->n_models : 0;
}

int cmd_db_pull(Cli *c) {
  Err e;
  Pull p = {.c = c, .e = &e};
  PullReport report;
  int64_t begun = loop_clock_us();
  if (!pull(&p, &report)) return cli_fail(c, &e);
  fprintf(stderr, "%.*s", SLICE_ARGS(report.warnings)); /* with headings of their own */
  if (cli_flag(c, "--print")) {
    fwrite(report.schema.p, 1, report.schema.n, stdout);
    return EXIT_DONE;
  }
  if (!file_write(c->arena, p.file, report.schema, &e)) return cli_fail(c, &e);
  uint32_t n = count_models(c, report.schema);
  printf("Introspected %u model%s and wrote %s into %s in %dms\n", n, n == 1 ? "" : "s",
         n == 1 ? "it" : "them", p.file, (int)((loop_clock_us() - begun) / 1000));
  generate_again(c);
  return EXIT_DONE;
}
