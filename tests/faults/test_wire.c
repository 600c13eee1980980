/* The wire between client and server is cut at any byte, half closed, slowed down, and freezes. A call ends
 * right or with an error that says what is known; and in its time. */
#include "proxy.h"
#include "roam.h"

enum {
  CUTS = 500,
  SOME = 60,
  FLIPS = 40,
  STALLED = 20,
  STALL_MS = 1000 /* the shortest socket_timeout */
};

static char url[200], socket_path[200];

static void harmed(ProxyHarm what, bool from_server, int64_t after, bool once) {
  proxy_arm(&(ProxyPlan){what, from_server, after, once, (uint32_t)after * 2654435761u >> 7, false});
}

static int64_t roam_length[2]; /* of a visit, in bytes, from the client and from the server */

static void roam_measure(Session *s) {
  harmed(PROXY_NONE, false, 0, false);
  for (int i = 0; i < 20; i++) roam(s, url, ROAM_WELL); /* what is read is as long as it gets */
  harmed(PROXY_NONE, false, 0, false);
  roam(s, url, ROAM_WELL);
  for (int i = 0; i < 2; i++) roam_length[i] = proxy_passed(i);
  CHECK(roam_length[0] > 500 && roam_length[1] > 500);
}

/* ---- the tests ---- */

/* By the number of a round: where it cuts. */
static void cut_once(Session *s, int round, int64_t at) {
  harmed(round % 8 < 6 ? PROXY_CUT : PROXY_HALF, round % 2, at, true);
  roam(s, url, ROAM_HARMED);
}

static void cut_anywhere(void) {
  uint64_t dice = 4242;
  Session *s = session();
  roam_measure(s);
  memset(told, 0, sizeof told);
  int rounds = roam_all() ? (int)(roam_length[0] + roam_length[1]) * 2 : CUTS;
  for (int i = 0; i < rounds; i++) {
    int64_t length = roam_length[i % 2];
    int64_t at = roam_all() ? i / 2 % length : (int64_t)(dice_next(&dice) % (uint64_t)length);
    cut_once(s, i, 1 + at);
  }
  printf("%d cuts in %d and %d bytes: %d well, %d refused, %d unknown\n", rounds, (int)roam_length[0],
         (int)roam_length[1], told[0], told[1], told[2]);
  CHECK(told[0] > rounds && told[2] > 0);
  session_close(s);
}

/* A reset is no end of file: it comes while there are bytes to be read. */
static void reset_anywhere(void) {
  uint64_t dice = 777;
  Session *s = session();
  char by_tcp[100];
  proxy_stop();
  snprintf(by_tcp, sizeof by_tcp, "postgresql://lorm@127.0.0.1:%d/postgres", proxy_start_tcp(server.dir));
  for (int i = 0; i < SOME; i++) {
    harmed(PROXY_CUT, i % 2, 1 + (int64_t)(dice_next(&dice) % (uint64_t)roam_length[i % 2]), true);
    roam(s, by_tcp, ROAM_HARMED);
  }
  proxy_stop();
  unlink(socket_path);
  proxy_start(server.dir);
  session_close(s);
}

/* Nobody notices a bit of a value; one of a length may make either side wait, which socket_timeout ends. */
static void a_flipped_bit_does_no_harm(void) {
  uint64_t dice = 99;
  char timed[240];
  Session *s = session();
  snprintf(timed, sizeof timed, "%s&socket_timeout=1&connect_timeout=1", url);
  for (int i = 0; i < FLIPS; i++) {
    int64_t begun = loop_clock_us();
    harmed(PROXY_FLIP, i % 2, 1 + (int64_t)(dice_next(&dice) % (uint64_t)roam_length[i % 2]), true);
    roam(s, timed, ROAM_LIED_TO);
    CHECK(loop_clock_us() - begun < 15 * 1000000); /* each call has its end */
  }
  sql("truncate \"Entry\", \"Mark\", \"Item\"");
  harmed(PROXY_NONE, false, 0, false);
  roam(s, url, ROAM_WELL);
  session_close(s);
}

static void slowness_is_no_error(void) {
  Session *s = session();
  for (int i = 0; i < 8; i++) {
    harmed(i < 4 ? PROXY_DRIP : PROXY_DELAY, i % 2, 0, false);
    roam(s, url, ROAM_WELL);
  }
  harmed(PROXY_NONE, false, 0, false);
  session_close(s);
}

/* All connections freeze within a result. */
static void freezing_has_an_end(void) {
  Request *r[STALLED];
  char timed[240];
  int64_t most = 0, at[STALLED] = {0};
  Control c;
  snprintf(timed, sizeof timed, "%s&socket_timeout=1", url);
  engine_start(slice_of(timed), STALLED, 60000);
  for (int i = 0; i < STALLED; i++) r[i] = begun("", -1);
  for (int i = 0; i < STALLED; i++) CHECK(finish(r[i]) && !request_error(r[i]));
  for (int i = 0; i < STALLED; i++) CHECK(over(r[i]).code == ERR_NONE);
  while (stats().busy) (void)loop_turn(loop, true);
  CHECK(stats().idle == STALLED);
  harmed(PROXY_STALL, true, 0, false);
  control_start(&c, STALL_MS);
  for (int i = 0; i < STALLED; i++) r[i] = submitted("! update \"Entry\" set id = id where id = 1", NULL);
  for (int left = STALLED; left; (void)loop_turn(loop, true)) {
    for (int i = 0; i < STALLED; i++) {
      if (at[i] || !request_finished(r[i])) continue;
      at[i] = loop_clock_us();
      left--;
    }
    if (!left) break;
  }
  control_wait(&c);
  for (int i = 0; i < STALLED; i++) {
    int64_t off = llabs(at[i] - c.due);
    if (off > most) most = off;
    CHECK(over(r[i]).code == ERR_UNKNOWN_OUTCOME);
  }
  CHECK(most < 20000);
  harmed(PROXY_NONE, false, 0, false);
  CHECK(stats().connections == 0); /* they are of no use any more */
  CHECK(answer(submitted("$ select 42", NULL)) == 42);
  printf("%d frozen calls ended %.1f ms beside their timer at most\n", STALLED, (double)most / 1000);
  engine_end();
}

static void starts(void) {
  stage_open(roam_schema, roam_tables);
  proxy_start(server.dir);
  snprintf(url, sizeof url, "postgresql://lorm@localhost/postgres?host=%s/proxy", server.dir);
  snprintf(socket_path, sizeof socket_path, "%s/proxy/.s.PGSQL.5432", server.dir);
}
static void stops(void) {
  proxy_stop();
  stage_close();
}

TESTS(starts, cut_anywhere, reset_anywhere, a_flipped_bit_does_no_harm, slowness_is_no_error,
      freezing_has_an_end, stops)
