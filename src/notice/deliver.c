/* SPDX-License-Identifier: Apache-2.0 */
/* deliver.c: the way out, one attempt after the other, and what was read; the commands and the engine notice. */
#include "notice/notice_int.h"

static const Arg tell_args[] = {{.name = "event", .label = "什么事", .type = ARG_CODE, .required = true},
                                {.name = "project", .label = "项目", .type = ARG_INT, .min = 1, .max = INT64_MAX},
                                {.name = "about", .label = "咨询、委托、联合验收、测绘、信用、考评", .type = ARG_TEXT, .max = 40},
                                {.name = "stage", .label = "阶段", .type = ARG_INT, .min = 1, .max = STAGE_MAX},
                                {.name = "item", .label = "事项", .type = ARG_CODE},
                                {.name = "by", .label = "谁办的", .type = ARG_CODE},
                                {.name = "more", .label = "填入内容的值", .type = ARG_OBJECT}};
static const Arg remind_args[] = {{.name = "day", .label = "哪天", .type = ARG_DAY, .required = true},
                                  {.name = "items", .label = "事项", .type = ARG_LIST, .max = 40, .hint = "每项 {event, project, stage, item}；不写就自己找"}};
#define ID {.name = "id", .label = "待发的编号", .type = ARG_INT, .required = true, .min = 1, .max = INT64_MAX}
static const Arg attempt_args[] = {ID};
static const Arg report_args[] = {ID, {.name = "try", .label = "第几次", .type = ARG_INT, .required = true, .min = 1, .max = 1000},
                                  {.name = "result", .label = "结果", .type = ARG_CHOICE, .required = true, .choices = "sent|retry|failed|none"},
                                  {.name = "text", .label = "回执或原因", .type = ARG_TEXT, .max = 500}};
static const Arg again_args[] = {ID, {.name = "reason", .label = "理由", .type = ARG_LONG, .required = true, .min = 2, .max = 500}};
static const Arg read_args[] = {{.name = "id", .label = "哪一条", .type = ARG_INT, .min = 1, .max = INT64_MAX},
                                {.name = "upto", .label = "到哪一条为止", .type = ARG_INT, .min = 1, .max = INT64_MAX}};

/* ---- the way out ------------------------------------------------------------------------------------------- */

static Code out_of(Cx *cx, const Ask *ask, Out **out) {
  int64_t id = json_int(ask->cmd->args, S("id"), 0);
  *out = notices__out(ask->state, id);
  if (!*out) FAIL_AT(NOT_FOUND, S("id"), S(""), "没有编号 %lld 的待发消息。", (long long)id);
  return OK;
}

static Code decide_attempt(Cx *cx, const Ask *ask, Decision *d) {
  Arena *m = decision_mem(d);
  Out *o = NULL;
  TRY(out_of(cx, ask, &o));
  bool trying = str_eqz(o->status, "trying");
  if (!trying && !str_eqz(o->status, "waiting")) FAIL_AT(CONFLICT, S("id"), S(""), "这条消息现在是“%.*s”，不用再发。", SFMT(outgoing_label(o->status)));
  if (o->next > ask->now)
    FAIL_AT(CONFLICT, S("id"), S(""), trying ? "另一台服务器正在发这条消息。" : "还没有到再试的时间。");
  Json *body = json_obj(m);
  json_put_int(m, body, S("id"), o->id);
  json_put_int(m, body, S("try"), o->tries + 1);
  json_put_int(m, body, S("until"), ask->now + NOTICE_LEASE_MS);
  decision_emit(d, "notice.attempted", 1, body);
  decision_answer(d, body);
  return OK;
}

/* When the n-th try has failed: wait, 2 ×, 4 × …, at most a day. */
static int64_t again_at(const Policy *p, int n, int64_t now) {
  int64_t wait = p->notice_wait > 0 ? p->notice_wait * 60000LL : 60000LL;
  for (int i = 1; i < n && wait < DAY_MS; i++) wait *= 2;
  return now + (wait < DAY_MS ? wait : DAY_MS);
}

