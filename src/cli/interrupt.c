#include "cli/interrupt.h"

#include <errno.h>

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
