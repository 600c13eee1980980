/* Names of keys, indexes and foreign keys: as map: says, or derived. */
#include "psl/constraint.h"
#include "psl/resolve.h"

static Slice cut(Slice s, uint32_t limit) {
  if (s.n < limit) return s;
  s.n = limit;
  while (s.n && ((unsigned char)s.p[s.n] & 0xC0) == 0x80) s.n--;
  return s;
}

Slice constraint_name(Arena *a, Slice table, const Slice *columns, uint32_t n, const char *suffix) {
  Buf b = buf_in(a);
  buf_slice_add(&b, table);
  for (uint32_t i = 0; i < n; i++) {
    buf_byte(&b, '_');
    buf_slice_add(&b, columns[i]);
  }
  Slice stem = cut(buf_slice(&b), LONGEST_NAME - (uint32_t)strlen(suffix));
  return slice_printf(a, "%.*s%s", SLICE_ARGS(stem), suffix);
}

static Slice column_of(const FieldInfo *f) { return f->mapped.p ? f->mapped : f->field->name; }

/* Of a field inside of a composite type: all steps, joined by _. */
static Slice path_column(Arena *a, const IndexPart *part) {
  Slice path = slice_copy(a, part->path);
  for (uint32_t i = 0; i < path.n; i++)
    if (path.p[i] == '.') ((char *)path.p)[i] = '_';
  return path;
}

static void name_index(Resolver *r, IndexInfo *i) {
  static const char *const suffixes[] = {"_pkey", "_key", "_idx", "_idx"}; /* by IndexKind */
  if (i->map.n) {
    i->constraint = slice_copy(r->arena, i->map);
    return;
  }
  Slice *columns = ARENA_ARRAY(r->arena, Slice, i->n_parts + 1);
  for (uint32_t k = 0; k < i->n_parts; k++)
    columns[k] = i->parts[k].leaf == i->parts[k].root ? column_of(i->parts[k].root)
                                                      : path_column(r->arena, &i->parts[k]);
  uint32_t n = i->kind == INDEX_PRIMARY ? 0 : i->n_parts;
  if (i->kind != INDEX_PRIMARY && n == 0) columns[n++] = (Slice){"", 0};
  i->constraint = constraint_name(r->arena, i->model->model->db_name, columns, n, suffixes[i->kind]);
}

static void name_relation(Resolver *r, RelationInfo *rel) {
  const FieldInfo *key = rel->forward;
  if (rel->shape == SHAPE_MANY_TO_MANY || rel->shape == SHAPE_EMBEDDED) return;
  if (key && key->fk_map.n) {
    rel->constraint = slice_copy(r->arena, key->fk_map);
    return;
  }
  uint32_t n = key ? key->fields.n : 0;
  Slice *columns = ARENA_ARRAY(r->arena, Slice, n + 1);
  for (uint32_t k = 0; k < n; k++) columns[k] = column_of(key->fields.items[k]);
  if (n == 0) columns[n++] = (Slice){"", 0};
  rel->constraint = constraint_name(r->arena, rel->a->model->db_name, columns, n, "_fkey");
}

void pass_constraints(Resolver *r) {
  for (uint32_t i = 0; i < r->n_models; i++) {
    ModelInfo *m = &r->models[i];
    if (m->id) name_index(r, m->id);
    for (uint32_t k = 0; k < m->n_indexes; k++) name_index(r, m->indexes[k]);
  }
  for (uint32_t i = 0; i < r->n_relations; i++) name_relation(r, r->relations[i]);
}
