#include "runtime/intake.h"

#include <stdio.h>

#include "runtime/values.h"

enum {
  MAX_DEPTH = 200
};

/* The tables that we are inside of: for depth and cycles. On the C stack, a chain to the outermost. */
typedef struct Level {
  const struct Level *outer;
  const void *table;
  uint32_t depth;
} Level;

typedef struct Intake {
  lua_State *L;
  Runtime *rt;
  Arena *arena;
  Err *e;
} Intake;

typedef struct Census { /* what keys a table has */
  uint32_t integers, strings;
  lua_Integer max;
  bool strange; /* a key that is neither, or an integer below 1 */
} Census;

static bool take(Intake *in, const Level *outer, Arg *out);

static bool at_index(Err *e, lua_Integer i) {
  char part[32];
  int n = snprintf(part, sizeof part, "[%lld]", (long long)i);
  return err_path(e, (Slice){part, (uint32_t)n});
}

/* [-0, +0, -] of the table on top */
static Census count_keys(lua_State *L) {
  Census c = {0};
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
    if (lua_type(L, -2) == LUA_TSTRING) {
      c.strings++;
    } else if (lua_isinteger(L, -2) && lua_tointeger(L, -2) > 0) {
      c.integers++;
      if (lua_tointeger(L, -2) > c.max) c.max = lua_tointeger(L, -2);
    } else {
      c.strange = true;
    }
  }
  return c;
}

/* [-0, +0, -] */
static bool take_list(Intake *in, const Level *level, uint32_t n, Arg *out) {
  *out = (Arg){.kind = ARG_LIST, .n = n, .leaf = ARG_NO_LEAF};
  out->u.items = ARENA_ARRAY(in->arena, Arg, n + !n);
  for (uint32_t i = 0; i < n; i++) {
    lua_rawgeti(in->L, -1, (lua_Integer)i + 1);
    if (!take(in, level, &out->u.items[i])) return at_index(in->e, (lua_Integer)i + 1);
    lua_pop(in->L, 1);
  }
  return true;
}

/* The positional part of { "profile", posts = {...} }: each name stands for name = true. [-0, +0, -] */
static bool take_positional(Intake *in, uint32_t n, ArgPair *pairs) {
  for (uint32_t i = 0; i < n; i++) {
    lua_rawgeti(in->L, -1, (lua_Integer)i + 1);
    if (lua_type(in->L, -1) != LUA_TSTRING) {
      err_set(in->e, ERR_VALIDATION, "A table with names holds a %s without one; only names may stand alone.",
              luaL_typename(in->L, -1));
      return at_index(in->e, (lua_Integer)i + 1);
    }
    pairs[i] = (ArgPair){value_slice(in->L, -1), {.kind = ARG_BOOL, .leaf = ARG_NO_LEAF, .u.i = 1}};
    lua_pop(in->L, 1);
  }
  return true;
}

/* [-0, +0, -] */
static bool take_map(Intake *in, const Level *level, const Census *c, Arg *out) {
  *out = (Arg){.kind = ARG_MAP, .n = c->strings + c->integers, .leaf = ARG_NO_LEAF};
  out->u.pairs = ARENA_ARRAY(in->arena, ArgPair, out->n + !out->n);
  if (!take_positional(in, c->integers, out->u.pairs)) return false;
  ArgPair *pair = out->u.pairs + c->integers;
  for (lua_pushnil(in->L); lua_next(in->L, -2); lua_pop(in->L, 1)) {
    if (lua_type(in->L, -2) != LUA_TSTRING) continue;
    pair->key = value_slice(in->L, -2);
    if (!take(in, level, &pair->value)) return err_path(in->e, pair->key);
    pair++;
  }
  return true;
}

static bool enter(Intake *in, const Level *outer, Level *level) {
  *level = (Level){outer, lua_topointer(in->L, -1), outer ? outer->depth + 1 : 1};
  for (const Level *l = outer; l; l = l->outer)
    if (l->table == level->table) return err_set(in->e, ERR_VALIDATION, "This table contains itself.");
  if (level->depth > MAX_DEPTH)
    return err_set(in->e, ERR_VALIDATION, "Tables are nested deeper than %d levels.", MAX_DEPTH);
  if (!lua_checkstack(in->L, 8)) return err_oom(in->e);
  return true;
}

/* The table on top, by what its keys are. [-0, +0, -] */
static bool take_table(Intake *in, const Level *outer, Arg *out) {
  Level level;
  if (!enter(in, outer, &level)) return false;
  Kind mark = runtime_kind(in->L, in->rt, -1);
  bool marked = mark == KIND_ARRAY || mark == KIND_OBJECT;
  Census c = count_keys(in->L);
  if (c.strange)
    return err_set(in->e, ERR_VALIDATION, "A table has a key that is neither a name nor a position.");
  if (c.max != (lua_Integer)c.integers)
    return err_set(in->e, ERR_VALIDATION,
                   "A list has holes: its highest index is %lld, but it has %u elements.", (long long)c.max,
                   c.integers);
  if (mark == KIND_ARRAY && c.strings)
    return err_set(in->e, ERR_VALIDATION, "An array (lorm.array) has a key that is a name.");
  bool taken = true;
  if (!c.integers && !c.strings && !marked)
    *out = (Arg){.kind = ARG_EMPTY, .leaf = ARG_NO_LEAF};
  else if (mark == KIND_ARRAY || (c.integers && !c.strings && mark != KIND_OBJECT))
    taken = take_list(in, &level, c.integers, out);
  else
    taken = take_map(in, &level, &c, out);
  out->marked = marked;
  return taken;
}

