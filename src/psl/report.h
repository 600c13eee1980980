/* Diagnostics for machines. */
#ifndef PSL_REPORT_H
#define PSL_REPORT_H

#include "base/source.h"

/* {"valid": bool, "errors": [{"message","line","column","file","hint"?}], "warnings": [...]} with a newline.
 * Call it in the protection of the Buf's arena. */
void schema_report_json(Buf *to, const Diags *d);

#endif
