#include "psl/report.h"

#include "base/json.h"

static void report_diag(Buf *to, const Diags *d, const Diag *diag) {
  buf_text(to, "{\"message\":");
  json_string(to, diag->message);
  if (diag->span.file < d->n_sources) {
    const Source *s = &d->sources[diag->span.file];
    uint32_t line, column;
    source_position(s, diag->span.start, &line, &column);
    buf_printf(to, ",\"line\":%u,\"column\":%u,\"file\":", line, column);
    json_string(to, s->name);
  }
  if (diag->hint.n) {
    buf_text(to, ",\"hint\":");
    json_string(to, diag->hint);
  }
  buf_byte(to, '}');
}

static void report_list(Buf *to, const Diags *d, bool warnings) {
  uint32_t n = 0;
  buf_byte(to, '[');
  for (uint32_t i = 0; i < d->n; i++) {
    if (d->items[i].warning != warnings) continue;
    if (n++) buf_byte(to, ',');
    report_diag(to, d, &d->items[i]);
  }
  buf_byte(to, ']');
}

void schema_report_json(Buf *to, const Diags *d) {
  buf_printf(to, "{\"valid\":%s,\"errors\":", d->n_errors ? "false" : "true");
  report_list(to, d, false);
  buf_text(to, ",\"warnings\":");
  report_list(to, d, true);
  buf_text(to, "}\n");
}
