#include "migrate/pull.h"

#include "workplace.h"

#define SOURCE "datasource db {\n  provider = \"postgresql\"\n  url      = env(\"X\")\n}\n"

static Server server;
static Arena *arena;
static Err err;
static char url[300];
static PullReport report;

static const Schema *schema(Slice text) { return workplace_schema(arena, text); }

static void fresh(const char *name, const char *sql) {
  char database[64];
  snprintf(database, sizeof database, "lorm_pull_%s", name);
  workplace_database(arena, &server, database, url, sizeof url);
  bool good = migrate_execute(slice_of(url), slice_of(sql), &err);
  if (!good) fprintf(stderr, "%s: %s\n", name, err.message);
  CHECK(good);
}

static bool pull(const char *old) {
  const Schema *s = schema(slice_of(old));
  return s && migrate_pull(arena, s, slice_of(url), &report, &err);
}

/* What was pulled describes the database: nothing is left to do, and pulling again changes nothing. */
static void check_describes(void) {
  Slice first = report.schema, script;
  bool empty = false;
  const Schema *s = schema(first);
  DiffEnd from = {.kind = DIFF_DATABASE, .schema = s, .url = slice_of(url)},
          to = {.kind = DIFF_SCHEMA, .schema = s};
  if (!s) return;
  CHECK(migrate_diff(arena, &from, &to, &script, &empty, &err));
  CHECK_TEXT(script, "-- This is an empty migration.");
  CHECK(migrate_pull(arena, s, slice_of(url), &report, &err));
  CHECK_TEXT(report.schema, first.p);
}

static void pulls_what_there_is(void) {
  fresh(
      "all",
      "create type mood as enum ('happy', 'not happy', '');"
      "create table \"User\" (id serial constraint \"User_pkey\" primary key, email varchar(20) not null,"
      " mood mood not null default 'not happy', moods mood[] default '{happy}', flags bool[] default '{t,f}',"
      " price numeric(10,2) default 1.5, at timestamp(3) default now(), bytes bytea default '\\x68656c6c6f',"
      " js jsonb default '{\"a\": \"it''s\"}', words text[] default array['a \"b\"', 'c'], home point,"
      " key uuid default gen_random_uuid());"
      "create unique index \"User_email_key\" on \"User\" (email);"
      "create index own_name on \"User\" using gin (js jsonb_path_ops);"
      "create table \"Post\" (id bigint constraint \"Post_pkey\" primary key, author_id int not null,"
      " constraint \"Post_author_id_fkey\" foreign key (author_id) references \"User\" (id) on delete cascade"
      " on update cascade);"
      "create table \"_PostToUser\" (\"A\" bigint not null references \"Post\" (id) on delete cascade on "
      "update"
      " cascade, \"B\" int not null references \"User\" (id) on delete cascade on update cascade, constraint"
      " \"_PostToUser_AB_pkey\" primary key (\"A\", \"B\"));"
      "create index \"_PostToUser_B_index\" on \"_PostToUser\" (\"B\")");
  CHECK(pull(SOURCE));
  CHECK_TEXT(report.schema, SOURCE
             "\n"
             "model Post {\n"
             "  id                        BigInt @id\n"
             "  author_id                 Int\n"
             "  User_Post_author_idToUser User   @relation(\"Post_author_idToUser\", fields: [author_id], "
             "references: [id], onDelete: Cascade)\n"
             "  User_PostToUser           User[] @relation(\"PostToUser\")\n"
             "}\n"
             "\n"
             "model User {\n"
             "  id                        Int                   @id @default(autoincrement())\n"
             "  email                     String                @unique @db.VarChar(20)\n"
             "  mood                      mood                  @default(not_happy)\n"
             "  moods                     mood[]                @default([happy])\n"
             "  flags                     Boolean[]             @default([true, false])\n"
             "  price                     Decimal?              @default(1.5) @db.Decimal(10, 2)\n"
             "  at                        DateTime?             @default(now())\n"
             "  bytes                     Bytes?                @default(\"aGVsbG8=\")\n"
             "  js                        Json?                 @default(\"{\\\"a\\\": \\\"it's\\\"}\")\n"
             "  words                     String[]              @default([\"a \\\"b\\\"\", \"c\"])\n"
             "  home                      Unsupported(\"point\")?\n"
             "  key                       String?               @default(dbgenerated(\"gen_random_uuid()\")) "
             "@db.Uuid\n"
             "  Post_Post_author_idToUser Post[]                @relation(\"Post_author_idToUser\")\n"
             "  Post_PostToUser           Post[]                @relation(\"PostToUser\")\n"
             "\n"
             "  @@index([js(ops: JsonbPathOps)], map: \"own_name\", type: Gin)\n"
             "}\n"
             "\n"
             "enum mood {\n"
             "  happy\n"
             "  not_happy        @map(\"not happy\")\n"
             "  EMPTY_ENUM_VALUE @map(\"\")\n"
             "}\n");
  check_describes();
}