static bool refuse(Intake *in) {
  return err_set(in->e, ERR_VALIDATION, "A %s is not a value that can be stored or compared.",
                 luaL_typename(in->L, -1));
}

static bool take_userdata(lua_State *L, const Runtime *rt, Arg *out) {
  const void *memory = lua_touserdata(L, -1);
  switch (runtime_kind(L, rt, -1)) {
    case KIND_DATETIME:
      *out = (Arg){.kind = ARG_DATETIME, .leaf = ARG_NO_LEAF, .u.i = ((const DateTime *)memory)->micros};
      return true;
    case KIND_DECIMAL:
      *out = (Arg){.kind = ARG_DECIMAL, .leaf = ARG_NO_LEAF};
      out->n = ((const Decimal *)memory)->n;
      out->u.p = ((const Decimal *)memory)->text;
      return true;
    case KIND_FIELD:
      *out = (Arg){.kind = ARG_FIELD, .leaf = ARG_NO_LEAF, .u.ref = ((const FieldRef *)memory)->field};
      return true;
    case KIND_MARKER:
      *out = (Arg){.kind = (uint8_t)((const Marker *)memory)->kind, .leaf = ARG_NO_LEAF};
      return true;
    default: return false;
  }
}

static bool take_number(lua_State *L, Arg *out) {
  bool whole = lua_isinteger(L, -1);
  *out = (Arg){.kind = whole ? ARG_INT : ARG_FLOAT, .leaf = ARG_NO_LEAF};
  if (whole)
    out->u.i = lua_tointeger(L, -1);
  else
    out->u.f = lua_tonumber(L, -1);
  return true;
}

bool intake_scalar(lua_State *L, const Runtime *rt, Arg *out) {
  switch (lua_type(L, -1)) {
    case LUA_TSTRING: {
      Slice s = value_slice(L, -1);
      *out = (Arg){.kind = ARG_STRING, .n = s.n, .leaf = ARG_NO_LEAF, .u.p = s.p};
      return true;
    }
    case LUA_TNUMBER: return take_number(L, out);
    case LUA_TBOOLEAN:
      *out = (Arg){.kind = ARG_BOOL, .leaf = ARG_NO_LEAF, .u.i = lua_toboolean(L, -1)};
      return true;
    case LUA_TUSERDATA: return take_userdata(L, rt, out);
    case LUA_TNIL: /* only among raw parameters: a table holds none */
      *out = (Arg){.kind = ARG_NULL, .leaf = ARG_NO_LEAF};
      return true;
    case LUA_TLIGHTUSERDATA:
      *out = (Arg){.kind = ARG_NULL, .leaf = ARG_NO_LEAF};
      return !lua_touserdata(L, -1);
    default: return false;
  }
}

/* The value on top. On failure the stack is left as it is: whoever called intake resets it. [-0, +0, -] */
static bool take(Intake *in, const Level *outer, Arg *out) {
  if (lua_type(in->L, -1) == LUA_TTABLE) return take_table(in, outer, out);
  return intake_scalar(in->L, in->rt, out) || refuse(in);
}

typedef struct Walk { /* across arena_protect */
  Intake in;
  int first, n;
  Arg *out;
  bool taken;
} Walk;

static void walk(void *ctx) {
  Walk *w = ctx;
  for (int i = 0; i < w->n; i++) {
    lua_pushvalue(w->in.L, w->first + i);
    if (!take(&w->in, NULL, &w->out[i])) return;
    lua_pop(w->in.L, 1);
  }
  w->taken = true;
}

static bool run(Walk *w) {
  lua_State *L = w->in.L;
  int top = lua_gettop(L);
  if (!lua_checkstack(L, 8)) return err_oom(w->in.e);
  bool room = arena_protect(w->in.arena, NULL, walk, w);
  lua_settop(L, top);
  return room ? w->taken : err_oom(w->in.e);
}

bool intake_read(lua_State *L, Runtime *rt, int index, Arena *a, Arg *out, Err *e) {
  Walk w = {{L, rt, a, e}, lua_absindex(L, index), 1, out, false};
  return run(&w);
}

bool intake_list(lua_State *L, Runtime *rt, int first, int n, Arena *a, Arg **out, Err *e) {
  *out = arena_try(a, sizeof(Arg) * (size_t)(n + 1));
  if (!*out) return err_oom(e);
  Walk w = {{L, rt, a, e}, lua_absindex(L, first), n, *out, false};
  return run(&w);
}

/* ---- keeping ---- */

static void own(Arena *a, Arg *arg) {
  switch (arg->kind) {
    case ARG_STRING:
    case ARG_DECIMAL: arg->u.p = slice_copy(a, arg_text(arg)).p; break;
    case ARG_LIST:
      for (uint32_t i = 0; i < arg->n; i++) own(a, &arg->u.items[i]);
      break;
    case ARG_MAP:
      for (uint32_t i = 0; i < arg->n; i++) {
        arg->u.pairs[i].key = slice_copy(a, arg->u.pairs[i].key);
        own(a, &arg->u.pairs[i].value);
      }
      break;
    default: break;
  }
}

typedef struct Own {
  Arena *arena;
  Arg *args;
  uint32_t n;
} Own;

static void own_all(void *ctx) {
  Own *o = ctx;
  for (uint32_t i = 0; i < o->n; i++) own(o->arena, &o->args[i]);
}

bool intake_own(Arena *a, Arg *args, uint32_t n, Err *e) {
  Own o = {a, args, n};
  return arena_protect(a, NULL, own_all, &o) || err_oom(e);
}
