/* Generating itself is Lua: lua/lorm/generate.lua. Here: where to. */
#include "cli/generate.h"

#include "cli/file.h"
#include "cli/interrupt.h"
#include "cli/script.h"

typedef struct Generate {
  Cli *c;
  Project project;
  Schema *schema;
  const char *root, *output, *library; /* library: the output as .luarc.json names it */
} Generate;

/* What a `generator` block of ours says: a path from the folder of the schema, as Prisma reads it. */
static const char *output_of_schema(const Generate *g) {
  Arena *a = g->c->arena;
  const char *schema = g->project.schema_path;
  for (uint32_t i = 0; i < g->schema->n_generators; i++) {
    const ConfigBlock *block = &g->schema->generators[i];
    Slice output = {0};
    bool ours = false;
    for (uint32_t k = 0; k < block->n; k++) {
      const Property *p = &block->properties[k];
      if (slice_is(p->name, "provider")) ours = slice_is(p->value, "lorm");
      if (slice_is(p->name, "output") && p->is_string) output = p->value;
    }
    if (!ours || !output.n) continue;
    if (output.p[0] == '/') return slice_copy(a, output).p;
    return path_join(a, file_is_folder(schema) ? schema : path_folder(a, schema), output);
  }
  return NULL;
}

static void set_places(Generate *g, const char *output) {
  g->root = g->project.root ? g->project.root : ".";
  g->output = output ? output : output_of_schema(g);
  if (!g->output) g->output = path_join(g->c->arena, g->root, SLICE(".lorm/types"));
}

/* The output as seen from the root, where it is below it; it must exist by now. */
static const char *seen_from_root(const Generate *g) {
  const char *root = path_absolute(g->c->arena, g->root), *output = path_absolute(g->c->arena, g->output);
  size_t n = strlen(root);
  return strncmp(root, output, n) == 0 && output[n] == '/' ? output + n + 1 : output;
}

static bool make_folders(const Generate *g, Err *e) {
  static const char *const below[] = {"lorm", "models"};
  for (size_t i = 0; i < COUNT(below); i++) {
    const char *path = path_join(g->c->arena, g->output, slice_of(below[i]));
    if (!folder_make(g->c->arena, path, 0777)) return err_io(e, "Cannot make the folder", path);
  }
  return true;
}

static int run(const Generate *g, const char *const *given, int n) {
  Cli *c = g->c;
  ScriptNeeds needs = {.unhooked = true};
  const char **args = ARENA_ARRAY(c->arena, const char *, n + 6);
  Script *s;
  Interrupt x;
  Err e;
  int status, at = 0;
  args[at++] = g->root;
  args[at++] = g->project.schema_path;
  args[at++] = g->output;
  args[at++] = g->library;
  args[at++] = g->project.config_path ? g->project.config_path : "";
  args[at++] = c->json ? "json" : "";
  for (int i = 0; i < n; i++) args[at++] = given[i];
  if (!script_open(c, &needs, &s, &e) || !interrupt_watch(c->arena, s->rt, &e)) return cli_fail(c, &e);
  interrupt_begin(&x, s->rt);
  bool ran = runtime_call(s->rt, "lorm.generate", "main", args, at, &status, &e);
  if (interrupt_end(&x)) return EXIT_INTERRUPTED;
  return ran ? status : cli_fail(c, &e);
}

int cmd_generate(Cli *c) {
  Generate g = {.c = c};
  Err e;
  int n;
  if (cli_flag(c, "--check") && cli_flag(c, "--watch")) {
    err_set(&e, ERR_USAGE, "Give either --check or --watch");
    return cli_misuse(c, &e);
  }
  if (!project_find(c, &g.project, &e) || !project_schema(c, &g.project, &g.schema, &e))
    return cli_fail(c, &e);
  set_places(&g, cli_option(c, "--output"));
  if (!cli_flag(c, "--check") && !make_folders(&g, &e)) return cli_fail(c, &e);
  g.library = seen_from_root(&g);
  const char *const *given = cli_forward(c, &n);
  return run(&g, given, n);
}

void generate_again(Cli *c) {
  static const char *const given[] = {"--quiet"};
  Generate g = {.c = c};
  Cli quiet = *c;
  Err e;
  if (!project_find(c, &g.project, &e)) return;
  g.schema = project_schema_try(c, &g.project);
  if (!g.schema) return;
  set_places(&g, NULL);
  if (!file_exists(path_join(c->arena, g.output, SLICE("schema.lua")))) return;
  quiet.quiet = true;
  quiet.json = false;
  g.c = &quiet;
  g.library = seen_from_root(&g);
  (void)run(&g, given, 1);
}
