/* Ledger: callers that read and write while something breaks, and the book of what each was told. The verdict
 * holds the book against the table: what was answered is there, what was refused is not, what is not known
 * was said to be so, a call's rows are there all or none, and every row that was read was right.
 *   ledger_storm(seed, ms, strikes, every_ms, deal); ledger_calm(); ledger_verdict(); */
#ifndef TESTS_FAULTS_LEDGER_H
#define TESTS_FAULTS_LEDGER_H

#include "stage.h"

static char ledger_schema[] = DATASOURCE
    "model Entry {\n id Int @id\n note String\n marks Mark[]\n}\n"
    "model Mark {\n id Int @id @default(autoincrement())\n entryId Int\n"
    "  entry Entry @relation(fields: [entryId], references: [id])\n}\n";
static const char ledger_tables[] =
    "create table \"Entry\" (id int primary key, note text not null);"
    "create table \"Mark\" (id serial primary key, \"entryId\" int not null references \"Entry\" (id))";

enum {
  LEDGER_CALLERS = 50,
  LEDGER_ENTRIES = 60000
};

typedef enum Fate {
  FATE_NONE,
  FATE_WRITTEN,
  FATE_REFUSED,
  FATE_UNKNOWN
} Fate;

typedef enum Stage { /* of a caller's transaction: what is under way */
  STAGE_NONE,
  STAGE_BEGIN,
  STAGE_ENTRY,
  STAGE_MARKS,
  STAGE_COMMIT
} Stage;

typedef struct Caller {
  Request *request;
  Tx *tx;
  int id;    /* entry that it writes; 0: it reads */
  int above; /* ... entries above this one */
  Stage stage;
  bool abandons; /* the transaction is let go before its end */
} Caller;

static struct Ledger {
  Caller callers[LEDGER_CALLERS];
  uint8_t fates[LEDGER_ENTRIES];
  int last_id, fates_n[FATE_UNKNOWN + 1];
  int reads, read_errors, rows_read, strikes;
  void (*told)(const Caller *c, const Err *e); /* of each error, or NULL */
} ledger;

/* The note that an entry must have, so that a row read is known to be right. */
static inline unsigned ledger_hash(int id) { return (unsigned)id * 2654435761u; }

/* ---- callers ---- */

static inline Request *ledger_call(const Caller *c, const char *format, int id) {
  char text[200];
  snprintf(text, sizeof text, format, id, ledger_hash(id), id);
  return submitted(text, c->tx);
}

static inline void caller_begin(Caller *c, uint64_t dice) {
  *c = (Caller){0};
  unsigned kind = dice % 3;
  if (kind == 0 || ledger.last_id + 1 >= LEDGER_ENTRIES) {
    char text[120];
    c->above = (int)(dice / 3 % 1000);
    snprintf(text, sizeof text, "Entry.findMany {\"where\": {\"id\": {\"gt\": %d}}, \"take\": 3}", c->above);
    c->request = submitted(text, NULL);
    return;
  }
  c->id = ++ledger.last_id;
  if (kind == 1) {
    c->request = ledger_call(
        c, "Entry.create {\"data\": {\"id\": %d, \"note\": \"%u\", \"marks\": {\"create\": [{}, {}]}}}",
        c->id);
    return;
  }
  c->abandons = dice / 3 % 8 == 0;
  c->request = begun("", -1);
  c->stage = STAGE_BEGIN;
}

/* What the transaction does next; NULL: it is over. */
static inline Request *caller_next(Caller *c) {
  switch (c->stage++) {
    case STAGE_BEGIN: return ledger_call(c, "Entry.create {\"data\": {\"id\": %d, \"note\": \"%u\"}}", c->id);
    case STAGE_ENTRY: {
      char text[120];
      snprintf(text, sizeof text, "Mark.createMany {\"data\": [{\"entryId\": %d}, {\"entryId\": %d}]}", c->id,
               c->id);
      return submitted(text, c->tx);
    }
    case STAGE_MARKS: return ended(c->tx, TX_COMMIT);
    default: return NULL;
  }
}

static inline void check_rows(const Caller *c) {
  Rows rows;
  Value cells[2];
  char note[16];
  CHECK(rows_open(c->request, 0, &rows, &err));
  while (rows_next(&rows, cells, &err)) {
    snprintf(note, sizeof note, "%u", ledger_hash((int)cells[0].u.i));
    CHECK(cells[0].u.i > c->above); /* and not another's answer */
    CHECK(cells[1].kind == VALUE_TEXT && cells[1].len == strlen(note) &&
          memcmp(cells[1].u.p, note, cells[1].len) == 0);
    ledger.rows_read++;
  }
  CHECK(err.code == ERR_NONE);
}

static inline void caller_settle(Caller *c, const Err *e) {
  Fate fate = !e ? FATE_WRITTEN : e->code == ERR_UNKNOWN_OUTCOME ? FATE_UNKNOWN : FATE_REFUSED;
  ledger.fates[c->id] = (uint8_t)fate;
  ledger.fates_n[fate]++;
}

