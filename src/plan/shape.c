#include "plan/shape.h"

#include "base/vec.h"

static const struct {
  const char *name;
  bool writes;
} actions[] = {
#define READ false
#define WRITE true
#define CALL(name, id, what) [CALL_##id] = {#name, what},
#include "plan/actions.def"
#undef CALL
#undef WRITE
#undef READ
};

const char *action_name(CallAction a) { return actions[a].name; }
bool action_writes(CallAction a) { return actions[a].writes; }

bool action_find(Slice name, CallAction *out) {
  for (size_t i = 0; i < COUNT(actions); i++) {
    if (!slice_is(name, actions[i].name)) continue;
    *out = (CallAction)i;
    return true;
  }
  return false;
}

/* ---- scan: structure ::= tag | '{' (key structure)* '}' | '[' structure* ']' ---- */

typedef struct Scan {
  Shape *shape;
  Arena *arena;
  const Map *json_names;
  Buf *out;
  bool opaque; /* inside an expanded opaque table: every table is a leaf */
} Scan;

static void put_key(Buf *b, Slice key) {
  if (key.n < 255) {
    buf_byte(b, (char)key.n);
  } else {
    buf_byte(b, (char)255);
    buf_be32(b, key.n);
  }
  buf_slice_add(b, key);
}

static void put_leaf(Scan *x, Arg *a, LeafTag tag) {
  Shape *s = x->shape;
  a->leaf = s->n_leaves;
  uint32_t n = s->n_leaves;
  *VEC_PUSH(x->arena, s->tags, n) = (uint8_t)tag;
  *VEC_PUSH(x->arena, s->leaves, s->n_leaves) = a;
  buf_byte(x->out, (char)tag);
}

static void scan_value(Scan *x, Slice key, Arg *a);

static void scan_pairs(Scan *x, Arg *map) {
  buf_byte(x->out, '{');
  for (uint32_t i = 0; i < map->n; i++) {
    put_key(x->out, map->u.pairs[i].key);
    scan_value(x, map->u.pairs[i].key, &map->u.pairs[i].value);
  }
  buf_byte(x->out, '}');
}

static void scan_items(Scan *x, Arg *list) {
  buf_byte(x->out, '[');
  for (uint32_t i = 0; i < list->n; i++) scan_value(x, (Slice){0}, &list->u.items[i]);
  buf_byte(x->out, ']');
}

static LeafTag table_tag(const Arg *a) {
  if (a->kind == ARG_EMPTY) return LEAF_EMPTY;
  if (a->kind == ARG_LIST) return a->n ? LEAF_LIST : LEAF_EMPTY_LIST;
  return LEAF_EMPTY_OBJECT;
}

static void scan_value(Scan *x, Slice key, Arg *a) {
  a->leaf = ARG_NO_LEAF;
  if (a->kind < ARG_LIST)
    put_leaf(x, a, LEAF_SCALAR);
  else if (x->opaque || (key.n && map_get(x->json_names, key)))
    put_leaf(x, a, LEAF_OPAQUE);
  else if (a->kind == ARG_MAP && a->n)
    scan_pairs(x, a);
  else
    put_leaf(x, a, table_tag(a));
}

void shape_scan(Shape *s, Arena *a, const Map *json_names, Arg *root) {
  s->structure = buf_in(a);
  s->leaves = NULL;
  s->tags = NULL;
  s->n_leaves = 0;
  Scan x = {s, a, json_names, &s->structure, false};
  root->leaf = ARG_NO_LEAF;
  if (root->kind == ARG_MAP)
    scan_pairs(&x, root);
  else
    scan_value(&x, (Slice){0}, root);
}

void shape_add(Shape *s, Arena *a, Arg *list) {
  uint32_t n = s->n_leaves;
  list->leaf = n;
  *VEC_PUSH(a, s->tags, n) = (uint8_t)table_tag(list);
  *VEC_PUSH(a, s->leaves, s->n_leaves) = list;
}

/* ---- answers ---- */

static Slice answer_byte(const char *byte) { return (Slice){byte, 1}; }
static Slice answer_flag(bool yes) { return answer_byte(yes ? "1" : "0"); }

static Slice answer_kind(Arena *a, const Arg *leaf) {
  if (leaf->kind != ARG_LIST) return (Slice){(const char *)&leaf->kind, 1};
  uint32_t kinds = 0;
  for (uint32_t i = 0; i < leaf->n; i++) kinds |= 1u << leaf->u.items[i].kind;
  Buf b = buf_in(a);
  buf_byte(&b, ARG_LIST);
  buf_be32(&b, kinds);
  return buf_slice(&b);
}

