/* What the codec families share, and what they hand to the table in codec.c. Inside pg only. */
#ifndef PG_CODEC_FAMILY_H
#define PG_CODEC_FAMILY_H

#include "pg/codec.h"

static inline uint16_t wire_u16(const uint8_t *p) { return (uint16_t)(p[0] << 8 | p[1]); }
static inline uint32_t wire_u32(const uint8_t *p) {
  return (uint32_t)wire_u16(p) << 16 | (uint32_t)wire_u16(p + 2);
}
static inline uint64_t wire_u64(const uint8_t *p) { return (uint64_t)wire_u32(p) << 32 | wire_u32(p + 4); }

static inline void value_invalid(Value *out) { *out = (Value){VALUE_INVALID, INVALID_BYTES, {0}}; }
static inline void value_int(Value *out, ValueKind kind, int64_t i) { *out = (Value){kind, 0, {.i = i}}; }
static inline void value_view(Value *out, ValueKind kind, const void *p, uint32_t n) {
  *out = (Value){kind, n, {.p = p}};
}
/* n bytes of scratch as the value's memory; NULL, and an invalid value, when there are none. */
static inline char *value_room(Value *out, ValueKind kind, Arena *scratch, uint32_t n) {
  char *p = arena_try(scratch, n ? n : 1);
  *out = p ? (Value){kind, n, {.p = p}} : (Value){VALUE_INVALID, INVALID_NO_MEMORY, {0}};
  return p;
}

/* For encoders: "a TEXT value was given for an int4". */
bool codec_mismatch(TypeId type, const Value *v, Err *e);
bool codec_out_of_range(TypeId type, Err *e);
bool codec_malformed(TypeId type, Slice text, Err *e); /* text that is no uuid, inet, ... */

Decode bool_decode, int2_decode, int4_decode, int8_decode, oid_decode, float4_decode, float8_decode;
Encode bool_encode, int_encode, float_encode;
Decode numeric_decode, money_decode;
Encode numeric_encode, money_encode;
Decode text_decode, char_decode, unknown_decode;
Encode text_encode;
Decode bytea_decode, json_decode, jsonb_decode;
Encode bytea_encode, json_encode, jsonb_encode;
Decode uuid_decode, bit_decode, inet_decode;
Encode uuid_encode, bit_encode, inet_encode;
Decode timestamp_decode, date_decode, time_decode, timetz_decode;
Encode timestamp_encode, date_encode, time_encode, timetz_encode;
Decode array_decode;
bool array_whole(const uint8_t *bytes, uint32_t n); /* every length in it fits */

#endif
