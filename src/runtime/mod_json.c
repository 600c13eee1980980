/* lorm.json: Lua values to JSON text and back. Decoding also serves Json cells. */
#include "base/datetime.h"
#include "base/decimal.h"
#include "base/json.h"
#include "base/vec.h"
#include "runtime/row_keys.h"
#include "runtime/throw.h"
#include "runtime/values.h"

#include <stdio.h>
#include <stdlib.h>

enum {
  MAX_DEPTH = 200,
  EXACT_BITS = 53 /* integers up to here survive readers that have only doubles */
};

/* ---- reading ---- */

typedef struct Reading {
  lua_State *L;
  Runtime *rt;
  JsonReader reader;
  uint32_t counts[sizeof((JsonReader){0}.stack)]; /* elements so far, per depth */
} Reading;

/* [-0, +1, m] */
static void push_string(lua_State *L, const JsonToken *t) {
  if (!t->escaped) {
    lua_pushlstring(L, t->text.p, t->text.n);
    return;
  }
  luaL_Buffer b;
  char *to = luaL_buffinitsize(L, &b, t->text.n);
  luaL_pushresultsize(&b, json_unescape(t->text, to));
}

/* [-0, +1, m] one scalar token */
static void push_scalar(lua_State *L, Runtime *rt, const JsonToken *t) {
  switch (t->kind) {
    case JSON_FALSE:
    case JSON_TRUE: lua_pushboolean(L, t->kind == JSON_TRUE); break;
    case JSON_INT: lua_pushinteger(L, t->i); break;
    case JSON_FLOAT: lua_pushnumber(L, t->f); break;
    case JSON_BIG: value_push_decimal(L, rt, t->text); break;
    case JSON_STRING:
    case JSON_KEY: push_string(L, t); break;
    default: value_push_null(L);
  }
}

/* The value on top goes into the container below it; the outermost stays. [-1 or -2, +0, m] */
static void attach(Reading *r) {
  uint32_t depth = r->reader.depth;
  if (depth == 0) return;
  if (r->reader.stack[depth - 1] == '[')
    lua_rawseti(r->L, -2, (lua_Integer)++r->counts[depth - 1]);
  else
    lua_rawset(r->L, -3);
}

static bool open_container(Reading *r, Err *e) {
  if (!lua_checkstack(r->L, 8)) return err_oom(e);
  lua_newtable(r->L);
  r->counts[r->reader.depth - 1] = 0;
  return true;
}

bool value_push_json(lua_State *L, Runtime *rt, Slice text, Err *e) {
  Reading r = {.L = L, .rt = rt, .reader = json_reader(text)};
  int top = lua_gettop(L);
  JsonToken t;
  if (!lua_checkstack(L, 8)) return err_oom(e);
  while (json_next(&r.reader, &t)) {
    if (t.kind == JSON_OBJECT || t.kind == JSON_ARRAY) {
      if (!open_container(&r, e)) break;
    } else if (t.kind == JSON_KEY) {
      push_string(L, &t);
    } else {
      if (t.kind == JSON_ARRAY_END && r.counts[r.reader.depth] == 0)
        runtime_mark(L, rt, KIND_ARRAY);
      else if (t.kind != JSON_ARRAY_END && t.kind != JSON_OBJECT_END)
        push_scalar(L, rt, &t);
      attach(&r);
    }
  }
  if (t.kind == JSON_END && lua_gettop(L) == top + 1) return true;
  lua_settop(L, top);
  return err_set(e, ERR_VALIDATION, "This is not JSON: something is wrong at byte %u.", r.reader.at + 1);
}

/* lorm.json.decode(text) -> value [-0, +1, v] */
static int decode(lua_State *L) {
  luaL_checktype(L, 1, LUA_TSTRING);
  Err e;
  if (!value_push_json(L, runtime_of(L), value_slice(L, 1), &e)) return throw_err(L, &e);
  return 1;
}

/* ---- writing ---- */

typedef struct Writing {
  lua_State *L;
  Runtime *rt;
  Buf *out;
  Err *e;
  uint32_t depth;
  bool as_column; /* the value is a cell of a row: big integers become strings */
  bool as_bytes;  /* and strings are bytes: base64 */
} Writing;

static bool put(Writing *w);

static void base64(Buf *b, Slice s) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  buf_byte(b, '"');
  for (uint32_t i = 0; i < s.n; i += 3) {
    uint32_t left = s.n - i, bits = 0;
    for (uint32_t k = 0; k < 3; k++) bits = bits << 8 | (k < left ? (unsigned char)s.p[i + k] : 0u);
    for (uint32_t k = 0; k < 4; k++) buf_byte(b, k <= left ? digits[bits >> (18 - 6 * k) & 63] : '=');
  }
  buf_byte(b, '"');
}

