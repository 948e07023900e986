/* SPDX-License-Identifier: Apache-2.0 */
/*
 * beside.h: while views are built anew, a thread of its own writes rows that waited, as the one that projects goes on. Both use one connection and
 * take turns: a statement from its first step to its last, or one row with what it is told to, is one turn.
 */
#ifndef BESIDE_H
#define BESIDE_H

#include "journal/journal_int.h"

typedef struct Beside Beside;
typedef struct Waiting Waiting; /* rows.c: rows that wait */

Beside *beside__open(Db *db);  /* NULL: there can be no thread */
void beside__close(Beside *b); /* what it had not written is forgotten */
/* Waits until the thread has written what it was given; its fault, if it had one. */
Code beside__done(Cx *cx, Beside *b);
/* The same, then gives it *w and puts an empty one in its place. */
Code beside__write(Cx *cx, Beside *b, Waiting **w);

/* A turn on the connection; within one more may be taken. The writing thread lets the other one go first. */
void beside__take(Beside *b);
void beside__turn(Beside *b);  /* for a row that waited */
void beside__give(Beside *b);

Waiting *waiting__open(void);
void waiting__close(Waiting *w);
Code waiting__write(Cx *cx, Db *db, Waiting *w); /* and is empty then */

#endif
