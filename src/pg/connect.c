#include "pg/connect.h"

#include <poll.h>
#include <stdio.h>
#include <time.h>

#include "pg/sqlstate.h"

/* ---- what went wrong ---- */

static bool where(Err *e, const ConnInfo *info, ErrCode code, const char *before, const char *after) {
  return err_set(e, code, "%s `%.*s:%.*s`%s", before, SLICE_ARGS(info->host), SLICE_ARGS(info->port), after);
}

/* A server that is not what target_session_attrs asks for: in libpq's words. */
static bool fault_other_kind(Err *e, const ConnInfo *info, const char *why) {
  static const char *const kinds[] = {"session is not read-only", "session is read-only",
                                      "server is not in hot standby mode", "server is in hot standby mode"};
  for (size_t i = 0; i < COUNT(kinds); i++) {
    if (!strstr(why, kinds[i])) continue;
    where(e, info, ERR_P1001, "Can't reach a database server of the kind that target_session_attrs wants at",
          ": ");
    size_t used = strlen(e->message);
    snprintf(e->message + used, sizeof e->message - used, "%s.", kinds[i]);
    return true;
  }
  return false;
}

bool fault_unreachable(Err *e, const ConnInfo *info, const char *why) {
  if (fault_other_kind(e, info, why)) {
    err_text(e->detail, sizeof e->detail, slice_of(why));
    return false;
  }
  where(e, info, ERR_P1001, "Can't reach database server at", "");
  size_t used = strlen(e->message);
  snprintf(e->message + used, sizeof e->message - used,
           "\n\nPlease make sure your database server is running at `%.*s:%.*s`.", SLICE_ARGS(info->host),
           SLICE_ARGS(info->port));
  err_text(e->detail, sizeof e->detail, slice_of(why));
  return false;
}

static bool fault_denied(Err *e, const ConnInfo *info, ErrCode code, const char *why) {
  switch (code) {
    case ERR_P1000:
      return err_set(e, code,
                     "Authentication failed against database server, the provided database credentials for "
                     "`%.*s` are not valid.\n\nPlease make sure to provide valid database credentials for "
                     "the database server at the configured address.",
                     SLICE_ARGS(info->user));
    case ERR_P1003:
      return err_set(e, code, "Database `%.*s` does not exist on the database server at `%.*s:%.*s`.",
                     SLICE_ARGS(info->database), SLICE_ARGS(info->host), SLICE_ARGS(info->port));
    case ERR_P1010:
      return err_set(e, code, "User `%.*s` was denied access on the database `%.*s`", SLICE_ARGS(info->user),
                     SLICE_ARGS(info->database));
    case ERR_P1011: return err_set(e, code, "Error opening a TLS connection: %s", why);
    case ERR_P1013: return err_set(e, code, "The provided database string is invalid. %s", why);
    case ERR_P2037: return err_set(e, code, "Too many database connections opened: %s", why);
    default: return fault_unreachable(e, info, why);
  }
}

/* The last "FATAL:  28P01: ..." in libpq's words: connect_start asks for verbose ones, because there is no
 * result object to read the SQLSTATE from, and the rest may be in any language. */
