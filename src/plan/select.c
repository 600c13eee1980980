/* What a call or a relation in it returns: select, include, omit and _count become outputs and a Record. */
#include "base/vec.h"
#include "plan/read.h"

typedef struct Choice { /* of a field, or of _count */
  bool on;
  const Arg *args; /* the table that was given instead of true */
  const Path *at;
} Choice;

typedef struct Choices {
  Builder *b;
  const Model *model;
  Choice *fields; /* by Field.index */
  Choice count;
} Choices;

typedef bool Wanted(const Field *f);
static bool any_field(const Field *f) { return b_field_visible(f); }
static bool relation_field(const Field *f) { return b_field_visible(f) && f->kind == FIELD_RELATION; }
static bool scalar_field(const Field *f) { return b_field_visible(f) && f->kind != FIELD_RELATION; }
static bool many_field(const Field *f) { return relation_field(f) && f->arity == ARITY_LIST; }

typedef struct Clause { /* one of select, include, omit */
  const char *name;
  Wanted *wanted;
  bool counts; /* _count may stand in it */
} Clause;

static const Clause select_clause = {"select", any_field, true};
static const Clause include_clause = {"include", relation_field, true};
static const Clause omit_clause = {"omit", scalar_field, false};
static const Clause count_clause = {"_count", many_field, false};

static bool has_many(const Model *m) {
  for (uint32_t i = 0; i < m->n_fields; i++)
    if (many_field(&m->fields[i])) return true;
  return false;
}

static bool unknown_name(Choices *c, const Path *at, const Clause *clause, Slice name) {
  Slice *names = ARENA_ARRAY(c->b->scratch, Slice, c->model->n_fields + 1);
  uint32_t n = 0;
  const Field *f = model_field(c->model, name);
  Path here = path_key(at, name);
  if (f && b_field_visible(f))
    return b_error(c->b, &here, "Field `%.*s` of %.*s cannot stand in `%s`.", SLICE_ARGS(name),
                   SLICE_ARGS(c->model->name), clause->name);
  for (uint32_t i = 0; i < c->model->n_fields; i++)
    if (clause->wanted(&c->model->fields[i])) names[n++] = c->model->fields[i].name;
  if (clause->counts && has_many(c->model)) names[n++] = SLICE("_count");
  return b_unknown(c->b, at, "field", name, names, n);
}

static Choice *choice_find(Choices *c, const Clause *clause, Slice name) {
  const Field *f = model_field(c->model, name);
  if (f && clause->wanted(f)) return &c->fields[f->index];
  return clause->counts && slice_is(name, "_count") && has_many(c->model) ? &c->count : NULL;
}

/* { "id", "email" } */
static bool read_positional(Choices *c, const Path *at, const Clause *clause, const Arg *list) {
  b_elements(c->b, list);
  for (uint32_t i = 0; i < list->n; i++) {
    Path here = path_index(at, i + 1);
    if (list->u.items[i].kind != ARG_STRING)
      return b_error(c->b, &here, "Expected the name of a field, provided %s.",
                     arg_kind_name(&list->u.items[i]));
    Choice *choice = choice_find(c, clause, arg_text(&list->u.items[i]));
    if (!choice) return unknown_name(c, at, clause, arg_text(&list->u.items[i]));
    choice->on = true;
    choice->at = path_keep(c->b, path_key(at, arg_text(&list->u.items[i])));
  }
  return true;
}

static bool read_pair(Choices *c, const Path *at, const Clause *clause, const ArgPair *pair) {
  Choice *choice = choice_find(c, clause, pair->key);
  Path here = path_key(at, pair->key);
  if (!choice) return unknown_name(c, at, clause, pair->key);
  const Field *f = choice == &c->count ? NULL : model_field(c->model, pair->key);
  choice->at = path_keep(c->b, here);
  if (!b_is_table(&pair->value)) return b_bool(c->b, &here, &pair->value, &choice->on);
  if (f && f->kind != FIELD_RELATION)
    return b_error(c->b, &here, "Expected a boolean, provided %s.", arg_kind_name(&pair->value));
  choice->on = true;
  choice->args = &pair->value;
  return b_map(c->b, &here, &pair->value);
}

