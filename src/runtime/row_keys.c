#include "runtime/row_keys.h"

#include "runtime/values.h"

enum {
  CACHED = 2048 /* lists; then the cache starts anew */
};

/* Addresses that are keys in the registry and in metatables. */
static const char cache_key, row_mark;

bool row_keys_is_metatable(lua_State *L) {
  if (!lua_checkstack(L, 2)) return false;
  bool is = lua_rawgetp(L, -1, &row_mark) != LUA_TNIL;
  lua_pop(L, 1);
  return is;
}

void row_keys_mark(lua_State *L) {
  lua_pushboolean(L, true);
  lua_rawsetp(L, -2, &row_mark);
}

static int cell_class(const Slot *slot, const Column *columns) {
  return slot->kind == SLOT_COLUMN && columns ? (int)type_kind(columns[slot->column].type) : VALUE_NULL;
}

/* [-0, +1, m] */
static void push_metatable(lua_State *L, const Record *r, const Column *columns) {
  lua_createtable(L, r->n_slots, r->n_slots + 1);
  row_keys_mark(L);
  for (uint16_t i = 0; i < r->n_slots; i++) {
    lua_pushlstring(L, r->slots[i].key.p, r->slots[i].key.n);
    lua_rawseti(L, -2, i + 1);
    lua_pushinteger(L, cell_class(&r->slots[i], columns));
    lua_rawseti(L, -2, -(lua_Integer)i - 1);
  }
}

/* ---- the list of all that is pushed ---- */

/* [-0, +0, m] at the end of the list on top */
static void list_add(lua_State *L, const Record *r, const Column *columns) {
  lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
  push_metatable(L, r, columns);
  for (uint16_t i = 0; i < r->n_slots; i++) {
    lua_rawgeti(L, -1, i + 1);
    lua_rawseti(L, -3, n + i + 2);
  }
  lua_rawseti(L, -2, n + 1);
  for (uint16_t i = 0; i < r->n_slots; i++)
    if (r->slots[i].kind == SLOT_RECORD) list_add(L, r->slots[i].record, columns);
}

static int list_size(const Record *r) {
  int n = 1 + r->n_slots;
  for (uint16_t i = 0; i < r->n_slots; i++)
    if (r->slots[i].kind == SLOT_RECORD) n += list_size(r->slots[i].record);
  return n;
}

/* [-0, +0, -] Is the list on top that of just these columns? */
static bool list_fits(lua_State *L, const Record *r, const Column *columns) {
  if (lua_rawlen(L, -1) != 1u + r->n_slots) return false;
  lua_rawgeti(L, -1, 1);
  bool same = true;
  for (uint16_t i = 0; same && i < r->n_slots; i++) {
    lua_rawgeti(L, -1, i + 1);
    lua_rawgeti(L, -2, -(lua_Integer)i - 1);
    same = slice_eq(value_slice(L, -2), r->slots[i].key) &&
           lua_tointeger(L, -1) == cell_class(&r->slots[i], columns);
    lua_pop(L, 2);
  }
  lua_pop(L, 1);
  return same;
}

/* ---- the cache {number -> list}, [0] = how many ---- */

/* [-0, +1, m] */
static void push_cache(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &cache_key) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &cache_key);
}

/* [-0, +1, m] the list, made anew and kept; the cache is on top */
static void list_new(lua_State *L, lua_Integer number, const Record *r, const Column *columns) {
  lua_rawgeti(L, -1, 0);
  lua_Integer n = lua_tointeger(L, -1);
  lua_pop(L, 1);
  if (n >= CACHED) {
    lua_newtable(L);
    lua_replace(L, -2);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &cache_key);
    n = 0;
  }
  lua_createtable(L, list_size(r), 0);
  list_add(L, r, columns);
  lua_pushinteger(L, n + 1);
  lua_rawseti(L, -3, 0);
  lua_pushvalue(L, -1);
  lua_rawseti(L, -3, number);
}

/* Names of plans' records are positive. */
static lua_Integer number_of_keys(const Record *r) {
  uint64_t h = r->n_slots;
  for (uint16_t i = 0; i < r->n_slots; i++) h = h * 31 + slice_hash(r->slots[i].key);
  return (lua_Integer)(h | UINT64_C(1) << 63);
}

int row_keys_push(lua_State *L, uint64_t number, const Record *r, const Column *columns) {
  if (!lua_checkstack(L, list_size(r) + 8)) return 0;
  lua_Integer key = number ? (lua_Integer)number : number_of_keys(r);
  push_cache(L);
  if (lua_rawgeti(L, -1, key) != LUA_TTABLE || (!number && !list_fits(L, r, columns))) {
    lua_pop(L, 1);
    list_new(L, key, r, columns);
  }
  int list = lua_gettop(L), n = (int)lua_rawlen(L, list);
  for (int i = 1; i <= n; i++) lua_rawgeti(L, list, i);
  return list + 1;
}
