#include "pg/session.h"

#include <poll.h>
#include <stdlib.h>

#include "base/mem.h"
#include "pg/connect.h"
#include "pg/result_private.h"
#include "pg/script.h"

struct Session {
  Arena *arena;   /* the session's own life: the URL's parts */
  Arena *scratch; /* one call */
  ConnInfo info;
  PGconn *pg;
  int every_ms; /* idle is called so often while something is waited for; 0: never */
  SessionIdle *idle;
  void *idle_ctx;
};

void session_close(Session *s) {
  if (!s) return;
  PQfinish(s->pg);
  arena_free(s->arena);
  arena_free(s->scratch);
  mem_free(s);
}

static bool open_into(Session *s, Slice url, Err *e) {
  s->arena = arena_new(0);
  s->scratch = arena_new(0);
  if (!s->arena || !s->scratch) return err_oom(e);
  if (!url_parse(s->arena, url, &s->info, e)) return false;
  s->pg = connect_wait(&s->info, e);
  return s->pg != NULL;
}

bool session_open(Slice url, Session **out, Err *e) {
  *out = NULL;
  Session *s = mem_zalloc(sizeof *s);
  if (!s) return err_oom(e);
  if (!open_into(s, url, e)) {
    session_close(s);
    return false;
  }
  *out = s;
  return true;
}

