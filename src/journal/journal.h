/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal: the truth. Everything that happens is an event in an append-only, hashed journal; tables for
 * lists and searches are projections 投影 that can be thrown away and rebuilt. SQLite and PostgreSQL live only here.
 *
 * A store is named by one text, called `dir` or `store` below: a directory, or the address of a database in PostgreSQL
 * and behind # a directory of its server's own, "postgresql:///yichuang?host=/run/postgresql#var" (store_address makes
 * it). In PostgreSQL journal.db and views.db are the schemas journal and views of one database, and what lies in files
 * lies in a table as well; the directory holds vault.key and copies. Several servers may use one database.
 *
 * A directory has:
 *   journal.db   events, idempotency keys, vault; WAL, synchronous=FULL; one write connection
 *   views.db     projections, the due queue and the position they stand at; WAL, without a call for the disk while a runner
 *                has them: after a crash of the process they are behind the journal, never ahead, and catch up when opened; after
 *                one of the machine they are made anew
 *   views.boot   there while that is so: under which boot of the machine, and for which file
 *   blobs/       files by hash: blobs/ab/abcd…; written temp, fsync, rename, fsync of the directory
 *   vault.key    the key of the vault (0600); without it personal data cannot be read
 *   lock         held by the one process that writes
 *   reserve      room that is given up when the disk is full, so that readonly.log can say since when and why
 *
 * The way of a command: runner_submit → queue → writer thread: begin; for each command of the batch
 * (at most 64): key seen before → the same answer; state = fold(stream), cached; decide → events or a
 * refusal; project. At the end of the batch its events go into the journal: one commit (fsync), then the answers. The
 * views are committed before the answers or a few milliseconds later; who reads waits for it. A refused command leaves no trace: it is refused before the first write. One that fails while it
 * writes takes its batch back with it; the others are then done one by one.
 * When the views alone cannot be written, the acts stand and are answered so; the store stops writing and
 * catches up when opened.
 *
 * Errors used here: INVALID (an argument breaks its declaration), CONFLICT, NOT_FOUND, DENIED (from
 * decide), BUSY (the queue is full: try again), READONLY (an fsync or write failed: the store has
 * stopped writing until restart), BROKEN (the store is damaged or a projection is wrong).
 */
#ifndef JOURNAL_H
#define JOURNAL_H

#include "base/base.h"

/* ---- events ------------------------------------------------------------------------------------- */

typedef struct Actor {     /* who acts; written into each event as it was at that time */
  Str id;                  /* account, e.g. "wang"; "system" for the timer */
  Str name;                /* 王某 */
  Str unit;                /* unit code, or empty */
  uint32_t roles;          /* bits of org.h; not written */
  Str behalf;              /* the principal when an agent 代办员 acts, or empty */
} Actor;

typedef struct Event {
  int64_t pos;             /* 1, 2, 3 … without gaps over the whole journal */
  Str stream;              /* "project/1" */
  int64_t seq;             /* 1, 2, 3 … within the stream */
  Str kind;                /* "stage.accepted" */
  int version;             /* of the kind's body */
  int64_t happened;        /* ms; when it happened */
  int64_t recorded;        /* ms; when it was entered: differs when somebody enters it late */
  Str actor, actor_name, unit, behalf;
  Str command;             /* idempotency key of the command that made it */
  const Json *body;
  Hash prev;               /* leaf of the previous event of the stream; zero for the first */
  Hash leaf;               /* H(0x00 ‖ canonical JSON of all the above, prev in hex) */
} Event;

typedef struct Events {
  const Event *list;
  size_t count;
} Events;

/* The canonical text whose hash is the leaf: {"actor":…,"behalf":…,"body":{…},"command":…,…}. */
Str event_text(Arena *mem, const Event *e);

/* ---- commands ----------------------------------------------------------------------------------- */

/* One definition: the form, the API, the validation, the OpenAPI document and the permission matrix come
 * from it. */
typedef enum ArgType {
  ARG_UNSET,
  ARG_TEXT,   /* one line; trimmed, NFC, no control or bidi characters */
  ARG_LONG,   /* several lines */
  ARG_INT,
  ARG_BOOL,
  ARG_DAY,    /* 2019-06-28 */
  ARG_CHOICE, /* one of `choices`, separated by '|' */
  ARG_CODE,   /* [A-Za-z0-9._/-]+ */
  ARG_OBJECT, /* free fields, checked by decide (stage forms) */
  ARG_LIST,   /* list of strings or objects, checked by decide */
  ARG__MAX
} ArgType;

