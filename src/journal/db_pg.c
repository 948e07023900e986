/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db_pg.c: PostgreSQL connections and statements, by libpq. A result is fetched whole before its first row is given
 * out, so that statements may be used inside one another. Text and numbers come as text, and everything as bytes when
 * there is a column of bytes.
 */
#include "journal/db_int.h"

#include <libpq-fe.h>
#include <stdlib.h>

typedef struct Pg {
  Db db;
  PGconn *h;
  Str address;   /* on the heap */
  DbRole role;
  bool warned;   /* a warning came since the flag was taken down */
  bool begun;    /* a script began a transaction, and none has ended it */
} Pg;

enum { TYPE_I = 20, TYPE_S = 25, TYPE_B = 17, PARAMS = 32 }; /* int8, text, bytea in pg_type */

static Pg *pg(Db *db) {
  return (Pg *)db;
}

/* ---- faults ------------------------------------------------------------------------------------- */

typedef struct State {
  const char *begins; /* of SQLSTATE */
  Code code;
} State;

static const State states[] = {
    {"08", BUSY},        /* the connection */
    {"57P0", BUSY},      /* shut down, crashed, starting */
    {"25006", BUSY},     /* no longer the primary */
    {"40", BUSY},        /* deadlock, serialisation */
    {"55P03", BUSY},     /* lock not to be had in time */
    {"53300", BUSY},     /* too many connections */
    {"57014", BUSY},     /* cancelled */
    {"53", READONLY},    /* disk full, out of memory */
    {"58", READONLY},    /* I/O */
    {"42501", READONLY}, /* the role may not */
    {"23", CONFLICT},    /* constraint */
    {"P0001", CONFLICT}, /* raised by a trigger */
};

static Code code_of(const char *state, DbRole role) {
  if (role >= DB_READ && !strcmp(state, "25006")) return READONLY; /* our own rule */
  for (size_t i = 0; i < COUNT(states); i++)
    if (str_starts(str_of(state), str_of(states[i].begins))) return states[i].code;
  return BROKEN;
}

