#include "migrate/lint.h"

#include <ctype.h>
#include <pg_query.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/source.h"
#include "base/vec.h"
#include "migrate/ddl.h"
#include "migrate/lint_private.h"

static const struct {
  const char *name;
  LintSeverity severity;
  const char *message, *rewrite;
} rules[N_LINT_RULES] = {
#define RULE(id, name, severity, message, rewrite) {name, LINT_##severity, message, rewrite},
#include "migrate/lint_rules.def"
#undef RULE
};

const char *lint_name(LintRule r) { return rules[r].name; }
LintSeverity lint_severity(LintRule r) { return rules[r].severity; }
const char *lint_severity_name(LintSeverity s) {
  static const char *const names[] = {"advice", "warning", "error"};
  return names[s];
}

/* --- findings --- */

/* A name in a text for people: as SQL has it; what is no name stays as it is. */
static void put_name(Buf *b, LintRule rule, Slice name) {
  bool said = rule == LINT_SYNTAX || (name.n && strchr("\"'", name.p[0]));
  if (!name.n) buf_text(b, "...");
  if (said) buf_slice_add(b, name);
  if (name.n && !said && rule != LINT_UNKNOWN_RULE) ddl_name(b, name);
  if (rule == LINT_UNKNOWN_RULE) buf_printf(b, "`%.*s`", SLICE_ARGS(name));
}

static Slice fill(const Lint *l, LintRule rule, const char *text, LintPlace p) {
  Buf b = buf_in(l->arena);
  for (; *text; text++) {
    bool table = text[0] == '%' && text[1] == 't', name = text[0] == '%' && text[1] == 'n';
    if (table) put_name(&b, rule, p.table);
    if (name) put_name(&b, rule, p.name);
    if (!table && !name) buf_byte(&b, *text);
    text += table || name;
  }
  return buf_slice(&b);
}

static uint32_t token_end(const Lint *l, uint32_t start) {
  LintToken t;
  uint32_t at = start;
  return lint_token(l->script, &at, &t) ? t.end : start;
}

void lint_add(Lint *l, LintRule rule, LintPlace p) {
  const LintStatement *s = l->now;
  if (l->ignores_all || l->ignored[rule]) return;
  if (s && (s->ignores_all || s->ignored[rule])) return;
  uint32_t start = p.start ? p.start : s ? s->start : 0;
  LintFinding f = {.rule = rule,
                   .start = start,
                   .end = token_end(l, start),
                   .message = fill(l, rule, rules[rule].message, p),
                   .rewrite = fill(l, rule, rules[rule].rewrite, p)};
  *VEC_PUSH(l->arena, l->report->items, l->report->n) = f;
  l->report->count[rules[rule].severity]++;
}

/* --- what is to be left out --- */

static void ignore_rule(Lint *l, Slice word, bool *ignored, uint32_t at) {
  for (size_t i = 0; i < N_LINT_RULES; i++) {
    if (!slice_is(word, rules[i].name)) continue;
    ignored[i] = true;
    return;
  }
  lint_add(l, LINT_UNKNOWN_RULE, (LintPlace){.start = at, .name = word});
}

/* The rules that a comment names, behind its keyword; none: all. */
static void ignore_rules(Lint *l, Slice names, bool *all, bool *ignored, uint32_t at) {
  bool named = false;
  for (uint32_t i = 0; i < names.n;) {
    uint32_t start = i;
    while (i < names.n && (isalnum((unsigned char)names.p[i]) || names.p[i] == '-')) i++;
    Slice word = {names.p + start, i - start};
    if (word.n) ignore_rule(l, word, ignored, at);
    named = named || word.n;
    i += !word.n;
  }
  *all = *all || !named;
}

