/* Calls made up at random, by seed (SEED and CALLS in the environment change what is run). Each is made three
 * times: with harmless texts, with hostile ones, and with these for a schema whose names are hostile, too.
 * All are refused, or all have plans: one SQL whatever the texts are, one tree whatever the names are, and
 * PostgreSQL's own parser takes it. The second half is spoilt here and there: refused in words, or planned.
 */
#include <stdlib.h>

#include "base/vec.h"

#include "plan_hostile.h"

#ifdef LORM_HOSTILE
enum {
  CALLS = 2000
};
#else
enum {
  CALLS = 10000
};
#endif

typedef struct Gen {
  Arena *arena;
  uint64_t state;
  const Schema *schema;
  bool hostile;   /* the texts */
  uint32_t spoil; /* one of how many values is made nonsense; 0 = none */
} Gen;

static uint32_t dice(Gen *g, uint32_t n) { /* splitmix64 */
  uint64_t z = (g->state += UINT64_C(0x9e3779b97f4a7c15));
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return (uint32_t)((z ^ z >> 31) >> 16) % n;
}

/* ---- trees ---- */

static Arg plain(ArgKind kind) { return (Arg){.kind = (uint8_t)kind, .leaf = ARG_NO_LEAF}; }
static Arg number(ArgKind kind, int64_t i) {
  return (Arg){.kind = (uint8_t)kind, .leaf = ARG_NO_LEAF, .u.i = i};
}
static Arg yes(void) { return number(ARG_BOOL, 1); }
static Arg string(Slice s) { return (Arg){.kind = ARG_STRING, .leaf = ARG_NO_LEAF, .n = s.n, .u.p = s.p}; }
static Arg word(const char *z) { return string(slice_of(z)); }
static Slice any_name(Gen *g) { return hostile_text(g->arena, dice(g, HOSTILE_TEXTS), g->hostile); }
static Arg any_text(Gen *g) { return string(any_name(g)); }

static void put(Gen *g, Arg *map, Slice key, Arg value) {
  for (uint32_t i = 0; map->kind == ARG_MAP && i < map->n; i++)
    if (slice_eq(map->u.pairs[i].key, key)) return;
  if (map->kind != ARG_MAP) *map = plain(ARG_MAP);
  *VEC_PUSH(g->arena, map->u.pairs, map->n) = (ArgPair){key, value};
}
static void set(Gen *g, Arg *map, const char *key, Arg value) { put(g, map, slice_of(key), value); }

static void add(Gen *g, Arg *list, Arg item) {
  if (list->kind != ARG_LIST) *list = plain(ARG_LIST);
  *VEC_PUSH(g->arena, list->u.items, list->n) = item;
}

static Arg one(Gen *g, const char *key, Arg value) {
  Arg map = plain(ARG_EMPTY);
  set(g, &map, key, value);
  return map;
}

/* Something that most places do not take. */
static Arg nonsense(Gen *g, uint32_t depth) {
  static const ArgKind kinds[] = {ARG_NULL, ARG_DB_NULL, ARG_JSON_NULL, ARG_ANY_NULL, ARG_EMPTY};
  Arg a = plain(ARG_EMPTY);
  switch (dice(g, depth ? 9 : 7)) {
    case 0: return number(ARG_INT, INT64_MIN);
    case 1: return number(ARG_BOOL, dice(g, 2));
    case 2: return (Arg){.kind = ARG_FLOAT, .leaf = ARG_NO_LEAF, .u.f = dice(g, 2) ? 1e300 : -0.5};
    case 3: return any_text(g);
    case 4: return (Arg){.kind = ARG_DECIMAL, .leaf = ARG_NO_LEAF, .n = 3, .u.p = "NaN"};
    case 5: return number(ARG_DATETIME, INT64_MAX);
    case 6: return plain(kinds[dice(g, COUNT(kinds))]);
    case 7:
      for (uint32_t n = dice(g, 4); n--;) add(g, &a, nonsense(g, depth - 1));
      return a;
    default:
      for (uint32_t n = dice(g, 4); n--;) {
        const Model *m = &g->schema->models[dice(g, g->schema->n_models)];
        Slice key = dice(g, 2) ? m->fields[dice(g, m->n_fields)].name : any_name(g);
        put(g, &a, key, nonsense(g, depth - 1));
      }
      return a;
  }
}

