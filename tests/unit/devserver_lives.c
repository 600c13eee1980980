/* A private server from its first start to its last stop, with the accidents between. */
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "devserver/devserver.h"

static Err err;
static char base[64]; /* a fresh directory for all tests */

static void run(const char *format, const char *path) {
  char command[4600];
  snprintf(command, sizeof command, format, path);
  if (system(command)) fprintf(stderr, "failed: %s\n", command);
}

static void project(const char *name, char out[4400]) {
  snprintf(out, 4400, "%s/%s", base, name);
  run("mkdir -p '%s'", out);
}

static bool ensure(const char *root, DevServer *s) {
  bool good = devserver_ensure(root, &(DevOptions){0}, s, &err);
  if (!good) fprintf(stderr, "ensure %s: %s\n", root, err.message);
  return good;
}

static bool killed(const DevServer *s) { return s->pid > 1 && kill(s->pid, SIGKILL) == 0; }

static bool stop(const char *root) {
  DevServer s;
  bool good = devserver_stop(root, &s, &err);
  if (!good) fprintf(stderr, "stop: %s\n", err.message);
  return good;
}

/* With the program that people would use, and the URL that they would give it. */
static bool answers(const DevServer *s) {
  char psql[512], command[1400];
  if (!devserver_psql(s, psql, &err)) return false;
  char url[512];
  snprintf(url, sizeof url, "%s", s->url);
  char *name = strstr(url, "/dev?");
  if (!name) return false; /* the database dev is for others to make: ask postgres */
  snprintf(command, sizeof command, "test \"$(%s '%.*s/postgres%s' -Atqc 'select 41 + 1')\" = 42", psql,
           (int)(name - url), url, name + 4);
  return system(command) == 0;
}

static mode_t mode_of(const char *root, const char *name) {
  char path[4500];
  struct stat st;
  snprintf(path, sizeof path, "%s/%s", root, name);
  return stat(path, &st) ? 0 : st.st_mode & 0777;
}

static void made_reused_stopped_started(void) {
  char root[4400];
  DevServer s;
  project("shop", root);
  CHECK(devserver_status(root, &s, &err) && s.state == DEV_STOPPED && s.version == 0 && s.pid == 0);
  CHECK(ensure(root, &s) && s.state == DEV_CREATED && s.pid > 1 && s.version >= 12 && !s.durable);
  CHECK(answers(&s));
  CHECK(mode_of(root, ".lorm/pg") == 0700 && mode_of(root, ".lorm/pg/data/.s.PGSQL.5432") == 0700);
  int pid = s.pid;
  CHECK(ensure(root, &s) && s.state == DEV_RUNNING && s.pid == pid && s.milliseconds < 500);
  CHECK(devserver_status(root, &s, &err) && s.state == DEV_RUNNING && s.pid == pid);
  CHECK(devserver_stop(root, &s, &err) && s.state == DEV_RUNNING);
  CHECK(devserver_stop(root, &s, &err) && s.state == DEV_STOPPED);
  char cwd[64], where[16];
  snprintf(cwd, sizeof cwd, "/proc/%d/cwd", pid);
  CHECK(readlink(cwd, where, sizeof where) == -1); /* gone, if perhaps not buried */
  CHECK(devserver_status(root, &s, &err) && s.state == DEV_STOPPED && s.version >= 12 && s.url[0]);
  CHECK(ensure(root, &s) && s.state == DEV_STARTED && answers(&s));
  CHECK(stop(root));
}

static void durable_when_asked(void) {
  char root[4400];
  DevServer s;
  project("safe", root);
  CHECK(ensure(root, &s) && !s.durable);
  CHECK(devserver_ensure(root, &(DevOptions){.durable = true}, &s, &err) && s.durable &&
        s.state == DEV_STARTED);
  CHECK(ensure(root, &s) && s.durable && s.state == DEV_RUNNING); /* better than asked for is fine */
  CHECK(stop(root));
}

