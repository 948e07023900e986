/* SPDX-License-Identifier: Apache-2.0 */
/* journal_int: what the files of room journal share. */
#ifndef JOURNAL_INT_H
#define JOURNAL_INT_H

#include "journal/journal.h"

#include <pthread.h>
#include <stdatomic.h>

/* ---- connections (db.c; db_sqlite.c, db_pg.c) ---------------------------------------------------- */

/*
 * Statements and scripts are one text for SQLite and PostgreSQL, in SQLite's dialect; db_pg.c translates ?1, the types
 * and the ends of CREATE TABLE. A text may use what both understand: no integer as a truth value (`instr(a, b) > 0`),
 * no max or min of two values, CASE instead of iif, coalesce instead of ifnull, no reserved word as a name.
 * Three scripts mean the same for both: BEGIN (one snapshot, on a connection that reads), BEGIN IMMEDIATE (alone among all
 * who write), COMMIT and ROLLBACK.
 */
typedef enum DbRole {
  DB_WRITE_JOURNAL, /* WAL, synchronous FULL: a commit is durable when it returns */
  DB_WRITE_VIEWS,   /* WAL, synchronous NORMAL: may be behind after a power cut, never torn; after DB_AFLOAT: see boot.c */
  DB_BUILD_VIEWS,   /* a new file that nobody else has: in pieces after a crash or a fault */
  DB_READ,
  DB_SCAN,          /* reads a table from its beginning to its end: pages are mapped, none is kept */
  DB_COPY           /* reads, and writes copies elsewhere: VACUUM INTO counts as writing */
} DbRole;
#define DB_AFLOAT "PRAGMA synchronous=OFF" /* of a connection to the views: it no longer calls for the disk */
#define PG_LOCK_TEXT "1500078952" /* of all who write, in PostgreSQL: "Yich" as a number */
typedef enum DbKind { DB_SQLITE, DB_PG, DB__MAX } DbKind;
typedef enum DbState {
  DB_FINE,
  DB_SPOILED, /* a statement failed, and with it the open transaction: only ROLLBACK helps */
  DB_LOST     /* the connection is gone: db__again */
} DbState;

/* What statements each database has for itself. */
typedef struct DbWords {
  Sql tables;              /* names of the tables of the views, in order */
  Sql table_has;           /* ?1: is there such a table? */
  Sql made;                /* 0 when nothing was ever made here */
  Sql version;             /* number of the journal's schema */
} DbWords;
/* path: of a file, or the address that store__path gives for journal.db and views.db of a store in PostgreSQL. */
Code db__open(Cx *cx, Str path, DbRole role, Db **out); /* memory on the heap: db__close */
DbKind db__kind(const Db *db);
const DbWords *db__words(const Db *db);
DbState db__state(const Db *db);
int db__open_rows(const Db *db); /* rows that were begun and not released */
Code db__version_set(Cx *cx, Db *db, int64_t version);
Code db__again(Cx *cx, Db *db); /* a new connection in place of a lost one; BUSY when there is none */
typedef struct Gate Gate;
void db__gate(Db *db, Gate *gate); /* statements of this connection pass it: see gate.c */
void db__rest(Db *db); /* pages that are kept for the next question go; they are read again then */
void db__close(Db *db);
void db__close_p(Db **db);
Code db__script(Cx *cx, Db *db, const char *sql);       /* constant text, several statements */
bool db__rows_text(const Rows *r, int col, Str *out);   /* borrowed until the next row; for comparing */
int db__columns(const Rows *r);
/* Old copies of what was overwritten go: SQLite's write-ahead log is emptied into the database, PostgreSQL writes the table of
 * the vault anew. Outside a transaction. *done false: somebody is reading an older state; try again later. */
Code db__scrub(Cx *cx, Db *db, bool *done);
/* A table's name in a statement: only for verify, over names that sqlite_schema gave. */
Code db__table_rows(Cx *cx, Db *db, Str table, Rows **out);

/* ---- events (event.c) --------------------------------------------------------------------------- */

enum { EVENT_MAX = 16 << 20 }; /* bytes of a body */
#define EVENT_COLUMNS \
  "pos, stream, seq, kind, version, happened, recorded, actor, actor_name, unit, behalf, command, body, prev, leaf"
