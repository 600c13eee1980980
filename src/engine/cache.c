/* The plan cache: structure -> decision tree over leaves -> plan. A node asks one question of one leaf and
 * follows the answer; the planner's own log of questions is the path, so a hit asks what planning asked and
 * nothing else. Entries are kept by use, the least recently used go when there are more than MAX_PLANS plans.
 */
#include "base/mem.h"
#include "engine/engine_private.h"

enum {
  MAX_PLANS = 1024,
  MAX_LITERALS = 16,
  BUCKETS = 1024
};

typedef struct Node Node;
typedef struct Branch {
  Slice answer;
  Node *node;
  struct Branch *next;
} Branch;

struct Node { /* a question with its answers, or a plan */
  PlanRef *ref;
  Question question;
  Branch *branches;
  uint32_t n_branches;
};

typedef struct Entry {
  struct Entry *chain;         /* of its bucket */
  struct Entry *newer, *older; /* by use */
  Arena *arena;                /* key, nodes, answers */
  uint64_t hash;
  const Model *model;
  CallAction action;
  bool scoped; /* whose scopes are asked for, by ASK_SCOPE */
  Slice structure;
  Node root;
  PlanRef **refs;
  uint32_t n_refs;
} Entry;

struct Cache {
  Entry *buckets[BUCKETS];
  Entry *newest, *oldest;
  uint32_t n_plans;
  uint64_t hits, misses;
};

static void ref_free(PlanRef *ref) { arena_free(ref->arena); /* ref itself lives in it */ }

void plan_unpin(PlanRef *ref) {
  if (ref && --ref->pins == 0 && !ref->cached) ref_free(ref);
}

static void entry_unlink(Cache *c, Entry *x) {
  *(x->newer ? &x->newer->older : &c->newest) = x->older;
  *(x->older ? &x->older->newer : &c->oldest) = x->newer;
}

static void entry_touch(Cache *c, Entry *x) {
  if (c->newest == x) return;
  entry_unlink(c, x);
  x->newer = NULL;
  x->older = c->newest;
  if (c->newest) c->newest->newer = x;
  c->newest = x;
  if (!c->oldest) c->oldest = x;
}

static void entry_free(Cache *c, Entry *x) {
  Entry **at = &c->buckets[x->hash % BUCKETS];
  while (*at != x) at = &(*at)->chain;
  *at = x->chain;
  entry_unlink(c, x);
  for (uint32_t i = 0; i < x->n_refs; i++) {
    x->refs[i]->cached = false;
    if (x->refs[i]->pins == 0) ref_free(x->refs[i]);
  }
  c->n_plans -= x->n_refs;
  arena_free(x->arena); /* x itself lives in it */
}

Cache *cache_new(void) { return mem_zalloc(sizeof(Cache)); }

void cache_free(Cache *c) {
  if (!c) return;
  while (c->newest) entry_free(c, c->newest);
  mem_free(c);
}

static Entry *entry_find(Cache *c, const Request *r, uint64_t hash) {
  Slice structure = {r->shape.structure.p, r->shape.structure.n};
  for (Entry *x = c->buckets[hash % BUCKETS]; x; x = x->chain)
    if (x->hash == hash && x->model == r->model && x->action == r->action &&
        x->scoped == (r->scopes != NULL) && slice_eq(x->structure, structure))
      return x;
  return NULL;
}

static Branch *branch_find(const Node *n, Slice answer) {
  for (Branch *b = n->branches; b; b = b->next)
    if (slice_eq(b->answer, answer)) return b;
  return NULL;
}

static PlanRef *walk(Request *r, const Entry *x) {
  const Node *n = &x->root;
  while (!n->ref) {
    if (n->n_branches == 0) return NULL; /* an entry whose first plan was not kept */
    Slice answer = shape_answer(&r->shape, r->arena, &r->engine->schema->json_names, n->question);
    Branch *b = branch_find(n, answer);
    if (!b) return NULL;
    n = b->node;
  }
  return n->ref;
}

/* ---- on a miss ---- */

typedef struct Insert {
  Cache *cache;
  const Request *request;
  uint64_t hash;
  Entry *entry; /* found or made */
  bool kept;
} Insert;

static void entry_link(Cache *c, Entry *x) {
  x->chain = c->buckets[x->hash % BUCKETS];
  c->buckets[x->hash % BUCKETS] = x;
  x->older = c->newest;
  if (c->newest) c->newest->newer = x;
  c->newest = x;
  if (!c->oldest) c->oldest = x;
}

static Entry *entry_new(Cache *c, const Request *r, uint64_t hash, Slice structure) {
  Arena *a = arena_new(512);
  Entry *x = a ? arena_try(a, sizeof *x) : NULL;
  char *copy = x ? arena_try(a, structure.n + 1u) : NULL;
  if (!copy) {
    arena_free(a);
    return NULL;
  }
  memcpy(copy, structure.p, structure.n);
  *x = (Entry){.arena = a,
               .hash = hash,
               .model = r->model,
               .action = r->action,
               .scoped = r->scopes != NULL,
               .structure = {copy, structure.n}};
  entry_link(c, x);
  return x;
}

