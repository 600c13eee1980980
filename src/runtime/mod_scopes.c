#include "runtime/client.h"
#include "runtime/intake.h"
#include "runtime/scopes.h"
#include "runtime/throw.h"
#include "runtime/values.h"

typedef struct ScopesBox { /* user value 1: the client, for its schema */
  Arena *arena;
  const Schema *schema;
  Scopes scopes;
} ScopesBox;

static ScopesBox *box_check(lua_State *L, Runtime *rt, int index) {
  return runtime_check(L, rt, index, KIND_SCOPES);
}

Scopes *scopes_check(lua_State *L, Runtime *rt, int index) { return &box_check(L, rt, index)->scopes; }

static int scopes_gc(lua_State *L) {
  ScopesBox *box = lua_touserdata(L, 1);
  arena_free(box->arena);
  box->arena = NULL;
  return 0;
}

/* core.scopes(handle) -> scopes, of which none is known [-0, +1, v] */
static int scopes_new(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Handle *h = handle_check(L, rt, 1);
  const Schema *schema = h->client->schema;
  lua_settop(L, 1);
  ScopesBox *box = runtime_userdata(L, rt, sizeof *box, 1, KIND_SCOPES);
  if (h->kind == KIND_CLIENT)
    lua_pushvalue(L, 1);
  else
    lua_getiuservalue(L, 1, 1);
  lua_setiuservalue(L, 2, 1);
  size_t bytes = sizeof(ModelScope) * (schema->n_models + 1);
  box->schema = schema;
  box->arena = arena_new(bytes + 256);
  box->scopes.n = schema->n_models;
  box->scopes.of = box->arena ? arena_try(box->arena, bytes) : NULL;
  if (!box->scopes.of) return throw_code(L, ERR_OUT_OF_MEMORY, "Out of memory.");
  memset(box->scopes.of, 0, bytes);
  return 1;
}

/* core.scope(scopes, model, where, marker): the model's rows that exist are those of `where` (nil: all); a
 * delete sets the field `marker` (nil: it deletes). Once for each model [-0, +0, v] */
static int scope_set(lua_State *L) {
  Runtime *rt = runtime_of(L);
  ScopesBox *box = box_check(L, rt, 1);
  const Model *m = schema_model(box->schema, slice_of(luaL_checkstring(L, 2)));
  Err e;
  luaL_argcheck(L, m != NULL, 2, "no such model");
  lua_settop(L, 4);
  ModelScope scope = {.kind = SCOPE_ALL}, *to = &box->scopes.of[m->index];
  if (to->kind != SCOPE_UNKNOWN) return 0;
  if (!lua_isnil(L, 4)) scope.marker = model_field(m, slice_of(luaL_checkstring(L, 4)));
  if (!lua_isnil(L, 3)) {
    scope.kind = SCOPE_WHERE;
    if (!intake_read(L, rt, 3, box->arena, &scope.where, &e) || !intake_own(box->arena, &scope.where, 1, &e))
      return throw_err(L, &e);
  }
  *to = scope;
  return 0;
}

void open_scopes(lua_State *L) {
  static const luaL_Reg functions[] = {{"scopes", scopes_new}, {"scope", scope_set}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", scopes_gc}, {NULL, NULL}};
  runtime_functions(L, functions);
  runtime_methods(L, runtime_of(L), KIND_SCOPES, meta, NULL);
}
