#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

static const struct {
  const char *code, *text;
} errors[] = {
    {"", ""},
#define ERR(id, code, text) {code, text},
#include "base/err.def"
#undef ERR
};

const char *err_public_code(ErrCode code) { return errors[code].code; }
const char *err_template(ErrCode code) { return errors[code].text; }

ErrCode err_code_of(Slice public_code) {
  for (size_t i = 1; public_code.n && i < COUNT(errors); i++)
    if (slice_is(public_code, errors[i].code)) return (ErrCode)i;
  return ERR_NONE;
}

void err_text(char *to, size_t size, Slice from) {
  size_t n = from.n < size ? from.n : size - 1;
  while (n && n < from.n && ((unsigned char)from.p[n] & 0xC0) == 0x80) n--;
  if (n) memcpy(to, from.p, n);
  to[n] = 0;
}

static void err_clear(Err *e, ErrCode code) {
  memset(e, 0, offsetof(Err, message));
  e->message[0] = e->path[0] = e->file[0] = e->model[0] = e->action[0] = e->table[0] = 0;
  e->columns[0] = e->constraint[0] = e->target[0] = e->detail[0] = e->hint[0] = 0;
  e->code = code;
}

bool err_set(Err *e, ErrCode code, const char *format, ...) {
  err_clear(e, code);
  va_list args;
  va_start(args, format);
  vsnprintf(e->message, sizeof e->message, format, args);
  va_end(args);
  return false;
}

bool err_oom(Err *e) { return err_set(e, ERR_OUT_OF_MEMORY, "%s", err_template(ERR_OUT_OF_MEMORY)); }

bool err_io(Err *e, const char *what, const char *path) {
  int error = errno;
  err_set(e, ERR_IO, "%s %s: %s", what, path, strerror(error));
  err_text(e->file, sizeof e->file, slice_of(path));
  return false;
}

bool err_path(Err *e, Slice part) {
  char rest[sizeof e->path];
  memcpy(rest, e->path, sizeof rest);
  const char *dot = rest[0] && rest[0] != '[' ? "." : "";
  snprintf(e->path, sizeof e->path, "%.*s%s%s", SLICE_ARGS(part), dot, rest);
  return false;
}
