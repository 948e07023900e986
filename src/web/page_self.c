/* SPDX-License-Identifier: Apache-2.0 */
/* page_self.c: 网站自检: what inspections of the site measure, as lamps; each number leads to a list of that length (国办秘函〔2019〕19号; P71). */
#include "evaluation/appraisal.h"
#include "evaluation/evaluation.h"
#include "joint/credit.h"
#include "notice/notice.h"
#include "publish/site.h"
#include "web/page_open.h"
#include "web/web_int.h"

#include <stdlib.h>

enum { STEP = 50, ALL_MAX = 1000 };
#define WORKS (ROLE_EDITOR | ROLE_UNIT_HEAD)

/* ---- what stands behind a number ---------------------------------------------------------------------------------------- */

/* Rows one after the other; those of the page that is shown are kept. */
typedef struct Pile {
  Request *rq;
  Json *rows;            /* NULL: only counted */
  size_t from;
  int64_t count;
  Day first, last;
} Pile;
typedef struct Thing { Str title, note, href; Day day; } Thing;

static void pile_add(Pile *p, Thing t) {
  Arena *m = p->rq->mem;
  size_t at = (size_t)p->count++;
  if (t.day.n && t.day.n > p->last.n) p->last = t.day;
  if (t.day.n && (!p->first.n || t.day.n < p->first.n)) p->first = t.day;
  if (!p->rows || at < p->from || at >= p->from + STEP) return;
  Json *o = json_push_obj(m, p->rows);
  PUT(o, "title", t.title);
  PUT(o, "note", t.note);
  PUT(o, "href", t.href);
  PUT(o, "day", t.day.n ? day_str(m, t.day) : S(""));
}

static Day day_at(int64_t ms) {
  return ms ? day_of(ms) : (Day){0};
}

/* Of the register only the page that is shown is read; its sums come from one statement. */
static Code gazettes_pile(Cx *cx, Pile *p, GazetteFilter f, int64_t count, int64_t last, bool readings) {
  GazetteRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  f.limit = STEP;
  f.offset = p->from;
  if (p->rows) TRY(gazettes_list(cx, p->rq->rd, &f, &rows, &n, &total));
  p->count = (int64_t)p->from;
  for (size_t i = 0; i < n; i++) {
    Str id = rows[i].code.len ? rows[i].code : arena_fmt(cx->mem, "%lld", (long long)rows[i].no);
    pile_add(p, (Thing){.title = rows[i].title, .day = day_at(readings ? rows[i].explained : rows[i].published), .href = arena_fmt(cx->mem, "/open/doc/%.*s%s", SFMT(id), readings ? "/jd" : ""),
                        .note = f.early ? arena_fmt(cx->mem, "成文 %.*s", SFMT(day_str(cx->mem, rows[i].day))) : rows[i].number});
  }
  p->count = count;
  p->last = day_at(last);
  return OK;
}

static Code documents(Cx *cx, Pile *p) {
  GazetteSums s;
  TRY(gazettes_sums(cx, p->rq->rd, &s));
  return gazettes_pile(cx, p, (GazetteFilter){.on_site = true}, s.documents, s.published, false);
}

static Code readings(Cx *cx, Pile *p) {
  GazetteSums s;
  TRY(gazettes_sums(cx, p->rq->rd, &s));
  return gazettes_pile(cx, p, (GazetteFilter){.on_site = true, .explained = true}, s.readings, s.explained, true);
}

static Code early_times(Cx *cx, Pile *p) {
  GazetteSums s;
  TRY(gazettes_sums(cx, p->rq->rd, &s));
  return gazettes_pile(cx, p, (GazetteFilter){.early = true}, s.early, 0, false);
}

