/* Rows: station 8. A finished request's rows as Lua tables, with interned keys, sized beforehand. Rows of
 * other steps are joined to their parents by a hash of the key cells, in one pass per step. */
#ifndef RUNTIME_ROWS_H
#define RUNTIME_ROWS_H

#include "runtime/state.h"

/* [-0, +1, m] or [-0, +0, m] and false. The request must be finished and without an error; it is in hand
 * (runtime_enter) while this runs, and the collector stands still. */
MUST bool rows_push(lua_State *L, Runtime *rt, Request *r, Err *e);

#endif
