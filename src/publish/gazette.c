/* SPDX-License-Identifier: Apache-2.0 */
/* gazette.c: the register of documents 公文库: what is taken in, drafted, reviewed, interpreted and published. Decisions; see gazette_fold.c. */
#include "publish/publish_int.h"

enum { TEXT_MAX = 60000, ANNEXES_MAX = 100 };
#define OPENNESS "public|request|secret"
#define OPENNESS_ARG(need) {.name = "openness", .label = "公开属性", .type = ARG_CHOICE, .choices = OPENNESS, .required = need, .hint = "public 主动公开，request 依申请公开，secret 不予公开"}
#define WHY_ARG {.name = "reason", .label = "理由", .type = ARG_LONG, .max = 1000, .hint = "不予公开的必须说明"}
#define MATERIAL(need)                                                                                                             \
  {.name = "form", .label = "解读的形式", .type = ARG_CODE}, {.name = "heading", .label = "解读的标题", .type = ARG_TEXT, .max = 120}, \
      {.name = "plan", .label = "解读方案", .type = ARG_LONG, .required = need, .min = 4, .max = 2000},                            \
      {.name = "material", .label = "解读材料", .type = ARG_LONG, .required = need, .min = 4, .max = TEXT_MAX}
#define SEND_ARG {.name = "send", .label = "同时送初审", .type = ARG_BOOL}
static const Arg import_args[] = {{.name = "code", .label = "哪份文件", .type = ARG_CODE, .required = true, .hint = "政策包 gazette.yaml 里的代码"}};
static const Arg draft_args[] = {{.name = "title", .label = "标题", .type = ARG_TEXT, .required = true, .min = 4, .max = 200},
                                 {.name = "number", .label = "发文字号", .type = ARG_TEXT, .required = true, .max = 60},
                                 {.name = "issuer", .label = "发文机关", .type = ARG_TEXT, .required = true, .min = 2, .max = 100},
                                 {.name = "day", .label = "成文日期", .type = ARG_DAY, .required = true},
                                 OPENNESS_ARG(false),
                                 WHY_ARG,
                                 {.name = "recipients", .label = "主送机关", .type = ARG_TEXT, .max = 400},
                                 {.name = "basis", .label = "依据的文件", .type = ARG_LONG, .max = 2000, .hint = "一行一份，写明字号"},
                                 {.name = "explain", .label = "是不是政策性文件", .type = ARG_BOOL, .hint = "政策性文件要同步解读"},
                                 {.name = "text", .label = "正文", .type = ARG_LONG, .required = true, .min = 10, .max = TEXT_MAX, .hint = "一段一行，序号写 一、（一）1．（1）"},
                                 MATERIAL(false),
                                 SEND_ARG};
static const Arg mark_args[] = {OPENNESS_ARG(true), WHY_ARG};
static const Arg explain_args[] = {{.name = "no", .label = "第几份解读", .type = ARG_INT, .min = 1, .max = 1000}, MATERIAL(true), SEND_ARG};
static const Arg attach_args[] = {{.name = "about", .label = "属于哪一份", .type = ARG_INT, .min = 0, .max = 1000, .hint = "0 文件本身，否则是第几份解读"},
                                  {.name = "title", .label = "附件名称", .type = ARG_TEXT, .required = true, .min = 2, .max = 120},
                                  {.name = "alt", .label = "替代文字", .type = ARG_LONG, .max = 2000, .hint = "图片必须写"},
                                  {.name = "type", .label = "格式", .type = ARG_CODE, .required = true, .hint = "pdf ofd png jpg"},
                                  {.name = "files", .label = "文件", .type = ARG_LIST, .max = 1}};
static const Arg detach_args[] = {{.name = "no", .label = "第几个附件", .type = ARG_INT, .required = true, .min = 1, .max = 1000}};
static const Arg sign_args[] = {{.name = "step", .label = "哪一步", .type = ARG_CHOICE, .choices = "first|second|third", .required = true},
                                {.name = "text", .label = "意见", .type = ARG_LONG, .max = 1000},
                                {.name = "channels", .label = "公开的渠道", .type = ARG_LIST, .max = 20}};
