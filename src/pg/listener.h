/* Listener: one connection that LISTENs, for all subscriptions of a client. It connects when somebody
 * subscribes, and goes with the last subscription. When it is lost it is made anew, for as long as it takes;
 * every subscription then finds a gap among its notes, for nobody knows what was told meanwhile.
 *
 *   Subscription *s = listener_subscribe(l, names, n, wake, ctx, &e);
 *   ... wake(ctx) from the loop ... subscription_look(s)   opened? failed? the first note?
 *   subscription_shift(s);                                 that note was read
 *   subscription_close(s);
 *
 * It opens when the server has said that it listens: what is told from then on is heard. Errors end it only
 * before that. Notes that nobody reads are kept up to a bound; then they are dropped, and a gap says so. */
#ifndef PG_LISTENER_H
#define PG_LISTENER_H

#include "base/note.h"
#include "loop/loop.h"
#include "pg/url.h"

typedef struct Listener Listener;
typedef struct Subscription Subscription;

typedef struct SubscriptionView {
  bool opened;       /* or failed */
  const Err *failed; /* it never will open; else NULL */
  const Note *note;  /* the first that waits, or NULL; valid until shift or close */
} SubscriptionView;

enum {
  CHANNEL_BYTES = 63 /* of a channel's name: what the server's identifiers hold */
};

/* Connects nothing. `info` must live as long. NULL: out of memory. */
MUST Listener *listener_new(Loop *loop, const ConnInfo *info, Err *e);
void listener_close(Listener *l); /* with its subscriptions, which hear nothing of it. NULL is fine */
/* Up to n names, each of 1 to CHANNEL_BYTES bytes without zero; the same may come more than once. */
MUST Subscription *listener_subscribe(Listener *l, const Slice *names, uint32_t n, LoopCall *wake, void *ctx,
                                      Err *e);
SubscriptionView subscription_look(const Subscription *s);
void subscription_shift(Subscription *s); /* after look found a note */
void subscription_close(Subscription *s); /* never waits */
/* Somebody waits for it: the loop has something to stay for. Each true is followed by a false. */
void subscription_wait(Subscription *s, bool waiting);
/* Wait on the listener's connection alone, through its losses. deadline in loop_clock_us time, 0 = none.
 * False: the deadline passed (ERR_TIMEOUT), or out of memory. */
MUST bool subscription_pump(Subscription *s, bool (*until)(void *), void *ctx, int64_t deadline, Err *e);

#endif
