#include "cli/edit.h"

#include <fcntl.h>
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "cli/file.h"
#include "loop/loop.h"

enum {
  HISTORY_SIZE = 1000,      /* entries */
  HISTORY_LONGEST = 1 << 20 /* bytes */
};

struct Edit {
  Arena *arena;
  EditLine *el;
  History *history;
  const char *path;
  LoopFd *keys;
  LoopSignal *resized, *continued;
  EditCalls calls;
  const char *prompt;
  bool interrupted, readable;
};

/* ---- keys ---- */

static void keys_ready(void *ctx, int events) {
  (void)events;
  ((Edit *)ctx)->readable = true;
}

static bool key_waits(void) {
  struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
  return poll(&p, 1, 0) > 0;
}

/* Wait for a key while others work; false when interrupted. */
static bool wait_key(Edit *ed) {
  ed->readable = false;
  loop_fd_watch(ed->keys, LOOP_READ);
  while (!ed->interrupted && !ed->readable && !key_waits())
    if (ed->calls.turn(ed->calls.ctx)) el_set(ed->el, EL_REFRESH);
  loop_fd_watch(ed->keys, 0);
  return !ed->interrupted;
}

static uint32_t utf8_length(unsigned char first) {
  return first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/* libedit asks for one character: 1, 0 at the end, -1 when interrupted. */
static int read_key(EditLine *el, wchar_t *out) {
  Edit *ed;
  char bytes[4];
  uint32_t n = 0, at = 0;
  el_get(el, EL_CLIENTDATA, &ed);
  do {
    if (!wait_key(ed)) return -1;
    if (read(STDIN_FILENO, bytes + n, 1) != 1) return 0;
  } while (++n < utf8_length((unsigned char)bytes[0]));
  *out = (wchar_t)utf8_next((Slice){bytes, n}, &at);
  return 1;
}

static void resize(void *ctx) { el_resize(((Edit *)ctx)->el); }

/* Back from the shell, which left the terminal as it likes it. */
static void take_terminal(void *ctx) {
  Edit *ed = ctx;
  el_set(ed->el, EL_PREP_TERM, 1);
  el_set(ed->el, EL_REFRESH);
}

static char *prompt_of(EditLine *el) {
  Edit *ed;
  el_get(el, EL_CLIENTDATA, &ed);
  return (char *)(uintptr_t)ed->prompt;
}

/* ---- completion ---- */

typedef struct Completing {
  Edit *ed;
  EditLine *el;
  Arena *arena;
  unsigned char answer;
} Completing;

static Slice next_line(Slice *rest) {
  const char *end = rest->n ? memchr(rest->p, '\n', rest->n) : NULL;
  Slice line = {rest->p, end ? (uint32_t)(end - rest->p) : rest->n};
  uint32_t used = line.n + (end != NULL);
  rest->p += used, rest->n -= used;
  return line;
}

static uint32_t common(Slice a, Slice b) {
  uint32_t n = 0;
  while (n < a.n && n < b.n && a.p[n] == b.p[n]) n++;
  while (n && n < a.n && (a.p[n] & 0xC0) == 0x80) n--; /* no half of a character */
  return n;
}

static Slice shared_head(Slice candidates, uint32_t *n) {
  Slice shared = {0};
  for (*n = 0; candidates.n; ++*n) {
    Slice one = next_line(&candidates);
    shared = *n ? (Slice){shared.p, common(shared, one)} : one;
  }
  return shared;
}

/* In columns, as wide as the widest. */
static void list_candidates(EditLine *el, Slice candidates) {
  int columns = 0;
  uint32_t widest = 1, at = 0;
  for (Slice rest = candidates; rest.n;) {
    Slice one = next_line(&rest);
    if (one.n > widest) widest = one.n;
  }
  if (el_get(el, EL_GETTC, "co", &columns) || columns <= 0) columns = 80;
  uint32_t per_row = (uint32_t)columns / (widest + 2);
  while (candidates.n) {
    Slice one = next_line(&candidates);
    printf("%s%-*.*s", at == 0 ? "\n" : "", (int)widest + 2, SLICE_ARGS(one));
    at = at + 1 < per_row ? at + 1 : 0;
  }
  putchar('\n');
  fflush(stdout);
}

static uint32_t characters(Slice s) {
  uint32_t n = 0;
  for (uint32_t at = 0; at < s.n; n++) (void)utf8_next(s, &at);
  return n;
}

/* The candidates' shared head in place of the `replaced` bytes before the cursor. */
static void replace_word(Completing *c, Slice before, uint32_t replaced, Slice with) {
  Slice word = {before.p + before.n - replaced, replaced};
  el_deletestr(c->el, (int)characters(word));
  el_insertstr(c->el, slice_copy(c->arena, with).p);
  c->answer = CC_REFRESH;
}

static void offer(Completing *c, Slice before, Slice answer) {
  uint32_t n, replaced = (uint32_t)strtoul(next_line(&answer).p, NULL, 10);
  Slice shared = shared_head(answer, &n);
  if (!n || replaced > before.n) return;
  if (n == 1 || shared.n > replaced) {
    replace_word(c, before, replaced, shared);
  } else {
    list_candidates(c->el, answer);
    c->answer = CC_REDISPLAY;
  }
}

static void complete_line(void *ctx) {
  Completing *c = ctx;
  const LineInfo *info = el_line(c->el);
  Slice text = slice_copy(c->arena, (Slice){info->buffer, (uint32_t)(info->lastchar - info->buffer)});
  Slice before = {text.p, (uint32_t)(info->cursor - info->buffer)};
  Slice answer = c->ed->calls.complete(c->ed->calls.ctx, c->arena, text, before.n);
  if (answer.n) offer(c, before, answer);
}

/* ---- pasting: the terminal says where what is pasted begins and ends ---- */

static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l", paste_end[] = "\033[201~";

enum {
  PASTE_LONGEST = 1 << 20 /* bytes */
};

/* The bytes up to the end mark; false when it never came. */
static bool read_paste(Edit *ed, Buf *b) {
  char byte;
  const uint32_t n = sizeof paste_end - 1;
  while (b->n < PASTE_LONGEST && wait_key(ed) && read(STDIN_FILENO, &byte, 1) == 1) {
    buf_byte(b, byte == '\r' ? '\n' : byte);
    if (b->n >= n && memcmp(b->p + b->n - n, paste_end, n) == 0) {
      b->n -= n;
      return true;
    }
  }
  return false;
}

static void paste(void *ctx) {
  Completing *c = ctx;
  Buf b = buf_in(c->arena);
  if (!read_paste(c->ed, &b)) return;
  while (b.n && b.p[b.n - 1] == '\n') b.n--; /* Enter is for the user to press */
  for (uint32_t i = 0; i < b.n; i++)
    if ((unsigned char)b.p[i] < ' ' && b.p[i] != '\n') b.p[i] = ' ';
  if (b.n) el_insertstr(c->el, buf_slice(&b).p);
  c->answer = CC_REFRESH;
}

static unsigned char in_arena(EditLine *el, void (*run)(void *ctx)) {
  Completing c = {.el = el, .arena = arena_new(0), .answer = CC_ERROR};
  el_get(el, EL_CLIENTDATA, &c.ed);
  if (c.arena && !arena_protect(c.arena, NULL, run, &c)) c.answer = CC_ERROR;
  arena_free(c.arena);
  return c.answer;
}

static unsigned char on_tab(EditLine *el, int key) {
  (void)key;
  return in_arena(el, complete_line);
}

static unsigned char on_paste(EditLine *el, int key) {
  (void)key;
  return in_arena(el, paste);
}

static void say(const char *sequence) {
  fputs(sequence, stdout);
  fflush(stdout);
}

/* ---- history: a file with an entry a line, in which \n and \\ stand for themselves ---- */

/* Appended one by one, so that two sessions do not undo each other. */
static void save_entry(const char *path, Slice text) {
  int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  FILE *f = fd < 0 ? NULL : fdopen(fd, "a");
  if (!f && fd >= 0) close(fd);
  if (!f) return; /* a session without history is a session all the same */
  for (uint32_t i = 0; i < text.n; i++) {
    if (strchr("\n\\", text.p[i])) fputc('\\', f);
    fputc(text.p[i] == '\n' ? 'n' : text.p[i], f);
  }
  fputc('\n', f);
  fclose(f);
}

void edit_remember(Edit *ed, Slice text) {
  HistEvent ev;
  history(ed->history, &ev, H_ENTER, text.p);
  if (ed->path) save_entry(ed->path, text);
}

static void load_entry(Edit *ed, Slice line) {
  HistEvent ev;
  Buf b = buf_in(ed->arena);
  for (uint32_t i = 0; i < line.n; i++) {
    bool escaped = line.p[i] == '\\' && i + 1 < line.n;
    if (escaped) i++;
    buf_byte(&b, escaped && line.p[i] == 'n' ? '\n' : line.p[i]);
  }
  if (b.n) history(ed->history, &ev, H_ENTER, buf_slice(&b).p);
}

/* Where the last `lines` lines of the text begin. */
static Slice last_lines(Slice text, uint32_t lines) {
  uint32_t at = text.n ? text.n - 1 : 0;
  while (at && !(text.p[at - 1] == '\n' && --lines == 0)) at--;
  return (Slice){text.p + at, text.n - at};
}

/* A file that has grown long is cut. */
static void load_history(Edit *ed) {
  Slice text, kept;
  Err ignored;
  if (!file_exists(ed->path) || !file_read(ed->arena, ed->path, &text, &ignored)) return;
  kept = last_lines(text, HISTORY_SIZE);
  if (text.n > HISTORY_LONGEST && kept.n < text.n && !file_write(ed->arena, ed->path, kept, &ignored)) return;
  while (kept.n) load_entry(ed, next_line(&kept));
}

static void open_history(Edit *ed) {
  HistEvent ev;
  history(ed->history, &ev, H_SETSIZE, HISTORY_SIZE);
  history(ed->history, &ev, H_SETUNIQUE, 1);
  el_set(ed->el, EL_HIST, history, ed->history);
  if (!ed->path) return;
  if (folder_make(ed->arena, path_folder(ed->arena, ed->path), 0700)) load_history(ed);
}

/* ---- a session ---- */

EditGot edit_read(Edit *ed, const char *prompt, Slice *out) {
  int n = 0;
  ed->prompt = prompt;
  ed->interrupted = false;
  say(paste_on);
  const char *line = el_gets(ed->el, &n);
  say(paste_off);
  if (ed->interrupted) return EDIT_INTERRUPTED;
  if (!line || n <= 0) return EDIT_END;
  if (line[n - 1] == '\n') n--;
  *out = (Slice){line, (uint32_t)n};
  return EDIT_LINE;
}

void edit_interrupt(Edit *ed) { ed->interrupted = true; }

static void set_up(Edit *ed) {
  el_set(ed->el, EL_CLIENTDATA, ed);
  el_set(ed->el, EL_PROMPT_ESC, prompt_of, '\1');
  el_set(ed->el, EL_EDITOR, "emacs");
  el_set(ed->el, EL_GETCFN, read_key);
  el_wset(ed->el, EL_ADDFN, L"lorm-complete", L"Complete the word", on_tab); /* el_set leaks the names */
  el_set(ed->el, EL_BIND, "^I", "lorm-complete", NULL);
  el_wset(ed->el, EL_ADDFN, L"lorm-paste", L"Take what is pasted as it is", on_paste);
  el_set(ed->el, EL_BIND, "\\e[200~", "lorm-paste", NULL);
  el_set(ed->el, EL_BIND, "^R", "em-inc-search-prev", NULL);
  el_source(ed->el, NULL);
}

/* The loop makes what it watches non-blocking. The terminal is not ours alone: the shell, a pager, an editor
 * have it too, and a key is read only when there is one. */
static LoopFd *watch_keys(Edit *ed, Loop *loop, Err *e) {
  int flags = fcntl(STDIN_FILENO, F_GETFL);
  LoopFd *keys = loop_fd_new(loop, STDIN_FILENO, keys_ready, ed, e);
  if (flags >= 0) (void)fcntl(STDIN_FILENO, F_SETFL, flags);
  return keys;
}

bool edit_open(Arena *a, struct Loop *loop, const EditCalls *calls, const char *history_path, Edit **out,
               Err *e) {
  Edit *ed = ARENA_NEW(a, Edit);
  *ed = (Edit){.arena = a, .path = history_path, .calls = *calls, .prompt = ""};
  if (!setlocale(LC_CTYPE, "") || MB_CUR_MAX == 1) setlocale(LC_CTYPE, "C.UTF-8");
  ed->el = el_init("lorm", stdin, stdout, stderr);
  ed->history = history_init();
  ed->keys = watch_keys(ed, loop, e);
  ed->resized = ed->keys ? loop_signal_new(loop, SIGWINCH, resize, ed, e) : NULL;
  ed->continued = ed->resized ? loop_signal_new(loop, SIGCONT, take_terminal, ed, e) : NULL;
  if (ed->el && ed->history && ed->continued) {
    set_up(ed);
    open_history(ed);
    *out = ed;
    return true;
  }
  if (!ed->el || !ed->history) err_set(e, ERR_IO, "The terminal cannot be used for editing");
  edit_close(ed);
  return false;
}

void edit_close(Edit *ed) {
  if (!ed) return;
  loop_signal_free(ed->continued);
  loop_signal_free(ed->resized);
  loop_fd_free(ed->keys);
  if (ed->history) history_end(ed->history);
  if (ed->el) el_end(ed->el);
}
