/* Scopes as a Lua value: core.scopes makes them for a client, lua/lorm/scopes.lua fills them model by model,
 * calls are made with them. Whoever holds the value keeps the memory. */
#ifndef RUNTIME_SCOPES_H
#define RUNTIME_SCOPES_H

#include "runtime/state.h"

/* [-0, +2, v] A lookup failed: nil and the model's name when it is a scope that is missing; else the error is
 * raised. Releases r. */
int scopes_missing(lua_State *L, Runtime *rt, Request *r, const Err *e);
Scopes *scopes_check(lua_State *L, Runtime *rt, int index); /* [-0, +0, v] */

#endif
