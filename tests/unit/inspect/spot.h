/* SPDX-License-Identifier: Apache-2.0 */
/* spot: a town with the engines of room inspect, a supervisor, and as many projects and inspectors as a test wants. */
#ifndef SPOT_H
#define SPOT_H
#include "inspect/inspect.h"
#include "town.h"

enum { PROJECTS = 120, INSPECTORS = 16 };
/* PROJECTS running projects, the first of USCC; INSPECTORS i01, i02 … of 市住房城乡建设局 with certificates LN-01 …; nobody stands aside. */
void spot_open(Town *t, Cx *cx);
/* As town_do; besides its people: audit, i01 … i16. */
Code spot_do(Town *t, Cx *cx, const char *who, const char *command, const char *stream, const char *args);
const SpotDraw *spot_draw(Town *t, Cx *cx, int64_t no);
/* A published plan of the next number; count 0: by the rates. */
void spot_plan(Town *t, Cx *cx, int count);
/* The draw of a plan is opened with the parties watch and hc-head, who commit, reveal, up to: 0 opened, 1 committed, 2 revealed, 3 drawn. */
void spot_upto(Town *t, Cx *cx, int64_t plan, int64_t draw, int upto);
#define SECRET1 "secret-of-the-supervisor"
#define SECRET2 "secret-of-the-department"
#define BEACON_AT "2019-09-05T15:30"
#define GO(who, command, stream, args) EXPECT_INT(spot_do(&w, cx, who, command, stream, args), OK)
#define NOT(code, who, command, stream, args) EXPECT_INT(spot_do(&w, cx, who, command, stream, args), code)
#endif