extern const Sql sql__event_insert, sql__stream_events, sql__all_events, sql__stream_head;
Code event__row(Cx *cx, const Rows *r, Event *out); /* all in cx->mem */
/* The same without copies and without the tree: texts belong to the row until the next one; *text is the body as it stands in
 * the store. */
void event__row_borrow(const Rows *r, Event *out, Str *text);
Code event__body_in(Cx *cx, int64_t pos, Str text, Json **out); /* the tree of a body, which borrows from the text */
/* With the tree, which borrows from the row too. */
Code event__row_in(Cx *cx, const Rows *r, Event *out, Str *text);
Hash event__leaf(Arena *mem, HashSuite suite, const Event *e);
/* Adds what a leaf is the hash of; returns where in b the body stands. `body`: see leafer__leaf. */
size_t event__leaf_text(Buf *b, const Event *e, Str body);
Code event__insert(Cx *cx, Db *journal, const Event *e);
Code event__insert_text(Cx *cx, Db *journal, const Event *e, Str body); /* body: e->body as canonical text */

/* Leaves one after another: the digest is looked up once, the text has one buffer. */
typedef struct Leafer {
  Hasher *hasher;
  Buf text;
} Leafer;
void leafer__open(Leafer *l, HashSuite suite);
void leafer__close(Leafer *l); /* also of a zeroed one */
/* `body` stands in the text as it is: that it is JSON is for the caller to know. Another text of the same tree than the
 * canonical one gives another leaf. */
Hash leafer__leaf(Leafer *l, const Event *e, Str body);

/* Events of a journal after a position, up to and including another, read ahead by a thread of its own when there are many (feed.c).
 * path: of the journal; empty: without a thread, through `journal`. */
typedef struct Feed Feed;
Feed *feed__open(Cx *cx, Db *journal, Str path, int64_t after, int64_t upto);
void feed__close(Feed *f);
/* The next of them, valid until the next call; *n 0 at the end. personal: whether its body may name or erase references (personal__may). */
Code feed__next(Cx *cx, Feed *f, const Event **list, const bool **personal, size_t *n);

/* Leaves that are only compared (leaves.c): SM3 of many texts side by side is several times faster. */
typedef struct Leaf {
  Str stream;                      /* borrowed */
  int64_t pos, seq, happened, recorded;
  int64_t before, before_recorded; /* position and time of the event before it */
  Hash says;                       /* the rest is of leaves.c */
  size_t from, len, body, body_len;
} Leaf;
typedef struct Leaves {
  HashSuite suite;
  Buf texts;
  Leaf *list;
  size_t count;
} Leaves;
void leaves__open(Leaves *l, HashSuite suite);
void leaves__close(Leaves *l);
bool leaves__full(const Leaves *l); /* then settle before adding */
void leaves__add(Leaves *l, const Leaf *about, const Event *e, Str body);
/* The first that differs and its body, both borrowed until the next is added; NULL when none does. Nothing waits any more. */
const Leaf *leaves__settle(Leaves *l, Str *body);

/* ---- the store's files (store.c, schema.c) ------------------------------------------------------- */

/* Of a file of the store; of journal.db and views.db of a store in PostgreSQL its address, which db__open takes. */
Str store__path(Arena *mem, Str store, const char *name);
Code store__suite(Cx *cx, Db *journal, HashSuite *out);
/* The schema of the journal: a number (user_version) and one step from each number to the next, forward only. */
Code schema__up(Cx *cx, Db *journal, const char *const *steps, int64_t to); /* inside a transaction */
Code store__schema(Cx *cx, Db *journal);                                    /* the same with the program's steps */
/* One transaction of its own; CONFLICT when the store is of a later program. steps NULL: the program's. */
Code store__migrate(Cx *cx, Db *journal, const char *const *steps, int64_t to);
/* BUSY when another process has it. In PostgreSQL it only says who tidies the local directory: then *fd is -1. */
Code store__lock(Cx *cx, Str dir, int *fd);
Code store__vacant(Cx *cx, Db *journal, Str dir); /* CONFLICT when something was made in this database; dir: its name */

