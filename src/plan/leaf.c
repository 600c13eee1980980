/* What fits which column: one author for the planner (which checks) and the engine (which encodes). */
#include <math.h>
#include <stdio.h>

#include "base/datetime.h"
#include "base/decimal.h"
#include "base/json.h"
#include "base/utf8.h"
#include "plan/plan.h"

typedef struct Leaf {
  Arena *arena;
  const Arg *arg;
  const Param *param;
  Value *out;
  Err *e;
} Leaf;

typedef bool LeafReader(const Leaf *x);

static bool put_int(const Leaf *x, ValueKind kind, int64_t i) {
  *x->out = (Value){.kind = kind, .u.i = i};
  return true;
}

static bool put_text(const Leaf *x, ValueKind kind, Slice s) {
  *x->out = (Value){.kind = kind, .len = s.n, .u.p = s.p};
  return true;
}

static const char *const scalar_names[] = {
    [SCALAR_STRING] = "String",     [SCALAR_BOOLEAN] = "Boolean", [SCALAR_INT] = "Int",
    [SCALAR_BIGINT] = "BigInt",     [SCALAR_FLOAT] = "Float",     [SCALAR_DECIMAL] = "Decimal",
    [SCALAR_DATETIME] = "DateTime", [SCALAR_JSON] = "Json",       [SCALAR_BYTES] = "Bytes",
};

/* What a person calls the type. */
static Slice wanted(const Leaf *x) {
  static const char *const kinds[] = {
      [VALUE_BOOL] = "Boolean",      [VALUE_INT] = "Int",         [VALUE_FLOAT] = "Float",
      [VALUE_TEXT] = "String",       [VALUE_BYTES] = "Bytes",     [VALUE_JSON] = "Json",
      [VALUE_DATETIME] = "DateTime", [VALUE_DECIMAL] = "Decimal",
  };
  const Param *p = x->param;
  if (p->enum_) return p->enum_->name;
  if (p->field && p->field->kind == FIELD_SCALAR) return slice_of(scalar_names[p->field->scalar]);
  return slice_of(kinds[type_kind((TypeId)p->type)]);
}

static bool mismatch(const Leaf *x) {
  Slice want = wanted(x);
  return err_set(x->e, ERR_VALIDATION, "Invalid value provided. Expected %.*s, provided %s.",
                 SLICE_ARGS(want), arg_kind_name(x->arg));
}

static bool malformed(const Leaf *x, const char *why) {
  enum {
    SHOWN = 40
  };
  Slice text = arg_text(x->arg), want = wanted(x);
  return err_set(x->e, ERR_VALIDATION, "Invalid value `%.*s%s` for %.*s: %s.",
                 (int)(text.n < SHOWN ? text.n : SHOWN), text.p, text.n > SHOWN ? "..." : "",
                 SLICE_ARGS(want), why);
}

static bool read_bool(const Leaf *x) {
  return x->arg->kind == ARG_BOOL ? put_int(x, VALUE_BOOL, x->arg->u.i) : mismatch(x);
}

/* ---- numbers ---- */

/* A whole number, however it came; a numeric string only where 64 bits are asked for (JSON cannot say them).
 */
static bool whole_number(const Leaf *x, int64_t *out) {
  const Arg *a = x->arg;
  Slice canonical;
  switch ((ArgKind)a->kind) {
    case ARG_INT: *out = a->u.i; return true;
    case ARG_FLOAT:
      if (a->u.f != floor(a->u.f) || a->u.f < -0x1p63 || a->u.f >= 0x1p63) return mismatch(x);
      *out = (int64_t)a->u.f;
      return true;
    case ARG_STRING:
      if (x->param->type != TYPE_INT8) return mismatch(x);
      if (!decimal_parse(x->arena, arg_text(a), &canonical, x->e)) return malformed(x, "it is not a number");
      break;
    case ARG_DECIMAL: canonical = arg_text(a); break;
    default: return mismatch(x);
  }
  return decimal_to_int(canonical, out) ||
         err_set(x->e, ERR_VALIDATION,
                 "A number used in the query does not fit into a 64 bit signed integer.");
}

