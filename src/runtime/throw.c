#include "runtime/throw.h"

#include <stdarg.h>
#include <stdio.h>

/* Prisma's error classes, by what begins the public code or by our own. */
static const struct {
  ErrCode code;
  const char *name;
} names[] = {
    {ERR_VALIDATION, "ValidationError"},
    {ERR_USAGE, "UsageError"},
    {ERR_CANCELLED, "CancelledError"},
    {ERR_TIMEOUT, "TimeoutError"},
    {ERR_LOCK_NOT_AVAILABLE, "LockNotAvailableError"},
    {ERR_PERMISSION_DENIED, "PermissionError"},
    {ERR_UNKNOWN_OUTCOME, "UnknownOutcomeError"},
    {ERR_IO, "IOError"},
    {ERR_OUT_OF_MEMORY, "OutOfMemoryError"},
    {ERR_INTERNAL, "InternalError"},
};

static const char *class_name(ErrCode code) {
  for (size_t i = 0; i < COUNT(names); i++)
    if (names[i].code == code) return names[i].name;
  return strncmp(err_public_code(code), "P1", 2) == 0 ? "InitializationError" : "KnownRequestError";
}

/* [-0, +0, m] t[key] = text for the table on top; nothing when the text is empty */
static void set_text(lua_State *L, const char *key, const char *text) {
  if (!text[0]) return;
  lua_pushstring(L, text);
  lua_setfield(L, -2, key);
}

/* [-0, +0, m] t[key] = { "a", "b" } from "a,b" */
static void set_names(lua_State *L, const char *key, const char *text) {
  if (!text[0]) return;
  lua_newtable(L);
  for (lua_Integer i = 1; *text; i++) {
    size_t n = strcspn(text, ",");
    lua_pushlstring(L, text, n);
    lua_rawseti(L, -2, i);
    text += n;
    text += strspn(text, ", ");
  }
  lua_setfield(L, -2, key);
}

/* [-0, +1, m] what Prisma's meta holds, plus what the server said */
static void push_meta(lua_State *L, const Err *e) {
  lua_newtable(L);
  set_text(L, "modelName", e->model);
  set_names(L, "target", e->target);
  set_text(L, "constraint", e->constraint);
  set_text(L, "table", e->table);
  set_names(L, "columns", e->columns);
  set_text(L, e->sqlstate[0] ? "detail" : "cause", e->detail);
  set_text(L, "hint", e->hint);
  if (e->code != ERR_P2010) return;
  set_text(L, "code", e->sqlstate);
  set_text(L, "message", e->message);
  if (!e->position) return;
  lua_pushinteger(L, e->position);
  lua_setfield(L, -2, "position");
}

bool throw_is_ours(const char *source) {
  return strncmp(source, "=lorm.", 6) == 0 || strstr(source, "/lua/lorm/");
}

/* [-0, +0, -] Does the function at the level of the stack belong to the chain of hooks? */
static bool is_of_chain(lua_State *L, int level) {
  lua_Debug ar;
  if (level < 0 || !lua_getstack(L, level, &ar)) return false;
  lua_getinfo(L, "S", &ar);
  return strcmp(ar.source, "=lorm.hooks") == 0 || strcmp(ar.source, "=lorm.extend") == 0 ||
         strstr(ar.source, "/lua/lorm/hooks.lua") || strstr(ar.source, "/lua/lorm/extend.lua");
}

/* [-0, +2, m] The nearest hook that only passed a call on, and above it the nearest function that is not
 * lorm's own and asked for it: "script.lua:12", each nil where there is none. */
static void push_places(lua_State *L) {
  lua_Debug ar;
  lua_pushnil(L);
  for (int level = 0; lua_getstack(L, level, &ar); level++) {
    lua_getinfo(L, "Sl", &ar);
    if (ar.currentline <= 0 || throw_is_ours(ar.source)) continue;
    bool passes = is_of_chain(L, level - 1) && is_of_chain(L, level + 1);
    if (passes && !lua_isnil(L, -1)) continue;
    lua_pushfstring(L, "%s:%d", ar.short_src, ar.currentline);
    if (!passes) return;
    lua_replace(L, -2);
  }
  lua_pushnil(L);
}

