/* SPDX-License-Identifier: Apache-2.0 */
/* page_talk.c: drafts that the public is asked about 意见征集: for everybody, and the work of editors (S41; D01-2.1). */
#include "web/page_open.h"

enum { STEP = 20, SAID_MAX = 5 };
#define WORKS (ROLE_EDITOR | ROLE_UNIT_HEAD)

void view_canvass_row(Request *rq, Json *o, const CanvassRow *r) {
  Arena *m = rq->mem;
  PUT_INT(o, "talk", r->no);
  PUT(o, "number", r->number);
  PUT(o, "title", r->title);
  PUT(o, "unit_name", unit_name(rq->app->policy, r->unit));
  PUT(o, "status", r->status);
  PUT(o, "status_label", tr(rq->lang, canvass_label(r->status)));
  PUT(o, "step_label", scrutiny_label(r->step));
  if (r->until.n) PUT(o, "until", day_str(m, r->until));
  PUT_BOOL(o, "open", str_eqz(r->status, "open"));
  PUT_INT(o, "left", r->until.n - day_of(rq->now).n);
  PUT_BOOL(o, "last_day", r->until.n == day_of(rq->now).n);
  PUT_INT(o, "received", r->sums.received);
  PUT_INT(o, "adopted", r->sums.adopted + r->sums.partly);
}

Code view_talks(Cx *cx, Request *rq, Json *view, const CanvassFilter *f) {
  CanvassRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(canvasses_list(cx, rq->rd, f, &rows, &n, &total));
  Json *list = json_put_arr(rq->mem, view, S("talks"));
  for (size_t i = 0; i < n; i++) view_canvass_row(rq, json_push_obj(rq->mem, list), &rows[i]);
  json_put_int(rq->mem, view, S("talk_total"), total);
  return OK;
}

static Code page_talks(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  size_t from = from_of(rq);
  rp->title = tr(rq->lang, S("意见征集"));
  rp->view = json_obj(m);
  TRY(view_talks(cx, rq, rp->view, &(CanvassFilter){.on_site = true, .limit = STEP, .offset = from}));
  view_pages(rq, rp->view, from, json_get(rp->view, S("talks"))->count, STEP, json_int(rp->view, S("talk_total"), 0));
  rp->cache = true;
  return OK;
}

/* ---- one ---------------------------------------------------------------------------------------------------------------- */

static void numbers_put(Arena *m, Json *o, const Canvass *v, int group) {
  Str list = S("");
  for (size_t i = 0; i < v->opinion_count; i++)
    if (v->opinions[i].group == group) list = arena_fmt(m, "%.*s%s%d", SFMT(list), list.len ? "、" : "", v->opinions[i].no);
  PUT(o, "numbers", list);
}

static void result_view(Request *rq, Json *view, const Canvass *v) {
  Arena *m = rq->mem;
  CanvassSums s = canvass_sums(v);
  const struct { const char *key; int64_t n; } sums[] = {{"received", s.received}, {"adopted", s.adopted}, {"partly", s.partly}, {"rejected", s.rejected}, {"ungrouped", s.ungrouped},
                                                        {"unanswered", s.unanswered}, {"taken", s.adopted + s.partly}};
  for (size_t i = 0; i < COUNT(sums); i++) json_put_int(m, view, str_of(sums[i].key), sums[i].n);
  Json *list = json_put_arr(m, view, S("groups"));
  for (size_t i = 0; i < v->group_count; i++) {
    const OpinionGroup *g = &v->groups[i];
    if (!g->count) continue;
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "group", g->no);
    PUT(o, "title", g->title);
    PUT_INT(o, "count", g->count);
    PUT(o, "adoption", g->adoption);
    PUT(o, "adoption_label", tr(rq->lang, adoption_label(g->adoption)));
    PUT(o, "reason", g->reason);
    numbers_put(m, o, v, g->no);
  }
}

static void head_view(Request *rq, Json *view, const Canvass *v) {
  Arena *m = rq->mem;
  PUT_INT(view, "talk", v->no);
  PUT(view, "number", v->number);
  PUT(view, "title", v->title);
  PUT(view, "unit_name", unit_name(rq->app->policy, v->unit));
  PUT(view, "status", v->status);
  PUT(view, "status_label", tr(rq->lang, canvass_label(v->status)));
  PUT(view, "ways", v->ways);
  PUT(view, "note", v->note);
  PUT_INT(view, "days", v->days);
  PUT_BOOL(view, "sample", rq->app->policy->disclosure && rq->app->policy->disclosure->talk_source.sample);
  if (v->opened) PUT(view, "opened", day_str(m, day_of(v->opened)));
  if (v->until.n) PUT(view, "until", day_str(m, v->until));
  PUT_INT(view, "left", v->until.n - day_of(rq->now).n);
  PUT_BOOL(view, "open", str_eqz(v->status, "open") && day_of(rq->now).n <= v->until.n);
  PUT_BOOL(view, "last_day", v->until.n == day_of(rq->now).n);
  PUT_BOOL(view, "closed", v->closed > 0);
  if (v->closed) PUT(view, "closed_on", day_str(m, day_of(v->closed)));
  Json *basis = json_put_arr(m, view, S("basis"));
  for (size_t i = 0; i < v->basis_count; i++) json_push_str(m, basis, v->basis[i]);
  view_blocks(rq, view, v->text);
}