static inline void caller_end(Caller *c, const Err *e) {
  if (e && ledger.told) ledger.told(c, e);
  if (c->tx) tx_release(c->tx);
  if (c->id)
    caller_settle(c, e);
  else
    ledger.reads++, ledger.read_errors += e != NULL;
  *c = (Caller){0};
}

static inline void caller_step(Caller *c, uint64_t dice) {
  static const Err abandoned = {.code = ERR_CANCELLED};
  if (!c->request) {
    caller_begin(c, dice);
    return;
  }
  if (!request_finished(c->request)) return;
  const Err *e = request_error(c->request);
  Err why;
  if (e) why = *e;
  if (c->stage == STAGE_BEGIN && !e) c->tx = request_tx(c->request);
  if (!c->id && !e) check_rows(c);
  request_release(c->request);
  c->request = NULL;
  if (e || !c->stage || c->stage == STAGE_COMMIT)
    caller_end(c, e ? &why : NULL);
  else if (c->abandons && c->stage == STAGE_MARKS)
    caller_end(c, &abandoned);
  else if (!(c->request = caller_next(c)))
    caller_end(c, &err);
}

/* ---- runs ---- */

static inline void ledger_step(uint64_t *dice) {
  for (int i = 0; i < LEDGER_CALLERS; i++) caller_step(&ledger.callers[i], dice_next(dice));
  (void)loop_turn(loop, true);
}

typedef struct Strikes {
  void (*deal)(Session *);
  Session *session;
  bool under_way;
  int dealt;
  int64_t last;
} Strikes;

static inline void strike_run(void *ctx) {
  Strikes *x = ctx;
  x->deal(x->session);
}
static inline void strike_done(void *ctx) {
  Strikes *x = ctx;
  x->under_way = false;
  x->dealt++;
  x->last = loop_clock_us();
}

/* Callers call, for so long and until that many strikes have been dealt: on another thread, for a strike may
 * have to wait for what callers have locked. */
static inline void ledger_storm(uint64_t seed, int ms, int strikes, int every_ms, void (*deal)(Session *)) {
  Strikes x = {deal, session(), false, 0, 0};
  int64_t end = loop_clock_us() + ms * INT64_C(1000);
  while (x.dealt < strikes || loop_clock_us() < end) {
    ledger_step(&seed);
    if (x.under_way || x.dealt == strikes || loop_clock_us() - x.last < every_ms * 1000) continue;
    x.under_way = loop_work(loop, strike_run, strike_done, NULL, &x, &err);
    CHECK(x.under_way);
  }
  ledger.strikes += strikes;
  session_close(x.session);
}

static inline void ledger_calm(void) {
  for (int busy = 1; busy;) {
    busy = 0;
    for (int i = 0; i < LEDGER_CALLERS; i++) {
      Caller *c = &ledger.callers[i];
      if (c->request) caller_step(c, 0);
      busy += c->request != NULL;
    }
    if (busy) (void)loop_turn(loop, true);
  }
}

/* ---- the verdict ---- */

static inline void ledger_mark(uint8_t *there) {
  Session *s = session();
  Result *r;
  Slice id, note, marks;
  char want[16];
  static const char all[] =
      "select e.id, e.note, count(m.id) from \"Entry\" e left join \"Mark\" m on m.\"entryId\" = e.id group "
      "by "
      "e.id";
  if (!session_query(s, all, NULL, 0, &r, &err)) server_fail(err.message);
  for (uint32_t i = 0; i < result_rows(r); i++) {
    CHECK(result_cell(r, i, 0, &id) && result_cell(r, i, 1, &note) && result_cell(r, i, 2, &marks));
    snprintf(want, sizeof want, "%u", ledger_hash(atoi(id.p)));
    CHECK_TEXT(note, want);
    CHECK_TEXT(marks, "2"); /* all of a call, or nothing */
    there[atoi(id.p)] = 1;
  }
  result_free(r);
  session_close(s);
}

static inline void ledger_verdict(void) {
  static uint8_t there[LEDGER_ENTRIES];
  int lost = 0, ghosts = 0, untold = 0;
  memset(there, 0, sizeof there);
  ledger_mark(there);
  for (int i = 1; i <= ledger.last_id; i++) {
    lost += ledger.fates[i] == FATE_WRITTEN && !there[i];
    ghosts += ledger.fates[i] == FATE_REFUSED && there[i];
    untold += ledger.fates[i] == FATE_NONE;
  }
  CHECK(lost == 0);
  CHECK(ghosts == 0);
  CHECK(untold == 0);
  printf(
      "%d strikes: %d written, %d refused, %d unknown; %d reads (%d rows), %d failed; %d lost, %d ghosts\n",
      ledger.strikes, ledger.fates_n[FATE_WRITTEN], ledger.fates_n[FATE_REFUSED],
      ledger.fates_n[FATE_UNKNOWN], ledger.reads, ledger.rows_read, ledger.read_errors, lost, ghosts);
}

#endif
