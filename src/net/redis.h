/* Redis: one connection to one server, by hiredis, which is loaded when the first one is opened.
 *
 *   Redis *r; redis_open(loop, url, 500, &r, &e);          connects nothing yet
 *   redis_send(r, words, n, answered, ctx, &e);            many may be under way; answers come in order
 *   redis_close(r);
 * It connects at the first command, and again at a later one when it was lost; for a second after that,
 * commands fail at once. A server that answers nothing for the timeout counts as lost. What was sent and not
 * answered ends with an error. Callbacks come from the loop, or from redis_close. */
#ifndef NET_REDIS_H
#define NET_REDIS_H

#include "base/err.h"
#include "loop/loop.h"

typedef struct Redis Redis;

typedef enum RedisKind {
  REDIS_NIL,
  REDIS_TEXT,
  REDIS_INT,
  REDIS_LIST,  /* what is nested deeper is NIL */
  REDIS_FAILED /* the server's word; text */
} RedisKind;

typedef struct RedisPart {
  RedisKind kind;
  Slice text;
  int64_t number; /* of a LIST: how many items */
} RedisPart;

/* n parts, a LIST's items behind it; valid inside of the callback. Or NULL, and why. */
typedef void RedisAnswered(void *ctx, const RedisPart *parts, uint32_t n, const Err *e);

/* redis://[[user]:password@]host[:port][/database], unix:///path. No TLS. False: the URL, hiredis is missing.
 */
MUST bool redis_open(Loop *l, Slice url, int timeout_ms, Redis **out, Err *e);
MUST bool redis_send(Redis *r, const Slice *words, uint32_t n, RedisAnswered *answered, void *ctx, Err *e);
void redis_close(Redis *r); /* NULL is fine */

#endif
