/* Schema files from disk, and the text of their blocks. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "psl/schema.h"

typedef struct Place {
  char path[64]; /* a folder of our own */
  Arena *arena;
} Place;

static Place place_new(void) {
  Place p = {.path = "/tmp/lorm-read-XXXXXX", .arena = arena_new(0)};
  CHECK(p.arena && mkdtemp(p.path));
  return p;
}

static const char *at(const Place *p, const char *name) {
  static char path[2][200];
  static int turn;
  turn = !turn;
  snprintf(path[turn], sizeof path[turn], "%s/%s", p->path, name);
  return path[turn];
}

static void put(const Place *p, const char *name, const char *text) {
  FILE *f = fopen(at(p, name), "wb");
  CHECK(f && fputs(text, f) >= 0);
  if (f) fclose(f);
}

static void folder(const Place *p, const char *name) { CHECK(mkdir(at(p, name), 0777) == 0); }

static void place_free(Place *p) {
  char command[100];
  snprintf(command, sizeof command, "rm -r %s", p->path);
  CHECK(system(command) == 0);
  arena_free(p->arena);
}

static void reads_a_file(void) {
  Place p = place_new();
  Source *sources;
  uint32_t n;
  Err e;
  put(&p, "a.txt", "model A {}");
  CHECK(schema_read(p.arena, at(&p, "a.txt"), &sources, &n, &e) && n == 1);
  CHECK_TEXT(sources[0].text, "model A {}");
  CHECK_TEXT(sources[0].name, at(&p, "a.txt"));
  place_free(&p);
}

static void skips_a_byte_order_mark(void) {
  Place p = place_new();
  Source *sources;
  uint32_t n;
  Err e;
  put(&p, "a.prisma", "\xEF\xBB\xBFmodel");
  CHECK(schema_read(p.arena, at(&p, "a.prisma"), &sources, &n, &e) && n == 1);
  CHECK_TEXT(sources[0].text, "model");
  place_free(&p);
}

static void reads_a_folder_in_order(void) {
  Place p = place_new();
  Source *sources;
  uint32_t n;
  Err e;
  folder(&p, "b");
  folder(&p, ".hidden");
  put(&p, "c.prisma", "3");
  put(&p, "a.prisma", "1");
  put(&p, "b/x.prisma", "2");
  put(&p, "notes.txt", "no");
  put(&p, ".hidden/y.prisma", "no");
  CHECK(symlink("/nowhere", at(&p, "lost.prisma")) == 0);
  CHECK(schema_read(p.arena, p.path, &sources, &n, &e) && n == 3);
  for (uint32_t i = 0; i < n; i++) CHECK(sources[i].text.n == 1 && sources[i].text.p[0] == (char)('1' + i));
  place_free(&p);
}

static void says_what_is_missing(void) {
  Place p = place_new();
  Source *sources;
  uint32_t n;
  Err e;
  CHECK(!schema_read(p.arena, at(&p, "none"), &sources, &n, &e) && e.code == ERR_IO);
  CHECK(strstr(e.message, "Cannot find the schema"));
  CHECK(!schema_read(p.arena, p.path, &sources, &n, &e) && strstr(e.message, "no .prisma file"));
  place_free(&p);
}

/* A link that leads back up must end somewhere. */
static void ends_in_a_circle(void) {
  Place p = place_new();
  Source *sources;
  uint32_t n;
  Err e;
  CHECK(symlink(".", at(&p, "round")) == 0);
  CHECK(!schema_read(p.arena, p.path, &sources, &n, &e) && strstr(e.message, "nested too deeply"));
  place_free(&p);
}

/* However it is laid out, and to the end of its brace's line. */
static void gives_the_text_of_a_block(void) {
  static const char text[] = "// one\n  model A {\n id Int @id\n  } // end\nmodel B {\n  id Int @id\n}";
  Arena *a = arena_new(0);
  Source source = {SLICE("blocks.prisma"), slice_of(text)};
  Diags d;
  Schema *s = schema_load(a, &source, 1, &d);
  CHECK(s && s->n_models == 2);
  if (s) CHECK_TEXT(schema_block(s, s->models[0].span), "  model A {\n id Int @id\n  } // end");
  if (s) CHECK_TEXT(schema_block(s, s->models[1].span), "model B {\n  id Int @id\n}");
  arena_free(a);
}

TESTS(reads_a_file, skips_a_byte_order_mark, reads_a_folder_in_order, says_what_is_missing, ends_in_a_circle,
      gives_the_text_of_a_block)
