/* SPDX-License-Identifier: Apache-2.0 */
/* page_search.c: the home page, which is a search; what was found; suggestions. */
#include "web/page_search.h"
#include "journal/proof.h"
#include "web/page_audit.h"
#include "web/page_directive.h"
#include "web/page_open.h"

enum { FIRST_CARDS = 5, PAGE_CARDS = 20, NEAR_CARDS = 3, TIPS = 8, FRESH_MAX = 64, HOME_DOCUMENTS = 3, MISSES_SHOWN = 30 };

/* ---- the home page ------------------------------------------------------------------------------------------ */

/* What is asked for most: no numbers are kept, so this is a list of ours. */
static const char *const often[] = {N_("施工许可证"), N_("工程规划许可证"), N_("联合验收"), N_("免费代办"), N_("我该办哪些")};

/* "head": the last signed head of the journal, so that anybody can see how old it is; nothing while there is none. */
static Code head_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  Checkpoint *heads = NULL;
  size_t n = 0;
  TRY(checkpoints_list(cx, rq->app->dir, 0, 1, &heads, &n));
  if (!n) return OK;
  Json *o = json_put_obj(m, view, S("head"));
  PUT(o, "day", str_sub(heads[0].time, 0, 10));
  PUT(o, "time", str_sub(heads[0].time, 11, 5));
  PUT_INT(o, "size", heads[0].size);
  return OK;
}

static void often_view(Request *rq, Json *view) {
  Json *words = json_put_arr(rq->mem, view, S("often"));
  for (size_t i = 0; i < COUNT(often); i++) {
    Json *o = json_push_obj(rq->mem, words);
    json_put_str(rq->mem, o, S("q"), str_of(often[i]));
    json_put_str(rq->mem, o, S("text"), tr(rq->lang, str_of(often[i])));
  }
}

static void services_view(Request *rq, Json *view) {
  Json *list = json_put_arr(rq->mem, view, S("stages"));
  for (int n = 1; n <= STAGE_MAX; n++) view_stage_limits(rq->mem, rq->app->policy, json_push_obj(rq->mem, list), n);
  often_view(rq, view);
}

static Code page_home(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  rp->title = tr(rq->lang, S("葫芦岛市工程建设项目审批服务"));
  rp->view = json_obj(m);
  services_view(rq, rp->view);
  view_contact(m, rq->app->policy, rp->view, rq->app->policy->window_unit);
  PUT(rp->view, "number_like", project_number(m, NUMBER_LIKE));
  TRY(head_view(cx, rq, rp->view));
  TRY(view_documents(cx, rq, rp->view, HOME_DOCUMENTS));
  TRY(view_talks(cx, rq, rp->view, &(CanvassFilter){.status = S("open"), .limit = HOME_DOCUMENTS}));
  rp->cache = true;
  return OK;
}

/* ---- asking --------------------------------------------------------------------------------------------------- */

/* The index follows the journal before it answers: what was acknowledged a moment ago is found. If it cannot, it answers with what it has
 * and the page says so. */
static bool fresh(Request *rq) {
  Cx own = {.mem = rq->mem, .now = rq->now};
  bool behind = false;
  Code code = search_package(&own, rq->app->search, rq->app->policy);
  if (code == OK) code = search_follow(&own, rq->app->search, rq->rd, FRESH_MAX, &behind);
  if (code != OK) log_line(LOG_WARN, "search: %.*s", SFMT(own.detail));
  return code == OK && !behind;
}

typedef struct Found {
  SearchHit list[PAGE_CARDS];
  size_t count;
  int64_t total;
} Found;
typedef struct Looking {
  Str who[SEARCH_WHO_MAX];
  size_t who_count;
  Understood ways[UNDERSTOOD_MAX];
  size_t way_count, way; /* way: the one that was taken */
  Found kinds[SEARCH_KIND__MAX];
  int64_t total;
} Looking;

