/* What the tables of one record's rows share: their keys, and the hidden metatable that lists the columns. */
#ifndef RUNTIME_ROW_KEYS_H
#define RUNTIME_ROW_KEYS_H

#include "runtime/state.h"

/* Push, for the record and behind it for each record inside of it, the metatable and the n_slots keys; the
 * stack index of the first is returned, or 0 when the stack has no room.
 * `number` names the record within the Lua state: what was made for it once is pushed again. 0: it has no
 * name (raw rows), and what was made for the same keys serves. `columns` are the step's. [-0, +k, m] */
MUST int row_keys_push(lua_State *L, uint64_t number, const Record *r, const Column *columns);

/* [-0, +0, -] Is the table on top the hidden metatable of rows? It lists their columns: [i] = name,
 * [-i] = the ValueKind of the cells. */
bool row_keys_is_metatable(lua_State *L);
void row_keys_mark(lua_State *L); /* [-0, +0, m] the table on top becomes one */

#endif
