/* For the tests of plan that are hostile: a schema with every kind of field in two versions, of which one has
 * names in the database that try to get out of their quotes; texts that try the same, and harmless twins of
 * them; and the proof that it made no difference, by PostgreSQL's own parser. */
#ifndef TESTS_UNIT_PLAN_HOSTILE_H
#define TESTS_UNIT_PLAN_HOSTILE_H

#include "check.h"
#include "plan/plan.h"
#include "sql_tree.h"

static const char hostile_schema[] =
    "datasource db {\n  provider = \"postgresql\"\n}\n"
    "enum Role {\n  USER @map(\"~0\")\n  ADMIN @map(\"~1\")\n  @@map(\"~2\")\n}\n"
    "model User {\n"
    "  id      Int       @id @default(autoincrement()) @map(\"~3\")\n"
    "  email   String    @unique @map(\"~4\")\n"
    "  name    String?   @map(\"~5\")\n"
    "  role    Role      @default(USER) @map(\"~6\")\n"
    "  age     Int?      @map(\"~7\")\n"
    "  big     BigInt?   @map(\"~8\")\n"
    "  score   Float     @default(0) @map(\"~9\")\n"
    "  exact   Decimal?  @db.Decimal(20, 4) @map(\"~10\")\n"
    "  active  Boolean   @default(true) @map(\"~11\")\n"
    "  seen    DateTime? @map(\"~12\")\n"
    "  born    DateTime? @db.Date @map(\"~13\")\n"
    "  token   String?   @unique @db.Uuid @map(\"~14\")\n"
    "  raw     Bytes?    @map(\"~15\")\n"
    "  meta    Json?     @map(\"~16\")\n"
    "  tags    String[]  @map(\"~17\")\n"
    "  nums    Int[]\n"
    "  roles   Role[]\n"
    "  changed DateTime  @updatedAt\n"
    "  posts   Post[]\n"
    "  profile Profile?\n"
    "  friends User[]    @relation(\"~18\")\n"
    "  friendOf User[]   @relation(\"~18\")\n"
    "  @@unique([name, age], name: \"both\")\n"
    "  @@map(\"~19\")\n}\n"
    "model Profile {\n"
    "  id     String @id @default(uuid())\n"
    "  bio    String @map(\"~5\")\n"
    "  userId Int    @unique @map(\"~3\")\n"
    "  user   User   @relation(fields: [userId], references: [id], onDelete: Cascade)\n"
    "  @@map(\"~20\")\n}\n"
    "model Post {\n"
    "  id       Int     @id @map(\"~3\")\n"
    "  title    String  @map(\"~4\")\n"
    "  likes    Int     @default(0)\n"
    "  authorId Int?    @map(\"~7\")\n"
    "  author   User?   @relation(fields: [authorId], references: [id])\n"
    "  labels   Label[]\n"
    "  notes    Note[]\n"
    "  @@map(\"~21\")\n}\n"
    "model Label {\n  id    Int    @id\n  name  String @unique @map(\"~22\")\n  posts Post[]\n}\n"
    "model Note {\n"
    "  postId Int    @map(\"~4\")\n"
    "  line   Int    @map(\"~9\")\n"
    "  body   String\n"
    "  post   Post   @relation(fields: [postId], references: [id])\n"
    "  @@id([postId, line])\n  @@map(\"~23\")\n}\n";

static const char *const hostile_names[] = {
    "a\"b",
    "x\"; DROP TABLE canary; --",
    "\"\"",
    "back\\slash",
    "a\\\"b",
    "it's",
    "$1",
    "select",
    "a.b",
    "a--b",
    "/* c */",
    "semi;colon",
    "t0",
    "c1",
    "k1",
    "excluded",
    "%s%n",
    "E'\\''",
    "\"public\".\"x\"",
    "\xef\xbc\x82 \xe2\x80\x9f\xe2\x80\x9d",
    " ",
    "\xc3\xbc\xc3\xaf \xf0\x9f\x90\x98",
    "a name that is longer than the sixty-three bytes that PostgreSQL keeps of one",
    "\") RETURNING *; --",
};

/* A name of the hostile schema and its twin in the harmless one. */
static inline bool hostile_twin(const void *ctx, Slice a, Slice b) {
  (void)ctx;
  if (a.n && b.n && a.p[0] == '_' && b.p[0] == '_')
    a = (Slice){a.p + 1, a.n - 1}, b = (Slice){b.p + 1, b.n - 1};
  for (uint32_t i = 0; i < COUNT(hostile_names); i++) {
    char plain[16];
    Slice name = slice_of(hostile_names[i]);
    snprintf(plain, sizeof plain, "plain%u", i);
    if (name.n > 60) name.n = a.n; /* cut by the parser */
    if (slice_eq(a, name) && slice_is(b, plain)) return true;
  }
  return false;
}

static inline void hostile_put_name(Buf *b, uint32_t i, bool hostile) {
  if (!hostile) {
    buf_printf(b, "plain%u", i);
    return;
  }
  for (const char *p = hostile_names[i]; *p; p++) {
    if (*p == '"' || *p == '\\') buf_byte(b, '\\');
    buf_byte(b, *p);
  }
}

