/* A throw-away PostgreSQL server for a test program: initdb and postgres under a temporary directory, Unix
 * socket only, gone with the program. LORM_TEST_URL in the environment is used instead when it is set, by
 * tests that do not need to break the server.
 *   Server s = server_start(); ... server_url(&s) ... server_stop(&s);                                  */
#ifndef TESTS_UNIT_SERVER_H
#define TESTS_UNIT_SERVER_H

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SERVER_BIN "/usr/lib/postgresql/15/bin/"

typedef struct Server {
  char dir[64];
  char url[256];
  pid_t pid; /* 0: not ours */
} Server;

/* PostgreSQL refuses to run as root. */
static inline void server_drop_root(void) {
  struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;
  if (user && (setgroups(0, NULL) || setgid(user->pw_gid) || setuid(user->pw_uid))) _exit(126);
}

static inline pid_t server_spawn(const char *const *argv) {
  pid_t pid = fork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGQUIT); /* a test that dies takes its server along */
  server_drop_root();
  prctl(PR_SET_PDEATHSIG, SIGQUIT); /* dropping root cleared it */
  int null = open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 3; fd++) dup2(null, fd);
  if (chdir("/")) _exit(125);
  execv(argv[0], (char *const *)(uintptr_t)argv);
  _exit(127);
}

static inline void server_fail(const char *what) {
  fprintf(stderr, "test server: %s failed\n", what);
  exit(1);
}

static inline void server_wait_ready(Server *s) {
  char path[96], line[128];
  snprintf(path, sizeof path, "%s/data/postmaster.pid", s->dir);
  for (int i = 0; i < 2000; i++) {
    FILE *f = fopen(path, "r");
    int n = 0;
    bool ready = false;
    while (f && fgets(line, sizeof line, f)) ready = ++n == 8 && strncmp(line, "ready", 5) == 0;
    if (f) fclose(f);
    if (ready) return;
    if (waitpid(s->pid, NULL, WNOHANG) == s->pid) break;
    usleep(5000);
  }
  server_fail("start");
}

static inline void server_run(Server *s) {
  char data[96], sockets[128];
  snprintf(data, sizeof data, "%s/data", s->dir);
  snprintf(sockets, sizeof sockets, "unix_socket_directories=%s", s->dir);
  const char *argv[] = {SERVER_BIN "postgres",
                        "-D",
                        data,
                        "-c",
                        sockets,
                        "-c",
                        "listen_addresses=",
                        "-c",
                        "fsync=off",
                        "-c",
                        "full_page_writes=off",
                        "-c",
                        "max_connections=60",
                        "-c",
                        "shared_buffers=16MB",
                        NULL};
  s->pid = server_spawn(argv);
  server_wait_ready(s);
}

static inline Server server_private(void) {
  Server s = {.dir = "/tmp/lorm-test-XXXXXX"};
  if (!mkdtemp(s.dir)) server_fail("mkdtemp");
  struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;
  if (user && chown(s.dir, user->pw_uid, user->pw_gid)) server_fail("chown");
  char data[96];
  int status = 0;
  snprintf(data, sizeof data, "%s/data", s.dir);
  const char *argv[] = {SERVER_BIN "initdb",
                        "-D",
                        data,
                        "-U",
                        "lorm",
                        "-A",
                        "trust",
                        "-E",
                        "UTF8",
                        "--locale=C.UTF-8",
                        "--no-sync",
                        "--no-instructions",
                        NULL};
  if (waitpid(server_spawn(argv), &status, 0) < 0 || status) server_fail("initdb");
  server_run(&s);
  snprintf(s.url, sizeof s.url, "postgresql://lorm@localhost/postgres?host=%s", s.dir);
  return s;
}

static inline Server server_start(void) {
  const char *given = getenv("LORM_TEST_URL");
  if (!given || !*given) return server_private();
  Server s = {.pid = 0};
  snprintf(s.url, sizeof s.url, "%s", given);
  return s;
}

static inline Slice server_url(const Server *s) { return slice_of(s->url); }

static inline void server_kill(Server *s, int signal) {
  if (!s->pid) return;
  kill(s->pid, signal);
  waitpid(s->pid, NULL, 0);
  s->pid = 0;
}

static inline void server_stop(Server *s) {
  if (!s->pid) return;
  server_kill(s, SIGQUIT);
  pid_t pid = fork();
  if (pid == 0) {
    execl("/bin/rm", "rm", "-rf", s->dir, (char *)NULL);
    _exit(127);
  }
  waitpid(pid, NULL, 0);
}

#endif
