/* SPDX-License-Identifier: Apache-2.0 */
/* appraisal_int: what appraisal.c and appraisal_fold.c share. */
#ifndef APPRAISAL_INT_H
#define APPRAISAL_INT_H

#include "evaluation/evaluation.h"
#include "org/kit.h"

void appraisal__plan(Arena *mem, Appraisal *a, const Json *body); /* of appraisal.drafted; texts are copied */
#define APPRAISAL_CLAUSE "D60-6.21.3"
/* CONFLICT unless the year is in one of these states (also: NULL, or a second one). cannot: 评分. */
Code appraisal__in(Cx *cx, const Ask *ask, const char *need, const char *also, const char *cannot);
/* The body of a result as of the argument as_of, with figures, ranks and grades. Refused when that day is not over, or a score of the inspection is missing. */
Code appraisal__result(Cx *cx, const Ask *ask, Decision *d, Json **out);
/* opinions.c */
enum { CONSULT_ARGS = 2, OPINE_ARGS = 4, ANSWER_ARGS = 3 };
extern const Arg appraisal__consult_args[CONSULT_ARGS], appraisal__opine_args[OPINE_ARGS], appraisal__answer_args[ANSWER_ARGS];
Code appraisal__consult(Cx *cx, const Ask *ask, Decision *d);
Code appraisal__opine(Cx *cx, const Ask *ask, Decision *d);
Code appraisal__answer(Cx *cx, const Ask *ask, Decision *d);
Code appraisal__heard(Cx *cx, const Ask *ask); /* may a year be closed: opinions were asked for, the day is over, each is answered? */
void appraisal__opined(Arena *mem, Appraisal *a, const Event *e);
void appraisal__opinion_answered(Arena *mem, Appraisal *a, const Event *e);
extern const char appraisal__schema[];
Code appraisal__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);

#endif
