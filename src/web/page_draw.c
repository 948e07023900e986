/* SPDX-License-Identifier: Apache-2.0 */
/* page_draw.c: one draw: what is public of it, what its parties do, and the checks that come of it. */
#include "web/page_random.h"

enum { SECRET_BYTES = 16 };

static Code draw_of(Cx *cx, Request *rq, const SpotDraw **out) {
  return draw_load(cx, rq->rd, param_no(rq, 0), out);
}

/* ---- what everybody sees ----------------------------------------------------------------------------------------- */

static void parties_view(Request *rq, Json *view, const SpotDraw *d) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("parties"));
  for (size_t i = 0; i < d->party_count; i++) {
    const SpotParty *p = &d->parties[i];
    Json *o = json_push_obj(m, list);
    PUT(o, "id", p->id);
    PUT(o, "name", p->name);
    PUT(o, "commitment", p->commitment);
    PUT(o, "secret", p->secret);
    if (p->committed) PUT(o, "committed", time_cn(m, p->committed));
    if (p->revealed) PUT(o, "revealed", time_cn(m, p->revealed));
    PUT_BOOL(o, "withheld", d->voided_at >= d->beacon_at && d->voided_at && !p->revealed);
  }
}

/* A check is for the two who do it, and for who watches. */
static bool sees_check(const Request *rq, const SpotCheck *c) {
  return request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER) || (rq->who && (str_eq(c->persons[0], rq->who->id) || str_eq(c->persons[1], rq->who->id)));
}

/* What was found is for everybody once it is published. */
static void drawn_view(Request *rq, Json *view, const SpotDraw *d, bool staff) {
  Arena *m = rq->mem;
  int64_t published = 0;
  Json *list = json_put_arr(m, view, S("drawn"));
  for (size_t i = 0; i < d->check_count; i++) {
    const SpotCheck *c = &d->checks[i];
    Json *o = json_push_obj(m, list);
    bool shown = c->published || (staff && c->recorded);
    published += c->published != 0;
    PUT(o, "object", c->object);
    PUT(o, "name", c->name);
    PUT(o, "uscc", c->uscc);
    PUT_BOOL(o, "opens", staff && sees_check(rq, c));
    PUT(o, "class", c->class);
    PUT(o, "inspectors", arena_fmt(m, "%.*s（%.*s）、%.*s（%.*s）", SFMT(c->names[0]), SFMT(c->certs[0]), SFMT(c->names[1]), SFMT(c->certs[1])));
    PUT(o, "result", shown ? c->result : S(""));
    PUT(o, "result_label", shown ? inspect_label(c->result) : S(""));
    PUT(o, "finding", shown ? c->finding : S(""));
    PUT_BOOL(o, "confirmed", c->confirmed != 0);
    if (c->published) PUT(o, "published", day_str(m, day_of(c->published)));
    if (!staff || !c->confirmed) continue;
    Reading r = spot_reading(rq->app->policy, c->confirmed, c->published, d->days, rq->now);
    view_reading(m, o, &r, d->days);
  }
  PUT_INT(view, "drawn_count", (int64_t)d->check_count);
  PUT_INT(view, "published_count", published);
  Json *targets = json_put_arr(m, view, S("targets"));
  for (size_t i = 0; i < rq->app->policy->spot_target_count && published; i++) json_push_str(m, targets, rq->app->policy->spot_targets[i]);
}

/* What there is to do now, for whoever looks at the page: the words of the procedure only in brackets. */
static Str now_text(const Request *rq, const SpotDraw *d, bool staff) {
  bool early = rq->now < d->beacon_at, watch = staff && request_has_role(rq, ROLE_SUPERVISOR), commit = false, reveal = false;
  for (size_t i = 0; i < d->party_count && staff && early; i++) {
    bool mine = str_eq(d->parties[i].id, rq->who->id);
    commit |= mine && !d->parties[i].committed;
    reveal |= mine && !d->parties[i].revealed;
  }
  if (str_eqz(d->status, "committing")) {
    if (commit) return S(N_("轮到您：先抄下下面的暗语，再按“交出承诺”。暗语自己留着，现在不告诉任何人。"));
    if (staff) return S(N_("等各方封存暗语（承诺）。您不用做什么。"));
    return S(N_("等各方封存暗语（承诺）。想监督的，现在抄下名单的指纹，抽取以后拿来核对。"));
  }
  if (str_eqz(d->status, "revealing")) {
    if (reveal) return S(N_("轮到您：把当初抄下的暗语填在下面，按“交出暗语”。"));
    return S(N_("等各方打开封存的暗语（揭示）。您不用做什么。"));
  }
  if (str_eqz(d->status, "waiting")) {
    if (early) return S(N_("暗语都打开了，等公开随机数产生。"));
    if (watch) return S(N_("公开随机数应当已经产生：到公布它的地方查到，照原样填在下面，按“录入并抽取”。"));
    return S(N_("等监督人员录入公开随机数。"));
  }
  if (str_eqz(d->status, "voided")) return S(N_("这次抽取作废了，理由写在上面；还要抽的，由监督人员重抽一次。"));
  return staff ? S(N_("已经抽好。抽给谁检查的，由谁点开对象记录结果。")) : S(N_("已经抽好。想核对的，按“在浏览器里重算”，名单和结果有没有被动过，当场看得出。"));
}

