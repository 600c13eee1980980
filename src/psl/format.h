/* `lorm format`: the layout of schema files, and what a schema leaves to be filled in. */
#ifndef PSL_FORMAT_H
#define PSL_FORMAT_H

#include "psl/schema.h"

/* The formatted text of each of the n files, in `a`. Missing opposite fields of relations, missing
 * @relation arguments and the foreign-key fields that they need are added, when everything else is well
 * formed. Invalid lines stay as they are: false only when memory runs out. */
MUST bool schema_format(Arena *a, const Source *sources, uint32_t n, Slice out[], Err *e);

#endif
