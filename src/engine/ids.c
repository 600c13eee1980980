/* Client-side ids. Randomness is the kernel's (getrandom), for ids are often taken for secrets.
 * UUID: RFC 9562, versions 4 and 7. ULID: github.com/ulid/spec. CUID: the layout of cuid 1 (c, time, counter,
 * fingerprint, random); cuid 2 as 24 base-36 characters that begin with a letter. */
#include <sys/random.h>
#include <unistd.h>

#include "base/datetime.h"
#include "engine/engine_private.h"

static const char base36[] = "0123456789abcdefghijklmnopqrstuvwxyz";
static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static const char url_safe[] = "useandom26T198340PX75pxJACKVERYMINDBUSHWOLFGQZbfghjklqvwyzrict_-";

static bool random_bytes(void *to, size_t n, Err *e) {
  unsigned char *p = to;
  while (n) {
    ssize_t got = getrandom(p, n, 0);
    if (got <= 0) return err_io(e, "cannot read", "random bytes");
    p += got;
    n -= (size_t)got;
  }
  return true;
}

/* `n` characters, each drawn evenly from `size` letters: bytes beyond the last whole multiple are redrawn. */
static bool random_letters(char *to, uint32_t n, const char *letters, uint32_t size, Err *e) {
  uint32_t limit = 256 - 256 % size;
  for (uint32_t i = 0; i < n;) {
    unsigned char bytes[64];
    if (!random_bytes(bytes, sizeof bytes, e)) return false;
    for (uint32_t k = 0; k < sizeof bytes && i < n; k++)
      if (bytes[k] < limit) to[i++] = letters[bytes[k] % size];
  }
  return true;
}

static void digits(char *to, uint32_t n, uint64_t value, const char *alphabet, uint32_t base) {
  for (uint32_t i = n; i-- > 0; value /= base) to[i] = alphabet[value % base];
}

static bool uuid(char out[36], int version, int64_t now, Err *e) {
  static const char hex[] = "0123456789abcdef";
  unsigned char b[16];
  if (!random_bytes(b, sizeof b, e)) return false;
  if (version == 7)
    for (int i = 0; i < 6; i++) b[i] = (unsigned char)((uint64_t)(now / 1000) >> (40 - 8 * i));
  b[6] = (unsigned char)((b[6] & 0x0F) | version << 4);
  b[8] = (unsigned char)((b[8] & 0x3F) | 0x80);
  for (int i = 0, at = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out[at++] = '-';
    out[at++] = hex[b[i] >> 4];
    out[at++] = hex[b[i] & 15];
  }
  return true;
}

/* The counter keeps the ids of one instant in the order in which they were made. */
static bool cuid1(char out[25], int64_t now, uint32_t counter, Err *e) {
  out[0] = 'c';
  digits(out + 1, 8, (uint64_t)(now / 1000), base36, 36);
  digits(out + 9, 4, counter, base36, 36);
  digits(out + 13, 4, (uint64_t)getpid(), base36, 36);
  return random_letters(out + 17, 8, base36, 36, e);
}

static bool ulid(char out[26], int64_t now, Err *e) {
  digits(out, 10, (uint64_t)(now / 1000), crockford, 32);
  return random_letters(out + 10, 16, crockford, 32, e);
}

static bool cuid2(char out[24], Err *e) {
  return random_letters(out, 1, base36 + 10, 26, e) && random_letters(out + 1, 23, base36, 36, e);
}

bool id_generate(Arena *a, const SlotSpec *spec, int64_t now, uint32_t *counter, Value *out, Err *e) {
  if (spec->kind == DEFAULT_NOW) {
    *out = (Value){.kind = VALUE_DATETIME, .u.i = now - now % 1000}; /* milliseconds, as Prisma's clock */
    return true;
  }
  uint32_t n = spec->kind == DEFAULT_UUID     ? 36
               : spec->kind == DEFAULT_ULID   ? 26
               : spec->kind == DEFAULT_NANOID ? (uint32_t)(spec->length > 0 ? spec->length : 21)
               : spec->version == 2           ? 24
                                              : 25;
  char *text = arena_alloc(a, n);
  *out = (Value){.kind = VALUE_TEXT, .len = n, .u.p = text};
  switch (spec->kind) {
    case DEFAULT_UUID: return uuid(text, spec->version == 7 ? 7 : 4, now, e);
    case DEFAULT_ULID: return ulid(text, now, e);
    case DEFAULT_NANOID: return random_letters(text, n, url_safe, 64, e);
    case DEFAULT_CUID: return spec->version == 2 ? cuid2(text, e) : cuid1(text, now, (*counter)++, e);
    default: return err_set(e, ERR_INTERNAL, "no generator for this default");
  }
}
