/* History: a folder of migrations (<timestamp>_<name>/migration.sql beside migration_lock.toml) and the table
 * `_prisma_migrations` of a database, both as Prisma's: either tool goes on where the other stopped.
 *
 * Every function here but migrations_read and migrations_write opens a session of its own. Those that change
 * the database wait for other migrations of it, ten seconds at most (P1002). Results live in the arena. */
#ifndef MIGRATE_HISTORY_H
#define MIGRATE_HISTORY_H

#include "migrate/migrate.h"

typedef struct Migration {
  Slice name; /* 20260101120000_init */
  Slice path; /* of its migration.sql */
  Slice script;
  char checksum[65]; /* SHA-256 of the script, in hex */
} Migration;

/* All migrations in the order of their names; none when there is no such folder. P3015 for one without its
 * file, P3019 when the folder is another kind of database's. */
MUST bool migrations_read(Arena *a, const char *folder, Migration **out, uint32_t *n, Err *e);
/* A new one, named after the time (UTC) and `name`. Out: its whole name. */
MUST bool migrations_write(Arena *a, const char *folder, Slice name, Slice script, Slice *out, Err *e);

typedef struct MigrationTarget {
  const char *folder;
  const Schema *schema; /* may be NULL where it only names the database's schemas */
  Slice url;
  Slice shadow_url;  /* server on which migrations are replayed; empty: the same */
  bool shadow_given; /* shadow_url is the very database to use: emptied before and after */
  /* deploy: told what is waited for, and what a statement that takes long is doing; NULL: that is over. May
   * be NULL itself. */
  void (*tell)(void *ctx, const char *line);
  void *tell_ctx;
  const char *backup; /* deploy: a file to be made first, and restored when a migration fails; NULL: none */
} MigrationTarget;

typedef enum MigrationState {
  MIGRATION_PENDING, /* in the folder only, or rolled back */
  MIGRATION_APPLIED,
  MIGRATION_FAILED,
  MIGRATION_MISSING /* applied, but not in the folder */
} MigrationState;

typedef struct MigrationStatus {
  Slice name;
  MigrationState state;
  bool interrupted;    /* PENDING: it was broken off half-way, and goes on from there */
  bool edited;         /* applied, and not what the folder says now */
  Slice started, logs; /* FAILED */
} MigrationStatus;

typedef struct HistoryStatus {
  bool has_table; /* false: the database was never migrated */
  bool empty;     /* and there is nothing else in it */
  MigrationStatus *items;
  uint32_t n, n_pending, n_failed, n_missing, n_edited;
} HistoryStatus;

MUST bool migrate_status(Arena *a, const MigrationTarget *t, HistoryStatus *out, Err *e);
/* Applies what is pending, each migration as one simple query that records it too. Out: their names, also
 * when it fails. What cannot be in a transaction runs piece by piece, and goes on where an earlier run was
 * broken off. P3005, P3009, P3018 (with line, sqlstate and file). With a backup, a failure leaves the
 * database as it was, and none of the names; nobody else migrates meanwhile. */
MUST bool migrate_deploy(Arena *a, const MigrationTarget *t, Slice **applied, uint32_t *n, Err *e);
/* Record a migration as applied, or a failed one as rolled back. P3008, P3011, P3012, P3017. */
MUST bool migrate_resolve(Arena *a, const MigrationTarget *t, Slice name, bool applied, Err *e);
/* Drop and make anew the schemas; the history goes with them. */
MUST bool migrate_reset(Arena *a, const MigrationTarget *t, Err *e);

typedef struct UndoReport {
  Slice name;                   /* the migration that was taken back, or would be; empty: none is applied */
  Slice script;                 /* SQL that leads back */
  Slice *losses, *unexecutable; /* what would be lost, what cannot be done; why nothing was done */
  uint32_t n_losses, n_unexecutable;
  bool done;
} UndoReport;
typedef struct UndoOptions {
  bool force;   /* lose what would be lost */
  bool dry_run; /* fill the report, change nothing */
} UndoOptions;
/* Take the migration back that was applied last: it is pending again. What its script did beyond tables,
 * columns, indexes, keys and types has no reverse, and counts as a loss. Refuses where the database is not
 * what the migrations make. */
MUST bool migrate_undo(Arena *a, const MigrationTarget *t, const UndoOptions *o, UndoReport *out, Err *e);

/* Why the database must be reset before it can be migrated further; *reason is empty when it need not be:
 * migrations that failed, were edited or are missing, and drift (with a summary). P3006 when the folder
 * itself cannot be replayed. */
MUST bool migrate_diagnose(Arena *a, const MigrationTarget *t, Slice *reason, Err *e);

typedef enum RenameKind {
  RENAME_TABLE,
  RENAME_COLUMN,
  RENAME_ENUM,
  RENAME_VALUE
} RenameKind;
/* Something that has another name now. Names are the database's. */
typedef struct Rename {
  RenameKind kind;
  Slice schema; /* empty: the default one */
  Slice of;     /* the table of a column, the enum of a value; else empty */
  Slice from, to;
  bool accepted; /* it is a rename; otherwise it was asked about, and is none */
  bool named;    /* by somebody, who did not say of what kind it is: found out when it is carried out */
} Rename;

typedef struct MigrationPlan {
  Slice script; /* from what the folder makes to the schema, with the warnings as a comment on top */
  bool empty;
  Slice *warnings, *unexecutable; /* as in PushReport, counted in the database */
  uint32_t n_warnings, n_unexecutable;
  Rename *renames; /* what looks like one, and is nowhere in `known` */
  uint32_t n_renames;
} MigrationPlan;
/* `known`: what was found out about renames. Those that are accepted are carried out by the script. */
MUST bool migrate_plan(Arena *a, const MigrationTarget *t, const Rename *known, uint32_t n_known,
                       MigrationPlan *out, Err *e);

#endif
