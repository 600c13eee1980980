#include "pg/sqlstate.h"

#include <stdlib.h>

#include "base/buf.h"
#include "pg/fault.h"

/* What an Err's `columns` is filled from, when the server does not name them in a field of their own. */
typedef enum Naming {
  NAMED_BY_FIELDS,
  NAMED_BY_KEY, /* DETAIL: Key (a, b)=(1, 2) ... */
  NAMED_TABLE,  /* message: relation "x" does not exist */
  NAMED_COLUMN, /* message: column "x" does not exist, column t.x does not exist */
} Naming;

/* The longest prefix that fits is meant: "57P" stands for its class. */
static const struct {
  char prefix[6];
  ErrCode code;
  Naming naming;
  bool stale, retryable;
} states[] = {
    {.prefix = "08", .code = ERR_P1017},
    {.prefix = "0A000", .code = ERR_P2039, .stale = true},
    {.prefix = "21000", .code = ERR_P2039},
    {.prefix = "22001", .code = ERR_P2000},
    {.prefix = "22003", .code = ERR_P2020},
    {.prefix = "22008", .code = ERR_P2020},
    {.prefix = "22007", .code = ERR_P2007},
    {.prefix = "22021", .code = ERR_P2023},
    {.prefix = "22P02", .code = ERR_P2007},
    {.prefix = "22P03", .code = ERR_P2007},
    {.prefix = "22P05", .code = ERR_P2023},
    {.prefix = "23502", .code = ERR_P2011},
    {.prefix = "23503", .code = ERR_P2003, .naming = NAMED_BY_KEY},
    {.prefix = "23505", .code = ERR_P2002, .naming = NAMED_BY_KEY},
    {.prefix = "23514", .code = ERR_P2004},
    {.prefix = "23P01", .code = ERR_P2004, .naming = NAMED_BY_KEY},
    {.prefix = "26000", .code = ERR_P2039, .stale = true},
    {.prefix = "28000", .code = ERR_P1010},
    {.prefix = "28P01", .code = ERR_P1000},
    {.prefix = "3D000", .code = ERR_P1003},
    {.prefix = "40001", .code = ERR_P2034, .retryable = true},
    {.prefix = "40P01", .code = ERR_P2034, .retryable = true},
    {.prefix = "42501", .code = ERR_P1010},
    {.prefix = "42703", .code = ERR_P2022, .naming = NAMED_COLUMN},
    {.prefix = "42P01", .code = ERR_P2021, .naming = NAMED_TABLE},
    {.prefix = "42P04", .code = ERR_P1009},
    {.prefix = "42P05", .code = ERR_P2039, .stale = true},
    {.prefix = "53300", .code = ERR_P2037},
    {.prefix = "55P03", .code = ERR_LOCK_NOT_AVAILABLE},
    {.prefix = "57014", .code = ERR_TIMEOUT},
    {.prefix = "57P", .code = ERR_P1017},
    {.prefix = "", .code = ERR_P2039}, /* fits everything: the last */
};

static size_t state_row(const char *sqlstate) {
  size_t i = 0;
  while (!slice_starts(slice_of(sqlstate), slice_of(states[i].prefix))) i++;
  return i;
}

ErrCode sqlstate_code(const char *sqlstate) { return states[state_row(sqlstate)].code; }
bool sqlstate_stale_plan(const char *sqlstate) { return states[state_row(sqlstate)].stale; }
bool sqlstate_retryable(const char *sqlstate) { return states[state_row(sqlstate)].retryable; }

static Slice field_of(const PGresult *r, int field) { return slice_of(PQresultErrorField(r, field)); }

/* One name of a key's list, from `at` to the comma or bracket that ends it; quotes are taken off, an
 * expression stays as it is. Returns where it ended. */
