/* Notifications, as runtime sees them: what pg/listener.h does, behind the seam. */
#include "engine/engine_private.h"

static bool name_fits(Slice name, Err *e) {
  if (name.n >= 1 && name.n <= CHANNEL_BYTES && !memchr(name.p, 0, name.n)) return true;
  return err_set(e, ERR_VALIDATION, "A channel has a name of 1 to %d bytes, without zero bytes.",
                 CHANNEL_BYTES);
}

Subscription *engine_subscribe(Engine *g, const Slice *channels, uint32_t n, LoopCall *wake, void *ctx,
                               Err *e) {
  bool good = !g->info.pgbouncer ||
              err_set(e, ERR_USAGE,
                      "LISTEN needs a session of its own, which PgBouncer does not give in transaction mode "
                      "(?pgbouncer=true): listen through a client whose URL leads past it.");
  for (uint32_t i = 0; good && i < n; i++) good = name_fits(channels[i], e);
  if (good && !g->listener) g->listener = listener_new(g->loop, &g->info, e);
  return good && g->listener ? listener_subscribe(g->listener, channels, n, wake, ctx, e) : NULL;
}

Heard engine_heard(const Subscription *s) {
  SubscriptionView v = subscription_look(s);
  return (Heard){v.opened, v.failed, v.note};
}

void engine_heard_next(Subscription *s) { subscription_shift(s); }
void engine_hearing(Subscription *s, bool waiting) { subscription_wait(s, waiting); }
void engine_unsubscribe(Subscription *s) { subscription_close(s); }

bool engine_pump_notes(Subscription *s, bool (*until)(void *), void *ctx, int64_t deadline, Err *e) {
  return subscription_pump(s, until, ctx, deadline, e);
}