static const Arg why_args[] = {KIT_REASON};
static const Arg item_args[] = {{.name = "no", .label = "第几份解读", .type = ARG_INT, .required = true, .min = 0, .max = 1000}, KIT_REASON};
static const Arg force_args[] = {{.name = "force", .label = "效力", .type = ARG_CHOICE, .choices = "valid|amended|abolished|lapsed", .required = true},
                                 {.name = "basis", .label = "依据", .type = ARG_LONG, .required = true, .min = 4, .max = 500, .hint = "哪份文件宣布的，或者有效期到哪天"}};

/* ---- checking what was written -------------------------------------------------------------------------------------- */

/* 葫政办发〔2019〕60号: hexagonal brackets, no 第, no leading zero (GB/T 9704). */
static Code number_check(Cx *cx, Str number) {
  int64_t year = 0, seq = 0;
  ptrdiff_t open = str_find(number, S("〔")), close = str_find(number, S("〕"));
  bool good = open > 0 && close > open && str_to_i64(str_sub(number, (size_t)open + 3, (size_t)(close - open) - 3), &year) && year >= 1949 && year < 2200 && str_ends(number, S("号"));
  Str tail = good ? str_sub(number, (size_t)close + 3, number.len - (size_t)close - 6) : S("");
  if (good && tail.len && tail.ptr[0] != '0' && str_to_i64(tail, &seq) && seq > 0) return OK;
  FAIL_AT(INVALID, S("number"), S(""), "发文字号写成“葫政办发〔2019〕60号”的样子：年份用六角括号〔〕，不加“第”，序号前不加 0");
}

/* 不予公开 is the one openness that has to be explained. */
static Code openness_check(Cx *cx, Str openness, Str reason) {
  if (str_eqz(openness, "secret") && utf8_count(str_trim(reason)) < 4) FAIL_AT(INVALID, S("reason"), S(OPEN_CLAUSE), "不予公开的应说明理由：请写明依据和原因");
  return OK;
}

static Code form_check(Cx *cx, const Disclosure *d, Str form) {
  if (form.len && !open_word(d->forms, d->form_count, form)) FAIL_AT(INVALID, S("form"), S("D01-1.5-p1"), "没有这种解读形式，请从列表中选择");
  return OK;
}

static Code material_check(Cx *cx, const Disclosure *d, Str material) {
  Str missing = text_missing(cx->mem, d, material);
  if (!missing.len) return OK;
  Str empty = text_empty(cx->mem, d, material), next = empty.len ? arena_fmt(cx->mem, "“%.*s”只有标题，请在标题的下一行写这方面的内容", SFMT(empty)) : S("");
  if (!str_eq(empty, missing)) next = arena_fmt(cx->mem, "%.*s%s没有的标题请另起一行写上，下面写内容", SFMT(next), next.len ? "；" : "");
  FAIL_AT(INVALID, S("material"), S(EXPLAIN_CLAUSE), "解读材料要写全六个方面，标题各占一行、下面写内容；还缺：%.*s。%.*s。", SFMT(missing), SFMT(next));
}

/* What stands in the way of 初审: of the document, with the interpretation that goes along. */
static Code ready_check(Cx *cx, const Disclosure *d, Str openness, Str reason, bool explain, Str plan, Str material) {
  if (!openness.len) FAIL_AT(INVALID, S("openness"), S(OPEN_CLAUSE), "未明确公开属性的材料不得履行发文程序：请先选主动公开、依申请公开或者不予公开");
  TRY(openness_check(cx, openness, reason));
  if (str_eqz(openness, "secret")) return OK;
  if (explain && !plan.len && !material.len) FAIL_AT(INVALID, S("plan"), S(EXPLAIN_CLAUSE), "政策性文件与解读方案、解读材料同步起草、同步审签：还没有解读方案，也没有解读材料，不能送审");
  if (explain && !plan.len) FAIL_AT(INVALID, S("plan"), S(EXPLAIN_CLAUSE), "政策性文件与解读方案、解读材料同步起草、同步审签：还没有解读方案，不能送审");
  if (explain && !material.len) FAIL_AT(INVALID, S("material"), S(EXPLAIN_CLAUSE), "政策性文件与解读方案、解读材料同步起草、同步审签：还没有解读材料，不能送审");
  return material.len ? material_check(cx, d, material) : OK;
}

static const Interpretation *waiting_item(const GazetteFile *g) {
  for (size_t i = g->item_count; i > 0; i--)
    if (str_eqz(g->items[i - 1].status, "draft")) return &g->items[i - 1];
  return NULL;
}