static void put_integer(Writing *w, lua_Integer i) {
  lua_Integer limit = (lua_Integer)1 << EXACT_BITS;
  bool quote = w->as_column && (i > limit || i < -limit);
  if (quote) buf_byte(w->out, '"');
  buf_int(w->out, i);
  if (quote) buf_byte(w->out, '"');
}

static bool put_userdata(Writing *w) {
  const void *memory = lua_touserdata(w->L, -1);
  char text[DATETIME_TEXT];
  switch (runtime_kind(w->L, w->rt, -1)) {
    case KIND_DATETIME:
      json_string(w->out, (Slice){text, datetime_format(((const DateTime *)memory)->micros, text)});
      return true;
    case KIND_DECIMAL:
      buf_byte(w->out, '"');
      decimal_shortest(w->out, (Slice){((const Decimal *)memory)->text, ((const Decimal *)memory)->n});
      buf_byte(w->out, '"');
      return true;
    case KIND_MARKER: buf_text(w->out, "null"); return true;
    default: return err_set(w->e, ERR_VALIDATION, "A userdata of this type has no JSON form.");
  }
}

/* [-0, +0, -] the table on top as [ ... ] */
static bool put_array(Writing *w, lua_Integer n) {
  buf_byte(w->out, '[');
  for (lua_Integer i = 1; i <= n; i++) {
    if (i > 1) buf_byte(w->out, ',');
    lua_rawgeti(w->L, -1, i);
    bool written = put(w);
    lua_pop(w->L, 1);
    char part[32];
    snprintf(part, sizeof part, "[%lld]", (long long)i);
    if (!written) return err_path(w->e, slice_of(part));
  }
  buf_byte(w->out, ']');
  return true;
}

static bool put_member(Writing *w, Slice key, bool first) {
  if (!first) buf_byte(w->out, ',');
  json_string(w->out, key);
  buf_byte(w->out, ':');
  return put(w) || err_path(w->e, key);
}

typedef struct Member { /* a key of a table: a name, or a position in a table that also has names */
  Slice key;
  int slot; /* where on the stack the key itself is kept */
} Member;

static int by_key(const void *a, const void *b) {
  return slice_compare(((const Member *)a)->key, ((const Member *)b)->key);
}

/* [-0, +0, -] Is the name on top (a key of the row below it) a column of the metatable at `meta`? */
static bool is_column(lua_State *L, int meta, int key) {
  uint32_t n = (uint32_t)lua_rawlen(L, meta);
  for (uint32_t i = 1; i <= n; i++) {
    lua_rawgeti(L, meta, i);
    bool same = lua_rawequal(L, -1, key);
    lua_pop(L, 1);
    if (same) return true;
  }
  return false;
}

/* Keys of the table at `index` that are not columns of the metatable at `meta` (0: all), sorted: the same
 * table always gives the same text. [-0, +n, -]: the keys stay on the stack; NULL: no room on it. */
static Member *sorted_members(Writing *w, int index, int meta, uint32_t *n) {
  lua_State *L = w->L;
  Member *members = arena_alloc(w->out->arena, sizeof *members);
  *n = 0;
  for (lua_pushnil(L); lua_next(L, index);) {
    lua_pop(L, 1);
    Member m = {.slot = lua_gettop(L)};
    if (lua_type(L, -1) == LUA_TSTRING) {
      if (meta && is_column(L, meta, m.slot)) continue;
      m.key = value_slice(L, -1);
    } else if (lua_isinteger(L, -1)) {
      m.key = slice_printf(w->out->arena, "%lld", (long long)lua_tointeger(L, -1));
    } else {
      continue;
    }
    if (!lua_checkstack(L, 8)) return NULL;
    lua_pushvalue(L, -1); /* the copy on top drives lua_next, this one stays */
    if (*n == 0) members = NULL;
    *VEC_PUSH(w->out->arena, members, *n) = m;
  }
  if (*n > 1) qsort(members, *n, sizeof *members, by_key);
  return members;
}

static bool put_members(Writing *w, int index, int meta, bool first) {
  uint32_t n;
  int top = lua_gettop(w->L);
  Member *members = sorted_members(w, index, meta, &n);
  if (!members) return err_oom(w->e);
  for (uint32_t i = 0; i < n; i++, first = false) {
    lua_pushvalue(w->L, members[i].slot);
    lua_rawget(w->L, index);
    if (!put_member(w, members[i].key, first)) return false;
    lua_pop(w->L, 1);
  }
  lua_settop(w->L, top);
  return true;
}

/* A row: its metatable (on top) names the columns, so that NULLs appear and the order is the schema's.
 * [-0, +0, -] */
