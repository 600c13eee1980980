#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "devserver/private.h"

enum {
  LONGEST_SOCKET = 107 /* bytes in sockaddr_un.sun_path */
};

static void close_fd(int *fd) {
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

void dev_place_close(DevPlace *p) {
  int error = errno;
  close_fd(&p->lock);
  close_fd(&p->data);
  close_fd(&p->pg);
  close_fd(&p->lorm);
  if (p->entered) dev_user_leave(&p->user);
  p->entered = false;
  errno = error;
}

static int open_dir(int at, const char *name) {
  return openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Opens a directory, making it first if it may. -1 with errno. */
static int ensure_dir(int at, const char *name, mode_t mode, bool create) {
  if (create && mkdirat(at, name, mode) && errno != EEXIST) return -1;
  return open_dir(at, name);
}

/* What is in .lorm is nobody else's business. */
static void keep_from_git(int lorm) {
  int fd = openat(lorm, ".gitignore", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (fd < 0) return;
  (void)!write(fd, "*\n", 2);
  close(fd);
}

/* A directory that root made for the server's user. */
static bool give_away(const DevPlace *p) {
  struct stat st;
  if (!p->user.drop || p->entered) return true;
  return fstat(p->pg, &st) == 0 && (st.st_uid == p->user.uid || fchown(p->pg, p->user.uid, p->user.gid) == 0);
}

static bool choose_user(int root, DevPlace *p, Err *e) {
  struct stat project, data;
  if (fstat(root, &project)) return false;
  bool there = fstatat(root, ".lorm/pg", &data, AT_SYMLINK_NOFOLLOW) == 0 && data.st_uid != 0;
  if (!dev_user_choose(there ? data.st_uid : project.st_uid, &p->user, e)) return false;
  p->entered = p->user.drop && p->user.uid == project.st_uid;
  if (p->entered) dev_user_enter(&p->user);
  return true;
}

static bool no_access(Err *e, const char *root, const char *name) {
  char path[4200];
  snprintf(path, sizeof path, "%s%s", root, name);
  return err_io(e, "The development server's directory cannot be used:", path);
}

static bool open_below(int root_fd, const char *root, bool create, DevPlace *p, Err *e) {
  p->lorm = ensure_dir(root_fd, ".lorm", 0755, create);
  if (p->lorm < 0) return (!create && errno == ENOENT) || no_access(e, root, "/.lorm");
  if (create) keep_from_git(p->lorm);
  p->pg = ensure_dir(p->lorm, "pg", 0700, create);
  if (p->pg < 0) return (!create && errno == ENOENT) || no_access(e, root, "/.lorm/pg");
  if (!give_away(p)) return no_access(e, root, "/.lorm/pg");
  dev_place_find_data(p);
  return true;
}

bool dev_place_open(const char *root, bool create, DevPlace *p, Err *e) {
  *p = (DevPlace){-1, -1, -1, -1, .entered = false};
  if (access("/proc/self/fd", F_OK)) return err_io(e, "The development server needs", "/proc");
  int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return err_io(e, "The project's directory cannot be read:", root);
  bool good = choose_user(fd, p, e) && open_below(fd, root, create, p, e);
  close(fd);
  return good;
}

bool dev_place_lock(DevPlace *p, Err *e) {
  p->lock = openat(p->lorm, "pg.lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (p->lock < 0) return err_io(e, "The development server's lock cannot be taken:", ".lorm/pg.lock");
  while (flock(p->lock, LOCK_EX))
    if (errno != EINTR) return err_io(e, "The development server's lock cannot be taken:", ".lorm/pg.lock");
  return true;
}

void dev_place_find_data(DevPlace *p) {
  close_fd(&p->data);
  p->data = open_dir(p->pg, "data");
}

int dev_place_version(const DevPlace *p) {
  char text[16] = "";
  int fd = p->data < 0 ? -1 : openat(p->data, "PG_VERSION", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  (void)!read(fd, text, sizeof text - 1);
  close(fd);
  return atoi(text);
}

/* libpq takes a comma in `host` for the end of a name. */
static bool fits(const char *dir) {
  return strlen(dir) + sizeof "/" DEV_SOCKET - 1 <= LONGEST_SOCKET && !strchr(dir, ',');
}

static bool is_ours(const char *dir, uid_t uid) {
  struct stat st;
  return lstat(dir, &st) == 0 && S_ISDIR(st.st_mode) && !(st.st_mode & 022) && st.st_uid == uid;
}

/* A link with a short name to where the socket really is: /tmp/lorm-UID/HASH. */
static bool link_short(uid_t uid, const char *owner, const char *link, const char *target) {
  char now[4096], fresh[160];
  if (mkdir(owner, 0755) && errno != EEXIST) return false;
  if (!is_ours(owner, uid)) return false;
  ssize_t n = readlink(link, now, sizeof now);
  if (n == (ssize_t)strlen(target) && memcmp(now, target, (size_t)n) == 0) return true;
  snprintf(fresh, sizeof fresh, "%s.%d", link, (int)getpid());
  unlink(fresh);
  return symlink(target, fresh) == 0 && rename(fresh, link) == 0;
}

bool dev_place_socket_dir(const DevPlace *p, const char *data_dir, char out[128], Err *e) {
  if (fits(data_dir)) {
    err_text(out, 128, slice_of(data_dir));
    return true;
  }
  char owner[64];
  uid_t uid = p->entered ? p->user.uid : geteuid();
  snprintf(owner, sizeof owner, "/tmp/lorm-%u", (unsigned)uid);
  snprintf(out, 128, "%s/%016llx", owner, (unsigned long long)slice_hash(slice_of(data_dir)));
  return link_short(uid, owner, out, data_dir) ||
         err_io(e, "The path of the project is too long for a socket, and there is no room for a link:", out);
}
