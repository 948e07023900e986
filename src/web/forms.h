/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forms: what the pages of all rooms beside the case share: forms as rows, and whose page it is. A page shows the forms
 * that its visitor may use now; each posts to the page's own address with act=…, and comes back with all that was typed.
 * (The application itself, with fields of a policy package, is page_form.h.)
 */
#ifndef FORMS_H
#define FORMS_H

#include "web/page.h"

typedef struct FormField {
  const char *name, *kind, *label, *hint; /* kind: text long number select radio yesno checks */
  bool optional;
} FormField;
typedef struct FormAct {
  const char *act, *command, *title, *button, *note; /* note: a sentence above the button, may be NULL */
  const FormField *fields;
  size_t count;
  bool upload;           /* with a field for one file */
  const char *upload_label; /* when the file has to be there: what it is; NULL: 附件（选填） */
  bool photo;            /* with a field for photographs: a telephone opens its camera */
} FormAct;
#define FIELDS(list) .fields = (list), .count = COUNT(list)

/* Adds it to view.forms, with what was just typed into it; the ids of fields are ACT-NAME. */
Json *form_put_act(Request *rq, Json *view, const FormAct *a);
/* A form may have a second button: "also" its act, "also_button" its words; the page puts them. */
/* A choice of a select, radio or checks field. */
void form_choice(Request *rq, Json *form, const char *field, Str value, Str label);
void form_value(Request *rq, Json *form, const char *field, Str value); /* stands there unless something was typed */
void form_hint(Request *rq, Json *form, const char *field, Str hint);   /* instead of the table's */
void form_field_add(Request *rq, Json *form, const FormField *f);       /* one that the table does not have */
/* What was typed, as arguments of the command: text, yesno as bool, checks as a list of strings; empty ones are left out. */
Json *form_args(Request *rq, const FormAct *a);
/* The rows of a table that stand in a[0..n): which one was posted; NULL after FAIL is in cx. */
Code form_act(Cx *cx, Request *rq, const FormAct *a, size_t n, const FormAct **out);
/* The page again, with what is wrong beside the field of a form that was posted. */
void form_fault(Request *rq, Reply *rp, const FormAct *a, Str field, Str detail);
/* What form_send does when the command is over; for who does something more first. */
void form_done(Cx *cx, Request *rq, const CommandResult *result, Reply *rp);
/* Sends the command. Done: to `location` (ending in "/": the number of the new stream follows). Refused: `again` once more,
 * with the error beside its field. */
Command *form_send(Request *rq, Reply *rp, const FormAct *a, Str stream, Json *args, Str location, Again *again, const char *tmpl);
/* The files of the field "file" as [{"blob","name","size"}] under args "files"; an error goes to cx. */
Code form_upload(Cx *cx, Request *rq, Json *args);

/* A field for a clause 依据: a list of those of the package, as offices write them. */
void form_offer_clauses(Request *rq, Json *form, const char *field);
/* Which clause was meant: chosen from the list, an id, or some words that only one has; *id is what the command gets. Another law by its name
 * stays as it was typed. Else what is wrong, and what to do; empty: nothing. */
Str clause_typed(Arena *m, const Policy *p, Str typed, Str *id);

void units_choices(Request *rq, Json *form, const char *field, const char *kinds); /* units of the kinds, separated by '|' */
bool staff_of(const Request *rq, Str unit);      /* approver or head of this unit */
bool head_of(const Request *rq, Str unit);
int64_t param_no(const Request *rq, int i);      /* 0 when it is no number */
bool own_enterprise(const Request *rq, Str applicant, Str uscc);

#endif