/* "-- lorm-ignore ...": of the file, or of one statement. */
static void take_comment(Lint *l, Slice comment, uint32_t at, LintStatement *of) {
  static const Slice file = SLICE_INIT("lorm-ignore-file"), one = SLICE_INIT("lorm-ignore");
  while (comment.n && (comment.p[0] == '-' || isspace((unsigned char)comment.p[0]))) comment.p++, comment.n--;
  Slice word = slice_starts(comment, file) ? file : one;
  if (!slice_starts(comment, word)) return;
  Slice names = {comment.p + word.n, comment.n - word.n};
  if (names.n && !isspace((unsigned char)names.p[0])) return;
  if (word.n == file.n) {
    ignore_rules(l, names, &l->ignores_all, l->ignored, at);
  } else if (of) {
    ignore_rules(l, names, &of->ignores_all, of->ignored, at);
  }
}

/* A comment belongs to the statement that it stands in, or that ended on its line; else to the next one. */
static LintStatement *statement_of_comment(Lint *l, LintToken t) {
  for (uint32_t i = 0; i < l->n; i++) {
    LintStatement *s = &l->statements[i];
    if (s->end <= t.start && memchr(l->script.p + s->end, '\n', t.start - s->end)) continue;
    return s;
  }
  return NULL;
}

static void read_comments(Lint *l) {
  uint32_t at = 0;
  LintToken t;
  while (lint_token(l->script, &at, &t)) {
    Slice text = {l->script.p + t.start, t.end - t.start};
    if (t.kind == LINT_TOKEN_COMMENT && slice_starts(text, SLICE("--")))
      take_comment(l, text, t.start, statement_of_comment(l, t));
  }
}

/* --- names that are cut --- */

enum {
  LONGEST_NAME = 63
};

static void check_names(Lint *l) {
  uint32_t at = 0, k = 0;
  LintToken t;
  while (lint_token(l->script, &at, &t)) {
    Slice name = {l->script.p + t.start, t.end - t.start};
    if (t.kind != LINT_TOKEN_NAME) continue;
    if (name.n >= 2 && name.p[0] == '"') name = (Slice){name.p + 1, name.n - 2};
    if (name.n <= LONGEST_NAME) continue;
    while (k < l->n && l->statements[k].end < t.start) k++;
    l->now = k < l->n ? &l->statements[k] : NULL;
    lint_add(l, LINT_TOO_LONG, (LintPlace){.start = t.start, .name = name});
  }
}

/* --- the run --- */

/* The first and last byte of a statement, without comments before it. */
static void bound(const Lint *l, LintStatement *s) {
  uint32_t at = s->start;
  LintToken t;
  while (lint_token((Slice){l->script.p, s->end}, &at, &t) && t.kind == LINT_TOKEN_COMMENT) continue;
  if (t.kind != LINT_TOKEN_COMMENT) s->start = t.start;
}

static void add_statement(Lint *l, const Arg *item) {
  const Arg *node = lint_member(item, "stmt"), *from = lint_member(item, "stmt_location"),
            *length = lint_member(item, "stmt_len");
  if (!node || node->kind != ARG_MAP || node->n != 1) return;
  LintStatement s = {
      .start = from ? (uint32_t)from->u.i : 0, .kind = node->u.pairs[0].key, .node = &node->u.pairs[0].value};
  s.end = length && length->u.i ? s.start + (uint32_t)length->u.i : l->script.n;
  bound(l, &s);
  *VEC_PUSH(l->arena, l->statements, l->n) = s;
}

static void read_tree(Lint *l, const Arg *tree) {
  const Arg *list = lint_member(tree, "stmts");
  for (uint32_t i = 0; list && i < list->n; i++) add_statement(l, &list->u.items[i]);
}

static int compare_places(const void *a, const void *b) {
  const LintFinding *x = a, *y = b;
  if (x->start != y->start) return x->start < y->start ? -1 : 1;
  return (int)x->rule - (int)y->rule;
}

