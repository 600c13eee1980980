/* Rename: what looks as if it was only given another name. A diff would drop the old and make the new, and
 * lose the data; somebody is asked instead, and what is a rename indeed is carried out in the catalog before
 * it is compared. */
#ifndef MIGRATE_RENAME_H
#define MIGRATE_RENAME_H

#include "migrate/catalog.h"
#include "migrate/history.h"

/* Every pair that looks like a rename, and of which `known` says nothing yet: each old and each new name
 * once. */
void rename_find(Arena *a, const Catalog *from, const Catalog *to, const Rename *known, uint32_t n_known,
                 Rename **out, uint32_t *n);
/* In the catalog; writes the statement. ERR_USAGE where the old name is not there, or the new one is. */
MUST bool rename_apply(Catalog *c, const Rename *r, Buf *script, Err *e);

#endif
