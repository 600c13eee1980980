/* CREATE TABLE, ALTER TABLE */
#include "migrate/lint_private.h"

static LintPlace at(LintPlace p, const Arg *node) {
  const Arg *location = lint_member(node, "location");
  if (location) p.start = (uint32_t)location->u.i;
  return p;
}

/* --- types --- */

typedef struct TypeRule {
  const char *type;
  bool with_length; /* only where one is given */
  LintRule rule;
} TypeRule;

static const TypeRule type_rules[] = {
    {"bpchar", false, LINT_CHAR},
    {"varchar", true, LINT_TEXT},
    {"timestamp", false, LINT_TIMESTAMPTZ},
    {"json", false, LINT_JSON},
    {"int4", false, LINT_INT},
    {"int2", false, LINT_SMALLINT},
    {"serial", false, LINT_IDENTITY},
    {"serial4", false, LINT_IDENTITY},
    {"bigserial", false, LINT_IDENTITY},
    {"serial8", false, LINT_IDENTITY},
    {"smallserial", false, LINT_IDENTITY},
    {"serial2", false, LINT_IDENTITY},
    {"serial", false, LINT_INT},
    {"serial4", false, LINT_INT},
    {"smallserial", false, LINT_SMALLINT},
    {"serial2", false, LINT_SMALLINT},
};

static void check_type(Lint *l, const Arg *column, LintPlace p) {
  const Arg *type = lint_member(column, "typeName");
  Slice name = lint_last_name(type, "names");
  for (size_t i = 0; i < COUNT(type_rules); i++)
    if (slice_is(name, type_rules[i].type) && (!type_rules[i].with_length || lint_count(type, "typmods")))
      lint_add(l, type_rules[i].rule, at(p, type));
}

static bool is_serial(const Arg *column) {
  Slice name = lint_last_name(lint_member(column, "typeName"), "names");
  for (size_t i = 0; i < COUNT(type_rules); i++)
    if (type_rules[i].rule == LINT_IDENTITY && slice_is(name, type_rules[i].type)) return true;
  return false;
}

/* --- expressions --- */

/* What gives one value for a whole statement. Of other functions nobody knows. */
static bool is_steady(Slice function) {
  static const char *const names[] = {"now",
                                      "transaction_timestamp",
                                      "statement_timestamp",
                                      "current_setting",
                                      "timezone",
                                      "date_trunc",
                                      "lower",
                                      "upper",
                                      "concat",
                                      "jsonb_build_object",
                                      "jsonb_build_array",
                                      "to_jsonb",
                                      "length",
                                      "abs",
                                      "round",
                                      "coalesce",
                                      "make_interval",
                                      "md5",
                                      "encode",
                                      "decode",
                                      "age",
                                      "date_part"};
  for (size_t i = 0; i < COUNT(names); i++)
    if (slice_is(function, names[i])) return true;
  return false;
}

static bool is_volatile(const Arg *node) {
  if (node->kind == ARG_LIST)
    for (uint32_t i = 0; i < node->n; i++)
      if (is_volatile(&node->u.items[i])) return true;
  if (node->kind != ARG_MAP) return false;
  for (uint32_t i = 0; i < node->n; i++) {
    const ArgPair *pair = &node->u.pairs[i];
    if (slice_is(pair->key, "FuncCall") && !is_steady(lint_last_name(&pair->value, "funcname"))) return true;
    if (is_volatile(&pair->value)) return true;
  }
  return false;
}

/* --- columns --- */

static const Arg *constraint_of(const Arg *column, const char *kind) {
  for (uint32_t i = 0; i < lint_count(column, "constraints"); i++) {
    const Arg *c = lint_item(column, "constraints", i);
    if (lint_is(c, "contype", kind)) return c;
  }
  return NULL;
}

typedef struct Altering {
  Lint *l;
  const Arg *range; /* the table */
  bool made;        /* by this script */
  LintPlace table;
  uint32_t after; /* the table's name */
} Altering;

static uint32_t behind_name(const Lint *l, const Arg *range, uint32_t at) {
  LintToken t;
  int tokens = lint_string(range, "schemaname").n ? 3 : 1; /* s . a */
  while (tokens-- && lint_token(l->script, &at, &t)) continue;
  return at;
}

static LintPlace named(const Altering *a, Slice name) {
  LintPlace p = a->table;
  p.name = name;
  p.start = lint_find(a->l, name, a->after);
  return p;
}

/* A constraint written behind a new column, or added to a table. */
static void check_constraint(const Altering *a, const Arg *c, Slice name) {
  static const struct {
    const char *kind;
    LintRule rule;
  } kinds[] = {{"CONSTR_FOREIGN", LINT_FOREIGN_KEY},
               {"CONSTR_CHECK", LINT_NOT_VALID},
               {"CONSTR_UNIQUE", LINT_UNIQUE},
               {"CONSTR_PRIMARY", LINT_ADD_SERIAL},
               {"CONSTR_EXCLUSION", LINT_EXCLUSION}};
  LintPlace p = at(a->table, c);
  p.name = name;
  if (lint_flag(c, "skip_validation") || lint_string(c, "indexname").n) return;
  for (size_t i = 0; i < COUNT(kinds); i++)
    if (lint_is(c, "contype", kinds[i].kind)) lint_add(a->l, kinds[i].rule, p);
}