static Code final_view(Cx *cx, Request *rq, Json *view, const Canvass *v) {
  Arena *m = rq->mem;
  const GazetteFile *g = NULL;
  if (!v->document) return OK;
  TRY(gazette_load(cx, rq->rd, arena_fmt(m, "%lld", (long long)v->document), &g));
  if (g->published) view_gazette(rq, json_put_obj(m, view, S("final")), g);
  return OK;
}

static Code public_talk(Cx *cx, Request *rq, const Canvass **out) {
  Code code = canvass_load(cx, rq->rd, param_no(rq, 0), out);
  if (code == NOT_FOUND || (code == OK && !canvass_public(*out))) {
    cx_clear(cx);
    FAIL(NOT_FOUND, "没有这次意见征集。请从“意见征集”里打开。");
  }
  return code;
}

static Code page_talk(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Canvass *v = NULL;
  int64_t said = request_int(rq, S("said"), 0);
  TRY(public_talk(cx, rq, &v));
  rp->title = v->title;
  rp->view = json_obj(m);
  head_view(rq, rp->view, v);
  if (v->closed) result_view(rq, rp->view, v);
  else PUT_INT(rp->view, "received", (int64_t)v->opinion_count);
  if (rq->method == GET && said >= 1 && said <= (int64_t)v->opinion_count) PUT(rp->view, "said", v->opinions[said - 1].number);
  view_article(rq, rp->view, v->closed ? v->closed : v->opened, unit_name(rq->app->policy, v->unit));
  return final_view(cx, rq, rp->view, v);
}

/* ---- what somebody says ---------------------------------------------------------------------------------------------------- */

/* A few from one address in a quarter of an hour, as with passwords: an office may share an address, a machine may not fill the list. */
static Str bucket(Request *rq) {
  return arena_fmt(rq->mem, "talk/%.*s/%.*s", SFMT(rq->params[0]), SFMT(rq->address));
}

static void again(Cx *cx, Request *rq, Reply *rp, Str field, Str detail, int status) {
  if (page_talk(cx, rq, rp) != OK) return;
  rp->tmpl = "talk_one";
  reply_keep(rq, rp);
  reply_error(rq, rp, field, detail);
  if (status) rp->status = status;
}

static void after_say(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  Str field = arena_str(rq->mem, result->field), detail = arena_str(rq->mem, result->detail), number = arena_str(rq->mem, json_str(result->answer, S("number"))), rest = number, one;
  Code code = result->code;
  if (code != OK) {
    again(cx, rq, rp, field.len ? field : S("text"), detail, code == CONFLICT ? 409 : 0);
    reply_trouble(rp, code);
    return;
  }
  if (rq->app->throttle) throttle_failed(rq->app->throttle, bucket(rq), bucket(rq), rq->now);
  while (str_cut(rest, '-', &one, &rest)) continue;
  reply_redirect(rp, arena_fmt(rq->mem, "/talk/%.*s?said=%.*s", SFMT(rq->params[0]), SFMT(one)));
}

static Code post_talk(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Canvass *v = NULL;
  Str contact = request_arg(rq, S("contact"));
  TRY(public_talk(cx, rq, &v));
  int wait = rq->app->throttle ? throttle_wait(rq->app->throttle, bucket(rq), bucket(rq), rq->now) : 0;
  if (wait) {
    again(cx, rq, rp, S("text"), arena_fmt(m, "这个地址刚才已经提了 %d 条意见，请 %d 分钟后再提；您写的还在下面。", SAID_MAX, (wait + 59) / 60), 429);
    rp->retry_after = wait;
    return OK;
  }
  Json *args = json_obj(m);
  PUT(args, "text", request_arg(rq, S("text")));
  Personal *secret = NULL;
  if (contact.len) {
    secret = arena_array(m, Personal, 1);
    *secret = (Personal){.ref = personal_ref(m), .kind = S("contact"), .value = contact};
    PUT(args, "contact", secret->ref);
  }
  Command *c = reply_command(rq, rp, S("canvass.say"), arena_fmt(m, "canvass/%lld", (long long)v->no), args);
  c->personal = secret;
  c->personal_count = secret ? 1 : 0;
  rp->after = after_say;
  return OK;
}