/* [-0, +0, m] Sets `at` and, where hooks may have changed what was asked for, `through` of the table on top.
 */
static void set_places(lua_State *L, const Err *e) {
  push_places(L);
  lua_setfield(L, -3, "at");
  if (e->code == ERR_VALIDATION) {
    lua_setfield(L, -2, "through");
  } else {
    lua_pop(L, 1);
  }
}

void throw_push(lua_State *L, const Err *e) {
  Runtime *rt = runtime_of(L);
  luaL_checkstack(L, 8, NULL);
  lua_createtable(L, 0, 10);
  set_text(L, "name", class_name(e->code));
  set_text(L, "code", err_public_code(e->code));
  set_text(L, "message", e->message);
  set_text(L, "path", e->path);
  set_text(L, "model", e->model);
  set_text(L, "action", e->action);
  set_text(L, "sqlstate", e->sqlstate);
  set_text(L, "file", e->file);
  if (e->line) {
    lua_pushinteger(L, e->line);
    lua_setfield(L, -2, "line");
  }
  push_meta(L, e);
  lua_setfield(L, -2, "meta");
  set_places(L, e);
  runtime_mark(L, rt, KIND_ERROR);
}

int throw_err(lua_State *L, const Err *e) {
  throw_push(L, e);
  return lua_error(L);
}

int throw_top(lua_State *L) { return lua_error(L); }

int throw_code(lua_State *L, ErrCode code, const char *format, ...) {
  Err e;
  err_set(&e, code, "%s", "");
  va_list args;
  va_start(args, format);
  vsnprintf(e.message, sizeof e.message, format, args);
  va_end(args);
  return throw_err(L, &e);
}

/* [-0, +0, -] text of a string field of the error table at `index`, or "" ; raw, so that nothing can raise */
static Slice field_text(lua_State *L, int index, const char *key) {
  Slice found = {"", 0};
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING) continue;
    if (strcmp(lua_tostring(L, -2), key) != 0) continue;
    size_t n;
    found.p = lua_tolstring(L, -1, &n);
    found.n = (uint32_t)n;
  }
  return found;
}

/* [-0, +0, -] the same of a whole number, or 0 */
static uint32_t field_number(lua_State *L, int index, const char *key) {
  uint32_t found = 0;
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
    if (lua_type(L, -2) == LUA_TSTRING && lua_isinteger(L, -1) && strcmp(lua_tostring(L, -2), key) == 0)
      found = (uint32_t)lua_tointeger(L, -1);
  return found;
}

/* [-0, +1, m] metamethod: "script.lua:12: P2002 in db.User:create: message (hint)" */
static int error_tostring(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  luaL_Buffer b;
  Slice at = field_text(L, 1, "at"), code = field_text(L, 1, "code"), model = field_text(L, 1, "model");
  Slice action = field_text(L, 1, "action"), path = field_text(L, 1, "path");
  Slice message = field_text(L, 1, "message");
  if (!code.n) code = field_text(L, 1, "name");
  lua_getfield(L, 1, "meta");
  Slice hint = lua_istable(L, 2) ? field_text(L, 2, "hint") : (Slice){"", 0};
  luaL_buffinit(L, &b);
  if (at.n) {
    luaL_addlstring(&b, at.p, at.n);
    luaL_addstring(&b, ": ");
  }
  luaL_addlstring(&b, code.p, code.n);
  if (model.n || action.n) {
    luaL_addstring(&b, model.n ? " in db." : " in db");
    luaL_addlstring(&b, model.p, model.n);
    if (action.n) luaL_addchar(&b, ':');
    luaL_addlstring(&b, action.p, action.n);
  }
  if (path.n) {
    luaL_addstring(&b, ", at ");
    luaL_addlstring(&b, path.p, path.n);
  }
  luaL_addstring(&b, ": ");
  luaL_addlstring(&b, message.p, message.n);
  if (hint.n) {
    luaL_addstring(&b, "\n  hint: ");
    luaL_addlstring(&b, hint.p, hint.n);
  }
  luaL_pushresult(&b);
  return 1;
}

