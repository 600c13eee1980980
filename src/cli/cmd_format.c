#include "base/utf8.h"
#include "cli/file.h"
#include "cli/project.h"
#include "psl/format.h"

typedef struct Formatting {
  Cli *c;
  const Source *sources;
  const Slice *texts; /* formatted, of each source */
  uint32_t n;
} Formatting;

static bool is_formatted(const Formatting *f, uint32_t i) {
  return slice_eq(f->sources[i].text, f->texts[i]);
}

/* One file as it is; several, each under a line with its path. */
static int print_all(const Formatting *f) {
  for (uint32_t i = 0; i < f->n; i++) {
    if (f->n > 1) printf("%s// %.*s\n", i ? "\n" : "", SLICE_ARGS(f->sources[i].name));
    fwrite(f->texts[i].p, 1, f->texts[i].n, stdout);
  }
  return EXIT_DONE;
}

static int check_all(const Formatting *f) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < f->n; i++) {
    if (is_formatted(f, i)) continue;
    printf("%.*s\n", SLICE_ARGS(f->sources[i].name));
    n++;
  }
  if (n) cli_hint(f->c, "`lorm format` lays %s out", n == 1 ? "this file" : "these files");
  return n ? EXIT_FAILED : EXIT_DONE;
}

static int write_all(const Formatting *f, Err *e) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < f->n; i++) {
    if (is_formatted(f, i)) continue;
    if (!file_write(f->c->arena, f->sources[i].name.p, f->texts[i], e)) return cli_fail(f->c, e);
    cli_note(f->c, "Formatted %.*s", SLICE_ARGS(f->sources[i].name));
    n++;
  }
  if (!n) cli_note(f->c, "Already formatted");
  return EXIT_DONE;
}

/* Files that are not text are none of ours to change. */
static bool check_text(const Source *sources, uint32_t n, Err *e) {
  for (uint32_t i = 0; i < n; i++)
    if (!utf8_valid(sources[i].text))
      return err_set(e, ERR_IO, "%.*s is not valid UTF-8", SLICE_ARGS(sources[i].name));
  return true;
}

int cmd_format(Cli *c) {
  Project p;
  Source *sources;
  uint32_t n;
  Err e;
  if (!project_find(c, &p, &e) || !project_sources(c, &p, &sources, &n, &e) || !check_text(sources, n, &e))
    return cli_fail(c, &e);
  Slice *texts = ARENA_ARRAY(c->arena, Slice, n);
  if (!schema_format(c->arena, sources, n, texts, &e)) return cli_fail(c, &e);
  Formatting f = {c, sources, texts, n};
  if (cli_flag(c, "--print")) return print_all(&f);
  return cli_flag(c, "--check") ? check_all(&f) : write_all(&f, &e);
}
