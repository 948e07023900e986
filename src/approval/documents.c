/* SPDX-License-Identifier: Apache-2.0 */
/* documents.c: which events are documents 文书, how they are folded, and how their delivery 送达 is recorded. What they say: documents_text.c. */
#include "approval/documents_int.h"

#define LAW "《中华人民共和国行政许可法》"
#define SERVED "送达回证"
/* More than one row for one event: the first whose `flag` the body has, or that has none. */
const DocKind document__kinds[] = {
    {0},
    {.event = "stage.submitted", .word = "收", .title = "申请材料收件凭证", .basis = LAW "第三十二条第二款", .heading = "收到的材料", .list = LIST_FILES,
     .text = "你单位于{day}提交的“{project}”{stage}申请已经收到，收件编号{receipt}。\n窗口在{receipt_days}个工作日内一次性告知是否需要补正；逾期不告知的，"
             "自收到之日起即为受理。"},
    {.event = "stage.corrected", .word = "收", .title = "补正材料收件凭证", .basis = LAW "第三十二条第二款", .heading = "收到的材料", .list = LIST_FILES,
     .text = "你单位于{day}补正的“{project}”{stage}申请材料已经收到，收件编号{receipt}。\n窗口在{receipt_days}个工作日内答复；逾期不答复的，自收到之日起即为受理。"
             "本次申请不会再要求补正。"},
    {.event = "stage.correction-requested", .word = "补", .title = "补正材料告知书", .basis = LAW "第三十二条第一款第（四）项", .heading = "需要补正的全部内容",
     .list = LIST_MISSING, .serve = true,
     .text = "你单位提交的“{project}”{stage}申请（收件编号{receipt}），经审查，材料不齐全或者不符合法定形式。现将需要补正的全部内容一次告知，请补正后重新提交。"},
    {.event = "stage.accepted", .flag = "deemed", .word = "受", .title = "受理通知书", .basis = LAW "第三十二条第一款第（四）项", .serve = true,
     .text = "你单位提交的“{project}”{stage}申请（收件编号{receipt}），在法定期限内没有告知补正，自收到申请材料之日即{accepted}起即为受理。\n"
             "本阶段的审批时限为{limit}个工作日，应于{due}前办结；依法暂停和延长的时间除外。"},
    {.event = "stage.accepted", .word = "受", .title = "受理通知书", .basis = LAW "第三十二条第一款第（五）项", .serve = true,
     .text = "你单位提交的“{project}”{stage}申请（收件编号{receipt}），申请材料齐全、符合法定形式，现予受理，受理日期为{accepted}。\n"
             "本阶段的审批时限为{limit}个工作日，应于{due}前办结；依法暂停和延长的时间除外。"},
    {.event = "stage.not-accepted", .word = "不受", .title = "不予受理决定书", .basis = "{article}", .adverse = true, .serve = true, .from = FROM_LEAD,
     .text = "你单位提交的“{project}”{stage}申请（收件编号{receipt}），经审查，决定不予受理。\n理由：{reason}。\n你单位可以：{where}。"},
    {.event = "item.paused", .word = "特", .title = "特别程序告知书", .basis = LAW "第四十五条", .serve = true, .from = FROM_UNIT,
     .text = "你单位“{project}”的“{item}”在办理中需要{cause}：{notice}。\n依照{cause_basis}，所需时间不计算在审批期限内，自{day}起暂停计时，预计{planned}恢复。"},
    {.event = "item.pause-extended", .word = "特", .title = "延长特别程序告知书", .basis = LAW "第四十五条", .serve = true, .from = FROM_UNIT,
     .text = "你单位“{project}”的“{item}”因{cause}暂停计时，预计恢复的日子要推后：{notice}。\n依照{cause_basis}，所需时间不计算在审批期限内，预计{planned}恢复。"},
    {.event = "item.returned", .word = "补", .title = "事项补正告知书", .basis = "参照" LAW "第三十一条、第三十二条；受理之后因补正暂停计时，法律没有明文规定", .heading = "需要补正的内容", .list = LIST_MISSING,
     .serve = true, .from = FROM_UNIT,
     .text = "你单位“{project}”的“{item}”在审查中发现需要补正下列内容，请于{planned}前补交；补交以前不计算审批期限，其他事项照常办理。\n"
             "没有在一次性告知里提出的原因：{reason}。"},
    {.event = "item.extended", .word = "延", .title = "延长审批期限告知书", .basis = LAW "第四十二条第一款", .serve = true, .from = FROM_UNIT,
     .text = "你单位“{project}”的“{item}”在规定期限内不能作出决定，经本机关负责人批准，延长{days}个工作日。\n{notice}。"},
    {.event = "stage.certified", .word = "准", .title = "准予行政许可决定书", .basis = LAW "第三十八条第一款、第三十九条", .from = FROM_LEAD,
     .text = "你单位“{project}”{stage}申请（收件编号{receipt}），经审查，符合法定条件、标准，决定准予许可。\n发给{certificates}。请持本决定书到窗口领取，"
             "或者凭送达方式接收。"},
    {.event = "stage.refused", .word = "不准", .title = "不予行政许可决定书", .basis = LAW "第三十八条第二款", .heading = "不予许可的理由", .list = LIST_REASONS,
     .adverse = true, .serve = true, .from = FROM_LEAD,
     .text = "你单位“{project}”{stage}申请（收件编号{receipt}），经审查，下列事项不符合法定条件、标准，决定不予许可。\n已经通过的事项继续有效，改好后重新申报时不用再办。"},
 {.event = "certificate.changed", .word = "变", .title = "准予变更行政许可决定书", .basis = "{article}", .serve = true, .from = FROM_LEAD,
     .text = "你单位“{project}”的{name}（编号{certificate}），经审查准予变更：{change}。\n理由：{reason}。原证件自{day}起失效，换发编号为{new}的证件。"},
    {.event = "certificate.reissued", .word = "新", .title = "重新核发行政许可证件决定书", .basis = LAW "第三十八条第一款", .serve = true, .from = FROM_LEAD,
     .text = "你单位“{project}”的{name}（编号{certificate}）失效以后，重新申报的事项经审查符合法定条件、标准，决定重新核发，编号为{new}。\n理由：{reason}。"},
    {.event = "certificate.suspended", .word = "停", .title = "暂停使用证件决定书", .basis = "{article}", .adverse = true, .serve = true, .from = FROM_LEAD,
     .text = "你单位“{project}”的{name}（编号{certificate}）自{day}起暂停使用{until_words}。\n理由：{reason}。\n暂停期间不得凭本证件从事许可的活动，也不能凭它办理后面的阶段。"},
    {.event = "certificate.restored", .word = "复", .title = "恢复使用证件通知书", .basis = "{article}", .serve = true, .from = FROM_LEAD,
     .text = "你单位“{project}”的{name}（编号{certificate}）自{day}起恢复使用。\n理由：{reason}。"},
    {.event = "certificate.revoked", .word = "撤", .title = "{way}行政许可决定书", .basis = "{article}", .adverse = true, .serve = true, .from = FROM_LEAD,
     .text = "你单位“{project}”的{name}（编号{certificate}）自{day}起予以{way}，证件失效，请交回窗口。\n理由：{reason}。"},
    {.event = "stage.delivered", .word = "送", .title = SERVED, .basis = LAW "第四十四条", .list = LIST_SERVED, .text = ""},
    {.event = "document.served", .word = "送", .title = SERVED, .basis = "《中华人民共和国民事诉讼法》第七章第二节（参照）", .list = LIST_SERVED, .text = ""},
};
enum { KINDS = sizeof document__kinds / sizeof *document__kinds };
_Static_assert(KINDS < UINT8_MAX, "a row fits in Document.kind");

