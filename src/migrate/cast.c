#include "migrate/cast.h"

#define BIT(native) (1u << NATIVE_##native)

enum {
  NUMBERS = BIT(SmallInt) | BIT(Integer) | BIT(BigInt),
  FLOATS = BIT(Real) | BIT(DoublePrecision),
  TIMES = BIT(Timestamp) | BIT(Timestamptz) | BIT(Date) | BIT(Time) | BIT(Timetz),
  CHARS = BIT(VarChar) | BIT(Char), /* judged by width, unless listed */
  ENDLESS = UINT32_MAX
};

/* Into VarChar(n) and Char(n) with n below `width`, a type goes `narrow`; at or above it, safely. */
typedef struct Rule {
  uint32_t safe, risky; /* 1 << NativeId; all others: never, but see above */
  uint32_t width;       /* 0: of the type's own argument */
  Cast narrow;
} Rule;

static const Rule rules[NATIVE_COUNT] = {
    [NATIVE_SmallInt] = {BIT(Integer) | BIT(BigInt) | FLOATS | BIT(Text), 0, 4, CAST_RISKY},
    [NATIVE_Integer] = {BIT(BigInt) | FLOATS | BIT(Text), BIT(SmallInt), 11, CAST_RISKY},
    [NATIVE_BigInt] = {FLOATS | BIT(Text), BIT(SmallInt) | BIT(Integer), 20, CAST_RISKY},
    [NATIVE_Decimal] = {BIT(Text), FLOATS, 0, CAST_RISKY},
    [NATIVE_Money] = {BIT(Citext) | BIT(Text) | BIT(VarChar), ~0u, 0, CAST_RISKY},
    [NATIVE_Inet] = {BIT(Citext) | BIT(Text) | BIT(VarChar), 0, ENDLESS, CAST_NEVER},
    [NATIVE_Oid] = {BIT(Text) | BIT(VarChar) | BIT(BigInt) | BIT(Integer), 0, ENDLESS, CAST_NEVER},
    [NATIVE_Citext] = {BIT(Text) | BIT(VarChar), ~0u, 0, CAST_RISKY},
    [NATIVE_Real] = {BIT(DoublePrecision) | BIT(Text), NUMBERS | BIT(Decimal), 47, CAST_RISKY},
    [NATIVE_DoublePrecision] = {BIT(Text), NUMBERS | BIT(Decimal) | BIT(Real), 317, CAST_RISKY},
    [NATIVE_VarChar] = {BIT(Text), 0, 0, CAST_RISKY},
    [NATIVE_Char] = {BIT(Text), 0, 0, CAST_RISKY},
    [NATIVE_Text] = {BIT(Citext), 0, ENDLESS, CAST_RISKY},
    [NATIVE_ByteA] = {BIT(Text), 0, ENDLESS, CAST_RISKY},
    [NATIVE_Timestamp] = {BIT(Text) | TIMES, 0, 23, CAST_NEVER},
    [NATIVE_Timestamptz] = {BIT(Text) | TIMES, 0, 28, CAST_NEVER},
    [NATIVE_Date] = {BIT(Text) | BIT(Timestamp) | BIT(Timestamptz), 0, 28, CAST_NEVER},
    [NATIVE_Time] = {BIT(Text) | BIT(Timetz), 0, 14, CAST_NEVER},
    [NATIVE_Timetz] = {BIT(Text) | BIT(Timetz) | BIT(Time), 0, 19, CAST_NEVER},
    [NATIVE_Boolean] = {BIT(Text) | BIT(VarChar), 0, 5, CAST_NEVER},
    [NATIVE_Bit] = {BIT(Text), 0, 0, CAST_NEVER},
    [NATIVE_VarBit] = {BIT(Text), 0, 0, CAST_RISKY},
    [NATIVE_Uuid] = {BIT(Text), 0, 32, CAST_NEVER},
    [NATIVE_Xml] = {BIT(Text), 0, ENDLESS, CAST_RISKY},
    [NATIVE_Json] = {BIT(Text) | BIT(JsonB), 0, ENDLESS, CAST_RISKY},
    [NATIVE_JsonB] = {BIT(Text) | BIT(Json), 0, ENDLESS, CAST_RISKY},
};

/* Char and Bit without an argument hold one, VarChar and VarBit any number. */
static uint32_t length_of(const ColumnType *t) {
  if (t->n_args) return t->args[0];
  return t->native == NATIVE_Char || t->native == NATIVE_Bit ? 1 : ENDLESS;
}

/* Characters that the longest value needs. */
static uint32_t width_of(const ColumnType *t) {
  if (rules[t->native].width) return rules[t->native].width;
  if (t->native != NATIVE_Decimal) return length_of(t);
  if (!t->n_args) return 131073;
  return t->args[0] + (t->args[1] ? 2 : 1); /* sign, point */
}

static Cast into_chars(const ColumnType *from, const ColumnType *to) {
  uint32_t length = length_of(to);
  if (from->native == NATIVE_Boolean && to->native == NATIVE_Char && length == 4) return CAST_RISKY;
  if (from->native == NATIVE_ByteA && length <= 2) return CAST_NEVER;
  return length < width_of(from) ? rules[from->native].narrow : CAST_SAFE;
}

