/* Calls against a real server, through the verbs that the runtime has. */
#include "engine/engine.h"

#include <poll.h>

#include "check.h"
#include "pg/session.h"
#include "plan_notation.h"
#include "server.h"

static const char schema_text[] =
    "datasource db {\n provider = \"postgresql\"\n url = \"postgresql://x\"\n}\n"
    "model User {\n id Int @id @default(autoincrement())\n email String @unique\n name String?\n age Int?\n"
    "  posts Post[]\n}\n"
    "model Post {\n id Int @id @default(autoincrement())\n title String\n views BigInt @default(0)\n"
    "  authorId Int\n author User @relation(fields: [authorId], references: [id])\n}\n";

static const char tables[] =
    "create table \"User\" (id serial primary key, email text not null, name text, age int);"
    "create unique index \"User_email_key\" on \"User\" (email);"
    "create table \"Post\" (id serial primary key, title text not null, views bigint not null default 0,"
    " \"authorId\" int not null references \"User\" (id));"
    "insert into \"User\" (email, name, age) select 'u' || i || '@x', 'User ' || i, i from "
    "generate_series(1, 20) i;"
    "insert into \"Post\" (title, \"authorId\") select 'Post ' || i, 1 + i % 5 from generate_series(1, 20) "
    "i;";

/* ---- the stage ---- */

static Server server;
static Arena *arena; /* of the schema and of expectations */
static const Schema *schema;
static Loop *loop;
static Engine *engine;
static Err err;

static void load_schema(void *ctx) {
  (void)ctx;
  Source source = {SLICE("schema.prisma"), slice_of(schema_text)};
  Diags d = {.arena = arena};
  schema = schema_load(arena, &source, 1, &d);
  for (uint32_t i = 0; !schema && i < d.n; i++) fprintf(stderr, "%.*s\n", SLICE_ARGS(d.items[i].message));
}

static void sql(const char *text) {
  Session *s;
  if (!session_open(server_url(&server), &s, &err)) server_fail(err.message);
  if (!session_execute(s, slice_of(text), &err)) server_fail(err.message);
  session_close(s);
}

static void open_engine(int max, int wait_ms) {
  EngineConfig c = {.schema = schema,
                    .url = server_url(&server),
                    .pool_max = max,
                    .pool_min = -1,
                    .connection_timeout_ms = wait_ms,
                    .idle_timeout_ms = -1,
                    .max_lifetime_ms = -1};
  if (!loop_new(&loop, &err) || !engine_open(loop, &c, &engine, &err)) server_fail(err.message);
}

static EngineStats stats(void) {
  EngineStats s;
  engine_stats(engine, &s);
  return s;
}

/* Each test returns what it took: no request is left open, nothing leaves the pool. */
static void close_engine(void) {
  while (stats().busy && loop_turn(loop, true))
    ;
  CHECK(stats().requests == 0 && stats().busy == 0 && stats().waiting == 0);
  engine_close(engine);
  loop_free(loop);
}

/* ---- calls ---- */

static uint32_t n_done;
static void on_done(Request *r, void *ctx) {
  (void)r;
  *(uint32_t *)ctx += 1;
}

typedef struct Calling {
  Request *request;
  Slice text;
  bool known;
} Calling;

static void read_call(void *ctx) {
  Calling *c = ctx;
  Model *model;
  CallAction action;
  Arg *args = ARENA_NEW(request_arena(c->request), Arg);
  c->known = notation_read(request_arena(c->request), schema, c->text, &model, &action, args);
  if (c->known) request_call(c->request, model, action, args);
}

static Request *taken(void) {
  Request *r = request_take(engine, &err);
  if (!r) server_fail("request_take");
  return r;
}

/* `Model.action {...}`, or SQL: "$ select ..." has rows, "! update ..." a count. */
static Request *prepared(const char *text, Tx *tx) {
  Request *r = taken();
  Calling c = {r, slice_of(text), true};
  if (*text == '$' || *text == '!')
    request_raw(r, slice_of(text + 2), NULL, 0, *text == '$');
  else
    CHECK(arena_protect(request_arena(r), NULL, read_call, &c) && c.known);
  if (tx) request_in(r, tx);
  return r;
}

static Request *submitted(const char *text, Tx *tx) {
  Request *r = prepared(text, tx);
  CHECK(engine_lookup(r, &err));
  CHECK(engine_submit(r, on_done, &n_done, &err));
  CHECK(!request_finished(r)); /* never inline */
  return r;
}

