#include "base/vec.h"

#include <string.h>

void *vec_grow(Arena *a, void *items, uint32_t n, size_t item_size) {
  if (n != 0 && (n < 4 || (n & (n - 1)) != 0)) return items; /* 4 is the first capacity */
  size_t cap = n ? (size_t)n * 2 : 4;
  void *grown = arena_zalloc(a, cap * item_size);
  if (n) memcpy(grown, items, n * item_size);
  return grown;
}
