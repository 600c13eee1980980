#include "net/http.h"

#include <dlfcn.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

enum {
  IDLE_SECONDS = 30, /* a connection without a request */
  CONNECTIONS = 64
};

/* libmicrohttpd's functions, by its own types. */
#define FUNCTIONS(F)             \
  F(MHD_start_daemon)            \
  F(MHD_stop_daemon)             \
  F(MHD_get_daemon_info)         \
  F(MHD_get_timeout)             \
  F(MHD_run)                     \
  F(MHD_suspend_connection)      \
  F(MHD_resume_connection)       \
  F(MHD_lookup_connection_value) \
  F(MHD_create_response_from_buffer) F(MHD_add_response_header) F(MHD_queue_response) F(MHD_destroy_response)
typedef struct Library {
  void *handle;
#define FUNCTION(name) __typeof__(&name) name;
  FUNCTIONS(FUNCTION)
#undef FUNCTION
} Library;

typedef enum PendingState {
  PENDING_NEW, /* its header was read; a body may follow */
  PENDING_ASKED,
  PENDING_TAKEN,
  PENDING_ANSWERED
} PendingState;

/* A request, from its first line until its answer was sent. Asked and taken ones are suspended. */
typedef struct Pending {
  struct Pending *next, *prev;
  struct MHD_Connection *connection;
  struct MHD_Response *response;
  uint64_t id;
  PendingState state;
  unsigned status;
  Slice method; /* a constant */
  char *body;   /* as much as has come, of `max_body` at most */
  uint32_t n_body;
  bool too_big;
  char path[]; /* ends with a zero */
} Pending;

struct Http {
  Library lib;
  struct MHD_Daemon *daemon;
  LoopFd *fd; /* the daemon's epoll */
  LoopTimer *timer;
  LoopSoon soon; /* there are answers to send */
  Loop *loop;
  LoopCall *asked;
  void *ctx;
  Pending *pending; /* oldest last */
  uint64_t ids;
  uint32_t max_body;
  uint16_t port;
  bool closing;
};

/* ---- the library ---- */

static bool library_load(Library *lib, Err *e) {
  lib->handle = dlopen(LORM_MICROHTTPD, RTLD_NOW | RTLD_LOCAL);
  if (!lib->handle)
    return err_set(e, ERR_USAGE, "An HTTP server needs libmicrohttpd (Debian: libmicrohttpd12): %s",
                   dlerror());
#define FUNCTION(name)                                          \
  lib->name = (__typeof__(lib->name))dlsym(lib->handle, #name); \
  if (!lib->name) return err_set(e, ERR_USAGE, "libmicrohttpd has no %s.", #name);
  __extension__({FUNCTIONS(FUNCTION)});
#undef FUNCTION
  return true;
}

/* ---- the address ---- */

static bool refused(Err *e, Slice address) {
  return err_set(e, ERR_USAGE, "%.*s is no address to listen at: host:port is one, such as 127.0.0.1:9464.",
                 (int)address.n, address.p);
}

static bool is_port(const char *s) {
  size_t n = strspn(s, "0123456789");
  return n > 0 && n <= 5 && s[n] == 0 && atoi(s) <= 65535;
}

/* `text` is cut in two. */
static bool split(char *text, const char **host, const char **port) {
  char *colon = strrchr(text, ':');
  *host = "127.0.0.1";
  *port = colon ? colon + 1 : text;
  if (!is_port(*port)) return false;
  if (!colon || colon == text) return true;
  *colon = 0;
  *host = text;
  if (*text != '[') return strchr(text, ':') == NULL;
  if (colon[-1] != ']') return false;
  colon[-1] = 0;
  *host = text + 1;
  return true;
}

static int bound(const struct addrinfo *at) {
  int on = 1, fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, at->ai_protocol);
  if (fd < 0) return -1;
  (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, CONNECTIONS) == 0) return fd;
  int saved = errno;
  close(fd);
  errno = saved;
  return -1;
}

/* A listening socket, or -1 and e. */
static int listen_at(Slice address, Err *e) {
  char text[300];
  const char *host, *port;
  struct addrinfo *found = NULL, hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
  if (address.n >= sizeof text) return refused(e, address), -1;
  snprintf(text, sizeof text, "%.*s", (int)address.n, address.p);
  if (!split(text, &host, &port)) return refused(e, address), -1;
  int status = getaddrinfo(host, port, &hints, &found);
  if (status) {
    (void)err_set(e, ERR_IO, "%s cannot be found: %s", host, gai_strerror(status));
    return -1;
  }
  int fd = bound(found);
  if (fd < 0)
    (void)err_set(e, ERR_IO, "%.*s cannot be listened at: %s", (int)address.n, address.p, strerror(errno));
  freeaddrinfo(found);
  return fd;
}