static Code talks(Cx *cx, Pile *p) {
  CanvassRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0, count = 0, last = 0;
  TRY(canvasses_sums(cx, p->rq->rd, &count, &last));
  if (p->rows) TRY(canvasses_list(cx, p->rq->rd, &(CanvassFilter){.on_site = true, .limit = STEP, .offset = p->from}, &rows, &n, &total));
  p->count = (int64_t)p->from;
  for (size_t i = 0; i < n; i++)
    pile_add(p, (Thing){.title = rows[i].title, .note = canvass_label(rows[i].status), .href = arena_fmt(cx->mem, "/talk/%lld", (long long)rows[i].no),
                        .day = day_at(rows[i].closed ? rows[i].closed : rows[i].opened)});
  p->count = count;
  p->last = day_at(last);
  return OK;
}

static Code answers(Cx *cx, Pile *p) {
  Answered *rows = NULL;
  size_t n = 0;
  TRY(answers_list(cx, p->rq->rd, ALL_MAX, &rows, &n));
  for (size_t i = 0; i < n; i++) pile_add(p, (Thing){.title = rows[i].question, .note = unit_name(p->rq->app->policy, rows[i].owner), .day = rows[i].day, .href = S("/s/answers")});
  return OK;
}

static Code rules(Cx *cx, Pile *p) {
  RuleRow *rows = NULL;
  size_t n = 0;
  TRY(rules_list(cx, reader_views(p->rq->rd), p->rq->app->policy, &(RuleFilter){.status = S("issued")}, day_of(p->rq->now), &rows, &n));
  for (size_t i = 0; i < n; i++) pile_add(p, (Thing){.title = rows[i].title, .note = rows[i].number, .day = day_at(rows[i].issued_at), .href = S("/s/rules")});
  return OK;
}

static Code appraisals(Cx *cx, Pile *p) {
  AppraisalRow *rows = NULL;
  size_t n = 0;
  TRY(appraisals_list(cx, p->rq->rd, false, &rows, &n));
  for (size_t i = 0; i < n; i++) {
    const Appraisal *a = NULL;
    TRY(appraisal_load(cx, p->rq->rd, rows[i].year, &a));
    int64_t last = a->closed_at > a->consulted_at ? a->closed_at : a->consulted_at;
    pile_add(p, (Thing){.title = arena_fmt(cx->mem, "%lld 年考核评价", (long long)rows[i].year), .day = day_at(last > a->published_at ? last : a->published_at), .href = S("/s/appraisals")});
  }
  return OK;
}

static Code draws(Cx *cx, Pile *p) {
  PlanRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(plans_list(cx, p->rq->rd, true, 0, ALL_MAX, &rows, &n, &total));
  for (size_t i = 0; i < n; i++) {
    const SpotPlan *plan = NULL;
    TRY(plan_load(cx, p->rq->rd, rows[i].no, &plan));
    pile_add(p, (Thing){.title = rows[i].title, .note = rows[i].number, .day = day_at(plan->published_at), .href = S("/s/random")});
  }
  return OK;
}

static Code credits(Cx *cx, Pile *p) {
  CreditRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(credits_list(cx, p->rq->rd, &(CreditFilter){.status = S("published"), .limit = ALL_MAX}, &rows, &n, &total));
  for (size_t i = 0; i < n; i++) pile_add(p, (Thing){.title = rows[i].subject, .note = rows[i].number, .day = day_at(rows[i].published_at), .href = S("/credit")});
  return OK;
}

