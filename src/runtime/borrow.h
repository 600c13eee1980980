/* Borrow: who holds a connection by a transaction, since when, and from which lines of script.
 *
 *   borrow_note when a transaction is asked for, borrow_held when it has its connection. From then on the
 * client's watch looks at it: one that is held for longer than the threshold, or that the collector finds not
 * ended, becomes a Leak of the client, told once, by the task that delivers events. */
#ifndef RUNTIME_BORROW_H
#define RUNTIME_BORROW_H

#include <lua.h>

#include "engine/engine.h"

typedef struct Client Client;
typedef struct TxHandle TxHandle;

typedef struct BorrowPlace {
  char file[LUA_IDSIZE];
  int line, function; /* function: the line where it begins; 0: a main chunk */
} BorrowPlace;

enum {
  BORROW_LEVELS = 6
};

typedef struct Borrow {
  int64_t since; /* loop clock; 0: not yet */
  bool told;
  uint8_t n;
  BorrowPlace at[BORROW_LEVELS]; /* innermost first; lorm's own functions are left out */
} Borrow;

typedef struct Leak {
  struct Leak *next;
  Borrow borrow;
  int64_t held_us;
  bool lost; /* found by the collector */
  EngineStats pool;
} Leak;

typedef struct LeakWatch { /* part of a Client */
  int threshold_ms;        /* -1: the default, while others wait; 0: off */
  struct LoopTimer *timer; /* made at first need */
  bool started;
  Leak *leaks, *last; /* not yet told */
} LeakWatch;

void borrow_note(lua_State *L, Borrow *b);             /* [-0, +0, -] */
void borrow_push_trace(lua_State *L, const Borrow *b); /* [-0, +1, m] */
void borrow_held(TxHandle *t);
void borrow_lost(TxHandle *t); /* the collector has it: a leak, when its transaction is open */
void leaks_close(Client *c);   /* nothing is watched any more; before the engine is closed */
void leaks_drop(Client *c);    /* forget those that were not told */
int leak_next(lua_State *L);   /* core.leak(client) -> the next one as a table, or nil [-0, +1, v] */

/* When the error says that no connection came: add who holds those that there are. */
void borrow_explain(const Client *clients, const Engine *engine, Err *e);

#endif
