/* What lua/lorm/repl asks of the machine: the terminal, folders, the project's schema without a client. */
#include <dirent.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "psl/dmmf.h"
#include "runtime/client.h"
#include "runtime/throw.h"
#include "runtime/values.h"

/* core.terminal() -> columns, rows of what standard output is, or nil when it is no terminal [-0, +2, -] */
static int terminal(lua_State *L) {
  struct winsize size = {0};
  if (!isatty(STDOUT_FILENO)) return 0;
  (void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
  lua_pushinteger(L, size.ws_col ? size.ws_col : 80);
  lua_pushinteger(L, size.ws_row ? size.ws_row : 24);
  return 2;
}

/* core.keyWaits() -> could standard input be read at once? [-0, +1, -] */
static int key_waits(lua_State *L) {
  struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
  lua_pushboolean(L, poll(&p, 1, 0) > 0);
  return 1;
}

/* core.isProduction(url) [-0, +1, v] */
static int is_production(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Slice url = slice_of(luaL_checkstring(L, 1));
  lua_pushboolean(L, rt->config.is_production && rt->config.is_production(rt->config.find_ctx, url));
  return 1;
}

/* ---- folders ---- */

enum {
  MOST_FILES = 10000
};

/* [-0, +0, m] the names in a folder, folders with a slash, into the table on top; no Lua error in between */
static void list_names(lua_State *L, DIR *dir) {
  lua_Integer n = 0;
  for (struct dirent *entry; n < MOST_FILES && (entry = readdir(dir));) {
    struct stat about;
    bool folder = fstatat(dirfd(dir), entry->d_name, &about, 0) == 0 && S_ISDIR(about.st_mode);
    lua_pushfstring(L, "%s%s", entry->d_name, folder ? "/" : "");
    lua_rawseti(L, -2, ++n);
  }
}

static int close_folder(lua_State *L) {
  DIR **dir = lua_touserdata(L, 1);
  if (*dir) closedir(*dir);
  *dir = NULL;
  return 0;
}

/* core.files(folder) -> { "name", "folder/", ... }, in no order; empty when it cannot be read [-0, +1, v] */
static int files(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  DIR **dir = lua_newuserdatauv(L, sizeof(DIR *), 0); /* it owns the folder, should memory end meanwhile */
  *dir = NULL;
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, close_folder);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  int owner = lua_gettop(L);
  lua_newtable(L);
  *dir = opendir(path);
  if (!*dir) return 1;
  list_names(L, *dir);
  lua_pushcfunction(L, close_folder);
  lua_pushvalue(L, owner);
  lua_call(L, 1, 0);
  return 1;
}

/* ---- the schema ---- */

typedef struct Reading {
  Arena *arena;
  const char *path;
  const Schema *schema;
  Buf model;
  Diags d;
  Err e;
} Reading;

static void read_body(void *ctx) {
  Reading *r = ctx;
  r->schema = client_load_schema(r->arena, r->path, (Slice){0}, &r->d, &r->e);
  if (!r->schema) return;
  r->model = buf_in(r->arena);
  schema_dmmf(&r->model, r->schema);
}

/* [-0, +0, m] t[name] = the block as the schema has it, for the table on top */
static void set_block(lua_State *L, const Schema *s, Slice name, Span span) {
  Slice text = schema_block(s, span);
  lua_pushlstring(L, name.p, name.n);
  lua_pushlstring(L, text.p, text.n);
  lua_rawset(L, -3);
}

/* core.readSchema() -> { model = DMMF as JSON text, blocks = { name = its text } } of the project's schema;
 * nil and why not [-0, +2, v] */
static int read_schema(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Reading r = {.arena = rt->scratch, .path = rt->config.schema_path};
  if (!r.path) {
    lua_pushnil(L);
    lua_pushliteral(L, "there is no schema here");
    return 2;
  }
  arena_reset(r.arena);
  if (!arena_protect(r.arena, NULL, read_body, &r)) return throw_code(L, ERR_OUT_OF_MEMORY, "Out of memory.");
  if (!r.schema) {
    lua_pushnil(L);
    lua_pushfstring(L, "%s `lorm validate` tells more.", r.e.message);
    return 2;
  }
  lua_createtable(L, 0, 2);
  lua_pushlstring(L, r.model.p, r.model.n);
  lua_setfield(L, -2, "model");
  lua_createtable(L, 0, (int)(r.schema->n_models + r.schema->n_enums));
  for (uint32_t i = 0; i < r.schema->n_models; i++)
    set_block(L, r.schema, r.schema->models[i].name, r.schema->models[i].span);
  for (uint32_t i = 0; i < r.schema->n_enums; i++)
    set_block(L, r.schema, r.schema->enums[i].name, r.schema->enums[i].span);
  lua_setfield(L, -2, "blocks");
  arena_reset(r.arena);
  return 1;
}

void open_repl(lua_State *L) {
  static const luaL_Reg functions[] = {{"terminal", terminal},          {"keyWaits", key_waits},
                                       {"isProduction", is_production}, {"files", files},
                                       {"readSchema", read_schema},     {NULL, NULL}};
  runtime_functions(L, functions);
}