/* ---- taking in, drafting -------------------------------------------------------------------------------------------- */

static void strings_put(Arena *m, Json *body, Str key, const Str *list, size_t n) {
  Json *out = json_put_arr(m, body, key);
  for (size_t i = 0; i < n; i++) json_push_str(m, out, list[i]);
}

static Code decide_import(Cx *cx, const Ask *ask, Decision *d) {
  Arena *m = decision_mem(d);
  const Gazette *g = policy_gazette(kit_policy(ask), json_str(ask->cmd->args, S("code")));
  const Disclosure *set = NULL;
  TRY(open__settings(cx, ask, &set));
  if (!g) FAIL_AT(NOT_FOUND, S("code"), S(""), "政策包里没有“%.*s”这份文件，请从列表里选", SFMT(json_str(ask->cmd->args, S("code"))));
  TRY(open__of_unit(cx, ask, g->unit, ROLE_EDITOR));
  if (json_int(ask->facts, S("taken"), 0)) FAIL_AT(CONFLICT, S("code"), S(""), "%.*s已经收入公文库。", SFMT(g->number));
  Json *body = json_obj(m);
  const struct { const char *key; Str value; } texts[] = {{"code", g->code}, {"number", g->number}, {"title", g->title}, {"issuer", g->issuer}, {"day", g->day},
                                                          {"recipients", g->recipients}, {"text", g->text}, {"openness", g->mark.len ? S("public") : S("")}};
  json_put_int(m, body, S("no"), json_int(ask->facts, S("no"), 0));
  for (size_t i = 0; i < COUNT(texts); i++) json_put_str(m, body, str_of(texts[i].key), texts[i].value);
  strings_put(m, body, S("basis"), g->basis, g->basis_count);
  json_put_bool(m, body, S("explain"), g->explain);
  kit_answer(d, "number", g->number, json_int(ask->facts, S("no"), 0));
  decision_emit(d, "gazette.imported", 1, body);
  return OK;
}

void basis__lines(Arena *m, Json *body, const char *key, Str lines) {
  Json *out = json_put_arr(m, body, str_of(key));
  Str rest = lines, line;
  for (bool more = true; more;) {
    more = str_cut(rest, '\n', &line, &rest);
    if (str_trim(line).len) json_push_str(m, out, str_trim(line));
  }
}

/* "item": the interpretation that goes along; the number it has, or gets. */
static void item_put(Arena *m, Json *body, const Disclosure *d, const Json *a, int64_t no, Str title) {
  Json *o = json_put_obj(m, body, S("item"));
  Str form = json_str(a, S("form")), heading = json_str(a, S("heading"));
  json_put_int(m, o, S("no"), no);
  json_put_str(m, o, S("form"), form.len ? form : d->form_count ? d->forms[0].code : S(""));
  json_put_str(m, o, S("title"), heading.len ? heading : arena_fmt(m, "《%.*s》解读", SFMT(title)));
  json_put_str(m, o, S("plan"), json_str(a, S("plan")));
  json_put_str(m, o, S("text"), json_str(a, S("material")));
}

static Code document_put(Cx *cx, const Ask *ask, Decision *d, const Disclosure *set, int64_t item, Json *body) {
  static const char *const names[] = {"title", "number", "issuer", "day", "openness", "reason", "recipients", "text", NULL};
  Arena *m = decision_mem(d);
  const Json *a = ask->cmd->args;
  Day day = {0};
  TRY(number_check(cx, json_str(a, S("number"))));
  if (json_int(ask->facts, S("numbered"), 0)) FAIL_AT(CONFLICT, S("number"), S(""), "%.*s已经在公文库里，请核对字号", SFMT(json_str(a, S("number"))));
  (void)day_parse(json_str(a, S("day")), &day);
  if (day.n > day_of(ask->now).n) FAIL_AT(INVALID, S("day"), S(""), "成文日期不能晚于今天");
  TRY(openness_check(cx, json_str(a, S("openness")), json_str(a, S("reason"))));
  TRY(form_check(cx, set, json_str(a, S("form"))));
  *body = *kit_body(d, ask, names);
  basis__lines(m, body, "basis", json_str(a, S("basis")));
  json_put_bool(m, body, S("explain"), !json_get(a, S("explain")) || json_bool(a, S("explain")));
  if (json_str(a, S("plan")).len || json_str(a, S("material")).len) item_put(m, body, set, a, item, json_str(a, S("title")));
  return OK;
}