/* What waits for us: a consultation that was sent back for more waits for whoever asked. The oldest of both kinds first. */
static Code messages(Cx *cx, Pile *p) {
  const Policy *policy = p->rq->app->policy;
  ConsultRow *asked = NULL;
  RatingRow *bad = NULL;
  size_t n = 0, k = 0;
  int64_t total = 0;
  TRY(consults_list(cx, p->rq->rd, policy, &(ConsultFilter){.status = S("asked"), .limit = ALL_MAX}, p->rq->now, &asked, &n, &total));
  TRY(ratings_list(cx, p->rq->rd, policy, &(RatingFilter){.bad = true, .status = S("answered"), .limit = ALL_MAX}, p->rq->now, &bad, &k, &total));
  for (size_t i = 0, j = 0; i < n || j < k;) {
    bool consult = j == k || (i < n && asked[i].at <= bad[j].answered);
    if (consult) {
      pile_add(p, (Thing){.title = asked[i].subject, .note = arena_fmt(cx->mem, "前期咨询，等%.*s答复", SFMT(unit_name(policy, asked[i].unit))), .day = day_at(asked[i].at),
                          .href = staff_of(p->rq, asked[i].unit) ? arena_fmt(cx->mem, "/w/ask/%lld", (long long)asked[i].no) : S("")});
      i++;
    } else {
      pile_add(p, (Thing){.title = bad[j].name, .note = arena_fmt(cx->mem, "%.*s，等窗口负责人核实、答复", SFMT(rating_level(bad[j].level))), .day = day_at(bad[j].answered),
                          .href = arena_fmt(cx->mem, "/w/rating/%lld/%d", (long long)bad[j].project, bad[j].stage)});
      j++;
    }
  }
  return OK;
}

static Code guides(Cx *cx, Pile *p) {
  const Policy *policy = p->rq->app->policy;
  for (size_t i = 0; i < policy->item_count; i++) {
    const Item *item = &policy->items[i];
    uint32_t lacks = guide_lacks(policy, item);
    if (lacks)
      pile_add(p, (Thing){.title = item->name, .note = arena_fmt(cx->mem, "缺%.*s（%.*s）", SFMT(guide_names(cx->mem, lacks)), SFMT(unit_name(policy, item->unit))),
                          .href = arena_fmt(cx->mem, "/s/item/%.*s", SFMT(item->code))});
  }
  return OK;
}

static Code marks(Cx *cx, Pile *p) {
  Json *sh = json_obj(cx->mem);
  marks_view(cx->mem, S("zh"), p->rq->app->options.marks, sh);
  for (const Json *x = json_get(sh, S("marks"))->first; x; x = x->next)
    if (!json_bool(x, S("given"))) pile_add(p, (Thing){.title = json_str(x, S("label")), .note = S("每页底部显示〔待填〕")});
  return OK;
}

/* Of the tags that each page has, those whose value only the owner of the site knows. */
static Code tags(Cx *cx, Pile *p) {
  static const struct { const char *mark, *tag; } all[] = {{"domain", "SiteDomain"}, {"site-code", "SiteIDCode"}};
  (void)cx;
  for (size_t i = 0; i < COUNT(all); i++)
    if (!json_str(p->rq->app->options.marks, str_of(all[i].mark)).len) pile_add(p, (Thing){.title = str_of(all[i].tag), .note = S("每页的标签里显示〔待填〕")});
  return OK;
}

/* ---- facts ---------------------------------------------------------------------------------------------------------------- */

