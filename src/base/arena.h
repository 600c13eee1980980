/* Arena: memory that dies together. A lifetime (schema, plan, request, process) is one arena; parts
 * are never freed. Foreign resources join by arena_defer and are released, last first, with it.
 *
 *   Arena *a = arena_new(0);                    owner: the caller
 *   ... arena_protect(a, NULL, body, ctx) ...   body may call arena_alloc freely
 *   arena_reset(a);                             everything released; one block stays
 *   arena_free(a);
 *
 * Out of memory. arena_alloc never returns NULL: it leaves the nearest arena_protect of that arena,
 * which then returns false. So code under a protection owns nothing but arena memory and deferred
 * resources: no open file, no malloc, no lock. arena_try is for code without a protection. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/base.h"

typedef struct Arena Arena;
typedef void ArenaBody(void *ctx);
typedef void ArenaRelease(void *resource);

MUST Arena *arena_new(size_t first_block); /* bytes, 0 = default; NULL when out of memory */
void arena_free(Arena *a);                 /* NULL is fine */
void arena_reset(Arena *a);
size_t arena_used(const Arena *a); /* bytes handed out since the last reset */

/* Run body(ctx); false when memory for `a` (or `b`, which may be NULL) ran out in it. Nests. */
MUST bool arena_protect(Arena *a, Arena *b, ArenaBody *body, void *ctx);

void *arena_alloc(Arena *a, size_t bytes);    /* 16-byte aligned, not cleared, never NULL */
void *arena_zalloc(Arena *a, size_t bytes);   /* cleared */
MUST void *arena_try(Arena *a, size_t bytes); /* as arena_alloc, but NULL when out of memory */
void *arena_copy(Arena *a, const void *from, size_t bytes);

/* Have release(resource) called when `a` is reset or freed. Call it before acquiring (resource may be
 * a cell that is filled later): it can run out of memory like arena_alloc. */
void arena_defer(Arena *a, ArenaRelease *release, void *resource);

#define ARENA_NEW(arena, Type) ((Type *)arena_zalloc((arena), sizeof(Type)))
#define ARENA_ARRAY(arena, Type, n) ((Type *)arena_zalloc((arena), sizeof(Type) * (size_t)(n)))

#endif
