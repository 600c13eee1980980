/* The REPL. On a terminal: editing, history, completion. Otherwise it reads chunks from standard input, says
 * nothing but results and errors, and fails at the end when one of them failed. */
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/file.h"
#include "cli/interrupt.h"
#include "cli/production.h"
#include "cli/repl.h"
#include "loop/loop.h"

enum {
  NARROW = 80 /* columns, when nobody knows */
};

static uint32_t width(void) {
  struct winsize size;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : NARROW;
}

/* Ctrl-C: what runs ends, or what was typed goes. */
static void on_interrupt(void *ctx) {
  Repl *r = ctx;
  if (r->evaluating) {
    runtime_interrupt(r->script->rt);
  } else if (r->edit) {
    edit_interrupt(r->edit);
  }
}

static Slice complete(void *ctx, Arena *a, Slice text, uint32_t cursor) {
  Repl *r = ctx;
  if (slice_starts(text, SLICE("."))) return repl_dot_complete(a, (Slice){text.p, cursor});
  return runtime_complete(r->script->rt, a, text, cursor);
}

/* ---- one statement ---- */

static EditGot read_plain(Repl *r, Slice *out) {
  Buf b = buf_in(r->arena);
  int c;
  while ((c = getc(stdin)) != EOF && c != '\n') buf_byte(&b, (char)c);
  *out = buf_slice(&b);
  return c == EOF && !b.n ? EDIT_END : EDIT_LINE;
}

static EditGot read_line(Repl *r, bool first, Slice *out) {
  return r->edit ? edit_read(r->edit, first ? "lorm> " : "   ... ", out) : read_plain(r, out);
}

/* The message now, the traceback when it is asked for. */
static void fail(Repl *r, const Err *e) {
  r->failed = true;
  r->last = *e;
  Err brief = *e;
  char *trace = strstr(brief.message, "\nstack traceback:");
  if (trace) *trace = 0;
  cli_fail(r->c, &brief);
}

static void evaluate(Repl *r, Slice text) {
  Err e;
  Interrupt x;
  r->evaluating = true;
  interrupt_begin(&x, r->script->rt);
  bool good = runtime_eval_line(r->script->rt, text, width(), &e);
  if (interrupt_end(&x))
    (void)loop_turn(runtime_loop(r->script->rt), false); /* on_interrupt: not the next line's */
  r->evaluating = false;
  fflush(stdout);
  if (!good) fail(r, &e);
}

/* "= value", as in older Luas, is "value". */
static Slice chunk_of(Buf *typed) {
  Slice text = buf_slice(typed);
  if (text.n && text.p[0] == '=') text.p++, text.n--;
  return text;
}

/* Lines until they are a whole chunk. False at the end of input, or when nothing is to be evaluated. */
static bool read_chunk(Repl *r, Slice *chunk) {
  Buf typed = buf_in(r->arena);
  Slice line;
  Err e;
  LineState state = LINE_INCOMPLETE;
  while (state == LINE_INCOMPLETE) {
    EditGot got = read_line(r, !typed.n, &line);
    if (got == EDIT_INTERRUPTED) putchar('\n');
    if (got == EDIT_END) r->over = true;
    if (got == EDIT_END && typed.n) fail(r, &e); /* what was missing, as the last check said */
    if (got != EDIT_LINE) return false;
    if (!typed.n && repl_dot(r, line)) {
      if (r->edit) edit_remember(r->edit, slice_copy(r->arena, line));
      return false;
    }
    if (typed.n) buf_byte(&typed, '\n');
    buf_slice_add(&typed, line);
    *chunk = chunk_of(&typed);
    if (strspn(chunk->p, " \t\r\n") == chunk->n) return false;
    state = runtime_check_line(r->script->rt, *chunk, &e);
  }
  if (r->edit) edit_remember(r->edit, buf_slice(&typed));
  if (state == LINE_ERROR) fail(r, &e);
  return state == LINE_COMPLETE;
}

static void turn(void *ctx) {
  Repl *r = ctx;
  Slice chunk;
  if (read_chunk(r, &chunk)) evaluate(r, chunk);
}

/* ---- a session ---- */

static const char *history_path(Arena *a) {
  const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
  if (state && state[0] == '/') return path_join(a, state, SLICE("lorm/history"));
  return home && home[0] ? path_join(a, home, SLICE(".local/state/lorm/history")) : NULL;
}

static void close_edit(void *cell) {
  Edit **ed = cell;
  edit_close(*ed);
}

static bool open_terminal(Repl *r, Err *e) {
  Arena *a = r->c->arena;
  Edit **cell = ARENA_NEW(a, Edit *);
  arena_defer(a, close_edit, cell);
  const char *history = history_path(a);
  if (!edit_open(a, runtime_loop(r->script->rt), history, complete, r, cell, e)) return false;
  r->edit = *cell;
  if (production_is(&r->script->project, r->script->url))
    cli_warn(r->c, "this database is not on this machine: it may be in production");
  cli_note(r->c, "lorm %s; .help explains, Ctrl-D leaves", LORM_VERSION);
  return true;
}

static void free_signal(void *cell) { loop_signal_free(*(LoopSignal **)cell); }
static void free_arena(void *cell) { arena_free(*(Arena **)cell); }

/* A session holds these; each goes before the runtime whose loop it hangs on. */
static bool open_session(Repl *r, Err *e) {
  LoopSignal **signal = ARENA_NEW(r->c->arena, LoopSignal *);
  Arena **arena = ARENA_NEW(r->c->arena, Arena *);
  arena_defer(r->c->arena, free_signal, signal);
  arena_defer(r->c->arena, free_arena, arena);
  *arena = r->arena = arena_new(0);
  if (!r->arena) return err_oom(e);
  *signal = loop_signal_new(runtime_loop(r->script->rt), SIGINT, on_interrupt, r, e);
  if (!*signal) return false;
  return !isatty(STDIN_FILENO) || open_terminal(r, e);
}

int cmd_repl(Cli *c) {
  Repl r = {.c = c};
  Err e;
  ScriptNeeds needs = {.unhooked = cli_flag(c, "--unhooked"), .watch = true, .early = isatty(STDIN_FILENO)};
  if (!script_open(c, &needs, &r.script, &e) || !open_session(&r, &e)) return cli_fail(c, &e);
  while (!r.over) {
    if (!arena_protect(r.arena, NULL, turn, &r)) {
      err_oom(&e);
      fail(&r, &e);
    }
    arena_reset(r.arena);
  }
  if (r.edit) putchar('\n');
  return r.failed && !r.edit ? EXIT_FAILED : EXIT_DONE;
}