static Arg spoilt(Gen *g, Arg good) { return g->spoil && !dice(g, g->spoil) ? nonsense(g, 3) : good; }

/* ---- values ---- */

static Arg json_value(Gen *g, uint32_t depth) {
  Arg a = plain(ARG_EMPTY);
  switch (dice(g, depth ? 6 : 4)) {
    case 0: return number(ARG_INT, dice(g, 1000));
    case 1: return any_text(g);
    case 2: return yes();
    case 3: return (Arg){.kind = ARG_FLOAT, .leaf = ARG_NO_LEAF, .u.f = 0.25};
    case 4:
      for (uint32_t n = dice(g, 3); n--;) add(g, &a, json_value(g, depth - 1));
      return a;
    default:
      for (uint32_t n = dice(g, 3); n--;) put(g, &a, any_name(g), json_value(g, depth - 1));
      return a;
  }
}

static Arg value_of(Gen *g, const Field *f) {
  if (f->kind == FIELD_ENUM) return spoilt(g, string(f->enum_->values[dice(g, f->enum_->n_values)].name));
  switch (f->scalar) {
    case SCALAR_STRING:
      return spoilt(g, f->type == TYPE_UUID ? word("2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d") : any_text(g));
    case SCALAR_BOOLEAN: return spoilt(g, number(ARG_BOOL, dice(g, 2)));
    case SCALAR_INT:
    case SCALAR_BIGINT: return spoilt(g, number(ARG_INT, dice(g, 100)));
    case SCALAR_FLOAT:
      return spoilt(g, (Arg){.kind = ARG_FLOAT, .leaf = ARG_NO_LEAF, .u.f = dice(g, 9) / 4.0});
    case SCALAR_DECIMAL: return spoilt(g, word("12.50"));
    case SCALAR_DATETIME: return spoilt(g, number(ARG_DATETIME, (int64_t)dice(g, 1000) * 86400000000));
    case SCALAR_JSON: return spoilt(g, json_value(g, 2));
    case SCALAR_BYTES: return spoilt(g, any_text(g));
  }
  return plain(ARG_NULL);
}

static Arg values_of(Gen *g, const Field *f) {
  Arg list = plain(ARG_EMPTY);
  for (uint32_t n = dice(g, 4); n--;) add(g, &list, value_of(g, f));
  return spoilt(g, list);
}

static Arg data_of(Gen *g, const Field *f) {
  if (f->arity == ARITY_LIST) return values_of(g, f);
  return f->arity == ARITY_OPTIONAL && f->scalar != SCALAR_JSON && !dice(g, 5) ? plain(ARG_NULL)
                                                                               : value_of(g, f);
}

/* ---- where ---- */

static Arg where_of(Gen *g, const Model *m, uint32_t depth);

static Arg json_filter(Gen *g) {
  static const char *const texts[] = {"string_contains", "string_starts_with", "string_ends_with"};
  static const char *const lists[] = {"array_contains", "array_starts_with", "array_ends_with"};
  Arg a = plain(ARG_EMPTY), path = plain(ARG_EMPTY);
  for (uint32_t n = 1 + dice(g, 3); n--;) add(g, &path, any_text(g));
  if (dice(g, 2)) set(g, &a, "path", spoilt(g, path));
  if (dice(g, 2)) set(g, &a, "equals", json_value(g, 2));
  if (dice(g, 2)) set(g, &a, texts[dice(g, 3)], any_text(g));
  if (dice(g, 2)) set(g, &a, lists[dice(g, 3)], json_value(g, 1));
  if (!a.n) set(g, &a, "not", json_value(g, 1));
  return a;
}

