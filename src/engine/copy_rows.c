/* Rows of a copyIn as cells. Which field a name means is looked for where it was in the row before: rows that
 * are made alike name their fields in one order. */
#include "base/datetime.h"
#include "engine/engine_private.h"
#include "pg/copy.h"

typedef struct CopyType {
  TypeId type;
  uint32_t element; /* oid, of an array */
} CopyType;

struct CopyTypes {
  CopyType *columns;
  const Arg **given; /* of the row that is being read, by column */
  uint16_t *order;   /* column of the i-th name of the row before */
};

typedef struct RowEncoder {
  Request *request;
  const Plan *plan;
  CopyTypes *types;
  Buf *to;
  uint64_t before;
  uint32_t row;
  int64_t now;
  Err *e;
  bool ok;
} RowEncoder;

/* ---- what the server says of the columns ---- */

static CopyType column_type(const Request *call, uint16_t i) {
  const CopyColumn *c = &call->ref->plan->copied[i];
  bool array;
  uint32_t oid = result_oid(call->states[0].result, i);
  TypeId said = type_of_oid(oid, &array);
  CopyType t = {(TypeId)c->param.type, 0};
  Slice empty;
  if (said != TYPE_UNKNOWN && array == c->param.array && type_kind(said) == type_kind(t.type)) t.type = said;
  t.element = type_oid(t.type);
  if (!c->param.array || t.element) return t;
  const Result *elements = call->states[1].result;
  if (elements && result_rows(elements) && result_cell(elements, 0, c->element, &empty) && empty.n >= 12) {
    const uint8_t *p = (const uint8_t *)empty.p + 8; /* behind dimensions and flags */
    t.element = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
  }
  return t;
}

typedef struct Types {
  Request *call;
  CopyTypes *made;
} Types;

static void types_body(void *ctx) {
  Types *t = ctx;
  Arena *a = t->call->arena;
  uint16_t n = t->call->ref->plan->n_copied;
  t->made = ARENA_NEW(a, CopyTypes);
  t->made->columns = ARENA_ARRAY(a, CopyType, n);
  t->made->given = ARENA_ARRAY(a, const Arg *, n);
  t->made->order = ARENA_ARRAY(a, uint16_t, n + 1);
  for (uint16_t i = 0; i < n; i++) t->made->columns[i] = column_type(t->call, i);
}

bool copy_types(Request *call, CopyTypes **out, Err *e) {
  Types t = {call, NULL};
  const Result *described = call->states[0].result;
  if (!described || result_columns(described) != call->ref->plan->n_copied)
    return err_set(e, ERR_P2023, "The server told of other columns than were asked for.");
  if (!arena_protect(call->arena, NULL, types_body, &t)) return err_oom(e);
  *out = t.made;
  return true;
}

/* ---- names ---- */

static bool unknown_name(RowEncoder *x, Slice name) {
  const Model *m = x->plan->model;
  const Field *f = model_field(m, name);
  if (f && f->kind != FIELD_RELATION && !f->ignored && f->kind != FIELD_UNSUPPORTED) {
    err_set(
        x->e, ERR_VALIDATION,
        "`%.*s` is not among the columns of this COPY: name them in `columns`, or give it in the first row.",
        SLICE_ARGS(name));
    return err_path(x->e, name);
  }
  Slice *names = ARENA_ARRAY(x->request->arena, Slice, x->plan->n_copied);
  for (uint16_t i = 0; i < x->plan->n_copied; i++) names[i] = x->plan->copied[i].param.field->name;
  Slice near = slice_nearest(name, names, x->plan->n_copied);
  err_set(x->e, ERR_VALIDATION, "Unknown argument `%.*s`.%s%.*s%s", SLICE_ARGS(name),
          near.n ? " Did you mean `" : "", SLICE_ARGS(near), near.n ? "`?" : "");
  return err_path(x->e, name);
}

static bool column_of_name(RowEncoder *x, Slice name, uint16_t *out) {
  for (uint16_t i = 0; i < x->plan->n_copied; i++)
    if (slice_eq(x->plan->copied[i].param.field->name, name)) {
      *out = i;
      return true;
    }
  return unknown_name(x, name);
}

