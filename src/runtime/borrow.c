#include "runtime/borrow.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/mem.h"
#include "runtime/client.h"
#include "runtime/throw.h"

enum {
  DEFAULT_MS = 10000,
  AGAIN_MS = 1000, /* overdue, but nobody waits */
  MOST_NAMED = 3
};

/* ---- noting ---- */

void borrow_note(lua_State *L, Borrow *b) {
  lua_Debug ar;
  b->n = 0;
  for (int level = 0; b->n < BORROW_LEVELS && lua_getstack(L, level, &ar); level++) {
    lua_getinfo(L, "Sl", &ar);
    if (ar.currentline <= 0 || throw_is_ours(ar.source)) continue;
    BorrowPlace *at = &b->at[b->n++];
    memcpy(at->file, ar.short_src, sizeof at->file);
    at->line = ar.currentline;
    at->function = *ar.what == 'm' ? 0 : ar.linedefined;
  }
}

/* ---- watching ---- */

static bool is_held(const TxHandle *t) { return t->borrow.since && t->tx && tx_open(t->tx); }

static const TxHandle *next_held(const TxHandle *t) {
  while (t && !is_held(t)) t = t->next;
  return t;
}

static int64_t threshold_us(const LeakWatch *w) {
  return (w->threshold_ms < 0 ? DEFAULT_MS : w->threshold_ms) * INT64_C(1000);
}

/* Without memory it is lost. */
static void leak_add(Client *c, Borrow *b, bool lost) {
  LeakWatch *w = &c->watch;
  Leak *leak = mem_zalloc(sizeof *leak);
  b->told = true;
  if (!leak) return;
  *leak = (Leak){.borrow = *b, .held_us = loop_clock_us() - b->since, .lost = lost};
  engine_stats(c->engine, &leak->pool);
  *(w->last ? &w->last->next : &w->leaks) = leak;
  w->last = leak;
  c->handle.rt->sched.events = true;
}

static void on_look(void *ctx);

static void watch_start(Client *c, int64_t ms) {
  LeakWatch *w = &c->watch;
  Err ignored; /* without memory nothing is told */
  if (w->started || !w->threshold_ms) return;
  if (!w->timer) {
    w->timer = loop_timer_new(c->handle.rt->loop, on_look, c, &ignored);
    if (!w->timer) return;
    loop_timer_quiet(w->timer, true);
  }
  loop_timer_start(w->timer, ms);
  w->started = true;
}

/* Tell of those that are due; come back for those that will be. */
static void on_look(void *ctx) {
  Client *c = ctx;
  EngineStats stats;
  int64_t now = loop_clock_us(), limit = threshold_us(&c->watch), next = 0;
  c->watch.started = false;
  engine_stats(c->engine, &stats);
  for (TxHandle *t = c->txs; t; t = t->next) {
    if (!is_held(t) || t->borrow.told) continue;
    int64_t left = t->borrow.since + limit - now;
    if (left <= 0 && (c->watch.threshold_ms > 0 || stats.waiting)) {
      leak_add(c, &t->borrow, false);
      continue;
    }
    if (left <= 0) left = AGAIN_MS * INT64_C(1000);
    if (!next || left < next) next = left;
  }
  if (next) watch_start(c, (next + 999) / 1000);
}

void borrow_held(TxHandle *t) {
  Client *c = t->handle.client;
  t->borrow.since = loop_clock_us();
  watch_start(c, threshold_us(&c->watch) / 1000);
}

void borrow_lost(TxHandle *t) {
  Client *c = t->handle.client;
  if (is_held(t) && c->engine && c->watch.threshold_ms) leak_add(c, &t->borrow, true);
}

void leaks_close(Client *c) {
  loop_timer_free(c->watch.timer);
  c->watch.timer = NULL;
  c->watch.threshold_ms = 0;
}

void leaks_drop(Client *c) {
  while (c->watch.leaks) {
    Leak *leak = c->watch.leaks;
    c->watch.leaks = leak->next;
    mem_free(leak);
  }
  c->watch.last = NULL;
}

