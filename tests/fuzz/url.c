#include "pg/url.h"

#include "fuzz.h"

static void one(Arena *a, Slice input) {
  ConnInfo info;
  Err e;
  if (url_parse(a, input, &info, &e)) (void)url_with_database(a, input, SLICE("other"));
}

FUZZ(one)
