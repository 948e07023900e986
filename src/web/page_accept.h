/* SPDX-License-Identifier: Apache-2.0 */
/* page_accept: what the pages of joint acceptance 联合验收 share; forms come from page_early.h. */
#ifndef PAGE_ACCEPT_H
#define PAGE_ACCEPT_H

#include "finish/finish.h"
#include "web/forms.h"

/* Everything of one acceptance but its forms; `base` is the address below which its files lie. */
Code acceptance_view(Cx *cx, Request *rq, Json *view, const Acceptance *a, Str base);
/* Who is waited for, and for what: 等…定勘验日期; empty when it is over. One sentence for the departments and for the owner. */
Str acceptance_turn(Request *rq, const Acceptance *a);
/* Of a project in a joint acceptance: for whom that waits, in words; `owner`: for the applicant; `done`: the part `item` is signed in this round, or has passed. no 0: it is in none, or the
 * item has no part in it. item empty: of the whole. */
typedef struct JointTurn { int64_t no; bool owner, done; Str text; } JointTurn;
Code joint_turn(Cx *cx, Request *rq, const Project *pr, Str item, JointTurn *out);
/* Puts "joint_turn" into the fourth of view.stages, and its "with" right. */
Code view_joint_turn(Cx *cx, Request *rq, Json *view, const Project *pr);
Code acceptances_view(Cx *cx, Request *rq, Json *view, const AcceptanceFilter *f);
/* A stored file of the acceptance, NOT_FOUND when it is none of its. */
Code acceptance_file(Cx *cx, const Acceptance *a, Str blob, Reply *rp);
void opinion_view(Request *rq, Json *view, const Acceptance *a);
/* Lines of a text as strings under args `name`. */
void lines_put(Request *rq, Json *args, const char *name);

/* page_survey.c: whose surveys this person of a department sees: of one unit, or (empty) all. */
Str surveys_unit(const Request *rq);
/* "survey": the newest result of the one survey 多测合一 {number, href, off}: all parts open the same file; who takes part and measures nothing (a
 * utility) has no link. `base` below /my/: for the owner. */
/* The latest result of a project, of a unit (empty: any); NULL before there is one. Into a form: what its fields take from it (Field.filled) and is not there yet. */
Code survey_latest(Cx *cx, Request *rq, int64_t project, Str unit, int64_t until, const Survey **out);
Code survey_fill(Cx *cx, Request *rq, int64_t project, const Field *fields, size_t n, const Json **form);
Code survey_result(Cx *cx, Request *rq, Json *view, int64_t project, int64_t until, Str base);
/* page_survey_result.c: "off" of a result that lies far from what the owner declared; the kinds of file that a result may be: PDF、OFD */
Code survey_off_view(Cx *cx, Request *rq, Json *view, const Survey *s);
Code survey_said_view(Cx *cx, Request *rq, Json *view, const Survey *s); /* "said", "apart": what was declared, and the difference */
Code survey_next_view(Cx *cx, Request *rq, Json *view, const Survey *s); /* "next", for the agency: who was told of its result, and how it is corrected */
Str survey_kinds(Arena *m, const Policy *p);
/* All that is wrong with a result that is being delivered, also with its kind of file and how far it is from what was declared; of another's, or one
 * that is there already, nothing: the command refuses it. */
Code survey_deliver_faults(Cx *cx, Request *rq, const Command *c, Json **out);
bool survey_again(Cx *cx, Request *rq, const CommandResult *result, const Json **out); /* after a refusal: all of it for the form; false: it is of another kind */
const Json *survey_beside(Request *rq, const Json *args); /* all but the file's own */
/* An area as it is typed, with thousands in groups and its unit behind it (54，100 ㎡), as the journal keeps it: 54100. Else as it was. */
Str survey_area_plain(Arena *m, Str typed);
Code survey_declared(Cx *cx, Request *rq, Json *view, Json *form, const Survey *s); /* for the form of delivering */
Code surveyors_waiting(Cx *cx, Request *rq, int64_t *n); /* to be checked by the unit of this person; 0 when that is another's */

/* page_accept_my.c */
Code page_my_accept(Cx *cx, Request *rq, Reply *rp);
Code post_my_accept(Cx *cx, Request *rq, Reply *rp);
Code page_my_accept_of(Cx *cx, Request *rq, Reply *rp); /* from a message, which knows the acceptance and not its project */
Code page_my_accept_file(Cx *cx, Request *rq, Reply *rp);
Code page_my_opinion(Cx *cx, Request *rq, Reply *rp);
/* page_utility.c */
Code utilities_view(Cx *cx, Request *rq, Json *view, const UtilityFilter *f);
Code utilities_missing(Cx *cx, Request *rq, const Project *pr, Json *list); /* names of items */
Code page_my_utility(Cx *cx, Request *rq, Reply *rp);
Code post_my_utility(Cx *cx, Request *rq, Reply *rp);
Code page_utilities(Cx *cx, Request *rq, Reply *rp);
Code page_utility(Cx *cx, Request *rq, Reply *rp);
Code post_utility(Cx *cx, Request *rq, Reply *rp);
/* page_busy.c */
Code page_busy(Cx *cx, Request *rq, Reply *rp);
Code post_busy(Cx *cx, Request *rq, Reply *rp);

#endif
