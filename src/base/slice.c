#include "base/slice.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

int slice_compare(Slice a, Slice b) {
  uint32_t n = a.n < b.n ? a.n : b.n;
  int d = n ? memcmp(a.p, b.p, n) : 0;
  return d ? d : (a.n > b.n) - (a.n < b.n);
}

/* Eight bytes at a time, multiply and fold (the mixing step of wyhash, public domain). */
static uint64_t fold(uint64_t a, uint64_t b) {
  __extension__ typedef unsigned __int128 Wide;
  Wide r = (Wide)a * b;
  return (uint64_t)r ^ (uint64_t)(r >> 64);
}

uint64_t slice_hash(Slice s) {
  uint64_t h = 0x9E3779B97F4A7C15u ^ s.n, word;
  const char *p = s.p;
  uint32_t n = s.n;
  for (; n >= 8; p += 8, n -= 8) {
    memcpy(&word, p, 8);
    h = fold(h ^ word, 0xA0761D6478BD642Fu);
  }
  word = 0;
  if (n) memcpy(&word, p, n);
  return fold(h ^ word, 0xE7037ED1A0B428DBu);
}

Slice slice_copy(Arena *a, Slice s) {
  char *p = arena_alloc(a, s.n + 1u);
  if (s.n) memcpy(p, s.p, s.n);
  p[s.n] = 0;
  return (Slice){p, s.n};
}

Slice slice_printf(Arena *a, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int n = vsnprintf(NULL, 0, format, args);
  va_end(args);
  char *p = arena_alloc(a, (size_t)n + 1);
  vsnprintf(p, (size_t)n + 1, format, again);
  va_end(again);
  return (Slice){p, (uint32_t)n};
}

/* Levenshtein distance, two rows, letters without case; words over 64 bytes are never near. */
static uint32_t distance(Slice a, Slice b) {
  enum {
    LONGEST = 64
  };
  uint32_t row[LONGEST + 1];
  if (a.n > LONGEST || b.n > LONGEST) return UINT32_MAX;
  for (uint32_t j = 0; j <= b.n; j++) row[j] = j;
  for (uint32_t i = 1; i <= a.n; i++) {
    uint32_t diagonal = row[0];
    row[0] = i;
    for (uint32_t j = 1; j <= b.n; j++) {
      bool same = tolower((unsigned char)a.p[i - 1]) == tolower((unsigned char)b.p[j - 1]);
      uint32_t best = diagonal + !same;
      if (row[j] + 1 < best) best = row[j] + 1;
      if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
      diagonal = row[j];
      row[j] = best;
    }
  }
  return row[b.n];
}

Slice slice_nearest(Slice word, const Slice *candidates, size_t n) {
  uint32_t best = word.n / 3 + 2;
  if (best > word.n) best = word.n; /* nothing in common is not near */
  Slice nearest = {0};
  for (size_t i = 0; i < n; i++) {
    uint32_t d = distance(word, candidates[i]);
    if (d < best) best = d, nearest = candidates[i];
  }
  return nearest;
}