static uint16_t port_of(int fd) {
  struct sockaddr_storage at = {0};
  socklen_t n = sizeof at;
  if (getsockname(fd, (struct sockaddr *)&at, &n) != 0) return 0;
  return ntohs(at.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&at)->sin6_port
                                        : ((struct sockaddr_in *)&at)->sin_port);
}

/* ---- requests ---- */

/* The methods that a server knows; NULL: another one. */
static const char *known_method(const Http *h, const char *method) {
  static const char *const known[] = {MHD_HTTP_METHOD_GET, MHD_HTTP_METHOD_HEAD, MHD_HTTP_METHOD_POST};
  for (uint32_t i = 0; i < (h->max_body ? 3 : 2); i++)
    if (!strcmp(method, known[i])) return known[i];
  return NULL;
}

static Pending *pending_new(Http *h, struct MHD_Connection *connection, const char *method,
                            const char *path) {
  size_t n = strlen(path) + 1;
  Pending *p = mem_alloc(sizeof *p + n);
  if (!p) return NULL;
  *p = (Pending){.next = h->pending, .connection = connection, .id = ++h->ids, .method = slice_of(method)};
  memcpy(p->path, path, n);
  if (h->pending) h->pending->prev = p;
  h->pending = p;
  return p;
}

static void pending_free(Http *h, Pending *p) {
  if (p->next) p->next->prev = p->prev;
  *(p->prev ? &p->prev->next : &h->pending) = p->next;
  if (p->response) h->lib.MHD_destroy_response(p->response);
  mem_free(p->body);
  mem_free(p);
}

static void on_completed(void *http, struct MHD_Connection *connection, void **own,
                         enum MHD_RequestTerminationCode code) {
  (void)connection;
  (void)code;
  if (*own) pending_free(http, *own);
  *own = NULL;
}

/* An answer of the server's own, which has no body. */
static enum MHD_Result refuse(Http *h, struct MHD_Connection *connection, unsigned status) {
  struct MHD_Response *r = h->lib.MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
  if (!r) return MHD_NO;
  if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
    (void)h->lib.MHD_add_response_header(r, MHD_HTTP_HEADER_ALLOW,
                                         h->max_body ? "GET, HEAD, POST" : "GET, HEAD");
  enum MHD_Result sent = h->lib.MHD_queue_response(connection, status, r);
  h->lib.MHD_destroy_response(r);
  return sent;
}

/* Another part of a body. What a GET brings, and what is too much, nobody wants. False: no memory. */
static bool take_body(const Http *h, Pending *p, const char *part, size_t n) {
  if (!slice_is(p->method, MHD_HTTP_METHOD_POST)) return true;
  p->too_big |= n > h->max_body - p->n_body;
  if (p->too_big) return true;
  char *longer = mem_realloc(p->body, p->n_body + n);
  if (!longer) return false;
  memcpy(longer + p->n_body, part, n);
  p->body = longer;
  p->n_body += (uint32_t)n;
  return true;
}

/* libmicrohttpd calls it for the header, for each part of a body, at the end, and again when it was resumed.
 */
static enum MHD_Result on_request(void *http, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *body, size_t *n_body,
                                  void **own) {
  Http *h = http;
  Pending *p = *own;
  (void)version;
  if (!p) {
    const char *known = known_method(h, method);
    if (!known) return refuse(h, connection, MHD_HTTP_METHOD_NOT_ALLOWED);
    *own = pending_new(h, connection, known, url);
    return *own ? MHD_YES : MHD_NO;
  }
  if (*n_body) {
    size_t n = *n_body;
    *n_body = 0;
    return take_body(h, p, body, n) ? MHD_YES : MHD_NO;
  }
  if (p->state == PENDING_ANSWERED) return h->lib.MHD_queue_response(connection, p->status, p->response);
  if (p->state != PENDING_NEW || h->closing) return MHD_NO;
  if (p->too_big) return refuse(h, connection, MHD_HTTP_CONTENT_TOO_LARGE);
  p->state = PENDING_ASKED;
  h->lib.MHD_suspend_connection(connection);
  h->asked(h->ctx);
  return MHD_YES;
}

bool http_next(Http *h, HttpAsk *out) {
  Pending *oldest = NULL;
  for (Pending *p = h->pending; p; p = p->next)
    if (p->state == PENDING_ASKED) oldest = p;
  if (!oldest) return false;
  oldest->state = PENDING_TAKEN;
  *out = (HttpAsk){oldest->id, oldest->method, slice_of(oldest->path), {oldest->body, oldest->n_body}};
  return true;
}

static Pending *taken(const Http *h, uint64_t id) {
  Pending *p = h->pending;
  while (p && p->id != id) p = p->next;
  return p && p->state == PENDING_TAKEN ? p : NULL;
}

