/* The client itself: opening and closing it, and the requests' lives. */
#include "engine/engine.h"

#include "base/mem.h"
#include "engine/engine_private.h"

enum {
  REQUEST_ARENA = 4096,
  SPIN_US = 50 /* most answers to a read by key come sooner; docs/performance.md */
};

static int chosen(int given, int from_url, int otherwise) {
  return given >= 0 ? given : from_url >= 0 ? from_url : otherwise;
}

static bool open_pool(Engine *g, const EngineConfig *c, Err *e) {
  ConnInfo info;
  if (!url_parse(g->arena, slice_copy(g->arena, c->url), &info, e)) return false;
  g->info = info;
  PoolOptions o = {
      .max = chosen(c->pool_max > 0 ? c->pool_max : -1, info.connection_limit, 10),
      .min = c->pool_min > 0 ? c->pool_min : 0,
      .connection_timeout_ms = chosen(c->connection_timeout_ms, info.pool_timeout_ms, 5000),
      .idle_timeout_ms = chosen(c->idle_timeout_ms, info.max_idle_ms, 30000),
      .max_lifetime_ms = chosen(c->max_lifetime_ms, info.max_lifetime_ms, 0),
      .spin_us = (uint32_t)(c->spin_us < 0 ? SPIN_US : c->spin_us),
      .named_statements = !info.pgbouncer,
  };
  g->plan_config =
      (PlanConfig){.schema = c->schema, .default_schema = slice_copy(g->arena, info.schema), .omit = c->omit};
  return pool_new(g->loop, c->url, &o, &g->pool, e);
}

typedef struct Open {
  Engine *engine;
  const EngineConfig *config;
  Err *e;
  bool ok;
} Open;

static void open_body(void *ctx) {
  Open *o = ctx;
  o->ok = open_pool(o->engine, o->config, o->e);
}

bool engine_open(Loop *loop, const EngineConfig *config, Engine **out, Err *e) {
  Engine *g = mem_zalloc(sizeof *g);
  if (!g) return err_oom(e);
  *g = (Engine){.loop = loop,
                .schema = config->schema,
                .plans = config->plans,
                .arena = arena_new(1024),
                .cache = cache_new(),
                .gather = {.call = merge_fly, .ctx = g}};
  Open o = {g, config, e, false};
  bool whole = g->arena && g->cache && arena_protect(g->arena, NULL, open_body, &o);
  if (!whole) err_oom(e);
  if (whole && o.ok) {
    *out = g;
    return true;
  }
  cache_free(g->cache);
  arena_free(g->arena);
  mem_free(g);
  return false;
}

static void request_free(Request *r) {
  arena_free(r->arena);
  mem_free(r);
}

void engine_close(Engine *g) {
  g->closing = true;
  merge_close(g);
  runs_close(g);
  txs_close(g);
  pool_close(g->pool);
  listener_close(g->listener);
  for (Request *r = g->open; r; r = r->next) r->carrier = NULL; /* it is on this list itself */
  for (Request *r = g->open, *next; r; r = next) {
    next = r->next;
    request_release(r);
  }
  for (Request *r = g->free, *next; r; r = next) {
    next = r->next;
    request_free(r);
  }
  txs_free(g);
  cache_free(g->cache);
  arena_free(g->arena);
  mem_free(g);
}

const Schema *engine_schema(const Engine *g) { return g->schema; }
Slice engine_shown_url(const Engine *g) { return pool_info(g->pool)->shown; }

const Slice *engine_unknown_parameters(const Engine *g, uint32_t *n) {
  *n = g->info.n_unknown;
  return g->info.unknown;
}

void engine_listen(Engine *g, void (*on_query)(void *ctx, const QueryEvent *event), void *ctx) {
  g->on_query = on_query;
  g->on_query_ctx = ctx;
}

void engine_stats(const Engine *g, EngineStats *out) {
  PoolStats p = pool_stats(g->pool);
  *out = (EngineStats){.connections = p.total,
                       .idle = p.idle,
                       .busy = p.busy,
                       .waiting = p.waiting,
                       .queries = g->n_queries,
                       .timeouts = p.timeouts,
                       .opened = p.opened,
                       .closed = p.closed,
                       .waited_us = p.waits.total_us,
                       .lost = p.lost,
                       .requests = g->n_open};
  _Static_assert(ENGINE_WAITS == POOL_WAITS + 1, "and those that waited for nothing");
  out->waits[0].n = p.taken;
  for (uint32_t i = 0; i < POOL_WAITS; i++) {
    out->waits[i + 1].ms = pool_wait_ms(i);
    out->waits[i + 1].n = p.waits.count[i];
    out->waits[0].n -= p.waits.count[i];
  }
  cache_stats(g->cache, out);
}

/* ---- requests ---- */

