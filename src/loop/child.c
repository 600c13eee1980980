#include "loop/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

enum {
  LONGEST_WORDS = 1200 /* bytes of what it says that are kept: the last ones */
};

typedef struct Words {
  char text[LONGEST_WORDS + 1];
  uint32_t n;
} Words;

/* n: less than there is room for. */
static void add_words(Words *w, const char *p, uint32_t n) {
  uint32_t over = w->n + n > LONGEST_WORDS ? w->n + n - LONGEST_WORDS : 0;
  memmove(w->text, w->text + over, w->n - over);
  w->n -= over;
  memcpy(w->text + w->n, p, n);
  w->n += n;
}

/* Until it has closed its standard error. */
static void listen_to(int fd, Words *w) {
  char piece[512];
  for (;;) {
    ssize_t n = read(fd, piece, sizeof piece);
    if (n > 0) add_words(w, piece, (uint32_t)n);
    if (n == 0 || (n < 0 && errno != EINTR)) return;
  }
}

/* The environment with one more variable, which replaces an older one. */
static char **environment(const ChildRun *run, char *own) {
  size_t n = 0, k = 0, length = run->name ? strlen(run->name) : 0;
  while (environ[n]) n++;
  char **all = mem_alloc((n + 2) * sizeof *all);
  if (!all) return NULL;
  for (size_t i = 0; i < n; i++)
    if (!run->name || strncmp(environ[i], run->name, length) != 0 || environ[i][length] != '=')
      all[k++] = environ[i];
  if (run->name) all[k++] = own;
  all[k] = NULL;
  return all;
}

static int spawn(const ChildRun *run, char **env, int words, pid_t *pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none;
  int error = posix_spawn_file_actions_init(&actions);
  if (error) return error;
  posix_spawnattr_init(&attributes);
  sigemptyset(&none); /* it is to hear Ctrl-C, whatever this thread holds back */
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (!error && run->out >= 0) error = posix_spawn_file_actions_adddup2(&actions, run->out, STDOUT_FILENO);
  if (!error && run->out < 0)
    error = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  if (!error) error = posix_spawn_file_actions_adddup2(&actions, words, STDERR_FILENO);
  if (!error)
    error = posix_spawnp(pid, run->argv[0], &actions, &attributes, (char *const *)(uintptr_t)run->argv, env);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return error;
}

static bool ended_well(const ChildRun *run, pid_t pid, Words *w, Err *e) {
  int status;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return err_io(e, "Lost sight of", run->argv[0]);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
  while (w->n && w->text[w->n - 1] == '\n') w->n--;
  w->text[w->n] = 0;
  if (w->n) return err_set(e, ERR_IO, "%s", w->text);
  return err_set(e, ERR_IO, "%s failed (status %d)", run->argv[0],
                 WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static bool start(const ChildRun *run, char *own, int words[2], Err *e) {
  Words w = {.n = 0};
  pid_t pid;
  char **env = environment(run, own);
  if (!env) return err_oom(e);
  int error = spawn(run, env, words[1], &pid);
  mem_free(env);
  close(words[1]);
  words[1] = -1;
  errno = error;
  if (error) err_io(e, "Cannot run", run->argv[0]);
  if (error == ENOENT) err_text(e->hint, sizeof e->hint, SLICE("it is not installed, or not in PATH"));
  if (error) return false;
  listen_to(words[0], &w);
  return ended_well(run, pid, &w, e);
}

bool child_run(const ChildRun *run, Err *e) {
  int words[2];
  char *own = NULL;
  size_t size = run->name ? strlen(run->name) + strlen(run->value) + 2 : 0;
  if (run->name && !(own = mem_alloc(size))) return err_oom(e);
  if (own) snprintf(own, size, "%s=%s", run->name, run->value);
  bool good = pipe2(words, O_CLOEXEC) == 0;
  if (!good) err_io(e, "Cannot run", run->argv[0]);
  if (good) {
    good = start(run, own, words, e);
    close(words[0]);
    if (words[1] >= 0) close(words[1]);
  }
  mem_free(own);
  return good;
}
