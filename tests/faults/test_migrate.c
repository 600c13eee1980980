/* Deploys that are killed at any byte of what they say, cut off, and run many at once: the next run finishes,
 * by itself; each migration is applied once; nobody's lock outlives its holder. */
#include "migrate/history.h"
#include "proxy.h"
#include "stage.h"
#include "workplace.h"

enum {
  KILLS = 60,
  DEPLOYS = 20,
  ROUNDS = 5,
  MIGRATIONS = 8,
  STATEMENTS = 5
};

static char folder[80], direct[300], through[300];
static Slice shape; /* of the database after all migrations */

/* ---- the migrations ---- */

static void write_file(const char *name, const char *text) {
  char path[200];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  CHECK(mkdir(path, 0700) == 0);
  snprintf(path, sizeof path, "%s/%s/migration.sql", folder, name);
  FILE *f = fopen(path, "w");
  if (!f) server_fail("a migration");
  fputs(text, f);
  fclose(f);
}

/* Most are transactions; two of them cannot be. */
static void write_migrations(void) {
  char name[60], text[1000];
  snprintf(folder, sizeof folder, "%s/migrations", server.dir);
  CHECK(mkdir(folder, 0700) == 0);
  for (int i = 0; i < MIGRATIONS; i++) {
    int n = snprintf(text, sizeof text, "create table t%d (id serial primary key, name text);\n", i);
    for (int k = 1; k < STATEMENTS; k++)
      n += snprintf(text + n, sizeof text - (size_t)n,
                    "insert into t%d (name) select 'x' || g from generate_series(1, 50) g;\n", i);
    if (i % 4 == 3)
      snprintf(text + n, sizeof text - (size_t)n,
               "create index concurrently i%d on t%d (name);\ninsert into t%d (name) values ('last');\n"
               "drop index concurrently i%d;\ncreate unique index concurrently u%d on t%d (id, name);\n",
               i, i, i, i, i, i);
    snprintf(name, sizeof name, "2026010100000%d_m%d", i, i);
    write_file(name, text);
  }
}

/* ---- a deploy in a process of its own ---- */

static pid_t deploy_in_child(const char *url) {
  pid_t pid = fork();
  if (pid) return pid;
  Arena *a = arena_new(0);
  MigrationTarget t = {.folder = folder, .url = slice_of(url)};
  Slice *applied;
  uint32_t n;
  Err e;
  _exit(migrate_deploy(a, &t, &applied, &n, &e) ? 0 : 1);
}

static bool ended_well(pid_t pid) {
  int status = 1;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* ---- what must be there afterwards ---- */

static Slice text_of(const char *sql) {
  Session *s;
  Result *r;
  Slice cell = {"", 0};
  if (!session_open(slice_of(direct), &s, &err)) server_fail(err.message);
  if (!session_query(s, sql, NULL, 0, &r, &err)) server_fail(err.message);
  if (result_rows(r) && result_cell(r, 0, 0, &cell)) cell = slice_copy(stage_arena, cell);
  result_free(r);
  session_close(s);
  return cell;
}

static Slice shape_now(void) {
  return text_of(
      "select string_agg(c.relname || ' ' || coalesce(i.indisvalid::text, '') || ' ' || case when c.relkind ="
      " 'r' then (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I', c.relname),"
      " true, true, '')))[1]::text else '' end, E'\\n' order by c.relname) from pg_class c"
      " left join pg_index i on i.indexrelid = c.oid"
      " where relnamespace = 'public'::regnamespace and relname !~ '^_prisma'");
}

static void check_done(void) {
  Slice now = shape_now();
  CHECK_TEXT(now, shape.p);
  CHECK_TEXT(
      text_of(
          "select count(*) || ' ' || count(distinct migration_name) || ' ' || count(finished_at) || ' ' ||"
          " count(rolled_back_at) from _prisma_migrations"),
      "8 8 8 0");
}

static void fresh(void) {
  char name[40];
  static int n;
  snprintf(name, sizeof name, "deploys_%d", n++);
  workplace_database(stage_arena, &server, name, direct, sizeof direct);
  snprintf(through, sizeof through, "postgresql://lorm@localhost/%s?host=%s/proxy", name, server.dir);
}

/* ---- the tests ---- */

static void one_is_enough(void) {
  fresh();
  proxy_arm(&(ProxyPlan){PROXY_NONE, false, 0, false});
  CHECK(ended_well(deploy_in_child(through)));
  shape = shape_now();
  CHECK(shape.n > 100);
  check_done();
}

static void kill_client(pid_t pid) {
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  proxy_stop(); /* it would hold the dead client's connection open */
  proxy_start(server.dir);
}

/* The client dies while the byte number `at` is on its way. */
static void kill_at(int64_t at, bool from_server) {
  fresh();
  proxy_arm(&(ProxyPlan){PROXY_STALL, from_server, at, false});
  pid_t pid = deploy_in_child(through);
  for (int i = 0; proxy_passed(from_server) < at && i < 10000; i++) usleep(1000);
  kill_client(pid);
}

static void killed_anywhere(void) {
  int64_t length[2] = {proxy_passed(false), proxy_passed(true)};
  CHECK(length[0] > 2000 && length[1] > 1000);
  for (int i = 0; i < KILLS; i++) {
    bool from_server = i % 3 == 2;
    kill_at(1 + length[from_server] * i / KILLS, from_server);
    proxy_arm(&(ProxyPlan){PROXY_NONE, false, 0, false});
    CHECK(ended_well(deploy_in_child(through)));
    check_done();
  }
}

/* The connection is lost; the client lives, and says so. */
static void cut_anywhere(void) {
  int64_t length[2] = {proxy_passed(false), proxy_passed(true)};
  for (int i = 0; i < KILLS / 2; i++) {
    bool from_server = i % 2;
    fresh();
    proxy_arm(&(ProxyPlan){PROXY_CUT, from_server, 1 + length[from_server] * i / (KILLS / 2), true});
    (void)ended_well(deploy_in_child(through));
    proxy_arm(&(ProxyPlan){PROXY_NONE, false, 0, false});
    CHECK(ended_well(deploy_in_child(through)));
    check_done();
  }
}

static void many_at_once(void) {
  for (int round = 0; round < ROUNDS; round++) {
    pid_t pids[DEPLOYS];
    fresh();
    for (int i = 0; i < DEPLOYS; i++) pids[i] = deploy_in_child(direct);
    for (int i = 0; i < DEPLOYS; i++) CHECK(ended_well(pids[i]));
    check_done();
  }
}

/* A holder that is killed holds nothing, though others wait behind it. */
static void holder_is_killed(void) {
  pid_t pids[DEPLOYS];
  fresh();
  proxy_arm(&(ProxyPlan){PROXY_STALL, false, 1500, false});
  pid_t holder = deploy_in_child(through);
  for (int i = 0; proxy_passed(false) < 1500 && i < 10000; i++) usleep(1000);
  for (int i = 0; i < DEPLOYS; i++) pids[i] = deploy_in_child(direct);
  kill_client(holder);
  for (int i = 0; i < DEPLOYS; i++) CHECK(ended_well(pids[i]));
  check_done();
}

static void begin(void) {
  server = server_private();
  stage_arena = arena_new(0);
  proxy_start(server.dir);
  write_migrations();
}

static void end(void) {
  char command[120];
  proxy_stop();
  snprintf(command, sizeof command, "rm -rf %s", folder);
  CHECK(system(command) == 0);
  arena_free(stage_arena);
  server_stop(&server);
}

TESTS(begin, one_is_enough, killed_anywhere, one_is_enough, cut_anywhere, many_at_once, holder_is_killed, end)
