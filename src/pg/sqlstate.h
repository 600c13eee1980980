/* What the server's error fields mean. Alone fills sqlstate, table, columns, constraint, detail, hint of an
 * Err and chooses the connection-level P1xxx; which P2xxx a model's call gets is engine/errors.c's. */
#ifndef PG_SQLSTATE_H
#define PG_SQLSTATE_H

#include "base/err.h"

/* The public code that a SQLSTATE stands for when nothing more is known: 23505 -> P2002, 23503 -> P2003,
 * 23502 -> P2011, 23514 -> P2004, 22001 -> P2000, 22003 -> P2020, 40001/40P01 -> P2034, 42P01 -> P2021,
 * 42703 -> P2022, 3D000 -> P1003, 28P01 -> P1000, 28000 -> P1010 (as Prisma), 53300 -> P2037, 57P0x -> P1017,
 * else P2010-like ERR_P2039. One table. */
ErrCode sqlstate_code(const char *sqlstate);
bool sqlstate_stale_plan(const char *sqlstate); /* 0A000 (cached plan), 26000, 42P05: prepare again */
bool sqlstate_retryable(const char *sqlstate);  /* 40001, 40P01 */

#endif
