/* SPDX-License-Identifier: Apache-2.0 */
/* upkeep_int: what the files of room upkeep share. */
#ifndef UPKEEP_INT_H
#define UPKEEP_INT_H

#include "upkeep/upkeep.h"

/* Adds one; what, why and next as in Remark. */
void remark__add(Remarks *f, const char *id, RemarkLevel level, Str what, const char *why, Str next);
void remark__good(Remarks *f, const char *id, Str what);
void remark__skip(Remarks *f, const char *id, Str what);
Str age__text(Arena *mem, int64_t ms);   /* 3 天, 2 小时, 40 分钟 */
Str bytes__text(Arena *mem, int64_t n);  /* 1.5 GB */

int64_t store__look(const Checkup *c, Remarks *f); /* store.c: journal, views, disk; how many events there are, -1: the journal cannot be read */
void proofs__look(const Checkup *c, int64_t events, Remarks *f); /* proofs.c: heads, witness, backups */
void machine__look(const Checkup *c, Remarks *f);  /* machine.c: clock, calendar, fonts, permissions, settings */
void people__look(const Checkup *c, Remarks *f);   /* people.c: accounts, messages */

#endif
