#include "plan/plan.h"

#include "plan/build.h"

typedef bool Reader(Builder *b);

static Reader *const readers[CALL_ACTIONS] = {
    [CALL_FIND_UNIQUE] = read_find,  [CALL_FIND_UNIQUE_OR_THROW] = read_find,
    [CALL_FIND_FIRST] = read_find,   [CALL_FIND_FIRST_OR_THROW] = read_find,
    [CALL_FIND_MANY] = read_find,    [CALL_COUNT] = read_count,
    [CALL_EXISTS] = read_count,      [CALL_AGGREGATE] = read_aggregate,
    [CALL_GROUP_BY] = read_group_by,
};

typedef struct Build {
  Builder builder;
  bool built;
} Build;

static void finish(Plan *plan) {
  plan->writes = action_writes(plan->action);
  plan->snapshot = !plan->writes && plan->n_steps > 1;
  for (uint16_t i = 0; plan->uncached && i < plan->n_steps; i++) plan->steps[i].unnamed = true;
}

static void build(void *ctx) {
  Build *x = ctx;
  Builder *b = &x->builder;
  Path root = {0};
  b->plan = ARENA_NEW(b->arena, Plan);
  b->plan->model = b->model;
  b->plan->action = b->action;
  b->plan->n_flights = 1;
  if (!arg_is_map(b->args)) {
    b_error(b, &root, "Expected a table of arguments, provided %s.", arg_kind_name(b->args));
    return;
  }
  x->built = readers[b->action] ? readers[b->action](b) : write_plan(b);
  if (x->built) finish(b->plan);
}

bool plan_build(Arena *arena, Arena *scratch, const PlanConfig *config, const Model *model, CallAction action,
                Arg *args, Shape *shape, Plan **out, Err *e) {
  Build x = {.builder = {.arena = arena,
                         .scratch = scratch,
                         .config = config,
                         .shape = shape,
                         .action = action,
                         .model = model,
                         .args = args,
                         .e = e}};
  *e = (Err){0};
  if (!arena_protect(arena, scratch, build, &x)) return err_oom(e);
  if (!x.built) {
    err_text(e->model, sizeof e->model, model->name);
    err_text(e->action, sizeof e->action, slice_of(action_name(action)));
  }
  *out = x.builder.plan;
  return x.built;
}
