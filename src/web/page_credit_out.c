/* SPDX-License-Identifier: Apache-2.0 */
/* page_credit_out.c: files for the sites of credit: what was published, and each change since (docs/credit.md). */
#include "web/page_credit.h"

#define FORMAT "yichuang-credit/1"
enum { FILE_MAX = 32 << 20 };

typedef struct Out {
  Request *rq;
  Buf b;
  bool csv;
  int64_t count;
} Out;

/* The columns, in order; the same keys in both formats. */
static const struct { const char *key, *label; } columns[] = {
    {"id", "变更编号"},       {"number", "记录编号"},     {"change", "变更"},     {"at", "变更时间"},        {"kind", "类别"},     {"subject_kind", "主体类别"},
    {"subject", "主体名称"},  {"subject_no", "主体代码"}, {"fact", "事实"},       {"basis", "依据"},         {"decision", "决定文号"}, {"condition", "列入情形"},
    {"until", "截止日期"},    {"text", "变更说明"}};

static void values_of(Request *rq, const CreditChange *c, Str v[COUNT(columns)]) {
  Arena *m = rq->mem;
  const CreditRow *r = &c->row;
  const Str all[COUNT(columns)] = {arena_fmt(m, "%.*s#%lld", SFMT(r->number), (long long)c->seq), r->number, credit_change_label(c->change, r->kind), time_str(m, c->at),
                                   credit_kind_label(r->kind), str_eqz(r->subject_kind, "person") ? S("从业人员") : S("企业"), credit_subject(rq, r),
                                   credit_subject_no(rq, r), r->fact, r->basis, r->decision, r->condition_name, r->until.n ? day_str(m, r->until) : S(""), c->text};
  for (size_t i = 0; i < COUNT(columns); i++) v[i] = all[i];
}

static Code change_add(Cx *cx, void *arg, const CreditChange *c) {
  Out *o = arg;
  Arena *m = o->rq->mem;
  Str v[COUNT(columns)];
  (void)cx;
  values_of(o->rq, c, v);
  o->count++;
  for (size_t i = 0; o->csv && i < COUNT(columns); i++) buf_csv(&o->b, v[i], i + 1 == COUNT(columns));
  if (o->csv) return OK;
  Json *line = json_obj(m);
  for (size_t i = 0; i < COUNT(columns); i++) json_put_str(m, line, str_of(columns[i].key), v[i]);
  json_write(&o->b, line);
  buf_char(&o->b, '\n');
  return OK;
}

static void head_add(Out *o, Str site, Str since) {
  Arena *m = o->rq->mem;
  if (o->csv) {
    buf_add(&o->b, S("\xEF\xBB\xBF"));
    for (size_t i = 0; i < COUNT(columns); i++) buf_csv(&o->b, str_of(columns[i].label), i + 1 == COUNT(columns));
    return;
  }
  Json *head = json_obj(m);
  json_put_str(m, head, S("format"), S(FORMAT));
  json_put_str(m, head, S("site"), site);
  json_put_str(m, head, S("city"), o->rq->app->policy->city);
  json_put_str(m, head, S("made"), time_str(m, o->rq->now));
  json_put_str(m, head, S("since"), since);
  json_put_bool(m, head, S("sample"), true);
  json_write(&o->b, head);
  buf_char(&o->b, '\n');
}

static Code since_of(Cx *cx, const Request *rq, Day *out) {
  Str text = str_trim(request_arg(rq, S("since")));
  *out = (Day){0};
  if (text.len && !day_typed(text, out)) FAIL_AT(INVALID, S("since"), S(""), "日期写成 2026-12-01 的样子，或者留空");
  return OK;
}

Code page_credit_file(Cx *cx, Request *rq, Reply *rp) {
  const Policy *p = rq->app->policy;
  int64_t site = param_no(rq, 0);
  SCOPED(buf_drop) Buf none = {0};
  Out o = {.rq = rq, .csv = str_eqz(rq->params[1], "csv")};
  Day since;
  TRY(since_of(cx, rq, &since));
  if (site < 1 || site > (int64_t)p->credit_target_count) FAIL(NOT_FOUND, "政策包里没有第 %lld 个信用网站。", (long long)site);
  if (!o.csv && !str_eqz(rq->params[1], "jsonl")) FAIL(NOT_FOUND, "文件只有 csv 和 jsonl 两种格式。");
  Str name = p->credit_targets[site - 1], day = day_str(rq->mem, day_of(rq->now));
  buf_init(&none, FILE_MAX);
  o.b = none;
  none = (Buf){0};
  head_add(&o, name, since.n ? day_str(rq->mem, since) : S(""));
  Code code = credit_changes(cx, rq->rd, since, change_add, &o);
  none = o.b;
  TRY(code);
  if (none.full) FAIL(LIMIT, "文件太大，请写明起始日期分几次下载。");
  rp->type = o.csv ? S("text/csv; charset=utf-8") : S("application/x-ndjson; charset=utf-8");
  rp->body = arena_str(rq->mem, buf_str(&none));
  rp->filename = arena_fmt(rq->mem, "%.*s-%.*s.%.*s", SFMT(name), SFMT(day), SFMT(rq->params[1]));
  return OK;
}

static Code count_one(Cx *cx, void *arg, const CreditChange *c) {
  (void)cx, (void)c;
  ++*(int64_t *)arg;
  return OK;
}

Code page_credit_out(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  int64_t n = 0;
  Day since;
  rp->title = S("报送信用网站");
  rp->view = json_obj(m);
  if (since_of(cx, rq, &since) != OK) {
    PUT(rp->view, "since_error", cx->detail);
    cx_clear(cx);
  }
  PUT(rp->view, "since", request_arg(rq, S("since")));
  TRY(credit_changes(cx, rq->rd, since, count_one, &n));
  PUT_INT(rp->view, "count", n);
  Json *sites = json_put_arr(m, rp->view, S("sites"));
  for (size_t i = 0; i < p->credit_target_count; i++) {
    Json *o = json_push_obj(m, sites);
    PUT_INT(o, "no", (int64_t)i + 1);
    PUT(o, "name", p->credit_targets[i]);
    if (since.n) PUT(o, "since", day_str(m, since));
  }
  view_source(m, rp->view, p->credit_targets_source);
  return OK;
}
