/* @default(value, map: "...") */
#include "psl/attributes.h"

#include <stdlib.h>

enum {
  ANY_SCALAR = ~0
};

typedef void CheckCall(ArgSet *a, FieldInfo *f, const Expr *call);

typedef struct Function { /* that may stand in @default(…) */
  const char *name;
  int scalars; /* 1 << ScalarType */
  CheckCall *check;
} Function;

static void accept(FieldInfo *f, const Expr *value) { f->default_value = value; }

static void call_without(ArgSet *a, FieldInfo *f, const Expr *call) {
  if (!call->args.n) {
    accept(f, call);
    return;
  }
  arg_error(a, "The `%.*s` function does not take any argument. Consider changing this default to `%.*s()`.",
            SLICE_ARGS(call->text), SLICE_ARGS(call->text));
}

static void call_auto(ArgSet *a, FieldInfo *f, const Expr *call) {
  if (call->args.n) {
    arg_error(a, "`auto()` takes no arguments");
  } else {
    accept(f, call);
  }
}

/* One optional integer, of which `allowed` says whether it is among those that `words` names. */
static void call_with_int(ArgSet *a, FieldInfo *f, const Expr *call, bool (*allowed)(long),
                          const char *words) {
  const Expr *value = call->args.n ? call->args.items[0].value : NULL;
  if (call->args.n > 1) arg_error(a, "`%.*s()` takes a single Int argument.", SLICE_ARGS(call->text));
  if (!value) {
    accept(f, call);
  } else if (value->kind != EXPR_NUMBER) {
    arg_error(a, "`%.*s()` takes a single Int argument.", SLICE_ARGS(call->text));
  } else if (memchr(value->text.p, '.', value->text.n) || value->text.n > 9 ||
             !allowed(strtol(value->text.p, NULL, 10))) {
    arg_error(a, "`%.*s()` takes either no argument, or a single integer argument %s.",
              SLICE_ARGS(call->text), words);
  } else {
    accept(f, call);
  }
}

static bool cuid_version(long n) { return n == 1 || n == 2; }
static bool uuid_version(long n) { return n == 4 || n == 7; }
static bool nanoid_length(long n) { return n >= 2 && n <= 255; }

static void call_cuid(ArgSet *a, FieldInfo *f, const Expr *call) {
  call_with_int(a, f, call, cuid_version, "which is either 1 or 2");
}

static void call_uuid(ArgSet *a, FieldInfo *f, const Expr *call) {
  call_with_int(a, f, call, uuid_version, "which is either 4 or 7");
}

static void call_nanoid(ArgSet *a, FieldInfo *f, const Expr *call) {
  call_with_int(a, f, call, nanoid_length, "between 2 and 255");
}

static void call_dbgenerated(ArgSet *a, FieldInfo *f, const Expr *call) {
  const Expr *value = call->args.n ? call->args.items[0].value : NULL;
  if (call->args.n > 1) arg_error(a, "`dbgenerated()` takes a single String argument");
  if (!value || (value->kind == EXPR_STRING && value->text.n)) {
    accept(f, call);
  } else if (value->kind == EXPR_STRING) {
    arg_error(a, "dbgenerated() takes either no argument, or a single nonempty string argument.");
  } else {
    arg_error(a, "`dbgenerated()` takes a single String argument");
  }
}

static const Function functions[] = {
    {"autoincrement", 1 << SCALAR_INT | 1 << SCALAR_BIGINT, call_without},
    {"cuid", 1 << SCALAR_STRING, call_cuid},
    {"uuid", 1 << SCALAR_STRING, call_uuid},
    {"ulid", 1 << SCALAR_STRING, call_without},
    {"nanoid", 1 << SCALAR_STRING, call_nanoid},
    {"now", 1 << SCALAR_DATETIME, call_without},
    {"auto", ANY_SCALAR, call_auto},
    {"dbgenerated", ANY_SCALAR, call_dbgenerated},
};

static const Function *function_find(Slice name) {
  for (size_t i = 0; i < COUNT(functions); i++)
    if (slice_is(name, functions[i].name)) return &functions[i];
  return NULL;
}

static bool is_call_of(const Expr *e, const char *name) {
  return e->kind == EXPR_CALL && slice_is(e->text, name);
}

/* --- literals --- */

static Slice printed(ArgSet *a, const Expr *e) {
  Buf b = buf_in(a->r->arena);
  expr_print(&b, e);
  return buf_slice(&b);
}

static bool literal_kind_fits(ScalarType s, ExprKind kind) {
  static const int accepts[] = {/* by ScalarType: 1 << ExprKind */
                                1 << EXPR_STRING, 1 << EXPR_CONSTANT, 1 << EXPR_NUMBER,
                                1 << EXPR_NUMBER, 1 << EXPR_NUMBER,   1 << EXPR_NUMBER | 1 << EXPR_STRING,
                                1 << EXPR_STRING, 1 << EXPR_STRING,   1 << EXPR_STRING};
  return accepts[s] >> kind & 1;
}

static bool check_literal(ArgSet *a, ScalarType s, const Expr *e) {
  if (!literal_kind_fits(s, e->kind)) {
    Slice text = printed(a, e);
    arg_error(a, "Expected a %s value, but found `%.*s`.", scalar_name(s), SLICE_ARGS(text));
    return false;
  }
  if (s == SCALAR_BOOLEAN && !slice_is(e->text, "true") && !slice_is(e->text, "false")) {
    error_attribute(a->r, "@", SLICE("default"), e->span, "A boolean literal must be `true` or `false`.");
    return false;
  }
  return true;
}

