/* SPDX-License-Identifier: Apache-2.0 */
/* finish_town: a town (town.h) with the engines of room finish, and project 1 of the owner in its fourth stage. */
#ifndef FINISH_TOWN_H
#define FINISH_TOWN_H
#include "finish/finish.h"
#include "town.h"

void finish_open(Town *t, Cx *cx); /* on 2019-09-02, a Monday; five special parts, six utilities */
void finish_few(Town *t, Cx *cx);  /* two utilities only: those that have people in the town */
const Acceptance *town_acceptance(Town *t, Cx *cx, int64_t no);
#endif
