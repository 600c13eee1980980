#include "runtime/rows.h"

#include "base/decimal.h"
#include "runtime/row_keys.h"
#include "runtime/throw.h"
#include "runtime/values.h"

enum {
  KIND_MASK = 0xFFFF,
  STEP_BITS = 16
};

typedef struct Join Join;

/* A Record with what building needs beside it: where its keys and its metatable are on the stack. */
typedef struct Frame {
  const Record *record;
  int keys, meta;       /* stack slots: keys .. keys + n_slots - 1 */
  struct Frame **inner; /* per slot: of SLOT_RECORD; NULL: the record has columns only */
  Join **joins;         /* per slot: of SLOT_ONE and SLOT_MANY; NULL likewise */
} Frame;

/* A parent that waits for rows of another step: a list, or the row that gets one field. */
typedef struct Parent {
  Value *key;
  uint64_t hash;
  uint32_t next; /* with the same bucket; 0 = the last (parents are numbered from 1) */
  uint32_t count;
} Parent;

struct Join {
  const Slot *slot;
  int key;     /* stack slot of the field's name */
  int waiting; /* stack slot of the table {number -> list or row} */
  Frame *frame;
  Parent *parents; /* parents[0] is unused */
  uint32_t n, cap;
  uint32_t *buckets;
  uint32_t n_buckets;
};

typedef struct Build {
  lua_State *L;
  Runtime *rt;
  Request *request;
  Arena *arena;
  const Column *columns; /* of the step being read */
  const Rows *rows;
  uint64_t plan;                /* its number; 0: none */
  int datetime_meta, list_meta; /* stack slots, each nil until it is needed */
  Err *e;
  bool raw; /* no model's rows */
  bool built;
} Build;

/* [-0, +0, -] Give the value on top the metatable of a kind, whose stack slot is `meta`. */
static void mark(Build *b, int meta, Kind kind) {
  if (lua_isnil(b->L, meta)) {
    runtime_metatable(b->L, b->rt, kind);
    lua_replace(b->L, meta);
  }
  lua_pushvalue(b->L, meta);
  lua_setmetatable(b->L, -2);
}

/* [-0, +1, m] a list with room for n */
static void push_list(Build *b, int n) {
  lua_createtable(b->L, n, 0);
  mark(b, b->list_meta, KIND_ARRAY);
}

/* [-0, +1, m] */
static void push_datetime(Build *b, int64_t micros) {
  DateTime *d = lua_newuserdatauv(b->L, sizeof *d, 0);
  d->micros = micros;
  mark(b, b->datetime_meta, KIND_DATETIME);
}

/* ---- cells ---- */

static bool push_cell(Build *b, const Value *v, const Column *column);

/* [-0, +1, m] */
static bool push_array(Build *b, const Value *v, const Column *column) {
  ArrayIter it;
  uint32_t n;
  if (!array_open(&it, b->rows, v, &n))
    return err_set(b->e, ERR_P2023, "Inconsistent column data: a malformed array.");
  Column element = *column;
  element.array = false;
  push_list(b, (int)n);
  Value item;
  for (lua_Integer i = 1; array_next(&it, &item); i++) {
    if ((item.kind & KIND_MASK) == VALUE_NULL)
      value_push_null(b->L);
    else if (!push_cell(b, &item, &element))
      return false;
    lua_rawseti(b->L, -2, i);
  }
  return true;
}

/* The client's name of an enum's label in the database. */
static Slice enum_name(const Enum *e, Slice label) {
  for (uint32_t i = 0; i < e->n_values; i++)
    if (slice_eq(e->values[i].db_name, label)) return e->values[i].name;
  return label;
}

static bool push_decimal(Build *b, const Value *v) {
  Slice text;
  if (!decimal_from_wire(b->arena, (Slice){v->u.p, v->len}, &text, b->e)) return false;
  value_push_decimal(b->L, b->rt, text);
  return true;
}