static void finish(const Request *r) {
  while (!request_finished(r) && loop_turn(loop, true))
    ;
  CHECK(request_finished(r));
}

static Request *ran(const char *text, Tx *tx) {
  Request *r = submitted(text, tx);
  finish(r);
  return r;
}

static void print_value(Buf *b, const Value *v) {
  switch (v->kind) {
    case VALUE_NULL: buf_text(b, "null"); break;
    case VALUE_INT:
    case VALUE_BOOL: buf_int(b, v->u.i); break;
    case VALUE_TEXT: buf_add(b, v->u.p, v->len); break;
    default: buf_text(b, "?"); break;
  }
}

typedef struct Printing {
  Request *request;
  Slice out;
} Printing;

/* Every step's rows: cells by ',', rows by ';', steps by '|'. */
static void print_rows(void *ctx) {
  Printing *p = ctx;
  Buf b = buf_in(arena);
  const Err *e = request_error(p->request);
  Rows rows;
  Value cells[32];
  if (e) buf_printf(&b, "%s %s", err_public_code(e->code), e->message);
  for (uint16_t step = 0; !e && step < request_statements(p->request); step++) {
    if (step) buf_byte(&b, '|');
    CHECK(rows_open(p->request, step, &rows, &err));
    while (rows_next(&rows, cells, &err)) {
      if (rows.at > 1) buf_byte(&b, ';');
      for (uint16_t i = 0; i < rows.n_columns; i++) {
        if (i) buf_byte(&b, ',');
        print_value(&b, &cells[i]);
      }
    }
    CHECK(err.code == ERR_NONE);
  }
  p->out = buf_slice(&b);
}

static Slice printed(Request *r) {
  Printing p = {.request = r};
  CHECK(arena_protect(arena, NULL, print_rows, &p));
  request_release(r);
  return p.out;
}

#define GIVES(text, tx, want) CHECK_TEXT(printed(ran((text), (tx))), (want))

static ErrCode code_of(Request *r) {
  const Err *e = request_error(r);
  ErrCode code = e ? e->code : ERR_NONE;
  request_release(r);
  return code;
}

static int64_t affected(Request *r) {
  ResultShape shape;
  CHECK(!request_error(r));
  request_shape(r, &shape);
  request_release(r);
  return shape.kind == RESULT_AFFECTED ? shape.affected : -1;
}

/* ---- reads ---- */

static void finds_rows(void) {
  open_engine(4, -1);
  GIVES("User.findUnique {\"where\": {\"id\": 3}}", NULL, "3,u3@x,User 3,3");
  GIVES("User.findUnique {\"where\": {\"id\": 4}}", NULL, "4,u4@x,User 4,4");
  GIVES("User.findFirst {\"where\": {\"age\": {\"gt\": 18}}, \"orderBy\": {\"id\": \"desc\"}}", NULL,
        "20,u20@x,User 20,20");
  GIVES("User.findMany {\"where\": {\"id\": {\"in\": [1, 2]}}, \"select\": {\"email\": true}}", NULL,
        "u1@x;u2@x");
  GIVES("User.count {\"where\": {\"age\": {\"lte\": 10}}}", NULL, "10");
  GIVES("User.findUniqueOrThrow {\"where\": {\"id\": 400}}", NULL,
        "P2025 An operation failed because it depends on one or more records that were required but not "
        "found. No record was found for a query.");
  CHECK(stats().plans == 5 && stats().hits == 1 && stats().misses == 5);
  close_engine();
}

static void finds_relations(void) {
  open_engine(4, -1);
  Request *r = ran("User.findUnique {\"where\": {\"id\": 2}, \"include\": {\"posts\": true}}", NULL);
  Slice text = printed(r);
  CHECK(slice_starts(text, SLICE("2,u2@x,User 2,2")) && memmem(text.p, text.n, "Post 1,", 7));
  CHECK(memmem(text.p, text.n, "Post 16,", 8) && !memmem(text.p, text.n, "Post 2,", 7));
  r = ran("Post.findMany {\"where\": {\"id\": 1}, \"include\": {\"author\": true}}", NULL);
  text = printed(r);
  CHECK(slice_starts(text, SLICE("1,Post 1,0,2")) && memmem(text.p, text.n, "u2@x", 4));
  close_engine();
}

