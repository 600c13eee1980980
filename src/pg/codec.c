#include "pg/codec.h"

#include "pg/codec_family.h"

static const struct {
  Decode *decode;
  Encode *encode;
} codecs[TYPE_COUNT] = {
    [TYPE_BOOL] = {bool_decode, bool_encode},
    [TYPE_INT2] = {int2_decode, int_encode},
    [TYPE_INT4] = {int4_decode, int_encode},
    [TYPE_INT8] = {int8_decode, int_encode},
    [TYPE_OID] = {oid_decode, int_encode},
    [TYPE_FLOAT4] = {float4_decode, float_encode},
    [TYPE_FLOAT8] = {float8_decode, float_encode},
    [TYPE_NUMERIC] = {numeric_decode, numeric_encode},
    [TYPE_MONEY] = {money_decode, money_encode},
    [TYPE_TEXT] = {text_decode, text_encode},
    [TYPE_VARCHAR] = {text_decode, text_encode},
    [TYPE_BPCHAR] = {text_decode, text_encode},
    [TYPE_CHAR] = {char_decode, text_encode},
    [TYPE_NAME] = {text_decode, text_encode},
    [TYPE_UUID] = {uuid_decode, uuid_encode},
    [TYPE_BIT] = {bit_decode, bit_encode},
    [TYPE_VARBIT] = {bit_decode, bit_encode},
    [TYPE_INET] = {inet_decode, inet_encode},
    [TYPE_CIDR] = {inet_decode, inet_encode},
    [TYPE_XML] = {text_decode, text_encode},
    [TYPE_CITEXT] = {text_decode, text_encode},
    [TYPE_ENUM] = {text_decode, text_encode},
    [TYPE_BYTEA] = {bytea_decode, bytea_encode},
    [TYPE_JSON] = {json_decode, json_encode},
    [TYPE_JSONB] = {jsonb_decode, jsonb_encode},
    [TYPE_TIMESTAMP] = {timestamp_decode, timestamp_encode},
    [TYPE_TIMESTAMPTZ] = {timestamp_decode, timestamp_encode},
    [TYPE_DATE] = {date_decode, date_encode},
    [TYPE_TIME] = {time_decode, time_encode},
    [TYPE_TIMETZ] = {timetz_decode, timetz_encode},
    [TYPE_UNKNOWN] = {unknown_decode, text_encode},
};

static const char *kind_name(const Value *v) {
  static const char *const names[] = {
      [VALUE_NULL] = "null",
      [VALUE_BOOL] = "a boolean",
      [VALUE_INT] = "an integer",
      [VALUE_FLOAT] = "a float",
      [VALUE_TEXT] = "text",
      [VALUE_BYTES] = "bytes",
      [VALUE_JSON] = "json",
      [VALUE_DATETIME] = "a date",
      [VALUE_DECIMAL] = "a decimal",
      [VALUE_ARRAY] = "a list",
      [VALUE_INVALID] = "a broken value",
  };
  uint32_t kind = v->kind & 0xFFFF;
  return kind < COUNT(names) ? names[kind] : "something else";
}

bool codec_mismatch(TypeId type, const Value *v, Err *e) {
  return err_set(e, ERR_VALIDATION, "%s cannot be sent as %s", kind_name(v),
                 *type_name(type) ? type_name(type) : "text");
}

bool codec_out_of_range(TypeId type, Err *e) {
  return err_set(e, ERR_P2020, "Value out of range for the type: %s", type_name(type));
}

bool codec_malformed(TypeId type, Slice text, Err *e) {
  uint32_t shown = text.n < 60 ? text.n : 60;
  return err_set(e, ERR_VALIDATION, "\"%.*s\" is not a valid %s", (int)shown, text.p, type_name(type));
}

Decode *codec_decode_type(TypeId t) { return codecs[t].decode; }
Encode *codec_encode(TypeId t) { return codecs[t].encode; }

Decode *codec_decode(uint32_t oid) {
  bool array;
  TypeId t = type_of_oid(oid, &array);
  return array ? array_decode : codecs[t].decode;
}
