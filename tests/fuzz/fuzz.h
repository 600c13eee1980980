/* A fuzz target is a function of the input; it runs with an arena that is its own, and `holds` states what
 * must be true of any input.
 *   static void one(Arena *a, Slice input) { ... holds(x == y); }
 *   FUZZ(one) */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdlib.h>

#include "base/slice.h"

typedef void FuzzBody(Arena *a, Slice input);

typedef struct FuzzRun {
  FuzzBody *body;
  Arena *arena;
  Slice input;
} FuzzRun;

static inline void fuzz_protected(void *ctx) {
  FuzzRun *r = ctx;
  r->body(r->arena, r->input);
}

static inline void holds(bool condition) {
  if (!condition) abort();
}

/* The input is copied without its NUL, so that the sanitizer sees a step too far. */
static inline int fuzz_run(FuzzBody *body, const uint8_t *data, size_t size) {
  FuzzRun r = {body, arena_new(0), {0}};
  char *exact = malloc(size ? size : 1);
  if (!exact || !r.arena) abort();
  if (size) memcpy(exact, data, size);
  r.input = (Slice){exact, (uint32_t)size};
  (void)!arena_protect(r.arena, NULL, fuzz_protected, &r);
  arena_free(r.arena);
  free(exact);
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
#define FUZZ(body) \
  int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return fuzz_run(body, data, size); }

#endif
