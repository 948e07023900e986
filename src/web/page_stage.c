/* SPDX-License-Identifier: Apache-2.0 */
/* page_stage.c: the board of the unit that leads a stage 阶段牵头看板 (D60-2.6.3): what runs late in all departments, to be urged
 * from its row; for the stage of acceptance, the visits that wait for a day. Supervisors and leaders look on. */
#include "web/page_accept.h"
#include "web/page_heard.h"
#include "web/page_work.h"

enum { SHOWN = 50, VISITS_SHOWN = 20 };
#define LEAD (ROLE_STAGE_LEAD | ROLE_APPROVER | ROLE_UNIT_HEAD)
#define WATCH (ROLE_SUPERVISOR | ROLE_LEADER)

static bool leads(const Request *rq, int n) {
  return request_has_role(rq, LEAD) && rq->who->unit.len && str_eq(rq->app->policy->stages[n].lead, rq->who->unit);
}

void leads_view(Request *rq, Json *view) {
  Arena *m = rq->mem;
  Json *list = NULL;
  for (int n = 1; n <= STAGE_MAX; n++) {
    if (!leads(rq, n) && !request_has_role(rq, WATCH)) continue;
    if (!list) list = json_put_arr(m, view, S("led"));
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "n", n);
    PUT(o, "name", rq->app->policy->stages[n].name);
  }
}

/* How many are late in each stage that stands in view.led; the one that is shown is marked. */
static void led_late(Request *rq, Json *view, int here, const int64_t *late) {
  Arena *m = rq->mem;
  const Json *list = json_get(view, S("led"));
  for (Json *o = list ? list->first : NULL; o; o = o->next) {
    int64_t n = json_int(o, S("n"), 0);
    if (late[n]) PUT_INT(o, "late", late[n]);
    PUT_BOOL(o, "here", n == here);
  }
}

/* Without a number, of the stages that the unit leads, the one in which most is late; the first when there is none. */
static Code number_of(Cx *cx, const Request *rq, const int64_t *late, int *out) {
  int64_t n = 0;
  bool named = rq->params[0].len && str_to_i64(rq->params[0], &n);
  for (int k = 1; k <= STAGE_MAX && !named; k++)
    if (leads(rq, k) && (!n || late[k] > late[n])) n = k;
  if (n < 1 || n > STAGE_MAX) FAIL(NOT_FOUND, "没有这个阶段，或者您的单位没有牵头的阶段。");
  *out = (int)n;
  if (!leads(rq, *out) && !request_has_role(rq, WATCH)) FAIL(NOT_FOUND, "第 %d 阶段不由您的单位牵头。", *out);
  return OK;
}

static Code urge_put(Cx *cx, Request *rq, Json *o, const ItemRow *r, bool lead) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  TRY(project_load(cx, rq->rd, r->project, &pr));
  const ItemState *i = stage_item(&pr->stages[r->stage], r->code);
  bool today = i && i->urged_at && day_of(i->urged_at).n == day_of(rq->now).n, lit = r->lamp == LAMP_RED || r->lamp == LAMP_YELLOW;
  JointTurn joint = {.text = S("")};
  if (i && item_open_tied(&pr->stages[r->stage], i).len) TRY(joint_turn(cx, rq, pr, r->code, &joint));
  bool elsewhere = joint.owner || joint.done || (i && ((i->status == ITEM_PAUSED && r->lamp != LAMP_YELLOW) || i->status == ITEM_RETURNED));
  PUT(o, "joint_turn", joint.text);
  PUT_BOOL(o, "can_urge", lead && lit && !today && !elsewhere);
  if (i && i->urged) {
    PUT_INT(o, "urged", i->urged);
    PUT(o, "urged_at", time_cn(m, i->urged_at));
    PUT_BOOL(o, "urged_today", today);
    TRY(heard_view(cx, rq, o, &(Message){.project = r->project, .stage = r->stage, .item = r->code}, "item.urged", pr->owner));
  }
  return OK;
}

static Code row_put(Cx *cx, Request *rq, Json *list, const ItemRow *r, bool lead) {
  Arena *m = rq->mem;
  Json *o = json_push_obj(m, list);
  PUT_INT(o, "project", r->project);
  PUT(o, "code", r->code);
  PUT(o, "project_name", r->project_name);
  PUT(o, "number", r->number);
  PUT(o, "item", r->item_name);
  PUT(o, "unit_name", unit_name(rq->app->policy, r->unit));
  if (r->stalled && r->lamp == LAMP_YELLOW) view_lamp_stalled(m, o, r->stalled);
  else view_lamp(m, o, r->lamp, r->left, r->left < 0 ? -r->left : 0);
  if (r->overdue) view_before(m, o, r->used, r->before, r->limit, true);
  if (r->has_due) PUT(o, "due", day_str(m, r->due));
  PUT(o, "taken", r->taken_by);
  PUT(o, "status_label", r->status);
  TRY(joint_until_view(cx, rq, o, r));
  return urge_put(cx, rq, o, r, lead);
}

