/* Http: a server of pages that somebody else makes, by libmicrohttpd, which is loaded when the first one is
 * opened.
 *
 *   Http *h; http_open(loop, "127.0.0.1:9464", asked, ctx, &h, &e);
 *   ... asked(ctx) comes from the loop: there is something for http_next
 *   HttpAsk ask; while (http_next(h, &ask)) ... http_answer(h, ask.id, 200, type, body);
 *   http_close(h);
 * Answers may come in any order, and later. GET and HEAD only; what else is asked for is refused here. A
 * server never keeps the loop alive. */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include "base/err.h"
#include "loop/loop.h"

typedef struct Http Http;

typedef struct HttpAsk {
  uint64_t id;
  Slice path; /* without its query; until it is answered */
} HttpAsk;

/* address: "host:port", "[host]:port", or "port", which is the loopback's; port 0 is any that is free. False:
 * there is no such address here, it is taken, libmicrohttpd is missing. */
MUST bool http_open(Loop *l, Slice address, LoopCall *asked, void *ctx, Http **out, Err *e);
uint16_t http_port(const Http *h);
bool http_next(Http *h, HttpAsk *out); /* each once; false: there is none now */
/* type: of the body, as a header says it. Copied. An id that is not (or no longer) asked for: nothing. */
MUST bool http_answer(Http *h, uint64_t id, unsigned status, const char *type, Slice body, Err *e);
void http_close(Http *h); /* NULL is fine; what was not answered is cut off */

#endif
