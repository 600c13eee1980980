/* lorm.migrate: blocking work on a session of its own, so it runs on a worker thread and is awaited. */
#include "migrate/backup.h"
#include "migrate/history.h"
#include "runtime/client.h"
#include "runtime/job.h"
#include "runtime/throw.h"
#include "runtime/values.h"

typedef struct MigrationJob MigrationJob;
typedef struct Verb {
  bool (*run)(MigrationJob *j);                /* on the other thread: no Lua there */
  void (*push)(lua_State *L, MigrationJob *j); /* [-0, +1, m] */
} Verb;

struct MigrationJob { /* in its own arena */
  Job job;
  const Verb *verb;
  Arena *arena;
  Memory *memory[2]; /* of schemas that it reads */
  uint32_t n_memory;
  const Schema *schema;
  Slice url, script;
  PushOptions options;
  PushReport report;
  const char *folder; /* of migrations */
  const char *file;   /* of a backup */
  bool replace;
  Slice *applied;
  uint32_t n_applied;
  HistoryStatus status;
  DiffEnd from, to;
  bool empty;
};

enum {
  BOX = 3 /* stack slot of a job's box */
};

static bool migration_run(Job *job) {
  MigrationJob *j = (MigrationJob *)job;
  return j->verb->run(j);
}

static void migration_push(lua_State *L, Job *job) {
  MigrationJob *j = (MigrationJob *)job;
  j->verb->push(L, j);
}

static void migration_free(Job *job) {
  MigrationJob *j = (MigrationJob *)job;
  while (j->n_memory) memory_drop(j->memory[--j->n_memory]);
  arena_free(j->arena);
}

static const JobKind migration_kind = {migration_run, migration_push, migration_free,
                                       "Migrations cannot be run here, where Lua cannot yield (a coroutine "
                                       "of your own, or a callback called from C)."};

static char *migration_text(lua_State *L, MigrationJob *j, Slice text) {
  char *copy = arena_try(j->arena, text.n + 1u);
  if (!copy) throw_code(L, ERR_OUT_OF_MEMORY, "Out of memory.");
  memcpy(copy, text.p, text.n);
  copy[text.n] = 0;
  return copy;
}

static void migration_of_client(MigrationJob *j, Client *c) {
  j->memory[j->n_memory++] = c->memory;
  c->memory->users++;
  j->schema = c->schema;
  j->url = c->url;
}

/* [-0, +1, v] A job; its box at slot BOX, its arguments below. */
static MigrationJob *migration_new(lua_State *L, Runtime *rt, const Verb *verb) {
  lua_settop(L, BOX - 1);
  Job **box = job_box(L, rt);
  Arena *a = arena_new(0);
  MigrationJob *j = a ? arena_try(a, sizeof *j) : NULL;
  if (!j) {
    arena_free(a);
    throw_code(L, ERR_OUT_OF_MEMORY, "Out of memory.");
    return NULL;
  }
  *j = (MigrationJob){.arena = a, .verb = verb};
  job_init(&j->job, rt, &migration_kind);
  *box = &j->job;
  return j;
}

/* [-0, +1, v] The same for the client at stack slot 1. */
static MigrationJob *migration_for_client(lua_State *L, Runtime *rt, const Verb *verb) {
  Handle *h = handle_check(L, rt, 1);
  client_engine(L, h);
  MigrationJob *j = migration_new(L, rt, verb);
  migration_of_client(j, h->client);
  return j;
}

/* ---- the jobs ---- */

static bool run_execute(MigrationJob *j) { return migrate_execute(j->url, j->script, &j->job.e); }
static void push_nothing(lua_State *L, MigrationJob *j) {
  (void)j;
  lua_pushboolean(L, true);
}
static const Verb execute_verb = {run_execute, push_nothing};

/* core.execute(client, script): several statements [-0, +1, v] */
static int execute(lua_State *L) {
  Runtime *rt = runtime_of(L);
  luaL_checktype(L, 2, LUA_TSTRING);
  MigrationJob *j = migration_for_client(L, rt, &execute_verb);
  j->script = (Slice){migration_text(L, j, value_slice(L, 2)), value_slice(L, 2).n};
  return job_start(L, BOX);
}