static Arg list_filter(Gen *g, const Field *f) {
  Arg a = plain(ARG_EMPTY);
  if (dice(g, 2)) set(g, &a, "has", value_of(g, f));
  if (dice(g, 2)) set(g, &a, "hasSome", values_of(g, f));
  if (dice(g, 2)) set(g, &a, "hasEvery", values_of(g, f));
  if (dice(g, 3) == 0) set(g, &a, "isEmpty", spoilt(g, number(ARG_BOOL, dice(g, 2))));
  if (!a.n) set(g, &a, "equals", values_of(g, f));
  return a;
}

static Arg scalar_filter(Gen *g, const Field *f) {
  static const char *const orders[] = {"lt", "lte", "gt", "gte", "equals"};
  static const char *const likes[] = {"contains", "startsWith", "endsWith"};
  if (f->arity == ARITY_LIST) return list_filter(g, f);
  if (f->kind == FIELD_SCALAR && f->scalar == SCALAR_JSON) return json_filter(g);
  if (!dice(g, 3)) return value_of(g, f);
  Arg a = plain(ARG_EMPTY);
  bool text = f->kind == FIELD_SCALAR && f->scalar == SCALAR_STRING && f->type != TYPE_UUID;
  bool ordered = f->kind == FIELD_SCALAR && f->scalar != SCALAR_BOOLEAN && f->scalar != SCALAR_BYTES;
  if (ordered && dice(g, 2)) set(g, &a, orders[dice(g, COUNT(orders))], value_of(g, f));
  if (ordered && dice(g, 2)) set(g, &a, dice(g, 2) ? "in" : "notIn", values_of(g, f));
  if (text && dice(g, 2)) set(g, &a, likes[dice(g, COUNT(likes))], any_text(g));
  if (text && a.n && dice(g, 3) == 0) set(g, &a, "mode", word("insensitive"));
  if (!a.n) set(g, &a, "not", f->arity == ARITY_OPTIONAL && dice(g, 2) ? plain(ARG_NULL) : value_of(g, f));
  return spoilt(g, a);
}

static Arg relation_filter(Gen *g, const Field *f, uint32_t depth) {
  static const char *const many[] = {"some", "every", "none"};
  static const char *const single[] = {"is", "isNot"};
  const Model *target = f->relation->side[!f->side].model;
  Arg where = where_of(g, target, depth - 1);
  if (f->arity == ARITY_LIST) return one(g, many[dice(g, 3)], where);
  return dice(g, 3) ? one(g, single[dice(g, 2)], where) : where;
}

static Arg where_of(Gen *g, const Model *m, uint32_t depth) {
  static const char *const junctions[] = {"AND", "OR", "NOT"};
  Arg a = plain(ARG_EMPTY);
  for (uint32_t n = dice(g, 3); n--;) {
    const Field *f = &m->fields[dice(g, m->n_fields)];
    if (f->kind != FIELD_RELATION)
      put(g, &a, f->name, scalar_filter(g, f));
    else if (depth)
      put(g, &a, f->name, relation_filter(g, f, depth));
  }
  if (depth && !dice(g, 3)) {
    Arg list = plain(ARG_EMPTY);
    for (uint32_t n = dice(g, 3); n--;) add(g, &list, where_of(g, m, depth - 1));
    set(g, &a, junctions[dice(g, 3)], spoilt(g, list));
  }
  return spoilt(g, a);
}

static Arg unique_of(Gen *g, const Model *m) {
  Arg a = plain(ARG_EMPTY), fields = plain(ARG_EMPTY);
  const Index *unique = NULL;
  for (uint32_t tries = 0; tries < 20 && !unique; tries++) {
    const Index *i = &m->indexes[dice(g, m->n_indexes)];
    if (i->kind == INDEX_PRIMARY || i->kind == INDEX_UNIQUE) unique = i;
  }
  if (!unique) return a;
  for (uint32_t i = 0; i < unique->n_fields; i++)
    put(g, &fields, unique->fields[i].field->name, value_of(g, unique->fields[i].field));
  if (unique->n_fields == 1) return spoilt(g, fields);
  put(g, &a, unique->key, fields);
  return spoilt(g, a);
}