static Code decide_report(Cx *cx, const Ask *ask, Decision *d) {
  Arena *m = decision_mem(d);
  const Policy *p = kit_policy(ask);
  Str result = json_str(ask->cmd->args, S("result")), text = json_str(ask->cmd->args, S("text"));
  int n = (int)json_int(ask->cmd->args, S("try"), 0);
  Out *o = NULL;
  TRY(out_of(cx, ask, &o));
  /* A server that was slow is overtaken by the next one: its answer comes too late, and only that of the last try counts. */
  if (!str_eqz(o->status, "trying") || n != o->tries) FAIL_AT(CONFLICT, S("try"), S(""), "这一次投递已经结束，或者不是最后一次。");
  bool sent = str_eqz(result, "sent"), last = str_eqz(result, "failed") || n >= p->notice_tries;
  Json *body = json_obj(m);
  json_put_int(m, body, S("id"), o->id);
  json_put_int(m, body, S("try"), n);
  json_put_str(m, body, sent ? S("receipt") : S("reason"), text);
  if (!sent && !last && str_eqz(result, "retry")) json_put_int(m, body, S("next"), again_at(p, n, ask->now));
  decision_emit(d, sent ? "notice.sent" : str_eqz(result, "none") ? "notice.dropped" : last ? "notice.given-up" : "notice.failed", 1, body);
  return OK;
}

static Code decide_again(Cx *cx, const Ask *ask, Decision *d) {
  Arena *m = decision_mem(d);
  Out *o = NULL;
  TRY(out_of(cx, ask, &o));
  if (!str_eqz(o->status, "lost")) FAIL_AT(CONFLICT, S("id"), S(""), "这条消息现在是“%.*s”，只有放弃了的才能重新投递。", SFMT(outgoing_label(o->status)));
  Json *body = json_obj(m);
  json_put_int(m, body, S("id"), o->id);
  json_put_str(m, body, S("reason"), json_str(ask->cmd->args, S("reason")));
  decision_emit(d, "notice.again", 1, body);
  return OK;
}

/* ---- what was read --------------------------------------------------------------------------------------- */

static Code decide_read(Cx *cx, const Ask *ask, Decision *d) {
  Arena *m = decision_mem(d);
  int64_t id = json_int(ask->cmd->args, S("id"), 0), upto = json_int(ask->cmd->args, S("upto"), 0);
  if (!id == !upto) FAIL_AT(INVALID, S("id"), S(""), "请写明读了哪一条（id），或者读到哪一条为止（upto），只写一个。");
  if (!json_int(ask->facts, S("unread"), 0)) return OK;
  Json *body = json_obj(m);
  json_put_str(m, body, S("account"), ask->cmd->actor.id);
  json_put_int(m, body, id ? S("id") : S("upto"), id ? id : upto);
  decision_emit(d, "notice.read", 1, body);
  return OK;
}

#define ROW(n, l, h, who, fn, list) {.name = n, .label = l, .help = h, .allow = (who), .decide = fn, WITH(list)}
#define MAKES(n, l, h, who, fn, list) {.name = n, .label = l, .help = h, .allow = (who), .creates = true, .decide = fn, WITH(list)}
const CommandDecl notice__commands[NOTICE_COMMANDS] = {
    MAKES("notice.tell", "通知", "一件事按通知规则告诉有关的人；由系统随办理记录。", ROLE_SYSTEM, notice__tell, tell_args),
    MAKES("notice.remind", "提醒", "每天一次，把快要到期和超期的事项告诉承办人。", ROLE_SYSTEM, notice__remind, remind_args),
    ROW("notice.attempt", "开始投递", "一台服务器取走一条待发消息。", ROLE_SYSTEM, decide_attempt, attempt_args),
    ROW("notice.report", "投递结果", "记录回执，或者为什么没有发出去。", ROLE_SYSTEM, decide_report, report_args),
    ROW("notice.again", "重新投递", "放弃了的消息重新投递，写明理由。", ROLE_SYSADMIN, decide_again, again_args),
    MAKES("notice.read", "读消息", "本人把一条消息，或者到某一条为止的消息，记为已读。", ROLE_ANY_ACCOUNT, decide_read, read_args),
};

