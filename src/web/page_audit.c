/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_audit.c: 查轨迹, the auditor's home: who did what, when, about what, from the journal itself. It is in order of time, so days are a
 * range of positions, found by halving; persons and acts are looked for within it, newest first, at most so many events a page.
 * Bodies of events are not shown: they hold what the auditor may not see; but of accounts and roles, whose and which, and of an order to whom.
 */
#include "journal/proof.h"
#include "org/access.h"
#include "stats/stats.h"
#include "supervision/supervision.h"
#include "web/kinds.h"
#include "web/page_audit.h"
#include "web/page.h"
#include "web/page_random.h"
#include "web/web_int.h"

enum {
  AUDIT_ROWS = 50, AUDIT_CSV_ROWS = 5000,
  LOOK_MAX = 5000,  /* events looked at for one page */
  LOOK_STEP = 250,
  SLACK_MS = 12 * 3600 * 1000 /* clocks of several servers, or of a demonstration: so far may one entry lie before the one in front of it */
};

/* What is asked for most, without guessing a word. An entry that ends with a dot means all that begin so. */
static const struct { const char *code, *label, *kinds[7]; } groups[] = {
    {"rights", "账号和角色的变更", {"access.", "user.created", "user.changed", "user.disabled", "user.enabled", "user.token-", "user.author"}},
    {"personal", "看个人信息和清除", {"personal."}},
    {"decided", "审批决定和证照", {"item.decided", "item.settled", "item.revoked", "stage.refused", "stage.certified", "certificate."}},
    {"rules", "政策和日历的变更", {"policy.", "calendar.", "portfolio."}},
    {"watched", "督办和判定", {"directive.", "sign.", "bulletin.", "talk."}}};

typedef struct Trail {
  Str from, to, who, what, about; /* as typed */
  Str group;                      /* one of groups, or empty */
  Str filled;                     /* from, when it was not asked for */
  Str stream;                     /* about: its record; empty: the whole journal */
  int64_t since, until;           /* ms: since ≤ recorded < until */
  int64_t low, high;              /* positions, or within one record sequence numbers: low < n ≤ high */
  int64_t looked, matched, next;  /* next: 0, or below which the following page begins */
  size_t rows_max, shown;
  bool ended;                     /* everything down to `low` was looked at */
} Trail;

static Code trail_read(Cx *cx, Request *rq, const Trail *t, int64_t after, size_t max, Events *out) {
  return t->stream.len ? reader_events(cx, rq->rd, t->stream, after, max, out) : reader_journal(cx, rq->rd, after, max, out);
}

/* How many entries were recorded before `at`: the first of them that was not, by halving. */
static Code trail_before(Cx *cx, Request *rq, const Trail *t, int64_t last, int64_t at, int64_t *out) {
  int64_t low = 0, high = last; /* entries 1 … low are before, those after high are not */
  while (low < high) {
    int64_t mid = low + (high - low) / 2;
    Events one;
    TRY(trail_read(cx, rq, t, mid, 1, &one));
    if (one.count && one.list[0].recorded < at) low = mid + 1;
    else high = mid;
  }
  *out = low;
  return OK;
}

static Code trail_range(Cx *cx, Request *rq, Trail *t) {
  int64_t last = 0;
  const void *state;
  if (t->stream.len) {
    Code code = reader_state(cx, rq->rd, t->stream, &state, &last);
    if (code == NOT_FOUND) cx_clear(cx); /* nothing was ever entered about it */
    else TRY(code);
  } else {
    TRY(reader_position(cx, rq->rd, &last));
  }
  TRY(trail_before(cx, rq, t, last, t->since - SLACK_MS, &t->low));
  TRY(trail_before(cx, rq, t, last, t->until + SLACK_MS, &t->high));
  int64_t below = request_int(rq, S("below"), 0);
  if (below > 0 && below - 1 < t->high) t->high = below - 1;
  return OK;
}

static bool group_has(Str group, Str kind) {
  for (size_t i = 0; i < COUNT(groups); i++)
    for (size_t k = 0; str_eqz(group, groups[i].code) && k < COUNT(groups[i].kinds) && groups[i].kinds[k]; k++) {
      Str one = str_of(groups[i].kinds[k]);
      if (str_eq(kind, one) || str_starts(kind, one)) return true;
    }
  return !group.len;
}

