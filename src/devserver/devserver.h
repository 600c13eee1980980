/* The private PostgreSQL of a project, for development: data, socket and log live in ROOT/.lorm/pg, reachable
 * through a Unix socket by its user (and root) alone; no TCP, no password. PostgreSQL refuses to run as root,
 * so root's servers run as the owner of ROOT or, where that is root too, as the user postgres.
 *
 *   DevServer s;
 *   devserver_ensure(root, &(DevOptions){0}, &s, &e);   running when it returns true: s.url
 *   devserver_status(root, &s, &e);                     s.state: DEV_STOPPED, DEV_RUNNING
 *   devserver_stop(root, &s, &e);
 *
 * Every call is whole in itself, blocks (milliseconds; half a second when a server is made), may be made by
 * many processes at once, and allocates nothing. Plain values all: nothing here is freed. The server outlives
 * the process that started it. The database that the URL names is not made here. */
#ifndef DEVSERVER_DEVSERVER_H
#define DEVSERVER_DEVSERVER_H

#include "base/err.h"

typedef enum DevState {
  DEV_STOPPED, /* there is data, or not even that, but no server */
  DEV_RUNNING, /* it was running already */
  DEV_STARTED, /* the data was there, the server started */
  DEV_CREATED  /* data made and server started */
} DevState;

typedef struct DevOptions {
  bool durable;        /* survives a crash of the operating system too; slower. A running server that is not
                          durable is restarted */
  const char *bin_dir; /* where initdb and postgres are; NULL: the newest in /usr/lib/postgresql that fits */
} DevOptions;

typedef struct DevServer {
  DevState state;
  int pid;             /* the postmaster's, 0 when stopped */
  int version;         /* PostgreSQL's major version, 0 when there is no data */
  bool durable;        /* of a running server */
  double milliseconds; /* that the call took */
  char url[512]; /* names the database dev; good for every process of this user; "" before there is data */
  char socket_dir[128];
  char data_dir[4096];
  char log[4096];
  char bin_dir[256]; /* "" when stopped */
} DevServer;

MUST bool devserver_ensure(const char *root, const DevOptions *options, DevServer *out, Err *e);
/* Ends all sessions and the server. True also when none was running: out->state says DEV_RUNNING when it was.
 */
MUST bool devserver_stop(const char *root, DevServer *out, Err *e);
MUST bool devserver_status(const char *root, DevServer *out, Err *e);
/* The psql program that goes with a server; its only argument is the URL. False: it is not installed. */
MUST bool devserver_psql(const DevServer *s, char path[512], Err *e);

#endif
