/* Blocks, lines and comments. The grammar stands above the functions; blanks may stand between all of
 * its elements, line ends only where it says `newline`. */
#include "psl/parse.h"

#include "base/vec.h"

/* --- comments --- */

static Slice trim_left(Slice s) {
  while (s.n && (*s.p == ' ' || *s.p == '\t')) s.p++, s.n--;
  return s;
}

static Slice trim(Slice s) {
  while (s.n && lex_one_of(*s.p, " \t\r\n")) s.p++, s.n--;
  while (s.n && lex_one_of(s.p[s.n - 1], " \t\r\n")) s.n--;
  return s;
}

/* Documentation grows by a line; a Buf that was never written to is "none", not "empty". */
static void doc_add(Buf *doc, Slice line) {
  if (doc->p) buf_byte(doc, '\n');
  buf_reserve(doc, line.n + 1);
  buf_slice_add(doc, line);
}

static Slice doc_text(Buf *doc) { return doc->p ? buf_slice(doc) : (Slice){NULL, 0}; }

/* comment_block = {(line_comment | block_comment) [newline]}; plain `//` lines are no documentation */
static bool parse_comments(Parser *p, Slice *doc) {
  bool matched = false, is_doc;
  Buf lines = buf_in(p->arena);
  Slice text;
  for (;; matched = true, lex_newline(&p->l)) {
    if (lex_line_comment(&p->l, &text, &is_doc)) {
      if (is_doc) doc_add(&lines, trim_left(text));
    } else if (lex_block_comment(&p->l, &text)) {
      doc_add(&lines, trim(text));
    } else {
      *doc = doc_text(&lines);
      return matched;
    }
  }
}

static Slice text_from(const Parser *p, uint32_t start) {
  return (Slice){p->l.text.p + start, p->l.at - start};
}

/* A comment at the end of a line, as written; what it documents is added to what was said above. */
static void parse_trailing_comment(Parser *p, Slice *comment, Slice *doc) {
  Slice text;
  bool is_doc = false;
  lex_blanks(&p->l);
  uint32_t start = p->l.at;
  if (lex_line_comment(&p->l, &text, &is_doc)) {
    text = trim_left(text);
  } else if (lex_block_comment(&p->l, &text)) {
    text = trim(text);
    is_doc = true;
  }
  *comment = text_from(p, start);
  if (!is_doc) return;
  Buf lines = buf_in(p->arena);
  if (doc->p) doc_add(&lines, *doc);
  doc_add(&lines, text);
  *doc = doc_text(&lines);
}

static bool parse_empty_lines(Parser *p) {
  bool matched = false;
  for (;;) {
    uint32_t start = p->l.at;
    lex_blanks(&p->l);
    if (!lex_newline(&p->l)) {
      p->l.at = start;
      return matched;
    }
    matched = true;
  }
}

static void add_line(Parser *p, AstBlock *b, LineKind kind, uint32_t index, uint32_t start) {
  *VEC_PUSH(p->arena, b->lines, b->n_lines) = (AstLine){kind, index, lex_span(&p->l, start)};
}

/* --- fields --- */

typedef struct FieldFault { /* why a line that parses is no field all the same */
  const char *message;
  Span span;
} FieldFault;

/* base_type = "Unsupported(" string ")" | identifier */
static bool parse_base_type(Parser *p, AstField *f) {
  Mark m = parse_mark(p);
  if (lex_text(&p->l, "Unsupported(")) {
    lex_blanks(&p->l);
    bool text = parse_string(p, &f->type);
    lex_blanks(&p->l);
    f->unsupported = text && lex_char(&p->l, ')');
    if (!f->unsupported) parse_back(p, m);
  }
  if (!f->unsupported && !lex_identifier(&p->l, &f->type)) return false;
  f->type_span = lex_span(&p->l, m.at);
  return true;
}

/* old_list = "[" base_type "]" */
static bool parse_old_list(Parser *p, AstField *f, FieldFault *fault) {
  Mark m = parse_mark(p);
  if (!lex_char(&p->l, '[')) return false;
  lex_blanks(&p->l);
  bool inner = parse_base_type(p, f);
  lex_blanks(&p->l);
  if (!inner || !lex_char(&p->l, ']')) return parse_back(p, m);
  f->arity = ARITY_LIST;
  *fault = (FieldFault){"To specify a list, please use `Type[]` instead of `[Type]`.", lex_span(&p->l, m.at)};
  return true;
}

