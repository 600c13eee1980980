#include "base/map.h"

#include "check.h"

enum {
  MANY = 3000
};

static void put_many(void *ctx) {
  Arena *a = ctx;
  Map m = map_in(a);
  int wrong = 0;
  static const int marks[MANY] = {0};
  CHECK(map_get(&m, SLICE("nothing")) == NULL);
  for (int i = 0; i < MANY; i++)
    wrong += map_put(&m, slice_printf(a, "key %d", i), (void *)(uintptr_t)&marks[i]) != NULL;
  CHECK(wrong == 0 && m.n == MANY);
  for (int i = 0; i < MANY; i++) wrong += map_get(&m, slice_printf(a, "key %d", i)) != &marks[i];
  CHECK(wrong == 0 && map_get(&m, SLICE("key")) == NULL && map_get(&m, SLICE("")) == NULL);
  CHECK(map_put(&m, SLICE("key 7"), (void *)(uintptr_t)&marks[0]) == &marks[7]);
  CHECK(map_get(&m, SLICE("key 7")) == &marks[0] && m.n == MANY);
  CHECK(map_put(&m, SLICE(""), &m) == NULL && map_get(&m, (Slice){NULL, 0}) == &m);
  CHECK(map_put(&m, SLICE("a\0b"), &m) == NULL && map_get(&m, SLICE("a\0c")) == NULL);
}

static void keys_find_their_values(void) {
  Arena *a = arena_new(0);
  CHECK(a && arena_protect(a, NULL, put_many, a));
  arena_free(a);
}

TESTS(keys_find_their_values)
