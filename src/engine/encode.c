/* From parameters to cells: everything that a request will send is bytes in its arena before submit returns.
 * Only cells and keys of earlier steps wait for their results (encode_late). */
#include <stdlib.h>

#include "base/datetime.h"
#include "engine/engine_private.h"

typedef struct Encoder {
  Request *request;
  Value *slots; /* generated values; those with rows_leaf are made per element */
  int64_t now;
  Err *e;
  bool ok;
} Encoder;

static bool fail_plain(const Param *p, Err *e) {
  /* Planning again gives this mistake its path; see engine_lookup's caller. */
  if (p->field && !e->path[0]) err_path(e, p->field->name);
  return false;
}

static Cell cell_of(Buf *b, uint32_t from, uint32_t oid) {
  return (Cell){.p = b->p + from, .n = b->n - from, .oid = oid};
}

static bool encode_value(Arena *a, TypeId type, const Value *v, Cell *out, Err *e) {
  if (v->kind == VALUE_NULL) {
    *out = (Cell){.oid = type_oid(type)};
    return true;
  }
  Buf b = buf_in(a);
  buf_reserve(&b, 8);
  if (!codec_encode(type)(&b, type, v, e)) return false;
  *out = cell_of(&b, 0, type_oid(type));
  return true;
}

/* Elements come one by one from next(ctx, i); an array whose element type has no oid goes out as text:
 * '{"a","b"}'. */
typedef bool NextValue(void *ctx, uint32_t i, Value *out, Err *e);

static void text_element(Buf *b, const Value *v) {
  if (v->kind == VALUE_NULL) {
    buf_text(b, "NULL");
    return;
  }
  if (v->kind == VALUE_INT) {
    buf_int(b, v->u.i);
    return;
  }
  buf_byte(b, '"');
  for (uint32_t i = 0; i < v->len; i++) {
    if (v->u.p[i] == '"' || v->u.p[i] == '\\') buf_byte(b, '\\');
    buf_byte(b, v->u.p[i]);
  }
  buf_byte(b, '"');
}

static bool encode_text_array(Arena *a, uint32_t n, NextValue *next, void *ctx, Cell *out, Err *e) {
  Buf b = buf_in(a);
  buf_byte(&b, '{');
  for (uint32_t i = 0; i < n; i++) {
    Value v;
    if (!next(ctx, i, &v, e)) return false;
    if (i) buf_byte(&b, ',');
    text_element(&b, &v);
  }
  buf_byte(&b, '}');
  Slice text = buf_slice(&b);
  *out = (Cell){.p = text.p, .n = text.n, .text = true};
  return true;
}

static bool encode_array(Arena *a, TypeId type, uint32_t n, NextValue *next, void *ctx, Cell *out, Err *e) {
  if (type_oid(type) == 0) return encode_text_array(a, n, next, ctx, out, e);
  Buf b = buf_in(a);
  codec_array_open(&b, type, n, true);
  for (uint32_t i = 0; i < n; i++) {
    Value v;
    if (!next(ctx, i, &v, e)) return false;
    if (v.kind == VALUE_NULL) {
      codec_array_null(&b);
      continue;
    }
    uint32_t mark = codec_array_item(&b);
    if (!codec_encode(type)(&b, type, &v, e)) return false;
    codec_array_item_end(&b, mark);
  }
  *out = cell_of(&b, 0, type_array_oid(type));
  return true;
}

typedef struct Elements {
  Encoder *encoder;
  const Param *param;
  const Arg *list;
  const SlotSpec *spec;
} Elements;

static bool next_element(void *ctx, uint32_t i, Value *out, Err *e) {
  Elements *x = ctx;
  return leaf_value(x->encoder->request->arena, &x->list->u.items[i], x->param, out, e);
}

static bool next_item(void *ctx, uint32_t i, Value *out, Err *e) {
  Elements *x = ctx;
  const Arg *value = arg_get(&x->list->u.items[i], x->param->key);
  if (value) return leaf_value(x->encoder->request->arena, value, x->param, out, e);
  *out = (Value){.kind = VALUE_NULL};
  return true;
}

static bool next_generated(void *ctx, uint32_t i, Value *out, Err *e) {
  Elements *x = ctx;
  (void)i;
  return id_generate(x->encoder->request->arena, x->spec, x->encoder->now,
                     &x->encoder->request->engine->n_ids, out, e);
}