/* One cell that is not NULL. [-0, +1, m], or false and the stack in disorder */
static bool push_cell(Build *b, const Value *v, const Column *column) {
  lua_State *L = b->L;
  switch (v->kind & KIND_MASK) {
    case VALUE_BOOL: lua_pushboolean(L, v->u.i != 0); return true;
    case VALUE_INT: lua_pushinteger(L, v->u.i); return true;
    case VALUE_FLOAT: lua_pushnumber(L, v->u.f); return true;
    case VALUE_TEXT: {
      Slice text = {v->u.p, v->len};
      if (column->enum_) text = enum_name(column->enum_, text);
      lua_pushlstring(L, text.p, text.n);
      return true;
    }
    case VALUE_BYTES: lua_pushlstring(L, v->u.p, v->len); return true;
    case VALUE_JSON: return value_push_json(L, b->rt, (Slice){v->u.p, v->len}, b->e);
    case VALUE_DATETIME: push_datetime(b, v->u.i); return true;
    case VALUE_DECIMAL: return push_decimal(b, v);
    case VALUE_ARRAY: return push_array(b, v, column);
    default: return err_set(b->e, ERR_P2023, "Inconsistent column data: a malformed value.");
  }
}

/* ---- frames ---- */

/* [-0, +1, m] */
static Join *join_of(Build *b, const Slot *slot, int key) {
  Join *j = ARENA_NEW(b->arena, Join);
  j->slot = slot;
  j->key = key;
  lua_newtable(b->L);
  j->waiting = lua_gettop(b->L);
  return j;
}

static bool has_columns_only(const Record *r) {
  for (uint16_t i = 0; i < r->n_slots; i++)
    if (r->slots[i].kind != SLOT_COLUMN) return false;
  return true;
}

/* The frame of a record whose metatable and keys are on the stack from *at on, and those of the records
 * inside of it behind them. [-0, +k, m] */
static Frame *frame_make(Build *b, const Record *r, int *at) {
  Frame *f = ARENA_NEW(b->arena, Frame);
  *f = (Frame){.record = r, .meta = *at, .keys = *at + 1};
  *at += 1 + r->n_slots;
  if (has_columns_only(r)) return f;
  if (!lua_checkstack(b->L, r->n_slots + LUA_MINSTACK)) return NULL;
  f->inner = ARENA_ARRAY(b->arena, Frame *, r->n_slots);
  f->joins = ARENA_ARRAY(b->arena, Join *, r->n_slots);
  for (uint16_t i = 0; i < r->n_slots; i++) {
    const Slot *slot = &r->slots[i];
    if (slot->kind == SLOT_COLUMN) continue;
    if (slot->kind == SLOT_RECORD)
      f->inner[i] = frame_make(b, slot->record, at);
    else
      f->joins[i] = join_of(b, slot, f->keys + i);
    if (!f->inner[i] && !f->joins[i]) return NULL;
  }
  return f;
}

/* The frame of the rows of a step. NULL: out of memory [-0, +k, m] */
static Frame *frame_of(Build *b, const Record *r, uint16_t step) {
  uint64_t number = b->plan ? b->plan << STEP_BITS | step : 0;
  int at = row_keys_push(b->L, number, r, b->columns);
  return at ? frame_make(b, r, &at) : NULL;
}

/* ---- joining ---- */

static uint64_t hash_cells(const Value *cells, const uint16_t *columns, uint16_t n) {
  uint64_t h = 0;
  for (uint16_t i = 0; i < n; i++) {
    const Value *v = &cells[columns[i]];
    Slice bytes = {(const char *)&v->u.i, sizeof v->u.i};
    if ((v->kind & KIND_MASK) == VALUE_TEXT || (v->kind & KIND_MASK) == VALUE_BYTES ||
        (v->kind & KIND_MASK) >= VALUE_DECIMAL)
      bytes = (Slice){v->u.p, v->len};
    h = (h ^ slice_hash(bytes)) * 0x9E3779B97F4A7C15u;
  }
  return h ^ h >> 32;
}

