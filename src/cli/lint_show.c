#include "cli/lint_show.h"

static void show(Cli *c, const LintView *view, const Source *source, const LintFinding *f) {
  Diags all = {.arena = c->arena, .sources = source, .n_sources = 1};
  Diag d = {.warning = view->mild || lint_severity(f->rule) != LINT_ERROR,
            .span = {0, f->start, f->end},
            .message = f->message,
            .hint = f->rewrite,
            .code = slice_of(lint_name(f->rule))};
  Buf b = buf_in(c->arena);
  diag_render(&b, &all, &d, view->color);
  fprintf(view->to, "%.*s\n", SLICE_ARGS(buf_slice(&b)));
}

bool lint_show(Cli *c, LintView *view, Slice path, Slice script, Err *e) {
  Source source = {path, script};
  LintReport r;
  if (!lint_script(c->arena, script, &r, e)) {
    err_text(e->file, sizeof e->file, path);
    return false;
  }
  for (uint32_t i = 0; i < r.n; i++)
    if (lint_severity(r.items[i].rule) >= view->least) show(c, view, &source, &r.items[i]);
  for (size_t k = 0; k < COUNT(r.count); k++) view->count[k] += r.count[k];
  return true;
}
