/* count, exists, aggregate. */
#include "base/vec.h"
#include "plan/read.h"

/* ---- the kinds ---- */

static bool numeric(const Field *f) {
  return f->kind == FIELD_SCALAR && f->arity != ARITY_LIST &&
         (f->scalar == SCALAR_INT || f->scalar == SCALAR_BIGINT || f->scalar == SCALAR_FLOAT ||
          f->scalar == SCALAR_DECIMAL);
}

static bool comparable(const Field *f) {
  return f->arity != ARITY_LIST &&
         (f->kind == FIELD_ENUM ||
          (f->kind == FIELD_SCALAR && f->scalar != SCALAR_JSON && f->scalar != SCALAR_BYTES));
}

static bool countable(const Field *f) { return f->kind == FIELD_SCALAR || f->kind == FIELD_ENUM; }

static const struct {
  const char *name;
  Function function;
  bool (*fits)(const Field *f);
} kinds[] = {
    [AGGREGATE_COUNT] = {"_count", FN_COUNT, countable}, [AGGREGATE_AVG] = {"_avg", FN_AVG, numeric},
    [AGGREGATE_SUM] = {"_sum", FN_SUM, numeric},         [AGGREGATE_MIN] = {"_min", FN_MIN, comparable},
    [AGGREGATE_MAX] = {"_max", FN_MAX, comparable},
};

const char *aggregate_name(AggregateKind kind) { return kinds[kind].name; }

bool aggregate_fits(AggregateKind kind, const Field *f) { return b_field_visible(f) && kinds[kind].fits(f); }

uint32_t aggregate_names(Builder *b, AggregateKind kind, const Model *m, Slice **names) {
  uint32_t n = 0;
  *names = ARENA_ARRAY(b->scratch, Slice, m->n_columns + 1);
  if (kind == AGGREGATE_COUNT) (*names)[n++] = SLICE("_all");
  for (uint32_t i = 0; i < m->n_columns; i++)
    if (aggregate_fits(kind, m->columns[i])) (*names)[n++] = m->columns[i]->name;
  return n;
}

const Field *aggregate_field(Builder *b, AggregateKind kind, const Field *f) {
  static const Field count = {.name = {"_count", 6}, .scalar = SCALAR_INT, .type = TYPE_INT8};
  if (kind == AGGREGATE_COUNT) return &count;
  Field *result = arena_copy(b->scratch, f, sizeof *f);
  bool decimal = f->scalar == SCALAR_DECIMAL;
  result->arity = ARITY_OPTIONAL;
  if (kind == AGGREGATE_AVG) {
    result->scalar = decimal ? SCALAR_DECIMAL : SCALAR_FLOAT;
    result->type = decimal ? TYPE_NUMERIC : TYPE_FLOAT8;
  }
  if (kind == AGGREGATE_SUM && (f->scalar == SCALAR_INT || f->scalar == SCALAR_BIGINT))
    result->type = TYPE_INT8;
  if (kind == AGGREGATE_SUM && decimal) result->type = TYPE_NUMERIC;
  return result;
}

/* PostgreSQL has no min(boolean), and min(uuid) only since 18. */
static Expr *extreme(Builder *b, AggregateKind kind, const Field *f, Expr *x) {
  bool min = kind == AGGREGATE_MIN;
  if (f->type == TYPE_BOOL) return expr_call(b, min ? FN_BOOL_AND : FN_BOOL_OR, 1, &x);
  if (f->type != TYPE_UUID) return expr_call(b, kinds[kind].function, 1, &x);
  x = expr_cast(b, x, TYPE_TEXT, false, NULL);
  return expr_cast(b, expr_call(b, kinds[kind].function, 1, &x), TYPE_UUID, false, NULL);
}

Expr *aggregate_expr(Builder *b, AggregateKind kind, const Field *f, Expr *x) {
  if (!x) x = expr_new(b, EXPR_STAR);
  if (kind == AGGREGATE_COUNT) return expr_call(b, FN_COUNT, 1, &x);
  if (kind == AGGREGATE_MIN || kind == AGGREGATE_MAX) return extreme(b, kind, f, x);
  if (f->type == TYPE_MONEY) x = expr_cast(b, x, TYPE_NUMERIC, false, NULL);
  Expr *sum = expr_call(b, kinds[kind].function, 1, &x);
  const Field *result = aggregate_field(b, kind, f);
  bool exact = kind == AGGREGATE_SUM && f->type != TYPE_INT8;
  return exact || result->type == TYPE_NUMERIC ? sum : expr_cast(b, sum, result->type, false, NULL);
}

/* ---- the rows ---- */

bool tally_open(Builder *b, Tally *s) {
  if (!find_open(b, &s->find)) return false;
  s->wrapped = find_is_limited(s->find.args);
  s->select = s->find.select;
  if (!s->wrapped) {
    s->select->n_order = 0;
    return true;
  }
  s->select = ARENA_NEW(b->scratch, Select);
  s->select->from = from_select(b, s->find.select);
  s->alias = s->select->from->alias;
  return true;
}

Expr *tally_column(Builder *b, Tally *s, const Field *f) {
  Expr *column = expr_column(b, s->find.alias, f);
  if (!s->wrapped) return column;
  Select *page = s->find.select;
  uint16_t i = output_add(b, &page->outputs, &page->n_outputs, column, column_of(f));
  page->outputs[i].as = slice_printf(b->scratch, "c%u", i + 1);
  return expr_named(b, s->alias, page->outputs[i].as);
}