static void keeps_what_the_schema_knows(void) {
  static const char old[] = SOURCE
      "\n/// People\n"
      "model Person {\n"
      "  /// Their number\n"
      "  number Int    @id @map(\"id\")\n"
      "  key    String @default(cuid())\n"
      "  works  Work[] @relation(\"by\")\n"
      "\n  @@map(\"user\")\n"
      "}\n\n"
      "model Work {\n"
      "  id     Int       @id\n"
      "  at     DateTime? @updatedAt\n"
      "  author Int       @map(\"author_id\")\n"
      "  person Person    @relation(\"by\", fields: [author], references: [number])\n"
      "}\n";
  fresh("old",
        "create table \"user\" (id int constraint user_pkey primary key, key text not null);"
        "create table \"Work\" (id int constraint \"Work_pkey\" primary key, at timestamp(3), author_id int"
        " not null, constraint \"Work_author_id_fkey\" foreign key (author_id) references \"user\" (id) on"
        " delete restrict on update cascade);"
        "create table \"Fresh\" (id int constraint \"Fresh_pkey\" primary key)");
  CHECK(pull(old));
  CHECK_TEXT(report.schema, SOURCE
             "\n/// People\n"
             "model Person {\n"
             "  /// Their number\n"
             "  number Int    @id @map(\"id\")\n"
             "  key    String @default(cuid())\n"
             "  works  Work[] @relation(\"by\")\n"
             "\n  @@map(\"user\")\n"
             "}\n\n"
             "model Work {\n"
             "  id     Int       @id\n"
             "  at     DateTime? @updatedAt\n"
             "  author Int       @map(\"author_id\")\n"
             "  person Person    @relation(\"by\", fields: [author], references: [number])\n"
             "}\n\n"
             "model Fresh {\n"
             "  id Int @id\n"
             "}\n");
  CHECK(slice_starts(report.warnings, SLICE("*** WARNING ***\n\nThese models were enriched with `@@map`")));
  check_describes();
}

static void tells_what_it_cannot_say(void) {
  fresh("notes",
        "create table t (a int check (a > 0), \"1\" int); create index e on t ((a + 1));"
        "create table u (id int primary key deferrable, b int); create index n on u (b nulls first);"
        "comment on column u.b is 'b'");
  static const char *const said[] = {
      "unique identifier or id",    "\n  - \"t\"\n",
      "names are currently not",    "\n  - Model: \"t\", field(s): [\"1\"]\n",
      "non-default deferring",      "\n  - Model: \"u\", constraint: \"u_pkey\"\n",
      "non-default null sort",      "\n  - Index: \"n\", column: \"b\"\n",
      "support check constraints",  "\n  - Model: \"t\", constraint: \"t_a_check\"\n",
      "support expression indexes", "\n  - Model: \"t\", constraint: \"e\"\n",
      "have comments defined",      "\n  - Type: \"field\", name: \"u.b\"\n"};
  CHECK(pull(SOURCE));
  const char *at = report.warnings.p;
  for (size_t i = 0; at && i < COUNT(said); i++) {
    at = strstr(at, said[i]);
    check_at(at != NULL, __FILE__, __LINE__, said[i]);
  }
  CHECK(strstr(report.schema.p, "  // 1 Int? @map(\"1\")\n") != NULL);
}

static void says_when_there_is_nothing(void) {
  fresh("nothing", "create schema other; create table other.t (id int)");
  CHECK(!pull(SOURCE) && err.code == ERR_P4001);
}

static void begin(void) {
  server = server_start();
  arena = arena_new(0);
}
static void end(void) {
  arena_free(arena);
  server_stop(&server);
}

TESTS(begin, pulls_what_there_is, keeps_what_the_schema_knows, tells_what_it_cannot_say,
      says_when_there_is_nothing, end)
