/* SPDX-License-Identifier: Apache-2.0 */
/* page_rating.c: how it was 好差评: answering, in the product and under a link; the window's reply; the published results. */
#include "web/forms.h"
#include "notice/notice.h"
#include "supervision/supervision.h"

enum { STEP = 30 };

/* ---- answering ----------------------------------------------------------------------------------------------- */

static void choices_view(Request *rq, Json *view) {
  Arena *m = rq->mem;
  Json *levels = json_put_arr(m, view, S("levels")), *scores = json_put_arr(m, view, S("scores")), *aspects = json_put_arr(m, view, S("aspects"));
  static const struct { const char *name, *label; } rows[] = {{"felt", N_("感受度：办事的过程感受怎样")}, {"gained", N_("获得感：事情办成，得到了多少便利")}, {"satisfied", N_("满意度：对这次服务满意多少")}};
  const Json *typed = json_get(rq->args, S("aspects"));
  for (int k = RATING_LEVELS; k >= 1; k--) {
    Json *o = json_push_obj(m, levels);
    PUT_INT(o, "value", k);
    PUT(o, "id", k == RATING_LEVELS ? S("level") : arena_fmt(m, "level-%d", k));
    PUT(o, "label", rating_level(k));
    PUT_BOOL(o, "chosen", request_int(rq, S("level"), 0) == k);
  }
  for (size_t i = 0; i < COUNT(rows); i++) {
    Json *o = json_push_obj(m, scores);
    Str name = str_of(rows[i].name);
    PUT(o, "name", name);
    PUT(o, "label", str_of(rows[i].label));
    Json *list = json_put_arr(m, o, S("values"));
    for (int k = RATING_LEVELS; k >= 1; k--) {
      Json *v = json_push_obj(m, list);
      PUT_INT(v, "value", k);
      PUT_BOOL(v, "chosen", request_int(rq, name, 0) == k);
    }
  }
  for (size_t i = 0; i < ASPECTS; i++) {
    Json *o = json_push_obj(m, aspects);
    PUT(o, "code", str_of(rating_aspects[i].code));
    PUT(o, "label", str_of(rating_aspects[i].label));
    bool chosen = false;
    for (const Json *x = typed ? typed->first : NULL; x; x = x->next) chosen |= str_eqz(x->str, rating_aspects[i].code);
    PUT_BOOL(o, "chosen", chosen);
  }
}

static void answer_view(Request *rq, Json *view, const Verdict *r) {
  Arena *m = rq->mem;
  Str rest = r->aspects, one;
  PUT(view, "level_label", rating_level(r->level));
  PUT_INT(view, "felt", r->felt);
  PUT_INT(view, "gained", r->gained);
  PUT_INT(view, "satisfied", r->satisfied);
  PUT(view, "text", r->text);
  PUT(view, "answered", time_cn(m, r->answered_at));
  PUT_BOOL(view, "bad", r->level <= RATING_BAD);
  Json *list = json_put_arr(m, view, S("chosen"));
  for (bool more = rest.len > 0; more;) {
    more = str_cut(rest, ',', &one, &rest);
    for (size_t i = 0; i < ASPECTS; i++)
      if (str_eqz(one, rating_aspects[i].code)) json_push_str(m, list, str_of(rating_aspects[i].label));
  }
  if (!r->replied_at) return;
  PUT(view, "found", r->found);
  PUT(view, "done", r->done);
  PUT(view, "replied", time_cn(m, r->replied_at));
}

static void rating_view(Request *rq, Json *view, const Verdict *r) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  PUT_INT(view, "project", r->project);
  PUT_INT(view, "stage", r->stage);
  PUT(view, "number", r->number);
  PUT(view, "name", r->name);
  PUT(view, "stage_name", p->stages[r->stage].name);
  PUT(view, "unit_name", unit_name(p, r->unit));
  PUT(view, "opened", day_cn(m, day_of(r->opened_at)));
  PUT(view, "status", r->status);
  PUT_BOOL(view, "open", str_eqz(r->status, "open"));
  PUT_INT(view, "rating_days", p->rating_days);
  PUT_BOOL(view, "rating_sample", p->rating_source.sample);
  if (str_eqz(r->status, "open")) choices_view(rq, view);
  else answer_view(rq, view, r);
}

static Code stage_param(Cx *cx, Str text, int *stage) {
  int64_t n = 0;
  if (!str_to_i64(text, &n) || n < 1 || n > STAGE_MAX) FAIL(NOT_FOUND, "没有这个阶段。");
  *stage = (int)n;
  return OK;
}

