/* The parts of reading a live database; inside migrate only. */
#ifndef MIGRATE_INTROSPECT_H
#define MIGRATE_INTROSPECT_H

#include "migrate/catalog.h"

/* What a DEFAULT says, from the text that pg_get_expr makes of it. */
ColumnDefault introspect_default(Arena *a, Slice expression, const ColumnType *type, bool list);

/* Do two expressions say the same? One as a person wrote it, one as the server prints it: white space,
 * brackets, casts and the case of words make no difference. */
bool introspect_same(Arena *a, Slice left, Slice right);

/* How many rows a table has, and how many of them have a value in `column` (NULL: the rows alone). */
MUST bool introspect_count(Session *s, Arena *a, const DbTable *t, const Column *column, int64_t *rows,
                           int64_t *values, Err *e);
/* Schemas of these names that are not there. */
MUST bool introspect_missing(Session *s, Arena *a, const CatalogScope *scope, Slice **missing, uint32_t *n,
                             Err *e);
MUST bool introspect_database_exists(Session *s, Slice name, bool *exists, Err *e);

/* For whoever else asks: a text[] as text; the release of a result behind a pointer in the arena. */
Slice introspect_array(Arena *a, const Slice *items, uint32_t n);
void introspect_release(void *cell);

#endif
