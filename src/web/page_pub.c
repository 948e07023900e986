/* SPDX-License-Identifier: Apache-2.0 */
/* page_pub.c: the work of editors and reviewers 公文公开审查: one list of what waits, one document with what can be done about it (S39, S40). */
#include "web/page_open.h"
#include "web/page_work.h"

enum { STEP = 50, WAITING_MAX = 300 };
#define WORKS (ROLE_EDITOR | ROLE_UNIT_HEAD)

/* ---- forms ----------------------------------------------------------------------------------------------------------- */

#define REASON_FIELD(words) {"reason", "long", words, NULL, false}
static const FormField draft_fields[] = {{"title", "text", "标题", NULL, false}, {"number", "text", "发文字号", "葫政办发〔2019〕60号 的样子", false}, {"issuer", "text", "发文机关", NULL, false},
                                         {"day", "text", "成文日期", "2019-06-28 的样子", false}, {"openness", "radio", "公开属性", "没有公开属性的不能送审", false},
                                         {"reason", "text", "不公开的理由", "不予公开的必须说明，公开的不用写", false}, {"recipients", "text", "主送机关", NULL, true},
                                         {"basis", "long", "依据的文件", "一行一份，写明字号", true}, {"text", "body", "正文", "一段一行；序号写 一、（一）1．（1），页面按它做目录和锚点", false},
                                         {"explain", "yesno", "是不是政策性文件", "政策性文件和解读同步起草、同步审签", false}, {"form", "select", "解读的形式", NULL, true},
                                         {"heading", "text", "解读的标题", "不写就用《标题》解读", true}, {"plan", "long", "解读方案", "由谁、什么时候、在哪里解读；政策性文件送审以前要写，别的文件不用写", false},
                                         {"material", "body", "解读材料", "六个方面的标题各占一行，下面写内容；政策性文件送审以前要写，别的文件不用写", false}};
static const FormField explain_fields[] = {{"form", "select", "解读的形式", NULL, true}, {"heading", "text", "解读的标题", "不写就用《标题》解读", true},
                                           {"plan", "long", "解读方案", "由谁、什么时候、在哪里解读", false}, {"material", "body", "解读材料", "六个方面的标题各占一行，下面写内容", false}};
static const FormField sign_fields[] = {{"text", "long", "意见", NULL, true}};
static const FormField approve_fields[] = {{"text", "long", "意见", NULL, true}, {"channels", "checks", "以什么形式公开", NULL, false}};
static const FormField return_fields[] = {REASON_FIELD("要改什么")};
static const FormField mark_fields[] = {{"openness", "radio", "公开属性", NULL, false}, {"reason", "text", "不公开的理由", "不予公开的必须说明", true}};
static const FormField dispute_fields[] = {{"openness", "radio", "您认为是", NULL, false}, REASON_FIELD("理由")};
static const FormField drop_fields[] = {{"no", "select", "哪份解读", NULL, false}, REASON_FIELD("理由")};
static const FormField force_fields[] = {{"force", "select", "效力", NULL, false}, {"basis", "text", "依据", "哪份文件宣布的，或者有效期到哪天", false}};

static const FormField attach_fields[] = {{"about", "select", "属于哪一份", NULL, false}, {"title", "text", "附件名称", "如 流程图解", false},
                                          {"alt", "long", "替代文字", "图片必须写：图上说了什么，看不见图的人也要能知道", true}};
static const FormField detach_fields[] = {{"no", "select", "哪个附件", NULL, false}};

