/* The workloads by hand: libpq, prepared statements, binary results, and each row a Lua table. What
 * workloads.lua is measured against. hand URL NAME N [WARM]      prints: wall and CPU microseconds per
 * operation, and a checksum */
#include <arpa/inet.h>
#include <lauxlib.h>
#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static PGconn *conn;
static lua_State *L;

static void fail(const char *what, const char *why) {
  fprintf(stderr, "hand: %s: %s\n", what, why);
  exit(1);
}

static uint32_t id_of(long i) { return (uint32_t)(i * 7919 % 2000 + 1); }
static uint32_t int4(const PGresult *r, int row, int column) {
  uint32_t v;
  memcpy(&v, PQgetvalue(r, row, column), sizeof v);
  return ntohl(v);
}

/* ---- rows as Lua tables ---- */

static void push_timestamp(const char *bytes) {
  int64_t *micros = lua_newuserdatauv(L, sizeof *micros, 0);
  uint64_t v;
  memcpy(&v, bytes, sizeof v);
  *micros = (int64_t)be64toh(v) + INT64_C(946684800000000);
  luaL_setmetatable(L, "timestamp");
}

static void push_cell(const PGresult *r, int row, int column) {
  switch (PQftype(r, column)) {
    case 16: lua_pushboolean(L, PQgetvalue(r, row, column)[0]); break;
    case 23: lua_pushinteger(L, (int32_t)int4(r, row, column)); break;
    case 1114: push_timestamp(PQgetvalue(r, row, column)); break;
    default: lua_pushlstring(L, PQgetvalue(r, row, column), (size_t)PQgetlength(r, row, column));
  }
}

static void push_row(const PGresult *r, int row) {
  lua_createtable(L, 0, PQnfields(r));
  for (int i = 0; i < PQnfields(r); i++) {
    if (PQgetisnull(r, row, i)) continue;
    push_cell(r, row, i);
    lua_setfield(L, -2, PQfname(r, i));
  }
}

static void push_rows(const PGresult *r) {
  lua_createtable(L, PQntuples(r), 0);
  for (int i = 0; i < PQntuples(r); i++) {
    push_row(r, i);
    lua_rawseti(L, -2, i + 1);
  }
}

/* ---- statements ---- */

#define USER "\"id\", \"email\", \"username\", \"password\", \"role\"::text, \"createdAt\", \"updatedAt\""
static const struct {
  const char *name, *sql;
} statements[] = {
    {"find", "SELECT " USER " FROM \"users\" WHERE \"id\" = $1"},
    {"list", "SELECT " USER " FROM \"users\" ORDER BY \"id\""},
    {"update",
     "UPDATE \"users\" SET \"password\" = $2, \"updatedAt\" = now() WHERE \"id\" = $1 RETURNING " USER},
    {"profile", "SELECT * FROM \"profiles\" WHERE \"userId\" = $1"},
    {"posts", "SELECT * FROM \"posts\" WHERE \"authorId\" = $1"},
    {"categories",
     "SELECT c.*, m.\"B\" FROM \"posts\" p JOIN \"_CategoryToPost\" m ON m.\"B\" = p.\"id\" "
     "JOIN \"categories\" c ON c.\"id\" = m.\"A\" WHERE p.\"authorId\" = $1"},
    {"comments",
     "SELECT k.* FROM \"posts\" p JOIN \"comments\" k ON k.\"postId\" = p.\"id\" WHERE p.\"authorId\" = $1"},
};

static PGresult *checked(PGresult *r, const char *what) {
  ExecStatusType status = PQresultStatus(r);
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) fail(what, PQresultErrorMessage(r));
  return r;
}

static void prepare(void) {
  for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
    PQclear(checked(PQprepare(conn, statements[i].name, statements[i].sql, 0, NULL), statements[i].name));
}

static void params(uint32_t *id, const char *text, const char *values[2], int lengths[2]) {
  values[0] = (const char *)id;
  lengths[0] = sizeof *id;
  values[1] = text;
  lengths[1] = text ? (int)strlen(text) : 0;
}

static PGresult *run(const char *name, int n, uint32_t id, const char *text) {
  static const int formats[] = {1, 1};
  const char *values[2];
  int lengths[2];
  id = htonl(id);
  params(&id, text, values, lengths);
  return checked(PQexecPrepared(conn, name, n, values, lengths, formats, 1), name);
}

static void send_one(const char *name, uint32_t id) {
  static const int formats[] = {1, 1};
  const char *values[2];
  int lengths[2];
  id = htonl(id);
  params(&id, NULL, values, lengths);
  if (!PQsendQueryPrepared(conn, name, 1, values, lengths, formats, 1)) fail(name, PQerrorMessage(conn));
}

static PGresult *next_result(void) {
  PGresult *r = PQgetResult(conn);
  PQclear(PQgetResult(conn)); /* the NULL between two statements */
  return checked(r, "pipeline");
}