static void mistakes_end_at_lookup(void) {
  open_engine(4, -1);
  Request *r = prepared("User.findMany {\"where\": {\"idd\": 1}}", NULL);
  CHECK(!engine_lookup(r, &err) && err.code == ERR_VALIDATION && strstr(err.path, "where"));
  request_release(r);
  (void)code_of(ran("User.findUnique {\"where\": {\"email\": \"a\"}}", NULL));
  r = prepared("User.findUnique {\"where\": {\"email\": 1}}",
               NULL); /* the same plan, a value that does not fit */
  bool good = engine_lookup(r, &err) && engine_submit(r, on_done, &n_done, &err);
  CHECK(!good && err.code == ERR_VALIDATION && strstr(err.path, "email"));
  request_release(r);
  CHECK(stats().connections <= 1);
  close_engine();
}

static void many_reads_at_once(void) {
  enum {
    N = 500
  };
  static Request *r[N];
  char text[80];
  open_engine(3, -1);
  n_done = 0;
  for (int i = 0; i < N; i++) {
    snprintf(text, sizeof text, "User.findFirst {\"where\": {\"id\": %d}}", 1 + i % 20);
    r[i] = submitted(text, NULL);
  }
  for (int i = 0; i < N; i++) {
    finish(r[i]);
    snprintf(text, sizeof text, "%d,u%d@x,User %d,%d", 1 + i % 20, 1 + i % 20, 1 + i % 20, 1 + i % 20);
    CHECK_TEXT(printed(r[i]), text);
  }
  CHECK(n_done == N && stats().connections <= 3 && stats().queries == N);
  close_engine();
}

/* ---- raw ---- */

static void raw_sql_runs(void) {
  open_engine(4, -1);
  GIVES("$ select 1 as a, 'x' as b, null::int", NULL, "1,x,null");
  Request *r = taken();
  Arg params[] = {{.kind = ARG_INT, .u.i = 41, .leaf = ARG_NO_LEAF},
                  {.kind = ARG_STRING, .n = 2, .u.p = "ab", .leaf = ARG_NO_LEAF},
                  {.kind = ARG_NULL, .leaf = ARG_NO_LEAF}};
  request_raw(r, SLICE("select $1::int + 1, $2 || 'c', $3::text is null"), params, 3, true);
  CHECK(engine_submit(r, on_done, &n_done, &err));
  finish(r);
  CHECK_TEXT(printed(r), "42,abc,1");
  CHECK(affected(ran("! update \"User\" set age = age where id <= 3", NULL)) == 3);
  GIVES("$ select 1/0", NULL, "P2010 Raw query failed. Code: `22012`. Message: `division by zero`");
  GIVES("! copy (select 1) to stdout", NULL,
        " COPY is not possible here. What it has done may have come to stay.");
  GIVES("$ select 2", NULL, "2");
  close_engine();
}

/* ---- writes ---- */

static void failed_checks_are_undone(void) {
  open_engine(4, -1);
  GIVES("User.update {\"where\": {\"id\": 7}, \"data\": {\"age\": 70}, \"select\": {\"age\": true}}", NULL,
        "70");
  CHECK(code_of(ran("User.update {\"where\": {\"id\": 700}, \"data\": {\"age\": 1}}", NULL)) == ERR_P2025);
  Request *r =
      ran("User.update {\"where\": {\"id\": 7}, \"data\": {\"age\": 71, \"posts\": {\"connect\": [{\"id\": "
          "999}]}}}",
          NULL);
  ErrCode code = code_of(r);
  CHECK(code == ERR_P2025 || code == ERR_P2018);
  GIVES("$ select age from \"User\" where id = 7", NULL, "70");
  CHECK(code_of(ran("User.create {\"data\": {\"email\": \"u1@x\"}}", NULL)) == ERR_P2002);
  r =
      ran("User.create {\"data\": {\"email\": \"n@x\", \"posts\": {\"create\": [{\"title\": \"a\"}, "
          "{\"title\": \"b\"}]}}}",
          NULL);
  CHECK(code_of(r) == ERR_NONE);
  GIVES("$ select count(*) from \"Post\" p join \"User\" u on p.\"authorId\" = u.id where u.email = 'n@x'",
        NULL, "2");
  CHECK(affected(ran("Post.deleteMany {\"where\": {\"author\": {\"email\": \"n@x\"}}}", NULL)) == 2);
  CHECK(code_of(ran("User.delete {\"where\": {\"email\": \"n@x\"}}", NULL)) == ERR_NONE);
  close_engine();
}

/* ---- transactions ---- */

