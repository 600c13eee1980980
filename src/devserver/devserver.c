#include "devserver/devserver.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "devserver/private.h"

enum {
  POLL_MS = 2,
  START_MS = 120000,   /* a server that recovers from a crash may take its time, as long as it lives */
  HANDOVER_MS = 15000, /* the last sessions of a killed server */
  BUSY_MS = 20000,     /* one that lives but does not answer */
  STOP_MS = 15000,
  LOG_MAX = 4 << 20 /* bytes, then a new one begins */
};

static int64_t now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

static void pause_ms(int ms) {
  struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
  nanosleep(&t, NULL);
}

/* ---- what the caller gets ---- */

static void write_url(char *out, size_t size, const char *socket_dir) {
  static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  size_t n = (size_t)snprintf(out, size, "postgresql://lorm@localhost:" DEV_PORT_TEXT "/dev?host=");
  for (const char *c = socket_dir; *c && n + 4 < size; c++)
    n += (size_t)snprintf(out + n, size - n, strchr(plain, *c) ? "%c" : "%%%02X", (unsigned char)*c);
}

/* Everything that does not change while the server runs. */
static bool describe(const DevPlace *p, DevServer *out, Err *e) {
  char link[64];
  if (p->data < 0) return true;
  snprintf(link, sizeof link, "/proc/self/fd/%d", p->data);
  ssize_t n = readlink(link, out->data_dir, sizeof out->data_dir - 1);
  if (n < 0 || n > 4000) return err_set(e, ERR_IO, "The path of the project is too long.");
  out->data_dir[n] = 0;
  snprintf(out->log, sizeof out->log, "%.*s/log", (int)n - 5, out->data_dir);
  if (!dev_place_socket_dir(p, out->data_dir, out->socket_dir, e)) return false;
  write_url(out->url, sizeof out->url, out->socket_dir);
  out->version = dev_place_version(p);
  return true;
}

static bool describe_running(const DevPlace *p, int pid, DevServer *out, Err *e) {
  Err none;
  int version;
  out->pid = pid;
  out->durable = dev_postmaster_durable(p);
  if (!dev_binary_find(NULL, dev_place_version(p), out->bin_dir, &version, &none)) out->bin_dir[0] = 0;
  return describe(p, out, e);
}

/* ---- starting ---- */

static int64_t log_size(const DevPlace *p) {
  struct stat st;
  return fstatat(p->pg, "log", &st, AT_SYMLINK_NOFOLLOW) ? 0 : st.st_size;
}

