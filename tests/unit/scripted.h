/* A scripted server of protocol 3 on a Unix socket, in this very thread: scripted_step reads what has come
 * and says what the script has for it, so that nothing depends on time. A script is lines of {frontend
 * messages to wait for, by their letters; what to say then} and what is said is words, one a message: 1 2 3 n
 * I    ParseComplete, BindComplete, CloseComplete, NoData, EmptyQueryResponse T D7 D-      RowDescription of
 * one int8, a DataRow of 7, one of NULL C            CommandComplete          S N A    ParameterStatus, a
 * notice, a notification E22012       an error of that state   F57P01   a fatal one Zi Zt Ze ReadyForQuery R0
 * R3    an authentication request, by its number V K          the version; the key for cancelling x54ff these
 * bytes              .        hang up G H c        CopyIn-, CopyOutResponse, CopyDone dH d7 dE CopyData: the
 * header of the binary form, a row of one int8, the end
 *
 *   scripted_start(&server); server.script = lines; ... scripted_step(&server) ... scripted_stop(&server); */
#ifndef TESTS_UNIT_SCRIPTED_H
#define TESTS_UNIT_SCRIPTED_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "check.h"

#define SCRIPTED_HELLO "R0 V K Zi"

typedef struct ScriptLine {
  const char *wants, *says; /* wants NULL: the end */
} ScriptLine;

typedef struct Scripted {
  char dir[64], url[160];
  const ScriptLine *script;
  const char *hello;
  bool dribble; /* one byte a step */
  int cut;      /* hang up after so many messages of the script; -1: never */
  int listener, client, n_said;
  bool greeted, closing;
  uint8_t in[65536], out[65536];
  size_t n_in, n_out;
  char heard[512]; /* letters that no line has taken yet */
} Scripted;

/* ---- what is said ---- */

static inline void scripted_byte(Scripted *s, unsigned byte) { s->out[s->n_out++] = (uint8_t)byte; }
static inline void scripted_number(Scripted *s, int bytes, uint64_t value) {
  while (bytes--) scripted_byte(s, (unsigned)(value >> 8 * bytes & 0xff));
}
static inline void scripted_bytes(Scripted *s, const void *p, size_t n) {
  memcpy(s->out + s->n_out, p, n);
  s->n_out += n;
}
static inline void scripted_text(Scripted *s, const char *text) { scripted_bytes(s, text, strlen(text) + 1); }

static inline void scripted_row(Scripted *s, const char *value) {
  scripted_number(s, 2, 1);
  scripted_number(s, 4, *value == '-' ? UINT32_MAX : 8);
  if (*value != '-') scripted_number(s, 8, (uint64_t)atoi(value));
}

static inline void scripted_columns(Scripted *s) {
  scripted_number(s, 2, 1);
  scripted_text(s, "v");
  scripted_number(s, 6, 0);
  scripted_number(s, 4, 20);
  scripted_number(s, 2, 8);
  scripted_number(s, 4, UINT32_MAX);
  scripted_number(s, 2, 1);
}

static inline void scripted_error(Scripted *s, const char *severity, const char *state) {
  const char *fields[] = {"S", severity, "V", severity, "C", state, "M", "so it is"};
  for (size_t i = 0; i < COUNT(fields); i += 2) {
    scripted_byte(s, (uint8_t)fields[i][0]);
    scripted_text(s, fields[i + 1]);
  }
  scripted_byte(s, 0);
}

static inline void scripted_setting(Scripted *s, const char *name, const char *value) {
  scripted_text(s, name);
  scripted_text(s, value);
}

static inline void scripted_data(Scripted *s, const char *what) {
  if (*what == 'H') {
    scripted_bytes(s, "PGCOPY\n\377\r\n", 11);
    scripted_number(s, 8, 0);
  } else if (*what == 'E') {
    scripted_number(s, 2, UINT16_MAX);
  } else {
    scripted_row(s, what);
  }
}

static inline void scripted_body(Scripted *s, const char *word) {
  switch (word[0]) {
    case 'T': scripted_columns(s); break;
    case 'D': scripted_row(s, word + 1); break;
    case 'C': scripted_text(s, "SELECT 1"); break;
    case 'S': scripted_setting(s, "TimeZone", "UTC"); break;
    case 'V': scripted_setting(s, "server_version", "15.7"); break;
    case 'E': scripted_error(s, "ERROR", word + 1); break;
    case 'F': scripted_error(s, "FATAL", word + 1); break;
    case 'N': scripted_error(s, "WARNING", "01000"); break;
    case 'K': scripted_number(s, 8, 1); break;
    case 'G':
    case 'H': scripted_number(s, 5, UINT64_C(0x0100010001)); break;
    case 'd': scripted_data(s, word + 1); break;
    case 'R': scripted_number(s, 4, (uint64_t)atoi(word + 1)); break;
    case 'Z': scripted_byte(s, word[1] == 'i' ? 'I' : word[1] == 't' ? 'T' : 'E'); break;
    case 'A':
      scripted_number(s, 4, 1);
      scripted_setting(s, "channel", "payload");
      break;
    default: break; /* those without a body */
  }
}

