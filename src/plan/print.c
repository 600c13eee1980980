/* A plan as text: for goldens and explain. */
#include "base/datetime.h"
#include "base/json.h"
#include "plan/plan.h"

static const char *const source_names[] = {
    [PARAM_LEAF] = "",
    [PARAM_ITEMS] = "each ",
    [PARAM_SLOT] = "generated ",
    [PARAM_CELL] = "cell ",
    [PARAM_KEYS] = "keys ",
    [PARAM_CONST] = "constant ",
    [PARAM_EXPECTED] = "number of ",
};

static const char *const transform_names[] = {
    [AS_IS] = "",
    [AS_LIKE_CONTAINS] = " contains",
    [AS_LIKE_STARTS] = " startsWith",
    [AS_LIKE_ENDS] = " endsWith",
    [AS_JSON] = " as json",
    [AS_JSON_TEXT] = " as json text",
    [AS_ARRAY_TEXT] = " as array text",
};

static void print_arg(Buf *to, const Arg *a) {
  char text[DATETIME_TEXT];
  switch ((ArgKind)a->kind) {
    case ARG_BOOL: buf_text(to, a->u.i ? "true" : "false"); break;
    case ARG_INT: buf_int(to, a->u.i); break;
    case ARG_FLOAT: json_float(to, a->u.f); break;
    case ARG_STRING: json_string(to, arg_text(a)); break;
    case ARG_DECIMAL: buf_slice_add(to, arg_text(a)); break;
    case ARG_DATETIME: buf_add(to, text, datetime_format(a->u.i, text)); break;
    case ARG_LIST:
      for (uint32_t i = 0; i < a->n; i++) {
        buf_text(to, i ? ", " : "[");
        print_arg(to, &a->u.items[i]);
      }
      buf_text(to, a->n ? "]" : "[]");
      break;
    case ARG_MAP:
      for (uint32_t i = 0; i < a->n; i++) {
        buf_text(to, i ? ", " : "{");
        json_string(to, a->u.pairs[i].key);
        buf_text(to, ": ");
        print_arg(to, &a->u.pairs[i].value);
      }
      buf_text(to, a->n ? "}" : "{}");
      break;
    case ARG_EMPTY: buf_text(to, "{}"); break;
    default: buf_text(to, arg_kind_name(a));
  }
}

static void print_slot(Buf *to, const SlotSpec *spec) {
  static const char *const names[] = {[DEFAULT_NOW] = "now",
                                      [DEFAULT_UUID] = "uuid",
                                      [DEFAULT_CUID] = "cuid",
                                      [DEFAULT_NANOID] = "nanoid",
                                      [DEFAULT_ULID] = "ulid"};
  bool named = (size_t)spec->kind < COUNT(names) && names[spec->kind];
  buf_text(to, named ? names[spec->kind] : "value");
  if (spec->rows_leaf != ARG_NO_LEAF) buf_text(to, " for each row");
}

static void print_param(Buf *to, const Plan *plan, const Shape *shape, const Param *p) {
  const char *type = p->enum_ ? p->enum_->name.p : type_name((TypeId)p->type);
  buf_text(to, source_names[p->source]);
  switch ((ParamSource)p->source) {
    case PARAM_LEAF: print_arg(to, shape->leaves[p->leaf]); break;
    case PARAM_ITEMS:
      buf_printf(to, "%.*s of ", SLICE_ARGS(p->key));
      print_arg(to, shape->leaves[p->leaf]);
      break;
    case PARAM_SLOT: print_slot(to, &plan->slots[p->slot]); break;
    case PARAM_CELL:
    case PARAM_KEYS:
      if (p->optional) buf_text(to, "or null ");
      buf_printf(to, "%u.%u", p->step, p->column);
      break;
    case PARAM_CONST: json_string(to, p->key); break;
    case PARAM_EXPECTED: print_arg(to, shape->leaves[p->leaf]); break;
  }
  buf_printf(to, " :%s%s%s", type, p->array ? "[]" : "", transform_names[p->transform]);
}

