/* Segments: what goes over a connection, and what comes back. Each message on the wire has an Answer in its
 * segment; answers come in the order of the messages, segments in the order of the queue. */
#include "base/mem.h"
#include "pg/conn_private.h"
#include "pg/fault.h"
#include "pg/result_private.h"

enum {
  ANSWERS_KEPT = 256,       /* a recycled segment keeps room for so many */
  PARAMS_MAX = 65535,       /* of one statement: as the protocol counts them */
  PARAMS_BYTES = 0x3fffffff /* of one statement: what a message of the protocol may hold */
};

/* ---- a segment's life ---- */

static Segment *segment_new(Conn *c) {
  Segment *s = c->free;
  if (!s) return mem_zalloc(sizeof *s);
  c->free = s->next;
  Answer *answers = s->answers;
  uint32_t cap = s->cap;
  Arena *arena = s->arena;
  memset(s, 0, offsetof(Segment, err));
  s->answers = answers;
  s->cap = cap;
  s->arena = arena;
  return s;
}

static void segment_free(Segment *s) {
  arena_free(s->arena);
  mem_free(s->answers);
  mem_free(s);
}

static void segment_recycle(Segment *s) {
  Conn *c = s->conn;
  if (s->cap > ANSWERS_KEPT) {
    mem_free(s->answers);
    s->answers = NULL;
    s->cap = 0;
  }
  if (s->arena) arena_reset(s->arena);
  s->next = c->free;
  c->free = s;
}

static void queue_push(Conn *c, Segment *s) {
  s->next = NULL;
  *c->tail = s;
  c->tail = &s->next;
  if (!c->waiting) c->waiting = s;
  c->n_pending++;
}

/* Wherever it stands in the queue. */
static void queue_remove(Conn *c, Segment *s) {
  Segment **at = &c->head;
  while (*at != s) at = &(*at)->next;
  *at = s->next;
  if (!s->next) c->tail = at;
  if (c->waiting == s) c->waiting = s->next;
  c->n_pending--;
  if (!s->started) return;
  c->n_started--;
  if (!s->shared) c->n_exclusive--;
}

/* The segment is over: it leaves the queue first, so that its owner finds the connection as it is. */
void segment_finish(Segment *s, Outcome outcome) {
  const SegmentOps *ops = s->ops;
  queue_remove(s->conn, s);
  if (ops) ops->done(s->ctx, s->failed ? &s->err : NULL, outcome);
  segment_recycle(s);
}

/* ---- sending ---- */

static bool answers_room(Segment *s, uint32_t n, Err *e) {
  if (s->n_answers + n <= s->cap) return true;
  uint32_t cap = s->cap ? s->cap * 2 : 8;
  Answer *answers = mem_realloc(s->answers, cap * sizeof *answers);
  if (!answers) return err_oom(e);
  s->answers = answers;
  s->cap = cap;
  return true;
}

static void answer_expect(Segment *s, AnswerKind kind, uint16_t name) {
  s->answers[s->n_answers++] = (Answer){(uint8_t)kind, name};
}

/* libpq took nothing: the connection is broken, which its owner hears from the loop, or there was no memory.
 */
static bool send_failed(Conn *c, Err *e) {
  if (PQstatus(c->pg) != CONNECTION_BAD) return err_oom(e);
  conn_break(c);
  return true;
}

static bool wire_grow(Wire *w, uint32_t n, Err *e) {
  uint32_t cap = w->cap;
  while (cap < n) cap *= 2;
  char *block =
      mem_alloc(cap * (sizeof *w->values + sizeof *w->lengths + sizeof *w->formats + sizeof *w->types));
  if (!block) return err_oom(e);
  mem_free(w->block);
  w->block = block;
  w->cap = cap;
  w->values = (const char **)block;
  w->lengths = (int *)(block + cap * sizeof *w->values);
  w->formats = w->lengths + cap;
  w->types = (Oid *)(w->formats + cap);
  return true;
}

static bool wire_fill(Wire *w, const Cell *params, uint32_t n, Err *e) {
  uint64_t bytes = 0;
  if (n > PARAMS_MAX)
    return err_set(e, ERR_P2029, "Query parameter limit exceeded: %u parameters, %d are possible.", n,
                   PARAMS_MAX);
  if (n > w->cap && !wire_grow(w, n, e)) return false;
  for (uint32_t i = 0; i < n; i++) {
    const Cell *p = &params[i];
    w->values[i] = p->p;
    w->lengths[i] = (int)p->n;
    w->formats[i] = !p->text;
    w->types[i] = p->oid;
    bytes += p->n;
  }
  return bytes <= PARAMS_BYTES ||
         err_set(e, ERR_VALIDATION, "The parameters of one statement exceed the 1 GB that PostgreSQL takes.");
}

