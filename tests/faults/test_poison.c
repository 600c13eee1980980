/* A transaction is left at each of its steps, at each isolation level, by the ways there are; and whatever a
 * caller's text does to its session, in a transaction or by itself: the next one who gets the connection
 * finds it as new, and what was answered about the COMMIT is what the table says. */
#include "stage.h"

enum {
  ROUNDS = 500
};

static char schema_text[] = DATASOURCE "model Mark {\n id Int @id\n}\n";
static const char *const levels[] = {"ReadUncommitted", "ReadCommitted", "RepeatableRead", "Serializable"};

/* What a transaction may leave on its connection. */
static const char *const dirt[] = {
    "! create temp table left_behind (a int) on commit drop",
    "! set local search_path = nowhere",
    "! set local statement_timeout = 12345",
    "! declare c cursor for select 1 from generate_series(1, 1000)",
    "$ select pg_advisory_xact_lock(42)",
    "$ select 1 / 0",
    "! lock table \"Mark\" in access exclusive mode",
    /* beyond the transaction, said by the text */
    "! set search_path = nowhere",
    "! set session statement_timeout = 12345",
    "! /* a comment */ Set TimeZone = 'Asia/Tokyo'",
    "$ select set_config('statement_timeout', '12345', false)",
    "! create temp table left_behind (a int)",
    "$ select 1 as a into temp left_behind",
    "! create table pg_temp.left_behind (a int)",
    "$ select pg_advisory_lock(42)",
    "$ select pg_try_advisory_lock_shared(42)",
    "! declare c cursor with hold for select 1 from generate_series(1, 1000)",
    "! listen poison",
    "! prepare p as select 1",
    "! set role other",
    "! set session authorization other",
    "! discard all",
    "! deallocate all",
    /* by what it calls */
    "$ select keeps_lock()",
    "$ select keeps_setting()",
    "$ select keeps_table()",
    "! insert into \"Trap\" values (1)",
    "! do $$ begin perform pg_advisory_lock(42); end $$",
    "! call keeps_channel()",
};

static const char helpers[] =
    "create role other;"
    "create function keeps_lock() returns int language sql as 'select pg_advisory_lock(42); select 1';"
    "create function keeps_setting() returns text language sql as"
    " $$ select set_config('search_path', 'nowhere', false) $$;"
    "create function keeps_table() returns int language plpgsql as"
    " 'begin create temp table left_behind (a int); return 1; end';"
    "create procedure keeps_channel() language plpgsql as 'begin listen poison; end';"
    "create table \"Trap\" (a int);"
    "create function spring() returns trigger language plpgsql as"
    " $$ begin perform set_config('statement_timeout', '12345', false); return null; end $$;"
    "create trigger trap before insert on \"Trap\" for each row execute function spring();";

static const char clean[] =
    "$ select ((pg_current_xact_id_if_assigned() is not null)::int"
    " + (current_setting('search_path') <> '\"$user\", public')::int"
    " + (current_setting('statement_timeout') <> '0')::int"
    " + (current_setting('transaction_isolation') <> 'read committed')::int"
    " + (select count(*) from pg_class where relpersistence = 't')"
    " + (select count(*) from pg_cursors where name = 'c')"
    " + (current_user <> session_user or session_user::regrole::oid <> 10)::int"
    " + (current_setting('timezone') = 'Asia/Tokyo')::int"
    " + (select count(*) from pg_listening_channels())"
    " + (select count(*) from pg_prepared_statements where name = 'p')"
    " + (select count(*) from pg_locks where pid = pg_backend_pid() and locktype = 'advisory'))::int";

typedef enum Leave {
  LEAVE_BEGIN,     /* as it begins */
  LEAVE_BEGUN,     /* before anything was done */
  LEAVE_STATEMENT, /* with a statement under way */
  LEAVE_SAVEPOINT, /* inside of a savepoint */
  LEAVE_BROKEN,    /* after its savepoint was broken off */
  LEAVE_COMMIT,    /* with the COMMIT under way */
  LEAVE_LATE,      /* its time is over while it commits, or just before or after */
  LEAVE_WELL,
  LEAVE_ALONE, /* there was no transaction */
  LEAVES
} Leave;

