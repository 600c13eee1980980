/* Lint: the migrations of the project, or files of SQL. */
#include <stdlib.h>

#include "base/json.h"
#include "base/vec.h"
#include "cli/file.h"
#include "cli/lint_show.h"
#include "cli/project.h"
#include "migrate/history.h"

typedef struct Linting {
  Cli *c;
  Source *scripts;
  uint32_t n;
  LintView view;
  Err *e;
} Linting;

static bool read_operands(Linting *l) {
  for (int i = 0; i < l->c->n_operands; i++) {
    const char *path = l->c->operands[i];
    Slice text;
    if (file_is_folder(path)) path = path_join(l->c->arena, path, SLICE("migration.sql"));
    if (!file_read(l->c->arena, path, &text, l->e)) return false;
    *VEC_PUSH(l->c->arena, l->scripts, l->n) = (Source){slice_of(path), text};
  }
  return true;
}

static bool read_migrations(Linting *l) {
  const char *folder = cli_option(l->c, "--migrations"), *latest = cli_option(l->c, "--latest");
  Project p;
  Migration *all;
  uint32_t n, most = latest ? (uint32_t)strtoul(latest, NULL, 10) : UINT32_MAX;
  if (!project_find(l->c, &p, l->e) || (!folder && !project_root(&p, l->e))) return false;
  if (folder && !file_is_folder(folder))
    return err_set(l->e, ERR_IO, "There is no folder of migrations at %s", folder);
  if (!migrations_read(l->c->arena, folder ? folder : p.migrations, &all, &n, l->e)) return false;
  for (uint32_t i = n > most ? n - most : 0; i < n; i++)
    *VEC_PUSH(l->c->arena, l->scripts, l->n) = (Source){all[i].path, all[i].script};
  return true;
}

static void put_finding(Buf *b, const Source *source, const LintFinding *f) {
  uint32_t line, column;
  source_position(source, f->start, &line, &column);
  buf_text(b, "{\"rule\":");
  json_string(b, slice_of(lint_name(f->rule)));
  buf_printf(b, ",\"severity\":\"%s\",\"file\":", lint_severity_name(lint_severity(f->rule)));
  json_string(b, source->name);
  buf_printf(b, ",\"line\":%u,\"column\":%u,\"message\":", line, column);
  json_string(b, f->message);
  buf_text(b, ",\"rewrite\":");
  json_string(b, f->rewrite);
  buf_byte(b, '}');
}

static bool print_json(Linting *l) {
  Buf b = buf_in(l->c->arena);
  LintReport r;
  const char *between = "";
  buf_text(&b, "{\"findings\":[");
  for (uint32_t i = 0; i < l->n; i++) {
    if (!lint_script(l->c->arena, l->scripts[i].text, &r, l->e)) return false;
    for (uint32_t k = 0; k < r.n; k++, between = ",") {
      buf_text(&b, between);
      put_finding(&b, &l->scripts[i], &r.items[k]);
    }
    for (size_t k = 0; k < COUNT(r.count); k++) l->view.count[k] += r.count[k];
  }
  const uint32_t *count = l->view.count;
  buf_printf(&b, "],\"errors\":%u,\"warnings\":%u,\"advice\":%u}", count[LINT_ERROR], count[LINT_WARNING],
             count[LINT_ADVICE]);
  puts(buf_slice(&b).p);
  return true;
}

static bool print_text(Linting *l) {
  l->view = (LintView){
      stdout, l->c->color_out, cli_flag(l->c, "--advice") ? LINT_ADVICE : LINT_WARNING, false, {0}};
  for (uint32_t i = 0; i < l->n; i++)
    if (!lint_show(l->c, &l->view, l->scripts[i].name, l->scripts[i].text, l->e)) return false;
  const uint32_t *count = l->view.count;
  printf("%u script%s: %u error%s, %u warning%s, %u piece%s of advice\n", l->n, l->n == 1 ? "" : "s",
         count[LINT_ERROR], count[LINT_ERROR] == 1 ? "" : "s", count[LINT_WARNING],
         count[LINT_WARNING] == 1 ? "" : "s", count[LINT_ADVICE], count[LINT_ADVICE] == 1 ? "" : "s");
  if (count[LINT_ADVICE] && l->view.least > LINT_ADVICE) cli_hint(l->c, "--advice shows it");
  return true;
}

int cmd_migrate_lint(Cli *c) {
  Err e;
  Linting l = {.c = c, .e = &e};
  if (!(c->n_operands ? read_operands(&l) : read_migrations(&l))) return cli_fail(c, &e);
  if (!(c->json ? print_json(&l) : print_text(&l))) return cli_fail(c, &e);
  return l.view.count[LINT_ERROR] ? EXIT_FAILED : EXIT_DONE;
}
