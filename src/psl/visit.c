#include "psl/visit.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/vec.h"

/* --- attributes --- */

AttrSet attrs_open(Resolver *r, const Attribute *items, uint32_t n) {
  return (AttrSet){r, items, n, ARENA_ARRAY(r->arena, bool, n)};
}

/* On a field, on a block; the rest is for nobody on PostgreSQL. */
static const Slice field_attributes[] = {
    SLICE_INIT("id"),  SLICE_INIT("unique"),    SLICE_INIT("default"), SLICE_INIT("relation"),
    SLICE_INIT("map"), SLICE_INIT("updatedAt"), SLICE_INIT("ignore")};
static const Slice block_attributes[] = {SLICE_INIT("id"),  SLICE_INIT("unique"), SLICE_INIT("index"),
                                         SLICE_INIT("map"), SLICE_INIT("ignore"), SLICE_INIT("schema")};

static void unknown_attribute(Resolver *r, const Attribute *a) {
  diag_error(r->d, a->span, "Attribute not known: \"@%.*s\".", SLICE_ARGS(a->name));
  if (a->name_span.start - a->span.start > 1) {
    hint_nearest(r, a->span, a->name, block_attributes, COUNT(block_attributes), "@@");
  } else {
    hint_nearest(r, a->span, a->name, field_attributes, COUNT(field_attributes), "@");
  }
}

void attrs_close(AttrSet *s) {
  for (uint32_t i = 0; i < s->n; i++)
    if (!s->used[i]) unknown_attribute(s->r, &s->items[i]);
}

static void missing_value(Resolver *r, const Attribute *attr, const char *sign, const Argument *arg) {
  error_attribute(r, sign, attr->name, arg->name_span, "The `%.*s` argument is missing a value.",
                  SLICE_ARGS(arg->name));
}

/* Calls in a list that is an argument: [a(sort:)]. */
static void check_list_items(Resolver *r, const Attribute *attr, const Expr *list) {
  for (uint32_t i = 0; i < list->n; i++) {
    const Expr *item = list->items[i];
    for (uint32_t k = 0; item->kind == EXPR_CALL && k < item->args.n_empty; k++)
      missing_value(r, attr, "@@", &item->args.empty[k]);
  }
}

/* False: a value is missing, so that nothing else said about the arguments would be right. */
static bool check_arguments(Resolver *r, const Attribute *attr, const Arguments *args) {
  for (uint32_t i = 0; i < args->n_empty; i++) missing_value(r, attr, "@", &args->empty[i]);
  for (uint32_t i = 0; i < args->n; i++)
    if (args->items[i].value->kind == EXPR_LIST) check_list_items(r, attr, args->items[i].value);
  if (args->trailing_comma.end > args->trailing_comma.start)
    error_attribute(r, "@", attr->name, args->trailing_comma,
                    "Trailing commas are not valid in attribute arguments, please remove the comma.");
  return args->n_empty == 0;
}

static bool argument_is(const Argument *a, const char *name) {
  return name ? slice_is(a->name, name) && a->name.n : a->name.n == 0;
}

/* Each name once, and one positional argument. */
static void check_repeated(ArgSet *a) {
  const Arguments *args = &a->attr->args;
  Buf unnamed = buf_in(a->r->arena);
  Map seen = map_in(a->r->arena);
  uint32_t positional = 0;
  for (uint32_t i = 0; i < args->n; i++) {
    Argument *arg = &args->items[i];
    if (!arg->name.n) {
      if (positional++) buf_text(&unnamed, ", ");
      expr_print(&unnamed, arg->value);
    } else if (map_put(&seen, arg->name, arg)) {
      diag_error(a->r->d, arg->span, "Argument \"%.*s\" is already specified.", SLICE_ARGS(arg->name));
    }
  }
  if (positional > 1) {
    Slice list = buf_slice(&unnamed);
    arg_error(
        a,
        "You provided multiple unnamed arguments. This is not possible. Did you forget the brackets? Did you "
        "mean `[%.*s]`?",
        SLICE_ARGS(list));
  }
}

static bool attr_open(Resolver *r, const Attribute *attr, ArgSet *a) {
  bool good = check_arguments(r, attr, &attr->args);
  for (uint32_t i = 0; i < attr->args.n; i++) {
    const Expr *value = attr->args.items[i].value;
    if (value->kind == EXPR_CALL && !check_arguments(r, attr, &value->args)) good = false;
  }
  if (!good) return false;
  *a = (ArgSet){r, attr, ARENA_ARRAY(r->arena, bool, attr->args.n)};
  check_repeated(a);
  return true;
}

bool attr_take(AttrSet *s, const char *name, ArgSet *a) {
  uint32_t count = 0, first = 0;
  for (uint32_t i = 0; i < s->n; i++) {
    if (!slice_is(s->items[i].name, name)) continue;
    if (!count++) first = i;
    s->used[i] = true;
  }
  for (uint32_t i = first; count > 1 && i < s->n; i++)
    if (slice_is(s->items[i].name, name))
      diag_error(s->r->d, s->items[i].span, "Attribute \"@%s\" can only be defined once.", name);
  return count == 1 && attr_open(s->r, &s->items[first], a);
}