static Request *request_new(Engine *g) {
  Request *r = mem_zalloc(sizeof *r);
  if (!r) return NULL;
  r->engine = g;
  r->arena = arena_new(REQUEST_ARENA);
  if (r->arena) return r;
  mem_free(r);
  return NULL;
}

Request *request_take(Engine *g, Err *e) {
  Request *r = g->free;
  if (r)
    g->free = r->next;
  else if (!(r = request_new(g))) {
    err_oom(e);
    return NULL;
  }
  r->prev = NULL;
  r->next = g->open;
  if (g->open) g->open->prev = r;
  g->open = r;
  g->n_open++;
  return r;
}

static void results_free(Request *r) {
  for (uint16_t i = 0; r->states && i < r->n_steps; i++) result_free(r->states[i].result);
}

void request_release(Request *r) {
  if (r->state == REQUEST_FLYING) { /* the engine's own now */
    r->detached = true;
    if (r->carrier)
      merge_leave(r->carrier);
    else if (r->run)
      run_detached(r->run);
    return;
  }
  Engine *g = r->engine;
  if (r->carrier) merge_drop(r->carrier);
  results_free(r);
  plan_unpin(r->ref);
  if (r->tx_made) tx_release(r->tx_made);
  if (r->tx_new) tx_discard(r->tx_new);
  *(r->prev ? &r->prev->next : &g->open) = r->next;
  if (r->next) r->next->prev = r->prev;
  g->n_open--;
  Arena *a = r->arena;
  arena_reset(a);
  memset(r, 0, offsetof(Request, err));
  r->engine = g;
  r->arena = a;
  r->next = g->free;
  g->free = r;
}

Arena *request_arena(Request *r) { return r->arena; }
Engine *request_engine(const Request *r) { return r->engine; }

void request_call(Request *r, const Model *model, CallAction action, Arg *args) {
  r->kind = REQUEST_CALL;
  r->model = model;
  r->action = action;
  r->args = args;
}

void request_scopes(Request *r, Scopes *scopes) { r->scopes = scopes; }
const Model *request_unknown_scope(const Request *r) { return r->shape.unknown; }

void request_raw(Request *r, Slice sql, Arg *params, uint32_t n, bool rows) {
  r->kind = REQUEST_RAW;
  r->raw_sql = sql;
  r->raw_params = params;
  r->n_raw_params = n;
  r->raw_rows = rows;
}

void request_copies(Request *r) { r->copies = true; }
void request_in(Request *r, Tx *tx) { r->tx = tx; }

bool engine_lookup(Request *r, Err *e) {
  if (r->kind != REQUEST_CALL || r->ref) return true;
  if (!timeout_take(r, e) || !cache_lookup(r->engine->cache, r, e)) {
    err_text(e->model, sizeof e->model, r->model->name);
    err_text(e->action, sizeof e->action, slice_of(action_name(r->action)));
    return false;
  }
  r->steps = r->ref->plan->steps;
  r->n_steps = r->ref->plan->n_steps;
  r->n_flights = r->ref->plan->n_flights;
  return true;
}

/* A value did not fit its parameter although its plan was in the cache: planning anew finds the same mistake,
 * and its path. */
static bool explain_misfit(Request *r, Err *e) {
  Arena *a = arena_new(0);
  if (!a) return err_oom(e);
  Plan *plan;
  Err better;
  if (shape_again(r) && !plan_build(a, r->arena, &r->engine->plan_config, r->model, r->action, r->args,
                                    &r->shape, &plan, &better))
    *e = better;
  arena_free(a);
  err_text(e->model, sizeof e->model, r->model->name);
  err_text(e->action, sizeof e->action, slice_of(action_name(r->action)));
  return false;
}

static void raw_step(Request *r) {
  r->raw_step = (Step){.sql = r->raw_sql, .n_params = (uint16_t)r->n_raw_params, .unnamed = true};
  r->steps = &r->raw_step;
  r->n_steps = r->n_flights = 1;
}

static bool copy_is_wanted(const Request *r, Err *e) {
  if (!r->ref->plan->copies || (r->copies && r->tx)) return true;
  return err_set(e, ERR_USAGE, "%s is no call of its own: it moves rows in a transaction.",
                 action_name(r->action));
}

static bool request_prepare(Request *r, Err *e) {
  if (r->tx && r->kind != REQUEST_END && !tx_usable(r->tx, e)) return false;
  switch (r->kind) {
    case REQUEST_CALL:
      if (!engine_lookup(r, e) || !copy_is_wanted(r, e) || !cursor_fetch_turn(r, e)) return false;
      if (encode_params(r, e)) return (!r->explain || explain_turn(r, e)) && cursor_declare_turn(r, e);
      return e->code == ERR_VALIDATION ? explain_misfit(r, e) : false;
    case REQUEST_RAW:
      if (r->n_raw_params > 65535)
        return err_set(e, ERR_P2029, "Query parameter limit exceeded: %u parameters, 65535 are possible.",
                       r->n_raw_params);
      raw_step(r);
      return encode_raw(r, e);
    case REQUEST_BEGIN: return true;
    case REQUEST_END: return tx_step(r, e);
    case REQUEST_COPY: return copy_prepare(r, e);
  }
  return true;
}

