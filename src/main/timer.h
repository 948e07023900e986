/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timer: sends what is due, once a second, as "system". A server that was off for a week catches up in
 * order, oldest first. A command that is refused (the case moved on) is logged and left: the projection
 * of the next event removes it from the queue. Until then it is tried more and more rarely (journal/duties.h), so that refused ones never
 * stop those behind them.
 */
#ifndef TIMER_H
#define TIMER_H
#include "journal/duties.h"
#include "main/main_int.h"

typedef struct Timer Timer;
Code timer_open(Cx *cx, Runner *r, int64_t (*clock)(void *), void *arg, Timer **out);
void timer_close(Timer *t);
/* One round at `now`: submits what is due and waits; the number of commands done. */
Code timer_round(Cx *cx, Runner *r, Reader *rd, Duties *duties, int64_t now, int64_t *done);

#endif