static Code draw_view(Cx *cx, Request *rq, Reply *rp, const SpotDraw *d, bool staff) {
  Arena *m = rq->mem;
  Str which = arena_fmt(m, "第 %d 次抽取", d->attempt);
  Str shown = tr(rq->lang, which);
  rp->title = arena_fmt(m, "%.*s　%.*s", SFMT(d->number), SFMT(shown));
  rp->view = json_obj(m);
  PUT_INT(rp->view, "no", d->no);
  PUT_INT(rp->view, "plan", d->plan);
  PUT_INT(rp->view, "attempt", d->attempt);
  PUT_BOOL(rp->view, "again", d->attempt > 1);
  PUT(rp->view, "number", d->number);
  PUT(rp->view, "plan_title", d->title);
  PUT(rp->view, "status", d->status);
  PUT(rp->view, "status_label", inspect_label(d->status));
  PUT(rp->view, "now", now_text(rq, d, staff));
  PUT(rp->view, "reason", d->reason);
  PUT(rp->view, "hash", d->hash);
  PUT_INT(rp->view, "objects", (int64_t)d->objects);
  PUT_INT(rp->view, "inspectors", (int64_t)d->inspectors);
  PUT_INT(rp->view, "wanted", (int64_t)d->wanted);
  PUT(rp->view, "opened", time_cn(m, d->opened_at));
  PUT(rp->view, "opened_by", d->opened_by);
  PUT(rp->view, "beacon", d->beacon);
  PUT(rp->view, "beacon_at", time_cn(m, d->beacon_at));
  PUT(rp->view, "value", d->value);
  PUT(rp->view, "seed", d->seed);
  if (d->drawn_at) PUT(rp->view, "drawn_at", time_cn(m, d->drawn_at));
  if (d->voided_at) PUT(rp->view, "voided_at", time_cn(m, d->voided_at));
  PUT_INT(rp->view, "days", d->days);
  PUT_BOOL(rp->view, "sample", rq->app->policy->spot_source.sample);
  PUT_BOOL(rp->view, "staff", staff);
  parties_view(rq, rp->view, d);
  const SpotPlan *p = NULL;
  TRY(plan_load(cx, rq->rd, d->plan, &p));
  PUT_BOOL(rp->view, "before", day_of(rq->now).n < p->from.n);
  drawn_view(rq, rp->view, d, staff);
  return OK;
}

Code page_draw_public(Cx *cx, Request *rq, Reply *rp) {
  const SpotDraw *d = NULL;
  TRY(draw_of(cx, rq, &d));
  TRY(draw_view(cx, rq, rp, d, false));
  return OK;
}

Code page_draw_file(Cx *cx, Request *rq, Reply *rp) {
  const SpotDraw *d = NULL;
  TRY(draw_of(cx, rq, &d));
  rp->type = S("text/plain; charset=utf-8");
  rp->body = draw_file(rq->mem, d);
  rp->filename = arena_fmt(rq->mem, "%.*s-%d.txt", SFMT(d->number), d->attempt);
  return OK;
}

Code page_draw_results(Cx *cx, Request *rq, Reply *rp) {
  const SpotDraw *d = NULL;
  TRY(draw_of(cx, rq, &d));
  rp->type = S("text/csv; charset=utf-8");
  rp->body = draw_results(rq->mem, d);
  rp->filename = arena_fmt(rq->mem, "%.*s-%d-结果.csv", SFMT(d->number), d->attempt);
  return OK;
}

/* ---- what its parties do -------------------------------------------------------------------------------------------- */

