#include "migrate/history.h"

#include <sys/stat.h>

#include "migrate/checksum.h"
#include "workplace.h"

#define SOURCE "datasource db {\n  provider = \"postgresql\"\n  url      = env(\"X\")\n}\n"
#define ITEM(fields) SOURCE "model Item {\n  id Int @id\n" fields "}\n"

static Server server;
static Arena *arena;
static Err err;
static MigrationTarget target;
static char url[300], folder[96];
static Slice *applied;
static uint32_t n_applied;
static HistoryStatus status;

static const Schema *schema(const char *text) { return workplace_schema(arena, slice_of(text)); }

/* An empty database and no migrations. */
static void fresh(const char *name) {
  char database[64];
  snprintf(database, sizeof database, "lorm_history_%s", name);
  workplace_database(arena, &server, database, url, sizeof url);
  snprintf(folder, sizeof folder, "/tmp/lorm-history-%d-%s", (int)getpid(), name);
  target = (MigrationTarget){.folder = folder, .schema = schema(SOURCE), .url = slice_of(url)};
}

/* A migration of a given name, so that the order does not depend on the clock. */
static void write_migration(const char *name, const char *script) {
  char path[256];
  mkdir(folder, 0777);
  snprintf(path, sizeof path, "%s/%s", folder, name);
  mkdir(path, 0777);
  snprintf(path, sizeof path, "%s/%s/migration.sql", folder, name);
  FILE *f = fopen(path, "wb");
  CHECK(f && fputs(script, f) >= 0);
  if (f) fclose(f);
}

static bool deploy(void) { return migrate_deploy(arena, &target, &applied, &n_applied, &err); }
static bool read_status(void) { return migrate_status(arena, &target, &status, &err); }

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

/* None of this process's is left. */
static bool no_shadows(void) {
  char sql[128];
  snprintf(sql, sizeof sql, "select count(*) from pg_database where datname like 'lorm\\_shadow\\_%d\\_%%'",
           (int)getpid());
  return slice_is(answer(sql), "0");
}

