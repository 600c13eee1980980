/* A storm of DDL on the ledger's table, and what callers may hear of it: that a column or a table was missing
 * while it was; inside of a transaction, too, that it is to be tried again. */
#ifndef TESTS_FAULTS_COLUMNS_H
#define TESTS_FAULTS_COLUMNS_H

#include "ledger.h"

static struct Columns { int missing, again, other; } columns;

static inline void columns_told(const Caller *c, const Err *e) {
  bool inside = c->stage != STAGE_NONE && c->stage != STAGE_BEGIN;
  if (e->code == ERR_CANCELLED && c->abandons) return;
  if (e->code == ERR_P2021 || e->code == ERR_P2022) {
    columns.missing++;
  } else if (inside && (e->code == ERR_P2034 || e->code == ERR_P2028)) {
    columns.again++;
  } else {
    columns.other++;
    fprintf(stderr, "%s: %s %s %s\n", inside ? "inside" : "outside", err_public_code(e->code), e->sqlstate,
            e->message);
  }
}

static inline void columns_strike(Session *s) {
  static const char *const ddl[] = {
      "alter table \"Entry\" add column extra int default 7",
      "alter table \"Entry\" alter column id type bigint",
      "alter table \"Entry\" rename column note to noted",
      "alter table \"Entry\" rename column noted to note",
      "alter table \"Entry\" alter column note type varchar(40)",
      "alter table \"Entry\" drop column extra",
      "alter table \"Entry\" alter column id type int",
      "alter table \"Entry\" rename to \"Away\"",
      "create table \"Entry\" (like \"Away\" including all); drop table \"Entry\"",
      "alter table \"Away\" rename to \"Entry\"",
      "alter table \"Entry\" alter column note type text",
      "drop index if exists entry_note; create index entry_note on \"Entry\" (note)",
  };
  static size_t next;
  sql_on(s, ddl[next++ % COUNT(ddl)]);
}

/* The strikes of one round leave the table as it was. */
enum {
  COLUMNS_ROUND = 12
};

#endif
