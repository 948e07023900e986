/* SPDX-License-Identifier: Apache-2.0 */
/* canvass.c: drafts that the public is asked about 意见征集: drafted, reviewed, open for so many days, answered group by group. Decisions. */
#include "publish/publish_int.h"

#define TALK_CLAUSE "D01-2.1-p1"
enum { DAYS_MAX = 180 };
static const Arg draft_args[] = {{.name = "title", .label = "标题", .type = ARG_TEXT, .required = true, .min = 4, .max = 200},
                                 {.name = "text", .label = "草案", .type = ARG_LONG, .required = true, .min = 10, .max = 60000, .hint = "一段一行"},
                                 {.name = "basis", .label = "依据", .type = ARG_LONG, .required = true, .min = 4, .max = 2000, .hint = "一行一份，写明字号"},
                                 {.name = "note", .label = "起草说明", .type = ARG_LONG, .max = 4000},
                                 {.name = "ways", .label = "征求意见的形式", .type = ARG_LIST, .max = 20},
                                 {.name = "days", .label = "征求多少天", .type = ARG_INT, .min = 1, .max = DAYS_MAX},
                                 {.name = "send", .label = "同时送初审", .type = ARG_BOOL}};
static const Arg sign_args[] = {{.name = "step", .label = "哪一步", .type = ARG_CHOICE, .choices = "first|second|third", .required = true},
                                {.name = "text", .label = "意见", .type = ARG_LONG, .max = 1000}};
static const Arg why_args[] = {KIT_REASON};
static const Arg say_args[] = {{.name = "text", .label = "意见", .type = ARG_LONG, .required = true, .min = 4, .max = 2000},
                               {.name = "contact", .label = "联系方式", .type = ARG_TEXT, .max = 80, .hint = "个人信息，单独存放"}};
static const Arg group_args[] = {{.name = "title", .label = "这一组说的是什么", .type = ARG_TEXT, .required = true, .min = 2, .max = 120},
                                 {.name = "opinions", .label = "哪几条意见", .type = ARG_LIST, .required = true, .min = 1, .max = SAYINGS_MAX},
                                 {.name = "no", .label = "第几组", .type = ARG_INT, .min = 1, .max = 1000}};
static const Arg answer_args[] = {{.name = "no", .label = "第几组", .type = ARG_INT, .required = true, .min = 1, .max = 1000},
                                  {.name = "adoption", .label = "采纳情况", .type = ARG_CHOICE, .choices = "adopted|partly|rejected", .required = true},
                                  {.name = "reason", .label = "理由", .type = ARG_LONG, .required = true, .min = 4, .max = 2000}};
static const Arg link_args[] = {{.name = "document", .label = "最终的文件", .type = ARG_CODE, .required = true, .hint = "网站上文件的编号"}};
static const Arg lapse_args[] = {{.name = "until", .label = "截止哪天", .type = ARG_DAY, .required = true}};

static Code in_state(Cx *cx, const Canvass *v, bool fits, const char *cannot) {
  Str label = canvass_label(v->status);
  if (fits) return OK;
  FAIL_AT(CONFLICT, S(""), S(TALK_CLAUSE), "意见征集 %.*s 现在是“%.*s”，不能%s。", SFMT(v->number), SFMT(label), cannot);
}

/* ---- drafting and reviewing ------------------------------------------------------------------------------------------ */

static Code draft_put(Cx *cx, const Ask *ask, Decision *d, const Disclosure *set, Json *body) {
  static const char *const names[] = {"title", "text", "note", NULL};
  Arena *m = decision_mem(d);
  const Json *a = ask->cmd->args, *ways = json_get(a, S("ways"));
  int64_t days = json_int(a, S("days"), set->talk_days);
  Str said = S("");
  if (days < set->talk_days) FAIL_AT(INVALID, S("days"), S(TALK_CLAUSE), "征求意见至少 %d 天", set->talk_days);
  for (const Json *x = ways ? ways->first : NULL; x; x = x->next) {
    const OpenWord *w = x->kind == JSON_STR ? open_word(set->ways, set->way_count, x->str) : NULL;
    if (!w) FAIL_AT(INVALID, S("ways"), S(TALK_CLAUSE), "没有这种征求意见的形式，请从列表中选择");
    said = arena_fmt(m, "%.*s%s%.*s", SFMT(said), said.len ? "、" : "", SFMT(w->name));
  }
  *body = *kit_body(d, ask, names);
  basis__lines(m, body, "basis", json_str(a, S("basis")));
  json_put_str(m, body, S("ways"), said.len || !set->way_count ? said : set->ways[0].name);
  json_put_int(m, body, S("days"), days);
  return OK;
}