static bool state_in_message(const char *m, char out[6]) {
  bool found = false;
  for (const char *at = strstr(m, ":  "); at; at = strstr(at + 1, ":  ")) {
    const char *code = at + 3;
    if (strspn(code, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 5 || code[5] != ':') continue;
    memcpy(out, code, 5);
    out[5] = 0;
    found = true;
  }
  return found;
}

/* What libpq says without a word of the server's. */
static ErrCode code_of_words(const char *m, bool asked_password) {
  static const struct {
    const char *words;
    ErrCode code;
  } known[] = {{"no password supplied", ERR_P1000},  {"SSL", ERR_P1011},
               {"certificate", ERR_P1011},           {"invalid connection option", ERR_P1013},
               {"invalid integer value", ERR_P1013}, {"out of memory", ERR_OUT_OF_MEMORY}};
  if (asked_password) return ERR_P1000;
  for (size_t i = 0; i < COUNT(known); i++)
    if (strstr(m, known[i].words)) return known[i].code;
  return ERR_P1001;
}

bool fault_of_connect(Err *e, PGconn *pg, const ConnInfo *info) {
  char why[512], state[6] = "";
  err_text(why, sizeof why, slice_of(PQerrorMessage(pg)));
  for (size_t n = strlen(why); n && why[n - 1] == '\n'; n--) why[n - 1] = 0;
  bool said = state_in_message(why, state);
  ErrCode code = said ? sqlstate_code(state) : code_of_words(why, PQconnectionNeedsPassword(pg));
  if (code == ERR_OUT_OF_MEMORY) return err_oom(e);
  fault_denied(e, info, code, why);
  err_text(e->sqlstate, sizeof e->sqlstate, slice_of(state));
  err_text(e->detail, sizeof e->detail, slice_of(why));
  return false;
}

bool fault_lost(Err *e, PGconn *pg) {
  err_set(e, ERR_P1017, "%s", err_template(ERR_P1017));
  Slice why = slice_of(pg ? PQerrorMessage(pg) : "");
  while (why.n && why.p[why.n - 1] == '\n') why.n--;
  err_text(e->detail, sizeof e->detail, why);
  return false;
}

/* ---- steps ---- */

static void drop_notice(void *ctx, const PGresult *r) { (void)ctx, (void)r; }

PGconn *connect_start(const ConnInfo *info, Err *e) {
  PGconn *pg = PQconnectStart(info->conninfo.p);
  if (!pg) {
    err_oom(e);
    return NULL;
  }
  PQsetErrorVerbosity(pg, PQERRORS_VERBOSE);
  PQsetNoticeReceiver(pg, drop_notice, NULL);
  if (PQstatus(pg) != CONNECTION_BAD) return pg;
  fault_of_connect(e, pg, info);
  PQfinish(pg);
  return NULL;
}

ConnectStep connect_step(PGconn *pg, const ConnInfo *info, Err *e) {
  switch (PQconnectPoll(pg)) {
    case PGRES_POLLING_OK: return CONNECT_READY;
    case PGRES_POLLING_READING: return CONNECT_READING;
    case PGRES_POLLING_WRITING: return CONNECT_WRITING;
    default: fault_of_connect(e, pg, info); return CONNECT_FAILED;
  }
}

int connect_timeout(const ConnInfo *info) {
  return info->connect_timeout_ms < 0 ? CONNECT_TIMEOUT_MS : info->connect_timeout_ms;
}

bool connect_timed_out(PGconn *pg, const ConnInfo *info, Err *e) {
  if (PQstatus(pg) == CONNECTION_STARTED || PQstatus(pg) == CONNECTION_NEEDED)
    return fault_unreachable(e, info, "the connection timed out");
  return where(e, info, ERR_P1002, "The database server at", " was reached but timed out.");
}

static int64_t now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

/* False: the deadline passed. */
static bool wait_socket(PGconn *pg, ConnectStep step, int64_t deadline) {
  struct pollfd fd = {PQsocket(pg), step == CONNECT_READING ? POLLIN : POLLOUT, 0};
  int64_t left = deadline - now_ms();
  if (deadline && left <= 0) return false;
  poll(&fd, 1, deadline ? (int)left : -1); /* interrupted or not: the next step will see */
  return true;
}

PGconn *connect_wait(const ConnInfo *info, Err *e) {
  PGconn *pg = connect_start(info, e);
  if (!pg) return NULL;
  int64_t deadline = connect_timeout(info) ? now_ms() + connect_timeout(info) : 0;
  ConnectStep step = CONNECT_WRITING;
  while (step != CONNECT_READY) {
    bool in_time = wait_socket(pg, step, deadline);
    if (!in_time) connect_timed_out(pg, info, e);
    step = in_time ? connect_step(pg, info, e) : CONNECT_FAILED;
    if (step != CONNECT_FAILED) continue;
    PQfinish(pg);
    return NULL;
  }
  return pg;
}
