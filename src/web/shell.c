/* SPDX-License-Identifier: Apache-2.0 */
/* What surrounds every page: navigation, user, preferences, the tokens of forms. */
#include "web/web_int.h"
#include "web/page.h"
#include "notice/notice.h"

/* In the order of the bar. An entry leads to the first GET row of its section without parameters that this user may open; a
 * section nobody has written yet does not show. */
static const struct {
  const char *section, *label;
} sections[] = {
    {"home", N_("首页")},       {"guide", N_("办事服务")},   {"track", N_("查进度")},   {"open", N_("政务公开")},
    {"talk", N_("意见征集")},   {"map", N_("一张蓝图")},     {"errand", N_("我的代办")},
    {"my", N_("我的项目")},    {"materials", N_("材料库")},
    {"messages", N_("消息")},   {"stage", N_("阶段牵头")}, {"work", N_("我的待办")},    {"early", N_("前期")}, {"joint", N_("审图和承诺")}, {"rating", N_("评价")},      {"projects", N_("项目")},  {"dispatch", N_("派转单")},
    {"accept", N_("联合验收")}, {"ledger", N_("台账")},      {"super", N_("监督")},     {"orders", N_("督办")},     {"admin", N_("系统管理")}, {"access", N_("审批授权")}, {"exchange", N_("数据交换")},
    {"audit", N_("审计")},      {"personal", N_("个人信息保护")}, {"calendar", N_("工作日历")}, {"policy", N_("政策发布")},
    {"seats", N_("窗口人员")}, {"rules", N_("配套制度")}, {"feedback", N_("沟通反馈")}, {"pub", N_("公文公开")}, {"self", N_("网站自检")}, {"appraisal", N_("考核评价")}, {"stats", N_("统计")}, {"random", N_("双随机")}, {"blueprint", N_("蓝图")},   {"certs", N_("证照")},
};
enum { FIRST_OWN = 6, FIRST_STAFF = 10, BAR_MAX = 10 }; /* public entries, then applicants', then the staff's */

static const Route *section_page(const Web *w, const char *section, uint32_t roles) {
  for (size_t i = 0; i < w->routes->count; i++) {
    const Route *r = w->routes->list[i];
    if (r->method != GET || r->hidden || !r->section || strcmp(section, r->section) != 0) continue;
    if ((r->allow & roles) && !route_param_count(r) && !str_starts(str_of(r->path), S("/api/"))) return r;
  }
  return NULL;
}

bool shell_has_page(const Web *w, Str path) {
  Str params[4];
  uint32_t methods;
  return routes_match(w->routes, GET, path, params, &methods) != NULL;
}

Str shell_home(const Web *w, uint32_t roles) {
  if (roles & ROLE_LEADER && !(roles & ROLE_SUPERVISOR) && shell_has_page(w, S("/w/stats/sheet"))) return S("/w/stats/sheet"); /* 看全市一页 */
  const Route *list = NULL; /* the list of projects, 前期, messages and ratings are nobody's home but for those who have no other */
  for (size_t i = FIRST_OWN; i < COUNT(sections); i++) {
    const Route *r = section_page(w, sections[i].section, roles & ~(uint32_t)ROLE_PUBLIC);
    bool beside = false;
    static const char *const seconds[] = {"projects", "early", "joint", "messages", "rating", "certs", "accept", "random", "blueprint", "seats", "rules", "feedback", "appraisal", "ledger", "self"};
    for (size_t k = 0; k < COUNT(seconds); k++) beside |= !strcmp(seconds[k], sections[i].section);
    if (r && beside) list = list ? list : r;
    else if (r) return str_of(r->path);
  }
  return list ? str_of(list->path) : S("/");
}