/* ---- telling ---- */

void borrow_push_trace(lua_State *L, const Borrow *b) {
  luaL_Buffer text;
  luaL_buffinit(L, &text);
  luaL_addstring(&text, "stack traceback:");
  for (int i = 0; i < b->n; i++) {
    const BorrowPlace *at = &b->at[i];
    if (at->function)
      lua_pushfstring(L, "\n\t%s:%d: in function <%s:%d>", at->file, at->line, at->file, at->function);
    else
      lua_pushfstring(L, "\n\t%s:%d: in main chunk", at->file, at->line);
    luaL_addvalue(&text);
  }
  luaL_pushresult(&text);
}

/* [-0, +0, m] t[key] = n for the table on top */
static void set_number(lua_State *L, const char *key, lua_Integer n) {
  lua_pushinteger(L, n);
  lua_setfield(L, -2, key);
}

int leak_next(lua_State *L) {
  Client *c = handle_check(L, runtime_of(L), 1)->client;
  const Leak *leak = c->watch.leaks;
  if (!leak) return 0;
  lua_createtable(L, 0, 4);
  borrow_push_trace(L, &leak->borrow);
  lua_setfield(L, -2, "traceback");
  lua_pushnumber(L, (double)leak->held_us / 1000);
  lua_setfield(L, -2, "heldMillis");
  lua_pushboolean(L, leak->lost);
  lua_setfield(L, -2, "lost");
  lua_createtable(L, 0, 4);
  set_number(L, "connections", leak->pool.connections);
  set_number(L, "idle", leak->pool.idle);
  set_number(L, "busy", leak->pool.busy);
  set_number(L, "waiting", leak->pool.waiting);
  lua_setfield(L, -2, "pool");
  Leak *told = c->watch.leaks;
  c->watch.leaks = told->next;
  if (!told->next) c->watch.last = NULL;
  mem_free(told);
  return 1;
}

/* ---- explaining ---- */

/* The next in order of age: held since after `since`, or as long and further on in the list. */
static const TxHandle *longest_after(const Client *c, const TxHandle *last) {
  const TxHandle *best = NULL;
  bool passed = false;
  for (const TxHandle *t = next_held(c->txs); t; t = next_held(t->next)) {
    if (t == last) passed = true;
    if (t == last || (last && t->borrow.since < last->borrow.since)) continue;
    if (last && t->borrow.since == last->borrow.since && !passed) continue;
    if (!best || t->borrow.since < best->borrow.since) best = t;
  }
  return best;
}

PRINTF(2, 3) static void say(Err *e, const char *format, ...) {
  size_t n = strlen(e->message);
  va_list args;
  va_start(args, format);
  vsnprintf(e->message + n, sizeof e->message - n, format, args);
  va_end(args);
}

static void say_holders(const Client *c, Err *e) {
  int64_t now = loop_clock_us();
  const TxHandle *t = longest_after(c, NULL);
  for (int i = 0; t && i < MOST_NAMED; i++, t = longest_after(c, t)) {
    const Borrow *b = &t->borrow;
    say(e, "%s %s:%d (%.1f s)", i ? "," : "", b->n ? b->at[0].file : "?", b->n ? b->at[0].line : 0,
        (double)(now - b->since) / 1e6);
  }
}

void borrow_explain(const Client *clients, const Engine *engine, Err *e) {
  static const char begin[] = "Unable to start a transaction";
  if (e->code != ERR_P2024 && !(e->code == ERR_P2028 && strstr(e->message, begin))) return;
  const Client *c = clients;
  while (c && c->engine != engine) c = c->next;
  if (!c) return;
  EngineStats stats;
  uint32_t held = 0;
  engine_stats(c->engine, &stats);
  for (const TxHandle *t = next_held(c->txs); t; t = next_held(t->next)) held++;
  say(e, " %u of %u connections are in use, %u of them by transactions", stats.busy, stats.connections, held);
  if (held) say(e, "%s", held > 1 ? "; held longest, begun at" : ", begun at");
  say_holders(c, e);
  say(e, ".");
}
