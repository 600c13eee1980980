/* Connection URLs: libpq's and Prisma's. postgresql://user:password@host:port/db?schema=x&... ; several
 * hosts; host=/socket/dir in the query. Prisma's parameters are taken out and understood, libpq's stay. */
#ifndef PG_URL_H
#define PG_URL_H

#include "base/err.h"

typedef struct ConnInfo {
  Slice conninfo; /* libpq keyword/value string, holds the password: never shown */
  Slice options;  /* the server options among it: "-c name=value ..." */
  Slice shown;    /* user@host:port/database, for messages */
  Slice user, host, port, database;
  Slice schema; /* ?schema= : default schema of generated SQL; "public" when absent */
  bool schema_given;
  int connection_limit;             /* -1 = not given */
  int pool_timeout_ms;              /* -1; pool_timeout= (seconds) */
  int connect_timeout_ms;           /* -1; connect_timeout= (seconds) */
  int socket_timeout_ms;            /* -1; socket_timeout= (seconds) */
  int max_idle_ms, max_lifetime_ms; /* -1 */
  int statement_cache_size;         /* -1; that one connection may have prepared */
  bool pgbouncer;                   /* no named statements, no session state */
  Slice *unknown;                   /* names of parameters that nobody knows: to warn about */
  uint32_t n_unknown;
} ConnInfo;

MUST bool url_parse(Arena *a, Slice url, ConnInfo *out,
                    Err *e); /* P1013; the message never holds the password */
/* The conninfo with one more server option ("-cname=value"). Protected by the caller. */
Slice url_with_option(Arena *a, const ConnInfo *info, Slice option);
Slice url_with_database(Arena *a, Slice url, Slice database); /* the same server, another database */

/* For programs that are told of a database on their command line, which everybody can read: the password goes
 * apart. Protected by the caller. P1013. */
typedef struct ProgramUrl {
  Slice conninfo, password; /* (z); the password empty when there is none */
} ProgramUrl;
MUST bool url_for_program(Arena *a, Slice url, ProgramUrl *out, Err *e);

#endif
