/* tests/migrate/<name>.txt: cases, each a title ("=== title"), the schema that was ("--- from", optional),
 * the schema that shall be ("--- to") and the script that leads there ("--- script"). UPDATE=1 in the
 * environment writes what is made now. */
#include <dirent.h>
#include <stdlib.h>

#include "check.h"
#include "migrate/migrate.h"

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

static Slice line_take(Slice *text) {
  const char *end = memchr(text->p, '\n', text->n);
  Slice line = {text->p, end ? (uint32_t)(end - text->p) : text->n};
  uint32_t used = line.n + (end ? 1 : 0);
  *text = (Slice){text->p + used, text->n - used};
  return line;
}

static bool is_heading(Slice line) {
  return slice_starts(line, SLICE("=== ")) || slice_starts(line, SLICE("--- "));
}

/* The lines up to the next heading. */
static Slice part_take(Slice *rest) {
  Slice part = {rest->p, 0};
  while (rest->n) {
    Slice after = *rest;
    if (is_heading(line_take(&after))) break;
    *rest = after;
    part.n = (uint32_t)(rest->p - part.p);
  }
  return part;
}

static const Schema *schema_of(Arena *a, Slice text, Slice title) {
  Source *source = ARENA_NEW(a, Source);
  Diags d = {.arena = a};
  *source = (Source){SLICE("golden"), text};
  const Schema *s = schema_load(a, source, 1, &d);
  for (uint32_t i = 0; !s && i < d.n; i++)
    fprintf(stderr, "%.*s: %.*s\n", SLICE_ARGS(title), SLICE_ARGS(d.items[i].message));
  CHECK(s != NULL);
  return s;
}

typedef struct Case {
  Arena *arena;
  Slice title, from, to; /* from.p NULL: an empty database */
} Case;

static void put_script(Buf *out, const Case *c) {
  DiffEnd from = {.kind = DIFF_EMPTY}, to = {.kind = DIFF_SCHEMA};
  Slice script;
  bool empty;
  Err e;
  if (c->from.p) from = (DiffEnd){.kind = DIFF_SCHEMA, .schema = schema_of(c->arena, c->from, c->title)};
  to.schema = schema_of(c->arena, c->to, c->title);
  if (!to.schema || (c->from.p && !from.schema)) return;
  bool good = migrate_diff(c->arena, &from, &to, &script, &empty, &e);
  CHECK(good && empty == slice_is(script, "-- This is an empty migration."));
  buf_printf(out, "%.*s%s\n", good ? (int)script.n : (int)strlen(e.message), good ? script.p : e.message,
             good && empty ? "\n" : "");
  /* What was just made needs nothing more. */
  CHECK(migrate_diff(c->arena, &to, &to, &script, &empty, &e) && empty);
}

static void remake(Arena *a, Slice text, Buf *out) {
  Case c = {.arena = a};
  Slice rest = text;
  buf_slice_add(out, part_take(&rest));
  while (rest.n) {
    Slice heading = line_take(&rest), part = part_take(&rest);
    buf_printf(out, "%.*s\n", SLICE_ARGS(heading));
    if (slice_starts(heading, SLICE("=== "))) c = (Case){.arena = a, .title = heading};
    if (slice_is(heading, "--- from")) c.from = part;
    if (slice_is(heading, "--- to")) c.to = part;
    if (slice_is(heading, "--- script"))
      put_script(out, &c);
    else
      buf_slice_add(out, part);
  }
}

static void first_difference(Slice got, Slice want, const char *path) {
  for (uint32_t n = 1; got.n || want.n; n++) {
    Slice a = line_take(&got), b = line_take(&want);
    if (slice_eq(a, b)) continue;
    fprintf(stderr, "%s:%u:\n  got  %.*s\n  want %.*s\n", path, n, SLICE_ARGS(a), SLICE_ARGS(b));
    return;
  }
}

typedef struct File {
  Arena *arena;
  const char *path;
} File;

static void check_file(void *ctx) {
  const File *f = ctx;
  Slice want = file_read(f->arena, f->path);
  Buf out = buf_in(f->arena);
  remake(f->arena, want, &out);
  Slice got = buf_slice(&out);
  if (slice_eq(got, want)) return;
  if (getenv("UPDATE")) {
    FILE *to = fopen(f->path, "wb");
    CHECK(to && fwrite(got.p, 1, got.n, to) == got.n);
    if (to) fclose(to);
    return;
  }
  first_difference(got, want, f->path);
  CHECK(!"a script is not what the golden says; UPDATE=1 accepts it");
}

static void goldens(void) {
  DIR *folder = opendir("migrate");
  int files = 0;
  CHECK(folder != NULL);
  for (struct dirent *entry; folder && (entry = readdir(folder));) {
    char path[300];
    if (!strstr(entry->d_name, ".txt")) continue;
    snprintf(path, sizeof path, "migrate/%s", entry->d_name);
    File f = {arena_new(0), path};
    CHECK(arena_protect(f.arena, NULL, check_file, &f));
    arena_free(f.arena);
    files++;
  }
  if (folder) closedir(folder);
  CHECK(files > 0);
}

TESTS(goldens)