static Tx *begun(const char *isolation, int max_wait_ms, int timeout_ms) {
  TxOptions o = {slice_of(isolation), max_wait_ms, timeout_ms};
  Request *r = taken();
  CHECK(request_begin(r, &o, &err) && engine_submit(r, on_done, &n_done, &err));
  finish(r);
  const Err *e = request_error(r);
  Tx *tx = request_tx(r);
  if (e) err = *e;
  request_release(r);
  return tx;
}

static ErrCode ended(Tx *tx, TxVerb verb) {
  Request *r = taken();
  request_end(r, tx, verb);
  if (!engine_submit(r, on_done, &n_done, &err)) {
    request_release(r);
    return err.code;
  }
  finish(r);
  return code_of(r);
}

#define AGE "$ select age from \"User\" where id = 5"

static void transactions_commit_and_roll_back(void) {
  open_engine(4, -1);
  Tx *tx = begun("Serializable", -1, -1);
  GIVES("$ show transaction_isolation", tx, "serializable");
  CHECK(affected(ran("! update \"User\" set age = 50 where id = 5", tx)) == 1);
  GIVES(AGE, NULL, "5");
  GIVES("User.findUnique {\"where\": {\"id\": 5}, \"select\": {\"age\": true}}", tx, "50");
  CHECK(ended(tx, TX_COMMIT) == ERR_NONE && !tx_open(tx));
  GIVES(AGE, NULL, "50");
  Request *late = prepared(AGE, tx);
  CHECK(!engine_submit(late, on_done, &n_done, &err) && err.code == ERR_P2028);
  request_release(late);
  tx_release(tx);

  tx = begun("", -1, -1);
  CHECK(affected(ran("! update \"User\" set age = 51 where id = 5", tx)) == 1);
  CHECK(ended(tx, TX_ROLLBACK) == ERR_NONE);
  tx_release(tx);
  tx = begun("", -1, -1); /* let go in the middle, with something under way */
  CHECK(affected(ran("! update \"User\" set age = 52 where id = 5", tx)) == 1);
  Request *r = submitted("! update \"User\" set age = 53 where id = 5", tx);
  tx_release(tx);
  finish(r);
  request_release(r);
  GIVES(AGE, NULL, "50");
  TxOptions wrong = {SLICE("Serialisable"), -1, -1};
  r = taken();
  CHECK(!request_begin(r, &wrong, &err) && strstr(err.message, "Did you mean \"Serializable\""));
  request_release(r);
  close_engine();
}

static void savepoints_nest(void) {
  open_engine(4, -1);
  Tx *tx = begun("", -1, -1);
  CHECK(affected(ran("! update \"User\" set age = 60 where id = 5", tx)) == 1);
  CHECK(ended(tx, TX_SAVEPOINT) == ERR_NONE);
  CHECK(affected(ran("! update \"User\" set age = 61 where id = 5", tx)) == 1);
  CHECK(ended(tx, TX_SAVEPOINT) == ERR_NONE);
  CHECK(code_of(ran("$ select 1/0", tx)) == ERR_P2010);
  CHECK(ended(tx, TX_ROLLBACK_TO) == ERR_NONE);
  GIVES(AGE, tx, "61");
  CHECK(ended(tx, TX_ROLLBACK_TO) == ERR_NONE);
  GIVES(AGE, tx, "60");
  CHECK(ended(tx, TX_SAVEPOINT) == ERR_NONE && ended(tx, TX_RELEASE) == ERR_NONE);
  CHECK(ended(tx, TX_RELEASE) == ERR_P2028);
  CHECK(ended(tx, TX_COMMIT) == ERR_NONE);
  tx_release(tx);
  GIVES(AGE, NULL, "60");

  tx = begun("", -1, -1); /* a failed statement: no commit */
  CHECK(affected(ran("! update \"User\" set age = 70 where id = 5", tx)) == 1);
  CHECK(code_of(ran("$ select 1/0", tx)) == ERR_P2010);
  CHECK(ended(tx, TX_COMMIT) == ERR_P2028);
  tx_release(tx);
  GIVES(AGE, NULL, "60");
  close_engine();
}

