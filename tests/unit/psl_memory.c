/* A schema is loaded and laid out whole, or memory ran out and nothing is said: at whichever allocation. */
#include "base/mem.h"
#include "check.h"
#include "psl/format.h"

static const char text[] =
    "datasource db {\n  provider = \"postgresql\"\n}\n"
    "/// doc\n"
    "model User {\n  id Int @id @default(autoincrement())\n  name String @unique @map(\"n\") "
    "@db.VarChar(20)\n"
    "  posts Post[]\n  role Role @default(A)\n}\n"
    "model Post {\n  id Int @id\n  user User @relation(fields: [userId], references: [id])\n  userId Int\n"
    "  tag Tag\n  @@index([userId(sort: Desc)], map: \"i\")\n}\n"
    "model Tag {\n  id Int @id\n  posts Post[]\n}\n"
    "enum Role {\n  A\n  B @map(\"b\")\n}\n";

static const Source source = {SLICE_INIT("a.prisma"), {text, sizeof text - 1}};

/* What its layout adds. */
static const char *const additions[] = {"  tagId  Int\n",
                                        "  tag    Tag  @relation(fields: [tagId], references: [id])\n"};

/* Post.tag has no fields, so that it is not valid. */
static bool load(Arena *a) {
  Diags d;
  Schema *s = schema_load(a, &source, 1, &d);
  CHECK(s == NULL);
  for (uint32_t i = 0; i < d.n; i++) CHECK(d.items[i].message.n > 0);
  return d.n_errors > 0;
}

static bool layout(Arena *a) {
  Slice out;
  Err e;
  if (!schema_format(a, &source, 1, &out, &e)) {
    CHECK(e.code == ERR_OUT_OF_MEMORY);
    return false;
  }
  for (size_t i = 0; i < COUNT(additions); i++)
    CHECK(memmem(out.p, out.n, additions[i], strlen(additions[i])));
  return true;
}

/* `work` with all allocations failing from the n-th on, for every n up to the one that is never reached. */
static void starve(bool (*work)(Arena *a)) {
#ifdef LORM_HOSTILE
  bool done = false;
  for (long n = 0; !done && n < 100000; n++) {
    long live = mem_live();
    Arena *a = arena_new(0);
    mem_fail_after(n, true);
    done = work(a);
    mem_fail_after(-1, false);
    arena_free(a);
    CHECK(mem_live() == live);
  }
  CHECK(done);
#else
  (void)work;
#endif
}

static void loads(void) {
  Arena *a = arena_new(0);
  CHECK(load(a));
  arena_free(a);
  starve(load);
}

static void lays_out(void) {
  Arena *a = arena_new(0);
  CHECK(layout(a));
  arena_free(a);
  starve(layout);
}

TESTS(loads, lays_out)