/* type = base_type ["[]" ["?"] | "?" | "!"] | old_list */
static bool parse_type(Parser *p, AstField *f, FieldFault *fault) {
  uint32_t start = p->l.at;
  if (parse_old_list(p, f, fault)) return true;
  if (!parse_base_type(p, f)) return false;
  uint32_t end = p->l.at;
  lex_blanks(&p->l);
  if (lex_text(&p->l, "[]")) {
    f->arity = ARITY_LIST;
    end = p->l.at;
    lex_blanks(&p->l);
    if (lex_char(&p->l, '?')) {
      f->optional_list = true;
      *fault = (FieldFault){"Optional lists are not supported. Use either `Type[]` or `Type?`.",
                            lex_span(&p->l, start)};
      return true;
    }
  } else if (lex_char(&p->l, '?')) {
    f->arity = ARITY_OPTIONAL;
    return true;
  } else if (lex_char(&p->l, '!')) {
    *fault =
        (FieldFault){"Fields are required by default, `!` is no longer required.", lex_span(&p->l, start)};
    return true;
  }
  p->l.at = end;
  return true;
}

/* [":"] [type]: false when there is no type. */
static bool parse_colon_and_type(Parser *p, AstField *f, FieldFault *fault) {
  FieldFault of_type = {NULL, {0, 0, 0}};
  uint32_t end = p->l.at;
  lex_blanks(&p->l);
  if (lex_char(&p->l, ':')) {
    *fault = (FieldFault){"Field declarations don't require a `:`.", lex_span(&p->l, p->l.at - 1)};
    end = p->l.at;
    lex_blanks(&p->l);
  }
  bool has_type = parse_type(p, f, &of_type);
  if (!has_type) p->l.at = end;
  f->type_end = p->l.at;
  if (!fault->message) *fault = of_type;
  return has_type;
}

static void parse_field_attributes(Parser *p, AstField *f) {
  Attribute a;
  for (;;) {
    uint32_t end = p->l.at;
    lex_blanks(&p->l);
    if (!parse_attribute(p, "@", &a)) {
      p->l.at = end;
      return;
    }
    *VEC_PUSH(p->arena, f->attributes, f->n_attributes) = a;
  }
}

/* What may not stand on the fields of a composite type. */
static void check_composite_field(Parser *p, const AstField *f) {
  static const char *const forbidden[] = {"relation", "unique", "id"};
  for (uint32_t i = 0; i < f->n_attributes; i++)
    for (size_t k = 0; k < COUNT(forbidden); k++)
      if (slice_is(f->attributes[i].name, forbidden[k]))
        diag_error(
            p->d, f->span,
            "Error validating: Defining `@%s` attribute for a field in a composite type is not allowed.",
            forbidden[k]);
}

/* field = identifier [":"] [type] {attribute} [comment] newline
 * value = identifier {attribute} [comment] newline */
static bool parse_field(Parser *p, AstBlock *b, Slice *doc) {
  Mark m = parse_mark(p), behind_type;
  bool has_type = true;
  AstField f = {.doc = *doc};
  FieldFault fault = {NULL, {0, 0, 0}};
  if (!lex_identifier(&p->l, &f.name)) return false;
  f.name_span = lex_span(&p->l, m.at);
  if (b->kind != BLOCK_ENUM) has_type = parse_colon_and_type(p, &f, &fault);
  behind_type = parse_mark(p);
  parse_field_attributes(p, &f);
  parse_trailing_comment(p, &f.comment, &f.doc);
  lex_blanks(&p->l);
  if (!lex_newline(&p->l)) return parse_back(p, m);
  f.span = lex_span(&p->l, m.at);
  *doc = (Slice){NULL, 0};
  bool good = has_type && !fault.message;
  add_line(p, b, good ? LINE_FIELD : LINE_FAULT, good ? b->n_fields : b->n_faults, m.at);
  if (!good) *VEC_PUSH(p->arena, b->faults, b->n_faults) = f;
  if (fault.message) { /* nothing behind the fault is looked at */
    parse_unsay(p, behind_type);
    diag_error(p->d, fault.span, "%s", fault.message);
  } else if (!has_type) {
    diag_error(
        p->d, f.span,
        "Error validating %s \"%.*s\": This field declaration is invalid. It is either missing a name or a "
        "type.",
        block_keyword(b->kind), SLICE_ARGS(b->name));
  } else {
    if (b->kind == BLOCK_TYPE) check_composite_field(p, &f);
    *VEC_PUSH(p->arena, b->fields, b->n_fields) = f;
  }
  return true;
}

/* --- lines of the other kinds --- */

/* A composite type has no attributes of its own; each is refused in its own words. */
static void refuse_composite_attribute(Parser *p, const Attribute *a) {
  static const struct {
    const char *name, *message;
  } words[] = {
      {"map",
       "The name of a composite type is not persisted in the database, therefore it does not need a mapped "
       "database name."},
      {"unique", "A unique constraint should be defined in the model containing the embed."},
      {"index", "An index should be defined in the model containing the embed."},
      {"fulltext", "A fulltext index should be defined in the model containing the embed."},
      {"id", "A composite type cannot define an id."},
  };
  const char *message = "A composite type cannot have block-level attributes.";
  for (size_t i = 0; i < COUNT(words); i++)
    if (slice_is(a->name, words[i].name)) message = words[i].message;
  diag_error(p->d, a->span, "Error validating: %s", message);
}

