/* The schema language against a corpus of schemas whose verdict, diagnostics, parse result and layout are
 * known. The corpus is no part of the project: it is looked for in LORM_CONFORMANCE_SCHEMA, else beside the
 * checkout. known.txt lists "part id" of each case that is known to differ; any other difference fails.
 * UPDATE=1 in the environment writes the list anew; -v prints every case that differs. */
#include <stdio.h>
#include <stdlib.h>

#include "base/vec.h"
#include "json_tree.h"
#include "psl/dmmf.h"
#include "psl/format.h"

static const char beside[] = "../../shared/conformance/schema/cases";
static const char known_path[] = "conformance/known.txt";

typedef enum Part {
  PART_VALID,
  PART_INVALID,
  PART_LINE,
  PART_MESSAGES,
  PART_WARNINGS,
  PART_DMMF,
  PART_FORMAT,
  N_PARTS
} Part;

static const char *const part_names[] = {"valid",    "invalid", "line",  "messages",
                                         "warnings", "dmmf",    "format"};

typedef struct Tally {
  uint32_t cases, good, known, news;
} Tally;

typedef struct Suite {
  Arena *arena;   /* of the run */
  Arena *scratch; /* of a case */
  const char *folder;
  bool verbose;
  Map known;    /* "part id" -> anything */
  Buf comments; /* of known.txt */
  Buf misses;   /* all of them, in the form of known.txt */
  Tally tally[N_PARTS];
} Suite;

static Slice file_read(Arena *a, const char *path) {
  Buf b = buf_in(a);
  FILE *f = fopen(path, "rb");
  size_t n = 1;
  if (!f) return (Slice){NULL, 0};
  while (n) {
    n = fread(buf_reserve(&b, 1 << 16), 1, 1 << 16, f);
    b.n += (uint32_t)n;
  }
  fclose(f);
  return buf_slice(&b);
}

static bool load(Suite *s, const char *name, Arg *out) {
  Slice path = slice_printf(s->arena, "%s/%s", s->folder, name);
  if (json_to_arg(s->arena, file_read(s->arena, path.p), out)) return true;
  fprintf(stderr, "%s: no JSON\n", path.p);
  return false;
}

static void score(Suite *s, Part part, Slice id, bool good) {
  Tally *t = &s->tally[part];
  Slice line = slice_printf(s->arena, "%s %.*s", part_names[part], SLICE_ARGS(id));
  t->cases++;
  t->good += good;
  if (good) return;
  buf_printf(&s->misses, "%s\n", line.p);
  bool known = map_get(&s->known, line) != NULL;
  t->known += known;
  t->news += !known;
  if (!known || s->verbose) printf("%s%s\n", known ? "" : "new: ", line.p);
}

/* --- the sources of a case --- */

static Source *sources_of(Suite *s, const Arg *c, const char *text_key, uint32_t *n) {
  const Arg *files = tree_at(c, "files");
  Source *sources;
  if (!files || files->kind != ARG_LIST) {
    *n = 1;
    sources = ARENA_NEW(s->scratch, Source);
    *sources = (Source){SLICE("schema.prisma"), tree_string(c, text_key)};
    return sources;
  }
  *n = files->n;
  sources = ARENA_ARRAY(s->scratch, Source, files->n);
  for (uint32_t i = 0; i < files->n; i++)
    sources[i] = (Source){arg_text(&files->u.items[i].u.items[0]), arg_text(&files->u.items[i].u.items[1])};
  return sources;
}

/* --- diagnostics --- */

static int compare_texts(const void *a, const void *b) {
  return slice_compare(*(const Slice *)a, *(const Slice *)b);
}

/* White space counts as one blank. */
static Slice squeeze(Arena *a, Slice s) {
  Buf b = buf_in(a);
  buf_reserve(&b, s.n + 1);
  for (uint32_t i = 0; i < s.n; i++) {
    bool blank = strchr(" \t\r\n", s.p[i]) && s.p[i];
    if (!blank) buf_byte(&b, s.p[i]);
    if (blank && b.n && b.p[b.n - 1] != ' ') buf_byte(&b, ' ');
  }
  if (b.n && b.p[b.n - 1] == ' ') b.n--;
  return buf_slice(&b);
}

