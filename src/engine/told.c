/* What a listener is told of a statement's values: a JSON array, made while they are at hand. Values that
 * come from other steps, or are made by the client, are null. */
#include "base/json.h"
#include "engine/engine_private.h"

/* A value that JSON cannot say (bytes that are not UTF-8) is null. */
static void put_arg(Buf *b, const Arg *arg) {
  Err ignored;
  uint32_t before = b->n;
  if (arg && json_from_arg(b, arg, &ignored)) return;
  b->n = before;
  buf_text(b, "null");
}

static void put_items(Buf *b, const Arg *list, Slice key) {
  buf_byte(b, '[');
  for (uint32_t i = 0; list->kind == ARG_LIST && i < list->n; i++) {
    if (i) buf_byte(b, ',');
    put_arg(b, arg_get(&list->u.items[i], key));
  }
  buf_byte(b, ']');
}

static void put_param(Buf *b, const Request *r, const Param *p) {
  switch ((ParamSource)p->source) {
    case PARAM_LEAF: put_arg(b, r->shape.leaves[p->leaf]); break;
    case PARAM_ITEMS: put_items(b, r->shape.leaves[p->leaf], p->key); break;
    case PARAM_CONST: json_string(b, p->key); break;
    case PARAM_SLOT:
    case PARAM_EXPECTED:
    case PARAM_CELL:
    case PARAM_KEYS: put_arg(b, NULL); break;
  }
}

static void tell(void *ctx) {
  Request *r = ctx;
  for (uint16_t i = 0; i < r->n_steps && !r->explain; i++) {
    const Step *step = &r->steps[i];
    Buf b = buf_in(r->arena);
    buf_byte(&b, '[');
    for (uint16_t k = 0; k < step->n_params; k++) {
      if (k) buf_byte(&b, ',');
      if (r->kind == REQUEST_RAW)
        put_arg(&b, &r->raw_params[k]);
      else
        put_param(&b, r, &step->params[k]);
    }
    buf_byte(&b, ']');
    r->states[i].told = buf_slice(&b);
  }
}

void tell_params(Request *r) {
  if (r->engine->on_query && r->kind != REQUEST_COPY && !arena_protect(r->arena, NULL, tell, r))
    r->states[0].told = (Slice){0};
}

static void tell_keys(void *ctx) {
  Request *c = ctx;
  const Merged *merged = c->ref->plan->merged;
  Buf b = buf_in(c->arena);
  for (uint16_t k = 0; k < merged->step.n_params; k++) {
    bool keys = merged->from[k] == merged->key;
    buf_text(&b, k ? "," : "[");
    for (uint32_t i = 0; i < (keys ? c->n_members : 1); i++) {
      if (keys) buf_byte(&b, i ? ',' : '[');
      put_param(&b, c->members[i], &c->members[i]->steps[0].params[merged->from[k]]);
    }
    if (keys) buf_byte(&b, ']');
  }
  buf_byte(&b, ']');
  c->states[0].told = buf_slice(&b);
}

void tell_members(Request *carrier) {
  if (carrier->engine->on_query && !arena_protect(carrier->arena, NULL, tell_keys, carrier))
    carrier->states[0].told = (Slice){0};
}