static Code own_rating(Cx *cx, Request *rq, const Verdict **out) {
  int stage;
  TRY(stage_param(cx, rq->params[1], &stage));
  TRY(rating_load(cx, rq->rd, param_no(rq, 0), stage, out));
  if (!own_enterprise(rq, (*out)->applicant, (*out)->uscc)) FAIL(NOT_FOUND, "没有这件评价，或者它不是请您单位评价的。");
  return OK;
}

/* One answer for a case that is not there and a wrong secret: it tells nothing about what exists. */
static Code link_rating(Cx *cx, Request *rq, const Verdict **out) {
  Str no, rest, token = S("");
  int64_t project = 0;
  int stage = 0;
  Cx own = {.mem = rq->mem, .now = rq->now};
  bool found = str_cut(rq->params[0], '-', &no, &rest) && str_to_i64(no, &project) && stage_param(&own, rest, &stage) == OK &&
               rating_token(&own, rq->rd, project, stage, &token) == OK && secret_eq(token, rq->params[1]) &&
               rating_load(&own, rq->rd, project, stage, out) == OK;
  if (!found) FAIL(NOT_FOUND, "评价的链接不完整或者不对，请打开收到的消息里的链接。");
  return OK;
}

static bool by_link(const Request *rq) {
  return str_starts(rq->path, S("/rate/")) || str_starts(rq->path, S("/api/v1/rate/"));
}

static Code page_answer(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Verdict *r = NULL;
  TRY(by_link(rq) ? link_rating(cx, rq, &r) : own_rating(cx, rq, &r));
  rp->title = tr(rq->lang, S("评价这次办理"));
  rp->view = json_obj(m);
  PUT(rp->view, "path", by_link(rq) ? arena_fmt(m, "/rate/%.*s/%.*s", SFMT(rq->params[0]), SFMT(rq->params[1]))
                                    : arena_fmt(m, "/my/rating/%lld/%d", (long long)r->project, r->stage));
  PUT_BOOL(rp->view, "link", by_link(rq));
  rating_view(rq, rp->view, r);
  return OK;
}

/* The fault of a score stands beside it: the row of the view gets it. */
static void after_answer(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  Str *location = rq->state, field = arena_str(rq->mem, result->field), detail = arena_str(rq->mem, result->detail);
  bool refused = result->code != OK;
  after_or_again(cx, rq, result, rp, *location, page_answer, "rate");
  const Json *scores = refused && rp->view ? json_get(rp->view, S("scores")) : NULL;
  for (Json *o = scores ? scores->first : NULL; o; o = o->next)
    if (str_eq(json_str(o, S("name")), field)) json_put_str(rq->mem, o, S("error"), detail);
}

static Code post_answer(Cx *cx, Request *rq, Reply *rp) {
  static const char *const numbers[] = {"level", "felt", "gained", "satisfied"};
  Arena *m = rq->mem;
  const Verdict *r = NULL;
  TRY(by_link(rq) ? link_rating(cx, rq, &r) : own_rating(cx, rq, &r));
  Json *args = json_obj(m);
  for (size_t i = 0; i < COUNT(numbers); i++)
    if (request_arg(rq, str_of(numbers[i])).len) json_put_int(m, args, str_of(numbers[i]), request_int(rq, str_of(numbers[i]), 0));
  const Json *aspects = json_get(rq->args, S("aspects"));
  if (aspects && aspects->count) json_put(m, args, S("aspects"), aspects);
  if (request_arg(rq, S("text")).len) PUT(args, "text", request_arg(rq, S("text")));
  Str *location = arena_new(m, Str);
  *location = by_link(rq) ? arena_fmt(m, "/rate/%.*s/%.*s", SFMT(rq->params[0]), SFMT(rq->params[1]))
                          : arena_fmt(m, "/my/rating/%lld/%d", (long long)r->project, r->stage);
  Command *c = reply_command(rq, rp, by_link(rq) ? S("rating.answer-by-link") : S("rating.answer"),
                             arena_fmt(m, "rating/%lld-%d", (long long)r->project, r->stage), args);
  if (by_link(rq)) c->actor = (Actor){.id = S("public"), .name = S("凭链接评价的人"), .roles = ROLE_SYSTEM}; /* the secret was right */
  rq->state = location;
  rp->after = after_answer;
  return OK;
}

/* ---- the window ------------------------------------------------------------------------------------------------ */

