#include "psl/ast.h"

const char *block_keyword(BlockKind kind) {
  static const char *const words[] = {"model", "view", "type", "enum", "datasource", "generator"};
  return words[kind];
}

const char *expr_kind_name(const Expr *e) {
  static const char *const names[] = {"numeric", "string", "literal", "functional", "array", "object"};
  return names[e->kind];
}

static void print_string(Buf *to, Slice s) {
  buf_byte(to, '"');
  for (uint32_t i = 0; i < s.n; i++) {
    switch (s.p[i]) {
      case '\t': buf_text(to, "\\t"); break;
      case '\n': buf_text(to, "\\n"); break;
      case '\r': buf_text(to, "\\r"); break;
      case '"':
      case '\\': buf_byte(to, '\\'); /* fall through */
      default: buf_byte(to, s.p[i]);
    }
  }
  buf_byte(to, '"');
}

static void print_arguments(Buf *to, const Arguments *args) {
  for (uint32_t i = 0; i < args->n; i++) {
    const Argument *a = &args->items[i];
    if (i) buf_byte(to, ',');
    if (a->name.n) {
      buf_slice_add(to, a->name);
      buf_text(to, ": ");
    }
    expr_print(to, a->value);
  }
}

void expr_print(Buf *to, const Expr *e) {
  switch (e->kind) {
    case EXPR_NUMBER:
    case EXPR_CONSTANT: buf_slice_add(to, e->text); return;
    case EXPR_STRING: print_string(to, e->text); return;
    case EXPR_CALL:
      buf_slice_add(to, e->text);
      buf_byte(to, '(');
      print_arguments(to, &e->args);
      buf_byte(to, ')');
      return;
    case EXPR_LIST:
      buf_byte(to, '[');
      for (uint32_t i = 0; i < e->n; i++) {
        if (i) buf_byte(to, ',');
        expr_print(to, e->items[i]);
      }
      buf_byte(to, ']');
      return;
    case EXPR_OBJECT:
      buf_byte(to, '{');
      print_arguments(to, &e->args);
      buf_byte(to, '}');
  }
}

const Argument *argument_find(const Arguments *args, const char *name) {
  for (uint32_t i = 0; i < args->n; i++)
    if (slice_is(args->items[i].name, name)) return &args->items[i];
  return NULL;
}

const Attribute *attribute_find(const Attribute *attributes, uint32_t n, const char *name) {
  for (uint32_t i = 0; i < n; i++)
    if (slice_is(attributes[i].name, name)) return &attributes[i];
  return NULL;
}
