#include "base/arena.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/vec.h"
#include "check.h"

static void memory_is_aligned_and_whole(void) {
  Arena *a = arena_new(0);
  CHECK(a != NULL);
  int wrong = 0;
  unsigned char *blocks[300];
  for (uint32_t i = 0; i < COUNT(blocks); i++) {
    blocks[i] = arena_try(a, i * 7);
    wrong += !blocks[i] || (uintptr_t)blocks[i] % 16 != 0;
    if (blocks[i]) memset(blocks[i], (int)i, i * 7);
  }
  for (uint32_t i = 0; i < COUNT(blocks); i++)
    for (uint32_t k = 0; k < i * 7; k++) wrong += blocks[i][k] != (unsigned char)i;
  CHECK(wrong == 0);
  CHECK(arena_used(a) >= 7 * 299 * 300 / 2);
  arena_reset(a);
  CHECK(arena_used(a) == 0 && arena_try(a, 1 << 22) != NULL);
  arena_free(a);
  arena_free(NULL);
}

static char released[8];
static void note(void *resource) { strcat(released, resource); }

typedef struct Deferring {
  Arena *arena;
  char names[3][2];
} Deferring;

static void defer_three(void *ctx) {
  Deferring *d = ctx;
  for (int i = 0; i < 3; i++) arena_defer(d->arena, note, d->names[i]);
}

static void resources_go_last_first(void) {
  Deferring d = {arena_new(0), {"a", "b", "c"}};
  CHECK(d.arena && arena_protect(d.arena, NULL, defer_three, &d));
  arena_reset(d.arena);
  CHECK_TEXT(slice_of(released), "cba");
  arena_reset(d.arena);
  CHECK_TEXT(slice_of(released), "cba"); /* once */
  released[0] = 0;
  CHECK(arena_protect(d.arena, NULL, defer_three, &d));
  arena_free(d.arena);
  CHECK_TEXT(slice_of(released), "cba");
}

typedef struct Greedy {
  Arena *arena;
  bool came_back, inner_whole;
} Greedy;

static void take_all(void *ctx) {
  Greedy *g = ctx;
  arena_alloc(g->arena, SIZE_MAX / 2); /* no machine has that */
  g->came_back = true;
}

static void take_inside(void *ctx) {
  Greedy *g = ctx;
  g->inner_whole = arena_protect(g->arena, NULL, take_all, g);
  arena_alloc(g->arena, 100);
}

static void an_end_of_memory_leaves_the_nearest_protection(void) {
  Greedy g = {arena_new(0), false, true};
  Arena *second = arena_new(0);
  CHECK(g.arena && second && !arena_protect(g.arena, NULL, take_all, &g) && !g.came_back);
  CHECK(arena_protect(g.arena, NULL, take_inside, &g) && !g.inner_whole && !g.came_back);
  CHECK(!arena_protect(second, g.arena, take_all, &g) && !g.came_back);
  CHECK(arena_try(g.arena, SIZE_MAX) == NULL && arena_try(g.arena, SIZE_MAX - 20) == NULL);
  CHECK(arena_try(g.arena, 100) != NULL); /* it is as good as before */
  arena_free(g.arena);
  arena_free(second);
}

static void grow_things(void *ctx) {
  Arena *a = ctx;
  uint32_t *numbers = NULL, n = 0, wrong = 0;
  Buf b = buf_in(a);
  for (uint32_t i = 0; i < 5000; i++) {
    *VEC_PUSH(a, numbers, n) = i;
    buf_printf(&b, "%u,", i);
  }
  for (uint32_t i = 0; i < n; i++) wrong += numbers[i] != i;
  CHECK(n == 5000 && wrong == 0);
  Slice text = buf_slice(&b);
  CHECK(text.n == 23890 && slice_starts(text, SLICE("0,1,2,")) && strcmp(text.p + text.n - 6, ",4999,") == 0);
  b = buf_in(a);
  buf_be16(&b, 0x0102);
  buf_be32(&b, 0x03040506);
  buf_be64(&b, UINT64_C(0x0708090A0B0C0D0E));
  buf_int(&b, INT64_MIN);
  CHECK_TEXT(buf_slice(&b), "\1\2\3\4\5\6\7\x8\x9\xA\xB\xC\xD\xE-9223372036854775808");
}

static void vectors_and_buffers_grow(void) {
  Arena *a = arena_new(0);
  CHECK(a && arena_protect(a, NULL, grow_things, a));
  arena_free(a);
}

#ifdef LORM_HOSTILE
/* Let every single allocation fail, once each: the protection ends in time, and nothing is lost. */
static void every_failure_is_survived(void) {
  long before = mem_live();
  bool whole = false;
  for (long i = 0; !whole && i < 1000; i++) {
    mem_fail_after(i, false);
    Arena *a = arena_new(0);
    whole = a && arena_protect(a, NULL, grow_things, a);
    mem_fail_after(-1, false);
    arena_free(a);
    CHECK(mem_live() == before);
  }
  CHECK(whole);
}
#else
static void every_failure_is_survived(void) { CHECK(mem_zalloc(SIZE_MAX / 2) == NULL); }
#endif

TESTS(memory_is_aligned_and_whole, resources_go_last_first, an_end_of_memory_leaves_the_nearest_protection,
      vectors_and_buffers_grow, every_failure_is_survived)
