#include "pg/result.h"

#include <stdlib.h>

#include "pg/result_private.h"

void result_free(Result *r) { PQclear(result_pg(r)); }
void result_release(void *r) { result_free(r); }

Result *result_like(const Result *r) {
  PGresult *like = PQcopyResult(result_pg(r), PG_COPYRES_ATTRS);
  return like ? result_of(like) : NULL;
}

uint32_t result_rows(const Result *r) { return (uint32_t)PQntuples(result_pg(r)); }
uint32_t result_columns(const Result *r) { return (uint32_t)PQnfields(result_pg(r)); }
Slice result_name(const Result *r, uint32_t column) { return slice_of(PQfname(result_pg(r), (int)column)); }
uint32_t result_oid(const Result *r, uint32_t column) { return PQftype(result_pg(r), (int)column); }

/* libpq counts the rows of a SELECT too; only what changed something counts here. */
int64_t result_affected(const Result *r) {
  static const char *const writes[] = {"INSERT", "UPDATE", "DELETE", "MERGE", "COPY"};
  Slice tag = slice_of(PQcmdStatus(result_pg(r)));
  for (size_t i = 0; i < COUNT(writes); i++)
    if (slice_starts(tag, slice_of(writes[i]))) return strtoll(PQcmdTuples(result_pg(r)), NULL, 10);
  return 0;
}

/* A NULL has no length: only what looks empty needs the question. */
bool result_cell(const Result *r, uint32_t row, uint32_t column, Slice *out) {
  PGresult *pg = result_pg(r);
  int n = PQgetlength(pg, (int)row, (int)column);
  if (n <= 0 && PQgetisnull(pg, (int)row, (int)column)) {
    *out = (Slice){NULL, 0};
    return false;
  }
  *out = (Slice){PQgetvalue(pg, (int)row, (int)column), n > 0 ? (uint32_t)n : 0};
  return true;
}

uint32_t result_decode(const Result *r, uint32_t row, uint32_t n, Decode *const decoders[], Value out[],
                       Arena *scratch) {
  PGresult *pg = result_pg(r);
  for (uint32_t i = 0; i < n; i++) {
    int length = PQgetlength(pg, (int)row, (int)i);
    if (length <= 0 && PQgetisnull(pg, (int)row, (int)i)) {
      out[i].kind = VALUE_NULL;
      continue;
    }
    const uint8_t *bytes = (const uint8_t *)PQgetvalue(pg, (int)row, (int)i);
    decoders[i](&out[i], bytes, length > 0 ? (uint32_t)length : 0, scratch);
    if (out[i].kind == VALUE_INVALID) return i;
  }
  return n;
}
