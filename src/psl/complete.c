#include "psl/complete.h"

#include <stdlib.h>

#include "base/vec.h"
#include "psl/resolve.h"
#include "psl/words.h"

typedef struct Bit { /* a text that is missing, and where it goes */
  uint32_t file, at, index;
  Slice text;
} Bit;

typedef struct Key { /* what a relation refers to, and the names of the fields that hold it */
  FieldInfo *const *references;
  Slice *names;
  uint32_t n; /* 0: there is nothing to refer to */
} Key;

typedef struct Completion {
  Resolver r;
  const Source *sources;
  Map *added; /* by Model.index: names that were given -> uint32_t *, the last number behind them */
  Key *keys;  /* by RelationInfo.index */
  Bit *bits;
  uint32_t n;
} Completion;

static void add(Completion *c, uint32_t file, uint32_t at, Slice text) {
  *VEC_PUSH(c->r.arena, c->bits, c->n) = (Bit){file, at, c->n, text};
}

/* A line in front of the model's closing brace. */
static void add_line(Completion *c, const ModelInfo *m, Slice text) {
  add(c, m->ast->span.file, m->ast->span.end - 1, text);
}

static Slice source_of(const Completion *c, Span s) {
  return (Slice){c->sources[s.file].text.p + s.start, s.end - s.start};
}

/* A name that no field of the model has: `name`, or with the next number that makes it one. */
static Slice name_new(Completion *c, const ModelInfo *m, Slice name) {
  Map *added = &c->added[m->model->index];
  Slice fresh = name;
  uint32_t *last = map_get(added, name);
  if (!last) {
    bool taken = model_find(m, name) != NULL;
    last = ARENA_NEW(c->r.arena, uint32_t);
    *last = 1;
    map_put(added, name, last);
    if (!taken) return name;
  }
  do fresh = slice_printf(c->r.arena, "%.*s%u", SLICE_ARGS(name), ++*last);
  while (model_find(m, fresh) || map_get(added, fresh));
  map_put(added, fresh, arena_copy(c->r.arena, &(uint32_t){1}, sizeof(uint32_t)));
  return fresh;
}

/* --- keys --- */

/* userId, for User.id: both names stay as they are but for their first letters. */
static Slice key_name(Completion *c, const ModelInfo *target, const FieldInfo *f) {
  Slice model = target->ast->name;
  Slice name = slice_printf(c->r.arena, "%.*s%.*s", SLICE_ARGS(model), SLICE_ARGS(f->ast->name));
  char *first = (char *)name.p, *second = first + model.n;
  if (*first >= 'A' && *first <= 'Z') *first = (char)(*first - 'A' + 'a');
  if (*second >= 'a' && *second <= 'z') *second = (char)(*second - 'a' + 'A');
  return name;
}

/* As references: says, else the model's first criterion. */
static Key key_of(Completion *c, const RelationInfo *rel) {
  const FieldInfo *f = rel->forward;
  if (f && f->references.n) return (Key){f->references.items, NULL, f->references.n};
  const IndexInfo *i = model_criterion(rel->b);
  if (!i) return (Key){.n = 0};
  FieldInfo **fields = ARENA_ARRAY(c->r.arena, FieldInfo *, i->n_parts);
  for (uint32_t k = 0; k < i->n_parts; k++) fields[k] = i->parts[k].leaf;
  return (Key){fields, NULL, i->n_parts};
}

static Slice fields_argument(Completion *c, const Key *key) {
  Slice list = words_join(c->r.arena, key->names, key->n, "", ", ");
  return slice_printf(c->r.arena, "fields: [%.*s]", SLICE_ARGS(list));
}

static Slice references_argument(Completion *c, const Key *key) {
  Slice list = names_join(c->r.arena, key->references, key->n, "", ", ");
  return slice_printf(c->r.arena, "references: [%.*s]", SLICE_ARGS(list));
}

static const char *arity_sign(Arity a) {
  static const char *const signs[] = {"", "?", "[]"};
  return signs[a];
}

/* The fields that hold the key: those of the usual names when they are there, else new ones. */
static void name_key(Completion *c, const RelationInfo *rel, Key *key) {
  key->names = ARENA_ARRAY(c->r.arena, Slice, key->n);
  for (uint32_t i = 0; i < key->n; i++) {
    Slice name = key_name(c, rel->b, key->references[i]);
    key->names[i] = model_find(rel->a, name) ? name : name_new(c, rel->a, name);
  }
}

static void complete_key(Completion *c, const RelationInfo *rel, const Key *key) {
  Arity arity = rel->forward ? rel->forward->ast->arity : ARITY_OPTIONAL;
  for (uint32_t i = 0; i < key->n; i++) {
    const FieldInfo *like = key->references[i];
    Slice native = {"", 0};
    if (model_find(rel->a, key->names[i])) continue;
    if (like->native_attr) native = source_of(c, like->native_attr->span);
    add_line(c, rel->a,
             slice_printf(c->r.arena, "%.*s %.*s%s %.*s\n", SLICE_ARGS(key->names[i]),
                          SLICE_ARGS(like->ast->type), arity_sign(arity), SLICE_ARGS(native)));
  }
}

/* --- fields --- */

/* The relation's name as the other side writes it, or empty. */
static Slice name_argument(Completion *c, const FieldInfo *f) {
  if (!f->relation_name.n) return (Slice){"", 0};
  const Arguments *args = &f->relation_attr->args;
  const Argument *name = argument_find(args, "name");
  for (uint32_t i = 0; !name; i++)
    if (!args->items[i].name.n) name = &args->items[i];
  return source_of(c, name->value->span);
}

