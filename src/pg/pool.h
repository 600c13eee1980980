/* Pool: the connections to one URL. A connection is on exactly one list: connecting, idle, shared (reads in
 * flight, open to more), leased (pinned by a transaction or a segment that cannot share), returning (given
 * back with work left: it is rolled back first). Connects when somebody asks and nothing is idle. pool_try,
 * pool_try_shared: one that can be had at once; pool_take: an exclusive one, now or when one comes (FIFO), or
 * an error at the deadline; pool_share: one that may carry a shared segment, idle first, else the least
 * loaded. Callbacks come from the loop, never inline, but for those of pool_close. A connection that cannot
 * be made is an error for all who wait at once, unless others are up and will be given back. */
#ifndef PG_POOL_H
#define PG_POOL_H

#include "pg/conn.h"

typedef struct Pool Pool;
typedef struct PoolWait PoolWait;

typedef struct PoolOptions {
  int max; /* connections; default 10 */
  int min;
  int connection_timeout_ms; /* wait for one, 0 = for ever; default 5000 */
  int idle_timeout_ms;       /* 0 = for ever; default 30000 */
  int max_lifetime_ms;       /* 0 = for ever */
  uint32_t spin_us;          /* how long an answer is looked for before the loop sleeps; 0 = not at all */
  bool named_statements;     /* false behind PgBouncer */
} PoolOptions;

enum {
  POOL_WAITS = 9
};
/* How many callers waited for a connection for at most pool_wait_ms(i), and for longer than the one before.
 */
typedef struct PoolWaits {
  uint64_t count[POOL_WAITS];
  uint64_t total_us;
} PoolWaits;
int32_t pool_wait_ms(uint32_t i); /* of the last: INT32_MAX */

typedef struct PoolStats {
  uint32_t total, idle, busy, waiting;
  uint64_t taken, timeouts, connects, opened, closed; /* taken: without waiting, too; opened: came up */
  PoolWaits waits;
  uint64_t lost; /* ended by the server, or on the way to it */
} PoolStats;

typedef void PoolTaken(void *ctx, Conn *c, const Err *e); /* c, or NULL and e */

MUST bool pool_new(Loop *loop, Slice url, const PoolOptions *options, Pool **out,
                   Err *e); /* connects nothing */
void pool_close(Pool *p);   /* waiters get an error, here; connections are closed; never waits */
/* Exclusive. timeout_ms < 0: the pool's. NULL and e when out of memory. */
MUST PoolWait *pool_take(Pool *p, int timeout_ms, PoolTaken *taken, void *ctx, Err *e);
void pool_cancel(PoolWait *w); /* before taken was called */
MUST PoolWait *pool_share(Pool *p, int timeout_ms, PoolTaken *taken, void *ctx,
                          Err *e); /* for one SEGMENT_SHARED segment opened at once inside `taken` */
/* The lease ends. The pool looks at the connection: clean and idle -> reused; still busy or in a
 * transaction -> ROLLBACK is queued and it comes back when the reply is in; else closed. Never waits.
 * Segments that are under way still tell their owners. A shared connection needs no giving, but when nothing
 * was opened on it. */
void pool_give(Pool *p, Conn *c);
Conn *pool_try(Pool *p);        /* exclusive, as by pool_take: an idle one that nobody waits for, or NULL */
Conn *pool_try_shared(Pool *p); /* as by pool_share, or NULL */
/* A connection for a caller that cannot wait for the loop (await's third case): an idle one, whoever waits,
 * or NULL. */
Conn *pool_take_now(Pool *p);
/* For the same caller: wait for one to come up, if it may, or `until`. False: the deadline passed, or all
 * that there may be are in use (P2024). */
MUST bool pool_pump(Pool *p, bool (*until)(void *), void *ctx, int64_t deadline, Err *e);
PoolStats pool_stats(const Pool *p);
const ConnInfo *pool_info(const Pool *p);

#endif
