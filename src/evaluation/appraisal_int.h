/* SPDX-License-Identifier: Apache-2.0 */
/* appraisal_int: what appraisal.c and appraisal_fold.c share. */
#ifndef APPRAISAL_INT_H
#define APPRAISAL_INT_H

#include "evaluation/evaluation.h"

void appraisal__plan(Arena *mem, Appraisal *a, const Json *body); /* of appraisal.drafted; texts are copied */
extern const char appraisal__schema[];
Code appraisal__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);

#endif
