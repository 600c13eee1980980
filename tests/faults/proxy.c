#include "proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  LINKS = 64,
  PIECE = 4096,
  DELAY_US = 1000,
  PATIENCE_MS = 30
};

typedef struct Link { /* ends[0]: the client, ends[1]: the server; -1: not there */
  int ends[2];
  bool shut[2];    /* nothing more comes from it */
  uint8_t head[5]; /* of the server's message that is passing */
  size_t n_head;
  int64_t left; /* of its body */
} Link;

typedef struct Shared { /* between the test and the child */
  ProxyPlan plan;
  int64_t passed[2]; /* [from server] */
  int64_t messages;
} Shared;

static Shared *shared;
static pid_t child;
static char listen_dir[100];
static struct sockaddr_un listen_at, server_at;
static bool resets; /* by TCP */
static Link links[LINKS];

static void die(const char *what) {
  perror(what);
  _exit(1);
}

/* ---- the child ---- */

static void link_reset(const Link *l) {
  struct linger at_once = {1, 0};
  if (resets) setsockopt(l->ends[0], SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

static void link_close(Link *l) {
  for (int i = 0; i < 2; i++) {
    if (l->ends[i] >= 0) close(l->ends[i]);
    l->ends[i] = -1;
    l->shut[i] = false;
  }
}

static void link_open(int listener) {
  int client = accept(listener, NULL, NULL), server = socket(AF_UNIX, SOCK_STREAM, 0);
  for (int i = 0; client >= 0 && i < LINKS; i++) {
    Link *l = &links[i];
    if (l->ends[0] >= 0) continue;
    *l = (Link){.ends = {client, server}};
    if (connect(server, (struct sockaddr *)&server_at, sizeof server_at)) link_close(l);
    return;
  }
  if (client >= 0) close(client);
  close(server);
}

static bool pass(int to, const char *bytes, size_t n, size_t step) {
  while (n) {
    ssize_t sent = send(to, bytes, n < step ? n : step, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes += sent;
    n -= (size_t)sent;
  }
  return true;
}

/* How many of n bytes pass before the harm begins; all of them when it is none of theirs. */
static size_t unharmed(bool from_server, size_t n) {
  const ProxyPlan *p = &shared->plan;
  if (p->harm == PROXY_NONE || p->from_server != from_server) return n;
  int64_t left = p->after - shared->passed[from_server];
  return left <= 0 ? 0 : left < (int64_t)n ? (size_t)left : n;
}

static bool pass_flipped(int to, const char *bytes, size_t n) {
  char copy[PIECE];
  memcpy(copy, bytes, n);
  copy[0] = (char)(copy[0] ^ 1 << shared->plan.seed % 8);
  return pass(to, copy, n, n);
}

/* False: the link is closed. */
static bool harm(Link *l, bool from_server, const char *bytes, size_t n) {
  int to = l->ends[!from_server];
  ProxyHarm what = shared->plan.harm;
  if (shared->plan.once) shared->plan.harm = PROXY_NONE;
  switch (what) {
    case PROXY_CUT: link_reset(l); return false;
    case PROXY_FLIP: return pass_flipped(to, bytes, n);
    case PROXY_HALF: l->shut[from_server] = true; return shutdown(to, SHUT_WR) == 0;
    case PROXY_STALL: l->shut[0] = l->shut[1] = true; return true;
    case PROXY_DELAY: usleep(DELAY_US); return pass(to, bytes, n, n);
    case PROXY_DRIP: return pass(to, bytes, n, 1);
    default: return pass(to, bytes, n, n);
  }
}

/* ---- messages ---- */

static void put_be32(uint8_t *to, uint32_t v) {
  for (int i = 0; i < 4; i++) to[i] = (uint8_t)(v >> (24 - 8 * i));
}

static uint32_t be32(const uint8_t *p) {
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* What a hostile server would say in a message's place. */
static bool twist(int to, uint8_t *message, size_t n, uint32_t seed) {
  static const uint32_t numbers[] = {0, 1, 3, 4, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffe, 0x10000};
  static const char types[] = "123ACDEGHIKNRSTVWZcdnst\0\377";
  uint32_t number = numbers[seed / 8 % (sizeof numbers / sizeof *numbers)];
  size_t at = n > 9 ? 5 + seed / 128 % (n - 8) : 5;
  switch (seed % 8) {
    case 0: put_be32(message + 1, number); break;
    case 1: message[0] = (uint8_t)types[seed / 8 % (sizeof types - 1)]; break;
    case 2: return true; /* it never comes */
    case 3: return pass(to, (char *)message, n, n) && pass(to, (char *)message, n, n);
    case 4: put_be32(message + 1, be32(message + 1) + seed / 8 % 5 - 2); break;
    case 5: n = 5 + seed / 8 % (n - 4); break;
    case 6: return pass(to, (char *)message, n / 2, n) && false; /* and then the end */
    default:
      if (n >= 9) put_be32(message + at, number);
      break;
  }
  return pass(to, (char *)message, n, n);
}

/* The server's bytes, message by message; one that is longer than what came at once passes as it is. */
static bool link_speak(Link *l, uint8_t *bytes, size_t n) {
  ProxyPlan *p = &shared->plan;
  for (size_t at = 0; at < n;) {
    size_t start = at;
    while (at < n && l->n_head < 5) l->head[l->n_head++] = bytes[at++];
    if (l->n_head == 5 && !l->left) l->left = (int64_t)be32(l->head + 1) - 4;
    size_t body = l->n_head < 5 ? 0 : l->left < (int64_t)(n - at) ? (size_t)l->left : n - at;
    at += body;
    if (l->n_head == 5) l->left -= (int64_t)body;
    bool whole = l->n_head == 5 && l->left == 0, alone = whole && at - start == body + 5;
    if (whole) l->n_head = 0, shared->messages++;
    bool twisted = alone && p->harm == PROXY_TWIST && shared->messages > p->after;
    if (twisted && p->once) p->harm = PROXY_NONE;
    if (!(twisted ? twist(l->ends[0], bytes + start, at - start, p->seed)
                  : pass(l->ends[0], (char *)bytes + start, at - start, PIECE)))
      return false;
  }
  return true;
}

static bool link_move(Link *l, bool from_server) {
  char bytes[PIECE];
  ssize_t n = recv(l->ends[from_server], bytes, sizeof bytes, 0);
  if (n <= 0) return false;
  if (from_server && shared->plan.harm == PROXY_TWIST) {
    shared->passed[true] += n;
    return link_speak(l, (uint8_t *)bytes, (size_t)n);
  }
  size_t good = unharmed(from_server, (size_t)n);
  if (!pass(l->ends[!from_server], bytes, good, PIECE)) return false;
  shared->passed[from_server] += n;
  return good == (size_t)n || harm(l, from_server, bytes + good, (size_t)n - good);
}

/* The test's end is its, too: PDEATHSIG. */
static void serve(int listener) {
  for (;;) {
    struct pollfd fds[1 + 2 * LINKS] = {{listener, POLLIN, 0}};
    for (int i = 0; i < 2 * LINKS; i++) {
      const Link *l = &links[i / 2];
      fds[1 + i] = (struct pollfd){l->shut[i % 2] ? -1 : l->ends[i % 2], POLLIN, 0};
    }
    int ready = poll(fds, 1 + 2 * LINKS, PATIENCE_MS);
    if (ready < 0 && errno != EINTR) die("proxy: poll");
    for (int i = 0; ready == 0 && shared->plan.impatient && i < LINKS; i++) link_close(&links[i]);
    for (int i = 0; i < 2 * LINKS; i++) {
      Link *l = &links[i / 2];
      if (fds[1 + i].revents && l->ends[i % 2] == fds[1 + i].fd && !link_move(l, i % 2)) link_close(l);
    }
    if (fds[0].revents) link_open(listener);
  }
}

/* ---- the test's side ---- */

static int listener_open_tcp(int *port) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t n = sizeof at;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, LINKS)) die("proxy: listen");
  if (getsockname(fd, (struct sockaddr *)&at, &n)) die("proxy: getsockname");
  *port = ntohs(at.sin_port);
  return fd;
}

static int listener_open(void) {
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (mkdir(listen_dir, 0755) && errno != EEXIST) die("proxy: mkdir");
  unlink(listen_at.sun_path); /* of one that was stopped */
  if (bind(fd, (struct sockaddr *)&listen_at, sizeof listen_at) || listen(fd, LINKS)) die("proxy: listen");
  return fd;
}

static void start(const char *dir, int *port) {
  snprintf(listen_dir, sizeof listen_dir, "%s/proxy", dir);
  listen_at.sun_family = server_at.sun_family = AF_UNIX;
  snprintf(listen_at.sun_path, sizeof listen_at.sun_path, "%.80s/.s.PGSQL.5432", listen_dir);
  snprintf(server_at.sun_path, sizeof server_at.sun_path, "%.80s/.s.PGSQL.5432", dir);
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) die("proxy: mmap");
  resets = port != NULL;
  int listener = port ? listener_open_tcp(port) : listener_open();
  for (int i = 0; i < LINKS; i++) links[i].ends[0] = links[i].ends[1] = -1;
  child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    serve(listener);
  }
  close(listener);
}

void proxy_start(const char *dir) { start(dir, NULL); }
int proxy_start_tcp(const char *dir) {
  int port;
  start(dir, &port);
  return port;
}

void proxy_stop(void) {
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  munmap(shared, sizeof *shared);
}

void proxy_arm(const ProxyPlan *plan) {
  shared->plan.harm = PROXY_NONE;
  shared->passed[0] = shared->passed[1] = shared->messages = 0;
  shared->plan = *plan;
}

int64_t proxy_messages(void) { return shared->messages; }
int64_t proxy_passed(bool from_server) { return shared->passed[from_server]; }