/* Digits before the point that a type can have, for casts into Decimal and back. */
static uint32_t digits_of(NativeId n) { return n == NATIVE_SmallInt ? 3 : n == NATIVE_Integer ? 10 : 19; }

static Cast number_into_decimal(const ColumnType *from, const ColumnType *to) {
  if (!to->n_args) return CAST_SAFE;
  return (int64_t)to->args[0] - to->args[1] < digits_of(from->native) ? CAST_RISKY : CAST_SAFE;
}

static Cast decimal_into_number(const ColumnType *from, const ColumnType *to) {
  bool fits = from->n_args && !from->args[1] && from->args[0] < digits_of(to->native);
  return fits ? CAST_SAFE : CAST_RISKY;
}

static Cast decimal_into_decimal(const ColumnType *from, const ColumnType *to) {
  if (!to->n_args) return CAST_SAFE;
  if (!from->n_args) return to->args[0] < 131072 || to->args[1] < 16383 ? CAST_RISKY : CAST_SAFE;
  bool fewer = (int64_t)from->args[0] - from->args[1] > (int64_t)to->args[0] - to->args[1];
  return fewer || from->args[1] > to->args[1] ? CAST_RISKY : CAST_SAFE;
}

/* A type with a precision, which nobody needs to say. */
static Cast precision_change(const ColumnType *from, const ColumnType *to) {
  bool stays = !to->n_args || !from->n_args || from->args[0] == to->args[0];
  if (stays) return CAST_NONE;
  return rules[from->native].safe >> to->native & 1 ? CAST_SAFE : CAST_NEVER;
}

static Cast bits_into_bits(const ColumnType *from, const ColumnType *to) {
  uint32_t old = length_of(from), length = length_of(to);
  if (to->native == NATIVE_VarBit) {
    if (from->native == NATIVE_Bit) return length >= old ? CAST_SAFE : CAST_NEVER;
    return length > old ? CAST_SAFE : CAST_NEVER;
  }
  return from->native == NATIVE_VarBit && length <= old ? CAST_RISKY : CAST_NEVER;
}

static Cast native_cast(const ColumnType *from, const ColumnType *to) {
  const Rule *rule = &rules[from->native];
  bool number = NUMBERS >> from->native & 1, to_number = NUMBERS >> to->native & 1;
  bool bits = from->native == NATIVE_Bit || from->native == NATIVE_VarBit;
  if (number && to->native == NATIVE_Decimal) return number_into_decimal(from, to);
  if (from->native == NATIVE_Decimal && to_number) return decimal_into_number(from, to);
  if (from->native == NATIVE_Decimal && to->native == NATIVE_Decimal) return decimal_into_decimal(from, to);
  if (bits && (to->native == NATIVE_Bit || to->native == NATIVE_VarBit)) return bits_into_bits(from, to);
  if (from->native == to->native && TIMES >> to->native & 1) return precision_change(from, to);
  if (rule->safe >> to->native & 1) return CAST_SAFE;
  if (rule->risky >> to->native & 1) return CAST_RISKY;
  return CHARS >> to->native & 1 ? into_chars(from, to) : CAST_NEVER;
}

static bool same_native(const ColumnType *a, const ColumnType *b) {
  if (a->native != b->native) return false;
  if (a->native == NATIVE_Char || a->native == NATIVE_Bit) return length_of(a) == length_of(b);
  return a->n_args == b->n_args && a->args[0] == b->args[0] && a->args[1] == b->args[1];
}

static bool same_enum(const DbEnum *a, const DbEnum *b) {
  return slice_eq(a->name, b->name) && (slice_eq(a->schema, b->schema) || !a->schema.n || !b->schema.n);
}

static Cast list_becomes_scalar(const ColumnType *to) {
  if (to->native == NATIVE_Text || (to->native == NATIVE_VarChar && !to->n_args)) return CAST_SAFE;
  return to->native == NATIVE_VarChar || to->native == NATIVE_Char ? CAST_RISKY : CAST_NEVER;
}

Cast cast_of(const Column *from, const Column *to) {
  const ColumnType *old = &from->type, *new = &to->type;
  bool was_list = from->arity == ARITY_LIST, is_list = to->arity == ARITY_LIST;
  if (old->enum_ || new->enum_) {
    bool same = old->enum_ && new->enum_ &&same_enum(old->enum_, new->enum_);
    return same && was_list == is_list ? CAST_NONE : CAST_NEVER;
  }
  if (was_list && !is_list) return list_becomes_scalar(new);
  if (is_list && !was_list) return CAST_NEVER;
  if (old->native == NATIVE_COUNT && new->native == NATIVE_COUNT) return CAST_NONE;
  if (old->native == NATIVE_COUNT || new->native == NATIVE_COUNT) return CAST_RISKY;
  return same_native(old, new) ? CAST_NONE : native_cast(old, new);
}
