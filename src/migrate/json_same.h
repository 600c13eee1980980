/* Do two JSON texts say the same value? The order of an object's keys and white space make no difference;
 * the last of several equal keys counts. Texts that are no JSON are the same when their bytes are. */
#ifndef MIGRATE_JSON_SAME_H
#define MIGRATE_JSON_SAME_H

#include "base/slice.h"

bool json_same(Arena *a, Slice left, Slice right);

#endif
