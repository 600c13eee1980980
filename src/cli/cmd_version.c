/* What this is, for people and for reports of bugs. It asks this machine only. */
#include <dlfcn.h>

#include "base/json.h"
#include "cli/build.h"
#include "cli/cli.h"

bool library_there(const Library *l) {
  void *handle = l->loaded[0] ? dlopen(l->loaded, RTLD_LAZY | RTLD_LOCAL) : NULL;
  if (handle) dlclose(handle);
  return handle || !l->loaded[0];
}

static void put(Buf *b, const char *name, const char *value) {
  if (b->p[b->n - 1] != '{') buf_byte(b, ',');
  json_string(b, slice_of(name));
  buf_byte(b, ':');
  json_string(b, slice_of(value));
}

static void put_library(Buf *b, const Library *l) {
  buf_byte(b, '{');
  put(b, "name", l->name);
  put(b, "version", l->version);
  buf_printf(b, ",\"optional\":%s,\"available\":%s", l->loaded[0] ? "true" : "false",
             library_there(l) ? "true" : "false");
  if (l->loaded[0]) {
    put(b, "file", l->loaded);
    put(b, "for", l->purpose);
  }
  buf_byte(b, '}');
}

static void print_json(Cli *c) {
  Buf b = buf_in(c->arena);
  buf_byte(&b, '{');
  put(&b, "lorm", build.version);
  if (build.commit[0]) put(&b, "commit", build.commit);
  put(&b, "date", build.date);
  put(&b, "build", build.type);
  put(&b, "compiler", build.compiler);
  put(&b, "lua", build.lua);
  put(&b, "libpq", build.libraries[0].version);
  buf_text(&b, ",\"libraries\":[");
  for (unsigned i = 0; i < build.n_libraries; i++) {
    if (i) buf_byte(&b, ',');
    put_library(&b, &build.libraries[i]);
  }
  printf("%.*s]}\n", (int)b.n, b.p);
}

int cmd_version(Cli *c) {
  if (c->json)
    print_json(c);
  else
    printf("lorm %s\n", build.version);
  return EXIT_DONE;
}
