/* What a relation leaves unsaid, written into the source: its other side, its arguments, its keys. */
#ifndef PSL_COMPLETE_H
#define PSL_COMPLETE_H

#include "base/source.h"

/* Replace the texts of those sources that get something; the new ones are in `a`. Does nothing when there
 * are errors that make the schema's relations unknown. Call it in the arena's protection. */
void complete_sources(Arena *a, Source *sources, uint32_t n);

#endif
