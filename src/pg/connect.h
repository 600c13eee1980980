/* Connect: a libpq connection coming into being, step by step, for the loop (conn.c) and for those who wait
 * (session.c). Inside pg only. */
#ifndef PG_CONNECT_H
#define PG_CONNECT_H

#include "pg/fault.h"

enum {
  CONNECT_TIMEOUT_MS = 5000 /* unless the URL says otherwise; its 0 is for ever */
};

typedef enum ConnectStep {
  CONNECT_READING, /* call connect_step again when the socket is readable */
  CONNECT_WRITING, /* ... writable; the socket may be another one after each step */
  CONNECT_READY,
  CONNECT_FAILED
} ConnectStep;

MUST PGconn *connect_start(const ConnInfo *info, Err *e);           /* NULL: fails at once; PQfinish it */
ConnectStep connect_step(PGconn *pg, const ConnInfo *info, Err *e); /* e is filled on CONNECT_FAILED */
int connect_timeout(const ConnInfo *info);                          /* ms, 0 = none */
bool connect_timed_out(PGconn *pg, const ConnInfo *info, Err *e);   /* fills e, returns false */
MUST PGconn *connect_wait(const ConnInfo *info, Err *e);            /* all of it, blocking */

#endif
