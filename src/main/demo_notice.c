/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_notice.c: what the demonstration has of messages and ratings: two enterprises with addresses at example.com, letters
 * that went out, that are tried again and that were given up, ratings of all levels, bad ones answered and not. Told day by day
 * among the steps of the projects, by numbers drawn from the seed.
 */
#include "main/courier.h"
#include "main/demo.h"

enum { LETTERS = 64, RATINGS = 200, READERS = 2 };
typedef struct DemoDay { Cx *cx; const Demo *d; Runner *runner; Reader *rd; int64_t now; } DemoDay;

static Code act(DemoDay *t, const DemoAccount *by, const char *name, Str stream, Str key, Json *args, CommandResult *result) {
  uint32_t roles = ROLE_SYSTEM;
  Command cmd = {.name = str_of(name), .stream = stream, .key = key, .args = args, .now = t->now, .actor = {.id = S("system"), .name = S("系统")}};
  if (by) TRY(roles_parse(t->cx, by->roles, &roles));
  if (by) cmd.actor = (Actor){.id = by->id, .name = by->name, .unit = by->unit};
  cmd.actor.roles = roles;
  return runner_run(t->cx, t->runner, &cmd, result);
}

/* 0 … 99, from the seed and what it is about. */
static int draw(const Demo *d, int64_t no, int stage, const char *purpose) {
  return (int)(demo_roll(d, no, stage, 1, S("notice"), purpose) % 100);
}

/* ---- addresses ----------------------------------------------------------------------------------------------- */

static Code contact(Cx *cx, const Demo *d, Runner *r, const DemoAccount *a, uint32_t roles, size_t i) {
  Arena *m = cx->mem;
  bool mail = roles == ROLE_APPLICANT; /* an agent gives his clients a number, and reads his messages here */
  Json *args = json_obj(m);
  Personal list[2] = {{.ref = arena_fmt(m, "v1.demo-phone-%.*s", SFMT(a->id)), .kind = S("phone"), .value = arena_fmt(m, "1390000000%zu", i)},
                      {.ref = arena_fmt(m, "v1.demo-email-%.*s", SFMT(a->id)), .kind = S("email"), .value = arena_fmt(m, "%.*s@example.com", SFMT(a->id))}};
  CommandResult result;
  json_put_str(m, args, S("phone_ref"), list[0].ref);
  if (mail) json_put_str(m, args, S("email_ref"), list[1].ref);
  json_put_bool(m, args, S("mail"), mail);
  json_put_bool(m, args, S("sms"), mail && i == 0);
  Command cmd = {.name = S("user.set-contact"), .stream = arena_fmt(m, "user/%.*s", SFMT(a->id)), .key = arena_fmt(m, "demo-contact-%.*s", SFMT(a->id)),
                 .args = args, .now = d->first - 29 * DAY_MS, .actor = {.id = a->id, .name = a->name, .roles = roles}, .personal = list, .personal_count = mail ? 2 : 1};
  return runner_run(cx, r, &cmd, &result);
}

Code demo_contacts(Cx *cx, const Demo *d, Runner *r) {
  const DemoAccount *agents[] = {demo_account(d, S("agent")), demo_account(d, S("agent2"))};
  for (size_t i = 0; i < 2 && i < d->applicant_count; i++) TRY(contact(cx, d, r, &d->accounts[d->applicant_first + i], ROLE_APPLICANT, i));
  for (size_t i = 0; i < COUNT(agents); i++)
    if (agents[i]) TRY(contact(cx, d, r, agents[i], ROLE_AGENT, 2 + i));
  return OK;
}

/* ---- letters --------------------------------------------------------------------------------------------------- */

static Str key_of(Arena *m, const Outgoing *o, const char *what) {
  Str of = str_sub(o->stream, 7, SIZE_MAX), kind, no;
  if (str_cut(of, '.', &kind, &no)) of = arena_fmt(m, "%.*s-%.*s", SFMT(kind), SFMT(no)); /* a key has no dots */
  return arena_fmt(m, "demo-%s-%.*s-%lld-%d", what, SFMT(of), (long long)o->id, o->tries + 1);
}

static Code letter(DemoDay *t, const Outgoing *o) {
  Arena *m = t->cx->mem;
  int luck = (int)(demo_roll(t->d, o->id, o->tries, 1, o->stream, "letter") % 100);
  bool mail = str_eqz(o->channel, "mail"), lost = luck < 2, again = luck < 6;
  CommandResult result;
  Json *args = json_obj(m);
  json_put_int(m, args, S("id"), o->id);
  TRY(act(t, NULL, "notice.attempt", o->stream, key_of(m, o, "try"), args, &result));
  json_put_int(m, args, S("try"), o->tries + 1);
  json_put_str(m, args, S("result"), lost ? S("failed") : again ? S("retry") : S("sent"));
  json_put_str(m, args, S("text"), lost    ? (mail ? S("550 5.1.1 没有这个邮箱（示例）") : S("发短信的程序退出码 65：空号（示例）"))
                                   : again ? S("没有连上邮件服务器（示例）")
                                   : mail  ? arena_fmt(m, "250 2.0.0 Ok: queued as %08llX（示例）", (unsigned long long)o->message)
                                           : arena_fmt(m, "SMS%lld（示例）", (long long)o->message));
  return act(t, NULL, "notice.report", o->stream, key_of(m, o, "end"), args, &result);
}

static Code letters(DemoDay *t) {
  Outgoing *list = NULL;
  size_t n = 0;
  TRY(outbox_due(t->cx, t->rd, S("mail sms"), t->now, LETTERS, &list, &n));
  for (size_t i = 0; i < n; i++) TRY(letter(t, &list[i]));
  return OK;
}

/* ---- ratings --------------------------------------------------------------------------------------------------- */