enum { FIRST, SECOND, THIRD, APPROVE, RETURN, DISPUTE, SETTLE, MARK, SUBMIT, ATTACH, DETACH, DROP, DOWN, FORCE, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "first", .command = "gazette.sign", .title = "初审", .button = "初审同意，送复审", FIELDS(sign_fields)},
    {.act = "second", .command = "gazette.sign", .title = "复审", .button = "复审同意，送批准", FIELDS(sign_fields)},
    {.act = "third", .command = "gazette.sign", .title = "批准", .button = "批准，随即公开", FIELDS(approve_fields)},
    {.act = "approve", .command = "gazette.sign", .title = "批准", .button = "批准（不上网）", FIELDS(sign_fields)},
    {.act = "return", .command = "gazette.return", .title = "退回修改", .button = "退回起草人", FIELDS(return_fields)},
    {.act = "dispute", .command = "gazette.dispute", .title = "不同意公开属性", .button = "转起草人和保密部门", FIELDS(dispute_fields), .note = "起草人和保密行政管理部门一致以后，重新初审。"},
    {.act = "settle", .command = "gazette.settle", .title = "重新确定公开属性", .button = "确定", FIELDS(mark_fields), .note = "起草人和保密行政管理部门各写一次，一致了就定下来。"},
    {.act = "mark", .command = "gazette.mark", .title = "标注公开属性", .button = "标注", FIELDS(mark_fields)},
    {.act = "submit", .command = "gazette.submit", .title = "送审", .button = "送初审"},
    {.act = "attach", .command = "gazette.attach", .title = "加附件、图解", .button = "上传", FIELDS(attach_fields), .upload = true, .upload_label = "文件",
     .note = "附件随文件或者解读一起审查，送审以后不能再加。"},
    {.act = "detach", .command = "gazette.detach", .title = "去掉附件", .button = "去掉", FIELDS(detach_fields)},
    {.act = "drop", .command = "gazette.drop", .title = "删去解读", .button = "删去", FIELDS(drop_fields), .note = "文件和解读都公开时互为链接，不能只去掉一边。"},
    {.act = "down", .command = "gazette.take-down", .title = "撤下", .button = "撤下", FIELDS(drop_fields), .note = "撤下以后网站上看不到；改正以后重新审查。"},
    {.act = "force", .command = "gazette.force", .title = "登记效力", .button = "登记", FIELDS(force_fields)}};
static const FormAct draft_act = {.act = "draft", .command = "gazette.draft", .title = "新建文件", .button = "送初审", FIELDS(draft_fields)};
static const FormAct change_act = {.act = "change", .command = "gazette.change", .title = "修改", .button = "送初审", FIELDS(draft_fields)};
static const FormAct explain_act = {.act = "explain", .command = "gazette.explain", .title = "起草解读", .button = "送初审", FIELDS(explain_fields)};
static const FormField code_fields[] = {{"code", "text", "代码", NULL, false}};
static const FormAct import_act = {.act = "import", .command = "gazette.import", .title = "收入公文库", .button = "收入", FIELDS(code_fields)};

static void openness_choices(Request *rq, Json *form) {
  static const char *const codes[] = {"public", "request", "secret"};
  for (size_t i = 0; i < COUNT(codes); i++) form_choice(rq, form, "openness", str_of(codes[i]), openness_label(str_of(codes[i])));
}

static void form_choices(Request *rq, Json *form) {
  const Disclosure *d = rq->app->policy->disclosure;
  for (size_t i = 0; d && i < d->form_count; i++) form_choice(rq, form, "form", d->forms[i].code, d->forms[i].name);
}

/* The choices of yesno stand before its value is known: they are chosen here. */
static void yesno_choose(Json *form, Arena *m, const char *field, Str value) {
  const Json *fields = json_get(form, S("fields"));
  for (Json *f = fields ? fields->first : NULL; f; f = f->next) {
    const Json *choices = str_eqz(json_str(f, S("bare")), field) ? json_get(f, S("choices")) : NULL;
    for (Json *c = choices ? choices->first : NULL; c; c = c->next) json_put_bool(m, c, S("chosen"), str_eq(json_str(c, S("value")), value));
  }
}

/* ---- the list --------------------------------------------------------------------------------------------------------------- */

