/* Buf: bytes that grow, in an arena. What was outgrown stays in the arena until its end.
 *   Buf b = buf_in(arena); buf_text(&b, "x = "); buf_int(&b, 3); Slice s = buf_slice(&b); */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/slice.h"

typedef struct Buf {
  char *p;
  uint32_t n, cap;
  Arena *arena;
} Buf;

static inline Buf buf_in(Arena *a) { return (Buf){.arena = a}; }
char *buf_grow(Buf *b, uint32_t bytes);
/* Room for `bytes` more, and a zero, at the returned place; n unchanged. */
static inline char *buf_reserve(Buf *b, uint32_t bytes) {
  return bytes < b->cap - b->n ? b->p + b->n : buf_grow(b, bytes);
}
void buf_add(Buf *b, const void *bytes, uint32_t n);
static inline void buf_byte(Buf *b, char c) {
  *buf_reserve(b, 1) = c;
  b->n++;
}
void buf_int(Buf *b, int64_t i);
void buf_printf(Buf *b, const char *format, ...) PRINTF(2, 3);
void buf_be16(Buf *b, uint16_t v); /* big-endian, as the wire wants it */
void buf_be32(Buf *b, uint32_t v);
void buf_be64(Buf *b, uint64_t v);
static inline void buf_slice_add(Buf *b, Slice s) { buf_add(b, s.p, s.n); }
static inline void buf_text(Buf *b, const char *z) { buf_add(b, z, (uint32_t)strlen(z)); }
Slice buf_slice(Buf *b); /* what was written, NUL-terminated behind its end; valid until the next write */

#endif