static void complete_back_field(Completion *c, const RelationInfo *rel) {
  bool single = rel->shape == SHAPE_ONE_TO_ONE;
  Slice type = rel->a->ast->name, name = word_camel(c->r.arena, type), attribute = {"", 0};
  Slice title = name_argument(c, rel->forward);
  if (!single) name = word_plural(c->r.arena, name);
  name = name_new(c, rel->b, name);
  if (title.n) attribute = slice_printf(c->r.arena, " @relation(%.*s)", SLICE_ARGS(title));
  add_line(c, rel->b,
           slice_printf(c->r.arena, "%.*s %.*s%s%.*s%s\n", SLICE_ARGS(name), SLICE_ARGS(type),
                        single ? "?" : "[]", SLICE_ARGS(attribute), rel->a->ignored ? " @ignore" : ""));
}

/* Required when the fields that will hold the key are there and none is optional. */
static Arity forward_arity(Completion *c, const RelationInfo *rel, const Key *key) {
  for (uint32_t i = 0; i < key->n; i++) {
    const FieldInfo *f = model_find(rel->a, key_name(c, rel->b, key->references[i]));
    if (!f || f->ast->arity == ARITY_OPTIONAL) return ARITY_OPTIONAL;
  }
  return ARITY_REQUIRED;
}

static void complete_forward_field(Completion *c, const RelationInfo *rel, const Key *key) {
  Slice type = rel->b->ast->name, title = name_argument(c, rel->back);
  Slice name = name_new(c, rel->a, word_camel(c->r.arena, type));
  Slice fields = fields_argument(c, key), references = references_argument(c, key);
  add_line(c, rel->a,
           slice_printf(c->r.arena, "%.*s %.*s%s @relation(%.*s%s%.*s, %.*s)\n", SLICE_ARGS(name),
                        SLICE_ARGS(type), arity_sign(forward_arity(c, rel, key)), SLICE_ARGS(title),
                        title.n ? ", " : "", SLICE_ARGS(fields), SLICE_ARGS(references)));
}

static void complete_fields(Completion *c, const RelationInfo *rel) {
  const FieldInfo *f = rel->forward;
  Key *key = &c->keys[rel->index];
  *key = key_of(c, rel);
  if (!rel->back) complete_back_field(c, rel);
  if (!key->n || (f && f->fields.given)) return;
  name_key(c, rel, key);
  if (!f) complete_forward_field(c, rel, key);
  complete_key(c, rel, key);
}

/* --- arguments --- */

/* Into the attribute's brackets, behind what is there; or the attribute with its brackets. */
static void complete_arguments(Completion *c, const RelationInfo *rel) {
  const FieldInfo *f = rel->forward;
  const Key *key = &c->keys[rel->index];
  if (!f || !key->n || (f->fields.given && f->references.given)) return;
  const Attribute *attr = f->relation_attr;
  Slice fields = f->fields.given ? SLICE("") : fields_argument(c, key);
  Slice references = f->references.given ? SLICE("") : references_argument(c, key);
  Slice list = slice_printf(c->r.arena, "%.*s%s%.*s", SLICE_ARGS(fields),
                            fields.n && references.n ? ", " : "", SLICE_ARGS(references));
  if (!attr) {
    add(c, f->ast->type_span.file, f->ast->type_end,
        slice_printf(c->r.arena, " @relation(%.*s)", SLICE_ARGS(list)));
  } else if (attr->args.given) {
    add(c, attr->span.file, attr->span.end - 1,
        slice_printf(c->r.arena, "%s%.*s", attr->args.n ? ", " : "", SLICE_ARGS(list)));
  } else {
    add(c, attr->span.file, attr->span.end, slice_printf(c->r.arena, "(%.*s)", SLICE_ARGS(list)));
  }
}

static bool has_key(const RelationInfo *rel) {
  return rel->shape == SHAPE_ONE_TO_ONE || rel->shape == SHAPE_ONE_TO_MANY;
}

/* --- into the text --- */

static int compare_bits(const void *a, const void *b) {
  const Bit *x = a, *y = b;
  if (x->file != y->file) return x->file < y->file ? -1 : 1;
  if (x->at != y->at) return x->at < y->at ? -1 : 1;
  return x->index < y->index ? -1 : x->index > y->index;
}

static void insert_bits(Completion *c, Source *sources) {
  qsort(c->bits, c->n, sizeof *c->bits, compare_bits);
  for (uint32_t i = 0; i < c->n;) {
    uint32_t file = c->bits[i].file, at = 0;
    Slice old = sources[file].text;
    Buf text = buf_in(c->r.arena);
    for (; i < c->n && c->bits[i].file == file; i++) {
      buf_add(&text, old.p + at, c->bits[i].at - at);
      buf_slice_add(&text, c->bits[i].text);
      at = c->bits[i].at;
    }
    buf_add(&text, old.p + at, old.n - at);
    sources[file].text = buf_slice(&text);
  }
}

void complete_sources(Arena *a, Source *sources, uint32_t n) {
  Diags d = {.arena = a, .sources = sources, .n_sources = n};
  Completion c = {.sources = sources};
  resolver_open(&c.r, a, sources, n, &d);
  if (d.n_errors) return;
  c.added = ARENA_ARRAY(a, Map, c.r.n_models);
  c.keys = ARENA_ARRAY(a, Key, c.r.n_relations);
  for (uint32_t i = 0; i < c.r.n_models; i++) c.added[i] = map_in(a);
  for (uint32_t i = 0; i < c.r.n_relations; i++)
    if (has_key(c.r.relations[i])) complete_fields(&c, c.r.relations[i]);
  for (uint32_t i = 0; i < c.r.n_relations; i++)
    if (has_key(c.r.relations[i])) complete_arguments(&c, c.r.relations[i]);
  if (c.n) insert_bits(&c, sources);
}
