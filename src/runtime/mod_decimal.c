/* lorm.decimal: exact numbers. Arithmetic with decimals, integers and decimal texts; a float is taken at the
 * shortest text that reads back the same.
 *   lorm.decimal "12.50" * 2   d:round(2)   d:tonumber()   d:tointeger() */
#include "base/decimal.h"

#include "runtime/throw.h"
#include "runtime/values.h"

void value_push_decimal(lua_State *L, const Runtime *rt, Slice canonical) {
  Decimal *d = lua_newuserdatauv(L, sizeof *d + canonical.n + 1, 0);
  d->n = canonical.n;
  memcpy(d->text, canonical.p, canonical.n);
  d->text[canonical.n] = 0;
  runtime_mark(L, rt, KIND_DECIMAL);
}

/* What an operand can be, read without raising: the arithmetic below runs under arena_protect. */
typedef struct Operand {
  int type; /* LUA_TUSERDATA: a decimal; LUA_TNUMBER: integer or float; LUA_TSTRING */
  bool whole;
  int64_t i;
  double f;
  Slice text;
} Operand;

/* [-0, +0, v] */
static Operand operand(lua_State *L, Runtime *rt, int index) {
  Operand o = {.type = lua_type(L, index)};
  Decimal *d = runtime_test(L, rt, index, KIND_DECIMAL);
  if (d) {
    o.text = (Slice){d->text, d->n};
  } else if (o.type == LUA_TNUMBER) {
    o.whole = lua_isinteger(L, index);
    if (o.whole)
      o.i = lua_tointeger(L, index);
    else
      o.f = lua_tonumber(L, index);
  } else if (o.type == LUA_TSTRING) {
    o.text = value_slice(L, index);
  } else {
    luaL_typeerror(L, index, "decimal");
  }
  return o;
}

typedef struct Sum { /* a computation, across arena_protect */
  Arena *arena;
  Operand a, b;
  int op; /* DecimalOp, or one of those below */
  int digits;
  Slice result;
  Err e;
  bool done;
} Sum;
enum {
  OP_NONE = -1, /* a itself */
  OP_NEGATE = -2
};

static bool text_of(Sum *s, const Operand *o, Slice *out) {
  if (o->type == LUA_TSTRING) return decimal_parse(s->arena, o->text, out, &s->e);
  if (o->type == LUA_TUSERDATA)
    *out = o->text;
  else
    *out = o->whole ? decimal_of_int(s->arena, o->i) : decimal_of_double(s->arena, o->f);
  return true;
}

static void compute_body(void *ctx) {
  Sum *s = ctx;
  Slice a, b;
  if (!text_of(s, &s->a, &a)) return;
  if (s->op == OP_NONE || s->op == OP_NEGATE) {
    s->result = s->op == OP_NONE ? a : decimal_negate(s->arena, a);
    s->done = true;
  } else if (text_of(s, &s->b, &b)) {
    s->done = decimal_compute(s->arena, (DecimalOp)s->op, a, b, &s->result, &s->e);
  }
}

/* [-0, +1, v] */
static int compute(lua_State *L, int op) {
  Runtime *rt = runtime_of(L);
  arena_reset(rt->scratch);
  Sum s = {.arena = rt->scratch, .a = operand(L, rt, 1), .op = op};
  if (op >= 0) s.b = operand(L, rt, 2);
  if (!arena_protect(rt->scratch, NULL, compute_body, &s)) err_oom(&s.e);
  if (!s.done) return throw_err(L, &s.e);
  value_push_decimal(L, rt, s.result);
  return 1;
}

static int decimal_new(lua_State *L) { return compute(L, OP_NONE); }
static int negate(lua_State *L) { return compute(L, OP_NEGATE); }
static int add(lua_State *L) { return compute(L, DECIMAL_ADD); }
static int subtract(lua_State *L) { return compute(L, DECIMAL_SUB); }
static int multiply(lua_State *L) { return compute(L, DECIMAL_MUL); }
static int divide(lua_State *L) { return compute(L, DECIMAL_DIV); }
static int modulo(lua_State *L) { return compute(L, DECIMAL_MOD); }
static int power(lua_State *L) { return compute(L, DECIMAL_POW); }

