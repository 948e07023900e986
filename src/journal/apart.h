/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apart.h: rows of tables that nobody reads while views are built (ROWS_APART). They do not go through SQLite: sorted (sorted.c), they are
 * written as pages of the file when the connection that built the rest is closed (pages_write.c).
 */
#ifndef APART_H
#define APART_H

#include "journal/journal_int.h"

typedef struct Apart Apart;
Apart *apart__open(Str path); /* of the views that are built */
void apart__close(Apart *a);
void apart__close_p(Apart **a);
/* *taken false: this table is not one whose pages we could write (it has an index, say); the row goes the usual way. */
Code apart__put(Cx *cx, Db *views, Apart *a, const RowTable *t, const Val *vals, size_t n, bool *taken);
void apart__end(Apart *a); /* no row comes any more: they are sorted by a thread, until apart__write or apart__close */
Code apart__write(Cx *cx, Apart *a);
void rows__apart(Db *views, Apart *a); /* from now on such rows go to a, which outlives the connection (rows.c) */

#endif
