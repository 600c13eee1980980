/* Texts that try to be more than that, at every place of a call that takes one: a value leaves the SQL as it
 * is, byte for byte; a name is refused, with its path, before there is any. In the calls ' is ", and @ the
 * text. */
#include "plan_hostile.h"
#include "plan_notation.h"

static const char *const binds[] = {
    "User.findMany {'where': {'name': '@'}}",
    "User.findMany {'where': {'name': {'not': '@', 'in': ['@', 'x'], 'notIn': ['@']}}}",
    "User.findMany {'where': {'name': {'contains': '@', 'startsWith': '@', 'endsWith': '@', 'lt': '@', "
    "'gte': '@'}}}",
    "User.findMany {'where': {'name': {'contains': '@', 'mode': 'insensitive'}}}",
    "User.findMany {'where': {'tags': {'has': '@', 'hasSome': ['@'], 'hasEvery': ['@', 'y']}}}",
    "User.findMany {'where': {'tags': ['@']}}",
    "User.findMany {'where': {'meta': {'path': ['@', 'b', '@'], 'equals': '@'}}}",
    "User.findMany {'where': {'meta': {'path': ['@'], 'string_contains': '@', 'string_starts_with': '@'}}}",
    "User.findMany {'where': {'meta': {'path': ['a'], 'array_contains': ['@']}}}",
    "User.findMany {'where': {'meta': {'equals': {'@': {'@': ['@', {'@': 1}]}}}}}",
    "User.findMany {'where': {'raw': '@'}}",
    "User.findMany {'where': {'posts': {'some': {'notes': {'none': {'body': '@'}}}}}}",
    "User.findMany {'where': {'OR': [{'email': '@'}, {'NOT': {'AND': [{'name': '@'}]}}]}}",
    "User.findMany {'cursor': {'email': '@'}, 'take': 3}",
    "User.findUnique {'where': {'email': '@'}}",
    "User.findUnique {'where': {'both': {'name': '@', 'age': 1}}}",
    "User.findMany {'include': {'posts': {'where': {'title': '@'}}, 'friends': {'where': {'name': '@'}}}}",
    "User.findMany {'select': {'_count': {'select': {'posts': {'where': {'title': '@'}}}}}}",
    "User.findMany {'orderBy': {'_relevance': {'fields': ['name'], 'search': 'word', 'sort': 'asc'}}, "
    "'where': "
    "{'name': '@'}}",
    "User.groupBy {'by': ['name'], 'having': {'name': '@', 'email': {'_min': {'equals': '@'}}}}",
    "User.aggregate {'_min': {'name': true}, 'where': {'name': '@'}}",
    "User.create {'data': {'email': '@', 'name': '@', 'meta': {'@': '@'}, 'tags': ['@'], 'raw': '@'}}",
    "User.create {'data': {'email': '@', 'posts': {'create': {'id': 1, 'title': '@', 'labels': {'connect': "
    "{'name': '@'}}}}}}",
    "Post.create {'data': {'id': 1, 'title': '@', 'labels': {'connectOrCreate': {'where': {'name': '@'}, "
    "'create': {'id': 2, 'name': '@'}}}}}",
    "User.createMany {'data': [{'email': '@', 'name': '@', 'meta': {'@': 1}}, {'email': 'x', 'name': '@', "
    "'meta': '@'}]}",
    "User.createManyAndReturn {'data': [{'email': '@', 'tags': ['@']}], 'skipDuplicates': true}",
    "User.update {'where': {'email': '@'}, 'data': {'name': {'set': '@'}, 'tags': {'push': '@'}, 'meta': "
    "'@'}}",
    "User.update {'where': {'id': 1}, 'data': {'posts': {'updateMany': {'where': {'title': '@'}, 'data': "
    "{'title': '@'}}, 'deleteMany': {'title': '@'}}}}",
    "User.updateMany {'where': {'name': '@'}, 'data': {'name': '@'}}",
    "User.updateEach {'data': [{'email': '@', 'name': '@'}, {'email': 'x', 'name': '@'}]}",
    "User.upsert {'where': {'email': '@'}, 'create': {'email': '@'}, 'update': {'name': '@'}}",
    "User.upsertMany {'data': [{'email': '@', 'name': '@'}], 'on': 'email', 'update': ['name']}",
    "User.delete {'where': {'email': '@'}}",
    "User.deleteMany {'where': {'name': {'contains': '@'}}}",
    "User.count {'where': {'name': '@'}, 'select': {'name': true}}",
};

