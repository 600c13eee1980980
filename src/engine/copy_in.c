/* COPY in. Rows become bytes as they come, in a piece of memory; ROWS sends that away while the next one is
 * filled, and is done when the server has taken it. The COPY on the wire begins with the first ROWS. Where
 * its transaction is to do something else between two steps, it ends early (it rests), and another one begins
 * at the next.
 *
 *   no segment -> ROWS -> taking -> ROWS ... -> END, or a rest -> ending -> no segment */
#include "base/mem.h"
#include "engine/copy_private.h"
#include "pg/copy.h"

enum {
  PIECE = 60 * 1024,    /* bytes that are worth a step: an arena keeps a block of this size */
  PIECE_US = 100 * 1000 /* ... and how old they get: whoever makes rows slowly hears of errors by then */
};

static bool piece_new(CopyPiece *p, Err *e) {
  p->arena = arena_new(PIECE);
  if (!p->arena) return err_oom(e);
  p->bytes = buf_in(p->arena);
  return true;
}

static void piece_empty(CopyPiece *p) {
  arena_reset(p->arena);
  p->bytes = buf_in(p->arena);
}

bool copy_in_new(Copy *c, Err *e) {
  c->making = &c->pieces[0];
  c->going = &c->pieces[1];
  return piece_new(c->making, e) && piece_new(c->going, e) && copy_types(c->call, &c->types, e);
}

void copy_in_free(Copy *c) {
  for (int i = 0; i < 2; i++) arena_free(c->pieces[i].arena);
  c->pieces[0].arena = c->pieces[1].arena = NULL;
}

/* ---- making ---- */

static bool usable(const Copy *c, Err *e) {
  if (c->failed) *e = c->err;
  return !c->failed && (c->engine || err_set(e, ERR_USAGE, "This COPY is over."));
}

static void header_body(void *ctx) {
  Copy *c = ctx;
  (void)buf_reserve(&c->making->bytes, PIECE / 2);
  if (!c->headed) copy_header(&c->making->bytes);
}

static bool piece_begin(Copy *c, Err *e) {
  if (!arena_protect(c->making->arena, NULL, header_body, c)) return err_oom(e);
  c->headed = true;
  c->first = loop_clock_us();
  return true;
}

const Err *copy_failure(const Copy *c) { return c->failed ? &c->err : NULL; }
Arena *copy_arena(Copy *c) { return c->making->arena; }

bool copy_row(Copy *c, Err *e) {
  if (!usable(c, e) || (!c->making->bytes.n && !piece_begin(c, e)) || !copy_encode(c, e)) return false;
  c->rows++;
  return true;
}

bool copy_full(const Copy *c) {
  return c->making->bytes.n > PIECE / 2 || loop_clock_us() - c->first > PIECE_US;
}

/* ---- sending ---- */

static void trailer_body(void *ctx) {
  Copy *c = ctx;
  copy_trailer(&c->making->bytes);
}

/* The end belongs to this piece. */
static bool piece_end(Copy *c) {
  Err e;
  bool good = arena_protect(c->making->arena, NULL, trailer_body, c);
  if (!good) (void)err_oom(&e);
  if (!good) copy_fail(c, &e);
  c->headed = false;
  c->ending = true;
  return good;
}

/* The server has room: what waits for that goes out. */
static void go(Copy *c) {
  Err e;
  if (!c->sending || !c->ready || !c->segment) return;
  c->ready = c->sending = false;
  bool good = copy_put(c->segment, buf_slice(&c->going->bytes), &e);
  piece_empty(c->going);
  if (good && c->ending) good = copy_end(c->segment, &e);
  if (!good) {
    copy_fail(c, &e);
    segment_abort(c->segment);
  } else if (!c->ending) {
    copy_step_finish(c);
  }
}

static void swap(Copy *c) {
  CopyPiece *made = c->making;
  c->making = c->going;
  c->going = made;
  c->sending = true;
}

void copy_in_ready(Copy *c) {
  c->ready = true;
  go(c);
}

static bool begin_copy(Copy *c) {
  Err e;
  c->segment = copy_open(c->conn, true, c->call->steps[c->call->n_steps - 1].sql, &copy_ops, c, &e);
  if (!c->segment) copy_fail(c, &e);
  c->since = loop_clock_us();
  return c->segment != NULL;
}

static bool may_begin(Copy *c) {
  Err e;
  bool may = tx_usable(c->tx, &e);
  if (!may) copy_fail(c, &e);
  return may && begin_copy(c);
}

void copy_in_go(Copy *c) {
  Request *r = c->step;
  if (!r || c->stepped || (c->segment && c->ending)) return; /* a rest ends first */
  bool end = r->copy_verb == COPY_END, nothing = !c->segment && !c->making->bytes.n;
  if (c->failed || nothing || (!c->segment && !may_begin(c)) || (end && !piece_end(c))) {
    copy_step_finish(c);
    return;
  }
  c->stepped = true;
  swap(c);
  go(c);
}

void copy_in_done(Copy *c) {
  bool stepped = c->stepped;
  c->segment = NULL;
  c->ready = c->sending = c->ending = false;
  piece_empty(c->going);
  if (stepped || c->failed)
    copy_step_finish(c);
  else
    copy_in_go(c);
}

bool copy_rest(Copy *c) {
  bool nothing = !c->segment && (!c->in || !c->making->bytes.n);
  if (nothing || c->ending || c->failed) return true;
  if (!c->in || c->step) return !c->segment;
  if ((c->segment || begin_copy(c)) && piece_end(c)) {
    swap(c);
    go(c);
  }
  return true;
}
