/* tests/psl/<name>.prisma: a schema, and behind a line "// ---" what is said of it, as comments.
 * tests/psl/format/<name>.txt: a schema, and behind a line "--- formatted" its layout; a line "--- file NAME"
 * begins another file of the schema.
 * tests/psl/dmmf/<name>.txt: a schema, and behind a line "--- json" its parse result. UPDATE=1 in the
 * environment writes what is made now. */
#include <dirent.h>
#include <stdlib.h>

#include "check.h"
#include "psl/dmmf.h"
#include "psl/format.h"
#include "psl/schema.h"

typedef struct Golden {
  Arena *arena;
  const char *path;
  Slice text;
  Buf out; /* the file as it should be */
} Golden;

typedef void Remake(Golden *g);

static Slice file_read(Arena *a, const char *path) {
  Buf b = buf_in(a);
  FILE *f = fopen(path, "rb");
  size_t n = 1;
  while (f && n) {
    n = fread(buf_reserve(&b, 4096), 1, 4096, f);
    b.n += (uint32_t)n;
  }
  if (f) fclose(f);
  return buf_slice(&b);
}

static void file_write(const char *path, Slice text) {
  FILE *f = fopen(path, "wb");
  CHECK(f && fwrite(text.p, 1, text.n, f) == text.n);
  if (f) fclose(f);
}

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

static Slice line_take(Slice *text) {
  const char *end = memchr(text->p, '\n', text->n);
  Slice line = {text->p, end ? (uint32_t)(end - text->p) : text->n};
  uint32_t used = line.n + (end ? 1 : 0);
  *text = (Slice){text->p + used, text->n - used};
  return line;
}

/* --- diagnostics --- */

static void add_comments(Buf *to, Slice text) {
  while (text.n) {
    Slice line = line_take(&text);
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
    Slice line = line_take(&rest);
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

/* --- the files --- */

static void first_difference(Slice got, Slice want, const char *path) {
  for (uint32_t n = 1; got.n || want.n; n++) {
    Slice a = line_take(&got), b = line_take(&want);
    if (slice_eq(a, b)) continue;
    fprintf(stderr, "%s:%u:\n  got  %.*s\n  want %.*s\n", path, n, SLICE_ARGS(a), SLICE_ARGS(b));
    return;
  }
}

typedef struct Work {
  Golden golden;
  Remake *remake;
} Work;

static void check_file(void *ctx) {
  Work *w = ctx;
  Golden *g = &w->golden;
  g->text = file_read(g->arena, g->path);
  g->out = buf_in(g->arena);
  w->remake(g);
  Slice got = buf_slice(&g->out);
  if (slice_eq(got, g->text)) return;
  if (getenv("UPDATE")) {
    file_write(g->path, got);
    return;
  }
  first_difference(got, g->text, g->path);
  CHECK(!"a golden differs; UPDATE=1 accepts it");
}

static void check_folder(const char *folder, const char *ending, Remake *remake) {
  DIR *d = opendir(folder);
  int files = 0;
  CHECK(d != NULL);
  for (struct dirent *entry; d && (entry = readdir(d));) {
    char path[300];
    if (!strstr(entry->d_name, ending)) continue;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    Work w = {{.arena = arena_new(0), .path = path}, remake};
    CHECK(arena_protect(w.golden.arena, NULL, check_file, &w));
    arena_free(w.golden.arena);
    files++;
  }
  if (d) closedir(d);
  CHECK(files > 0);
}

static void diagnostics(void) { check_folder("psl", ".prisma", remake_diagnostics); }

static void layouts(void) { check_folder("psl/format", ".txt", remake_layout); }

static void parse_results(void) { check_folder("psl/dmmf", ".txt", remake_json); }

TESTS(diagnostics, layouts, parse_results)