static inline const Schema *hostile_load(Arena *a, bool hostile) {
  Buf text = buf_in(a);
  for (const char *p = hostile_schema; *p; p++) {
    if (*p != '~') {
      buf_byte(&text, *p);
      continue;
    }
    uint32_t i = 0;
    for (; p[1] >= '0' && p[1] <= '9'; p++) i = i * 10 + (uint32_t)(p[1] - '0');
    hostile_put_name(&text, i, hostile);
  }
  Source source = {SLICE("schema"), buf_slice(&text)};
  Diags d = {.arena = a};
  const Schema *s = schema_load(a, &source, 1, &d);
  for (uint32_t i = 0; !s && i < d.n; i++) fprintf(stderr, "schema: %.*s\n", SLICE_ARGS(d.items[i].message));
  CHECK(s != NULL);
  return s;
}

/* Text number i of those that try to be more than a text; or its twin, which is as unlike the others. */
enum {
  HOSTILE_TEXTS = 500
};
static inline Slice hostile_text(Arena *a, uint32_t i, bool hostile) {
  static const char *const begins[] = {"'",    "\"",           "\\'",          "$$", "$1",
                                       "E'\\", "\xe2\x80\x99", "\xef\xbc\x87", "\\", "%_"};
  static const char *const middles[] = {
      "; DROP TABLE canary; ",  " OR 1=1 ",        " UNION SELECT version() ",
      ") RETURNING * ",         "{\"$ne\": \"\"}", ", pg_sleep(9)",
      "::text, current_user) ", "\\x27; ",         "]->'a'",
      " AS t0, \"canary\""};
  static const char *const ends[] = {"", "--", "/*", "'", "\""};
  if (!hostile) return slice_printf(a, "text%u", i % HOSTILE_TEXTS);
  return slice_printf(a, "%s%s%s", begins[i % COUNT(begins)], middles[i / 10 % COUNT(middles)],
                      ends[i / 100 % COUNT(ends)]);
}

typedef struct Planned {
  bool built;
  Plan *plan;
  Err e;
} Planned;

/* Into `plans`, which outlives the answer; `scratch` is to be reset by the caller. scopes: NULL, or of the
 * call. */
static inline Planned hostile_plan(Arena *plans, Arena *scratch, const Schema *s, const Model *m,
                                   CallAction action, Arg *args, Scopes *scopes) {
  Planned p = {0};
  Shape shape = {.scopes = scopes};
  PlanConfig config = {.schema = s, .default_schema = SLICE("a \"schema\"; --")};
  shape_scan(&shape, scratch, &s->json_names, args);
  p.built = plan_build(plans, scratch, &config, m, action, args, &shape, &p.plan, &p.e);
  return p;
}

static inline void hostile_complain(const char *what, const char *sql) {
  fprintf(stderr, "%s: %s\n", what, sql);
}

/* Every statement of the plan is one, and its parameters are those that the plan has. */
static inline void hostile_check_sql(const Plan *p) {
  for (uint32_t i = 0; i < p->n_steps; i++) {
    const Step *step = &p->steps[i];
    SqlTree t;
    bool parses = sql_tree_parse(&t, step->sql.p);
    bool few = step->n_params < 64;
    bool bound = t.last_param == step->n_params && (!few || t.params == (UINT64_C(1) << step->n_params) - 1);
    if (!parses) hostile_complain(t.parsed.error ? t.parsed.error->message : "its tree", step->sql.p);
    CHECK(parses);
    if (parses && (t.statements != 1 || !bound)) hostile_complain("statements or parameters", step->sql.p);
    CHECK(!parses || (t.statements == 1 && bound));
    sql_tree_free(&t);
  }
}

/* The harmless call's plan and that of its twin with hostile texts: the very same SQL. */
static inline void hostile_check_same(const Planned *harmless, const Planned *hostile) {
  CHECK(harmless->built == hostile->built);
  if (!harmless->built || !hostile->built) return;
  CHECK(harmless->plan->n_steps == hostile->plan->n_steps);
  for (uint32_t i = 0; i < harmless->plan->n_steps && i < hostile->plan->n_steps; i++) {
    bool same = slice_eq(harmless->plan->steps[i].sql, hostile->plan->steps[i].sql);
    if (!same) hostile_complain(harmless->plan->steps[i].sql.p, hostile->plan->steps[i].sql.p);
    CHECK(same);
  }
}

/* The plans by the two schemas: the same tree but for the names. */
static inline void hostile_check_twins(const Planned *harmless, const Planned *hostile) {
  CHECK(harmless->built == hostile->built);
  if (!harmless->built || !hostile->built) return;
  CHECK(harmless->plan->n_steps == hostile->plan->n_steps);
  for (uint32_t i = 0; i < harmless->plan->n_steps && i < hostile->plan->n_steps; i++) {
    SqlTree a, b;
    bool parse = sql_tree_parse(&a, hostile->plan->steps[i].sql.p);
    parse = sql_tree_parse(&b, harmless->plan->steps[i].sql.p) && parse;
    bool same = parse && sql_tree_same(&a, &b, hostile_twin, NULL);
    if (!same) hostile_complain(harmless->plan->steps[i].sql.p, hostile->plan->steps[i].sql.p);
    CHECK(same);
    sql_tree_free(&a);
    sql_tree_free(&b);
  }
}

/* A call that cannot be planned says so in words, and most often where. */
static inline void hostile_check_error(const Planned *p) {
  CHECK(p->e.code != ERR_NONE && p->e.code != ERR_INTERNAL && p->e.code != ERR_OUT_OF_MEMORY);
  CHECK(p->e.message[0] != 0);
}

#endif
