/* What the files of this module know of each other. Names within it begin with dev_. */
#ifndef DEVSERVER_PRIVATE_H
#define DEVSERVER_PRIVATE_H

#include <sys/types.h>

#include "devserver/devserver.h"

enum {
  DEV_GROUPS = 64,
  DEV_PORT = 5432 /* names the socket; nothing listens on it */
};
#define DEV_PORT_TEXT "5432"
#define DEV_SOCKET ".s.PGSQL." DEV_PORT_TEXT

/* ---- user.c: who the server runs as ---- */
typedef struct DevUser {
  bool drop; /* we are root, the server is not */
  uid_t uid;
  gid_t gid;
  gid_t groups[DEV_GROUPS];
  int n_groups;
  char name[64], home[512];
} DevUser;

/* owner: of the data directory if there is one, else of the project. */
MUST bool dev_user_choose(uid_t owner, DevUser *u, Err *e);
/* Let this thread see files as the user does, and as before again. No-ops unless user.drop. */
void dev_user_enter(const DevUser *u);
void dev_user_leave(const DevUser *u);

/* ---- place.c: ROOT/.lorm/pg, by descriptors: no path is too long, none changes under us ---- */
typedef struct DevPlace {
  int lorm, pg, data, lock; /* -1: not open, or not there */
  bool entered;             /* the project is the server user's own: all is done as that user */
  DevUser user;
} DevPlace;

/* Without `create` nothing is made: pg is -1 when it is not there. Close it in either case. */
MUST bool dev_place_open(const char *root, bool create, DevPlace *p, Err *e);
void dev_place_close(DevPlace *p);
MUST bool dev_place_lock(DevPlace *p, Err *e); /* waits for other processes; until close */
void dev_place_find_data(DevPlace *p);         /* opens p->data if it is there now */
int dev_place_version(const DevPlace *p);      /* of the data; 0 when there is none */
/* Where its socket is for connect(), libpq and psql: a directory with a short path. */
MUST bool dev_place_socket_dir(const DevPlace *p, const char *data_dir, char out[128], Err *e);

/* ---- binary.c ---- */
MUST bool dev_binary_find(const char *given, int data_version, char dir[256], int *version, Err *e);

/* ---- spawn.c: programs as the server's user, the pg directory being their descriptor 3 ---- */
#define DEV_IN_PG(name) "/proc/self/fd/3/" name
MUST bool dev_spawn_run(const DevPlace *p, const char *const argv[], Err *e); /* false: it failed */
MUST bool dev_spawn_server(const DevPlace *p, const char *const argv[], pid_t *pid, Err *e);

/* ---- postmaster.c: is it there, does it answer ---- */
typedef struct DevPostmaster {
  int pid;    /* as postmaster.pid has it, 0: no such file */
  bool ready; /* says that file */
  bool alive; /* the process with this pid serves this data */
} DevPostmaster;

DevPostmaster dev_postmaster(const DevPlace *p);
bool dev_postmaster_durable(const DevPlace *p);
bool dev_process_alive(int pid);                /* a zombie is not */
bool dev_postmaster_answers(const DevPlace *p); /* to a connection; waits two seconds at most */
/* Let what a dead postmaster left (postmaster.pid, busy sessions) stand in nobody's way. */
void dev_postmaster_disown(const DevPlace *p);

/* ---- create.c ---- */
MUST bool dev_create(DevPlace *p, const char *bin_dir, bool durable, Err *e);

#endif
