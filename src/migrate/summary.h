/* Summary: the steps of a diff told to a person, as Prisma words it. */
#ifndef MIGRATE_SUMMARY_H
#define MIGRATE_SUMMARY_H

#include "migrate/diff.h"

Slice diff_summary(const Diff *d);

#endif