/* ---- what is read ---- */

static void selection_into(Gen *g, Arg *args, const Model *m, uint32_t depth);

static Arg order_of(Gen *g, const Model *m) {
  Arg list = plain(ARG_EMPTY);
  for (uint32_t n = 1 + dice(g, 2); n--;) {
    const Field *f = &m->fields[dice(g, m->n_fields)];
    Arg a = plain(ARG_EMPTY), sort = word(dice(g, 2) ? "asc" : "desc");
    if (f->kind == FIELD_RELATION && f->arity == ARITY_LIST)
      put(g, &a, f->name, one(g, "_count", sort));
    else if (f->kind == FIELD_RELATION)
      put(g, &a, f->name, one(g, "id", sort));
    else if (f->arity == ARITY_OPTIONAL && dice(g, 2)) {
      Arg nulls = one(g, "sort", sort);
      set(g, &nulls, "nulls", word(dice(g, 2) ? "first" : "last"));
      put(g, &a, f->name, spoilt(g, nulls));
    } else
      put(g, &a, f->name, spoilt(g, sort));
    add(g, &list, a);
  }
  return spoilt(g, list);
}

static const Field *any_scalar(Gen *g, const Model *m) {
  const Field *f;
  do f = &m->fields[dice(g, m->n_fields)];
  while (f->kind == FIELD_RELATION || f->arity == ARITY_LIST);
  return f;
}

static void find_into(Gen *g, Arg *args, const Model *m, uint32_t depth) {
  if (dice(g, 2)) set(g, args, "where", where_of(g, m, depth));
  if (!dice(g, 3)) set(g, args, "orderBy", order_of(g, m));
  if (!dice(g, 4)) set(g, args, "take", spoilt(g, number(ARG_INT, (int64_t)dice(g, 7) - 3)));
  if (!dice(g, 5)) set(g, args, "skip", spoilt(g, number(ARG_INT, dice(g, 5))));
  if (!dice(g, 6)) set(g, args, "cursor", unique_of(g, m));
  if (!dice(g, 6)) {
    Arg fields = plain(ARG_EMPTY);
    for (uint32_t n = 1 + dice(g, 2); n--;) add(g, &fields, string(any_scalar(g, m)->name));
    set(g, args, "distinct", spoilt(g, fields));
  }
}

static void selection_into(Gen *g, Arg *args, const Model *m, uint32_t depth) {
  static const char *const words[] = {"select", "include", "omit"};
  uint32_t way = dice(g, 4);
  if (way == 3) return;
  Arg a = plain(ARG_EMPTY);
  for (uint32_t n = 1 + dice(g, 4); n--;) {
    const Field *f = &m->fields[dice(g, m->n_fields)];
    bool relation = f->kind == FIELD_RELATION;
    if (relation ? way == 2 || !depth : way == 1) continue;
    Arg inner = yes();
    if (relation && dice(g, 2)) {
      inner = plain(ARG_EMPTY);
      if (f->arity == ARITY_LIST) find_into(g, &inner, f->relation->side[!f->side].model, depth - 1);
      selection_into(g, &inner, f->relation->side[!f->side].model, depth - 1);
    }
    put(g, &a, f->name, spoilt(g, inner));
  }
  if (a.n) set(g, args, words[way], spoilt(g, a));
}

static Arg some_fields(Gen *g, const Model *m, bool numbers) {
  Arg a = plain(ARG_EMPTY);
  for (uint32_t tries = 0; tries < 40 && a.n < 2; tries++) {
    const Field *f = any_scalar(g, m);
    bool is_number = f->kind == FIELD_SCALAR && (f->scalar == SCALAR_INT || f->scalar == SCALAR_FLOAT);
    bool orders = f->kind != FIELD_SCALAR || (f->scalar != SCALAR_JSON && f->scalar != SCALAR_BYTES);
    if (numbers ? is_number : orders) put(g, &a, f->name, spoilt(g, yes()));
  }
  return a;
}