static void judge(Lint *l) {
  read_comments(l);
  check_names(l);
  for (uint32_t i = 0; i < l->n; i++) l->apart = l->apart || lint_stands_apart(&l->statements[i]);
  for (uint32_t i = 0; i < l->n; i++) {
    l->now = &l->statements[i];
    lint_statement(l);
  }
  if (l->in_transaction) {
    l->now = &l->statements[l->began];
    lint_add(l, LINT_UNCOMMITTED, (LintPlace){0});
  }
  if (l->report->n) qsort(l->report->items, l->report->n, sizeof *l->report->items, compare_places);
}

static void free_parsed(void *p) {
  PgQueryParseResult *r = p;
  pg_query_free_parse_result(*r);
}

/* Its place is a count of characters. */
static void syntax_error(Lint *l, const PgQueryError *error) {
  uint32_t at = 0;
  for (int left = error->cursorpos - 1; left > 0 && at < l->script.n; left--) {
    at++;
    while (at < l->script.n && ((unsigned char)l->script.p[at] & 0xC0) == 0x80) at++;
  }
  Slice said = slice_copy(l->arena, slice_of(error->message));
  read_comments(l);
  lint_add(l, LINT_SYNTAX, (LintPlace){.start = at, .name = said});
}

/* False: it does not parse, which is in *r, or it is too deep, which is in l->e. */
static bool parse(Lint *l, PgQueryParseResult *r) {
  Arg tree;
  l->script = slice_copy(l->arena, l->script);
  arena_defer(l->arena, free_parsed, r);
  *r = pg_query_parse(l->script.p);
  if (r->error) return false;
  if (!json_to_arg(l->arena, slice_of(r->parse_tree), &tree))
    return err_set(l->e, ERR_USAGE, "the script is nested too deeply to be looked at");
  read_tree(l, &tree);
  return true;
}

static void body(void *ctx) {
  Lint *l = ctx;
  PgQueryParseResult *r = ARENA_NEW(l->arena, PgQueryParseResult);
  l->made = l->unplaced = map_in(l->arena);
  l->good = parse(l, r) || r->error;
  if (r->error)
    syntax_error(l, r->error);
  else if (l->good)
    judge(l);
}

bool lint_script(Arena *a, Slice script, LintReport *out, Err *e) {
  Lint l = {.arena = a, .script = script, .report = out, .e = e};
  *out = (LintReport){0};
  if (!arena_protect(a, NULL, body, &l)) return err_oom(e);
  return l.good;
}

/* --- what no diff undoes --- */

static bool within_diff(Slice kind) {
  static const char *const kinds[] = {"CreateStmt",      "AlterTableStmt",   "IndexStmt",
                                      "CreateEnumStmt",  "AlterEnumStmt",    "DropStmt",
                                      "RenameStmt",      "CreateSchemaStmt", "CreateExtensionStmt",
                                      "VariableSetStmt", "TransactionStmt"};
  for (size_t i = 0; i < COUNT(kinds); i++)
    if (slice_is(kind, kinds[i])) return true;
  return false;
}

bool lint_read(Lint *l) {
  PgQueryParseResult *r = ARENA_NEW(l->arena, PgQueryParseResult);
  if (parse(l, r)) return true;
  if (r->error) err_set(l->e, ERR_USAGE, "the script does not parse: %s", r->error->message);
  return false;
}

typedef struct Beyond {
  Lint lint;
  uint32_t *lines, n;
} Beyond;

static void beyond_body(void *ctx) {
  Beyond *b = ctx;
  Lint *l = &b->lint;
  Source source = {.text = l->script};
  l->good = lint_read(l);
  for (uint32_t i = 0; l->good && i < l->n; i++) {
    uint32_t column;
    if (within_diff(l->statements[i].kind)) continue;
    source_position(&source, l->statements[i].start, VEC_PUSH(l->arena, b->lines, b->n), &column);
  }
}

bool lint_beyond_diff(Arena *a, Slice script, uint32_t **lines, uint32_t *n, Err *e) {
  Beyond b = {.lint = {.arena = a, .script = script, .e = e}};
  if (!arena_protect(a, NULL, beyond_body, &b)) return err_oom(e);
  *lines = b.lines;
  *n = b.n;
  return b.lint.good;
}