/* A session that computes, and so does not notice soon that its postmaster is dead. */
static void keep_busy(const DevServer *s) {
  char psql[512], command[1400];
  if (!devserver_psql(s, psql, &err)) return;
  snprintf(command, sizeof command,
           "PGDATABASE=postgres %s -h '%s' -U lorm -c 'select count(*) from generate_series(1, 1000000000)' "
           "2>/dev/null >/dev/null & sleep 0.3",
           psql, s->socket_dir);
  if (system(command)) fprintf(stderr, "failed: %s\n", command);
}

static void comes_back_after_a_kill(void) {
  char root[4400];
  DevServer s;
  project("killed", root);
  CHECK(ensure(root, &s));
  for (int i = 0; i < 3; i++) {
    int pid = s.pid;
    if (i == 2) keep_busy(&s);
    CHECK(killed(&s));
    CHECK(ensure(root, &s) && s.state == DEV_STARTED && s.pid != pid && answers(&s));
    fprintf(stderr, "back after kill -9 in %.0f ms\n", s.milliseconds);
  }
  CHECK(stop(root));
}

/* A dead server's lock files, whose pid another process of the same user has by now. */
static void recycled_pid(void) {
  char root[4400], path[4500], text[4096] = "";
  DevServer s;
  project("recycled", root);
  CHECK(ensure(root, &s) && killed(&s));
  pid_t other = fork();
  if (other == 0) {
    struct stat st;
    snprintf(path, sizeof path, "%s/.lorm/pg", root);
    if (geteuid() == 0 && stat(path, &st) == 0 && setuid(st.st_uid)) _exit(1);
    for (;;) pause();
  }
  static const char *const names[] = {"postmaster.pid", ".s.PGSQL.5432.lock"};
  for (size_t i = 0; i < COUNT(names); i++) {
    snprintf(path, sizeof path, "%s/.lorm/pg/data/%s", root, names[i]);
    FILE *f = fopen(path, "r+");
    CHECK(f != NULL);
    if (!f) continue;
    size_t n = fread(text, 1, sizeof text - 1, f);
    text[n] = 0;
    rewind(f);
    CHECK(ftruncate(fileno(f), 0) == 0);
    fprintf(f, "%d%s", (int)other, strchr(text, '\n'));
    fclose(f);
  }
  CHECK(ensure(root, &s) && s.state == DEV_STARTED && answers(&s));
  CHECK(kill(other, 0) == 0); /* it was left alone */
  kill(other, SIGKILL);
  waitpid(other, NULL, 0);
  CHECK(stop(root));
}

static void ten_at_once(void) {
  char root[4400];
  DevServer s;
  pid_t children[10];
  int made = 0, reused = 0;
  project("race", root);
  for (size_t i = 0; i < COUNT(children); i++) {
    children[i] = fork();
    if (children[i] == 0) _exit(!ensure(root, &s) || !answers(&s) ? 9 : (int)s.state);
  }
  for (size_t i = 0; i < COUNT(children); i++) {
    int status = 0;
    waitpid(children[i], &status, 0);
    made += WIFEXITED(status) && WEXITSTATUS(status) == DEV_CREATED;
    reused += WIFEXITED(status) && WEXITSTATUS(status) == DEV_RUNNING;
  }
  CHECK(made == 1 && reused == 9);
  CHECK(stop(root));
}

static void long_and_odd_paths(void) {
  char root[4400], name[400], psql[512];
  DevServer s;
  int n = snprintf(name, sizeof name, "with space, comma & 100%% \xC3\xBC/");
  memset(name + n, 'x', 200);
  name[n + 200] = 0;
  project(name, root);
  CHECK(ensure(root, &s) && answers(&s) && devserver_psql(&s, psql, &err));
  CHECK(strlen(s.socket_dir) < 60);
  int pid = s.pid;
  CHECK(ensure(root, &s) && s.pid == pid && stop(root));
}

static void half_made_data_is_made_anew(void) {
  char root[4400];
  DevServer s;
  project("half", root);
  run("mkdir -p '%s/.lorm/pg/data.new/base'", root);
  if (geteuid() == 0) run("chown -R postgres '%s/.lorm/pg'", root);
  run("chmod 700 '%s/.lorm/pg'", root);
  CHECK(ensure(root, &s) && s.state == DEV_CREATED && answers(&s));
  CHECK(stop(root));
}

