/* Throw: the one place that raises. An Err becomes a Lua error object: a table with name, code, message,
 * path, model, action, at (file:line of the script), meta, and a tostring that a person can act on. */
#ifndef RUNTIME_THROW_H
#define RUNTIME_THROW_H

#include "runtime/state.h"

void throw_push(lua_State *L, const Err *e); /* [-0, +1, m] */
int throw_err(lua_State *L, const Err *e);   /* [-0, +0, v] never returns */
int throw_code(lua_State *L, ErrCode code, const char *format, ...) PRINTF(3, 4); /* [-0, +0, v] */
int throw_top(lua_State *L);                                                      /* [-1, +0, v] as it is */

/* [-0, +0, -] The error value at `index` as an Err; `trace` (or NULL) is appended to the message. */
void throw_read(lua_State *L, int index, const char *trace, Err *e);

/* [-0, +1, m] The functions of scripts that `co` is in, as text, or nil when there is but one: ours and C's
 * would only be in the way. */
void throw_push_trace(lua_State *L, lua_State *co);

/* Is it one of lorm's Lua files: compiled in, or one that a project has in their place? `source` as lua_Debug
 * has it. */
bool throw_is_ours(const char *source);

#endif
