#include "pg/url.h"

#include <libpq-fe.h>

#include "base/buf.h"
#include "base/number.h"
#include "base/vec.h"

/* url       = scheme "://" [user [":" password] "@"] hosts ["/" database] ["?" name "=" value {"&" ...}]
 * hosts     = host [":" port] {"," host [":" port]} ; host = name | "[" ipv6 "]" | percent-encoded directory
 * Everything is percent-decoded. The last "@" before the path ends the password, so that an "@" in it does
 * no harm. Read by hand rather than by PQconninfoParse: its messages quote what they stumble over, which may
 * be the password. Without a scheme it is libpq's "name=value ..." form. */
typedef struct Parts {
  Slice scheme, credentials, user, password, hosts, database, query; /* as written */
  bool has_user, has_password;
} Parts;

typedef struct UrlReader {
  Arena *arena;
  ConnInfo *out;
  Err *e;
  Slice url;
  bool good;
  Slice *hosts, *ports; /* decoded */
  uint32_t n_hosts, n_ports;
  Slice user, password, database;
  bool has_password, named;
  Slice ssl_mode, ssl_accept, ssl_cert, ssl_key, options;
  Buf conninfo;
} UrlReader;

static bool url_bad(UrlReader *u, const char *what, const char *why) {
  if (u->good) err_set(u->e, ERR_P1013, "The provided database string is invalid. %s%s", what, why);
  u->good = false;
  return false;
}

/* ---- taking apart ---- */

static uint32_t slice_find(Slice s, char c) {
  const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
  return at ? (uint32_t)(at - s.p) : s.n;
}
static Slice slice_head(Slice s, uint32_t n) { return (Slice){s.p, n}; }
static Slice slice_tail(Slice s, uint32_t from) {
  return from < s.n ? (Slice){s.p + from, s.n - from} : (Slice){s.p + s.n, 0};
}
/* What stands before the first `c`; *s becomes what stands behind it. */
static Slice slice_cut(Slice *s, char c) {
  uint32_t i = slice_find(*s, c);
  Slice head = slice_head(*s, i);
  *s = slice_tail(*s, i + 1);
  return head;
}

static uint32_t scheme_length(Slice url) {
  static const Slice schemes[] = {{"postgresql://", 13}, {"postgres://", 11}};
  for (size_t i = 0; i < COUNT(schemes); i++)
    if (slice_starts(url, schemes[i])) return schemes[i].n;
  return 0;
}

static void split_credentials(Slice authority, Parts *p) {
  uint32_t at = authority.n;
  while (at && authority.p[at - 1] != '@') at--;
  p->credentials = slice_head(authority, at); /* with its '@' */
  p->hosts = slice_tail(authority, at);
  if (!at) return;
  Slice rest = slice_head(authority, at - 1);
  uint32_t colon = slice_find(rest, ':');
  p->has_user = colon > 0;
  p->has_password = colon < rest.n;
  p->user = slice_head(rest, colon);
  p->password = slice_tail(rest, colon + 1);
}

static bool url_split(Slice url, Parts *p) {
  *p = (Parts){.scheme = slice_head(url, scheme_length(url))};
  if (!p->scheme.n) return false;
  Slice rest = slice_tail(url, p->scheme.n);
  uint32_t slash = slice_find(rest, '/'), mark = slice_find(rest, '?');
  uint32_t end = slash < mark ? slash : mark;
  split_credentials(slice_head(rest, end), p);
  p->database = slash < mark ? (Slice){rest.p + slash + 1, mark - slash - 1} : (Slice){rest.p + end, 0};
  p->query = slice_tail(rest, mark + 1);
  return true;
}

/* ---- decoding ---- */

static Slice url_decode(UrlReader *u, Slice s) {
  Buf b = buf_in(u->arena);
  for (uint32_t i = 0; i < s.n; i++) {
    if (s.p[i] != '%') {
      buf_byte(&b, s.p[i]);
      continue;
    }
    bool whole = s.n - i > 2;
    int high = whole ? number_hex_digit(s.p[i + 1]) : -1, low = whole ? number_hex_digit(s.p[i + 2]) : -1;
    if (high < 0 || low < 0 || high + low == 0) {
      url_bad(u, "invalid percent-encoding in database URL", "");
      break;
    }
    buf_byte(&b, (char)(high << 4 | low));
    i += 2;
  }
  return buf_slice(&b);
}

