/* Runtime: a Lua state with lorm in it. The only module that knows Lua; what cli and lorm.so need of it.
 *
 *   Runtime *rt; runtime_new(&config, &rt, &e); runtime_run_file(rt, path, argv, argc, &e); runtime_free(rt);
 * Everything that Lua code prints goes to stdout; errors come back as Err (message with traceback). */
#ifndef RUNTIME_RUNTIME_H
#define RUNTIME_RUNTIME_H

#include "base/err.h"

typedef struct Runtime Runtime;

typedef struct RuntimeConfig {
  const char *program;     /* argv[0] */
  const char *root;        /* the project's folder, or NULL outside one */
  const char *schema_path; /* file or folder, or NULL */
  const char *url;         /* resolved URL, or NULL: what find_url says */
  /* Where the database is, when it is used for the first time; it may have to be started for that. NULL: an
   * error that says how to give one. The text must stay for the runtime's life. */
  bool (*find_url)(void *find_ctx, Slice *url, Err *e);
  void *find_ctx;
  /* Is what this URL leads to asked about before it is changed? NULL: nothing is. */
  bool (*is_production)(void *find_ctx, Slice url);
  const char *config_path; /* lorm.config.lua, or NULL */
  const char *migrations;  /* the folder of migrations, or NULL */
  bool color;
  bool middleware; /* load the config's middleware into the global db */
  bool watch;      /* reload middleware files when saved */
} RuntimeConfig;

MUST bool runtime_new(const RuntimeConfig *config, Runtime **out, Err *e);
void runtime_free(Runtime *rt);

/* The config file as values that cli needs before it has a runtime of its own: strings by dotted key
 * ("schema", "migrations", "seeds"); empty when absent. `config` lives until the arena's end. */
typedef struct ProjectConfig {
  Slice schema, migrations, seeds, url;
  bool production_given, production;
} ProjectConfig;
MUST bool runtime_read_config(Arena *a, const char *path, ProjectConfig *out, Err *e);

/* Run as the main task: waits until it and the tasks that it spawned are done. Globals db, lorm, arg are set.
 */
MUST bool runtime_run_file(Runtime *rt, const char *path, char *const *argv, int argc, Err *e);
/* Evaluate an expression or chunk; its values are printed to stdout: tables readably, rows as JSON when
 * `json`. */
MUST bool runtime_eval(Runtime *rt, Slice chunk, bool json, Err *e);
/* Run a function of an embedded Lua module: require(module)[name](strings...); the seed and test commands
 * live in Lua. The exit status is what it returns (nil = 0). */
MUST bool runtime_call(Runtime *rt, const char *module, const char *name, const char *const *args, int n,
                       int *status, Err *e);

/* What the REPL needs, which lives in cli and must not know Lua: lua/lorm/repl.lua is the other half.
 *
 * As runtime_call, but tasks that the function spawned live on, and its error ends none of them. */
MUST bool runtime_do(Runtime *rt, const char *module, const char *name, const char *const *args, int n,
                     int *status, Err *e);
/* The text that a function of an embedded module returns, into the arena; it must not wait. Empty when it
 * fails. */
Slice runtime_ask(Runtime *rt, Arena *a, const char *module, const char *name, const char *const *args,
                  int n);
/* One turn: tasks that are ready run; when none is, the loop waits for what comes. False: a task ended with
 * an error that nobody waited for. */
MUST bool runtime_turn(Runtime *rt, Err *e);
void runtime_interrupt(Runtime *rt); /* from a signal callback of the loop: cancels what runs */
/* From a signal handler, on the runtime's thread: the Lua code that runs now, if any does, raises Cancelled
 * at its next instruction, and what runs is cancelled. A C function is let finish. */
void runtime_stop(Runtime *rt);
struct Loop *runtime_loop(Runtime *rt);

#endif