static void transactions_time_out(void) {
  open_engine(1, 100);
  Tx *tx = begun("", -1, 50);
  int64_t start = loop_clock_us();
  CHECK(affected(ran("! update \"User\" set age = 80 where id = 5", tx)) == 1);
  Request *r = ran("$ select pg_sleep(20)", tx);
  CHECK(code_of(r) != ERR_NONE && loop_clock_us() - start < 5000000 && !tx_open(tx));
  r = prepared(AGE, tx);
  CHECK(!engine_submit(r, on_done, &n_done, &err) && err.code == ERR_P2028 && strstr(err.message, "50 ms"));
  request_release(r);
  tx_release(tx);
  GIVES(AGE, NULL, "60");

  tx = begun("", -1, -1); /* nobody else gets in */
  CHECK(!begun("", 30, -1) && err.code == ERR_P2028);
  r = ran("$ select 1", NULL);
  CHECK(code_of(r) == ERR_P2024);
  CHECK(stats().timeouts == 2);
  tx_release(tx);
  GIVES("$ select 1", NULL, "1");
  close_engine();
}

static void stale_plans_are_mended(void) {
  open_engine(1, -1);
  const char *find = "User.findUnique {\"where\": {\"id\": 8}}";
  GIVES(find, NULL, "8,u8@x,User 8,8");
  sql("alter table \"User\" alter name type varchar(60)");
  for (int i = 0; i < 2; i++) GIVES(find, NULL, "8,u8@x,User 8,8"); /* outside a transaction nobody sees it */
  Tx *tx = begun("", -1, -1);
  GIVES("$ select 1", tx, "1");
  sql("alter table \"User\" alter name type text");
  CHECK(code_of(ran(find, tx)) == ERR_P2034);
  tx_release(tx);
  GIVES("! deallocate all", NULL, "");
  GIVES(find, NULL, "8,u8@x,User 8,8");
  close_engine();
}

static void lost_transactions_say_so(void) {
  open_engine(2, -1);
  Tx *tx = begun("", -1, -1);
  CHECK(code_of(ran("$ select pg_terminate_backend(pg_backend_pid())", tx)) != ERR_NONE && !tx_open(tx));
  CHECK(ended(tx, TX_COMMIT) == ERR_P2028);
  tx_release(tx);
  tx = begun("", -1, -1); /* all who wait hear of it */
  Request *r[3];
  for (int i = 0; i < 3; i++) r[i] = submitted(i ? "User.count" : "$ select pg_sleep(20)", tx);
  (void)loop_turn(loop, false);
  sql("select pg_terminate_backend(pid, 2000) from pg_stat_activity where query like '%pg_sleep(20)' and pid "
      "<> "
      "pg_backend_pid()");
  for (int i = 0; i < 3; i++) finish(r[i]);
  for (int i = 0; i < 3; i++) CHECK(code_of(r[i]) != ERR_NONE);
  CHECK(!tx_open(tx));
  tx_release(tx);
  tx = begun("", -1, -1); /* lost without a word before COMMIT */
  GIVES("$ select 1", tx, "1");
  sql("select pg_terminate_backend(pid, 2000) from pg_stat_activity where state like 'idle in%'");
  ErrCode code = ended(tx, TX_COMMIT);
  CHECK(code == ERR_UNKNOWN_OUTCOME || code == ERR_P1017 || code == ERR_P2028);
  tx_release(tx);
  GIVES("$ select 1", NULL, "1");
  close_engine();
}

/* ---- batches ---- */

static void batches_stand_or_fall_together(void) {
  open_engine(4, -1);
  Request *r[3] = {prepared("! update \"User\" set age = 90 where id = 6", NULL), prepared(AGE, NULL),
                   prepared("$ select age from \"User\" where id = 6", NULL)};
  n_done = 0;
  CHECK(engine_submit_batch(r, 3, (Slice){0}, on_done, &n_done, &err) && n_done == 0);
  for (int i = 0; i < 3; i++) finish(r[i]);
  CHECK(n_done == 3 && affected(r[0]) == 1);
  CHECK_TEXT(printed(r[1]), "60");
  CHECK_TEXT(printed(r[2]), "90");
  r[0] = prepared("! update \"User\" set age = 91 where id = 6", NULL);
  r[1] = prepared("$ select 1/0", NULL);
  r[2] = prepared(AGE, NULL);
  CHECK(engine_submit_batch(r, 3, (Slice){0}, on_done, &n_done, &err));
  for (int i = 0; i < 3; i++) finish(r[i]);
  CHECK(code_of(r[0]) == ERR_CANCELLED && code_of(r[1]) == ERR_P2010 && code_of(r[2]) == ERR_CANCELLED);
  GIVES("$ select age from \"User\" where id = 6", NULL, "90");
  r[0] = prepared("User.count", NULL);
  r[1] = prepared("$ show transaction_isolation", NULL);
  CHECK(engine_lookup(r[0], &err) &&
        engine_submit_batch(r, 2, SLICE("Serializable"), on_done, &n_done, &err));
  for (int i = 0; i < 2; i++) finish(r[i]);
  CHECK_TEXT(printed(r[0]), "20");
  CHECK_TEXT(printed(r[1]), "serializable");
  close_engine();
}