/* A batch is a transaction, too. */
static bool lock_would_stay(const Request *r, uint32_t n, Err *e) {
  if (r->kind != REQUEST_CALL || !r->ref->plan->locks || r->tx || n > 1) return true;
  (void)err_set(
      e, ERR_VALIDATION,
      "A lock outside of a transaction is gone at once: use it in db:transaction or after db:begin.");
  err_path(e, SLICE("lock"));
  err_text(e->model, sizeof e->model, r->model->name);
  err_text(e->action, sizeof e->action, slice_of(action_name(r->action)));
  return false;
}

bool engine_check(Request *r, Err *e) { return request_prepare(r, e); }

/* As one of n. */
static bool request_ready(Request *r, uint32_t n, void (*done)(Request *r, void *ctx), void *ctx, Err *e) {
  if (!request_prepare(r, e) || !lock_would_stay(r, n, e)) return false;
  tell_params(r);
  r->done = done;
  r->done_ctx = ctx;
  return true;
}

bool engine_submit_batch(Request *const *requests, uint32_t n, Slice isolation,
                         void (*done)(Request *r, void *ctx), void *ctx, Err *e) {
  if (n == 0 || requests[0]->engine->closing)
    return err_set(e, ERR_CANCELLED, "The client was disconnected.");
  for (uint32_t i = 0; i < n; i++)
    if (!request_ready(requests[i], n, done, ctx, e)) return false;
  return run_submit(requests[0]->engine, requests, n, isolation, e);
}

bool engine_submit(Request *r, void (*done)(Request *r, void *ctx), void *ctx, Err *e) {
  if (r->engine->closing) return err_set(e, ERR_CANCELLED, "The client was disconnected.");
  if (!request_ready(r, 1, done, ctx, e)) return false;
  if (r->kind == REQUEST_COPY) {
    copy_submit(r);
    return true;
  }
  return merge_gather(r) || run_submit(r->engine, &r, 1, (Slice){0}, e);
}

bool request_finished(const Request *r) { return r->state == REQUEST_FINISHED || r->expired; }

/* The run that a request waits for. Of a carried one it is another when the carrier's failed. */
static Run *run_of(const Request *r) { return r->carrier ? r->carrier->run : r->run; }

typedef struct Pump {
  const Request *request;
  const Run *run;
} Pump;

static bool pumped(void *ctx) {
  const Pump *p = ctx;
  return request_finished(p->request) || run_of(p->request) != p->run;
}

bool engine_pump(Request *r, int64_t deadline, Err *e) {
  if (r->kind == REQUEST_COPY) return copy_pump(r, deadline, e);
  if (!request_finished(r) && !run_of(r)) merge_fly(r->engine);
  while (!request_finished(r)) {
    Pump p = {r, run_of(r)};
    if (!run_pump(run_of(r), pumped, &p, deadline, e)) return false;
  }
  return true;
}

void engine_detach(Request *r) { request_release(r); }

/* ---- results ---- */

static bool missing(const Request *r) {
  const Plan *plan = r->ref->plan;
  if (!plan->must_find || plan->result != RESULT_ROW) return false;
  uint32_t first, n;
  (void)step_result(r, plan->result_step, &first, &n);
  return n == 0;
}

const Err *request_error(const Request *r) {
  if (r->failed) return &r->err;
  if (r->kind != REQUEST_CALL || !missing(r)) return NULL;
  (void)check_failed(r, &r->ref->plan->missing, 1, 0, (Err *)&r->err);
  return &r->err;
}

static int64_t affected(const Request *r) {
  int64_t sum = 0;
  for (uint16_t i = 0; i < r->n_steps; i++) {
    const Result *result = r->states[i].result;
    if (!result || !(r->kind == REQUEST_RAW || r->steps[i].counts)) continue;
    bool rows = r->kind != REQUEST_RAW && result_rows(result); /* of a SELECT, those that it found */
    sum += rows ? result_rows(result) : result_affected(result);
  }
  return sum;
}

void request_shape(const Request *r, ResultShape *out) {
  const Plan *plan = r->ref ? r->ref->plan : NULL;
  *out = (ResultShape){.kind = r->raw_rows ? RESULT_ROWS : RESULT_AFFECTED};
  if (plan)
    *out = (ResultShape){
        .kind = plan->result, .step = plan->result_step, .record = plan->record, .plan = r->ref->number};
  if (out->kind == RESULT_AFFECTED) out->affected = r->kind == REQUEST_COPY ? r->copied : affected(r);
}

uint16_t request_statements(const Request *r) { return r->n_steps; }
Slice request_sql(const Request *r, uint16_t step) {
  return step < r->n_steps ? r->steps[step].sql : (Slice){0};
}