static Slice answer_literal(Arena *a, const Arg *leaf) {
  Buf b = buf_in(a);
  buf_byte(&b, (char)leaf->kind);
  switch ((ArgKind)leaf->kind) {
    case ARG_BOOL:
    case ARG_INT:
    case ARG_DATETIME: buf_be64(&b, (uint64_t)leaf->u.i); break;
    case ARG_FLOAT: buf_add(&b, &leaf->u.f, sizeof leaf->u.f); break;
    case ARG_FIELD: buf_add(&b, &leaf->u.ref, sizeof leaf->u.ref); break;
    case ARG_STRING:
    case ARG_DECIMAL: buf_slice_add(&b, arg_text(leaf)); break;
    default: break;
  }
  return buf_slice(&b);
}

static bool word_byte(char c) { return !strchr(" \t\r\n&|!()<:'\\", c) && c; }

static void skip_spaces(Slice s, uint32_t *at) {
  while (*at < s.n && strchr(" \t\r\n", s.p[*at])) ++*at;
}

/* operand ::= word | 'quoted', each with an optional :*ABCD */
static bool tsquery_operand(Slice s, uint32_t *at) {
  uint32_t from = *at;
  if (*at < s.n && s.p[*at] == '\'') {
    for (++*at; *at < s.n && s.p[*at] != '\''; ++*at) continue;
    if (*at == s.n) return false;
    ++*at;
  } else {
    while (*at < s.n && word_byte(s.p[*at])) ++*at;
  }
  if (*at == from) return false;
  if (*at < s.n && s.p[*at] == ':')
    for (++*at; *at < s.n && strchr("*ABCDabcd", s.p[*at]) && s.p[*at];) ++*at;
  return true;
}

/* operator ::= '&' | '|' | '<->' | '<' digits '>' */
static bool tsquery_operator(Slice s, uint32_t *at) {
  if (s.p[*at] == '&' || s.p[*at] == '|') return ++*at;
  if (s.p[*at] != '<') return false;
  uint32_t i = *at + 1;
  if (i < s.n && s.p[i] == '-')
    i++;
  else
    while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9') i++;
  if (i == *at + 1 || i >= s.n || s.p[i] != '>') return false;
  *at = i + 1;
  return true;
}

/* query ::= term (operator term)*; term ::= '!'* (operand | '(' query ')'). Without recursion: between
 * terms only the depth of parentheses matters. */
static bool is_tsquery(Slice s) {
  uint32_t at = 0, depth = 0;
  for (;;) {
    for (skip_spaces(s, &at); at < s.n && (s.p[at] == '!' || s.p[at] == '('); skip_spaces(s, &at))
      depth += s.p[at++] == '(';
    if (!tsquery_operand(s, &at)) return false;
    for (skip_spaces(s, &at); at < s.n && s.p[at] == ')' && depth; skip_spaces(s, &at)) at++, depth--;
    if (at == s.n) return depth == 0;
    if (!tsquery_operator(s, &at)) return false;
  }
}

static Slice answer_test(const Arg *leaf, ShapeTest test) {
  switch (test) {
    case TEST_SIGN:
      if (leaf->kind != ARG_INT) return answer_byte("?");
      return answer_byte(leaf->u.i < 0 ? "-" : leaf->u.i > 0 ? "+" : "0");
    case TEST_EMPTY: return answer_flag(leaf->kind == ARG_EMPTY || (leaf->kind != ARG_MAP && leaf->n == 0));
    case TEST_ONE: return answer_flag(leaf->kind == ARG_LIST && leaf->n == 1);
    case TEST_TSQUERY: return answer_flag(leaf->kind == ARG_STRING && is_tsquery(arg_text(leaf)));
  }
  return answer_byte("?");
}

static Slice answer_elements(Arena *a, const Arg *leaf) {
  Buf b = buf_in(a);
  if (leaf->kind != ARG_LIST) return (Slice){(const char *)&leaf->kind, 1};
  for (uint32_t i = 0; i < leaf->n; i++) {
    if (leaf->u.items[i].kind != ARG_STRING) return answer_byte("?");
    put_key(&b, arg_text(&leaf->u.items[i]));
  }
  return buf_slice(&b);
}

/* What the cells of one column hold: 's' scalars, 'l' lists, 'j' anything (a Json field); 0 = no column. */
static char column_class(const Map *json_names, Slice key, const Arg *cell) {
  if (map_get(json_names, key)) return 'j';
  if (cell->kind < ARG_LIST) return 's';
  return arg_is_list(cell) ? 'l' : 0;
}