/* ---- findUniques of one tick ---- */

static void many_finds_are_one_statement(void) {
  enum {
    N = 2500 /* more than one statement takes */
  };
  static Request *r[N];
  char text[80];
  open_engine(3, -1);
  n_done = 0;
  for (int i = 0; i < N; i++) {
    snprintf(text, sizeof text, "User.findUnique {\"where\": {\"id\": %d}}", 1 + i % 25);
    r[i] = submitted(text, NULL);
  }
  for (int i = 0; i < N; i++) {
    int id = 1 + i % 25;
    finish(r[i]);
    snprintf(text, sizeof text, "%d,u%d@x,User %d,%d", id, id, id, id);
    CHECK_TEXT(printed(r[i]), id <= 20 ? text : "");
  }
  CHECK(n_done == N && stats().queries == 3 && stats().requests == 0);
  r[0] = submitted("User.findUniqueOrThrow {\"where\": {\"email\": \"u3@x\"}, \"select\": {\"id\": true}}",
                   NULL);
  r[1] = submitted("User.findUniqueOrThrow {\"where\": {\"email\": \"none\"}, \"select\": {\"id\": true}}",
                   NULL);
  r[2] = submitted("User.findUnique {\"where\": {\"id\": 4}}", NULL); /* of another plan: alone */
  for (int i = 0; i < 3; i++) finish(r[i]);
  CHECK_TEXT(printed(r[0]), "3");
  CHECK(code_of(r[1]) == ERR_P2025);
  CHECK_TEXT(printed(r[2]), "4,u4@x,User 4,4");
  CHECK(stats().queries == 5);
  close_engine();
}

static Request *found(int id, Tx *tx) {
  char text[80];
  snprintf(text, sizeof text, "User.findUnique {\"where\": {\"id\": %d}, \"select\": {\"email\": true}}", id);
  return submitted(text, tx);
}

/* A key that makes the statement fail fails its own call only. */
static void a_bad_key_is_alone(void) {
  sql("alter table \"User\" rename to \"Users\";"
      "create function picky(id int) returns bool language plpgsql as "
      "'begin if id = 7 then raise ''no seven''; end if; return true; end';"
      "create view \"User\" as select * from \"Users\" where picky(id)");
  open_engine(3, -1);
  Request *r[3] = {found(6, NULL), found(7, NULL), found(8, NULL)};
  for (int i = 0; i < 3; i++) finish(r[i]);
  CHECK_TEXT(printed(r[0]), "u6@x");
  CHECK(code_of(r[1]) != ERR_NONE);
  CHECK_TEXT(printed(r[2]), "u8@x");
  close_engine();
  sql("drop view \"User\"; drop function picky; alter table \"Users\" rename to \"User\"");
}

static void finds_are_left_and_pumped(void) {
  open_engine(1, -1);
  Request *r[3] = {found(1, NULL), found(2, NULL), found(3, NULL)};
  engine_detach(r[1]); /* before the tick ends */
  CHECK(engine_pump(r[2], 0, &err) && request_finished(r[0]));
  CHECK_TEXT(printed(r[2]), "u3@x");
  CHECK_TEXT(printed(r[0]), "u1@x");
  for (int i = 0; i < 3; i++) r[i] = found(1 + i, NULL);
  (void)loop_turn(loop, false);
  engine_detach(r[0]); /* while it is carried */
  CHECK(engine_pump(r[1], 0, &err));
  CHECK_TEXT(printed(r[1]), "u2@x");
  CHECK_TEXT(printed(r[2]), "u3@x");
  CHECK(stats().queries == 2 && stats().requests == 0);
  for (int i = 0; i < 3; i++) r[i] = found(1 + i, NULL);
  (void)loop_turn(loop, false);
  for (int i = 0; i < 3; i++) engine_detach(r[i]); /* all of them */
  while (stats().busy && loop_turn(loop, true))
    ;
  CHECK(stats().requests == 0);
  uint64_t queries = stats().queries;

  Tx *tx = begun("", -1, -1); /* in a transaction each is sent when it is asked for */
  r[0] = found(1, tx);
  r[1] = found(2, tx);
  for (int i = 0; i < 2; i++) finish(r[i]);
  CHECK_TEXT(printed(r[0]), "u1@x");
  CHECK_TEXT(printed(r[1]), "u2@x");
  CHECK(stats().queries == queries + 3);
  CHECK(ended(tx, TX_COMMIT) == ERR_NONE);
  tx_release(tx);
  close_engine();

  open_engine(1, -1); /* closed before the tick ends, while carried, and when answered but not released */
  n_done = 0;
  for (int i = 0; i < 2; i++) r[i] = found(1 + i, NULL);
  finish(r[0]);
  for (int i = 0; i < 3; i++) (void)found(1 + i, NULL);
  (void)loop_turn(loop, false);
  for (int i = 0; i < 3; i++) (void)found(1 + i, NULL);
  engine_close(engine);
  CHECK(n_done == 8);
  loop_free(loop);
}

