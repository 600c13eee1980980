/* The schema as `lorm schema --json` prints it: the shape of Prisma's DMMF data model. */
#ifndef PSL_DMMF_H
#define PSL_DMMF_H

#include "base/buf.h"
#include "psl/schema.h"

/* {"models": [...], "enums": [...], "types": [], "indexes": [...]} and a newline. What is null, false or
 * empty is left out ("default" is there whenever "hasDefaultValue" is). Call it in the protection of the
 * Buf's arena. */
void schema_dmmf(Buf *to, const Schema *s);

#endif