static Code ask_way(Cx *cx, Request *rq, Looking *l, size_t way, SearchKind only, size_t from) {
  l->way = way;
  l->total = 0;
  for (int k = 1; k < SEARCH_KIND__MAX; k++) {
    Found *f = &l->kinds[k];
    SearchAsk ask = {.count = l->ways[way].count, .place = l->ways[way].place, .kind = (SearchKind)k, .who = l->who, .who_count = l->who_count,
                     .from = k == (int)only ? from : 0, .max = k == (int)only ? PAGE_CARDS : only ? 0 : FIRST_CARDS};
    memcpy(ask.words, l->ways[way].words, sizeof ask.words);
    TRY(search_find(cx, rq->app->search, &ask, f->list, &f->count, &f->total));
    l->total += f->total;
  }
  return OK;
}

/* The first way to take what was typed that finds anything. */
static Code look(Cx *cx, Request *rq, Str q, bool literal, SearchKind only, size_t from, Looking *l) {
  TRY(search_who(cx, rq->rd, rq->who, l->who, &l->who_count));
  l->way_count = search_understand(cx, rq->app->search, q, literal, l->ways);
  for (size_t i = 0; i < l->way_count && !l->total; i++) TRY(ask_way(cx, rq, l, i, only, from));
  return OK;
}

static void group_view(Cx *cx, Request *rq, Json *list, Looking *l, SearchKind k) {
  Arena *m = rq->mem;
  Json *g = json_push_obj(m, list);
  PUT(g, "kind", search_kind_text(k));
  PUT(g, "label", search_kind_label(k));
  PUT_INT(g, "total", l->kinds[k].total);
  Json *cards = json_put_arr(m, g, S("cards"));
  for (size_t i = 0; i < l->kinds[k].count; i++) {
    Json *card = json_obj(m);
    if (card_view(cx, rq, card, &l->ways[l->way], &l->kinds[k].list[i])) json_push(m, cards, card);
  }
  PUT_BOOL(g, "more", l->kinds[k].total > (int64_t)l->kinds[k].count);
}

static void how_view(Request *rq, Json *view, const Looking *l) {
  Arena *m = rq->mem;
  const Understood *u = &l->ways[l->way];
  PUT(view, "how", search_how_text(u->how));
  PUT(view, "said", u->asked);
  PUT(view, "to", u->to);
  if (!u->place.count) return;
  PUT(view, "place", u->place_name);
  view_contact(m, rq->app->policy, json_put_obj(m, view, S("there")), u->place_unit);
}

/* Nothing found: the nearest services, and whom one can ask. */
static void near_view(Cx *cx, Request *rq, Json *view, Str q) {
  Arena *m = rq->mem;
  SearchHit near[NEAR_CARDS];
  size_t n = search_near(cx, rq->app->search, q, near, NEAR_CARDS);
  Json *list = json_put_arr(m, view, S("near"));
  for (size_t i = 0; i < n; i++) {
    Json *card = json_obj(m);
    if (card_view(cx, rq, card, NULL, &near[i])) json_push(m, list, card);
  }
  view_contact(m, rq->app->policy, json_put_obj(m, view, S("window")), rq->app->policy->window_unit);
}

/* The number of a case leads straight to it; the page there says what this visitor may see. */
static Code straight(Cx *cx, Request *rq, Reply *rp, Str q, bool *gone) {
  int64_t no;
  const Project *pr = NULL;
  Code code = project_find(cx, rq->rd, str_trim(utf8_halfwidth(rq->mem, q)), &no);
  *gone = code == OK;
  if (code == NOT_FOUND) {
    cx_clear(cx);
    return OK;
  }
  TRY(code);
  TRY(project_load(cx, rq->rd, no, &pr));
  reply_redirect(rp, case_address(rq, pr));
  return OK;
}