typedef struct Arg {
  const char *name, *label, *hint; /* label and hint in Chinese */
  ArgType type;
  bool required;
  int64_t min, max;                /* characters of a text (0 max = 200), value of an INT, entries */
  const char *choices;
} Arg;

typedef struct Ask Ask;
typedef struct Decision Decision;

typedef struct CommandDecl {
  const char *name;      /* "item.decide" */
  const char *label;     /* 决定 */
  const char *help;      /* one sentence for the API document */
  uint32_t allow;        /* roles that may send it; 0 is refused at start-up */
  bool creates;          /* opens a new stream */
  const Arg *args;
  size_t arg_count;
  Code (*decide)(Cx *cx, const Ask *ask, Decision *d);
} CommandDecl;

/* Personal data 个人信息 goes into the vault, not into events: a body names it by a reference, which begins with "v1."
 * and is drawn at random. A value that no event of the command names is not kept. Two rules over bodies, in every
 * engine, as "blob" names files:
 *   a reference belongs to the stream of the first event that named it (a row of `personal` in the views);
 *   the list "erased" at the top of a body names references whose values the vault loses in the same transaction. */
typedef struct Personal { Str ref, kind, value; } Personal;
#define PERSONAL_MARK "v1."
Str personal_ref(Arena *mem); /* a new one */

typedef struct Command {
  Str name;
  Str stream;            /* empty for a command that creates */
  Str key;               /* idempotency key, 8..80 characters [A-Za-z0-9_-]; never empty */
  Actor actor;
  int64_t now;           /* ms: recorded; and happened unless the next is set */
  int64_t happened;      /* 0 = now; never after now: up to 2 s later counts as now, more is INVALID */
  const Json *args;      /* object, validated against the declaration by the runner */
  const Personal *personal;
  size_t personal_count;
} Command;

struct Ask {
  const Command *cmd;
  const CommandDecl *decl;
  const void *state;     /* folded state of the stream, NULL when it is new */
  int64_t seq;           /* last seq of the stream, 0 when new */
  int64_t happened, now;
  const Json *facts;     /* what the engine's facts() read in this transaction, or NULL */
  const void *env;       /* the engine's environment (e.g. the policies) */
};

/* Adds an event; body may be NULL for {}. The first may only be refused, not the second: nothing is
 * appended when decide returns a fault. */
void decision_emit(Decision *d, const char *kind, int version, const Json *body);
Arena *decision_mem(Decision *d);           /* memory for bodies and answers */
void decision_answer(Decision *d, const Json *answer); /* given back to the caller, e.g. a receipt number */
/* Which events were emitted so far, newest last; for decide functions that build on each other. */
size_t decision_count(const Decision *d);

typedef struct CommandResult {
  Code code;
  Str detail, field, clause; /* on refusal */
  Str stream;
  int64_t seq, pos;          /* of the last event; 0 when none */
  const Json *answer;
  bool repeated;             /* the key was seen before: this is the first answer again */
} CommandResult;

/* Checks args against a declaration: unknown field, missing, wrong type, length, characters. *clean is a
 * canonical copy in cx->mem. INVALID with cx->field. Also used by forms before they submit. */
Code command_check(Cx *cx, const CommandDecl *d, const Json *args, Json **clean);
/* The same of each declared argument on its own, for forms that show all mistakes at once: [{"field","text"}] in the order of the
 * declaration, empty when none is wrong. */
Json *command_faults(Arena *mem, const CommandDecl *d, const Json *args);

/* ---- SQL: constant texts, typed values ------------------------------------------------------------ */

typedef struct Sql {
  const char *name;  /* "project.by-number": shows in logs */
  const char *in;    /* kinds of ?1 ?2 …: i int64, s text, b bytes, S text or NULL when empty */
  const char *out;   /* kinds of the columns: i, s, b */
  const char *text;  /* never built from input */
} Sql;

typedef struct Val { char kind; int64_t i; Str s; } Val;
static inline Val val_i(int64_t i) { return (Val){.kind = 'i', .i = i}; }
static inline Val val_s(Str s) { return (Val){.kind = 's', .s = s}; }
#define VALS(...) (const Val[]){__VA_ARGS__}, sizeof((const Val[]){__VA_ARGS__}) / sizeof(Val)
#define NO_VALS NULL, 0