Code pub_waiting_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  GazetteRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(gazettes_list(cx, rq->rd, &(GazetteFilter){.open = true, .limit = WAITING_MAX}, &rows, &n, &total));
  Json *list = json_put_arr(m, view, S("waiting"));
  for (size_t i = 0; i < n; i++)
    if (gazette_waits_for(rq->app->policy->disclosure, &rows[i], &rq->actor)) view_gazette_row(rq, json_push_obj(m, list), &rows[i]);
  CanvassRow *talks = NULL;
  TRY(canvasses_list(cx, rq->rd, &(CanvassFilter){.unit = rq->who->unit, .limit = WAITING_MAX}, &talks, &n, &total));
  for (size_t i = 0; i < n; i++)
    if (canvass_waits_for(rq->app->policy->disclosure, &talks[i], &rq->actor)) view_canvass_row(rq, json_push_obj(m, list), &talks[i]);
  PUT_INT(view, "waiting_total", (int64_t)list->count);
  return view_talks(cx, rq, view, &(CanvassFilter){.unit = rq->who->unit, .limit = STEP});
}

static Code missing_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  const Gazette *rows = NULL;
  size_t n = 0;
  Json *list = json_put_arr(m, view, S("missing"));
  if (!request_has_role(rq, ROLE_EDITOR)) return OK;
  TRY(gazettes_missing(cx, rq->rd, rq->app->policy, &rows, &n));
  for (size_t i = 0; i < n; i++) {
    if (!str_eq(rows[i].unit, rq->who->unit)) continue;
    Json *o = json_push_obj(m, list);
    PUT(o, "code", rows[i].code);
    PUT(o, "number", rows[i].number);
    PUT(o, "title", rows[i].title);
    PUT_BOOL(o, "marked", rows[i].mark.len > 0);
  }
  return OK;
}

static Code page_pubs(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  GazetteRow *rows = NULL;
  size_t n = 0, from = from_of(rq);
  int64_t total = 0;
  Str show = request_arg(rq, S("show"));
  bool unexplained = str_eqz(show, "unexplained");
  rp->title = S("公文公开审查");
  rp->view = json_obj(m);
  PUT(rp->view, "show", show);
  PUT_BOOL(rp->view, "editor", request_has_role(rq, ROLE_EDITOR));
  TRY(view_self(cx, rq, rp->view));
  TRY(pub_waiting_view(cx, rq, rp->view));
  TRY(missing_view(cx, rq, rp->view));
  GazetteFilter f = {.unit = rq->who->unit, .status = unexplained ? S("") : show, .unexplained = unexplained, .limit = STEP, .offset = from};
  TRY(gazettes_list(cx, rq->rd, &f, &rows, &n, &total));
  Json *list = json_put_arr(m, rp->view, S("documents"));
  for (size_t i = 0; i < n; i++) view_gazette_row(rq, json_push_obj(m, list), &rows[i]);
  view_pages(rq, rp->view, from, n, STEP, total);
  return OK;
}

static Code post_pubs(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  form_send(rq, rp, &import_act, S(""), form_args(rq, &import_act), S("/w/pub/"), page_pubs, "pubs");
  return OK;
}

/* ---- writing ------------------------------------------------------------------------------------------------------------------ */

/* The issuer that the unit wrote last, else its own name. */
static Code issuer_of(Cx *cx, Request *rq, Str *out) {
  GazetteRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  const Unit *u = policy_unit(rq->app->policy, rq->who->unit);
  TRY(gazettes_list(cx, rq->rd, &(GazetteFilter){.unit = rq->who->unit, .limit = 1}, &rows, &n, &total));
  *out = n ? rows[0].issuer : u && u->alias_count ? u->aliases[0] : u ? u->name : S("");
  return OK;
}

static Code page_new(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Disclosure *d = rq->app->policy->disclosure;
  Str issuer = S("");
  if (!d) FAIL(CONFLICT, "本市没有设置公文库（政策包里没有 gazette.yaml），不能新建文件。");
  TRY(issuer_of(cx, rq, &issuer));
  rp->title = S("新建文件");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/w/pub/new"));
  PUT(rp->view, "back", S("/w/pub"));
  Json *form = form_put_act(rq, rp->view, &draft_act);
  form_value(rq, form, "issuer", issuer);
  form_value(rq, form, "day", day_str(m, day_of(rq->now)));
  form_value(rq, form, "material", text_template(m, d));
  form_value(rq, form, "form", d->form_count ? d->forms[0].code : S(""));
  form_choices(rq, form);
  openness_choices(rq, form);
  if (rq->method == GET) yesno_choose(form, m, "explain", S("true"));
  return OK;
}