static int level_of(int luck) {
  return luck < 55 ? 5 : luck < 80 ? 4 : luck < 89 ? 3 : luck < 96 ? 2 : 1;
}

static Code answer(DemoDay *t, const RatingRow *r, const DemoAccount *by) {
  static const char *const good[] = {"一个窗口就办完了，很方便（示例）。", "", "进度随时看得到（示例）。", ""};
  static const char *const bad[] = {"跑了三趟才受理（示例）。", "电话打不通（示例）。"};
  Arena *m = t->cx->mem;
  int level = level_of(draw(t->d, r->project, r->stage, "level")), luck = draw(t->d, r->project, r->stage, "scores");
  const char *text = level <= RATING_BAD ? bad[luck % 2] : good[luck % 4];
  CommandResult result;
  Json *args = json_obj(m);
  json_put_int(m, args, S("level"), level);
  json_put_int(m, args, S("felt"), level > 1 && luck % 3 == 0 ? level - 1 : level);
  json_put_int(m, args, S("gained"), level < 5 && luck % 4 == 0 ? level + 1 : level);
  json_put_int(m, args, S("satisfied"), level);
  if (level <= RATING_BAD) json_push_str(m, json_put_arr(m, args, S("aspects")), str_of(rating_aspects[luck % ASPECTS].code));
  if (*text) json_put_str(m, args, S("text"), str_of(text));
  bool link = luck < 30;
  return act(t, link ? NULL : by, link ? "rating.answer-by-link" : "rating.answer", arena_fmt(m, "rating/%lld-%d", (long long)r->project, r->stage),
             arena_fmt(m, "demo-rating-%lld-%d", (long long)r->project, r->stage), args, &result);
}

static Code answers(DemoDay *t) {
  RatingRow *list = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(ratings_list(t->cx, t->rd, t->d->policy, &(RatingFilter){.status = S("open"), .limit = RATINGS}, t->now, &list, &n, &total));
  for (size_t i = 0; i < n; i++) {
    int luck = draw(t->d, list[i].project, list[i].stage, "answers");
    const Verdict *r = NULL;
    if (luck >= 75 || list[i].opened + (1 + luck % 12) * DAY_MS > t->now) continue; /* a quarter never answers */
    TRY(rating_load(t->cx, t->rd, list[i].project, list[i].stage, &r));
    const DemoAccount *by = demo_account(t->d, r->applicant);
    if (by) TRY(answer(t, &list[i], by));
  }
  return OK;
}

static Code replies(DemoDay *t) {
  RatingRow *list = NULL;
  size_t n = 0;
  int64_t total = 0;
  Arena *m = t->cx->mem;
  TRY(ratings_list(t->cx, t->rd, t->d->policy, &(RatingFilter){.status = S("answered"), .bad = true, .limit = RATINGS}, t->now, &list, &n, &total));
  for (size_t i = 0; i < n; i++) {
    int luck = draw(t->d, list[i].project, list[i].stage, "replies");
    CommandResult result;
    Json *args = json_obj(m);
    if (luck >= 80 || list[i].answered + (2 + luck % 12) * DAY_MS > t->now) continue;
    json_put_str(m, args, S("found"), S("已向窗口和承办部门核实，申请人反映的情况属实（示例）。"));
    json_put_str(m, args, S("done"), S("已向申请人致歉，调整了窗口的咨询安排（示例）。"));
    json_put_bool(m, args, S("called"), true);
    TRY(act(t, demo_account(t->d, S("zhao")), "rating.reply", arena_fmt(m, "rating/%lld-%d", (long long)list[i].project, list[i].stage),
            arena_fmt(m, "demo-reply-%lld-%d", (long long)list[i].project, list[i].stage), args, &result));
  }
  return OK;
}

/* ---- what is read ------------------------------------------------------------------------------------------------ */

static Code readers(DemoDay *t, bool staff) {
  static const char *const who[2][READERS] = {{"owner", "owner2"}, {"wang", "zhao"}};
  Arena *m = t->cx->mem;
  for (size_t i = 0; i < READERS; i++) {
    Message *list = NULL;
    size_t n = 0;
    int64_t total = 0;
    CommandResult result;
    const DemoAccount *by = demo_account(t->d, str_of(who[staff][i]));
    TRY(messages_list(t->cx, t->rd, by->id, true, 0, 50, &list, &n, &total));
    size_t k = 0;
    while (k < n && list[k].at + 3 * DAY_MS > t->now) k++; /* of the last three days some are new */
    if (k == n) continue;
    Json *args = json_obj(m);
    json_put_int(m, args, S("upto"), list[k].id);
    TRY(act(t, by, "notice.read", S(""), arena_fmt(m, "demo-read-%s-%lld", who[staff][i], (long long)list[k].id), args, &result));
  }
  return OK;
}

Code demo_notice_day(Cx *cx, const Demo *d, Runner *runner, Reader *rd, int64_t now) {
  DemoDay t = {.cx = cx, .d = d, .runner = runner, .rd = rd, .now = now};
  Reminding round = {.more = true};
  while (round.more) {
    reader_begin(rd);
    TRY(courier_remind(cx, runner, rd, now, &round));
  }
  reader_begin(rd);
  TRY(answers(&t));
  reader_begin(rd);
  TRY(letters(&t));
  return day_weekday(day_of(now)) == 1 ? readers(&t, false) : OK;
}

Code demo_notice_office(Cx *cx, const Demo *d, Runner *runner, Reader *rd, int64_t now) {
  DemoDay t = {.cx = cx, .d = d, .runner = runner, .rd = rd, .now = now};
  reader_begin(rd);
  TRY(replies(&t));
  reader_begin(rd);
  return day_weekday(day_of(now)) == 1 ? readers(&t, true) : OK;
}