static void aggregates_into(Gen *g, Arg *args, const Model *m) {
  set(g, args, "_count", yes());
  if (dice(g, 2)) set(g, args, "_min", some_fields(g, m, false));
  if (dice(g, 2)) set(g, args, "_max", some_fields(g, m, false));
  if (dice(g, 2)) set(g, args, "_avg", some_fields(g, m, true));
  if (dice(g, 2)) set(g, args, "_sum", some_fields(g, m, true));
}

static void groups_into(Gen *g, Arg *args, const Model *m) {
  Arg by = plain(ARG_EMPTY);
  const Field *f = any_scalar(g, m);
  add(g, &by, string(f->name));
  set(g, args, "by", spoilt(g, by));
  aggregates_into(g, args, m);
  if (dice(g, 2)) set(g, args, "where", where_of(g, m, 1));
  Arg having = plain(ARG_EMPTY);
  put(g, &having, f->name, scalar_filter(g, f));
  if (!dice(g, 3)) set(g, args, "having", having);
  if (!dice(g, 3)) {
    Arg order = plain(ARG_EMPTY);
    put(g, &order, f->name, word("desc"));
    set(g, args, "orderBy", order);
  }
}

/* ---- what is written ---- */

static Arg create_of(Gen *g, const Model *m, uint32_t depth, const Field *but);
static Arg update_of(Gen *g, const Model *m, uint32_t depth);

/* The relation's own columns are left to it. */
static bool is_link(const Field *f, const Field *but) {
  if (!but || but->relation->kind == RELATION_MANY_TO_MANY) return false;
  const Relation *r = but->relation;
  for (uint32_t i = 0; i < r->n_fields; i++)
    if (r->fields[i] == f) return true;
  return false;
}

static Arg nested_create(Gen *g, const Field *f, uint32_t depth) {
  const Field *there = f->relation->side[!f->side].field;
  const Model *target = there->model;
  Arg pair = plain(ARG_EMPTY);
  switch (dice(g, 3)) {
    case 0: return one(g, "connect", unique_of(g, target));
    case 1:
      set(g, &pair, "where", unique_of(g, target));
      set(g, &pair, "create", create_of(g, target, depth - 1, there));
      return one(g, "connectOrCreate", spoilt(g, pair));
    default: return one(g, "create", create_of(g, target, depth - 1, there));
  }
}

static Arg create_of(Gen *g, const Model *m, uint32_t depth, const Field *but) {
  Arg a = plain(ARG_EMPTY);
  for (uint32_t i = 0; i < m->n_fields; i++) {
    const Field *f = &m->fields[i];
    if (f->kind == FIELD_RELATION) {
      if (f != but && depth && f->arity == ARITY_LIST && !dice(g, 4))
        put(g, &a, f->name, nested_create(g, f, depth));
      continue;
    }
    bool needed = f->arity == ARITY_REQUIRED && f->def.kind == DEFAULT_NONE && !f->updated_at;
    if (!is_link(f, but) && (needed || !dice(g, 4))) put(g, &a, f->name, data_of(g, f));
  }
  return spoilt(g, a);
}

static Arg nested_update(Gen *g, const Field *f, uint32_t depth) {
  static const char *const words[] = {"updateMany", "deleteMany", "delete", "disconnect", "set", "update"};
  const Model *target = f->relation->side[!f->side].model;
  if (!dice(g, 3)) return nested_create(g, f, depth);
  uint32_t way = dice(g, COUNT(words));
  Arg pair = plain(ARG_EMPTY);
  if (way == 1) return one(g, words[way], where_of(g, target, 1));
  if (way >= 2 && way <= 4) return one(g, words[way], unique_of(g, target));
  set(g, &pair, "where", way ? unique_of(g, target) : where_of(g, target, 1));
  set(g, &pair, "data", update_of(g, target, way ? depth - 1 : 0));
  return one(g, words[way], pair);
}

