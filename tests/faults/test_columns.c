/* Columns come, go, change their type and their name beside the load: outside of transactions no caller hears
 * of plans that went stale, and every row is right. */
#include "columns.h"

enum {
  ROUNDS = 5,
  EVERY_MS = 20
};

static void plans_are_mended(void) {
  engine_start(server_url(&server), 8, -1);
  ledger.told = columns_told;
  ledger_storm(11, 200, COLUMNS_ROUND * ROUNDS, EVERY_MS, columns_strike);
  ledger_calm();
  ledger_verdict();
  CHECK(columns.other == 0);
  CHECK(ledger.fates_n[FATE_UNKNOWN] == 0);
  CHECK(ledger.fates_n[FATE_WRITTEN] > 200 && ledger.rows_read > 200);
  printf("%d told that something was missing, %d to try again, %d else\n", columns.missing, columns.again,
         columns.other);
  engine_end();
}

static void starts(void) { stage_open(ledger_schema, ledger_tables); }
static void stops(void) { stage_close(); }

TESTS(starts, plans_are_mended, stops)