static const FormField commit_fields[] = {{"commitment", "long", "封存的凭据（承诺）", "由暗语算出的 64 位数字和字母，看不出暗语；已经替您填好", false}};
static const FormField reveal_fields[] = {{"secret", "text", "暗语", "封存时抄下的那一句，大小写要一样；本页代拟的只有数字和 a 到 f，没有字母 o、i、l", false}};
static const FormField value_fields[] = {{"value", "text", "公开随机数的值", "照公布的原样填写，不加空格；录错了人人看得出", false}};
static const FormField void_fields[] = {{"reason", "long", "理由", "至少 10 个字；中止和理由在公示页上，重抽的名单写明这一次", false}};
enum { COMMIT, REVEAL, COMPLETE, PUBLISH, VOID, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "commit", .command = "draw.commit", .title = "封存暗语（承诺）", .button = "交出承诺", FIELDS(commit_fields), .note = "承诺交出以后不能更改。交出以前，请先抄下暗语。"},
    {.act = "reveal", .command = "draw.reveal", .title = "打开暗语（揭示）", .button = "交出暗语", FIELDS(reveal_fields)},
    {.act = "complete", .command = "draw.complete", .title = "录入公开随机数并抽取", .button = "录入并抽取", FIELDS(value_fields)},
    {.act = "publish", .command = "draw.publish", .title = "公示检查结果", .button = "公示全部确认了的结果", .fields = NULL, .count = 0,
     .note = "一次公示，给每个公示网站各一份；公示以后不能更改。"},
    {.act = "void", .command = "draw.void", .title = "中止抽取", .button = "中止", FIELDS(void_fields)}};

/* A secret for those who have no program at hand. The server forgets it; whoever does not want it to have known makes one elsewhere. */
static void commit_form(Request *rq, Json *view, const SpotDraw *d) {
  Arena *m = rq->mem;
  uint8_t raw[SECRET_BYTES];
  random_bytes(raw, sizeof raw);
  Str secret = hex_str(m, raw, sizeof raw);
  Json *form = form_put_act(rq, view, &acts[COMMIT]);
  if (rq->method == POST) return; /* what was typed stands there, and belongs to another secret */
  PUT(view, "proposal", secret);
  PUT(view, "party", rq->who->id);
  form_value(rq, form, "commitment", lot_commitment(m, d->hash, rq->who->id, secret));
}

static void draw_forms(Request *rq, Json *view, const SpotDraw *d) {
  bool watch = request_has_role(rq, ROLE_SUPERVISOR), early = rq->now < d->beacon_at, ready = false;
  bool committing = str_eqz(d->status, "committing"), revealing = str_eqz(d->status, "revealing"), waiting = str_eqz(d->status, "waiting");
  for (size_t i = 0; i < d->party_count && early; i++) {
    const SpotParty *p = &d->parties[i];
    if (!str_eq(p->id, rq->who->id)) continue;
    if (committing && !p->committed) commit_form(rq, view, d);
    if (revealing && !p->revealed) form_put_act(rq, view, &acts[REVEAL]);
  }
  for (size_t i = 0; i < d->check_count; i++) ready |= d->checks[i].confirmed && !d->checks[i].published;
  if (watch && waiting && !early) form_put_act(rq, view, &acts[COMPLETE]);
  if (watch && ready) form_put_act(rq, view, &acts[PUBLISH]);
  if (watch && (committing || revealing || waiting)) form_put_act(rq, view, &acts[VOID]);
}

static Str draw_path(Request *rq) {
  return arena_fmt(rq->mem, "/w/random/draw/%lld", (long long)param_no(rq, 0));
}

Code page_draw(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const SpotDraw *d = NULL;
  TRY(draw_of(cx, rq, &d));
  TRY(draw_view(cx, rq, rp, d, true));
  PUT(rp->view, "path", draw_path(rq));
  draw_forms(rq, rp->view, d);
  return OK;
}

Code post_draw(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *a = NULL;
  TRY(form_act(cx, rq, acts, ACTS, &a));
  form_send(rq, rp, a, arena_fmt(rq->mem, "draw/%lld", (long long)param_no(rq, 0)), form_args(rq, a), draw_path(rq), page_draw, "random_draw");
  return OK;
}

/* ---- a drawn object ----------------------------------------------------------------------------------------------------- */

static const FormField record_fields[] = {{"result", "radio", "检查结果", NULL, false},
                                          {"finding", "long", "检查情况", "查了什么、看到什么、要求怎样改；公示以后人人看得到", false}};
static const FormField back_fields[] = {{"reason", "long", "退回的理由", "至少 10 个字", false}};
enum { RECORD, CONFIRM, BACK, CHECK_ACTS };
static const FormAct check_acts[CHECK_ACTS] = {
    {.act = "record", .command = "draw.record", .title = "记录检查结果", .button = "记录", FIELDS(record_fields), .note = "由另一名检查人员确认以后才能公示。"},
    {.act = "confirm", .command = "draw.confirm", .title = "确认", .button = "确认这个结果", .fields = NULL, .count = 0},
    {.act = "back", .command = "draw.send-back", .title = "退回", .button = "退回重新记录", FIELDS(back_fields)}};