/* The same text with parameters of other types is another statement. */
static uint64_t name_key(const Statement *st, const Cell *params, uint32_t n) {
  uint64_t key = st->hash;
  for (uint32_t i = 0; i < n; i++) key = (key ^ params[i].oid) * UINT64_C(0x9e3779b97f4a7c15);
  return key;
}

/* DEALLOCATE, in this segment. The order of the wire makes it safe: who used the name before has used it. */
static bool name_close(Segment *s, uint16_t i, Err *e) {
  Conn *c = s->conn;
  Name *x = &c->names.items[i];
  char sql[40] = "DEALLOCATE ";
  strcat(sql, x->text);
  if (!PQsendQueryParams(c->pg, sql, 0, NULL, NULL, NULL, NULL, 1)) return send_failed(c, e);
  x->by = s;
  names_set(&c->names, i, NAME_CLOSING);
  answer_expect(s, ANSWER_CLOSE, i);
  return true;
}

static bool name_parse(Segment *s, uint16_t i, const Statement *st, uint32_t n, Err *e) {
  Conn *c = s->conn;
  if (!PQsendPrepare(c->pg, c->names.items[i].text, st->sql.p, (int)n, c->wire.types)) {
    names_set(&c->names, i, NAME_FREE);
    return send_failed(c, e);
  }
  c->names.items[i].by = s;
  answer_expect(s, ANSWER_PARSE, i);
  return true;
}

/* The name under which the statement can be executed behind what is on the wire; NAME_NONE: send its text.
 * True on a connection that turned out broken, too: the segment's end will come. */
static bool name_take(Segment *s, const Statement *st, const Cell *params, uint32_t n, uint16_t *out,
                      Err *e) {
  Names *names = &s->conn->names;
  *out = NAME_NONE;
  if (st->unnamed || !s->conn->named) return true;
  uint64_t key = name_key(st, params, n);
  uint16_t i = names_find(names, key, st->sql.n);
  if (i != NAME_NONE) {
    const Name *x = &names->items[i];
    if (x->state == NAME_READY || (x->state == NAME_ASKED && x->by == s)) *out = i;
    if (x->state != NAME_STALE) return true; /* another segment's Parse may yet fail, and then this would */
    return name_close(s, i, e);
  }
  uint16_t oldest = names->live >= names->max ? names_oldest(names) : NAME_NONE;
  if (oldest != NAME_NONE && !name_close(s, oldest, e)) return false;
  *out = names_add(names, key, st->sql.n);
  return *out == NAME_NONE || name_parse(s, *out, st, n, e);
}

static bool statement_put(Segment *s, const Statement *st, const Cell *params, uint32_t n, Err *e) {
  Conn *c = s->conn;
  Wire *w = &c->wire;
  uint16_t name;
  if (!answers_room(s, 3, e) || !wire_fill(w, params, n, e)) return false;
  if (!name_take(s, st, params, n, &name, e)) return false;
  if (c->state != CONN_UP || c->doomed) return true;
  int sent = name == NAME_NONE
                 ? PQsendQueryParams(c->pg, st->sql.p, (int)n, w->types, w->values, w->lengths, w->formats, 1)
                 : PQsendQueryPrepared(c->pg, c->names.items[name].text, (int)n, w->values, w->lengths,
                                       w->formats, 1);
  if (!sent) return send_failed(c, e);
  answer_expect(s, ANSWER_STATEMENT, name);
  if (st->foreign) clean_note(c, st->sql);
  if (st->unnamed && !s->loose) s->loose = s->n_answers;
  return true;
}

static bool sync_put(Segment *s, Err *e) {
  Conn *c = s->conn;
  if (s->synced) return true;
  if (!answers_room(s, 2, e)) return false;
  if (s->undo && !s->failed) {
    if (!PQsendQueryParams(c->pg, "ROLLBACK", 0, NULL, NULL, NULL, NULL, 1)) return send_failed(c, e);
    answer_expect(s, ANSWER_UNDO, NAME_NONE);
  }
  s->synced = true; /* from here on nobody can say that it was not */
  if (!PQpipelineSync(c->pg)) {
    s->synced = false;
    return send_failed(c, e);
  }
  answer_expect(s, ANSWER_SYNC, NAME_NONE);
  conn_flush(c);
  return true;
}

