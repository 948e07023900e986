/* SPDX-License-Identifier: Apache-2.0 */
/* publish_int: what the files of room publish share. */
#ifndef PUBLISH_INT_H
#define PUBLISH_INT_H

#include "publish/publish.h"

#define OPEN_CLAUSE "D01-1.3-p1"
#define EXPLAIN_CLAUSE "D01-1.2-p1"

/* The package's settings; CONFLICT when it has none. */
Code open__settings(Cx *cx, const Ask *ask, const Disclosure **out);
/* DENIED but for staff of the unit with one of the roles. */
Code open__of_unit(Cx *cx, const Ask *ask, Str unit, uint32_t roles);
/* DENIED: the step is not this person's; CONFLICT: it waits for another step. `named`: the step that the command names, empty: whichever. */
Code scrutiny__may(Cx *cx, const Ask *ask, const Scrutiny *r, Str unit, Str author, Str named);
int scrutiny__index(Str step);      /* 0, 1, 2; −1: none of the three */
Str scrutiny__next(Str step);       /* empty after the third */
/* "signed", "returned", "submitted" of either engine. */
void scrutiny__fold(Arena *mem, Scrutiny *r, Str kind, const Event *e);
Signature sign__of(Arena *mem, const Event *e, const char *text);

extern const char canvass__schema[];
Code canvass__open(Cx *cx, Db *views, const Command *cmd, Str *stream);
Code canvass__facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts);
Code canvass__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
OpinionGroup *canvass__group(const Canvass *v, int64_t no);
const Str *strings__keep(Arena *mem, const Json *list, size_t *n);
void basis__lines(Arena *m, Json *body, const char *key, Str lines); /* one line, one text */

extern const char gazette__schema[];
Code gazette__open(Cx *cx, Db *views, const Command *cmd, Str *stream);
Code gazette__facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts);
Code gazette__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
Interpretation *gazette__item(const GazetteFile *g, int64_t no); /* NULL: there is none, or it was dropped */

#endif
