/* tests/plan/<name>.txt: a schema up to a line "---", then calls, each a line "> Model.action {...}" with the
 * plan that it makes (or the error) below it. UPDATE=1 in the environment writes what is made now. */
#include <dirent.h>
#include <stdlib.h>

#include "check.h"
#include "plan_notation.h"

static Slice file_read(Arena *a, const char *path) {
  Buf b = buf_in(a);
  FILE *f = fopen(path, "rb");
  size_t n = 1;
  while (f && n) {
    n = fread(buf_reserve(&b, 4096), 1, 4096, f);
    b.n += (uint32_t)n;
  }
  if (f) fclose(f);
  return buf_slice(&b);
}

typedef struct Golden {
  Arena *arena;
  Slice call; /* without "> " */
  const Schema *schema;
  Buf *out;
} Golden;

static void print_error(Buf *out, const Err *e) {
  buf_printf(out, "error%s%s at %s: %s\n", err_public_code(e->code)[0] ? " " : "", err_public_code(e->code),
             e->path[0] ? e->path : "the call", e->message);
}

static void turn_around(Arg *a) {
  if (a->kind == ARG_LIST)
    for (uint32_t i = 0; i < a->n; i++) turn_around(&a->u.items[i]);
  if (a->kind != ARG_MAP) return;
  for (uint32_t i = 0; i < a->n; i++) turn_around(&a->u.pairs[i].value);
  for (uint32_t i = 0; i < a->n / 2; i++) {
    ArgPair pair = a->u.pairs[i];
    a->u.pairs[i] = a->u.pairs[a->n - 1 - i];
    a->u.pairs[a->n - 1 - i] = pair;
  }
}

/* The same call asked again walks the same path; the order of its keys changes neither SQL nor error. */
static void check_again(Golden *g, const PlanConfig *config, Plan *plan, const Err *e, Arg *args,
                        const Model *model, CallAction action) {
  Shape shape = {0};
  Arena *other_arena = arena_new(0);
  Plan *other;
  Err other_e;
  shape_scan(&shape, g->arena, &g->schema->json_names, args);
  for (uint32_t i = 0; plan && i < plan->n_questions; i++)
    CHECK(slice_eq(shape_answer(&shape, g->arena, &g->schema->json_names, plan->questions[i]),
                   plan->answers[i]));
  turn_around(args);
  shape_scan(&shape, g->arena, &g->schema->json_names, args);
  bool built = plan_build(other_arena, g->arena, config, model, action, args, &shape, &other, &other_e);
  CHECK(built == (plan != NULL));
  if (!built) CHECK_TEXT(slice_of(other_e.message), e->message);
  for (uint32_t i = 0; built && i < plan->n_steps; i++)
    CHECK(slice_eq(plan->steps[i].sql, other->steps[i].sql));
  arena_free(other_arena);
}

static void run_call(void *ctx) {
  Golden *g = ctx;
  Arena *plan_arena = arena_new(0);
  Model *model;
  CallAction action;
  Arg args;
  Shape shape = {0};
  Plan *plan = NULL;
  Err e = {0};
  PlanConfig config = {.schema = g->schema, .default_schema = SLICE("public")};
  if (!notation_read(g->arena, g->schema, g->call, &model, &action, &args)) {
    buf_text(g->out, "unknown model or action\n");
  } else {
    shape_scan(&shape, g->arena, &g->schema->json_names, &args);
    bool built = plan_build(plan_arena, g->arena, &config, model, action, &args, &shape, &plan, &e);
    if (built)
      plan_print(g->out, plan, &shape);
    else
      print_error(g->out, &e);
    check_again(g, &config, built ? plan : NULL, &e, &args, model, action);
  }
  arena_free(plan_arena);
}

static Slice line_take(Slice *text) {
  const char *end = memchr(text->p, '\n', text->n);
  Slice line = {text->p, end ? (uint32_t)(end - text->p) : text->n};
  uint32_t used = line.n + (end ? 1 : 0);
  *text = (Slice){text->p + used, text->n - used};
  return line;
}

static const Schema *schema_of(Arena *a, Slice text, const char *path) {
  Source source = {slice_of(path), text};
  Diags d = {.arena = a};
  const Schema *s = schema_load(a, &source, 1, &d);
  for (uint32_t i = 0; !s && i < d.n; i++)
    fprintf(stderr, "%s: %.*s\n", path, SLICE_ARGS(d.items[i].message));
  return s;
}

/* The text with each call's answer made anew. Lines that start with '#' before a call stay. */
static void remake(Arena *a, Slice text, const char *path, Buf *out) {
  Slice rest = text, schema_text = {text.p, 0};
  for (Slice line = line_take(&rest); !slice_is(line, "---") && rest.n; line = line_take(&rest))
    schema_text.n = (uint32_t)(rest.p - text.p);
  buf_add(out, text.p, (uint32_t)(rest.p - text.p));
  const Schema *schema = schema_of(a, schema_text, path);
  CHECK(schema != NULL);
  while (schema && rest.n) {
    Slice line = line_take(&rest);
    if (line.n > 0 && line.p[0] == '#') buf_printf(out, "\n%.*s\n", SLICE_ARGS(line));
    if (!slice_starts(line, SLICE("> "))) continue;
    buf_printf(out, "\n%.*s\n", SLICE_ARGS(line));
    Golden g = {arena_new(0), {line.p + 2, line.n - 2}, schema, out};
    CHECK(arena_protect(g.arena, NULL, run_call, &g));
    arena_free(g.arena);
  }
}

static void first_difference(Slice got, Slice want, const char *path) {
  for (uint32_t n = 1; got.n || want.n; n++) {
    Slice a = line_take(&got), b = line_take(&want);
    if (slice_eq(a, b)) continue;
    fprintf(stderr, "%s:%u:\n  got  %.*s\n  want %.*s\n", path, n, SLICE_ARGS(a), SLICE_ARGS(b));
    return;
  }
}

typedef struct File {
  Arena *arena;
  const char *path;
} File;

static void check_file(void *ctx) {
  const File *f = ctx;
  Slice want = file_read(f->arena, f->path);
  Buf out = buf_in(f->arena);
  remake(f->arena, want, f->path, &out);
  Slice got = buf_slice(&out);
  if (slice_eq(got, want)) return;
  if (getenv("UPDATE")) {
    FILE *to = fopen(f->path, "wb");
    CHECK(to && fwrite(got.p, 1, got.n, to) == got.n);
    if (to) fclose(to);
    return;
  }
  first_difference(got, want, f->path);
  CHECK(!"a plan is not what the golden says; UPDATE=1 accepts it");
}

static void goldens(void) {
  DIR *folder = opendir("plan");
  int files = 0;
  CHECK(folder != NULL);
  for (struct dirent *entry; folder && (entry = readdir(folder));) {
    char path[300];
    if (!strstr(entry->d_name, ".txt")) continue;
    snprintf(path, sizeof path, "plan/%s", entry->d_name);
    File f = {arena_new(0), path};
    CHECK(arena_protect(f.arena, NULL, check_file, &f));
    arena_free(f.arena);
    files++;
  }
  if (folder) closedir(folder);
  CHECK(files > 0);
}

TESTS(goldens)
