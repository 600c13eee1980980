#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <unistd.h>

#include "devserver/private.h"

enum {
  ENTRY_SIZE = 8192
};

static void user_from(const struct passwd *entry, DevUser *u) {
  u->uid = entry->pw_uid;
  u->gid = entry->pw_gid;
  err_text(u->name, sizeof u->name, slice_of(entry->pw_name));
  err_text(u->home, sizeof u->home, slice_of(entry->pw_dir));
  u->n_groups = DEV_GROUPS;
  if (getgrouplist(entry->pw_name, entry->pw_gid, u->groups, &u->n_groups) < 0) u->n_groups = 0;
}

static bool look_up(uid_t uid, const char *name, DevUser *u) {
  char memory[ENTRY_SIZE];
  struct passwd entry, *found = NULL;
  int error = name ? getpwnam_r(name, &entry, memory, sizeof memory, &found)
                   : getpwuid_r(uid, &entry, memory, sizeof memory, &found);
  if (error || !found) return false;
  user_from(found, u);
  return true;
}

bool dev_user_choose(uid_t owner, DevUser *u, Err *e) {
  *u = (DevUser){.home = "/"};
  if (geteuid() != 0) {
    if (!look_up(geteuid(), NULL, u)) u->uid = geteuid(), u->gid = getegid();
    const char *home = getenv("HOME");
    if (home && home[0] == '/') err_text(u->home, sizeof u->home, slice_of(home));
    return true;
  }
  u->drop = true;
  if (owner != 0 && look_up(owner, NULL, u)) return true;
  if (look_up(0, "postgres", u)) return true;
  return err_set(e, ERR_P1001,
                 "PostgreSQL refuses to run as root, and there is no user \"postgres\" to run it as. "
                 "Install it (apt-get install postgresql), or work as another user.");
}

/* Of this thread alone, and of files alone: signals and the rest of the process stay root's. */
void dev_user_enter(const DevUser *u) {
  if (!u->drop) return;
  setfsgid(u->gid);
  setfsuid(u->uid);
}

void dev_user_leave(const DevUser *u) {
  if (!u->drop) return;
  setfsuid(geteuid());
  setfsgid(getegid());
}
