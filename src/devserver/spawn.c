/* Children. Between fork and exec nothing is called that a threaded process may not call there. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "devserver/private.h"

enum {
  PG_FD = 3, /* DEV_IN_PG counts on it */
  REPORT_FD = 4,
  FREE_FDS = 10 /* above the ones that a child puts in place */
};

typedef struct Environment {
  char path[64], locale[24], zone[16], home[520], launcher[48];
  char *all[6];
} Environment;

/* Little, so that the server does not depend on who happened to start it. A lock file that names our pid,
 * PostgreSQL's "grandparent", is nobody's. */
static void environment(const DevPlace *p, Environment *x) {
  *x = (Environment){
      .path = "PATH=/usr/local/bin:/usr/bin:/bin", .locale = "LC_ALL=C.UTF-8", .zone = "TZ=UTC"};
  snprintf(x->home, sizeof x->home, "HOME=%s", p->user.home);
  snprintf(x->launcher, sizeof x->launcher, "PG_GRANDPARENT_PID=%d", (int)getpid());
  char *all[] = {x->path, x->locale, x->zone, x->home, x->launcher, NULL};
  memcpy(x->all, all, sizeof all);
}

/* For good: a way back would be a way back for the server's users. */
static bool drop_root(const DevUser *u) {
  if (!u->drop) return true;
  return setgroups((size_t)u->n_groups, u->groups) == 0 && setgid(u->gid) == 0 && setuid(u->uid) == 0 &&
         setuid(0) != 0;
}

static void default_signals(void) {
  sigset_t none;
  sigemptyset(&none);
  for (int s = 1; s < 32; s++) signal(s, SIG_DFL);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Descriptors: 0 from nowhere, 1 and 2 to the log, PG_FD, REPORT_FD until exec; no others. */
static bool place_fds(int pg, int report) {
  pg = fcntl(pg, F_DUPFD, FREE_FDS);
  report = fcntl(report, F_DUPFD, FREE_FDS);
  int log = openat(pg, "log", O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0600);
  int null = open("/dev/null", O_RDONLY);
  if (pg < 0 || report < 0 || log < 0 || null < 0) return false;
  log = fcntl(log, F_DUPFD, FREE_FDS);
  if (dup2(null, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0 || dup2(pg, PG_FD) < 0 ||
      dup2(report, REPORT_FD) < 0)
    return false;
  return fcntl(REPORT_FD, F_SETFD, FD_CLOEXEC) == 0 && close_range(REPORT_FD + 1, ~0u, 0) == 0;
}

typedef struct Report { /* what a child says of itself */
  pid_t pid;
  int error;
} Report;

static void tell(int fd, int error) {
  Report r = {getpid(), error};
  (void)!write(fd, &r, sizeof r);
}

/* Does not return. */
static void become(const DevPlace *p, const char *const argv[], char **env, int report) {
  default_signals();
  umask(077);
  if (!drop_root(&p->user) || chdir("/") || !place_fds(p->pg, report)) {
    tell(report, errno ? errno : EPERM);
    _exit(126);
  }
  tell(REPORT_FD, 0);
  execve(argv[0], (char *const *)(uintptr_t)argv, env);
  tell(REPORT_FD, errno);
  _exit(127);
}

static int wait_for(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return 0; /* somebody ignores SIGCHLD: what was to be made will show */
  return status;
}

/* The last that came through the pipe before everybody closed it. */
static Report listen_to(int fd) {
  Report r = {0, ECHILD}, next;
  while (read(fd, &next, sizeof next) == sizeof next) r = next;
  close(fd);
  return r;
}

static bool spawn_failed(const char *program, int error, Err *e) {
  errno = error;
  return err_io(e, "A program could not be started:", program);
}

bool dev_spawn_run(const DevPlace *p, const char *const argv[], Err *e) {
  Environment env;
  int report[2];
  environment(p, &env);
  if (pipe2(report, O_CLOEXEC)) return spawn_failed(argv[0], errno, e);
  pid_t parent = getpid(), pid = fork();
  if (pid == 0) {
    if (!drop_root(&p->user)) _exit(126);
    DevPlace same = *p;
    same.user.drop = false;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* what it makes is half a thing without us */
    if (getppid() != parent) _exit(125);
    become(&same, argv, env.all, report[1]);
  }
  int error = errno;
  close(report[1]);
  if (pid < 0) {
    close(report[0]);
    return spawn_failed(argv[0], error, e);
  }
  Report r = listen_to(report[0]);
  int status = wait_for(pid);
  if (r.error) return spawn_failed(argv[0], r.error, e);
  return status == 0 || err_set(e, ERR_P1001, "%s failed.", argv[0]);
}

/* Forks twice, so that the server is nobody's child here. */
bool dev_spawn_server(const DevPlace *p, const char *const argv[], pid_t *pid, Err *e) {
  Environment env;
  int report[2];
  environment(p, &env);
  if (pipe2(report, O_CLOEXEC)) return spawn_failed(argv[0], errno, e);
  pid_t child = fork();
  if (child == 0) {
    if (fork() != 0) _exit(0);
    setsid();
    become(p, argv, env.all, report[1]);
  }
  int error = errno;
  close(report[1]);
  if (child < 0) {
    close(report[0]);
    return spawn_failed(argv[0], error, e);
  }
  wait_for(child);
  Report r = listen_to(report[0]);
  *pid = r.pid;
  return r.error == 0 || spawn_failed(argv[0], r.error, e);
}
