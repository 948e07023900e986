/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db_int: what a database must do for db.c. Two do it: SQLite (db_sqlite.c) and PostgreSQL (db_pg.c). The texts of the
 * statements are one for both; what differs is told in DbWords.
 */
#ifndef DB_INT_H
#define DB_INT_H

#include "journal/apart.h"
#include "journal/beside.h"

enum { DB_SLOTS = 1024, DB_KEPT = 256 };

typedef struct Slot { /* a statement that is prepared once and kept */
  const Sql *sql;
  void *stmt;
  bool busy;
} Slot;

typedef enum Step { STEP_ROW, STEP_DONE, STEP_FAULT } Step;

struct Rows {
  Db *db;
  const Sql *sql; /* NULL: a whole table */
  Slot *slot;     /* NULL: prepared for this use only */
  void *stmt;     /* of SQLite a statement, of PostgreSQL a result */
  Step step;
  int rc, at;     /* SQLite's last answer; PostgreSQL's row */
  bool binary;    /* how PostgreSQL wrote the values */
};

typedef struct DbOps {
  DbKind kind;
  DbWords words;
  Str (*version_text)(Arena *mem, int64_t version);          /* a script that sets what words.version reads */
  void (*close)(Db *db);
  Code (*script)(Cx *cx, Db *db, const char *sql);
  Code (*scrub)(Cx *cx, Db *db, bool *done);                 /* see db__scrub */
  DbState (*state)(const Db *db);
  void (*rest)(Db *db);                                      /* see db__rest */
  Code (*again)(Cx *cx, Db *db);                             /* connects anew; everything prepared is gone */
  Code (*begin)(Cx *cx, Rows *r, const Val *vals, size_t n); /* db, sql, slot of r are set; on a fault nothing is held */
  Step (*step)(Rows *r);
  Code (*fault)(Cx *cx, const Rows *r);                      /* after STEP_FAULT */
  bool (*bytes)(const Rows *r, int col, Str *out);           /* false: NULL, and *out empty; borrowed until the next step */
  int64_t (*number)(const Rows *r, int col);
  int (*columns)(const Rows *r);
  void (*release)(Rows *r);
  Code (*table_rows)(Cx *cx, Rows *r, Str table);            /* ordered by the first three columns, or by the first */
} DbOps;

typedef struct Kept { /* an answer: see db_int_kept */
  const Sql *sql; /* NULL: none */
  int64_t arg, num;
  bool there;
  size_t len;
  char text[64];
} Kept;

typedef struct Adds Adds;       /* adds.c */

struct Db { /* the first member of what a backend keeps */
  const DbOps *ops;
  Slot slots[DB_SLOTS];
  bool keeps;     /* only who writes knows when an answer is another */
  int open;       /* rows that were begun and not released */
  Kept kept[DB_KEPT];
  Waiting *waiting; /* rows that are not in their tables yet; NULL: none ever waits */
  Beside *beside;   /* a thread writes some of them; NULL: none does */
  Apart *apart;     /* where rows of some tables go instead; NULL: they go with the others */
  Adds *adds;       /* sums that are written with the commit; NULL: none ever were */
  Gate *gate;        /* of views that may be behind what was answered; NULL: they never are */
};

Code adds__flush(Cx *cx, Db *db);
void adds__forget(Db *db);

Code sqlite__open(Cx *cx, Str path, DbRole role, Db **out);
/* The write-ahead log (mover.c). From log_keep on a commit no longer moves it into the file. */
void sqlite__log_keep(Db *db);
int64_t sqlite__log_frames(const Db *db); /* pages in the log after the last commit of this connection, since log_keep */
/* Moves what nobody reads out of the log any more, outside of a transaction: the pages are in the file. durable: and on the disk. */
Code sqlite__log_move(Cx *cx, Db *db, bool durable, int64_t *frames, int64_t *moved);
struct sqlite3_file;
struct sqlite3_file *sqlite__main_file(Db *db); /* lives as long as db */
bool sqlite__inside(const Db *db);              /* a transaction */
struct sqlite3_file *sqlite__log_file(Db *db); /* by the thread that uses db, when it has written; lives as long as db */
/* How the two connections that write put their logs into files (walfile.c). */
#define WALFILE_VFS "yichuang"
void walfile__register(void);
/* Zeros behind the end of a log until it has `size` bytes; beside its commits, on a thread of its own; path: of the same file. False when it
 * could not be: no room to spare, as a rule. */
bool walfile__extend(struct sqlite3_file *log, const char *path, int64_t size, const _Atomic bool *stop);
struct pg_conn;
/* A connection to the first server of the address that takes writes and is no old primary; BUSY when there is none,
 * INVALID when the address is not one. */
Code pg__link(Cx *cx, Str store, DbRole role, struct pg_conn **out);
Str pg__first_line(const char *text); /* of what the library says */
Code pg__open(Cx *cx, Str address, DbRole role, Db **out); /* what stands behind # in it is not looked at */

Str pg__statement(Arena *mem, const char *text); /* NUL behind the end */
Str pg__script(Arena *mem, const char *text);

#endif