static const char *const refusals[] = {
    "User.findMany {'@': 1}",
    "User.findMany {'where': {'@': 1}}",
    "User.findMany {'where': {'name': {'@': 'x'}}}",
    "User.findMany {'where': {'name': {'contains': 'x', 'mode': '@'}}}",
    "User.findMany {'where': {'meta': {'path': ['a'], '@': 1}}}",
    "User.findMany {'where': {'posts': {'@': {}}}}",
    "User.findMany {'where': {'posts': {'some': {'@': 1}}}}",
    "User.findMany {'where': {'role': '@'}}",
    "User.findMany {'where': {'roles': {'has': '@'}}}",
    "User.findMany {'where': {'id': '@'}}",
    "User.findMany {'where': {'exact': '@'}}",
    "User.findMany {'where': {'seen': '@'}}",
    "User.findMany {'where': {'token': '@'}}",
    "User.findMany {'where': {'active': '@'}}",
    "User.findMany {'where': {'id': {'in': ['@']}}}",
    "User.findMany {'orderBy': {'@': 'asc'}}",
    "User.findMany {'orderBy': {'name': '@'}}",
    "User.findMany {'orderBy': [{'name': {'sort': '@'}}]}",
    "User.findMany {'orderBy': {'name': {'sort': 'asc', 'nulls': '@'}}}",
    "User.findMany {'orderBy': {'posts': {'@': 'asc'}}}",
    "User.findMany {'orderBy': {'profile': {'@': 'asc'}}}",
    "User.findMany {'orderBy': {'_relevance': {'fields': ['@'], 'search': 'x', 'sort': 'asc'}}}",
    "User.findMany {'select': {'@': true}}",
    "User.findMany {'select': ['id', '@']}",
    "User.findMany {'include': {'@': true}}",
    "User.findMany {'include': {'posts': {'select': {'@': true}}}}",
    "User.findMany {'omit': {'@': true}}",
    "User.findMany {'distinct': ['@']}",
    "User.findMany {'distinct': '@'}",
    "User.findMany {'take': '@'}",
    "User.findMany {'skip': '@'}",
    "User.findMany {'relationLoadStrategy': '@'}",
    "User.findMany {'cursor': {'@': 1}}",
    "User.findMany {'cursor': {'both': {'@': 1}}}",
    "User.findUnique {'where': {'@': 1}}",
    "User.findUnique {'where': {'both': {'name': 'x', '@': 1}}}",
    "User.count {'select': {'@': true}}",
    "User.aggregate {'_sum': {'@': true}}",
    "User.aggregate {'@': {'age': true}}",
    "User.groupBy {'by': ['@']}",
    "User.groupBy {'by': ['name'], 'having': {'name': {'@': {'gt': 1}}}}",
    "User.groupBy {'by': ['name'], 'orderBy': {'_count': {'@': 'asc'}}}",
    "User.create {'data': {'email': 'x', '@': 1}}",
    "User.create {'data': {'email': 'x', 'role': '@'}}",
    "User.create {'data': {'email': 'x', 'posts': {'@': {}}}}",
    "User.create {'data': {'email': 'x', 'posts': {'create': {'id': 1, 'title': 'x', '@': 1}}}}",
    "User.createMany {'data': [{'email': 'x', '@': 1}]}",
    "User.update {'where': {'id': 1}, 'data': {'age': {'@': 1}}}",
    "User.updateEach {'data': [{'email': 'x', '@': 1}]}",
    "User.upsertMany {'data': [{'email': 'x'}], 'on': '@'}",
    "User.upsertMany {'data': [{'email': 'x', 'name': 'y'}], 'on': 'email', 'update': ['@']}",
    "User.deleteMany {'limit': '@'}",
};

