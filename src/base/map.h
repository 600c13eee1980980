/* Map: Slice -> pointer, open addressing, in an arena. Keys are not copied: they must live as long.
 *   Map m = map_in(arena); map_put(&m, key, value); void *v = map_get(&m, key); */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/slice.h"

typedef struct MapCell {
  Slice key;
  uint64_t hash;
  void *value; /* NULL = empty cell */
} MapCell;

typedef struct Map {
  Arena *arena;
  MapCell *cells; /* a power of two, at most 2/3 full */
  uint32_t n, cap;
} Map;

static inline Map map_in(Arena *a) { return (Map){.arena = a}; }
void *map_get(const Map *m, Slice key);        /* NULL when absent */
void *map_put(Map *m, Slice key, void *value); /* value != NULL; returns the one it replaced, or NULL */

#endif