/* By the code of a threshold or of a column: what it counts, and what to do when it is not well. */
typedef struct Counted {
  const char *code;
  Code (*pile)(Cx *cx, Pile *p);
  const char *next, *href, *label; /* next: a sentence; href NULL: the list says it */
  const char *things;              /* what is counted: 份文件 */
} Counted;
static const Counted sources[] = {
    {"home", NULL, "公布一份文件、一份解读或者一次意见征集，首页就有新内容", "/w/pub/new", "新建文件", ""},
    {"documents", documents, "有新的文件就公开", "/w/pub/new", "新建文件", "份"},
    {"readings", readings, "给还没有解读的文件写解读", "/w/pub?show=unexplained", "看没有解读的文件", "份文件有"},
    {"talks", talks, "决策以前先公开征求意见", "/w/pub/talk/new", "新建意见征集", "次"},
    {"answers", answers, "请答复的单位把解决了的问题公开", "/w/feedback", "看沟通反馈", "条"},
    {"rules", rules, "请牵头单位登记出台的制度", "/w/rules", "看配套制度", "项"},
    {"appraisals", appraisals, "请市营商局公布考核评价", "/s/appraisals", "看公布的考评", "年"},
    {"random", draws, "请抽查单位公布抽查计划和结果", "/s/random", "看公布的抽查", "个计划"},
    {"credit", credits, "没有应当公布的，不用凑数；有的，审核后公布", "/credit", "看信用公示", "条"},
    {"stale", NULL, "先更新逾期的栏目", NULL, NULL, "个"},
    {"empty", NULL, "补上内容，没有内容可发的栏目请归并", NULL, NULL, "个"},
    {"messages", messages, "催承办单位答复最早的一件", NULL, NULL, "件没有答复"},
    {"guides", guides, "请承办单位写好，交系统管理员补进政策，随下一次政策发布上网", NULL, NULL, "份"},
    {"marks", marks, "请系统管理员写进网站标识文件（启动选项 --marks）", NULL, NULL, "项"},
    {"tags", tags, "请系统管理员写进网站标识文件（启动选项 --marks）", NULL, NULL, "个"},
    {"times", early_times, "核对成文日期；发布时间由服务器记录，谁也不能填写", NULL, NULL, "份"}};

static const Counted *source_of(Str code) {
  for (size_t i = 0; i < COUNT(sources); i++)
    if (str_eqz(code, sources[i].code)) return &sources[i];
  return NULL;
}

static Code counted(Cx *cx, Request *rq, const char *code, Pile *out) {
  *out = (Pile){.rq = rq};
  return source_of(str_of(code))->pile(cx, out);
}

static Code facts_of(Cx *cx, Request *rq, SiteFacts *f) {
  const Disclosure *d = rq->app->policy->disclosure;
  SiteSeen *seen = arena_array(cx->mem, SiteSeen, d->column_count + 1);
  static const char *const counts[] = {"guides", "marks", "tags", "times"};
  int64_t *const to[] = {&f->guides, &f->marks, &f->tags, &f->times};
  static const char *const homely[] = {"documents", "readings", "talks"}; /* what the home page shows of what was published */
  Pile p;
  *f = (SiteFacts){.columns = seen, .column_count = d->column_count};
  for (size_t i = 0; i < d->column_count; i++) {
    TRY(counted(cx, rq, arena_z(cx->mem, d->columns[i].code), &p));
    seen[i] = (SiteSeen){.column = &d->columns[i], .count = p.count, .last = p.last};
  }
  for (size_t i = 0; i < COUNT(homely); i++) {
    TRY(counted(cx, rq, homely[i], &p));
    if (p.last.n > f->home.n) f->home = p.last;
  }
  for (size_t i = 0; i < COUNT(counts); i++) {
    TRY(counted(cx, rq, counts[i], &p));
    *to[i] = p.count;
  }
  TRY(counted(cx, rq, "messages", &p));
  f->waiting = p.count;
  f->asked = p.first;
  return OK;
}

/* ---- the page ---------------------------------------------------------------------------------------------------------------- */

static Str lamp_letter(Lamp l) {
  return l == LAMP_RED ? S("r") : l == LAMP_YELLOW ? S("y") : S("g");
}

static Str lamp_text(Arena *m, const SiteRow *r) {
  if (r->due.n && r->n == 0 && r->column) return S("空白栏目");
  if (r->due.n) return r->left < 0 ? arena_fmt(m, "超期 %d 天", -r->left) : r->left ? arena_fmt(m, "剩 %d 天", r->left) : S("今天到期");
  if (r->lamp == LAMP_GREEN) return S("正常");
  if (r->column) return S("空白栏目");
  if (str_eqz(r->check->code, "home")) return S("没有公布过");
  return r->lamp == LAMP_RED ? S("不合格") : S("要注意");
}

