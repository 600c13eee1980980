/* State: what the files of runtime share: the Runtime behind a lua_State, and kinds of values.
 *
 * A Runtime is a userdata in the registry of the state that it serves, so that it dies with the state, be
 * that lorm's own or a stock lua5.4's. Kinds are metatables; each is anchored in the registry under its own
 * address, so that telling a value's kind is a comparison of pointers that cannot raise. */
#ifndef RUNTIME_STATE_H
#define RUNTIME_STATE_H

#include <lauxlib.h>
#include <lua.h>

#include "engine/engine.h"
#include "runtime/runtime.h"
#include "runtime/sched.h"

typedef enum Kind {
#define KIND(id, name) KIND_##id,
#include "runtime/kinds.def"
#undef KIND
  KIND_COUNT,
  KIND_NONE = KIND_COUNT
} Kind;

typedef enum FilesChanged { /* since somebody looked (mod_watch); the higher tells more */
  FILES_UNCHANGED,
  FILES_SAVED,
  FILES_ASKED /* by a signal */
} FilesChanged;

struct Runtime {
  lua_State *L;      /* the main thread */
  struct Loop *loop; /* NULL: the state is being closed */
  Sched sched;
  struct Watch *watch; /* NULL: nothing is watched (watch.h) */
  Arena *scratch;      /* of one C call: codecs, decimals, texts; emptied by whoever uses it */
  Request *in_hand;    /* under intake or turned into tables right now; see runtime_enter */
  bool collector_held;
  FilesChanged changed;
  const void *kinds[KIND_COUNT];
  struct Client *clients; /* open ones */
  uint64_t plans;         /* of all of them, so far */
  uint32_t jobs;          /* on worker threads (mod_migrate) */
  Task *main;             /* what runtime_interrupt cancels */
  RuntimeConfig config;   /* strings are copies, in `memory` */
  Arena *memory;
};

/* [-0, +0, m] Find the state's Runtime. Raises when lorm was never opened in it. */
Runtime *runtime_of(lua_State *L);
Runtime *runtime_find(lua_State *L); /* [-0, +0, -] NULL instead */

/* [-0, +0, -] Every C function that takes a request calls this first: an out-of-memory error that jumped out
 * of the last one may have left a request in hand or the collector held. */
void runtime_enter(Runtime *rt);

/* [-0, +0, -] While a result is built, the collector has nothing to gain; held at most once, let by
 * runtime_enter too. Letting it go on may run finalizers. */
void runtime_hold_collector(Runtime *rt);
void runtime_let_collector(Runtime *rt);

/* [-0, +0, -] KIND_NONE for values without a metatable of ours. */
Kind runtime_kind(lua_State *L, const Runtime *rt, int index);
/* [-0, +0, -] The userdata's memory when it is of that kind, else NULL. */
void *runtime_test(lua_State *L, const Runtime *rt, int index, Kind kind);
/* [-0, +0, v] The same; raises a type error about argument `index`. */
void *runtime_check(lua_State *L, const Runtime *rt, int index, Kind kind);
/* [-1, +1, -] Give the value on top the metatable of a kind. */
void runtime_mark(lua_State *L, const Runtime *rt, Kind kind);
/* [-0, +1, -] Push the metatable of a kind. */
void runtime_metatable(lua_State *L, const Runtime *rt, Kind kind);
/* [-0, +1, m] A new userdata of that kind, cleared, with n user values. */
void *runtime_userdata(lua_State *L, const Runtime *rt, size_t bytes, int n, Kind kind);

/* [-0, +0, -] Events of clients become a task of their own; called by sched_drive. */
void runtime_deliver(lua_State *L, Runtime *rt);

/* [-0, +1, m] Open lorm in a state: the Runtime, the kinds, the loader of embedded modules. Leaves the table
 * of C functions ("lorm.core"). Idempotent. */
int runtime_attach(lua_State *L, const RuntimeConfig *config);

/* [-0, +1, v] or [-0, +0, v] and false: the chunk of a Lua file that is compiled in. */
bool runtime_load(lua_State *L, const char *module);

/* The module files: each adds its functions to the table on top. [-0, +0, m] */
void open_values(lua_State *L);
void open_json(lua_State *L);
void open_datetime(lua_State *L);
void open_decimal(lua_State *L);
void open_client(lua_State *L);
void open_model(lua_State *L);
void open_redis(lua_State *L);
void open_password(lua_State *L);
void open_http(lua_State *L);
void open_watch(lua_State *L);
void open_identity(lua_State *L);
void open_scopes(lua_State *L);
void open_tx(lua_State *L);
void open_batch(lua_State *L);
void open_batched(lua_State *L);
void open_listen(lua_State *L);
void open_copy(lua_State *L);
void open_sched(lua_State *L);
void open_throw(lua_State *L);
void open_job(lua_State *L);
void open_migrate(lua_State *L);
void open_coroutine(lua_State *L);
void open_random(lua_State *L);
void open_repl(lua_State *L);

/* [-0, +0, m] Set functions in the table on top, and metamethods in the metatable of a kind. */
void runtime_functions(lua_State *L, const luaL_Reg *functions);
void runtime_methods(lua_State *L, const Runtime *rt, Kind kind, const luaL_Reg *metamethods,
                     const luaL_Reg *methods);

#endif
