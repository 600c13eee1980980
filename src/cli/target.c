#include "cli/target.h"

#include <unistd.h>

#include "cli/file.h"

bool target_open(Cli *c, UrlUse use, bool make, MigrationTarget *out, Err *e) {
  Project p;
  Schema *s;
  bool created = false;
  *out = (MigrationTarget){0};
  if (!project_find(c, &p, e) || !project_schema(c, &p, &s, e) || !project_url(c, &p, s, use, &out->url, e) ||
      !datasource_shadow_url(c, s, &out->shadow_url, e) ||
      (make && !migrate_ensure_database(out->url, &created, e)))
    return false;
  if (created) cli_note(c, "The database did not exist and was created.");
  const char *folder = cli_option(c, "--migrations");
  out->schema = s;
  out->folder = folder ? folder : p.migrations;
  out->shadow_given = out->shadow_url.n > 0;
  if (!folder || file_is_folder(folder)) return true;
  return err_set(e, ERR_IO, "There is no folder of migrations at %s", folder);
}

void target_list(FILE *to, const Slice *lines, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) fprintf(to, "  - %.*s\n", SLICE_ARGS(lines[i]));
}

/* One line of the terminal, written over and over. */
static void tell(void *ctx, const char *line) {
  (void)ctx;
  fprintf(stderr, "\r\x1b[K%s", line ? line : "");
  fflush(stderr);
}

bool target_deploy(Cli *c, const MigrationTarget *t, uint32_t *n, Err *e) {
  Slice *applied = NULL;
  *n = 0;
  MigrationTarget told = *t;
  if (!c->quiet && isatty(STDERR_FILENO)) told.tell = tell;
  bool good = migrate_deploy(c->arena, &told, &applied, n, e);
  if (*n) printf("The following migration%s applied:\n", *n == 1 ? " was" : "s were");
  target_list(stdout, applied, *n);
  return good;
}