typedef struct Call {
  Arena *arena, *plans;
  const Schema *schema;
  const char *text;
  Model *model;
  CallAction action;
  Arg args;
  bool scoped;
} Call;

static void call_read(Call *c, const char *text) {
  Slice copy = slice_copy(c->arena, slice_of(text));
  for (char *p = (char *)(uintptr_t)copy.p; *p; p++)
    if (*p == '\'') *p = '"';
  c->text = text;
  CHECK(notation_read(c->arena, c->schema, copy, &c->model, &c->action, &c->args));
}

/* A copy of the tree with the text at each @. */
static Arg filled(Arena *a, const Arg *from, Slice text) {
  Arg to = *from;
  if (from->kind == ARG_STRING && slice_is(arg_text(from), "@")) {
    to.u.p = text.p;
    to.n = text.n;
  } else if (from->kind == ARG_LIST) {
    to.u.items = arena_alloc(a, from->n * sizeof *to.u.items);
    for (uint32_t i = 0; i < from->n; i++) to.u.items[i] = filled(a, &from->u.items[i], text);
  } else if (from->kind == ARG_MAP) {
    to.u.pairs = arena_alloc(a, from->n * sizeof *to.u.pairs);
    for (uint32_t i = 0; i < from->n; i++) {
      Slice key = from->u.pairs[i].key;
      to.u.pairs[i] = (ArgPair){slice_is(key, "@") ? text : key, filled(a, &from->u.pairs[i].value, text)};
    }
  }
  return to;
}

/* Scopes whose values are the text, of those models that have something to compare with it. */
static Scopes *scopes_with(Call *c, Slice text) {
  static const char *const wheres[][2] = {
      {"User", "User.count {'where': {'name': '@', 'tags': {'has': '@'}}}"},
      {"Post", "User.count {'where': {'author': {'is': {'name': {'not': '@'}}}}}"},
      {"Label", "User.count {'where': {'OR': [{'name': '@'}, {'id': 1}]}}"}};
  Scopes *s = ARENA_NEW(c->arena, Scopes);
  s->n = c->schema->n_models;
  s->of = ARENA_ARRAY(c->arena, ModelScope, s->n);
  for (uint32_t i = 0; i < s->n; i++) s->of[i].kind = SCOPE_ALL;
  for (size_t i = 0; i < COUNT(wheres); i++) {
    Call of = {.arena = c->arena, .schema = c->schema};
    call_read(&of, wheres[i][1]);
    ModelScope *scope = &s->of[schema_model(c->schema, slice_of(wheres[i][0]))->index];
    *scope = (ModelScope){.kind = SCOPE_WHERE};
    scope->where = filled(c->arena, arg_get(&of.args, SLICE("where")), text);
  }
  return s;
}

static Planned planned_with(Call *c, Slice text) {
  Arg args = filled(c->arena, &c->args, text);
  return hostile_plan(c->plans, c->arena, c->schema, c->model, c->action, &args,
                      c->scoped ? scopes_with(c, text) : NULL);
}

static void say(const Call *c, const Planned *p, Slice text) {
  fprintf(stderr, "%s with %.*s: %s (%s)\n", c->text, SLICE_ARGS(text), p->e.message, p->e.path);
}