Slice http_header(const Http *h, uint64_t id, const char *name) {
  const Pending *p = taken(h, id);
  const char *value = p ? h->lib.MHD_lookup_connection_value(p->connection, MHD_HEADER_KIND, name) : NULL;
  return value ? slice_of(value) : (Slice){0};
}

bool http_answer(Http *h, uint64_t id, const HttpAnswer *a, Err *e) {
  Pending *p = taken(h, id);
  if (!p) return true;
  p->response =
      h->lib.MHD_create_response_from_buffer(a->body.n, (void *)(uintptr_t)a->body.p, MHD_RESPMEM_MUST_COPY);
  if (!p->response) return err_oom(e);
  for (uint32_t i = 0; i < a->n_headers; i++) {
    if (h->lib.MHD_add_response_header(p->response, a->headers[i].name, a->headers[i].value)) continue;
    h->lib.MHD_destroy_response(p->response);
    p->response = NULL; /* it can still be answered otherwise */
    return err_set(e, ERR_USAGE, "%s: %s is no header of HTTP.", a->headers[i].name, a->headers[i].value);
  }
  p->status = a->status;
  p->state = PENDING_ANSWERED;
  h->lib.MHD_resume_connection(p->connection);
  loop_soon(h->loop, &h->soon);
  return true;
}

/* ---- its life ---- */

static void run(void *http) {
  Http *h = http;
  MHD_UNSIGNED_LONG_LONG ms;
  (void)h->lib.MHD_run(h->daemon);
  if (h->lib.MHD_get_timeout(h->daemon, &ms) == MHD_YES)
    loop_timer_start(h->timer, ms < INT32_MAX ? (int64_t)ms : INT32_MAX);
  else
    loop_timer_stop(h->timer);
}

static void on_ready(void *http, int events) {
  (void)events;
  run(http);
}

/* It says nothing by itself: broken requests are those of others. */
static void silent(void *ctx, const char *format, va_list args) {
  (void)ctx;
  (void)format;
  (void)args;
}

/* Takes `fd`. */
static bool daemon_start(Http *h, int fd, Err *e) {
  h->daemon = h->lib.MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL,
                                      NULL, on_request, h, MHD_OPTION_EXTERNAL_LOGGER, silent, NULL,
                                      MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
                                      h, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
                                      MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_END);
  if (h->daemon) return true;
  close(fd);
  return err_set(e, ERR_IO, "libmicrohttpd does not start: %s", strerror(errno));
}

static bool http_start(Http *h, Loop *l, Slice address, Err *e) {
  if (!library_load(&h->lib, e)) return false;
  int fd = listen_at(address, e);
  if (fd < 0) return false;
  h->port = port_of(fd);
  if (!daemon_start(h, fd, e)) return false;
  const union MHD_DaemonInfo *info = h->lib.MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD);
  if (!info) return err_set(e, ERR_IO, "libmicrohttpd has no epoll here.");
  h->fd = loop_fd_new(l, info->epoll_fd, on_ready, h, e);
  h->timer = h->fd ? loop_timer_new(l, run, h, e) : NULL;
  if (!h->timer) return false;
  loop_fd_quiet(h->fd, true);
  loop_timer_quiet(h->timer, true);
  loop_fd_watch(h->fd, LOOP_READ);
  return true;
}

bool http_open(Loop *l, Slice address, uint32_t max_body, LoopCall *asked, void *ctx, Http **out, Err *e) {
  Http *h = mem_zalloc(sizeof *h);
  if (!h) return err_oom(e);
  h->loop = l;
  h->soon = (LoopSoon){.call = run, .ctx = h};
  h->max_body = max_body;
  h->asked = asked;
  h->ctx = ctx;
  if (http_start(h, l, address, e)) {
    *out = h;
    return true;
  }
  http_close(h);
  return false;
}

uint16_t http_port(const Http *h) { return h->port; }

/* A daemon does not stop over suspended connections. */
static void resume_all(Http *h) {
  h->closing = true;
  for (Pending *p = h->pending; p; p = p->next)
    if (p->state == PENDING_ASKED || p->state == PENDING_TAKEN) h->lib.MHD_resume_connection(p->connection);
  (void)h->lib.MHD_run(h->daemon);
}

void http_close(Http *h) {
  if (!h) return;
  loop_soon_cancel(h->loop, &h->soon);
  loop_fd_free(h->fd);
  loop_timer_free(h->timer);
  if (h->daemon) {
    resume_all(h);
    h->lib.MHD_stop_daemon(h->daemon); /* closes the socket */
  }
  if (h->lib.handle) dlclose(h->lib.handle);
  mem_free(h);
}
