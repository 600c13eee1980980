#include "base/arena.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#ifdef LORM_HOSTILE
enum {
  DEFAULT_BLOCK = 64
}; /* edges are met daily */
#else
enum {
  DEFAULT_BLOCK = 8192
};
#endif
enum {
  ALIGN = 16,
  KEPT_BLOCK = 64 * 1024 /* the most that arena_reset keeps */
};

typedef struct Block {
  struct Block *older;
  size_t size, used;
  _Alignas(ALIGN) unsigned char bytes[];
} Block;

typedef struct Deferred {
  struct Deferred *older;
  ArenaRelease *release;
  void *resource;
} Deferred;

typedef struct Guard {
  jmp_buf out;
} Guard;

struct Arena {
  Block *block; /* newest first */
  Deferred *deferred;
  Guard *guard; /* nearest arena_protect, or NULL */
  size_t used;
};

static Block *block_new(size_t size) {
  if (size > SIZE_MAX - sizeof(Block)) return NULL;
  Block *b = mem_alloc(sizeof(Block) + size);
  if (!b) return NULL;
  *b = (Block){.size = size};
  return b;
}

Arena *arena_new(size_t first_block) {
  Arena *a = mem_zalloc(sizeof *a);
  if (!a) return NULL;
#ifdef LORM_HOSTILE
  first_block = 0; /* whoever guessed well must live without luck, too */
#endif
  a->block = block_new(first_block ? first_block : DEFAULT_BLOCK);
  if (!a->block) {
    mem_free(a);
    return NULL;
  }
  return a;
}

static void release_all(Arena *a) {
  for (Deferred *d = a->deferred; d; d = d->older) d->release(d->resource);
  a->deferred = NULL;
}

/* The largest block, but for huge ones: what needed it once will need it again. */
static Block *block_to_keep(Block *newest) {
  Block *best = newest;
  for (Block *b = newest; b; b = b->older) {
    bool fits = b->size <= KEPT_BLOCK || !b->older;
    if (fits && (best->size > KEPT_BLOCK || b->size > best->size)) best = b;
  }
  return best;
}

void arena_reset(Arena *a) {
  release_all(a);
  Block *kept = block_to_keep(a->block);
  for (Block *b = a->block, *older; b; b = older) {
    older = b->older;
    if (b != kept) mem_free(b);
  }
  kept->older = NULL;
  kept->used = 0;
  a->block = kept;
  a->used = 0;
}

void arena_free(Arena *a) {
  if (!a) return;
  release_all(a);
  for (Block *b = a->block; b;) {
    Block *older = b->older;
    mem_free(b);
    b = older;
  }
  mem_free(a);
}

size_t arena_used(const Arena *a) { return a->used; }

bool arena_protect(Arena *a, Arena *b, ArenaBody *body, void *ctx) {
  Guard guard, *outer_a = a->guard, *outer_b = b ? b->guard : NULL;
  a->guard = &guard;
  if (b) b->guard = &guard;
  bool whole = setjmp(guard.out) == 0;
  if (whole) body(ctx);
  a->guard = outer_a;
  if (b) b->guard = outer_b;
  return whole;
}

static void *grow(Arena *a, size_t bytes) {
  size_t size = a->block->size * 2;
  if (size > 1 << 20) size = 1 << 20;
  if (size < bytes) size = bytes;
  Block *b = block_new(size);
  if (!b) return NULL;
  b->older = a->block;
  b->used = bytes;
  a->block = b;
  a->used += bytes;
  return b->bytes;
}

void *arena_try(Arena *a, size_t bytes) {
  if (bytes > SIZE_MAX - ALIGN) return NULL;
  bytes = (bytes + ALIGN - 1) & ~(size_t)(ALIGN - 1);
  Block *b = a->block;
  if (bytes > b->size - b->used) return grow(a, bytes);
  void *p = b->bytes + b->used;
  b->used += bytes;
  a->used += bytes;
  return p;
}

void *arena_alloc(Arena *a, size_t bytes) {
  void *p = arena_try(a, bytes);
  if (p) return p;
  if (!a->guard) abort(); /* a caller forgot arena_protect: a bug, not a condition */
  longjmp(a->guard->out, 1);
}

void *arena_zalloc(Arena *a, size_t bytes) { return memset(arena_alloc(a, bytes), 0, bytes); }

void *arena_copy(Arena *a, const void *from, size_t bytes) {
  void *p = arena_alloc(a, bytes);
  if (bytes) memcpy(p, from, bytes);
  return p;
}

void arena_defer(Arena *a, ArenaRelease *release, void *resource) {
  Deferred *d = arena_alloc(a, sizeof *d);
  *d = (Deferred){a->deferred, release, resource};
  a->deferred = d;
}