static bool digits_only(Slice s) {
  for (uint32_t i = 0; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  return s.n > 0 && s.n < 10;
}
static int64_t digits_value(Slice s) {
  int64_t v = 0;
  for (uint32_t i = 0; i < s.n; i++) v = v * 10 + (s.p[i] - '0');
  return v;
}

/* ---- hosts ---- */

static void add_port(UrlReader *u, Slice port) {
  if (port.n && (!digits_only(port) || digits_value(port) < 1 || digits_value(port) > 65535))
    url_bad(u, "invalid port number in database URL", "");
  *VEC_PUSH(u->arena, u->ports, u->n_ports) = port;
}

static void add_host(UrlReader *u, Slice one) {
  Slice host, rest = one;
  if (one.n && one.p[0] == '[') {
    rest = slice_tail(one, 1);
    host = slice_cut(&rest, ']');
    if (rest.n && rest.p[0] != ':') url_bad(u, "invalid IPv6 address in database URL", "");
    rest = slice_tail(rest, 1);
  } else {
    host = slice_cut(&rest, ':');
  }
  *VEC_PUSH(u->arena, u->hosts, u->n_hosts) = url_decode(u, host);
  add_port(u, url_decode(u, rest));
}

static void read_hosts(UrlReader *u, Slice list) {
  bool more = list.n > 0;
  while (more && u->good) {
    more = slice_find(list, ',') < list.n;
    add_host(u, slice_cut(&list, ','));
  }
}

static void replace_list(UrlReader *u, Slice list, Slice **items, uint32_t *n) {
  *items = NULL;
  *n = 0;
  while (list.n) *VEC_PUSH(u->arena, *items, *n) = slice_copy(u->arena, slice_cut(&list, ','));
}

/* ---- parameters ---- */

static void conninfo_put(UrlReader *u, Slice name, Slice value) {
  buf_slice_add(&u->conninfo, name);
  buf_text(&u->conninfo, "='");
  for (uint32_t i = 0; i < value.n; i++) {
    if (value.p[i] == '\'' || value.p[i] == '\\') buf_byte(&u->conninfo, '\\');
    buf_byte(&u->conninfo, value.p[i]);
  }
  buf_text(&u->conninfo, "' ");
}

typedef enum ParamKind {
  PARAM_TEXT,    /* kept in the reader, said to libpq at the end */
  PARAM_NUMBER,  /* into ConnInfo, times `scale` */
  PARAM_FLAG,    /* into ConnInfo */
  PARAM_IGNORED, /* Prisma knows it, here it means nothing */
  PARAM_HOSTS,
  PARAM_PORTS
} ParamKind;

/* What is ours to understand; other names must be libpq's. */
static const struct UrlParam {
  const char *name;
  ParamKind kind;
  size_t offset; /* TEXT: in UrlReader; NUMBER, FLAG: in ConnInfo */
  int scale;
} url_params[] = {
    {"schema", PARAM_TEXT, 0, 0},
    {"connection_limit", PARAM_NUMBER, offsetof(ConnInfo, connection_limit), 1},
    {"pool_timeout", PARAM_NUMBER, offsetof(ConnInfo, pool_timeout_ms), 1000},
    {"connect_timeout", PARAM_NUMBER, offsetof(ConnInfo, connect_timeout_ms), 1000},
    {"socket_timeout", PARAM_NUMBER, offsetof(ConnInfo, socket_timeout_ms), 1000},
    {"max_idle_connection_lifetime", PARAM_NUMBER, offsetof(ConnInfo, max_idle_ms), 1000},
    {"max_connection_lifetime", PARAM_NUMBER, offsetof(ConnInfo, max_lifetime_ms), 1000},
    {"pgbouncer", PARAM_FLAG, offsetof(ConnInfo, pgbouncer), 0},
    {"statement_cache_size", PARAM_NUMBER, offsetof(ConnInfo, statement_cache_size), 1},
    {"single_use_connections", PARAM_IGNORED, 0, 0},
    {"user", PARAM_TEXT, offsetof(UrlReader, user), 0},
    {"password", PARAM_TEXT, offsetof(UrlReader, password), 0},
    {"dbname", PARAM_TEXT, offsetof(UrlReader, database), 0},
    {"host", PARAM_HOSTS, 0, 0},
    {"port", PARAM_PORTS, 0, 0},
    {"sslmode", PARAM_TEXT, offsetof(UrlReader, ssl_mode), 0},
    {"sslaccept", PARAM_TEXT, offsetof(UrlReader, ssl_accept), 0},
    {"sslcert", PARAM_TEXT, offsetof(UrlReader, ssl_cert), 0},
    {"sslkey", PARAM_TEXT, offsetof(UrlReader, ssl_key), 0},
    {"options", PARAM_TEXT, offsetof(UrlReader, options), 0},
    {"client_encoding", PARAM_IGNORED, 0, 0},
};

static void take_text(UrlReader *u, const struct UrlParam *p, Slice value) {
  if (slice_is(slice_of(p->name), "schema")) {
    u->out->schema = value;
    u->out->schema_given = value.n > 0;
    return;
  }
  *(Slice *)((char *)u + p->offset) = value;
  if (p->offset == offsetof(UrlReader, password)) u->has_password = true;
}

static void take_number(UrlReader *u, const struct UrlParam *p, Slice value) {
  if (!digits_only(value) || digits_value(value) > INT32_MAX / (p->scale ? p->scale : 1)) {
    url_bad(u, p->name, " must be a number");
    return;
  }
  *(int *)((char *)u->out + p->offset) = (int)digits_value(value) * p->scale;
}

static void take_param(UrlReader *u, const struct UrlParam *p, Slice value) {
  switch (p->kind) {
    case PARAM_TEXT: take_text(u, p, value); break;
    case PARAM_NUMBER: take_number(u, p, value); break;
    case PARAM_FLAG: *(bool *)((char *)u->out + p->offset) = slice_is(value, "true"); break;
    case PARAM_HOSTS: replace_list(u, value, &u->hosts, &u->n_hosts); break;
    case PARAM_PORTS:
      u->ports = NULL;
      u->n_ports = 0;
      while (value.n) add_port(u, slice_copy(u->arena, slice_cut(&value, ',')));
      break;
    case PARAM_IGNORED: break;
  }
}

/* No arena is touched while libpq's list is held. */
static bool libpq_knows(Slice name) {
  PQconninfoOption *all = PQconninfoParse("", NULL);
  bool known = false;
  for (PQconninfoOption *o = all; o && o->keyword && !known; o++) known = slice_is(name, o->keyword);
  PQconninfoFree(all);
  return known;
}

static void read_param(UrlReader *u, Slice name, Slice value) {
  for (size_t i = 0; i < COUNT(url_params); i++) {
    if (!slice_is(name, url_params[i].name)) continue;
    take_param(u, &url_params[i], value);
    return;
  }
  u->named = u->named || slice_is(name, "application_name");
  if (libpq_knows(name))
    conninfo_put(u, name, value);
  else
    *VEC_PUSH(u->arena, u->out->unknown, u->out->n_unknown) = name;
}

static void read_query(UrlReader *u, Slice query) {
  while (query.n && u->good) {
    Slice value = slice_cut(&query, '&');
    if (!value.n) continue;
    Slice name = url_decode(u, slice_cut(&value, '='));
    read_param(u, name, url_decode(u, value));
  }
}

static void free_options(void *cell) { PQconninfoFree(*(PQconninfoOption **)cell); }

static void read_keywords(UrlReader *u) {
  PQconninfoOption **options = ARENA_NEW(u->arena, PQconninfoOption *);
  arena_defer(u->arena, free_options, options);
  if (u->url.n)
    *options = PQconninfoParse(slice_copy(u->arena, u->url).p, NULL); /* it takes nothing for all defaults */
  if (!*options) url_bad(u, "it must start with the protocol `postgresql://` or `postgres://`.", "");
  for (PQconninfoOption *o = *options; o && o->keyword; o++)
    if (o->val) read_param(u, slice_of(o->keyword), slice_copy(u->arena, slice_of(o->val)));
}

/* ---- what libpq is told ---- */

static bool ssl_mode_known(Slice mode) {
  static const char *const modes[] = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"};
  for (size_t i = 0; i < COUNT(modes); i++)
    if (slice_is(mode, modes[i])) return true;
  return false;
}

/* Prisma's words for TLS: sslaccept=strict checks the certificate; a certificate without a key is the
 * authority's, not the client's. */
static void put_ssl(UrlReader *u) {
  Slice mode = u->ssl_mode;
  if (mode.n && !ssl_mode_known(mode)) url_bad(u, "sslmode has an unknown value", "");
  bool checks = slice_starts(mode, SLICE("verify")) || slice_is(mode, "disable");
  if (slice_is(u->ssl_accept, "strict") && !checks) mode = SLICE("verify-full");
  if (mode.n) conninfo_put(u, SLICE("sslmode"), mode);
  if (u->ssl_cert.n) conninfo_put(u, u->ssl_key.n ? SLICE("sslcert") : SLICE("sslrootcert"), u->ssl_cert);
  if (u->ssl_key.n) conninfo_put(u, SLICE("sslkey"), u->ssl_key);
}

/* search_path is given at the start, so that it is what RESET returns to. Spaces and backslashes are escaped
 * as the server's reading of `options` wants it. */
static void put_options(UrlReader *u) {
  Buf b = buf_in(u->arena);
  buf_slice_add(&b, u->options);
  if (u->out->schema_given && !u->out->pgbouncer) {
    Slice schema = u->out->schema;
    buf_text(&b, " -csearch_path=\"");
    for (uint32_t i = 0; i < schema.n; i++) {
      if (strchr(" \t\n\\", schema.p[i])) buf_byte(&b, '\\');
      if (schema.p[i] == '"') buf_byte(&b, '"');
      buf_byte(&b, schema.p[i]);
    }
    buf_byte(&b, '"');
  }
  u->out->options = buf_slice(&b);
  if (b.n) conninfo_put(u, SLICE("options"), u->out->options);
}

static void put_list(UrlReader *u, Slice name, const Slice *items, uint32_t n) {
  Buf b = buf_in(u->arena);
  bool any = false;
  for (uint32_t i = 0; i < n; i++) {
    if (i) buf_byte(&b, ',');
    buf_slice_add(&b, items[i]);
    any = any || items[i].n;
  }
  if (any) conninfo_put(u, name, buf_slice(&b));
}

static Slice host_shown(const UrlReader *u, uint32_t i) {
  return i < u->n_hosts && u->hosts[i].n ? u->hosts[i] : SLICE("localhost");
}
static Slice port_shown(const UrlReader *u, uint32_t i) {
  if (i >= u->n_ports) i = u->n_ports ? u->n_ports - 1 : 0;
  return u->n_ports && u->ports[i].n ? u->ports[i] : SLICE("5432");
}

static void write_shown(UrlReader *u) {
  Buf b = buf_in(u->arena);
  if (u->user.n) buf_printf(&b, "%.*s@", SLICE_ARGS(u->user));
  for (uint32_t i = 0; i == 0 || i < u->n_hosts; i++) {
    Slice host = host_shown(u, i), port = port_shown(u, i);
    buf_printf(&b, "%s%.*s:%.*s", i ? "," : "", SLICE_ARGS(host), SLICE_ARGS(port));
  }
  buf_printf(&b, "/%.*s", SLICE_ARGS(u->database));
  u->out->shown = buf_slice(&b);
}

static void write_info(UrlReader *u) {
  if (!u->database.n) u->database = SLICE("postgres");
  put_list(u, SLICE("host"), u->hosts, u->n_hosts);
  put_list(u, SLICE("port"), u->ports, u->n_ports);
  if (u->user.n) conninfo_put(u, SLICE("user"), u->user);
  if (u->has_password) conninfo_put(u, SLICE("password"), u->password);
  conninfo_put(u, SLICE("dbname"), u->database);
  put_ssl(u);
  put_options(u);
  if (u->out->connect_timeout_ms >= 0)
    conninfo_put(u, SLICE("connect_timeout"),
                 slice_printf(u->arena, "%d", u->out->connect_timeout_ms / 1000));
  conninfo_put(u, SLICE("client_encoding"), SLICE("UTF8"));
  if (!u->named) conninfo_put(u, SLICE("application_name"), SLICE("lorm"));
  u->out->conninfo = buf_slice(&u->conninfo);
  u->out->user = u->user;
  u->out->host = host_shown(u, 0);
  u->out->port = port_shown(u, 0);
  u->out->database = u->database;
  write_shown(u);
}

static void read_parts(UrlReader *u, const Parts *p) {
  if (p->has_user) u->user = url_decode(u, p->user);
  u->has_password = p->has_password;
  if (p->has_password) u->password = url_decode(u, p->password);
  read_hosts(u, p->hosts);
  u->database = url_decode(u, p->database);
  read_query(u, p->query);
}

static void url_read(void *ctx) {
  UrlReader *u = ctx;
  Parts parts;
  u->conninfo = buf_in(u->arena);
  if (u->url.n && memchr(u->url.p, 0, u->url.n))
    url_bad(u, "it holds a zero byte", "");
  else if (url_split(u->url, &parts))
    read_parts(u, &parts);
  else
    read_keywords(u);
  if (u->good) write_info(u);
}

bool url_parse(Arena *a, Slice url, ConnInfo *out, Err *e) {
  *out = (ConnInfo){.schema = SLICE("public"),
                    .connection_limit = -1,
                    .pool_timeout_ms = -1,
                    .connect_timeout_ms = -1,
                    .socket_timeout_ms = -1,
                    .max_idle_ms = -1,
                    .max_lifetime_ms = -1,
                    .statement_cache_size = -1};
  UrlReader u = {.arena = a, .out = out, .e = e, .url = url, .good = true};
  if (!arena_protect(a, NULL, url_read, &u)) return err_oom(e);
  return u.good;
}

Slice url_with_option(Arena *a, const ConnInfo *info, Slice option) {
  UrlReader u = {.arena = a, .conninfo = buf_in(a), .good = true};
  Slice options = slice_printf(a, "%.*s %.*s", SLICE_ARGS(info->options), SLICE_ARGS(option));
  buf_slice_add(&u.conninfo, info->conninfo);
  conninfo_put(&u, SLICE("options"), options); /* the last one counts */
  return buf_slice(&u.conninfo);
}

static void put_encoded(Buf *b, Slice s) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
  for (uint32_t i = 0; i < s.n; i++) {
    if (s.p[i] && strchr(plain, s.p[i]))
      buf_byte(b, s.p[i]);
    else
      buf_printf(b, "%%%02X", (unsigned char)s.p[i]);
  }
}

