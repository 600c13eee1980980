/* What a schema file says, before anybody asks what it means. Immutable once parsed, in the schema's
 * arena; every node has the span of its text. Names are slices of the source, strings are unescaped. */
#ifndef PSL_AST_H
#define PSL_AST_H

#include "base/source.h"
#include "psl/schema.h"

typedef struct Expr Expr;

typedef struct Argument {
  Slice name; /* empty: positional */
  Span name_span, span;
  const Expr *value; /* NULL only in Arguments.empty */
} Argument;

typedef struct Arguments {
  bool given; /* there are brackets */
  Argument *items;
  uint32_t n;
  Argument *empty; /* `name:` with nothing behind it: not valid, kept for its message */
  uint32_t n_empty;
  Span trailing_comma; /* start == end: there is none */
} Arguments;

typedef enum ExprKind {
  EXPR_NUMBER,
  EXPR_STRING,   /* text is unescaped */
  EXPR_CONSTANT, /* a word, perhaps with dots in it */
  EXPR_CALL,     /* text is the function's name */
  EXPR_LIST,
  EXPR_OBJECT /* args: all named */
} ExprKind;

struct Expr {
  ExprKind kind;
  Span span;
  Slice text;
  const Expr **items; /* LIST */
  uint32_t n;
  Arguments args; /* CALL, OBJECT */
};

typedef struct Attribute {
  Slice name;    /* without its @ */
  Slice comment; /* behind it on its line, as written; block attributes only */
  Span name_span, span;
  Arguments args;
} Attribute;

typedef struct AstField { /* a field, or a value of an enum (no type then) */
  Slice name, doc;
  Slice comment; /* at the end of the line, as written */
  Span name_span, span;
  Slice type; /* the word, or the text in Unsupported("…") */
  Span type_span;
  uint32_t type_end; /* behind its [] or ? */
  bool unsupported;
  bool optional_list; /* Type[]?: not valid, but it has a form */
  Arity arity;
  Attribute *attributes;
  uint32_t n_attributes;
} AstField;

typedef struct AstProperty {
  Slice name;
  Span name_span, span;
  const Expr *value; /* NULL: none was written */
  Slice comment;
} AstProperty;

typedef enum LineKind {
  LINE_FIELD,     /* fields[index]; a value of an enum too */
  LINE_FAULT,     /* faults[index]: has the form of a field, but is none */
  LINE_ATTRIBUTE, /* attributes[index] */
  LINE_PROPERTY,  /* properties[index] */
  LINE_COMMENT,   /* one or more lines of comments */
  LINE_EMPTY,     /* one or more empty lines */
  LINE_BAD,       /* none of these */
  LINE_BLOCK      /* blocks[index] of the file */
} LineKind;

typedef struct AstLine { /* everything there is between two braces, or in a file, in order: for the printer */
  LineKind kind;
  uint32_t index;
  Span span;
} AstLine;

typedef enum BlockKind {
  BLOCK_MODEL,
  BLOCK_VIEW,
  BLOCK_TYPE,
  BLOCK_ENUM,
  BLOCK_DATASOURCE,
  BLOCK_GENERATOR
} BlockKind;

typedef struct AstBlock {
  BlockKind kind;
  Slice name, doc;
  Span name_span, span;
  AstField *fields;
  uint32_t n_fields;
  Attribute *attributes;
  uint32_t n_attributes;
  AstProperty *properties;
  uint32_t n_properties;
  AstField *faults;
  uint32_t n_faults;
  AstLine *lines;
  uint32_t n_lines;
} AstBlock;

typedef struct Ast { /* of all files, in their order */
  AstBlock *blocks;
  uint32_t n;
  AstLine *lines;
  uint32_t n_lines;
} Ast;

/* The word that opens a block of this kind: "model". */
const char *block_keyword(BlockKind kind);
/* The expression as messages quote it: strings escaped, no blanks between items. */
void expr_print(Buf *to, const Expr *e);
/* "numeric", "string", "literal", "functional", "array". */
const char *expr_kind_name(const Expr *e);
/* The named argument, or NULL. */
const Argument *argument_find(const Arguments *args, const char *name);
/* The first attribute of that name, or NULL. */
const Attribute *attribute_find(const Attribute *attributes, uint32_t n, const char *name);

#endif
