/* DDL: a step as SQL, in Prisma's words. With introspect* and history the only place where migrate writes
 * SQL; names and literals are quoted here. */
#ifndef MIGRATE_DDL_H
#define MIGRATE_DDL_H

#include "base/buf.h"
#include "migrate/diff.h"
#include "migrate/history.h"

/* The statements of a step, each ended by ";\n". `alone`: the script goes to the server as it stands and
 * the step may bring its own BEGIN and COMMIT; otherwise it is part of a transaction already. */
void ddl_step(Buf *b, const Diff *d, const Step *s, bool alone);
/* All steps under their headings; "-- This is an empty migration." when there are none. */
Slice ddl_script(const Diff *d);

void ddl_rename(Buf *b, const Rename *r); /* under its heading */

void ddl_name(Buf *b, Slice name); /* "name", quotes doubled */
void ddl_place(Buf *b, Slice schema, Slice name);
void ddl_text(Buf *b, Slice text);                   /* 'text' */
void ddl_type(Buf *b, const Column *c, bool serial); /* serial: SERIAL for what counts up by itself */
void ddl_default(Buf *b, const Column *c);           /* nothing when the database has none to be told */
void ddl_column(Buf *b, const Column *c);            /* as in CREATE TABLE and ADD COLUMN */
void ddl_loosen(Buf *b, const Column *c); /* after it is made: SERIAL is NOT NULL, which it may not want */
const char *ddl_heading(StepKind kind);

/* Inside ddl: */
void ddl_alter_table(Buf *b, const Diff *d, const Step *s);
void ddl_alter_enum(Buf *b, const Diff *d, const Step *s, bool alone);

/* Around the steps: */
Slice ddl_create_schema(Arena *a, Slice name);
Slice ddl_drop_schema(Arena *a, Slice name);   /* with all that is in it */
Slice ddl_drop_history(Arena *a, Slice table); /* quoted already */
Slice ddl_create_database(Arena *a, Slice name);
Slice ddl_create_shadow(Arena *a, Slice name); /* an empty database, whoever is connected to template1 */
Slice ddl_drop_database(Arena *a, Slice name);
extern const char ddl_empty_database[]; /* everything that pg_dump would dump goes, but the schema public */
enum {
  LOCK_WAIT_MS = 10000, /* for other migrations of the database */
  LOCK_PAUSE_MS = 50    /* between two attempts */
};
bool lock_timed_out(const char *holder, Err *e); /* P1002; holder may be empty */
/* A transaction that waits for all other migrations of the database (P1002 after ten seconds), where names
 * without a schema are in `schema` first. */
MUST bool ddl_begin(Session *s, Slice schema, Err *e);
MUST bool ddl_commit(Session *s, Err *e);
void ddl_rollback(Session *s);

#endif
