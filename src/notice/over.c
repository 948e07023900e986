/* SPDX-License-Identifier: Apache-2.0 */
/* over.c: which messages are settled by which act: what they asked for was done, or what they told of is over. */
#include "notice/notice_int.h"

typedef enum Reach { OF_STAGE, OF_ITEM, OF_UNIT, OF_EARLIER, OF_ALL } Reach;
enum { ENDS_MAX = 5, OPEN_MAX = 200 };
#define ENDS(...) .ends = {__VA_ARGS__}
#define ITEMS "item."
/* A word that ends with a dot means all that begin so; "" means all. More than one row for one event: all of them. */
static const struct { const char *event; Reach reach; const char *ends[ENDS_MAX]; } rows[] = {
    {"stage.submitted", OF_STAGE, ENDS("stage.refused", "stage.not-accepted", "stage.confirm-asked", "stage.draft-returned")},
    {"stage.submitted", OF_EARLIER, ENDS("")},
    {"stage.correction-requested", OF_STAGE, ENDS("stage.submitted", "stage.corrected")},
    {"stage.confirm-asked", OF_STAGE, ENDS("stage.draft-returned")},
    {"stage.draft-returned", OF_STAGE, ENDS("stage.confirm-asked")},
    {"stage.corrected", OF_STAGE, ENDS("stage.correction-requested", "stage.confirm-asked", "stage.draft-returned")},
    {"stage.accepted", OF_STAGE, ENDS("stage.submitted", "stage.corrected", "stage.correction-requested")},
    {"stage.not-accepted", OF_STAGE, ENDS("stage.submitted", "stage.corrected", "stage.correction-requested")},
    {"stage.slip-drafted", OF_STAGE, ENDS("stage.slip-returned")},
    {"stage.slip-returned", OF_STAGE, ENDS("stage.slip-drafted")},
    {"stage.dispatched", OF_STAGE, ENDS("stage.slip-drafted", "stage.slip-returned")},
    {"stage.certified", OF_STAGE, ENDS("stage.", ITEMS)},
    {"stage.delivered", OF_STAGE, ENDS("stage.", ITEMS)},
    {"stage.refused", OF_STAGE, ENDS("stage.", ITEMS)},
    {"stage.withdrawn", OF_STAGE, ENDS("stage.", ITEMS)},
    {"project.withdrawn", OF_ALL, ENDS("stage.", ITEMS)},
    {"item.taken", OF_UNIT, ENDS("stage.dispatched", "stage.certified")},
    {"item.paused", OF_ITEM, ENDS("item.resumed", "item.supplemented")},
    {"item.pause-extended", OF_ITEM, ENDS("item.paused", "item.pause-extended", NOTICE_PAUSE_OVER)},
    {"item.returned", OF_ITEM, ENDS("item.resumed", "item.supplemented")},
    {"item.resumed", OF_ITEM, ENDS("item.paused", "item.pause-extended", "item.returned", NOTICE_PAUSE_OVER)},
    {"item.supplemented", OF_ITEM, ENDS("item.returned", NOTICE_PAUSE_OVER)},
    {"item.extended", OF_ITEM, ENDS("item.extension-asked", NOTICE_DUE_SOON, NOTICE_OVERDUE)},
    {"item.extension-refused", OF_ITEM, ENDS("item.extension-asked")},
    {"item.decided", OF_ITEM, ENDS(ITEMS)},
    {"item.settled", OF_ITEM, ENDS(ITEMS)},
    {"item.withdrawn", OF_ITEM, ENDS(ITEMS)},
    {"consult.more-asked", OF_ALL, ENDS("consult.asked")},
    {"consult.supplemented", OF_ALL, ENDS("consult.more-asked")},
    {"consult.replied", OF_ALL, ENDS("consult.asked", "consult.more-asked")},
    {"consult.withdrawn", OF_ALL, ENDS("consult.")},
    {"agent.assigned", OF_ALL, ENDS("agent.ordered")},
    {"agent.reassigned", OF_ALL, ENDS("agent.assigned", "agent.reassigned")},
    {"agent.ended", OF_ALL, ENDS("agent.")},
    {"acceptance.scheduled", OF_ALL, ENDS("acceptance.started", "acceptance.scheduled", "acceptance.rechecked")},
    {"acceptance.rechecked", OF_ALL, ENDS("acceptance.scheduled", "acceptance.reported")},
    {"acceptance.concluded", OF_ALL, ENDS("acceptance.")},
    {"acceptance.withdrawn", OF_ALL, ENDS("acceptance.")},
    {"survey.delivered", OF_ALL, ENDS("survey.commissioned")},
    {"survey.cancelled", OF_ALL, ENDS("survey.")},
    {"credit.answered", OF_ALL, ENDS("credit.objected")},
    {"credit.repair-refused", OF_ALL, ENDS("credit.repair-asked")},
    {"appraisal.closed", OF_ALL, ENDS("appraisal.")},
    {"credit.published", OF_ALL, ENDS("credit.drafted", "credit.answered")},
    {"credit.rejected", OF_ALL, ENDS("credit.")},
    {"credit.repaired", OF_ALL, ENDS("credit.")},
    {"credit.expired", OF_ALL, ENDS("credit.")},
    {"credit.withdrawn", OF_ALL, ENDS("credit.")},
    {"gazette.submitted", OF_ALL, ENDS("gazette.")},
    {"gazette.signed", OF_ALL, ENDS("gazette.")},
    {"gazette.settled", OF_ALL, ENDS("gazette.")},
    {"gazette.returned", OF_ALL, ENDS("gazette.")},
    {"gazette.disputed", OF_ALL, ENDS("gazette.")},
    {"gazette.published", OF_ALL, ENDS("gazette.")},
    {"gazette.kept", OF_ALL, ENDS("gazette.")},
    {"canvass.submitted", OF_ALL, ENDS("canvass.")},
    {"canvass.signed", OF_ALL, ENDS("canvass.")},
    {"canvass.returned", OF_ALL, ENDS("canvass.")},
    {"canvass.opened", OF_ALL, ENDS("canvass.")},
    {"canvass.grouped", OF_ALL, ENDS("canvass.said")},
    {"canvass.answered", OF_ALL, ENDS("canvass.ended")},
    {"canvass.closed", OF_ALL, ENDS("canvass.")},
    {"rating.answered", OF_STAGE, ENDS("rating.opened")},
    {"rating.replied", OF_STAGE, ENDS("rating.answered")},
    {"directive.raised", OF_ALL, ENDS("directive.")},
    {"directive.returned", OF_ALL, ENDS("directive.")},
    {"directive.replied", OF_ALL, ENDS("directive.")},
    {"directive.settled", OF_ALL, ENDS("directive.")},
    {"directive.closed", OF_ALL, ENDS("directive.")},
};