static bool encode_leaf(Encoder *x, const Param *p, Cell *out) {
  const Arg *leaf = x->request->shape.leaves[p->leaf];
  if (p->array && leaf->kind != ARG_NULL) {
    if (!arg_is_list(leaf)) {
      err_set(x->e, ERR_VALIDATION, "Expected a list, provided %s.", arg_kind_name(leaf));
      return fail_plain(p, x->e);
    }
    Elements list = {x, p, leaf, NULL};
    if (!encode_array(x->request->arena, p->type, leaf->n, next_element, &list, out, x->e))
      return fail_plain(p, x->e);
    return true;
  }
  Value v;
  if (!leaf_value(x->request->arena, leaf, p, &v, x->e)) return fail_plain(p, x->e);
  return encode_value(x->request->arena, p->type, &v, out, x->e) || fail_plain(p, x->e);
}

static bool encode_slot(Encoder *x, const Param *p, Cell *out) {
  const SlotSpec *spec = &x->request->ref->plan->slots[p->slot];
  if (spec->rows_leaf != ARG_NO_LEAF) {
    const Arg *rows = x->request->shape.leaves[spec->rows_leaf];
    Elements list = {x, p, rows, spec};
    return encode_array(x->request->arena, p->type, rows->n, next_generated, &list, out, x->e);
  }
  return encode_value(x->request->arena, p->type, &x->slots[p->slot], out, x->e);
}

static int scalar_compare(const void *x, const void *y) {
  const Arg *a = *(Arg *const *)x, *b = *(Arg *const *)y;
  if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
  if (a->kind == ARG_STRING || a->kind == ARG_DECIMAL) return slice_compare(arg_text(a), arg_text(b));
  return a->u.i < b->u.i ? -1 : a->u.i > b->u.i;
}

/* How many elements a list of { key = scalar } has, equal ones counted once. */
static uint32_t list_distinct(Arena *a, const Arg *list) {
  const Arg **values = ARENA_ARRAY(a, const Arg *, list->n + 1);
  if (list->kind != ARG_LIST) return list->n;
  for (uint32_t i = 0; i < list->n; i++) {
    if (list->u.items[i].kind != ARG_MAP || list->u.items[i].n != 1) return list->n;
    values[i] = &list->u.items[i].u.pairs[0].value;
  }
  qsort(values, list->n, sizeof *values, scalar_compare);
  uint32_t n = list->n > 0;
  for (uint32_t i = 1; i < list->n; i++) n += scalar_compare(&values[i - 1], &values[i]) != 0;
  return n;
}

static bool encode_param(Encoder *x, const Param *p, Cell *out) {
  switch ((ParamSource)p->source) {
    case PARAM_LEAF: return encode_leaf(x, p, out);
    case PARAM_SLOT: return encode_slot(x, p, out);
    case PARAM_ITEMS: {
      const Arg *rows = x->request->shape.leaves[p->leaf];
      Elements list = {x, p, rows, NULL};
      return encode_array(x->request->arena, p->type, rows->n, next_item, &list, out, x->e) ||
             fail_plain(p, x->e);
    }
    case PARAM_CONST: {
      Value v = {.kind = VALUE_TEXT, .len = p->key.n, .u.p = p->key.p};
      Arg text = {.kind = ARG_STRING, .n = p->key.n, .leaf = ARG_NO_LEAF, .u.p = p->key.p};
      return leaf_value(x->request->arena, &text, p, &v, x->e) &&
             encode_value(x->request->arena, p->type, &v, out, x->e);
    }
    case PARAM_EXPECTED: {
      Value v = {.kind = VALUE_INT,
                 .u.i = list_distinct(x->request->arena, x->request->shape.leaves[p->leaf])};
      return encode_value(x->request->arena, p->type, &v, out, x->e);
    }
    case PARAM_CELL:
    case PARAM_KEYS: return true; /* encode_late */
  }
  return true;
}

static uint32_t check_expects(const Request *r, const Check *c) {
  if (c->kind == CHECK_COUNT && c->count_leaf != ARG_NO_LEAF)
    return list_distinct(r->arena, r->shape.leaves[c->count_leaf]);
  return c->count;
}