static void submitted(Decision *d, int64_t about) {
  Json *body = json_obj(decision_mem(d));
  json_put_int(decision_mem(d), body, S("about"), about);
  decision_emit(d, "gazette.submitted", 1, body);
}

static Code send_too(Cx *cx, const Ask *ask, Decision *d, const Disclosure *set) {
  const Json *a = ask->cmd->args;
  if (!json_bool(a, S("send"))) return OK;
  TRY(ready_check(cx, set, json_str(a, S("openness")), json_str(a, S("reason")), !json_get(a, S("explain")) || json_bool(a, S("explain")), json_str(a, S("plan")), json_str(a, S("material"))));
  submitted(d, 0);
  return OK;
}

static Code decide_draft(Cx *cx, const Ask *ask, Decision *d) {
  const Disclosure *set = NULL;
  Json *body = json_obj(decision_mem(d));
  TRY(open__settings(cx, ask, &set));
  TRY(open__of_unit(cx, ask, ask->cmd->actor.unit, ROLE_EDITOR));
  TRY(document_put(cx, ask, d, set, 1, body));
  json_put_int(decision_mem(d), body, S("no"), json_int(ask->facts, S("no"), 0));
  kit_answer(d, "number", json_str(body, S("number")), json_int(ask->facts, S("no"), 0));
  decision_emit(d, "gazette.drafted", 1, body);
  return send_too(cx, ask, d, set);
}

static Code at_rest(Cx *cx, const GazetteFile *g, const char *what) {
  if (g->review.step.len) FAIL_AT(CONFLICT, S(""), S(OPEN_CLAUSE), "%.*s正在审查（%.*s），不能%s；需要改的，请审查人退回。", SFMT(g->number), SFMT(scrutiny_label(g->review.step)), what);
  return OK;
}

static bool is_draft(const GazetteFile *g) {
  return str_eqz(g->status, "draft") || str_eqz(g->status, "down");
}

static Code decide_change(Cx *cx, const Ask *ask, Decision *d) {
  const GazetteFile *g = ask->state;
  const Disclosure *set = NULL;
  Json *body = json_obj(decision_mem(d));
  TRY(open__settings(cx, ask, &set));
  TRY(open__of_unit(cx, ask, g->unit, ROLE_EDITOR));
  TRY(at_rest(cx, g, "修改"));
  if (!is_draft(g)) FAIL_AT(CONFLICT, S(""), S(OPEN_CLAUSE), "%.*s已经审定，不能再改；发布有误的，先撤下。", SFMT(g->number));
  if (g->code.len) FAIL_AT(CONFLICT, S(""), S(""), "%.*s是印发的原文，不能改；可以标注公开属性。", SFMT(g->number));
  const Interpretation *old = waiting_item(g);
  TRY(document_put(cx, ask, d, set, old ? old->no : (int64_t)g->item_count + 1, body));
  decision_emit(d, "gazette.changed", 1, body);
  return send_too(cx, ask, d, set);
}

