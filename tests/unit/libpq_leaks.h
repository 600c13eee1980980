/* What libpq itself loses with servers that lie: a result that it was making when it is told, out of turn, of
 * parameters or of a COPY. The leak checker knows results by where they were made; those that we lose are
 * found by the tests whose servers are honest. */
#ifndef TESTS_UNIT_LIBPQ_LEAKS_H
#define TESTS_UNIT_LIBPQ_LEAKS_H

__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
  return "leak:PQisBusy\nleak:PQgetResult\nleak:PQgetCopyData\nleak:PQputCopyData\n";
}

#endif
