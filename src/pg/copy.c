#include "pg/copy.h"

#include <sys/socket.h>

#include "pg/conn_private.h"
#include "pg/fault.h"
#include "pg/result_private.h"

/* A copy's way, in Segment.copy:
 *
 *   WAITS -> ASKED -> TAKES (in)  -> ENDS      its turn comes; the server agrees; the data is through, or an
 *                  -> GIVES (out) -> ENDS      error is on its way; then the connection is in a pipeline
 * again
 */

/* ---- what the server says ---- */

static void copy_failed(Segment *s, const PGresult *r) {
  Conn *c = s->conn;
  bool words = PQresultErrorField(r, PG_DIAG_SQLSTATE) != NULL;
  if (s->failed) return;
  if (!words && PQstatus(c->pg) != CONNECTION_BAD && strstr(PQresultErrorMessage(r), "out of memory"))
    err_oom(&s->err);
  else
    fault_of_result(&s->err, r);
  s->failed = true;
  s->said = words;
  if (!result_fatal(r) && PQstatus(c->pg) != CONNECTION_BAD) return;
  s->err.code = ERR_P1017;
  conn_break(c);
}

/* The text was not what it should be. Whoever is asked for data says that there is none. */
static void copy_unexpected(Segment *s) {
  if (!s->failed) err_set(&s->err, ERR_USAGE, "The statement is no COPY of this kind.");
  s->failed = true;
  conn_break(s->conn);
}

static void copy_give_up(Segment *s) {
  if (s->copy == COPY_TAKES) {
    s->copy = COPY_ENDS;
    if (PQputCopyEnd(s->conn->pg, "the client gave it up") != 1) conn_break(s->conn);
    conn_flush(s->conn);
  }
  s->paused = false;
}

static void copy_agreed(Segment *s, bool in) {
  if (in != s->copy_in) {
    copy_unexpected(s);
    return;
  }
  s->copy = in ? COPY_TAKES : COPY_GIVES;
  s->wants_ready = in;
  if (s->undo) copy_give_up(s);
}

static void copy_answer(Segment *s, PGresult *r) {
  switch (PQresultStatus(r)) {
    case PGRES_COPY_IN: copy_agreed(s, true); break;
    case PGRES_COPY_OUT: copy_agreed(s, false); break;
    case PGRES_COMMAND_OK:
      if (s->copy == COPY_ENDS && s->ops && !s->failed && !s->undo) {
        s->ops->result(s->ctx, 0, result_of(r));
        return;
      }
      if (s->copy == COPY_ASKED) copy_unexpected(s);
      break;
    case PGRES_FATAL_ERROR:
      copy_failed(s, r);
      s->copy = COPY_ENDS;
      break;
    default: copy_unexpected(s); break;
  }
  PQclear(r);
}

/* All is said: the connection is a pipeline again. */
static void copy_over(Segment *s) {
  Conn *c = s->conn;
  if (s->copy != COPY_ENDS) { /* an end before the beginning */
    copy_unexpected(s);
    return;
  }
  if (!PQenterPipelineMode(c->pg)) {
    conn_break(c);
    return;
  }
  transaction_note(c);
  segment_finish(s, s->failed || s->undo ? OUTCOME_NOTHING : OUTCOME_DONE);
  segments_start(c);
}

static bool copy_piece(Segment *s) {
  char *piece;
  int n = s->paused ? 0 : PQgetCopyData(s->conn->pg, &piece, 1);
  if (n < 0) s->copy = COPY_ENDS; /* the end, or an error: what comes next tells which */
  if (n <= 0) return n < 0;
  if (s->ops && !s->undo) s->ops->piece(s->ctx, (Slice){piece, (uint32_t)n});
  PQfreemem(piece);
  return true;
}

static bool copy_ready(Segment *s) {
  if (!s->wants_ready || s->conn->writing) return false;
  s->wants_ready = false;
  if (s->ops) s->ops->ready(s->ctx);
  return true;
}

bool copy_step(Segment *s) {
  Conn *c = s->conn;
  if (s->copy == COPY_TAKES) return copy_ready(s);
  if (s->copy == COPY_GIVES) return copy_piece(s);
  if (PQisBusy(c->pg)) return false;
  PGresult *r = PQgetResult(c->pg);
  if (r)
    copy_answer(s, r);
  else
    copy_over(s);
  return true;
}

/* libpq looks at an error only when all data is through, and reads it away as it writes. It is seen here as
 * the first byte that comes while the server takes data, where bytes are not encrypted; then there is no
 * point in sending more. */
bool copy_refused(Segment *s) {
  char byte;
  if (s->copy != COPY_TAKES || s->heard || PQsslInUse(s->conn->pg)) return false;
  ssize_t n = recv(PQsocket(s->conn->pg), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  s->heard = n > 0;
  return n > 0 && byte == 'E';
}

void copy_abandon(Segment *s) {
  copy_give_up(s);
  conn_flush(s->conn); /* and read again what is to be dropped */
  conn_soon(s->conn);
}

bool copy_waits_for_owner(const Segment *s) {
  return s->paused || (s->copy == COPY_TAKES && !s->wants_ready);
}

void copy_send(Segment *s) {
  Conn *c = s->conn;
  s->copy = COPY_ASKED;
  if (PQexitPipelineMode(c->pg) && PQsendQuery(c->pg, s->copy_sql))
    conn_flush(c);
  else
    conn_break(c);
}

/* ---- the owner's verbs ---- */

Segment *copy_open(Conn *c, bool in, Slice sql, const SegmentOps *ops, void *ctx, Err *e) {
  return segment_open_copy(c, in, sql.p, ops, ctx, e);
}

static bool copy_lost(const Segment *s) { return s->conn->state != CONN_UP || s->conn->doomed; }

/* What is sent when the server has said already that it failed is dropped: the end is on its way. */
bool copy_put(Segment *s, Slice bytes, Err *e) {
  Conn *c = s->conn;
  if (s->copy != COPY_TAKES || copy_lost(s)) return true;
  if (copy_refused(s)) {
    copy_abandon(s);
    return true;
  }
  int put = PQputCopyData(c->pg, bytes.p, (int)bytes.n);
  if (put == 0) return err_oom(e);
  if (put < 0) {
    if (PQstatus(c->pg) != CONNECTION_BAD) return err_oom(e);
    conn_break(c);
    return true;
  }
  s->wants_ready = true;
  conn_flush(c);
  conn_stall(c);
  conn_soon(c);
  return true;
}

bool copy_end(Segment *s, Err *e) {
  Conn *c = s->conn;
  if (s->copy != COPY_TAKES || copy_lost(s)) return true;
  s->synced = s->ended = true; /* from here on nobody can say that it was not */
  s->copy = COPY_ENDS;
  if (PQputCopyEnd(c->pg, NULL) != 1) {
    s->synced = false;
    if (PQstatus(c->pg) != CONNECTION_BAD) (void)err_oom(e);
    conn_break(c);
    return PQstatus(c->pg) == CONNECTION_BAD;
  }
  conn_flush(c);
  conn_stall(c);
  conn_soon(c);
  return true;
}

void copy_pause(Segment *s, bool pause) {
  if (s->paused == pause || s->undo) return;
  s->paused = pause;
  conn_stall(s->conn);
  conn_flush(s->conn); /* and watch for what is wanted now */
  if (!pause) conn_soon(s->conn);
}