static bool flush_put(Segment *s, Err *e) {
  Conn *c = s->conn;
  if (s->at < s->n_answers && !PQsendFlushRequest(c->pg)) return send_failed(c, e);
  conn_flush(c);
  if (s->at == s->n_answers) conn_soon(c); /* there is nothing to wait for */
  return true;
}

/* ---- turns ---- */

static bool hold(Segment *s, const Statement *st, const Cell *params, uint32_t n, Err *e) {
  if (!s->arena && !(s->arena = arena_new(0))) return err_oom(e);
  Held *h = arena_try(s->arena, sizeof *h);
  Cell *cells = h ? arena_try(s->arena, n * sizeof *cells) : NULL;
  if (!cells) return err_oom(e);
  for (uint32_t i = 0; i < n; i++) {
    cells[i] = params[i];
    if (!params[i].p) continue;
    char *bytes = arena_try(s->arena, params[i].n + 1u); /* text format ends in a zero */
    if (!bytes) return err_oom(e);
    memcpy(bytes, params[i].p, params[i].n);
    bytes[params[i].n] = 0;
    cells[i].p = bytes;
  }
  *h = (Held){NULL, *st, cells, n};
  *s->held_end = h;
  s->held_end = &h->next;
  return true;
}

static bool held_send(Segment *s, Err *e) {
  for (const Held *h = s->held; h; h = h->next)
    if (!statement_put(s, &h->statement, h->params, h->n, e)) return false;
  if (s->ended) return sync_put(s, e);
  if (!s->flushing) return true;
  s->mark = s->n_answers;
  return flush_put(s, e);
}

/* No memory for a held segment: nothing of it may stay. Without memory for that, the connection goes. */
static void segment_ruin(Segment *s) {
  Err ignored;
  s->failed = s->ended = true;
  s->undo = true;
  s->flushing = false;
  if (s->n_answers == 0) {
    segment_finish(s, OUTCOME_NOTHING);
    return;
  }
  s->failed = false; /* so that the ROLLBACK is sent */
  bool sent = sync_put(s, &ignored);
  s->failed = true;
  if (!sent) conn_break(s->conn);
}

static bool may_start(const Conn *c, const Segment *s) {
  if (c->state != CONN_UP || c->doomed || c->closed || c->cancel) return false;
  return c->n_started == 0 || (s->shared && c->n_exclusive == 0);
}

static void segment_start(Segment *s) {
  Conn *c = s->conn;
  s->started = true;
  c->waiting = s->next;
  c->n_started++;
  if (!s->shared) c->n_exclusive++;
  conn_mark_busy(c);
}

void segments_start(Conn *c) {
  while (c->waiting && may_start(c, c->waiting)) {
    Segment *s = c->waiting;
    if (s->undo) { /* given up before it began */
      segment_finish(s, OUTCOME_NOTHING);
      continue;
    }
    segment_start(s);
    if (s->copy)
      copy_send(s);
    else if (!held_send(s, &s->err))
      segment_ruin(s);
  }
}

/* ---- answers ---- */

static bool result_good(ExecStatusType status) {
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

static bool state_is(const PGresult *r, const char *state) {
  const char *said = PQresultErrorField(r, PG_DIAG_SQLSTATE);
  return said && strcmp(said, state) == 0;
}

/* The server hangs up with these words. */
bool result_fatal(const PGresult *r) {
  const char *severity = PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);
  return severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0);
}

static void name_answered(Conn *c, const Answer *a, const PGresult *r) {
  ExecStatusType status = PQresultStatus(r);
  bool good = result_good(status);
  switch ((AnswerKind)a->kind) {
    case ANSWER_PARSE: /* 42P05: the server has it already, whoever prepared it */
      names_set(&c->names, a->name, good || state_is(r, "42P05") ? NAME_READY : NAME_FREE);
      break;
    case ANSWER_CLOSE:
      names_set(&c->names, a->name, good || state_is(r, "26000") ? NAME_FREE : NAME_STALE);
      break;
    case ANSWER_STATEMENT:
      if (state_is(r, "26000")) names_set(&c->names, a->name, NAME_FREE);
      if (state_is(r, "0A000")) names_set(&c->names, a->name, NAME_STALE);
      break;
    default: break;
  }
}

