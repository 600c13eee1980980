/* Rows of a copyIn as bytes. */
#include <stdio.h>

#include "base/datetime.h"
#include "engine/copy_private.h"
#include "pg/copy.h"

typedef struct CopyType {
  TypeId type;
  uint32_t element; /* oid, of an array */
} CopyType;

struct CopyTypes {
  CopyType *columns;
  Arg *cells; /* of the row that is being made */
};

typedef struct RowEncoder {
  Copy *copy;
  Arena *arena;
  const Plan *plan;
  CopyTypes *types;
  Buf *to;
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
  t->made->cells = ARENA_ARRAY(a, Arg, n);
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

uint16_t copy_columns(const Copy *c) { return c->call ? c->call->ref->plan->n_copied : 0; }
Slice copy_column(const Copy *c, uint16_t i) { return c->call->ref->plan->copied[i].param.field->name; }
Arg *copy_cells(Copy *c) { return c->types->cells; }

bool copy_unknown(const Copy *c, Slice name, Err *e) {
  enum {
    MOST = 256 /* that a near name is looked for in */
  };
  const Model *m = c->call->ref->plan->model;
  const Field *f = model_field(m, name);
  if (f && f->kind != FIELD_RELATION && !f->ignored && f->kind != FIELD_UNSUPPORTED) {
    err_set(
        e, ERR_VALIDATION,
        "`%.*s` is not among the columns of this COPY: name them in `columns`, or give it in the first row.",
        SLICE_ARGS(name));
    return err_path(e, name);
  }
  Slice names[MOST];
  uint16_t n = copy_columns(c);
  for (uint16_t i = 0; i < n && i < MOST; i++) names[i] = copy_column(c, i);
  Slice near = slice_nearest(name, names, n < MOST ? n : MOST);
  err_set(e, ERR_VALIDATION, "Unknown argument `%.*s`.%s%.*s%s", SLICE_ARGS(name),
          near.n ? " Did you mean `" : "", SLICE_ARGS(near), near.n ? "`?" : "");
  return err_path(e, name);
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
    if (!leaf_value(x->arena, &list->u.items[i], p, &v, x->e) || !put_value(x, t->type, &v))
      return err_path(x->e, slice_printf(x->arena, "[%u]", i + 1));
  }
  copy_cell_end(x->to, mark);
  return true;
}

static bool put_given(RowEncoder *x, const CopyType *t, const Param *p, const Arg *given) {
  Value v;
  if (p->array && given->kind != ARG_NULL && given->kind != ARG_DB_NULL) return put_array(x, t, p, given);
  return leaf_value(x->arena, given, p, &v, x->e) && put_value(x, t->type, &v);
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
  if (c->generated && !id_generate(x->arena, &x->plan->slots[c->param.slot], datetime_now(),
                                   &x->copy->engine->n_ids, &v, x->e))
    return false;
  if (!c->generated && f->arity == ARITY_REQUIRED)
    return err_set(x->e, ERR_VALIDATION, "Argument `%.*s` is missing.", SLICE_ARGS(f->name));
  return put_value(x, t->type, &v);
}

static void row_body(void *ctx) {
  RowEncoder *x = ctx;
  uint16_t n = x->plan->n_copied;
  copy_row_open(x->to, n);
  for (uint16_t i = 0; i < n; i++) {
    const CopyColumn *c = &x->plan->copied[i];
    const CopyType *t = &x->types->columns[i];
    const Arg *given = &x->types->cells[i];
    if (given->kind != ARG_ABSENT ? put_given(x, t, &c->param, given) : put_missing(x, t, c)) continue;
    (void)err_path(x->e, c->param.field->name);
    return;
  }
  x->ok = true;
}

bool copy_mistake(const Copy *c, Err *e) {
  char at[40];
  int n = snprintf(at, sizeof at, "data[%llu]", (unsigned long long)(c->rows + 1));
  (void)err_path(e, (Slice){at, (uint32_t)n});
  err_text(e->model, sizeof e->model, c->call->model->name);
  err_text(e->action, sizeof e->action, slice_of(action_name(c->call->action)));
  return false;
}

bool copy_encode(Copy *c, Err *e) {
  RowEncoder x = {.copy = c,
                  .arena = c->making->arena,
                  .plan = c->call->ref->plan,
                  .types = c->types,
                  .to = &c->making->bytes,
                  .e = e};
  if (!arena_protect(x.arena, NULL, row_body, &x)) return err_oom(e);
  return x.ok || copy_mistake(c, e);
}
