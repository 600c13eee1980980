#include "plan/plan.h"

#include "plan/build.h"

typedef bool Reader(Builder *b);

static Reader *const readers[CALL_ACTIONS] = {
    [CALL_FIND_UNIQUE] = read_find,  [CALL_FIND_UNIQUE_OR_THROW] = read_find,
    [CALL_FIND_FIRST] = read_find,   [CALL_FIND_FIRST_OR_THROW] = read_find,
    [CALL_FIND_MANY] = read_find,    [CALL_COUNT] = read_count,
    [CALL_EXISTS] = read_count,      [CALL_AGGREGATE] = read_aggregate,
    [CALL_GROUP_BY] = read_group_by, [CALL_COPY_OUT] = copy_out,
};

typedef struct Build {
  Builder builder;
  bool built;
} Build;

/* The first flight in which a step of a write can go: after all whose answers it takes. */
static void plan_flights(Plan *plan) {
  uint16_t flight = 0;
  for (uint16_t i = 0; i < plan->n_steps; i++) {
    Step *step = &plan->steps[i];
    uint16_t after = step->guard == GUARD_NONE ? 0 : (uint16_t)(plan->steps[step->guard_step].flight + 1);
    if (after > flight) flight = after;
    for (uint16_t k = 0; k < step->n_params; k++) {
      const Param *p = &step->params[k];
      if (p->source != PARAM_CELL && p->source != PARAM_KEYS) continue;
      if (plan->steps[p->step].flight >= flight) flight = (uint16_t)(plan->steps[p->step].flight + 1);
    }
    step->flight = flight;
  }
  plan->n_flights = (uint16_t)(flight + 1);
}

/* A step that has not the rows it should has done nothing; with too few of them it may have done something.
 */
static bool does_nothing(const Step *step) {
  for (uint16_t k = 0; k < step->n_checks; k++)
    if (!step->checks[k].in_row && step->checks[k].kind != CHECK_SOME) return false;
  return step->writes;
}

/* What a failed check leaves undone is all that the plan does. */
static bool plan_is_gated(const Plan *plan) {
  uint32_t writing = 0;
  for (uint16_t i = 0; i < plan->n_steps; i++) {
    writing += plan->steps[i].writes;
    if (plan->steps[i].n_checks && !does_nothing(&plan->steps[i])) return false;
  }
  return writing <= 1;
}

static bool finish(Builder *b) {
  Plan *plan = b->plan;
  bool writes = action_writes(plan->action);
  if (writes)
    fuse_steps(b);
  else
    b_emit(b);
  if (b->too_many)
    return b_refuse(b, &(Path){0}, ERR_P2029,
                    "Query parameter limit exceeded error: this takes more than %d %s. Split the call.",
                    UINT16_MAX, b->too_many);
  plan->writes = writes;
  plan->snapshot = !plan->writes && !plan->copies && !plan->locks && plan->n_steps > 1;
  if (plan->writes) plan_flights(plan);
  plan->gated = plan_is_gated(plan);
  read_merge(b);
  for (uint16_t i = 0; plan->uncached && i < plan->n_steps; i++) plan->steps[i].unnamed = true;
  return true;
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
  x->built = x->built && finish(b);
  if (!visible_fail(b)) x->built = false;
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