static Code decide_mark(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"openness", "reason", NULL};
  const GazetteFile *g = ask->state;
  const Json *a = ask->cmd->args;
  TRY(open__of_unit(cx, ask, g->unit, ROLE_EDITOR));
  TRY(at_rest(cx, g, "改公开属性"));
  if (!is_draft(g)) FAIL_AT(CONFLICT, S(""), S(OPEN_CLAUSE), "%.*s的公开属性已经审定。", SFMT(g->number));
  TRY(openness_check(cx, json_str(a, S("openness")), json_str(a, S("reason"))));
  decision_emit(d, "gazette.marked", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_explain(Cx *cx, const Ask *ask, Decision *d) {
  const GazetteFile *g = ask->state;
  const Disclosure *set = NULL;
  const Json *a = ask->cmd->args;
  int64_t no = json_int(a, S("no"), 0);
  TRY(open__settings(cx, ask, &set));
  TRY(open__of_unit(cx, ask, g->unit, ROLE_EDITOR));
  TRY(at_rest(cx, g, "加解读"));
  if (str_eqz(g->status, "kept")) FAIL_AT(CONFLICT, S(""), S(EXPLAIN_CLAUSE), "%.*s%.*s，不上网，没有要互链的解读。", SFMT(g->number), SFMT(openness_label(g->openness)));
  const Interpretation *old = gazette__item(g, no), *other = waiting_item(g);
  if (no && (!old || !str_eqz(old->status, "draft"))) FAIL_AT(CONFLICT, S("no"), S(""), "第 %lld 份解读不是草稿，不能改；已经公开的，先撤下。", (long long)no);
  if (!no && other) FAIL_AT(CONFLICT, S(""), S(""), "“%.*s”还是草稿，先送审或者删去它，再起草下一份。", SFMT(other->title));
  TRY(form_check(cx, set, json_str(a, S("form"))));
  Json *body = json_obj(decision_mem(d));
  item_put(decision_mem(d), body, set, a, no ? no : (int64_t)g->item_count + 1, g->title);
  decision_emit(d, "gazette.explained", 1, body);
  if (!json_bool(a, S("send"))) return OK;
  TRY(ready_check(cx, set, g->openness, g->reason, g->explain, json_str(a, S("plan")), json_str(a, S("material"))));
  submitted(d, str_eqz(g->status, "public") ? (no ? no : (int64_t)g->item_count + 1) : 0);
  return OK;
}

/* ---- annexes ------------------------------------------------------------------------------------------------------------- */

/* What is being drafted may have them: a draft of the document, and an interpretation that is one. */
static Code annex_place(Cx *cx, const Ask *ask, const GazetteFile *g, int64_t about) {
  const Interpretation *item = gazette__item(g, about);
  TRY(open__of_unit(cx, ask, g->unit, ROLE_EDITOR));
  TRY(at_rest(cx, g, "换附件"));
  if (!about && !is_draft(g)) FAIL_AT(CONFLICT, S("about"), S(OPEN_CLAUSE), "%.*s已经审定，附件随文件一起审查，不能再加、再删；发布有误的，先撤下。", SFMT(g->number));
  if (about && (!item || !str_eqz(item->status, "draft"))) FAIL_AT(CONFLICT, S("about"), S(OPEN_CLAUSE), "这份解读不是草稿，附件随解读一起审查，不能再加、再删；已经公开的，先撤下。");
  return OK;
}

static bool ends_as(Str name, Str type) { /* PDF is pdf */
  if (name.len <= type.len || name.ptr[name.len - type.len - 1] != '.') return false;
  for (size_t i = 0; i < type.len; i++)
    if ((name.ptr[name.len - type.len + i] | 0x20) != type.ptr[i]) return false;
  return true;
}

static bool type_fits(Str type, Str name) {
  return ends_as(name, type) || (str_eqz(type, "jpg") && ends_as(name, S("jpeg")));
}

static Code annex_check(Cx *cx, const Disclosure *set, const Json *a, const Json *file) {
  Str type = json_str(a, S("type")), name = json_str(file, S("name")), types = S("");
  bool known = false;
  for (size_t i = 0; i < set->annex_type_count; i++) {
    known |= str_eq(set->annex_types[i], type);
    types = arena_fmt(cx->mem, "%.*s%s%.*s", SFMT(types), i ? "、" : "", SFMT(set->annex_types[i]));
  }
  if (!set->annex_mb) FAIL_AT(CONFLICT, S("files"), S(""), "本市没有设置附件（政策包 gazette.yaml 的 annex_mb），不能上传。");
  if (!json_str(file, S("blob")).len) FAIL_AT(INVALID, S("files"), S(""), "请选择附件");
  if (!known || !type_fits(type, name)) FAIL_AT(INVALID, S("files"), S(""), "附件只能是 %.*s，文件名的结尾和内容要一致；“%.*s”不是。请另存为这些格式再传", SFMT(types), SFMT(name));
  if (json_int(file, S("size"), 0) > (int64_t)set->annex_mb << 20) FAIL_AT(INVALID, S("files"), S(""), "“%.*s”超过 %d MB，请压缩或者分成几个再传", SFMT(name), set->annex_mb);
  bool picture = str_eqz(type, "png") || str_eqz(type, "jpg");
  if (picture && utf8_count(str_trim(json_str(a, S("alt")))) < 4) FAIL_AT(INVALID, S("alt"), S(""), "图片要写替代文字：图上说了什么，看不见图的人也要能知道");
  return OK;
}

static Code decide_attach(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"title", "alt", "type", NULL};
  Arena *m = decision_mem(d);
  const GazetteFile *g = ask->state;
  const Json *a = ask->cmd->args, *files = json_get(a, S("files")), *file = files ? files->first : NULL;
  const Disclosure *set = NULL;
  int64_t about = json_int(a, S("about"), 0);
  TRY(open__settings(cx, ask, &set));
  TRY(annex_place(cx, ask, g, about));
  TRY(annex_check(cx, set, a, file));
  if (g->annex_count >= ANNEXES_MAX) FAIL_AT(CONFLICT, S(""), S(""), "一份文件最多传 %d 次附件，请合并成一个文件。", ANNEXES_MAX);
  Json *body = kit_body(d, ask, names);
  json_put_int(m, body, S("no"), (int64_t)g->annex_count + 1);
  json_put_int(m, body, S("about"), about);
  json_put(m, body, S("file"), file);
  decision_emit(d, "gazette.attached", 1, body);
  return OK;
}

