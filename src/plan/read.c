#include "plan/read.h"

/* ---- finds ---- */

static Check not_found(void) {
  return (Check){.kind = CHECK_SOME,
                 .count_leaf = ARG_NO_LEAF,
                 .code = ERR_P2025,
                 .message = SLICE("An operation failed because it depends on one or more records that were "
                                  "required but not found. No record was found for a query."),
                 .cause = SLICE("No record was found for a query.")};
}

/* What a read that locks includes is read by further steps, after it has its locks: joined, it would be as
 * old as the statement; by a subselect, it would be that of rows which were skipped. */
static bool read_rows(Builder *b, const Path *root, bool unique, bool first) {
  Lock lock;
  Find f = {.model = b->model, .args = b->args, .at = root, .unique = unique, .first = first};
  if (!lock_read(b, root, &lock) || !find_open(b, &f) || !lock_apply(b, &f, lock)) return false;
  bool locks = lock.kind != LOCK_NONE;
  Selection s = {b->model, b->args, root, locks ? NULL : f.select->from};
  From *last = from_last(f.select->from);
  Record *record = selection_record(b, &s, f.alias, &f.select->outputs, &f.select->n_outputs);
  if (!record || !(locks ? find_close(b, &f) : find_close_cut(b, &f, last))) return false;
  Rows rows = {.step = b_select(b, f.select), .record = record, .alias = f.alias, .single = unique};
  if (unique && !locks) rows.select = f.select;
  b->plan->steps[rows.step].reversed = f.reversed;
  b->plan->result_step = rows.step;
  b->plan->record = record;
  return include_links(b, rows);
}

/* "join" or "query": accepted, and nothing else; how relations are read is chosen per call. */
bool read_strategy(Builder *b, const Path *root) {
  const Arg *strategy = b_get(b->args, "relationLoadStrategy");
  Path at = path_key(root, SLICE("relationLoadStrategy"));
  Slice word;
  if (!strategy) return true;
  if (!b_string(b, &at, strategy, &word)) return false;
  return slice_is(word, "join") || slice_is(word, "query") || b_error(b, &at, "Expected `join` or `query`.");
}

bool read_find(Builder *b) {
  static const Slice names[] = {
      {"where", 5}, {"select", 6},      {"include", 7}, {"omit", 4},    {"relationLoadStrategy", 20},
      {"lock", 4},  {"skipLocked", 10}, {"noWait", 6},  {"orderBy", 7}, {"cursor", 6},
      {"take", 4},  {"skip", 4},        {"distinct", 8}};
  bool unique = b->action == CALL_FIND_UNIQUE || b->action == CALL_FIND_UNIQUE_OR_THROW;
  bool many = b->action == CALL_FIND_MANY;
  const Path *root = path_keep(b, (Path){0});
  if (!b_only(b, root, "argument", b->args, names, unique ? 8 : COUNT(names))) return false;
  if (!read_strategy(b, root)) return false;
  b->plan->result = many ? RESULT_ROWS : RESULT_ROW;
  b->plan->must_find = b->action == CALL_FIND_UNIQUE_OR_THROW || b->action == CALL_FIND_FIRST_OR_THROW;
  if (b->plan->must_find) b->plan->missing = not_found();
  return read_rows(b, root, unique, !many && !unique);
}

bool read_back(Builder *b, const Selection *s, From *from, Expr *where) {
  Select *select = ARENA_NEW(b->scratch, Select);
  select->from = from;
  select->where = where;
  Selection joined = {s->model, s->args, s->at, from};
  Record *record = selection_record(b, &joined, from->alias, &select->outputs, &select->n_outputs);
  if (!record) return false;
  Rows rows = {.step = b_select(b, select),
               .flight = b->flight,
               .record = record,
               .select = select,
               .alias = from->alias,
               .single = true};
  b->plan->result = RESULT_ROW;
  b->plan->record = record;
  b->plan->result_step = rows.step;
  return include_links(b, rows);
}
