/* Statements of all kinds but CREATE TABLE and ALTER TABLE, and what they share. */
#include "migrate/ddl.h"
#include "migrate/lint_private.h"

/* --- shared --- */

bool lint_is_made(const Lint *l, const Arg *range) {
  return map_get(&l->made, lint_string(range, "relname")) != NULL;
}

LintPlace lint_at(const Lint *l, const Arg *range, Slice name, int64_t location) {
  const Arg *own = lint_member(range, "location");
  Buf b = buf_in(l->arena);
  Slice schema = lint_string(range, "schemaname");
  if (schema.n) {
    ddl_name(&b, schema);
    buf_byte(&b, '.');
  }
  ddl_name(&b, lint_string(range, "relname"));
  return (LintPlace){(uint32_t)(location ? location : own ? own->u.i : 0), buf_slice(&b), name};
}

void lint_relation(Lint *l, const Arg *range) {
  Slice name = lint_string(range, "relname");
  if (lint_string(range, "schemaname").n || l->path || map_get(&l->unplaced, name)) return;
  if (lint_is(range, "relpersistence", "t")) return;
  lint_add(l, LINT_TABLE_SCHEMA, lint_at(l, range, SLICE(""), 0));
  map_put(&l->unplaced, name, l);
}

void lint_locks(Lint *l, const Arg *range) {
  LintPlace p = lint_at(l, range, SLICE(""), 0);
  if (lint_is_made(l, range) || l->timeouts_told || (l->lock_timeout && l->statement_timeout)) return;
  l->timeouts_told = true;
  lint_add(l,
           l->lock_timeout        ? LINT_STATEMENT_TIMEOUT
           : l->statement_timeout ? LINT_LOCK_TIMEOUT
                                  : LINT_TIMEOUTS,
           p);
}

void lint_fragile(Lint *l, LintPlace p) {
  if (l->apart && l->n > 1) lint_add(l, LINT_ROBUST, p);
}

static LintPlace about(Slice table, Slice name) { return (LintPlace){0, table, name}; }

static bool has_option(const Arg *node, const char *key, const char *name) {
  for (uint32_t i = 0; i < lint_count(node, key); i++)
    if (lint_is(lint_item(node, key, i), "defname", name)) return true;
  return false;
}

/* --- what is dropped or renamed --- */

/* An object's name is a list of names; its last one, and where it stands. */
static Slice dropped_name(const Arg *node, uint32_t i, const Arg **range) {
  const Arg *names = lint_item(node, "objects", i);
  Slice last = lint_last_name(names, "items");
  *range = names;
  return last.n ? last : lint_string(names, "sval");
}

static void drop(Lint *l, const Arg *node) {
  bool tables = lint_is(node, "removeType", "OBJECT_TABLE"),
       indexes = lint_is(node, "removeType", "OBJECT_INDEX");
  bool schemas = lint_is(node, "removeType", "OBJECT_SCHEMA") && lint_is(node, "behavior", "DROP_CASCADE");
  bool apart = lint_flag(node, "concurrent");
  for (uint32_t i = 0; i < lint_count(node, "objects"); i++) {
    const Arg *names;
    Slice name = dropped_name(node, i, &names);
    LintPlace p = about(name, name);
    p.start = lint_find(l, name, 0);
    if (!lint_flag(node, "missing_ok")) lint_fragile(l, p);
    if ((tables && !map_get(&l->made, name)) || schemas) lint_add(l, LINT_DROP_TABLE, p);
    if (indexes && !apart) lint_add(l, LINT_DROP_INDEX, p);
    if (apart && l->in_transaction) lint_add(l, LINT_CONCURRENT_IN_TRANSACTION, p);
  }
  l->changes_ddl = l->changes_ddl || tables;
}

static void rename_it(Lint *l, const Arg *node) {
  const Arg *range = lint_member(node, "relation");
  Slice from = lint_string(node, "subname"), to = lint_string(node, "newname");
  bool column = lint_is(node, "renameType", "OBJECT_COLUMN"),
       table = lint_is(node, "renameType", "OBJECT_TABLE");
  bool plain = !lint_string(node, "relationType").n || lint_is(node, "relationType", "OBJECT_TABLE") || table;
  if (lint_is(node, "renameType", "OBJECT_SCHEMA")) lint_add(l, LINT_RENAME_SCHEMA, about(from, to));
  if (!plain || !range) return;
  l->changes_ddl = true;
  lint_relation(l, range);
  lint_locks(l, range);
  if (lint_is_made(l, range)) return;
  if (column) lint_add(l, LINT_RENAME_COLUMN, lint_at(l, range, from, lint_find(l, from, 0)));
  if (table) lint_add(l, LINT_RENAME_TABLE, lint_at(l, range, to, 0));
}

