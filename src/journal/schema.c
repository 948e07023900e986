/* SPDX-License-Identifier: Apache-2.0 */
/* schema.c: the tables of the journal, and the steps from one number of the schema to the next. */
#include "journal/journal_int.h"

#define EVENT_1 \
  "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;" \
  "CREATE TABLE event(pos INTEGER PRIMARY KEY, stream TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL," \
  " version INTEGER NOT NULL, happened INTEGER NOT NULL, recorded INTEGER NOT NULL, actor TEXT NOT NULL," \
  " actor_name TEXT NOT NULL, unit TEXT NOT NULL, behalf TEXT NOT NULL, command TEXT NOT NULL, body TEXT NOT NULL," \
  " prev BLOB NOT NULL, leaf BLOB NOT NULL, UNIQUE(stream, seq)) STRICT;"
#define OTHERS_1 \
  "CREATE TABLE done(key TEXT PRIMARY KEY, digest BLOB NOT NULL, stream TEXT NOT NULL, seq INTEGER NOT NULL," \
  " pos INTEGER NOT NULL, answer TEXT NOT NULL) WITHOUT ROWID, STRICT;" \
  "CREATE TABLE vault(ref TEXT PRIMARY KEY, kind TEXT NOT NULL, wrapped BLOB NOT NULL, box BLOB NOT NULL)" \
  " WITHOUT ROWID, STRICT;"

static const char sqlite_1[] =
    "PRAGMA application_id = 0x59696368;" /* "Yich" */
    EVENT_1
    "CREATE TRIGGER event_kept BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;"
    "CREATE TRIGGER event_stays BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;"
    OTHERS_1;

/* The schemas may have been made before by whoever runs the database. Files lie in a table, so that every server has
 * them (files.c); they are compressed already. instr is SQLite's name. */
static const char pg_1[] =
    "DO $$BEGIN IF to_regnamespace('journal') IS NULL THEN CREATE SCHEMA journal; END IF;"
    " IF to_regnamespace('views') IS NULL THEN CREATE SCHEMA views; END IF; END$$;"
    EVENT_1
    "CREATE FUNCTION event_kept() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RAISE EXCEPTION ''events are never changed or removed''; END';"
    "CREATE TRIGGER event_kept BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION event_kept();"
    "CREATE TRIGGER event_stays BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION event_kept();"
    OTHERS_1
    "CREATE TABLE file(path TEXT PRIMARY KEY, bytes BLOB NOT NULL, no bigint GENERATED ALWAYS AS IDENTITY);"
    "ALTER TABLE file ALTER bytes SET STORAGE EXTERNAL;"
    "CREATE FUNCTION instr(text, text) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT strpos($1, $2)';";

/* Rows of the vault by arrival instead of by reference: then they never move within the file (vault.c). The pages of the
 * old table are overwritten as they become free. */
static const char vault_2[] =
    "CREATE TABLE vault_rows(no INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, wrapped BLOB NOT NULL,"
    " box BLOB NOT NULL) STRICT;"
    "INSERT INTO vault_rows(no, ref, kind, wrapped, box)"
    " SELECT row_number() OVER (ORDER BY ref), ref, kind, wrapped, box FROM vault ORDER BY ref;"
    "DROP TABLE vault;"
    "ALTER TABLE vault_rows RENAME TO vault;";

/* Row i brings schema i to i + 1. Rows are never changed: stores of every age have gone through them. */
enum { STEPS = 2 };
static const char *const journal_steps[DB__MAX][STEPS] = {[DB_SQLITE] = {sqlite_1, vault_2}, [DB_PG] = {pg_1, vault_2}};

static const Sql sql_rows = {"schema.rows", "", "i", "SELECT count(*) + coalesce(max(pos), 0) FROM event"};

Code schema__up(Cx *cx, Db *db, const char *const *steps, int64_t to) {
  int64_t at = 0, before = 0, after = 0;
  TRY(db_int(cx, db, &db__words(db)->version, NO_VALS, 0, &at));
  if (at > to)
    FAIL(CONFLICT, "存储的结构是第 %lld 版，本程序只懂到第 %lld 版。请换用新版的程序；结构不会往回改。", (long long)at, (long long)to);
  if (at) TRY(db_int(cx, db, &sql_rows, NO_VALS, 0, &before));
  for (; at < to; at++) {
    TRY(db__script(cx, db, steps[at]));
    TRY(db__version_set(cx, db, at + 1));
  }
  TRY(db_int(cx, db, &sql_rows, NO_VALS, 0, &after));
  if (before && before != after) FAIL(BROKEN, "升级存储结构时事件的数目变了，没有升级");
  return OK;
}

Code store__schema(Cx *cx, Db *journal) {
  return schema__up(cx, journal, journal_steps[db__kind(journal)], STEPS);
}

Code store__migrate(Cx *cx, Db *journal, const char *const *steps, int64_t to) {
  int64_t at = 0;
  TRY(db_int(cx, journal, &db__words(journal)->version, NO_VALS, 0, &at));
  if (at == (steps ? to : STEPS)) return OK;
  TRY(db__script(cx, journal, "BEGIN IMMEDIATE"));
  Code code = steps ? schema__up(cx, journal, steps, to) : store__schema(cx, journal);
  if (code == OK) return db__script(cx, journal, "COMMIT");
  Cx own = {.mem = cx->mem};
  (void)db__script(&own, journal, "ROLLBACK");
  return code;
}