/* A template that nobody has filled in is no material of a document that needs none yet. Where one is needed it goes along, so that the refusal
 * names the headings that are empty. */
static Json *written_args(Request *rq, Reply *rp, const FormAct *a) {
  Arena *m = rq->mem;
  Json *args = form_args(rq, a), *clean = json_obj(m);
  const Disclosure *d = rq->app->policy->disclosure;
  bool sends = str_eqz(request_arg(rq, S("send")), "true"), told = !json_get(args, S("explain")) || json_bool(args, S("explain"));
  bool explains = sends && told && !str_eqz(json_str(args, S("openness")), "secret");
  bool needed = a == &explain_act || explains || (d && text_begun(d, json_str(args, S("material"))));
  for (const Json *x = args->first; x; x = x->next)
    if (!str_eqz(x->key, "material") || needed) json_put(m, clean, x->key, x);
  if (sends) json_put_bool(m, clean, S("send"), true);
  if (sends) rp->did = S("gazette.submit");
  return clean;
}

static Code post_new(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  if (!rq->app->policy->disclosure) FAIL(CONFLICT, "本市没有设置公文库（政策包里没有 gazette.yaml），不能新建文件。");
  form_send(rq, rp, &draft_act, S(""), written_args(rq, rp, &draft_act), S("/w/pub/"), page_new, "pub_new");
  return OK;
}

/* ---- one ---------------------------------------------------------------------------------------------------------------------- */

/* Of the unit, or of 保密行政管理部门 when it is asked. */
static Code file_seen(Cx *cx, Request *rq, const GazetteFile **out) {
  const Disclosure *d = rq->app->policy->disclosure;
  TRY(gazette_load(cx, rq->rd, rq->params[0], out));
  Str unit = rq->who->unit;
  bool asked = d && str_eq(unit, d->secrecy) && ((*out)->review.raised.at || (*out)->round_count);
  if (!unit.len || (!str_eq(unit, (*out)->unit) && !asked)) FAIL(NOT_FOUND, "没有这份文件，或者它不归您的单位。");
  return OK;
}

static Str stream_of_file(Request *rq, const GazetteFile *g) {
  return arena_fmt(rq->mem, "gazette/%lld", (long long)g->no);
}

static void change_values(Request *rq, Json *form, const GazetteFile *g) {
  Arena *m = rq->mem;
  Str basis = S("");
  for (size_t i = 0; i < g->basis_count; i++) basis = arena_fmt(m, "%.*s%s%.*s", SFMT(basis), i ? "\n" : "", SFMT(g->basis[i]));
  const struct { const char *name; Str value; } values[] = {{"title", g->title}, {"number", g->number}, {"issuer", g->issuer}, {"day", day_str(m, g->day)}, {"reason", g->reason},
                                                            {"recipients", g->recipients}, {"basis", basis}, {"text", g->text}, {"openness", g->openness},
                                                            {"explain", g->explain ? S("true") : S("false")}};
  for (size_t i = 0; i < COUNT(values); i++) form_value(rq, form, values[i].name, values[i].value);
}

static const Interpretation *draft_of(const GazetteFile *g) {
  for (size_t i = g->item_count; i > 0; i--)
    if (str_eqz(g->items[i - 1].status, "draft")) return &g->items[i - 1];
  return NULL;
}

static void item_values(Request *rq, Json *form, const GazetteFile *g) {
  const Disclosure *d = rq->app->policy->disclosure;
  const Interpretation *x = draft_of(g);
  form_value(rq, form, "material", x && x->text.len ? x->text : text_template(rq->mem, d));
  form_value(rq, form, "form", x ? x->form : d->form_count ? d->forms[0].code : S(""));
  form_choices(rq, form);
  if (!x) return;
  form_value(rq, form, "heading", x->title);
  form_value(rq, form, "plan", x->plan);
}

