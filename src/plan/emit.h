/* From the query tree to SQL: emit.c (names, parameters, expressions, SELECT) and emit_write.c (the rest).
 * Private to these two. */
#ifndef PLAN_EMIT_H
#define PLAN_EMIT_H

#include "plan/query.h"

typedef struct Emit {
  Arena *arena, *scratch;
  const EmitOptions *options;
  Buf sql;
  Param *params;
  uint32_t n_params;
  uint32_t *buckets; /* of n_buckets: 1 + the number of a parameter, open addressing */
  uint32_t n_buckets;
  bool settings; /* parameters are read from settings of the session */
} Emit;

#define PUT(e, literal) buf_add(&(e)->sql, "" literal, sizeof(literal) - 1)

void put_name(Emit *e, Slice name);
void put_alias(Emit *e, uint32_t alias);
void put_qualified(Emit *e, Slice schema, Slice name);
void put_table(Emit *e, Slice schema, Slice name, bool written); /* and note it */
void put_list(Emit *e, Expr *const *items, uint32_t n);
void put_outputs(Emit *e, const Output *outputs, uint32_t n);
void put_from(Emit *e, const From *first);
void put_settings(Emit *e, const Select *s); /* SELECT set_config: the parameters of that */
void put_where(Emit *e, const Expr *where);
void emit_expr(Emit *e, const Expr *x);
void emit_select(Emit *e, const Select *s);

#endif
