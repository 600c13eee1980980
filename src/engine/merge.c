/* Many findUniques as one statement. Those of one tick that share a plan with a merged variant, and all
 * values but that of their key, wait for the end of the tick, which is before anything of it could be
 * answered; then a request that carries them all asks for the list of their keys. Its rows are theirs: each
 * of them reads the one that its key's place says.
 *
 *   merge_gather -> (the next turn) -> alone, when nobody shares its plan
 *                                   -> a carrier -> carried, carried ... -> the last released frees the
 * carrier
 *
 * A statement that fails may have failed by one key: each is then asked for alone. */
#include "base/buf.h"
#include "engine/engine_private.h"

enum {
  MERGE_MAX = 1000, /* keys of one statement */
  MERGE_KINDS = 64  /* statements that are looked for in one tick: it takes a walk over all for each */
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
static Cell keys_cell(Arena *a, Request *const *members, uint32_t n, uint16_t param) {
  Buf b = buf_in(a);
  TypeId type = (TypeId)members[0]->steps[0].params[param].type;
  codec_array_open(&b, type, n, false);
  for (uint32_t i = 0; i < n; i++) {
    const Cell *key = &members[i]->states[0].cells[param];
    uint32_t mark = codec_array_item(&b);
    buf_slice_add(&b, (Slice){key->p, key->n});
    codec_array_item_end(&b, mark);
  }
  return (Cell){.p = b.p, .n = b.n, .oid = type_array_oid(type)};
}

/* The members may be gone before the carrier is. */
static Cell own_cell(Arena *a, const Cell *of) {
  Cell cell = *of;
  if (of->p) cell.p = slice_copy(a, (Slice){of->p, of->n}).p;
  return cell;
}

static void load(void *ctx) {
  Load *x = ctx;
  Request *c = x->carrier;
  c->members = ARENA_ARRAY(c->arena, Request *, c->n_members);
  uint32_t i = 0;
  for (Request *r = x->first; i < c->n_members; r = r->next_gathered) c->members[i++] = r;
  c->states = ARENA_NEW(c->arena, StepState);
  const Merged *merged = c->ref->plan->merged;
  c->states[0].cells = ARENA_ARRAY(c->arena, Cell, merged->step.n_params);
  for (uint16_t k = 0; k < merged->step.n_params; k++)
    c->states[0].cells[k] = merged->from[k] == merged->key
                                ? keys_cell(c->arena, c->members, c->n_members, merged->key)
                                : own_cell(c->arena, &x->first->states[0].cells[merged->from[k]]);
}

/* n members from `first` on; the carrier itself is a user until it has landed. */
static bool fly_together(Request *first, uint32_t n) {
  Err e;
  Request *c = request_take(first->engine, &e);
  if (!c) return false;
  request_call(c, first->model, first->action, NULL);
  c->ref = first->ref;
  c->ref->pins++;
  c->steps = &c->ref->plan->merged->step;
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

static bool same_cell(const Cell *a, const Cell *b) {
  return !a->p == !b->p && a->text == b->text && a->n == b->n && (!a->p || memcmp(a->p, b->p, a->n) == 0);
}

/* Do they differ in nothing but their keys? */
static bool alike(const Request *a, const Request *b) {
  for (uint16_t k = 0; k < a->steps[0].n_params; k++)
    if (k != a->ref->plan->merged->key && !same_cell(&a->states[0].cells[k], &b->states[0].cells[k]))
      return false;
  return true;
}

/* Those of the list that are like its first, in front; the others, in their order, behind. Returns where
 * these begin. */
static Request **alike_first(Request **list) {
  Request **end = &(*list)->next_gathered, *others = NULL, **last = &others;
  while (*end) {
    Request *r = *end;
    if (alike(*list, r)) {
      end = &r->next_gathered;
    } else {
      *end = r->next_gathered;
      *last = r;
      last = &r->next_gathered;
    }
  }
  *last = NULL;
  *end = others;
  return end;
}

/* n of the list, one by one. */
static void fly_each(Request *r, uint32_t n) {
  for (Request *next; r && n > 0; r = next, n--) {
    next = r->next_gathered;
    fly_alone(r);
  }
}

static void group_fly(Request *list) {
  for (uint32_t kinds = 0; list && kinds < MERGE_KINDS; kinds++) {
    Request **end = alike_first(&list), *others = *end, *rest;
    *end = NULL;
    uint32_t n = wanted(&list, &rest);
    for (end = &rest; *end;) end = &(*end)->next_gathered;
    *end = others;
    if (n < 2 || !fly_together(list, n)) fly_each(list, n);
    list = rest;
  }
  fly_each(list, UINT32_MAX);
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
  const Cell *key = &r->states[0].cells[r->ref->plan->merged->key];
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