static Code notice_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  Str about = json_str(cmd->args, S("about")), head, no;
  (void)views;
  if (str_eqz(cmd->name, "notice.remind")) *stream = arena_fmt(cx->mem, "notice/%.*s", SFMT(json_str(cmd->args, S("day"))));
  else if (str_eqz(cmd->name, "notice.read")) *stream = arena_fmt(cx->mem, "notice/to.%.*s", SFMT(cmd->actor.id));
  else if (str_cut(about, '/', &head, &no)) *stream = arena_fmt(cx->mem, "notice/%.*s.%.*s", SFMT(head), SFMT(no));
  else *stream = arena_fmt(cx->mem, "notice/%lld", (long long)json_int(cmd->args, S("project"), 0));
  return OK;
}

#define TELLS(e) {.event = e, .command = "notice.tell", .aim = notice__aim}
static const Reaction reactions[] = {
    TELLS("stage.confirm-asked"), TELLS("stage.draft-returned"), TELLS("stage.submitted"), TELLS("stage.correction-requested"), TELLS("stage.corrected"), TELLS("stage.accepted"),
    TELLS("stage.not-accepted"), TELLS("stage.slip-drafted"), TELLS("stage.slip-returned"), TELLS("stage.dispatched"),
    TELLS("stage.refused"), TELLS("stage.certified"), TELLS("stage.posted"), TELLS("stage.delivered"), TELLS("item.paused"), TELLS("item.pause-extended"), TELLS("item.resumed"),
    TELLS("item.returned"), TELLS("item.urged"), TELLS("item.supplemented"), TELLS("item.extension-asked"), TELLS("item.extended"), TELLS("item.decided"),
    TELLS("item.taken"), TELLS("item.settled"), TELLS("item.withdrawn"), TELLS("item.extension-refused"), TELLS("stage.withdrawn"), TELLS("project.withdrawn"), TELLS("project.registered"), TELLS("stage.supplied"), TELLS("item.reapplied"),
    TELLS("utility.applied"), TELLS("utility.answered"),
    TELLS("consult.asked"), TELLS("consult.more-asked"), TELLS("consult.supplemented"), TELLS("consult.replied"), TELLS("consult.withdrawn"),
    TELLS("agent.ordered"), TELLS("agent.assigned"), TELLS("agent.reassigned"), TELLS("agent.ended"), TELLS("acceptance.started"), TELLS("acceptance.scheduled"), TELLS("acceptance.reported"), TELLS("acceptance.rechecked"),
    TELLS("acceptance.concluded"), TELLS("acceptance.withdrawn"), TELLS("survey.commissioned"), TELLS("survey.delivered"), TELLS("survey.cancelled"), TELLS("surveyor.checked"),
    TELLS("credit.drafted"), TELLS("credit.published"), TELLS("credit.rejected"), TELLS("credit.answered"), TELLS("credit.repaired"), TELLS("credit.repair-refused"),
    TELLS("credit.objected"), TELLS("credit.repair-asked"),
    TELLS("appraisal.consulted"), TELLS("appraisal.opined"), TELLS("appraisal.opinion-answered"), TELLS("appraisal.closed"), TELLS("credit.expired"), TELLS("credit.withdrawn"), 
    TELLS("gazette.submitted"), TELLS("gazette.signed"), TELLS("gazette.settled"), TELLS("gazette.returned"), TELLS("gazette.disputed"), TELLS("gazette.published"), TELLS("gazette.kept"),
    TELLS("canvass.submitted"), TELLS("canvass.signed"), TELLS("canvass.returned"), TELLS("canvass.opened"), TELLS("canvass.said"), TELLS("canvass.ended"), TELLS("canvass.grouped"),
    TELLS("canvass.answered"), TELLS("canvass.closed"), TELLS("rating.opened"), TELLS("rating.answered"), TELLS("rating.replied"), TELLS("desk.handed"),
    TELLS("directive.issued"), TELLS("directive.raised"), TELLS("directive.returned"), TELLS("directive.replied"), TELLS("directive.settled"), TELLS("directive.closed")};

const Engine notice_engine_base = {.prefix = "notice",
                                   .fold = notice_fold,
                                   .commands = notice__commands,
                                   .command_count = NOTICE_COMMANDS,
                                   .reactions = reactions,
                                   .reaction_count = COUNT(reactions),
                                   .open = notice_open,
                                   .facts = notice__facts,
                                   .schema = notice__schema,
                                   .project = notice__project,
                                   .alone = true};

const Engine *const notice_engines[NOTICE_ENGINES] = {&notice_engine_base, &rating_engine_base};
