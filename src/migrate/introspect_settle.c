/* An expression that a person wrote, as the server would print it. Only the server knows: it is asked by way
 * of a temporary table in a transaction that is rolled back. What it refuses stays as it is. */
#include "migrate/ddl.h"
#include "migrate/introspect.h"

static bool probe(Session *s, Arena *a, const Column *c, Slice *printed) {
  static const char printed_sql[] =
      "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'pg_temp._lorm_probe'::regclass";
  Buf b = buf_in(a);
  Slice cell;
  Result *r;
  Err ignored; /* the expression stays as it is */
  buf_text(&b, "SAVEPOINT _lorm_probe; CREATE TEMPORARY TABLE _lorm_probe (v ");
  ddl_type(&b, c, false);
  buf_printf(&b, " DEFAULT %.*s)", SLICE_ARGS(c->def.text));
  if (!session_execute(s, buf_slice(&b), &ignored)) return false;
  if (!session_query(s, printed_sql, NULL, 0, &r, &ignored)) return false;
  bool found = result_rows(r) == 1 && result_cell(r, 0, 0, &cell);
  if (found) *printed = slice_copy(a, cell);
  result_free(r);
  return found;
}

/* An expression whose column is there, and whose text is not what the database has. */
static bool in_doubt(Arena *a, const Catalog *live, const Column *c) {
  if (c->def.form != FORM_EXPRESSION || !c->def.text.n) return false;
  const DbTable *t = catalog_table(live, c->table->schema, c->table->name);
  const Column *old = t ? table_column(t, c->name) : NULL;
  return old && old->def.raw.n && !introspect_same(a, old->def.raw, c->def.text);
}

static bool settle_column(Session *s, Arena *a, Column *c, Err *e) {
  if (!probe(s, a, c, &c->def.raw)) c->def.raw = (Slice){"", 0};
  return session_execute(s, SLICE("ROLLBACK TO SAVEPOINT _lorm_probe"), e);
}

bool catalog_settle(Arena *a, Session *s, const Catalog *live, Catalog *wanted, Err *e) {
  bool inside = session_in_transaction(s), begun = inside;
  for (uint32_t i = 0; i < wanted->n_tables; i++)
    for (uint32_t k = 0; k < wanted->tables[i]->n_columns; k++) {
      Column *c = &wanted->tables[i]->columns[k];
      if (!in_doubt(a, live, c)) continue;
      if (!begun && !session_execute(s, SLICE("BEGIN"), e)) return false;
      begun = true;
      if (!settle_column(s, a, c, e)) return false;
    }
  if (begun && !inside) ddl_rollback(s);
  return true;
}