static void tells_why_not(void) {
  char root[4400], file[4500];
  DevServer s;
  CHECK(!devserver_ensure("/nonexistent/project", &(DevOptions){0}, &s, &err) &&
        strstr(err.message, "/nonexistent"));
  project("broken", root);
  CHECK(!devserver_ensure(root, &(DevOptions){.bin_dir = "/nonexistent"}, &s, &err));
  CHECK(err.code == ERR_P1001 && strstr(err.message, "/nonexistent"));
  CHECK(ensure(root, &s) && stop(root));
  snprintf(file, sizeof file, "%s/.lorm/pg/data/postgresql.conf", root);
  FILE *f = fopen(file, "a");
  CHECK(f && fprintf(f, "nonsense_setting = 1\n") > 0 && fclose(f) == 0);
  CHECK(!devserver_ensure(root, &(DevOptions){0}, &s, &err) && err.code == ERR_P1001);
  CHECK(strstr(err.message, "nonsense_setting")); /* the log's end is shown */
  snprintf(file, sizeof file, "%s/.lorm/pg/data/PG_VERSION", root);
  f = fopen(file, "w");
  CHECK(f && fprintf(f, "9\n") > 0 && fclose(f) == 0);
  CHECK(!devserver_ensure(root, &(DevOptions){0}, &s, &err) &&
        strstr(err.message, "apt-get install postgresql-9"));
}

/* As somebody else than root, if we are root: in a project of that user's, and in one that root owns. */
static void for_other_users(void) {
  char root[4400];
  DevServer s;
  struct stat st;
  struct passwd *user = getpwnam("daemon");
  if (geteuid() != 0 || !user) return;
  project("theirs", root);
  CHECK(chown(root, user->pw_uid, user->pw_gid) == 0);
  CHECK(ensure(root, &s) && answers(&s) && stat(s.data_dir, &st) == 0 && st.st_uid == user->pw_uid);
  snprintf(root, sizeof root, "%s/theirs/.lorm", base);
  CHECK(stat(root, &st) == 0 && st.st_uid == user->pw_uid);
  snprintf(root, sizeof root, "%s/theirs", base);
  int pid = s.pid, status = 1;
  pid_t child = fork();
  if (child == 0) {
    if (setgid(user->pw_gid) || setuid(user->pw_uid)) _exit(8);
    _exit(!(ensure(root, &s) && s.pid == pid && answers(&s) && stop(root)));
  }
  CHECK(waitpid(child, &status, 0) == child && status == 0);
  project("roots", root);
  CHECK(ensure(root, &s) && stat(s.data_dir, &st) == 0 && st.st_uid != 0);
  child = fork();
  if (child == 0) {
    if (setgid(user->pw_gid) || setuid(user->pw_uid)) _exit(8);
    _exit(devserver_ensure(root, &(DevOptions){0}, &s, &err) ? 7 : 0);
  }
  CHECK(waitpid(child, &status, 0) == child && status == 0);
  CHECK(!answers(&(DevServer){.url = "postgresql://lorm@localhost/dev?host=/nonexistent"}));
  CHECK(stop(root));
}

/* Under a directory that only root may enter. */
static void in_roots_own_home(void) {
  char root[4400];
  DevServer s;
  if (geteuid() != 0) return;
  project("closed/inner", root);
  run("chmod 700 '%s/..'", root);
  CHECK(ensure(root, &s) && s.state == DEV_CREATED && answers(&s));
  CHECK(killed(&s) && ensure(root, &s) && answers(&s) && stop(root));
}

static void a_place_for_all(void) {
  snprintf(base, sizeof base, "/tmp/lorm-dev-XXXXXX");
  CHECK(mkdtemp(base) && chmod(base, 0755) == 0);
}

static void gone_again(void) { run("rm -rf '%s'", base); }

TESTS(a_place_for_all, made_reused_stopped_started, durable_when_asked, comes_back_after_a_kill, recycled_pid,
      ten_at_once, long_and_odd_paths, half_made_data_is_made_anew, tells_why_not, for_other_users,
      in_roots_own_home, gone_again)
