#include "workplace.h"

#define SOURCE "datasource db {\n  provider = \"postgresql\"\n  url      = env(\"X\")\n}\n"

static Server server;
static Arena *arena;
static Err err;
static PushReport report;
static char url[300]; /* of the test's own database */

static const Schema *schema(const char *text) { return workplace_schema(arena, slice_of(text)); }

static void fresh(const char *name) {
  bool created;
  char database[64];
  snprintf(database, sizeof database, "lorm_push_%s", name);
  workplace_database(arena, &server, database, url, sizeof url);
  CHECK(migrate_ensure_database(slice_of(url), &created, &err) && !created);
}

static bool push_with(const char *text, bool accept, bool reset) {
  PushOptions o = {.accept_data_loss = accept, .force_reset = reset};
  bool good = migrate_push(arena, schema(text), slice_of(url), &o, &report, &err);
  if (!good) fprintf(stderr, "push: %s\n", err.message);
  return good;
}
static bool push(const char *text) { return push_with(text, false, false); }

static bool run(const char *sql) {
  bool good = migrate_execute(slice_of(url), slice_of(sql), &err);
  if (!good) fprintf(stderr, "run: %s\n", err.message);
  return good;
}

static Slice answer(const char *sql) {
  Session *s;
  Result *r;
  Slice cell = {"", 0};
  if (!session_open(slice_of(url), &s, &err)) server_fail(err.message);
  if (!session_query(s, sql, NULL, 0, &r, &err)) server_fail(err.message);
  if (result_rows(r) && result_cell(r, 0, 0, &cell)) cell = slice_copy(arena, cell);
  result_free(r);
  session_close(s);
  return cell;
}

static const char all_kinds[] = SOURCE
    "model User {\n"
    "  id Int @id @default(autoincrement())\n"
    "  email String @unique\n"
    "  data Json @default(\"{\\\"b\\\": 1, \\\"a\\\": [1, 2.50]}\")\n"
    "  price Decimal @default(1.50)\n"
    "  bytes Bytes @default(\"aGVsbG8=\")\n"
    "  minus Int @default(-5)\n"
    "  text String @default(\"it's\\n\\\\\")\n"
    "  uuid String @default(dbgenerated(\"gen_random_uuid()\")) @db.Uuid\n"
    "  later DateTime @default(dbgenerated(\"now() + interval '1 day'\"))\n"
    "  none Int? @default(dbgenerated(\"NULL\"))\n"
    "  moment DateTime @default(\"2020-02-03T04:05:06Z\")\n"
    "  list Int[] @default([1, -2])\n"
    "  texts String[] @default([\"a b\", \"c\\\"d\", \"e'f\"])\n"
    "  mood Mood @default(sad)\n"
    "  moods Mood[] @default([happy, sad])\n"
    "  bit String? @db.Bit\n"
    "  letter String? @db.Char\n"
    "  plain DateTime? @db.Timestamp\n"
    "  posts Post[]\n"
    "  @@index([price, minus(sort: Desc)])\n"
    "  @@index([data(ops: JsonbPathOps)], type: Gin)\n"
    "}\n"
    "model Post {\n"
    "  id BigInt @id @default(autoincrement())\n"
    "  author User? @relation(fields: [authorId], references: [id], onDelete: SetNull)\n"
    "  authorId Int?\n"
    "  tags Tag[]\n"
    "}\n"
    "model Tag {\n  name String @id @db.VarChar(20)\n  posts Post[]\n}\n"
    "enum Mood {\n  happy\n  sad @map(\"not happy\")\n}\n";

static void pushes_once(void) {
  fresh("once");
  CHECK(push(all_kinds) && report.done && report.n_steps > 5 && !report.n_warnings);
  CHECK(push(all_kinds) && report.done && report.n_steps == 0);
  CHECK_TEXT(answer("insert into \"User\" (email) values ('a') returning mood"), "not happy");
}

#define ITEM(fields) SOURCE "model Item {\n  id Int @id\n" fields "}\n"

/* A name of more than 63 bytes is cut by the server, and between characters; SERIAL alone is NOT NULL. */
static void pushes_once_what_the_server_makes_otherwise(void) {
  static const char odd[] = SOURCE
      "model Long {\n  id Int @id\n  n Int? @default(autoincrement())\n"
      "  long Int @map(\"a2345678901234567890123456789012345678901234567890123456789012\u00e9x\")\n"
      "  @@map(\"A234567890123456789012345678901234567890123456789012345678901234567890\")\n}\n";
  fresh("cut");
  CHECK(push(odd) && report.done && report.n_steps == 1);
  CHECK(push(odd) && report.done && report.n_steps == 0);
}

static void changes_what_changed(void) {
  fresh("changes");
  CHECK(push(ITEM("  a Int\n  b String\n")) && report.n_steps == 1);
  CHECK(run("insert into \"Item\" values (1, 2, 'x')"));
  CHECK(push(ITEM("  a BigInt @default(3)\n  b String?\n  c Int?\n\n  @@index([a])\n")) && report.done);
  CHECK(report.n_steps == 2 && !report.n_warnings);
  CHECK(push(ITEM("  a BigInt @default(3)\n  b String?\n  c Int?\n\n  @@index([a])\n")) && !report.n_steps);
  CHECK_TEXT(answer("select a || b || coalesce(c, 0) from \"Item\""), "2x0");
}

