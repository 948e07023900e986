/* SPDX-License-Identifier: Apache-2.0 */
/* hall: the town with the engines of room notice; its case does what it is told: project.act with the kind of the event. */
#ifndef HALL_H
#define HALL_H
#include "notice/notice.h"
#include "town.h"

/* A project 1 of owner, and an item of the second stage, which 张然 of 市自然资源局 has taken. */
void hall_open(Town *w, Cx *cx);
void hall_contact(Town *w, Cx *cx, const char *who, const char *email, bool mail); /* user.set-contact */
Str hall_titles(Town *w, Cx *cx, const char *who);                                 /* 申请已提交 申请已受理, oldest first */
int64_t hall_unread(Town *w, Cx *cx, const char *who);
Outgoing hall_out(Town *w, Cx *cx, size_t nth); /* of all, oldest first; id 0: there is none */
#define ACT(args) EXPECT_INT(town_do(&w, cx, "nr", "project.act", "project/1", args), OK)
#endif
