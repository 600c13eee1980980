#include "psl/schema.h"

#include "base/utf8.h"
#include "psl/parse.h"
#include "psl/resolve.h"

typedef struct Load { /* what schema_load's body works on */
  Arena *arena;
  const Source *sources;
  uint32_t n;
  bool unguarded;
  Diags *d;
  Schema *schema; /* NULL: there were errors */
} Load;

/* The first byte that is no part of a character. */
static Span bad_byte(Slice text, uint32_t file) {
  for (uint32_t at = 0; at < text.n;) {
    uint32_t from = at;
    if (utf8_next(text, &at) == 0xFFFD && at == from + 1) return (Span){file, from, at};
  }
  return (Span){file, 0, 0};
}

static void parse_all(Resolver *r, const Source *sources, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    if (utf8_valid(sources[i].text)) {
      parse_source(r->arena, &sources[i], i, &r->ast, r->d);
    } else {
      diag_error(r->d, bad_byte(sources[i].text, i), "The file is not valid UTF-8.");
    }
  }
}

void resolver_open(Resolver *r, Arena *a, const Source *sources, uint32_t n, Diags *d) {
  *r = (Resolver){.arena = a, .d = d, .schema = ARENA_NEW(a, Schema)};
  r->schema->arena = a;
  r->schema->sources = sources;
  r->schema->n_sources = n;
  parse_all(r, sources, n);
  r->partial_indexes = generators_mention(&r->ast, FEATURE_PARTIAL_INDEXES);
  pass_names(r);
  pass_types(r);
  pass_attributes(r);
  pass_relations(r);
}

/* The first five passes say all they can, each about what it understands; the rules make sense only then. */
static void load_body(void *ctx) {
  Load *load = ctx;
  Resolver r;
  resolver_open(&r, load->arena, load->sources, load->n, load->d);
  if (load->unguarded) r.features = ~UINT64_C(0);
  pass_config(&r);
  if (load->d->n_errors) return;
  pass_constraints(&r);
  pass_validate(&r);
  if (load->d->n_errors) return;
  pass_build(&r);
  load->schema = r.schema;
}

static Schema *load(Arena *a, const Source *sources, uint32_t n, bool unguarded, Diags *d) {
  Load load = {a, sources, n, unguarded, d, NULL};
  *d = (Diags){.arena = a, .sources = sources, .n_sources = n};
  if (!arena_protect(a, NULL, load_body, &load)) {
    *d = (Diags){.arena = a, .sources = sources, .n_sources = n}; /* out of memory: nothing to say */
    return NULL;
  }
  return load.schema;
}

Schema *schema_load(Arena *a, const Source *sources, uint32_t n, Diags *d) {
  return load(a, sources, n, false, d);
}

Schema *schema_load_unguarded(Arena *a, const Source *sources, uint32_t n, Diags *d) {
  return load(a, sources, n, true, d);
}

Model *schema_model(const Schema *s, Slice name) { return map_get(&s->model_names, name); }

Field *model_field(const Model *m, Slice name) { return map_get(&m->by_name, name); }

const Index *model_unique(const Model *m, Slice key) {
  for (uint32_t i = 0; i < m->n_indexes; i++) {
    const Index *x = &m->indexes[i];
    bool unique = x->kind == INDEX_PRIMARY || (x->kind == INDEX_UNIQUE && !x->where.n);
    if (unique && slice_eq(x->key, key)) return x;
  }
  return NULL;
}

bool schema_preview(const Schema *s, const char *feature) {
  for (uint32_t i = 0; i < s->n_preview_features; i++)
    if (slice_is(s->preview_features[i], feature)) return true;
  return false;
}

const Property *config_property(const ConfigBlock *c, const char *name) {
  for (uint32_t i = 0; c && i < c->n; i++)
    if (slice_is(c->properties[i].name, name)) return &c->properties[i];
  return NULL;
}

static bool line_closes(Slice line) {
  while (line.n && (line.p[0] == ' ' || line.p[0] == '\t')) line.p++, line.n--;
  return line.n && line.p[0] == '}';
}

Slice schema_block(const Schema *s, Span name) {
  Slice text = s->sources[name.file].text;
  uint32_t start = name.start, end = name.end;
  while (start && text.p[start - 1] != '\n') start--;
  while (end < text.n && text.p[end] != '\n') end++;
  for (bool closed = false; end < text.n && !closed;) {
    uint32_t line = ++end;
    while (end < text.n && text.p[end] != '\n') end++;
    closed = line_closes((Slice){text.p + line, end - line});
  }
  return (Slice){text.p + start, end - start};
}