static bool trail_fits(const Trail *t, const Event *e) {
  if (e->recorded < t->since || e->recorded >= t->until) return false;
  if (t->who.len && !str_eq(e->actor, t->who) && !str_eq(e->behalf, t->who) && !str_has(e->actor_name, t->who)) return false;
  if (!group_has(t->group, e->kind)) return false;
  return !t->what.len || str_eq(e->kind, t->what) || str_has(kind_label(e->kind), t->what);
}

static Str roles_said(Cx *cx, Arena *m, const Json *body, const char *key) {
  uint32_t roles = 0;
  Str list = json_str(body, str_of(key));
  if (roles_parse(cx, list, &roles) != OK) cx_clear(cx);
  return list.len ? role_labels(m, roles) : S("无");
}

/* Of an account: whose it is, which roles it gets, which it had, and what became of what was asked for. */
static Str rights_of(Cx *cx, Request *rq, const Event *e) {
  Arena *m = rq->mem;
  const Json *b = e->body;
  Str head = S(""), name = S(""), whose = json_str(b, S("account"));
  const void *state = NULL;
  int64_t seq = 0;
  (void)str_cut(e->stream, '/', &head, &name);
  if (str_eqz(head, "user")) {
    bool roles = json_str(b, S("roles")).len;
    return roles ? arena_fmt(m, "账号 %.*s：角色 %.*s", SFMT(name), SFMT(roles_said(cx, m, b, "roles"))) : arena_fmt(m, "账号 %.*s", SFMT(name));
  }
  if (!str_eqz(head, "access")) return S("");
  if (str_eqz(e->kind, "access.approved")) return arena_fmt(m, "账号 %.*s：准予，角色 %.*s", SFMT(whose), SFMT(roles_said(cx, m, b, "roles")));
  if (!str_eqz(e->kind, "access.asked")) return arena_fmt(m, "账号 %.*s：没有给", SFMT(whose));
  if (reader_state(cx, rq->rd, e->stream, &state, &seq) != OK) cx_clear(cx);
  Str now = state ? access_label(((const Access *)state)->status) : S("");
  Str had = json_bool(b, S("fresh")) ? S("新账号") : arena_fmt(m, "原来是 %.*s", SFMT(roles_said(cx, m, b, "was_roles")));
  return arena_fmt(m, "账号 %.*s：要角色 %.*s（%.*s）；现在：%.*s", SFMT(whose), SFMT(roles_said(cx, m, b, "roles")), SFMT(had), SFMT(now));
}

/* Of an item 事项: which, and how it was decided; "作出审批决定" alone may be any of a department's. */
static Str item_of(Request *rq, const Event *e) {
  Str code = json_str(e->body, S("item")), result = json_str(e->body, S("result"));
  const Item *i = code.len && str_starts(e->kind, S("item.")) ? policy_item(rq->app->policy, code) : NULL;
  if (!i) return S("");
  if (!str_eqz(e->kind, "item.decided")) return arena_str(rq->mem, i->name);
  return arena_fmt(rq->mem, "%.*s：%s", SFMT(i->name), str_eqz(result, "refuse") ? "不通过" : "通过");
}

/* Of an order 督办单: to whom it went, or rose. */
static Str sent_to(Request *rq, const Event *e) {
  Str to = str_starts(e->kind, S("directive.")) ? json_str(e->body, S("to_name")) : S("");
  return to.len ? arena_fmt(rq->mem, "发给%.*s（%.*s）", SFMT(to), SFMT(super_label(json_str(e->body, S("level"))))) : S("");
}

/* A message by its title and who got it; what it says, and to which number or address it went, is not shown here. */
static Str one_told(Arena *m, const Json *message) {
  enum { NAMED = 6 };
  const Json *to = json_get(message, S("to"));
  Str who = S("");
  size_t n = 0;
  for (const Json *x = to ? to->first : NULL; x && n < NAMED; x = x->next) who = arena_fmt(m, "%.*s%s%.*s", SFMT(who), n++ ? "、" : "", SFMT(x->str));
  if (to && to->count > NAMED) who = arena_fmt(m, "%.*s 等 %u 个账号", SFMT(who), to->count);
  return arena_fmt(m, "%.*s：%.*s", SFMT(json_str(message, S("title"))), SFMT(who));
}