/* A script of nothing is done at once, as SQLite has it: a view whose table another view makes has such a schema. */
static bool result_fine(const PGresult *res) {
  ExecStatusType status = PQresultStatus(res);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

static DbState pg_state(const Db *db) {
  PGconn *h = ((const Pg *)db)->h;
  if (PQstatus(h) != CONNECTION_OK) return DB_LOST;
  PGTransactionStatusType status = PQtransactionStatus(h);
  return status == PQTRANS_INERROR || (status == PQTRANS_IDLE && ((const Pg *)db)->begun) ? DB_SPOILED : DB_FINE;
}

static Code fault_of(Cx *cx, Db *db, const char *what, const PGresult *res) {
  const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
  if (PQstatus(pg(db)->h) != CONNECTION_OK) FAIL(BUSY, "数据库的连接断了，请过几秒再试。（%s）", what);
  Str why = pg__first_line(res && *PQresultErrorMessage(res) ? PQresultErrorMessage(res) : PQerrorMessage(pg(db)->h));
  FAIL(state ? code_of(state, pg(db)->role) : BROKEN, "存储出错（%s）：%.*s", what, SFMT(why));
}

/* ---- connections -------------------------------------------------------------------------------- */

static const DbOps pg_ops;

/* A commit that warns is not what it should be: the wait for the standby was broken off. */
static void notice(void *arg, const PGresult *res) {
  const char *severity = PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (severity && !strcmp(severity, "WARNING")) ((Pg *)arg)->warned = true;
}

static Code connect_fill(Cx *cx, Pg *p) {
  TRY(pg__link(cx, p->address, p->role, &p->h));
  PQsetNoticeReceiver(p->h, notice, p);
  return OK;
}

Code pg__open(Cx *cx, Str address, DbRole role, Db **out) {
  Pg *p = calloc(1, sizeof *p);
  REQUIRE(p != NULL);
  p->db.ops = &pg_ops;
  p->role = role;
  char *copy = strndup(address.ptr, address.len);
  REQUIRE(copy != NULL);
  p->address = (Str){.ptr = copy, .len = address.len};
  Code code = connect_fill(cx, p);
  if (code == OK) *out = &p->db;
  else db__close(&p->db);
  return code;
}

static void pg_close(Db *db) {
  Pg *p = pg(db);
  PQfinish(p->h);
  char *copy;
  memcpy(&copy, &p->address.ptr, sizeof copy);
  explicit_bzero(copy, p->address.len); /* it may hold a password */
  free(copy);
  free(p);
}

static Code pg_again(Cx *cx, Db *db) {
  PQfinish(pg(db)->h);
  pg(db)->h = NULL;
  pg(db)->begun = false;
  memset(db->slots, 0, sizeof db->slots);
  return connect_fill(cx, pg(db));
}

/* COMMIT of a transaction that had failed answers ROLLBACK, without a fault. */
static Code pg_script(Cx *cx, Db *db, const char *sql) {
  Pg *p = pg(db);
  p->warned = false;
  PGresult *res = PQexec(p->h, pg__script(cx->mem, sql).ptr);
  Code code = OK;
  bool commit = str_starts(str_of(sql), S("COMMIT"));
  if (!result_fine(res)) {
    code = fault_of(cx, db, "脚本", res);
  } else if (commit && !strcmp(PQcmdStatus(res), "ROLLBACK")) {
    cx_fail(cx, BROKEN, __func__, __LINE__, "存储出错：这一批已经撤销");
    code = BROKEN;
  }
  PQclear(res);
  if (code == OK) p->begun = PQtransactionStatus(p->h) == PQTRANS_INTRANS;
  if (commit && p->warned && code == OK) { /* nobody knows whether the standby has it: as if the connection had broken */
    PQfinish(p->h);
    p->h = NULL;
    FAIL(BUSY, "备库没有确认这一批，请过几秒再试。");
  }
  return code;
}

/* An UPDATE leaves the old row where it was: the table is written anew, and the old file goes. Who reads the vault
 * meanwhile is not waited for. */
static Code pg_scrub(Cx *cx, Db *db, bool *done) {
  Cx own = {.mem = cx->mem};
  *done = false;
  TRY(db__script(cx, db, "SET lock_timeout = '50ms'"));
  Code code = db__script(&own, db, "VACUUM FULL vault");
  TRY(db__script(cx, db, "SET lock_timeout = '10s'"));
  *done = code == OK;
  if (code != OK && code != BUSY) FAIL(code, "%.*s", SFMT(own.detail));
  return OK;
}

/* ---- statements --------------------------------------------------------------------------------- */

typedef struct Bound {
  const char *at[PARAMS];
  int len[PARAMS], format[PARAMS];
  Oid type[PARAMS];
  uint64_t number[PARAMS];
} Bound;

enum { WALK_ROWS = 1000 };
#define WALK "FETCH 1000 FROM walk" /* WALK_ROWS */

/* Everything goes as bytes: nothing has to be escaped, and text may have any length. */
static void bind(Bound *b, const Sql *q, const Val *vals, size_t n) {
  REQUIRE(n <= PARAMS);
  for (size_t i = 0; i < n; i++) {
    char kind = q->in[i];
    b->type[i] = kind == 'i' ? TYPE_I : kind == 'b' ? TYPE_B : TYPE_S;
    b->format[i] = 1;
    b->at[i] = vals[i].s.ptr ? vals[i].s.ptr : "";
    b->len[i] = (int)vals[i].s.len;
    REQUIRE(vals[i].s.len <= INT32_MAX);
    if (kind == 'S' && !vals[i].s.len) b->at[i] = NULL;
    if (kind != 'i') continue;
    b->number[i] = __builtin_bswap64((uint64_t)vals[i].i);
    b->at[i] = (const char *)&b->number[i];
    b->len[i] = sizeof b->number[i];
  }
}

static Str slot_name(Arena *mem, const Rows *r) {
  return arena_fmt(mem, "s%d", (int)(r->slot - r->db->slots));
}

static Code prepare(Cx *cx, Rows *r, const Bound *b, size_t n) {
  PGresult *res = PQprepare(pg(r->db)->h, slot_name(cx->mem, r).ptr, pg__statement(cx->mem, r->sql->text).ptr, (int)n, b->type);
  Code code = PQresultStatus(res) == PGRES_COMMAND_OK ? OK : fault_of(cx, r->db, r->sql->name, res);
  PQclear(res);
  if (code == OK) *r->slot = (Slot){.sql = r->sql, .stmt = r->db};
  return code;
}

static Code pg_begin(Cx *cx, Rows *r, const Val *vals, size_t n) {
  Bound b;
  PGconn *h = pg(r->db)->h;
  bind(&b, r->sql, vals, n);
  r->binary = strchr(r->sql->out, 'b') != NULL;
  r->at = -1;
  if (r->slot && !r->slot->stmt) TRY(prepare(cx, r, &b, n));
  PGresult *res = r->slot ? PQexecPrepared(h, slot_name(cx->mem, r).ptr, (int)n, b.at, b.len, b.format, r->binary)
                          : PQexecParams(h, pg__statement(cx->mem, r->sql->text).ptr, (int)n, b.type, b.at, b.len, b.format, r->binary);
  r->stmt = res;
  REQUIRE(!result_fine(res) || (size_t)PQnfields(res) == strlen(r->sql->out));
  return OK;
}

/* A fault of the whole is told where a fault between rows would be. */
static Step pg_step(Rows *r) {
  if (!result_fine(r->stmt)) return STEP_FAULT;
  if (!r->sql && r->at + 1 == WALK_ROWS) {
    PQclear(r->stmt);
    r->stmt = PQexec(pg(r->db)->h, WALK);
    r->at = -1;
    if (!result_fine(r->stmt)) return STEP_FAULT;
  }
  return ++r->at < PQntuples(r->stmt) ? STEP_ROW : STEP_DONE;
}

static Code pg_fault(Cx *cx, const Rows *r) {
  return fault_of(cx, r->db, r->sql ? r->sql->name : "rows", r->stmt);
}

static bool pg_bytes(const Rows *r, int col, Str *out) {
  *out = (Str){.ptr = PQgetvalue(r->stmt, r->at, col), .len = (size_t)PQgetlength(r->stmt, r->at, col)};
  return !PQgetisnull(r->stmt, r->at, col);
}

static int64_t pg_number(const Rows *r, int col) {
  const char *p = PQgetvalue(r->stmt, r->at, col);
  uint64_t wide;
  uint32_t small;
  if (!r->binary) return strtoll(p, NULL, 10);
  if (PQgetlength(r->stmt, r->at, col) == (int)sizeof wide) {
    memcpy(&wide, p, sizeof wide);
    return (int64_t)__builtin_bswap64(wide);
  }
  REQUIRE(PQgetlength(r->stmt, r->at, col) == (int)sizeof small);
  memcpy(&small, p, sizeof small);
  return (int32_t)__builtin_bswap32(small);
}

static int pg_columns(const Rows *r) {
  return PQnfields(r->stmt);
}

static void pg_release(Rows *r) {
  PQclear(r->stmt);
  if (!r->sql) PQclear(PQexec(pg(r->db)->h, "CLOSE walk"));
  r->stmt = NULL;
}

/* A table may be larger than memory: it comes by pages, inside a transaction, one table at a time. */
static Code pg_table_rows(Cx *cx, Rows *r, Str table) {
  PGconn *h = pg(r->db)->h;
  char *name = PQescapeIdentifier(h, table.ptr, table.len);
  REQUIRE(name != NULL);
  PGresult *head = PQexec(h, arena_fmt(cx->mem, "SELECT * FROM %s LIMIT 0", name).ptr);
  const char *order = PQnfields(head) < 3 ? "1" : "1, 2, 3";
  PQclear(head);
  r->stmt = PQexec(h, arena_fmt(cx->mem, "DECLARE walk NO SCROLL CURSOR FOR SELECT * FROM %s ORDER BY %s; " WALK, name, order).ptr);
  PQfreemem(name);
  r->at = -1;
  if (result_fine(r->stmt)) return OK;
  Code code = fault_of(cx, r->db, "表", r->stmt);
  pg_release(r);
  return code;
}

static Str pg_version(Arena *mem, int64_t version) {
  return arena_fmt(mem, "COMMENT ON SCHEMA journal IS '%lld'", (long long)version);
}

static const DbOps pg_ops = {
    .kind = DB_PG,
    .words = {.tables = {"db.tables", "", "s", "SELECT tablename FROM pg_tables WHERE schemaname = 'views' ORDER BY tablename COLLATE \"C\""},
              .table_has = {"db.table-has", "s", "i", "SELECT count(*) FROM pg_tables WHERE schemaname = 'views' AND tablename = ?1"},
              .made = {"db.made", "", "i", "SELECT count(*) FROM pg_tables WHERE schemaname = 'journal'"},
              /* The comment of the schema, so that one look-up works before anything is there. */
              .version = {"db.version", "", "i",
                          "SELECT coalesce(obj_description(to_regnamespace('journal'), 'pg_namespace'), '0')::bigint"}},
    .version_text = pg_version, .close = pg_close, .script = pg_script, .scrub = pg_scrub, .state = pg_state, .again = pg_again, .begin = pg_begin, .step = pg_step,
    .fault = pg_fault, .bytes = pg_bytes, .number = pg_number, .columns = pg_columns, .release = pg_release,
    .table_rows = pg_table_rows};
