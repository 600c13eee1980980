/* Result: rows that the server sent, owned by whoever got them from a segment or a session.
 * Cells are binary on the pipelined way, text on Session's simple queries. */
#ifndef PG_RESULT_H
#define PG_RESULT_H

#include "pg/codec.h"

typedef struct Result Result;

void result_free(Result *r); /* NULL is fine; fits ArenaRelease by a cast-free wrapper: result_release */
void result_release(void *r);
uint32_t result_rows(const Result *r);
uint32_t result_columns(const Result *r);
Slice result_name(const Result *r, uint32_t column);
uint32_t result_oid(const Result *r, uint32_t column);
MUST Result *result_like(const Result *r); /* of the same columns, without rows; NULL: out of memory */
int64_t result_affected(const Result *r);  /* rows that a write touched; 0 otherwise */
bool result_cell(const Result *r, uint32_t row, uint32_t column, Slice *out); /* false: NULL */
/* The first n cells of a row, each by its decoder. Fewer than n are returned when that many were good and the
 * next, out[that many], is VALUE_INVALID. */
uint32_t result_decode(const Result *r, uint32_t row, uint32_t n, Decode *const decoders[], Value out[],
                       Arena *scratch);

#endif
