#include "psl/native.h"

/* A number of 32 bits without sign, as it is written in the schema. */
static bool read_u32(Slice s, uint32_t *value) {
  uint64_t v = 0;
  if (!s.n || s.n > 10) return false;
  for (uint32_t i = 0; i < s.n; i++) {
    if (s.p[i] < '0' || s.p[i] > '9') return false;
    v = v * 10 + (uint64_t)(s.p[i] - '0');
  }
  *value = (uint32_t)v;
  return v <= UINT32_MAX;
}

bool native_arguments(const NativeEntry *native, const Arguments *args, uint32_t values[2]) {
  if (!args->n || !native->max_args) return true; /* what takes none ignores them */
  if (args->n != native->max_args) return false;
  for (uint32_t i = 0; i < args->n; i++) {
    const Expr *e = args->items[i].value;
    if (e->kind != EXPR_NUMBER || !read_u32(e->text, &values[i])) return false;
  }
  return true;
}

static Slice native_text(Arena *a, const NativeEntry *native, uint32_t n, const uint32_t values[2]) {
  if (n == 0) return native->name;
  if (n == 1) return slice_printf(a, "%.*s(%u)", SLICE_ARGS(native->name), values[0]);
  return slice_printf(a, "%.*s(%u,%u)", SLICE_ARGS(native->name), values[0], values[1]);
}

static void not_numbers(Diags *d, Arena *a, const NativeEntry *native, const Arguments *args, Span span) {
  Buf list = buf_in(a);
  for (uint32_t i = 0; i < args->n; i++) {
    if (i) buf_text(&list, ", ");
    expr_print(&list, args->items[i].value);
  }
  Slice text = buf_slice(&list);
  diag_error(d, span, "Expected %s, but found (%.*s).",
             native->max_args == 2 ? "two nonnegative integers" : "a nonnegative integer", SLICE_ARGS(text));
}

/* Why the numbers are out of the type's range; NULL when they are not. */
static const char *range_fault(const NativeEntry *native, const uint32_t values[2]) {
  switch (native->id) {
    case NATIVE_Decimal:
      return values[0] > 1000 || values[0] == 0 ? "Precision must be positive with a maximum value of 1000."
                                                : NULL;
    case NATIVE_Bit:
    case NATIVE_VarBit: return values[0] == 0 ? "M must be a positive integer." : NULL;
    case NATIVE_Timestamp:
    case NATIVE_Timestamptz:
    case NATIVE_Time:
    case NATIVE_Timetz: return values[0] > 6 ? "M can range from 0 to 6." : NULL;
    default: return NULL;
  }
}

void native_check(Diags *d, Arena *a, const NativeEntry *native, const Arguments *args, Span span) {
  uint32_t values[2] = {0, 0};
  if (!native_arguments(native, args, values)) {
    not_numbers(d, a, native, args, span);
    return;
  }
  if (!args->n) return;
  Slice text = native_text(a, native, args->n, values);
  const char *fault = range_fault(native, values);
  if (native->id == NATIVE_Decimal && values[1] > values[0]) {
    diag_error(d, span,
               "The scale must not be larger than the precision for the %.*s native type in Postgres.",
               SLICE_ARGS(text));
  } else if (fault) {
    diag_error(d, span, "Argument M is out of range for native type `%.*s` of Postgres: %s", SLICE_ARGS(text),
               fault);
  }
}

static Slice trim(Slice s) {
  while (s.n && *s.p == ' ') s.p++, s.n--;
  while (s.n && s.p[s.n - 1] == ' ') s.n--;
  return s;
}

bool native_of_text(Arena *a, Slice text, Slice *scalar, Slice *native) {
  const char *open = memchr(text.p, '(', text.n);
  const char *close = open ? memchr(open, ')', text.n - (uint32_t)(open - text.p)) : NULL;
  uint32_t values[2] = {0, 0}, n = 0;
  if (open == text.p) return false;
  Slice name = trim((Slice){text.p, open ? (uint32_t)(open - text.p) : text.n});
  const NativeEntry *entry = native_find(name);
  if (!entry) return false;
  Slice rest = close ? (Slice){open + 1, (uint32_t)(close - open) - 1} : (Slice){"", 0};
  for (bool more = close != NULL; more; n++) {
    const char *comma = rest.n ? memchr(rest.p, ',', rest.n) : NULL;
    Slice part = {rest.p, comma ? (uint32_t)(comma - rest.p) : rest.n};
    if (n == 2 || !read_u32(trim(part), &values[n])) return false;
    more = comma != NULL;
    if (more) rest = (Slice){comma + 1, rest.n - part.n - 1};
  }
  if (n != 0 && n != entry->max_args) return false;
  *scalar = slice_of(scalar_name(entry->scalar));
  *native = native_text(a, entry, n, values);
  return true;
}