/* What the programs said since `from`, at the end of an error that is there. */
static bool with_log(const DevPlace *p, int64_t from, Err *e) {
  char text[1000], head[300];
  int64_t size = log_size(p), start = size - (int64_t)sizeof text + 1;
  int fd = openat(p->pg, "log", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  ssize_t n = fd < 0 ? 0 : pread(fd, text, sizeof text - 1, start > from ? start : from);
  if (fd >= 0) close(fd);
  while (n > 0 && text[n - 1] == '\n') n--;
  if (n <= 0) return false;
  text[n] = 0;
  snprintf(head, sizeof head, "%s", e->message);
  return err_set(e, e->code, "%s Its log, .lorm/pg/log, ends with:\n%s", head, text);
}

static bool spawn(const DevPlace *p, const char *bin_dir, bool durable, pid_t *pid, Err *e) {
  char program[280];
  snprintf(program, sizeof program, "%s/postgres", bin_dir);
  const char *argv[40] = {program, "-D", DEV_IN_PG("data")};
  static const char *const always[] = {"listen_addresses=",
                                       "port=" DEV_PORT_TEXT,
                                       "unix_socket_directories=.",
                                       "unix_socket_permissions=0700",
                                       "shared_buffers=64MB",
                                       "max_connections=200",
                                       "jit=off",
                                       "huge_pages=off",
                                       "logging_collector=off",
                                       "log_checkpoints=off"};
  static const char *const fast[] = {"fsync=off", "synchronous_commit=off", "full_page_writes=off",
                                     "wal_level=minimal", "max_wal_senders=0"};
  size_t n = 3;
  for (size_t i = 0; i < COUNT(always); i++) argv[n++] = "-c", argv[n++] = always[i];
  for (size_t i = 0; i < COUNT(fast) && !durable; i++) argv[n++] = "-c", argv[n++] = fast[i];
  return dev_spawn_server(p, argv, pid, e);
}

/* Until it answers; false when it ended or never did. */
static bool wait_ready(const DevPlace *p, pid_t pid, int64_t ms) {
  for (int64_t end = now_ms() + ms; now_ms() < end; pause_ms(POLL_MS)) {
    DevPostmaster m = dev_postmaster(p);
    if (m.pid == pid && m.ready && m.alive && dev_postmaster_answers(p)) return true;
    if (!dev_process_alive(pid)) return false;
  }
  return false;
}

/* After a kill the last sessions hold on to the data for a moment; PostgreSQL then refuses to start. */
static bool start(const DevPlace *p, const char *bin_dir, bool durable, pid_t *pid, Err *e) {
  bool stale = dev_postmaster(p).pid != 0;
  int64_t from = log_size(p), end = now_ms() + (stale ? HANDOVER_MS : 0);
  do {
    if (stale) dev_postmaster_disown(p);
    if (!spawn(p, bin_dir, durable, pid, e)) return false;
    if (wait_ready(p, *pid, START_MS)) return true;
    pause_ms(10 * POLL_MS);
  } while (now_ms() < end);
  err_set(e, ERR_P1001, "The development server does not start.");
  return with_log(p, from, e);
}

static void shorten_log(const DevPlace *p) {
  if (log_size(p) > LOG_MAX) unlinkat(p->pg, "log", 0);
}

static bool create(DevPlace *p, const char *bin_dir, bool durable, Err *e) {
  int64_t from = log_size(p);
  if (dev_create(p, bin_dir, durable, e)) return true;
  return e->code == ERR_P1001 ? with_log(p, from, e) : false;
}

static bool end_server(int pid, Err *e) {
  static const int signals[] = {SIGINT, SIGQUIT}; /* sessions end; at once, with recovery at the next start */
  for (size_t i = 0; i < COUNT(signals); i++) {
    if (kill(pid, signals[i]))
      return err_set(e, ERR_IO, "The development server (pid %d) belongs to another user.", pid);
    for (int64_t end = now_ms() + STOP_MS; now_ms() < end; pause_ms(POLL_MS))
      if (!dev_process_alive(pid)) return true;
  }
  return err_set(e, ERR_TIMEOUT, "The development server (pid %d) does not stop.", pid);
}

/* Is the server there, as wanted? */
static bool is_running(const DevPlace *p, const DevOptions *o, int *pid) {
  DevPostmaster m = dev_postmaster(p);
  *pid = m.pid;
  return m.alive && m.ready && (!o->durable || dev_postmaster_durable(p)) && dev_postmaster_answers(p);
}

/* Under the lock. */
static bool start_or_create(DevPlace *p, const DevOptions *o, DevServer *out, int *pid, Err *e) {
  int version;
  DevPostmaster m = dev_postmaster(p);
  if (m.alive && (!o->durable || dev_postmaster_durable(p)) && wait_ready(p, m.pid, BUSY_MS)) {
    *pid = m.pid;
    return true;
  }
  if (m.alive && !end_server(m.pid, e)) return false;
  bool there = dev_place_version(p) != 0;
  if (!dev_binary_find(o->bin_dir, dev_place_version(p), out->bin_dir, &version, e)) return false;
  shorten_log(p);
  if (!there && !create(p, out->bin_dir, o->durable, e)) return false;
  out->state = there ? DEV_STARTED : DEV_CREATED;
  pid_t postmaster;
  bool started = start(p, out->bin_dir, o->durable, &postmaster, e);
  *pid = postmaster;
  return started;
}

static bool ensure(DevPlace *p, const DevOptions *o, DevServer *out, Err *e) {
  int pid;
  out->state = DEV_RUNNING;
  if (is_running(p, o, &pid)) return describe_running(p, pid, out, e);
  if (!dev_place_lock(p, e)) return false;
  dev_place_find_data(p);
  if (!is_running(p, o, &pid) && !start_or_create(p, o, out, &pid, e)) return false;
  return describe_running(p, pid, out, e);
}

static bool stop(DevPlace *p, DevServer *out, Err *e) {
  if (p->data < 0) return true;
  if (!dev_place_lock(p, e)) return false;
  dev_place_find_data(p);
  DevPostmaster m = dev_postmaster(p);
  if (m.alive) out->state = DEV_RUNNING;
  return (!m.alive || end_server(m.pid, e)) && describe(p, out, e);
}

static bool status(DevPlace *p, DevServer *out, Err *e) {
  DevPostmaster m = dev_postmaster(p);
  if (!m.alive) return describe(p, out, e);
  out->state = DEV_RUNNING;
  return describe_running(p, m.pid, out, e);
}

/* ---- entry ---- */

static void open_result(DevServer *out) {
  *out = (DevServer){.state = DEV_STOPPED, .milliseconds = (double)now_ms()};
}

static bool close_result(DevPlace *p, DevServer *out, bool good) {
  dev_place_close(p);
  out->milliseconds = (double)now_ms() - out->milliseconds;
  return good;
}

bool devserver_ensure(const char *root, const DevOptions *options, DevServer *out, Err *e) {
  DevPlace p;
  open_result(out);
  return close_result(&p, out, dev_place_open(root, true, &p, e) && ensure(&p, options, out, e));
}

bool devserver_stop(const char *root, DevServer *out, Err *e) {
  DevPlace p;
  open_result(out);
  return close_result(&p, out, dev_place_open(root, false, &p, e) && stop(&p, out, e));
}

bool devserver_status(const char *root, DevServer *out, Err *e) {
  DevPlace p;
  open_result(out);
  return close_result(&p, out, dev_place_open(root, false, &p, e) && status(&p, out, e));
}