/* The entries of this person, with the place of each in `sections`. Staff see their own only: the public ones would crowd the bar. */
static size_t nav_list(Exchange *x, const Route *pages[static COUNT(sections)]) {
  const Request *rq = &x->rq;
  size_t n = 0;
  bool staff = rq->actor.roles & (ROLE_ANY_ACCOUNT & ~(ROLE_APPLICANT | ROLE_AGENT));
  for (size_t i = 0; i < COUNT(sections); i++) {
    uint32_t roles = rq->actor.roles | (i < FIRST_OWN ? (uint32_t)ROLE_PUBLIC : 0);
    if (staff && (i < FIRST_OWN || !strcmp(sections[i].section, "messages"))) continue; /* the bell leads there */
    pages[i] = section_page(x->web, sections[i].section, i < FIRST_OWN ? roles : rq->actor.roles & ~(uint32_t)ROLE_PUBLIC);
    n += pages[i] != NULL;
  }
  return n;
}

/* Whoever has more than BAR_MAX entries finds what is not everyday's under 更多. */
static bool is_rare(const char *section) {
  static const char *const rare[] = {"early", "joint", "rating", "personal", "calendar", "policy", "seats", "rules", "feedback", "blueprint", "certs"};
  for (size_t i = 0; i < COUNT(rare); i++)
    if (!strcmp(rare[i], section)) return true;
  return false;
}

static void nav_view(Exchange *x, Json *sh) {
  Request *rq = &x->rq;
  Trade trade = {0}; /* an agency has its own work in place of 我的项目; a page is not refused for it */
  Cx own = {.mem = x->mem, .now = rq->now};
  if (rq->rd && trade_of(&own, rq, &trade) != OK) trade = (Trade){0};
  Arena *m = x->mem;
  const Route *pages[COUNT(sections)] = {NULL};
  bool crowded = nav_list(x, pages) > BAR_MAX;
  Json *nav = json_put_arr(m, sh, S("nav")), *more = json_put_arr(m, sh, S("more"));
  const char *current = rq->route && rq->route->section ? rq->route->section : "";
  for (size_t i = 0; i < COUNT(sections); i++) {
    if (!pages[i]) continue;
    bool here = str_eqz(str_of(current), sections[i].section) && (i > 0 || rq->route->path[1] == '\0'); /* under "home" are pages of the footer, too */
    Json *one = json_push_obj(m, crowded && !here && is_rare(sections[i].section) ? more : nav);
    bool works = trade.path.len && !strcmp(sections[i].section, "my");
    json_put_str(m, one, S("text"), tr(rq->lang, works ? trade.name : str_of(sections[i].label)));
    json_put_str(m, one, S("href"), works ? trade.path : str_of(pages[i]->path));
    json_put_bool(m, one, S("current"), here);
  }
}

static void links_view(Exchange *x, Json *sh) {
  static const struct {
    const char *path, *label;
  } links[] = {{"/contact", N_("联系我们")}, {"/sitemap", N_("网站地图")}, {"/error-report", N_("我为政府网站找错")},
               {"/s/leaders", N_("领导分工和机构")}, {"/s/bodies", N_("改革组织和窗口编制")}, {"/s/rules", N_("配套制度")}, {"/s/appraisals", N_("考核评价")}, {"/s/answers", N_("常见问题")}, {"/s/l/kindergarten", N_("小区配套幼儿园治理")}, {"/privacy", N_("隐私说明")}, {"/a11y", N_("无障碍说明")}};
  Json *list = json_put_arr(x->mem, sh, S("links"));
  for (size_t i = 0; i < COUNT(links); i++) {
    if (!shell_has_page(x->web, str_of(links[i].path))) continue;
    Json *one = json_push_obj(x->mem, list);
    json_put_str(x->mem, one, S("href"), str_of(links[i].path));
    json_put_str(x->mem, one, S("text"), tr(x->rq.lang, str_of(links[i].label)));
  }
  json_put_bool(x->mem, sh, S("a11y"), shell_has_page(x->web, S("/a11y")));
}

