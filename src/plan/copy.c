/* COPY: many rows in or out, in binary form. The form has no types, so the first step asks for those of the
 * columns, by a select without rows; the last step is the COPY itself.
 *   copyIn   SELECT the columns LIMIT 0 · [SELECT empty arrays: the oids of their elements] · COPY FROM
 *   copyOut  SELECT ... LIMIT 0 · [SELECT set_config: its parameters] · COPY (SELECT ...) TO */
#include <stdlib.h>

#include "base/vec.h"
#include "plan/read.h"
#include "plan/write.h"

static uint16_t step_of(Builder *b, StatementKind kind, Select *select) {
  Query *q = ARENA_NEW(b->scratch, Query);
  *q = (Query){.kind = kind, .select = select};
  return b_step(b, q);
}

static Select *without_rows(Builder *b, const Select *select) {
  Select *none = arena_copy(b->scratch, select, sizeof *select);
  none->limit = expr_int(b, 0);
  none->offset = NULL;
  none->n_order = 0;
  return none;
}

/* ---- out ---- */

static bool scalars_only(Builder *b, const Path *root, const Selection *s) {
  Path at = path_key(root, SLICE("select"));
  bool scalars;
  if (!selection_scalar_only(b, s, &scalars)) return false;
  return scalars ||
         b_error(b, &at, "COPY has the columns of one table only: leave relations out, or use stream.");
}

bool copy_out(Builder *b) {
  static const Slice names[] = {{"where", 5},  {"select", 6}, {"omit", 4}, {"orderBy", 7},
                                {"cursor", 6}, {"take", 4},   {"skip", 4}, {"distinct", 8}};
  const Path *root = path_keep(b, (Path){0});
  Path take_at = path_key(root, SLICE("take"));
  Find f = {.model = b->model, .args = b->args, .at = root};
  Selection s = {b->model, b->args, root, NULL};
  if (!b_only(b, root, "argument", b->args, names, COUNT(names))) return false;
  if (!scalars_only(b, root, &s) || !find_open(b, &f)) return false;
  if (f.reversed) return b_error(b, &take_at, "A COPY goes forward only: take must not be negative.");
  Record *record = selection_record(b, &s, f.alias, &f.select->outputs, &f.select->n_outputs);
  if (!record || !find_close(b, &f)) return false;
  b->plan->result = RESULT_ROWS;
  b->plan->record = record;
  b->plan->copies = true;
  b->plan->result_step = b_select(b, without_rows(b, f.select));
  (void)step_of(b, STATEMENT_SETTINGS, f.select);
  (void)step_of(b, STATEMENT_COPY_OUT, f.select);
  return true;
}

/* ---- in ---- */

static Arg constant(ArgKind kind) { return (Arg){.kind = (uint8_t)kind, .leaf = ARG_NO_LEAF}; }

/* The default as a value that a caller could give; NULL: it is not one, or not of a kind that is known here.
 */
static const Arg *default_value(Builder *b, const Field *f) {
  Slice text = f->def.value;
  if (f->def.kind != DEFAULT_LITERAL || f->arity == ARITY_LIST || f->kind == FIELD_UNSUPPORTED) return NULL;
  Arg a = constant(ARG_STRING);
  a.n = text.n;
  a.u.p = text.p;
  ScalarType scalar = f->kind == FIELD_ENUM ? SCALAR_STRING : f->scalar;
  if (scalar == SCALAR_BYTES || scalar == SCALAR_JSON) return NULL;
  if (scalar == SCALAR_INT || scalar == SCALAR_BIGINT) {
    a = constant(ARG_INT);
    a.u.i = strtoll(text.p, NULL, 10);
  } else if (scalar == SCALAR_FLOAT) {
    a = constant(ARG_FLOAT);
    a.u.f = strtod(text.p, NULL);
  } else if (scalar == SCALAR_BOOLEAN) {
    a = constant(ARG_BOOL);
    a.u.i = slice_is(text, "true");
  }
  return arena_copy(b->arena, &a, sizeof a);
}

static bool lists(const Arg *names, const Field *f) {
  for (uint32_t i = 0; names && names->kind == ARG_LIST && i < names->n; i++)
    if (names->u.items[i].kind == ARG_STRING && slice_eq(arg_text(&names->u.items[i]), f->name)) return true;
  return false;
}

