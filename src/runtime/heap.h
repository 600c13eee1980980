/* The memory of a Lua state of ours: small blocks come from free lists by size, larger ones from base/mem.
 *
 * Lua names a block's size when it gives it back, so a small block needs no header, and taking or freeing one
 * is a few instructions (the free lists of malloc, each seven long, run dry while a result is built). What a
 * small block's list holds stays with the heap until heap_free. In hostile builds every block is base/mem's
 * own, for the sanitizer to watch and for allocations to fail one by one. */
#ifndef RUNTIME_HEAP_H
#define RUNTIME_HEAP_H

#include "base/base.h"

typedef struct Heap Heap;

MUST Heap *heap_new(void); /* NULL: out of memory */
void heap_free(Heap *h);   /* after lua_close */

/* A lua_Alloc; ctx is the Heap. */
void *heap_memory(void *ctx, void *old, size_t old_size, size_t size);

#endif
