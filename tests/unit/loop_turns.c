#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "loop/loop.h"

static Loop *loop;
static Err e;

static void open_loop(void) { CHECK(loop_new(&loop, &e)); }

typedef struct Count {
  int calls, events;
  LoopSoon soon;
  LoopFd *fd;
  LoopTimer *timer;
} Count;

static void count(void *ctx) { ((Count *)ctx)->calls++; }

static void an_empty_loop_has_nothing_to_wait_for(void) {
  open_loop();
  CHECK(!loop_turn(loop, true));
  CHECK(!loop_turning(loop));
  loop_free(loop);
}

static void timers_fire_once_and_when_asked(void) {
  open_loop();
  Count c = {0};
  LoopTimer *t = loop_timer_new(loop, count, &c, &e);
  int64_t start = loop_clock_us();
  loop_timer_start(t, 500);
  loop_timer_start(t, 20);
  while (loop_turn(loop, true)) continue;
  CHECK(c.calls == 1);
  int64_t took = loop_clock_us() - start;
  CHECK(took >= 19000 && took < 400000);
  loop_timer_start(t, 1);
  loop_timer_stop(t);
  CHECK(!loop_turn(loop, true));
  CHECK(c.calls == 1);
  loop_timer_free(t);
  loop_free(loop);
}

/* A timer that was due before its turn began ends that turn; else this would hang. */
static void a_late_timer_ends_its_turn(void) {
  open_loop();
  Count c = {0};
  LoopTimer *t = loop_timer_new(loop, count, &c, &e);
  loop_timer_start(t, 1);
  usleep(5000);
  alarm(10);
  CHECK(!loop_turn(loop, true));
  alarm(0);
  CHECK(c.calls == 1);
  loop_timer_free(t);
  loop_free(loop);
}

static void free_own_timer(void *ctx) {
  Count *c = ctx;
  c->calls++;
  loop_timer_free(c->timer);
}

static void a_timer_may_free_itself(void) {
  open_loop();
  Count c = {0};
  c.timer = loop_timer_new(loop, free_own_timer, &c, &e);
  loop_timer_start(c.timer, 0);
  while (loop_turn(loop, true)) continue;
  CHECK(c.calls == 1);
  loop_free(loop);
}

static void on_ready(void *ctx, int events) {
  Count *c = ctx;
  c->calls++;
  c->events |= events;
  loop_fd_watch(c->fd, 0);
}

static void descriptors_become_ready(void) {
  open_loop();
  Count c = {0};
  int ends[2];
  CHECK(pipe(ends) == 0);
  c.fd = loop_fd_new(loop, ends[0], on_ready, &c, &e);
  loop_fd_watch(c.fd, LOOP_READ);
  CHECK(loop_turn(loop, false));
  CHECK(c.calls == 0);
  CHECK(write(ends[1], "x", 1) == 1);
  while (loop_turn(loop, true)) continue;
  CHECK(c.calls == 1);
  CHECK(c.events == LOOP_READ);
  loop_fd_free(c.fd);
  close(ends[0]);
  close(ends[1]);
  loop_free(loop);
}

/* Quiet handles do not keep the loop alive, but they are served. */
static void quiet_handles_are_served(void) {
  open_loop();
  Count c = {0};
  int ends[2];
  CHECK(pipe(ends) == 0);
  c.fd = loop_fd_new(loop, ends[0], on_ready, &c, &e);
  loop_fd_watch(c.fd, LOOP_READ);
  loop_fd_quiet(c.fd, true);
  CHECK(!loop_turn(loop, true));
  CHECK(write(ends[1], "x", 1) == 1);
  CHECK(!loop_turn(loop, true));
  CHECK(c.calls == 1);
  loop_free(loop); /* closes what is left */
  close(ends[0]);
  close(ends[1]);
}

static void ask_again(void *ctx) {
  Count *c = ctx;
  if (++c->calls < 3) loop_soon(loop, &c->soon);
}

static void soon_is_the_next_turn(void) {
  open_loop();
  Count again = {0}, gone = {0};
  again.soon = (LoopSoon){.call = ask_again, .ctx = &again};
  gone.soon = (LoopSoon){.call = count, .ctx = &gone};
  loop_soon(loop, &again.soon);
  loop_soon(loop, &again.soon);
  loop_soon(loop, &gone.soon);
  loop_soon_cancel(loop, &gone.soon);
  CHECK(loop_turn(loop, true));
  CHECK(again.calls == 1);
  while (loop_turn(loop, true)) continue;
  CHECK(again.calls == 3);
  CHECK(gone.calls == 0);
  loop_free(loop);
}

static void signals_arrive(void) {
  open_loop();
  Count c = {0};
  LoopSignal *s = loop_signal_new(loop, SIGUSR1, count, &c, &e);
  raise(SIGUSR1);
  for (int i = 0; i < 100 && !c.calls; i++) loop_turn(loop, false);
  CHECK(c.calls == 1);
  loop_signal_free(s);
  loop_free(loop);
}

static void nothing(void *ctx) { (void)ctx; }

static void work_is_done_elsewhere(void) {
  open_loop();
  Count c = {0};
  CHECK(loop_work(loop, count, count, NULL, &c, &e));
  while (loop_turn(loop, true)) continue;
  CHECK(c.calls == 2);
  Count released = {0};
  CHECK(loop_work(loop, nothing, count, NULL, &c, &e));
  CHECK(loop_work(loop, nothing, nothing, count, &released, &e));
  loop_free(loop); /* waits for the thread, and does not call back */
  CHECK(c.calls == 2 && released.calls == 1);
}