/* The title of one kind says how a certificate was taken away. */
static Str title_of(Arena *mem, const DocKind *k, const Event *e) {
  return *k->title != '{' ? str_of(k->title) : arena_fmt(mem, "%.*s%s", SFMT(json_str(e->body, S("way"))), strchr(k->title, '}') + 1);
}

static uint8_t kind_of(const Event *e) {
  for (size_t k = 1; k < KINDS; k++)
    if (str_eqz(e->kind, document__kinds[k].event) && (!document__kinds[k].flag || json_bool(e->body, str_of(document__kinds[k].flag))))
      return (uint8_t)k;
  return 0;
}

/* ---- folding ------------------------------------------------------------------------------------ */

static Document *document_add(Arena *mem, Project *p) {
  if (p->document_count == p->document_cap) {
    size_t cap = p->document_cap ? p->document_cap * 2 : 8;
    Document *more = arena_array(mem, Document, cap);
    if (p->document_count) memcpy(more, p->documents, p->document_count * sizeof *more);
    p->documents = more;
    p->document_cap = cap;
  }
  return &p->documents[p->document_count++];
}

/* By its number, or the last decision to issue of the stage, which stage.deliver delivers. */
static Document *served_by(Project *p, const Event *e) {
  int64_t seq = json_int(e->body, S("document"), 0), stage = json_int(e->body, S("stage"), 0);
  for (size_t i = p->document_count; i > 0; i--) {
    Document *d = &p->documents[i - 1];
    if (seq ? d->seq == seq : d->stage == stage && !strcmp(document__kinds[d->kind].event, "stage.certified")) return d;
  }
  return NULL;
}

