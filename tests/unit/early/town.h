/* SPDX-License-Identifier: Apache-2.0 */
/*
 * town: a store with the engines of room early, the accounts that they ask about, and an engine "project" that stands
 * for the case: it has the tables that early reads and the events that early follows, and nothing else.
 */
#ifndef TOWN_H
#define TOWN_H
#include "early/early.h"
#include "test.h"

#define USCC "91211400MA0XYW122L"

typedef struct Town {
  Arena *mem;
  Str dir, files;      /* the text that names the store; its directory */
  int base;            /* see place.h */
  Policy policy;          /* the Huludao package; a test may change it before town_open */
  Engine org, project, early[EARLY_ENGINES];
  const Engine *engines[2 + EARLY_ENGINES];
  StoreOptions o;
  Runner *runner;
  Reader *reader;
  int keys;
  int64_t now;
  CommandResult r;        /* of the last command */
} Town;

void town_open(Town *t, Cx *cx);
void town_drop(Town *t);
void town_on(Town *t, const char *day); /* 09:00 of that day */
/* who: dr, dr-head (市发展改革委), nr, nr-head (市自然资源局), hc (住建), sz, sz-head (绥中县), owner, partner (same
 * enterprise), stranger, agent1 (绥中), agent2 (window), green (not trained), head (of the window), leader, system. args is
 * JSON with ' for ". stream NULL: creates. The fault stays in cx until the next call. */
Code town_do(Town *t, Cx *cx, const char *who, const char *command, const char *stream, const char *args);
Code town_for(Town *t, Cx *cx, const char *who, const char *behalf, const char *command, const char *stream, const char *args);
const Plot *town_plot(Town *t, Cx *cx, int64_t no);
const Order *town_order(Town *t, Cx *cx, int64_t no);
const Consult *town_consult(Town *t, Cx *cx, int64_t no);
bool town_verified(Town *t, Cx *cx);
#define DO(who, command, stream, args) EXPECT_INT(town_do(&w, cx, who, command, stream, args), OK)
#define NO(code, who, command, stream, args) EXPECT_INT(town_do(&w, cx, who, command, stream, args), code)
#define SAYS(text) EXPECT(str_has(cx->detail, S(text)))
#endif