/* One lamp: how many, and the first of them when they are shown. */
static Code lamp_put(Cx *cx, Request *rq, Json *view, int n, const char *lamp, const char *css, const char *label, Str wanted) {
  Arena *m = rq->mem;
  ItemRow *rows = NULL;
  size_t count = 0;
  int64_t total = 0;
  bool lit = !strcmp(lamp, "red") || !strcmp(lamp, "yellow"), here = wanted.len ? str_eqz(wanted, lamp) : lit;
  ItemFilter f = {.lamp = str_of(lamp), .stage = n, .open = true, .offset = wanted.len && here ? from_of(rq) : 0, .limit = here ? SHOWN : 1};
  TRY(items_list(cx, rq->rd, rq->app->policy, &f, rq->now, &rows, &count, &total));
  Json *o = json_push_obj(m, (Json *)(uintptr_t)json_get(view, S("lamps"))), *list = (Json *)(uintptr_t)json_get(view, S("items"));
  PUT(o, "href", arena_fmt(m, "/w/stage/%d?lamp=%s", n, lamp));
  PUT(o, "css", str_of(css));
  PUT(o, "label", str_of(label));
  PUT_INT(o, "n", total);
  PUT_BOOL(o, "current", wanted.len > 0 && here);
  for (size_t i = 0; here && i < count; i++) TRY(row_put(cx, rq, list, &rows[i], leads(rq, n)));
  if (here && wanted.len) view_pages(rq, view, f.offset, count, SHOWN, total);
  if (here && !wanted.len && total > SHOWN) PUT_BOOL(view, "cut", true);
  return OK;
}

static Code page_stage(Cx *cx, Request *rq, Reply *rp) {
  static const char *const lamps[][3] = {{"red", "r", "超期"}, {"yellow", "y", "预警"}, {"grey", "p", "暂停"}, {"green", "g", "正常"}};
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Str wanted = request_arg(rq, S("lamp"));
  int n = 0;
  int64_t late[STAGE_MAX + 1];
  TRY(items_late(cx, rq->rd, rq->now, late));
  TRY(number_of(cx, rq, late, &n));
  rp->title = arena_fmt(m, "阶段牵头：第 %d 阶段 %.*s", n, SFMT(p->stages[n].name));
  rp->view = json_obj(m);
  TRY(view_live(cx, rq, rp->view, S("project")));
  PUT_INT(rp->view, "n", n);
  PUT(rp->view, "lead_name", unit_name(p, p->stages[n].lead));
  PUT(rp->view, "as_of", time_cn(m, rq->now));
  PUT(rp->view, "lamp_filter", wanted);
  leads_view(rq, rp->view);
  led_late(rq, rp->view, n, late);
  json_put_arr(m, rp->view, S("lamps"));
  json_put_arr(m, rp->view, S("items"));
  for (size_t i = 0; i < COUNT(lamps); i++) TRY(lamp_put(cx, rq, rp->view, n, lamps[i][0], lamps[i][1], lamps[i][2], wanted));
  if (n != STAGE_MAX && !leads(rq, STAGE_MAX)) return OK;
  PUT_BOOL(rp->view, "visits", true);
  return acceptances_view(cx, rq, json_put_obj(m, rp->view, S("to_visit")), &(AcceptanceFilter){.status = S("started"), .limit = VISITS_SHOWN});
}

static void after_stage(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  Str lamp = request_arg(rq, S("lamp"));
  after_or_again(cx, rq, result, rp, arena_fmt(rq->mem, "/w/stage/%.*s%s%.*s", SFMT(rq->params[0]), lamp.len ? "?lamp=" : "", SFMT(lamp)), page_stage, "stage");
}

static Code post_stage(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  int n = 0;
  Str act = request_arg(rq, S("act"));
  TRY(number_of(cx, rq, (const int64_t[STAGE_MAX + 1]){0}, &n));
  if (!str_eqz(act, "urge")) FAIL(MALFORMED, "没有“%.*s”这种办理动作。请返回上一页重新操作。", SFMT(act));
  Json *args = json_obj(m);
  PUT_INT(args, "stage", n);
  PUT(args, "item", request_arg(rq, S("item")));
  reply_command(rq, rp, S("item.urge"), arena_fmt(m, "project/%lld", (long long)request_int(rq, S("project"), 0)), args);
  rp->after = after_stage;
  return OK;
}

const Route stage_routes[] = {
    {.method = GET, .path = "/w/stage", .allow = ROLE_STAGE_LEAD, .run = page_stage, .tmpl = "stage", .section = "stage", .compact = true,
     .help = "阶段牵头看板：本单位牵头的阶段里超期最多的一个。"},
    {.method = GET, .path = "/w/stage/{n}", .allow = LEAD | WATCH, .run = page_stage, .tmpl = "stage", .section = "stage", .compact = true,
     .help = "阶段牵头看板：一个阶段在各部门的事项，亮红灯、黄灯的在前，逐件催办；?lamp= 只看一种灯。"},
    {.method = POST, .path = "/w/stage/{n}", .allow = LEAD, .run = post_stage, .section = "stage", .compact = true, .help = "催办一个事项。"},
    {.path = NULL},
};
