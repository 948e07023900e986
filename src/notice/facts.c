/* SPDX-License-Identifier: Apache-2.0 */
/* facts.c: what telling reads: the project and item, who the people are, who of them can be reached outside; what is due. */
#include "notice/notice_int.h"

#include <stdio.h>

/* ---- who -------------------------------------------------------------------------------------------------- */

#define LIVE " disabled = 0 AND instr(',' || roles || ',', ',' || "
/* Project, stage and item in one: each statement costs 4 000 instructions of its own, and this is asked after nearly every act. */
static const Sql sql_case = {"notice.case", "iis", "sssisssi",
                             "SELECT p.number, p.name, p.applicant, coalesce(s.days, 0), coalesce(i.name, ''), coalesce(i.unit, ''), coalesce(i.taken, ''),"
                             " CASE WHEN i.project IS NULL THEN 0 ELSE 1 END FROM project p LEFT JOIN stage s ON s.project = p.no AND s.no = ?2"
                             " LEFT JOIN item i ON i.project = p.no AND i.stage = ?2 AND i.code = ?3 WHERE p.no = ?1"};
static const Sql sql_agent = {"notice.agent", "i", "s",
                              "SELECT agent FROM agent_order WHERE project = ?1 AND status IN ('assigned', 'started') ORDER BY no"};
static const Sql sql_role = {"notice.role", "s", "s", "SELECT id FROM account WHERE" LIVE "?1 || ',') > 0 ORDER BY id"};
static const Sql sql_unit = {"notice.unit", "ss", "s", "SELECT id FROM account WHERE unit = ?1 AND" LIVE "?2 || ',') > 0 ORDER BY id"};
static const Sql sql_named = {"notice.named", "ss", "s", "SELECT id FROM account WHERE unit = ?1 AND name = ?2 AND disabled = 0 ORDER BY id"};
/* Who of the unit was given the item (approval/desk.h), and is there. */
static const Sql sql_given = {"notice.given", "siis", "s", "SELECT a.id FROM desk d JOIN account a ON a.id = d.account WHERE a.unit = ?1 AND a.disabled = 0 AND d.project = ?2"
                                                           " AND d.stage = ?3 AND d.item = ?4"};
static const Sql sql_units = {"notice.units", "iis", "s",
                              "SELECT id FROM account WHERE unit IN (SELECT unit FROM item WHERE project = ?1 AND stage = ?2 AND open = 1)"
                              " AND" LIVE "?3 || ',') > 0 ORDER BY id"};
/* What began with the certificate: it runs from the day (in Beijing) of the last step of its stage. */
static const Sql sql_begun = {"notice.begun", "iis", "s",
                              "SELECT id FROM account WHERE unit IN (SELECT i.unit FROM item i JOIN stage s ON s.project = i.project AND s.no = i.stage"
                              " WHERE i.project = ?1 AND i.stage = ?2 AND i.status = 'waiting' AND i.start = (s.at + 28800000) / 86400000 AND i.start > s.accepted)"
                              " AND" LIVE "?3 || ',') > 0 ORDER BY id"};
/* What has no project: whose it is, who has it in hand. */
#define MATTER "sssssiss" /* number, name, whose account, unit, agent, days, whose enterprise, the agency's */
static const Sql sql_consult = {"notice.consult", "i", MATTER, "SELECT reply_no, subject, applicant, unit, '', days, '', '' FROM consult WHERE no = ?1"};
static const Sql sql_order = {"notice.order", "i", MATTER, "SELECT number, name, applicant, '', agent, 0, '', '' FROM agent_order WHERE no = ?1"};
static const Sql sql_visit = {"notice.visit", "i", MATTER, "SELECT number, project_name, applicant, '', '', 0, '', '' FROM acceptance WHERE no = ?1"};
static const Sql sql_survey = {"notice.survey", "i", MATTER,
                               "SELECT s.number, s.project_name, p.applicant, '', '', 0, '', s.surveyor_uscc FROM survey s JOIN project p ON p.no = s.project WHERE s.no = ?1"};
static const Sql sql_surveyor = {"notice.surveyor", "i", MATTER, "SELECT number, name, '', '', '', 0, '', uscc FROM surveyor WHERE no = ?1"};
static const Sql sql_credit = {"notice.credit", "i", MATTER,
                               "SELECT number, CASE kind WHEN 'black' THEN '黑名单' WHEN 'red' THEN '红名单' ELSE '信用记录' END, account, '', '', 0,"
                               " CASE WHEN subject_kind = 'person' THEN '' ELSE uscc END, '' FROM credit WHERE no = ?1"};