/* The segment failed: what follows in it is skipped by the server up to the Sync, so that is due now. */
static void segment_failed(Segment *s) {
  Err ignored;
  s->failed = s->ended = true;
  s->flushing = false;
  if (!sync_put(s, &ignored)) conn_break(s->conn);
}

static void error_answer(Segment *s, const Answer *a, const PGresult *r) {
  Conn *c = s->conn;
  bool words = PQresultErrorField(r, PG_DIAG_SQLSTATE) != NULL;
  bool gone = result_fatal(r) || PQstatus(c->pg) == CONNECTION_BAD;
  if (s->failed) return;
  s->said = words && a->kind != ANSWER_SYNC;
  if (!words && !gone && strstr(PQresultErrorMessage(r), "out of memory"))
    err_oom(&s->err); /* libpq's own */
  else
    fault_of_result(&s->err, r);
  if (gone) s->err.code = ERR_P1017;
  if (words && !gone) {
    segment_failed(s);
    return;
  }
  s->failed = true;
  conn_break(c);
}

/* COPY has no place in a pipeline: the connection cannot go on. One that waits for data has done nothing, and
 * never will; one that sends some goes on to its end, and to that of the segment. */
static void stray_copy_answer(Segment *s, bool waits) {
  err_set(&s->err, ERR_USAGE, "COPY is not possible here.%s",
          waits ? "" : " What it has done may have come to stay.");
  s->failed = true;
  s->said = waits;
  if (waits && s->n_results == 0) s->loose = 0;
  conn_break(s->conn);
}

static bool undoes(PGresult *r) {
  return !result_good(PQresultStatus(r)) || strcmp(PQcmdStatus(r), "ROLLBACK") == 0;
}

/* libpq ends what it has of a statement by a NULL, which is lost when something is sent before it is taken:
 * it goes first. The answer of a Sync is to come still when there is an error in its place. */
static void result_answer(Segment *s, PGresult *r) {
  ExecStatusType status = PQresultStatus(r);
  Answer a = s->answers[s->at];
  PQclear(PQgetResult(s->conn->pg));
  if (a.kind != ANSWER_SYNC) s->at++;
  if (a.name != NAME_NONE) name_answered(s->conn, &a, r);
  if (s->conn->suspects.n && undoes(r)) s->conn->suspects.undone = true;
  if (result_good(status) && a.kind == ANSWER_STATEMENT && s->ops && !s->failed && !s->undo) {
    s->ops->result(s->ctx, s->n_results++, result_of(r));
    return;
  }
  if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH)
    stray_copy_answer(s, status == PGRES_COPY_IN);
  else if (!result_good(status) && status != PGRES_PIPELINE_ABORTED)
    error_answer(s, &a, r);
  PQclear(r);
}

void transaction_note(Conn *c) {
  PGTransactionStatusType status = PQtransactionStatus(c->pg);
  if (status != PQTRANS_ACTIVE) c->in_transaction = status != PQTRANS_IDLE;
}

/* The end of a segment whose statements were not all answered: whoever speaks there is not to be believed. */
static void answers_missing(Segment *s) {
  if (!s->failed) fault_lost(&s->err, s->conn->pg);
  s->failed = true;
  conn_break(s->conn);
}

static void sync_answer(Segment *s, PGresult *r) {
  Conn *c = s->conn;
  PQclear(r);
  if (s->answers[s->at].kind != ANSWER_SYNC) {
    answers_missing(s);
    return;
  }
  s->at++;
  transaction_note(c);
  segment_finish(s, s->failed || s->undo ? OUTCOME_NOTHING : OUTCOME_DONE);
  segments_start(c);
}

static void flight_ended(Segment *s) {
  if (!s->flushing || s->failed || s->at < s->mark) return;
  s->flushing = false;
  if (s->ops) s->ops->flight(s->ctx);
}

/* One step; false: nothing more has come. */
static bool answer_take(Conn *c) {
  Segment *s = c->head;
  if (!s || !s->started) return false;
  if (s->copy) return copy_step(s);
  if (s->at == s->n_answers) {
    bool due = s->flushing;
    flight_ended(s);
    return due;
  }
  if (PQisBusy(c->pg)) return false;
  PGresult *r = PQgetResult(c->pg);
  if (!r) return false;
  if (PQresultStatus(r) == PGRES_PIPELINE_SYNC) {
    sync_answer(s, r);
    return true;
  }
  result_answer(s, r);
  if (!c->closed) flight_ended(s);
  return true;
}