static bool row_names(RowEncoder *x, const Arg *row) {
  const Plan *plan = x->plan;
  uint16_t *order = x->types->order;
  memset(x->types->given, 0, plan->n_copied * sizeof *x->types->given);
  if (!arg_is_map(row))
    return err_set(x->e, ERR_VALIDATION, "Expected a table of fields, provided %s.", arg_kind_name(row));
  for (uint32_t i = 0; row->kind == ARG_MAP && i < row->n; i++) {
    const ArgPair *pair = &row->u.pairs[i];
    uint16_t column = i < plan->n_copied ? order[i] : 0;
    if (!slice_eq(plan->copied[column].param.field->name, pair->key) &&
        !column_of_name(x, pair->key, &column))
      return false;
    if (i < plan->n_copied) order[i] = column;
    x->types->given[column] = &pair->value;
  }
  return true;
}

/* ---- cells ---- */

static bool put_value(RowEncoder *x, TypeId type, const Value *v) {
  if (v->kind == VALUE_NULL) {
    copy_cell_null(x->to);
    return true;
  }
  uint32_t mark = copy_cell(x->to);
  if (!codec_encode(type)(x->to, type, v, x->e)) return false;
  copy_cell_end(x->to, mark);
  return true;
}

static bool put_array(RowEncoder *x, const CopyType *t, const Param *p, const Arg *list) {
  Value v;
  if (!arg_is_list(list))
    return err_set(x->e, ERR_VALIDATION, "Expected a list, provided %s.", arg_kind_name(list));
  uint32_t n = list->kind == ARG_LIST ? list->n : 0, mark = copy_cell(x->to);
  codec_array_open_oid(x->to, t->element, n, true);
  for (uint32_t i = 0; i < n; i++) {
    if (!leaf_value(x->request->arena, &list->u.items[i], p, &v, x->e) || !put_value(x, t->type, &v))
      return err_path(x->e, slice_printf(x->request->arena, "[%u]", i + 1));
  }
  copy_cell_end(x->to, mark);
  return true;
}

static bool put_given(RowEncoder *x, const CopyType *t, const Param *p, const Arg *given) {
  Value v;
  if (p->array && given->kind != ARG_NULL && given->kind != ARG_DB_NULL) return put_array(x, t, p, given);
  return leaf_value(x->request->arena, given, p, &v, x->e) && put_value(x, t->type, &v);
}

static bool put_missing(RowEncoder *x, const CopyType *t, const CopyColumn *c) {
  Value v = {.kind = VALUE_NULL};
  const Field *f = c->param.field;
  if (c->otherwise) return put_given(x, t, &c->param, c->otherwise);
  if (c->by_database)
    return err_set(
        x->e, ERR_VALIDATION,
        "`%.*s` is missing, and only the database knows its default: give it in all rows, or in none.",
        SLICE_ARGS(f->name));
  if (c->generated && !id_generate(x->request->arena, &x->plan->slots[c->param.slot], x->now,
                                   &x->request->engine->n_ids, &v, x->e))
    return false;
  if (!c->generated && f->arity == ARITY_REQUIRED)
    return err_set(x->e, ERR_VALIDATION, "Argument `%.*s` is missing.", SLICE_ARGS(f->name));
  return put_value(x, t->type, &v);
}

static bool put_row(RowEncoder *x, const Arg *row) {
  if (!row_names(x, row)) return false;
  copy_row_open(x->to, x->plan->n_copied);
  for (uint16_t i = 0; i < x->plan->n_copied; i++) {
    const CopyColumn *c = &x->plan->copied[i];
    const CopyType *t = &x->types->columns[i];
    const Arg *given = x->types->given[i];
    if (given ? put_given(x, t, &c->param, given) : put_missing(x, t, c)) continue;
    return err_path(x->e, c->param.field->name);
  }
  return true;
}

static void encode_body(void *ctx) {
  RowEncoder *x = ctx;
  const Arg *rows = x->request->args;
  for (x->row = 0; rows->kind == ARG_LIST && x->row < rows->n; x->row++) {
    if (put_row(x, &rows->u.items[x->row])) continue;
    err_path(x->e,
             slice_printf(x->request->arena, "data[%llu]", (unsigned long long)(x->before + x->row + 1)));
    return;
  }
  x->ok = true;
}

bool copy_encode(Request *r, const Request *call, CopyTypes *types, uint64_t before, Buf *to, Err *e) {
  RowEncoder x = {.request = r,
                  .plan = call->ref->plan,
                  .types = types,
                  .to = to,
                  .before = before,
                  .e = e,
                  .now = datetime_now()};
  if (!arg_is_list(r->args)) return err_set(e, ERR_VALIDATION, "Expected a list of rows.");
  if (!arena_protect(r->arena, NULL, encode_body, &x)) return err_oom(e);
  if (x.ok) return true;
  err_text(e->model, sizeof e->model, call->model->name);
  err_text(e->action, sizeof e->action, slice_of(action_name(call->action)));
  return false;
}