Slice url_with_database(Arena *a, Slice url, Slice database) {
  Parts p;
  Buf b = buf_in(a);
  if (url_split(url, &p)) {
    buf_slice_add(&b, p.scheme);
    buf_slice_add(&b, p.credentials);
    buf_slice_add(&b, p.hosts);
    buf_byte(&b, '/');
    put_encoded(&b, database);
    if (p.query.n) buf_printf(&b, "?%.*s", SLICE_ARGS(p.query));
    return buf_slice(&b);
  }
  UrlReader u = {.arena = a, .conninfo = b, .good = true};
  buf_slice_add(&u.conninfo, url);
  buf_byte(&u.conninfo, ' ');
  conninfo_put(&u, SLICE("dbname"), database); /* the last one counts */
  return buf_slice(&u.conninfo);
}

bool url_for_program(Arena *a, Slice url, ProgramUrl *out, Err *e) {
  ConnInfo info;
  UrlReader u = {.arena = a, .conninfo = buf_in(a), .good = true};
  PQconninfoOption **options = ARENA_NEW(a, PQconninfoOption *);
  arena_defer(a, free_options, options);
  *out = (ProgramUrl){.password = SLICE("")};
  if (!url_parse(a, url, &info, e)) return false;
  *options = PQconninfoParse(slice_copy(a, info.conninfo).p, NULL);
  if (!*options) return err_set(e, ERR_P1013, "The URL of the database cannot be understood by libpq");
  for (PQconninfoOption *o = *options; o->keyword; o++) {
    if (!o->val) continue;
    if (strcmp(o->keyword, "password") == 0)
      out->password = slice_copy(a, slice_of(o->val));
    else
      conninfo_put(&u, slice_of(o->keyword), slice_of(o->val));
  }
  out->conninfo = buf_slice(&u.conninfo);
  return true;
}