static Code decide_draft(Cx *cx, const Ask *ask, Decision *d) {
  Arena *m = decision_mem(d);
  const Disclosure *set = NULL;
  Json *body = json_obj(m);
  int64_t no = json_int(ask->facts, S("no"), 0);
  TRY(open__settings(cx, ask, &set));
  TRY(open__of_unit(cx, ask, ask->cmd->actor.unit, ROLE_EDITOR));
  TRY(draft_put(cx, ask, d, set, body));
  Str number = kit_year(m, "YJZJ", ask->now, json_int(ask->facts, S("year_seq"), 0) + 1);
  json_put_int(m, body, S("no"), no);
  json_put_str(m, body, S("number"), number);
  kit_answer(d, "number", number, no);
  decision_emit(d, "canvass.drafted", 1, body);
  if (json_bool(ask->cmd->args, S("send"))) decision_emit(d, "canvass.submitted", 1, NULL);
  return OK;
}

static Code decide_change(Cx *cx, const Ask *ask, Decision *d) {
  const Canvass *v = ask->state;
  const Disclosure *set = NULL;
  Json *body = json_obj(decision_mem(d));
  TRY(open__settings(cx, ask, &set));
  TRY(open__of_unit(cx, ask, v->unit, ROLE_EDITOR));
  TRY(in_state(cx, v, str_eqz(v->status, "draft"), "修改"));
  TRY(draft_put(cx, ask, d, set, body));
  decision_emit(d, "canvass.changed", 1, body);
  if (json_bool(ask->cmd->args, S("send"))) decision_emit(d, "canvass.submitted", 1, NULL);
  return OK;
}

static Code decide_submit(Cx *cx, const Ask *ask, Decision *d) {
  const Canvass *v = ask->state;
  TRY(open__of_unit(cx, ask, v->unit, ROLE_EDITOR));
  TRY(in_state(cx, v, str_eqz(v->status, "draft"), "送审"));
  decision_emit(d, "canvass.submitted", 1, NULL);
  return OK;
}

static Code decide_sign(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"step", "text", NULL};
  const Canvass *v = ask->state;
  Arena *m = decision_mem(d);
  TRY(scrutiny__may(cx, ask, &v->review, v->unit, v->author, json_str(ask->cmd->args, S("step"))));
  decision_emit(d, "canvass.signed", 1, kit_body(d, ask, names));
  if (!str_eqz(v->review.step, "third")) return OK;
  Json *body = json_obj(m);
  json_put_str(m, body, S("until"), day_str(m, (Day){day_of(ask->now).n + v->days}));
  decision_emit(d, "canvass.opened", 1, body);
  return OK;
}

static Code decide_return(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Canvass *v = ask->state;
  TRY(scrutiny__may(cx, ask, &v->review, v->unit, v->author, S("")));
  decision_emit(d, "canvass.returned", 1, kit_body(d, ask, names));
  return OK;
}

/* ---- what the public says ------------------------------------------------------------------------------------------------ */

