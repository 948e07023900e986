/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kit: what the engines beside the case share (rooms early, finish and others that stand beside approval): which package holds,
 * whose enterprise acts, numbers of new streams, bodies of events, parts of a state. Pure but for the functions that take
 * a Db, which read only.
 */
#ifndef KIT_H
#define KIT_H

#include "calendar/calendar.h"
#include "journal/journal.h"
#include "policy/policy.h"

#define KIT_REASON {.name = "reason", .label = "理由", .type = ARG_LONG, .required = true, .min = 2, .max = 1000}
#define WITH(list) .args = (list), .arg_count = COUNT(list)

/* The package in force when the command was sent: env is the package of --policy, facts say which version holds. */
const Policy *kit_policy(const Ask *ask);
/* New facts with "policy", the version in force. */
Code kit_facts(Cx *cx, Db *views, const Command *cmd, Json **out);
/* Puts "actor_uscc", "actor_org": the enterprise of the acting account. */
Code kit_actor(Cx *cx, Db *views, const Command *cmd, Json *out);
/* Puts under `key` what is known of an account: {"id","name","roles","unit","disabled"}; nothing when there is none. */
Code kit_person(Cx *cx, Db *views, Str id, Json *out, Str key);
/* "PREFIX/N" with the next number of a table whose query gives the highest. */
Code kit_open(Cx *cx, Db *views, const char *prefix, const Sql *last, Str *stream);
/* DENIED but for the enterprise: the account that asked, or another of the same enterprise. */
Code kit_owner(Cx *cx, const Ask *ask, Str applicant, Str uscc);
/* The same, or the agent 代办员 who has its order for the project, in its name. kit_mandate puts what that asks about, for an agent. */
Code kit_mandate(Cx *cx, Db *views, const Command *cmd, int64_t project, Json *out);
Code kit_party(Cx *cx, const Ask *ask, Str applicant, Str uscc);
/* INVALID for what is entered late: the times of these engines are those of the system. */
Code kit_now(Cx *cx, const Ask *ask);
Str kit_keep(Arena *mem, const Json *body, const char *key);             /* a text of a body, copied */
Json *kit_body(Decision *d, const Ask *ask, const char *const *names);   /* those of the arguments that were given; names end with NULL */
void kit_answer(Decision *d, const char *key, Str value, int64_t no);    /* {"no"?, key: value?} */
/* Numbers of a year, DB-2026-0001; the year of a moment; and back: both 0 when it is no such number. */
Str kit_year(Arena *mem, const char *prefix, int64_t ms, int64_t seq);
int kit_year_of(int64_t ms);
void kit_year_parts(Str number, int64_t *year, int64_t *seq);
/* One more in a list of the state; what was there is moved. */
#define GROW(mem, list, count, cap, T) \
  ((list) = kit_grow((mem), (list), (count), &(cap), sizeof(T), _Alignof(T)), &(list)[(count)++])
void *kit_grow(Arena *mem, void *list, size_t count, size_t *cap, size_t size, size_t align);
/* The state of PREFIX/ID for a page; NOT_FOUND says "没有这MISSING". */
Code kit_state(Cx *cx, Reader *rd, const char *prefix, Str id, const char *missing, const void **out);

/* A running clock of any room as those see it who watch them all 亮灯. */
typedef struct Running {
  const char *kind;      /* item, stage, delivery, answer; consult, opinion; review, promise, credit; utility, acceptance */
  int64_t no;            /* project, consultation, plot …: what the kind is about */
  int64_t of;            /* the project of an acceptance; 0 otherwise */
  int stage, attempt;    /* of a case; 0 otherwise */
  Str item;              /* item code; kind of an opinion */
  Str unit, handler;     /* whose clock it is; the name of who took it, or empty */
  Str number, name;      /* HLD-…, CB-…, of a consultation its subject in name */
  Day start;
  int limit;             /* working days, extensions included */
  Reading reading;
} Running;
/* Called for each; what it is given lives only during the call. */
typedef Code RunningSeen(Cx *cx, void *arg, const Running *r);
/* Reads a clock that has no pauses and tells it on. */
Code running_tell(Cx *cx, const Policy *p, Day today, Running *c, RunningSeen *seen, void *arg);

#endif