static bool run_push(MigrationJob *j) {
  return migrate_push(j->arena, j->schema, j->url, &j->options, &j->report, &j->job.e);
}

/* [-0, +1, m] */
static void push_names(lua_State *L, const Slice *names, uint32_t n) {
  lua_createtable(L, (int)n, 0);
  for (uint32_t i = 0; i < n; i++) {
    lua_pushlstring(L, names[i].p, names[i].n);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

/* [-0, +0, m] t[key] = list, for the table on top */
static void set_list(lua_State *L, const char *key, const Slice *items, uint32_t n) {
  push_names(L, items, n);
  lua_setfield(L, -2, key);
}

static void push_report(lua_State *L, MigrationJob *j) {
  lua_createtable(L, 0, 4);
  lua_pushboolean(L, j->report.done);
  lua_setfield(L, -2, "done");
  lua_pushinteger(L, j->report.n_steps);
  lua_setfield(L, -2, "steps");
  set_list(L, "warnings", j->report.warnings, j->report.n_warnings);
  set_list(L, "unexecutable", j->report.unexecutable, j->report.n_unexecutable);
}
static const Verb push_verb = {run_push, push_report};

/* core.push(client, { acceptDataLoss =, forceReset = }) -> { done =, steps =, warnings =, unexecutable = }
 * [-0, +1, v] */
static int push(lua_State *L) {
  Runtime *rt = runtime_of(L);
  bool given = lua_istable(L, 2);
  MigrationJob *j = migration_for_client(L, rt, &push_verb);
  if (given) {
    lua_getfield(L, 2, "acceptDataLoss");
    lua_getfield(L, 2, "forceReset");
    j->options = (PushOptions){.accept_data_loss = lua_toboolean(L, -2), .force_reset = lua_toboolean(L, -1)};
    lua_pop(L, 2);
  }
  return job_start(L, BOX);
}

/* ---- histories ---- */

static MigrationTarget target_of(const MigrationJob *j) {
  return (MigrationTarget){.folder = j->folder, .schema = j->schema, .url = j->url};
}

static bool run_deploy(MigrationJob *j) {
  MigrationTarget t = target_of(j);
  t.backup = j->file;
  return migrate_deploy(j->arena, &t, &j->applied, &j->n_applied, &j->job.e);
}

static void push_applied(lua_State *L, MigrationJob *j) { push_names(L, j->applied, j->n_applied); }
static const Verb deploy_verb = {run_deploy, push_applied};

/* ---- backups ---- */

static bool run_backup(MigrationJob *j) { return migrate_backup(j->url, j->file, j->replace, &j->job.e); }
static const Verb backup_verb = {run_backup, push_nothing};
static bool run_restore(MigrationJob *j) { return migrate_restore(j->url, j->file, &j->job.e); }
static const Verb restore_verb = {run_restore, push_nothing};

/* [-0, +1, v] of (client, file[, replace]) */
static int with_file(lua_State *L, const Verb *verb, bool replace) {
  Runtime *rt = runtime_of(L);
  luaL_checktype(L, 2, LUA_TSTRING);
  MigrationJob *j = migration_for_client(L, rt, verb);
  j->file = migration_text(L, j, value_slice(L, 2));
  j->replace = replace;
  return job_start(L, BOX);
}

/* core.backup(client, file, replace) [-0, +1, v] */
static int backup(lua_State *L) { return with_file(L, &backup_verb, lua_toboolean(L, 3)); }
/* core.restore(client, file) [-0, +1, v] */
static int restore(lua_State *L) { return with_file(L, &restore_verb, false); }

/* ---- status ---- */

static bool run_status(MigrationJob *j) {
  MigrationTarget t = target_of(j);
  return migrate_status(j->arena, &t, &j->status, &j->job.e);
}

/* [-0, +1, m] { { name =, state =, edited = }, ... } */
static void push_status(lua_State *L, MigrationJob *j) {
  static const char *const states[] = {"pending", "applied", "failed", "missing"};
  lua_createtable(L, (int)j->status.n, 0);
  for (uint32_t i = 0; i < j->status.n; i++) {
    const MigrationStatus *m = &j->status.items[i];
    lua_createtable(L, 0, 4);
    lua_pushlstring(L, m->name.p, m->name.n);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, states[m->state]);
    lua_setfield(L, -2, "state");
    lua_pushboolean(L, m->edited);
    lua_setfield(L, -2, "edited");
    if (m->logs.n) {
      lua_pushlstring(L, m->logs.p, m->logs.n);
      lua_setfield(L, -2, "logs");
    }
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}
static const Verb status_verb = {run_status, push_status};

/* [-0, +1, v] of (client, folder[, file of a backup]) */
static int history(lua_State *L, const Verb *verb) {
  Runtime *rt = runtime_of(L);
  size_t length = 0;
  const char *file = luaL_optlstring(L, 3, NULL, &length);
  luaL_checktype(L, 2, LUA_TSTRING);
  MigrationJob *j = migration_for_client(L, rt, verb);
  j->folder = migration_text(L, j, value_slice(L, 2));
  if (file) j->file = migration_text(L, j, (Slice){file, length});
  return job_start(L, BOX);
}

/* core.deploy(client, folder[, file of a backup]) -> names of what was applied [-0, +1, v] */
static int deploy(lua_State *L) { return history(L, &deploy_verb); }
/* core.status(client, folder) -> { { name =, state =, edited =, logs = }, ... } [-0, +1, v] */
static int status_of(lua_State *L) { return history(L, &status_verb); }

/* ---- differences ---- */

static bool run_diff(MigrationJob *j) {
  return migrate_diff(j->arena, &j->from, &j->to, &j->script, &j->empty, &j->job.e);
}
static void push_script(lua_State *L, MigrationJob *j) {
  lua_pushlstring(L, j->script.p, j->empty ? 0 : j->script.n);
}
static const Verb diff_verb = {run_diff, push_script};

/* [-0, +0, v] One end: a table with the field `migrations` (a folder) and `url` (for its shadow), or `url` (a
 * database), or none. A client among its fields gives the schema; with neither of the others, it is the end.
 */
static DiffEnd diff_end(lua_State *L, Runtime *rt, MigrationJob *j, int index) {
  DiffEnd end = {.kind = DIFF_EMPTY};
  luaL_checktype(L, index, LUA_TTABLE);
  if (lua_getfield(L, index, "client") != LUA_TNIL) {
    Client *c = handle_check(L, rt, -1)->client;
    migration_of_client(j, c);
    end.kind = DIFF_SCHEMA;
    end.schema = c->schema;
  }
  if (lua_getfield(L, index, "url") == LUA_TSTRING) {
    end.kind = DIFF_DATABASE;
    end.url = (Slice){migration_text(L, j, value_slice(L, -1)), value_slice(L, -1).n};
  }
  if (lua_getfield(L, index, "migrations") == LUA_TSTRING) {
    end.kind = DIFF_MIGRATIONS;
    end.migrations = migration_text(L, j, value_slice(L, -1));
  }
  lua_pop(L, 3);
  return end;
}

/* core.diff(from, to) -> SQL, empty when there is nothing to do [-0, +1, v]
 */
static int diff(lua_State *L) {
  Runtime *rt = runtime_of(L);
  MigrationJob *j = migration_new(L, rt, &diff_verb);
  j->from = diff_end(L, rt, j, 1);
  j->to = diff_end(L, rt, j, 2);
  return job_start(L, BOX);
}

void open_migrate(lua_State *L) {
  static const luaL_Reg functions[] = {{"execute", execute},  {"push", push}, {"deploy", deploy},
                                       {"status", status_of}, {"diff", diff}, {"backup", backup},
                                       {"restore", restore},  {NULL, NULL}};
  runtime_functions(L, functions);
}
