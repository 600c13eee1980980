#include "pg/names.h"

#include <string.h>

#include "base/mem.h"

static void name_write(Name *x) {
  x->text[0] = 'l';
  for (int i = 0; i < 16; i++) x->text[1 + i] = "0123456789abcdef"[x->key >> (60 - 4 * i) & 15];
  x->text[17] = 0;
}

void names_init(Names *names, uint32_t max) {
  *names = (Names){.free = NAME_NONE, .max = max < NAMES_MAX ? max : NAMES_MAX};
  memset(names->buckets, 0xff, sizeof names->buckets);
}

void names_free(Names *names) {
  mem_free(names->items);
  names_init(names, names->max);
}

static uint16_t *bucket_of(Names *names, uint64_t key) {
  return &names->buckets[(key ^ key >> 32) % NAMES_BUCKETS];
}

uint16_t names_find(Names *names, uint64_t key, uint32_t length) {
  for (uint16_t i = *bucket_of(names, key); i != NAME_NONE; i = names->items[i].next) {
    Name *x = &names->items[i];
    if (x->key != key || x->length != length) continue;
    x->used = ++names->clock;
    return i;
  }
  return NAME_NONE;
}

static bool key_taken(Names *names, uint64_t key) {
  for (uint16_t i = *bucket_of(names, key); i != NAME_NONE; i = names->items[i].next)
    if (names->items[i].key == key) return true;
  return false;
}

static bool names_grow(Names *names) {
  uint32_t cap = names->cap ? names->cap * 2 : 16;
  if (cap > NAMES_MAX + NAMES_SPARE) cap = NAMES_MAX + NAMES_SPARE;
  if (cap == names->cap) return false;
  Name *items = mem_realloc(names->items, cap * sizeof *items);
  if (!items) return false;
  names->items = items;
  names->cap = cap;
  return true;
}

static uint16_t names_slot(Names *names) {
  uint16_t i = names->free;
  if (i != NAME_NONE) {
    names->free = names->items[i].next;
    return i;
  }
  if (names->n == names->cap && !names_grow(names)) return NAME_NONE;
  return (uint16_t)names->n++;
}

uint16_t names_add(Names *names, uint64_t key, uint32_t length) {
  if (names->live >= names->max || key_taken(names, key)) return NAME_NONE;
  uint16_t i = names_slot(names), *bucket = bucket_of(names, key);
  if (i == NAME_NONE) return i;
  Name *x = &names->items[i];
  *x = (Name){.key = key, .length = length, .used = ++names->clock, .next = *bucket, .state = NAME_ASKED};
  name_write(x);
  *bucket = i;
  names->live++;
  return i;
}

uint16_t names_oldest(const Names *names) {
  uint16_t oldest = NAME_NONE;
  for (uint16_t i = 0; i < names->n; i++) {
    const Name *x = &names->items[i];
    if (x->state != NAME_READY && x->state != NAME_STALE) continue;
    if (oldest == NAME_NONE || x->used < names->items[oldest].used) oldest = i;
  }
  return oldest;
}

static void names_remove(Names *names, uint16_t i) {
  uint16_t *at = bucket_of(names, names->items[i].key);
  while (*at != i) at = &names->items[*at].next;
  *at = names->items[i].next;
  names->items[i].next = names->free;
  names->free = i;
}

static bool counts(NameState state) { return state != NAME_FREE && state != NAME_CLOSING; }

void names_set(Names *names, uint16_t i, NameState state) {
  Name *x = &names->items[i];
  if (x->state == NAME_FREE) return;
  names->live += counts(state);
  names->live -= counts(x->state);
  x->state = (uint8_t)state;
  if (state == NAME_FREE) names_remove(names, i);
}
