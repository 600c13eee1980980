#include "base/random.h"

static const uint64_t golden = 0x9E3779B97F4A7C15;

static uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

static uint64_t rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

void random_begin(Random *r) { *r = (Random){{0}}; }

void random_key(Random *r, uint64_t key) { r->s[0] = mix(r->s[0] + golden) ^ mix(key + golden); }

void random_key_text(Random *r, Slice key) {
  uint64_t h = 0xCBF29CE484222325;
  for (uint32_t i = 0; i < key.n; i++) h = (h ^ (uint8_t)key.p[i]) * 0x100000001B3;
  random_key(r, h);
}

void random_ready(Random *r) {
  uint64_t state = r->s[0];
  for (int i = 0; i < 4; i++) r->s[i] = mix(state += golden);
}

uint64_t random_next(Random *r) {
  uint64_t *s = r->s, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate(s[3], 45);
  return result;
}

double random_float(Random *r) { return (double)(random_next(r) >> 11) * 0x1p-53; }

/* Draws under the smallest mask that covers the range are rejected until one lies in it. */
static uint64_t below_or_at(Random *r, uint64_t range) {
  uint64_t mask = range ? UINT64_MAX >> __builtin_clzll(range) : 0, draw;
  do draw = random_next(r) & mask;
  while (draw > range);
  return draw;
}

int64_t random_int(Random *r, int64_t min, int64_t max) {
  return (int64_t)((uint64_t)min + below_or_at(r, (uint64_t)max - (uint64_t)min));
}

void random_text(Random *r, Slice alphabet, char *out, size_t n) {
  for (size_t i = 0; i < n; i++) out[i] = alphabet.p[below_or_at(r, alphabet.n - 1u)];
}
