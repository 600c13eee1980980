/* net/redis: addresses, and servers that are gone, silent, or lie. A child plays the server. */
#include "net/redis.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int failures;
#define CHECK(x)                                     \
  do {                                               \
    if (!(x)) {                                      \
      printf("%s:%d: %s\n", __FILE__, __LINE__, #x); \
      failures++;                                    \
    }                                                \
  } while (0)

typedef struct Heard {
  int n, errors;
  RedisKind kind;
  char text[64];
  char why[200];
} Heard;

static void answered(void *ctx, const RedisPart *parts, uint32_t n, const Err *e) {
  Heard *h = ctx;
  h->n++;
  if (!parts) {
    h->errors++;
    snprintf(h->why, sizeof h->why, "%s", e->message);
    return;
  }
  h->kind = parts[0].kind;
  const RedisPart *said = &parts[n > 1 ? n - 1 : 0];
  snprintf(h->text, sizeof h->text, "%.*s", (int)said->text.n, said->text.p ? said->text.p : "");
}

static void refuses(Loop *l, const char *url, const char *why) {
  Redis *r;
  Err e;
  bool opened = redis_open(l, slice_of(url), 100, &r, &e);
  CHECK(!opened);
  if (opened) redis_close(r);
  if (!opened && !strstr(e.message, why)) {
    printf("%s: %s\n", url, e.message);
    failures++;
  }
}

static char path[64];

/* A server that accepts one connection, reads once, and says `text` (NULL: nothing), then hangs or leaves. */
static pid_t serve(const char *text, size_t n, bool stays) {
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
  unlink(path);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 1)) exit(2);
  pid_t pid = fork();
  if (pid) {
    close(fd);
    return pid;
  }
  char got[4096];
  signal(SIGPIPE, SIG_IGN);
  int peer = accept(fd, NULL, NULL);
  if (peer < 0 || read(peer, got, sizeof got) <= 0) _exit(3);
  if (n && write(peer, text, n) < 0) _exit(4);
  if (stays) pause();
  _exit(0);
}

/* Two commands on such a server. */
static Heard ask(Loop *l, const char *text, size_t n, bool stays) {
  char url[80];
  Redis *r;
  Err e;
  Heard h = {0};
  pid_t pid = serve(text, n, stays);
  snprintf(url, sizeof url, "unix://%s", path);
  if (!redis_open(l, slice_of(url), 150, &r, &e)) exit(5);
  const Slice words[] = {SLICE("GET"), SLICE("key")};
  int sent = 0;
  for (int i = 0; i < 2; i++) sent += redis_send(r, words, 2, answered, &h, &e);
  CHECK(sent == 2);
  while (h.n < 2 && loop_turn(l, true)) continue;
  CHECK(h.n == 2);
  if (h.errors) CHECK(!redis_send(r, words, 2, answered, &h, &e)); /* not again so soon */
  redis_close(r);
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  return h;
}

#define ASK(l, text, stays) ask(l, text, sizeof(text) - 1, stays)

static void answers(Loop *l) {
  Heard h = ASK(l, "$3\r\nabc\r\n$-1\r\n", true);
  CHECK(!h.errors && h.kind == REDIS_NIL);
  h = ASK(l, "+OK\r\n-ERR no\r\n", true);
  CHECK(!h.errors && h.kind == REDIS_FAILED && !strcmp(h.text, "ERR no"));
  h = ASK(l, ":1\r\n*2\r\n$1\r\na\r\n$2\r\nbc\r\n", true);
  CHECK(!h.errors && h.kind == REDIS_LIST && !strcmp(h.text, "bc"));
  h = ASK(l, ":1\r\n*1\r\n*1\r\n:5\r\n", true);
  CHECK(!h.errors && h.kind == REDIS_LIST);
  h = ASK(l, "*0\r\n*-1\r\n", true);
  CHECK(!h.errors && h.kind == REDIS_NIL);
}

static void lies(Loop *l) {
  Heard h = ASK(l, "", true);
  CHECK(h.errors == 2 && strstr(h.why, "does not answer"));
  h = ASK(l, "", false);
  CHECK(h.errors == 2);
  h = ASK(l, "$3\r\nabc\r\n$100\r\nab", false);
  CHECK(h.errors == 1);
  h = ASK(l, "$3\r\nabc\r\n$100\r\nab", true);
  CHECK(h.errors == 1 && strstr(h.why, "does not answer"));
  h = ASK(l, "HTTP/1.1 400 Bad Request\r\n\r\n", true);
  CHECK(h.errors == 2);
  h = ASK(l, "$-5\r\n*99999999999999\r\n", true);
  CHECK(h.errors >= 1);
}

/* Closing ends what is under way, with an error. */
static void closing(Loop *l) {
  char url[80];
  Redis *r;
  Err e;
  Heard h = {0};
  pid_t pid = serve("", 0, true);
  snprintf(url, sizeof url, "unix://%s", path);
  const Slice words[] = {SLICE("PING")};
  if (!redis_open(l, slice_of(url), 150, &r, &e) || !redis_send(r, words, 1, answered, &h, &e)) exit(6);
  redis_close(r);
  CHECK(h.n == 1 && h.errors == 1);
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
}

int main(void) {
  Loop *l;
  Err e;
  Redis *r;
  snprintf(path, sizeof path, "/tmp/lorm-redis-%ld", (long)getpid());
  if (!loop_new(&l, &e)) return 1;
  refuses(l, "http://localhost", "no address of a Redis server");
  refuses(l, "rediss://localhost", "TLS");
  refuses(l, "redis://localhost:99999", "port");
  refuses(l, "redis://localhost:x", "port");
  refuses(l, "unix://", "path");
  static const char *const good[] = {"redis://", "redis://h", "redis://h:1/2", "redis://u:p%40@h/0",
                                     "redis://:p@h"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    bool opened = redis_open(l, slice_of(good[i]), 100, &r, &e);
    CHECK(opened);
    if (opened) redis_close(r);
  }
  answers(l);
  lies(l);
  closing(l);
  unlink(path);
  loop_free(l);
  printf("net_redis: %d failures\n", failures);
  return failures != 0;
}
