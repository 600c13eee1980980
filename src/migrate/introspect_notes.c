/* What a database has and the schema language no words for: found to be told. */
#include "base/vec.h"
#include "migrate/introspect.h"
#include "migrate/pull_private.h"

/* letter of notes.def, schema, table, object, column */
static const char notes_sql[] =
    "WITH t AS (SELECT c.oid, c.relname AS tab, n.nspname AS ns, c.relkind AS sort, c.relhassubclass AS "
    "parent,"
    "  c.relrowsecurity AS secured"
    "  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    "  WHERE n.nspname = ANY ($1::text[]) AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition"
    "  AND c.relname <> '_prisma_migrations')"
    " SELECT kind, ns, tab, object, col FROM ("
    "SELECT 'p' AS kind, ns, tab, NULL AS object, NULL AS col, 0 AS place FROM t"
    "  WHERE sort = 'p' AND parent"
    " UNION ALL SELECT 's', ns, tab, NULL, NULL, 0 FROM t WHERE sort = 'r' AND parent"
    " UNION ALL SELECT 'r', ns, tab, NULL, NULL, 0 FROM t WHERE secured"
    " UNION ALL SELECT CASE WHEN q.contype IN ('c', 'x') THEN q.contype::text ELSE 'd' END, ns, tab,"
    "  q.conname, NULL, CASE q.contype WHEN 'f' THEN 1 ELSE 0 END FROM pg_constraint q JOIN t ON t.oid = "
    "q.conrelid"
    "  WHERE q.contype IN ('c', 'x') OR (q.contype IN ('p', 'u', 'f') AND (q.condeferrable OR q.condeferred))"
    " UNION ALL SELECT 'e', ns, tab, i.relname, NULL, 0 FROM pg_index x JOIN t ON t.oid = x.indrelid"
    "  JOIN pg_class i ON i.oid = x.indexrelid"
    "  WHERE x.indexprs IS NOT NULL AND x.indpred IS NULL AND NOT x.indisexclusion"
    " UNION ALL SELECT 'n', ns, tab, i.relname, a.attname, k::int FROM pg_index x"
    "  JOIN t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid"
    "  JOIN pg_am m ON m.oid = i.relam AND m.amname = 'btree'"
    "  CROSS JOIN generate_series(1, x.indnkeyatts) k"
    "  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[k - 1]"
    "  WHERE x.indexprs IS NULL AND x.indpred IS NULL AND NOT x.indisprimary"
    "  AND x.indoption[k - 1] & 3 NOT IN (0, 3)"
    " UNION ALL SELECT 'k', ns, tab, tab, NULL, 0 FROM t"
    "  WHERE obj_description(t.oid, 'pg_class') IS NOT NULL"
    " UNION ALL SELECT 'k', ns, tab, tab, a.attname, a.attnum FROM t"
    "  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0"
    "  WHERE col_description(t.oid, a.attnum) IS NOT NULL"
    " UNION ALL SELECT 'k', n.nspname, NULL, y.typname, NULL, 0 FROM pg_type y"
    "  JOIN pg_namespace n ON n.oid = y.typnamespace WHERE n.nspname = ANY ($1::text[]) AND y.typtype = 'e'"
    "  AND obj_description(y.oid, 'pg_type') IS NOT NULL"
    ") found ORDER BY ns, tab, place, object, col NULLS FIRST";

static NoteKind kind_of(Slice letter) {
  static const char *const letters[] = {
#define NOTE(id, letter, comment, warning) letter,
#include "migrate/notes.def"
#undef NOTE
  };
  int kind = 0;
  while (kind < NOTE_COUNT - 1 && !slice_is(letter, letters[kind])) kind++;
  return (NoteKind)kind;
}

static Slice cell(Arena *a, const Result *r, uint32_t row, uint32_t column) {
  Slice s;
  return result_cell(r, row, column, &s) ? slice_copy(a, s) : (Slice){"", 0};
}

bool introspect_notes(Session *s, Arena *a, const CatalogScope *scope, Note **out, uint32_t *n, Err *e) {
  Result **r = ARENA_NEW(a, Result *);
  Slice namespaces = scope->n_schemas ? introspect_array(a, scope->schemas, scope->n_schemas)
                                      : introspect_array(a, &scope->default_schema, 1);
  arena_defer(a, introspect_release, r);
  if (!session_query(s, notes_sql, &namespaces, 1, r, e)) return false;
  for (uint32_t i = 0; i < result_rows(*r); i++)
    *VEC_PUSH(a, *out, *n) = (Note){.kind = kind_of(cell(a, *r, i, 0)),
                                    .schema = scope->n_schemas ? cell(a, *r, i, 1) : (Slice){"", 0},
                                    .table = cell(a, *r, i, 2),
                                    .object = cell(a, *r, i, 3),
                                    .column = cell(a, *r, i, 4)};
  return true;
}
