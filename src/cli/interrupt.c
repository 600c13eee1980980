#include "cli/interrupt.h"

#include <errno.h>

#include "loop/loop.h"

/* The one mutable global: a signal handler is given nothing else to find its way by. */
static Interrupt *volatile armed;

static bool is_function(const struct sigaction *a) {
  return !(a->sa_flags & SA_SIGINFO) && a->sa_handler != SIG_DFL && a->sa_handler != SIG_IGN;
}

static void on_signal(int number) {
  Interrupt *x = armed;
  int kept = errno;
  if (!x) return;
  if (!pthread_equal(pthread_self(), x->thread)) {
    pthread_kill(x->thread, number); /* only there may Lua be told */
  } else if (x->n++) {
    signal(number, SIG_DFL);
    raise(number); /* when this returns */
  } else {
    runtime_stop(x->rt);
    if (is_function(&x->before)) x->before.sa_handler(number);
  }
  errno = kept;
}

static void on_interrupt(void *rt) { runtime_interrupt(rt); }
static void free_signal(void *cell) { loop_signal_free(*(LoopSignal **)cell); }

bool interrupt_watch(Arena *a, Runtime *rt, Err *e) {
  LoopSignal **watched = ARENA_NEW(a, LoopSignal *);
  arena_defer(a, free_signal, watched);
  *watched = loop_signal_new(runtime_loop(rt), SIGINT, on_interrupt, rt, e);
  return *watched != NULL;
}

void interrupt_begin(Interrupt *x, Runtime *rt) {
  *x = (Interrupt){.rt = rt, .thread = pthread_self()};
  struct sigaction mine = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigemptyset(&mine.sa_mask);
  armed = x;
  sigaction(SIGINT, &mine, &x->before);
}

bool interrupt_end(Interrupt *x) {
  sigaction(SIGINT, &x->before, NULL);
  armed = NULL;
  return x->n > 0;
}
