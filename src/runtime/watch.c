#include "runtime/watch.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "base/mem.h"
#include "runtime/state.h"

enum {
  LOOKS = 8 /* at the clock, in the time that is too long for a task */
};

struct Watch {
  Runtime *rt;
  pthread_t thread, lua; /* the one that looks; the one that runs Lua */
  pthread_mutex_t mutex;
  pthread_cond_t change;
  bool stop;       /* under the mutex */
  bool seen;       /* of the Lua thread alone: `place` is of the run that goes on */
  int64_t told_of; /* of the looking thread alone: the run that it has told of */
  Borrow place;
};

/* ---- on the thread that runs Lua ---- */

static void on_hook(lua_State *L, lua_Debug *ar) {
  (void)ar;
  Runtime *rt = runtime_find(L);
  lua_sethook(L, NULL, 0, 0);
  if (!rt || !rt->watch || rt->watch->seen || L != rt->sched.innermost) return;
  borrow_note(L, &rt->watch->place);
  rt->watch->seen = rt->watch->place.n > 0;
}

/* The signal's value finds the watch, so that no global must. A hook that somebody has set stays. */
static void on_signal(int number, siginfo_t *info, void *context) {
  (void)number;
  (void)context;
  if (info->si_code != SI_QUEUE || info->si_pid != getpid() || !info->si_value.sival_ptr) return;
  const Watch *w = info->si_value.sival_ptr;
  lua_State *co = w->rt->sched.innermost;
  if (co && !lua_gethook(co))
    lua_sethook(co, on_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

/* ---- on the thread that looks ---- */

/* After half of the time, so that it is known when the time is over. */
static void look(Watch *w) {
  Sched *s = &w->rt->sched;
  int64_t begun = atomic_load_explicit(&s->begun, memory_order_relaxed);
  if (!begun || begun == w->told_of || loop_clock_us() - begun < s->blocked_us / 2) return;
  w->told_of = begun;
  (void)pthread_sigqueue(w->lua, SIGURG, (union sigval){.sival_ptr = w});
}

static void *watch_run(void *ctx) {
  Watch *w = ctx;
  int64_t every = w->rt->sched.blocked_us / LOOKS;
  pthread_mutex_lock(&w->mutex);
  while (!w->stop) {
    int64_t at = loop_clock_us() + every;
    struct timespec until = {.tv_sec = at / 1000000, .tv_nsec = at % 1000000 * 1000};
    if (pthread_cond_timedwait(&w->change, &w->mutex, &until) == ETIMEDOUT) look(w);
  }
  pthread_mutex_unlock(&w->mutex);
  return NULL;
}

/* ---- beginning and end ---- */

/* False: the signal has another use here. */
static bool signal_take(void) {
  struct sigaction before, mine = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART};
  sigemptyset(&mine.sa_mask);
  if (sigaction(SIGURG, NULL, &before) != 0) return false;
  bool ours = before.sa_flags & SA_SIGINFO && before.sa_sigaction == on_signal;
  bool free =
      !(before.sa_flags & SA_SIGINFO) && (before.sa_handler == SIG_DFL || before.sa_handler == SIG_IGN);
  return ours || (free && sigaction(SIGURG, &mine, NULL) == 0);
}

/* Signals of the process are for the thread that runs Lua. */
static bool thread_start(Watch *w) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool started = pthread_create(&w->thread, NULL, watch_run, w) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return started;
}

void watch_start(Runtime *rt) {
  if (rt->watch || rt->sched.blocked_us == INT64_MAX || !signal_take()) return;
  Watch *w = mem_zalloc(sizeof *w);
  if (!w) return;
  w->rt = rt;
  w->lua = pthread_self();
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_mutex_init(&w->mutex, NULL);
  pthread_cond_init(&w->change, &attributes);
  pthread_condattr_destroy(&attributes);
  rt->watch = w;
  if (thread_start(w)) return;
  rt->watch = NULL;
  mem_free(w);
}

/* A stock lua5.4 unloads the module when it closes its state: the handler must not stay. */
void watch_stop(Runtime *rt) {
  Watch *w = rt->watch;
  if (!w) return;
  pthread_mutex_lock(&w->mutex);
  w->stop = true;
  pthread_cond_signal(&w->change);
  pthread_mutex_unlock(&w->mutex);
  pthread_join(w->thread, NULL);
  signal(SIGURG, SIG_DFL);
  rt->watch = NULL;
  pthread_cond_destroy(&w->change);
  pthread_mutex_destroy(&w->mutex);
  mem_free(w);
}

Borrow watch_seen(Runtime *rt) {
  Watch *w = rt->watch;
  if (!w || !w->seen) return (Borrow){0};
  w->seen = false;
  return w->place;
}