bool tally_close(Builder *b, Tally *s) {
  if (!s->wrapped) return true;
  Select *page = s->find.select;
  if (!page->n_outputs) {
    output_add(b, &page->outputs, &page->n_outputs, expr_int(b, 1), (Column){.type = TYPE_INT4});
    page->outputs[0].as = SLICE("c1");
  }
  return find_close(b, &s->find);
}

/* ---- what is asked for ---- */

static void add_output(Builder *b, Tally *s, AggregateKind kind, const Field *f, Record *record, Slice key) {
  Expr *x = aggregate_expr(b, kind, f, f ? tally_column(b, s, f) : NULL);
  uint16_t column =
      output_add(b, &s->select->outputs, &s->select->n_outputs, x, column_of(aggregate_field(b, kind, f)));
  record_slot(b, record, key, SLOT_COLUMN)->column = column;
}

/* One of { _all = true, field = true } and the like. */
static bool add_kind(Builder *b, Tally *s, const Path *at, AggregateKind kind, const Arg *value,
                     Record *record) {
  Slice *names;
  uint32_t n = aggregate_names(b, kind, s->find.model, &names);
  bool *on = ARENA_ARRAY(b->scratch, bool, n + 1), any = false;
  if (!names_read(b, at, value, "field", names, n, on)) return false;
  for (uint32_t i = 0; i < n; i++) {
    if (!on[i]) continue;
    any = true;
    add_output(b, s, kind, model_field(s->find.model, names[i]), record, names[i]);
  }
  return any || b_error(b, at, "Expected at least one field that is true.");
}

bool aggregate_outputs(Builder *b, Tally *s, const Arg *args, Record *record, bool *any) {
  *any = false;
  for (int kind = 0; kind < AGGREGATE_KINDS; kind++) {
    Slice name = slice_of(kinds[kind].name);
    const Arg *value = b_get(args, kinds[kind].name);
    Path at = path_key(s->find.at, name);
    bool on = true;
    if (!value) continue;
    if (kind == AGGREGATE_COUNT && !b_is_table(value)) {
      if (!b_bool(b, &at, value, &on)) return false;
      if (on) add_output(b, s, AGGREGATE_COUNT, NULL, record, name);
    } else {
      Record *inner = ARENA_NEW(b->arena, Record);
      if (!add_kind(b, s, &at, (AggregateKind)kind, value, inner)) return false;
      record_slot(b, record, name, SLOT_RECORD)->record = inner;
    }
    *any |= on;
  }
  return true;
}

/* ---- entry points ---- */

static bool finish(Builder *b, Tally *s, Record *record, ResultKind result) {
  if (!tally_close(b, s)) return false;
  b->plan->result = result;
  b->plan->record = record;
  b->plan->result_step = b_select(b, s->select);
  return true;
}

static bool read_exists(Builder *b) {
  static const Slice names[] = {{"where", 5}};
  Path root = {0};
  Find f = {.model = b->model, .args = b->args, .at = &root};
  if (!b_only(b, &root, "argument", b->args, names, 1) || !find_open(b, &f)) return false;
  output_add(b, &f.select->outputs, &f.select->n_outputs, expr_int(b, 1), (Column){.type = TYPE_INT4});
  f.select->limit = expr_int(b, 1);
  b->plan->result = RESULT_EXISTS;
  b->plan->result_step = b_select(b, f.select);
  return true;
}

bool read_count(Builder *b) {
  static const Slice names[] = {{"where", 5}, {"orderBy", 7}, {"cursor", 6},
                                {"take", 4},  {"skip", 4},    {"select", 6}};
  Path root = {0}, at = path_key(&root, SLICE("select"));
  const Arg *select = b_get(b->args, "select");
  Tally s = {.find = {.model = b->model, .args = b->args, .at = &root}};
  Record *record = ARENA_NEW(b->arena, Record);
  if (b->action == CALL_EXISTS) return read_exists(b);
  if (!b_only(b, &root, "argument", b->args, names, COUNT(names)) || !tally_open(b, &s)) return false;
  if (select && b_is_table(select))
    return add_kind(b, &s, &at, AGGREGATE_COUNT, select, record) && finish(b, &s, record, RESULT_ROW);
  bool ignored;
  if (select && !b_bool(b, &at, select, &ignored)) return false;
  add_output(b, &s, AGGREGATE_COUNT, NULL, record, SLICE("_all"));
  return finish(b, &s, NULL, RESULT_COUNT);
}

bool read_aggregate(Builder *b) {
  static const Slice names[] = {{"where", 5},  {"orderBy", 7}, {"cursor", 6}, {"take", 4}, {"skip", 4},
                                {"_count", 6}, {"_avg", 4},    {"_sum", 4},   {"_min", 4}, {"_max", 4}};
  Path root = {0};
  Tally s = {.find = {.model = b->model, .args = b->args, .at = &root}};
  Record *record = ARENA_NEW(b->arena, Record);
  bool any;
  if (!b_only(b, &root, "argument", b->args, names, COUNT(names)) || !tally_open(b, &s)) return false;
  if (!aggregate_outputs(b, &s, b->args, record, &any)) return false;
  if (!any) return b_error(b, &root, "Expected at least one of `_count`, `_avg`, `_sum`, `_min`, `_max`.");
  return finish(b, &s, record, RESULT_ROW);
}