/* block_attribute = "@@" path [arguments] [comment] newline
 * A comment above it stays pending: it belongs to the next field. */
static bool parse_block_attribute(Parser *p, AstBlock *b, Slice *doc) {
  Mark m = parse_mark(p);
  Slice ignored = {NULL, 0};
  Attribute a;
  (void)doc;
  if (!parse_attribute(p, "@@", &a)) return false;
  parse_trailing_comment(p, &a.comment, &ignored);
  lex_blanks(&p->l);
  if (!lex_newline(&p->l)) return parse_back(p, m);
  if (b->kind == BLOCK_TYPE) refuse_composite_attribute(p, &a);
  add_line(p, b, LINE_ATTRIBUTE, b->n_attributes, m.at);
  *VEC_PUSH(p->arena, b->attributes, b->n_attributes) = a;
  return true;
}

/* property = identifier "=" [expression] [comment] newline */
static bool parse_property(Parser *p, AstBlock *b, Slice *doc) {
  Mark m = parse_mark(p);
  AstProperty prop = {.value = NULL};
  Slice ignored = {NULL, 0};
  (void)doc;
  if (!lex_identifier(&p->l, &prop.name)) return false;
  prop.name_span = lex_span(&p->l, m.at);
  lex_blanks(&p->l);
  if (!lex_char(&p->l, '=')) return parse_back(p, m);
  uint32_t end = p->l.at;
  lex_blanks(&p->l);
  if (!parse_expr(p, &prop.value)) p->l.at = end;
  prop.span = lex_span(&p->l, m.at);
  parse_trailing_comment(p, &prop.comment, &ignored);
  lex_blanks(&p->l);
  if (!lex_newline(&p->l)) return parse_back(p, m);
  add_line(p, b, LINE_PROPERTY, b->n_properties, m.at);
  *VEC_PUSH(p->arena, b->properties, b->n_properties) = prop;
  return true;
}

/* --- blocks --- */

typedef bool ParseLine(Parser *p, AstBlock *b, Slice *doc);

typedef struct BlockGrammar {
  BlockKind kind;
  ParseLine *lines[2];
  const char *bad_line; /* what is said of a line that is none of them */
} BlockGrammar;

static bool no_line(Parser *p, AstBlock *b, Slice *doc) {
  (void)p, (void)b, (void)doc;
  return false;
}

static const BlockGrammar grammars[] = {
    {BLOCK_MODEL,
     {parse_field, parse_block_attribute},
     "This line is not a valid field or attribute definition."},
    {BLOCK_TYPE,
     {parse_field, parse_block_attribute},
     "This line is not a valid field or attribute definition."},
    {BLOCK_VIEW,
     {parse_field, parse_block_attribute},
     "This line is not a valid field or attribute definition."},
    {BLOCK_ENUM, {parse_field, parse_block_attribute}, "This line is not an enum value definition."},
    {BLOCK_DATASOURCE, {parse_property, no_line}, "This line is not a valid definition within a datasource."},
    {BLOCK_GENERATOR, {parse_property, no_line}, "This line is not a valid definition within a generator."},
};

/* catch_all = rest of the line [newline]; at least one character of it. */
static bool parse_bad_line(Parser *p, const char *message) {
  uint32_t start = p->l.at;
  if (!lex_line(&p->l).n) return false;
  lex_newline(&p->l);
  diag_error(p->d, lex_span(&p->l, start), "Error validating: %s", message);
  return true;
}

/* The lines up to the closing brace. False: the text ended before it. */
static bool parse_lines(Parser *p, const BlockGrammar *g, AstBlock *b) {
  Slice doc = {NULL, 0}, comment;
  bool config = g->lines[0] == parse_property;
  for (;;) {
    lex_blanks(&p->l);
    uint32_t start = p->l.at;
    if (g->lines[0](p, b, &doc) || g->lines[1](p, b, &doc)) continue;
    if (parse_comments(p, &comment)) {
      doc = comment;
      if (config) b->doc = comment;
      add_line(p, b, LINE_COMMENT, 0, start);
    } else if (parse_empty_lines(p)) {
      add_line(p, b, LINE_EMPTY, 0, start);
    } else {
      if (lex_char(&p->l, '}')) return true;
      if (!parse_bad_line(p, g->bad_line)) return false;
      add_line(p, b, LINE_BAD, 0, start);
    }
  }
}