void fold__document(Arena *mem, Project *p, const Event *e, const StageState *s) {
  uint8_t kind = kind_of(e);
  if (!kind) return;
  Document *served = document__kinds[kind].list == LIST_SERVED ? served_by(p, e) : NULL;
  if (served) {
    served->served_at = e->happened;
    served->served_day = json_str(e->body, S("on")).len > 0;
    served->served_seq = e->seq;
    served->served_how = arena_str(mem, json_str(e->body, S("how")));
    served->served_to = arena_str(mem, json_str(e->body, S("to")));
  }
  const ItemState *i = s ? stage_item(s, json_str(e->body, S("item"))) : NULL;
  *document_add(mem, p) = (Document){.seq = e->seq, .at = e->happened, .kind = kind, .title = title_of(mem, &document__kinds[kind], e), .stage = (uint8_t)json_int(e->body, S("stage"), 0),
                                     .item = i ? i->code : S(""), .receipt = s ? s->receipt : S("")};
}

/* ---- finding ------------------------------------------------------------------------------------- */

const Document *document_find(const Project *pr, int64_t seq) {
  for (size_t i = 0; i < pr->document_count; i++)
    if (pr->documents[i].seq == seq) return &pr->documents[i];
  return NULL;
}

Str document_title(const Document *d) {
  return d->title;
}

Str document_number(Arena *mem, const Project *pr, const Document *d) {
  int year, month, day;
  day_split(day_of(d->at), &year, &month, &day);
  return arena_fmt(mem, "HLD%s〔%d〕%lld-%lld号", document__kinds[d->kind].word, year, (long long)pr->no, (long long)d->seq);
}

bool document_servable(const Document *d) {
  return document__kinds[d->kind].serve;
}

Code document_event(Cx *cx, Reader *rd, const Project *pr, int64_t seq, Event *out) {
  Events one = {0};
  if (seq > 0 && document_find(pr, seq))
    TRY(reader_events(cx, rd, arena_fmt(cx->mem, "project/%lld", (long long)pr->no), seq - 1, 1, &one));
  if (one.count != 1) FAIL(NOT_FOUND, "本项目没有这份文书。请从项目的文书目录里打开。");
  *out = one.list[0];
  return OK;
}

/* ---- deciding ------------------------------------------------------------------------------------ */

/* Recorded when it was decided, so that a later package does not change to whom one turned. */
void document__remedies(const At *at, Arena *m, Json *body) {
  bool new_law = day_of(at->ask->happened).n >= day_ymd(2024, 1, 1).n; /* 行政复议法 of 2023 */
  const char *const ways[][3] = {{"申请行政复议", "六十日", new_law ? "《中华人民共和国行政复议法》第二十条" : "《中华人民共和国行政复议法》第九条"},
                                 {"提起行政诉讼", "六个月", "《中华人民共和国行政诉讼法》第四十六条"}};
  const Str bodies[] = {at->p->review_body, at->p->court};
  if (!at->p->review_body.len || !at->p->court.len) return;
  Json *list = json_put_arr(m, body, S("remedies"));
  for (size_t i = 0; i < COUNT(ways); i++) {
    Json *o = json_push_obj(m, list);
    json_put_str(m, o, S("way"), str_of(ways[i][0]));
    json_put_str(m, o, S("within"), str_of(ways[i][1]));
    json_put_str(m, o, S("basis"), str_of(ways[i][2]));
    json_put_str(m, o, S("to"), bodies[i]);
  }
  json_put_bool(m, body, S("remedy_sample"), at->p->remedy_source.sample);
}

/* Documents outlive the project: a refusal may be delivered when everything has ended. */
Code decide__serve(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const texts[] = {"how", "to", "note"};
  Arena *m = decision_mem(d);
  const Project *pr = ask->state;
  const Json *args = ask->cmd->args;
  const Document *doc = document_find(pr, json_int(args, S("seq"), 0));
  if (!doc) FAIL_AT(NOT_FOUND, S("seq"), S(""), "本项目没有第 %lld 号文书。", (long long)json_int(args, S("seq"), 0));
  Str title = document_title(doc);
  if (!document_servable(doc))
    FAIL_AT(CONFLICT, S("seq"), S(""), "“%.*s”不用登记送达：证件连同准予许可决定书在“送达”里办理，收件凭证和送达回证当场交付。", SFMT(title));
  if (doc->served_at) {
    Str when = time_cn(cx->mem, doc->served_at);
    FAIL_AT(CONFLICT, S("seq"), S(""), "“%.*s”已于 %.*s 送达（%.*s），不用再登记。", SFMT(title), SFMT(when), SFMT(doc->served_how));
  }
  TRY(at__late(cx, ask, doc->at));
  TRY(at__on(cx, ask));
  Json *body = json_obj(m);
  json_put_int(m, body, S("stage"), doc->stage);
  json_put_int(m, body, S("document"), doc->seq);
  json_put_str(m, body, S("title"), title);
  json_put_str(m, body, S("number"), document_number(m, pr, doc));
  for (size_t i = 0; i < COUNT(texts); i++) json_put_str(m, body, str_of(texts[i]), json_str(args, str_of(texts[i])));
  if (json_str(args, S("on")).len) json_put_str(m, body, S("on"), json_str(args, S("on")));
  at__stamp(ask, m, body);
  decision_emit(d, "document.served", 1, body);
  return OK;
}

