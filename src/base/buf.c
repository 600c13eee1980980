#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

char *buf_grow(Buf *b, uint32_t bytes) {
  if (bytes > UINT32_MAX / 2 - b->n) bytes = UINT32_MAX; /* no allocator has that: ends as out of memory */
  uint64_t cap = b->cap ? b->cap * 2ull : 64;
  while (cap < b->n + (uint64_t)bytes + 1) cap *= 2;
  char *p = arena_alloc(b->arena, bytes == UINT32_MAX ? SIZE_MAX : cap);
  if (b->n) memcpy(p, b->p, b->n);
  b->p = p;
  b->cap = (uint32_t)cap;
  return b->p + b->n;
}

void buf_add(Buf *b, const void *bytes, uint32_t n) {
  char *to = buf_reserve(b, n);
  if (n) memcpy(to, bytes, n);
  b->n += n;
}

void buf_int(Buf *b, int64_t i) {
  char text[24];
  buf_add(b, text, (uint32_t)snprintf(text, sizeof text, "%lld", (long long)i));
}

void buf_printf(Buf *b, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int n = vsnprintf(NULL, 0, format, args);
  va_end(args);
  vsnprintf(buf_reserve(b, (uint32_t)n), (size_t)n + 1, format, again);
  va_end(again);
  b->n += (uint32_t)n;
}

void buf_be16(Buf *b, uint16_t v) {
  buf_byte(b, (char)(v >> 8));
  buf_byte(b, (char)v);
}

void buf_be32(Buf *b, uint32_t v) {
  buf_be16(b, (uint16_t)(v >> 16));
  buf_be16(b, (uint16_t)v);
}

void buf_be64(Buf *b, uint64_t v) {
  buf_be32(b, (uint32_t)(v >> 32));
  buf_be32(b, (uint32_t)v);
}

Slice buf_slice(Buf *b) {
  *buf_reserve(b, 0) = 0;
  return (Slice){b->p, b->n};
}
