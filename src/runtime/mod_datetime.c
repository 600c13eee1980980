/* lorm.datetime: an instant in microseconds, UTC. Compares, subtracts (milliseconds), adds milliseconds.
 *   lorm.datetime "2026-11-24T14:35:11Z"   lorm.datetime(os.time())   lorm.now()   d:iso()   d:unix() */
#include "base/datetime.h"

#include "runtime/throw.h"
#include "runtime/values.h"

enum {
  PER_MS = 1000,
  PER_SECOND = 1000000
};

void value_push_datetime(lua_State *L, const Runtime *rt, int64_t micros) {
  DateTime *d = lua_newuserdatauv(L, sizeof *d, 0);
  d->micros = micros;
  runtime_mark(L, rt, KIND_DATETIME);
}

void value_push_null(lua_State *L) { lua_pushlightuserdata(L, NULL); }

static int64_t check(lua_State *L, int index) {
  return ((DateTime *)runtime_check(L, runtime_of(L), index, KIND_DATETIME))->micros;
}

static int bad_text(lua_State *L, Slice text) {
  return throw_code(L, ERR_VALIDATION,
                    "\"%.*s\" is not a date and time in ISO 8601 form, such as 2026-11-24T14:35:11Z.",
                    SLICE_ARGS(text));
}

/* Seconds as os.time gives them, whole or not. */
static int64_t of_seconds(lua_State *L, int index) {
  if (!lua_isinteger(L, index)) {
    double micros = lua_tonumber(L, index) * PER_SECOND;
    if (!(micros > -9.2e18 && micros < 9.2e18))
      throw_code(L, ERR_VALIDATION, "This number is no point in time.");
    return (int64_t)(micros < 0 ? micros - 0.5 : micros + 0.5);
  }
  int64_t micros;
  if (__builtin_mul_overflow((int64_t)lua_tointeger(L, index), (int64_t)PER_SECOND, &micros))
    throw_code(L, ERR_VALIDATION, "This number is no point in time.");
  return micros;
}

/* lorm.datetime(text | seconds | datetime) [-0, +1, v] */
static int datetime_new(lua_State *L) {
  Runtime *rt = runtime_of(L);
  int64_t micros;
  DateTime *same = runtime_test(L, rt, 1, KIND_DATETIME);
  if (same) {
    micros = same->micros;
  } else if (lua_type(L, 1) == LUA_TNUMBER) {
    micros = of_seconds(L, 1);
  } else {
    luaL_checktype(L, 1, LUA_TSTRING);
    if (!datetime_parse(value_slice(L, 1), &micros)) return bad_text(L, value_slice(L, 1));
  }
  value_push_datetime(L, rt, micros);
  return 1;
}

/* core.datetimeOf(microseconds) -> datetime [-0, +1, v] */
static int datetime_of(lua_State *L) {
  value_push_datetime(L, runtime_of(L), luaL_checkinteger(L, 1));
  return 1;
}

/* lorm.now() [-0, +1, m] */
static int now(lua_State *L) {
  value_push_datetime(L, runtime_of(L), datetime_now());
  return 1;
}

static int iso(lua_State *L) {
  char text[DATETIME_TEXT];
  lua_pushlstring(L, text, datetime_format(check(L, 1), text));
  return 1;
}

/* d:unix() -> seconds, an integer when whole */
static int unix_seconds(lua_State *L) {
  int64_t micros = check(L, 1);
  if (micros % PER_SECOND == 0)
    lua_pushinteger(L, micros / PER_SECOND);
  else
    lua_pushnumber(L, (double)micros / PER_SECOND);
  return 1;
}

static int microseconds(lua_State *L) {
  lua_pushinteger(L, check(L, 1));
  return 1;
}

/* d:parts() -> { year=, month=, day=, hour=, min=, sec=, usec= }, as os.date "!*t" */
static int parts(lua_State *L) {
  static const char *const names[] = {"month", "day", "hour", "min", "sec", "usec"};
  int64_t year;
  int part[COUNT(names)];
  datetime_split(check(L, 1), &year, &part[0], &part[1], &part[2], &part[3], &part[4], &part[5]);
  lua_createtable(L, 0, 7);
  lua_pushinteger(L, year);
  lua_setfield(L, -2, "year");
  for (size_t i = 0; i < COUNT(names); i++) {
    lua_pushinteger(L, part[i]);
    lua_setfield(L, -2, names[i]);
  }
  return 1;
}

static int equal(lua_State *L) {
  lua_pushboolean(L, check(L, 1) == check(L, 2));
  return 1;
}
static int less(lua_State *L) {
  lua_pushboolean(L, check(L, 1) < check(L, 2));
  return 1;
}
static int less_equal(lua_State *L) {
  lua_pushboolean(L, check(L, 1) <= check(L, 2));
  return 1;
}

static int64_t of_ms(lua_State *L, int index) {
  if (!lua_isinteger(L, index)) return (int64_t)(luaL_checknumber(L, index) * PER_MS);
  return (int64_t)lua_tointeger(L, index) * PER_MS;
}

/* d + ms, ms + d */
static int add(lua_State *L) {
  Runtime *rt = runtime_of(L);
  int date = runtime_test(L, rt, 1, KIND_DATETIME) ? 1 : 2;
  value_push_datetime(L, rt, check(L, date) + of_ms(L, 3 - date));
  return 1;
}

/* d - d -> milliseconds; d - ms -> datetime */
static int subtract(lua_State *L) {
  Runtime *rt = runtime_of(L);
  if (!runtime_test(L, rt, 2, KIND_DATETIME)) {
    value_push_datetime(L, rt, check(L, 1) - of_ms(L, 2));
    return 1;
  }
  int64_t micros = check(L, 1) - check(L, 2);
  if (micros % PER_MS == 0)
    lua_pushinteger(L, micros / PER_MS);
  else
    lua_pushnumber(L, (double)micros / PER_MS);
  return 1;
}

void open_datetime(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"datetime", datetime_new}, {"datetimeOf", datetime_of}, {"now", now}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__tostring", iso},  {"__eq", equal}, {"__lt", less},
                                  {"__le", less_equal}, {"__add", add},  {"__sub", subtract},
                                  {NULL, NULL}};
  static const luaL_Reg methods[] = {
      {"iso", iso}, {"unix", unix_seconds}, {"microseconds", microseconds}, {"parts", parts}, {NULL, NULL}};
  runtime_functions(L, functions);
  runtime_methods(L, runtime_of(L), KIND_DATETIME, meta, methods);
}
