/* Row locks: lock = "update", with skipLocked or noWait. They are of the root's rows alone. */
#include "plan/read.h"

static const Slice names[] = {
#define LOCK(name, id, sql) SLICE_INIT(#name),
#include "plan/locks.def"
#undef LOCK
};

static bool lock_kind(Builder *b, const Path *at, const Arg *value, LockKind *out) {
  Slice word;
  if (!b_string(b, at, value, &word)) return false;
  for (uint32_t i = 0; i < COUNT(names); i++)
    if (slice_eq(names[i], word)) {
      *out = (LockKind)(i + 1);
      return true;
    }
  return b_error(b, at, "Expected `update`, `noKeyUpdate`, `share` or `keyShare`.");
}

/* A switch that makes sense with a lock only. */
static bool lock_switch(Builder *b, const Path *at, const char *name, bool locks, bool *on) {
  const Arg *value = b_get(b->args, name);
  Path here = path_key(at, slice_of(name));
  *on = false;
  if (value && !b_bool(b, &here, value, on)) return false;
  return !*on || locks || b_error(b, &here, "Only a read with `lock` takes `%s`.", name);
}

bool lock_read(Builder *b, const Path *root, Lock *out) {
  const Arg *value = b_get(b->args, "lock");
  Path at = path_key(root, SLICE("lock"));
  bool skips, refuses;
  *out = (Lock){0};
  if (value && !lock_kind(b, &at, value, &out->kind)) return false;
  if (!lock_switch(b, root, "skipLocked", value != NULL, &skips)) return false;
  if (!lock_switch(b, root, "noWait", value != NULL, &refuses)) return false;
  if (skips && refuses)
    return b_error(b, root, "Please either use `skipLocked` or `noWait`, but not both at the same time.");
  out->wait = skips ? LOCK_SKIPS : refuses ? LOCK_REFUSES : LOCK_WAITS;
  if (value && b->model->is_view)
    return b_error(b, &at, "`%.*s` is a view: its rows cannot be locked.", SLICE_ARGS(b->model->name));
  return true;
}

bool lock_apply(Builder *b, const Find *f, Lock lock) {
  Path at = path_key(f->at, SLICE("lock"));
  if (lock.kind == LOCK_NONE) return true;
  if (f->n_distinct) return b_error(b, &at, "Rows that `distinct` chose cannot be locked.");
  lock.alias = f->alias;
  f->select->lock = lock;
  b->plan->locks = true;
  return true;
}
