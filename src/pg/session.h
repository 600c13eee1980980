/* Session: one blocking connection of its own, for work that is a sequence by nature (migrate, tools).
 * Not for the client's calls: those go through the pool. May be used on a worker thread. */
#ifndef PG_SESSION_H
#define PG_SESSION_H

#include "pg/result.h"
#include "pg/url.h"

typedef struct Session Session;

MUST bool session_open(Slice url, Session **out, Err *e); /* P1000, P1001, P1003, P1010, P1011, P1013 */
void session_close(Session *s);                           /* NULL is fine */
const ConnInfo *session_info(const Session *s);
int session_version(const Session *s); /* 150018 */
/* One simple query of one or several statements, as it stands; results dropped. On an error inside,
 * e->line is the 1-based line in `sql`, e->sqlstate and the names are set; code by sqlstate_code. */
MUST bool session_execute(Session *s, Slice sql, Err *e);
/* One statement, text parameters (p NULL = NULL), text results. *out is the caller's. */
MUST bool session_query(Session *s, const char *sql, const Slice *params, uint32_t n, Result **out, Err *e);
bool session_in_transaction(const Session *s);
int session_pid(const Session *s); /* of the server's process */
/* While session_execute waits, idle(ctx) is called every so many milliseconds; 0: no more. It may not use
 * `s`. */
typedef void SessionIdle(void *ctx);
void session_watch(Session *s, int every_ms, SessionIdle *idle, void *ctx);
/* COPY ... TO STDOUT: `take` gets the data in pieces. */
typedef bool SessionTake(void *ctx, Slice data, Err *e);
MUST bool session_copy_out(Session *s, const char *sql, SessionTake *take, void *ctx, Err *e);

#endif
