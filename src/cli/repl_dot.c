#include <ctype.h>

#include "cli/repl.h"

typedef void DotRun(Repl *r, Slice argument);

typedef struct Dot {
  const char *name, *argument, *summary;
  DotRun *run;
} Dot;

static void dot_help(Repl *r, Slice argument);

static void dot_exit(Repl *r, Slice argument) {
  (void)argument;
  r->over = true;
}

static void dot_trace(Repl *r, Slice argument) {
  (void)argument;
  puts(r->failed ? r->last.message : "nothing has failed yet");
}

static Schema *schema_of(Repl *r) {
  Schema *s = project_schema_try(r->c, &r->script->project);
  if (!s) cli_warn(r->c, "there is no schema here that can be read; `lorm validate` tells more");
  return s;
}

static void dot_models(Repl *r, Slice argument) {
  Schema *s = schema_of(r);
  (void)argument;
  for (uint32_t i = 0; s && i < s->n_models; i++) {
    const Model *m = &s->models[i];
    printf("%.*s:", SLICE_ARGS(m->name));
    for (uint32_t f = 0; f < m->n_fields; f++) printf(" %.*s", SLICE_ARGS(m->fields[f].name));
    putchar('\n');
  }
}

static void dot_schema(Repl *r, Slice argument) {
  Schema *s = schema_of(r);
  if (!s) return;
  const Model *m = map_get(&s->model_names, argument);
  const Enum *enum_ = map_get(&s->enum_names, argument);
  if (!m && !enum_) {
    Slice *names = ARENA_ARRAY(r->arena, Slice, s->n_models + s->n_enums + 1);
    for (uint32_t i = 0; i < s->n_models; i++) names[i] = s->models[i].name;
    for (uint32_t i = 0; i < s->n_enums; i++) names[s->n_models + i] = s->enums[i].name;
    Slice near = slice_nearest(argument, names, s->n_models + s->n_enums);
    cli_warn(r->c, "there is no model or enum `%.*s`%s%.*s%s", SLICE_ARGS(argument),
             near.n ? "; did you mean " : "", SLICE_ARGS(near), near.n ? "?" : "");
    return;
  }
  Span span = m ? m->span : enum_->span;
  printf("%.*s\n", SLICE_ARGS(schema_block(s, span)));
}

static const Dot dots[] = {
#define DOT(id, name, argument, summary) {name, argument, summary, dot_##id},
#include "cli/repl_commands.def"
#undef DOT
};

static void dot_help(Repl *r, Slice argument) {
  (void)r, (void)argument;
  puts("An expression shows its value, a statement runs; both may take several lines.");
  for (size_t i = 0; i < COUNT(dots); i++) {
    int n = printf("  .%s%s%s", dots[i].name, dots[i].argument[0] ? " " : "", dots[i].argument);
    printf("%*s%s\n", 20 - n, "", dots[i].summary);
  }
  puts("Tab completes, Ctrl-R searches the history, Ctrl-C ends what runs, Ctrl-D leaves.");
}

static Slice trimmed(Slice s) {
  while (s.n && isspace((unsigned char)s.p[0])) s.p++, s.n--;
  while (s.n && isspace((unsigned char)s.p[s.n - 1])) s.n--;
  return s;
}

static void unknown(Repl *r, Slice name) {
  Slice names[COUNT(dots)];
  for (size_t i = 0; i < COUNT(dots); i++) names[i] = slice_of(dots[i].name);
  Slice near = slice_nearest(name, names, COUNT(dots));
  cli_warn(r->c, "there is no command .%.*s; %s.%.*s%s", SLICE_ARGS(name), near.n ? "did you mean " : "",
           SLICE_ARGS(near), near.n ? "?" : "help lists them");
}

bool repl_dot(Repl *r, Slice line) {
  line = trimmed(line);
  if (line.n < 2 || line.p[0] != '.' || !isalpha((unsigned char)line.p[1])) return false;
  uint32_t end = 1;
  while (end < line.n && !isspace((unsigned char)line.p[end])) end++;
  Slice name = {line.p + 1, end - 1}, argument = trimmed((Slice){line.p + end, line.n - end});
  for (size_t i = 0; i < COUNT(dots); i++) {
    if (!slice_is(name, dots[i].name)) continue;
    dots[i].run(r, argument);
    return true;
  }
  unknown(r, name);
  return true;
}

Slice repl_dot_complete(Arena *a, Slice line) {
  Buf b = buf_in(a);
  for (size_t i = 0; i < COUNT(dots); i++) {
    Slice name = slice_printf(a, ".%s", dots[i].name);
    if (!slice_starts(name, line)) continue;
    if (b.n) buf_byte(&b, '\n');
    buf_slice_add(&b, name);
  }
  return b.n ? buf_slice(&b) : (Slice){0};
}
