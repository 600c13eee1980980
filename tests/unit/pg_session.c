#include "pg/session.h"

#include "check.h"
#include "server.h"

static Server server;
static Err err;

static Session *open_url(const char *url) {
  Session *s;
  return session_open(slice_of(url), &s, &err) ? s : NULL;
}
static Session *opened(void) {
  Session *s = open_url(server.url);
  if (!s) server_fail(err.message);
  return s;
}

static void asks_and_answers(void) {
  Session *s = opened();
  Slice params[] = {SLICE("41"), {NULL, 0}}, cell;
  Result *r;
  CHECK(session_version(s) >= 120000);
  CHECK(session_query(s, "select $1::int + 1 as answer, $2::text", params, 2, &r, &err));
  CHECK(result_rows(r) == 1 && result_columns(r) == 2 && result_oid(r, 0) == 23);
  CHECK_TEXT(result_name(r, 0), "answer");
  CHECK(result_cell(r, 0, 0, &cell) && slice_is(cell, "42"));
  CHECK(!result_cell(r, 0, 1, &cell));
  result_free(r);
  params[0] = (Slice){"a\0b", 3};
  CHECK(!session_query(s, "select $1", params, 1, &r, &err) && err.code == ERR_VALIDATION && !r);
  session_close(s);
}

static void counts_what_was_written(void) {
  Session *s = opened();
  Result *r;
  CHECK(session_execute(s, SLICE("create temp table t (id int primary key); insert into t values (1), (2)"),
                        &err));
  CHECK(session_query(s, "update t set id = id + 10", NULL, 0, &r, &err) && result_affected(r) == 2);
  result_free(r);
  CHECK(session_query(s, "select * from t", NULL, 0, &r, &err) && result_affected(r) == 0);
  result_free(r);
  session_close(s);
}

static void names_what_failed(void) {
  Session *s = opened();
  CHECK(session_execute(s,
                        SLICE("create temp table \"T\" (\"the id\" int, b int not null, "
                              "constraint \"T_key\" unique (\"the id\", b))"),
                        &err));
  CHECK(!session_execute(
      s, SLICE("select 1;\n\ninsert into \"T\" values (1, 2);\ninsert into \"T\" values (1, 2);"), &err));
  CHECK(err.code == ERR_P2002 && err.line == 4);
  CHECK_TEXT(slice_of(err.sqlstate), "23505");
  CHECK_TEXT(slice_of(err.table), "T");
  CHECK_TEXT(slice_of(err.columns), "the id,b");
  CHECK_TEXT(slice_of(err.constraint), "T_key");
  CHECK(!session_execute(s, SLICE("insert into \"T\" values (1, null)"), &err) && err.code == ERR_P2011);
  CHECK_TEXT(slice_of(err.columns), "b");
  CHECK(!session_execute(s, SLICE("select '\xC3\xBC';\nselect 1;\nselect nonsense from \"T\";"), &err));
  CHECK(err.code == ERR_P2022 && err.line == 3);
  CHECK_TEXT(slice_of(err.columns), "nonsense");
  CHECK(!session_execute(s, SLICE("select * from public.nothing"), &err) && err.code == ERR_P2021);
  CHECK_TEXT(slice_of(err.table), "public.nothing");
  CHECK(session_execute(s, SLICE("begin"), &err) && session_in_transaction(s));
  CHECK(session_execute(s, SLICE("rollback"), &err) && !session_in_transaction(s));
  session_close(s);
}

static bool count_bytes(void *ctx, Slice data, Err *e) {
  size_t *n = ctx;
  *n += data.n;
  return *n < 1000 || err_set(e, ERR_CANCELLED, "enough");
}

static void copies_out(void) {
  Session *s = opened();
  size_t n = 0;
  CHECK(session_copy_out(s, "copy (select 1 from generate_series(1, 10)) to stdout", count_bytes, &n, &err));
  CHECK(n == 20);
  CHECK(!session_copy_out(s, "copy (select 1 from generate_series(1, 1000000)) to stdout", count_bytes, &n,
                          &err));
  CHECK(err.code == ERR_CANCELLED);
  CHECK(!session_copy_out(s, "select 1", count_bytes, &n, &err) && err.code == ERR_USAGE);
  CHECK(!session_execute(s, SLICE("copy (select 1) to stdout; copy pg_class from stdin"), &err));
  CHECK(session_execute(s, SLICE("select 1"), &err));
  session_close(s);
}

static void refused_connections_say_why(void) {
  char url[400];
  CHECK(!open_url("postgresql://joe@localhost/x?host=/nowhere") && err.code == ERR_P1001);
  CHECK_TEXT(slice_of(err.message),
             "Can't reach database server at `/nowhere:5432`\n\n"
             "Please make sure your database server is running at `/nowhere:5432`.");
  CHECK(!open_url("postgresql://joe:canary@127.0.0.1:1/x") && err.code == ERR_P1001);
  CHECK(!strstr(err.message, "canary") && !strstr(err.detail, "canary"));
  if (!server.pid) return;
  snprintf(url, sizeof url, "postgresql://lorm@localhost/missing?host=%s", server.dir);
  CHECK(!open_url(url) && err.code == ERR_P1003);
  snprintf(url, sizeof url, "postgresql://nobody@localhost/postgres?host=%s", server.dir);
  CHECK(!open_url(url) && err.code == ERR_P1010);
  snprintf(url, sizeof url, "postgresql://lorm@localhost/postgres?host=%s&sslmode=verify-full&sslrootcert=/x",
           server.dir);
  Session *s = open_url(url); /* a socket needs no TLS */
  CHECK(s != NULL);
  session_close(s);
}

static void a_schema_is_searched_first(void) {
  char url[400];
  Slice cell;
  Result *r;
  snprintf(url, sizeof url, "%s&schema=My%%20%%22Own", server.url);
  if (!server.pid) return;
  Session *s = open_url(url);
  CHECK(s && session_execute(s, SLICE("create schema \"My \"\"Own\"; create table there ()"), &err));
  CHECK(session_query(s, "select count(*) from pg_tables where schemaname = 'My \"Own'", NULL, 0, &r, &err));
  CHECK(result_cell(r, 0, 0, &cell) && slice_is(cell, "1"));
  result_free(r);
  session_close(s);
}

static void lost_sessions_are_known(void) {
  if (!server.pid) return;
  Session *s = opened();
  CHECK(!session_execute(s, SLICE("select pg_terminate_backend(pg_backend_pid())"), &err));
  CHECK(err.code == ERR_P1017);
  CHECK(!session_execute(s, SLICE("select 1"), &err) && err.code == ERR_P1017);
  session_close(s);
}

static void starts(void) { server = server_start(); }
static void stops(void) { server_stop(&server); }

TESTS(starts, asks_and_answers, counts_what_was_written, names_what_failed, copies_out,
      refused_connections_say_why, a_schema_is_searched_first, lost_sessions_are_known, stops)