typedef struct Db Db;     /* one connection; statements are prepared once and kept */
typedef struct Rows Rows;
Code db_run(Cx *cx, Db *db, const Sql *q, const Val *vals, size_t n);
Code db_rows(Cx *cx, Db *db, const Sql *q, const Val *vals, size_t n, Rows **out);
bool rows_next(Rows *r);
int64_t row_i(const Rows *r, int col);
Str row_s(Cx *cx, const Rows *r, int col); /* copied into cx->mem */
Code rows_end(Cx *cx, Rows *r);            /* after the last row: end, or a fault of the store? */
void rows_drop(Rows **r);                  /* for SCOPED: SCOPED(rows_drop) Rows *r = NULL; */
/* First row's first column; `dflt` when there is none. */
Code db_int(Cx *cx, Db *db, const Sql *q, const Val *vals, size_t n, int64_t dflt, int64_t *out);

/* A table of a projection whose rows are put whole: the first `keys` values are the primary key, `put` writes all columns
 * whether the row is there or not, `drop` (may be empty) takes the keys, or the first of them and then all rows below. While views are built anew such rows wait in memory and only the
 * last of each key is written. What is asked of such a table meanwhile does not see them: table_settle writes those
 * of one first key before. See also Engine.alone. */
enum { ROWS_TOGETHER = 256 };
typedef struct RowTable {
  int keys;              /* how many; | ROWS_TOGETHER when rows of one first key are settled, or dropped by fewer keys: few rows have it */
  Sql put, drop;
} RowTable;
/* keys | ROWS_APART: no project() reads the table, and nothing drops or changes a row that is there. While views are built from their beginning its
 * rows go to the file without SQLite (apart.h), if no index hangs on it. | ROWS_STAY: a row that is there stays as it is. */
enum { ROWS_APART = 1024, ROWS_STAY = 2048 };
/* The same, told of each row before it is written, at once or later: what its table has of that key is still the row before. keys | ROWS_TOLD. */
enum { ROWS_TOLD = 512 };
typedef struct ToldTable {
  RowTable table;
  Code (*before)(Cx *cx, Db *views, const Val *row);
} ToldTable;
Code table_put(Cx *cx, Db *views, const RowTable *t, const Val *vals, size_t n);
Code table_drop(Cx *cx, Db *views, const RowTable *t, const Val *keys, size_t n);
bool tables_wait(const Db *views); /* then every row must be put whole, not updated in part */
Code table_settle(Cx *cx, Db *views, const RowTable *t, Val first); /* while no Rows of this connection are open */

/* Sums that a projection keeps beside its rows, by a text and two numbers: `add` takes the key and what is added to the two sums, whether the
 * row is there or not; `trim`, without parameters, removes rows that came to nothing. What is added waits until the transaction is
 * committed, and is forgotten when it is rolled back; until then the table does not have it. */
enum { ADD_KEYS = 3, ADD_SUMS = 2 };
typedef struct AddTable { Sql add, trim; } AddTable;
Code table_add(Cx *cx, Db *views, const AddTable *t, Str first, const int64_t rest[ADD_KEYS - 1], const int64_t by[ADD_SUMS]);

/* For small questions that every act asks (one column, at most one parameter, an integer): a writing connection
 * remembers the answer until db_forget. Whoever changes the tables that are asked calls db_forget behind it; what is
 * rolled back, or written by another server, makes the journal call it. Other connections ask each time. */
Code db_int_kept(Cx *cx, Db *db, const Sql *q, int64_t arg, int64_t dflt, int64_t *out);
Code db_str_kept(Cx *cx, Db *db, const Sql *q, int64_t arg, Str *out); /* empty when there is none */
/* Is this the first time since then that `q` is run with `text`? For rows that only need to be there. */
bool db_first(Db *db, const Sql *q, Str text);
void db_forget(Db *db);

/* ---- engines -------------------------------------------------------------------------------------- */