/* ---- the work of editors ------------------------------------------------------------------------------------------------------- */

static const FormField draft_fields[] = {{"title", "text", "标题", NULL, false}, {"text", "body", "草案", "一段一行；序号写 一、（一）1．（1）", false},
                                         {"basis", "long", "依据", "一行一份，写明字号", false}, {"note", "long", "起草说明", NULL, true},
                                         {"ways", "checks", "征求意见的形式", NULL, true}, {"days", "number", "征求多少天", "不少于页面上预填的天数", false}};
static const FormField sign_fields[] = {{"text", "long", "意见", NULL, true}};
static const FormField return_fields[] = {{"reason", "long", "要改什么", NULL, false}};
static const FormField group_fields[] = {{"title", "text", "这一组说的是什么", NULL, false}, {"opinions", "checks", "哪几条意见", NULL, false}, {"no", "select", "归到哪一组", "不选就是新的一组", true}};
static const FormField answer_fields[] = {{"no", "select", "哪一组", NULL, false}, {"adoption", "radio", "采纳情况", NULL, false}, {"reason", "long", "理由", NULL, false}};
static const FormField link_fields[] = {{"document", "select", "最终的文件", "只列出公开了的", false}};
enum { FIRST, SECOND, THIRD, RETURN, SUBMIT, GROUP, ANSWER, CLOSE, LINK, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "first", .command = "canvass.sign", .title = "初审", .button = "初审同意，送复审", FIELDS(sign_fields)},
    {.act = "second", .command = "canvass.sign", .title = "复审", .button = "复审同意，送批准", FIELDS(sign_fields)},
    {.act = "third", .command = "canvass.sign", .title = "批准", .button = "批准，随即征求意见", FIELDS(sign_fields)},
    {.act = "return", .command = "canvass.return", .title = "退回修改", .button = "退回起草人", FIELDS(return_fields)},
    {.act = "submit", .command = "canvass.submit", .title = "送审", .button = "送初审"},
    {.act = "group", .command = "canvass.group", .title = "归类", .button = "归为一组", FIELDS(group_fields)},
    {.act = "answer", .command = "canvass.answer", .title = "答复一组", .button = "答复", FIELDS(answer_fields)},
    {.act = "close", .command = "canvass.close", .title = "公布采纳情况", .button = "公布", .note = "公布以后，提意见的人留的联系方式随即清除。"},
    {.act = "link", .command = "canvass.link", .title = "链接最终的文件", .button = "链接", FIELDS(link_fields)}};
static const FormAct draft_act = {.act = "draft", .command = "canvass.draft", .title = "新建意见征集", .button = "送初审", FIELDS(draft_fields)};
static const FormAct change_act = {.act = "change", .command = "canvass.change", .title = "修改", .button = "送初审", FIELDS(draft_fields)};

static Code own_talk(Cx *cx, Request *rq, const Canvass **out) {
  TRY(canvass_load(cx, rq->rd, param_no(rq, 0), out));
  if (!rq->who->unit.len || !str_eq(rq->who->unit, (*out)->unit)) FAIL(NOT_FOUND, "没有这次意见征集，或者它不归您的单位。");
  return OK;
}

static Code page_draft(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Disclosure *d = rq->app->policy->disclosure;
  const Canvass *v = NULL;
  bool change = rq->params[0].len > 0;
  if (!d) FAIL(CONFLICT, "本市没有设置公文库（政策包里没有 gazette.yaml），不能征求意见。");
  if (change) TRY(own_talk(cx, rq, &v));
  rp->title = change ? S("修改意见征集") : S("新建意见征集");
  rp->view = json_obj(m);
  PUT(rp->view, "path", change ? arena_fmt(m, "/w/pub/talk/%.*s/edit", SFMT(rq->params[0])) : S("/w/pub/talk/new"));
  PUT(rp->view, "back", change ? arena_fmt(m, "/w/pub/talk/%.*s", SFMT(rq->params[0])) : S("/w/pub"));
  Json *form = form_put_act(rq, rp->view, change ? &change_act : &draft_act);
  form_value(rq, form, "days", arena_fmt(m, "%d", v ? v->days : d->talk_days));
  form_value(rq, form, "ways", d->way_count ? d->ways[0].code : S(""));
  for (size_t i = 0; i < d->way_count; i++) form_choice(rq, form, "ways", d->ways[i].code, d->ways[i].name);
  if (!v) return OK;
  Str basis = S("");
  for (size_t i = 0; i < v->basis_count; i++) basis = arena_fmt(m, "%.*s%s%.*s", SFMT(basis), i ? "\n" : "", SFMT(v->basis[i]));
  form_value(rq, form, "title", v->title);
  form_value(rq, form, "text", v->text);
  form_value(rq, form, "note", v->note);
  form_value(rq, form, "basis", basis);
  return OK;
}