static void bind_all(void *ctx) {
  Call *c = ctx;
  call_read(c, c->text);
  Planned harmless = planned_with(c, SLICE("text"));
  if (!harmless.built) say(c, &harmless, SLICE("text"));
  CHECK(harmless.built);
  if (!harmless.built) return;
  hostile_check_sql(harmless.plan);
  for (uint32_t i = 0; i < HOSTILE_TEXTS; i++) {
    Planned hostile = planned_with(c, hostile_text(c->arena, i, true));
    if (!hostile.built) say(c, &hostile, hostile_text(c->arena, i, true));
    hostile_check_same(&harmless, &hostile);
  }
}

static void bind_scoped(void *ctx) {
  Call *c = ctx;
  c->scoped = true;
  bind_all(c);
}

static void refuse_all(void *ctx) {
  Call *c = ctx;
  call_read(c, c->text);
  for (uint32_t i = 0; i < HOSTILE_TEXTS; i++) {
    Slice text = hostile_text(c->arena, i, true);
    Planned p = planned_with(c, text);
    bool refused = !p.built && p.e.code == ERR_VALIDATION && p.e.path[0];
    if (!refused) say(c, &p, text);
    CHECK(refused);
  }
}

static void each(const char *const *texts, size_t n, ArenaBody *body) {
  Arena *schemas = arena_new(0);
  const Schema *schema = hostile_load(schemas, true);
  for (size_t i = 0; schema && i < n; i++) {
    Call c = {.arena = arena_new(0), .plans = arena_new(0), .schema = schema, .text = texts[i]};
    CHECK(arena_protect(c.arena, c.plans, body, &c));
    arena_free(c.plans);
    arena_free(c.arena);
  }
  arena_free(schemas);
}

static void values_are_bound(void) { each(binds, COUNT(binds), bind_all); }
static void values_of_scopes_are_bound(void) { each(binds, COUNT(binds), bind_scoped); }
static void names_are_refused(void) { each(refusals, COUNT(refusals), refuse_all); }

/* What is no text for PostgreSQL is refused, not cut. */
static void broken_texts(void *ctx) {
  static const Slice broken[] = {{"a\0b", 3}, {"\0", 1},           {"\"\\\0", 3},
                                 {"\xff", 1}, {"\xed\xa0\x80", 3}, {"a\xc3", 2}};
  Call *c = ctx;
  call_read(c, c->text);
  for (size_t i = 0; i < COUNT(broken); i++) {
    Planned p = planned_with(c, broken[i]);
    if (p.built) say(c, &p, broken[i]);
    CHECK(!p.built && p.e.path[0]);
  }
}

static void texts_are_whole(void) {
  static const char *const calls[] = {
      "User.findMany {'where': {'name': '@'}}",
      "User.findMany {'where': {'name': {'contains': '@'}}}",
      "User.findMany {'where': {'tags': {'has': '@'}}}",
      "User.findMany {'where': {'name': {'in': ['x', '@']}}}",
      "User.findMany {'where': {'meta': {'path': ['@'], 'equals': 1}}}",
      "User.create {'data': {'email': '@'}}",
      "User.create {'data': {'email': 'x', 'meta': {'a': '@'}}}",
      "User.create {'data': {'email': 'x', 'meta': {'@': 1}}}",
      "User.create {'data': {'email': 'x', 'tags': ['@']}}",
      "User.createMany {'data': [{'email': 'x'}, {'email': '@'}]}",
      "User.createMany {'data': [{'email': 'x', 'meta': 1}, {'email': 'y', 'meta': ['@']}]}",
      "User.findMany {'where': {'meta': {'equals': ['@']}}}",
      "User.findMany {'where': {'meta': {'path': ['a'], 'array_contains': ['@']}}}",
      "User.updateMany {'data': {'name': {'set': '@'}}}",
      "User.updateEach {'data': [{'email': 'x', 'name': '@'}]}",
  };
  each(calls, COUNT(calls), broken_texts);
}

TESTS(values_are_bound, values_of_scopes_are_bound, names_are_refused, texts_are_whole)
