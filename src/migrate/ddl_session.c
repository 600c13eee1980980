/* What migrate says to a server besides the steps: transactions, schemas, databases. */
#include <unistd.h>

#include "migrate/ddl.h"

static Slice named(Arena *a, const char *before, Slice name, const char *after) {
  Buf b = buf_in(a);
  buf_text(&b, before);
  ddl_name(&b, name);
  buf_text(&b, after);
  return buf_slice(&b);
}

Slice ddl_create_schema(Arena *a, Slice name) {
  return named(a, "CREATE SCHEMA IF NOT EXISTS ", name, ";\n");
}
Slice ddl_drop_schema(Arena *a, Slice name) {
  return named(a, "DROP SCHEMA IF EXISTS ", name, " CASCADE;\n");
}
Slice ddl_drop_history(Arena *a, Slice table) {
  return slice_printf(a, "DROP TABLE IF EXISTS %.*s;\n", SLICE_ARGS(table));
}
Slice ddl_create_database(Arena *a, Slice name) { return named(a, "CREATE DATABASE ", name, ""); }
Slice ddl_create_shadow(Arena *a, Slice name) {
  return named(a, "CREATE DATABASE ", name, " TEMPLATE template0");
}
Slice ddl_drop_database(Arena *a, Slice name) { return named(a, "DROP DATABASE IF EXISTS ", name, ""); }

/* The schema public is special: a dump does not make it, and it has rights that only it has. */
const char ddl_empty_database[] =
    "SET client_min_messages = warning; SET lock_timeout = '30s';"
    " DO $lorm$ DECLARE it record; BEGIN"
    "  FOR it IN"
    "   SELECT 'EXTENSION' AS kind, quote_ident(extname) AS name FROM pg_extension WHERE extname <> 'plpgsql'"
    "   UNION ALL SELECT 'PUBLICATION', quote_ident(pubname) FROM pg_publication"
    "   UNION ALL SELECT 'EVENT TRIGGER', quote_ident(evtname) FROM pg_event_trigger"
    "   UNION ALL SELECT 'FOREIGN DATA WRAPPER', quote_ident(fdwname) FROM pg_foreign_data_wrapper"
    "   UNION ALL SELECT 'SCHEMA', quote_ident(nspname) FROM pg_namespace"
    "    WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')"
    "  LOOP EXECUTE 'DROP ' || it.kind || ' IF EXISTS ' || it.name || ' CASCADE'; END LOOP;"
    "  FOR it IN"
    "   SELECT replace(o.type, 'composite type', 'type') AS kind, o.identity AS name"
    "    FROM pg_depend d, pg_identify_object(d.classid, d.objid, 0) o"
    "    WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = to_regnamespace('public')"
    "     AND d.deptype = 'n' AND d.classid <> 'pg_extension'::regclass"
    "  LOOP EXECUTE 'DROP ' || it.kind || ' IF EXISTS ' || it.name || ' CASCADE'; END LOOP;"
    "  PERFORM lo_unlink(oid) FROM pg_largeobject_metadata;"
    "  IF to_regnamespace('public') IS NULL THEN"
    "   EXECUTE 'CREATE SCHEMA public' || CASE WHEN current_setting('server_version_num')::int >= 150000"
    "    THEN ' AUTHORIZATION pg_database_owner' ELSE '' END;"
    "   GRANT USAGE ON SCHEMA public TO PUBLIC;"
    "  END IF;"
    " END $lorm$; RESET lock_timeout; RESET client_min_messages";

/* The number is Prisma's: one lock for its migrations and ours. It goes with the transaction, so that none
 * is left behind, and it works through a pooler. */
bool lock_timed_out(const char *holder, Err *e) {
  return err_set(
      e, ERR_P1002,
      "The database server was reached but timed out: another migration of this database has held the "
      "advisory lock for 10 seconds%s%s.",
      holder[0] ? ": " : "", holder);
}

/* A transaction that has the lock; without it, it is ended, for nobody may wait in one: see history_lock. */
static bool begin_locked(Session *s, bool *got, Err *e) {
  Slice cell;
  Result *r;
  if (!session_execute(s, SLICE("BEGIN"), e) ||
      !session_query(s, "SELECT pg_try_advisory_xact_lock(72707369)", NULL, 0, &r, e))
    return false;
  *got = result_cell(r, 0, 0, &cell) && slice_is(cell, "t");
  result_free(r);
  return *got || session_execute(s, SLICE("ROLLBACK"), e);
}

bool ddl_begin(Session *s, Slice schema, Err *e) {
  static const char path[] =
      "SELECT set_config('search_path',"
      " concat_ws(', ', quote_ident($1), nullif(current_setting('search_path'), '')), true)";
  bool got = false;
  Result *r;
  for (int waited = 0; !got; waited += LOCK_PAUSE_MS) {
    if (waited > LOCK_WAIT_MS) return lock_timed_out("", e);
    if (waited) usleep(LOCK_PAUSE_MS * 1000);
    if (!begin_locked(s, &got, e)) return false;
  }
  if (!session_query(s, path, &schema, 1, &r, e)) return false;
  result_free(r);
  return true;
}

bool ddl_commit(Session *s, Err *e) { return session_execute(s, SLICE("COMMIT"), e); }

void ddl_rollback(Session *s) {
  Err ignored; /* the one that led here counts, and a lost connection rolls back as well */
  bool open = session_in_transaction(s);
  if (open && !session_execute(s, SLICE("ROLLBACK"), &ignored)) return;
}
