/* The heap of a Lua state: blocks of all sizes, made larger and smaller, each with its own bytes. */
#include "runtime/heap.h"

#include <stdlib.h>

#include "base/mem.h"
#include "check.h"

enum {
  BLOCKS = 500,
  TURNS = 200000,
  LARGEST = 1500
};

typedef struct Held {
  unsigned char *p;
  size_t size;
  unsigned char fill;
} Held;

static uint32_t turn;
static uint32_t next_number(void) { return turn = turn * 1664525u + 1013904223u; }

static int wrong_bytes(const Held *h, size_t n) {
  int wrong = 0;
  for (size_t i = 0; i < n; i++) wrong += h->p[i] != h->fill;
  return wrong;
}

/* One block is made, resized or freed. */
static int step(Heap *heap, Held *h) {
  size_t size = next_number() >> 8 & 3 ? next_number() >> 8 & 127 : (next_number() >> 8) % LARGEST;
  unsigned char *p = heap_memory(heap, h->p, h->p ? h->size : 4, size);
  if (size && !p) return 1;
  int wrong = size % 16 == 0 && (uintptr_t)p % 16 != 0;
  h->p = p;
  if (h->size && size) wrong += wrong_bytes(h, h->size < size ? h->size : size);
  h->size = size;
  h->fill = (unsigned char)(next_number() >> 8);
  if (size) memset(p, h->fill, size);
  return wrong;
}

static void blocks_keep_their_bytes(void) {
  static Held held[BLOCKS];
  Heap *heap = heap_new();
  CHECK(heap != NULL);
  int wrong = 0;
  for (int i = 0; heap && i < TURNS; i++) wrong += step(heap, &held[(next_number() >> 8) % BLOCKS]);
  for (int i = 0; heap && i < BLOCKS; i++) {
    wrong += held[i].size ? wrong_bytes(&held[i], held[i].size) : 0;
    CHECK(heap_memory(heap, held[i].p, held[i].size, 0) == NULL);
  }
  CHECK(wrong == 0);
  heap_free(heap); /* the sanitizer counts what is left */
  heap_free(NULL);
}

/* What was freed serves again: memory does not grow with the number of blocks ever made. */
static void freed_blocks_serve_again(void) {
  Heap *heap = heap_new();
  void *first = heap ? heap_memory(heap, NULL, 0, 40) : NULL, *large = heap_memory(heap, NULL, 0, 5000);
  CHECK(first && large);
#ifndef LORM_HOSTILE
  heap_memory(heap, first, 40, 0);
  CHECK(heap_memory(heap, NULL, 0, 33) == first); /* of the same grains */
#endif
  heap_memory(heap, first, 33, 0);
  heap_memory(heap, large, 5000, 0);
  heap_free(heap);
}

#ifdef LORM_HOSTILE
static void smaller_always_goes(void) {
  Heap *heap = heap_new();
  unsigned char *p = heap_memory(heap, NULL, 0, 4000);
  CHECK(p != NULL);
  if (!p) return;
  memset(p, 7, 4000);
  mem_fail_after(0, true);
  CHECK(heap_memory(heap, p, 4000, 8000) == NULL);
  unsigned char *less = heap_memory(heap, p, 4000, 20);
  mem_fail_after(-1, false);
  CHECK(less && less[0] == 7 && less[19] == 7);
  heap_memory(heap, less, 20, 0);
  heap_free(heap);
}
#else
static void smaller_always_goes(void) {
  Heap *heap = heap_new();
  unsigned char *p = heap ? heap_memory(heap, NULL, 0, 4000) : NULL;
  CHECK(p != NULL);
  if (!p) return;
  memset(p, 7, 4000);
  p = heap_memory(heap, p, 4000, 20);
  CHECK(p && p[0] == 7 && p[19] == 7);
  heap_memory(heap, p, 20, 0);
  heap_free(heap);
}
#endif

TESTS(blocks_keep_their_bytes, freed_blocks_serve_again, smaller_always_goes)