static Code page_edit(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const GazetteFile *g = NULL;
  TRY(file_seen(cx, rq, &g));
  bool item = str_ends(rq->path, S("/explain"));
  rp->title = item ? S("起草解读") : S("修改文件");
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/w/pub/%.*s/%s", SFMT(rq->params[0]), item ? "explain" : "edit"));
  PUT(rp->view, "back", arena_fmt(m, "/w/pub/%.*s", SFMT(rq->params[0])));
  PUT(rp->view, "document", arena_fmt(m, "%.*s　%.*s", SFMT(g->number), SFMT(g->title)));
  Json *form = form_put_act(rq, rp->view, item ? &explain_act : &change_act);
  item_values(rq, form, g);
  if (item) return OK;
  change_values(rq, form, g);
  openness_choices(rq, form);
  if (rq->method == GET) yesno_choose(form, m, "explain", g->explain ? S("true") : S("false"));
  return OK;
}

static Code post_edit(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const GazetteFile *g = NULL;
  TRY(file_seen(cx, rq, &g));
  bool item = str_ends(rq->path, S("/explain"));
  const FormAct *a = item ? &explain_act : &change_act;
  Json *args = written_args(rq, rp, a);
  if (item && draft_of(g)) PUT_INT(args, "no", draft_of(g)->no);
  form_send(rq, rp, a, stream_of_file(rq, g), args, arena_fmt(m, "/w/pub/%.*s", SFMT(rq->params[0])), page_edit, "pub_new");
  return OK;
}

void view_signs(Request *rq, Json *list, const Signature *signs, const char *about) {
  static const char *const names[SCRUTINIES] = {"初审", "复审", "批准"};
  Arena *m = rq->mem;
  for (int i = 0; i < SCRUTINIES; i++) {
    if (!signs[i].at) continue;
    Json *o = json_push_obj(m, list);
    PUT(o, "step", str_of(names[i]));
    PUT(o, "about", str_of(about));
    PUT(o, "name", signs[i].name);
    PUT(o, "at_cn", time_cn(m, signs[i].at));
    PUT(o, "text", signs[i].text);
  }
}

static void steps_view(Request *rq, Json *view, const GazetteFile *g) {
  static const struct { const char *kind, *label; } labels[] = {
      {"imported", "收入公文库"}, {"drafted", "起草"}, {"changed", "修改"}, {"marked", "标注公开属性"}, {"explained", "起草解读"}, {"submitted", "送初审"}, {"first", "初审同意"},
      {"second", "复审同意"}, {"third", "批准"}, {"returned", "退回修改"}, {"disputed", "不同意公开属性"}, {"said", "重新确定公开属性"}, {"settled", "公开属性一致，重新初审"},
      {"published", "公开"}, {"kept", "审定，不上网"}, {"dropped", "删去解读"}, {"attached", "加附件"}, {"detached", "去掉附件"}, {"taken-down", "撤下"}, {"force-set", "登记效力"}};
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("steps"));
  for (size_t i = g->step_count; i > 0; i--) {
    const GazetteStep *s = &g->steps[i - 1];
    Json *o = json_push_obj(m, list);
    PUT(o, "at_cn", time_cn(m, s->at));
    PUT(o, "by", s->by);
    PUT(o, "label", s->kind);
    for (size_t k = 0; k < COUNT(labels); k++)
      if (str_eqz(s->kind, labels[k].kind)) PUT(o, "label", str_of(labels[k].label));
    PUT(o, "text", s->text);
    PUT_INT(o, "about", s->about);
  }
}