static int next_descriptor(void) {
  int fd = dup(0);
  close(fd);
  return fd;
}

/* As libpq does with a connection that breaks; the number then belongs to the next one. */
static void a_descriptor_may_be_closed_while_it_is_watched(void) {
  int free_before = next_descriptor();
  open_loop();
  Count c = {0};
  int a[2], b[2];
  CHECK(pipe(a) == 0);
  LoopFd *first = loop_fd_new(loop, a[0], on_ready, &c, &e);
  loop_fd_watch(first, LOOP_READ);
  (void)loop_turn(loop, false);
  close(a[0]);
  CHECK(pipe(b) == 0 && b[0] == a[0]);
  c.fd = loop_fd_new(loop, b[0], on_ready, &c, &e);
  CHECK(c.fd != NULL);
  loop_fd_watch(first, LOOP_READ | LOOP_WRITE);
  (void)loop_turn(loop, false);
  loop_fd_free(first);
  int before = c.calls;
  loop_fd_watch(c.fd, LOOP_READ);
  CHECK(write(b[1], "x", 1) == 1);
  (void)loop_turn(loop, true);
  CHECK(c.calls == before + 1);
  loop_fd_free(c.fd);
  loop_free(loop);
  close(a[1]), close(b[0]), close(b[1]);
  CHECK(next_descriptor() == free_before);
}

static void read_one(void *ctx, int events) {
  Count *c = ctx;
  char byte;
  (void)events;
  ssize_t n = recv(c->events, &byte, 1, MSG_DONTWAIT);
  if (n > 0)
    c->calls++;
  else
    loop_fd_watch(c->fd, 0);
}

/* The other end goes with something unread, which is an error of the socket; what it had sent comes first. */
static void what_came_before_an_error_is_read(void) {
  open_loop();
  int s[2];
  Count c = {0};
  CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
  CHECK(write(s[0], "unread", 6) == 6 && write(s[1], "abcde", 5) == 5);
  close(s[1]);
  c.events = s[0];
  c.fd = loop_fd_new(loop, s[0], read_one, &c, &e);
  loop_fd_watch(c.fd, LOOP_READ);
  alarm(10);
  while (loop_turn(loop, true)) continue;
  alarm(0);
  CHECK(c.calls == 5);
  loop_fd_free(c.fd);
  loop_free(loop);
  close(s[0]);
}

static void write_one(void *ctx) { CHECK(write(*(int *)ctx, "x", 1) == 1); }

/* However long one hopes, what comes is served in the turn in which it comes, and nothing is slept past: each
 * of these would hang for the length of the hope, or for ever. */
static void a_hope_ends_with_what_comes(void) {
  enum {
    FOR_EVER = 20 * 1000 * 1000
  };
  open_loop();
  int pair[2];
  Count read = {0}, due = {0};
  CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
  read.events = pair[0];
  read.fd = loop_fd_new(loop, pair[0], read_one, &read, &e);
  loop_fd_watch(read.fd, LOOP_READ);
  LoopTimer *writer = loop_timer_new(loop, write_one, &pair[1], &e),
            *timer = loop_timer_new(loop, count, &due, &e);
  alarm(10);
  loop_timer_start(writer, 0);
  while (!read.calls) {
    loop_hope(loop, FOR_EVER);
    CHECK(loop_turn(loop, true));
  }
  CHECK(loop_work(loop, write_one, nothing, NULL, &pair[1],
                  &e)); /* from another thread, while the loop looks */
  loop_hope(loop, FOR_EVER);
  while (read.calls < 2) CHECK(loop_turn(loop, true));
  loop_timer_start(timer, 0);
  usleep(2000);
  loop_hope(loop, FOR_EVER);
  while (!due.calls) (void)loop_turn(loop, true);
  alarm(0);
  loop_free(loop);
  close(pair[0]);
  close(pair[1]);
}

/* Hopes in vain are passed over more and more often: all of them would be 200 ms of computing. */
static void vain_hopes_are_given_up(void) {
  enum {
    TURNS = 100,
    LOOK_US = 2000
  };
  open_loop();
  Count c = {0};
  LoopTimer *t = loop_timer_new(loop, count, &c, &e);
  clock_t began = clock();
  for (int i = 0; i < TURNS; i++) {
    loop_timer_start(t, 4);
    loop_hope(loop, LOOK_US);
    while (c.calls <= i) (void)loop_turn(loop, true);
  }
  CHECK((clock() - began) * (1000000 / CLOCKS_PER_SEC) < TURNS * LOOK_US / 3);
  loop_timer_free(t);
  loop_free(loop);
}

TESTS(an_empty_loop_has_nothing_to_wait_for, timers_fire_once_and_when_asked, a_late_timer_ends_its_turn,
      a_timer_may_free_itself, descriptors_become_ready, quiet_handles_are_served, soon_is_the_next_turn,
      signals_arrive, work_is_done_elsewhere, a_descriptor_may_be_closed_while_it_is_watched,
      what_came_before_an_error_is_read, a_hope_ends_with_what_comes, vain_hopes_are_given_up)
