/* SPDX-License-Identifier: Apache-2.0 */
/* page_ledger_row.c: one row of a ledger with its history; adding one, changing one. */
#include "approval/approval.h"
#include "web/page_ledger.h"

static const FormField name_fields[] = {{"name", "text", "名称", NULL, false}};
static const FormAct add_act = {.act = "add", .command = "entry.add", .title = "登记一行", .button = "登记", FIELDS(name_fields)};
static const FormAct change_act = {.act = "change", .command = "entry.change", .title = "更新", .button = "保存", FIELDS(name_fields)};
static const FormField measure_field = {"measure", "select", "整改方式", "期限随方式确定", true};
static const FormField until_field = {"until", "text", "期限", "方式没有文件期限的，由县（市）区定，如 2019-12-31", true};
static const FormField reason_field = {"reason", "long", "理由", "改动关系到期限或者竣工备案的要写；会留在经过里", true};

/* ---- the form: a field for each column ---------------------------------------------------------------------------- */

static const char *kind_of(const LedgerColumn *c) {
  static const struct { const char *type, *kind; } kinds[] = {{"text", "text"}, {"long", "long"}, {"int", "number"}, {"decimal", "decimal"}, {"day", "text"}, {"choice", "select"}, {"yesno", "yesno"}};
  for (size_t i = 0; i < COUNT(kinds); i++)
    if (str_eqz(c->type, kinds[i].type)) return kinds[i].kind;
  return "text";
}

static void column_field(Request *rq, Json *form, const LedgerColumn *c, Str value) {
  Arena *m = rq->mem;
  const Ledgers *l = &rq->app->policy->ledgers;
  Str hint = str_eqz(c->type, "day") && !c->hint.len ? S("如 2019-07-01") : c->hint;
  FormField *f = arena_new(m, FormField);
  *f = (FormField){.name = arena_z(m, c->code), .kind = kind_of(c), .label = arena_z(m, c->unit.len ? arena_fmt(m, "%.*s（%.*s）", SFMT(c->name), SFMT(c->unit)) : c->name),
                   .hint = hint.len ? arena_z(m, hint) : NULL, .optional = !c->required};
  bool yesno = !strcmp(f->kind, "yesno");
  if (yesno) f->kind = "radio"; /* as yesno, but the value is there before its choices */
  form_field_add(rq, form, f);
  form_value(rq, form, f->name, value);
  if (yesno) form_choice(rq, form, f->name, S("true"), S("是"));
  if (yesno) form_choice(rq, form, f->name, S("false"), S("否"));
  for (size_t i = 0; i < l->word_count; i++)
    if (str_eq(l->words[i].ledger, c->ledger) && str_eq(l->words[i].column, c->code)) form_choice(rq, form, f->name, l->words[i].code, l->words[i].name);
}

static void measure_choices(Request *rq, Json *form, const LedgerKind *k, Str chosen) {
  Arena *m = rq->mem;
  const Ledgers *l = &rq->app->policy->ledgers;
  form_value(rq, form, "measure", chosen);
  for (size_t i = 0; i < l->measure_count; i++) {
    const LedgerMeasure *x = &l->measures[i];
    if (str_eq(x->ledger, k->code)) form_choice(rq, form, "measure", x->code, x->due.len ? arena_fmt(m, "%.*s（%.*s 前）", SFMT(x->name), SFMT(x->due)) : x->name);
  }
}

static bool has_answers(const Policy *p, Str ledger) {
  for (size_t i = 0; i < p->ledgers.measure_count; i++)
    if (str_eq(p->ledgers.measures[i].ledger, ledger) && p->ledgers.measures[i].answer_count) return true;
  return false;
}