/* block = keyword identifier "{" rest of the line newline {line} "}" */
static bool parse_block_of(Parser *p, const BlockGrammar *g, AstBlock *b) {
  Mark m = parse_mark(p);
  if (m.at >= p->unclosed_from || !lex_text(&p->l, block_keyword(g->kind))) return false;
  *b = (AstBlock){.kind = g->kind};
  lex_blanks(&p->l);
  uint32_t name_start = p->l.at;
  if (!lex_identifier(&p->l, &b->name)) return parse_back(p, m);
  b->name_span = lex_span(&p->l, name_start);
  lex_blanks(&p->l);
  if (!lex_char(&p->l, '{')) return parse_back(p, m);
  lex_line(&p->l);
  if (!lex_newline(&p->l)) return parse_back(p, m);
  if (!parse_lines(p, g, b)) {
    p->unclosed_from = m.at; /* blocks behind this one run into the same end: do not walk there again */
    return parse_back(p, m);
  }
  b->span = lex_span(&p->l, m.at);
  return true;
}

static bool parse_block(Parser *p, AstBlock *b) {
  for (size_t i = 0; i < COUNT(grammars); i++)
    if (parse_block_of(p, &grammars[i], b)) return true;
  return false;
}

/* type_alias = "type" identifier "=" base_type {attribute}: an old form */
static bool parse_type_alias(Parser *p) {
  uint32_t start = p->l.at;
  AstField f = {.arity = ARITY_REQUIRED};
  Slice name;
  if (!lex_text(&p->l, "type")) return false;
  lex_blanks(&p->l);
  bool good = lex_identifier(&p->l, &name);
  lex_blanks(&p->l);
  good = good && lex_char(&p->l, '=');
  lex_blanks(&p->l);
  if (!good || !parse_base_type(p, &f)) {
    p->l.at = start;
    return false;
  }
  parse_field_attributes(p, &f);
  diag_error(p->d, lex_span(&p->l, start),
             "Error validating: Invalid type definition. Please check the documentation in "
             "https://pris.ly/d/composite-types");
  return true;
}

/* unknown_block = identifier "{" rest of the line newline … "}" */
static bool parse_unknown_block(Parser *p) {
  uint32_t start = p->l.at;
  Slice name;
  if (!lex_identifier(&p->l, &name)) return false;
  lex_blanks(&p->l);
  const char *end = NULL;
  if (lex_char(&p->l, '{') && (lex_line(&p->l), lex_newline(&p->l)) && !lex_end(&p->l))
    end = memchr(p->l.text.p + p->l.at, '}', p->l.text.n - p->l.at);
  if (!end) {
    p->l.at = start;
    return false;
  }
  p->l.at = (uint32_t)(end - p->l.text.p) + 1;
  diag_error(p->d, lex_span(&p->l, start),
             "Error validating: This block is invalid. It does not start with any known Prisma schema "
             "keyword. Valid "
             "keywords include 'model', 'enum', 'type', 'datasource' and 'generator'.");
  return true;
}

typedef struct TopDoc { /* what documents the next block at the top of a file */
  bool above;           /* a comment stands directly above */
  Slice comment;        /* its text */
  Slice pending;        /* kept from above a datasource or generator, which have no use for it */
} TopDoc;

static void take_doc(TopDoc *doc, AstBlock *b) {
  if (doc->above) doc->pending = doc->comment;
  if (b->kind == BLOCK_DATASOURCE || b->kind == BLOCK_GENERATOR) return;
  b->doc = doc->pending;
  doc->pending = (Slice){NULL, 0};
}

/* One thing at the top of a file. */
static LineKind parse_top(Parser *p, Ast *ast, TopDoc *doc) {
  AstBlock b;
  if (parse_block(p, &b)) {
    take_doc(doc, &b);
    doc->above = false;
    *VEC_PUSH(p->arena, ast->blocks, ast->n) = b;
    return LINE_BLOCK;
  }
  doc->above = false;
  if (parse_type_alias(p) || parse_unknown_block(p)) return LINE_BAD;
  if (parse_comments(p, &doc->comment)) {
    doc->above = true;
    return LINE_COMMENT;
  }
  if (parse_empty_lines(p)) return LINE_EMPTY;
  parse_bad_line(p, "This line is invalid. It does not start with any known Prisma schema keyword.");
  return LINE_BAD;
}

void parse_source(Arena *a, const Source *source, uint32_t file, Ast *ast, Diags *d) {
  Parser p = {.l = {source->text, 0, file}, .arena = a, .d = d, .unclosed_from = UINT32_MAX};
  TopDoc doc = {.above = false};
  for (;;) {
    lex_blanks(&p.l);
    if (lex_end(&p.l)) return;
    uint32_t start = p.l.at;
    LineKind kind = parse_top(&p, ast, &doc);
    *VEC_PUSH(a, ast->lines, ast->n_lines) = (AstLine){kind, ast->n - 1, lex_span(&p.l, start)};
  }
}
