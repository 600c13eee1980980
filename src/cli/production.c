#include "cli/production.h"

#include <ctype.h>
#include <stdlib.h>

#include "cli/ask.h"

/* ---- where a URL leads ---- */

static uint32_t find(Slice s, const char *any) {
  uint32_t i = 0;
  while (i < s.n && !strchr(any, s.p[i])) i++;
  return i;
}
static Slice head(Slice s, uint32_t n) { return (Slice){s.p, n}; }
static Slice behind(Slice s, uint32_t n) { return n < s.n ? (Slice){s.p + n, s.n - n} : (Slice){"", 0}; }

/* One host, perhaps with a port: a socket's folder, localhost, 127.*, ::1. */
static bool host_is_local(Slice host) {
  static const Slice sockets[] = {SLICE_INIT("/"), SLICE_INIT("%2F"), SLICE_INIT("%2f"), SLICE_INIT("@")};
  for (size_t i = 0; i < COUNT(sockets); i++)
    if (slice_starts(host, sockets[i])) return true;
  if (slice_starts(host, SLICE("[::1]")) || slice_is(host, "::1")) return true;
  Slice name = head(host, find(host, ":"));
  bool digits = true;
  for (uint32_t i = 0; i < name.n; i++) digits &= isdigit((unsigned char)name.p[i]) || name.p[i] == '.';
  return slice_is(name, "localhost") || (digits && slice_starts(name, SLICE("127.")));
}

static bool hosts_are_local(Slice hosts) {
  while (hosts.n) {
    uint32_t comma = find(hosts, ",");
    if (!host_is_local(head(hosts, comma))) return false;
    hosts = behind(hosts, comma + 1);
  }
  return true;
}

/* Every host= and hostaddr= among parameters that `between` separates; *found when there was one. */
static bool parameters_are_local(Slice text, const char *between, bool *found) {
  while (text.n) {
    uint32_t end = find(text, between);
    Slice one = head(text, end), name = head(one, find(one, "=")), value = behind(one, name.n + 1);
    if (slice_is(name, "service")) return false; /* a file says where */
    if (slice_is(name, "host") || slice_is(name, "hostaddr")) {
      *found |= value.n > 0;
      if (!hosts_are_local(value)) return false;
    }
    text = behind(text, end + 1);
  }
  return true;
}

bool url_is_local(Slice url, const char *pghost) {
  bool found = false, local;
  uint32_t colon = find(url, ":");
  if (slice_starts(behind(url, colon), SLICE("://"))) {
    Slice rest = behind(url, colon + 3), hosts = head(rest, find(rest, "/?"));
    Slice query = behind(rest, find(rest, "?") + 1);
    for (uint32_t at = hosts.n; at; at--)
      if (hosts.p[at - 1] == '@') {
        hosts = behind(hosts, at);
        break;
      }
    found = hosts.n > 0 && hosts.p[0] != ':';
    local = (!found || hosts_are_local(hosts)) && parameters_are_local(query, "&", &found);
  } else {
    bool plain = find(url, "'\\") == url.n; /* quoted values are not read here */
    local = plain && parameters_are_local(url, " \t\n", &found);
  }
  return local && (found || !pghost || !pghost[0] || hosts_are_local(slice_of(pghost)));
}

/* ---- asking ---- */

bool production_is(const Project *p, Slice url) {
  if (p->config.production_given) return p->config.production;
  return url.n && !url_is_local(url, getenv("PGHOST"));
}

bool production_ask(const Project *p, Slice url, bool yes, Err *e) {
  if (yes || !production_is(p, url)) return true;
  if (ask_possible()) {
    bool go_on = ask_yes("This database is not on this machine: it may be in production. Go on?");
    return go_on || err_set(e, ERR_USAGE, "Nothing was changed");
  }
  err_set(e, ERR_USAGE, "This database may be in production, and nobody is there to ask");
  err_text(e->hint, sizeof e->hint,
           SLICE("--yes goes on all the same; production = false in lorm.config.lua says it is none"));
  return false;
}