static const char *last_dirt = "";

static const char *next_dirt(void) {
  static size_t at;
  return last_dirt = dirt[at++ % COUNT(dirt)];
}

static int committed, refused, unknown, dirty, expired;
static uint64_t dice = 20241;

static const char *insert_of(int id) {
  static char text[64];
  snprintf(text, sizeof text, "Mark.create {\"data\": {\"id\": %d}}", id);
  return text;
}

/* The COMMIT's answer is the truth; nobody else has written this row. */
static void settle(int id, const Err *end) {
  char text[64];
  if (end->code == ERR_UNKNOWN_OUTCOME) {
    unknown++;
    return;
  }
  snprintf(text, sizeof text, "$ select count(*)::int from \"Mark\" where id = %d", id);
  CHECK(answer(submitted(text, NULL)) == (end->code == ERR_NONE));
  *(end->code ? &refused : &committed) += 1;
}

static void leave(Tx *tx, Leave how, int id) {
  Request *r = submitted(next_dirt(), tx);
  if (how != LEAVE_STATEMENT) (void)over(r);
  if (how == LEAVE_SAVEPOINT || how == LEAVE_BROKEN) (void)over(ended(tx, TX_SAVEPOINT));
  if (how == LEAVE_BROKEN) {
    (void)over(submitted("$ select 1 / 0", tx));
    (void)over(ended(tx, TX_ROLLBACK_TO));
  }
  if (how == LEAVE_STATEMENT) {
    tx_release(tx);
    request_release(r);
    return;
  }
  if (how < LEAVE_COMMIT) {
    tx_release(tx);
    return;
  }
  r = ended(tx, TX_COMMIT);
  if (how == LEAVE_COMMIT) {
    tx_release(tx);
    if (r && dice_next(&dice) % 2) {
      request_release(r);
      return;
    }
  }
  Err end = over(r);
  expired += how == LEAVE_LATE && end.code != ERR_NONE;
  settle(id, &end);
  if (how != LEAVE_COMMIT) tx_release(tx);
}

static void round_of(int id) {
  Leave how = (Leave)(id % LEAVES);
  const char *level = levels[id / LEAVES % COUNT(levels)];
  if (how == LEAVE_ALONE) {
    (void)over(submitted(next_dirt(), NULL));
  } else if (how == LEAVE_BEGIN) {
    Request *r = begun(level, -1);
    if (dice_next(&dice) % 2) (void)loop_turn(loop, false);
    if (r) request_release(r);
  } else {
    Tx *tx = opened(level, how == LEAVE_LATE ? 1 + (int)(dice_next(&dice) % 4) : -1);
    CHECK(tx || how == LEAVE_LATE);
    if (!tx) return;
    if (how != LEAVE_BEGUN) (void)over(submitted(insert_of(id), tx));
    leave(tx, how, id);
  }
  int64_t left = answer(submitted(clean, NULL));
  if (left) fprintf(stderr, "left: %s\n", last_dirt);
  dirty += left != 0;
  CHECK(left == 0);
}

static void nothing_is_left_behind(void) {
  Session *s = session();
  sql(helpers);
  engine_start(server_url(&server), 1, -1); /* the next borrower has the same connection */
  for (int id = 1; id <= ROUNDS; id++) {
    round_of(id);
    CHECK(stats().connections <= 1);
    if (id % 25 == 0)
      CHECK(number_on(s,
                      "select count(*) from pg_stat_activity where state like 'idle in transaction%' and "
                      "state_change < now() - interval '1 second' and " OURS) == 0);
  }
  CHECK(number_on(s, "select count(*) from pg_stat_activity where state <> 'idle' and " OURS) == 0);
  CHECK(committed > ROUNDS / 16 && refused > 0);
  session_close(s);
  engine_end();
}

static void starts(void) { stage_open(schema_text, "create table \"Mark\" (id int primary key)"); }
static void stops(void) {
  printf("%d rounds: %d committed, %d refused (%d late), %d unknown; %d dirty connections\n", ROUNDS,
         committed, refused, expired, unknown, dirty);
  stage_close();
}

TESTS(starts, nothing_is_left_behind, stops)