/* Of which project it is, where an agent 代办员 of the project is told what its owner is told. */
static const Sql sql_visit_project = {"notice.visit-project", "i", "i", "SELECT project FROM acceptance WHERE no = ?1"};
/* Who takes part in this round of a joint acceptance. */
static const Sql sql_takers = {"notice.takers", "is", "s",
                               "SELECT id FROM account WHERE unit IN (SELECT unit FROM acceptance_part WHERE acceptance = ?1 AND due = 1)"
                               " AND" LIVE "?2 || ',') > 0 ORDER BY id"};
static const Sql sql_users = {"notice.users", "is", "s",
                              "SELECT id FROM account WHERE unit IN (SELECT unit FROM survey_part WHERE survey = ?1) AND" LIVE "?2 || ',') > 0 ORDER BY id"};
/* All accounts of an enterprise, and one that is named. */
static const Sql sql_company = {"notice.company", "ss", "s",
                                "SELECT id FROM account WHERE org_uscc = ?1 AND org_uscc <> '' AND disabled = 0 UNION"
                                " SELECT id FROM account WHERE id = ?2 AND disabled = 0 ORDER BY 1"};
static const Sql sql_appraisal = {"notice.appraisal", "i", MATTER, "SELECT CAST(year AS TEXT), '考核评价', '', '', '', 0, '', '' FROM appraisal WHERE year = ?1"};
static const Sql sql_appraised = {"notice.appraised", "is", "s",
                                  "SELECT id FROM account WHERE unit IN (SELECT unit FROM appraisal_object WHERE year = ?1) AND" LIVE "?2 || ',') > 0 ORDER BY id"};
static const Sql sql_gazette = {"notice.gazette", "i", MATTER, "SELECT number, title, '', unit, author, 0, '', '' FROM gazette WHERE no = ?1"};
static const Sql sql_canvass = {"notice.canvass", "i", MATTER, "SELECT number, title, '', unit, author, 0, '', '' FROM canvass WHERE no = ?1"};
/* Which review is next, and who has had a part in it. */
static const Sql sql_review = {"notice.review", "i", "sssss", "SELECT step, author, submitter, first_by, second_by FROM gazette WHERE no = ?1"};
static const Sql sql_review_draft = {"notice.review-draft", "i", "sssss", "SELECT step, author, submitter, first_by, second_by FROM canvass WHERE no = ?1"};
static const Sql sql_secrecy = {"notice.secrecy", "s", "s",
                                "SELECT id FROM account WHERE unit = ?1 AND unit <> '' AND disabled = 0 AND (instr(',' || roles || ',', ',unit_head,') > 0"
                                " OR instr(',' || roles || ',', ',approver,') > 0 OR instr(',' || roles || ',', ',editor,') > 0) ORDER BY id"};
static const Sql sql_directive = {"notice.directive", "i", MATTER, "SELECT number, subject, '', '', '', 0, '', '' FROM directive WHERE no = ?1"};
/* To whom an order 督办单 is addressed on the rung where it is: on a section's those who work there, though its heads may reply as well (directive_is_to). */
static const Sql sql_recipient = {"notice.recipient", "i", "s",
                                  "SELECT a.id FROM directive d JOIN account a ON a.disabled = 0 AND CASE WHEN d.to_account <> '' THEN a.id = d.to_account"
                                  " WHEN d.level = 'bureau' THEN instr(',' || a.roles || ',', ',supervisor,') > 0 WHEN d.to_unit = '' OR a.unit <> d.to_unit THEN 1 = 0"
                                  " WHEN d.level = 'section' THEN instr(',' || a.roles || ',', ',approver,') > 0 OR instr(',' || a.roles || ',', ',clerk,') > 0"
                                  " ELSE instr(',' || a.roles || ',', ',unit_head,') > 0 OR instr(',' || a.roles || ',', ',stage_lead,') > 0"
                                  " OR instr(',' || a.roles || ',', ',window_head,') > 0 END WHERE d.no = ?1 AND d.open = 1 ORDER BY a.id"};