static void readings_view(Request *rq, Json *view, const GazetteFile *g) {
  static const struct { const char *code, *label; } labels[] = {{"draft", "草稿"}, {"public", "已公开"}, {"down", "已撤下"}};
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("items"));
  for (size_t i = 0; i < g->item_count; i++) {
    const Interpretation *x = &g->items[i];
    if (str_eqz(x->status, "dropped")) continue;
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "item", x->no);
    PUT(o, "title", x->title);
    PUT(o, "form", item_form(rq, x->form));
    PUT(o, "plan", x->plan);
    PUT(o, "name", x->name);
    for (size_t k = 0; k < COUNT(labels); k++)
      if (str_eqz(x->status, labels[k].code)) PUT(o, "status_label", str_of(labels[k].label));
    view_blocks(rq, o, x->text);
    for (Json *b = json_get(o, S("blocks"))->first; b; b = b->next) PUT(b, "anchor", arena_fmt(m, "jd%d-%.*s", x->no, SFMT(json_str(b, S("anchor")))));
  }
}

static void review_forms(Request *rq, Json *view, const GazetteFile *g) {
  const Disclosure *d = rq->app->policy->disclosure;
  const Scrutiny *r = &g->review;
  if (!scrutiny_waits_for(d, r, g->unit, g->author, &rq->actor)) return;
  int act = str_eqz(r->step, "first") ? FIRST : str_eqz(r->step, "second") ? SECOND : str_eqz(g->openness, "public") ? THIRD : APPROVE;
  Json *form = form_put_act(rq, view, &acts[act]);
  if (act == THIRD) form_value(rq, form, "channels", d->channel_count ? d->channels[0].code : S(""));
  for (size_t i = 0; act == THIRD && i < d->channel_count; i++) form_choice(rq, form, "channels", d->channels[i].code, d->channels[i].name);
  form_put_act(rq, view, &acts[RETURN]);
  if (!r->about) openness_choices(rq, form_put_act(rq, view, &acts[DISPUTE]));
}

static void item_choices(Request *rq, Json *form, const GazetteFile *g, const char *const *statuses, size_t n) {
  for (size_t i = 0; i < g->item_count; i++)
    for (size_t k = 0; k < n; k++)
      if (str_eqz(g->items[i].status, statuses[k])) form_choice(rq, form, "no", arena_fmt(rq->mem, "%d", g->items[i].no), g->items[i].title);
}

static void annex_forms(Request *rq, Json *view, const GazetteFile *g) {
  const Disclosure *d = rq->app->policy->disclosure;
  Json *form = NULL;
  if (!d || !d->annex_mb || !annex_choices(rq, NULL, g)) return;
  Json *attach = form_put_act(rq, view, &acts[ATTACH]);
  (void)annex_choices(rq, attach, g);
  json_put_str(rq->mem, attach, S("upload_hint"), annex_hint(rq, d));
  for (size_t i = 0; i < g->annex_count; i++) {
    const Annex *a = &g->annexes[i];
    const Interpretation *x = NULL;
    for (size_t k = 0; k < g->item_count; k++)
      if (g->items[k].no == a->about && str_eqz(g->items[k].status, "draft")) x = &g->items[k];
    if (a->gone || (a->about ? !x : !str_eqz(g->status, "draft") && !str_eqz(g->status, "down"))) continue;
    if (!form) form = form_put_act(rq, view, &acts[DETACH]);
    form_choice(rq, form, "no", arena_fmt(rq->mem, "%d", a->no), a->title);
  }
}

