#include "psl/format.h"

#include "psl/complete.h"
#include "psl/parse.h"
#include "psl/print.h"

typedef struct Formatting {
  Arena *arena;
  const Source *sources;
  uint32_t n;
  Slice *out;
} Formatting;

static void format_body(void *ctx) {
  Formatting *f = ctx;
  Source *sources = arena_copy(f->arena, f->sources, f->n * sizeof *f->sources);
  complete_sources(f->arena, sources, f->n);
  for (uint32_t i = 0; i < f->n; i++) {
    Diags ignored = {.arena = f->arena, .sources = sources, .n_sources = f->n};
    Ast ast = {.n = 0};
    parse_source(f->arena, &sources[i], i, &ast, &ignored);
    f->out[i] = print_source(f->arena, &sources[i], &ast);
  }
}

bool schema_format(Arena *a, const Source *sources, uint32_t n, Slice out[], Err *e) {
  Formatting f = {a, sources, n, out};
  return arena_protect(a, NULL, format_body, &f) || err_oom(e);
}
