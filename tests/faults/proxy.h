/* Proxy: a child process between client and server, Unix socket to Unix socket, that does harm when told to.
 * What it is told holds for bytes that pass from then on. proxy_start(directory of the server's socket); ...
 * proxy_arm(&(ProxyPlan){PROXY_CUT, true, 100, true}); ... proxy_passed(true) ... proxy_stop(); */
#ifndef TESTS_FAULTS_PROXY_H
#define TESTS_FAULTS_PROXY_H

#include <stdbool.h>
#include <stdint.h>

typedef enum ProxyHarm {
  PROXY_NONE,
  PROXY_CUT,   /* both ends are closed */
  PROXY_HALF,  /* the receiver sees the end; the other way stays open */
  PROXY_FLIP,  /* a byte changes */
  PROXY_TWIST, /* a message of the server's changes: its type, its length, a number in it; or it is gone, or
                  comes twice. `after` counts messages, `seed` says what happens */
  PROXY_STALL, /* nothing passes any more */
  PROXY_DRIP,  /* one byte a time */
  PROXY_DELAY  /* each piece waits for a moment */
} ProxyHarm;

typedef struct ProxyPlan {
  ProxyHarm harm;
  bool from_server; /* the direction that is counted, and harmed */
  int64_t after;    /* bytes of it that pass unharmed, over all connections */
  bool once;        /* then nothing more is harmed */
  uint32_t seed;    /* PROXY_FLIP, PROXY_TWIST */
  bool impatient;   /* where nothing passes for a moment, both ends are closed */
} ProxyPlan;

void proxy_start(const char *dir);    /* it listens in dir/proxy */
int proxy_start_tcp(const char *dir); /* ... at a port of 127.0.0.1, where PROXY_CUT resets; the port */
void proxy_stop(void);
void proxy_arm(const ProxyPlan *plan);
int64_t proxy_passed(bool from_server); /* since it was armed */
int64_t proxy_messages(void);           /* of the server's, since it was armed */

#endif