bool attr_take_next(AttrSet *s, const char *name, ArgSet *a) {
  for (uint32_t i = 0; i < s->n; i++) {
    if (s->used[i] || !slice_is(s->items[i].name, name)) continue;
    s->used[i] = true;
    if (attr_open(s->r, &s->items[i], a)) return true;
  }
  return false;
}

const Attribute *attr_take_scoped(AttrSet *s, Slice *scope, Slice *name) {
  const Attribute *found = NULL;
  for (uint32_t i = 0; i < s->n; i++) {
    Slice whole = s->items[i].name;
    const char *dot = memchr(whole.p, '.', whole.n);
    if (!dot) continue;
    s->used[i] = true;
    *scope = (Slice){whole.p, (uint32_t)(dot - whole.p)};
    *name = (Slice){dot + 1, whole.n - scope->n - 1};
    if (found)
      diag_error(s->r->d, s->items[i].span, "Attribute \"@%.*s\" can only be defined once.",
                 SLICE_ARGS(*scope));
    found = &s->items[i];
  }
  return found;
}

/* --- arguments --- */

void arg_error(ArgSet *a, const char *format, ...) {
  va_list args;
  va_start(args, format);
  Slice text = text_format(a->r->arena, format, args);
  va_end(args);
  error_attribute(a->r, "@", a->attr->name, a->attr->span, "%.*s", SLICE_ARGS(text));
}

/* The last of that name (NULL: positional); all of them count as taken. */
static const Argument *take(ArgSet *a, const char *name) {
  const Argument *found = NULL;
  for (uint32_t i = 0; i < a->attr->args.n; i++) {
    if (!argument_is(&a->attr->args.items[i], name)) continue;
    a->used[i] = true;
    found = &a->attr->args.items[i];
  }
  return found;
}

const Expr *arg_take(ArgSet *a, const char *name) {
  const Argument *found = take(a, name);
  return found ? found->value : NULL;
}

static const Expr *take_default(ArgSet *a, const char *name, bool quiet) {
  const Argument *named = take(a, name), *positional = take(a, NULL);
  if (!named != !positional) return named ? named->value : positional->value;
  if (quiet) return NULL;
  if (named) {
    diag_error(a->r->d, named->span, "Argument \"%s\" is already specified as unnamed argument.", name);
  } else {
    diag_error(a->r->d, a->attr->span, "Argument \"%s\" is missing.", name);
  }
  return NULL;
}

const Expr *arg_default(ArgSet *a, const char *name) { return take_default(a, name, false); }

const Expr *arg_default_quietly(ArgSet *a, const char *name) { return take_default(a, name, true); }

void args_close(ArgSet *a) {
  const Arguments *args = &a->attr->args;
  Map last = map_in(a->r->arena); /* only the last of a name counts */
  uint32_t unused = 0;
  for (uint32_t i = 0; i < args->n; i++) unused += !a->used[i];
  for (uint32_t i = 0; unused && i < args->n; i++) map_put(&last, args->items[i].name, &args->items[i]);
  for (uint32_t i = 0; unused && i < args->n; i++)
    if (!a->used[i] && map_get(&last, args->items[i].name) == &args->items[i])
      diag_error(a->r->d, args->items[i].span, "No such argument.");
}

/* --- coercions --- */

void expr_mismatch(Resolver *r, const Expr *e, const char *expected) {
  Buf raw = buf_in(r->arena);
  expr_print(&raw, e);
  Slice text = buf_slice(&raw);
  diag_error(r->d, e->span, "Expected a %s value, but received %s value `%.*s`.", expected, expr_kind_name(e),
             SLICE_ARGS(text));
}

static bool expr_text(Resolver *r, const Expr *e, ExprKind kind, const char *expected, Slice *out) {
  *out = e->text;
  if (e->kind == kind) return true;
  expr_mismatch(r, e, expected);
  return false;
}

bool expr_string(Resolver *r, const Expr *e, Slice *out) {
  return expr_text(r, e, EXPR_STRING, "string", out);
}

bool expr_constant(Resolver *r, const Expr *e, Slice *out) {
  return expr_text(r, e, EXPR_CONSTANT, "constant", out);
}

bool expr_boolean(Resolver *r, const Expr *e, bool *out) {
  *out = e->kind == EXPR_CONSTANT && slice_is(e->text, "true");
  if (*out || (e->kind == EXPR_CONSTANT && slice_is(e->text, "false"))) return true;
  expr_mismatch(r, e, "boolean");
  return false;
}

bool expr_integer(Resolver *r, const Expr *e, int64_t *out) {
  char digits[24];
  if (e->kind == EXPR_NUMBER && e->text.n < sizeof digits && !memchr(e->text.p, '.', e->text.n)) {
    memcpy(digits, e->text.p, e->text.n);
    digits[e->text.n] = '\0';
    errno = 0;
    *out = strtoll(digits, NULL, 10);
    if (errno == 0) return true;
  }
  expr_mismatch(r, e, "numeric");
  return false;
}

Slice arg_name(ArgSet *a, const char *name) {
  const Expr *e = arg_take(a, name);
  Slice text;
  if (!e || !expr_string(a->r, e, &text)) return (Slice){NULL, 0};
  if (!text.n) arg_error(a, "The `%s` argument cannot be an empty string.", name);
  return text;
}
