/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages_write.h: whole tables written as pages behind the end of a file of SQLite that no connection has open. A row costs a tenth
 * of what an INSERT costs, for nothing is looked for: rows come in the order of their keys, each page is filled and written once.
 */
#ifndef PAGES_WRITE_H
#define PAGES_WRITE_H

#include "journal/journal_int.h"

/* ---- rows as records ----------------------------------------------------------------------------- */

enum { RECORD_COLUMNS = 32, RECORD_ROOM = 9 }; /* room: the most that a head, a type or a number takes */
/* The record of a row, its values in the order of the table's columns, its key first; kinds as in Sql.in. `to` has record__most bytes. */
size_t record__most(const Val *vals, size_t n);
size_t record__put(uint8_t *to, const char *kinds, const Val *vals, size_t n);
/* The first n values as bytes that stand in SQLite's order, which is BINARY for texts; no value is NULL. */
size_t record__key_most(const Val *vals, size_t n);
size_t record__key(uint8_t *to, const Val *vals, size_t n);

/* ---- tables -------------------------------------------------------------------------------------- */

typedef struct PagesFile PagesFile;
/* BROKEN: not a file of SQLite, or one whose pages cannot be added to from outside (with a map of pointers, or with a log). */
Code pages_file__open(Cx *cx, Str path, PagesFile **out);
/* The table WITHOUT ROWID whose root is this page, empty so far. One at a time. */
Code pages_file__table(Cx *cx, PagesFile *f, uint32_t root);
/* Records in the order of their keys, each once. */
Code pages_file__row(Cx *cx, PagesFile *f, const uint8_t *record, size_t len);
Code pages_file__table_end(Cx *cx, PagesFile *f);
/* Nothing of it counts before: the head of the file says last how many pages there are. */
Code pages_file__end(Cx *cx, PagesFile *f);
void pages_file__close(PagesFile *f);
void pages_file__close_p(PagesFile **f);

#endif
