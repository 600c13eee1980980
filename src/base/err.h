/* Err: an error is a value with a place. Functions that can fail are `MUST bool f(..., Err *e)`: `e` is
 * last, filled if and only if they return false, and filling it allocates nothing (long texts are cut).
 * The first filler wins the message; callers on the way up may only add what they know (err_path,
 * err_model). Nothing here is freed. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/slice.h"

typedef enum ErrCode {
  ERR_NONE,
#define ERR(id, code, text) ERR_##id,
#include "base/err.def"
#undef ERR
} ErrCode;

typedef struct Err {
  ErrCode code;
  char sqlstate[6];      /* the server's, "" when it did not come from the server */
  uint32_t line, column; /* 1-based place in `file`, 0 = none */
  uint32_t position;     /* 1-based character of the statement, 0 = none */
  char message[1400];    /* one or more lines, for a person; no trailing newline */
  char path[256];        /* in the arguments: where.AND[1].title */
  char file[256];
  char model[72], action[32];
  char table[72], columns[256], constraint[72]; /* from the server; columns comma-separated */
  char target[256];                             /* meta.target: the model's fields, comma-separated */
  char detail[512], hint[256];                  /* the server's DETAIL, HINT; or meta.cause */
} Err;

const char *err_public_code(ErrCode code); /* "P2002", or "" */
const char *err_template(ErrCode code);
ErrCode err_code_of(Slice public_code); /* ERR_NONE when unknown */

/* Fill `e` (clearing it first) and return false, so that callers can `return err_set(e, ...)`. */
bool err_set(Err *e, ErrCode code, const char *format, ...) PRINTF(3, 4);
bool err_oom(Err *e);
bool err_io(Err *e, const char *what, const char *path); /* appends strerror(errno) */
/* Put `part` before the path that is there: err_path(e, "where") makes "title" "where.title";
 * a part that starts with '[' belongs to the name before it. */
bool err_path(Err *e, Slice part);
void err_text(char *to, size_t size, Slice from); /* copy into one of Err's arrays, cut at a UTF-8 border */

#endif
