/* Intake: a Lua value as an Arg tree, in one walk, before anything of it is understood. Reads by raw access
 * and strict type tests only, so that no metamethod runs, nothing is converted, nothing raises.
 *
 * Strings are not copied: the tree lives only while the value is on a stack or otherwise anchored. */
#ifndef RUNTIME_INTAKE_H
#define RUNTIME_INTAKE_H

#include "runtime/state.h"

/* [-0, +0, -] The value at `index` into *out, parts of it in `a`. Errors: ERR_VALIDATION with the path of
 * what is not a value, a list with holes, a cycle, more than 200 levels. */
MUST bool intake_read(lua_State *L, Runtime *rt, int index, Arena *a, Arg *out, Err *e);

/* [-0, +0, -] The value on top, when it is no table. False: it is one, or nothing that can be stored. */
MUST bool intake_scalar(lua_State *L, const Runtime *rt, Arg *out);

/* [-0, +0, -] The n values from `first` on, as an array (raw parameters; nil is NULL). */
MUST bool intake_list(lua_State *L, Runtime *rt, int first, int n, Arena *a, Arg **out, Err *e);

/* Copy the texts of n trees, so that they outlive the Lua values. */
MUST bool intake_own(Arena *a, Arg *args, uint32_t n, Err *e);

#endif