/* From FIPS 180-4's examples; the last one needs a second block for its length. */
static void checksums(void) {
  char hex[65];
  checksum(SLICE(""), hex);
  CHECK_TEXT(slice_of(hex), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  checksum(SLICE("abc"), hex);
  CHECK_TEXT(slice_of(hex), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  checksum(SLICE("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), hex);
  CHECK_TEXT(slice_of(hex), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void deploys_in_order_and_once(void) {
  fresh("deploy");
  CHECK(deploy() && n_applied == 0);
  write_migration("2_second", "insert into t values (7); -- the end");
  write_migration("1_first", "create table t (id int);");
  CHECK(read_status() && !status.has_table && status.empty && status.n_pending == 2);
  CHECK(deploy() && n_applied == 2);
  CHECK_TEXT(applied[0], "1_first");
  CHECK(deploy() && n_applied == 0);
  CHECK(read_status() && status.has_table && status.n == 2 && !status.n_pending && !status.n_edited);
  CHECK_TEXT(answer("select id from t"), "7");
  CHECK_TEXT(answer("select string_agg(migration_name || applied_steps_count, ' ' order by started_at) from"
                    " _prisma_migrations where finished_at is not null and checksum ~ '^[0-9a-f]{64}$'"),
             "1_first1 2_second1");
}

static void one_failure_stops_all(void) {
  fresh("failure");
  write_migration("1_good", "create table t (id int primary key);");
  write_migration("2_bad", "create table u (id int);\n\ninsert into t values (1), (1);");
  write_migration("3_never", "create table v (id int);");
  CHECK(!deploy() && err.code == ERR_P3018 && n_applied == 1);
  CHECK(strcmp(err.sqlstate, "23505") == 0 && err.line == 3 && strstr(err.file, "2_bad/migration.sql"));
  CHECK_TEXT(answer("select to_regclass('u') is null and to_regclass('v') is null"), "t");
  CHECK(!deploy() && err.code == ERR_P3009 && strstr(err.message, "2_bad") && n_applied == 0);
  CHECK(read_status() && status.n_failed == 1 && status.n_pending == 1);
  CHECK(migrate_resolve(arena, &target, SLICE("2_bad"), false, &err));
  write_migration("2_bad", "create table u (id int);");
  CHECK(deploy() && n_applied == 2);
  CHECK(read_status() && !status.n_failed && !status.n_pending && !status.n_edited);
}

static void statements_that_must_be_alone(void) {
  fresh("alone");
  write_migration("1_table", "create table t (id int);");
  write_migration("2_index", "-- takes its time\ncreate index concurrently i on t (id);\n");
  write_migration("3_own", "begin; create table u (id int); commit;");
  write_migration("4_open", "begin; create table w (id int);");
  write_migration("5_last", "create table x (id int);");
  CHECK(deploy() && n_applied == 5);
  CHECK(deploy() && n_applied == 0);
  CHECK_TEXT(answer("select to_regclass('i') is not null and to_regclass('w') is not null"), "t");
}

static void resolves(void) {
  fresh("resolve");
  write_migration("1_init", "create table t (id int);");
  CHECK(!migrate_resolve(arena, &target, SLICE("1_init"), false, &err) && err.code == ERR_P3011);
  CHECK(!migrate_resolve(arena, &target, SLICE("nope"), true, &err) && err.code == ERR_P3017);
  CHECK(run("create table t (id int)"));
  CHECK(!deploy() && err.code == ERR_P3005);
  CHECK(migrate_resolve(arena, &target, SLICE("1_init"), true, &err));
  CHECK(!migrate_resolve(arena, &target, SLICE("1_init"), true, &err) && err.code == ERR_P3008);
  CHECK(!migrate_resolve(arena, &target, SLICE("1_init"), false, &err) && err.code == ERR_P3012);
  CHECK(deploy() && n_applied == 0);
}

static void folders_that_are_wrong(void) {
  Migration *m;
  uint32_t n;
  char path[256];
  fresh("folders");
  CHECK(migrations_read(arena, "/nowhere/at/all", &m, &n, &err) && n == 0);
  write_migration("1_init", "select 1;");
  snprintf(path, sizeof path, "%s/2_empty", folder);
  mkdir(path, 0777);
  CHECK(!migrations_read(arena, folder, &m, &n, &err) && err.code == ERR_P3015);
  rmdir(path);
  snprintf(path, sizeof path, "%s/migration_lock.toml", folder);
  FILE *f = fopen(path, "wb");
  CHECK(f && fputs("# lock\nprovider = \"mysql\"\n", f) >= 0);
  if (f) fclose(f);
  CHECK(!deploy() && err.code == ERR_P3019);
}

static void develops(void) {
  MigrationPlan plan;
  Slice name, reason;
  fresh("develop");
  target.schema = schema(ITEM("  a Int @default(1)\n  l String @default(dbgenerated(\"lower('A')\"))\n"));
  CHECK(migrate_plan(arena, &target, NULL, 0, &plan, &err) && !plan.empty);
  CHECK(migrations_write(arena, folder, SLICE("first one!"), plan.script, &name, &err));
  CHECK(name.n == 25 && strcmp(name.p + 14, "_first_one_") == 0);
  CHECK(deploy() && n_applied == 1);
  CHECK(migrate_plan(arena, &target, NULL, 0, &plan, &err) && plan.empty);
  CHECK(migrate_diagnose(arena, &target, &reason, &err) && reason.n == 0);
  CHECK(run("insert into \"Item\" values (1)"));
  target.schema = schema(ITEM("  b Int\n"));
  CHECK(migrate_plan(arena, &target, NULL, 0, &plan, &err) && plan.n_warnings == 2 &&
        plan.n_unexecutable == 1);
  CHECK(slice_starts(
      plan.script, SLICE("/*\n  Warnings:\n\n"
                         "  - You are about to drop the column `a` on the `Item` table. All the data in the "
                         "column will be lost.\n")));
}

static void sees_what_is_not_as_it_was_made(void) {
  Slice reason;
  fresh("drift");
  write_migration("1_init", "create table t (id int primary key, a text not null);");
  CHECK(deploy());
  CHECK(migrate_diagnose(arena, &target, &reason, &err) && reason.n == 0);
  CHECK(
      run("alter table t alter a drop not null, add b int; create index i on t (b); create table u (x int)"));
  CHECK(migrate_diagnose(arena, &target, &reason, &err) && strstr(reason.p, "Drift detected"));
  CHECK(strstr(reason.p,
               "\n[+] Added tables\n  - u\n\n[*] Changed the `t` table\n  [+] Added column `b`\n"
               "  [*] Altered column `a` (changed from Required to Nullable)\n"
               "  [+] Added index on columns (b)\n"));
  write_migration("1_init", "create table t (id int);");
  CHECK(read_status() && status.n_edited == 1);
  CHECK(migrate_diagnose(arena, &target, &reason, &err) && strstr(reason.p, "was modified after"));
  write_migration("2_bad", "nonsense;");
  target.folder = "/nowhere/at/all";
  CHECK(migrate_diagnose(arena, &target, &reason, &err) && strstr(reason.p, "missing from the local"));
  CHECK(no_shadows());
}

static void replays_into_a_script(void) {
  Slice script;
  bool empty;
  fresh("replay");
  write_migration("1_init", "create table \"Item\" (id int constraint \"Item_pkey\" primary key);");
  DiffEnd from = {.kind = DIFF_MIGRATIONS, .migrations = folder, .url = slice_of(url)};
  DiffEnd to = {.kind = DIFF_SCHEMA, .schema = schema(ITEM(""))};
  CHECK(migrate_diff(arena, &from, &to, &script, &empty, &err) && empty);
  to.schema = schema(ITEM("  a Int?\n"));
  CHECK(migrate_diff(arena, &from, &to, &script, &empty, &err));
  CHECK_TEXT(script, "-- AlterTable\nALTER TABLE \"Item\" ADD COLUMN     \"a\" INTEGER;\n");
  from.shadow_given = true;
  CHECK(run("create table junk (x int)"));
  CHECK(migrate_diff(arena, &from, &to, &script, &empty, &err) && !empty);
  CHECK_TEXT(answer("select count(*) from pg_class where relnamespace = 'public'::regnamespace"), "0");
  write_migration("2_bad", "\nnonsense;");
  CHECK(!migrate_diff(arena, &from, &to, &script, &empty, &err) && err.code == ERR_P3006 && err.line == 2);
  CHECK(no_shadows());
}

static void resets(void) {
  fresh("reset");
  write_migration("1_init", "create table t (id int); create type e as enum ('x');");
  CHECK(deploy() && run("create schema other; create table other.kept (x int)"));
  CHECK(migrate_reset(arena, &target, &err));
  CHECK_TEXT(answer("select to_regclass('t') is null and to_regclass('_prisma_migrations') is null and"
                    " to_regclass('other.kept') is not null"),
             "t");
  CHECK(deploy() && n_applied == 1);
}

/* Whoever comes second finds nothing left to do. */
static void waits_for_others(void) {
  fresh("waits");
  write_migration("1_slow", "create table t (id int); select pg_sleep(0.3);");
  pid_t other = fork();
  if (other == 0) _exit(deploy() ? 0 : 1);
  CHECK(deploy());
  int how;
  CHECK(waitpid(other, &how, 0) == other && WIFEXITED(how) && WEXITSTATUS(how) == 0);
  CHECK_TEXT(answer("select count(*) from _prisma_migrations"), "1");
}

static void begin(void) {
  server = server_start();
  arena = arena_new(0);
}
static void end(void) {
  char command[128];
  arena_free(arena);
  server_stop(&server);
  snprintf(command, sizeof command, "rm -rf /tmp/lorm-history-%d-*", (int)getpid());
  CHECK(system(command) == 0);
}

TESTS(checksums, begin, deploys_in_order_and_once, one_failure_stops_all, statements_that_must_be_alone,
      resolves, folders_that_are_wrong, develops, sees_what_is_not_as_it_was_made, replays_into_a_script,
      resets, waits_for_others, end)