/* Position and leaf (hex) of the last event; 0 and empty when there is none. */
Code journal__last(Cx *cx, Db *journal, int64_t *pos, Str *head);
/* All rows of a journal into an empty one, whose schema is there; each inside a transaction (copy.c). */
Code journal__copy(Cx *cx, Db *from, Db *to);
/* A journal that was brought in must end as said; its views are built and everything is verified. */
Code store__accept(Cx *cx, const StoreOptions *o, Str dir, int64_t pos, Str head);

/* Room for a last line when the disk is full (reserve.c). */
void reserve__keep(Cx *cx, Str dir);                   /* under the lock, when the store is opened */
void reserve__spend(Arena *mem, Str dir, Str why);     /* when it stops writing: a line in readonly.log */

/* ---- projections (views.c) ---------------------------------------------------------------------- */

const Engine *engine__of(const Engine *const *engines, size_t n, Str stream);
Code views__prepare(Cx *cx, Db *views, const Engine *const *engines, size_t n); /* schema, when it is new */
bool views__fits(Cx *cx, Db *views, const Engine *const *engines, size_t n);    /* same schema as the program's? */
Str views__schema(Cx *cx, const Engine *const *engines, size_t n);              /* what fits: a hash */
Code views__clear(Cx *cx, Db *views);                                          /* takes all tables away (PostgreSQL) */
Code views__position(Cx *cx, Db *views, int64_t *pos);
Code views__set_position(Cx *cx, Db *views, int64_t pos);
/* Tells the engines that these views are the ones: see Engine.ready. */
Code views__ready(Cx *cx, Db *views, const StoreOptions *o);
/* Applies journal events after the views' position, up to and including `upto`; in batches of its own. */
Code views__catch_up(Cx *cx, Db *journal, Db *views, const StoreOptions *o, int64_t upto);
/* Tables and content anew, inside a transaction of the caller's (PostgreSQL): others see the old ones until it ends. */
Code views__anew(Cx *cx, Db *db, const StoreOptions *o);

void views__remove(Arena *mem, Str path); /* the file and what SQLite keeps beside it */
/* Views that are written without a call for the disk (boot.c). In PostgreSQL they never are. */
bool boot__torn(Cx *cx, Str dir);  /* the machine stopped while they were: only the journal is to be believed */
bool boot__begin(Cx *cx, Str dir); /* they may be, from now on; false: they must be called for */
/* All of it is on the disk, and no mark any more. READONLY: the disk does not take them, and they are gone. */
Code boot__end(Cx *cx, Str dir);
/* A file of views of its own, built from the journal up to and including `upto`, in place of one that is there. A crash leaves it in pieces (rebuild.c). */
Code rebuild__fresh(Cx *cx, const StoreOptions *o, Db *journal, Str path, int64_t upto, Db **out);
/* The views of a directory anew. Until the new ones are whole the old ones stay, whatever happens. */
Code rebuild__views(Cx *cx, const StoreOptions *o, Db *journal, Db **out);

/* ---- rows that wait (rows.c) ------------------------------------------------------------------- */

void rows__wait(Db *views);            /* from now on table_put waits */
Code rows__flush(Cx *cx, Db *views);   /* what waits is written; further rows wait again */
void rows__beside(Db *views);          /* from now on a thread writes what rows__flush_beside hands over (beside.h), until rows__end */
void rows__apart_end(Db *views);       /* no more rows come of those that go apart (apart.h) */
Code rows__flush_beside(Cx *cx, Db *views); /* the same as rows__flush, if need be later: what is written beside is written before what waits from now on */
void rows__end(Db *views);             /* what still waits is forgotten */
size_t rows__bytes(const Db *views);

/* ---- folded states (cache.c) -------------------------------------------------------------------- */

typedef struct StreamState {
  Str stream;
  const Engine *engine;
  Arena *mem;
  void *state;
  int64_t seq;
  Hash head;               /* leaf of the last event */
  int64_t epoch;           /* of the cache when it was last compared with the journal */
  size_t waits;            /* writer: number of its last event among those that wait for their leaf; 0: none waits */
  size_t weight;           /* bytes of mem when it was last looked at */
  struct StreamState *next, *older, *newer;
} StreamState;
typedef struct Cache Cache;
Cache *cache__open(const Engine *const *engines, size_t n, size_t max);
void cache__close(Cache *c);
size_t cache__held(const Cache *c); /* bytes of all states, as last looked at */
size_t reader__held(const Reader *rd); /* the same of a reader's */
void cache__hold(Cache *c, size_t bytes); /* another limit than the usual one */
void cache__clear(Cache *c);
void cache__drop(Cache *c, StreamState *s);
void cache__trim(Cache *c); /* drops what is too much; pointers given out before become invalid */
/* Nothing was committed between two calls with the same epoch: what was compared once is not compared again. 0: always. */
void cache__epoch(Cache *c, int64_t epoch);
/* The state of a stream as of the journal that `db` sees. A stream without events has seq 0. NOT_FOUND
 * when no engine owns it. */