static bool read_int(const Leaf *x) {
  static const struct {
    TypeId type;
    int64_t min, max;
    const char *name;
  } ranges[] = {
      {TYPE_INT2, INT16_MIN, INT16_MAX, "an INT2 (16-bit signed integer)"},
      {TYPE_INT4, INT32_MIN, INT32_MAX, "an INT4 (32-bit signed integer)"},
      {TYPE_OID, 0, UINT32_MAX, "an OID (32-bit unsigned integer)"},
  };
  int64_t i;
  if (!whole_number(x, &i)) return false;
  for (size_t k = 0; k < COUNT(ranges); k++)
    if (ranges[k].type == x->param->type && (i < ranges[k].min || i > ranges[k].max))
      return err_set(x->e, ERR_VALIDATION, "Unable to fit integer value '%lld' into %s.", (long long)i,
                     ranges[k].name);
  return put_int(x, VALUE_INT, i);
}

static bool read_float(const Leaf *x) {
  int64_t whole;
  double f;
  switch ((ArgKind)x->arg->kind) {
    case ARG_INT: f = (double)x->arg->u.i; break;
    case ARG_FLOAT: f = x->arg->u.f; break;
    case ARG_DECIMAL:
      if (!memchr(x->arg->u.p, '.', x->arg->n) && !decimal_to_int(arg_text(x->arg), &whole))
        return err_set(x->e, ERR_VALIDATION,
                       "A number used in the query does not fit into a 64 bit signed integer.");
      f = decimal_to_double(arg_text(x->arg));
      break;
    default: return mismatch(x);
  }
  *x->out = (Value){.kind = VALUE_FLOAT, .u.f = f};
  return true;
}

static bool read_decimal(const Leaf *x) {
  Slice canonical;
  switch ((ArgKind)x->arg->kind) {
    case ARG_INT: canonical = decimal_of_int(x->arena, x->arg->u.i); break;
    case ARG_FLOAT: canonical = decimal_of_double(x->arena, x->arg->u.f); break;
    case ARG_DECIMAL: canonical = arg_text(x->arg); break;
    case ARG_STRING:
      if (!decimal_parse(x->arena, arg_text(x->arg), &canonical, x->e))
        return malformed(x, "it is not a decimal number");
      break;
    default: return mismatch(x);
  }
  return put_text(x, VALUE_TEXT, canonical);
}

/* ---- texts ---- */

static bool check_text(const Leaf *x) {
  if (x->arg->kind != ARG_STRING) return mismatch(x);
  if (memchr(x->arg->u.p, 0, x->arg->n))
    return err_set(x->e, ERR_VALIDATION, "A string with a NUL byte cannot be stored as text.");
  return utf8_valid(arg_text(x->arg)) ||
         err_set(x->e, ERR_VALIDATION, "The string is not valid UTF-8. (Bytes fields take any bytes.)");
}

static bool like_pattern(const Leaf *x) {
  Slice s = arg_text(x->arg);
  Buf b = buf_in(x->arena);
  if (x->param->transform != AS_LIKE_STARTS) buf_byte(&b, '%');
  for (uint32_t i = 0; i < s.n; i++) {
    if (s.p[i] == '%' || s.p[i] == '_' || s.p[i] == '\\') buf_byte(&b, '\\');
    buf_byte(&b, s.p[i]);
  }
  if (x->param->transform != AS_LIKE_ENDS) buf_byte(&b, '%');
  return put_text(x, VALUE_TEXT, buf_slice(&b));
}

static bool enum_label(const Leaf *x) {
  const Enum *en = x->param->enum_;
  Slice *names = ARENA_ARRAY(x->arena, Slice, en->n_values + 1);
  Buf list = buf_in(x->arena);
  for (uint32_t i = 0; i < en->n_values; i++) {
    if (slice_eq(en->values[i].name, arg_text(x->arg))) return put_text(x, VALUE_TEXT, en->values[i].db_name);
    names[i] = en->values[i].name;
    buf_printf(&list, "%s`%.*s`", i ? ", " : "", SLICE_ARGS(names[i]));
  }
  Slice nearest = slice_nearest(arg_text(x->arg), names, en->n_values);
  return err_set(x->e, ERR_VALIDATION, "`%.*s` is not a value of enum %.*s.%s%.*s%s Allowed: %.*s.",
                 (int)(x->arg->n < 64 ? x->arg->n : 64), x->arg->u.p, SLICE_ARGS(en->name),
                 nearest.n ? " Did you mean `" : "", SLICE_ARGS(nearest), nearest.n ? "`?" : "", (int)list.n,
                 list.p ? list.p : "");
}

