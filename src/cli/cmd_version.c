#include "cli/cli.h"

int cmd_version(Cli *c) {
  printf(c->json ? "{\"lorm\":\"%s\"}\n" : "lorm %s\n", LORM_VERSION);
  return EXIT_DONE;
}