/* ---- cursors ---- */

#define STREAM                                                                          \
  "User.findMany {\"where\": {\"id\": {\"lte\": 5}}, \"orderBy\": {\"id\": \"desc\"}, " \
  "\"select\": {\"id\": true, \"posts\": {\"select\": {\"id\": true}, \"take\": 1}}}"

static Request *fetching(uint32_t cursor, uint32_t rows, Tx *tx) {
  Request *r = prepared(STREAM, tx);
  if (rows)
    request_fetch(r, cursor, rows);
  else
    request_declare(r, cursor);
  CHECK(engine_lookup(r, &err));
  return r;
}

static Slice fetched(uint32_t cursor, uint32_t rows, Tx *tx) {
  Request *r = fetching(cursor, rows, tx);
  CHECK(engine_submit(r, on_done, &n_done, &err));
  finish(r);
  return printed(r);
}

static void cursors_bring_batches(void) {
  open_engine(1, -1);
  Tx *tx = begun("", -1, -1);
  uint32_t cursor = engine_cursor(engine), other = engine_cursor(engine);
  Request *r[2] = {fetching(cursor, 0, tx), fetching(cursor, 2, tx)};
  CHECK(engine_submit_batch(r, 2, (Slice){0}, on_done, &n_done, &err));
  for (int i = 0; i < 2; i++) finish(r[i]);
  CHECK(code_of(r[0]) == ERR_NONE);
  CHECK_TEXT(printed(r[1]), "5;4|3,4;4,5");
  CHECK(cursor != other);
  CHECK_TEXT(fetched(other, 0, tx), "");
  CHECK_TEXT(fetched(cursor, 2, tx), "3;2|1,2;2,3");
  CHECK_TEXT(fetched(other, 4, tx), "5;4;3;2|1,2;2,3;3,4;4,5");
  CHECK_TEXT(fetched(cursor, 2, tx), "1|5,1");
  CHECK_TEXT(fetched(cursor, 2, tx), "|");
  tx_close_cursor(tx, cursor); /* nobody waits for it */
  GIVES("$ select count(*) from pg_cursors where name like 'lorm%'", tx, "1");
  CHECK(ended(tx, TX_SAVEPOINT) == ERR_NONE);
  cursor = engine_cursor(engine);
  CHECK_TEXT(fetched(cursor, 0, tx), "");
  CHECK(ended(tx, TX_ROLLBACK_TO) == ERR_NONE);
  tx_close_cursor(tx, cursor); /* it is gone, and closing it would be an error */
  GIVES("$ select count(*) from pg_cursors where name like 'lorm%'", tx, "1");
  CHECK(ended(tx, TX_COMMIT) == ERR_NONE);
  tx_close_cursor(tx, other);
  tx_release(tx);
  close_engine();
}

static void cursors_go_forward(void) {
  open_engine(1, -1);
  Request *r = prepared("User.findMany {\"take\": -2}", NULL);
  request_declare(r, engine_cursor(engine));
  CHECK(!engine_check(r, &err) && err.code == ERR_VALIDATION);
  CHECK_TEXT(slice_of(err.path), "take");
  request_release(r);
  CHECK(stats().queries == 0);
  close_engine();
}

/* ---- pumping, detaching, closing ---- */

static void pumping_resumes_nobody(void) {
  open_engine(1, -1);
  Request *r = submitted("$ select 6", NULL); /* nothing is connected yet */
  CHECK(engine_pump(r, 0, &err));
  CHECK_TEXT(printed(r), "6");
  r = submitted("$ select 7", NULL);
  CHECK(engine_pump(r, 0, &err));
  CHECK_TEXT(printed(r), "7");
  r = submitted("$ select pg_sleep(0.2)", NULL);
  CHECK(!engine_pump(r, loop_clock_us() + 20000, &err) && err.code == ERR_TIMEOUT);
  Request *second = submitted("$ select 8", NULL); /* it waits: nothing is idle, no more may be */
  CHECK(!engine_pump(second, 0, &err) && err.code == ERR_P2024);
  finish(r);
  finish(second);
  CHECK(code_of(r) == ERR_NONE);
  CHECK_TEXT(printed(second), "8");
  close_engine();
}

