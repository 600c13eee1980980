/* Relations whose key is in other rows, or in a join table: they come after the row that they point to. */
#include "plan/write_child.h"

typedef bool Verb(const Nested *x, const Path *at, const Arg *value);

enum {
  CREATING = 1,
  UPDATING = 2,
  ONE = 4,
  MANY = 8,
  JOINED = 16,
  TIED = ONE | MANY,
  LISTS = MANY | JOINED,
  ANY = TIED | JOINED
};

/* Rows that the call lets go make room for those that it adds; what it changes may be what it added. */
static const struct {
  const char *name;
  int where;
  Verb *verb;
} child_verbs[] = {
    {"deleteMany", UPDATING | LISTS, child_delete_many},
    {"set", UPDATING | LISTS, child_set_empty},
    {"create", CREATING | UPDATING | ANY, child_create},
    {"createMany", CREATING | UPDATING | MANY, child_create_many},
    {"connect", CREATING | UPDATING | ANY, child_connect},
    {"connectOrCreate", CREATING | UPDATING | ANY, child_connect_or_create},
    {"set", UPDATING | LISTS, child_set},
    {"update", UPDATING | ANY, child_update},
    {"updateMany", UPDATING | LISTS, child_update_many},
    {"upsert", UPDATING | ANY, child_upsert},
    {"disconnect", UPDATING | ANY, child_disconnect},
    {"delete", UPDATING | ANY, child_delete},
};

bool child_after(Builder *b, const Path *at, const Field *f, const Arg *verbs, Row *row, bool creating) {
  Slice names[COUNT(child_verbs)];
  uint32_t n = 0;
  Nested x = nested_new(b, f, row, creating);
  int kind = is_joined(&x) ? JOINED : is_single(&x) ? ONE : MANY, when = creating ? CREATING : UPDATING;
  for (size_t i = 0; i < COUNT(child_verbs); i++)
    if ((child_verbs[i].where & kind) && (child_verbs[i].where & when))
      names[n++] = slice_of(child_verbs[i].name);
  if (!b_is_table(verbs)) return b_error(b, at, "Expected a table, provided %s.", arg_kind_name(verbs));
  if (!b_map(b, at, verbs) || !b_only(b, at, "argument", verbs, names, n)) return false;
  for (size_t i = 0; i < COUNT(child_verbs); i++) {
    const Arg *value = (child_verbs[i].where & when) ? b_get(verbs, child_verbs[i].name) : NULL;
    Path here = path_key(at, slice_of(child_verbs[i].name));
    if (value) b_class(b, value);
    if (value && !child_verbs[i].verb(&x, &here, value)) return false;
  }
  return true;
}
