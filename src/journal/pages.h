/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages.h: events straight from the pages of SQLite's file, in the order of their positions, without a statement: a row costs a
 * tenth of what it costs through the library. It never judges: where anything is not exactly as in a sound file it says that a
 * statement must be asked, which then gives the row or says what is wrong.
 */
#ifndef PAGES_H
#define PAGES_H

#include "journal/db_int.h"

typedef struct Pages Pages;
/* After a position, up to and including another. The connection is one that scans, inside a transaction that stays open until
 * pages__close. NULL: this database, or its log, is read by statements only. */
Pages *pages__open(Db *journal, int64_t after, int64_t upto);
/* The same for another thread, through a connection of its own whose transaction began later: the log, and the map of the file as far as there is one, are those
 * of `first`, which neither gives up before. */
Pages *pages__beside(Db *journal, const Pages *first, int64_t after, int64_t upto);
void pages__close(Pages *p);
/* Events that are asked for from now on live in mem, or as long as p. */
void pages__batch(Pages *p, Arena *mem);
/* The next, whose position is the one after the last; `body` as it stands in the store. False: nothing more this way, neither now nor
 * later; a statement knows whether there is more. */
bool pages__next(Pages *p, Event *e, Str *body);

/* ---- row by row, in another order (streams.c) ---------------------------------------------------- */

typedef struct PagesPlace { /* where a row stands, for a while: see pages__at */
  uint32_t page;
  uint16_t at;              /* in the page */
} PagesPlace;
/* As pages__next, but only where it stands and of which stream it is; `stream` as long as pages__next's texts. */
bool pages__pass(Pages *p, PagesPlace *at, Str *stream);
/* From now on pages__at alone is called; what it gives lives in mem, or as long as p. */
void pages__memory(Pages *p, Arena *mem);
/* The row at that place. Rows are never changed, but one may be moved when the journal grows between two openings: whoever asks looks whether it is
 * the one, and asks a statement when it is not, or when this is false. */
bool pages__at(Pages *p, PagesPlace at, Event *e, Str *body);
void pages__soon(const Pages *p, PagesPlace at); /* this one will be asked for soon: its bytes are fetched meanwhile */

/* ---- the log (pages_log.c) ---------------------------------------------------------------------- */

typedef struct PagesLog { /* what is committed in the write-ahead log, as it stood when it was read */
  uint8_t *bytes;         /* of the file; NULL: nothing is there */
  uint32_t *frames;       /* by page: 1 + number of its last frame, 0: it stands in the file */
  uint32_t pages;         /* so many are in frames, counted from 1 */
} PagesLog;
bool pages__log_read(PagesLog *log, Db *journal, uint32_t page_size); /* false: too long, or it cannot be read */
void pages__log_drop(PagesLog *log);
const uint8_t *pages__log_page(const PagesLog *log, uint32_t page_size, uint32_t no); /* NULL: not there */

static inline uint32_t pages__be32(const uint8_t *p) {
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

#endif
