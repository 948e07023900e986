/* SPDX-License-Identifier: Apache-2.0 */
/* lines: what backup, export and import share. */
#ifndef JOURNAL_LINES_H
#define JOURNAL_LINES_H

#include "journal/journal_int.h"

#include <stdio.h>

enum { LINE_MAX_BYTES = 3 * EVENT_MAX };

/* A file of lines; its last line says the hash (SM3) of all before it. "-" is standard output. Appears whole. */
typedef struct LinesOut {
  FILE *f;
  Hasher *hasher;
  int64_t count;
  Str path, temp;
} LinesOut;
Code lines__create(Cx *cx, Str path, LinesOut *out);
Code lines__put(Cx *cx, LinesOut *out, Str line);
Str lines__hash(Arena *mem, LinesOut *out); /* once, before the last line */
Code lines__finish(Cx *cx, LinesOut *out, Str last);
void lines__drop_out(LinesOut *out);

typedef struct LinesIn {
  FILE *f;
  Hasher *hasher;
  int64_t number;
  Str path;
  char *line;
  size_t cap;
} LinesIn;
Code lines__open(Cx *cx, Str path, LinesIn *in);
Code lines__next(Cx *cx, LinesIn *in, Str *line);             /* borrowed until the next; the end is INVALID */
Code lines__json(Cx *cx, LinesIn *in, Str line, Json **out);  /* only canonical objects */
Code lines__bad(Cx *cx, const LinesIn *in, const char *what); /* INVALID with path and number */
void lines__take(LinesIn *in, Str line);                      /* a line that the hash covers */
Code lines__close(Cx *cx, LinesIn *in, Str hash);             /* at the last line */
void lines__drop_in(LinesIn *in);

/* A directory that is filled under another name, NAME.unfinished, and renamed when it is whole. */
typedef struct Stage {
  Str final, temp;
  int fd; /* holds the lock */
} Stage;
Code stage__open(Cx *cx, Str final, Stage *s); /* CONFLICT when it exists and is not empty */
Code stage__finish(Cx *cx, Stage *s);
void stage__drop(Stage *s);

typedef struct FileSum {
  Hash hash; /* SM3 */
  int64_t size;
} FileSum;
Code file__sum(Cx *cx, Str path, FileSum *sum);
Code file__copy(Cx *cx, Str from, Str to, FileSum *sum); /* durable but for the name; NOT_FOUND */
Code file__link(Cx *cx, Str from, Str to, FileSum *sum); /* a second name when the file system allows, else a copy */

/* A backup under way (backup.c), and what of it concerns PostgreSQL (backup_pg.c). */
typedef struct Copy {
  const StoreOptions *o;
  Str from, to;     /* directories; from may be a store in PostgreSQL */
  LinesOut *out;    /* the manifest when backing up */
  Db *db;           /* PostgreSQL: a snapshot when backing up, a transaction when files go in */
  BackupReport *report;
} Copy;
Code backup__listed(Cx *cx, Copy *c, Str name, const FileSum *sum); /* a line of the manifest */
bool backup__name_fits(Str name);                                   /* of a file that a backup may have */
/* Of a checkpoint that speaks of events which this copy of the journal does not have, of what can be made again. */
bool backup__left_out(const Copy *c, Str folder, Str name);
typedef Code BackupEach(Cx *cx, Copy *c, Str folder, Str name);
Code backup__folder_each(Cx *cx, Copy *c, Str folder, BackupEach *each); /* below c->from, by name */

Code backup__rows(Cx *cx, Str from, Str to);                        /* a file of SQLite, packed */
/* The journal as SQLite's file `path`, from one snapshot; c->db stays open in it. */
Code backup__rows_out(Cx *cx, Copy *c, Str path);
/* The files of the table, in that snapshot. */
Code backup__files_out(Cx *cx, Copy *c);
/* Files in the directory `from` that the table does not have; BROKEN when a blob has not the content of its name. */
Code backup__files_in(Cx *cx, Str from, Db *db);
/* CONFLICT when there is a vault.key, and it is not that of the rows in the vault. */
Code backup__key_fits(Cx *cx, Str store, Db *db);
/* The store in the directory `from`, which was accepted, into the empty database o->dir: all or nothing. */
Code backup__into(Cx *cx, const StoreOptions *o, Str from);

#endif
