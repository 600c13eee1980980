#include "net/redis.h"

#include <dlfcn.h>
#include <hiredis/async.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "base/number.h"

enum {
  DOWN_MS = 1000, /* after a loss, nobody tries again for so long */
  MAX_WORDS = 1024
};

/* hiredis' functions, by its own types. */
#define FUNCTIONS(F)       \
  F(redisAsyncConnect)     \
  F(redisAsyncConnectUnix) \
  F(redisAsyncCommandArgv) \
  F(redisAsyncHandleRead) F(redisAsyncHandleWrite) F(redisAsyncFree) F(redisAsyncSetConnectCallback)
typedef struct Library {
  void *handle;
#define FUNCTION(name) __typeof__(&name) name;
  FUNCTIONS(FUNCTION)
#undef FUNCTION
} Library;

struct Redis {
  Loop *loop;
  Arena *arena; /* the address */
  Library lib;
  Slice host, user, password, database, path;
  int port, timeout_ms;
  redisAsyncContext *ac; /* NULL: not connected */
  LoopFd *fd;
  int events;
  LoopTimer *timer; /* runs while commands are under way */
  uint32_t pending;
  int64_t down_until; /* loop clock */
  char why[160];      /* it was lost */
};

typedef struct Call {
  Redis *redis;
  RedisAnswered *answered;
  void *ctx;
} Call;

/* ---- the library ---- */