static bool read_clause(Choices *c, const Path *at, const Clause *clause, const Arg *value) {
  if (value->kind == ARG_LIST) return read_positional(c, at, clause, value);
  if (!b_is_table(value))
    return b_error(c->b, at, "Expected a table of fields, provided %s.", arg_kind_name(value));
  if (!b_map(c->b, at, value)) return false;
  for (const ArgPair **pair = b_pairs(c->b, value); *pair; pair++)
    if (!read_pair(c, at, clause, *pair)) return false;
  return true;
}

static bool none_on(const Choices *c) {
  for (uint32_t i = 0; i < c->model->n_fields; i++)
    if (c->fields[i].on) return false;
  return !c->count.on;
}

/* The client's own omit: { User = { password = true } }. No part of the shape, so no questions. */
static void omit_globally(Choices *c) {
  const Arg *of_model = c->b->config->omit ? arg_get(c->b->config->omit, c->model->name) : NULL;
  for (uint32_t i = 0; of_model && of_model->kind == ARG_MAP && i < of_model->n; i++) {
    const Field *f = model_field(c->model, of_model->u.pairs[i].key);
    const Arg *value = &of_model->u.pairs[i].value;
    if (f && scalar_field(f) && value->kind == ARG_BOOL && value->u.i) c->fields[f->index].on = false;
  }
}

static bool read_omit(Choices *c, const Path *at, const Arg *value) {
  Choices omitted = {c->b, c->model, ARENA_ARRAY(c->b->scratch, Choice, c->model->n_fields), {0}};
  if (!read_clause(&omitted, at, &omit_clause, value)) return false;
  for (uint32_t i = 0; i < c->model->n_fields; i++) {
    if (omitted.fields[i].on) c->fields[i].on = false;
    if (omitted.fields[i].at && !omitted.fields[i].on) c->fields[i].on = true; /* field = false */
  }
  return true;
}

static bool read_choices(Builder *b, const Selection *s, Choices *c) {
  const Arg *select = b_get(s->args, "select"), *include = b_get(s->args, "include"),
            *omit = b_get(s->args, "omit");
  Path select_at = path_key(path_keep(b, *s->at), SLICE("select")),
       include_at = path_key(select_at.up, SLICE("include")), omit_at = path_key(select_at.up, SLICE("omit"));
  *c = (Choices){b, s->model, ARENA_ARRAY(b->scratch, Choice, s->model->n_fields), {0}};
  if (select && include)
    return b_error(b, s->at, "Please either use `include` or `select`, but not both at the same time.");
  if (select && omit)
    return b_error(b, s->at, "Please either use `omit` or `select`, but not both at the same time.");
  if (select) {
    if (!read_clause(c, path_keep(b, select_at), &select_clause, select)) return false;
    return !none_on(c) ||
           b_error(b, &select_at, "The `select` statement needs at least one field that is true.");
  }
  for (uint32_t i = 0; i < s->model->n_fields; i++) c->fields[i].on = scalar_field(&s->model->fields[i]);
  omit_globally(c);
  if (omit && !read_omit(c, path_keep(b, omit_at), omit)) return false;
  if (include && !read_clause(c, path_keep(b, include_at), &include_clause, include)) return false;
  return !none_on(c) || b_error(b, s->at, "Nothing is selected: `omit` leaves no field.");
}

/* ---- outputs ---- */

Slot *record_slot(Builder *b, Record *r, Slice key, SlotKind kind) {
  uint32_t n = r->n_slots;
  Slot *slot = VEC_PUSH(b->arena, r->slots, n);
  r->n_slots = (uint16_t)n;
  *slot = (Slot){.key = slice_copy(b->arena, key), .kind = kind};
  return slot;
}

static Link *link_new(Builder *b, const Field *f, uint32_t alias, Output **outputs, uint32_t *n_outputs) {
  Field **here, **there;
  uint32_t n = relation_keys(b, f, &here, &there);
  Link *link = ARENA_NEW(b->arena, Link);
  link->n_cols = (uint16_t)n;
  link->parent_cols = ARENA_ARRAY(b->arena, uint16_t, n);
  link->child_cols = ARENA_ARRAY(b->arena, uint16_t, n);
  for (uint32_t i = 0; i < n; i++)
    link->parent_cols[i] =
        output_add(b, outputs, n_outputs, expr_column(b, alias, here[i]), column_of(here[i]));
  return link;
}