static void check_new_column(const Altering *a, const Arg *column, LintPlace p) {
  const Arg *def = constraint_of(column, "CONSTR_DEFAULT"), *value = lint_member(def, "raw_expr");
  const Arg *computed = constraint_of(column, "CONSTR_GENERATED");
  bool counts = is_serial(column) || constraint_of(column, "CONSTR_IDENTITY");
  if (counts) lint_add(a->l, LINT_ADD_SERIAL, p);
  if (computed) lint_add(a->l, LINT_STORED_GENERATED, p);
  if (value && is_volatile(value)) lint_add(a->l, LINT_VOLATILE_DEFAULT, p);
  if (constraint_of(column, "CONSTR_NOTNULL") && !def && !counts && !computed)
    lint_add(a->l, LINT_REQUIRED_FIELD, p);
  for (uint32_t i = 0; i < lint_count(column, "constraints"); i++) {
    const Arg *c = lint_item(column, "constraints", i);
    if (!(counts && lint_is(c, "contype", "CONSTR_PRIMARY")))
      check_constraint(a, c, lint_string(c, "conname"));
  }
}

/* --- ALTER TABLE --- */

static void add_column(const Altering *a, const Arg *command) {
  const Arg *column = lint_inner(command, "def", "ColumnDef");
  LintPlace p = at(a->table, column);
  p.name = lint_string(column, "colname");
  check_type(a->l, column, p);
  if (!lint_flag(command, "missing_ok")) lint_fragile(a->l, p);
  if (!a->made) check_new_column(a, column, p);
}

static void add_constraint(const Altering *a, const Arg *command) {
  const Arg *c = lint_inner(command, "def", "Constraint");
  lint_fragile(a->l, at(a->table, c));
  if (!a->made) check_constraint(a, c, lint_string(c, "conname"));
}

static void alter_type(const Altering *a, const Arg *command) {
  LintPlace p = named(a, lint_string(command, "name"));
  if (!a->made) lint_add(a->l, LINT_CHANGE_TYPE, p);
  check_type(a->l, lint_inner(command, "def", "ColumnDef"), p);
}

static void detach(const Altering *a, const Arg *command) {
  const Arg *partition = lint_inner(command, "def", "PartitionCmd");
  bool apart = lint_flag(partition, "concurrent");
  LintPlace p = named(a, lint_string(lint_member(partition, "name"), "relname"));
  if (!apart && !a->made) lint_add(a->l, LINT_DETACH, p);
  if (apart && a->l->in_transaction) lint_add(a->l, LINT_CONCURRENT_IN_TRANSACTION, p);
}

static void drop_column(const Altering *a, const Arg *command) {
  LintPlace p = named(a, lint_string(command, "name"));
  if (!lint_flag(command, "missing_ok")) lint_fragile(a->l, p);
  if (!a->made) lint_add(a->l, LINT_DROP_COLUMN, p);
}

static void set_not_null(const Altering *a, const Arg *command) {
  if (!a->made) lint_add(a->l, LINT_SET_NOT_NULL, named(a, lint_string(command, "name")));
}

static void drop_not_null(const Altering *a, const Arg *command) {
  if (!a->made) lint_add(a->l, LINT_DROP_NOT_NULL, named(a, lint_string(command, "name")));
}

static const struct {
  const char *kind;
  void (*check)(const Altering *a, const Arg *command);
} commands[] = {{"AT_AddColumn", add_column},       {"AT_AddConstraint", add_constraint},
                {"AT_AlterColumnType", alter_type}, {"AT_DetachPartition", detach},
                {"AT_DropColumn", drop_column},     {"AT_SetNotNull", set_not_null},
                {"AT_DropNotNull", drop_not_null}};

void lint_alter_table(Lint *l, const Arg *node) {
  const Arg *range = lint_member(node, "relation");
  Altering a = {
      .l = l, .range = range, .made = lint_is_made(l, range), .table = lint_at(l, range, SLICE(""), 0)};
  a.after = behind_name(l, range, a.table.start);
  if (!lint_is(node, "objtype", "OBJECT_TABLE")) return;
  lint_relation(l, range);
  lint_locks(l, range);
  l->changes_ddl = true;
  for (uint32_t i = 0; i < lint_count(node, "cmds"); i++) {
    const Arg *command = lint_item(node, "cmds", i);
    for (size_t k = 0; k < COUNT(commands); k++)
      if (lint_is(command, "subtype", commands[k].kind)) commands[k].check(&a, command);
  }
}

/* --- CREATE TABLE --- */

void lint_create_table(Lint *l, const Arg *node) {
  const Arg *range = lint_member(node, "relation");
  LintPlace table = lint_at(l, range, SLICE(""), 0);
  lint_relation(l, range);
  if (!lint_flag(node, "if_not_exists")) lint_fragile(l, table);
  l->changes_ddl = true;
  for (uint32_t i = 0; i < lint_count(node, "tableElts"); i++) {
    const Arg *column = lint_item(node, "tableElts", i);
    LintPlace p = at(table, column);
    p.name = lint_string(column, "colname");
    if (p.name.n) check_type(l, column, p);
  }
  map_put(&l->made, lint_string(range, "relname"), l);
}