static Str sent_which(Cx *cx, Request *rq, const Event *e) {
  static const Sql sql = {"web.audit_out", "si", "sss", "SELECT title, account, channel FROM outbox WHERE stream = ?1 AND id = ?2"};
  SCOPED(rows_drop) Rows *r = NULL;
  if (db_rows(cx, reader_views(rq->rd), &sql, VALS(val_s(e->stream), val_i(json_int(e->body, S("id"), 0))), &r) != OK) cx_clear(cx);
  if (!r || !rows_next(r)) return S("");
  Str to = str_has(row_s(cx, r, 1), S("/")) ? S("项目的联系人") : row_s(cx, r, 1); /* "project/3": who stands on the case, with an account or not */
  return arena_fmt(rq->mem, "%.*s：%.*s（%s）", SFMT(row_s(cx, r, 0)), SFMT(to), str_eqz(row_s(cx, r, 2), "sms") ? "短信" : "邮件");
}

static Str told_of(Cx *cx, Request *rq, const Event *e) {
  Arena *m = rq->mem;
  if (!str_starts(e->kind, S("notice."))) return S("");
  const Json *list = json_get(e->body, S("messages"));
  Str said = S("");
  for (const Json *x = list ? list->first : NULL; x; x = x->next) said = arena_fmt(m, "%.*s%s%.*s", SFMT(said), said.len ? "；" : "", SFMT(one_told(m, x)));
  return list ? said : sent_which(cx, rq, e);
}

static void event_view(Cx *cx, Request *rq, Json *o, const Event *e) {
  Arena *m = rq->mem;
  Str head = S(""), name = S("");
  int64_t no;
  PUT(o, "at", time_cn(m, e->recorded));
  if (e->recorded - e->happened >= 60000) PUT(o, "happened", time_cn(m, e->happened));
  PUT(o, "actor", arena_str(m, e->actor));
  PUT(o, "name", arena_str(m, e->actor_name));
  PUT_BOOL(o, "system", str_eqz(e->actor, "system"));
  PUT(o, "unit_name", unit_name(rq->app->policy, arena_str(m, e->unit)));
  PUT(o, "behalf", arena_str(m, e->behalf));
  PUT(o, "kind", arena_str(m, e->kind));
  PUT(o, "label", arena_str(m, kind_label(e->kind)));
  Str item = item_of(rq, e), to = sent_to(rq, e), told = told_of(cx, rq, e);
  PUT(o, "rights", item.len ? item : to.len ? to : told.len ? told : rights_of(cx, rq, e));
  PUT(o, "record", arena_str(m, e->stream));
  PUT(o, "record_name", arena_str(m, record_known(cx, rq, e->stream)));
  PUT_INT(o, "pos", e->pos);
  if (str_cut(e->stream, '/', &head, &name) && str_eqz(head, "project") && str_to_i64(name, &no))
    PUT(o, "href", arena_fmt(m, "/track/%.*s", SFMT(project_number(m, no))));
}

/* One step down, from entries ≤ *at; events of a step are forgotten after it. */
static Code trail_step(Cx *cx, Request *rq, Trail *t, Json *list, int64_t *at) {
  int64_t after = *at - LOOK_STEP > t->low ? *at - LOOK_STEP : t->low;
  Events ev;
  TRY(trail_read(cx, rq, t, after, (size_t)(*at - after), &ev));
  for (size_t i = ev.count; i > 0; i--) {
    const Event *e = &ev.list[i - 1];
    t->looked++;
    if (!trail_fits(t, e)) continue;
    t->matched++;
    if (t->shown == t->rows_max) continue;
    event_view(cx, rq, json_push_obj(rq->mem, list), e);
    if (++t->shown == t->rows_max) t->next = t->stream.len ? e->seq : e->pos;
  }
  *at = after;
  return OK;
}

