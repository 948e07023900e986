/* SPDX-License-Identifier: Apache-2.0 */
/*
 * duties: what is due, for whoever sends it. A duty that was refused is left alone for a minute, then for two, four … at most for a day, so
 * that those behind it in the queue are done: the oldest of them may be refused for ever. What is remembered is in memory only: after a
 * restart everything is tried at once. For one thread.
 */
#ifndef JOURNAL_DUTIES_H
#define JOURNAL_DUTIES_H

#include "journal/journal.h"

enum { DUTY_WAIT_FIRST_S = 60, DUTY_WAIT_MOST_S = 86400 };
typedef struct Duties Duties;
Duties *duties_open(void);
void duties_close(Duties *d);
/* What is due at `now` and is not waiting after a refusal, oldest first, at most `max`. */
Code duties_due(Cx *cx, Duties *d, Reader *rd, int64_t now, size_t max, Due **out, size_t *n);
void duties_refused(Duties *d, const Due *due, int64_t now);
void duties_done(Duties *d, const Due *due);
size_t duties_waiting(const Duties *d); /* how many were refused and are remembered */

#endif