/* [-0, +0, -] the fields of our own error tables, back into an Err */
static void read_table(lua_State *L, int index, Err *e) {
  static const struct {
    const char *key;
    size_t at, size;
  } parts[] = {
      {"message", offsetof(Err, message), sizeof e->message},
      {"path", offsetof(Err, path), sizeof e->path},
      {"model", offsetof(Err, model), sizeof e->model},
      {"action", offsetof(Err, action), sizeof e->action},
      {"file", offsetof(Err, file), sizeof e->file},
      {"sqlstate", offsetof(Err, sqlstate), sizeof e->sqlstate},
  };
  for (size_t i = 0; i < COUNT(parts); i++)
    err_text((char *)e + parts[i].at, parts[i].size, field_text(L, index, parts[i].key));
  e->line = field_number(L, index, "line");
  e->code = err_code_of(field_text(L, index, "code"));
  Slice name = field_text(L, index, "name");
  for (size_t i = 0; e->code == ERR_NONE && i < COUNT(names); i++)
    if (slice_is(name, names[i].name)) e->code = names[i].code;
  if (e->code == ERR_NONE) e->code = ERR_USAGE;
}

/* [-0, +0, -] Is it an error object of ours? False where lorm was never opened. */
static bool is_own(lua_State *L, int index) {
  const Runtime *rt = runtime_find(L);
  return rt && lua_istable(L, index) && runtime_kind(L, rt, index) == KIND_ERROR;
}

/* [-0, +0, -] where an error of ours happened, for the line below its message: "script.lua:3, db.User:create,
 * data.email, through hook.lua:7"; empty when nothing is known */
static void write_place(lua_State *L, int index, char *to, size_t size) {
  Slice at = field_text(L, index, "at"), model = field_text(L, index, "model");
  Slice action = field_text(L, index, "action"), path = field_text(L, index, "path");
  Slice through = field_text(L, index, "through");
  char call[128], hook[256];
  snprintf(hook, sizeof hook, "through %.*s", SLICE_ARGS(through));
  snprintf(call, sizeof call, "db%s%.*s:%.*s", model.n ? "." : "", SLICE_ARGS(model), SLICE_ARGS(action));
  const Slice parts[] = {at, action.n ? slice_of(call) : (Slice){0}, path,
                         through.n ? slice_of(hook) : (Slice){0}};
  size_t n = 0;
  to[0] = 0;
  for (size_t i = 0; i < COUNT(parts) && n < size; i++)
    if (parts[i].n)
      n += (size_t)snprintf(to + n, size - n, "%s%.*s", n ? ", " : "\n  --> ", SLICE_ARGS(parts[i]));
}

/* [-0, +0, -] what meta says, which cli shows in lines of their own */
static void read_meta(lua_State *L, int index, Err *e) {
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING || !lua_istable(L, -1)) continue;
    if (strcmp(lua_tostring(L, -2), "meta") != 0) continue;
    int meta = lua_gettop(L);
    err_text(e->hint, sizeof e->hint, field_text(L, meta, "hint"));
    err_text(e->detail, sizeof e->detail, field_text(L, meta, "detail"));
  }
}

/* [-0, +0, -] an error of ours: its parts, for cli to lay out */
static void read_own(lua_State *L, int index, const char *trace, Err *e) {
  char place[600];
  read_table(L, index, e);
  read_meta(L, index, e);
  write_place(L, index, place, sizeof place);
  Slice message = field_text(L, index, "message");
  snprintf(e->message, sizeof e->message, "%.*s%s%s%s", SLICE_ARGS(message), place, trace ? "\n" : "",
           trace ? trace : "");
}

/* lua_pcall around this: tostring of somebody's error value may raise or run out of memory. [-1, +1, v] */
static int safe_text(lua_State *L) {
  luaL_tolstring(L, 1, NULL);
  return 1;
}

void throw_read(lua_State *L, int index, const char *trace, Err *e) {
  index = lua_absindex(L, index);
  err_set(e, ERR_USAGE, "%s", "unknown error");
  if (!lua_checkstack(L, 10)) return;
  if (is_own(L, index)) {
    read_own(L, index, trace, e);
    return;
  }
  if (lua_istable(L, index)) read_table(L, index, e);
  lua_pushcfunction(L, safe_text);
  lua_pushvalue(L, index);
  bool fine = lua_pcall(L, 1, 1, 0) == LUA_OK && lua_type(L, -1) == LUA_TSTRING;
  const char *text = fine ? lua_tostring(L, -1) : "an error value that has no text";
  snprintf(e->message, sizeof e->message, "%s%s%s", text, trace ? "\n" : "", trace ? trace : "");
  lua_pop(L, 1);
}

