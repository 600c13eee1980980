#include "runtime/heap.h"

#include <string.h>

#include "base/mem.h"

enum {
  GRAIN = 16, /* sizes are multiples of it */
#ifdef LORM_HOSTILE
  SMALL = 0,
#else
  SMALL = 512, /* the largest block that comes from a list */
#endif
  LISTS = SMALL / GRAIN + 1, /* one for each number of grains; list 0 is never used */
  SLAB = 32 * 1024
};

#define COLD __attribute__((noinline))

typedef struct FreeBlock {
  struct FreeBlock *next;
} FreeBlock;

/* What base/mem gave: a slab, out of which small blocks are cut, or one large block. Only those that hold
 * small blocks are on the heap's list. */
typedef struct Piece {
  struct Piece *next;
  _Alignas(GRAIN) unsigned char bytes[];
} Piece;

struct Heap {
  FreeBlock *lists[LISTS];
  Piece *slabs;
  unsigned char *at, *end; /* of the newest slab, not yet cut */
};

Heap *heap_new(void) { return mem_zalloc(sizeof(Heap)); }

void heap_free(Heap *h) {
  if (!h) return;
  for (Piece *p = h->slabs, *next; p; p = next) {
    next = p->next;
    mem_free(p);
  }
  mem_free(h);
}

static size_t grains(size_t size) { return (size + GRAIN - 1) / GRAIN; }

static inline void small_free(Heap *h, void *p, size_t n) {
  FreeBlock *block = p;
  block->next = h->lists[n];
  h->lists[n] = block;
}

static void hold(Heap *h, Piece *p) {
  p->next = h->slabs;
  h->slabs = p;
}

/* n grains of a slab; a new one, when the newest has no more. */
COLD static void *cut(Heap *h, size_t n) {
  size_t left = (size_t)(h->end - h->at) / GRAIN;
  if (left < n) {
    Piece *slab = mem_alloc(sizeof *slab + SLAB);
    if (!slab) return NULL;
    if (left) small_free(h, h->at, left);
    hold(h, slab);
    h->at = slab->bytes;
    h->end = slab->bytes + SLAB;
  }
  void *p = h->at;
  h->at += n * GRAIN;
  return p;
}

COLD static void *large_new(size_t size) {
  Piece *p = mem_alloc(sizeof *p + size);
  return p ? p->bytes : NULL;
}

static inline void *block_new(Heap *h, size_t size) {
  if (size > SMALL) return large_new(size);
  size_t n = grains(size);
  FreeBlock *block = h->lists[n];
  if (!block) return cut(h, n);
  h->lists[n] = block->next;
  return block;
}

static Piece *piece_of(void *large) { return (Piece *)((unsigned char *)large - offsetof(Piece, bytes)); }

COLD static void large_free(void *p) { mem_free(piece_of(p)); }

static inline void block_free(Heap *h, void *p, size_t size) {
  if (size <= SMALL)
    small_free(h, p, grains(size));
  else
    large_free(p);
}

static void *large_resize(void *old, size_t size) {
  Piece *p = mem_realloc(piece_of(old), sizeof *p + size);
  return p ? p->bytes : NULL;
}

/* Lua relies on it that a block can always be made smaller. Without memory for a smaller one it stays where
 * it is, and what was large becomes a slab of a single block. */
static void *stay(Heap *h, void *old, size_t old_size, size_t size) {
  if (size > old_size) return NULL;
  if (old_size > SMALL && size <= SMALL) hold(h, piece_of(old));
  return old;
}

COLD static void *block_resize(Heap *h, void *old, size_t old_size, size_t size) {
  if (old_size <= SMALL && size <= SMALL && grains(old_size) == grains(size)) return old;
  void *p;
  if (old_size > SMALL && size > SMALL) {
    p = large_resize(old, size);
    return p ? p : stay(h, old, old_size, size);
  }
  p = block_new(h, size);
  if (!p) return stay(h, old, old_size, size);
  memcpy(p, old, old_size < size ? old_size : size);
  block_free(h, old, old_size);
  return p;
}

/* Called for every object of Lua: what is rare is in functions of its own, so that this one saves no
 * registers. */
void *heap_memory(void *ctx, void *old, size_t old_size, size_t size) {
  Heap *h = ctx;
  if (!old) return size ? block_new(h, size) : NULL; /* old_size is then the kind of the object */
  if (size) return block_resize(h, old, old_size, size);
  if (old_size) block_free(h, old, old_size);
  return NULL;
}