/* What stands beside the case: its row, whose accounts `unit` is, and its project. */
static const struct { const char *head; const Sql *row, *units, *project; } matters[] = {
    {"consult", &sql_consult, NULL, NULL}, {"agent", &sql_order, NULL, NULL}, {"acceptance", &sql_visit, &sql_takers, &sql_visit_project},
    {"survey", &sql_survey, &sql_users, NULL}, {"surveyor", &sql_surveyor, NULL, NULL}, {"credit", &sql_credit, NULL, NULL}, {"appraisal", &sql_appraisal, &sql_appraised, NULL},
    {"gazette", &sql_gazette, NULL, NULL}, {"canvass", &sql_canvass, NULL, NULL}, {"directive", &sql_directive, NULL, NULL}};
static const Sql sql_reach = {"notice.reach", "s", "ii", "SELECT mail, sms FROM account WHERE id = ?1"};

static Code ids_add(Cx *cx, Db *views, const Sql *q, const Val *vals, size_t n, Json *list) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, q, vals, n, &r));
  while (list->count < TOLD_MAX && rows_next(r)) json_push_str(cx->mem, list, row_s(cx, r, 0));
  return rows_end(cx, r);
}

typedef struct Where { int64_t project, stage, no; Str event, item, unit, taken, applicant, agent, company, agency, secrecy; bool behalf; const Sql *units; const Json *at; } Where;

/* The people of the item's unit; without an item those of all open items of the stage. */
static Code of_unit(Cx *cx, Db *views, const Where *w, const char *role, Json *list) {
  Str word = str_of(role);
  if (w->units) return ids_add(cx, views, w->units, VALS(val_i(w->no), val_s(word)), list);
  if (w->unit.len) return ids_add(cx, views, &sql_unit, VALS(val_s(w->unit), val_s(word)), list);
  return ids_add(cx, views, str_eqz(w->event, "stage.certified") ? &sql_begun : &sql_units, VALS(val_i(w->project), val_i(w->stage), val_s(word)), list);
}

/* Who was given the item; else the row of the item has the name of who took it; a name that nobody of the unit has any more leads to the whole unit. */
static Code handlers(Cx *cx, Db *views, Str unit, Str name, const Json *at, Json *list) {
  Str item = json_str(at, S("item"));
  if (item.len) TRY(ids_add(cx, views, &sql_given, VALS(val_s(unit), val_i(json_int(at, S("project"), 0)), val_i(json_int(at, S("stage"), 0)), val_s(item)), list));
  if (!list->count && name.len) TRY(ids_add(cx, views, &sql_named, VALS(val_s(unit), val_s(name)), list));
  return list->count ? OK : ids_add(cx, views, &sql_unit, VALS(val_s(unit), val_s(S("approver"))), list);
}

static Code applicants(Cx *cx, Db *views, const Where *w, Json *list) {
  if (w->company.len) return ids_add(cx, views, &sql_company, VALS(val_s(w->company), val_s(w->applicant)), list);
  if (!w->applicant.len) return OK;
  json_push_str(cx->mem, list, w->applicant);
  return w->project ? ids_add(cx, views, &sql_agent, VALS(val_i(w->project)), list) : OK; /* orders without a project yet have 0 as well */
}

static Code people_of(Cx *cx, Db *views, const Where *w, Str whom, Json *list) {
  if (str_eqz(whom, "applicant")) return applicants(cx, views, w, list);
  if (str_eqz(whom, "owner")) { /* of what was done in its name, and only of that */
    if (w->behalf && w->applicant.len) json_push_str(cx->mem, list, w->applicant);
    return OK;
  }
  if (str_eqz(whom, "supervisor")) return ids_add(cx, views, &sql_role, VALS(val_s(whom)), list);
  if (str_eqz(whom, "recipient")) return ids_add(cx, views, &sql_recipient, VALS(val_i(w->no)), list);
  if (str_eqz(whom, "window")) return ids_add(cx, views, &sql_role, VALS(val_s(S("clerk"))), list);
  if (str_eqz(whom, "window_head")) return ids_add(cx, views, &sql_role, VALS(val_s(whom)), list);
  if (str_eqz(whom, "unit")) return of_unit(cx, views, w, "approver", list);
  if (str_eqz(whom, "unit_head")) return of_unit(cx, views, w, "unit_head", list);
  if (str_eqz(whom, "surveyor")) return ids_add(cx, views, &sql_company, VALS(val_s(w->agency), val_s(S(""))), list);
  if (str_eqz(whom, "editor")) return of_unit(cx, views, w, "editor", list);
  if (str_eqz(whom, "secrecy")) return ids_add(cx, views, &sql_secrecy, VALS(val_s(w->secrecy)), list);
  if (w->agent.len) json_push_str(cx->mem, list, w->agent);
  return w->agent.len ? OK : handlers(cx, views, w->unit, w->taken, w->at, list);
}

