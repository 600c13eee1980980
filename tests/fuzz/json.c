#include "base/json.h"

#include "base/utf8.h"
#include "fuzz.h"

static void check_token(Arena *a, const JsonToken *t) {
  if (t->kind != JSON_STRING && t->kind != JSON_KEY) return;
  char *text = arena_alloc(a, t->text.n + 1);
  uint32_t n = json_unescape(t->text, text);
  holds(n <= t->text.n && utf8_valid((Slice){text, n}));
  Buf b = buf_in(a);
  json_string(&b, (Slice){text, n});
  JsonReader again = json_reader(buf_slice(&b));
  JsonToken same;
  holds(json_next(&again, &same) && same.kind == JSON_STRING);
  char *back = arena_alloc(a, same.text.n + 1);
  holds(slice_eq((Slice){back, json_unescape(same.text, back)}, (Slice){text, n}));
}

static void one(Arena *a, Slice input) {
  JsonReader r = json_reader(input);
  JsonToken t;
  int open = 0;
  while (json_next(&r, &t)) {
    open += (t.kind == JSON_OBJECT || t.kind == JSON_ARRAY) -
            (t.kind == JSON_OBJECT_END || t.kind == JSON_ARRAY_END);
    holds(open >= 0 && r.depth == (uint32_t)open && r.at <= input.n);
    check_token(a, &t);
  }
  holds(t.kind == JSON_ERROR || (t.kind == JSON_END && open == 0 && r.at == input.n));
}

FUZZ(one)
