/* SPDX-License-Identifier: Apache-2.0 */
/* notice_int: what the files of room notice share. */
#ifndef NOTICE_INT_H
#define NOTICE_INT_H

#include "notice/notice.h"
#include "org/kit.h"
#include "policy/notices.h"

enum { NOTICE_COMMANDS = 6, RATING_COMMANDS = 4, TOLD_MAX = 200, ID_STEP = 1000 };

typedef struct Out { /* one row of the outbox, as its stream knows it */
  int64_t id, next;  /* as in Outgoing */
  Str status;
  int tries;
} Out;
typedef struct Notices { /* state of a stream of the engine notice */
  Out *outs; size_t out_count, out_cap;
  int64_t seq;
} Notices;
Out *notices__out(const Notices *s, int64_t id); /* NULL */

extern const CommandDecl notice__commands[NOTICE_COMMANDS];
extern const char notice__schema[];
Code notice__facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts);
Code notice__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
Code notice__tell(Cx *cx, const Ask *ask, Decision *d);
Code notice__remind(Cx *cx, const Ask *ask, Decision *d);
/* over.c: which messages end with this event: "open" of the facts [{"event","stage","item","taken"[account…]?}] → the list "over" of the
 * event, NULL when none does. */
Json *notice__over(Arena *m, const Json *facts, const Json *args);
Code over__facts(Cx *cx, Db *views, const Command *cmd, Json *out);
Code over__put(Cx *cx, Db *views, const Event *e);
Code notice__aim(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n);

extern const CommandDecl rating__commands[RATING_COMMANDS];
extern const char rating__schema[];
Code rating__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);

#endif