static void whole_form(Request *rq, Json *view, const LedgerKind *k, const LedgerEntry *e) {
  const Policy *p = rq->app->policy;
  Json *form = form_put_act(rq, view, e ? &change_act : &add_act);
  if (e) form_value(rq, form, "name", e->name);
  for (size_t i = 0; i < p->ledgers.column_count; i++)
    if (str_eq(p->ledgers.columns[i].ledger, k->code)) column_field(rq, form, &p->ledgers.columns[i], e ? json_str(e->values, p->ledgers.columns[i].code) : S(""));
  form_field_add(rq, form, &measure_field);
  measure_choices(rq, form, k, e && !e->proposed ? e->measure : S("")); /* a proposed one follows the answers again */
  if (!e) form_field_add(rq, form, &until_field);
  form_field_add(rq, form, &reason_field);
  json_put_bool(rq->mem, view, S("answers"), has_answers(p, k->code));
}

static Json *whole_args(Request *rq, const LedgerKind *k, bool adding) {
  static const char *const names[] = {"name", "measure", "reason", "until"};
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *args = json_obj(m), *values = json_put_obj(m, args, S("values"));
  for (size_t i = 0; i < COUNT(names) - !adding; i++)
    if (request_arg(rq, str_of(names[i])).len) json_put_str(m, args, str_of(names[i]), request_arg(rq, str_of(names[i])));
  for (size_t i = 0; i < p->ledgers.column_count; i++) {
    const LedgerColumn *c = &p->ledgers.columns[i];
    if (str_eq(c->ledger, k->code) && (request_arg(rq, c->code).len || (!adding && json_get(rq->args, c->code)))) json_put_str(m, values, c->code, request_arg(rq, c->code));
  }
  if (adding) json_put_str(m, args, S("ledger"), k->code);
  return args;
}

static Code page_new(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const LedgerKind *k = NULL;
  TRY(ledger_of(cx, rq, &k));
  if (!ledger_fills(rq, k)) FAIL_AT(DENIED, S(""), k->regions_source.clause, "《%.*s》由列入台账的县（市）区填报，您的单位不在其中。", SFMT(k->name));
  rp->title = arena_fmt(m, "登记%.*s：%.*s", SFMT(k->object), SFMT(k->name));
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/w/l/%.*s/new", SFMT(k->code)));
  PUT(rp->view, "code", k->code);
  PUT(rp->view, "ledger_name", k->name);
  whole_form(rq, rp->view, k, NULL);
  return OK;
}

static Code post_new(Cx *cx, Request *rq, Reply *rp) {
  const LedgerKind *k = NULL;
  TRY(ledger_of(cx, rq, &k));
  form_send(rq, rp, &add_act, S(""), whole_args(rq, k, true), arena_fmt(rq->mem, "/w/l/%.*s/", SFMT(k->code)), page_new, "ledger_form");
  return OK;
}

/* ---- one row ----------------------------------------------------------------------------------------------------------- */

static Code row_of(Cx *cx, Request *rq, const LedgerKind **k, const LedgerEntry **e) {
  int64_t no = 0;
  TRY(ledger_of(cx, rq, k));
  if (!str_to_i64(rq->params[1], &no) || no < 1) FAIL(NOT_FOUND, "台账里没有这一行，请从列表里打开。");
  TRY(entry_load(cx, rq->rd, no, e));
  if (!str_eq((*e)->ledger, (*k)->code)) FAIL(NOT_FOUND, "台账里没有这一行，请从列表里打开。");
  return OK;
}

static Str step_label(Str kind) {
  static const struct { const char *kind, *label; } labels[] = {{"added", "登记"}, {"changed", "更新"}, {"extended", "定期限、延期"}, {"closed", "销号，等联合办公室确认"}, {"confirmed", "联合办公室确认销号"},
                                                                {"reopened", "联合办公室退回整改"}, {"linked", "关联项目"}, {"unlinked", "解除关联"}, {"refused", "登记开发企业拒不整改，起草信用记录"},
                                                                {"held", "项目暂不办理竣工验收备案"}, {"released", "项目恢复办理竣工验收备案"}};
  for (size_t i = 0; i < COUNT(labels); i++)
    if (str_eqz(kind, labels[i].kind)) return str_of(labels[i].label);
  return kind;
}

