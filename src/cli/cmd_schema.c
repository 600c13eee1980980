#include "cli/project.h"
#include "psl/dmmf.h"

int cmd_schema(Cli *c) {
  Project p;
  Schema *s;
  Err e;
  if (!project_find(c, &p, &e) || !project_schema(c, &p, &s, &e)) return cli_fail(c, &e);
  Buf b = buf_in(c->arena);
  schema_dmmf(&b, s);
  fwrite(b.p, 1, b.n, stdout);
  return EXIT_DONE;
}
