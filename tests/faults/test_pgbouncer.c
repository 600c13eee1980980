/* Through PgBouncer in transaction mode, with two connections for all: sessions behind it are terminated,
 * columns change, and nobody gets another's answer or settings. */
#include "columns.h"

enum {
  POOL = 50,
  QUERIES = 20000,
  EVERY_MS = 25,
  STRIKES = 4 * COLUMNS_ROUND
};

static pid_t bouncer;
static char url[200];

static void write_config(const char *path) {
  FILE *f = fopen(path, "w");
  if (!f) server_fail("pgbouncer's configuration");
  fprintf(f,
          "[databases]\npostgres = host=%s port=5432 user=lorm dbname=postgres\n[pgbouncer]\nlisten_addr =\n"
          "listen_port = 6543\nunix_socket_dir = %s\nauth_type = any\npool_mode = transaction\n"
          "default_pool_size = 2\nmax_client_conn = 200\nserver_login_retry = 0.05\n",
          server.dir, server.dir);
  fclose(f);
}

static void bouncer_start(void) {
  static const char *const places[] = {"/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"};
  char path[96], at[96];
  snprintf(path, sizeof path, "%s/pgbouncer.ini", server.dir);
  snprintf(at, sizeof at, "%s/.s.PGSQL.6543", server.dir);
  write_config(path);
  const char *program = access(places[0], X_OK) == 0 ? places[0] : places[1];
  const char *argv[] = {program, "-q", path, NULL};
  bouncer = server_spawn(argv);
  for (int i = 0; access(at, F_OK); i++) {
    if (i == 2000) server_fail("pgbouncer");
    usleep(5000);
  }
  snprintf(url, sizeof url, "postgresql://lorm@localhost:6543/postgres?host=%s&pgbouncer=true", server.dir);
}

static void strike(Session *s) {
  static int n;
  if (n++ % 2)
    columns_strike(s);
  else
    (void)number_on(
        s, "select pg_terminate_backend(pid) from pg_stat_activity where " OURS " order by random() limit 1");
}

static void told(const Caller *c, const Err *e) {
  if (e->code != ERR_UNKNOWN_OUTCOME && e->code != ERR_P1017) columns_told(c, e);
}

static void answers_are_ones_own(void) {
  uint64_t dice = 5;
  engine_start(slice_of(url), POOL, 60000);
  ledger.told = told;
  ledger_storm(21, 200, STRIKES * 2, EVERY_MS, strike);
  while (ledger.reads + ledger.fates_n[FATE_WRITTEN] < QUERIES / 2) ledger_step(&dice);
  ledger_calm();
  ledger_verdict();
  EngineStats s = stats();
  CHECK(columns.other == 0);
  CHECK(s.queries >= QUERIES);
  CHECK(number("select count(*) from pg_stat_activity where " OURS) <= 2);
  printf("%d queries; %d told that something was missing, %d to try again, %d else\n", (int)s.queries,
         columns.missing, columns.again, columns.other);
  engine_end();
}

/* What a transaction sets for itself ends with it. */
static void settings_are_ones_own(void) {
  engine_start(slice_of(url), POOL, 60000);
  for (int i = 0; i < 20; i++) {
    Tx *tx = opened("Serializable", -1);
    CHECK(tx && over(submitted("! set local statement_timeout = 4321", tx)).code == ERR_NONE);
    if (i % 2) CHECK(over(ended(tx, TX_COMMIT)).code == ERR_NONE);
    tx_release(tx);
    for (int k = 0; k < 4; k++)
      CHECK(answer(submitted("$ select (current_setting('statement_timeout') <> '0' or "
                             "current_setting('transaction_isolation') <> 'read committed')::int",
                             NULL)) == 0);
  }
  engine_end();
}

static void starts(void) {
  stage_open(ledger_schema, ledger_tables);
  bouncer_start();
}
static void stops(void) {
  kill(bouncer, SIGKILL);
  waitpid(bouncer, NULL, 0);
  stage_close();
}

TESTS(starts, answers_are_ones_own, settings_are_ones_own, stops)