static Code trail_look(Cx *cx, Request *rq, Trail *t, Json *list) {
  Arena *own = arena_open((size_t)64 << 20);
  Cx step = {.mem = own, .now = rq->now};
  Code code = OK;
  int64_t at = t->high;
  for (; code == OK && at > t->low && t->looked < LOOK_MAX; arena_reset(own)) code = trail_step(&step, rq, t, list, &at);
  t->ended = at <= t->low;
  if (t->shown < t->rows_max) t->next = t->ended ? 0 : at + 1;
  else if (t->ended && t->matched == (int64_t)t->shown) t->next = 0;
  arena_close(own);
  if (code != OK) FAIL(code, "日志没有读完，请再查一次。");
  return OK;
}

/* ---- what was asked ------------------------------------------------------------------------------ */

static Code record_of(Cx *cx, Request *rq, Trail *t) {
  Str number = str_trim(utf8_halfwidth(rq->mem, t->about));
  t->stream = number;
  return !number.len || str_has(number, S("/")) ? OK : record_find(cx, rq, number, &t->stream);
}

/* Days not named: yesterday and today; with an empty first day from the beginning, so that a record can be followed back: also when
 * the days of the form were left as it had filled them in, and a record was typed beside them. */
static Code days_of(Cx *cx, Request *rq, Trail *t) {
  Day today = day_of(rq->now), from = {today.n - 1}, to = today;
  if (t->about.len && t->from.len && str_eq(t->from, request_arg(rq, S("filled")))) t->from = S("");
  bool asked = json_get(rq->args, S("from")) || t->about.len;
  if (asked && !t->from.len) from = day_ymd(1970, 1, 2);
  if (t->from.len && !day_parse(t->from, &from)) FAIL_AT(INVALID, S("from"), S(""), "日期要写成 2026-06-28 这样");
  if (t->to.len && !day_parse(t->to, &to)) FAIL_AT(INVALID, S("to"), S(""), "日期要写成 2026-06-28 这样");
  if (from.n > to.n) FAIL_AT(INVALID, S("from"), S(""), "起始日期晚于截止日期，请对调");
  if (!asked) t->from = t->filled = day_str(rq->mem, from);
  if (!t->to.len) t->to = day_str(rq->mem, to);
  t->since = day_start(from);
  t->until = day_start((Day){to.n + 1});
  return OK;
}

static void proof_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  Checkpoint *heads = NULL;
  size_t n = 0;
  if (checkpoints_list(cx, rq->app->dir, 0, 1, &heads, &n) != OK) cx_clear(cx);
  if (!n) return;
  Json *o = json_put_obj(m, view, S("head"));
  PUT_INT(o, "size", heads[0].size);
  PUT(o, "day", str_sub(heads[0].time, 0, 10));
}

static Str trail_query(Arena *m, const Trail *t) {
  return arena_fmt(m, "/audit?from=%.*s&to=%.*s&who=%.*s&what=%.*s&about=%.*s&group=%.*s", SFMT(url_encode(m, t->from)), SFMT(url_encode(m, t->to)),
                   SFMT(url_encode(m, t->who)), SFMT(url_encode(m, t->what)), SFMT(url_encode(m, t->about)),
                   SFMT(url_encode(m, t->group)));
}

static void csv_reply(Request *rq, Reply *rp, const Trail *t, const Json *list) {
  static const char *const columns[] = {"at", "actor", "name", "unit_name", "behalf", "label", "rights", "kind", "record_name", "record"};
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, (size_t)16 << 20);
  buf_add(&b, S("\xEF\xBB\xBF时间,账号,姓名,单位,代谁办理,做了什么,账号和角色,代码,关于,记录,日志位置\r\n"));
  for (const Json *r = list->first; r; r = r->next) {
    for (size_t i = 0; i < COUNT(columns); i++) {
      stat_csv_text(&b, json_str(r, str_of(columns[i])));
      buf_char(&b, ',');
    }
    buf_fmt(&b, "%lld\r\n", (long long)json_int(r, S("pos"), 0));
  }
  if (t->next) buf_fmt(&b, "没有写完：看过 %lld 条，写出 %zu 条，往前还有。请缩短日期再下载\r\n", (long long)t->looked, t->shown);
  rp->type = S("text/csv; charset=utf-8");
  rp->filename = arena_fmt(rq->mem, "audit-%.*s-%.*s.csv", SFMT(t->from.len ? t->from : S("all")), SFMT(t->to));
  rp->body = arena_str(rq->mem, buf_str(&b));
}