static void steps_view(Request *rq, Json *view, const LedgerEntry *e) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("steps"));
  for (size_t i = e->step_count; i-- > 0;) {
    const EntryStep *s = &e->steps[i];
    Json *o = json_push_obj(m, list), *changes = json_put_arr(m, o, S("changes"));
    PUT(o, "at_cn", time_cn(m, s->at));
    PUT(o, "by", s->unit.len ? arena_fmt(m, "%.*s %.*s", SFMT(unit_name(rq->app->policy, s->unit)), SFMT(s->by)) : s->by);
    PUT(o, "label", step_label(s->kind));
    PUT(o, "text", s->text);
    for (size_t k = 0; k < s->change_count; k++) {
      Json *c = json_push_obj(m, changes);
      PUT(c, "column", s->changes[k].column);
      PUT(c, "was", s->changes[k].was.len ? s->changes[k].was : S("（空）"));
      PUT(c, "is", s->changes[k].is.len ? s->changes[k].is : S("（空）"));
    }
  }
}

static void values_view(Request *rq, Json *view, const LedgerKind *k, const LedgerEntry *e) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(m, view, S("values"));
  for (size_t i = 0; i < p->ledgers.column_count; i++) {
    const LedgerColumn *c = &p->ledgers.columns[i];
    Str v = ledger_value_text(p, k->code, c->code, json_str(e->values, c->code));
    if (!str_eq(c->ledger, k->code) || !v.len) continue;
    Json *o = json_push_obj(m, list);
    PUT(o, "name", c->name);
    PUT(o, "text", c->unit.len ? arena_fmt(m, "%.*s %.*s", SFMT(v), SFMT(c->unit)) : v);
    view_source(m, o, c->source);
  }
}

static Code head_view(Cx *cx, Request *rq, Json *view, const LedgerKind *k, const LedgerEntry *e) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const LedgerMeasure *measure = policy_ledger_measure(p, k->code, e->measure);
  int64_t households = -1, people = -1;
  int left = 0;
  Str what = S("");
  Day due = entry_next(e, &what), by = e->until.n ? e->until : e->due;
  PUT(view, "code", k->code);
  PUT(view, "ledger_name", k->name);
  PUT_INT(view, "no", e->no);
  PUT(view, "number", e->number);
  PUT(view, "name", e->name);
  PUT(view, "county_name", place_name(p, e->county));
  PUT(view, "status", e->status);
  PUT(view, "status_label", entry_label(e->status));
  PUT(view, "measure", e->measure_name);
  PUT_BOOL(view, "proposed", e->proposed);
  if (measure) view_source(m, view, measure->source);
  if (by.n) PUT(view, "by", day_str(m, by));
  if (e->until.n && e->due.n) PUT(view, "document_due", day_str(m, e->due));
  if (e->plan_due.n) PUT(view, "plan_due", day_str(m, e->plan_due));
  TRY(view_limit(cx, rq, view, e->no, due, what));
  PUT(view, "size", e->size);
  if (!e->size.len) PUT_BOOL(view, "no_size", policy_ledger_column(p, k->code, S("households")) && json_str(e->values, S("households")).len);
  (void)str_to_i64(json_str(e->values, S("households")), &households);
  (void)str_to_i64(json_str(e->values, S("people")), &people);
  const LedgerSize *size = ledger_size(p, k->code, households, people);
  if (size) view_source(m, json_put_obj(m, view, S("size_rule")), size->source);
  PUT(view, "warning", e->warning);
  PUT(view, "result", e->result);
  Lamp lamp = ledger_lamp(due, !due.n && !str_eqz(e->status, "open"), k->warn_days, day_of(rq->now), &left);
  view_days(m, view, lamp, left);
  if (e->project) {
    Json *o = json_put_obj(m, view, S("project"));
    PUT_INT(o, "no", e->project);
    PUT(o, "number", e->project_number);
    PUT(o, "name", e->project_name);
    PUT(o, "owner", e->owner);
    PUT_BOOL(o, "opens", opens_whole(cx, rq, e->project));
    PUT_BOOL(o, "holds", entry_holds(e));
    PUT(o, "text", e->hold_text);
    PUT(o, "clause", k->block_source.clause);
  }
  PUT_BOOL(view, "would_hold", e->hold && !e->project && !str_eqz(e->status, "confirmed"));
  PUT(view, "hold_text", e->hold_text);
  PUT_BOOL(view, "refused", e->refused);
  return OK;
}