static Code decide_detach(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"no", NULL};
  const GazetteFile *g = ask->state;
  const Annex *x = gazette_annex(g, json_int(ask->cmd->args, S("no"), 0));
  if (!x) FAIL_AT(NOT_FOUND, S("no"), S(""), "没有这个附件，请从页面上选");
  TRY(annex_place(cx, ask, g, x->about));
  decision_emit(d, "gazette.detached", 1, kit_body(d, ask, names));
  return OK;
}

/* ---- reviewing --------------------------------------------------------------------------------------------------------- */

static Code decide_submit(Cx *cx, const Ask *ask, Decision *d) {
  const GazetteFile *g = ask->state;
  const Disclosure *set = NULL;
  const Interpretation *item = waiting_item(g);
  TRY(open__settings(cx, ask, &set));
  TRY(open__of_unit(cx, ask, g->unit, ROLE_EDITOR));
  TRY(at_rest(cx, g, "再送审"));
  if (!is_draft(g) && (!item || !g->published)) FAIL_AT(CONFLICT, S(""), S(OPEN_CLAUSE), "%.*s已经审定，没有要送审的。", SFMT(g->number));
  TRY(ready_check(cx, set, g->openness, g->reason, g->explain, item ? item->plan : S(""), item ? item->text : S("")));
  submitted(d, is_draft(g) ? 0 : item->no);
  return OK;
}

static Code channels_put(Cx *cx, Arena *m, const Disclosure *set, const Json *given, Json *body) {
  Str names = S("");
  for (const Json *x = given ? given->first : NULL; x; x = x->next) {
    const OpenWord *w = x->kind == JSON_STR ? open_word(set->channels, set->channel_count, x->str) : NULL;
    if (!w) FAIL_AT(INVALID, S("channels"), S("D01-1.1-p1"), "没有这种公开渠道，请从列表中选择");
    names = arena_fmt(m, "%.*s%s%.*s", SFMT(names), names.len ? "、" : "", SFMT(w->name));
  }
  if (!names.len) FAIL_AT(INVALID, S("channels"), S(OPEN_CLAUSE), "批准时要决定以什么形式公开：请至少选一种渠道");
  json_put_str(m, body, S("channels"), names);
  return OK;
}

static Code decide_sign(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"step", "text", NULL};
  Arena *m = decision_mem(d);
  const GazetteFile *g = ask->state;
  const Disclosure *set = NULL;
  TRY(open__settings(cx, ask, &set));
  TRY(scrutiny__may(cx, ask, &g->review, g->unit, g->author, json_str(ask->cmd->args, S("step"))));
  decision_emit(d, "gazette.signed", 1, kit_body(d, ask, names));
  if (!str_eqz(g->review.step, "third")) return OK;
  Json *body = json_obj(m);
  bool open = str_eqz(g->openness, "public");
  json_put_int(m, body, S("about"), g->review.about);
  if (open) TRY(channels_put(cx, m, set, json_get(ask->cmd->args, S("channels")), body));
  decision_emit(d, open ? "gazette.published" : "gazette.kept", 1, body);
  return OK;
}

