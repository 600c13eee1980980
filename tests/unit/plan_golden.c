/* tests/plan/<name>.txt: a schema up to a line "---", then calls, each a line "> Model.action {...}" with the
 * plan that it makes (or the error) below it. A line "scopes { "Model": where }" says which rows exist in the
 * calls behind it; { "$delete": "field", "$where": where } says what a delete sets. UPDATE=1 in the
 * environment writes what is made now. */
#include "golden.h"
#include "plan_notation.h"

typedef struct Call {
  Arena *arena;
  Slice call; /* without "> " */
  const Schema *schema;
  Slice scopes; /* empty: everything exists */
  Buf *out;
} Call;

static ModelScope scope_of(const Model *m, Arg *given) {
  ModelScope scope = {.kind = given ? SCOPE_WHERE : SCOPE_ALL};
  Arg *marker = given ? arg_get(given, SLICE("$delete")) : NULL, *where = given;
  if (marker) {
    scope.marker = model_field(m, arg_text(marker));
    where = arg_get(given, SLICE("$where"));
  }
  if (where) scope.where = *where;
  return scope;
}

static Scopes *scopes_of(Call *c) {
  if (!c->scopes.n) return NULL;
  Scopes *s = ARENA_NEW(c->arena, Scopes);
  Notation x = {c->arena, c->schema, json_reader(c->scopes), {0}};
  CHECK(notation_next(&x));
  Arg given = notation_value(&x);
  s->n = c->schema->n_models;
  s->of = ARENA_ARRAY(c->arena, ModelScope, s->n);
  for (uint32_t i = 0; i < s->n; i++)
    s->of[i] = scope_of(&c->schema->models[i], arg_get(&given, c->schema->models[i].name));
  return s;
}

static void print_error(Buf *out, const Err *e) {
  buf_printf(out, "error%s%s at %s: %s\n", err_public_code(e->code)[0] ? " " : "", err_public_code(e->code),
             e->path[0] ? e->path : "the call", e->message);
}

static void turn_around(Arg *a) {
  if (a->kind == ARG_LIST)
    for (uint32_t i = 0; i < a->n; i++) turn_around(&a->u.items[i]);
  if (a->kind != ARG_MAP) return;
  for (uint32_t i = 0; i < a->n; i++) turn_around(&a->u.pairs[i].value);
  for (uint32_t i = 0; i < a->n / 2; i++) {
    ArgPair pair = a->u.pairs[i];
    a->u.pairs[i] = a->u.pairs[a->n - 1 - i];
    a->u.pairs[a->n - 1 - i] = pair;
  }
}

/* The same call asked again walks the same path; the order of its keys changes neither SQL nor error. */
static void check_again(Call *c, const PlanConfig *config, Plan *plan, const Err *e, Arg *args,
                        const Model *model, CallAction action) {
  Shape shape = {.scopes = scopes_of(c)};
  Arena *other_arena = arena_new(0);
  Plan *other;
  Err other_e;
  shape_scan(&shape, c->arena, &c->schema->json_names, args);
  for (uint32_t i = 0; plan && i < plan->n_questions; i++)
    CHECK(slice_eq(shape_answer(&shape, c->arena, &c->schema->json_names, plan->questions[i]),
                   plan->answers[i]));
  turn_around(args);
  shape_scan(&shape, c->arena, &c->schema->json_names, args);
  bool built = plan_build(other_arena, c->arena, config, model, action, args, &shape, &other, &other_e);
  CHECK(built == (plan != NULL));
  if (!built) CHECK_TEXT(slice_of(other_e.message), e->message);
  for (uint32_t i = 0; built && i < plan->n_steps; i++)
    CHECK(slice_eq(plan->steps[i].sql, other->steps[i].sql));
  arena_free(other_arena);
}

static void run_call(void *ctx) {
  Call *c = ctx;
  Arena *plan_arena = arena_new(0);
  Model *model;
  CallAction action;
  Arg args;
  Shape shape = {.scopes = scopes_of(c)};
  Plan *plan = NULL;
  Err e = {0};
  PlanConfig config = {.schema = c->schema, .default_schema = SLICE("public")};
  if (!notation_read(c->arena, c->schema, c->call, &model, &action, &args)) {
    buf_text(c->out, "unknown model or action\n");
  } else {
    shape_scan(&shape, c->arena, &c->schema->json_names, &args);
    bool built = plan_build(plan_arena, c->arena, &config, model, action, &args, &shape, &plan, &e);
    if (built)
      plan_print(c->out, plan, &shape);
    else
      print_error(c->out, &e);
    check_again(c, &config, built ? plan : NULL, &e, &args, model, action);
  }
  arena_free(plan_arena);
}

static const Schema *schema_of(Arena *a, Slice text, const char *path) {
  Source source = {slice_of(path), text};
  Diags d = {.arena = a};
  const Schema *s = schema_load(a, &source, 1, &d);
  for (uint32_t i = 0; !s && i < d.n; i++)
    fprintf(stderr, "%s: %.*s\n", path, SLICE_ARGS(d.items[i].message));
  return s;
}

/* The text with each call's answer made anew. Lines that start with '#' before a call stay. */
static void remake(Golden *g) {
  Buf *out = &g->out;
  Slice text = g->text, rest = text, schema_text = {text.p, 0};
  for (Slice line = golden_line(&rest); !slice_is(line, "---") && rest.n; line = golden_line(&rest))
    schema_text.n = (uint32_t)(rest.p - text.p);
  buf_add(out, text.p, (uint32_t)(rest.p - text.p));
  const Schema *schema = schema_of(g->arena, schema_text, g->path);
  CHECK(schema != NULL);
  Slice scopes = {0};
  while (schema && rest.n) {
    Slice line = golden_line(&rest);
    if (line.n > 0 && line.p[0] == '#') buf_printf(out, "\n%.*s\n", SLICE_ARGS(line));
    if (slice_starts(line, SLICE("scopes "))) {
      buf_printf(out, "\n%.*s\n", SLICE_ARGS(line));
      scopes = (Slice){line.p + 7, line.n - 7};
    }
    if (!slice_starts(line, SLICE("> "))) continue;
    buf_printf(out, "\n%.*s\n", SLICE_ARGS(line));
    Call call = {arena_new(0), {line.p + 2, line.n - 2}, schema, scopes, out};
    CHECK(arena_protect(call.arena, NULL, run_call, &call));
    arena_free(call.arena);
  }
}

static void plans(void) { golden_folder("plan", ".txt", remake); }

TESTS(plans)
