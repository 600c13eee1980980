#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "devserver/private.h"

#define INSTALLED "/usr/lib/postgresql"

static bool has_program(const char *dir, const char *name) {
  char path[320];
  snprintf(path, sizeof path, "%s/%s", dir, name);
  return access(path, X_OK) == 0;
}

static bool is_complete(const char *dir) {
  return has_program(dir, "postgres") && has_program(dir, "initdb");
}

/* The newest complete version, or just `wanted`; 0 when there is none. */
static int newest(int wanted) {
  int best = 0;
  DIR *dir = opendir(INSTALLED);
  for (struct dirent *entry; dir && (entry = readdir(dir));) {
    char bin[64];
    int version = atoi(entry->d_name);
    snprintf(bin, sizeof bin, INSTALLED "/%d/bin", version);
    if (version > best && (!wanted || version == wanted) && is_complete(bin)) best = version;
  }
  if (dir) closedir(dir);
  return best;
}

bool dev_binary_find(const char *given, int data_version, char dir[256], int *version, Err *e) {
  if (given) {
    err_text(dir, 256, slice_of(given));
    *version = data_version;
    return is_complete(given) ||
           err_set(e, ERR_P1001, "There are no programs initdb and postgres in %s.", given);
  }
  *version = newest(data_version);
  snprintf(dir, 256, INSTALLED "/%d/bin", *version);
  if (*version) return true;
  if (data_version && newest(0))
    return err_set(e, ERR_P1001,
                   "The development database was made by PostgreSQL %d, which is not installed. Install it "
                   "(apt-get install postgresql-%d), or remove .lorm/pg to start anew.",
                   data_version, data_version);
  return err_set(e, ERR_P1001,
                 "PostgreSQL is not installed: nothing in " INSTALLED
                 ". Install it (apt-get install postgresql), "
                 "or give the URL of a server.");
}

bool devserver_psql(const DevServer *s, char path[512], Err *e) {
  snprintf(path, 512, "%s/psql", s->bin_dir);
  if (s->bin_dir[0] && access(path, X_OK) == 0) return true;
  snprintf(path, 512, "/usr/bin/psql");
  return access(path, X_OK) == 0 ||
         err_set(e, ERR_IO, "psql is not installed (apt-get install postgresql-client).");
}