static bool same_cell(const Value *a, const Value *b) {
  if ((a->kind & KIND_MASK) != (b->kind & KIND_MASK)) return false;
  switch (a->kind & KIND_MASK) {
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_DATETIME: return a->u.i == b->u.i;
    case VALUE_FLOAT: return a->u.f == b->u.f;
    default: return a->len == b->len && memcmp(a->u.p, b->u.p, a->len) == 0;
  }
}

static bool has_null(const Value *cells, const uint16_t *columns, uint16_t n) {
  for (uint16_t i = 0; i < n; i++)
    if ((cells[columns[i]].kind & KIND_MASK) == VALUE_NULL) return true;
  return false;
}

/* The list (or row) on top waits for the rows of another step that belong to `cells`. [-1, +0, m] */
static void join_wait(Build *b, Join *j, const Value *cells) {
  const Link *link = j->slot->link;
  if (has_null(cells, link->parent_cols, link->n_cols)) {
    lua_pop(b->L, 1);
    return;
  }
  if (j->n + 1 >= j->cap) {
    uint32_t cap = j->cap ? j->cap * 2 : 64;
    Parent *grown = arena_alloc(b->arena, sizeof *grown * cap);
    if (j->cap) memcpy(grown, j->parents, sizeof *grown * (j->n + 1));
    j->parents = grown;
    j->cap = cap;
  }
  Parent *p = &j->parents[++j->n];
  *p = (Parent){.key = arena_alloc(b->arena, sizeof(Value) * link->n_cols),
                .hash = hash_cells(cells, link->parent_cols, link->n_cols)};
  for (uint16_t i = 0; i < link->n_cols; i++) p->key[i] = cells[link->parent_cols[i]];
  lua_rawseti(b->L, j->waiting, j->n);
}

static void join_index(Build *b, Join *j) {
  j->n_buckets = 8;
  while (j->n_buckets < j->n) j->n_buckets *= 2;
  j->buckets = ARENA_ARRAY(b->arena, uint32_t, j->n_buckets);
  for (uint32_t i = j->n; i > 0; i--) {
    uint32_t *bucket = &j->buckets[j->parents[i].hash & (j->n_buckets - 1)];
    j->parents[i].next = *bucket;
    *bucket = i;
  }
}

static bool belongs(const Join *j, const Parent *p, const Value *cells, uint64_t hash) {
  const Link *link = j->slot->link;
  if (p->hash != hash) return false;
  for (uint16_t i = 0; i < link->n_cols; i++)
    if (!same_cell(&p->key[i], &cells[link->child_cols[i]])) return false;
  return true;
}

/* ---- rows ---- */

static bool push_record(Build *b, const Frame *f, const Value *cells);

/* [-0, +1, m] or false and the stack in disorder. The kinds that most cells are of do not go through
 * push_cell: in a large result a call for each cell is a tenth of its cost. */
static inline bool push_value(Build *b, const Value *v, const Column *column) {
  switch (v->kind) {
    case VALUE_INT: lua_pushinteger(b->L, v->u.i); return true;
    case VALUE_DATETIME: push_datetime(b, v->u.i); return true;
    case VALUE_TEXT:
      if (column->enum_) return push_cell(b, v, column);
      lua_pushlstring(b->L, v->u.p, v->len);
      return true;
    default: return push_cell(b, v, column);
  }
}

/* [-0, +0, m] one field of the table on top */
static inline bool set_column(Build *b, int key, const Value *v, const Column *column) {
  lua_State *L = b->L;
  if (v->kind == VALUE_NULL) {
    if (b->raw || !column->array) return true;
    lua_pushvalue(L, key);
    push_list(b, 0); /* a model's list is never absent */
  } else {
    lua_pushvalue(L, key);
    if (!push_value(b, v, column)) return false;
  }
  lua_rawset(L, -3);
  return true;
}