static Code post_draft(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Canvass *v = NULL;
  bool change = rq->params[0].len > 0;
  if (change) TRY(own_talk(cx, rq, &v));
  const FormAct *a = change ? &change_act : &draft_act;
  Json *args = form_args(rq, a);
  PUT_INT(args, "days", request_int(rq, S("days"), 0));
  bool sends = str_eqz(request_arg(rq, S("send")), "true");
  if (sends) PUT_BOOL(args, "send", true);
  if (sends) rp->did = S("canvass.submit");
  form_send(rq, rp, a, change ? arena_fmt(m, "canvass/%lld", (long long)v->no) : S(""), args, change ? arena_fmt(m, "/w/pub/talk/%.*s", SFMT(rq->params[0])) : S("/w/pub/talk/"), page_draft, "pub_new");
  return OK;
}

static void opinions_view(Request *rq, Json *view, const Canvass *v) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("opinions"));
  for (size_t i = 0; i < v->opinion_count; i++) {
    const Saying *x = &v->opinions[i];
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "opinion", x->no);
    PUT(o, "text", x->text);
    PUT(o, "at_cn", time_cn(m, x->at));
    PUT_INT(o, "in_group", x->group);
    if (x->contact.len) PUT(o, "contact", personal_text(rq, FIELD_TEXT, x->contact, true));
  }
}

/* 3．the first forty characters … */
static Str brief(Arena *m, const Saying *x) {
  enum { SHOWN = 40 };
  size_t at = 0;
  uint32_t c;
  for (int n = 0; n < SHOWN && at < x->text.len; n++) at += utf8_next(x->text, at, &c);
  return arena_fmt(m, "%d．%.*s%s", x->no, SFMT(str_sub(x->text, 0, at)), at < x->text.len ? "…" : "");
}

static void answer_forms(Request *rq, Json *view, const Canvass *v) {
  Arena *m = rq->mem;
  CanvassSums s = canvass_sums(v);
  if (s.ungrouped || (s.received && !s.unanswered)) {
    Json *form = form_put_act(rq, view, &acts[GROUP]);
    for (size_t i = 0; i < v->opinion_count; i++) {
      const Saying *x = &v->opinions[i];
      if (x->group && s.ungrouped) continue;
      Str text = brief(m, x);
      form_choice(rq, form, "opinions", arena_fmt(m, "%d", x->no), text);
    }
    for (size_t i = 0; i < v->group_count; i++) form_choice(rq, form, "no", arena_fmt(m, "%d", v->groups[i].no), v->groups[i].title);
  }
  if (!v->group_count) return;
  static const char *const codes[] = {"adopted", "partly", "rejected"};
  Json *form = form_put_act(rq, view, &acts[ANSWER]);
  for (int answered = 0; answered < 2; answered++) /* those without an answer first */
    for (size_t i = 0; i < v->group_count; i++)
      if ((v->groups[i].adoption.len > 0) == answered && v->groups[i].count) form_choice(rq, form, "no", arena_fmt(m, "%d", v->groups[i].no), v->groups[i].title);
  for (size_t i = 0; i < COUNT(codes); i++) form_choice(rq, form, "adoption", str_of(codes[i]), adoption_label(str_of(codes[i])));
}

static Code link_form(Cx *cx, Request *rq, Json *view) {
  enum { DOCUMENTS = 100 };
  GazetteRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(gazettes_list(cx, rq->rd, &(GazetteFilter){.on_site = true, .limit = DOCUMENTS}, &rows, &n, &total));
  if (!n) return OK;
  Json *form = form_put_act(rq, view, &acts[LINK]);
  for (size_t i = 0; i < n; i++) form_choice(rq, form, "document", arena_fmt(rq->mem, "%lld", (long long)rows[i].no), arena_fmt(rq->mem, "%.*s　%.*s", SFMT(rows[i].number), SFMT(rows[i].title)));
  return OK;
}