static bool make_slots(Encoder *x) {
  const Plan *plan = x->request->ref->plan;
  x->slots = ARENA_ARRAY(x->request->arena, Value, plan->n_slots);
  for (uint16_t i = 0; i < plan->n_slots; i++)
    if (plan->slots[i].rows_leaf == ARG_NO_LEAF &&
        !id_generate(x->request->arena, &plan->slots[i], x->now, &x->request->engine->n_ids, &x->slots[i],
                     x->e))
      return false;
  return true;
}

static void encode_body(void *ctx) {
  Encoder *x = ctx;
  Request *r = x->request;
  if (!make_slots(x)) return;
  r->states = ARENA_ARRAY(r->arena, StepState, r->n_steps);
  for (uint16_t i = 0; i < r->n_steps; i++) {
    const Step *step = &r->steps[i];
    r->states[i].cells = ARENA_ARRAY(r->arena, Cell, step->n_params);
    r->states[i].expected = ARENA_ARRAY(r->arena, uint32_t, step->n_checks);
    for (uint16_t k = 0; k < step->n_checks; k++)
      r->states[i].expected[k] = check_expects(r, &step->checks[k]);
    for (uint16_t k = 0; k < step->n_params; k++)
      if (!encode_param(x, &step->params[k], &r->states[i].cells[k])) return;
  }
  x->ok = true;
}

bool encode_params(Request *r, Err *e) {
  Encoder x = {.request = r, .now = datetime_now(), .e = e};
  if (!arena_protect(r->arena, NULL, encode_body, &x)) return err_oom(e);
  return x.ok;
}

/* ---- cells and keys of earlier results ---- */

typedef struct Late {
  Request *request;
  uint16_t step;
} Late;

static Cell take_cell(const Result *from, const Param *p) {
  uint16_t column = p->column;
  Slice bytes;
  if (!from || result_rows(from) == 0) return (Cell){.oid = type_oid(p->type)}; /* optional */
  uint32_t oid = result_oid(from, column);
  if (!result_cell(from, 0, column, &bytes)) return (Cell){.oid = oid};
  return (Cell){.p = bytes.p, .n = bytes.n, .oid = oid};
}

/* The cells' bytes are the elements' own binary form, so the array needs no codec. */
static Cell take_keys(Arena *a, const Result *from, uint16_t column, bool keep_nulls) {
  Buf b = buf_in(a);
  uint32_t rows = result_rows(from), n = rows, oid = result_oid(from, column);
  Slice bytes;
  for (uint32_t i = 0; i < rows && !keep_nulls; i++) n -= !result_cell(from, i, column, &bytes);
  codec_array_open_oid(&b, oid, n, keep_nulls);
  for (uint32_t i = 0; i < rows; i++) {
    if (result_cell(from, i, column, &bytes)) {
      uint32_t mark = codec_array_item(&b);
      buf_slice_add(&b, bytes);
      codec_array_item_end(&b, mark);
    } else if (keep_nulls) {
      codec_array_null(&b);
    }
  }
  bool array;
  TypeId type = type_of_oid(oid, &array);
  return (Cell){.p = b.p, .n = b.n, .oid = type_oid(type) == oid ? type_array_oid(type) : 0};
}

static void late_body(void *ctx) {
  Late *x = ctx;
  Request *r = x->request;
  const Step *step = &r->steps[x->step];
  uint32_t n_keys = 0;
  for (uint16_t k = 0; k < step->n_params; k++) n_keys += step->params[k].source == PARAM_KEYS;
  for (uint16_t k = 0; k < step->n_params; k++) {
    const Param *p = &step->params[k];
    if (p->source != PARAM_CELL && p->source != PARAM_KEYS) continue;
    const Result *from = r->states[p->step].result;
    r->states[x->step].cells[k] =
        p->source == PARAM_CELL ? take_cell(from, p) : take_keys(r->arena, from, p->column, n_keys > 1);
  }
}

bool encode_late(Request *r, uint16_t i, Err *e) {
  Late x = {r, i};
  return arena_protect(r->arena, NULL, late_body, &x) || err_oom(e);
}

/* ---- raw parameters: typed by what they are; a string's type is the server's to infer ---- */

typedef struct Raw {
  Request *request;
  Err *e;
  bool ok;
} Raw;

