/* Fault: libpq's ways of saying what went wrong, as an Err. Inside pg only. */
#ifndef PG_FAULT_H
#define PG_FAULT_H

#include <libpq-fe.h>

#include "pg/url.h"

/* A statement's error: message, sqlstate, names, detail, hint; code by sqlstate_code. Returns false. */
bool fault_of_result(Err *e, const PGresult *r);
/* A connection that did not come about: P1000, P1001, P1003, P1010, P1011, P1013. `status` is the wording
 * libpq has for it (PQerrorMessage). Returns false. */
bool fault_of_connect(Err *e, PGconn *pg, const ConnInfo *info);
bool fault_unreachable(Err *e, const ConnInfo *info, const char *why); /* P1001 */
/* A connection that was there and is no more: P1017. Returns false. */
bool fault_lost(Err *e, PGconn *pg);

#endif