/* [-0, +0, m] the same, of a field that holds rows */
static bool set_relation(Build *b, const Frame *f, uint16_t i, const Value *cells) {
  lua_State *L = b->L;
  const Slot *slot = &f->record->slots[i];
  if (slot->kind == SLOT_ONE) {
    lua_pushvalue(L, -1);
    join_wait(b, f->joins[i], cells);
    return true;
  }
  if (slot->kind == SLOT_RECORD && slot->record->optional && cells[slot->record->present].kind == VALUE_NULL)
    return true;
  lua_pushvalue(L, f->keys + i);
  if (slot->kind == SLOT_RECORD) {
    if (!push_record(b, f->inner[i], cells)) return false;
  } else {
    push_list(b, 0);
    lua_pushvalue(L, -1);
    join_wait(b, f->joins[i], cells);
  }
  lua_rawset(L, -3);
  return true;
}

/* [-0, +1, m] */
static bool push_record(Build *b, const Frame *f, const Value *cells) {
  const Record *r = f->record;
  lua_createtable(b->L, 0, r->n_slots);
  lua_pushvalue(b->L, f->meta);
  lua_setmetatable(b->L, -2);
  for (uint16_t i = 0; i < r->n_slots; i++) {
    const Slot *slot = &r->slots[i];
    bool set = slot->kind == SLOT_COLUMN
                   ? set_column(b, f->keys + i, &cells[slot->column], &b->columns[slot->column])
                   : set_relation(b, f, i, cells);
    if (!set) return false;
  }
  return true;
}

static bool join_all(Build *b, const Frame *f);

/* Give a child row to each parent that it belongs to: a table for each, so that changing one changes only
 * one. [-0, +0, m] */
static bool hand_out(Build *b, Join *j, const Value *cells) {
  lua_State *L = b->L;
  const Link *link = j->slot->link;
  if (has_null(cells, link->child_cols, link->n_cols)) return true;
  uint64_t hash = hash_cells(cells, link->child_cols, link->n_cols);
  for (uint32_t i = j->buckets[hash & (j->n_buckets - 1)]; i; i = j->parents[i].next) {
    Parent *p = &j->parents[i];
    if (!belongs(j, p, cells, hash)) continue;
    if (j->slot->kind == SLOT_ONE && p->count) continue;
    lua_rawgeti(L, j->waiting, i);
    if (j->slot->kind == SLOT_ONE) lua_pushvalue(L, j->key);
    if (!push_record(b, j->frame, cells)) return false;
    p->count++;
    if (j->slot->kind == SLOT_ONE)
      lua_rawset(L, -3);
    else
      lua_rawseti(L, -2, p->count);
    lua_pop(L, 1);
  }
  return true;
}

/* Open a step and read on with its columns. */
static bool step_open(Build *b, uint16_t step, Rows *rows, Value **cells) {
  if (!rows_open(b->request, step, rows, b->e)) return false;
  b->rows = rows;
  b->columns = rows_columns(rows, b->arena);
  *cells = arena_alloc(b->arena, sizeof(Value) * (rows->n_columns + 1u));
  return true;
}

/* [-0, +k, m] */
static bool join_run(Build *b, Join *j) {
  Rows rows;
  Value *cells;
  if (j->n == 0) return true;
  if (!step_open(b, j->slot->link->step, &rows, &cells)) return false;
  if (rows.n_rows == 0) return true;
  j->frame = frame_of(b, j->slot->link->record, j->slot->link->step);
  if (!j->frame) return err_oom(b->e);
  join_index(b, j);
  while (rows_next(&rows, cells, b->e))
    if (!hand_out(b, j, cells)) return false;
  return b->e->code == ERR_NONE && join_all(b, j->frame);
}

/* All rows of a frame are made: now those that belong to them. */
static bool join_all(Build *b, const Frame *f) {
  for (uint16_t i = 0; f->joins && i < f->record->n_slots; i++) {
    if (f->inner[i] && !join_all(b, f->inner[i])) return false;
    if (f->joins[i] && !join_run(b, f->joins[i])) return false;
  }
  return true;
}

/* ---- the top level ---- */

/* Raw rows have no record: their columns are named by the result itself. A name that comes twice keeps the
 * last. */