Code cache__state(Cx *cx, Cache *c, Db *db, Str stream, StreamState **out);
/* The same as of event `seq` of the stream. */
Code cache__upto(Cx *cx, Cache *c, Db *db, Str stream, int64_t seq, StreamState **out);
void cache__apply(StreamState *s, const Event *e);
/* Folds the events after s->seq up to and including `seq`. BROKEN when one is missing. */
Code cache__advance(Cx *cx, Db *db, StreamState *s, int64_t seq);
void cache__fold(Cache *c, StreamState *s, const Event *e); /* the same, and its new weight counts */

/* ---- verifying (verify.c) ----------------------------------------------------------------------- */

/* The first half of store_verify: the journal alone, without the signed heads. */
Code verify__chain(Cx *cx, const StoreOptions *o, VerifyReport *report, HashSuite *suite);

/* ---- files (blob.c) ----------------------------------------------------------------------------- */

void blob__sweep(Cx *cx, Str dir); /* removes what a crash left half written; only under the lock */
bool blob__sound(Cx *cx, Str path, Str hash); /* does the content still have its hash? */

/* In PostgreSQL files are in a table (files.c). All of these do nothing, or find nothing, for a directory. */
Code files__put(Cx *cx, Str store, Str path);            /* the local file goes there, durable; replaces */
Code files__add(Cx *cx, Str store, Str path, Str local); /* the same from another place, unless it is there */
Code files__get(Cx *cx, Str store, Str path);            /* a copy into the local directory; NOT_FOUND */
Code files__sync(Cx *cx, Str store, Str prefix);         /* copies of all below prefix that are missing or other here */

/* ---- vault (vault.c) ---------------------------------------------------------------------------- */

typedef struct VaultKey { uint8_t b[32]; } VaultKey;
Code vault__key(Cx *cx, Str dir, VaultKey *out);
Code vault__key_make(Cx *cx, Str dir);
Code vault__fits(Cx *cx, const Personal *p); /* LIMIT when it is too long */
Code vault__put(Cx *cx, Db *journal, const VaultKey *key, const Personal *p);
Code vault__get(Cx *cx, Db *journal, const VaultKey *key, Str ref, Str *value);
Code vault__live(Cx *cx, Db *journal, Str ref, bool *live);    /* is there something to read? */
Code vault__wipe(Cx *cx, Db *journal, Str ref, bool *wiped);   /* false: there was nothing any more */
Str vault__token(Arena *mem, const VaultKey *key, Str of); /* see reader_token */
bool vault__wiped(Str wrapped);                                /* all zeros: what an erased row holds */

/* ---- what events say of personal data (personal.c, erased.c) ------------------------------------- */

extern const char personal__schema[];
/* Rows of the table `personal` of the views: each reference that e names, and those that it erases. */
Code personal__note(Cx *cx, Db *views, const Event *e);
bool personal__may(Str body); /* false: the text of this body neither names nor erases a reference */
bool personal__names(const Json *body, Str ref); /* does it stand in the body, at any depth? */
/* The references that an event erases, one after the other; NULL at the end. `one` NULL: the first. */
const Json *personal__erased(const Json *body, const Json *one);
/* Erases in a journal what the list in the file `list` names, and keeps the list of it in `dir` until events say
 * so too: see erased_pending. */
Code vault__count(Cx *cx, Db *journal, int64_t *n); /* values that can be read */
Code erased__carry(Cx *cx, Str from, Str to); /* what events have yet to say, from a directory to a store */
Code erased__again(Cx *cx, Db *journal, Str dir, Str list, int64_t *count);

/* ---- executing (execute.c) ---------------------------------------------------------------------- */

