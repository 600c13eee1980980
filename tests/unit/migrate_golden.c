/* tests/migrate/<name>.txt: cases, each a title ("=== title"), the schema that was ("--- from", optional),
 * the schema that shall be ("--- to") and the script that leads there ("--- script"). UPDATE=1 in the
 * environment writes what is made now. */
#include "golden.h"
#include "migrate/migrate.h"

static bool is_heading(Slice line) {
  return slice_starts(line, SLICE("=== ")) || slice_starts(line, SLICE("--- "));
}

/* The lines up to the next heading. */
static Slice part_take(Slice *rest) {
  Slice part = {rest->p, 0};
  while (rest->n) {
    Slice after = *rest;
    if (is_heading(golden_line(&after))) break;
    *rest = after;
    part.n = (uint32_t)(rest->p - part.p);
  }
  return part;
}

static const Schema *schema_of(Arena *a, Slice text, Slice title) {
  Source *source = ARENA_NEW(a, Source);
  Diags d = {.arena = a};
  *source = (Source){SLICE("golden"), text};
  const Schema *s = schema_load(a, source, 1, &d);
  for (uint32_t i = 0; !s && i < d.n; i++)
    fprintf(stderr, "%.*s: %.*s\n", SLICE_ARGS(title), SLICE_ARGS(d.items[i].message));
  CHECK(s != NULL);
  return s;
}

typedef struct Case {
  Arena *arena;
  Slice title, from, to; /* from.p NULL: an empty database */
} Case;

static void put_script(Buf *out, const Case *c) {
  DiffEnd from = {.kind = DIFF_EMPTY}, to = {.kind = DIFF_SCHEMA};
  Slice script;
  bool empty;
  Err e;
  if (c->from.p) from = (DiffEnd){.kind = DIFF_SCHEMA, .schema = schema_of(c->arena, c->from, c->title)};
  to.schema = schema_of(c->arena, c->to, c->title);
  if (!to.schema || (c->from.p && !from.schema)) return;
  bool good = migrate_diff(c->arena, &from, &to, &script, &empty, &e);
  CHECK(good && empty == slice_is(script, "-- This is an empty migration."));
  buf_printf(out, "%.*s%s\n", good ? (int)script.n : (int)strlen(e.message), good ? script.p : e.message,
             good && empty ? "\n" : "");
  /* What was just made needs nothing more. */
  CHECK(migrate_diff(c->arena, &to, &to, &script, &empty, &e) && empty);
}

static void remake(Golden *g) {
  Arena *a = g->arena;
  Buf *out = &g->out;
  Case c = {.arena = a};
  Slice rest = g->text;
  buf_slice_add(out, part_take(&rest));
  while (rest.n) {
    Slice heading = golden_line(&rest), part = part_take(&rest);
    buf_printf(out, "%.*s\n", SLICE_ARGS(heading));
    if (slice_starts(heading, SLICE("=== "))) c = (Case){.arena = a, .title = heading};
    if (slice_is(heading, "--- from")) c.from = part;
    if (slice_is(heading, "--- to")) c.to = part;
    if (slice_is(heading, "--- script"))
      put_script(out, &c);
    else
      buf_slice_add(out, part);
  }
}

static void scripts(void) { golden_folder("migrate", ".txt", remake); }

TESTS(scripts)