/* The bell: how many messages are unread. A page is not refused for it. */
static void bell_view(Exchange *x, Json *user) {
  int64_t n = 0;
  Cx own = {.mem = x->mem, .now = x->rq.now};
  if (!x->rq.rd || messages_unread(&own, x->rq.rd, x->rq.who->id, &n) != OK || !n) return;
  json_put_str(x->mem, user, S("unread"), n >= UNREAD_MAX ? S("99+") : arena_fmt(x->mem, "%lld", (long long)n));
}

/* The frame is in English on every page, and so are the roles in it. */
static Str roles_said(Exchange *x, uint32_t bits) {
  if (!str_eqz(x->rq.lang, "en")) return role_labels(x->mem, bits);
  Str text = S("");
  for (uint32_t one = 1; one < ROLE_SYSTEM; one <<= 1)
    if (bits & one) text = arena_fmt(x->mem, "%.*s%s%.*s", SFMT(text), text.len ? ", " : "", SFMT(tr(x->rq.lang, one == ROLE_STAGE_LEAD ? S(N_("牵头人员")) : role_label((Role)one))));
  return text;
}

static void user_view(Exchange *x, Json *sh) {
  const User *u = x->rq.who;
  if (!u) return;
  Json *user = json_put_obj(x->mem, sh, S("user"));
  json_put_str(x->mem, user, S("id"), u->id);
  json_put_str(x->mem, user, S("name"), u->name);
  const Unit *unit = x->rq.app->policy ? policy_unit(x->rq.app->policy, u->unit) : NULL;
  json_put_str(x->mem, user, S("unit"), unit ? unit->name : u->org_name);
  json_put_str(x->mem, user, S("roles"), roles_said(x, u->roles));
  bell_view(x, user);
}

/* "done": what the form before this page has done, once. Only words of our own commands, whatever the cookie says. */
static void done_view(Exchange *x, Json *sh) {
  const CommandDecl *const *list = NULL;
  Str name = cookie_get(head_get(&x->head, S("cookie")), x->web->app->options.secure_cookies ? S("__Host-done") : S("done"));
  size_t n = name.len && x->rq.who && x->rq.method == GET && x->rq.app->runner ? runner_commands(x->rq.app->runner, &list) : 0;
  for (size_t i = 0; i < n && !x->said; i++) {
    if (!str_eqz(name, list[i]->name) || !list[i]->label) continue;
    x->said = true;
    Str label = str_of(list[i]->label), said = tr(x->rq.lang, label);
    json_put_str(x->mem, sh, S("done"), str_eq(x->rq.lang, S("en")) && str_eq(said, label) ? S("") : said);
    json_put_bool(x->mem, sh, S("said"), true);
  }
}

/* The column 栏目 a page belongs to, for the meta tags that the rules for government sites ask for. */
static Str section_label(const Request *rq) {
  for (size_t i = 0; i < COUNT(sections); i++)
    if (rq->route && rq->route->section && !strcmp(sections[i].section, rq->route->section)) return tr(rq->lang, str_of(sections[i].label));
  return tr(rq->lang, S("首页"));
}

/* "各类别、各阶段的时限，每个数字都连到条款。": up to the first mark of punctuation it is the name of the page. */
Str shell_page_name(Str help) {
  static const char *const ends[] = {"：", "，", "。", "；"};
  size_t at = help.len;
  for (size_t i = 0; i < COUNT(ends); i++) {
    const char *p = memmem(help.ptr, at, ends[i], strlen(ends[i]));
    if (p) at = (size_t)(p - help.ptr);
  }
  return str_sub(help, 0, at);
}

