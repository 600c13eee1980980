#include "migrate/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loop/child.h"
#include "migrate/ddl.h"
#include "pg/url.h"

typedef struct Backup {
  Arena *arena;
  Slice url;
  const char *path;
  bool replace;
  bool (*work)(struct Backup *b);
  ProgramUrl program;
  Err *e;
  bool good;
} Backup;

/* argv, with the password in the environment. */
static bool run(const Backup *b, const char *const *argv, int out) {
  bool secret = b->program.password.n > 0;
  ChildRun child = {argv, secret ? "PGPASSWORD" : NULL, b->program.password.p, out};
  return child_run(&child, b->e);
}

/* --- backup --- */

static bool dump_into(const Backup *b, const char *part, int fd) {
  const char *argv[] = {"pg_dump", "--no-password", "-d", b->program.conninfo.p, NULL};
  bool good = run(b, argv, fd);
  if (good && fsync(fd)) good = err_io(b->e, "Cannot write", part);
  if (close(fd) && good) good = err_io(b->e, "Cannot write", part);
  return good;
}

/* link() does not replace what is there, rename() does. */
static bool put_in_place(const Backup *b, const char *part) {
  if (b->replace && rename(part, b->path) == 0) return true;
  if (!b->replace && link(part, b->path) == 0) return unlink(part) == 0 || true;
  return err_io(b->e, "Cannot write", b->path);
}

static bool there_already(const Backup *b) {
  if (b->replace || access(b->path, F_OK)) return false;
  err_set(b->e, ERR_IO, "There is a file %s already, and it is not overwritten", b->path);
  return true;
}

static bool backup(Backup *b) {
  if (there_already(b)) return false;
  Slice part = slice_printf(b->arena, "%s.%d.part", b->path, (int)getpid());
  int fd = open(part.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return err_io(b->e, "Cannot write", part.p);
  if (dump_into(b, part.p, fd) && put_in_place(b, part.p)) return true;
  unlink(part.p);
  return false;
}

/* --- restore --- */

static const char last_words[] = "-- PostgreSQL database dump complete";

enum {
  TAIL = 512 /* bytes at the end of a dump among which its last words are */
};

static bool is_whole(const Backup *b) {
  char tail[TAIL + 1];
  FILE *f = fopen(b->path, "rb");
  if (!f) return err_io(b->e, "Cannot read", b->path);
  long size = fseek(f, 0, SEEK_END) ? -1 : ftell(f);
  size_t n = 0;
  if (size >= 0 && fseek(f, size > TAIL ? size - TAIL : 0, SEEK_SET) == 0) n = fread(tail, 1, TAIL, f);
  fclose(f);
  tail[n] = 0;
  return strstr(tail, last_words) ||
         err_set(b->e, ERR_IO, "%s is not a whole dump: it does not end as pg_dump ends one", b->path);
}

static bool restore(Backup *b) {
  const char *argv[] = {"psql",
                        "-X",
                        "-q",
                        "-w",
                        "-v",
                        "ON_ERROR_STOP=1",
                        "--single-transaction",
                        "-c",
                        ddl_empty_database,
                        "-f",
                        b->path,
                        "-d",
                        b->program.conninfo.p,
                        NULL};
  return is_whole(b) && run(b, argv, -1);
}

/* --- entry points --- */

static void body(void *ctx) {
  Backup *b = ctx;
  b->good = url_for_program(b->arena, b->url, &b->program, b->e) && b->work(b);
}

static bool start(Backup *b) {
  b->arena = arena_new(0);
  if (!b->arena || !arena_protect(b->arena, NULL, body, b)) b->good = err_oom(b->e);
  arena_free(b->arena);
  return b->good;
}

bool migrate_backup(Slice url, const char *path, bool replace, Err *e) {
  Backup b = {.url = url, .path = path, .replace = replace, .work = backup, .e = e};
  return start(&b);
}

bool migrate_restore(Slice url, const char *path, Err *e) {
  Backup b = {.url = url, .path = path, .work = restore, .e = e};
  return start(&b);
}