static Arg change_of(Gen *g, const Field *f) {
  static const char *const sums[] = {"increment", "decrement", "multiply", "divide"};
  bool is_number = f->kind == FIELD_SCALAR && (f->scalar == SCALAR_INT || f->scalar == SCALAR_FLOAT);
  if (f->arity == ARITY_LIST) return one(g, dice(g, 2) ? "push" : "set", values_of(g, f));
  if (is_number && dice(g, 2)) return one(g, sums[dice(g, COUNT(sums))], value_of(g, f));
  return one(g, "set", data_of(g, f));
}

static Arg update_of(Gen *g, const Model *m, uint32_t depth) {
  Arg a = plain(ARG_EMPTY);
  for (uint32_t n = dice(g, 4); n--;) {
    const Field *f = &m->fields[dice(g, m->n_fields)];
    if (f->kind != FIELD_RELATION && !f->is_fk)
      put(g, &a, f->name, f->scalar != SCALAR_JSON && dice(g, 2) ? change_of(g, f) : data_of(g, f));
    else if (depth && f->kind == FIELD_RELATION && f->arity == ARITY_LIST)
      put(g, &a, f->name, nested_update(g, f, depth));
  }
  return spoilt(g, a);
}

static Arg rows_of(Gen *g, const Model *m) {
  Arg list = plain(ARG_EMPTY);
  for (uint32_t n = 1 + dice(g, 3); n--;) add(g, &list, create_of(g, m, 0, NULL));
  return spoilt(g, list);
}

static void each_into(Gen *g, Arg *args, const Model *m) {
  Arg list = plain(ARG_EMPTY);
  for (uint32_t n = 1 + dice(g, 3); n--;) {
    Arg pair = one(g, "where", unique_of(g, m));
    set(g, &pair, "data", update_of(g, m, 0));
    add(g, &list, spoilt(g, pair));
  }
  set(g, args, "data", list);
}

/* ---- calls ---- */

static void write_into(Gen *g, Arg *args, CallAction action, const Model *m) {
  bool create = action == CALL_CREATE,
       update = action == CALL_UPDATE || action == CALL_UPDATE_MANY || action == CALL_UPDATE_MANY_AND_RETURN;
  if (action == CALL_UPDATE || action == CALL_UPSERT || action == CALL_DELETE)
    set(g, args, "where", unique_of(g, m));
  else if (action == CALL_DELETE_MANY || update)
    set(g, args, "where", where_of(g, m, 2));
  if (create) set(g, args, "data", create_of(g, m, 2, NULL));
  if (update) set(g, args, "data", update_of(g, m, action == CALL_UPDATE ? 2 : 0));
  if (action == CALL_CREATE_MANY || action == CALL_CREATE_MANY_AND_RETURN || action == CALL_UPSERT_MANY)
    set(g, args, "data", rows_of(g, m));
  if (action == CALL_UPDATE_EACH) each_into(g, args, m);
  if (action == CALL_UPSERT) {
    set(g, args, "create", create_of(g, m, 1, NULL));
    set(g, args, "update", update_of(g, m, 1));
  }
  if (create || action == CALL_UPDATE || action == CALL_UPSERT || action == CALL_DELETE)
    selection_into(g, args, m, 2);
}

static Arg call_of(Gen *g, CallAction action, const Model *m) {
  Arg args = plain(ARG_EMPTY);
  switch (action) {
    case CALL_FIND_UNIQUE:
    case CALL_FIND_UNIQUE_OR_THROW:
      set(g, &args, "where", unique_of(g, m));
      selection_into(g, &args, m, 3);
      break;
    case CALL_FIND_FIRST:
    case CALL_FIND_FIRST_OR_THROW:
    case CALL_FIND_MANY:
      find_into(g, &args, m, 3);
      selection_into(g, &args, m, 3);
      break;
    case CALL_EXISTS: set(g, &args, "where", where_of(g, m, 3)); break;
    case CALL_AGGREGATE: aggregates_into(g, &args, m); break;
    case CALL_GROUP_BY: groups_into(g, &args, m); break;
    case CALL_COUNT:
      if (dice(g, 2)) set(g, &args, "where", where_of(g, m, 3));
      break;
    default: write_into(g, &args, action, m);
  }
  return spoilt(g, args);
}

