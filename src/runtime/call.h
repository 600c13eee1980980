/* Call: stations 6 to 8 of every request that Lua code makes: submit, await, turn into values, release.
 *
 *   runtime_enter(rt); Request *r = call_take(L, rt, engine);      in hand from here on
 *   ... intake, request_call ..., call_fail on a mistake ...
 *   return call_run(L, rt, engine, r, &kind);
 * Every way out releases the request: an error, a cancelled task, memory that ran out. */
#ifndef RUNTIME_CALL_H
#define RUNTIME_CALL_H

#include "runtime/state.h"

typedef struct CallKind {
  /* [-0, +1, v] The request is finished, without an error, and in hand; push what the call returns. False: e.
   */
  bool (*finish)(lua_State *L, Runtime *rt, Request *r, Err *e);
  bool keeps; /* the request is another's then: it is not released */
} CallKind;

extern const CallKind call_rows; /* what rows_push pushes */
extern const CallKind call_raw;  /* rows, or the number of those affected */

Request *call_take(lua_State *L, Runtime *rt, Engine *engine);      /* [-0, +0, v] */
int call_fail(lua_State *L, Runtime *rt, Request *r, const Err *e); /* [-0, +0, v] releases r, raises e */
int call_run(lua_State *L, Runtime *rt, Engine *engine, Request *r, const CallKind *kind); /* [-0, +1, v] */
/* The same of a request that is finished already. */
int call_answered(lua_State *L, Runtime *rt, Request *r, const CallKind *kind); /* [-0, +1, v] */

#endif
