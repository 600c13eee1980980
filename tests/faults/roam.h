/* Roam: a client's day, over connections that begin with it: reads, twenty at once; a nested write, a
 * transaction, a stream, COPY in and out. What it was told of its writes is what the tables say.
 *   stage_open(roam_schema, roam_tables); ... roam(session, url, ROAM_HARMED); */
#ifndef TESTS_FAULTS_ROAM_H
#define TESTS_FAULTS_ROAM_H

#include "stage.h"

enum {
  ROAM_READS = 20,
  ROAM_ITEMS = 300
};

typedef enum Roam {
  ROAM_WELL,   /* nothing may fail */
  ROAM_HARMED, /* calls may fail, and say what is known */
  ROAM_LIED_TO /* bytes were changed: calls end, and that is all that can be said */
} Roam;

static char roam_schema[] = DATASOURCE
    "model Entry {\n id Int @id\n marks Mark[]\n}\n"
    "model Mark {\n id Int @id @default(autoincrement())\n entryId Int\n"
    "  entry Entry @relation(fields: [entryId], references: [id])\n}\n"
    "model Item {\n id Int @id @default(autoincrement())\n batch Int\n note String\n}\n";
static const char roam_tables[] =
    "create table \"Entry\" (id int primary key);"
    "create table \"Mark\" (id serial primary key, \"entryId\" int not null references \"Entry\" (id));"
    "create table \"Item\" (id serial primary key, batch int not null, note text not null);"
    "create index on \"Item\" (batch);";

static int next_id, told[3]; /* well, refused, unknown */

static inline void check_end(Roam how, const Err *end) {
  CHECK(end->code == ERR_NONE || (how != ROAM_WELL && end->message[0]));
}

/* ---- what the tables say ---- */

static inline void settle_rows(Session *s, Roam how, const char *format, int id, int64_t all,
                               const Err *end) {
  char text[160];
  check_end(how, end);
  if (how == ROAM_LIED_TO) return;
  snprintf(text, sizeof text, format, id);
  int64_t rows = number_on(s, text);
  bool unknown = end->code == ERR_UNKNOWN_OUTCOME;
  told[unknown ? 2 : end->code != ERR_NONE]++;
  CHECK(rows == 0 || rows == all);
  if (!unknown) CHECK((rows == all) == (end->code == ERR_NONE));
}

static inline void settle(Session *s, Roam how, int id, const Err *end) {
  settle_rows(s, how,
              "select count(*) from \"Entry\" e join \"Mark\" m on m.\"entryId\" = e.id where e.id = %d", id,
              2, end);
}

/* ---- calls ---- */

static inline Request *creating(int id, Tx *tx) {
  char text[100];
  snprintf(text, sizeof text, "Entry.create {\"data\": {\"id\": %d, \"marks\": {\"create\": [{}, {}]}}}", id);
  return submitted(text, tx);
}

static inline Err transaction(int id) {
  Tx *tx = opened("", -1);
  if (!tx) return (Err){.code = ERR_P1017, .message = "no transaction"};
  Err end = over(creating(id, tx));
  if (end.code == ERR_NONE) end = over(ended(tx, TX_COMMIT));
  tx_release(tx);
  return end;
}

static inline void reads(Roam how) {
  Request *r[ROAM_READS];
  for (int i = 0; i < ROAM_READS; i++)
    r[i] = submitted(i % 2 ? "Item.findMany {\"take\": 3}" : "Entry.count {}", NULL);
  for (int i = 0; i < ROAM_READS; i++) {
    Err end = over(r[i]);
    check_end(how, &end);
  }
}

/* ---- streams ---- */

static inline Err stream_step(Tx *tx, uint32_t cursor, uint32_t rows) {
  static const char text[] = "Item.findMany {\"orderBy\": {\"id\": \"asc\"}}";
  Request *r = taken();
  Calling c = {r, slice_of(text), true};
  CHECK(arena_protect(request_arena(r), NULL, calling_read, &c) && c.known);
  request_in(r, tx);
  if (rows)
    request_fetch(r, cursor, rows);
  else
    request_declare(r, cursor);
  return over(sent(r));
}