/* So does the number of an order 督办单, for whoever may open it; for anybody else there is none. */
static Code straight_order(Cx *cx, Request *rq, Reply *rp, Str q, bool *gone) {
  enum { LEAST = 9 }; /* DBD-2026- */
  Str number = str_trim(utf8_halfwidth(rq->mem, q)), stream = S(""), head = S(""), name = S("");
  const Directive *d = NULL;
  int64_t no = 0;
  if (!rq->who || !request_has_role(rq, ROLE_STAFF | ROLE_LEADER | ROLE_AUDITOR) || number.len <= LEAST || !str_starts(search_fold(rq->mem, number), S("dbd-"))) return OK;
  TRY(record_find(cx, rq, number, &stream));
  if (!str_cut(stream, '/', &head, &name) || !str_eqz(head, "directive") || !str_to_i64(name, &no)) return OK;
  TRY(directive_load(cx, rq->rd, no, &d));
  *gone = order_open_to(rq, d);
  if (*gone) reply_redirect(rp, arena_fmt(rq->mem, "/w/orders/%lld", (long long)no));
  if (*gone || !request_has_role(rq, ROLE_AUDITOR)) return OK;
  *gone = true;
  reply_redirect(rp, arena_fmt(rq->mem, "/audit?about=%.*s", SFMT(d->number))); /* the trail is his */
  return OK;
}

/* The public looks for a service, staff for a case. */
static const SearchKind order[2][SEARCH_KIND__MAX - 1] = {
    {SEARCH_SERVICE, SEARCH_CASE, SEARCH_PAPER, SEARCH_UNIT, SEARCH_CONSULT, SEARCH_ANSWER, SEARCH_DOCUMENT, SEARCH_TALK, SEARCH_CLAUSE},
    {SEARCH_CASE, SEARCH_PAPER, SEARCH_SERVICE, SEARCH_UNIT, SEARCH_CONSULT, SEARCH_ANSWER, SEARCH_DOCUMENT, SEARCH_TALK, SEARCH_CLAUSE}};

static Code page_find(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Str q = request_arg(rq, S("q"));
  bool literal = str_eqz(request_arg(rq, S("as")), "typed"), gone = false;
  SearchKind only = search_kind_parse(request_arg(rq, S("kind")));
  Looking *l = arena_new(m, Looking);
  if (q.len && !only && !literal) TRY(straight(cx, rq, rp, q, &gone));
  if (q.len && !only && !literal && !gone) TRY(straight_order(cx, rq, rp, q, &gone));
  if (gone) return OK;
  if (!rq->app->search) FAIL(BUSY, "现在不能搜索：检索索引打不开。请用查进度或办事指南，或稍后再试。");
  rp->title = q.len ? arena_fmt(m, "%.*s：%.*s", SFMT(tr(rq->lang, S("搜索"))), SFMT(q)) : tr(rq->lang, S("办事服务"));
  rp->view = json_obj(m);
  PUT(rp->view, "q", q);
  PUT_BOOL(rp->view, "literal", literal);
  PUT(rp->view, "only", search_kind_text(only));
  PUT_BOOL(rp->view, "behind", !fresh(rq));
  if (!q.len) services_view(rq, rp->view);
  if (!q.len) return OK;
  if (utf8_count(q) > 100) {
    reply_error(rq, rp, S("q"), tr(rq->lang, S("请写得短一些，不超过 100 个字。")));
    return OK;
  }
  TRY(look(cx, rq, q, literal, only, from_of(rq), l));
  TRY(told_view(cx, rq, rp->view, q));
  bool answered = json_get(rp->view, S("answer")) != NULL;
  if (!answered && l->ways[l->way].place.count) TRY(told_view(cx, rq, rp->view, l->ways[l->way].asked));
  Json *groups = json_put_arr(m, rp->view, S("groups"));
  for (size_t i = 0; i < COUNT(order[0]); i++) {
    SearchKind k = order[request_has_role(rq, ROLE_STAFF | ROLE_LEADER)][i];
    if (l->kinds[k].total && (!only || k == only)) group_view(cx, rq, groups, l, k);
  }
  PUT_INT(rp->view, "found", only ? l->kinds[only].total : l->total);
  if (only) view_pages(rq, rp->view, from_of(rq), l->kinds[only].count, PAGE_CARDS, l->kinds[only].total);
  if (groups->count) how_view(rq, rp->view, l);
  if (!groups->count) near_view(cx, rq, rp->view, q);
  bool told = json_get(rp->view, S("answer")) != NULL;
  if (!groups->count && !told && !only && !literal && !from_of(rq)) search_missed(cx, rq->app->search, q, day_of(rq->now));
  return OK;
}