/* A renamed field is another one: what was in it is lost, so it has to be said. */
static void asks_before_data_is_lost(void) {
  fresh("loss");
  CHECK(push(ITEM("  a Int?\n")));
  CHECK(run("insert into \"Item\" values (1, 2)"));
  CHECK(push(ITEM("  b Int?\n")) && !report.done && report.n_steps == 1 && report.n_warnings == 1);
  CHECK_TEXT(report.warnings[0],
             "You are about to drop the column `a` on the `Item` table, which still contains 1 non-null "
             "values.");
  CHECK_TEXT(answer("select a from \"Item\""), "2");
  CHECK(push_with(ITEM("  b Int?\n"), true, false) && report.done && report.n_warnings == 1);
  CHECK_TEXT(answer("select b is null from \"Item\""), "t");
}

/* What no answer makes possible is refused even when loss is accepted. */
static void refuses_what_cannot_be_done(void) {
  fresh("impossible");
  CHECK(push(ITEM("  a Int?\n")));
  CHECK(run("insert into \"Item\" values (1, null), (2, 3)"));
  CHECK(push_with(ITEM("  a Int\n  b Int\n"), true, false) && !report.done && report.n_unexecutable == 2);
  CHECK_TEXT(report.unexecutable[0],
             "Added the required column `b` to the `Item` table without a default value. There are 2 rows in "
             "this table, it is not possible to execute this step.");
  CHECK_TEXT(report.unexecutable[1],
             "Made the column `a` on table `Item` required, but there are 1 existing NULL values.");
  CHECK(push_with(ITEM("  a Int\n  b Int\n"), false, true) && report.done && !report.n_unexecutable);
  CHECK_TEXT(answer("select count(*) from \"Item\""), "0");
}

#define MOOD(field, values) ITEM("  m Mood " field "\n") "enum Mood {\n" values "}\n"

static void enum_values_come_and_go(void) {
  fresh("enums");
  CHECK(push(MOOD("@default(a)", "  a\n  b\n")));
  CHECK(run("insert into \"Item\" values (1, 'a')"));
  CHECK(push(MOOD("@default(c)", "  a\n  b\n  c\n")) && report.done && !report.n_warnings);
  CHECK(push(MOOD("@default(c)", "  a\n  b\n  c\n")) && report.n_steps == 0);
  CHECK(push(MOOD("@default(a)", "  a\n  c\n")) && !report.done && report.n_warnings == 1);
  CHECK(push_with(MOOD("@default(a)", "  a\n  c\n"), true, false) && report.done);
  CHECK_TEXT(answer("select enum_range(null::\"Mood\")"), "{a,c}");
  CHECK(push(MOOD("@default(a)", "  a\n  c\n")) && report.n_steps == 0);
  PushOptions o = {.accept_data_loss = true};
  CHECK(!migrate_push(arena, schema(MOOD("", "  c\n")), slice_of(url), &o, &report, &err));
  CHECK(strcmp(err.sqlstate, "22P02") == 0);
  CHECK_TEXT(answer("select enum_range(null::\"Mood\")"), "{a,c}");
}

/* The unique index fails at the end: the column before it is not there either. */
static void leaves_nothing_half_done(void) {
  PushOptions o = {.accept_data_loss = true};
  fresh("half");
  CHECK(push(ITEM("  a Int\n")));
  CHECK(run("insert into \"Item\" values (1, 2), (2, 2)"));
  CHECK(!migrate_push(arena, schema(ITEM("  a Int @unique\n  z Int?\n")), slice_of(url), &o, &report, &err));
  CHECK(strcmp(err.sqlstate, "23505") == 0 && err.line > 0);
  CHECK_TEXT(answer("select count(*) from pg_attribute where attname = 'z'"), "0");
}

static void leaves_alone_what_is_not_its_own(void) {
  fresh("others");
  CHECK(
      run("create schema mine; create table mine.\"Item\" (x int primary key); create schema _lorm;"
          "create table _lorm.seeds (k text); create table _prisma_migrations (id text);"
          "create view v as select 1 as one; create function f() returns int language sql as 'select 1';"
          "create extension citext; create sequence s; create table other (x int);"
          "create table \"Spatial_Ref_Sys\" (x int)"));
  CHECK(push_with(ITEM("  a String? @db.Citext\n"), true, false) && report.done && report.n_steps == 2);
  CHECK_TEXT(answer("select to_regclass('other') is null and to_regclass('mine.\"Item\"') is not null and"
                    " to_regclass('_lorm.seeds') is not null and to_regclass('_prisma_migrations') is not"
                    " null and to_regclass('v') is not null and to_regclass('s') is not null and"
                    " to_regclass('\"Spatial_Ref_Sys\"') is not null"),
             "t");
  CHECK(push(ITEM("  a String? @db.Citext\n")) && report.n_steps == 0);
}