/* A reaction 联动: an engine's own command that follows an event of another engine, which it knows by name only.
 *   - It is sent as `system`, with exactly the roles of its declaration, at the time of the cause, inside the
 *     transaction of the cause: both are in the journal, or neither.
 *   - Its key is made of the cause, "project/7#12>reserve.convert>reserve/3" (one that creates has
 *     its number, 1, 2 … in place of a stream), so the journal names the cause, nobody
 *     else can send it; it is done when its cause is. One reaction for each event and command, once for each stream.
 *   - Refused, it leaves no trace but a line in the log, and the act that caused it stands. With `required` the act is
 *     refused instead, with the words of the reaction (it has written by then, so its batch is done again one by one:
 *     what can be seen beforehand belongs into the decide function of the act).
 *   - BROKEN, BUSY and READONLY are no refusals: the act fails with them, required or not.
 *   - Reactions may cause reactions, at most REACT_DEPTH_MAX (4) deep; a deeper one counts as refused.
 *   - A replay does not send them again: their events are in the journal. */
typedef struct Follow { Str stream; const Json *args; } Follow; /* stream empty: a command that creates */
enum { FOLLOW_MAX = 8 };
typedef struct Reaction {
  const char *event;     /* "stage.delivered" */
  const char *command;   /* one of the same engine, allowed to the system's role only */
  bool required;
  /* To which streams, with which arguments; *n = 0: nothing to do. The views include the event. Reads only. */
  Code (*aim)(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n);
} Reaction;

