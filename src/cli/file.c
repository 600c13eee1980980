#include "cli/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/vec.h"

enum {
  LONGEST_FILE = 1 << 30, /* bytes */
  PIECE = 1 << 16
};

static void close_file(void *cell) {
  FILE **f = cell;
  if (*f && *f != stdin) fclose(*f);
  *f = NULL;
}

static bool read_all(Arena *a, FILE *f, const char *path, Slice *out, Err *e) {
  Buf b = buf_in(a);
  size_t n;
  do {
    n = fread(buf_reserve(&b, PIECE), 1, PIECE, f);
    b.n += (uint32_t)n;
  } while (n && b.n < LONGEST_FILE);
  if (ferror(f)) return err_io(e, "Cannot read", path);
  if (b.n >= LONGEST_FILE) return err_set(e, ERR_IO, "%s is too large", path);
  *out = buf_slice(&b);
  return true;
}

bool file_read(Arena *a, const char *path, Slice *out, Err *e) {
  bool is_stdin = strcmp(path, "-") == 0;
  FILE **cell = ARENA_NEW(a, FILE *);
  arena_defer(a, close_file, cell);
  *cell = is_stdin ? stdin : fopen(path, "rb");
  if (!*cell) return err_io(e, "Cannot read", path);
  bool good = read_all(a, *cell, is_stdin ? "standard input" : path, out, e);
  close_file(cell);
  return good;
}

static bool write_all(int fd, Slice text) {
  while (text.n) {
    ssize_t n = write(fd, text.p, text.n);
    if (n < 0) return false;
    text.p += n, text.n -= (uint32_t)n;
  }
  return fsync(fd) == 0;
}

bool file_write(Arena *a, const char *path, Slice text, Err *e) {
  struct stat st;
  const char *beside = slice_printf(a, "%s.%ld.tmp", path, (long)getpid()).p;
  mode_t mode = stat(path, &st) == 0 ? st.st_mode & 0777 : 0666;
  int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) return err_io(e, "Cannot write", path);
  bool good = write_all(fd, text);
  good = close(fd) == 0 && good;
  if (good && rename(beside, path) == 0) return true;
  err_io(e, "Cannot write", path);
  unlink(beside);
  return false;
}

bool file_exists(const char *path) { return access(path, F_OK) == 0; }

bool file_is_folder(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool folder_make(Arena *a, const char *path, unsigned mode) {
  if (file_is_folder(path) || mkdir(path, mode) == 0) return true;
  if (errno != ENOENT) return false;
  return folder_make(a, path_folder(a, path), mode) && mkdir(path, mode) == 0;
}

static bool name_is(const char *name, const char *beginning, const char *ending) {
  size_t n = strlen(name), from = strlen(beginning), to = strlen(ending);
  return name[0] != '.' && n >= from && n > to && strncmp(name, beginning, from) == 0 &&
         strcmp(name + n - to, ending) == 0;
}

bool folder_has(const char *path, const char *ending) {
  DIR *d = opendir(path);
  bool found = false;
  for (struct dirent *entry; !found && d && (entry = readdir(d));) found = name_is(entry->d_name, "", ending);
  if (d) closedir(d);
  return found;
}

static void close_folder(void *cell) {
  DIR **d = cell;
  if (*d) closedir(*d);
}

static int compare_paths(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

const char **folder_files(Arena *a, const char *path, const char *beginning, const char *ending,
                          uint32_t *n) {
  const char **files = NULL;
  DIR **d = ARENA_NEW(a, DIR *);
  arena_defer(a, close_folder, d);
  *d = opendir(path);
  *n = 0;
  for (struct dirent *entry; *d && (entry = readdir(*d));)
    if (name_is(entry->d_name, beginning, ending))
      *VEC_PUSH(a, files, *n) = path_join(a, path, slice_of(entry->d_name));
  if (*n) qsort(files, *n, sizeof *files, compare_paths);
  return files;
}

const char *path_join(Arena *a, const char *folder, Slice name) {
  bool bare = !folder[0] || strcmp(folder, ".") == 0;
  while (slice_starts(name, SLICE("./"))) name.p += 2, name.n -= 2;
  if (slice_starts(name, SLICE("/")) || (bare && name.n)) return slice_copy(a, name).p;
  if (!name.n || slice_is(name, ".")) return slice_copy(a, slice_of(folder)).p;
  const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
  return slice_printf(a, "%s%s%.*s", folder, slash, SLICE_ARGS(name)).p;
}

const char *path_folder(Arena *a, const char *path) {
  const char *slash = strrchr(path, '/');
  if (!slash) return ".";
  return slash == path ? "/" : slice_copy(a, (Slice){path, (uint32_t)(slash - path)}).p;
}

const char *path_absolute(Arena *a, const char *path) {
  char real[PATH_MAX];
  return realpath(path, real) ? slice_copy(a, slice_of(real)).p : path;
}
