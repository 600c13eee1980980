/* Many findUniques as one statement. Those of one tick that share a plan with a merged variant wait for the
 * end of the tick, which is before anything of it could be answered; then a request that carries them all
 * asks for the list of their keys. Its rows are theirs: each of them reads the one that its key's place says.
 *
 *   merge_gather -> (the next turn) -> alone, when nobody shares its plan
 *                                   -> a carrier -> carried, carried ... -> the last released frees the
 * carrier
 *
 * A statement that fails may have failed by one key: each is then asked for alone. */
#include "base/buf.h"
#include "engine/engine_private.h"

enum {
  MERGE_MAX = 1000 /* keys of one statement */
};

/* ---- the end of a member ---- */

static void fail(Request *r, const Err *e) {
  r->failed = true;
  r->err = *e;
  request_finish(r);
}

static void fly_alone(Request *r) {
  Err e;
  r->state = REQUEST_TAKEN;
  if (r->detached)
    request_release(r);
  else if (!run_submit(r->engine, &r, 1, (Slice){0}, &e))
    fail(r, &e);
}

void merge_drop(Request *carrier) {
  if (--carrier->n_users == 0) request_release(carrier);
}

/* What nobody waits for any more need not be carried to the end. */
void merge_leave(Request *carrier) {
  if (++carrier->n_left < carrier->n_members) return;
  carrier->detached = true;
  run_detached(carrier->run);
}

/* ---- the carrier ---- */

/* Which member does a row belong to? Its last cell says so: an int8. */
static uint64_t place_of(const Result *result, uint32_t row) {
  Slice cell;
  uint64_t place = 0;
  if (!result_cell(result, row, result_columns(result) - 1, &cell)) return 0;
  for (uint32_t i = 0; i < cell.n; i++) place = place << 8 | (uint8_t)cell.p[i];
  return place;
}

static void carry(Request *carrier) {
  const Result *result = carrier->states[0].result;
  uint32_t rows = result ? result_rows(result) : 0;
  for (uint32_t i = 0; i < rows; i++) {
    uint64_t place = place_of(result, i);
    if (place >= 1 && place <= carrier->n_members) carrier->members[place - 1]->row = i + 1;
  }
  for (uint32_t i = 0; i < carrier->n_members; i++) request_finish(carrier->members[i]);
}

static void on_landed(Request *carrier, void *ctx) {
  (void)ctx;
  bool again = carrier->failed && carrier->err.sqlstate[0] && !carrier->engine->closing;
  for (uint32_t i = 0; carrier->failed && i < carrier->n_members; i++) {
    Request *r = carrier->members[i];
    r->carrier = NULL;
    carrier->n_users--;
    if (again)
      fly_alone(r);
    else
      fail(r, &carrier->err);
  }
  if (!carrier->failed) carry(carrier);
  merge_drop(carrier);
}

typedef struct Load {
  Request *carrier, *first;
} Load;

/* The members' cells are the elements' own binary form. */
static Cell keys_cell(Arena *a, Request *const *members, uint32_t n) {
  Buf b = buf_in(a);
  TypeId type = (TypeId)members[0]->steps[0].params[0].type;
  codec_array_open(&b, type, n, false);
  for (uint32_t i = 0; i < n; i++) {
    const Cell *key = &members[i]->states[0].cells[0];
    uint32_t mark = codec_array_item(&b);
    buf_slice_add(&b, (Slice){key->p, key->n});
    codec_array_item_end(&b, mark);
  }
  return (Cell){.p = b.p, .n = b.n, .oid = type_array_oid(type)};
}

static void load(void *ctx) {
  Load *x = ctx;
  Request *c = x->carrier;
  c->members = ARENA_ARRAY(c->arena, Request *, c->n_members);
  uint32_t i = 0;
  for (Request *r = x->first; i < c->n_members; r = r->next_gathered) c->members[i++] = r;
  c->states = ARENA_NEW(c->arena, StepState);
  c->states[0].cells = ARENA_NEW(c->arena, Cell);
  c->states[0].cells[0] = keys_cell(c->arena, c->members, c->n_members);
}

/* n members from `first` on; the carrier itself is a user until it has landed. */
static bool fly_together(Request *first, uint32_t n) {
  Err e;
  Request *c = request_take(first->engine, &e);
  if (!c) return false;
  request_call(c, first->model, first->action, NULL);
  c->ref = first->ref;
  c->ref->pins++;
  c->steps = c->ref->plan->merged;
  c->n_members = n;
  Load x = {c, first};
  bool loaded = arena_protect(c->arena, NULL, load, &x);
  c->n_steps = c->n_flights = loaded;
  c->done = on_landed;
  if (loaded) tell_members(c);
  if (!loaded || !run_submit(c->engine, &c, 1, (Slice){0}, &e)) {
    request_release(c);
    return false;
  }
  c->n_users = n + 1;
  for (uint32_t i = 0; i < n; i++) c->members[i]->carrier = c;
  return true;
}

/* ---- the end of the tick ---- */

/* The first n of a list that still are wanted; the others are released. */
static uint32_t wanted(Request **list, Request **rest) {
  uint32_t n = 0;
  Request **at = list;
  while (*at && n < MERGE_MAX) {
    Request *r = *at;
    if (r->detached) {
      *at = r->next_gathered;
      fly_alone(r);
    } else {
      at = &r->next_gathered;
      n++;
    }
  }
  *rest = *at;
  return n;
}

static void group_fly(Request *list) {
  while (list) {
    Request *rest;
    uint32_t n = wanted(&list, &rest);
    if (n > 1 && fly_together(list, n)) n = 0;
    for (Request *r = list, *next; n > 0; r = next, n--) {
      next = r->next_gathered;
      fly_alone(r);
    }
    list = rest;
  }
}

void merge_fly(void *engine) {
  Engine *g = engine;
  while (g->gathering) {
    PlanRef *ref = g->gathering;
    Request *list = ref->gathered;
    g->gathering = ref->next_gathering;
    ref->gathered = NULL;
    group_fly(list);
  }
}

bool merge_gather(Request *r) {
  if (r->kind != REQUEST_CALL || r->tx || r->cursor_verb || r->timeout_ms || r->n_settings ||
      !r->ref->plan->merged)
    return false;
  const Cell *key = &r->states[0].cells[0];
  if (!key->p || key->text) return false;
  Engine *g = r->engine;
  PlanRef *ref = r->ref;
  if (!ref->gathered) {
    ref->next_gathering = g->gathering;
    g->gathering = ref;
    ref->gathered_end = &ref->gathered;
  }
  *ref->gathered_end = r;
  ref->gathered_end = &r->next_gathered;
  r->state = REQUEST_FLYING;
  loop_soon(g->loop, &g->gather);
  return true;
}

void merge_close(Engine *g) {
  Err e;
  (void)err_set(&e, ERR_CANCELLED, "The client was disconnected.");
  loop_soon_cancel(g->loop, &g->gather);
  while (g->gathering) {
    PlanRef *ref = g->gathering;
    Request *list = ref->gathered;
    g->gathering = ref->next_gathering;
    ref->gathered = NULL;
    for (Request *r = list, *next; r; r = next) {
      next = r->next_gathered;
      fail(r, &e);
    }
  }
}