static bool library_load(Library *lib, Err *e) {
  lib->handle = dlopen(LORM_HIREDIS, RTLD_NOW | RTLD_LOCAL);
  if (!lib->handle)
    return err_set(e, ERR_USAGE, "Redis needs hiredis (Debian: libhiredis0.14): %s", dlerror());
#define FUNCTION(name)                                          \
  lib->name = (__typeof__(lib->name))dlsym(lib->handle, #name); \
  if (!lib->name) return err_set(e, ERR_USAGE, "hiredis has no %s.", #name);
  __extension__({FUNCTIONS(FUNCTION)});
#undef FUNCTION
  return true;
}

/* ---- the address ---- */

static Slice decoded(Arena *a, Slice s) {
  char *to = arena_alloc(a, s.n + 1u);
  uint32_t n = 0;
  for (uint32_t i = 0; i < s.n; i++) {
    bool code = s.p[i] == '%' && i + 2 < s.n && number_hex_digit(s.p[i + 1]) >= 0 &&
                number_hex_digit(s.p[i + 2]) >= 0;
    to[n++] = code ? (char)(number_hex_digit(s.p[i + 1]) * 16 + number_hex_digit(s.p[i + 2])) : s.p[i];
    if (code) i += 2;
  }
  to[n] = 0;
  return (Slice){to, n};
}

/* Cut what stands before the first (or last) `c` off `s`; false: there is none. */
static bool cut(Slice *s, char c, bool last, Slice *before) {
  const char *at = last ? memrchr(s->p, c, s->n) : memchr(s->p, c, s->n);
  if (!at) return false;
  *before = (Slice){s->p, (uint32_t)(at - s->p)};
  *s = (Slice){at + 1, (uint32_t)(s->p + s->n - at - 1)};
  return true;
}

static bool read_address(Redis *r, Slice url, Err *e) {
  Arena *a = r->arena;
  Slice credentials, host;
  if (slice_starts(url, SLICE("unix://"))) {
    r->path = decoded(a, (Slice){url.p + 7, url.n - 7});
    return r->path.n || err_set(e, ERR_USAGE, "unix:// needs the path of a socket.");
  }
  if (slice_starts(url, SLICE("rediss://")))
    return err_set(e, ERR_USAGE, "rediss:// (TLS) is not supported.");
  if (!slice_starts(url, SLICE("redis://")))
    return err_set(e, ERR_USAGE,
                   "This is no address of a Redis server: redis://host:port or unix:///path is one.");
  Slice rest = {url.p + 8, url.n - 8};
  if (cut(&rest, '@', true, &credentials)) {
    Slice user;
    if (cut(&credentials, ':', false, &user)) r->user = decoded(a, user);
    r->password = decoded(a, credentials);
  }
  if (cut(&rest, '/', false, &host))
    r->database = decoded(a, rest);
  else
    host = rest;
  Slice name = host;
  if (cut(&host, ':', true, &name)) {
    r->port = atoi(decoded(a, host).p);
    if (r->port < 1 || r->port > 65535)
      return err_set(e, ERR_USAGE, "The port of the Redis server is no number.");
  }
  r->host = name.n ? decoded(a, name) : SLICE("127.0.0.1");
  return true;
}

/* ---- the connection ---- */

static void redis_lost(Redis *r, const char *why) {
  snprintf(r->why, sizeof r->why, "%s", why);
  r->down_until = loop_clock_us() + DOWN_MS * INT64_C(1000);
}

static void keep_alive(Redis *r) {
  bool quiet = r->pending == 0;
  if (r->fd) loop_fd_quiet(r->fd, quiet);
  loop_timer_quiet(r->timer, quiet);
  if (quiet)
    loop_timer_stop(r->timer);
  else
    loop_timer_start(r->timer, r->timeout_ms);
}

/* Those that wait hear of it through their callbacks. */
static void drop(Redis *r, const char *why) {
  if (!r->ac) return;
  redis_lost(r, why);
  r->lib.redisAsyncFree(r->ac);
}

static void on_silence(void *redis) { drop(redis, "The Redis server does not answer."); }

/* A server that left must not end this program by SIGPIPE, which whoever owns the process may want elsewhere.
 */
static void write_quietly(Redis *r) {
  sigset_t pipe, before, pending;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  sigpending(&pending);
  pthread_sigmask(SIG_BLOCK, &pipe, &before);
  r->lib.redisAsyncHandleWrite(r->ac);
  if (!sigismember(&pending, SIGPIPE)) sigtimedwait(&pipe, NULL, &(struct timespec){0});
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void on_ready(void *redis, int events) {
  Redis *r = redis;
  if (events & LOOP_READ && r->ac && r->events & LOOP_READ) r->lib.redisAsyncHandleRead(r->ac);
  if (events & LOOP_WRITE && r->ac && r->events & LOOP_WRITE) write_quietly(r);
}

static void watch(Redis *r, int events) {
  r->events = events;
  if (r->fd) loop_fd_watch(r->fd, events);
}

/* What hiredis asks of an event loop. */
static void add_read(void *redis) { watch(redis, ((Redis *)redis)->events | LOOP_READ); }
static void del_read(void *redis) { watch(redis, ((Redis *)redis)->events & ~LOOP_READ); }
static void add_write(void *redis) { watch(redis, ((Redis *)redis)->events | LOOP_WRITE); }
static void del_write(void *redis) { watch(redis, ((Redis *)redis)->events & ~LOOP_WRITE); }
static void cleanup(void *redis) {
  Redis *r = redis;
  if (r->down_until < loop_clock_us()) redis_lost(r, "The connection to the Redis server was lost.");
  loop_fd_free(r->fd);
  r->fd = NULL;
  r->ac = NULL;
  r->events = 0;
}

static void on_connect(const redisAsyncContext *ac, int status) {
  Redis *r = ac->ev.data;
  char why[160];
  if (status == REDIS_OK) return;
  snprintf(why, sizeof why, "The Redis server cannot be reached: %s", ac->errstr);
  redis_lost(r, why);
}

static void ignored(void *ctx, const RedisPart *parts, uint32_t n, const Err *e) {
  (void)ctx;
  (void)parts;
  (void)n;
  (void)e;
}

static bool greet(Redis *r, Err *e) {
  const Slice auth[] = {SLICE("AUTH"), r->user, r->password}, simple[] = {SLICE("AUTH"), r->password};
  const Slice select[] = {SLICE("SELECT"), r->database};
  if (r->password.n &&
      !(r->user.n ? redis_send(r, auth, 3, ignored, NULL, e) : redis_send(r, simple, 2, ignored, NULL, e)))
    return false;
  return !r->database.n || redis_send(r, select, 2, ignored, NULL, e);
}

static bool redis_connect(Redis *r, Err *e) {
  if (loop_clock_us() < r->down_until) return err_set(e, ERR_IO, "%s", r->why);
  redisAsyncContext *ac =
      r->path.n ? r->lib.redisAsyncConnectUnix(r->path.p) : r->lib.redisAsyncConnect(r->host.p, r->port);
  if (!ac) return err_oom(e);
  bool good = !ac->err;
  if (!good) {
    redis_lost(r, ac->errstr);
    (void)err_set(e, ERR_IO, "The Redis server cannot be reached: %s", ac->errstr);
  }
  if (good) good = (r->fd = loop_fd_new(r->loop, ac->c.fd, on_ready, r, e)) != NULL;
  if (!good) {
    r->lib.redisAsyncFree(ac);
    return false;
  }
  r->ac = ac;
  ac->ev.data = r;
  ac->ev.addRead = add_read;
  ac->ev.delRead = del_read;
  ac->ev.addWrite = add_write;
  ac->ev.delWrite = del_write;
  ac->ev.cleanup = cleanup;
  loop_fd_quiet(r->fd, true);
  r->lib.redisAsyncSetConnectCallback(ac, on_connect);
  return greet(r, e);
}

/* ---- commands ---- */

static RedisPart part_of(const redisReply *reply) {
  RedisPart part = {.text = {reply->str, (uint32_t)reply->len}, .number = reply->integer};
  switch (reply->type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS: part.kind = REDIS_TEXT; break;
    case REDIS_REPLY_INTEGER: part.kind = REDIS_INT; break;
    case REDIS_REPLY_ERROR: part.kind = REDIS_FAILED; break;
    default: part.kind = REDIS_NIL; break;
  }
  return part;
}

static void tell(const Call *c, const redisReply *reply) {
  RedisPart parts[MAX_WORDS + 1];
  uint32_t n = 1;
  parts[0] = part_of(reply);
  if (reply->type == REDIS_REPLY_ARRAY) {
    for (; n <= reply->elements && n <= MAX_WORDS; n++) parts[n] = part_of(reply->element[n - 1]);
    parts[0] = (RedisPart){.kind = REDIS_LIST, .number = n - 1};
  }
  c->answered(c->ctx, parts, n, NULL);
}

static void on_reply(redisAsyncContext *ac, void *reply, void *call) {
  Call *c = call;
  Redis *r = c->redis;
  (void)ac;
  r->pending--;
  keep_alive(r);
  Err e;
  if (reply)
    tell(c, reply);
  else {
    (void)err_set(&e, ERR_IO, "%s", r->why[0] ? r->why : "The connection to the Redis server was lost.");
    c->answered(c->ctx, NULL, 0, &e);
  }
  mem_free(c);
}

bool redis_send(Redis *r, const Slice *words, uint32_t n, RedisAnswered *answered, void *ctx, Err *e) {
  const char *argv[MAX_WORDS];
  size_t lengths[MAX_WORDS];
  if (n == 0 || n > MAX_WORDS)
    return err_set(e, ERR_USAGE, "A command of Redis has 1 to %d words.", MAX_WORDS);
  if (!r->ac && !redis_connect(r, e)) return false;
  Call *c = mem_alloc(sizeof *c);
  if (!c) return err_oom(e);
  *c = (Call){r, answered, ctx};
  for (uint32_t i = 0; i < n; i++) {
    argv[i] = words[i].p;
    lengths[i] = words[i].n;
  }
  r->pending++;
  if (r->lib.redisAsyncCommandArgv(r->ac, on_reply, c, (int)n, argv, lengths) != REDIS_OK) {
    r->pending--;
    mem_free(c);
    return err_set(e, ERR_IO, "The Redis server takes no command.");
  }
  keep_alive(r);
  return true;
}

/* ---- its life ---- */

typedef struct Open {
  Redis *redis;
  Slice url;
  Err *e;
  bool good;
} Open;

static void open_body(void *ctx) {
  Open *o = ctx;
  o->good = read_address(o->redis, o->url, o->e);
}

bool redis_open(Loop *l, Slice url, int timeout_ms, Redis **out, Err *e) {
  Redis *r = mem_zalloc(sizeof *r);
  if (!r) return err_oom(e);
  *r = (Redis){.loop = l, .arena = arena_new(0), .port = 6379, .timeout_ms = timeout_ms};
  Open o = {r, url, e, false};
  if (!r->arena || !arena_protect(r->arena, NULL, open_body, &o))
    (void)err_oom(e);
  else if (o.good && library_load(&r->lib, e) && (r->timer = loop_timer_new(l, on_silence, r, e))) {
    loop_timer_quiet(r->timer, true);
    *out = r;
    return true;
  }
  redis_close(r);
  return false;
}

void redis_close(Redis *r) {
  if (!r) return;
  drop(r, "The connection to the Redis server was closed.");
  loop_timer_free(r->timer);
  if (r->lib.handle) dlclose(r->lib.handle);
  arena_free(r->arena);
  mem_free(r);
}