static Code reach_add(Cx *cx, Db *views, const Json *people, Json *mail, Json *sms) {
  for (const Json *x = people->first; x; x = x->next) {
    SCOPED(rows_drop) Rows *r = NULL;
    TRY(db_rows(cx, views, &sql_reach, VALS(val_s(x->str)), &r));
    if (!rows_next(r)) {
      TRY(rows_end(cx, r));
      continue;
    }
    if (row_i(r, 0)) json_push_str(cx->mem, mail, x->str);
    if (row_i(r, 1)) json_push_str(cx->mem, sms, x->str);
  }
  return OK;
}

/* "reviewer": {"step", "took", and whoever of the unit has each role that may review}: the package decides among them. */
static Code reviewers_put(Cx *cx, Db *views, const Where *w, Json *out, Json *mail, Json *sms) {
  static const char *const roles[] = {"editor", "unit_head", "approver", "leader"};
  SCOPED(rows_drop) Rows *r = NULL;
  Json *o = json_put_obj(cx->mem, out, S("reviewer")), *took = json_put_arr(cx->mem, o, S("took"));
  TRY(db_rows(cx, views, str_starts(w->event, S("canvass.")) ? &sql_review_draft : &sql_review, VALS(val_i(w->no)), &r));
  if (rows_next(r)) {
    json_put_str(cx->mem, o, S("step"), row_s(cx, r, 0));
    for (int i = 1; i <= 4; i++)
      if (row_s(cx, r, i).len) json_push_str(cx->mem, took, row_s(cx, r, i));
  }
  TRY(rows_end(cx, r));
  for (size_t i = 0; i < COUNT(roles); i++) {
    Json *list = json_put_arr(cx->mem, o, str_of(roles[i]));
    TRY(of_unit(cx, views, w, roles[i], list));
    TRY(reach_add(cx, views, list, mail, sms));
  }
  return OK;
}

static Code people_put(Cx *cx, Db *views, const Where *w, Json *out) {
  static const char *const whom[] = {"applicant", "owner", "window", "window_head", "unit", "unit_head", "handler", "surveyor", "supervisor", "recipient", "editor", "secrecy"};
  Json *mail = json_put_arr(cx->mem, out, S("mail")), *sms = json_put_arr(cx->mem, out, S("sms"));
  for (size_t i = 0; i < COUNT(whom); i++) {
    if (!notice_may(w->event, str_of(whom[i]))) continue;
    Json *list = json_put_arr(cx->mem, out, str_of(whom[i]));
    TRY(people_of(cx, views, w, str_of(whom[i]), list));
    TRY(reach_add(cx, views, list, mail, sms));
  }
  return notice_may(w->event, S("reviewer")) ? reviewers_put(cx, views, w, out, mail, sms) : OK;
}

