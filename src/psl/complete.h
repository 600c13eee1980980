/* What a relation leaves unsaid, written into the source: its other side, its arguments, its keys. */
#ifndef PSL_COMPLETE_H
#define PSL_COMPLETE_H

#include "base/source.h"

/* Replace the texts of those sources that get something. Does nothing when any of them has errors that
 * the parts do not understand (names, types, attributes). Call it in the arena's protection. */
void complete_sources(Arena *a, Source *sources, uint32_t n);

#endif