static void editor_forms(Request *rq, Json *view, const GazetteFile *g) {
  static const char *const droppable[] = {"draft", "down"};
  static const char *const forces[] = {"valid", "amended", "abolished", "lapsed"};
  Arena *m = rq->mem;
  bool draft = str_eqz(g->status, "draft") || str_eqz(g->status, "down"), rest = !g->review.step.len, item = draft_of(g) != NULL;
  if (!request_has_role(rq, ROLE_EDITOR) || !str_eq(rq->who->unit, g->unit) || !rest) return;
  PUT_BOOL(view, "can_edit", draft && !g->code.len);
  PUT_BOOL(view, "can_explain", (g->explain || item) && !str_eqz(g->status, "kept"));
  PUT_BOOL(view, "has_item", item);
  bool ready = g->openness.len && (item || !g->explain || str_eqz(g->openness, "secret"));
  if (draft && !g->openness.len) openness_choices(rq, form_put_act(rq, view, &acts[MARK]));
  if ((draft && ready) || (!draft && item)) form_put_act(rq, view, &acts[SUBMIT]);
  if (draft && g->code.len && g->openness.len) openness_choices(rq, form_put_act(rq, view, &acts[MARK]));
  annex_forms(rq, view, g);
  bool some = false;
  for (size_t i = 0; i < g->item_count; i++) some |= str_eqz(g->items[i].status, "draft") || str_eqz(g->items[i].status, "down");
  if (some) item_choices(rq, form_put_act(rq, view, &acts[DROP]), g, droppable, COUNT(droppable));
  if (!g->published) return;
  Json *form = form_put_act(rq, view, &acts[FORCE]);
  for (size_t i = 0; i < COUNT(forces); i++)
    if (!str_eqz(g->force, forces[i])) form_choice(rq, form, "force", str_of(forces[i]), force_label(str_of(forces[i])));
}

static void head_forms(Request *rq, Json *view, const GazetteFile *g) {
  static const char *const shown[] = {"public"};
  if (!request_has_role(rq, ROLE_UNIT_HEAD) || !str_eq(rq->who->unit, g->unit) || g->review.step.len || !g->published) return;
  Json *form = form_put_act(rq, view, &acts[DOWN]);
  form_choice(rq, form, "no", S("0"), S("整份文件，连同解读"));
  item_choices(rq, form, g, shown, COUNT(shown));
}

static void dispute_view(Request *rq, Json *view, const GazetteFile *g) {
  Arena *m = rq->mem;
  const Scrutiny *r = &g->review;
  const Disclosure *d = rq->app->policy->disclosure;
  if (!str_eqz(r->step, "disputed")) return;
  Json *o = json_put_obj(m, view, S("dispute"));
  PUT(o, "by", r->raised.name);
  PUT(o, "reason", r->raised.text);
  PUT(o, "drafter_says", r->drafter.at ? openness_label(r->drafter_openness) : S("还没有写"));
  PUT(o, "secrecy_says", r->secrecy.at ? openness_label(r->secrecy_openness) : S("还没有写"));
  PUT(o, "drafter", g->author_name);
  PUT(o, "secrecy_name", unit_name(rq->app->policy, d->secrecy));
  bool secrecy = str_eq(rq->who->unit, d->secrecy), drafter = str_eq(rq->who->id, g->author) || str_eq(rq->who->id, r->submitter);
  if (secrecy || drafter) openness_choices(rq, form_put_act(rq, view, &acts[SETTLE]));
}

static Code page_pub(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const GazetteFile *g = NULL;
  TRY(file_seen(cx, rq, &g));
  rp->title = g->title;
  Json *view = rp->view = json_obj(m);
  view_gazette(rq, view, g);
  PUT(view, "path", arena_fmt(m, "/w/pub/%lld", (long long)g->no));
  PUT(view, "status", g->status);
  PUT(view, "status_label", gazette_label(g->status));
  PUT(view, "step", g->review.step);
  PUT(view, "step_label", scrutiny_label(g->review.step));
  PUT_INT(view, "about", g->review.about);
  PUT(view, "author_name", g->author_name);
  PUT(view, "reason", g->reason);
  PUT_BOOL(view, "imported", g->code.len > 0);
  Json *signs = json_put_arr(m, view, S("signs"));
  for (size_t i = 0; i < g->round_count; i++) view_signs(rq, signs, g->rounds[i].signs, g->rounds[i].about ? "解读" : "文件");
  view_signs(rq, signs, g->review.signs, g->review.about ? "解读" : "文件");
  dispute_view(rq, view, g);
  review_forms(rq, view, g);
  editor_forms(rq, view, g);
  head_forms(rq, view, g);
  steps_view(rq, view, g);
  view_annexes(rq, view, g, 0, arena_fmt(m, "/w/pub/%lld", (long long)g->no), true);
  readings_view(rq, view, g);
  view_blocks(rq, view, g->text);
  return OK;
}

