/* SPDX-License-Identifier: Apache-2.0 */
/*
 * town: a store with the engines of one room beside approval, the accounts that they ask about, and an engine "project"
 * that stands for the case: it has the tables that such rooms read and the events that they follow, and nothing else:
 *   project.register {no,number,uscc,name?,category?,owner?,applicant?,county?,reserve?,mandate?}
 *   project.mark     {no,stage,status} a stage (accepted that day, 25 working days), {no,stage,item,status,unit?,name?,share?} an item, {no,status} the project
 *                    {no,item:'entry',status:held|freed,name?} a row of a ledger that the project waits for
 *   project.deliver {no,stage} · project.withdraw {no} · project.decide {no,stage,item,result,promise?}
 */
#ifndef TOWN_H
#define TOWN_H
#include "journal/journal.h"
#include "org/org.h"
#include "policy/policy.h"
#include "test.h"

#define USCC "91211400MA0XYW122L"
#define AGENCY "91211400MA1004114F"
#define AGENCY2 "91211400MA1005483U"

enum { TOWN_ENGINES_MAX = 12 };
typedef struct Town {
  Arena *mem;
  Str dir, files;      /* the text that names the store; its directory */
  int base;            /* see place.h */
  Policy policy;          /* the Huludao package; a test may change it before town_open */
  Engine org, project, own[TOWN_ENGINES_MAX];
  const Engine *engines[2 + TOWN_ENGINES_MAX];
  StoreOptions o;
  Runner *runner;
  Reader *reader;
  int keys;
  int64_t now;
  CommandResult r;        /* of the last command */
} Town;

void town_open(Town *t, Cx *cx, const Engine *const *engines, size_t n);
void town_open_with(Town *t, Cx *cx, const Engine *the_case, const Engine *const *engines, size_t n); /* another stand-in for the case */
void town_drop(Town *t);
void town_on(Town *t, const char *day); /* 09:00 of that day */
/* who: dr, dr-head (市发展改革委), nr, nr-head (市自然资源局), hc (住建), sz, sz-head (绥中县), owner, partner (same
 * enterprise), stranger, drawer and drawer2 (审图机构 of their own enterprises, AGENCY and AGENCY2), watch and watch2 (市营商局), agent1 (绥中), agent2 (window), green (not trained), head and clerk (of the window), leader, admin, water, power (公用企业), system; without accounts ed, ed2, ed3 (editors of 市政府办公室), go-head, se-head
 * (市国家保密局), ed-hc (editor of 住建), anybody (the public). args is
 * JSON with ' for ". stream NULL: creates. The fault stays in cx until the next call. */
Code town_do(Town *t, Cx *cx, const char *who, const char *command, const char *stream, const char *args);
Code town_for(Town *t, Cx *cx, const char *who, const char *behalf, const char *command, const char *stream, const char *args);
bool town_verified(Town *t, Cx *cx);
#define DO(who, command, stream, args) EXPECT_INT(town_do(&w, cx, who, command, stream, args), OK)
#define NO(code, who, command, stream, args) EXPECT_INT(town_do(&w, cx, who, command, stream, args), code)
#define SAYS(text) EXPECT(str_has(cx->detail, S(text)))
#endif
