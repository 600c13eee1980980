/* Http: a server of pages that somebody else makes, by libmicrohttpd, which is loaded when the first one is
 * opened.
 *
 *   Http *h; http_open(loop, "127.0.0.1:9464", asked, ctx, &h, &e);
 *   ... asked(ctx) comes from the loop: there is something for http_next
 *   HttpAsk ask; while (http_next(h, &ask)) ... http_answer(h, ask.id, &answer, &e);
 *   http_close(h);
 * Answers may come in any order, and later. GET and HEAD, and POST where the server takes bodies; what else
 * is asked for is refused here. A server never keeps the loop alive. */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include "base/err.h"
#include "loop/loop.h"

typedef struct Http Http;

typedef struct HttpAsk {
  uint64_t id;
  /* until it is answered */
  Slice method, path; /* the path without its query */
  Slice body;         /* of a POST */
} HttpAsk;

typedef struct HttpHeader {
  const char *name, *value;
} HttpHeader;

typedef struct HttpAnswer {
  unsigned status;
  const HttpHeader *headers; /* Content-Type among them; Content-Length comes by itself */
  uint32_t n_headers;
  Slice body;
} HttpAnswer;

/* address: "host:port", "[host]:port", or "port", which is the loopback's; port 0 is any that is free.
 * max_body: bytes that a POST may bring, more is answered with 413; 0: there is no POST. False: there is no
 * such address here, it is taken, libmicrohttpd is missing. */
MUST bool http_open(Loop *l, Slice address, uint32_t max_body, LoopCall *asked, void *ctx, Http **out,
                    Err *e);
uint16_t http_port(const Http *h);
bool http_next(Http *h, HttpAsk *out); /* each once; false: there is none now */
/* A header of what is asked for, by its name in any case; empty when there is none. Until it is answered. */
Slice http_header(const Http *h, uint64_t id, const char *name);
/* All of it is copied. An id that is not (or no longer) asked for: nothing. */
MUST bool http_answer(Http *h, uint64_t id, const HttpAnswer *answer, Err *e);
void http_close(Http *h); /* NULL is fine; what was not answered is cut off */

#endif