static Code post_pub(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *a = NULL;
  const GazetteFile *g = NULL;
  int64_t no;
  TRY(file_seen(cx, rq, &g));
  TRY(form_act(cx, rq, acts, ACTS, &a));
  Json *args = form_args(rq, a);
  if (a <= &acts[APPROVE]) json_put_str(rq->mem, args, S("step"), a == &acts[APPROVE] ? S("third") : str_of(a->act));
  if (str_to_i64(request_arg(rq, S("no")), &no)) json_put_int(rq->mem, args, S("no"), no);
  if (str_to_i64(request_arg(rq, S("about")), &no)) json_put_int(rq->mem, args, S("about"), no);
  Code code = a == &acts[ATTACH] ? annex_upload(cx, rq, args) : OK;
  if (code == INVALID) { /* the file itself is at fault: the page again, with the words beside it */
    Str why = cx->detail;
    cx_clear(cx);
    TRY(page_pub(cx, rq, rp));
    rp->tmpl = "pub";
    form_fault(rq, rp, a, S("files"), why);
    rp->status = 422;
    return OK;
  }
  TRY(code);
  form_send(rq, rp, a, stream_of_file(rq, g), args, arena_fmt(rq->mem, "/w/pub/%lld", (long long)g->no), page_pub, "pub");
  return OK;
}

static Code page_annex(Cx *cx, Request *rq, Reply *rp) {
  const GazetteFile *g = NULL;
  TRY(file_seen(cx, rq, &g));
  return reply_annex(cx, rq, rp, g, true);
}

const Route pub_routes[] = {
    {.method = GET, .path = "/w/pub", .allow = WORKS, .run = page_pubs, .tmpl = "pubs", .section = "pub", .compact = true, .help = "公文公开审查：等我办理的、本单位的全部文件、没有解读的文件。"},
    {.method = POST, .path = "/w/pub", .allow = ROLE_EDITOR, .run = post_pubs, .section = "pub", .compact = true, .help = "把政策包里的文件收入公文库。"},
    {.method = GET, .path = "/w/pub/new", .allow = ROLE_EDITOR, .run = page_new, .tmpl = "pub_new", .section = "pub", .compact = true, .help = "新建一份文件，和解读一起写。"},
    {.method = POST, .path = "/w/pub/new", .allow = ROLE_EDITOR, .run = post_new, .section = "pub", .compact = true, .help = "存草稿，或者送初审。"},
    {.method = GET, .path = "/w/pub/{id}", .allow = WORKS, .run = page_pub, .tmpl = "pub", .section = "pub", .compact = true, .help = "一份文件：审查记录、解读、经过、可以办的事。"},
    {.method = POST, .path = "/w/pub/{id}", .allow = WORKS, .run = post_pub, .section = "pub", .compact = true, .uploads = "many", .help = "初审、复审、批准、退回、分歧、标注、撤下、登记效力。"},
    {.method = GET, .path = "/w/pub/{id}/file/{n}", .allow = WORKS, .run = page_annex, .section = "pub", .help = "下载一份文件的附件。"},
    {.method = GET, .path = "/w/pub/{id}/edit", .allow = ROLE_EDITOR, .run = page_edit, .tmpl = "pub_new", .section = "pub", .compact = true, .help = "修改没有送审的文件。"},
    {.method = POST, .path = "/w/pub/{id}/edit", .allow = ROLE_EDITOR, .run = post_edit, .section = "pub", .compact = true, .help = "存草稿，或者送初审。"},
    {.method = GET, .path = "/w/pub/{id}/explain", .allow = ROLE_EDITOR, .run = page_edit, .tmpl = "pub_new", .section = "pub", .compact = true, .help = "起草一份解读。"},
    {.method = POST, .path = "/w/pub/{id}/explain", .allow = ROLE_EDITOR, .run = post_edit, .section = "pub", .compact = true, .help = "存解读草稿，或者送初审。"},
    {.path = NULL},
};
