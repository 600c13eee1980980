/* Random: streams of random numbers that are the same on every machine. Not for secrets.
 *
 *   Random r; random_begin(&r); random_key(&r, 42); random_key_text(&r, SLICE("users")); random_ready(&r);
 *   random_int(&r, 1, 6)
 *
 * The keys, in their order, name the stream: equal keys, equal numbers. The generator is xoshiro256** 1.0,
 * its state filled by splitmix64 (both by D. Blackman and S. Vigna, public domain); text keys are hashed by
 * 64-bit FNV-1a (Fowler, Noll, Vo). A Random is a plain value. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include "base/slice.h"

typedef struct Random {
  uint64_t s[4];
} Random;

void random_begin(Random *r);
void random_key(Random *r, uint64_t key);
void random_key_text(Random *r, Slice key);
void random_ready(Random *r);

uint64_t random_next(Random *r);                         /* 64 bits */
double random_float(Random *r);                          /* 0 <= x < 1, 53 bits */
int64_t random_int(Random *r, int64_t min, int64_t max); /* both included (min <= max), all equally likely */
/* n bytes, each one of the alphabet's */
void random_text(Random *r, Slice alphabet, char *out, size_t n);

#endif
