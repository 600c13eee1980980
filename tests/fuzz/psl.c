/* The schema language against any bytes. A form feed begins another file of the schema.
 *   - nothing crashes, with memory and, in one input of eight, without;
 *   - a schema is loaded if and only if there is no error, every diagnostic can be shown;
 *   - formatting what is formatted changes nothing, if all of its lines are understood; what is valid stays
 * so. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "psl/dmmf.h"
#include "psl/format.h"
#include "psl/parse.h"
#include "psl/report.h"

enum {
  MOST_FILES = 3
};

typedef struct Input {
  Arena *arena;
  Source sources[MOST_FILES];
  uint32_t n;
  Schema *schema;
  Diags diags;
} Input;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool good, const char *what, int line) {
  if (good) return;
  fprintf(stderr, "%d: %s\n", line, what);
  abort();
}

#define NEED(condition) need((condition), #condition, __LINE__)

static void show(void *ctx) {
  Input *in = ctx;
  Buf b = buf_in(in->arena);
  for (uint32_t i = 0; i < in->diags.n; i++) diag_render(&b, &in->diags, &in->diags.items[i], i & 1);
  schema_report_json(&b, &in->diags);
  if (in->schema) schema_dmmf(&b, in->schema);
}

static void load(Input *in) {
  in->schema = schema_load(in->arena, in->sources, in->n, &in->diags);
  NEED((in->schema != NULL) == (in->diags.n_errors == 0));
  NEED(arena_protect(in->arena, NULL, show, in));
}

typedef struct Parsing {
  const Input *in;
  Diags diags;
} Parsing;

static void parse(void *ctx) {
  Parsing *p = ctx;
  Ast ast = {.n = 0};
  for (uint32_t i = 0; i < p->in->n; i++)
    if (utf8_valid(p->in->sources[i].text))
      parse_source(p->in->arena, &p->in->sources[i], i, &ast, &p->diags);
    else
      p->diags.n_errors++;
}

static bool parses(const Input *in) {
  Parsing p = {in, {.arena = in->arena, .sources = in->sources, .n_sources = in->n}};
  NEED(arena_protect(in->arena, NULL, parse, &p));
  return p.diags.n_errors == 0;
}

static void format_twice(Input *in) {
  Slice once[MOST_FILES], twice[MOST_FILES];
  Source again[MOST_FILES];
  Diags d;
  Err e;
  NEED(schema_format(in->arena, in->sources, in->n, once, &e));
  for (uint32_t i = 0; i < in->n; i++) again[i] = (Source){in->sources[i].name, once[i]};
  NEED(schema_format(in->arena, again, in->n, twice, &e));
  if (!parses(in)) return;
  for (uint32_t i = 0; i < in->n; i++) NEED(slice_eq(once[i], twice[i]));
  if (in->schema) NEED(schema_load(in->arena, again, in->n, &d) != NULL);
}

static void starve(Input *in, long calls) {
  Slice out[MOST_FILES];
  Diags d;
  Err e;
  mem_fail_after(calls, true);
  Schema *s = schema_load(in->arena, in->sources, in->n, &d);
  bool formatted = schema_format(in->arena, in->sources, in->n, out, &e);
  mem_fail_after(-1, false);
  NEED(formatted || e.code == ERR_OUT_OF_MEMORY);
  (void)s;
}

static uint32_t split(Slice text, Source sources[MOST_FILES]) {
  uint32_t n = 0;
  while (n < MOST_FILES) {
    const char *end = n + 1 < MOST_FILES && text.n ? memchr(text.p, '\f', text.n) : NULL;
    Slice part = {text.p, end ? (uint32_t)(end - text.p) : text.n};
    sources[n++] = (Source){SLICE("a.prisma"), part};
    if (!end) break;
    text = (Slice){end + 1, text.n - part.n - 1};
  }
  return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *copy = malloc(size + !size); /* so that reading past the end is noticed */
  Input in = {.arena = arena_new(0)};
  NEED(copy && in.arena);
  if (size) memcpy(copy, data, size);
  in.n = split((Slice){copy, (uint32_t)size}, in.sources);
  if (size % 8 == 0) {
    starve(&in, (long)(slice_hash((Slice){copy, (uint32_t)size}) % 1000));
  } else {
    load(&in);
    format_twice(&in);
  }
  arena_free(in.arena);
  free(copy);
  return 0;
}