/* An engine folds events into a state and decides commands into events; it does no I/O. */
typedef struct Engine {
  const char *prefix;    /* "project": owns the streams "project/…" and the kinds it emits */
  /* state after e; state is NULL before the first event. May change state in place; memory from `mem`,
   * which lives as long as the state. Unknown kinds are ignored. */
  void *(*fold)(Arena *mem, void *state, const Event *e);
  const CommandDecl *commands;
  size_t command_count;
  const Reaction *reactions;
  size_t reaction_count;
  /* name of a new stream for a command that creates; reads what it needs from views */
  Code (*open)(Cx *cx, Db *views, const Command *cmd, Str *stream);
  /* reads what decide() needs beyond the stream; may be NULL */
  Code (*facts)(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts);
  /* the same with env, for what has to be worked out by a package before it is a fact; instead of facts */
  Code (*look)(Cx *cx, Db *views, const Command *cmd, const void *state, const void *env, const Json **facts);
  const char *schema;    /* CREATE TABLE … of its projections in views.db; tables have primary keys */
  /* brings the projections up to date with e; state already includes e */
  Code (*project)(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
  /* project() neither reads nor writes tables of other engines, and what it reads of its own it does not table_put
   * (or settles first). Otherwise all rows that wait are written before each of its events. */
  bool alone;
  /* Indexes of `schema`, each name between spaces, that no project() looks into; NULL: none. When views are built from their beginning they
   * are made last. */
  const char *late_indexes;
  /* when views are opened, before they catch up: what the engine keeps in memory beside them; may be NULL */
  Code (*ready)(Cx *cx, Db *views, const void *env);
  const void *env;       /* handed to decide, project and ready */
} Engine;

/* The due queue 到期队列, a projection: which command the timer sends when. For use in project(). */
Code due_set(Cx *cx, Db *views, Str stream, Str name, int64_t at, const Json *args);
Code due_clear(Cx *cx, Db *views, Str stream, Str name);
typedef struct Due { Str stream, name; int64_t at; const Json *args; } Due;

/* ---- the store and its writer --------------------------------------------------------------------- */

typedef struct StoreOptions {
  Str dir;
  const Engine *const *engines;
  size_t engine_count;
  size_t queue_max;      /* commands waiting; 0 = 4096 */
  size_t batch_max;      /* commands in one commit; 0 = 64 */
  int64_t rest_ms;       /* quiet after which the writer gives back what it kept; 0 = REST_MS */
  Str erased;            /* a list of erasures (erased_list), for restoring and importing; empty: none */
  void (*progress)(void *arg, const char *what, int64_t done, int64_t total); /* may be NULL */
  void *progress_arg;
} StoreOptions;

/* The text that names a store: `place` is a directory, or postgresql://…, which needs `files`: a directory of this
 * server's own. */
Str store_address(Arena *mem, Str place, Str files);
Str store_files(Arena *mem, Str store); /* the directory in which this process finds and puts the files of the store */
Str store_shown(Arena *mem, Str store); /* for messages: without password, and without the directory behind # */
bool store_shared(Str store);           /* in PostgreSQL: other servers may write too */
Code store_exists(Cx *cx, Str store);   /* NOT_FOUND, with what to do next, when there is none; BUSY: no connection */

/* Makes a new, empty store; CONFLICT when the directory already holds one (one whose making was interrupted
 * does not count). `labels` (an object of
 * strings) is kept in it: who made it, which package, whether it is a demonstration. */
Code store_make(Cx *cx, Str dir, HashSuite suite, const Json *labels);
Code store_labels(Cx *cx, Str dir, Json **labels); /* NOT_FOUND when there is no store */

typedef struct Runner Runner; /* the open store with its writer thread */
/* Takes the lock (BUSY when another process holds it), removes half-written uploads, catches the views up
 * (builds them anew when they are missing, damaged or of another schema), starts the writer. */
Code runner_open(Cx *cx, const StoreOptions *o, Runner **out);
void runner_close(Runner *r); /* finishes what is queued */
void runner_close_p(Runner **r);

/* Queues a copy of cmd. `done` is called exactly once, on the writer's thread, after the commit; the
 * result lives only during the call. A full queue calls done at once with BUSY, args of more than 50 000
 * values with LIMIT. */
typedef void RunnerDone(void *arg, const CommandResult *result);
void runner_submit(Runner *r, const Command *cmd, RunnerDone *done, void *arg);
/* The same, waiting; the result is copied into cx->mem. Returns the result's code with cx filled. */
Code runner_run(Cx *cx, Runner *r, const Command *cmd, CommandResult *out);

const CommandDecl *runner_command(const Runner *r, Str name); /* NULL when unknown */
size_t runner_commands(const Runner *r, const CommandDecl *const **list); /* in engine order */
bool runner_readonly(const Runner *r);
/* What the writer counts since it was opened; any thread. Buckets hold what is at most figure_…_upto[i] and more than the one
 * before; the last one what is more than all. */
enum { FIGURE_BATCHES = 7, FIGURE_COMMITS = 12 };
extern const int64_t figure_batch_upto[FIGURE_BATCHES], figure_commit_upto[FIGURE_COMMITS]; /* commands; microseconds */
typedef struct RunnerFigures {
  int64_t waiting;                     /* commands in the queue now */
  int64_t commands;                    /* taken out of it, refused ones included */
  int64_t batch[FIGURE_BATCHES + 1];   /* batches by how many commands they held */
  int64_t commit[FIGURE_COMMITS + 1];  /* commits of the journal by how long they took, fsync and all */
  int64_t commit_us;                   /* all of them together */
  int64_t journal_bytes, log_bytes, views_bytes; /* files of the store, log_bytes: what is not yet in journal.db; 0 in PostgreSQL */
  bool readonly;
} RunnerFigures;
void runner_figures(const Runner *r, RunnerFigures *out);
/* What is due at `now`, oldest first, at most `max`. */
typedef struct Reader Reader;
Code reader_due(Cx *cx, Reader *rd, int64_t now, size_t max, Due **out, size_t *n);

/* ---- reading -------------------------------------------------------------------------------------- */

/* A reader belongs to one thread. Connections are read-only. Its views show all that was answered before it asks. */
Code reader_open(Cx *cx, const Runner *r, Reader **out);
/* The same without a runner and without the lock: works beside a running server. `o` must outlive the
 * reader. What it finds in the views may be some milliseconds older than the last answer. It has no key of the vault: reader_vault is DENIED. NOT_FOUND when there is no store; BUSY when
 * its views were made by another version of the program. */
Code reader_open_dir(Cx *cx, const StoreOptions *o, Reader **out);
void reader_close(Reader *rd);
void reader_close_p(Reader **rd);
Db *reader_views(Reader *rd);
void reader_begin(Reader *rd); /* start of a request: states given out before may now be dropped */
/* A reader keeps 128 MB of folded states and 64 MB of pages at most, to answer faster. reader_rest gives them back, and all that the threads of the
 * process have freed: after REST_MS without a question (the writer does so by itself). States given out before are dropped. reader_hold: so many bytes
 * of states at most, for one who asks for each stream once. reader_idle: no rows are open, which would hold what they read as it was. */
enum { REST_MS = 60000 };
void reader_rest(Reader *rd);
bool reader_idle(const Reader *rd);
/* For a thread that looks every second: rests the reader once REST_MS have gone by since a round `worked`, and once after it was opened. */
void reader_round(Reader *rd, bool worked);
void reader_hold(Reader *rd, size_t bytes);
/* The folded state of a stream (cached by last seq; least recently used dropped); NOT_FOUND when it has
 * no events. Borrowed until the next reader_begin. */
Code reader_state(Cx *cx, Reader *rd, Str stream, const void **state, int64_t *seq);
Code reader_events(Cx *cx, Reader *rd, Str stream, int64_t after_seq, size_t max, Events *out);
Code reader_position(Cx *cx, Reader *rd, int64_t *pos); /* the last event that the views show */
Code reader_journal(Cx *cx, Reader *rd, int64_t after_pos, size_t max, Events *out); /* all streams */
Code reader_vault(Cx *cx, Reader *rd, Str ref, Str *value); /* NOT_FOUND when erased */
/* A secret that belongs to `of` in this store: 26 letters and digits, the same each time and on each server, made from the key
 * of the vault. It stands nowhere, and nobody without the key can tell it. DENIED without the key, as reader_vault. */
Code reader_token(Cx *cx, Reader *rd, Str of, Str *out);
/* The states of all streams of one engine (prefix "project"; empty: of all engines), each folded whole as of one moment, in the order in which the
 * streams began. `seen` is called on the thread that asks; stream and state live during the call. For one who asks for all of them: several times as fast as
 * reader_state for each, and it keeps nothing. Memory: 12 bytes an event, some 60 a stream. What seen returns other than OK ends it, and is returned. */
typedef Code StreamFolded(Cx *cx, void *arg, Str stream, const void *state, int64_t seq);
Code streams_fold(Cx *cx, const StoreOptions *o, Str prefix, StreamFolded *seen, void *arg);
Code reader_fold(Cx *cx, Reader *rd, Str prefix, StreamFolded *seen, void *arg); /* of the store that rd reads */
/* What is known of references, from the views: never a value. Of a stream: by time, then by reference. */
typedef struct PersonalRef {
  Str ref, stream, name;   /* name: the key under which it first stood in a body */
  int64_t since, erased;   /* ms; erased 0: still there */
} PersonalRef;
Code personal_of(Cx *cx, Db *views, Str stream, PersonalRef **out, size_t *n);
Code personal_one(Cx *cx, Db *views, Str ref, PersonalRef *out); /* NOT_FOUND: no event names it */
/* Sums over the views: `count` is asked once, and its numbers are kept by this reader until a commit may have
 * changed them. They are never older than the last command that was answered. */
enum { READER_SUMS = 8 };
typedef Code ReaderCount(Cx *cx, Reader *rd, const void *arg, int64_t out[READER_SUMS]);
Code reader_sums(Cx *cx, Reader *rd, Str key, ReaderCount *count, const void *arg, int64_t out[READER_SUMS]);

/* ---- files ---------------------------------------------------------------------------------------- */

typedef struct Blob Blob; /* a file being written */
Code blob_open(Cx *cx, Str dir, int64_t max, Blob **out);          /* dir: the store */
Code blob_add(Cx *cx, Blob *b, const void *p, size_t n);           /* LIMIT beyond max, READONLY on disk */
Code blob_finish(Cx *cx, Blob *b, Str *hash, int64_t *size);       /* durable on return; SM3 hex */
void blob_drop(Blob **b);                                          /* for SCOPED; removes an unfinished one */
Code blob_path(Cx *cx, Str dir, Str hash, Str *path);              /* NOT_FOUND when absent; hash is checked */

/* In PostgreSQL the files of a store lie in a table; a directory has copies. Nothing to do for a store that is a
 * directory. Paths are relative to the store, "policies/v2/items.yaml". */
Code store_files_fetch(Cx *cx, Str store, Str prefix); /* copies of all below prefix that are missing or other here */
Code store_folder_send(Cx *cx, Str store, Str folder, Str last); /* its files go there, `last` at the end: it says that all are there */

/* ---- proof ---------------------------------------------------------------------------------------- */

typedef struct VerifyReport {
  int64_t events, streams, blobs;
  int64_t heads, signed_upto; /* checkpoints that were recomputed and fit; the last event under one of them */
  bool chain_ok, views_ok;
  Str fault;      /* first fault, in Chinese: position, stream, day, what differs */
} VerifyReport;
/* Reads the whole journal: positions without gaps, sequence and prev per stream, leaf of each event; the
 * blobs that events name exist and have their hash (events name blobs under the key "blob"); then folds
 * everything into a fresh views file and compares every table row by row with views.db. Works beside a
 * running server (snapshot). Returns OK with the report also when faults were found. */
Code store_verify(Cx *cx, const StoreOptions *o, VerifyReport *report);
/* The same of the store that is open, beside its writer; takes seconds, so never on a loop. */
Code runner_verify(Cx *cx, const Runner *r, VerifyReport *report);
/* Builds views anew from the journal and puts them in place. The store must not be open. */
Code store_rebuild(Cx *cx, const StoreOptions *o, int64_t *events);

/* The last `last` events and how far everything is; beside a running server, in milliseconds. OK also when a fault was found. */
typedef struct StoreLook {
  int64_t events, views, looked; /* positions; how many events were hashed again */
  int64_t last_recorded;         /* ms; of the last event, 0 when there is none */
  int64_t log_bytes;             /* what is not yet in journal.db; 0 in PostgreSQL */
  Str fault;                     /* in Chinese, of the first that is wrong; empty: none */
} StoreLook;
Code store_look(Cx *cx, Str dir, int64_t last, StoreLook *out);

/* ---- copies --------------------------------------------------------------------------------------- */

typedef struct BackupReport {
  int64_t events; /* the position of the journal that the copy stands at */
  int64_t files, bytes;
  bool key;       /* the key of the vault is in it */
  int64_t personal, erased; /* restored: values in the vault, and those of them that StoreOptions.erased took out */
} BackupReport;
/* A consistent copy in the new directory `to`, also while a server writes. BROKEN names a file that is damaged. */
Code store_backup(Cx *cx, Str dir, Str to, bool with_key, BackupReport *report);
/* When a backup was made (ms) and up to which event; with `files` each file against the manifest too, and the manifest itself. BROKEN names
 * the file that is damaged, NOT_FOUND: no backup. */
Code store_backup_check(Cx *cx, Str from, bool files, int64_t *made, BackupReport *report);
/* A store in the new directory o->dir from a backup: each file is compared with the manifest, the views are built
 * anew, everything is verified; only then does the directory appear. BROKEN names the file that is damaged. Into PostgreSQL:
 * an empty database, in one transaction after all that; its views are made at the first start. */
Code store_restore(Cx *cx, const StoreOptions *o, Str from, BackupReport *report);

typedef struct ExportReport {
  int64_t events, done, vault;
  Str hash;       /* SM3 of all lines before the last */
  bool key;       /* the store has a key of its vault */
} ExportReport;
/* The whole journal as JSON lines into `path` ("-": standard output), also while a server writes. Without
 * `personal` the rows of the vault, which are encrypted, stay behind. */
Code store_export(Cx *cx, Str dir, Str path, bool personal, ExportReport *report);
/* A store in the new directory, or the empty database, `dir` from such lines; INVALID names the line that was changed. Files and packages are
 * not in it, and neither is the key of a vault that has rows; the views are built when it is opened. */
Code store_import(Cx *cx, Str dir, Str path, ExportReport *report);
/* ---- erasures over backups ------------------------------------------------------------------------- */

/* A backup that was made before an erasure still holds what was erased, and its journal does not know. So the list of all
 * erasures is kept outside of the store, as the witness keeps the checkpoint: references only, each with the event that
 * erased it. Restoring with the list erases them again, before anything can be read. */
typedef struct ErasedReport {
  int64_t total, added; /* lines of the list; those that were not in it */
  Str hash;             /* SM3 of all lines before the last */
} ErasedReport;
/* Brings the list at `path` up to date with the journal in `dir` (a store or a backup); lines that are there stay. INVALID
 * when the file is no such list, or was changed. Works beside a running server. */
Code erased_list(Cx *cx, Str dir, Str path, ErasedReport *report);
/* The same over a store that is there: one made from an older backup or export. It must not be open. */
Code erased_again(Cx *cx, Str dir, Str list, int64_t *count);
/* What was erased again when the store was restored, and no event of its journal says so yet: [{"at","leaf","list","pos",
 * "ref","stream"}] with stream, position, leaf and time of the event of the lost journal, "list" the hash of the list.
 * Empty when there is none; settled once events say so. */
Code erased_pending(Cx *cx, Str dir, Json **out);
Code erased_settled(Cx *cx, Str dir);

/* Brings the log of each file into it and packs the views; no row of the journal goes. The store must not be open, and
 * must be a directory (INVALID). */
Code store_compact(Cx *cx, Str dir, int64_t *before, int64_t *after);

#endif