/* (SELECT count(*) FROM the relation's rows WHERE ...) */
static bool count_one(Builder *b, const Field *f, uint32_t alias, const Choice *choice, Expr **out) {
  static const Slice names[] = {{"where", 5}};
  From *from;
  Expr *match = relation_match(b, f, alias, &from), *condition = NULL;
  if (choice->args) {
    Path at = path_key(choice->at, names[0]);
    if (!b_only(b, choice->at, "argument", choice->args, names, 1)) return false;
    if (!filter_where(b, &at, from->model, from->alias, b_get(choice->args, "where"), &condition))
      return false;
  }
  Select *count = ARENA_NEW(b->scratch, Select);
  count->from = from;
  count->where = expr_and(b, expr_and(b, match, condition), visible(b, from->model, from->alias));
  output_add(b, &count->outputs, &count->n_outputs,
             expr_call(b, FN_COUNT, 1, (Expr *[]){expr_new(b, EXPR_STAR)}), (Column){.type = TYPE_INT8});
  *out = expr_select(b, EXPR_SUBSELECT, count);
  return true;
}

/* _count = true | { select = { posts = true | { where = ... } } } */
static bool count_choices(Builder *b, const Selection *s, const Choice *count, Choices *c) {
  static const Slice names[] = {{"select", 6}};
  *c = (Choices){b, s->model, ARENA_ARRAY(b->scratch, Choice, s->model->n_fields), {0}};
  const Arg *select = count->args ? b_get(count->args, "select") : NULL;
  if (count->args && !b_only(b, count->at, "argument", count->args, names, 1)) return false;
  if (!select) {
    for (uint32_t i = 0; i < s->model->n_fields; i++) c->fields[i].on = many_field(&s->model->fields[i]);
    return true;
  }
  Path at = path_key(count->at, names[0]);
  if (!read_clause(c, path_keep(b, at), &count_clause, select)) return false;
  return !none_on(c) || b_error(b, &at, "The `select` statement needs at least one field that is true.");
}

static bool count_slots(Builder *b, const Selection *s, const Choice *count, uint32_t alias, Output **outputs,
                        uint32_t *n, Record *record) {
  Choices c;
  if (!count_choices(b, s, count, &c)) return false;
  Record *counts = ARENA_NEW(b->arena, Record);
  for (uint32_t i = 0; i < s->model->n_fields; i++) {
    Expr *x;
    if (!c.fields[i].on) continue;
    if (!count_one(b, &s->model->fields[i], alias, &c.fields[i], &x)) return false;
    uint16_t column = output_add(b, outputs, n, x, (Column){.type = TYPE_INT8});
    record_slot(b, counts, s->model->fields[i].name, SLOT_COLUMN)->column = column;
  }
  record_slot(b, record, SLICE("_count"), SLOT_RECORD)->record = counts;
  return true;
}

static void linked_slot(Builder *b, const Field *f, const Choice *choice, uint32_t alias, Output **outputs,
                        uint32_t *n, Record *record) {
  Slot *slot = record_slot(b, record, f->name, f->arity == ARITY_LIST ? SLOT_MANY : SLOT_ONE);
  slot->link = link_new(b, f, alias, outputs, n);
  *VEC_PUSH(b->scratch, b->pending, b->n_pending) =
      (Pending){.record = record, .link = slot->link, .field = f, .args = choice->args, .at = choice->at};
}

bool selection_arguments(Builder *b, const Field *f, const Path *at, const Arg *args) {
  static const Slice names[] = {{"select", 6}, {"include", 7}, {"omit", 4}, {"where", 5},   {"orderBy", 7},
                                {"cursor", 6}, {"take", 4},    {"skip", 4}, {"distinct", 8}};
  uint32_t n = f->arity == ARITY_LIST ? COUNT(names) : f->arity == ARITY_OPTIONAL ? 4 : 3;
  return b_only(b, at, "argument", args, names, n);
}

/* May the relation be joined into its parent's row? A to-one without a filter, all of whose relations may. */
static bool is_flat(Builder *b, const Field *f, const Choice *choice, bool *flat) {
  *flat = f->arity != ARITY_LIST && !b_get(choice->args, "where");
  if (!*flat || !choice->args) return true;
  if (!selection_arguments(b, f, choice->at, choice->args)) return false;
  Selection s = {field_target(f), choice->args, choice->at, NULL};
  Choices c;
  if (!read_choices(b, &s, &c)) return false;
  for (uint32_t i = 0; i < s.model->n_fields && *flat; i++)
    if (c.fields[i].on && s.model->fields[i].kind == FIELD_RELATION &&
        !is_flat(b, &s.model->fields[i], &c.fields[i], flat))
      return false;
  return true;
}