static bool means(const char *word, Str event) {
  size_t n = strlen(word);
  return !n || (word[n - 1] == '.' ? str_starts(event, str_of(word)) : str_eqz(event, word));
}

static bool reaches(Reach reach, const Json *open, const Json *args) {
  int64_t stage = json_int(args, S("stage"), 0), of = json_int(open, S("stage"), 0);
  if (reach == OF_ALL) return true;
  if (reach == OF_EARLIER) return of < stage;
  if (reach == OF_UNIT) return of == stage && json_get(open, S("to"));
  return of == stage && (reach == OF_STAGE || str_eq(json_str(open, S("item")), json_str(args, S("item"))));
}

static bool ended(const Json *open, const Json *args) {
  Str event = json_str(args, S("event"));
  for (size_t i = 0; i < COUNT(rows); i++)
    for (size_t k = 0; str_eqz(event, rows[i].event) && k < ENDS_MAX && rows[i].ends[k]; k++)
      if (reaches(rows[i].reach, open, args) && means(rows[i].ends[k], json_str(open, S("event")))) return true;
  return false;
}

Json *notice__over(Arena *m, const Json *facts, const Json *args) {
  const Json *open = json_get(facts, S("open"));
  Json *over = json_arr(m);
  for (const Json *o = open ? open->first : NULL; o; o = o->next)
    if (ended(o, args)) json_push(m, over, json_clone(m, o));
  return over->count ? over : NULL;
}

/* ---- what is open -------------------------------------------------------------------------------------- */

static const Sql sql_open = {"notice.open", "is", "iss",
                             "SELECT DISTINCT stage, item, event FROM message WHERE done = 0 AND project = ?1 AND about = ?2 ORDER BY stage, item, event LIMIT 200"};
/* Nothing of the unit waits in the stage any more: then all of the unit know. */
static const Sql sql_waits = {"notice.waits", "iis", "i",
                              "SELECT count(*) FROM item i WHERE i.project = ?1 AND i.stage = ?2 AND i.status = 'waiting' AND i.unit ="
                              " (SELECT u.unit FROM item u WHERE u.project = ?1 AND u.stage = ?2 AND u.code = ?3)"};
static const Sql sql_colleagues = {"notice.colleagues", "iis", "s",
                                   "SELECT DISTINCT m.account FROM message m JOIN account a ON a.id = m.account WHERE m.done = 0 AND m.project = ?1 AND m.about = ''"
                                   " AND m.stage = ?2 AND m.whom IN ('unit', 'unit_head') AND a.unit ="
                                   " (SELECT u.unit FROM item u WHERE u.project = ?1 AND u.stage = ?2 AND u.code = ?3) ORDER BY m.account"};