static Code decide_return(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const GazetteFile *g = ask->state;
  TRY(scrutiny__may(cx, ask, &g->review, g->unit, g->author, S("")));
  decision_emit(d, "gazette.returned", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_dispute(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"openness", "reason", NULL};
  const GazetteFile *g = ask->state;
  const Json *a = ask->cmd->args;
  TRY(scrutiny__may(cx, ask, &g->review, g->unit, g->author, S("")));
  if (g->review.about) FAIL_AT(CONFLICT, S(""), S(OPEN_CLAUSE), "正在审查的是一份解读，文件的公开属性已经审定。");
  if (str_eq(json_str(a, S("openness")), g->openness)) FAIL_AT(INVALID, S("openness"), S(OPEN_CLAUSE), "起草部门写的就是%.*s，没有分歧", SFMT(openness_label(g->openness)));
  if (utf8_count(str_trim(json_str(a, S("reason")))) < 4) FAIL_AT(INVALID, S("reason"), S(OPEN_CLAUSE), "请写明为什么不同意起草部门的公开属性");
  Json *body = kit_body(d, ask, names);
  json_put_str(decision_mem(d), body, S("secrecy"), kit_policy(ask)->disclosure->secrecy); /* whom to tell */
  decision_emit(d, "gazette.disputed", 1, body);
  return OK;
}

/* Both sides the same: settled, and 初审 begins again, since what was signed has changed. */
static Code decide_settle(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"openness", "reason", NULL};
  Arena *m = decision_mem(d);
  const GazetteFile *g = ask->state;
  const Disclosure *set = NULL;
  const Scrutiny *r = &g->review;
  const Actor *who = &ask->cmd->actor;
  Str openness = json_str(ask->cmd->args, S("openness"));
  TRY(open__settings(cx, ask, &set));
  TRY(kit_now(cx, ask));
  bool secrecy = who->unit.len && str_eq(who->unit, set->secrecy), drafter = str_eq(who->id, g->author) || str_eq(who->id, r->submitter);
  if (!str_eqz(r->step, "disputed")) FAIL_AT(CONFLICT, S(""), S(OPEN_CLAUSE), "这件的公开属性没有分歧。");
  if (!secrecy && !drafter) FAIL_AT(DENIED, S(""), S(OPEN_CLAUSE), "公开属性有分歧的，由起草人和保密行政管理部门重新确定。");
  TRY(openness_check(cx, openness, json_str(ask->cmd->args, S("reason"))));
  Json *body = kit_body(d, ask, names);
  json_put_str(m, body, S("side"), secrecy ? S("secrecy") : S("drafter"));
  decision_emit(d, "gazette.said", 1, body);
  if (!str_eq(openness, secrecy ? r->drafter_openness : r->secrecy_openness)) return OK;
  Json *now = json_obj(m);
  json_put_str(m, now, S("openness"), openness);
  json_put_str(m, now, S("reason"), json_str(ask->cmd->args, S("reason")));
  decision_emit(d, "gazette.settled", 1, now);
  return OK;
}

/* ---- afterwards ---------------------------------------------------------------------------------------------------------- */