static void end_pipeline(void) {
  PGresult *r = PQgetResult(conn);
  if (PQresultStatus(r) != PGRES_PIPELINE_SYNC) fail("pipeline", PQerrorMessage(conn));
  PQclear(r);
  if (!PQexitPipelineMode(conn)) fail("pipeline", PQerrorMessage(conn));
}

/* ---- workloads ---- */

static long one_row(PGresult *r) {
  push_row(r, 0);
  long id = int4(r, 0, 0);
  PQclear(r);
  lua_settop(L, 0);
  return id;
}

static long find(long i) { return one_row(run("find", 1, id_of(i), NULL)); }

static long list(long i) {
  (void)i;
  PGresult *r = run("list", 0, 0, NULL);
  push_rows(r);
  long n = PQntuples(r);
  PQclear(r);
  lua_settop(L, 0);
  return n;
}

static long update(long i) {
  char text[40];
  snprintf(text, sizeof text, "secret %ld", i);
  return one_row(run("update", 2, id_of(i), text));
}

/* Hand the children to their posts; stack: posts at 2. */
static void distribute(const PGresult *r, const char *key, int column) {
  lua_Integer n = (lua_Integer)lua_rawlen(L, 2);
  for (lua_Integer k = 1; k <= n; k++) {
    lua_rawgeti(L, 2, k);
    lua_getfield(L, -1, "id");
    uint32_t id = (uint32_t)lua_tointeger(L, -1);
    lua_pop(L, 1);
    lua_newtable(L);
    for (int row = 0, at = 0; row < PQntuples(r); row++) {
      if (int4(r, row, column) != id) continue;
      push_row(r, row);
      lua_rawseti(L, -2, ++at);
    }
    lua_setfield(L, -2, key);
    lua_pop(L, 1);
  }
}

/* All levels in one pipeline: the user's key reaches every one of them. */
static long nested(long i) {
  static const char *const names[] = {"find", "profile", "posts", "categories", "comments"};
  PGresult *r[5];
  if (!PQenterPipelineMode(conn)) fail("pipeline", PQerrorMessage(conn));
  for (int k = 0; k < 5; k++) send_one(names[k], id_of(i));
  if (!PQpipelineSync(conn)) fail("pipeline", PQerrorMessage(conn));
  for (int k = 0; k < 5; k++) r[k] = next_result();
  end_pipeline();
  push_row(r[0], 0);
  push_rows(r[2]);
  distribute(r[3], "categories", PQfnumber(r[3], "\"B\""));
  distribute(r[4], "comments", PQfnumber(r[4], "\"postId\""));
  lua_setfield(L, 1, "posts");
  push_row(r[1], 0);
  lua_setfield(L, 1, "profile");
  long sum = int4(r[1], 0, 0) + PQntuples(r[3]) + PQntuples(r[4]);
  for (int k = 0; k < 5; k++) PQclear(r[k]);
  lua_settop(L, 0);
  return sum;
}

/* 100 at once, pipelined, a Sync for each. */
static long together(long i) {
  if (i % 100 > 0) return 0;
  long sum = 0;
  if (!PQenterPipelineMode(conn)) fail("pipeline", PQerrorMessage(conn));
  for (long k = 1; k <= 100; k++) {
    send_one("find", id_of(i + k));
    if (!PQpipelineSync(conn)) fail("pipeline", PQerrorMessage(conn));
  }
  for (long k = 1; k <= 100; k++) {
    sum += one_row(next_result());
    PQclear(PQgetResult(conn));
  }
  if (!PQexitPipelineMode(conn)) fail("pipeline", PQerrorMessage(conn));
  return sum;
}

static const struct {
  const char *name;
  long (*run)(long i);
} workloads[] = {
    {"find", find}, {"list", list}, {"nested", nested}, {"update", update}, {"together", together}};

static double now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void measure(long (*work)(long i), long n, long warm) {
  long sum = 0;
  for (long i = 1; i <= warm; i++) work(i);
  double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
  for (long i = 1; i <= n; i++) sum += work(i);
  wall = now(CLOCK_MONOTONIC) - wall;
  cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  printf("%.2f %.2f %ld\n", wall / (double)n, cpu / (double)n, sum);
}

int main(int argc, char **argv) {
  if (argc != 4 && argc != 5) fail("usage", "hand URL NAME N [WARM]");
  long n = atol(argv[3]), warm = argc == 5 ? atol(argv[4]) : n / 10 > 100 ? n / 10 : 100;
  conn = PQconnectdb(argv[1]);
  if (PQstatus(conn) != CONNECTION_OK) fail("connect", PQerrorMessage(conn));
  L = luaL_newstate();
  luaL_newmetatable(L, "timestamp");
  lua_settop(L, 0);
  prepare();
  for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++)
    if (strcmp(workloads[i].name, argv[2]) == 0) measure(workloads[i].run, n, warm);
  lua_close(L);
  PQfinish(conn);
  return 0;
}