static inline void stream(Roam how) {
  Tx *tx = opened("RepeatableRead", -1);
  if (!tx) return;
  uint32_t cursor = engine_cursor(engine);
  Err end = stream_step(tx, cursor, 0);
  for (int i = 0; i < 3 && end.code == ERR_NONE; i++) end = stream_step(tx, cursor, 50);
  check_end(how, &end);
  tx_close_cursor(tx, cursor);
  tx_release(tx);
}

/* ---- COPY ---- */

static inline Copy *copy_opened(const char *text, Tx *tx) {
  Copy *copy = NULL;
  Request *r = taken();
  Calling c = {r, slice_of(text), true};
  CHECK(arena_protect(request_arena(r), NULL, calling_read, &c) && c.known);
  request_copies(r);
  request_in(r, tx);
  if (!(r = finish(sent(r)))) return NULL;
  const Err *e = request_error(r);
  if (e) err = *e;
  if (!e && copy_begin(r, &copy, &err)) return copy;
  request_release(r);
  return NULL;
}

static inline void item_cells(Copy *copy, int batch) {
  static const char note[] = "a note of forty bytes, as long as others";
  for (uint16_t i = 0; i < copy_columns(copy); i++) {
    Arg *cell = &copy_cells(copy)[i];
    *cell = (Arg){.kind = ARG_ABSENT, .leaf = ARG_NO_LEAF};
    if (slice_is(copy_column(copy, i), "batch")) cell->kind = ARG_INT, cell->u.i = batch;
    if (slice_is(copy_column(copy, i), "note")) cell->kind = ARG_STRING, cell->u.p = note, cell->n = 40;
  }
}

static inline Err copy_items(Copy *copy, int batch) {
  Err e;
  for (uint32_t i = 0; i < ROAM_ITEMS / 3; i++) {
    item_cells(copy, batch);
    if (!copy_row(copy, &e)) return e;
  }
  Request *r = taken();
  request_copy_rows(r, copy);
  return over(sent(r));
}

static inline Err copy_in(int batch) {
  Tx *tx = opened("", -1);
  if (!tx) return (Err){.code = ERR_P1017, .message = "no transaction"};
  Copy *copy = copy_opened("Item.copyIn {}", tx);
  Err end = copy ? (Err){.code = ERR_NONE} : err;
  for (int i = 0; i < 3 && end.code == ERR_NONE; i++) end = copy_items(copy, batch);
  if (end.code == ERR_NONE) {
    Request *r = taken();
    request_copy_end(r, copy);
    end = over(sent(r));
  }
  if (copy) copy_release(copy);
  if (end.code == ERR_NONE) end = over(ended(tx, TX_COMMIT));
  tx_release(tx);
  return end;
}

static inline void copy_out(Roam how) {
  Tx *tx = opened("", -1);
  if (!tx) return;
  Copy *copy = copy_opened("Item.copyOut {\"where\": {\"batch\": {\"gt\": 0}}, \"take\": 16}", tx);
  Err end = copy ? (Err){.code = ERR_NONE} : err;
  for (int i = 0; i < 2 && end.code == ERR_NONE; i++) {
    Request *r = taken();
    request_copy_fetch(r, copy, 10);
    end = over(sent(r));
  }
  check_end(how, &end);
  if (copy) copy_release(copy);
  tx_release(tx);
}

/* ---- all of it ---- */

static inline void roam(Session *s, const char *url, Roam how) {
  engine_start(slice_of(url), 1, -1);
  Err end = over(submitted("Entry.findMany {\"take\": 30, \"include\": {\"marks\": true}}", NULL));
  check_end(how, &end);
  end = over(creating(++next_id, NULL));
  settle(s, how, next_id, &end);
  end = transaction(++next_id);
  settle(s, how, next_id, &end);
  reads(how);
  end = copy_in(++next_id);
  settle_rows(s, how, "select count(*) from \"Item\" where batch = %d", next_id, ROAM_ITEMS, &end);
  copy_out(how);
  stream(how);
  engine_end();
}

/* How many of a test's rounds: what fits a build, or, with LORM_FAULTS=all, all of them. */
static inline bool roam_all(void) {
  const char *wanted = getenv("LORM_FAULTS");
  return wanted && strcmp(wanted, "all") == 0;
}

#endif