void segments_answers(Conn *c) {
  while (c->state == CONN_UP && !c->closed && !c->doomed && answer_take(c))
    ;
}

/* What can be known of a segment whose connection is gone. An error in place of a statement's answer came
 * before that statement was over, and so before the segment could be committed; unless it held texts that
 * commit on their own. */
static Outcome lost_outcome(const Segment *s) {
  if (!s->started || (s->n_answers == 0 && !s->copy)) return OUTCOME_NOTHING;
  if (s->loose && !(s->said && s->at < s->loose)) return OUTCOME_UNKNOWN;
  return s->synced && !s->said ? OUTCOME_UNKNOWN : OUTCOME_NOTHING;
}

void segments_lost(Conn *c) {
  while (c->head && !c->closed) {
    Segment *s = c->head;
    if (!s->failed) s->err = c->err;
    s->failed = true;
    segment_finish(s, lost_outcome(s));
  }
}

void segments_free(Conn *c) {
  for (Segment *s = c->head, *next; s; s = next) {
    next = s->next;
    segment_free(s);
  }
  for (Segment *s = c->free, *next; s; s = next) {
    next = s->next;
    segment_free(s);
  }
  mem_free(c->wire.block);
}

/* ---- the owner's verbs ---- */

/* Nothing can be sent any more: the segment's end is on its way. */
static bool over(const Segment *s) { return s->ended || s->conn->state == CONN_DEAD || s->conn->doomed; }

bool segment_send(Segment *s, const Statement *st, const Cell *params, uint32_t n, Err *e) {
  if (over(s)) return true;
  return s->started ? statement_put(s, st, params, n, e) : hold(s, st, params, n, e);
}

bool segment_flush(Segment *s, Err *e) {
  if (over(s)) return true;
  s->flushing = true;
  s->mark = s->n_answers;
  return !s->started || flush_put(s, e);
}

bool segment_sync(Segment *s, Err *e) {
  if (over(s)) return true;
  s->ended = true;
  s->ended = !s->started || sync_put(s, e);
  return s->ended;
}

void segment_abort(Segment *s) {
  Err ignored;
  if (over(s)) return;
  s->ended = s->undo = true;
  s->flushing = false;
  if (!s->started)
    conn_soon(s->conn);
  else if (s->copy)
    copy_abandon(s);
  else if (!sync_put(s, &ignored))
    conn_break(s->conn); /* the server undoes what it hears no more of */
}

void segment_detach(Segment *s) {
  s->ops = NULL;
  segment_abort(s);
  if (s->started || s->undo) return;
  s->undo = true; /* all of it was held: it never leaves */
  conn_soon(s->conn);
}

static Segment *segment_add(Conn *c, const SegmentOps *ops, void *ctx, Err *e) {
  Segment *s = segment_new(c);
  if (!s) {
    err_oom(e);
    return NULL;
  }
  s->conn = c;
  s->ops = ops;
  s->ctx = ctx;
  s->held_end = &s->held;
  queue_push(c, s);
  return s;
}

Segment *segment_open(Conn *c, const SegmentOps *ops, void *ctx, unsigned flags, Err *e) {
  Segment *s = segment_add(c, ops, ctx, e);
  if (!s) return NULL;
  s->shared = flags & SEGMENT_SHARED;
  if (c->waiting == s && may_start(c, s)) segment_start(s);
  if (c->state == CONN_DEAD) conn_soon(c);
  return s;
}

/* It begins from the loop, for it has all that it needs to. */
Segment *segment_open_copy(Conn *c, bool in, const char *sql, const SegmentOps *ops, void *ctx, Err *e) {
  Segment *s = segment_add(c, ops, ctx, e);
  if (!s) return NULL;
  s->copy = COPY_WAITS;
  s->copy_in = in;
  s->copy_sql = sql;
  conn_soon(c);
  return s;
}

bool segment_rollback(Conn *c, Err *e) {
  static const Statement rollback = {.sql = SLICE_INIT("ROLLBACK"), .unnamed = true};
  Segment *s = segment_open(c, NULL, NULL, 0, e);
  if (!s) return false;
  if (segment_send(s, &rollback, NULL, 0, e) && segment_sync(s, e)) return true;
  segment_detach(s);
  return false;
}