static bool same_messages(Suite *s, const Arg *want, const Diags *d, bool warnings) {
  uint32_t n = 0, n_want = want ? want->n : 0;
  Slice *a = ARENA_ARRAY(s->scratch, Slice, n_want + 1), *b = ARENA_ARRAY(s->scratch, Slice, d->n + 1);
  for (uint32_t i = 0; i < n_want; i++) {
    const Arg *w = &want->u.items[i];
    a[i] = squeeze(s->scratch, w->kind == ARG_STRING ? arg_text(w) : tree_string(w, "message"));
  }
  for (uint32_t i = 0; i < d->n; i++)
    if (d->items[i].warning == warnings) b[n++] = squeeze(s->scratch, d->items[i].message);
  qsort(a, n_want, sizeof *a, compare_texts);
  qsort(b, n, sizeof *b, compare_texts);
  for (uint32_t i = 0; n == n_want && i < n; i++)
    if (!slice_eq(a[i], b[i])) return false;
  return n == n_want;
}

static uint32_t first_line(const Diags *d) {
  uint32_t line = 0, column;
  for (uint32_t i = 0; i < d->n; i++)
    if (!d->items[i].warning) {
      source_position(&d->sources[d->items[i].span.file], d->items[i].span.start, &line, &column);
      break;
    }
  return line;
}

static void judge_errors(Suite *s, Slice id, const Arg *c, const Diags *d) {
  const Arg *errors = tree_at(c, "errors"), *other = tree_at(c, "prisma7_errors");
  const Arg *line = tree_at(&errors->u.items[0], "line");
  score(s, PART_LINE, id, line && line->u.i == first_line(d));
  score(s, PART_MESSAGES, id,
        same_messages(s, errors, d, false) || (other && same_messages(s, other, d, false)));
}

/* --- the parts --- */

static void judge_dmmf(Suite *s, Slice id, const Schema *schema, const Arg *want) {
  static const char *const keys[] = {"models", "enums", "types", "indexes"};
  Buf b = buf_in(s->scratch);
  Arg got;
  schema_dmmf(&b, schema);
  bool good = json_to_arg(s->scratch, buf_slice(&b), &got);
  for (size_t i = 0; good && i < COUNT(keys); i++) {
    const Arg *x = tree_at(want, keys[i]), *y = tree_at(&got, keys[i]);
    good = tree_is_nothing(x) ? tree_is_nothing(y) : y && tree_same(x, y);
  }
  score(s, PART_DMMF, id, good);
}

static void judge_schema(Suite *s, const Arg *c, const Arg *dmmf) {
  Slice id = tree_string(c, "id");
  bool valid = tree_flag(c, "valid");
  uint32_t n;
  Diags d;
  if (tree_flag(c, "version_dependent")) return;
  Source *sources = sources_of(s, c, "schema", &n);
  Schema *schema = schema_load(s->scratch, sources, n, &d);
  score(s, valid ? PART_VALID : PART_INVALID, id, (schema != NULL) == valid);
  score(s, PART_WARNINGS, id, same_messages(s, tree_at(c, "warnings"), &d, true));
  if (!valid && !schema) judge_errors(s, id, c, &d);
  const Arg *want = arg_get(dmmf, id);
  if (valid && schema && want) judge_dmmf(s, id, schema, want);
}

static bool same_layout(const Arg *want, const Source *sources, const Slice *out, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    bool found = false;
    for (uint32_t k = 0; k < want->n; k++) {
      const Arg *file = &want->u.items[k];
      found |= slice_eq(arg_text(&file->u.items[0]), sources[i].name) &&
               slice_eq(arg_text(&file->u.items[1]), out[i]);
    }
    if (!found) return false;
  }
  return true;
}

static void judge_format(Suite *s, const Arg *c) {
  uint32_t n;
  Err e;
  Source *sources = sources_of(s, c, "input", &n);
  Slice *out = ARENA_ARRAY(s->scratch, Slice, n);
  const Arg *files = tree_at(c, "expected_files");
  bool good = schema_format(s->scratch, sources, n, out, &e);
  if (good && files) good = same_layout(files, sources, out, n);
  if (good && !files) good = slice_eq(out[0], tree_string(c, "expected"));
  score(s, PART_FORMAT, tree_string(c, "id"), good);
}

/* --- the run --- */

static bool run_schemas(Suite *s, const char *cases, const char *dmmf) {
  Arg list, results;
  if (!load(s, cases, &list) || !load(s, dmmf, &results)) return false;
  for (uint32_t i = 0; i < list.n; i++) {
    judge_schema(s, &list.u.items[i], &results);
    arena_reset(s->scratch);
  }
  return true;
}

