#include "base/datetime.h"

#include "fuzz.h"

static void one(Arena *a, Slice input) {
  (void)a;
  int64_t micros, again;
  char text[DATETIME_TEXT];
  if (!datetime_parse(input, &micros)) return;
  holds(datetime_parse((Slice){text, datetime_format(micros, text)}, &again) && again == micros);
}

FUZZ(one)
