/* The REPL: what must be C of it. Reading lines, from a terminal by edit.h or from standard input as it is;
 * Ctrl-C; the history's place. Everything else is lua/lorm/repl.lua. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/build.h"
#include "cli/edit.h"
#include "cli/file.h"
#include "cli/interrupt.h"
#include "cli/script.h"
#include "loop/loop.h"

typedef struct Repl {
  Cli *c;
  Script *script;
  Edit *edit;   /* NULL: standard input is no terminal */
  Arena *arena; /* of one chunk: emptied after it */
  Buf typed;    /* the lines of the chunk so far */
  bool evaluating, over, failed;
} Repl;

enum { /* what lorm.repl.line returns */
  LINE_DONE,
  LINE_FAILED, /* and it has been said why */
  LINE_LEAVE
};

static const char module[] = "lorm.repl";

/* ---- the Lua half ---- */

static Slice ask_in(Repl *r, Arena *a, const char *name, const char *arg) {
  return runtime_ask(r->script->rt, a, module, name, &arg, arg != NULL);
}
static Slice ask(Repl *r, const char *name, const char *arg) { return ask_in(r, r->arena, name, arg); }
static bool holds(Repl *r, const char *name, const char *arg) { return ask(r, name, arg).n > 0; }

/* The message now, the traceback when it is asked for. */
static void fail(Repl *r, const Err *e) {
  r->failed = true;
  Err brief = *e;
  char *trace = strstr(brief.message, "\nstack traceback:");
  if (trace) *trace = 0;
  cli_fail(r->c, &brief);
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

static bool run(Repl *r, const char *name, const char *arg, int *status, Err *e) {
  Interrupt x;
  r->evaluating = true;
  interrupt_begin(&x, r->script->rt);
  bool good = runtime_do(r->script->rt, module, name, &arg, arg != NULL, status, e);
  if (interrupt_end(&x))
    (void)loop_turn(runtime_loop(r->script->rt), false); /* on_interrupt: not the next line's */
  r->evaluating = false;
  fflush(stdout);
  return good;
}

static void run_line(Repl *r, Slice text) {
  Err e;
  int status;
  if (run(r, "line", text.p, &status, &e)) {
    r->failed |= status == LINE_FAILED;
    r->over |= status == LINE_LEAVE;
    return;
  }
  fail(r, &e);
  if (!run(r, "settle", slice_copy(r->arena, slice_of(e.message)).p, &status, &e)) fail(r, &e);
}

/* ---- what the editor calls ---- */

static Slice complete(void *ctx, Arena *a, Slice text, uint32_t cursor) {
  Repl *r = ctx;
  Slice before = {text.p, cursor};
  return ask_in(
      r, a, "complete",
      slice_printf(a, "%.*s%.*s", (int)r->typed.n, r->typed.p ? r->typed.p : "", SLICE_ARGS(before)).p);
}

static bool turn(void *ctx) {
  Repl *r = ctx;
  Err e;
  if (!runtime_turn(r->script->rt, &e)) {
    fputs("\r\033[J", stdout);
    cli_fail(r->c, &e);
    return true;
  }
  return holds(r, "spoke", NULL);
}

/* ---- one chunk ---- */

static EditGot read_plain(Repl *r, Slice *out) {
  Buf b = buf_in(r->arena);
  int c;
  while ((c = getc(stdin)) != EOF && c != '\n') buf_byte(&b, (char)c);
  *out = buf_slice(&b);
  return c == EOF && !b.n ? EDIT_END : EDIT_LINE;
}

static EditGot read_line(Repl *r, Slice *out) {
  if (!r->edit) return read_plain(r, out);
  const char *prompt = ask(r, "prompt", r->typed.n ? "more" : NULL).p;
  EditGot got = edit_read(r->edit, prompt, out);
  if (got == EDIT_INTERRUPTED) putchar('\n');
  return got;
}

/* Lines until they are a whole chunk. False at the end of input, or when nothing is to be evaluated. */
static bool read_chunk(Repl *r, Slice *chunk) {
  Slice line;
  do {
    EditGot got = read_line(r, &line);
    r->over |= got == EDIT_END;
    if (got == EDIT_INTERRUPTED) return false;
    if (got == EDIT_END) break;
    if (r->typed.n) buf_byte(&r->typed, '\n');
    buf_slice_add(&r->typed, line);
    *chunk = buf_slice(&r->typed);
  } while (strspn(chunk->p, " \t\r\n") != chunk->n && holds(r, "needsMore", chunk->p));
  return r->typed.n && strspn(chunk->p, " \t\r\n") != chunk->n;
}

static void one_chunk(void *ctx) {
  Repl *r = ctx;
  Slice chunk;
  r->typed = buf_in(r->arena);
  if (!read_chunk(r, &chunk)) return;
  if (r->edit && holds(r, "mayBeKept", chunk.p)) edit_remember(r->edit, chunk);
  run_line(r, chunk);
}

static void chunks(Repl *r) {
  bool stops = !r->edit && !cli_flag(r->c, "--keep-going");
  while (!r->over && !(r->failed && stops)) {
    if (!arena_protect(r->arena, NULL, one_chunk, r)) {
      Err e;
      (void)err_oom(&e);
      fail(r, &e);
    }
    arena_reset(r->arena);
  }
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
  EditCalls calls = {r, complete, turn};
  arena_defer(a, close_edit, cell);
  if (!edit_open(a, runtime_loop(r->script->rt), &calls, history_path(a), cell, e)) return false;
  r->edit = *cell;
  cli_note(r->c, "lorm %s; .help explains, Ctrl-D leaves", build.version);
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

/* lorm.repl.open's words, one behind the other. */
static bool open_lua(Repl *r, Err *e) {
  int status;
  const Cli *c = r->c;
  Slice words = slice_printf(c->arena, "%s%s%s%s%s", r->edit ? "terminal " : "", c->color_out ? "color " : "",
                             cli_flag(c, "--sandbox") ? "sandbox " : "", cli_flag(c, "--yes") ? "yes " : "",
                             c->quiet ? "quiet " : "");
  return run(r, "open", words.p, &status, e);
}

int cmd_repl(Cli *c) {
  Repl r = {.c = c};
  Err e;
  int status;
  ScriptNeeds needs = {.unhooked = cli_flag(c, "--unhooked"), .watch = true, .early = isatty(STDIN_FILENO)};
  if (!script_open(c, &needs, &r.script, &e) || !open_session(&r, &e) || !open_lua(&r, &e))
    return cli_fail(c, &e);
  chunks(&r);
  if (r.edit) putchar('\n');
  if (!run(&r, "close", NULL, &status, &e)) fail(&r, &e);
  return r.failed && !r.edit ? EXIT_FAILED : EXIT_DONE;
}
