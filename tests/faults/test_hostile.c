/* A server that lies: messages of other types and lengths, numbers in them that cannot be, messages that
 * never come or come twice, an end in the middle. Calls end, in their time; nothing else is asked of them,
 * but that no memory is misused (the sanitizers' build runs this, too) and that the next server is served
 * well. */
#include "libpq_leaks.h"
#include "proxy.h"
#include "roam.h"

enum {
  LONG_MS = 9000, /* of lies, at least */
  AT_MOST = 20000,
  CALL_US = 30 * 1000000 /* a visit's calls, each of which waits for a second at most */
};

static char url[200], timed[240];

static int64_t messages_of_a_visit(Session *s) {
  proxy_arm(&(ProxyPlan){PROXY_TWIST, true, INT64_MAX, false, 0, false});
  for (int i = 0; i < 3; i++) roam(s, url, ROAM_WELL);
  return proxy_messages() / 3;
}

static void no_lie_does_harm(void) {
  uint64_t dice = 20240229;
  Session *s = session();
  int64_t messages = messages_of_a_visit(s), begun = loop_clock_us(), most = 0;
  int visits = 0;
  CHECK(messages > 50);
  while (visits < AT_MOST && (roam_all() || loop_clock_us() - begun < LONG_MS * 1000)) {
    int64_t since = loop_clock_us();
    uint32_t seed = (uint32_t)dice_next(&dice);
    proxy_arm(&(ProxyPlan){PROXY_TWIST, true, (int64_t)(dice_next(&dice) % (uint64_t)messages),
                           visits % 4 != 0, seed, visits % 16 != 0});
    roam(s, timed, ROAM_LIED_TO);
    visits++;
    if (loop_clock_us() - since > most) most = loop_clock_us() - since;
  }
  CHECK(most < CALL_US);
  proxy_arm(&(ProxyPlan){PROXY_NONE, false, 0, false, 0, false});
  sql("truncate \"Entry\", \"Mark\", \"Item\"");
  roam(s, url, ROAM_WELL);
  printf("%d visits of %d messages, the longest %.1f s\n", visits, (int)messages, (double)most / 1e6);
  session_close(s);
}

static void starts(void) {
  stage_open(roam_schema, roam_tables);
  proxy_start(server.dir);
  snprintf(url, sizeof url, "postgresql://lorm@localhost/postgres?host=%s/proxy", server.dir);
  snprintf(timed, sizeof timed, "%s&socket_timeout=1&connect_timeout=1", url);
}
static void stops(void) {
  proxy_stop();
  stage_close();
}

TESTS(starts, no_lie_does_harm, stops)
