/* What a server's error means to the caller of a model: Prisma's code, and names of the schema in place of
 * the database's. Alone turns sqlstate, constraint, table and column into that. */
#include <stdio.h>

#include "engine/engine_private.h"
#include "pg/sqlstate.h"

static const Index *index_named(const Schema *s, Slice table, Slice name) {
  for (uint32_t i = 0; i < s->n_models; i++) {
    const Model *m = &s->models[i];
    if (table.n && !slice_eq(m->db_name, table)) continue;
    for (uint32_t k = 0; k < m->n_indexes; k++)
      if (slice_eq(m->indexes[k].db_name, name)) return &m->indexes[k];
  }
  return NULL;
}

static const Model *model_of_table(const Schema *s, Slice table) {
  for (uint32_t i = 0; i < s->n_models; i++)
    if (slice_eq(s->models[i].db_name, table)) return &s->models[i];
  return NULL;
}

static Slice field_of_column(const Model *m, Slice column) {
  for (uint32_t i = 0; m && i < m->n_columns; i++)
    if (slice_eq(m->columns[i]->db_name, column)) return m->columns[i]->name;
  return column;
}

/* "`a`,`b`" for the message and "a,b" for meta.target, cut to fit. */
typedef struct Names {
  char quoted[600], plain[256];
  size_t n_quoted, n_plain;
} Names;

static void names_add(Names *n, Slice name) {
  const char *comma = n->n_plain ? "," : "";
  int q =
      snprintf(n->quoted + n->n_quoted, sizeof n->quoted - n->n_quoted, "%s`%.*s`", comma, SLICE_ARGS(name));
  int p = snprintf(n->plain + n->n_plain, sizeof n->plain - n->n_plain, "%s%.*s", comma, SLICE_ARGS(name));
  if (n->n_quoted + (size_t)q < sizeof n->quoted) n->n_quoted += (size_t)q;
  if (n->n_plain + (size_t)p < sizeof n->plain) n->n_plain += (size_t)p;
}

/* DETAIL of a unique violation begins "Key (a, b)=(": the only place where the server names the columns. */
static bool names_from_detail(Names *n, const Model *m, const char *detail) {
  const char *at = strchr(detail, '('), *end = strstr(detail, ")=(");
  if (!at || !end || end <= at) return false;
  for (at++; at < end;) {
    const char *comma = memchr(at, ',', (size_t)(end - at)), *stop = comma ? comma : end;
    Slice name = {at, (uint32_t)(stop - at)};
    if (name.n > 1 && name.p[0] == '"') name = (Slice){name.p + 1, name.n - 2};
    names_add(n, field_of_column(m, name));
    at = comma ? comma + 2 : end;
  }
  return n->n_plain > 0;
}

static void say(Err *e, const char *format, const char *what) {
  snprintf(e->message, sizeof e->message, format, what);
}

static void unique_violation(const Request *r, Err *e) {
  const Schema *s = r->engine->schema;
  const Index *index = index_named(s, slice_of(e->table), slice_of(e->constraint));
  Names n = {.quoted = ""};
  if (index)
    for (uint32_t i = 0; i < index->n_fields; i++) names_add(&n, index->fields[i].field->name);
  if (!index && !names_from_detail(&n, model_of_table(s, slice_of(e->table)), e->detail)) {
    err_text(e->target, sizeof e->target, slice_of(e->constraint));
    say(e, "Unique constraint failed on the constraint: `%s`", e->constraint);
    return;
  }
  err_text(e->target, sizeof e->target, slice_of(n.plain));
  say(e, "Unique constraint failed on the fields: (%s)", n.quoted);
}

static void foreign_key_violation(const Request *r, Err *e) {
  (void)r;
  say(e, "Foreign key constraint violated on the constraint: `%s`", e->constraint);
}

static void null_violation(const Request *r, Err *e) {
  Names n = {.quoted = ""};
  names_add(&n, field_of_column(model_of_table(r->engine->schema, slice_of(e->table)), slice_of(e->columns)));
  err_text(e->target, sizeof e->target, slice_of(n.plain));
  say(e, "Null constraint violation on the fields: (%s)", n.quoted);
}

static void check_violation(const Request *r, Err *e) {
  (void)r;
  say(e, "A constraint failed on the database: `%s`", e->constraint);
}

static void too_long(const Request *r, Err *e) {
  (void)r;
  say(e, "The provided value for the column is too long for the column's type. Column: %s",
      e->columns[0] ? e->columns : "(not available)");
}

static void keep_server_words(Err *e, const char *format) {
  char words[sizeof e->message];
  memcpy(words, e->message, sizeof words);
  say(e, format, words);
}

