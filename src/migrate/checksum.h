/* SHA-256 (FIPS 180-4), in hex: how a migration is known to be the one that was applied. */
#ifndef MIGRATE_CHECKSUM_H
#define MIGRATE_CHECKSUM_H

#include "base/slice.h"

void checksum(Slice text, char out[65]);

#endif