static Code decide_say(Cx *cx, const Ask *ask, Decision *d) {
  Arena *m = decision_mem(d);
  const Canvass *v = ask->state;
  Str contact = json_str(ask->cmd->args, S("contact"));
  TRY(kit_now(cx, ask));
  if (!canvass_public(v)) FAIL(NOT_FOUND, "没有这次意见征集，请从“意见征集”里打开。");
  if (!str_eqz(v->status, "open") || day_of(ask->now).n > v->until.n)
    FAIL_AT(CONFLICT, S(""), S(TALK_CLAUSE), "这次意见征集 %.*s 已经截止，不再收意见。", SFMT(day_str(m, v->until)));
  if (contact.len && !str_starts(contact, S(PERSONAL_MARK))) FAIL_AT(INVALID, S("contact"), S(""), "联系方式是个人信息，单独存放，不能直接写在意见里");
  if (v->opinion_count >= SAYINGS_MAX) FAIL_AT(LIMIT, S(""), S(""), "这次征集收到的意见已满 %d 条，请打 8890 反映。", SAYINGS_MAX);
  Str number = arena_fmt(m, "%.*s-%zu", SFMT(v->number), v->opinion_count + 1);
  Json *body = json_obj(m);
  json_put_int(m, body, S("opinion"), (int64_t)v->opinion_count + 1);
  json_put_str(m, body, S("number"), number);
  json_put_str(m, body, S("text"), json_str(ask->cmd->args, S("text")));
  if (contact.len) json_put_str(m, body, S("contact"), contact);
  kit_answer(d, "number", number, 0);
  decision_emit(d, "canvass.said", 1, body);
  return OK;
}

/* Never refused: the due queue would ask for ever. */
static Code decide_lapse(Cx *cx, const Ask *ask, Decision *d) {
  const Canvass *v = ask->state;
  (void)cx;
  if (str_eqz(v->status, "open") && day_of(ask->now).n > v->until.n) decision_emit(d, "canvass.ended", 1, NULL);
  return OK;
}

/* ---- answering -------------------------------------------------------------------------------------------------------------- */

static bool takes_answers(const Canvass *v) {
  return str_eqz(v->status, "open") || str_eqz(v->status, "ended");
}

static Code decide_group(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"title", NULL};
  Arena *m = decision_mem(d);
  const Canvass *v = ask->state;
  const Json *list = json_get(ask->cmd->args, S("opinions"));
  int64_t no = json_int(ask->cmd->args, S("no"), 0), one;
  TRY(open__of_unit(cx, ask, v->unit, ROLE_EDITOR));
  TRY(in_state(cx, v, takes_answers(v), "归类"));
  if (no && !canvass__group(v, no)) FAIL_AT(NOT_FOUND, S("no"), S(""), "没有第 %lld 组", (long long)no);
  if (!list || !list->first) FAIL_AT(INVALID, S("opinions"), S(TALK_CLAUSE), "请选这一组有哪几条意见");
  Json *body = kit_body(d, ask, names), *out = json_put_arr(m, body, S("opinions"));
  for (const Json *x = list->first; x; x = x->next) {
    bool good = x->kind == JSON_STR ? str_to_i64(x->str, &one) : x->kind == JSON_INT && (one = x->num, true);
    if (!good || one < 1 || one > (int64_t)v->opinion_count) FAIL_AT(INVALID, S("opinions"), S(""), "没有这条意见，请从列表中选择");
    json_push(m, out, &(Json){.kind = JSON_INT, .num = one});
  }
  json_put_int(m, body, S("group"), no ? no : (int64_t)v->group_count + 1);
  decision_emit(d, "canvass.grouped", 1, body);
  return OK;
}

static Code decide_answer(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"adoption", "reason", NULL};
  const Canvass *v = ask->state;
  int64_t no = json_int(ask->cmd->args, S("no"), 0);
  TRY(open__of_unit(cx, ask, v->unit, ROLE_EDITOR));
  TRY(in_state(cx, v, takes_answers(v), "答复"));
  if (!canvass__group(v, no)) FAIL_AT(NOT_FOUND, S("no"), S(""), "没有第 %lld 组，请先归类", (long long)no);
  Json *body = kit_body(d, ask, names);
  json_put_int(decision_mem(d), body, S("group"), no);
  decision_emit(d, "canvass.answered", 1, body);
  return OK;
}