typedef struct Taken { /* up to where the engines know what is in the journal, in what they keep beside the views */
  pthread_mutex_t lock;
  _Atomic int64_t pos;
} Taken;

/* Whether the views are behind what was answered (gate.c). Each connection of a reader of this process has it. */
struct Gate {
  _Atomic bool behind;     /* an act was answered that the views do not show */
  _Atomic bool read;       /* somebody has read views since the last batch */
  int eager;               /* of the writer: so many batches are shown before they are answered */
  _Atomic bool wanted;     /* somebody waits */
  pthread_t writer;
  pthread_mutex_t *lock;   /* of the queue */
  pthread_cond_t *wake;    /* the writer's */
  pthread_cond_t shown;
};
void gate__open(Gate *g, pthread_mutex_t *lock, pthread_cond_t *wake);
void gate__pass(Gate *g);   /* waits until the views show what was answered; a disk that does not answer is waited for 2 s */
bool gate__behind(Gate *g); /* may the answers leave before the views are committed? From then on whoever reads waits */
void gate__shown(Gate *g);
struct timespec gate__until(int64_t ms); /* from now on, for waiting */

/* Moves the logs of a directory's files into them, beside the writer (mover.c). */
typedef struct Mover Mover;
/* afloat: see boot.c. */
Code mover__open(Cx *cx, Str dir, Db *journal, Db *views, bool afloat, Mover **out);
void mover__close(Mover *m); /* before the writer's connections */
/* By the writer, outside of a transaction of the journal; views_between: and of the views. */
void mover__tell(Mover *m, bool views_between);
/* No pass is under way, and none begins until mover__unbar. Without `wait` false when one is under way. */
bool mover__bar(Mover *m, bool wait);
void mover__unbar(Mover *m);

typedef struct Writer {
  Db *journal, *views;     /* in PostgreSQL one connection */
  bool shared;             /* in PostgreSQL */
  Taken *taken;            /* only then */
  int64_t stood;           /* then: of the last event known to be committed */
  bool down;               /* then: waited for a connection in vain */
  const Engine *const *engines;
  size_t engine_count;
  Cache *cache;
  HashSuite suite;
  Leafer leafer;
  struct Appended *appended; /* events of the batch that are not in the journal yet (append.c) */
  size_t appended_count, appended_cap;
  Hasher *digests;         /* of what the keys of commands stand for: SHA-256 whatever the suite */
  int64_t epoch;           /* of the cache: another one when somebody else may have written */
  VaultKey key;
  int64_t pos;             /* of the last event appended, committed or not */
  bool pos_known;          /* false at the beginning and after a rollback */
  bool scrub;              /* personal data was erased, and old pages of it may still be in the log */
  bool open;               /* a transaction of the views is open; it may span several batches */
  _Atomic bool tired;             /* something was done since what is kept was last given back */
  bool missed;             /* what it had of earlier batches was taken back: the views must catch up before the next */
  int64_t durable, shown;  /* of the last event committed: in the journal, in the views */
  int batches;             /* committed since the views were */
  Gate *gate;
  _Atomic int64_t commits; /* odd from the commit of the journal to that of the views: then readers trust nothing they kept */
} Writer;
/* Several servers on one database (shared.c). */
/* INVALID when the database is set so that an answered act can be lost; warns of what is merely unwise. */
Code shared__check(Cx *cx, Db *db, bool say);
Code shared__open(Cx *cx, Writer *w, const StoreOptions *o);  /* the connection */
Code shared__views(Cx *cx, Writer *w, const StoreOptions *o); /* the views, alone among all who write */
Code shared__begin(Cx *cx, Writer *w);
Code shared__commit(Cx *cx, Writer *w);
/* CONFLICT when the database knows another key of the vault; the first one is written down. */
Code shared__key(Cx *cx, Db *db, const VaultKey *key);
/* After a batch that was lost: true when there is a connection to try it again on. Waits for one, at most 30 s; when
 * there was none the last time, only one try. */
bool shared__back(Writer *w);
/* Engines take in what others wrote up to a position that `db` sees; any thread. */
Code shared__take(Cx *cx, const Writer *w, Db *db, int64_t upto);
bool command__fits(const Command *c); /* arguments of not too many values */
Command command__keep(Arena *m, const Command *c); /* a copy with all that it points to (command.c) */
/* What can be said of a command before anything is read: which it is, whether it may be sent, its arguments, what its key stands
 * for. On any thread: the one who submits does it, not the writer. */