static bool names_check(Builder *b, const Path *at, const Arg *list) {
  if (list->kind != ARG_LIST)
    return b_error(b, at, "Expected a list of the names of fields, provided %s.", arg_kind_name(list));
  b_elements(b, list);
  for (uint32_t i = 0; i < list->n; i++) {
    Path here = path_index(at, i + 1);
    const Arg *name = &list->u.items[i];
    if (name->kind != ARG_STRING)
      return b_error(b, &here, "Expected the name of a field, provided %s.", arg_kind_name(name));
    const Field *f = model_field(b->model, arg_text(name));
    if (f && b_field_visible(f) && f->kind != FIELD_RELATION) continue;
    Slice *known = ARENA_ARRAY(b->scratch, Slice, b->model->n_columns);
    for (uint32_t k = 0; k < b->model->n_columns; k++) known[k] = b->model->columns[k]->name;
    return b_unknown(b, at, "field", arg_text(name), known, b->model->n_columns);
  }
  return true;
}

static CopyColumn column_new(Builder *b, const Field *f) {
  CopyColumn c = {.param = b_param_rows(f), .generated = default_is_generated(f)};
  if (c.generated) c.param.slot = b_slot(b, f, NULL)->param.slot;
  c.otherwise = default_value(b, f);
  c.by_database = f->def.kind != DEFAULT_NONE && !c.generated && !c.otherwise;
  return c;
}

/* `columns` says which, or else the fields of the first row do: these, and all that the client can fill. */
static bool is_copied(const Field *f, const CopyColumn *c, const Arg *columns, const Arg *first) {
  if (!b_field_visible(f)) return false;
  if (columns) return lists(columns, f) || c->generated;
  return !c->by_database || lists(first, f);
}

static bool check_missing(Builder *b, const Path *at, const Field *f, const CopyColumn *c) {
  bool filled = c->generated || c->otherwise || c->by_database || f->arity != ARITY_REQUIRED;
  return filled || b_error(b, at, "`%.*s` is required, and not among the columns.", SLICE_ARGS(f->name));
}

static Expr *empty_array(Builder *b, const Field *f) {
  return expr_cast(b, expr_list(b, EXPR_ARRAY, 0, NULL), f->type, true, f->enum_);
}

typedef struct CopyIn {
  Query *copy;
  Select *columns, *elements;
  uint32_t alias;
} CopyIn;

static void column_add(Builder *b, CopyIn *x, const Field *f, CopyColumn c) {
  uint32_t n = b->plan->n_copied;
  *VEC_PUSH(b->scratch, x->copy->columns, x->copy->n_columns) = f->db_name;
  *VEC_PUSH(b->scratch, x->columns->outputs, x->columns->n_outputs) =
      (Output){.expr = expr_column(b, x->alias, f), .column = column_of(f)};
  if (f->arity == ARITY_LIST && !type_oid(f->type)) {
    c.element = (uint16_t)x->elements->n_outputs;
    *VEC_PUSH(b->scratch, x->elements->outputs, x->elements->n_outputs) =
        (Output){.expr = empty_array(b, f), .column = column_of(f)};
  }
  *VEC_PUSH(b->arena, b->plan->copied, n) = c;
  b->plan->n_copied = (uint16_t)n;
}

static bool columns_read(Builder *b, CopyIn *x, const Path *root) {
  Path at = path_key(root, SLICE("columns")), first_at = path_key(root, SLICE("data[1]"));
  const Arg *columns = b_get(b->args, "columns"), *first = b_get(b->args, "first");
  if (columns && !names_check(b, &at, columns)) return false;
  if (first && first->kind == ARG_LIST && !names_check(b, &first_at, first)) return false;
  for (uint32_t i = 0; i < b->model->n_columns; i++) {
    const Field *f = b->model->columns[i];
    CopyColumn c = column_new(b, f);
    if (is_copied(f, &c, columns, first))
      column_add(b, x, f, c);
    else if (!check_missing(b, &at, f, &c))
      return false;
  }
  return x->copy->n_columns > 0 || b_error(b, &at, "There are no columns to copy.");
}

bool copy_in(Builder *b) {
  static const Slice names[] = {{"columns", 7}, {"first", 5}};
  const Path *root = path_keep(b, (Path){0});
  if (!visible_all(b, b->model))
    return b_error(b, root,
                   "A scope says which rows of `%.*s` there are, and COPY cannot hold new ones to it: "
                   "use createMany, or unscoped().",
                   SLICE_ARGS(b->model->name));
  From *from = from_model(b, b->model);
  CopyIn x = {ARENA_NEW(b->scratch, Query), ARENA_NEW(b->scratch, Select), ARENA_NEW(b->scratch, Select),
              from->alias};
  *x.copy = (Query){.kind = STATEMENT_COPY_IN, .model = b->model};
  x.columns->from = from;
  x.columns->limit = expr_int(b, 0);
  if (!b_only(b, root, "argument", b->args, names, COUNT(names)) || !columns_read(b, &x, root)) return false;
  b->plan->result = RESULT_AFFECTED;
  b->plan->copies = true;
  (void)b_select(b, x.columns);
  if (x.elements->n_outputs) (void)b_select(b, x.elements);
  (void)b_step(b, x.copy);
  return true;
}
