/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_form: forms made from the package: one stage form 申请表 with its materials, and the facts of a
 * project. Nothing typed is lost: what is saved is a draft in the journal; what is refused is shown again.
 */
#ifndef PAGE_FORM_H
#define PAGE_FORM_H

#include "web/page.h"

/* view.fields: one object a field for the template "_field": name, label, hint, kind, value, choices.
 * `typed` (what was just posted, fields named f_NAME) wins over `known`. A field whose condition is
 * settled as no by `facts` (of policy_facts, may be NULL) is left out. */
void form_fields_view(Request *rq, Json *view, const Field *fields, size_t n, const Json *typed, const Json *known,
                      const Json *facts);
/* Reads the posted f_NAME fields: *values canonical, faults added as {"field":"f_NAME","text"}. Personal
 * values become vault references collected in *secrets (may be NULL when no field is personal); a
 * personal value equal to what `before` refers to keeps its reference. Conditions are evaluated over
 * `facts` and the values read so far. */
typedef struct Secrets {
  Personal list[16];
  size_t count;
  const Json *before; /* values saved earlier, with references */
  const Json *facts;
  bool lenient;       /* a draft: empty required fields are no fault */
} Secrets;
Code form_fields_read(Cx *cx, Request *rq, const Field *fields, size_t n, Secrets *secrets, Json **values,
                      Json *faults, const Json *facts);
/* page_fold.c: once fields and materials of a stage form are whole: a field that one yes brings becomes a row of "then" in the row
 * it hangs on; materials that are there go to "there", those that only the answers will call for to "maybe", with "…_count". */
void form_fold(Request *rq, Json *view, int stage);
/* After reply_error: the errors also as `error` in the rows of view.fields and view.materials, wherever form_fold put them. */
void form_errors_view(Request *rq, Reply *rp);
/* view.files: material name, file name, size, link. */
void form_files_view(Request *rq, Json *view, const FileRef *files, size_t n);
/* view.values: label and readable value of each field of a stage, personal ones masked unless `full`; "passed": a day that was planned and has gone by. */
Code form_values_view(Cx *cx, Request *rq, Json *view, int stage, const Json *form, bool full);

/* One material in a form: "file", "kb", "carry", and "blob" where it is saved and can be opened, of what was just chosen, was carried by the form, or `file` (of the draft;
 * may be NULL). And the same when it is posted: into `files`, or a fault of "m_CODE". */
void form_upload_view(Request *rq, Json *o, const Material *material, const FileRef *file);
void form_upload_read(Request *rq, const Material *material, const FileRef *file, Json *files, Json *faults);
/* What a material is and how its file is given: "code", "id" of the field, "name", "hint", "basis", "types", "max_mb". */
void form_material_view(Arena *m, Json *o, const Material *material, Str hint);
Str form_types(Arena *m, const Material *material); /* .pdf,.ofd */

Str form_field_text(Request *rq, const Field *f, const Json *values); /* readable, masked where personal; empty: not filled in */
/* One required line of text, as it was typed; where it is missing or `ok` (may be NULL) refuses it, a fault that says `what` to type. */
Str form_need(Request *rq, Json *faults, Str name, const char *what, bool (*ok)(Str));
/* Answers that exclude each other, each a fault beside the field to be changed. */
void form_contradictions(Request *rq, const Json *facts, Str category, Str county, Json *faults);
/* Label and readable value of each registered fact, into `list`. */
void form_facts_add(Request *rq, Json *list, const Json *facts);
/* page_registered.c: "registered": what was registered about a project 登记的情况, as it stands now: label, value;
 * "corrections": label, was, now, at_cn, by, or "unsaid" of a number. */
Code registered_view(Cx *cx, Request *rq, Json *view, const Project *pr);

/* page_cites.c: fields that the reserve library fixed become read-only; replies that may be cited, with those chosen. */
void locked_fields_view(Request *rq, Json *view, const Json *locked);
Code cites_view(Cx *cx, Request *rq, Json *view, const Project *pr, const StageState *s);
void cites_args(Request *rq, Json *args);                        /* those ticked in the posted form */
void cites_again(Arena *m, const StageState *s, Json *args);     /* those of the draft */
/* "cites": what the stage cites, for those who decide; "relation": they must say how they stand to it (unit empty: any). */
void cited_view(Request *rq, Json *view, const StageState *s, Str unit);
/* page_inquiry.c: 带出项目信息, the form of registration filled from the project code. What is asked, by a worker; then `again` shows the form. */
typedef Code FormAgain(Cx *cx, Request *rq, Reply *rp);
Code inquiry_ask(Cx *cx, Request *rq, Reply *rp, FormAgain *again);
void inquiry_view(Request *rq, Json *view); /* "inquiry" {name, hint}, and "came": what stands in the form as the platform gave it */
/* page_answers.c: a correction. "points" of the notice, each also as "asked" beside its field or file (to be called after both are in
 * the view); the explanations that were typed or saved; a fault for each point that nothing answers. */
void answers_view(Request *rq, Json *view, const Project *pr, int n);
Json *answers_read(Request *rq, const Project *pr, int n);
void answers_faults(Request *rq, const Project *pr, int n, const Json *values, const Json *files, const Json *answers, Json *faults);
/* After it, on the page that shows what will be handed in: "done" beside each point, what of it was put right, and "others", the
 * files that were replaced though nobody asked. */
void answered_view(Request *rq, Json *view, const Project *pr, int n, const Json *form);
/* Once a correction has come, after form_files_view: "renewed" or "added" beside each file that came with it, and "others" as above. False:
 * none has. */
bool corrected_view(Request *rq, Json *view, const Project *pr, int n);
/* page_former.c: "former", where this stage was refused or not accepted before: "declined", "day", "former_receipt", "letter", "reasons", and
 * "no_longer": what was to be handled then and the new answers (`facts`) do not call for, each with why. "again": the new application
 * has come in. "once_more": what of it is handled again. The ways against it as ways_view has them. */
void former_view(Request *rq, Json *view, const Project *pr, int n, const Json *facts);
/* The same beside each of `stages` (of view_stages) that was applied for again and has no certificate in hand yet: "former_live": that application goes
 * on, "former_named": it was accepted, so its items are named. */
void formers_view(Request *rq, const Json *stages, const Project *pr);
/* After form_values_view, where a correction came: "was_value" beside each value that it changed, "filled_in", and "values_gone". Personal values are
 * masked, so one of which only hidden signs changed shows no difference. */
Code values_before(Cx *cx, Request *rq, Json *view, const Project *pr, int n);
Code page_form(Cx *cx, Request *rq, Reply *rp);
Code post_form(Cx *cx, Request *rq, Reply *rp);
Code page_check(Cx *cx, Request *rq, Reply *rp);
Code post_check(Cx *cx, Request *rq, Reply *rp);
/* page_file.c: a stored file of the project. */
Code page_file(Cx *cx, Request *rq, Reply *rp);      /* applicants, agents: own project, drafts included */
Code page_work_file(Cx *cx, Request *rq, Reply *rp); /* staff: what was handed in, no drafts */

#endif