/* As view_lamp, in calendar days and numbers. */
static void lamp_put(Request *rq, Json *o, const SiteRow *r) {
  Arena *m = rq->mem;
  Json *l = json_put_obj(m, o, S("lamp"));
  PUT(l, "css", lamp_letter(r->lamp));
  PUT(l, "code", lamp_code(r->lamp));
  PUT(l, "label", lamp_label(r->lamp));
  PUT(l, "text", lamp_text(m, r));
}

static Str code_of(const SiteRow *r) {
  return r->column ? r->column->code : r->check->code;
}

static void row_view(Request *rq, Json *o, const SiteRow *r) {
  Arena *m = rq->mem;
  const Counted *s = source_of(code_of(r));
  PUT(o, "code", code_of(r));
  PUT(o, "name", r->column ? r->column->name : r->check->name);
  PUT_BOOL(o, "column", r->column != NULL);
  PUT(o, "threshold", str_eqz(r->check->unit, "count") ? arena_fmt(m, "达到 %d 个", r->check->amount) : site_threshold(m, r->check));
  PUT(o, "what", r->check->name);
  PUT(o, "basis", r->check->basis);
  view_source(m, o, r->check->source);
  lamp_put(rq, o, r);
  PUT_BOOL(o, "well", r->lamp == LAMP_GREEN);
  PUT_BOOL(o, "counts", s && !str_eqz(code_of(r), "home"));
  PUT_INT(o, "n", r->n);
  PUT(o, "things", s ? str_of(s->things) : S(""));
  PUT(o, "last", r->last.n ? day_str(m, r->last) : S(""));
  PUT(o, "due", r->due.n ? day_str(m, r->due) : S(""));
  if (r->due.n) PUT_INT(o, "left", r->left);
  PUT(o, "todo", s ? str_of(s->next) : S(""));
  PUT(o, "href", s && s->href ? str_of(s->href) : arena_fmt(m, "/w/self/%.*s", SFMT(code_of(r))));
  PUT(o, "label", s && s->label ? str_of(s->label) : S("看是哪些"));
}

/* Worst first; of one colour those with the fewest days left, then as the package has them. */
static int worse(const void *x, const void *y) {
  const SiteRow *a = x, *b = y;
  static const int rank[LAMP__MAX] = {[LAMP_RED] = 1, [LAMP_YELLOW] = 2, [LAMP_GREEN] = 3};
  if (rank[a->lamp] != rank[b->lamp]) return rank[a->lamp] - rank[b->lamp];
  if ((a->due.n > 0) != (b->due.n > 0)) return a->due.n ? 1 : -1;
  return a->left != b->left ? a->left - b->left : a->check != b->check ? (a->check > b->check) - (a->check < b->check) : (a->column > b->column) - (a->column < b->column);
}

static void lamps_put(Request *rq, Json *view, const SiteRow *rows, size_t n, Str only) {
  static const struct { Lamp lamp; const char *label; } all[] = {{LAMP_RED, "不合格"}, {LAMP_YELLOW, "快到期、要注意"}, {LAMP_GREEN, "正常"}};
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("lamps"));
  for (size_t i = 0; i < COUNT(all); i++) {
    int64_t count = 0;
    for (size_t k = 0; k < n; k++) count += rows[k].lamp == all[i].lamp;
    Json *o = json_push_obj(m, list);
    PUT(o, "css", lamp_letter(all[i].lamp));
    PUT_INT(o, "n", count);
    PUT(o, "label", str_of(all[i].label));
    PUT(o, "href", arena_fmt(m, "/w/self?lamp=%.*s", SFMT(lamp_code(all[i].lamp))));
    PUT_BOOL(o, "current", str_eq(only, lamp_code(all[i].lamp)));
  }
}

static Code rows_of(Cx *cx, Request *rq, SiteRow **rows, size_t *n) {
  const Disclosure *d = rq->app->policy->disclosure;
  SiteFacts f;
  if (!d || !d->check_count) FAIL(CONFLICT, "政策包没有网站自检的门槛（gazette.yaml 的 checks），不能自检。");
  TRY(facts_of(cx, rq, &f));
  *n = site_rows(cx->mem, d, &f, day_of(rq->now), rows);
  qsort(*rows, *n, sizeof **rows, worse);
  return OK;
}