/* ---- what waits ----------------------------------------------------------------------------------- */

static const RowTable letter_rows = {
    2,
    {"letter.put", "iiissii", "",
     "INSERT INTO letter(project, seq, stage, title, number, at, served) VALUES(?1,?2,?3,?4,?5,?6,?7)"
     " ON CONFLICT(project, seq) DO UPDATE SET stage = excluded.stage, title = excluded.title, number = excluded.number, at = excluded.at,"
     " served = excluded.served"},
    {0}};
#define LETTERS_WAIT " WHERE l.served = 0 AND (?1 = '' OR l.title = ?1) AND l.at >= ?2 AND (?3 = 0 OR l.at < ?3)"
static const Sql sql_letters = {"letter.list", "siiii", "iiiisssssi",
                                "SELECT l.project, l.seq, l.at, l.served, l.title, l.number, p.number, p.name, p.owner, l.stage FROM letter l"
                                " JOIN project p ON p.no = l.project" LETTERS_WAIT " ORDER BY l.at DESC, l.project DESC, l.seq DESC LIMIT ?4 OFFSET ?5"};
static const Sql sql_letter_count = {"letter.count", "sii", "i", "SELECT count(*) FROM letter l" LETTERS_WAIT};
static const Sql sql_letter_kinds = {"letter.kinds", "i", "si", "SELECT title, count(*) FROM letter WHERE served = 0 GROUP BY title ORDER BY count(*) DESC, title LIMIT ?1"};

Code documents__project(Cx *cx, Db *views, const Project *p, const Event *e) {
  int64_t seq = str_eq(e->kind, S("document.served")) ? json_int(e->body, S("document"), 0) : e->seq;
  const Document *d = p->document_count && p->documents[p->document_count - 1].seq == e->seq ? document_find(p, seq) : NULL;
  if (!d || !document_servable(d)) return OK;
  return table_put(cx, views, &letter_rows, VALS(val_i(p->no), val_i(d->seq), val_i(d->stage), val_s(document_title(d)),
                                                 val_s(document_number(cx->mem, p, d)), val_i(d->at), val_i(d->served_at)));
}

int64_t letters_late_before(const Policy *p, int64_t now) {
  Day today = day_of(now), d = today;
  while (calendar_count(p->calendar, (Day){d.n - 1}, today) <= p->deliver_days) d.n--;
  return day_start(d);
}

Code letters_count(Cx *cx, Reader *rd, const LetterFilter *f, int64_t *total) {
  return db_int(cx, reader_views(rd), &sql_letter_count, VALS(val_s(f->title), val_i(f->from), val_i(f->before)), 0, total);
}

Code letters_kinds(Cx *cx, Reader *rd, LetterKind **out, size_t *n) {
  enum { KINDS_SHOWN = 40 };
  SCOPED(rows_drop) Rows *r = NULL;
  *out = arena_array(cx->mem, LetterKind, KINDS_SHOWN);
  *n = 0;
  TRY(db_rows(cx, reader_views(rd), &sql_letter_kinds, VALS(val_i(KINDS_SHOWN)), &r));
  while (*n < KINDS_SHOWN && rows_next(r)) (*out)[(*n)++] = (LetterKind){row_s(cx, r, 0), row_i(r, 1)};
  return rows_end(cx, r);
}

Code letters_list(Cx *cx, Reader *rd, const LetterFilter *f, LetterRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  LetterRow *list = arena_array(cx->mem, LetterRow, f->limit + 1);
  *n = 0;
  TRY(letters_count(cx, rd, f, total));
  TRY(db_rows(cx, reader_views(rd), &sql_letters, VALS(val_s(f->title), val_i(f->from), val_i(f->before), val_i((int64_t)f->limit), val_i((int64_t)f->offset)), &r));
  while (*n < f->limit && rows_next(r))
    list[(*n)++] = (LetterRow){.project = row_i(r, 0), .seq = row_i(r, 1), .at = row_i(r, 2), .served = row_i(r, 3), .title = row_s(cx, r, 4),
                               .doc_number = row_s(cx, r, 5), .number = row_s(cx, r, 6), .project_name = row_s(cx, r, 7), .owner = row_s(cx, r, 8),
                               .stage = (int)row_i(r, 9)};
  *out = list;
  return rows_end(cx, r);
}