static Code page_bad(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  RatingRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  rp->title = S("差评核实和答复");
  rp->view = json_obj(m);
  PUT_INT(rp->view, "rating_days", rq->app->policy->rating_days);
  PUT_BOOL(rp->view, "rating_sample", rq->app->policy->rating_source.sample);
  TRY(ratings_list(cx, rq->rd, rq->app->policy, &(RatingFilter){.bad = true, .offset = from_of(rq), .limit = STEP}, rq->now, &rows, &n, &total));
  Json *list = json_put_arr(m, rp->view, S("rows"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "project", rows[i].project);
    PUT_INT(o, "stage", rows[i].stage);
    PUT(o, "number", rows[i].number);
    PUT(o, "name", rows[i].name);
    PUT(o, "unit_name", unit_name(rq->app->policy, rows[i].unit));
    PUT(o, "level_label", rating_level(rows[i].level));
    PUT(o, "answered", day_str(m, day_of(rows[i].answered)));
    PUT_BOOL(o, "replied", rows[i].replied > 0);
    view_reading(m, o, &rows[i].reading, 0);
  }
  view_pages(rq, rp->view, from_of(rq), n, STEP, total);
  int64_t waiting = 0;
  TRY(ratings_list(cx, rq->rd, rq->app->policy, &(RatingFilter){.bad = true, .status = S("answered"), .limit = 1}, rq->now, &rows, &n, &waiting));
  PUT_INT(rp->view, "waiting", waiting);
  return OK;
}

static const FormField reply_fields[] = {{"found", "long", "核实的情况", "向经办人员和申请人核实以后填写", false},
                                         {"done", "long", "怎么整改", "已经做了什么，以后怎么避免", false},
                                         {"called", "yesno", "已经回访评价人", NULL, false}};
static const FormAct reply_act = {.act = "reply", .command = "rating.reply", .title = "答复", .button = "答复评价人", FIELDS(reply_fields),
                                  .note = "评价人会看到答复；不能要求评价人修改评价。"};

/* "orders": what was ordered by hand about this case, from the window that answers and from the lead whose stage was rated. */
static Code bad_orders(Cx *cx, Request *rq, Json *view, const Verdict *r) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Str units[] = {p->window_unit, r->unit};
  bool watch = request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER);
  PUT(view, "window_name", unit_name(p, p->window_unit));
  PUT_BOOL(view, "can_send", request_has_role(rq, ROLE_SUPERVISOR));
  Json *list = json_put_arr(m, view, S("orders"));
  for (size_t k = 0; k < COUNT(units) && !(k && str_eq(units[k], units[0])); k++) {
    DirectiveRow *rows = NULL;
    size_t n = 0;
    TRY(directives_about(cx, rq->rd, p, units[k], r->project, r->stage, S(""), rq->now, &rows, &n));
    for (size_t i = 0; i < n; i++) {
      Json *o = json_push_obj(m, list);
      PUT_INT(o, "no", rows[i].no);
      PUT(o, "number", rows[i].number);
      PUT(o, "subject", rows[i].subject);
      PUT(o, "to", arena_fmt(m, "%.*s（%.*s）", SFMT(rows[i].to_name), SFMT(super_label(rows[i].level))));
      PUT(o, "status_label", super_label(rows[i].status));
      PUT(o, "by", day_cn(m, rows[i].reply_by));
      PUT_BOOL(o, "issued", str_eqz(rows[i].status, "issued"));
      PUT_BOOL(o, "opens", watch || str_eq(rq->who->unit, rows[i].unit));
    }
  }
  return OK;
}

static Code page_bad_one(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Verdict *r = NULL;
  int stage;
  TRY(stage_param(cx, rq->params[1], &stage));
  TRY(rating_load(cx, rq->rd, param_no(rq, 0), stage, &r));
  if (!r->level || r->level > RATING_BAD) FAIL(NOT_FOUND, "这件没有差评，评价的内容不给经办单位看。");
  rp->title = arena_fmt(m, "差评：%.*s", SFMT(r->name));
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/w/rating/%lld/%d", (long long)r->project, stage));
  rating_view(rq, rp->view, r);
  PUT(rp->view, "reply_by", r->reply_by);
  PUT_BOOL(rp->view, "called", r->called);
  Reading reading = rating_reading(rq->app->policy, r, rq->now);
  view_reading(m, rp->view, &reading, r->days);
  if (!r->replied_at && request_has_role(rq, ROLE_WINDOW_HEAD)) form_put_act(rq, rp->view, &reply_act);
  return bad_orders(cx, rq, rp->view, r);
}

