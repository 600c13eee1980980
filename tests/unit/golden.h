/* Goldens: files that hold questions beside their answers. A test makes each file of a folder anew from what
 * it asks, and it must come out as it is. UPDATE=1 in the environment writes what is made now. static void
 * remake(Golden *g) { ... g->text ... buf_text(&g->out, ...); } static void plans(void) {
 * golden_folder("plan", ".txt", remake); }                                      */
#ifndef TESTS_UNIT_GOLDEN_H
#define TESTS_UNIT_GOLDEN_H

#include <dirent.h>
#include <stdlib.h>

#include "base/buf.h"
#include "check.h"

typedef struct Golden {
  Arena *arena; /* protected */
  const char *path;
  Slice text; /* the file as it is */
  Buf out;    /* the file as it should be */
} Golden;

typedef void GoldenRemake(Golden *g);

/* All of a file; empty when it cannot be read. */
static inline Slice golden_read(Arena *a, const char *path) {
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

/* Take the first line, without its end, off the text. */
static inline Slice golden_line(Slice *text) {
  const char *end = memchr(text->p, '\n', text->n);
  Slice line = {text->p, end ? (uint32_t)(end - text->p) : text->n};
  uint32_t used = line.n + (end ? 1 : 0);
  *text = (Slice){text->p + used, text->n - used};
  return line;
}

static inline void golden_write(const char *path, Slice text) {
  FILE *f = fopen(path, "wb");
  CHECK(f && fwrite(text.p, 1, text.n, f) == text.n);
  if (f) fclose(f);
}

static inline void golden_difference(Slice got, Slice want, const char *path) {
  for (uint32_t n = 1; got.n || want.n; n++) {
    Slice a = golden_line(&got), b = golden_line(&want);
    if (slice_eq(a, b)) continue;
    fprintf(stderr, "%s:%u:\n  got  %.*s\n  want %.*s\n", path, n, SLICE_ARGS(a), SLICE_ARGS(b));
    return;
  }
}

typedef struct GoldenWork {
  Golden golden;
  GoldenRemake *remake;
} GoldenWork;

static inline void golden_check(void *ctx) {
  GoldenWork *w = ctx;
  Golden *g = &w->golden;
  g->text = golden_read(g->arena, g->path);
  g->out = buf_in(g->arena);
  w->remake(g);
  Slice got = buf_slice(&g->out);
  if (slice_eq(got, g->text)) return;
  if (getenv("UPDATE")) {
    golden_write(g->path, got);
    return;
  }
  golden_difference(got, g->text, g->path);
  CHECK(!"a golden differs; UPDATE=1 accepts it");
}

static inline void golden_folder(const char *folder, const char *ending, GoldenRemake *remake) {
  DIR *d = opendir(folder);
  int files = 0;
  CHECK(d != NULL);
  for (struct dirent *entry; d && (entry = readdir(d));) {
    char path[300];
    if (!strstr(entry->d_name, ending)) continue;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    GoldenWork w = {{.arena = arena_new(0), .path = path}, remake};
    CHECK(arena_protect(w.golden.arena, NULL, golden_check, &w));
    arena_free(w.golden.arena);
    files++;
  }
  if (d) closedir(d);
  CHECK(files > 0);
}

#endif