/* [-0, +0, v] -1, 0, 1 */
static int compare(lua_State *L) {
  lua_settop(L, 2);
  for (int i = 1; i <= 2; i++) {
    if (runtime_test(L, runtime_of(L), i, KIND_DECIMAL)) continue;
    lua_pushcfunction(L, decimal_new);
    lua_pushvalue(L, i);
    lua_call(L, 1, 1);
    lua_replace(L, i);
  }
  const Decimal *a = lua_touserdata(L, 1), *b = lua_touserdata(L, 2);
  return decimal_compare((Slice){a->text, a->n}, (Slice){b->text, b->n});
}

static int equal(lua_State *L) {
  lua_pushboolean(L, compare(L) == 0);
  return 1;
}
static int less(lua_State *L) {
  lua_pushboolean(L, compare(L) < 0);
  return 1;
}
static int less_equal(lua_State *L) {
  lua_pushboolean(L, compare(L) <= 0);
  return 1;
}

static const Decimal *self(lua_State *L) { return runtime_check(L, runtime_of(L), 1, KIND_DECIMAL); }

static int text(lua_State *L) {
  const Decimal *d = self(L);
  lua_pushlstring(L, d->text, d->n);
  return 1;
}

static int to_number(lua_State *L) {
  const Decimal *d = self(L);
  lua_pushnumber(L, decimal_to_double((Slice){d->text, d->n}));
  return 1;
}

/* d:tointeger() -> integer, or nil when it has a fraction or does not fit */
static int to_integer(lua_State *L) {
  const Decimal *d = self(L);
  int64_t i;
  if (decimal_to_int((Slice){d->text, d->n}, &i))
    lua_pushinteger(L, i);
  else
    lua_pushnil(L);
  return 1;
}

/* The digits of a plain decimal text, cut after `keep` fraction digits, half away from zero. */
static Slice rounded(Arena *a, Slice s, uint32_t keep) {
  const char *dot = memchr(s.p, '.', s.n);
  uint32_t whole = dot ? (uint32_t)(dot - s.p) : s.n, fraction = dot ? s.n - whole - 1 : 0;
  if (fraction <= keep) return s;
  bool up = s.p[whole + 1 + keep] >= '5';
  char *out = arena_alloc(a, s.n + 2);
  uint32_t n = whole + (keep ? 1 + keep : 0), at = 1;
  out[0] = '0'; /* room for a carry */
  bool negative = s.p[0] == '-';
  memcpy(out + 1, s.p + negative, n - negative);
  n = n - negative + 1;
  for (uint32_t i = n; up && i-- > 0;) {
    if (out[i] == '.') continue;
    up = out[i] == '9';
    out[i] = up ? '0' : (char)(out[i] + 1);
  }
  if (out[0] != '0') at = 0;
  Slice digits = {out + at, n - at};
  bool zero = strspn(out, "0.") >= n;
  return negative && !zero ? slice_printf(a, "-%.*s", SLICE_ARGS(digits)) : digits;
}

typedef struct Round {
  Arena *arena;
  Slice text, result;
  uint32_t keep;
} Round;
static void round_body(void *ctx) {
  Round *r = ctx;
  r->result = rounded(r->arena, r->text, r->keep);
}

/* d:round(digits = 0) [-0, +1, v] */
static int round_to(lua_State *L) {
  Runtime *rt = runtime_of(L);
  const Decimal *d = self(L);
  lua_Integer keep = luaL_optinteger(L, 2, 0);
  luaL_argcheck(L, keep >= 0 && keep <= 16383, 2, "from 0 to 16383 digits");
  arena_reset(rt->scratch);
  Round r = {rt->scratch, {d->text, d->n}, {0}, (uint32_t)keep};
  if (!arena_protect(rt->scratch, NULL, round_body, &r))
    return throw_code(L, ERR_OUT_OF_MEMORY, "Out of memory.");
  value_push_decimal(L, rt, r.result);
  return 1;
}

void open_decimal(lua_State *L) {
  static const luaL_Reg functions[] = {{"decimal", decimal_new}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__tostring", text}, {"__eq", equal},   {"__lt", less},
                                  {"__le", less_equal}, {"__add", add},    {"__sub", subtract},
                                  {"__mul", multiply},  {"__div", divide}, {"__mod", modulo},
                                  {"__pow", power},     {"__unm", negate}, {NULL, NULL}};
  static const luaL_Reg methods[] = {
      {"tonumber", to_number}, {"tointeger", to_integer}, {"round", round_to}, {NULL, NULL}};
  runtime_functions(L, functions);
  runtime_methods(L, runtime_of(L), KIND_DECIMAL, meta, methods);
}