static bool run_formats(Suite *s) {
  Arg list;
  if (!load(s, "psl_format.json", &list)) return false;
  for (uint32_t i = 0; i < list.n; i++) {
    judge_format(s, &list.u.items[i]);
    arena_reset(s->scratch);
  }
  return true;
}

/* realworld/<project>/: the schema, and truth/dmmf.json */
static bool run_projects(Suite *s) {
  Arg list;
  if (!load(s, "realworld/index.json", &list)) return false;
  const Arg *projects = list.kind == ARG_LIST ? &list : tree_at(&list, "projects");
  for (uint32_t i = 0; projects && i < projects->n; i++) {
    Slice name = tree_string(&projects->u.items[i], "name");
    Slice folder = slice_printf(s->arena, "%s/realworld/%.*s", s->folder, SLICE_ARGS(name));
    Arg dmmf;
    Source *sources;
    uint32_t n;
    Diags d;
    Err e;
    if (!load(s, slice_printf(s->arena, "realworld/%.*s/truth/dmmf.json", SLICE_ARGS(name)).p, &dmmf))
      return false;
    if (!schema_read(s->scratch, slice_printf(s->arena, "%s/schema_patched", folder.p).p, &sources, &n, &e) &&
        !schema_read(s->scratch, slice_printf(s->arena, "%s/schema", folder.p).p, &sources, &n, &e))
      return false;
    Schema *schema = schema_load(s->scratch, sources, n, &d);
    score(s, PART_VALID, name, schema != NULL);
    if (schema) judge_dmmf(s, name, schema, &dmmf);
    arena_reset(s->scratch);
  }
  return true;
}

static void read_known(Suite *s) {
  Slice text = file_read(s->arena, known_path);
  while (text.n) {
    const char *end = memchr(text.p, '\n', text.n);
    Slice line = {text.p, end ? (uint32_t)(end - text.p) : text.n};
    text.p += line.n + (end != NULL);
    text.n -= line.n + (end != NULL);
    if (line.n && line.p[0] == '#') {
      buf_printf(&s->comments, "%.*s\n", SLICE_ARGS(line));
    } else if (line.n) {
      map_put(&s->known, line, s);
    }
  }
}

static bool write_known(Suite *s) {
  FILE *f = fopen(known_path, "wb");
  if (!f) return false;
  fwrite(s->comments.p, 1, s->comments.n, f);
  fwrite(s->misses.p, 1, s->misses.n, f);
  return fclose(f) == 0;
}

typedef struct Outcome {
  Suite s;
  bool good;
} Outcome;

static void run(void *ctx) {
  Outcome *o = ctx;
  Suite *s = &o->s;
  s->known = map_in(s->arena);
  s->misses = s->comments = buf_in(s->arena);
  read_known(s);
  o->good = run_schemas(s, "psl.json", "psl_dmmf.json") &&
            run_schemas(s, "psl_generated.json", "psl_generated_dmmf.json") && run_formats(s) &&
            run_projects(s);
  for (int i = 0; i < N_PARTS; i++) {
    const Tally *t = &s->tally[i];
    printf("%-8s %5u of %5u (%.2f %%), %u known to differ\n", part_names[i], t->good, t->cases,
           t->cases ? 100.0 * t->good / t->cases : 100.0, t->known);
    if (t->news && !getenv("UPDATE")) o->good = false;
  }
  if (o->good && getenv("UPDATE")) o->good = write_known(s);
}

int main(int argc, char **argv) {
  const char *said = getenv("LORM_CONFORMANCE_SCHEMA");
  Outcome o = {.s = {.folder = said ? said : beside, .verbose = argc > 1 && strcmp(argv[1], "-v") == 0}};
  char path[4096];
  snprintf(path, sizeof path, "%s/psl.json", o.s.folder);
  FILE *there = fopen(path, "rb");
  if (!there) {
    printf("%s: no corpus there, nothing to compare with\n", o.s.folder);
    return said != NULL;
  }
  fclose(there);
  o.s.arena = arena_new(0);
  o.s.scratch = arena_new(0);
  if (!o.s.arena || !o.s.scratch || !arena_protect(o.s.arena, o.s.scratch, run, &o)) return 1;
  arena_free(o.s.scratch);
  arena_free(o.s.arena);
  return !o.good;
}
