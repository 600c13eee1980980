#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#ifdef LORM_HOSTILE
#include <stdatomic.h>

static _Atomic long fail_left = -1;
static _Atomic bool fail_forever;
static _Atomic long live;

void mem_fail_after(long calls, bool forever) {
  fail_forever = forever;
  fail_left = calls;
}

long mem_live(void) { return live; }

static bool must_fail(void) {
  long left = fail_left;
  if (left < 0) return false;
  if (left > 0) {
    fail_left = left - 1;
    return false;
  }
  if (!fail_forever) fail_left = -1;
  return true;
}
static void count_live(long delta) { live += delta; }

/* The sanitizer asks for this by name: an allocation that is too large is to fail, not to end the program. */
const char *__asan_default_options(void);
__attribute__((visibility("default"))) const char *__asan_default_options(void) {
  return "allocator_may_return_null=1";
}
#else
static bool must_fail(void) { return false; }
static void count_live(long delta) { (void)delta; }
#endif

void *mem_alloc(size_t bytes) {
  if (must_fail()) return NULL;
  void *p = malloc(bytes ? bytes : 1);
  if (p) count_live(1);
  return p;
}

void *mem_zalloc(size_t bytes) {
  if (must_fail()) return NULL;
  void *p = calloc(1, bytes ? bytes : 1);
  if (p) count_live(1);
  return p;
}

void *mem_realloc(void *old, size_t bytes) {
  if (must_fail()) return NULL;
  void *p = realloc(old, bytes ? bytes : 1);
  if (p && !old) count_live(1);
  return p;
}

void mem_free(void *p) {
  if (p) count_live(-1);
  free(p);
}
