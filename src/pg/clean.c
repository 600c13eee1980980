/* Cleaning: a connection that callers' own texts ran on is as it was at its birth before somebody else gets
 * it. Where the texts alone do not say what they left, the server is asked; what is left is discarded, and
 * with it the prepared statements. */
#include "pg/conn_private.h"

enum {
  SETTINGS = 7
};

/* What the server tells by itself of a session's settings. */
static uint64_t settings_told(const Conn *c) {
  static const char *const names[SETTINGS] = {"client_encoding",
                                              "DateStyle",
                                              "IntervalStyle",
                                              "TimeZone",
                                              "application_name",
                                              "session_authorization",
                                              "default_transaction_read_only"};
  uint64_t hash = 0;
  for (int i = 0; i < SETTINGS; i++)
    hash = (hash ^ slice_hash(slice_of(PQparameterStatus(c->pg, names[i])))) * UINT64_C(0x9e3779b97f4a7c15);
  return hash;
}

void clean_by(Conn *c, Residues *known) { c->residues = known; }
void clean_born(Conn *c) { c->settings = settings_told(c); }

void clean_note(Conn *c, Slice sql) {
  if (!c->residues) return;
  c->foreign = true;
  residue_note(c->residues, &c->suspects, sql);
}

void clean_spoilt(Conn *c) {
  if (!c->residues) return;
  c->foreign = true;
  c->suspects.residue = RESIDUE_CERTAIN;
}

bool clean_needed(Conn *c) {
  if (!c->foreign) return false;
  if (settings_told(c) != c->settings) clean_spoilt(c);
  c->foreign = c->suspects.residue != RESIDUE_NONE;
  return c->foreign;
}

/* ---- discarding ---- */

static void no_result(void *ctx, uint32_t i, Result *r) {
  (void)ctx;
  (void)i;
  result_free(r);
}

static void on_discarded(void *ctx, const Err *err, Outcome outcome) {
  Conn *c = ctx;
  (void)outcome;
  if (err) return; /* it stays spoilt */
  names_free(&c->names);
  c->foreign =
      settings_told(c) != c->settings; /* the server's own have changed: another one is born with them */
  c->suspects = (Suspects){.residue = c->foreign ? RESIDUE_CERTAIN : RESIDUE_NONE};
}

static const SegmentOps discard_ops = {no_result, NULL, on_discarded};

static bool ask(Conn *c, const SegmentOps *ops, const Statement *st) {
  Err ignored;
  Segment *s = segment_open(c, ops, c, 0, &ignored);
  if (s && segment_send(s, st, NULL, 0, &ignored) && segment_sync(s, &ignored)) return true;
  if (s) segment_detach(s);
  return false;
}

static bool discard(Conn *c) {
  static const Statement discard_all = {.sql = SLICE_INIT("DISCARD ALL"), .unnamed = true};
  return ask(c, &discard_ops, &discard_all);
}

/* ---- asking ---- */

static void on_look(void *ctx, uint32_t i, Result *r) {
  Conn *c = ctx;
  Slice cell;
  (void)i;
  c->left = !(result_rows(r) == 1 && result_cell(r, 0, 0, &cell) && cell.n == 1 && cell.p[0] == 0);
  result_free(r);
}

static void on_looked(void *ctx, const Err *err, Outcome outcome) {
  Conn *c = ctx;
  (void)outcome;
  residue_learn(c->residues, &c->suspects, err || c->left);
  c->foreign = err || c->left;
  if (!c->foreign) return;
  c->suspects.residue = RESIDUE_CERTAIN;
  if (conn_alive(c) && !discard(c)) conn_break(c);
}

static const SegmentOps look_ops = {on_look, NULL, on_looked};

/* Of the prepared statements, those that are named as ours are ours. */
static bool look(Conn *c) {
  static const Statement st = {
      .sql = SLICE_INIT(
          "SELECT current_user <> session_user"
          " OR EXISTS (SELECT FROM pg_catalog.pg_locks"
          " WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid())"
          " OR EXISTS (SELECT FROM pg_catalog.pg_class WHERE relnamespace = pg_catalog.pg_my_temp_schema())"
          " OR EXISTS (SELECT FROM pg_catalog.pg_cursors WHERE is_holdable)"
          " OR EXISTS (SELECT FROM pg_catalog.pg_listening_channels())"
          " OR EXISTS (SELECT FROM pg_catalog.pg_prepared_statements WHERE name !~ '^l[0-9a-f]{16}$')"
          " OR EXISTS (SELECT FROM pg_catalog.pg_settings WHERE source = 'session')"),
      .hash = 0x6c6f726d00000021u};
  c->left = true;
  return ask(c, &look_ops, &st);
}

bool clean_begin(Conn *c) { return c->suspects.residue == RESIDUE_CERTAIN ? discard(c) : look(c); }
