/* Deadlines of calls: `timeout` in the arguments. The server ends its statement by itself at the deadline
 * (statement_timeout, for this segment alone or until it is put back); exec.c looks after a server that says
 * nothing. */
#include <stdio.h>

#include "engine/engine_private.h"

enum {
  TEXT_OID = 25,
  EARLY_US = 5000 /* the server's clock and ours began to count at different times */
};

#define SQL(text, number) \
  { {text, sizeof(text) - 1}, number, false }
static const Statement set_alone =
    SQL("SELECT pg_catalog.set_config('statement_timeout', $1, true)", 0x6c6f726d00000011u);
static const Statement set_aside =
    SQL("SELECT pg_catalog.set_config('lorm.statement_timeout', "
        "pg_catalog.current_setting('statement_timeout'), true), "
        "pg_catalog.set_config('statement_timeout', $1, true)",
        0x6c6f726d00000012u);
static const Statement put_back =
    SQL("SELECT pg_catalog.set_config('statement_timeout', "
        "pg_catalog.current_setting('lorm.statement_timeout'), true)",
        0x6c6f726d00000013u);
#undef SQL

bool timeout_set(Segment *s, const Request *r, bool alone, Err *e) {
  char text[24];
  int64_t left = (r->deadline - loop_clock_us()) / 1000;
  int n = snprintf(text, sizeof text, "%lld", (long long)(left > 1 ? left : 1));
  Cell cell = {.p = text, .n = (uint32_t)n, .oid = TEXT_OID, .text = true};
  return segment_send(s, alone ? &set_alone : &set_aside, &cell, 1, e);
}

bool timeout_restore(Segment *s, Err *e) { return segment_send(s, &put_back, NULL, 0, e); }

bool timeout_was_it(const Request *r, const Err *e) {
  return r->timeout_ms && e->code == ERR_TIMEOUT && loop_clock_us() + EARLY_US >= r->deadline;
}

/* The milliseconds; false: not a number of them. */
static bool read_ms(const Arg *a, int *out) {
  double ms = a->kind == ARG_INT ? (double)a->u.i : a->kind == ARG_FLOAT ? a->u.f : -1;
  if (!(ms >= 0 && ms <= INT32_MAX)) return false;
  *out = ms > 0 && ms < 1 ? 1 : (int)ms;
  return true;
}

/* It is no part of the plan, so it is taken out before that is looked up. */
bool timeout_take(Request *r, Err *e) {
  Arg *args = r->args;
  uint32_t i = 0, n = args->kind == ARG_MAP ? args->n : 0;
  while (i < n && !slice_is(args->u.pairs[i].key, "timeout")) i++;
  if (i == n) return true;
  if (!read_ms(&args->u.pairs[i].value, &r->timeout_ms)) {
    (void)err_set(e, ERR_VALIDATION, "Expected a number of milliseconds, provided %s.",
                  arg_kind_name(&args->u.pairs[i].value));
    return err_path(e, SLICE("timeout"));
  }
  for (; i + 1 < n; i++) args->u.pairs[i] = args->u.pairs[i + 1];
  if (--args->n == 0) args->kind = ARG_EMPTY;
  return true;
}