static void drop_database(Lint *l, const Arg *node) {
  lint_add(l, LINT_DROP_DATABASE, about(SLICE(""), lint_string(node, "dbname")));
}

/* --- indexes --- */

enum {
  MOST_INDEX_COLUMNS = 3
};

static void create_index(Lint *l, const Arg *node) {
  const Arg *range = lint_member(node, "relation");
  bool apart = lint_flag(node, "concurrent");
  Slice name = lint_string(node, "idxname");
  LintPlace p = lint_at(l, range, name, lint_find(l, name, 0));
  lint_relation(l, range);
  if (!lint_flag(node, "if_not_exists")) lint_fragile(l, p);
  if (lint_count(node, "indexParams") > MOST_INDEX_COLUMNS && !lint_flag(node, "unique"))
    lint_add(l, LINT_WIDE_INDEX, p);
  if (apart && l->in_transaction) lint_add(l, LINT_CONCURRENT_IN_TRANSACTION, p);
  if (apart) return;
  lint_locks(l, range);
  l->changes_ddl = true;
  if (!lint_is_made(l, range)) lint_add(l, LINT_CREATE_INDEX, p);
}

static void reindex(Lint *l, const Arg *node) {
  const Arg *range = lint_member(node, "relation");
  bool apart = has_option(node, "params", "concurrently");
  LintPlace p = range ? lint_at(l, range, SLICE(""), 0) : about(lint_string(node, "name"), SLICE(""));
  if (!apart) lint_add(l, LINT_REINDEX, p);
  if (apart && l->in_transaction) lint_add(l, LINT_CONCURRENT_IN_TRANSACTION, p);
}

static void cluster(Lint *l, const Arg *node) {
  lint_add(l, LINT_REPACK, lint_at(l, lint_member(node, "relation"), SLICE(""), 0));
}

static void vacuum(Lint *l, const Arg *node) {
  const Arg *range = lint_member(lint_item(node, "rels", 0), "relation");
  if (has_option(node, "options", "full"))
    lint_add(l, LINT_REPACK, range ? lint_at(l, range, SLICE(""), 0) : about(SLICE(""), SLICE("")));
}

/* --- types --- */

static void alter_enum(Lint *l, const Arg *node) {
  Slice type = lint_last_name(node, "typeName"), value = lint_string(node, "newVal");
  Buf b = buf_in(l->arena);
  ddl_text(&b, value);
  LintPlace p = about(type, buf_slice(&b));
  if (lint_string(node, "oldVal").n)
    lint_add(l, LINT_RENAME_ENUM_VALUE, p);
  else if (!lint_string(node, "newValNeighbor").n)
    lint_add(l, LINT_ENUM_ORDER, p);
}

static void create_domain(Lint *l, const Arg *node) {
  if (lint_count(node, "constraints"))
    lint_add(l, LINT_CREATE_DOMAIN, about(lint_last_name(node, "domainname"), SLICE("")));
}

static void alter_domain(Lint *l, const Arg *node) {
  bool unchecked = lint_flag(lint_inner(node, "def", "Constraint"), "skip_validation");
  if (lint_is(node, "subtype", "C") && !unchecked)
    lint_add(l, LINT_ALTER_DOMAIN, about(lint_last_name(node, "typeName"), SLICE("")));
}

/* --- rows --- */

static void check_targets(Lint *l, const Arg *node, const char *key) {
  Map seen = map_in(l->arena);
  for (uint32_t i = 0; i < lint_count(node, key); i++) {
    const Arg *target = lint_item(node, key, i), *location = lint_member(target, "location");
    Slice name = lint_string(target, "name");
    if (!name.n || lint_count(target, "indirection")) continue;
    LintPlace p = {location ? (uint32_t)location->u.i : 0, SLICE(""), name};
    if (map_put(&seen, name, l)) lint_add(l, LINT_DUPLICATE_ASSIGNMENT, p);
  }
}

static void backfill(Lint *l, const Arg *node) {
  const Arg *range = lint_member(node, "relation");
  if (l->changes_ddl && range && !lint_is_made(l, range))
    lint_add(l, LINT_BACKFILL, lint_at(l, range, SLICE(""), 0));
}