static const FormField extend_fields[] = {{"until", "text", "新的期限", "如 2019-12-31", false}, {"reason", "long", "理由", NULL, false}};
static const FormField close_fields[] = {{"result", "long", "治理结果", "会向社会公布", false}};
static const FormField back_fields[] = {{"reason", "long", "哪里没有整改到位", NULL, false}};
static const FormField link_fields[] = {{"number", "text", "项目编号或者项目代码", "如 HLD-000018-C", false}};
static const FormField unlink_fields[] = {{"reason", "long", "理由", NULL, false}};
static const FormField refuse_fields[] = {{"fact", "long", "事实", "开发企业没有按时落实哪些整改要求", false}, {"evidence", "long", "证据", "约谈记录、责令整改的文书等", false}};
enum { CONFIRM, CLOSE, EXTEND, LINK, UNLINK, REFUSE, REOPEN, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "confirm", .command = "entry.confirm", .title = "确认销号", .button = "确认整改到位", .note = "确认以后，关联的项目可以办理竣工验收备案。"},
    {.act = "close", .command = "entry.close", .title = "销号", .button = "销号，报联合办公室确认", FIELDS(close_fields)},
    {.act = "extend", .command = "entry.extend", .title = "定期限、延期", .button = "改期限", FIELDS(extend_fields), .note = "谁、什么时候、为什么改的，都会留在经过里，月报会列出。"},
    {.act = "link", .command = "entry.link", .title = "关联项目", .button = "关联", FIELDS(link_fields), .note = "问题是缓建、缩建、停建、不建的，关联以后项目暂不办理竣工验收备案。"},
    {.act = "unlink", .command = "entry.unlink", .title = "解除关联", .button = "解除关联", FIELDS(unlink_fields)},
    {.act = "refuse", .command = "entry.refuse", .title = "开发企业拒不整改", .button = "登记，起草信用记录", FIELDS(refuse_fields), .note = "信用记录是草稿，由市营商局审核以后才公布。"},
    {.act = "reopen", .command = "entry.reopen", .title = "退回整改", .button = "退回", FIELDS(back_fields)}};

static void forms_view(Request *rq, Json *view, const LedgerKind *k, const LedgerEntry *e) {
  bool county = ledger_fills(rq, k) && str_eq(rq->who->unit, e->county), head = county && request_has_role(rq, ROLE_UNIT_HEAD), joint = ledger_joint(rq, k);
  bool open = str_eqz(e->status, "open"), holds = entry_holds(e);
  if (joint && str_eqz(e->status, "closed")) form_put_act(rq, view, &acts[CONFIRM]);
  if (head && open && e->measure.len) form_put_act(rq, view, &acts[CLOSE]);
  if (head && open && e->measure.len) form_put_act(rq, view, &acts[EXTEND]);
  if (county && k->block_count && !e->project) form_put_act(rq, view, &acts[LINK]);
  if (head && open && e->project && !e->refused) form_put_act(rq, view, &acts[REFUSE]);
  if (e->project && (holds ? joint : county)) form_put_act(rq, view, &acts[UNLINK]);
  if (joint && !open) form_put_act(rq, view, &acts[REOPEN]);
  json_put_bool(rq->mem, view, S("can_change"), county || joint);
}

static Str row_path(Request *rq, const LedgerEntry *e) {
  return arena_fmt(rq->mem, "/w/l/%.*s/%lld", SFMT(e->ledger), (long long)e->no);
}

static Code page_row(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const LedgerKind *k = NULL;
  const LedgerEntry *e = NULL;
  TRY(row_of(cx, rq, &k, &e));
  rp->title = e->name;
  rp->view = json_obj(m);
  PUT(rp->view, "path", row_path(rq, e));
  TRY(head_view(cx, rq, rp->view, k, e));
  values_view(rq, rp->view, k, e);
  steps_view(rq, rp->view, e);
  forms_view(rq, rp->view, k, e);
  return OK;
}