static const struct {
  TypeId type;
  Transform transform;
} raw_types[] = {
    [ARG_NULL] = {TYPE_UNKNOWN, AS_IS},     [ARG_BOOL] = {TYPE_BOOL, AS_IS},
    [ARG_INT] = {TYPE_INT8, AS_IS},         [ARG_FLOAT] = {TYPE_FLOAT8, AS_IS},
    [ARG_STRING] = {TYPE_UNKNOWN, AS_IS},   [ARG_DATETIME] = {TYPE_TIMESTAMPTZ, AS_IS},
    [ARG_DECIMAL] = {TYPE_NUMERIC, AS_IS},  [ARG_FIELD] = {TYPE_UNKNOWN, AS_IS},
    [ARG_DB_NULL] = {TYPE_UNKNOWN, AS_IS},  [ARG_JSON_NULL] = {TYPE_JSONB, AS_JSON},
    [ARG_ANY_NULL] = {TYPE_UNKNOWN, AS_IS}, [ARG_LIST] = {TYPE_UNKNOWN, AS_IS},
    [ARG_MAP] = {TYPE_JSONB, AS_JSON},      [ARG_EMPTY] = {TYPE_UNKNOWN, AS_IS},
};

/* Strings and integers go out as text without a type, so that $1::uuid, a date column or an int4 all take
 * them. */
static bool raw_text(Arena *a, const Arg *arg, Cell *out) {
  if (arg->kind == ARG_STRING)
    *out = (Cell){.p = slice_copy(a, arg_text(arg)).p, .n = arg->n, .text = true};
  else if (arg->kind == ARG_INT) {
    Slice digits = slice_printf(a, "%lld", (long long)arg->u.i);
    *out = (Cell){.p = digits.p, .n = digits.n, .text = true};
  } else
    return false;
  return true;
}

static bool raw_scalar(Raw *x, const Arg *arg, Cell *out) {
  Arena *a = x->request->arena;
  if (arg->kind == ARG_STRING && memchr(arg->u.p, 0, arg->n))
    return err_set(x->e, ERR_VALIDATION, "A string with a NUL byte cannot be sent as text.");
  if (raw_text(a, arg, out)) return true;
  if (raw_types[arg->kind].type == TYPE_UNKNOWN) {
    *out = (Cell){0};
    return true;
  }
  Param p = {
      .source = PARAM_LEAF, .type = raw_types[arg->kind].type, .transform = raw_types[arg->kind].transform};
  Value v;
  return leaf_value(a, arg, &p, &v, x->e) && encode_value(a, p.type, &v, out, x->e);
}

static bool raw_list(Raw *x, const Arg *list, Cell *out) {
  TypeId type = TYPE_TEXT;
  for (uint32_t i = 0; i < list->n; i++) {
    if (list->u.items[i].kind == ARG_NULL) continue;
    type = raw_types[list->u.items[i].kind].type;
    break;
  }
  if (type == TYPE_UNKNOWN) type = TYPE_TEXT;
  Param p = {
      .source = PARAM_LEAF, .type = type, .transform = type == TYPE_JSONB ? AS_JSON : AS_IS, .array = true};
  Encoder encoder = {.request = x->request, .e = x->e};
  Elements elements = {&encoder, &p, list, NULL};
  if (type == TYPE_TEXT || type == TYPE_INT8) /* as of a single one, the type is the server's to infer */
    return encode_text_array(x->request->arena, list->kind == ARG_LIST ? list->n : 0, next_element, &elements,
                             out, x->e);
  return encode_array(x->request->arena, type, list->kind == ARG_LIST ? list->n : 0, next_element, &elements,
                      out, x->e);
}

static void raw_body(void *ctx) {
  Raw *x = ctx;
  Request *r = x->request;
  r->states = ARENA_NEW(r->arena, StepState);
  r->states[0].cells = ARENA_ARRAY(r->arena, Cell, r->n_raw_params);
  r->raw_step.params = ARENA_ARRAY(r->arena, Param, r->n_raw_params); /* none comes from other steps */
  for (uint32_t i = 0; i < r->n_raw_params; i++) {
    const Arg *arg = &r->raw_params[i];
    bool list = arg->kind == ARG_LIST || arg->kind == ARG_EMPTY;
    if (!(list ? raw_list(x, arg, &r->states[0].cells[i]) : raw_scalar(x, arg, &r->states[0].cells[i]))) {
      err_path(x->e, slice_printf(r->arena, "[%u]", i + 1));
      return;
    }
  }
  x->ok = true;
}

bool encode_raw(Request *r, Err *e) {
  Raw x = {.request = r, .e = e};
  if (!arena_protect(r->arena, NULL, raw_body, &x)) return err_oom(e);
  return x.ok;
}