/* With the answers the contacts have served their purpose (个人信息保护法 47): they go with the event. */
static Code decide_close(Cx *cx, const Ask *ask, Decision *d) {
  Arena *m = decision_mem(d);
  const Canvass *v = ask->state;
  CanvassSums s = canvass_sums(v);
  TRY(open__of_unit(cx, ask, v->unit, ROLE_UNIT_HEAD));
  TRY(in_state(cx, v, str_eqz(v->status, "ended"), "公布采纳情况"));
  if (s.ungrouped) FAIL_AT(CONFLICT, S(""), S(TALK_CLAUSE), "还有 %lld 条意见没有归类，逐组答复以后才能公布采纳情况。", (long long)s.ungrouped);
  if (s.unanswered) FAIL_AT(CONFLICT, S(""), S(TALK_CLAUSE), "还有 %lld 组意见没有答复，每一组都要写采纳情况和理由。", (long long)s.unanswered);
  Json *body = json_obj(m), *erased = json_put_arr(m, body, S("erased"));
  json_put_int(m, body, S("received"), s.received);
  json_put_int(m, body, S("adopted"), s.adopted + s.partly);
  for (size_t i = 0; i < v->opinion_count; i++)
    if (v->opinions[i].contact.len) json_push_str(m, erased, v->opinions[i].contact);
  decision_emit(d, "canvass.closed", 1, body);
  return OK;
}

static Code decide_link(Cx *cx, const Ask *ask, Decision *d) {
  const Canvass *v = ask->state;
  int64_t document = json_int(ask->facts, S("document"), 0);
  TRY(open__of_unit(cx, ask, v->unit, ROLE_EDITOR));
  TRY(in_state(cx, v, str_eqz(v->status, "closed"), "链接最终的文件"));
  if (!document) FAIL_AT(NOT_FOUND, S("document"), S(TALK_CLAUSE), "网站上没有这份文件；公开以后再链接");
  Json *body = json_obj(decision_mem(d));
  json_put_int(decision_mem(d), body, S("document"), document);
  decision_emit(d, "canvass.linked", 1, body);
  return OK;
}

#define STAFF (ROLE_EDITOR | ROLE_UNIT_HEAD | ROLE_APPROVER | ROLE_LEADER)
static const CommandDecl commands[] = {
    {.name = "canvass.draft", .label = "起草意见征集", .help = "登记一份要征求公众意见的草案和它的依据，可以同时送初审。", .allow = ROLE_EDITOR, .creates = true, .decide = decide_draft, WITH(draft_args)},
    {.name = "canvass.change", .label = "修改意见征集", .help = "修改没有送审的草案。", .allow = ROLE_EDITOR, .decide = decide_change, WITH(draft_args)},
    {.name = "canvass.submit", .label = "意见征集送初审", .help = "把草案送初审。", .allow = ROLE_EDITOR, .decide = decide_submit},
    {.name = "canvass.sign", .label = "审查意见征集", .help = "初审、复审、批准；批准以后随即开始征求意见。", .allow = STAFF, .decide = decide_sign, WITH(sign_args)},
    {.name = "canvass.return", .label = "退回意见征集", .help = "审查人写明理由退回。", .allow = STAFF, .decide = decide_return, WITH(why_args)},
    {.name = "canvass.say", .label = "提意见", .help = "任何人对正在征求意见的草案提意见，不用登录，得到编号。", .allow = ROLE_PUBLIC | ROLE_ANY_ACCOUNT, .decide = decide_say, WITH(say_args)},
    {.name = "canvass.group", .label = "归类意见", .help = "把说同一件事的意见归为一组。", .allow = ROLE_EDITOR, .decide = decide_group, WITH(group_args)},
    {.name = "canvass.answer", .label = "答复一组意见", .help = "采纳、部分采纳或者不采纳，写明理由。", .allow = ROLE_EDITOR, .decide = decide_answer, WITH(answer_args)},
    {.name = "canvass.close", .label = "公布采纳情况", .help = "每一组都答复以后，单位负责人公布采纳情况；联系方式随即清除。", .allow = ROLE_UNIT_HEAD, .decide = decide_close},
    {.name = "canvass.link", .label = "链接最终的文件", .help = "采纳情况链接到网站上最终的文件。", .allow = ROLE_EDITOR, .decide = decide_link, WITH(link_args)},
    {.name = "canvass.lapse", .label = "征集截止", .help = "截止日过了，由系统结束征集。", .allow = ROLE_SYSTEM, .decide = decide_lapse, WITH(lapse_args)}};

const Engine canvass_engine_base = {.prefix = "canvass",
                                    .fold = canvass_fold,
                                    .commands = commands,
                                    .command_count = COUNT(commands),
                                    .open = canvass__open,
                                    .facts = canvass__facts,
                                    .schema = canvass__schema,
                                    .project = canvass__project};