static Code decide_drop(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"no", "reason", NULL};
  const GazetteFile *g = ask->state;
  const Interpretation *item = gazette__item(g, json_int(ask->cmd->args, S("no"), 0));
  TRY(open__of_unit(cx, ask, g->unit, ROLE_EDITOR));
  TRY(at_rest(cx, g, "删去解读"));
  if (!item) FAIL_AT(NOT_FOUND, S("no"), S(""), "这份文件没有这份解读，请从页面上选");
  if (str_eqz(item->status, "public") && g->published)
    FAIL_AT(CONFLICT, S("no"), S(EXPLAIN_CLAUSE), "文件和解读都已公开，应互为链接，不能只去掉一边；确有错误的，由单位负责人把解读撤下，两边的链接一起取消。");
  decision_emit(d, "gazette.dropped", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_down(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"no", "reason", NULL};
  const GazetteFile *g = ask->state;
  int64_t no = json_int(ask->cmd->args, S("no"), 0);
  const Interpretation *item = gazette__item(g, no);
  TRY(open__of_unit(cx, ask, g->unit, ROLE_UNIT_HEAD));
  TRY(at_rest(cx, g, "撤下"));
  if (!g->published) FAIL_AT(CONFLICT, S(""), S(""), "%.*s没有公开，不用撤下。", SFMT(g->number));
  if (no && (!item || !str_eqz(item->status, "public"))) FAIL_AT(CONFLICT, S("no"), S(""), "这份解读没有公开，不用撤下。");
  decision_emit(d, "gazette.taken-down", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_force(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"force", "basis", NULL};
  const GazetteFile *g = ask->state;
  TRY(open__of_unit(cx, ask, g->unit, ROLE_EDITOR));
  if (str_eq(json_str(ask->cmd->args, S("force")), g->force)) FAIL_AT(CONFLICT, S("force"), S(""), "现在就是“%.*s”。", SFMT(force_label(g->force)));
  decision_emit(d, "gazette.force-set", 1, kit_body(d, ask, names));
  return OK;
}

#define STAFF (ROLE_EDITOR | ROLE_UNIT_HEAD | ROLE_APPROVER | ROLE_LEADER)
static const CommandDecl commands[] = {
    {.name = "gazette.import", .label = "收入公文库", .help = "把政策包里印发的文件收入公文库；标注了“此件公开发布”的随即公开。", .allow = ROLE_EDITOR, .creates = true, .decide = decide_import, WITH(import_args)},
    {.name = "gazette.draft", .label = "起草公文", .help = "登记一份要公开审查的文件，可以同时写解读、送初审。", .allow = ROLE_EDITOR, .creates = true, .decide = decide_draft, WITH(draft_args)},
    {.name = "gazette.change", .label = "修改公文", .help = "修改没有送审的文件。", .allow = ROLE_EDITOR, .decide = decide_change, WITH(draft_args)},
    {.name = "gazette.mark", .label = "标注公开属性", .help = "给没有审定的文件标注公开属性；不予公开的写明理由。", .allow = ROLE_EDITOR, .decide = decide_mark, WITH(mark_args)},
    {.name = "gazette.explain", .label = "起草解读", .help = "给一份文件写解读方案和解读材料，或者修改草稿。", .allow = ROLE_EDITOR, .decide = decide_explain, WITH(explain_args)},
    {.name = "gazette.attach", .label = "加附件", .help = "给没有送审的文件或者解读草稿加一个附件；图片要写替代文字。", .allow = ROLE_EDITOR, .decide = decide_attach, WITH(attach_args)},
    {.name = "gazette.detach", .label = "去掉附件", .help = "去掉没有送审的文件或者解读草稿的一个附件。", .allow = ROLE_EDITOR, .decide = decide_detach, WITH(detach_args)},
    {.name = "gazette.submit", .label = "送初审", .help = "把文件和同时起草的解读送初审。", .allow = ROLE_EDITOR, .decide = decide_submit},
    {.name = "gazette.sign", .label = "审查同意", .help = "初审、复审、批准，依次由三个人办；批准时决定公开的渠道。", .allow = STAFF, .decide = decide_sign, WITH(sign_args)},
    {.name = "gazette.return", .label = "退回修改", .help = "审查人写明理由退回起草人。", .allow = STAFF, .decide = decide_return, WITH(why_args)},
    {.name = "gazette.dispute", .label = "对公开属性有分歧", .help = "审查人不同意起草部门的公开属性，转起草部门和保密行政管理部门重新确定。", .allow = STAFF, .decide = decide_dispute, WITH(mark_args)},
    {.name = "gazette.settle", .label = "重新确定公开属性", .help = "起草人、保密行政管理部门各自确定；一致以后重新初审。", .allow = STAFF, .decide = decide_settle, WITH(mark_args)},
    {.name = "gazette.drop", .label = "删去解读", .help = "删去一份没有公开的解读；文件和解读都公开时不能只去掉一边。", .allow = ROLE_EDITOR, .decide = decide_drop, WITH(item_args)},
    {.name = "gazette.take-down", .label = "撤下", .help = "单位负责人撤下发布有误的文件（0）或者一份解读。", .allow = ROLE_UNIT_HEAD, .decide = decide_down, WITH(item_args)},
    {.name = "gazette.force", .label = "登记效力", .help = "登记一份文件修改、废止或者失效，写明依据。", .allow = ROLE_EDITOR, .decide = decide_force, WITH(force_args)}};

const Engine gazette_engine_base = {.prefix = "gazette",
                                    .fold = gazette_fold,
                                    .commands = commands,
                                    .command_count = COUNT(commands),
                                    .open = gazette__open,
                                    .facts = gazette__facts,
                                    .schema = gazette__schema,
                                    .project = gazette__project};
const Engine *const publish_engines[PUBLISH_ENGINES] = {&gazette_engine_base, &canvass_engine_base};
