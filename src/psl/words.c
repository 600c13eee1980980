#include "psl/words.h"

#include "base/buf.h"

/* --- case --- */

static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_word(char c) { return is_lower(c) || is_upper(c) || is_digit(c) || (unsigned char)c >= 0x80; }

/* A word starts behind a separator, behind a digit, and where small letters give way to a capital. */
Slice word_camel(Arena *a, Slice name) {
  Buf b = buf_in(a);
  bool starts = false;
  char last = '\0';
  buf_reserve(&b, name.n + 1);
  for (uint32_t i = 0; i < name.n; i++) {
    char c = name.p[i];
    if (!is_word(c)) {
      starts |= b.n > 0;
    } else if (is_digit(c)) {
      buf_byte(&b, c);
      starts = true;
    } else if (starts || (is_lower(last) && is_upper(c))) {
      buf_byte(&b, is_lower(c) ? (char)(c - 'a' + 'A') : c);
      starts = false;
    } else {
      buf_byte(&b, is_upper(c) ? (char)(c - 'A' + 'a') : c);
      last = c;
    }
  }
  return buf_slice(&b);
}

/* --- plurals --- */

static const char *const uncountable[] = {
#define UNCOUNTABLE(word) word,
#include "psl/uncountable.def"
#undef UNCOUNTABLE
};

/* Stems whose ending changes; a word that has the plural's ending already keeps it. */
static const struct {
  const char *singular, *plural, *stems;
} families[] = {
    {"us", "i", "alumn syllab octop vir radi nucle fung cact stimul termin bacill foc uter loc strat"},
    {"a", "ae", "alumn alg vertebr"},
    {"", "im", "seraph cherub"},
    {"um", "a",
     "agend addend millenni dat extrem bacteri desiderat strat candelabr errat ov symposi curricul automat "
     "quor"},
    {"on", "a", "apheli hyperbat periheli asyndet noumen phenomen criteri organ prolegomen automat hedr"},
    {"ix", "ices", "matr cod mur sil vert ind append"},
    {"ex", "ices", "matr cod mur sil vert ind append"},
    {"ouse", "ice", "m l"},
    {"rson", "ople", "pe"},
    {"", "ren", "child"},
};

/* What a word ends in, and how many bytes of it give way to what. '^' at the start: the whole word;
 * [abc] and [^abc]: one byte (not) of these. The first that fits decides. */
static const struct {
  const char *ending;
  uint32_t cut;
  const char *add;
} rules[] = {
    {"^ox", 0, "en"},      {"^man", 2, "en"},        {"^woman", 2, "en"},   {"^die", 1, "ce"},
    {"^yes", 0, "es"},     {"^foot", 3, "eet"},      {"^goose", 4, "eese"}, {"^tooth", 4, "eeth"},
    {"^quiz", 0, "zes"},   {"eaux", 0, ""},          {"ch", 0, "es"},       {"sh", 0, "es"},
    {"ss", 0, "es"},       {"zz", 0, "es"},          {"x", 0, "es"},        {"[^ch][ieo][ln]ey", 2, "ies"},
    {"quy", 1, "ies"},     {"[^aeiouy]y", 1, "ies"}, {"knife", 2, "ves"},   {"wife", 2, "ves"},
    {"life", 2, "ves"},    {"arf", 1, "ves"},        {"lf", 1, "ves"},      {"e[ao]f", 1, "ves"},
    {"oaf", 1, "ves"},     {"hoof", 1, "ves"},       {"axis", 2, "es"},     {"testis", 2, "es"},
    {"sis", 2, "es"},      {"hero", 0, "es"},        {"ato", 0, "es"},      {"gro", 0, "es"},
    {"alias", 0, "es"},    {"tlas", 0, "es"},        {"[iu]am", 0, ""},     {"e[mn]us", 0, ""},
    {"[^aou]us", 0, "es"}, {"gas", 0, "es"},         {"ris", 0, "es"},      {"[^aeiou]ese", 0, ""},
    {"s", 0, ""},
};

static bool ends_with(Slice word, Slice stem, const char *ending) {
  uint32_t n = (uint32_t)strlen(ending);
  return word.n >= stem.n + n && memcmp(word.p + word.n - n, ending, n) == 0 &&
         memcmp(word.p + word.n - n - stem.n, stem.p, stem.n) == 0;
}

/* Of one family: the plural, or an empty slice when the word is none of its members. */
static Slice family_plural(Arena *a, Slice word, size_t family) {
  const char *singular = families[family].singular, *plural = families[family].plural;
  for (const char *p = families[family].stems; *p; p += *p == ' ') {
    Slice stem = {p, (uint32_t)strcspn(p, " ")};
    p += stem.n;
    if (ends_with(word, stem, plural)) return word;
    if (!ends_with(word, stem, singular)) continue;
    return slice_printf(a, "%.*s%s", (int)(word.n - (uint32_t)strlen(singular)), word.p, plural);
  }
  return (Slice){NULL, 0};
}

/* Whether c is (not) among those of a set; `*set` moves behind the ']'. */
static bool in_set(const char **set, char c) {
  bool negated = **set == '^', found = false;
  for (*set += negated; **set != ']'; ++*set) found |= **set == c;
  ++*set;
  return found != negated;
}

static uint32_t ending_length(const char *ending) {
  uint32_t n = 0;
  for (; *ending; ending++, n++)
    if (*ending == '[') ending = strchr(ending, ']');
  return n;
}

static bool has_ending(Slice word, const char *ending) {
  bool whole = *ending == '^';
  ending += whole;
  uint32_t n = ending_length(ending);
  if (word.n < n || (whole && word.n != n)) return false;
  for (const char *p = word.p + word.n - n; *ending; p++) {
    if (*ending == '[') {
      ending++;
      if (!in_set(&ending, *p)) return false;
    } else if (*ending++ != *p) {
      return false;
    }
  }
  return true;
}

Slice word_plural(Arena *a, Slice word) {
  for (size_t i = 0; i < COUNT(uncountable); i++)
    if (slice_is(word, uncountable[i])) return word;
  for (size_t i = 0; i < COUNT(families); i++) {
    Slice plural = family_plural(a, word, i);
    if (plural.n) return plural;
  }
  for (size_t i = 0; i < COUNT(rules); i++)
    if (has_ending(word, rules[i].ending))
      return slice_printf(a, "%.*s%s", (int)(word.n - rules[i].cut), word.p, rules[i].add);
  return slice_printf(a, "%.*ss", SLICE_ARGS(word));
}
