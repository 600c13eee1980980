#include "base/value.h"

static const struct {
  const char *name;
  uint32_t oid, array_oid;
  ValueKind kind;
} types[] = {
#define TYPE(id, name, oid, array, kind) {name, oid, array, VALUE_##kind},
#include "base/types.def"
#undef TYPE
};

const char *type_name(TypeId t) { return types[t].name; }
uint32_t type_oid(TypeId t) { return types[t].oid; }
uint32_t type_array_oid(TypeId t) { return types[t].array_oid; }
ValueKind type_kind(TypeId t) { return types[t].kind; }

TypeId type_of_oid(uint32_t oid, bool *array) {
  *array = false;
  for (size_t i = 0; oid && i < COUNT(types); i++) {
    if (types[i].oid == oid) return (TypeId)i;
    if (types[i].array_oid == oid) {
      *array = true;
      return (TypeId)i;
    }
  }
  return TYPE_UNKNOWN;
}