static const Record *raw_record(Build *b, const Rows *rows) {
  Record *r = ARENA_NEW(b->arena, Record);
  r->slots = ARENA_ARRAY(b->arena, Slot, rows->n_columns + 1);
  r->n_slots = rows->n_columns;
  for (uint16_t i = 0; i < rows->n_columns; i++)
    r->slots[i] = (Slot){.key = rows_name(rows, i), .kind = SLOT_COLUMN, .column = i};
  return r;
}

/* [-0, +1, m] a list of all rows, or (single) the first one or nil */
static bool push_rows(Build *b, const ResultShape *shape, bool single) {
  lua_State *L = b->L;
  Rows rows;
  Value *cells;
  if (!step_open(b, shape->step, &rows, &cells)) return false;
  if (rows.n_rows == 0 && single) return lua_pushnil(L), true;
  int base = lua_gettop(L) + 1;
  if (single)
    lua_createtable(L, 1, 0);
  else
    push_list(b, (int)rows.n_rows);
  if (rows.n_rows == 0) return true;
  b->raw = !shape->record;
  Frame *f = frame_of(b, shape->record ? shape->record : raw_record(b, &rows), shape->step);
  if (!f) return err_oom(b->e);
  while (rows_next(&rows, cells, b->e)) {
    if (!push_record(b, f, cells)) return false;
    lua_rawseti(L, base, rows.at);
    if (single) break;
  }
  if ((!single && b->e->code != ERR_NONE) || (single && lua_rawlen(L, base) == 0)) return false;
  if (!join_all(b, f)) return false;
  if (single) {
    lua_rawgeti(L, base, 1);
    lua_replace(L, base);
  }
  lua_settop(L, base);
  return true;
}

/* [-0, +1, m] the first cell of the first row */
static bool push_count(Build *b, const ResultShape *shape) {
  Rows rows;
  Value *cells;
  if (!step_open(b, shape->step, &rows, &cells)) return false;
  if (!rows_next(&rows, cells, b->e)) {
    if (b->e->code != ERR_NONE) return false;
    lua_pushinteger(b->L, 0);
    return true;
  }
  return push_cell(b, &cells[0], &b->columns[0]);
}

static bool push_exists(Build *b, const ResultShape *shape) {
  Rows rows;
  if (!rows_open(b->request, shape->step, &rows, b->e)) return false;
  lua_pushboolean(b->L, rows.n_rows > 0);
  return true;
}

static bool push_affected(Build *b, const ResultShape *shape) {
  lua_createtable(b->L, 0, 1);
  lua_pushinteger(b->L, shape->affected);
  lua_setfield(b->L, -2, "count");
  return true;
}

static void build_body(void *ctx) {
  Build *b = ctx;
  ResultShape shape;
  request_shape(b->request, &shape);
  b->plan = shape.plan;
  b->e->code = ERR_NONE;
  switch (shape.kind) {
    case RESULT_ROW: b->built = push_rows(b, &shape, true); break;
    case RESULT_ROWS: b->built = push_rows(b, &shape, false); break;
    case RESULT_COUNT: b->built = push_count(b, &shape); break;
    case RESULT_EXISTS: b->built = push_exists(b, &shape); break;
    case RESULT_AFFECTED: b->built = push_affected(b, &shape); break;
  }
}

bool rows_push(lua_State *L, Runtime *rt, Request *r, Err *e) {
  int top = lua_gettop(L);
  Build b = {.L = L, .rt = rt, .request = r, .arena = request_arena(r), .e = e};
  if (!lua_checkstack(L, LUA_MINSTACK)) return err_oom(e);
  lua_settop(L, top + 2);
  b.datetime_meta = top + 1;
  b.list_meta = top + 2;
  runtime_hold_collector(rt);
  if (!arena_protect(b.arena, NULL, build_body, &b)) err_oom(e);
  if (b.built) lua_replace(L, top + 1);
  lua_settop(L, top + b.built);
  rt->in_hand = NULL; /* finalizers may run now, and make calls of their own */
  runtime_let_collector(rt);
  return b.built;
}
