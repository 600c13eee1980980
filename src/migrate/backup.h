/* Backup: the whole database in a file of SQL (pg_dump), and the database as the file has it (psql). Both
 * programs must be there; passwords reach them by their environment. */
#ifndef MIGRATE_BACKUP_H
#define MIGRATE_BACKUP_H

#include "base/err.h"

/* All of it or nothing; only its owner may read the file. One that is there is replaced only when `replace`.
 */
MUST bool migrate_backup(Slice url, const char *path, bool replace, Err *e);
/* Everything in the database goes, and what is in the file comes, in one transaction. Roles, and what belongs
 * to the server, stay as they are. A file that is not a whole dump is refused. */
MUST bool migrate_restore(Slice url, const char *path, Err *e);

#endif