/* The connection is lost while nobody turns the loop: the read goes on over another one. */
static void pumping_outlives_a_connection(void) {
  Session *s;
  open_engine(2, -1);
  const char *find = "User.findUnique {\"where\": {\"id\": 9}}";
  GIVES(find, NULL, "9,u9@x,User 9,9");
  CHECK(session_open(server_url(&server), &s, &err));
  CHECK(session_execute(s, SLICE("begin; lock table \"User\""), &err));
  Request *r = submitted(find, NULL);
  CHECK(!engine_pump(r, loop_clock_us() + 50000, &err) && err.code == ERR_TIMEOUT);
  CHECK(session_execute(s,
                        SLICE("select pg_terminate_backend(pid, 2000) from pg_stat_activity "
                              "where wait_event_type = 'Lock'; commit"),
                        &err));
  CHECK(engine_pump(r, 0, &err));
  CHECK_TEXT(printed(r), "9,u9@x,User 9,9");
  session_close(s);
  close_engine();
}

static void detached_requests_go_by_themselves(void) {
  open_engine(2, -1);
  n_done = 0;
  for (int i = 0; i < 10; i++) engine_detach(submitted("$ select 1", NULL));
  GIVES("User.count", NULL, "20");
  while ((stats().requests || stats().busy) && loop_turn(loop, true))
    ;
  CHECK(stats().requests == 0);
  close_engine();
}

static void closing_ends_what_is_under_way(void) {
  open_engine(1, -1);
  Tx *tx = begun("", -1, -1);
  n_done = 0;
  Request *r[4] = {submitted("$ select pg_sleep(10)", tx), submitted("$ select 1", NULL),
                   submitted("User.count", NULL),
                   submitted("User.findMany {\"include\": {\"posts\": true}}", NULL)};
  (void)loop_turn(loop, false);
  int64_t start = loop_clock_us();
  engine_close(engine);
  CHECK(n_done == 4 && loop_clock_us() - start < 1000000);
  loop_free(loop);
  (void)r;

  open_engine(2, -1);
  Request *one = submitted("User.count", NULL);
  while (!stats().connections) (void)loop_turn(loop, true);
  engine_detach(one);
  engine_close(engine);
  loop_free(loop);
}

static void refused_connections_reach_the_caller(void) {
  char url[400];
  snprintf(url, sizeof url, "%s", server.url);
  EngineConfig c = {.schema = schema,
                    .url = SLICE("postgresql://joe@localhost/x?host=/nowhere"),
                    .connection_timeout_ms = -1,
                    .idle_timeout_ms = -1,
                    .max_lifetime_ms = -1};
  if (!loop_new(&loop, &err) || !engine_open(loop, &c, &engine, &err)) server_fail(err.message);
  CHECK(code_of(ran("User.count", NULL)) == ERR_P1001);
  Request *r = submitted("User.count", NULL);
  CHECK(engine_pump(r, 0, &err) && code_of(r) == ERR_P1001);
  CHECK(code_of(ran("$ select 1", NULL)) == ERR_P1001);
  CHECK(!begun("", -1, -1) && err.code == ERR_P1001);
  close_engine();
}

static void starts(void) {
  server = server_private();
  arena = arena_new(0);
  if (!arena || !arena_protect(arena, NULL, load_schema, NULL) || !schema) server_fail("the schema");
  sql(tables);
}
static void stops(void) {
  arena_free(arena);
  server_stop(&server);
}

TESTS(starts, finds_rows, finds_relations, mistakes_end_at_lookup, many_reads_at_once,
      many_finds_are_one_statement, raw_sql_runs, failed_checks_are_undone, transactions_commit_and_roll_back,
      savepoints_nest, transactions_time_out, stale_plans_are_mended, lost_transactions_say_so,
      batches_stand_or_fall_together, a_bad_key_is_alone, finds_are_left_and_pumped, cursors_bring_batches,
      cursors_go_forward, pumping_resumes_nobody, pumping_outlives_a_connection,
      detached_requests_go_by_themselves, closing_ends_what_is_under_way,
      refused_connections_reach_the_caller, stops)
