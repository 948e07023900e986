/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db_pg_link.c: which of the servers of an address is the one to talk to. The hosts are tried in their order; one that
 * does not take writes is passed over, and so is one that was a primary once: after each promotion PostgreSQL counts its
 * timeline up, and the highest that was seen is written down in the directory of this server. An old primary that comes
 * back is not believed.
 */
#include "journal/db_int.h"

#include <libpq-fe.h>
#include <stdlib.h>

#define WRITES "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s';"
#define READS "SET default_transaction_read_only = on; SET default_transaction_isolation = 'repeatable read';"

/* All names of the store are found without a schema; what is made goes into the first. A server that hangs in the middle
 * of a batch keeps the lock of all for a minute at most. BEGIN on a connection that reads is one snapshot. */
static const char *const settings[] = {
    [DB_WRITE_JOURNAL] = WRITES "SET search_path = journal, views",
    [DB_WRITE_VIEWS] = WRITES "SET search_path = views, journal",
    [DB_READ] = READS "SET search_path = views, journal",
    [DB_SCAN] = READS "SET search_path = views, journal",
    [DB_COPY] = READS "SET search_path = views, journal",
};

Str pg__first_line(const char *text) {
  Str line, rest;
  (void)str_cut(str_of(text), '\n', &line, &rest);
  return line;
}

/* ---- the timeline ------------------------------------------------------------------------------- */

static const char sql_where[] =
    "SELECT system_identifier::text, ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint::text"
    " FROM pg_control_system()";

typedef struct Place {
  Str system; /* of the cluster, given when it was made */
  int64_t timeline;
} Place;

static Code place_ask(Cx *cx, PGconn *h, Place *out) {
  PGresult *res = PQexec(h, sql_where);
  bool ok = PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1;
  if (ok) {
    out->system = arena_str(cx->mem, str_of(PQgetvalue(res, 0, 0)));
    out->timeline = strtoll(PQgetvalue(res, 0, 1), NULL, 10);
  }
  PQclear(res);
  if (!ok) FAIL(BUSY, "连不上数据库：%.*s", SFMT(pg__first_line(PQerrorMessage(h))));
  return OK;
}

/* Another cluster is another story: whoever moved the database there knows. */
static Code place_check(Cx *cx, Str store, const Place *now) {
  Str path = store__path(cx->mem, store, "timeline"), text = S(""), system = S(""), rest = S("");
  int64_t known = 0;
  if (file_exists(path)) TRY(file_read(cx, path, 200, &text));
  bool read = str_cut(str_trim(text), ' ', &system, &rest) && str_to_i64(rest, &known) && str_eq(system, now->system);
  if (read && now->timeline < known)
    FAIL(BUSY, "连上的是换主以前的旧主库（时间线 %lld，已经换到过 %lld），不能使用。请让它作为备库重新加入。", (long long)now->timeline,
         (long long)known);
  if ((read && now->timeline == known) || !file_exists(store_files(cx->mem, store))) return OK;
  return file_write(cx, path, arena_fmt(cx->mem, "%.*s %lld\n", SFMT(now->system), (long long)now->timeline), 0600);
}

/* ---- hosts -------------------------------------------------------------------------------------- */

typedef struct Hosts {
  Str host, hostaddr, port; /* lists with commas, as in the address */
  int count;
} Hosts;

static int commas(Str s) {
  int n = 0;
  for (size_t i = 0; i < s.len; i++) n += s.ptr[i] == ',';
  return n;
}

static Code hosts_of(Cx *cx, const char *uri, Hosts *out) {
  char *why = NULL;
  PQconninfoOption *list = PQconninfoParse(uri, &why);
  *out = (Hosts){.count = 1};
  if (!list) {
    Str said = arena_str(cx->mem, pg__first_line(why));
    PQfreemem(why);
    FAIL(INVALID, "数据库的地址写得不对：%.*s", SFMT(said));
  }
  for (const PQconninfoOption *o = list; o->keyword; o++) {
    Str *field = !strcmp(o->keyword, "host") ? &out->host : !strcmp(o->keyword, "hostaddr") ? &out->hostaddr
                 : !strcmp(o->keyword, "port") ? &out->port : NULL;
    if (field && o->val) *field = arena_str(cx->mem, str_of(o->val));
  }
  PQconninfoFree(list);
  out->count += commas(out->hostaddr.len ? out->hostaddr : out->host);
  return OK;
}

/* The n-th of a list; one alone stands for all. NULL when it is empty. */
static const char *nth(Cx *cx, Str list, int n) {
  Str one = list;
  if (commas(list))
    for (int i = 0; i <= n; i++) (void)str_cut(list, ',', &one, &list);
  return one.len ? arena_z(cx->mem, one) : NULL;
}

/* What stands later wins: the address over our defaults, one host over the list of them. */
static PGconn *connect_to(Cx *cx, const char *uri, DbRole role, const Hosts *hosts, int n) {
  static const char *const names[] = {"application_name", "client_encoding", "connect_timeout", "target_session_attrs",
                                      "keepalives_idle",  "tcp_user_timeout", "dbname", "host", "hostaddr", "port", NULL};
  const char *const values[] = {"yichuang", "UTF8", role >= DB_READ ? "2" : "5", "read-write", "10", "15000", uri,
                                nth(cx, hosts->host, n), nth(cx, hosts->hostaddr, n), nth(cx, hosts->port, n), NULL};
  return PQconnectdbParams(names, values, 1);
}

static Code link_try(Cx *cx, PGconn *h, Str store, DbRole role) {
  Place now;
  if (PQstatus(h) != CONNECTION_OK) FAIL(BUSY, "连不上数据库：%.*s", SFMT(pg__first_line(PQerrorMessage(h))));
  TRY(place_ask(cx, h, &now));
  TRY(place_check(cx, store, &now));
  PGresult *res = PQexec(h, settings[role]);
  bool ok = PQresultStatus(res) == PGRES_COMMAND_OK;
  PQclear(res);
  if (!ok) FAIL(BUSY, "连不上数据库：%.*s", SFMT(pg__first_line(PQerrorMessage(h))));
  return OK;
}

Code pg__link(Cx *cx, Str store, DbRole role, PGconn **out) {
  Str address, dir;
  Hosts hosts;
  (void)str_cut(store, '#', &address, &dir);
  const char *uri = arena_z(cx->mem, address);
  TRY(hosts_of(cx, uri, &hosts));
  for (int n = 0; n < hosts.count; n++) {
    cx_clear(cx);
    PGconn *h = connect_to(cx, uri, role, &hosts, n);
    if (link_try(cx, h, store, role) == OK) {
      *out = h;
      return OK;
    }
    PQfinish(h);
  }
  return cx->fault; /* of the last of them */
}
