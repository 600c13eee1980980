/* Defaults and conditions as PostgreSQL prints them. */
#include "check.h"
#include "migrate/introspect.h"

static Arena *arena;

static ColumnDefault read_as(NativeId native, bool list, const char *sql) {
  ColumnType type = {.native = native};
  return introspect_default(arena, slice_of(sql), &type, list);
}

static void check_value(NativeId native, const char *sql, const char *value) {
  ColumnDefault d = read_as(native, false, sql);
  CHECK(d.form == FORM_VALUE);
  CHECK_TEXT(d.text, value);
}

static void literals(void) {
  check_value(NATIVE_Text, "'it''s'::text", "it's");
  check_value(NATIVE_Text, "E'a\\nb\\\\c'::character varying", "a\nb\\c");
  check_value(NATIVE_VarChar, "('x'::character varying)::text", "x");
  check_value(NATIVE_Integer, "'-5'::integer", "-5");
  check_value(NATIVE_Integer, "(-5)", "-5");
  check_value(NATIVE_Decimal, "1.50", "1.50");
  check_value(NATIVE_Decimal, "'-2'::integer::numeric(65,30)", "-2");
  check_value(NATIVE_Boolean, "true", "true");
  check_value(NATIVE_ByteA, "'\\x6865'::bytea", "\\x6865");
  check_value(NATIVE_Uuid, "'00000000-0000-0000-0000-00000000000a'::uuid",
              "00000000-0000-0000-0000-00000000000a");
  CHECK(read_as(NATIVE_Text, false, "NULL::text").form == FORM_NONE);
}

static void functions(void) {
  CHECK(read_as(NATIVE_Timestamp, false, "CURRENT_TIMESTAMP").form == FORM_NOW);
  CHECK(read_as(NATIVE_Timestamp, false, "now()").form == FORM_NOW);
  CHECK(read_as(NATIVE_Timestamp, false, "CURRENT_TIMESTAMP(3)").form == FORM_EXPRESSION);
  CHECK(read_as(NATIVE_Timestamp, false, "'2020-01-01 00:00:00'::timestamp without time zone").form ==
        FORM_EXPRESSION);
  CHECK_TEXT(read_as(NATIVE_Integer, false, "nextval('\"S\".\"A_id_seq\"'::regclass)").text, "A_id_seq");
  CHECK(read_as(NATIVE_Integer, false, "nextval(('s'::text)::regclass)").form == FORM_SEQUENCE);
  CHECK(read_as(NATIVE_Text, false, "nextval('s'::regclass)").form == FORM_EXPRESSION);
  CHECK(read_as(NATIVE_Text, false, "lower('X'::text)").form == FORM_EXPRESSION);
  CHECK(read_as(NATIVE_Text, false, "'a'::text || 'b'::text").form == FORM_EXPRESSION);
  CHECK(read_as(NATIVE_Integer, false, "1 + 1").form == FORM_EXPRESSION);
  CHECK(read_as(NATIVE_Text, false, "'never ends").form == FORM_EXPRESSION);
  CHECK(read_as(NATIVE_Text, false, "").form == FORM_EXPRESSION);
}

static void lists(void) {
  ColumnDefault d = read_as(NATIVE_Text, true, "ARRAY['a b'::text, 'c\"d'::text]");
  CHECK(d.form == FORM_LIST && d.n_items == 2);
  CHECK_TEXT(d.items[1], "c\"d");
  d = read_as(NATIVE_Text, true, "'{\"a,b\",c\\\\d}'::text[]");
  CHECK(d.n_items == 2);
  CHECK_TEXT(d.items[0], "a,b");
  CHECK_TEXT(d.items[1], "c\\d");
  d = read_as(NATIVE_Integer, true, "(ARRAY[1, '-2'::integer])::integer[]");
  CHECK(d.n_items == 2);
  CHECK_TEXT(d.items[1], "-2");
  CHECK(read_as(NATIVE_Text, true, "ARRAY[]::text[]").n_items == 0);
  CHECK(read_as(NATIVE_Text, true, "'{}'::text[]").form == FORM_LIST);
  CHECK_TEXT(read_as(NATIVE_Boolean, true, "'{t,f}'::boolean[]").items[1], "false");
  CHECK(read_as(NATIVE_Text, true, "ARRAY[lower('A'::text)]").form == FORM_EXPRESSION);
}

static bool same(const char *left, const char *right) {
  return introspect_same(arena, slice_of(left), slice_of(right));
}

static void sameness(void) {
  CHECK(same("deletedAt IS NULL", "((deletedat) is  null)"));
  CHECK(same("\"d\" IS NULL AND \"s\" <> 'x'", "((d IS NULL) AND (s <> 'x'::text))"));
  CHECK(same("a::double precision > 1 AND b", "((a)::double precision > 1) AND b"));
  CHECK(!same("a IS NULL", "a IS NOT NULL"));
  CHECK(!same("s = 'X'", "s = 'x'"));
  CHECK(!same("a::int AND b", "a"));
  CHECK(!same("\"A\" > 1", "a > 1"));
  CHECK(same("'", "'"));
}

static void begin(void) { arena = arena_new(0); }
static void end(void) { arena_free(arena); }

TESTS(begin, literals, functions, lists, sameness, end)
