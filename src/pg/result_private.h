/* A Result is libpq's own object under another name: nothing is wrapped, nothing is allocated. */
#ifndef PG_RESULT_PRIVATE_H
#define PG_RESULT_PRIVATE_H

#include <libpq-fe.h>

#include "pg/result.h"

static inline PGresult *result_pg(const Result *r) { return (PGresult *)(uintptr_t)r; }
static inline Result *result_of(PGresult *pg) { return (Result *)pg; }

#endif
