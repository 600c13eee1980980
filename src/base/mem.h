/* The one door to malloc. Everything above owns memory through an arena or one of these calls.
 *
 * In hostile builds (LORM_HOSTILE) the n-th call from mem_fail_after(n) on returns NULL, once or for
 * good, so that every out-of-memory path can be walked by a test. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include "base/base.h"

MUST void *mem_alloc(size_t bytes);              /* NULL when out of memory; not cleared */
MUST void *mem_zalloc(size_t bytes);             /* the same, cleared */
MUST void *mem_realloc(void *old, size_t bytes); /* NULL: `old` is untouched */
void mem_free(void *p);

#ifdef LORM_HOSTILE
/* Let `calls` allocations pass, then fail: the next one only, or all that follow (`forever`).
 * calls < 0 switches the failing off. */
void mem_fail_after(long calls, bool forever);
long mem_live(void); /* blocks allocated and not yet freed */
#endif

#endif