static Code colleagues_put(Cx *cx, Db *views, const Command *cmd, Json *open) {
  SCOPED(rows_drop) Rows *r = NULL;
  int64_t project = json_int(cmd->args, S("project"), 0), stage = json_int(cmd->args, S("stage"), 0), waits = 0;
  Str item = json_str(cmd->args, S("item"));
  TRY(db_int(cx, views, &sql_waits, VALS(val_i(project), val_i(stage), val_s(item)), 0, &waits));
  if (waits) return OK;
  Json *to = json_arr(cx->mem);
  TRY(db_rows(cx, views, &sql_colleagues, VALS(val_i(project), val_i(stage), val_s(item)), &r));
  while (to->count < TOLD_MAX && rows_next(r)) json_push_str(cx->mem, to, row_s(cx, r, 0));
  TRY(rows_end(cx, r));
  for (Json *o = to->count ? open->first : NULL; o; o = o->next) json_put(cx->mem, o, S("to"), json_clone(cx->mem, to));
  return OK;
}

Code over__facts(Cx *cx, Db *views, const Command *cmd, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  Json *open = json_put_arr(cx->mem, out, S("open"));
  TRY(db_rows(cx, views, &sql_open, VALS(val_i(json_int(cmd->args, S("project"), 0)), val_s(json_str(cmd->args, S("about")))), &r));
  while (open->count < OPEN_MAX && rows_next(r)) {
    Json *o = json_push_obj(cx->mem, open);
    json_put_int(cx->mem, o, S("stage"), row_i(r, 0));
    json_put_str(cx->mem, o, S("item"), row_s(cx, r, 1));
    json_put_str(cx->mem, o, S("event"), row_s(cx, r, 2));
  }
  TRY(rows_end(cx, r));
  return open->count && str_eqz(json_str(cmd->args, S("event")), "item.taken") ? colleagues_put(cx, views, cmd, open) : OK;
}

/* ---- the rows ------------------------------------------------------------------------------------------- */

/* Found first, then written by key: one statement over both would keep what it found in a table of its own, 40 000 instructions. */
static const Sql sql_open_rows = {"message.open", "isissis", "si",
                                  "SELECT account, id FROM message WHERE done = 0 AND project = ?1 AND about = ?2 AND stage = ?3 AND item = ?4 AND event = ?5 AND id < ?6"
                                  " AND (?7 = '' OR account = ?7)"};
static const Sql sql_done = {"message.done", "sii", "", "UPDATE message SET done = ?3 WHERE account = ?1 AND id = ?2"};

typedef struct Mine { Str account; int64_t id; } Mine;
typedef struct Mines { Mine *list; size_t count, cap; } Mines;

static Code open_rows(Cx *cx, Db *views, const Event *e, int64_t project, Str about, const Json *o, Str account, Mines *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_open_rows,
              VALS(val_i(project), val_s(about), val_i(json_int(o, S("stage"), 0)), val_s(json_str(o, S("item"))), val_s(json_str(o, S("event"))),
                   val_i(e->pos * ID_STEP), val_s(account)), &r));
  while (rows_next(r)) *GROW(cx->mem, out->list, out->count, out->cap, Mine) = (Mine){.account = row_s(cx, r, 0), .id = row_i(r, 1)};
  return rows_end(cx, r);
}

static Code done_put(Cx *cx, Db *views, const Event *e, int64_t project, Str about, const Json *o, Str account) {
  Mines open = {0};
  TRY(open_rows(cx, views, e, project, about, o, account, &open));
  for (size_t i = 0; i < open.count; i++)
    TRY(db_run(cx, views, &sql_done, VALS(val_s(open.list[i].account), val_i(open.list[i].id), val_i(e->recorded))));
  return OK;
}

/* "notice/7" is about a project, "notice/consult.3" about what has none. */
Code over__put(Cx *cx, Db *views, const Event *e) {
  const Json *over = json_get(e->body, S("over"));
  Str name = str_sub(e->stream, 7, SIZE_MAX), kind, no, about = S("");
  int64_t project = 0;
  if (!over) return OK;
  if (str_cut(name, '.', &kind, &no)) about = arena_fmt(cx->mem, "%.*s/%.*s", SFMT(kind), SFMT(no));
  else if (!str_to_i64(name, &project)) return OK;
  for (const Json *o = over->first; o; o = o->next) {
    const Json *to = json_get(o, S("to"));
    if (!to) TRY(done_put(cx, views, e, project, about, o, S("")));
    for (const Json *x = to ? to->first : NULL; x; x = x->next) TRY(done_put(cx, views, e, project, about, o, x->str));
  }
  return OK;
}