static uint32_t key_name(Slice s, uint32_t at, char *to, size_t size) {
  uint32_t depth = 0;
  size_t n = 0;
  bool quoted = false;
  for (; at < s.n; at++) {
    char c = s.p[at];
    bool twice = c == '"' && quoted && at + 1 < s.n && s.p[at + 1] == '"'; /* stands for one */
    if (c == '"' && depth == 0 && !twice) {
      quoted = !quoted;
      continue;
    }
    if (twice) at++;
    if (!quoted && depth == 0 && (c == ',' || c == ')')) break;
    if (!quoted && c == '(') depth++;
    if (!quoted && c == ')') depth--;
    if (n + 1 < size) to[n++] = c;
  }
  to[n] = 0;
  return at;
}

/* "Key (a, "b c")=(1, 2) already exists." -> "a,b c". The words depend on the server's language, the
 * brackets do not. */
static void columns_of_key(Err *e, Slice detail) {
  const char *open = detail.n ? memchr(detail.p, '(', detail.n) : NULL;
  size_t used = 0;
  if (!open) return;
  for (uint32_t at = (uint32_t)(open - detail.p) + 1; at < detail.n; at++) {
    if (used && used + 1 < sizeof e->columns) e->columns[used++] = ',';
    at = key_name(detail, at, e->columns + used, sizeof e->columns - used);
    used = strlen(e->columns);
    if (at >= detail.n || detail.p[at] == ')') return;
    while (at + 1 < detail.n && detail.p[at + 1] == ' ') at++;
  }
}

/* The first "name" of a message; without quotes, the word after the first one (column t.x does ...). */
static Slice name_in_message(Slice m) {
  const char *quote = m.n ? memchr(m.p, '"', m.n) : NULL;
  const char *end = m.p + m.n;
  if (quote) {
    const char *close = memchr(quote + 1, '"', (size_t)(end - quote - 1));
    return (Slice){quote + 1, close ? (uint32_t)(close - quote - 1) : 0};
  }
  const char *space = m.n ? memchr(m.p, ' ', m.n) : NULL;
  if (!space) return (Slice){NULL, 0};
  const char *close = memchr(space + 1, ' ', (size_t)(end - space - 1));
  return (Slice){space + 1, close ? (uint32_t)(close - space - 1) : 0};
}

static void name_things(Err *e, const PGresult *r, Naming naming) {
  err_text(e->table, sizeof e->table, field_of(r, PG_DIAG_TABLE_NAME));
  err_text(e->columns, sizeof e->columns, field_of(r, PG_DIAG_COLUMN_NAME));
  err_text(e->constraint, sizeof e->constraint, field_of(r, PG_DIAG_CONSTRAINT_NAME));
  Slice message = field_of(r, PG_DIAG_MESSAGE_PRIMARY);
  if (naming == NAMED_BY_KEY) columns_of_key(e, field_of(r, PG_DIAG_MESSAGE_DETAIL));
  if (naming == NAMED_TABLE) err_text(e->table, sizeof e->table, name_in_message(message));
  if (naming == NAMED_COLUMN) err_text(e->columns, sizeof e->columns, name_in_message(message));
}

bool fault_of_result(Err *e, const PGresult *r) {
  Slice state = field_of(r, PG_DIAG_SQLSTATE), message = field_of(r, PG_DIAG_MESSAGE_PRIMARY);
  size_t row = state_row(state.n ? state.p : "");
  if (message.n == 0) message = slice_of(PQresultErrorMessage(r));
  while (message.n && message.p[message.n - 1] == '\n') message.n--;
  err_set(e, state.n ? states[row].code : ERR_P1017, "%.*s", SLICE_ARGS(message));
  err_text(e->sqlstate, sizeof e->sqlstate, state);
  err_text(e->detail, sizeof e->detail, field_of(r, PG_DIAG_MESSAGE_DETAIL));
  err_text(e->hint, sizeof e->hint, field_of(r, PG_DIAG_MESSAGE_HINT));
  const char *position = PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION);
  if (position) e->position = (uint32_t)strtoul(position, NULL, 10);
  name_things(e, r, states[row].naming);
  return false;
}