void view_sitemap(Request *rq, Json *view) {
  Arena *m = rq->mem;
  const Routes *routes = rq->web->routes;
  Json *groups = json_put_arr(m, view, S("map"));
  for (size_t s = 0; s < COUNT(sections); s++) {
    Json *group = NULL, *pages = NULL;
    for (size_t i = 0; i < routes->count; i++) {
      const Route *r = routes->list[i];
      bool page = r->method == GET && r->tmpl && !r->hidden && !route_param_count(r) && r->section && !strcmp(r->section, sections[s].section);
      if (!page || !(r->allow & (rq->actor.roles | ROLE_PUBLIC))) continue;
      if (str_starts(str_of(r->path), S("/w/")) && str_ends(str_of(r->path), S("/new"))) continue; /* begun from its list, by whom the list says */
      if (str_eqz(str_of(r->path), "/w/county") && !county_unit(rq->app->policy, rq->actor.unit)) continue; /* of those who have one */
      if (!group) {
        group = json_push_obj(m, groups);
        json_put_str(m, group, S("section"), tr(rq->lang, str_of(sections[s].label)));
        pages = json_put_arr(m, group, S("pages"));
      }
      Json *one = json_push_obj(m, pages);
      json_put_str(m, one, S("href"), str_of(r->path));
      json_put_str(m, one, S("name"), tr(rq->lang, shell_page_name(str_of(r->help))));
    }
  }
}

/* What a page can have shown: up to this event. 0: not known. */
static int64_t position_of(const Exchange *x) {
  Cx own = {.mem = x->mem, .now = x->rq.now};
  int64_t pos = 0;
  if (!x->rq.rd || reader_position(&own, x->rq.rd, &pos) != OK) pos = 0;
  return pos;
}

Json *shell_view(Exchange *x) {
  const Request *rq = &x->rq;
  Arena *m = x->mem;
  Json *sh = json_obj(m);
  bool english = str_eq(rq->lang, S("en"));
  json_put_str(m, sh, S("title"), x->rp.title);
  json_put_str(m, sh, S("lang"), english ? S("en") : S("zh-CN"));
  json_put_bool(m, sh, S("english"), english);
  json_put_bool(m, sh, S("chinese"), english && x->rp.tmpl && !tmpl_translated(str_of(x->rp.tmpl)));
  json_put_str(m, sh, S("theme"), rq->theme);
  json_put_str(m, sh, S("size"), rq->size);
  json_put_bool(m, sh, S("compact"), rq->route && rq->route->compact);
  json_put_bool(m, sh, S("demo"), x->web->app->demo);
  json_put_bool(m, sh, S("problem"), x->rp.extra && json_get(x->rp.extra, S("errors")));
  Str back = rq->path.len && rq->method == GET ? rq->path : S("/");
  if (rq->query.len && rq->method == GET) back = arena_fmt(m, "%.*s?%.*s", SFMT(back), SFMT(rq->query));
  json_put_str(m, sh, S("path"), back);
  if (rq->route && rq->route->allow & ROLE_PUBLIC && rq->method == GET) {
    json_put_str(m, sh, S("other"), back);
    json_put_str(m, sh, S("other_en"), arena_fmt(m, "/en%.*s", SFMT(back)));
    Str about = shell_page_name(str_of(rq->route->help)), said = tr(rq->lang, about);
    if (!english || !str_eq(about, said)) json_put_str(m, sh, S("about"), said);
  }
  json_put_str(m, sh, S("column"), section_label(rq));
  if (!x->rp.cache || rq->who) { /* a page that others may get from a cache carries no secrets */
    json_put_str(m, sh, S("csrf"), rq->csrf);
    json_put_str(m, sh, S("key"), rq->key);
    json_put_int(m, sh, S("shown"), position_of(x));
  }
  marks_view(m, rq->lang, x->web->app->options.marks, sh);
  /* The box in the bar: for whoever works here; the home page and the results have their own. */
  json_put_bool(m, sh, S("find"), rq->who && x->web->app->search && !str_eqz(rq->path, "/") && !str_eqz(rq->path, "/s"));
  done_view(x, sh);
  nav_view(x, sh);
  links_view(x, sh);
  user_view(x, sh);
  return sh;
}