static bool check_enum_literal(ArgSet *a, const Enum *type, const Expr *e) {
  if (e->kind != EXPR_CONSTANT) {
    Slice text = printed(a, e);
    arg_error(a, "Expected an enum value, but found `%.*s`.", SLICE_ARGS(text));
    return false;
  }
  for (uint32_t i = 0; i < type->n_values; i++)
    if (slice_eq(type->values[i].name, e->text)) return true;
  arg_error(a, "The defined default value `%.*s` is not a valid value of the enum specified for the field.",
            SLICE_ARGS(e->text));
  return false;
}

static void enum_default(ArgSet *a, FieldInfo *f, const Expr *value) {
  const Enum *type = f->field->enum_;
  if (f->ast->arity != ARITY_LIST || value->kind != EXPR_LIST) {
    if (f->ast->arity == ARITY_LIST) {
      Slice text = printed(a, value);
      arg_error(a, "Expected an enum value, but found `%.*s`.", SLICE_ARGS(text));
    } else if (check_enum_literal(a, type, value)) {
      accept(f, value);
    }
    return;
  }
  for (uint32_t i = 0; i < value->n; i++)
    if (!check_enum_literal(a, type, value->items[i])) return;
  accept(f, value);
}

static void literal_default(ArgSet *a, FieldInfo *f, const Expr *value) {
  ScalarType s = f->field->scalar;
  bool list = f->ast->arity == ARITY_LIST;
  if (list && value->kind != EXPR_LIST) {
    arg_error(a, "The default value of a list field must be a list.");
    return;
  }
  if (!list && value->kind == EXPR_LIST) {
    arg_error(a, "The default value of a non-list field cannot be a list.");
    return;
  }
  for (uint32_t i = 0; list && i < value->n; i++)
    if (!check_literal(a, s, value->items[i])) return;
  if (list || check_literal(a, s, value)) accept(f, value);
}

/* --- entry points --- */

static void call_default(ArgSet *a, FieldInfo *f, const Expr *call) {
  const Function *function = function_find(call->text);
  ScalarType s = f->field->scalar;
  if (is_call_of(call, "autoincrement") && f->default_map.n) {
    arg_error(a, "Naming an autoincrement default value is not allowed.");
  } else if (!function) {
    f->unknown_function = call;
    accept(f, call);
  } else if (function->scalars >> s & 1) {
    function->check(a, f, call);
  } else {
    arg_error(a, "The function `%.*s()` cannot be used on fields of type `%s`.", SLICE_ARGS(call->text),
              scalar_name(s));
  }
}

void attribute_default(ArgSet *a, FieldInfo *f) {
  const Expr *value = arg_default(a, "value");
  if (!value) return;
  f->default_attr = a->attr;
  f->default_map = arg_name(a, "map");
  if (is_call_of(value, "dbgenerated")) {
    call_dbgenerated(a, f, value);
  } else if (f->composite) {
    diag_error(a->r->d, a->attr->span,
               "Error validating field `%.*s` in composite type `%.*s`: Defaults on fields of type composite "
               "are not "
               "supported. Please remove the `@default` attribute.",
               SLICE_ARGS(f->ast->name), SLICE_ARGS(f->composite->ast->name));
  } else if (f->field->kind == FIELD_ENUM) {
    enum_default(a, f, value);
  } else if (f->field->kind == FIELD_UNSUPPORTED) {
    arg_error(a, "Only @default(dbgenerated(\"...\")) can be used for Unsupported types.");
  } else if (value->kind == EXPR_CALL) {
    call_default(a, f, value);
  } else {
    literal_default(a, f, value);
  }
}

/* A function as the default of a composite type's field. */
static void composite_call(ArgSet *a, FieldInfo *f, const Expr *call) {
  if (is_call_of(call, "autoincrement") || is_call_of(call, "auto")) {
    arg_error(a, "The function `%.*s()` is not supported on composite fields.", SLICE_ARGS(call->text));
  } else if (!function_find(call->text)) {
    error_unknown_function(a->r, call);
  } else {
    call_default(a, f, call);
  }
}

void attribute_composite_default(ArgSet *a, FieldInfo *f) {
  const Expr *value = arg_default(a, "value");
  if (!value) return;
  f->default_attr = a->attr;
  if (arg_take(a, "map")) arg_error(a, "The `map` argument is not allowed on a composite type field.");
  if (is_call_of(value, "dbgenerated")) {
    arg_error(a, "Fields of composite types cannot have `dbgenerated()` as default.");
  } else if (f->composite) {
    diag_error(a->r->d, a->attr->span,
               "Error validating field `%.*s` in composite type `%.*s`: Defaults on fields of type composite "
               "are not "
               "supported. Please remove the `@default` attribute.",
               SLICE_ARGS(f->ast->name), SLICE_ARGS(f->composite->ast->name));
  } else if (f->field->kind == FIELD_ENUM) {
    enum_default(a, f, value);
  } else if (f->field->kind == FIELD_UNSUPPORTED) {
    arg_error(a, "Composite field of type `Unsupported` cannot have default values.");
  } else if (value->kind == EXPR_CALL) {
    composite_call(a, f, value);
  } else {
    literal_default(a, f, value);
  }
}
