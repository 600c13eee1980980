#include "migrate/json_same.h"

#include "base/json.h"
#include "base/vec.h"

typedef struct Node Node;
struct Node {
  JsonKind kind;
  Slice key;  /* in an object */
  Slice text; /* strings unescaped, numbers as written */
  double f;
  Node *items;
  uint32_t n;
};

static Slice unescaped(Arena *a, const JsonToken *t) {
  char *to = arena_alloc(a, t->text.n + 1u);
  return (Slice){to, json_unescape(t->text, to)};
}

static bool read_node(Arena *a, JsonReader *r, const JsonToken *t, Node *out);

static bool read_items(Arena *a, JsonReader *r, JsonKind end, Node *out) {
  JsonToken t;
  for (;;) {
    Node item = {.kind = JSON_NULL};
    if (!json_next(r, &t)) return false;
    if (t.kind == end) return true;
    if (t.kind == JSON_KEY) {
      item.key = unescaped(a, &t);
      if (!json_next(r, &t)) return false;
    }
    Slice key = item.key;
    if (!read_node(a, r, &t, &item)) return false;
    item.key = key;
    *VEC_PUSH(a, out->items, out->n) = item;
  }
}

static bool read_node(Arena *a, JsonReader *r, const JsonToken *t, Node *out) {
  *out = (Node){.kind = t->kind};
  switch (t->kind) {
    case JSON_STRING: out->text = unescaped(a, t); return true;
    case JSON_INT:
      out->f = (double)t->i;
      out->text = t->text;
      return true;
    case JSON_FLOAT:
    case JSON_BIG:
      out->f = t->f;
      out->text = t->text;
      return true;
    case JSON_OBJECT: return read_items(a, r, JSON_OBJECT_END, out);
    case JSON_ARRAY: return read_items(a, r, JSON_ARRAY_END, out);
    default: return true;
  }
}

static bool read_text(Arena *a, Slice text, Node *out) {
  JsonReader r = json_reader(text);
  JsonToken t;
  return json_next(&r, &t) && read_node(a, &r, &t, out) && !json_next(&r, &t) && t.kind == JSON_END;
}

static bool is_number(JsonKind k) { return k == JSON_INT || k == JSON_FLOAT || k == JSON_BIG; }

static const Node *find_key(const Node *object, Slice key) {
  for (uint32_t i = object->n; i > 0; i--)
    if (slice_eq(object->items[i - 1].key, key)) return &object->items[i - 1];
  return NULL;
}

static bool node_same(const Node *a, const Node *b);

/* Each key of `a` has its equal in `b`. */
static bool keys_same(const Node *a, const Node *b) {
  for (uint32_t i = 0; i < a->n; i++) {
    const Node *left = find_key(a, a->items[i].key), *right = find_key(b, a->items[i].key);
    if (!right || !node_same(left, right)) return false;
  }
  return true;
}

static bool node_same(const Node *a, const Node *b) {
  if (is_number(a->kind) && is_number(b->kind))
    return slice_eq(a->text, b->text) || (a->f == b->f && (a->kind == JSON_FLOAT || b->kind == JSON_FLOAT));
  if (a->kind != b->kind) return false;
  if (a->kind == JSON_STRING) return slice_eq(a->text, b->text);
  if (a->kind == JSON_OBJECT) return keys_same(a, b) && keys_same(b, a);
  if (a->kind != JSON_ARRAY) return true;
  if (a->n != b->n) return false;
  for (uint32_t i = 0; i < a->n; i++)
    if (!node_same(&a->items[i], &b->items[i])) return false;
  return true;
}

bool json_same(Arena *a, Slice left, Slice right) {
  Node x, y;
  if (slice_eq(left, right)) return true;
  return read_text(a, left, &x) && read_text(a, right, &y) && node_same(&x, &y);
}