const ConnInfo *session_info(const Session *s) { return &s->info; }
int session_version(const Session *s) { return PQserverVersion(s->pg); }
int session_pid(const Session *s) { return PQbackendPID(s->pg); }
bool session_in_transaction(const Session *s) {
  PGTransactionStatusType status = PQtransactionStatus(s->pg);
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

/* The error of a result, or of the connection when there is no result or it died. */
static bool session_fault(Session *s, const PGresult *r, Err *e) {
  if (r && *PQresultErrorMessage(r)) fault_of_result(e, r);
  if (PQstatus(s->pg) == CONNECTION_BAD && (!r || !PQresultErrorField(r, PG_DIAG_SQLSTATE)))
    return fault_lost(e, s->pg);
  return r ? false : err_oom(e);
}

static bool result_good(const PGresult *r) {
  ExecStatusType status = PQresultStatus(r);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

/* A COPY that nobody feeds or reads is ended, so that the connection stays usable. */
static void end_copy(PGconn *pg, const PGresult *r) {
  char *piece;
  if (PQresultStatus(r) == PGRES_COPY_IN) PQputCopyEnd(pg, "COPY FROM STDIN is not possible here");
  if (PQresultStatus(r) == PGRES_COPY_OUT)
    while (PQgetCopyData(pg, &piece, 0) > 0) PQfreemem(piece);
}

static void locate(Err *e, const PGresult *r, Slice sql, uint32_t finished) {
  const char *position = PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION);
  unsigned long character = position ? strtoul(position, NULL, 10) : 0;
  uint32_t offset = character ? script_offset(sql, (uint32_t)character - 1) : script_statement(sql, finished);
  e->line = script_line(sql, offset);
}

void session_watch(Session *s, int every_ms, SessionIdle *idle, void *ctx) {
  s->every_ms = every_ms;
  s->idle = idle;
  s->idle_ctx = ctx;
}

/* Until there is a result, or the connection is lost. */
static void wait_for_result(Session *s) {
  while (s->every_ms && PQstatus(s->pg) == CONNECTION_OK && PQisBusy(s->pg)) {
    struct pollfd fd = {.fd = PQsocket(s->pg), .events = POLLIN};
    int n = poll(&fd, 1, s->every_ms);
    if (n == 0) s->idle(s->idle_ctx);
    if (n > 0 && !PQconsumeInput(s->pg)) return;
  }
}

static PGresult *next_result(Session *s) {
  wait_for_result(s);
  return PQgetResult(s->pg);
}

/* All results of what was sent; the first error is kept, what follows is dropped. */
static bool collect(Session *s, Slice sql, Err *e) {
  bool good = true;
  uint32_t finished = 0;
  PGresult *r;
  while ((r = next_result(s))) {
    if (good && !result_good(r) && PQresultStatus(r) == PGRES_FATAL_ERROR) {
      good = session_fault(s, r, e);
      locate(e, r, sql, finished);
    }
    finished++;
    end_copy(s->pg, r);
    PQclear(r);
    if (PQstatus(s->pg) == CONNECTION_BAD) break;
  }
  return good && PQstatus(s->pg) == CONNECTION_BAD ? fault_lost(e, s->pg) : good;
}

typedef struct Copying { /* what a protected call makes in scratch */
  Session *session;
  const Slice *from;
  uint32_t n;
  const char **texts;
} Copying;

static void copy_texts(void *ctx) {
  Copying *c = ctx;
  c->texts = ARENA_ARRAY(c->session->scratch, const char *, c->n + 1);
  for (uint32_t i = 0; i < c->n; i++)
    if (c->from[i].p) c->texts[i] = slice_copy(c->session->scratch, c->from[i]).p;
}

/* NUL-terminated copies; libpq would silently cut a text at a zero byte in it. */
static bool session_texts(Session *s, const Slice *from, uint32_t n, const char ***out, Err *e) {
  Copying c = {s, from, n, NULL};
  for (uint32_t i = 0; i < n; i++)
    if (from[i].n && memchr(from[i].p, 0, from[i].n))
      return err_set(e, ERR_VALIDATION, "text cannot hold a zero byte: PostgreSQL has none in its texts");
  arena_reset(s->scratch);
  if (!arena_protect(s->scratch, NULL, copy_texts, &c)) return err_oom(e);
  *out = c.texts;
  return true;
}

bool session_execute(Session *s, Slice sql, Err *e) {
  const char **text;
  if (!session_texts(s, &sql, 1, &text, e)) return false;
  if (!PQsendQuery(s->pg, text[0] ? text[0] : "")) return fault_lost(e, s->pg);
  return collect(s, sql, e);
}

bool session_query(Session *s, const char *sql, const Slice *params, uint32_t n, Result **out, Err *e) {
  const char **texts;
  *out = NULL;
  if (!session_texts(s, params, n, &texts, e)) return false;
  PGresult *r = PQexecParams(s->pg, sql, (int)n, NULL, texts, NULL, NULL, 0);
  if (r && result_good(r)) {
    *out = result_of(r);
    return true;
  }
  err_set(e, ERR_USAGE, "COPY is not possible here");
  session_fault(s, r, e);
  if (r) end_copy(s->pg, r);
  PQclear(r);
  return false;
}

/* Nobody wants the rest: the server is told, and what is under way is read and dropped. */
static void stop_copy(PGconn *pg) {
  char why[64], *piece;
  PGcancel *cancel = PQgetCancel(pg);
  if (cancel) PQcancel(cancel, why, sizeof why);
  PQfreeCancel(cancel);
  while (PQgetCopyData(pg, &piece, 0) > 0) PQfreemem(piece);
}

static bool copy_pieces(Session *s, SessionTake *take, void *ctx, Err *e) {
  char *piece;
  int n;
  while ((n = PQgetCopyData(s->pg, &piece, 0)) > 0) {
    bool good = take(ctx, (Slice){piece, (uint32_t)n}, e);
    PQfreemem(piece);
    if (good) continue;
    stop_copy(s->pg);
    return false;
  }
  return true;
}

bool session_copy_out(Session *s, const char *sql, SessionTake *take, void *ctx, Err *e) {
  PGresult *r = PQexec(s->pg, sql);
  bool copies = PQresultStatus(r) == PGRES_COPY_OUT;
  if (!copies && result_good(r)) err_set(e, ERR_USAGE, "the statement is no COPY ... TO STDOUT");
  if (!copies && !result_good(r)) session_fault(s, r, e);
  PQclear(r);
  if (!copies) return false;
  if (copy_pieces(s, take, ctx, e)) return collect(s, slice_of(sql), e);
  Err ignored; /* the cancelled statement's */
  return collect(s, slice_of(sql), &ignored) && false;
}