static bool row_fits(const Map *json_names, const Arg *row, const ArgPair *const *keys, const char *classes,
                     uint32_t n) {
  if (row->kind != ARG_MAP || row->n != n) return false;
  for (uint32_t i = 0; i < n; i++) {
    const ArgPair *same = &row->u.pairs[i]; /* rows mostly come in one order of keys */
    const Arg *cell = slice_eq(same->key, keys[i]->key) ? &same->value : arg_get(row, keys[i]->key);
    if (!cell || column_class(json_names, keys[i]->key, cell) != classes[i]) return false;
  }
  return true;
}

/* The keys of the first row, sorted by name, each followed by its class. */
static Slice columns_text(Arena *a, const ArgPair **keys, const char *classes, uint32_t n) {
  Buf b = buf_in(a);
  bool *taken = ARENA_ARRAY(a, bool, n);
  for (uint32_t k = 0; k < n; k++) {
    uint32_t least = n;
    for (uint32_t i = 0; i < n; i++)
      if (!taken[i] && (least == n || slice_compare(keys[i]->key, keys[least]->key) < 0)) least = i;
    taken[least] = true;
    put_key(&b, keys[least]->key);
    buf_byte(&b, classes[least]);
  }
  return buf_slice(&b);
}

static Slice answer_columns(Arena *a, const Map *json_names, const Arg *leaf) {
  if (leaf->kind != ARG_LIST || leaf->n == 0 || leaf->u.items[0].kind != ARG_MAP) return (Slice){"", 0};
  const Arg *first = &leaf->u.items[0];
  const ArgPair **keys = ARENA_ARRAY(a, const ArgPair *, first->n + 1);
  char *classes = ARENA_ARRAY(a, char, first->n + 1);
  for (uint32_t i = 0; i < first->n; i++) {
    keys[i] = &first->u.pairs[i];
    classes[i] = column_class(json_names, keys[i]->key, &keys[i]->value);
    if (!classes[i]) return (Slice){"", 0};
  }
  for (uint32_t i = 1; i < leaf->n; i++)
    if (!row_fits(json_names, &leaf->u.items[i], keys, classes, first->n)) return (Slice){"", 0};
  return columns_text(a, keys, classes, first->n);
}

static Slice answer_expand(Shape *s, Arena *a, const Map *json_names, uint32_t leaf) {
  Buf b = buf_in(a);
  Arg *table = s->leaves[leaf];
  Scan x = {s, a, json_names, &b, s->tags[leaf] == LEAF_OPAQUE};
  s->tags[leaf] = LEAF_EXPANDED;
  if (table->kind == ARG_LIST)
    scan_items(&x, table);
  else if (table->kind == ARG_MAP)
    scan_pairs(&x, table);
  else
    buf_byte(&b, (char)LEAF_EMPTY);
  return buf_slice(&b);
}

static Slice answer_scope(Shape *s, Arena *a, const Map *json_names, const Model *m) {
  ModelScope *scope = &s->scopes->of[m->index];
  Buf b = buf_in(a);
  if (scope->kind == SCOPE_UNKNOWN && !s->unknown) s->unknown = m;
  buf_byte(&b, (char)scope->kind);
  buf_be32(&b, scope->marker ? scope->marker->index + 1 : 0);
  Scan x = {s, a, json_names, &b, false};
  if (scope->kind == SCOPE_WHERE) scan_value(&x, (Slice){0}, &scope->where);
  return buf_slice(&b);
}

Slice shape_answer(Shape *s, Arena *a, const Map *json_names, Question q) {
  if (q.kind == ASK_SCOPE) return answer_scope(s, a, json_names, q.model);
  const Arg *leaf = s->leaves[q.leaf];
  switch ((AskKind)q.kind) {
    case ASK_KIND: return answer_kind(a, leaf);
    case ASK_LITERAL: return answer_literal(a, leaf);
    case ASK_TEST: return answer_test(leaf, (ShapeTest)q.test);
    case ASK_ELEMENTS: return answer_elements(a, leaf);
    case ASK_COLUMNS: return answer_columns(a, json_names, leaf);
    case ASK_SAME:
      return answer_flag(slice_eq(answer_literal(a, leaf), answer_literal(a, s->leaves[q.other])));
    case ASK_EXPAND: return answer_expand(s, a, json_names, q.leaf);
    case ASK_SCOPE: break;
  }
  return (Slice){"", 0};
}