static void update(Lint *l, const Arg *node) {
  check_targets(l, node, "targetList");
  backfill(l, node);
}

static void insert(Lint *l, const Arg *node) {
  check_targets(l, node, "cols");
  check_targets(l, lint_member(node, "onConflictClause"), "targetList");
}

static void truncate_it(Lint *l, const Arg *node) {
  if (lint_is(node, "behavior", "DROP_CASCADE"))
    lint_add(l, LINT_TRUNCATE_CASCADE, lint_at(l, lint_item(node, "relations", 0), SLICE(""), 0));
}

static void dynamic(Lint *l, const Arg *node) {
  (void)node;
  lint_add(l, LINT_DYNAMIC, (LintPlace){0});
}

/* --- the session --- */

static void set_name(Lint *l, Slice name) {
  l->lock_timeout = l->lock_timeout || slice_is(name, "lock_timeout");
  l->statement_timeout = l->statement_timeout || slice_is(name, "statement_timeout");
  l->path = l->path || slice_is(name, "search_path");
}

static void set_variable(Lint *l, const Arg *node) {
  if (lint_is(node, "kind", "VAR_SET_VALUE")) set_name(l, lint_string(node, "name"));
}

/* SELECT set_config('lock_timeout', ...) */
static void select_it(Lint *l, const Arg *node) {
  for (uint32_t i = 0; i < lint_count(node, "targetList"); i++) {
    const Arg *call = lint_inner(lint_item(node, "targetList", i), "val", "FuncCall");
    const Arg *first = lint_item(call, "args", 0);
    if (slice_is(lint_last_name(call, "funcname"), "set_config"))
      set_name(l, lint_string(lint_member(first, "sval"), "sval"));
  }
}

static void transaction(Lint *l, const Arg *node) {
  bool begins = lint_is(node, "kind", "TRANS_STMT_BEGIN") || lint_is(node, "kind", "TRANS_STMT_START");
  bool ends = lint_is(node, "kind", "TRANS_STMT_COMMIT") || lint_is(node, "kind", "TRANS_STMT_ROLLBACK");
  if ((begins && l->in_transaction) || (ends && !l->in_transaction)) lint_add(l, LINT_NESTED, (LintPlace){0});
  if (begins) l->began = (uint32_t)(l->now - l->statements);
  if (begins || ends) l->in_transaction = begins;
}

static void create_table_as(Lint *l, const Arg *node) {
  map_put(&l->made, lint_string(lint_member(lint_member(node, "into"), "rel"), "relname"), l);
}

/* --- all of them --- */

static const struct {
  const char *kind;
  void (*check)(Lint *l, const Arg *node);
} kinds[] = {{"AlterTableStmt", lint_alter_table},
             {"CreateStmt", lint_create_table},
             {"CreateTableAsStmt", create_table_as},
             {"DropStmt", drop},
             {"DropdbStmt", drop_database},
             {"RenameStmt", rename_it},
             {"IndexStmt", create_index},
             {"ReindexStmt", reindex},
             {"ClusterStmt", cluster},
             {"VacuumStmt", vacuum},
             {"AlterEnumStmt", alter_enum},
             {"CreateDomainStmt", create_domain},
             {"AlterDomainStmt", alter_domain},
             {"UpdateStmt", update},
             {"DeleteStmt", backfill},
             {"InsertStmt", insert},
             {"TruncateStmt", truncate_it},
             {"DoStmt", dynamic},
             {"CallStmt", dynamic},
             {"VariableSetStmt", set_variable},
             {"SelectStmt", select_it},
             {"TransactionStmt", transaction}};

static bool detaches_apart(const Arg *node) {
  const Arg *command = lint_item(node, "cmds", 0);
  return lint_flag(lint_inner(command, "def", "PartitionCmd"), "concurrent");
}

bool lint_stands_apart(const LintStatement *s) {
  return lint_flag(s->node, "concurrent") || has_option(s->node, "params", "concurrently") ||
         slice_is(s->kind, "VacuumStmt") || (slice_is(s->kind, "AlterTableStmt") && detaches_apart(s->node));
}

void lint_statement(Lint *l) {
  for (size_t i = 0; i < COUNT(kinds); i++)
    if (slice_is(l->now->kind, kinds[i].kind)) kinds[i].check(l, l->now->node);
}