/* Which rows exist: in half of the calls all, else of some models those of a filter; and a delete may mark.
 */
static Scopes *scopes_of(Gen *g) {
  if (dice(g, 2)) return NULL;
  Scopes *s = ARENA_NEW(g->arena, Scopes);
  s->n = g->schema->n_models;
  s->of = ARENA_ARRAY(g->arena, ModelScope, s->n);
  for (uint32_t i = 0; i < s->n; i++) {
    const Model *m = &g->schema->models[i];
    s->of[i].kind = SCOPE_ALL;
    if (dice(g, 2)) continue;
    s->of[i].where = where_of(g, m, 2);
    if (s->of[i].where.kind == ARG_MAP) s->of[i].kind = SCOPE_WHERE;
    if (dice(g, 2)) s->of[i].marker = model_field(m, SLICE("seen"));
  }
  return s;
}

typedef struct Run {
  Arena *scratch, *plans;
  const Schema *schemas[2]; /* harmless, hostile */
  uint64_t seed;
  bool spoilt;
  uint32_t built, refused, nowhere, steps;
} Run;

static Planned plan_of(Run *r, bool texts, bool names) {
  Gen g = {r->scratch, r->seed, r->schemas[names], texts, r->spoilt ? 30 : 0};
  CallAction action = (CallAction)dice(&g, CALL_ACTIONS);
  const Model *m = &g.schema->models[dice(&g, g.schema->n_models)];
  Arg args = call_of(&g, action, m);
  return hostile_plan(r->plans, r->scratch, g.schema, m, action, &args, scopes_of(&g));
}

static void run_one(void *ctx) {
  Run *r = ctx;
  int before = check_failures;
  Planned first = plan_of(r, false, false), texts = plan_of(r, true, false), names = plan_of(r, true, true);
  hostile_check_same(&first, &texts);
  hostile_check_twins(&first, &names);
  if (first.built) {
    hostile_check_sql(first.plan);
    r->built++;
    r->steps += first.plan->n_steps;
  } else {
    hostile_check_error(&first);
    hostile_check_error(&texts);
    r->refused++;
    r->nowhere += !first.e.path[0];
  }
  if (check_failures > before)
    fprintf(stderr, "SEED=%llu%s\n", (unsigned long long)r->seed, r->spoilt ? " spoilt" : "");
}

static uint64_t given(const char *name, uint64_t other) {
  const char *text = getenv(name);
  return text ? strtoull(text, NULL, 10) : other;
}

static void run_many(Run *r, uint64_t calls) {
  Arena *schemas = arena_new(0);
  r->schemas[0] = hostile_load(schemas, false);
  r->schemas[1] = hostile_load(schemas, true);
  r->scratch = arena_new(0);
  r->plans = arena_new(0);
  r->seed = given("SEED", 1);
  for (uint64_t i = 0; r->schemas[0] && r->schemas[1] && i < calls; i++, r->seed++) {
    CHECK(arena_protect(r->scratch, r->plans, run_one, r));
    arena_reset(r->scratch);
    arena_reset(r->plans);
  }
  printf("%u calls planned, %u statements, %u refused (%u as a whole)\n", r->built, r->steps, r->refused,
         r->nowhere);
  arena_free(r->plans);
  arena_free(r->scratch);
  arena_free(schemas);
}

static void sound_calls(void) {
  Run r = {0};
  run_many(&r, given("CALLS", CALLS));
  CHECK(r.built > 4 * r.refused); /* or the generator makes nothing worth planning */
}

static void spoilt_calls(void) {
  Run r = {.spoilt = true};
  run_many(&r, given("CALLS", CALLS));
  CHECK(r.built && r.refused);
}

TESTS(sound_calls, spoilt_calls)