static Code check_of(Cx *cx, Request *rq, const SpotDraw **d, const SpotCheck **out) {
  TRY(draw_of(cx, rq, d));
  *out = draw_check(*d, rq->params[1]);
  if (!*out || !sees_check(rq, *out)) FAIL(NOT_FOUND, "没有这个检查对象，或者不是抽给您检查的。");
  return OK;
}

static void check_forms(Request *rq, Json *view, const SpotCheck *c) {
  static const char *const results[] = {"ok", "ordered", "pending", "refused", "unreachable"};
  bool mine = str_eq(c->persons[0], rq->who->id) || str_eq(c->persons[1], rq->who->id);
  if (!mine || c->confirmed) return;
  if (c->recorded && !str_eq(c->recorded_by, rq->who->id)) {
    form_put_act(rq, view, &check_acts[CONFIRM]);
    form_put_act(rq, view, &check_acts[BACK]);
    return;
  }
  Json *form = form_put_act(rq, view, &check_acts[RECORD]);
  form_value(rq, form, "result", c->result);
  form_value(rq, form, "finding", c->finding);
  for (size_t i = 0; i < COUNT(results); i++) form_choice(rq, form, "result", str_of(results[i]), inspect_label(str_of(results[i])));
}

static Str check_path(Request *rq) {
  return arena_fmt(rq->mem, "/w/random/check/%lld/%.*s", (long long)param_no(rq, 0), SFMT(rq->params[1]));
}

Code page_spot(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const SpotDraw *d = NULL;
  const SpotCheck *c = NULL;
  const SpotPlan *p = NULL;
  TRY(check_of(cx, rq, &d, &c));
  TRY(plan_load(cx, rq->rd, d->plan, &p));
  rp->title = c->name;
  rp->view = json_obj(m);
  PUT_INT(rp->view, "no", d->no);
  PUT(rp->view, "number", d->number);
  PUT(rp->view, "plan_title", d->title);
  PUT(rp->view, "path", check_path(rq));
  PUT(rp->view, "object", c->object);
  PUT(rp->view, "name", c->name);
  PUT(rp->view, "uscc", c->uscc);
  PUT(rp->view, "class", c->class);
  PUT(rp->view, "inspectors", arena_fmt(m, "%.*s（%.*s）、%.*s（%.*s）", SFMT(c->names[0]), SFMT(c->certs[0]), SFMT(c->names[1]), SFMT(c->certs[1])));
  PUT(rp->view, "from", day_str(m, p->from));
  PUT(rp->view, "to", day_str(m, p->to));
  PUT(rp->view, "result_label", c->recorded ? inspect_label(c->result) : S(""));
  PUT(rp->view, "finding", c->recorded ? c->finding : S(""));
  PUT(rp->view, "returned", c->returned);
  Day when = day_of(c->recorded ? c->recorded : rq->now); /* after the days of the plan: said before and on the result */
  if (when.n > p->to.n) PUT_INT(rp->view, "past", when.n - p->to.n);
  if (c->recorded) PUT(rp->view, "recorded", time_cn(m, c->recorded));
  if (c->confirmed) PUT(rp->view, "confirmed", time_cn(m, c->confirmed));
  if (c->published) PUT(rp->view, "published", time_cn(m, c->published));
  PUT_INT(rp->view, "days", d->days);
  Json *items = json_put_arr(m, rp->view, S("items"));
  for (size_t i = 0; i < p->item_count; i++) json_push_str(m, items, p->items[i]);
  if (c->confirmed) {
    Reading r = spot_reading(rq->app->policy, c->confirmed, c->published, d->days, rq->now);
    view_reading(m, rp->view, &r, d->days);
  }
  PUT_BOOL(rp->view, "to_publish", c->confirmed && !c->published);
  PUT_BOOL(rp->view, "publishes", request_has_role(rq, ROLE_SUPERVISOR));
  check_forms(rq, rp->view, c);
  return OK;
}

Code post_spot(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *a = NULL;
  const SpotDraw *d = NULL;
  const SpotCheck *c = NULL;
  TRY(check_of(cx, rq, &d, &c));
  TRY(form_act(cx, rq, check_acts, CHECK_ACTS, &a));
  Json *args = form_args(rq, a);
  json_put_str(rq->mem, args, S("object"), rq->params[1]);
  form_send(rq, rp, a, arena_fmt(rq->mem, "draw/%lld", (long long)d->no), args, check_path(rq), page_spot, "random_check");
  return OK;
}