static void trail_view(Cx *cx, Request *rq, Json *view, const Trail *t) {
  Arena *m = rq->mem;
  Str here = trail_query(m, t);
  int64_t skipped = request_int(rq, S("n"), 0);
  if (skipped < 0) skipped = 0;
  PUT(view, "here", here);
  PUT_INT(view, "first", skipped + 1);
  PUT_INT(view, "last", skipped + (int64_t)t->shown);
  PUT_INT(view, "looked", t->looked);
  PUT_BOOL(view, "ended", t->ended);
  PUT_BOOL(view, "later", skipped > 0 || request_int(rq, S("below"), 0) > 0);
  if (t->ended) PUT_INT(view, "total", skipped + t->matched);
  if (t->next) PUT(view, "older", arena_fmt(m, "%.*s&below=%lld&n=%lld", SFMT(here), (long long)t->next, (long long)skipped + (long long)t->shown));
  if (t->stream.len) PUT(view, "record_name", record_known(cx, rq, t->stream));
  Trail whole = *t;
  whole.from = whole.to = S("");
  if ((t->from.len || t->until <= rq->now) && (t->about.len || t->who.len)) PUT(view, "whole", trail_query(m, &whole));
}

/* The same days and people, another kind of entry. */
static void groups_view(Request *rq, Json *view, const Trail *t) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("groups"));
  Trail one = *t;
  PUT(view, "group", t->group);
  for (size_t i = 0; i <= COUNT(groups); i++) {
    Json *o = json_push_obj(m, list);
    one.group = i ? str_of(groups[i - 1].code) : S("");
    if (i) one.from = S(""); /* rare ones: as far back as there are any */
    PUT(o, "label", i ? str_of(groups[i - 1].label) : S("全部"));
    PUT(o, "href", trail_query(m, &one));
    PUT_BOOL(o, "here", str_eq(one.group, t->group));
  }
}

static Code page_audit(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  bool csv = str_eqz(request_arg(rq, S("format")), "csv");
  Trail t = {.from = request_arg(rq, S("from")), .to = request_arg(rq, S("to")), .who = request_arg(rq, S("who")), .what = request_arg(rq, S("what")),
             .about = request_arg(rq, S("about")), .group = request_arg(rq, S("group")), .rows_max = csv ? AUDIT_CSV_ROWS : AUDIT_ROWS};
  rp->title = tr(rq->lang, S("查轨迹"));
  rp->view = json_obj(m);
  Json *list = json_put_arr(m, rp->view, S("events"));
  bool sound = days_of(cx, rq, &t) == OK;
  if (!sound) reply_fault(cx, rq, rp);
  if (sound) TRY(record_of(cx, rq, &t));
  if (sound && !csv) TRY(records_beside(cx, rq, t.stream, json_put_arr(m, rp->view, S("besides"))));
  if (sound) TRY(trail_range(cx, rq, &t));
  if (sound) TRY(trail_look(cx, rq, &t, list));
  if (sound && csv) {
    csv_reply(rq, rp, &t, list);
    return OK;
  }
  PUT(rp->view, "from_day", t.from);
  PUT(rp->view, "filled", t.filled);
  PUT(rp->view, "to_day", t.to);
  PUT(rp->view, "who", t.who);
  PUT(rp->view, "what", t.what);
  PUT(rp->view, "about", sound && str_has(t.about, S("/")) ? record_asked(cx, rq, t.stream) : t.about);
  groups_view(rq, rp->view, &t);
  if (sound) trail_view(cx, rq, rp->view, &t);
  TRY(spots_wait(cx, rq, json_put_arr(m, rp->view, S("waits"))));
  proof_view(cx, rq, rp->view);
  return OK;
}

const Route audit_routes[] = {
    {.method = GET, .path = "/audit", .allow = ROLE_AUDITOR, .run = page_audit, .tmpl = "audit", .section = "audit", .compact = true,
     .help = "查轨迹：谁在什么时候做了什么，关于哪份记录，按日期、人、做了什么、记录查；不显示内容。"},
    {.path = NULL},
};