static Code forms_view(Cx *cx, Request *rq, Json *view, const Canvass *v) {
  bool editor = request_has_role(rq, ROLE_EDITOR), head = request_has_role(rq, ROLE_UNIT_HEAD);
  CanvassSums s = canvass_sums(v);
  if (scrutiny_waits_for(rq->app->policy->disclosure, &v->review, v->unit, v->author, &rq->actor)) {
    form_put_act(rq, view, &acts[str_eqz(v->review.step, "first") ? FIRST : str_eqz(v->review.step, "second") ? SECOND : THIRD]);
    form_put_act(rq, view, &acts[RETURN]);
  }
  if (editor && str_eqz(v->status, "draft")) form_put_act(rq, view, &acts[SUBMIT]);
  json_put_bool(rq->mem, view, S("can_edit"), editor && str_eqz(v->status, "draft"));
  if (head && str_eqz(v->status, "ended") && !s.ungrouped && !s.unanswered) form_put_act(rq, view, &acts[CLOSE]);
  if (editor && (str_eqz(v->status, "open") || str_eqz(v->status, "ended")) && s.received) answer_forms(rq, view, v);
  return editor && v->closed ? link_form(cx, rq, view) : OK;
}

static Code page_pub_talk(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Canvass *v = NULL;
  TRY(own_talk(cx, rq, &v));
  rp->title = v->title;
  Json *view = rp->view = json_obj(m);
  PUT(view, "path", arena_fmt(m, "/w/pub/talk/%lld", (long long)v->no));
  head_view(rq, view, v);
  PUT(view, "author_name", v->author_name);
  PUT(view, "step_label", scrutiny_label(v->review.step));
  PUT_BOOL(view, "in_review", v->review.step.len > 0);
  result_view(rq, view, v);
  opinions_view(rq, view, v);
  Json *signs = json_put_arr(m, view, S("signs"));
  view_signs(rq, signs, v->review.signs, "草案");
  TRY(forms_view(cx, rq, view, v));
  return final_view(cx, rq, view, v);
}

static Code post_pub_talk(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *a = NULL;
  const Canvass *v = NULL;
  int64_t no;
  TRY(own_talk(cx, rq, &v));
  TRY(form_act(cx, rq, acts, ACTS, &a));
  Json *args = form_args(rq, a);
  if (a <= &acts[THIRD]) json_put_str(rq->mem, args, S("step"), str_of(a->act));
  if (str_to_i64(request_arg(rq, S("no")), &no)) json_put_int(rq->mem, args, S("no"), no);
  form_send(rq, rp, a, arena_fmt(rq->mem, "canvass/%lld", (long long)v->no), args, arena_fmt(rq->mem, "/w/pub/talk/%lld", (long long)v->no), page_pub_talk, "pub_talk");
  return OK;
}

const Route talk_routes[] = {
    {.method = GET, .path = "/talk", .allow = ROLE_PUBLIC, .run = page_talks, .tmpl = "talk_list", .section = "talk", .help = "意见征集：正在征求意见的草案，和已经公布的采纳情况。"},
    {.method = GET, .path = "/talk/{id}", .allow = ROLE_PUBLIC, .run = page_talk, .tmpl = "talk_one", .section = "talk", .help = "一次意见征集：草案、依据、截止日、提意见、采纳情况。"},
    {.method = POST, .path = "/talk/{id}", .allow = ROLE_PUBLIC, .run = post_talk, .section = "talk", .help = "对草案提意见，不用登录。"},
    {.method = GET, .path = "/w/pub/talk/new", .allow = ROLE_EDITOR, .run = page_draft, .tmpl = "pub_new", .section = "pub", .compact = true, .help = "新建意见征集。"},
    {.method = POST, .path = "/w/pub/talk/new", .allow = ROLE_EDITOR, .run = post_draft, .section = "pub", .compact = true, .help = "存草稿，或者送初审。"},
    {.method = GET, .path = "/w/pub/talk/{n}", .allow = WORKS, .run = page_pub_talk, .tmpl = "pub_talk", .section = "pub", .compact = true, .help = "一次意见征集：审查、收到的意见、归类和答复。"},
    {.method = POST, .path = "/w/pub/talk/{n}", .allow = WORKS, .run = post_pub_talk, .section = "pub", .compact = true, .help = "审查、归类、答复、公布采纳情况、链接最终的文件。"},
    {.method = GET, .path = "/w/pub/talk/{n}/edit", .allow = ROLE_EDITOR, .run = page_draft, .tmpl = "pub_new", .section = "pub", .compact = true, .help = "修改没有送审的草案。"},
    {.method = POST, .path = "/w/pub/talk/{n}/edit", .allow = ROLE_EDITOR, .run = post_draft, .section = "pub", .compact = true, .help = "存草稿，或者送初审。"},
    {.path = NULL},
};