static void out_of_range(const Request *r, Err *e) {
  (void)r;
  keep_server_words(e, "Value out of range for the type: %s");
}

static void write_conflict(const Request *r, Err *e) {
  (void)r;
  say(e, "%s", err_template(ERR_P2034));
}

static void locked(const Request *r, Err *e) {
  (void)r;
  say(e, "%s", err_template(ERR_LOCK_NOT_AVAILABLE));
}

static void no_table(const Request *r, Err *e) {
  if (!r->model) return;
  snprintf(e->message, sizeof e->message, "The table `%.*s` does not exist in the current database.",
           SLICE_ARGS(r->model->db_name));
}

static void no_column(const Request *r, Err *e) {
  (void)r;
  keep_server_words(e, "The column does not exist in the current database: %s");
}

static void pool_timeout(const Request *r, Err *e) {
  if (r->kind != REQUEST_BEGIN && !r->tx) return;
  e->code = ERR_P2028;
  say(e, "%s", "Transaction API error: Unable to start a transaction in the given time.");
}

static const struct {
  ErrCode code;
  void (*say)(const Request *r, Err *e);
} translations[] = {
    {ERR_P2002, unique_violation},
    {ERR_P2003, foreign_key_violation},
    {ERR_P2011, null_violation},
    {ERR_P2004, check_violation},
    {ERR_P2000, too_long},
    {ERR_P2020, out_of_range},
    {ERR_P2034, write_conflict},
    {ERR_P2021, no_table},
    {ERR_P2022, no_column},
    {ERR_P2024, pool_timeout},
    {ERR_LOCK_NOT_AVAILABLE, locked},
};

static void name_call(const Request *r, Err *e) {
  if (!r->model) return;
  err_text(e->model, sizeof e->model, r->model->name);
  if (r->kind == REQUEST_CALL) err_text(e->action, sizeof e->action, slice_of(action_name(r->action)));
}

/* Raw SQL has one code of its own; the server's words stay as they are. */
static void raw_error(Err *e) {
  char words[sizeof e->message];
  memcpy(words, e->message, sizeof words);
  e->code = sqlstate_code(e->sqlstate) == ERR_P2034 ? ERR_P2034 : ERR_P2010;
  snprintf(e->message, sizeof e->message, "Raw query failed. Code: `%s`. Message: `%s`", e->sqlstate, words);
}

void timeout_error(const Request *r, bool unknown, Err *e) {
  (void)err_set(e, ERR_TIMEOUT, "The call did not end within its timeout of %d ms%s.", r->timeout_ms,
                unknown ? ", and the server did not answer: whether it was committed is not known" : "");
  name_call(r, e);
}

void error_translate(const Request *r, Err *e) {
  if (timeout_was_it(r, e)) {
    char sqlstate[sizeof e->sqlstate];
    memcpy(sqlstate, e->sqlstate, sizeof sqlstate);
    timeout_error(r, false, e);
    memcpy(e->sqlstate, sqlstate, sizeof sqlstate);
    return;
  }
  name_call(r, e);
  if (r->kind == REQUEST_CALL && r->tx && sqlstate_stale_plan(e->sqlstate)) { /* a table changed under it */
    e->code = ERR_P2034;
    keep_server_words(e,
                      "The transaction cannot go on, the database's schema was changed meanwhile: %s. Please "
                      "retry your transaction");
    return;
  }
  if (r->kind == REQUEST_RAW && e->sqlstate[0]) {
    raw_error(e);
    return;
  }
  for (size_t i = 0; i < COUNT(translations); i++)
    if (translations[i].code == e->code) translations[i].say(r, e);
}

/* Put the number in place of the word, where that stands in the text. */
static void put_number(char *text, size_t size, const char *word, uint32_t number) {
  char whole[sizeof(((Err *)0)->message)];
  char *at = strstr(text, word);
  if (!at) return;
  snprintf(whole, sizeof whole, "%.*s%u%s", (int)(at - text), text, number, at + strlen(word));
  snprintf(text, size, "%s", whole);
}

bool check_failed(const Request *r, const Check *check, uint32_t expected, uint32_t found, Err *e) {
  err_set(e, check->code, "%.*s", SLICE_ARGS(check->message));
  err_text(e->detail, sizeof e->detail, check->cause);
  err_text(e->target, sizeof e->target, check->target);
  put_number(e->message, sizeof e->message, "{expected}", expected);
  put_number(e->message, sizeof e->message, "{found}", found);
  put_number(e->detail, sizeof e->detail, "{expected}", expected);
  put_number(e->detail, sizeof e->detail, "{found}", found);
  name_call(r, e);
  return false;
}
