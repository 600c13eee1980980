/* Slice: a view of bytes that somebody else owns. Not NUL-terminated unless its maker says so. */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <string.h>

#include "base/arena.h"

typedef struct Slice {
  const char *p;
  uint32_t n; /* bytes */
} Slice;

#define SLICE(literal) ((Slice){"" literal, sizeof(literal) - 1})
#define SLICE_INIT(literal) \
  { "" literal, sizeof(literal) - 1 }   /* in static tables */
#define SLICE_ARGS(s) (int)(s).n, (s).p /* for "%.*s" */

static inline Slice slice_of(const char *z) { return (Slice){z, z ? (uint32_t)strlen(z) : 0}; }
static inline bool slice_eq(Slice a, Slice b) {
  return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
static inline bool slice_is(Slice a, const char *z) { return slice_eq(a, slice_of(z)); }
static inline bool slice_starts(Slice a, Slice prefix) {
  return a.n >= prefix.n && memcmp(a.p, prefix.p, prefix.n) == 0;
}
int slice_compare(Slice a, Slice b); /* bytewise: < 0, 0, > 0 */
uint64_t slice_hash(Slice s);        /* not for untrusted bucket counts: unkeyed */
Slice slice_copy(Arena *a, Slice s); /* the copy is NUL-terminated */
Slice slice_printf(Arena *a, const char *format, ...) PRINTF(2, 3); /* NUL-terminated */

/* The candidate nearest to `word` by edit distance, or an empty slice when none is near enough to be
 * what somebody meant. "Did you mean" has this one author. */
Slice slice_nearest(Slice word, const Slice *candidates, size_t n);

#endif
