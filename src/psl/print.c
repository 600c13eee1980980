#include "psl/print.h"

#include <stdlib.h>

#include "psl/lex.h"
#include "psl/table.h"

typedef struct Printer {
  Arena *arena;
  Slice text; /* of the source */
  const Ast *ast;
  Buf out;
} Printer;

static Slice source_of(const Printer *p, Span s) { return (Slice){p->text.p + s.start, s.end - s.start}; }

static Slice trim_right(Slice s) {
  while (s.n && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r')) s.n--;
  return s;
}

/* --- expressions: leaves as written, the rest with one blank behind commas and colons --- */

static void print_expr(const Printer *p, Buf *to, const Expr *e);

static void print_name(Buf *to, Slice name, bool first) {
  if (!first) buf_text(to, ", ");
  if (!name.n) return;
  buf_slice_add(to, name);
  buf_text(to, ": ");
}

/* Arguments with and without values stand in two lists; the source tells their order. */
static void print_arguments(const Printer *p, Buf *to, const Arguments *args) {
  uint32_t i = 0, k = 0;
  while (i < args->n || k < args->n_empty) {
    bool empty = i == args->n || (k < args->n_empty && args->empty[k].span.start < args->items[i].span.start);
    bool first = i + k == 0;
    if (empty) {
      print_name(to, args->empty[k++].name, first);
    } else {
      print_name(to, args->items[i].name, first);
      print_expr(p, to, args->items[i++].value);
    }
  }
}

static void print_expr(const Printer *p, Buf *to, const Expr *e) {
  switch (e->kind) {
    case EXPR_CALL:
      buf_slice_add(to, e->text);
      buf_byte(to, '(');
      print_arguments(p, to, &e->args);
      buf_byte(to, ')');
      return;
    case EXPR_LIST:
      buf_byte(to, '[');
      for (uint32_t i = 0; i < e->n; i++) {
        if (i) buf_text(to, ", ");
        print_expr(p, to, e->items[i]);
      }
      buf_byte(to, ']');
      return;
    case EXPR_OBJECT:
      buf_text(to, "{ ");
      print_arguments(p, to, &e->args);
      buf_text(to, " }");
      return;
    default: buf_slice_add(to, source_of(p, e->span));
  }
}

/* --- attributes --- */

/* Where an attribute stands among others of its line or block. */
static uint32_t attribute_rank(const Attribute *a) {
  static const char *const order[] = {"id",       "unique", "default",  "updatedAt", "index",
                                      "fulltext", "map",    "relation", "ignore"};
  uint32_t i = 0;
  while (i < COUNT(order) && !slice_is(a->name, order[i])) i++;
  return i;
}

static void print_attribute(const Printer *p, Buf *to, const char *sign, const Attribute *a) {
  buf_text(to, sign);
  buf_slice_add(to, a->name);
  if (!a->args.given) return;
  buf_byte(to, '(');
  print_arguments(p, to, &a->args);
  buf_byte(to, ')');
}

typedef struct Ranked { /* an attribute and what is to be printed above it */
  const Attribute *attribute;
  const AstLine *comment;
  uint32_t rank, index;
} Ranked;

static int compare_ranked(const void *a, const void *b) {
  const Ranked *x = a, *y = b;
  if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
  return x->index < y->index ? -1 : x->index > y->index;
}

/* --- lines --- */

static void print_type(const Printer *p, Buf *to, const AstField *f) {
  buf_slice_add(to, source_of(p, f->type_span));
  if (f->arity == ARITY_LIST) buf_text(to, "[]");
  if (f->arity == ARITY_OPTIONAL || f->optional_list) buf_byte(to, '?');
}

static Slice field_attributes(const Printer *p, const AstField *f) {
  Buf b = buf_in(p->arena);
  Ranked *all = ARENA_ARRAY(p->arena, Ranked, f->n_attributes);
  for (uint32_t i = 0; i < f->n_attributes; i++)
    all[i] = (Ranked){&f->attributes[i], NULL, attribute_rank(&f->attributes[i]), i};
  if (f->n_attributes) qsort(all, f->n_attributes, sizeof *all, compare_ranked);
  for (uint32_t i = 0; i < f->n_attributes; i++) {
    if (i) buf_byte(&b, ' ');
    print_attribute(p, &b, "@", all[i].attribute);
  }
  return buf_slice(&b);
}

static void field_row(const Printer *p, const AstField *f, Table *t) {
  TableRow *row = table_row(t);
  Buf type = buf_in(p->arena);
  print_type(p, &type, f);
  row->columns[0] = f->name;
  row->columns[1] = buf_slice(&type);
  row->columns[2] = field_attributes(p, f);
  row->suffix = f->comment;
}

/* Values keep the order of their attributes, one behind the other. */
static void value_row(const Printer *p, const AstField *f, Table *t) {
  TableRow *row = table_row(t);
  Buf b = buf_in(p->arena);
  for (uint32_t i = 0; i < f->n_attributes; i++) print_attribute(p, &b, "@", &f->attributes[i]);
  row->columns[0] = f->name;
  row->columns[1] = buf_slice(&b);
  row->suffix = f->comment;
}

static void property_row(const Printer *p, const AstProperty *property, Table *t) {
  TableRow *row = table_row(t);
  Buf b = buf_in(p->arena);
  row->columns[0] = property->name;
  row->suffix = property->comment;
  buf_byte(&b, '=');
  if (property->value) {
    buf_byte(&b, ' ');
    print_expr(p, &b, property->value);
  }
  row->columns[1] = buf_slice(&b);
}

/* Comments may hold any byte, so they are no arguments of printf. */
static Slice prefixed(const Printer *p, const char *prefix, Slice text) {
  Buf b = buf_in(p->arena);
  buf_text(&b, prefix);
  buf_slice_add(&b, text);
  return buf_slice(&b);
}

/* A comment over several lines, in the form of one: a star at the start of each. */
static void block_comment_rows(const Printer *p, Slice text, Table *t) {
  table_row(t)->suffix = SLICE("/**");
  while (text.n) {
    const char *end = memchr(text.p, '\n', text.n);
    Slice line = {text.p, end ? (uint32_t)(end - text.p) : text.n};
    text.p += line.n + (end != NULL);
    text.n -= line.n + (end != NULL);
    while (line.n && lex_one_of(*line.p, " \t\r")) line.p++, line.n--;
    while (line.n && lex_one_of(line.p[line.n - 1], " \t\r")) line.n--;
    if (line.n && *line.p == '*') {
      line.p++, line.n--;
      while (line.n && lex_one_of(*line.p, " \t")) line.p++, line.n--;
    }
    if (line.n) table_row(t)->suffix = prefixed(p, " * ", line);
  }
  table_row(t)->suffix = SLICE(" */");
}

static void comment_rows(const Printer *p, const AstLine *line, Table *t) {
  Lexer l = {{p->text.p, line->span.end}, line->span.start, 0};
  Slice text;
  bool doc;
  while (!lex_end(&l)) {
    if (lex_line_comment(&l, &text, &doc)) {
      table_row(t)->suffix = prefixed(p, doc ? "///" : "//", text);
    } else if (lex_block_comment(&l, &text)) {
      block_comment_rows(p, text, t);
    } else if (!lex_newline(&l)) {
      return;
    }
  }
}

static void bad_row(const Printer *p, const AstLine *line, Table *t) {
  TableRow *row = table_row(t);
  row->unformed = true;
  row->suffix = trim_right(source_of(p, line->span));
}

static void line_rows(const Printer *p, const AstBlock *b, const AstLine *line, Table *t) {
  bool values = b->kind == BLOCK_ENUM;
  switch (line->kind) {
    case LINE_FIELD: (values ? value_row : field_row)(p, &b->fields[line->index], t); break;
    case LINE_FAULT: field_row(p, &b->faults[line->index], t); break;
    case LINE_PROPERTY: property_row(p, &b->properties[line->index], t); break;
    case LINE_COMMENT: comment_rows(p, line, t); break;
    case LINE_BAD: bad_row(p, line, t); break;
    default: break;
  }
}

/* --- blocks --- */

enum {
  INDENT = 2
};

static LineKind kind_at(const AstBlock *b, uint32_t i) {
  return i < b->n_lines ? b->lines[i].kind : LINE_BLOCK;
}

static void flush(Printer *p, Table *t) { table_print(t, &p->out, INDENT); }

/* The block's own attributes, sorted, under an empty line. */
static void print_block_attributes(Printer *p, Ranked *all, uint32_t n) {
  Table t = table_in(p->arena);
  if (!n) return;
  table_row(&t);
  qsort(all, n, sizeof *all, compare_ranked);
  for (uint32_t i = 0; i < n; i++) {
    Buf b = buf_in(p->arena);
    if (all[i].comment) comment_rows(p, all[i].comment, &t);
    TableRow *row = table_row(&t);
    print_attribute(p, &b, "@@", all[i].attribute);
    row->columns[0] = buf_slice(&b);
    row->suffix = all[i].attribute->comment;
  }
  flush(p, &t);
}

/* Lines up to an empty one share their columns. Empty lines are reduced to one, and to none at the ends
 * of the block and before its attributes, which are moved to the end. */
static void print_lines(Printer *p, const AstBlock *b) {
  Table t = table_in(p->arena);
  Ranked *attributes = ARENA_ARRAY(p->arena, Ranked, b->n_attributes);
  uint32_t n = 0, first = kind_at(b, 0) == LINE_EMPTY;
  const AstLine *above = NULL;
  bool gap = false;
  for (uint32_t i = first; i < b->n_lines; i++) {
    const AstLine *line = &b->lines[i];
    LineKind following = kind_at(b, i + 1);
    if (line->kind == LINE_EMPTY) {
      gap = true;
      if (following == LINE_BLOCK || following == LINE_ATTRIBUTE || following == LINE_COMMENT) continue;
      flush(p, &t);
      table_row(&t);
      continue;
    }
    if (line->kind == LINE_ATTRIBUTE) {
      const Attribute *a = &b->attributes[line->index];
      attributes[n] = (Ranked){a, above, attribute_rank(a), n};
      n++;
      above = NULL;
    } else if (line->kind == LINE_COMMENT && following == LINE_ATTRIBUTE) {
      above = line;
    } else {
      if (line->kind == LINE_COMMENT && gap) {
        flush(p, &t);
        table_row(&t);
      }
      line_rows(p, b, line, &t);
    }
    gap = false;
  }
  flush(p, &t);
  print_block_attributes(p, attributes, n);
}

static void print_block(Printer *p, const AstBlock *b) {
  buf_printf(&p->out, "%s %.*s {\n", block_keyword(b->kind), SLICE_ARGS(b->name));
  print_lines(p, b);
  buf_text(&p->out, "}\n");
}

/* A block or comment that follows a block on the line of its brace gets lines of its own, apart from it. */
static void print_gap(Printer *p, uint32_t i) {
  const AstLine *lines = p->ast->lines;
  if (i == 0 || lines[i - 1].kind != LINE_BLOCK) return;
  if (lines[i].kind == LINE_BLOCK || lines[i].kind == LINE_COMMENT) buf_byte(&p->out, '\n');
}

static void print_top(Printer *p, uint32_t i) {
  const AstLine *line = &p->ast->lines[i];
  Table t = table_in(p->arena);
  print_gap(p, i);
  switch (line->kind) {
    case LINE_BLOCK: print_block(p, &p->ast->blocks[line->index]); break;
    case LINE_EMPTY:
      if (i > 0 && i + 1 < p->ast->n_lines) buf_byte(&p->out, '\n');
      break;
    case LINE_COMMENT:
      comment_rows(p, line, &t);
      table_print(&t, &p->out, 0);
      break;
    default: buf_slice_add(&p->out, source_of(p, line->span));
  }
}

Slice print_source(Arena *a, const Source *source, const Ast *ast) {
  Printer p = {.arena = a, .text = source->text, .ast = ast, .out = buf_in(a)};
  for (uint32_t i = 0; i < ast->n_lines; i++) print_top(&p, i);
  if (!p.out.n || p.out.p[p.out.n - 1] != '\n') buf_byte(&p.out, '\n');
  return buf_slice(&p.out);
}