static Code about_facts(Cx *cx, Db *views, const Command *cmd, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  Str kind, text;
  int64_t no = 0;
  size_t k = 0;
  const Json *more = json_get(cmd->args, S("more"));
  str_cut(json_str(cmd->args, S("about")), '/', &kind, &text);
  if (str_eqz(kind, "desk")) { /* what was handed over says itself what it is */
    Where w = {.event = json_str(cmd->args, S("event")), .agent = json_str(more, S("account"))};
    json_put_str(cx->mem, out, S("number"), S(""));
    json_put_str(cx->mem, out, S("name"), json_str(more, S("name")));
    return people_put(cx, views, &w, out);
  }
  while (k < COUNT(matters) && !str_eqz(kind, matters[k].head)) k++;
  if (k == COUNT(matters) || !str_to_i64(text, &no)) return OK;
  TRY(db_rows(cx, views, matters[k].row, VALS(val_i(no)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  Where w = {.no = no, .units = matters[k].units, .event = json_str(cmd->args, S("event")), .applicant = row_s(cx, r, 2), .unit = row_s(cx, r, 3),
             .agent = json_str(more, S("account")).len ? json_str(more, S("account")) : row_s(cx, r, 4), .company = row_s(cx, r, 6), .agency = row_s(cx, r, 7), .secrecy = json_str(more, S("secrecy")), .behalf = json_bool(more, S("behalf"))};
  if (matters[k].project) TRY(db_int(cx, views, matters[k].project, VALS(val_i(no)), 0, &w.project));
  json_put_str(cx->mem, out, S("number"), row_s(cx, r, 0));
  json_put_str(cx->mem, out, S("name"), row_s(cx, r, 1));
  json_put_int(cx->mem, out, S("days"), row_i(r, 5));
  return people_put(cx, views, &w, out);
}

static Code tell_facts(Cx *cx, Db *views, const Command *cmd, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  Where w = {.project = json_int(cmd->args, S("project"), 0), .stage = json_int(cmd->args, S("stage"), 0),
             .event = json_str(cmd->args, S("event")), .item = json_str(cmd->args, S("item")), .at = cmd->args,
             .behalf = json_bool(json_get(cmd->args, S("more")), S("behalf"))};
  TRY(db_rows(cx, views, &sql_case, VALS(val_i(w.project), val_i(w.stage), val_s(w.item)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  json_put_str(cx->mem, out, S("number"), row_s(cx, r, 0));
  json_put_str(cx->mem, out, S("name"), row_s(cx, r, 1));
  json_put_int(cx->mem, out, S("days"), row_i(r, 3));
  w.applicant = row_s(cx, r, 2);
  if (row_i(r, 7)) {
    Json *o = json_put_obj(cx->mem, out, S("item"));
    w.unit = row_s(cx, r, 5);
    w.taken = row_s(cx, r, 6);
    json_put_str(cx->mem, o, S("name"), row_s(cx, r, 4));
    json_put_str(cx->mem, o, S("unit"), w.unit);
  }
  return people_put(cx, views, &w, out);
}

/* ---- what is due --------------------------------------------------------------------------------------- */

/* Who looks is a reader, one department after the other by its index, each time from where it stood (reminders_due); the writer looks at
 * those it is given, by their keys. Without, it looks at all running items for those that are due first: a pass of 0.6 s over 350 000. */
#define STANDS(is, day, cond, event, key)                                                                                                \
  "SELECT i.project, i.stage, i." day ", i.code, i.name, i.unit, i.taken, p.number, p.name, i." key " FROM item i JOIN project p"        \
  " ON p.no = i.project WHERE i.open = 1 AND i.paused = " is " AND " cond " AND NOT EXISTS (SELECT 1 FROM reminded r"                   \
  " WHERE r.project = i.project AND r.stage = i.stage AND r.item = i.code AND r.event = " event " AND r.due = i." day ")"
#define RUNS(cond, event) STANDS("0", "due", cond, "'" event "'", "due")
/* A pause that lasts beyond its planned end: told once for each such day. */
#define PAUSE_OVER(cond) STANDS("1", "warn", cond "i.due = 0 AND i.warn > 0 AND i.warn <= ?1", "'" NOTICE_PAUSE_OVER "'", "left_days")
#define BY(key) " ORDER BY i." key ", i.project, i.stage, i.code LIMIT ?2"
#define ROWS "iiissssssi"
#define SOON "i.due >= ?1 AND i.warn <= ?1"
#define LATE "i.due > 0 AND i.due < ?1"
static const Sql sql_soon = {"notice.due-soon", "ii", ROWS, RUNS(SOON, NOTICE_DUE_SOON) BY("due")};
static const Sql sql_overdue = {"notice.overdue", "ii", ROWS, RUNS(LATE, NOTICE_OVERDUE) BY("due")};
static const Sql sql_pause = {"notice.pause-over", "ii", ROWS, PAUSE_OVER("") BY("warn")};
/* The lower bound is the place alone: with a second one SQLite may begin there, and read again what was read. */
#define THEIRS(key) "i.unit = ?3 AND (i." key ", i.project, i.stage, i.code) > (?4, ?5, ?6, ?7) AND "
static const Sql sql_soon_of = {"notice.due-soon-of", "iisiiis", ROWS, RUNS(THEIRS("due") "i.warn <= ?1", NOTICE_DUE_SOON) BY("due")};
static const Sql sql_overdue_of = {"notice.overdue-of", "iisiiis", ROWS, RUNS(THEIRS("due") "i.due < ?1", NOTICE_OVERDUE) BY("due")};
static const Sql sql_pause_of = {"notice.pause-over-of", "iisiiis", ROWS, PAUSE_OVER(THEIRS("left_days")) BY("left_days")};
#define UNIT_AFTER(is) "SELECT min(unit) AS unit FROM item WHERE open = 1 AND paused = " is " AND unit > ?1"
static const Sql sql_unit_after = {"notice.unit-after", "s", "s", "SELECT coalesce(min(u.unit), '') FROM (" UNIT_AFTER("0") " UNION ALL " UNIT_AFTER("1") ") u"};
#define THIS "i.project = ?2 AND i.stage = ?3 AND i.code = ?4 AND "
static const Sql sql_soon_one = {"notice.due-soon-one", "iiis", ROWS, RUNS(THIS SOON, NOTICE_DUE_SOON)};
static const Sql sql_overdue_one = {"notice.overdue-one", "iiis", ROWS, RUNS(THIS LATE, NOTICE_OVERDUE)};
static const Sql sql_pause_one = {"notice.pause-over-one", "iiis", ROWS, PAUSE_OVER(THIS)};
enum { FOUND_MAX = 20 };

static Code place_text(Cx *cx, char *to, size_t size, Str text) {
  if (text.len >= size) FAIL(BROKEN, "code of %zu bytes", text.len);
  snprintf(to, size, "%.*s", SFMT(text));
  return OK;
}

/* at: becomes the last row's; NULL: whoever asks does not go on. */
static Code found_put(Cx *cx, Db *views, Json *found, const char *event, const Sql *q, const Val *vals, size_t n, Reminding *at) {
  static const char *const texts[] = {"item", "item_name", "unit", "taken", "number", "name"};
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, q, vals, n, &r));
  while (rows_next(r)) {
    Json *o = json_push_obj(cx->mem, found);
    json_put_str(cx->mem, o, S("event"), str_of(event));
    json_put_int(cx->mem, o, S("project"), row_i(r, 0));
    json_put_int(cx->mem, o, S("stage"), row_i(r, 1));
    json_put_str(cx->mem, o, S("due"), day_str(cx->mem, (Day){(int32_t)row_i(r, 2)}));
    if (!strcmp(event, NOTICE_PAUSE_OVER)) json_put_str(cx->mem, o, S("planned"), day_str(cx->mem, (Day){(int32_t)row_i(r, 2) - 1}));
    for (size_t i = 0; i < COUNT(texts); i++) json_put_str(cx->mem, o, str_of(texts[i]), row_s(cx, r, (int)i + 3));
    if (!at) continue;
    at->project = row_i(r, 0);
    at->stage = row_i(r, 1);
    at->key = row_i(r, 9);
    TRY(place_text(cx, at->item, sizeof at->item, row_s(cx, r, 3)));
  }
  return rows_end(cx, r);
}

static Code found_all(Cx *cx, Db *views, Day today, int64_t max, Json *found) {
  TRY(found_put(cx, views, found, NOTICE_OVERDUE, &sql_overdue, VALS(val_i(today.n), val_i(max)), NULL));
  TRY(found_put(cx, views, found, NOTICE_DUE_SOON, &sql_soon, VALS(val_i(today.n), val_i(max)), NULL));
  return found_put(cx, views, found, NOTICE_PAUSE_OVER, &sql_pause, VALS(val_i(today.n), val_i(max)), NULL);
}

/* What is told of the items of a unit, in this order, and where each begins: a due day that is past or is to come; a pause by any days that are left. */
static const struct { const char *event; const Sql *sql; int64_t from; } told[] = {
    {NOTICE_OVERDUE, &sql_overdue_of, 1}, {NOTICE_DUE_SOON, &sql_soon_of, 0 /* today */}, {NOTICE_PAUSE_OVER, &sql_pause_of, INT32_MIN}};

static void place_kind(Reminding *at, int kind, Day today) {
  at->kind = kind;
  at->key = told[kind].from ? told[kind].from : today.n;
  at->project = at->stage = 0;
  at->item[0] = 0;
}

static Code next_unit(Cx *cx, Db *views, Day today, Reminding *at) {
  SCOPED(rows_drop) Rows *r = NULL;
  Str unit = S("");
  TRY(db_rows(cx, views, &sql_unit_after, VALS(val_s(str_of(at->unit))), &r));
  if (rows_next(r)) unit = row_s(cx, r, 0);
  TRY(rows_end(cx, r));
  at->more = at->within = unit.len > 0;
  TRY(place_text(cx, at->unit, sizeof at->unit, unit));
  place_kind(at, 0, today);
  return OK;
}

Code reminders_due(Cx *cx, Reader *rd, Day today, size_t max, Reminding *at, Json **items) {
  Db *views = reader_views(rd);
  *items = json_arr(cx->mem);
  at->more = true;
  if (!at->within) TRY(next_unit(cx, views, today, at));
  while (at->within && (*items)->count < max) {
    size_t room = max - (*items)->count, before = (*items)->count;
    Str item = arena_str(cx->mem, str_of(at->item)); /* at becomes another while the rows are read */
    TRY(found_put(cx, views, *items, told[at->kind].event, told[at->kind].sql,
                  VALS(val_i(today.n), val_i((int64_t)room), val_s(str_of(at->unit)), val_i(at->key), val_i(at->project), val_i(at->stage), val_s(item)), at));
    if ((*items)->count - before == room) continue;
    at->within = at->kind + 1 < (int)COUNT(told);
    if (at->within) place_kind(at, at->kind + 1, today);
  }
  return OK;
}

/* What was found a while ago may have been decided since, or told by another server. */
static Code found_given(Cx *cx, Db *views, Day today, const Json *items, Json *found) {
  size_t n = 0;
  static const struct { const char *event; const Sql *sql; } kinds[] = {
      {NOTICE_DUE_SOON, &sql_soon_one}, {NOTICE_OVERDUE, &sql_overdue_one}, {NOTICE_PAUSE_OVER, &sql_pause_one}};
  for (const Json *o = items->first; o && n < 2 * FOUND_MAX; o = o->next, n++) {
    size_t k = COUNT(kinds) - 1;
    while (k && !str_eqz(json_str(o, S("event")), kinds[k].event)) k--;
    TRY(found_put(cx, views, found, kinds[k].event, kinds[k].sql,
                  VALS(val_i(today.n), val_i(json_int(o, S("project"), 0)), val_i(json_int(o, S("stage"), 0)), val_s(json_str(o, S("item")))), NULL));
  }
  return OK;
}

static Code remind_facts(Cx *cx, Db *views, const Command *cmd, Json *out) {
  Arena *m = cx->mem;
  Json *found = json_arr(m), *mail = json_put_arr(m, out, S("mail")), *sms = json_put_arr(m, out, S("sms"));
  const Json *items = json_get(cmd->args, S("items"));
  TRY(items ? found_given(cx, views, day_of(cmd->now), items, found) : found_all(cx, views, day_of(cmd->now), FOUND_MAX, found));
  for (Json *o = found->first; o; o = o->next) {
    Json *handler = json_put_arr(m, o, S("handler")), *head = json_put_arr(m, o, S("unit_head"));
    TRY(handlers(cx, views, json_str(o, S("unit")), json_str(o, S("taken")), o, handler));
    TRY(ids_add(cx, views, &sql_unit, VALS(val_s(json_str(o, S("unit"))), val_s(S("unit_head"))), head));
    TRY(reach_add(cx, views, handler, mail, sms));
    TRY(reach_add(cx, views, head, mail, sms));
  }
  json_put(m, out, S("found"), found);
  return OK;
}

/* ---- what was read --------------------------------------------------------------------------------------- */

static const Sql sql_unread = {"notice.unread-of", "sii", "i",
                               "SELECT count(*) FROM message WHERE account = ?1 AND seen = 0 AND (id = ?2 OR (?2 = 0 AND id <= ?3))"};

static Code read_facts(Cx *cx, Db *views, const Command *cmd, Json *out) {
  int64_t n = 0, id = json_int(cmd->args, S("id"), 0);
  TRY(db_int(cx, views, &sql_unread, VALS(val_s(cmd->actor.id), val_i(id), val_i(json_int(cmd->args, S("upto"), 0))), 0, &n));
  json_put_int(cx->mem, out, S("unread"), n);
  return OK;
}

Code notice__facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  Json *out = NULL;
  (void)state;
  TRY(kit_facts(cx, views, cmd, &out));
  *facts = out;
  if (str_eqz(cmd->name, "notice.read")) return read_facts(cx, views, cmd, out);
  if (str_eqz(cmd->name, "notice.tell")) {
    TRY(json_str(cmd->args, S("about")).len ? about_facts(cx, views, cmd, out) : tell_facts(cx, views, cmd, out));
    return over__facts(cx, views, cmd, out);
  }
  if (str_eqz(cmd->name, "notice.remind")) return remind_facts(cx, views, cmd, out);
  return OK;
}
