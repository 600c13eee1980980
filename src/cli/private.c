#include "cli/private.h"

#include "cli/file.h"
#include "migrate/migrate.h"

bool private_open(Cli *c, const Project *p, const DevOptions *o, DevServer *out, Err *e) {
  bool created;
  if (!project_root(p, e) || !devserver_ensure(path_absolute(c->arena, p->root), o, out, e) ||
      !migrate_ensure_database(slice_of(out->url), &created, e))
    return false;
  if (c->told_private) return true; /* a script may connect many times */
  c->told_private = true;
  const char *how = out->state == DEV_CREATED   ? ", made just now"
                    : out->state == DEV_STARTED ? ", started just now"
                                                : "";
  cli_note(c, "using the private development server (PostgreSQL %d in %s%s)", out->version,
           path_join(c->arena, p->root, SLICE(".lorm")), how);
  return true;
}