static void pushes_into_the_schema_of_the_url(void) {
  char with[320];
  fresh("named");
  snprintf(with, sizeof with, "%s&schema=in%%20side", url);
  PushOptions o = {0};
  for (int i = 0; i < 2; i++) {
    CHECK(migrate_push(arena, schema(all_kinds), slice_of(with), &o, &report, &err) && report.done);
    CHECK((report.n_steps == 0) == (i == 1));
  }
  CHECK_TEXT(
      answer("select to_regclass('\"in side\".\"User\"') is not null and to_regclass('\"User\"') is null"),
      "t");
}

static void pushes_into_several_schemas(void) {
  static const char two[] =
      "datasource db {\n  provider = \"postgresql\"\n  url = env(\"X\")\n  schemas = [\"one\", \"two\"]\n}\n"
      "model A {\n  id Int @id @default(autoincrement())\n  e E @default(x)\n  bs B[]\n  "
      "@@schema(\"one\")\n}\n"
      "model B {\n  id Int @id\n  a A @relation(fields: [aId], references: [id])\n  aId Int @unique\n"
      "  @@schema(\"two\")\n}\n"
      "enum E {\n  x\n  @@schema(\"two\")\n}\n";
  fresh("several");
  CHECK(push(two) && report.done && report.n_steps == 7);
  CHECK(push(two) && report.n_steps == 0);
  CHECK(push_with(two, false, true) && report.done && report.n_steps == 5);
}

/* Keys behind constraints, identities and computed columns are not as a schema would make them. */
static void changes_what_others_made(void) {
  fresh("by_hand");
  CHECK(
      run("create table \"Item\" (id int generated always as identity constraint \"Item_pkey\" primary key,"
          " a text unique not null, b int generated always as (1 + 1) stored)"));
  CHECK(push(ITEM("  a String\n  b Int?\n")) && report.done && report.n_steps == 2);
  CHECK(push(ITEM("  a String\n  b Int?\n")) && report.n_steps == 0);
  CHECK_TEXT(
      answer(
          "select attidentity = '' from pg_attribute where attrelid = '\"Item\"'::regclass and attnum = 1"),
      "t");
}

#define PARTIAL(where)                                                                     \
  "generator g {\n  provider = \"x\"\n  previewFeatures = [\"partialIndexes\"]\n}\n" ITEM( \
      "  a Int?\n  b String\n\n  @@unique([a], where: " where ")\n")

static void partial_indexes(void) {
  fresh("partial");
  CHECK(push(PARTIAL("{ a: { not: null }, b: \"it's\" }")) && report.done);
  CHECK(push(PARTIAL("{ a: { not: null }, b: \"it's\" }")) && report.n_steps == 0);
  CHECK(push_with(PARTIAL("raw(\"a > 3 AND b <> 'x'\")"), true, false) && report.n_steps == 2);
  CHECK(push(PARTIAL("raw(\"a > 3 AND b <> 'x'\")")) && report.n_steps == 0);
  CHECK(push(ITEM("  a Int?\n  b String\n")) && report.n_steps == 0); /* without the feature nobody looks */
}

static void tells_what_is_wrong_and_where(void) {
  bool created;
  fresh("errors");
  CHECK(!migrate_execute(slice_of(url), SLICE("create table t (id int);\n\nselect nope from t;"), &err));
  CHECK(err.line == 3 && strcmp(err.sqlstate, "42703") == 0);
  CHECK_TEXT(answer("select to_regclass('t') is null"), "t");
  CHECK(!migrate_ensure_database(SLICE("postgresql://u@localhost/d?host=/nowhere"), &created, &err));
  CHECK(err.code == ERR_P1001);
}

/* A diff of the live database says what a push would do, and its script does it. */
static void live_diff(void) {
  Slice script;
  bool empty;
  fresh("live");
  const Schema *s = schema(all_kinds);
  DiffEnd from = {.kind = DIFF_DATABASE, .url = slice_of(url)}, to = {.kind = DIFF_SCHEMA, .schema = s};
  CHECK(migrate_diff(arena, &from, &to, &script, &empty, &err) && !empty);
  CHECK(run(script.p));
  CHECK(migrate_diff(arena, &from, &to, &script, &empty, &err) && empty);
  CHECK(push(all_kinds) && report.n_steps == 0);
  CHECK(migrate_diff(arena, &from, &(DiffEnd){.kind = DIFF_EMPTY}, &script, &empty, &err) && !empty);
  CHECK(run(script.p));
  CHECK_TEXT(answer("select count(*) from pg_class where relnamespace = 'public'::regnamespace"), "0");
}

static void begin(void) {
  server = server_start();
  arena = arena_new(0);
}
static void end(void) {
  arena_free(arena);
  server_stop(&server);
}

TESTS(begin, pushes_once, pushes_once_what_the_server_makes_otherwise, changes_what_changed,
      asks_before_data_is_lost, refuses_what_cannot_be_done, enum_values_come_and_go,
      leaves_nothing_half_done, leaves_alone_what_is_not_its_own, pushes_into_the_schema_of_the_url,
      pushes_into_several_schemas, changes_what_others_made, partial_indexes, tells_what_is_wrong_and_where,
      live_diff, end)
