#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "devserver/private.h"

enum {
  STATUS_LINE = 8, /* of postmaster.pid: starting, ready, stopping */
  SHORT_FILE = 4096,
  PATIENCE_S = 2
};

/* The whole of a short file, NUL-terminated; its length, -1 when it is not there. */
static ssize_t read_file(int at, const char *name, char text[SHORT_FILE]) {
  int fd = at == -1 ? -1 : openat(at, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t n = read(fd, text, SHORT_FILE - 1);
  close(fd);
  text[n < 0 ? 0 : n] = 0;
  return n;
}

static const char *line_of(const char *text, int line) {
  while (text && --line > 0) {
    text = strchr(text, '\n');
    if (text) text++;
  }
  return text ? text : "";
}

/* Its working directory is the data directory, as every PostgreSQL's is: a zombie has none, and whoever got
 * a dead server's pid has another. */
static bool serves(int pid, int data) {
  char path[64];
  struct stat theirs, ours;
  snprintf(path, sizeof path, "/proc/%d/cwd", pid);
  return pid > 0 && stat(path, &theirs) == 0 && fstat(data, &ours) == 0 && theirs.st_dev == ours.st_dev &&
         theirs.st_ino == ours.st_ino;
}

DevPostmaster dev_postmaster(const DevPlace *p) {
  char text[SHORT_FILE];
  DevPostmaster m = {0};
  if (read_file(p->data, "postmaster.pid", text) <= 0) return m;
  m.pid = abs(atoi(text));
  m.ready = strncmp(line_of(text, STATUS_LINE), "ready", 5) == 0;
  m.alive = serves(m.pid, p->data);
  return m;
}

bool dev_postmaster_durable(const DevPlace *p) {
  char text[SHORT_FILE];
  return read_file(p->data, "postmaster.opts", text) > 0 && !strstr(text, "fsync=off");
}

bool dev_process_alive(int pid) {
  char path[64], text[SHORT_FILE];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  if (read_file(AT_FDCWD, path, text) <= 0) return false;
  const char *state = strrchr(text, ')'); /* "pid (name) S ..." */
  return state && state[1] && state[2] != 'Z' && state[2] != 'X';
}

/* Another pid in the first line. The file itself must stay: the rest of it is how PostgreSQL finds out
 * whether sessions of a dead server are still at work on the data. */
static void rename_owner(int data, const char *name) {
  char text[SHORT_FILE], fresh[SHORT_FILE + 16];
  ssize_t n = read_file(data, name, text);
  const char *rest = n > 0 ? strchr(text, '\n') : NULL;
  int fd = rest ? openat(data, name, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC) : -1;
  if (fd < 0) return;
  int length = snprintf(fresh, sizeof fresh, "%d%s", (int)getpid(), rest);
  (void)!write(fd, fresh, (size_t)length);
  close(fd);
}

/* Its sessions outlive a killed postmaster while they are busy, and would keep the next one from starting. */
static void end_orphans(int data) {
  DIR *proc = opendir("/proc");
  for (struct dirent *entry; proc && (entry = readdir(proc));) {
    char path[64], program[512];
    int pid = atoi(entry->d_name);
    if (!serves(pid, data)) continue;
    snprintf(path, sizeof path, "/proc/%d/exe", pid);
    ssize_t n = readlink(path, program, sizeof program - 1);
    program[n < 0 ? 0 : n] = 0;
    const char *name = strrchr(program, '/'); /* "postgres (deleted)" after an upgrade */
    if (name && strncmp(name, "/postgres", 9) == 0) kill(pid, SIGQUIT);
  }
  if (proc) closedir(proc);
}

void dev_postmaster_disown(const DevPlace *p) {
  end_orphans(p->data);
  rename_owner(p->data, "postmaster.pid");
  rename_owner(p->data, DEV_SOCKET ".lock");
}

/* ---- a real answer: the protocol's start, up to ReadyForQuery ---- */

static int connect_to(const DevPlace *p) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  struct timeval patience = {.tv_sec = PATIENCE_S};
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/" DEV_SOCKET, p->data);
  if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

static bool read_whole(int fd, void *to, size_t n) {
  for (char *at = to; n;) {
    ssize_t got = recv(fd, at, n, 0);
    if (got <= 0) return false;
    at += got;
    n -= (size_t)got;
  }
  return true;
}

/* One message: its type, the start of its body. 0 when none came. */
static char next_message(int fd, char start[256]) {
  unsigned char head[5];
  char body[256];
  if (!read_whole(fd, head, sizeof head)) return 0;
  size_t left = ((size_t)head[1] << 24 | (size_t)head[2] << 16 | (size_t)head[3] << 8 | head[4]) - 4;
  if (left > 65536) return 0;
  memset(start, 0, 256);
  for (bool first = true; left; first = false) {
    size_t n = left < sizeof body ? left : sizeof body;
    if (!read_whole(fd, body, n)) return 0;
    if (first) memcpy(start, body, n);
    left -= n;
  }
  return (char)head[0];
}

/* An error is an answer too ("too many clients"), unless it says: not now. */
static bool not_now(const char body[256]) {
  static const char state[] = "C57P03";
  return memmem(body, 256, state, sizeof state) != NULL;
}

bool dev_postmaster_answers(const DevPlace *p) {
  static const char hello[] = "\0\0\0\x25\0\3\0\0user\0lorm\0database\0postgres\0";
  static const char goodbye[] = {'X', 0, 0, 0, 4};
  char body[256], type = 0;
  int fd = p->data < 0 ? -1 : connect_to(p);
  if (fd < 0) return false;
  if (send(fd, hello, sizeof hello, MSG_NOSIGNAL) == sizeof hello) do {
      type = next_message(fd, body);
    } while (type && type != 'Z' && type != 'E');
  if (type == 'Z') (void)!send(fd, goodbye, sizeof goodbye, MSG_NOSIGNAL);
  close(fd);
  return type == 'Z' || (type == 'E' && !not_now(body));
}