static void insert_path(void *ctx) {
  Insert *in = ctx;
  Entry *x = in->entry;
  const Plan *plan = in->request->ref->plan;
  Node *n = &x->root;
  for (uint32_t i = 0; i < plan->n_questions; i++) {
    n->question = plan->questions[i];
    Branch *b = branch_find(n, plan->answers[i]);
    if (!b) {
      if (n->question.kind == ASK_LITERAL && n->n_branches >= MAX_LITERALS) return;
      b = ARENA_NEW(x->arena, Branch);
      b->answer = slice_copy(x->arena, plan->answers[i]);
      b->node = ARENA_NEW(x->arena, Node);
      b->next = n->branches;
      n->branches = b;
      n->n_branches++;
    }
    n = b->node;
  }
  if (n->ref || n->n_branches) return; /* only a planner that is not deterministic comes here */
  PlanRef **refs = ARENA_ARRAY(x->arena, PlanRef *, x->n_refs + 1);
  if (x->n_refs) memcpy(refs, x->refs, x->n_refs * sizeof *refs);
  refs[x->n_refs] = in->request->ref;
  x->refs = refs;
  n->ref = in->request->ref;
  in->kept = true;
}

/* Out of memory here only means that the plan is not kept. */
static void keep(Cache *c, Request *r, uint64_t hash, Entry *x, Slice structure) {
  while (c->n_plans >= MAX_PLANS && c->oldest && c->oldest != x) entry_free(c, c->oldest);
  if (c->n_plans >= MAX_PLANS) return;
  if (!x) x = entry_new(c, r, hash, structure);
  if (!x) return;
  Insert in = {.cache = c, .request = r, .hash = hash, .entry = x};
  if (!arena_protect(x->arena, NULL, insert_path, &in) || !in.kept) return;
  x->n_refs++;
  c->n_plans++;
  r->ref->cached = true;
}

static void bindings_make(void *ctx) {
  PlanRef *ref = ctx;
  ref->bindings = ARENA_ARRAY(ref->arena, Binding, ref->plan->n_steps + 1);
  for (uint16_t i = 0; i < ref->plan->n_steps; i++) {
    uint16_t n = ref->plan->steps[i].n_columns;
    ref->bindings[i].oids = ARENA_ARRAY(ref->arena, uint32_t, n);
    ref->bindings[i].decoders = ARENA_ARRAY(ref->arena, Decode *, n);
  }
}

static bool plan_make(Request *r, Err *e) {
  Arena *a = arena_new(2048);
  PlanRef *ref = a ? arena_try(a, sizeof *ref) : NULL;
  if (!ref) {
    arena_free(a);
    return err_oom(e);
  }
  uint64_t *plans = r->engine->plans;
  *ref = (PlanRef){.arena = a, .pins = 1, .number = plans ? ++*plans : 0};
  if (!plan_build(a, r->arena, &r->engine->plan_config, r->model, r->action, r->args, &r->shape, &ref->plan,
                  e)) {
    arena_free(a);
    return false;
  }
  if (!arena_protect(a, NULL, bindings_make, ref)) {
    arena_free(a);
    return err_oom(e);
  }
  r->ref = ref;
  return true;
}

typedef struct Scan {
  Request *request;
  Cache *cache;
  Entry *entry;
  uint64_t hash;
  PlanRef *hit;
  uint32_t n_structure;
} Scan;

static void scan(void *ctx) {
  Scan *s = ctx;
  Request *r = s->request;
  shape_scan(&r->shape, r->arena, &r->engine->schema->json_names, r->args);
  s->hash = slice_hash((Slice){r->shape.structure.p, r->shape.structure.n}) ^
            ((uint64_t)r->model->index << 8) ^ r->action;
  s->entry = entry_find(s->cache, r, s->hash);
  s->n_structure = r->shape.structure.n;
  if (s->entry) s->hit = walk(r, s->entry);
}

static void rescan(void *ctx) {
  Request *r = ctx;
  r->shape = (Shape){.scopes = r->scopes};
  shape_scan(&r->shape, r->arena, &r->engine->schema->json_names, r->args);
}

static bool scope_unknown(const Request *r, Err *e) {
  return err_set(e, ERR_USAGE, "The scope of %.*s is not known.", SLICE_ARGS(r->shape.unknown->name));
}

bool shape_again(Request *r) { return arena_protect(r->arena, NULL, rescan, r); }

bool cache_lookup(Cache *c, Request *r, Err *e) {
  Scan s = {.request = r, .cache = c};
  r->shape = (Shape){.scopes = r->scopes};
  if (!arena_protect(r->arena, NULL, scan, &s)) return err_oom(e);
  if (s.entry) entry_touch(c, s.entry);
  if (s.hit) {
    c->hits++;
    s.hit->pins++;
    r->ref = s.hit;
    return true;
  }
  if (r->shape.unknown) return scope_unknown(r, e);
  c->misses++;
  if (!shape_again(r)) return err_oom(e); /* the walk may have expanded leaves */
  Slice structure = {r->shape.structure.p, s.n_structure};
  if (!plan_make(r, e)) return false;
  if (!r->ref->plan->uncached) keep(c, r, s.hash, s.entry, structure);
  return true;
}

void cache_stats(const Cache *c, EngineStats *out) {
  out->plans = c->n_plans;
  out->hits = c->hits;
  out->misses = c->misses;
}