/* ---- tracebacks ---- */

/* [-0, +1, m] "\tscript.lua:12: in function 'f'" */
static void push_frame(lua_State *L, const lua_Debug *ar) {
  if (ar->name && *ar->name)
    lua_pushfstring(L, "\n\t%s:%d: in %s '%s'", ar->short_src, ar->currentline,
                    *ar->namewhat ? ar->namewhat : "function", ar->name);
  else if (*ar->what == 'm')
    lua_pushfstring(L, "\n\t%s:%d: in main chunk", ar->short_src, ar->currentline);
  else
    lua_pushfstring(L, "\n\t%s:%d: in function <%s:%d>", ar->short_src, ar->currentline, ar->short_src,
                    ar->linedefined);
}

void throw_push_trace(lua_State *L, lua_State *co) {
  enum {
    MOST = 20
  };
  lua_Debug ar;
  int frames = 0;
  luaL_Buffer b;
  luaL_buffinit(L, &b);
  luaL_addstring(&b, "stack traceback:");
  for (int level = 0; frames < MOST && lua_getstack(co, level, &ar); level++) {
    lua_getinfo(co, "Slnt", &ar);
    if (ar.currentline <= 0 || throw_is_ours(ar.source)) continue;
    push_frame(L, &ar);
    luaL_addvalue(&b);
    frames++;
  }
  luaL_pushresult(&b);
  if (frames > 1) return;
  lua_pop(L, 1);
  lua_pushnil(L);
}

/* lorm.isError(e [, code]) [-0, +1, -] */
static int is_error(lua_State *L) {
  Runtime *rt = runtime_of(L);
  bool is = runtime_kind(L, rt, 1) == KIND_ERROR;
  if (is && !lua_isnoneornil(L, 2)) {
    lua_settop(L, 2);
    Slice want = slice_of(luaL_checkstring(L, 2));
    is = slice_eq(field_text(L, 1, "code"), want) || slice_eq(field_text(L, 1, "name"), want);
  }
  lua_pushboolean(L, is);
  return 1;
}

/* core.throw{ code or name =, message =, ...}: an error of ours raised by lorm's Lua parts [-0, +0, v] */
static int raise_from_lua(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  Err e;
  lua_settop(L, 1);
  err_set(&e, ERR_USAGE, "%s", "");
  read_table(L, 1, &e);
  err_text(e.hint, sizeof e.hint, field_text(L, 1, "hint"));
  return throw_err(L, &e);
}

/* core.place() -> "script.lua:12", the nearest line that is not lorm's own, or nil [-0, +1, m] */
static int place(lua_State *L) {
  push_places(L);
  return 1;
}

/* core.nearest(word, {candidates}) -> text or nil [-0, +1, m] */
static int nearest(lua_State *L) {
  Runtime *rt = runtime_of(L);
  size_t n;
  const char *word = luaL_checklstring(L, 1, &n);
  luaL_checktype(L, 2, LUA_TTABLE);
  uint32_t count = (uint32_t)lua_rawlen(L, 2);
  arena_reset(rt->scratch);
  Slice *candidates = arena_try(rt->scratch, sizeof(Slice) * (count + 1u));
  if (!candidates) return 0;
  uint32_t taken = 0;
  for (uint32_t i = 1; i <= count; i++) {
    lua_rawgeti(L, 2, i);
    if (lua_type(L, -1) == LUA_TSTRING) candidates[taken++] = slice_of(lua_tostring(L, -1));
    lua_pop(L, 1); /* the table in slot 2 keeps the string */
  }
  Slice found = slice_nearest((Slice){word, (uint32_t)n}, candidates, taken);
  if (!found.n) return 0;
  lua_pushlstring(L, found.p, found.n);
  return 1;
}

void open_throw(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"isError", is_error}, {"throw", raise_from_lua}, {"nearest", nearest}, {"place", place}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__tostring", error_tostring}, {NULL, NULL}};
  runtime_functions(L, functions);
  runtime_methods(L, runtime_of(L), KIND_ERROR, meta, NULL);
}