static void print_check(Buf *to, const Check *c) {
  static const char *const names[] = {
      [CHECK_SOME] = "some rows", [CHECK_COUNT] = "rows", [CHECK_NO_ROWS] = "no rows"};
  if (c->kind == CHECK_NONE) return;
  buf_text(to, "  ");
  if (c->in_row) buf_printf(to, "column %u ", c->column);
  buf_text(to, "must have ");
  if (c->kind == CHECK_COUNT && c->count_leaf == ARG_NO_LEAF) buf_printf(to, "%u ", c->count);
  if (c->kind == CHECK_COUNT && c->count_leaf != ARG_NO_LEAF)
    buf_printf(to, "as many as leaf %u ", c->count_leaf);
  buf_printf(to, "%s, else %s: %.*s", names[c->kind], err_public_code(c->code), SLICE_ARGS(c->message));
  if (c->cause.n) buf_printf(to, " (%.*s)", SLICE_ARGS(c->cause));
  buf_byte(to, '\n');
}

static void print_step(Buf *to, const Plan *plan, const Shape *shape, uint16_t i) {
  const Step *s = &plan->steps[i];
  buf_printf(to, "%u. flight %u%s%s%s", i, s->flight, s->reversed ? ", last row first" : "",
             s->counts ? ", counts" : "",
             s->apart     ? ", apart"
             : s->unnamed ? ", unnamed"
                          : "");
  if (s->guard != GUARD_NONE)
    buf_printf(to, ", if step %u has %s", s->guard_step, s->guard == GUARD_ROWS ? "rows" : "no rows");
  buf_printf(to, "\n  %.*s\n", SLICE_ARGS(s->sql));
  for (uint16_t k = 0; k < s->n_params; k++) {
    buf_printf(to, "  $%u = ", k + 1);
    print_param(to, plan, shape, &s->params[k]);
    buf_byte(to, '\n');
  }
  for (uint16_t k = 0; k < s->n_checks; k++) print_check(to, &s->checks[k]);
}

static void print_record(Buf *to, const Record *r);

static void print_link(Buf *to, const Link *link) {
  buf_printf(to, "step %u on ", link->step);
  for (uint16_t i = 0; i < link->n_cols; i++)
    buf_printf(to, "%s%u=%u", i ? "," : "", link->parent_cols[i], link->child_cols[i]);
  buf_byte(to, ' ');
  if (link->record) print_record(to, link->record);
}

static void print_record(Buf *to, const Record *r) {
  buf_byte(to, '{');
  for (uint16_t i = 0; i < r->n_slots; i++) {
    const Slot *slot = &r->slots[i];
    buf_printf(to, "%s%.*s ", i ? ", " : "", SLICE_ARGS(slot->key));
    switch (slot->kind) {
      case SLOT_COLUMN: buf_int(to, slot->column); break;
      case SLOT_RECORD:
        if (slot->record->optional) buf_printf(to, "if %u ", slot->record->present);
        print_record(to, slot->record);
        break;
      case SLOT_ONE:
        buf_text(to, "one of ");
        print_link(to, slot->link);
        break;
      case SLOT_MANY:
        buf_text(to, "many of ");
        print_link(to, slot->link);
        break;
    }
  }
  buf_byte(to, '}');
}

void plan_print(Buf *to, const Plan *plan, const Shape *shape) {
  static const char *const results[] = {[RESULT_ROW] = "row",
                                        [RESULT_ROWS] = "rows",
                                        [RESULT_COUNT] = "count",
                                        [RESULT_EXISTS] = "exists",
                                        [RESULT_AFFECTED] = "affected"};
  for (uint16_t i = 0; i < plan->n_steps; i++) print_step(to, plan, shape, i);
  buf_printf(to, "%s%s", results[plan->result], plan->must_find ? " (must be there)" : "");
  if (plan->result != RESULT_AFFECTED && plan->n_steps) buf_printf(to, " of step %u", plan->result_step);
  if (plan->record) {
    buf_byte(to, ' ');
    print_record(to, plan->record);
  }
  buf_text(to, "\n");
  if (plan->merged) buf_printf(to, "many at once: %.*s\n", SLICE_ARGS(plan->merged->step.sql));
}