/* ["施工许可证", …]: for the list under the field. Public words only, the same for everybody. */
static Code page_tips(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  SearchTip tips[TIPS];
  size_t n = 0;
  if (rq->app->search) {
    TRY(search_package(cx, rq->app->search, rq->app->policy));
    n = search_suggest(cx, rq->app->search, request_arg(rq, S("q")), tips, TIPS);
  }
  Json *list = json_arr(m);
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "text", tips[i].text);
    PUT(o, "to", tips[i].to);
    PUT(o, "kind", tr(rq->lang, search_kind_label(tips[i].kind)));
  }
  rp->type = S("application/json; charset=utf-8");
  rp->body = json_text(m, list);
  rp->cache = true;
  return OK;
}

/* ---- what was not found ------------------------------------------------------------------------------------- */

static void miss_view(Cx *cx, Request *rq, Json *list, const SearchMiss *x) {
  Arena *m = rq->mem;
  SearchHit near[1];
  Json *o = json_push_obj(m, list);
  PUT(o, "text", x->text);
  PUT_INT(o, "count", x->count);
  PUT(o, "last", day_str(m, x->last));
  size_t n = search_near(cx, rq->app->search, x->text, near, COUNT(near));
  Json *card = json_obj(m);
  if (n && card_view(cx, rq, card, NULL, &near[0])) json_put(m, o, S("near"), card);
}

/* This server's: each counts what was asked there. */
static Code page_misses(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  SearchMiss *all = NULL;
  size_t n = 0, from = from_of(rq);
  rp->title = S("没有找到的搜索");
  rp->view = json_obj(m);
  PUT_INT(rp->view, "keep", rq->app->policy->search_keep_days);
  view_source(m, rp->view, rq->app->policy->search_keep_source);
  if (!rq->app->search) FAIL(BUSY, "检索索引打不开，请看系统自查。");
  TRY(search_package(cx, rq->app->search, rq->app->policy));
  search_misses(cx, rq->app->search, day_of(rq->now), &all, &n);
  Json *list = json_put_arr(m, rp->view, S("misses"));
  size_t shown = 0;
  for (size_t i = from; i < n && shown < MISSES_SHOWN; i++, shown++) miss_view(cx, rq, list, &all[i]);
  view_pages(rq, rp->view, from, shown, MISSES_SHOWN, (int64_t)n);
  return OK;
}

const Route search_routes[] = {
    {.method = GET, .path = "/", .allow = ROLE_PUBLIC, .run = page_home, .tmpl = "home", .section = "home",
     .help = "首页：搜索、查进度、按阶段办理。"},
    {.method = GET, .path = "/s", .allow = ROLE_PUBLIC, .run = page_find, .tmpl = "search", .section = "guide",
     .help = "搜索：q 是要找的，找办事服务、办件、证照和文书、机构和岗位、咨询答复、常见问题、政策文件、意见征集、文件条款；kind 只看一种，as=typed 照原样找。"},
    {.method = GET, .path = "/s/suggest", .allow = ROLE_PUBLIC, .run = page_tips, .section = "guide",
     .help = "搜索框下面的提示：文件里的名称，可以只写拼音首字母。"},
    {.method = GET, .path = "/adm/misses", .allow = ROLE_SYSADMIN | ROLE_EDITOR | ROLE_SUPERVISOR, .run = page_misses, .tmpl = "misses", .compact = true,
     .help = "搜了没有找到的：搜的是什么、几次、最近哪天、现在最接近的是哪一项。"},
    {.path = NULL},
};