static Code link_args(Cx *cx, Request *rq, Json *args) {
  int64_t no = 0;
  Str number = request_arg(rq, S("number"));
  if (!number.len || project_find(cx, rq->rd, number, &no) != OK) {
    cx_clear(cx);
    FAIL_AT(NOT_FOUND, S("number"), S(""), "没有编号是“%.*s”的项目，请核对", SFMT(number));
  }
  json_put_int(rq->mem, args, S("project"), no);
  return OK;
}

static Code post_row(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *a = NULL;
  const LedgerKind *k = NULL;
  const LedgerEntry *e = NULL;
  TRY(row_of(cx, rq, &k, &e));
  TRY(form_act(cx, rq, acts, ACTS, &a));
  Json *args = a == &acts[LINK] ? json_obj(rq->mem) : form_args(rq, a);
  if (a == &acts[LINK] && link_args(cx, rq, args) != OK) {
    Str detail = cx->detail;
    cx_clear(cx);
    TRY(page_row(cx, rq, rp));
    rp->tmpl = "ledger_row";
    form_fault(rq, rp, a, S("number"), detail);
    return OK;
  }
  form_send(rq, rp, a, arena_fmt(rq->mem, "entry/%lld", (long long)e->no), args, row_path(rq, e), page_row, "ledger_row");
  return OK;
}

/* ---- changing ------------------------------------------------------------------------------------------------------------ */

static Code page_edit(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const LedgerKind *k = NULL;
  const LedgerEntry *e = NULL;
  TRY(row_of(cx, rq, &k, &e));
  bool county = ledger_fills(rq, k) && str_eq(rq->who->unit, e->county);
  if (!county && !ledger_joint(rq, k)) FAIL_AT(DENIED, S(""), k->source.clause, "这一行由%.*s填报，不归您的单位。", SFMT(unit_name(rq->app->policy, e->county)));
  rp->title = arena_fmt(m, "更新：%.*s", SFMT(e->name));
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "%.*s/edit", SFMT(row_path(rq, e))));
  PUT(rp->view, "code", k->code);
  PUT(rp->view, "ledger_name", k->name);
  PUT_INT(rp->view, "no", e->no);
  PUT(rp->view, "name", e->name);
  whole_form(rq, rp->view, k, e);
  return OK;
}

static Code post_edit(Cx *cx, Request *rq, Reply *rp) {
  const LedgerKind *k = NULL;
  const LedgerEntry *e = NULL;
  TRY(row_of(cx, rq, &k, &e));
  form_send(rq, rp, &change_act, arena_fmt(rq->mem, "entry/%lld", (long long)e->no), whole_args(rq, k, false), row_path(rq, e), page_edit, "ledger_form");
  return OK;
}

const Route ledger_row_routes[] = {
    {.method = GET, .path = "/w/l/{code}/new", .allow = FILLS, .run = page_new, .tmpl = "ledger_form", .section = "ledger", .compact = true, .help = "在台账里登记一行。"},
    {.method = POST, .path = "/w/l/{code}/new", .allow = FILLS, .run = post_new, .section = "ledger", .compact = true, .help = "登记一行。"},
    {.method = GET, .path = "/w/l/{code}/{n}", .allow = SEES, .run = page_row, .tmpl = "ledger_row", .section = "ledger", .compact = true, .help = "台账的一行和它的经过。"},
    {.method = POST, .path = "/w/l/{code}/{n}", .allow = FILLS, .run = post_row, .section = "ledger", .compact = true, .help = "销号、确认、退回、改期限、关联项目、登记拒不整改。"},
    {.method = GET, .path = "/w/l/{code}/{n}/edit", .allow = FILLS, .run = page_edit, .tmpl = "ledger_form", .section = "ledger", .compact = true, .help = "更新台账的一行。"},
    {.method = POST, .path = "/w/l/{code}/{n}/edit", .allow = FILLS, .run = post_edit, .section = "ledger", .compact = true, .help = "更新台账的一行。"},
    {.path = NULL},
};