Code view_self(Cx *cx, Request *rq, Json *view) {
  SiteRow *rows = NULL;
  size_t n = 0;
  const Disclosure *d = rq->app->policy->disclosure;
  if (!d || !d->check_count) return OK;
  TRY(rows_of(cx, rq, &rows, &n));
  Json *o = json_put_obj(rq->mem, view, S("self"));
  lamps_put(rq, o, rows, n, S(""));
  if (n && rows[0].lamp != LAMP_GREEN) row_view(rq, json_put_obj(rq->mem, o, S("first")), &rows[0]);
  return OK;
}

static Code page_self(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  SiteRow *rows = NULL;
  size_t n = 0;
  Str only = request_arg(rq, S("lamp"));
  TRY(rows_of(cx, rq, &rows, &n));
  rp->title = S("网站自检");
  rp->view = json_obj(m);
  PUT(rp->view, "as_of", time_cn(m, rq->now));
  PUT(rp->view, "only", only);
  lamps_put(rq, rp->view, rows, n, only);
  if (n && rows[0].lamp != LAMP_GREEN) row_view(rq, json_put_obj(m, rp->view, S("first")), &rows[0]);
  Json *list = json_put_arr(m, rp->view, S("rows"));
  for (size_t i = 0; i < n; i++)
    if (!only.len || str_eq(only, lamp_code(rows[i].lamp))) row_view(rq, json_push_obj(m, list), &rows[i]);
  PUT_INT(rp->view, "shown", (int64_t)list->count);
  return OK;
}

/* ---- one number ---------------------------------------------------------------------------------------------------------------- */

/* Columns that are late, or blank. */
static void columns_pile(Pile *p, const SiteRow *rows, size_t n, bool blank) {
  Arena *m = p->rq->mem;
  for (size_t i = 0; i < n; i++)
    if (rows[i].column && rows[i].lamp == LAMP_RED && (rows[i].n == 0) == blank)
      pile_add(p, (Thing){.title = rows[i].column->name, .day = rows[i].last, .href = arena_fmt(m, "/w/self/%.*s", SFMT(rows[i].column->code)), .note = lamp_text(m, &rows[i])});
}

static Code page_list(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  SiteRow *rows = NULL;
  const SiteRow *row = NULL;
  size_t n = 0;
  const Counted *s = source_of(rq->params[0]);
  TRY(rows_of(cx, rq, &rows, &n));
  for (size_t i = 0; i < n; i++)
    if (str_eq(code_of(&rows[i]), rq->params[0])) row = &rows[i];
  if (!row || !s || str_eqz(rq->params[0], "home")) FAIL(NOT_FOUND, "没有这个指标，请从网站自检里打开。");
  rp->title = row->column ? row->column->name : row->check->name;
  rp->view = json_obj(m);
  row_view(rq, rp->view, row);
  Pile p = {.rq = rq, .rows = json_put_arr(m, rp->view, S("rows")), .from = from_of(rq)};
  if (s->pile) TRY(s->pile(cx, &p));
  else columns_pile(&p, rows, n, str_eqz(rq->params[0], "empty"));
  view_pages(rq, rp->view, p.from, p.rows->count, STEP, p.count);
  if (row->column) PUT(rp->view, "page", row->column->path);
  return OK;
}

const Route self_routes[] = {
    {.method = GET, .path = "/w/self", .allow = WORKS, .run = page_self, .tmpl = "self", .section = "self", .compact = true, .help = "网站自检：检查指标的每个门槛一盏灯，还剩几天，下一步做什么。"},
    {.method = GET, .path = "/w/self/{code}", .allow = WORKS, .run = page_list, .tmpl = "self_list", .section = "self", .compact = true, .help = "网站自检的一个数字后面是哪些。"},
    {.path = NULL},
};