static Code post_bad_one(Cx *cx, Request *rq, Reply *rp) {
  int stage;
  TRY(stage_param(cx, rq->params[1], &stage));
  form_send(rq, rp, &reply_act, arena_fmt(rq->mem, "rating/%lld-%d", (long long)param_no(rq, 0), stage), form_args(rq, &reply_act),
            arena_fmt(rq->mem, "/w/rating/%lld/%d", (long long)param_no(rq, 0), stage), page_bad_one, "bad");
  return OK;
}

/* ---- published ------------------------------------------------------------------------------------------------- */

static Str hundredths(Arena *m, int64_t v) {
  return arena_fmt(m, "%lld.%02lld", (long long)(v / 100), (long long)(v % 100));
}

static void sum_view(Request *rq, Json *list, const RatingSum *s, Str name) {
  Arena *m = rq->mem;
  Json *o = json_push_obj(m, list);
  PUT(o, "key", s->key);
  PUT(o, "name", name);
  PUT_INT(o, "asked", s->asked);
  PUT_INT(o, "n", s->n);
  bool enough = s->n > 0 && s->n >= rq->app->policy->rating_least;
  PUT_BOOL(o, "enough", enough);
  if (!enough) return;
  PUT(o, "mean", hundredths(m, s->mean));
  PUT(o, "felt", hundredths(m, s->felt));
  PUT(o, "gained", hundredths(m, s->gained));
  PUT(o, "satisfied", hundredths(m, s->satisfied));
  PUT_INT(o, "bad", s->bad);
  PUT_INT(o, "replied", s->replied);
  Json *levels = json_put_arr(m, o, S("levels"));
  for (int k = RATING_LEVELS; k >= 1; k--) PUT_INT(json_push_obj(m, levels), "count", s->level[k]);
}

static Code page_results(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  RatingSum *rows = NULL;
  size_t n = 0;
  rp->title = tr(rq->lang, S("满意度"));
  rp->view = json_obj(m);
  PUT_INT(rp->view, "least", p->rating_least);
  PUT_BOOL(rp->view, "rating_sample", p->rating_source.sample);
  TRY(ratings_sum(cx, rq->rd, false, &rows, &n));
  Json *list = json_put_arr(m, rp->view, S("categories"));
  for (size_t i = 0; i < n; i++) sum_view(rq, list, &rows[i], category_name(p, rows[i].key));
  TRY(ratings_sum(cx, rq->rd, true, &rows, &n));
  list = json_put_arr(m, rp->view, S("units"));
  for (size_t i = 0; i < n; i++) sum_view(rq, list, &rows[i], unit_name(p, rows[i].key));
  return OK;
}

#define SEES (ROLE_WINDOW_HEAD | ROLE_SUPERVISOR | ROLE_LEADER)
const Route rating_routes[] = {
    {.method = GET, .path = "/my/rating/{id}/{n}", .allow = ROLE_APPLICANT, .run = page_answer, .tmpl = "rate", .section = "my", .help = "评价一次办理；评过的显示评价和答复。"},
    {.method = POST, .path = "/my/rating/{id}/{n}", .allow = ROLE_APPLICANT, .run = post_answer, .section = "my", .help = "评价，一事一评。"},
    {.method = GET, .path = "/rate/{case}/{token}", .allow = ROLE_PUBLIC, .run = page_answer, .tmpl = "rate", .section = "home", .help = "凭消息里的链接评价，不用登录。"},
    {.method = POST, .path = "/rate/{case}/{token}", .allow = ROLE_PUBLIC, .run = post_answer, .section = "home", .help = "凭链接评价。"},
    {.method = GET, .path = "/w/ratings", .allow = SEES, .run = page_bad, .tmpl = "bads", .section = "rating", .compact = true, .help = "不满意和非常不满意的评价，没有答复的在前。"},
    {.method = GET, .path = "/w/rating/{id}/{n}", .allow = SEES, .run = page_bad_one, .tmpl = "bad", .section = "rating", .compact = true, .help = "一件差评：核实、整改、答复。"},
    {.method = POST, .path = "/w/rating/{id}/{n}", .allow = ROLE_WINDOW_HEAD, .run = post_bad_one, .section = "rating", .compact = true, .help = "窗口负责人答复差评。"},
    {.method = GET, .path = "/ratings", .allow = ROLE_PUBLIC, .run = page_results, .tmpl = "ratings", .section = "open", .help = "满意度：按类别、按牵头部门公布，写明份数。"},
    {.path = NULL},
};
