/* When files change, or SIGHUP says so: lua/lorm/loader.lua loads middleware again. */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "runtime/throw.h"

enum {
  SETTLE_MS = 30 /* an editor does several things to save a file */
};

typedef struct Watch { /* a userdata */
  Runtime *rt;
  LoopTimer *settle;
  LoopSignal *signal;
  bool terminal; /* there was one */
  uint32_t n;
  LoopWatch *folders[];
} Watch;

static void notice(Runtime *rt, FilesChanged what) {
  if (rt->changed < what) rt->changed = what;
  rt->sched.events = true;
}

static void on_settled(void *ctx) { notice(((Watch *)ctx)->rt, FILES_SAVED); }
static void on_change(void *ctx) { loop_timer_start(((Watch *)ctx)->settle, SETTLE_MS); }

static bool has_terminal(void) {
  int fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
  if (fd >= 0) close(fd);
  return fd >= 0;
}

/* A terminal that went away is the signal's other meaning: to end. */
static void on_signal(void *ctx) {
  const Watch *w = ctx;
  if (w->terminal && !has_terminal()) {
    signal(SIGHUP, SIG_DFL);
    raise(SIGHUP);
  }
  notice(w->rt, FILES_ASKED);
}

static int watch_gc(lua_State *L) {
  Watch *w = lua_touserdata(L, 1);
  if (!w->rt || !w->rt->loop) return 0; /* what belongs to a loop goes with it */
  for (uint32_t i = 0; i < w->n; i++) loop_watch_free(w->folders[i]);
  loop_timer_free(w->settle);
  loop_signal_free(w->signal);
  w->rt = NULL;
  return 0;
}

/* core.watchFolders { path, ... } -> watch, for as long as it is kept. A folder that cannot be watched (there
 * are too many) is left out. [-0, +1, v] */
static int watch_folders(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Err e;
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_Integer n = luaL_len(L, 1);
  Watch *w = runtime_userdata(L, rt, sizeof *w + (size_t)n * sizeof(LoopWatch *), 0, KIND_WATCH);
  w->rt = rt;
  w->settle = loop_timer_new(rt->loop, on_settled, w, &e);
  if (!w->settle) return throw_err(L, &e);
  loop_timer_quiet(w->settle, true);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, 1, i);
    w->folders[w->n] = loop_watch_new(rt->loop, luaL_checkstring(L, -1), on_change, w, &e);
    if (w->folders[w->n]) w->n++;
    lua_pop(L, 1);
  }
  return 1;
}

/* core.watchSignal() -> watch for SIGHUP, for as long as it is kept [-0, +1, v] */
static int watch_signal(lua_State *L) {
  Runtime *rt = runtime_of(L);
  Err e;
  Watch *w = runtime_userdata(L, rt, sizeof *w, 0, KIND_WATCH);
  w->rt = rt;
  w->terminal = has_terminal();
  w->signal = loop_signal_new(rt->loop, SIGHUP, on_signal, w, &e);
  return w->signal ? 1 : throw_err(L, &e);
}

/* core.changed() -> "saved" or "signal", once for each change; nil when there was none [-0, +1, v] */
static int changed(lua_State *L) {
  Runtime *rt = runtime_of(L);
  FilesChanged what = rt->changed;
  rt->changed = FILES_UNCHANGED;
  if (what == FILES_UNCHANGED) return 0;
  lua_pushstring(L, what == FILES_ASKED ? "signal" : "saved");
  return 1;
}

void open_watch(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"watchFolders", watch_folders}, {"watchSignal", watch_signal}, {"changed", changed}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", watch_gc}, {NULL, NULL}};
  runtime_functions(L, functions);
  runtime_methods(L, runtime_of(L), KIND_WATCH, meta, NULL);
}