typedef struct Prepared {
  const Engine *engine;
  const CommandDecl *decl;
  const Json *args;        /* a canonical copy */
  Hash digest;
} Prepared;
/* digests: a hasher of the caller's, or NULL. depth: see writer__step. */
Code command__prepare(Cx *cx, const Engine *const *engines, size_t n, Hasher *digests, const Command *cmd, int depth, Prepared *out);
/* Runs one command inside the open transactions. Refusals have written nothing. *wrote is set before the
 * first write, so that a fault after it spoils the whole batch. */
Code writer__execute(Cx *cx, Writer *w, const Command *cmd, const Prepared *p, int depth, CommandResult *result, bool *wrote);
/* The same with preparing, at a depth: 0 is what somebody sent, more is a reaction. */
Code writer__step(Cx *cx, Writer *w, const Command *cmd, int depth, CommandResult *result, bool *wrote);
/* react.c: what other engines do about these events, inside the same transactions. */
enum { REACT_DEPTH_MAX = 4 };
Code react__run(Cx *cx, Writer *w, const Event *made, size_t n, int depth);
Code react__check(Cx *cx, const Engine *const *engines, size_t n); /* each reaction names a command of its engine */
/* append.c: events wait until the end of the batch, where their leaves are computed side by side. All texts of e, and body, its
 * canonical text, live until then; e->prev is set there. */
void append__add(Writer *w, StreamState *s, const Event *e, Str body);
Code append__all(Cx *cx, Writer *w); /* into the journal; nothing waits any more */
void append__forget(Writer *w);
Code writer__begin(Cx *cx, Writer *w);
/* The journal, durably; of a store in PostgreSQL the views with it. READONLY when it could not be. */
Code writer__commit(Cx *cx, Writer *w);
/* The views, between two batches. After a fault the events stand, but the views have missed them. */
Code writer__show(Cx *cx, Writer *w);
/* The views catch up with what a rollback took from them (views.c). */
Code writer__mend(Cx *cx, Writer *w, const StoreOptions *o);
void writer__rollback(Writer *w);

struct Decision {
  Arena *mem;
  struct { const char *kind; int version; const Json *body; } events[64];
  size_t count;
  const Json *answer;
};

/* figures.c */
typedef struct Figures {
  _Atomic int64_t commands, commit_us, batch[FIGURE_BATCHES + 1], commit[FIGURE_COMMITS + 1];
} Figures;
void figures__batch(Figures *f, int64_t commands);
void figures__commit(Figures *f, int64_t us);
int64_t runner__waiting(const Runner *r);

/* ---- the queue and its batches (runner.c, batch.c) ---------------------------------------------- */

typedef struct Task {
  struct Task *next;
  Arena *mem;              /* the command's copy and its result */
  Command cmd;
  RunnerDone *done;
  void *arg;
  Prepared prepared;
  Code refused;            /* before anything was read: then `result` says why */
  CommandResult result;
} Task;

struct Queue {
  pthread_mutex_t lock;
  pthread_cond_t filled;
  pthread_t thread;
  Task *first, *last;
  _Atomic size_t count; /* changed under the lock only */
  size_t max;
  bool brisk;           /* writer: the last command came soon after the one before */
  bool closing, readonly;
};

struct Runner {
  Arena *mem;
  StoreOptions o;
  Writer w;
  int lock_fd;
  Mover *mover;            /* NULL: the writer moves the logs itself; in PostgreSQL there are none */
  bool afloat;             /* its views are: boot.c */
  const CommandDecl **commands;
  size_t command_count;
  struct Queue *queue;
  Figures *figures;
};

void batch__run(Runner *r, Task *tasks); /* every task has its result */
void batch__readonly(Task *tasks);       /* the result of each, when nothing is written any more */
void batch__show(Runner *r);             /* the views, between two batches */
/* Field and clause may lie in a state that goes before the answer leaves. A code that cx knows nothing of is a fault of ours, and
 * still no "done". */
void batch__fault(CommandResult *r, Cx *cx, Code code);

#endif
