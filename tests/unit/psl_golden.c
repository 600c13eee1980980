/* tests/psl/<name>.prisma: a schema, and behind a line "// ---" what is said of it, as comments.
 * tests/psl/format/<name>.txt: a schema, and behind a line "--- formatted" its layout; a line "--- file NAME"
 * begins another file of the schema.
 * tests/psl/dmmf/<name>.txt: a schema, and behind a line "--- json" its parse result. UPDATE=1 in the
 * environment writes what is made now. */
#include "golden.h"
#include "psl/dmmf.h"
#include "psl/format.h"
#include "psl/schema.h"

/* Up to a line that starts with `mark`; all of it when there is none. `rest`: from the mark on. */
static Slice text_before(Slice text, const char *mark, Slice *rest) {
  size_t n = strlen(mark);
  for (const char *p = text.p; p && p < text.p + text.n;) {
    uint32_t left = text.n - (uint32_t)(p - text.p);
    if (left >= n && memcmp(p, mark, n) == 0) {
      *rest = (Slice){p, left};
      return (Slice){text.p, (uint32_t)(p - text.p)};
    }
    p = memchr(p, '\n', left);
    p = p ? p + 1 : NULL;
  }
  *rest = (Slice){"", 0};
  return text;
}

/* --- diagnostics --- */

static void add_comments(Buf *to, Slice text) {
  while (text.n) {
    Slice line = golden_line(&text);
    buf_printf(to, "//%s%.*s\n", line.n ? " " : "", SLICE_ARGS(line));
  }
}

static void remake_diagnostics(Golden *g) {
  Slice rest, schema = text_before(g->text, "// ---", &rest);
  Source source = {slice_of(strrchr(g->path, '/') + 1), schema};
  Diags d;
  Buf said = buf_in(g->arena);
  Schema *s = schema_load(g->arena, &source, 1, &d);
  CHECK((s != NULL) == (d.n_errors == 0));
  for (uint32_t i = 0; i < d.n; i++) {
    if (i) buf_byte(&said, '\n');
    diag_render(&said, &d, &d.items[i], false);
  }
  if (s) buf_text(&said, "valid\n");
  buf_slice_add(&g->out, schema);
  buf_text(&g->out, "// ---\n");
  add_comments(&g->out, buf_slice(&said));
}

/* --- layout --- */

enum {
  MOST_FILES = 4
};

static uint32_t split_files(Slice text, Source sources[MOST_FILES]) {
  static const char mark[] = "--- file ";
  uint32_t n = 1;
  Slice rest;
  sources[0] = (Source){SLICE("schema.prisma"), text_before(text, mark, &rest)};
  while (rest.n && n < MOST_FILES) {
    Slice line = golden_line(&rest);
    sources[n].name = (Slice){line.p + sizeof mark - 1, line.n - (uint32_t)sizeof mark + 1};
    sources[n++].text = text_before(rest, mark, &rest);
  }
  return n;
}

static void remake_layout(Golden *g) {
  Slice rest, input = text_before(g->text, "--- formatted", &rest), out[MOST_FILES], again[MOST_FILES];
  Source sources[MOST_FILES];
  Err e;
  uint32_t n = split_files(input, sources);
  buf_slice_add(&g->out, input);
  if (input.n && input.p[input.n - 1] != '\n') buf_byte(&g->out, '\n');
  CHECK(schema_format(g->arena, sources, n, out, &e));
  for (uint32_t i = 0; i < n; i++) {
    buf_printf(&g->out, "--- formatted%s%.*s\n", i ? " " : "", i ? (int)sources[i].name.n : 0,
               sources[i].name.p);
    buf_slice_add(&g->out, out[i]);
    sources[i].text = out[i];
  }
  CHECK(schema_format(g->arena, sources, n, again, &e));
  for (uint32_t i = 0; i < n; i++) CHECK(slice_eq(again[i], out[i]));
}

/* --- parse results --- */

/* A line for each object in a list. */
static void add_json(Buf *to, Slice json) {
  for (uint32_t i = 0; i < json.n; i++) {
    buf_byte(to, json.p[i]);
    bool between = i + 1 < json.n && json.p[i + 1] == '{' && (json.p[i] == '[' || json.p[i] == ',');
    if (between) buf_byte(to, '\n');
  }
}

static void remake_json(Golden *g) {
  Slice rest, text = text_before(g->text, "--- json", &rest);
  Source source = {SLICE("schema.prisma"), text};
  Buf json = buf_in(g->arena);
  Diags d;
  Schema *s = schema_load(g->arena, &source, 1, &d);
  CHECK(s != NULL);
  if (s) schema_dmmf(&json, s);
  buf_slice_add(&g->out, text);
  buf_text(&g->out, "--- json\n");
  add_json(&g->out, buf_slice(&json));
}

static void diagnostics(void) { golden_folder("psl", ".prisma", remake_diagnostics); }

static void layouts(void) { golden_folder("psl/format", ".txt", remake_layout); }

static void parse_results(void) { golden_folder("psl/dmmf", ".txt", remake_json); }

TESTS(diagnostics, layouts, parse_results)
