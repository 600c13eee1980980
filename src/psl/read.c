/* Schema files from disk: one file, or a folder with all that is below it. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/vec.h"
#include "psl/schema.h"

enum {
  DEEPEST_FOLDER = 32,
  LONGEST_FILE = 64 << 20 /* bytes */
};

typedef struct Reading {
  Arena *arena;
  const char *path;
  Source **sources;
  uint32_t *n;
  Err *e;
  bool good;
} Reading;

static void close_file(void *cell) {
  FILE **f = cell;
  if (*f) fclose(*f);
}

static void close_folder(void *cell) {
  DIR **d = cell;
  if (*d) closedir(*d);
}

/* Reads what there is: a size that stat told may be another's by then. */
static bool read_text(Reading *r, FILE *f, const char *path, Slice *text) {
  Buf b = buf_in(r->arena);
  size_t n;
  do {
    n = fread(buf_reserve(&b, 1 << 14), 1, 1 << 14, f);
    b.n += (uint32_t)n;
  } while (n && b.n < LONGEST_FILE);
  if (ferror(f)) return err_io(r->e, "Cannot read the schema", path);
  if (b.n >= LONGEST_FILE) return err_set(r->e, ERR_IO, "The schema is too large: %s", path);
  *text = buf_slice(&b);
  if (slice_starts(*text, SLICE("\xEF\xBB\xBF"))) *text = (Slice){text->p + 3, text->n - 3}; /* a BOM */
  return true;
}

static bool read_file(Reading *r, const char *path) {
  FILE **cell = ARENA_NEW(r->arena, FILE *);
  Slice name = slice_copy(r->arena, slice_of(path)), text;
  arena_defer(r->arena, close_file, cell);
  *cell = fopen(path, "rb");
  if (!*cell) return err_io(r->e, "Cannot open the schema", path);
  bool good = read_text(r, *cell, path, &text);
  fclose(*cell);
  *cell = NULL;
  if (good) *VEC_PUSH(r->arena, *r->sources, *r->n) = (Source){name, text};
  return good;
}

static int compare_names(const void *a, const void *b) {
  return slice_compare(*(const Slice *)a, *(const Slice *)b);
}

static bool list_folder(Reading *r, const char *path, Slice **names, uint32_t *n) {
  DIR **cell = ARENA_NEW(r->arena, DIR *);
  struct dirent *entry;
  arena_defer(r->arena, close_folder, cell);
  *cell = opendir(path);
  if (!*cell) return err_io(r->e, "Cannot open the folder", path);
  while ((entry = readdir(*cell)) != NULL)
    if (entry->d_name[0] != '.')
      *VEC_PUSH(r->arena, *names, *n) = slice_printf(r->arena, "%s/%s", path, entry->d_name);
  closedir(*cell);
  *cell = NULL;
  if (*n) qsort(*names, *n, sizeof **names, compare_names);
  return true;
}

static bool is_schema_file(Slice name) {
  static const char suffix[] = ".prisma";
  return name.n > sizeof suffix - 1 &&
         memcmp(name.p + name.n - (sizeof suffix - 1), suffix, sizeof suffix - 1) == 0;
}

static bool read_folder(Reading *r, const char *path, uint32_t depth) {
  Slice *names = NULL;
  uint32_t n = 0;
  struct stat st;
  if (depth > DEEPEST_FOLDER) return err_set(r->e, ERR_IO, "The folders are nested too deeply: %s", path);
  if (!list_folder(r, path, &names, &n)) return false;
  for (uint32_t i = 0; i < n; i++) {
    if (stat(names[i].p, &st) != 0) continue; /* a link to nowhere */
    if (S_ISDIR(st.st_mode)) {
      if (!read_folder(r, names[i].p, depth + 1)) return false;
    } else if (is_schema_file(names[i]) && !read_file(r, names[i].p)) {
      return false;
    }
  }
  return true;
}

static void read_body(void *ctx) {
  Reading *r = ctx;
  struct stat st;
  if (stat(r->path, &st) != 0) {
    r->good = err_io(r->e, "Cannot find the schema", r->path);
  } else if (!S_ISDIR(st.st_mode)) {
    r->good = read_file(r, r->path);
  } else {
    r->good = read_folder(r, r->path, 0);
    if (r->good && !*r->n) r->good = err_set(r->e, ERR_IO, "There is no .prisma file in %s", r->path);
  }
}

bool schema_read(Arena *a, const char *path, Source **sources, uint32_t *n, Err *e) {
  Reading r = {a, path, sources, n, e, false};
  *sources = NULL;
  *n = 0;
  if (!arena_protect(a, NULL, read_body, &r)) return err_oom(e);
  return r.good;
}
