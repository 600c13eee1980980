/* A new data directory: copied from one that initdb made before, which this user keeps in ~/.cache/lorm
 * (110 against 550 ms), or made by initdb. It appears under its name when it is whole. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "devserver/private.h"

#define UNFINISHED DEV_IN_PG("data.new")

static bool remove_tree(const DevPlace *p, const char *path, Err *e) {
  const char *const argv[] = {"/bin/rm", "-rf", "--", path, NULL};
  return dev_spawn_run(p, argv, e);
}

static bool copy_tree(const DevPlace *p, const char *from, const char *to, Err *e) {
  const char *const argv[] = {"/bin/cp", "-a", "--reflink=auto", "--", from, to, NULL};
  return dev_spawn_run(p, argv, e);
}

static bool initdb(const DevPlace *p, const char *bin_dir, bool durable, Err *e) {
  char program[280];
  snprintf(program, sizeof program, "%s/initdb", bin_dir);
  const char *const argv[] = {program,
                              "-D",
                              UNFINISHED,
                              "-U",
                              "lorm",
                              "-A",
                              "trust",
                              "-E",
                              "UTF8",
                              "--locale=C.UTF-8",
                              "--no-instructions",
                              durable ? NULL : "--no-sync",
                              NULL};
  return dev_spawn_run(p, argv, e);
}

static bool make_dirs(char *path) {
  for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
    *slash = 0;
    bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
    *slash = '/';
    if (!made) return false;
  }
  return true;
}

/* Where the template of exactly this initdb is, or would be. False: there is no place for one. */
static bool template_path(const DevPlace *p, const char *bin_dir, char path[700]) {
  char program[280], key[400];
  struct stat st;
  const char *cache = p->user.drop ? NULL : getenv("XDG_CACHE_HOME");
  snprintf(program, sizeof program, "%s/initdb", bin_dir);
  if (stat(program, &st)) return false;
  int n = snprintf(key, sizeof key, "%s %lld %lld %lld", program, (long long)st.st_mtime,
                   (long long)st.st_size, (long long)st.st_ino);
  unsigned long long hash = slice_hash((Slice){key, (uint32_t)n});
  if (cache && cache[0] == '/')
    n = snprintf(path, 700, "%s/lorm/pg-%016llx", cache, hash);
  else
    n = snprintf(path, 700, "%s/.cache/lorm/pg-%016llx", p->user.home, hash);
  return n < 650 && make_dirs(path);
}

/* Whole, and nobody else's. */
static bool template_is_good(const DevPlace *p, const char *path) {
  struct stat st;
  return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == p->user.uid && !(st.st_mode & 077);
}

/* Best effort: without it the next project takes half a second. */
static void template_keep(const DevPlace *p, const char *path) {
  Err e;
  char fresh[720];
  snprintf(fresh, sizeof fresh, "%s.%d", path, (int)getpid());
  if (copy_tree(p, UNFINISHED, fresh, &e) && rename(fresh, path) == 0) return;
  (void)!remove_tree(p, fresh, &e);
}

static bool fill(const DevPlace *p, const char *bin_dir, bool durable, Err *e) {
  char template[700];
  dev_user_enter(&p->user);
  bool cache = !durable && template_path(p, bin_dir, template), copied = false;
  if (cache && template_is_good(p, template)) copied = copy_tree(p, template, UNFINISHED, e);
  bool made = copied || (remove_tree(p, UNFINISHED, e) && initdb(p, bin_dir, durable, e));
  if (cache && made && !copied) template_keep(p, template);
  if (!p->entered) dev_user_leave(&p->user);
  return made;
}

bool dev_create(DevPlace *p, const char *bin_dir, bool durable, Err *e) {
  if (faccessat(p->pg, "data.new", F_OK, 0) == 0 && !remove_tree(p, UNFINISHED, e)) return false;
  if (!fill(p, bin_dir, durable, e)) return false;
  if (renameat(p->pg, "data.new", p->pg, "data"))
    return err_io(e, "The new data directory cannot be moved to", ".lorm/pg/data");
  dev_place_find_data(p);
  return p->data >= 0 || err_io(e, "The new data directory cannot be read:", ".lorm/pg/data");
}
