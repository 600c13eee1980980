#include "base/utf8.h"

enum {
  REPLACEMENT = 0xFFFD,
  LAST_CODE = 0x10FFFF
};

static bool is_surrogate(uint32_t code) { return code >= 0xD800 && code <= 0xDFFF; }

/* Bytes of the sequence at p, of which n are there, and its code point; 0 when it is malformed. */
static uint32_t sequence(const unsigned char *p, uint32_t n, uint32_t *code) {
  static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  uint32_t length = p[0] < 0x80   ? 1
                    : p[0] < 0xC0 ? 0
                    : p[0] < 0xE0 ? 2
                    : p[0] < 0xF0 ? 3
                    : p[0] < 0xF8 ? 4
                                  : 0;
  if (length == 0 || length > n) return 0;
  *code = length == 1 ? p[0] : p[0] & (0x7Fu >> length);
  for (uint32_t i = 1; i < length; i++) {
    if ((p[i] & 0xC0) != 0x80) return 0;
    *code = *code << 6 | (p[i] & 0x3F);
  }
  if (length == 1) return 1;
  return *code < smallest[length] || *code > LAST_CODE || is_surrogate(*code) ? 0 : length;
}

/* Where the plain ASCII from `at` on ends, eight bytes at a time and never past the next odd byte. */
static uint32_t skip_ascii(Slice s, uint32_t at) {
  uint64_t word;
  while (s.n - at >= sizeof word) {
    memcpy(&word, s.p + at, sizeof word);
    if (word & UINT64_C(0x8080808080808080)) break;
    at += sizeof word;
  }
  return at;
}

bool utf8_valid(Slice s) {
  uint32_t code;
  for (uint32_t at = skip_ascii(s, 0); at < s.n;) {
    uint32_t length = sequence((const unsigned char *)s.p + at, s.n - at, &code);
    if (length == 0) return false;
    at += length;
    if (length == 1) at = skip_ascii(s, at);
  }
  return true;
}

uint32_t utf8_next(Slice s, uint32_t *at) {
  uint32_t code, length = sequence((const unsigned char *)s.p + *at, s.n - *at, &code);
  *at += length ? length : 1;
  return length ? code : REPLACEMENT;
}

uint32_t utf8_put(uint32_t code, char out[4]) {
  if (code > LAST_CODE || is_surrogate(code)) return 0;
  if (code < 0x80) {
    out[0] = (char)code;
    return 1;
  }
  uint32_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  for (uint32_t i = length - 1; i > 0; i--, code >>= 6) out[i] = (char)(0x80 | (code & 0x3F));
  out[0] = (char)(0xF00u >> length | code);
  return length;
}

typedef struct Range {
  uint32_t first, last;
} Range;

/* What terminals draw two columns wide: the blocks of East Asian Wide and Fullwidth, and emoji. */
static const Range wide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x23E9, 0x23EC},   {0x2614, 0x2615},   {0x2648, 0x2653},
    {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x2705, 0x2705},   {0x270A, 0x270B},   {0x2728, 0x2728},
    {0x274C, 0x274C},   {0x2753, 0x2755},   {0x2795, 0x2797},   {0x2E80, 0x303E},   {0x3041, 0x33FF},
    {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xA960, 0xA97C},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},   {0x16FE0, 0x18CFF},
    {0x1B000, 0x1B2FF}, {0x1F1E6, 0x1F202}, {0x1F210, 0x1F265}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
    {0x1F7E0, 0x1F7EB}, {0x1F90C, 0x1F9FF}, {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD}};

/* What they draw on top of the character before, or not at all. */
static const Range combining[] = {{0x0300, 0x036F},   {0x0483, 0x0489},  {0x0591, 0x05BD}, {0x0610, 0x061A},
                                  {0x064B, 0x065F},   {0x06D6, 0x06DC},  {0x0900, 0x0902}, {0x093C, 0x093C},
                                  {0x0941, 0x0948},   {0x0E34, 0x0E3A},  {0x0E47, 0x0E4E}, {0x1160, 0x11FF},
                                  {0x1AB0, 0x1AFF},   {0x1DC0, 0x1DFF},  {0x200B, 0x200F}, {0x202A, 0x202E},
                                  {0x2060, 0x2064},   {0x20D0, 0x20F0},  {0x302A, 0x302D}, {0x3099, 0x309A},
                                  {0xFE00, 0xFE0F},   {0xFE20, 0xFE2F},  {0xFEFF, 0xFEFF}, {0x1F3FB, 0x1F3FF},
                                  {0xE0001, 0xE007F}, {0xE0100, 0xE01EF}};

static bool among(const Range *ranges, size_t n, uint32_t code) {
  for (size_t i = 0; i < n && code >= ranges[i].first; i++)
    if (code <= ranges[i].last) return true;
  return false;
}

uint32_t utf8_columns(Slice s) {
  uint32_t columns = 0;
  for (uint32_t at = 0; at < s.n;) {
    uint32_t code = utf8_next(s, &at);
    if (among(combining, COUNT(combining), code)) continue;
    columns += among(wide, COUNT(wide), code) ? 2 : 1;
  }
  return columns;
}
