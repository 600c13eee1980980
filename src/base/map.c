#include "base/map.h"

static MapCell *find(MapCell *cells, uint32_t cap, Slice key, uint64_t hash) {
  uint32_t i = (uint32_t)hash & (cap - 1);
  while (cells[i].value && !(cells[i].hash == hash && slice_eq(cells[i].key, key))) i = (i + 1) & (cap - 1);
  return &cells[i];
}

static void grow(Map *m) {
  uint32_t cap = m->cap ? m->cap * 2 : 16;
  MapCell *cells = ARENA_ARRAY(m->arena, MapCell, cap);
  for (uint32_t i = 0; i < m->cap; i++)
    if (m->cells[i].value) *find(cells, cap, m->cells[i].key, m->cells[i].hash) = m->cells[i];
  m->cells = cells;
  m->cap = cap;
}

void *map_get(const Map *m, Slice key) {
  return m->cap ? find(m->cells, m->cap, key, slice_hash(key))->value : NULL;
}

void *map_put(Map *m, Slice key, void *value) {
  if ((m->n + 1) * 3ull > m->cap * 2ull) grow(m);
  uint64_t hash = slice_hash(key);
  MapCell *cell = find(m->cells, m->cap, key, hash);
  void *old = cell->value;
  if (!old) m->n++;
  *cell = (MapCell){key, hash, value};
  return old;
}