/* 32 hexadecimal digits; hyphens between bytes and braces around are the server's to take or not. */
static bool uuid_text(Slice s) {
  uint32_t digits = 0;
  for (uint32_t i = 0; i < s.n; i++) {
    bool hex = (s.p[i] >= '0' && s.p[i] <= '9') || ((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'f');
    if (!hex && !strchr("-{}", s.p[i])) return false;
    digits += hex;
  }
  return digits == 32;
}

static bool read_text(const Leaf *x) {
  if (!check_text(x)) return false;
  switch ((Transform)x->param->transform) {
    case AS_LIKE_CONTAINS:
    case AS_LIKE_STARTS:
    case AS_LIKE_ENDS: return like_pattern(x);
    default: break;
  }
  if (x->param->enum_) return enum_label(x);
  if (x->param->type == TYPE_UUID && !uuid_text(arg_text(x->arg))) return malformed(x, "it is not a UUID");
  return put_text(x, VALUE_TEXT, arg_text(x->arg));
}

static bool read_bytes(const Leaf *x) {
  return x->arg->kind == ARG_STRING ? put_text(x, VALUE_BYTES, arg_text(x->arg)) : mismatch(x);
}

/* Is there a \u0000 in the document? json keeps it, jsonb has no room for it. */
static bool says_nul(Slice json) {
  const char *end = json.p + json.n;
  for (const char *p = json.p; (p = memchr(p, '\\', (size_t)(end - p))); p += 2)
    if (end - p >= 6 && !memcmp(p + 1, "u0000", 5)) return true;
  return false;
}

static bool read_json(const Leaf *x) {
  if (x->param->transform == AS_JSON_TEXT) return check_text(x) && put_text(x, VALUE_JSON, arg_text(x->arg));
  Buf b = buf_in(x->arena);
  if (!json_from_arg(&b, x->arg, x->e)) return false;
  if (x->param->type == TYPE_JSONB && says_nul(buf_slice(&b)))
    return err_set(x->e, ERR_VALIDATION, "A string with a NUL byte cannot be stored in jsonb.");
  return put_text(x, VALUE_JSON, buf_slice(&b));
}

/* ---- instants ---- */

enum {
  MICROS = 1000000
};

static bool time_only(Slice s) { return s.n >= 5 && s.p[2] == ':'; }

static bool read_datetime(const Leaf *x) {
  int64_t micros;
  const Arg *a = x->arg;
  Slice text = arg_text(a);
  switch ((ArgKind)a->kind) {
    case ARG_DATETIME: return put_int(x, VALUE_DATETIME, a->u.i);
    case ARG_INT:
      if (__builtin_mul_overflow(a->u.i, MICROS, &micros))
        return err_set(x->e, ERR_VALIDATION, "The number of seconds is out of range.");
      return put_int(x, VALUE_DATETIME, micros);
    case ARG_FLOAT:
      if (!(fabs(a->u.f) < 9e12))
        return err_set(x->e, ERR_VALIDATION, "The number of seconds is out of range.");
      return put_int(x, VALUE_DATETIME, llround(a->u.f * MICROS));
    case ARG_STRING:
      if (time_only(text)) text = slice_printf(x->arena, "1970-01-01T%.*s", SLICE_ARGS(text));
      if (!datetime_parse(text, &micros)) return malformed(x, "it is not an ISO 8601 date");
      return put_int(x, VALUE_DATETIME, micros);
    default: return mismatch(x);
  }
}

static LeafReader *const readers[] = {
    [VALUE_BOOL] = read_bool,         [VALUE_INT] = read_int,         [VALUE_FLOAT] = read_float,
    [VALUE_TEXT] = read_text,         [VALUE_BYTES] = read_bytes,     [VALUE_JSON] = read_json,
    [VALUE_DATETIME] = read_datetime, [VALUE_DECIMAL] = read_decimal,
};

/* An instant as PostgreSQL reads it: no year 0, no signs, and a time of day has no date. */
static Slice moment_text(int64_t micros, TypeId type, char room[DATETIME_TEXT]) {
  int64_t year;
  int month, day, hour, minute, second, part, n = 0;
  if (micros == DATETIME_INFINITY || micros == DATETIME_MINUS_INFINITY)
    return (Slice){room, datetime_format(micros, room)};
  datetime_split(micros, &year, &month, &day, &hour, &minute, &second, &part);
  bool dated = type != TYPE_TIME && type != TYPE_TIMETZ, past = dated && year <= 0;
  if (dated)
    n = snprintf(room, DATETIME_TEXT, "%04lld-%02d-%02dT", (long long)(past ? 1 - year : year), month, day);
  n += snprintf(room + n, DATETIME_TEXT - (size_t)n, "%02d:%02d:%02d.%06dZ%s", hour, minute, second, part,
                past ? " BC" : "");
  return (Slice){room, (uint32_t)n};
}

/* An element in double quotes, as array_in reads it. */
static void float_text(Buf *b, double f) {
  if (isfinite(f))
    json_float(b, f);
  else
    buf_text(b, isnan(f) ? "NaN" : f > 0 ? "Infinity" : "-Infinity");
}

static void element_text(Buf *b, const Value *v, TypeId type) {
  char room[DATETIME_TEXT];
  Slice text = {v->u.p, v->len};
  switch ((ValueKind)v->kind) {
    case VALUE_NULL: buf_text(b, "NULL"); return;
    case VALUE_BOOL: buf_text(b, v->u.i ? "t" : "f"); return;
    case VALUE_INT: buf_int(b, v->u.i); return;
    case VALUE_FLOAT: float_text(b, v->u.f); return;
    case VALUE_DATETIME: text = moment_text(v->u.i, type, room); break;
    default: break;
  }
  buf_byte(b, '"');
  if (v->kind == VALUE_BYTES) buf_text(b, "\\\\x");
  for (uint32_t i = 0; i < text.n; i++) {
    if (v->kind == VALUE_BYTES) {
      buf_printf(b, "%02x", (unsigned char)text.p[i]);
      continue;
    }
    if (text.p[i] == '"' || text.p[i] == '\\') buf_byte(b, '\\');
    buf_byte(b, text.p[i]);
  }
  buf_byte(b, '"');
}

/* {1,2} or {"a","b"}. */
static bool read_array_text(const Leaf *x) {
  const Field *f = x->param->field;
  bool json = f->type == TYPE_JSON || f->type == TYPE_JSONB;
  Param element = {.type = (uint8_t)f->type,
                   .transform = json ? AS_JSON : AS_IS,
                   .required = true,
                   .enum_ = f->enum_,
                   .field = f};
  Buf b = buf_in(x->arena);
  if (!arg_is_list(x->arg)) return mismatch(x);
  buf_byte(&b, '{');
  for (uint32_t i = 0; i < x->arg->n; i++) {
    Value v;
    if (!leaf_value(x->arena, &x->arg->u.items[i], &element, &v, x->e)) return false;
    if (i) buf_byte(&b, ',');
    element_text(&b, &v, f->type);
  }
  buf_byte(&b, '}');
  return put_text(x, VALUE_TEXT, buf_slice(&b));
}

bool leaf_value(Arena *scratch, const Arg *arg, const Param *param, Value *out, Err *e) {
  Leaf x = {scratch, arg, param, out, e};
  if (arg->kind == ARG_NULL || arg->kind == ARG_DB_NULL)
    return param->required ? err_set(e, ERR_VALIDATION, "Argument must not be null.")
                           : put_int(&x, VALUE_NULL, 0);
  if (param->transform == AS_ARRAY_TEXT) return read_array_text(&x);
  if (param->transform == AS_JSON || param->transform == AS_JSON_TEXT) return read_json(&x);
  return readers[type_kind((TypeId)param->type)](&x);
}