/* LEFT JOIN the one row; whether it is there is told by the column that was joined on. */
static bool joined_slot(Builder *b, const Selection *s, const Field *f, const Choice *choice, uint32_t alias,
                        Output **outputs, uint32_t *n, Record *record) {
  Field **here, **there;
  From *join;
  Expr *on = relation_match(b, f, alias, &join);
  join->join = JOIN_LEFT;
  join->on = expr_and(b, on, visible(b, join->model, join->alias));
  from_append(s->from, join);
  relation_keys(b, f, &here, &there);
  Selection inner = {join->model, choice->args, choice->at, s->from};
  Record *joined = selection_record(b, &inner, join->alias, outputs, n);
  if (!joined) return false;
  joined->optional = true;
  joined->present = output_add(b, outputs, n, expr_column(b, join->alias, there[0]), column_of(there[0]));
  record_slot(b, record, f->name, SLOT_RECORD)->record = joined;
  return true;
}

static bool relation_slot(Builder *b, const Selection *s, const Field *f, const Choice *choice,
                          uint32_t alias, Output **outputs, uint32_t *n, Record *record) {
  bool flat = false;
  if (s->from && !is_flat(b, f, choice, &flat)) return false;
  if (flat) return joined_slot(b, s, f, choice, alias, outputs, n, record);
  linked_slot(b, f, choice, alias, outputs, n, record);
  return true;
}

Record *selection_record(Builder *b, const Selection *s, uint32_t alias, Output **outputs, uint32_t *n) {
  Choices c;
  if (!read_choices(b, s, &c)) return NULL;
  Record *record = ARENA_NEW(b->arena, Record);
  for (uint32_t i = 0; i < s->model->n_fields; i++) {
    const Field *f = &s->model->fields[i];
    if (!c.fields[i].on || f->kind == FIELD_RELATION) continue;
    uint16_t column = output_add(b, outputs, n, expr_column(b, alias, f), column_of(f));
    record_slot(b, record, f->name, SLOT_COLUMN)->column = column;
  }
  for (uint32_t i = 0; i < s->model->n_fields; i++)
    if (c.fields[i].on && s->model->fields[i].kind == FIELD_RELATION &&
        !relation_slot(b, s, &s->model->fields[i], &c.fields[i], alias, outputs, n, record))
      return NULL;
  if (c.count.on && !count_slots(b, s, &c.count, alias, outputs, n, record)) return NULL;
  return record;
}

bool selection_scalar_only(Builder *b, const Selection *s, bool *out) {
  Choices c;
  if (!read_choices(b, s, &c)) return false;
  *out = !c.count.on;
  for (uint32_t i = 0; i < s->model->n_fields; i++)
    if (c.fields[i].on && s->model->fields[i].kind == FIELD_RELATION) *out = false;
  return true;
}

static bool name_on(Builder *b, const Path *at, const char *what, const Slice *names, uint32_t n, Slice name,
                    bool **on, bool *flags) {
  for (uint32_t i = 0; i < n; i++)
    if (slice_eq(names[i], name)) {
      *on = &flags[i];
      return true;
    }
  return b_unknown(b, at, what, name, names, n);
}

bool names_read(Builder *b, const Path *at, const Arg *value, const char *what, const Slice *names,
                uint32_t n, bool *flags) {
  bool *on;
  if (!b_is_table(value))
    return b_error(b, at, "Expected a table of fields, provided %s.", arg_kind_name(value));
  if (value->kind == ARG_LIST) {
    b_elements(b, value);
    for (uint32_t i = 0; i < value->n; i++) {
      Path here = path_index(at, i + 1);
      if (value->u.items[i].kind != ARG_STRING) return b_error(b, &here, "Expected the name of a field.");
      if (!name_on(b, at, what, names, n, arg_text(&value->u.items[i]), &on, flags)) return false;
      *on = true;
    }
    return true;
  }
  if (!b_map(b, at, value)) return false;
  for (const ArgPair **pair = b_pairs(b, value); *pair; pair++) {
    Path here = path_key(at, (*pair)->key);
    if (!name_on(b, at, what, names, n, (*pair)->key, &on, flags) || !b_bool(b, &here, &(*pair)->value, on))
      return false;
  }
  return true;
}
