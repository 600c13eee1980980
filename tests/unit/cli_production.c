/* Which URLs lead no further than this machine; all else is asked about. */
#include "cli/production.h"

#include "check.h"

typedef struct UrlCase {
  const char *url;
  bool local;
} UrlCase;

static void knows_what_is_local(void) {
  static const UrlCase cases[] = {
      {"postgresql://u:p@localhost:5432/db?schema=public", true},
      {"postgres://u@127.0.0.1/db", true},
      {"postgres://u@[::1]:5432/db", true},
      {"postgres:///db", true},
      {"postgres://u@/db", true},
      {"postgres:///db?host=/var/run/postgresql", true},
      {"postgres:///db?user=x&host=%2Ftmp%2Fpg", true},
      {"postgres://%2Fvar%2Frun/db", true},
      {"host=/tmp dbname=x", true},
      {"dbname=x", true},
      {"postgres://u:p@db.example.com/db", false},
      {"postgres://u:localhost@10.0.0.5/db", false},
      {"postgres://localhost:x@db/db", false},
      {"postgres://u@localhost,db2/db", false},
      {"postgres://u@127.0.0.1.example.com/db", false},
      {"postgres://u@localhost.example.com/db", false},
      {"postgres:///db?host=db.example.com", false},
      {"postgres://localhost/db?host=db.example.com", false},
      {"postgres://localhost/db?hostaddr=10.0.0.5", false},
      {"postgres:///db?service=main", false},
      {"host=db.example.com dbname=x", false},
      {"host='/tmp' dbname=x", false},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    bool local = url_is_local(slice_of(cases[i].url), NULL);
    if (local != cases[i].local) fprintf(stderr, "%s\n", cases[i].url);
    CHECK(local == cases[i].local);
  }
}

static void the_environment_may_name_the_host(void) {
  CHECK(!url_is_local(SLICE("postgres:///db"), "db.example.com"));
  CHECK(url_is_local(SLICE("postgres:///db"), "/tmp"));
  CHECK(url_is_local(SLICE("postgres://localhost/db"), "db.example.com"));
}

TESTS(knows_what_is_local, the_environment_may_name_the_host)
