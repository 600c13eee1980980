/* inet and cidr: on the wire family, mask bits, is-cidr, address length, address. As text: the address, and
 * "/bits" when it is a cidr or not a single host. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include "pg/codec_family.h"

enum {
  HEADER = 4,
  FAMILY_4 = 2, /* PostgreSQL's numbers, whatever AF_INET6 is here */
  FAMILY_6 = 3,
  LONGEST = 64
};

static uint32_t address_bytes(uint8_t family) { return family == FAMILY_4 ? 4 : family == FAMILY_6 ? 16 : 0; }
static int address_family(uint8_t family) { return family == FAMILY_4 ? AF_INET : AF_INET6; }

static bool inet_whole(const uint8_t *bytes, uint32_t n) {
  if (n < HEADER) return false;
  uint32_t size = address_bytes(bytes[0]);
  return size && bytes[3] == size && n == HEADER + size && bytes[1] <= size * 8;
}

void inet_decode(Value *out, const uint8_t *bytes, uint32_t n, Arena *scratch) {
  value_invalid(out);
  char text[LONGEST];
  if (!inet_whole(bytes, n) || !inet_ntop(address_family(bytes[0]), bytes + HEADER, text, sizeof text))
    return;
  size_t end = strlen(text);
  if (bytes[2] || bytes[1] != bytes[3] * 8)
    end += (size_t)snprintf(text + end, sizeof text - end, "/%d", bytes[1]);
  char *at = value_room(out, VALUE_TEXT, scratch, (uint32_t)end);
  if (at) memcpy(at, text, end);
}

/* "/24" or nothing; false when it is more than the address has, or no number. */
static bool mask_parse(const char *slash, uint32_t most, uint32_t *bits) {
  *bits = most;
  if (!slash) return true;
  char *end;
  if (slash[1] < '0' || slash[1] > '9') return false;
  unsigned long n = strtoul(slash + 1, &end, 10);
  *bits = (uint32_t)n;
  return *end == 0 && n <= most;
}

/* A network has no bits set to the right of its mask. */
static bool host_bits_clear(const uint8_t *address, uint32_t size, uint32_t bits) {
  for (uint32_t i = bits; i < size * 8; i++)
    if (address[i / 8] >> (7 - i % 8) & 1) return false;
  return true;
}

static bool inet_parse(Slice s, TypeId type, uint8_t wire[HEADER + 16]) {
  char text[LONGEST];
  uint32_t bits;
  if (s.n == 0 || s.n >= sizeof text || memchr(s.p, 0, s.n)) return false;
  memcpy(text, s.p, s.n);
  text[s.n] = 0;
  char *slash = strchr(text, '/');
  if (slash) *slash = 0;
  uint8_t family = strchr(text, ':') ? FAMILY_6 : FAMILY_4;
  uint32_t size = address_bytes(family);
  if (inet_pton(address_family(family), text, wire + HEADER) != 1) return false;
  if (!mask_parse(slash, size * 8, &bits)) return false;
  wire[0] = family;
  wire[1] = (uint8_t)bits;
  wire[2] = type == TYPE_CIDR;
  wire[3] = (uint8_t)size;
  return type != TYPE_CIDR || host_bits_clear(wire + HEADER, size, bits);
}

bool inet_encode(Buf *to, TypeId type, const Value *v, Err *e) {
  uint8_t wire[HEADER + 16];
  if (v->kind != VALUE_TEXT) return codec_mismatch(type, v, e);
  if (!inet_parse((Slice){v->u.p, v->len}, type, wire))
    return codec_malformed(type, (Slice){v->u.p, v->len}, e);
  buf_add(to, wire, HEADER + wire[3]);
  return true;
}
