/* Who a call is made as: settings, among them the role, that go out before its statements, and hold for its
 * segment or its transaction alone. */
#include "base/buf.h"
#include "engine/engine_private.h"

enum {
  TEXT_OID = 25
};

static void build(Arena *a, const Setting *settings, uint32_t n, Statement *out, Cell **cells) {
  Buf b = buf_in(a);
  *cells = ARENA_ARRAY(a, Cell, n * 2);
  for (uint32_t i = 0; i < n; i++) {
    const Slice parts[] = {settings[i].name, settings[i].value};
    buf_printf(&b, "%s pg_catalog.set_config($%u, $%u, true)", i ? "," : "SELECT", i * 2 + 1, i * 2 + 2);
    for (uint32_t k = 0; k < 2; k++)
      (*cells)[i * 2 + k] =
          (Cell){.p = slice_copy(a, parts[k]).p, .n = parts[k].n, .oid = TEXT_OID, .text = true};
  }
  Slice sql = buf_slice(&b);
  *out = (Statement){.sql = sql, .hash = slice_hash(sql)};
}

void request_as(Request *r, const Setting *settings, uint32_t n) {
  r->settings = settings;
  r->n_settings = n;
}

/* A transaction has its settings from its beginning (tx_identity). */
bool identity_differs(const Request *r) { return r->n_settings > 0; }

void identity_statement(const Request *r, Statement *out, Cell **cells) {
  build(r->arena, r->settings, r->n_settings, out, cells);
}