static inline void scripted_hex(Scripted *s, const char *digits) {
  unsigned byte;
  for (; sscanf(digits, "%2x", &byte) == 1; digits += 2) scripted_byte(s, byte);
}

static inline void scripted_message(Scripted *s, const char *word) {
  size_t start = s->n_out;
  if (word[0] == 'x') {
    scripted_hex(s, word + 1);
    return;
  }
  scripted_byte(s, word[0] == 'F' ? 'E' : word[0] == 'V' ? 'S' : (uint8_t)word[0]);
  scripted_number(s, 4, 0);
  scripted_body(s, word);
  size_t end = s->n_out;
  s->n_out = start + 1;
  scripted_number(s, 4, end - start - 1);
  s->n_out = end;
}

static inline void scripted_say(Scripted *s, const char *words) {
  char copy[4096], *rest = copy;
  snprintf(copy, sizeof copy, "%s", words);
  for (char *word; !s->closing && (word = strsep(&rest, " "));) {
    s->closing = word[0] == '.' || (s->greeted && s->n_said == s->cut);
    if (s->closing || !word[0]) continue;
    scripted_message(s, word);
    if (s->greeted) s->n_said++;
  }
  s->closing = s->closing || (s->greeted && s->n_said == s->cut);
}

/* ---- what is heard ---- */

static inline uint32_t scripted_be32(const uint8_t *p) {
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* One message off the front of `in`; false: it is not whole yet. The first has no letter; the client's
 * farewell counts for nothing. */
static inline bool scripted_hear(Scripted *s) {
  size_t letter = s->greeted, n = strlen(s->heard);
  if (s->n_in < letter + 4) return false;
  size_t size = letter + scripted_be32(s->in + letter);
  if (s->n_in < size) return false;
  if (s->greeted && s->in[0] != 'X' && n + 1 < sizeof s->heard)
    memcpy(s->heard + n, (char[]){(char)s->in[0], 0}, 2);
  memmove(s->in, s->in + size, s->n_in -= size);
  if (!s->greeted) scripted_say(s, s->hello);
  s->greeted = true;
  return true;
}

static inline void scripted_follow(Scripted *s) {
  for (; s->greeted && s->script && s->script->wants; s->script++) {
    size_t n = strlen(s->script->wants);
    if (strncmp(s->heard, s->script->wants, n) != 0) return;
    memmove(s->heard, s->heard + n, strlen(s->heard + n) + 1);
    scripted_say(s, s->script->says);
  }
}

/* ---- the socket ---- */

static inline void scripted_hang_up(Scripted *s) {
  if (s->client >= 0) close(s->client);
  s->client = -1;
}

/* The next connection begins like the first. */
static inline bool scripted_accept(Scripted *s) {
  s->client = accept4(s->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (s->client < 0) return false;
  s->greeted = s->closing = false;
  s->n_in = s->n_out = 0;
  s->n_said = 0;
  s->heard[0] = 0;
  return true;
}

/* A message that is longer than `in` is the end. */
static inline bool scripted_read(Scripted *s) {
  ssize_t n = recv(s->client, s->in + s->n_in, sizeof s->in - s->n_in, 0);
  if (n == 0) scripted_hang_up(s);
  if (n <= 0) return n == 0;
  s->n_in += (size_t)n;
  while (scripted_hear(s))
    ;
  return true;
}

static inline bool scripted_write(Scripted *s) {
  size_t most = s->dribble && s->n_out ? 1 : s->n_out;
  ssize_t n = most ? send(s->client, s->out, most, MSG_NOSIGNAL) : 0;
  if (n > 0) memmove(s->out, s->out + n, s->n_out -= (size_t)n);
  if (s->n_out || !s->closing) return n > 0;
  scripted_hang_up(s);
  return true;
}

/* False: there was nothing to do. */
static inline bool scripted_step(Scripted *s) {
  if (s->client < 0) return scripted_accept(s);
  bool read = scripted_read(s);
  if (s->client < 0) return true;
  scripted_follow(s);
  return scripted_write(s) || read;
}

static inline void scripted_start(Scripted *s) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  *s = (Scripted){.dir = "/tmp/lorm-test-XXXXXX", .client = -1, .cut = -1, .hello = SCRIPTED_HELLO};
  bool good = mkdtemp(s->dir) != NULL;
  snprintf(address.sun_path, sizeof address.sun_path, "%s/.s.PGSQL.5432", s->dir);
  snprintf(s->url, sizeof s->url, "postgresql://u@localhost/d?host=%s", s->dir);
  s->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  good = good && bind(s->listener, (struct sockaddr *)&address, sizeof address) == 0;
  if (good && listen(s->listener, 8) == 0) return;
  perror("scripted server");
  exit(1);
}

static inline void scripted_stop(Scripted *s) {
  char path[96];
  scripted_hang_up(s);
  close(s->listener);
  s->listener = -1;
  snprintf(path, sizeof path, "%s/.s.PGSQL.5432", s->dir);
  unlink(path);
  rmdir(s->dir);
}

#endif
