/* What PostgreSQL's own parser makes of a statement, for the tests of plan: does it parse, is it one
 * statement, which parameters has it, and is it another one's twin but for names. */
#ifndef TESTS_UNIT_SQL_TREE_H
#define TESTS_UNIT_SQL_TREE_H

#include <pg_query.h>

#include "base/json.h"

typedef struct SqlTree {
  PgQueryParseResult parsed;
  uint32_t statements;
  uint64_t params;     /* bit n-1: $n is there, up to $64 */
  uint32_t last_param; /* the greatest n */
} SqlTree;

static inline JsonReader sql_tree_reader(const SqlTree *t) {
  return json_reader(slice_of(t->parsed.parse_tree));
}

/* False: it does not parse, and `t->parsed.error` says why. Free in any case. */
static inline bool sql_tree_parse(SqlTree *t, const char *sql) {
  *t = (SqlTree){.parsed = pg_query_parse(sql)};
  if (t->parsed.error) return false;
  JsonReader r = sql_tree_reader(t);
  JsonToken token;
  bool param = false;
  while (json_next(&r, &token)) {
    if (token.kind == JSON_KEY && slice_is(token.text, "stmt")) t->statements++;
    if (token.kind == JSON_INT && param) {
      if (token.i > t->last_param) t->last_param = (uint32_t)token.i;
      if (token.i <= 64) t->params |= UINT64_C(1) << (token.i - 1);
    }
    param = token.kind == JSON_KEY && slice_is(token.text, "number");
  }
  return token.kind == JSON_END;
}

static inline void sql_tree_free(SqlTree *t) { pg_query_free_parse_result(t->parsed); }

/* Does `name` of one tree stand for `other` of its twin? */
typedef bool SqlTwin(const void *ctx, Slice name, Slice other);

static inline Slice sql_tree_text(const JsonToken *t, char *room, size_t size) {
  if (!t->escaped || t->text.n > size) return t->text;
  return (Slice){room, json_unescape(t->text, room)};
}

static inline bool sql_token_same(const JsonToken *a, const JsonToken *b, SqlTwin *twin, const void *ctx) {
  char room[2][1024];
  if (a->kind != b->kind) return false;
  if (a->kind == JSON_INT) return a->i == b->i;
  if (a->kind != JSON_STRING && a->kind != JSON_KEY) return true;
  Slice x = sql_tree_text(a, room[0], sizeof room[0]), y = sql_tree_text(b, room[1], sizeof room[1]);
  return slice_eq(x, y) || (a->kind == JSON_STRING && twin(ctx, x, y));
}

/* The same tree, where each string of one is that of the other or its twin; places in the text do not count.
 */
static inline bool sql_tree_same(const SqlTree *a, const SqlTree *b, SqlTwin *twin, const void *ctx) {
  JsonReader x = sql_tree_reader(a), y = sql_tree_reader(b);
  JsonToken s, t;
  bool place = false;
  for (;;) {
    bool more = json_next(&x, &s);
    if (json_next(&y, &t) != more) return false;
    if (!more) return s.kind == JSON_END && t.kind == JSON_END;
    if (!place && !sql_token_same(&s, &t, twin, ctx)) return false;
    place = s.kind == JSON_KEY && (slice_is(s.text, "location") || slice_is(s.text, "stmt_len"));
  }
}

#endif