static bool put_row(Writing *w, int index) {
  lua_State *L = w->L;
  int meta = lua_gettop(L);
  lua_Integer n = (lua_Integer)lua_rawlen(L, meta);
  buf_byte(w->out, '{');
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, meta, i);
    Slice key = value_slice(L, -1);
    lua_rawgeti(L, meta, -i);
    w->as_column = true;
    w->as_bytes = lua_tointeger(L, -1) == VALUE_BYTES;
    lua_pop(L, 1);
    lua_rawget(L, index);
    bool written = put_member(w, key, i == 1);
    w->as_column = w->as_bytes = false;
    lua_pop(L, 1);
    if (!written) return false;
  }
  bool written = put_members(w, index, meta, n == 0);
  buf_byte(w->out, '}');
  return written;
}

/* [-0, +0, -] Do the keys of the table on top read 1..n? Then n, else -1; 0 for an empty table. */
static lua_Integer list_length(lua_State *L) {
  lua_Integer n = 0, max = 0;
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
    if (!lua_isinteger(L, -2) || lua_tointeger(L, -2) < 1) {
      lua_pop(L, 2);
      return -1;
    }
    n++;
    if (lua_tointeger(L, -2) > max) max = lua_tointeger(L, -2);
  }
  return n == max ? n : -1;
}

/* The table on top. [-0, +0, -] */
static bool put_table(Writing *w) {
  lua_State *L = w->L;
  if (++w->depth > MAX_DEPTH)
    return err_set(w->e, ERR_VALIDATION, "Tables are nested deeper than %d levels, or contain themselves.",
                   MAX_DEPTH);
  if (!lua_checkstack(L, 10)) return err_oom(w->e);
  int index = lua_gettop(L);
  bool cell = w->as_column, bytes = w->as_bytes, written;
  w->as_column = w->as_bytes = false;
  Kind mark = runtime_kind(L, w->rt, -1);
  lua_Integer n = mark == KIND_OBJECT ? -1 : list_length(L);
  if (mark == KIND_ARRAY || n > 0) {
    w->as_column = cell;
    w->as_bytes = bytes;
    written = put_array(w, n < 0 ? 0 : n);
  } else if (lua_getmetatable(L, -1) && row_keys_is_metatable(L)) {
    written = put_row(w, index);
  } else {
    buf_byte(w->out, '{');
    written = put_members(w, index, 0, true);
    buf_byte(w->out, '}');
  }
  lua_settop(L, index);
  w->as_column = cell;
  w->as_bytes = bytes;
  w->depth--;
  return written;
}

/* The value on top. [-0, +0, -] */
static bool put(Writing *w) {
  lua_State *L = w->L;
  switch (lua_type(L, -1)) {
    case LUA_TNIL: buf_text(w->out, "null"); return true;
    case LUA_TLIGHTUSERDATA:
      buf_text(w->out, "null");
      return !lua_touserdata(L, -1) || err_set(w->e, ERR_VALIDATION, "A light userdata has no JSON form.");
    case LUA_TBOOLEAN: buf_text(w->out, lua_toboolean(L, -1) ? "true" : "false"); return true;
    case LUA_TNUMBER:
      if (lua_isinteger(L, -1))
        put_integer(w, lua_tointeger(L, -1));
      else
        json_float(w->out, lua_tonumber(L, -1));
      return true;
    case LUA_TSTRING: (w->as_bytes ? base64 : json_string)(w->out, value_slice(L, -1)); return true;
    case LUA_TTABLE: return put_table(w);
    case LUA_TUSERDATA: return put_userdata(w);
    default: return err_set(w->e, ERR_VALIDATION, "A %s has no JSON form.", luaL_typename(L, -1));
  }
}

typedef struct Encode { /* across arena_protect */
  Writing writing;
  bool written;
} Encode;

static void encode_body(void *ctx) {
  Encode *x = ctx;
  x->written = put(&x->writing);
}

/* lorm.json.encode(value) -> text [-0, +1, v] */
static int encode(lua_State *L) {
  luaL_checkany(L, 1);
  lua_settop(L, 1);
  Runtime *rt = runtime_of(L);
  arena_reset(rt->scratch);
  Buf out = buf_in(rt->scratch);
  Err e;
  Encode x = {{.L = L, .rt = rt, .out = &out, .e = &e}, false};
  luaL_checkstack(L, 16, NULL);
  if (!arena_protect(rt->scratch, NULL, encode_body, &x)) {
    err_oom(&e);
    return throw_err(L, &e);
  }
  if (!x.written) return throw_err(L, &e);
  lua_pushlstring(L, out.p, out.n);
  arena_reset(rt->scratch);
  return 1;
}

void open_json(lua_State *L) {
  static const luaL_Reg functions[] = {{"encode", encode}, {"decode", decode}, {NULL, NULL}};
  lua_newtable(L);
  runtime_functions(L, functions);
  lua_setfield(L, -2, "json");
}
