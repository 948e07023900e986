/* SPDX-License-Identifier: Apache-2.0 */
#include "main/courier.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { AT_ONCE = 32, REMIND_HOUR = 8, REMIND_EACH = 20, REMIND_ROUND = 100, HELD = 16 << 20 /* bytes: a stream is looked at once */ };

struct Courier {
  Runner *runner;
  Reader *reader;
  const Options *options;
  int64_t (*clock)(void *);
  void *clock_arg;
  Day reminded, reminded_for; /* all of it; begun */
  Reminding reminding;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t wake;
  bool stop;
};

static const Actor courier_actor = {.id = {.ptr = "system", .len = 6}, .name = {.ptr = "系统", .len = 6}, .roles = ROLE_SYSTEM};

static Code send(Cx *cx, Runner *r, const char *name, Str stream, Str key, const Json *args, int64_t now, CommandResult *result) {
  Command cmd = {.name = str_of(name), .stream = stream, .key = key, .actor = courier_actor, .now = now, .args = args};
  return runner_run(cx, r, &cmd, result);
}

/* ---- once a day ---------------------------------------------------------------------------------------- */

static Code remind_some(Cx *cx, Runner *r, Day today, Json *items, int64_t now) {
  SCOPED(buf_drop) Buf text = {0};
  CommandResult result;
  Json *args = json_obj(cx->mem);
  buf_init(&text, (size_t)1 << 20);
  json_write(&text, items);
  json_put_str(cx->mem, args, S("day"), day_str(cx->mem, today));
  json_put(cx->mem, args, S("items"), items);
  Str key = str_sub(hash_hex(cx->mem, hash_bytes(SUITE_INTL, buf_str(&text))), 0, 40); /* several servers find the same and tell it once */
  return send(cx, r, "notice.remind", S(""), arena_fmt(cx->mem, "remind-%.*s-%.*s", SFMT(day_str(cx->mem, today)), SFMT(key)), args, now, &result);
}

/* Small commands, so that whoever waits for the writer waits milliseconds; and few, so that the thread can end. */
Code courier_remind(Cx *cx, Runner *r, Reader *rd, int64_t now, Reminding *round) {
  static const char *const keys[] = {"event", "project", "stage", "item"};
  Json *found = NULL, *some = NULL;
  Reminding next = *round;
  round->more = false; /* what fails is tried again from the same place, after a moment */
  TRY(reminders_due(cx, rd, day_of(now), REMIND_ROUND, &next, &found));
  for (const Json *f = found->first; f; f = f->next) {
    if (!some) some = json_arr(cx->mem);
    Json *o = json_push_obj(cx->mem, some);
    for (size_t k = 0; k < COUNT(keys); k++) json_put(cx->mem, o, str_of(keys[k]), json_clone(cx->mem, json_get(f, str_of(keys[k]))));
    if (some->count < REMIND_EACH && f->next) continue;
    TRY(remind_some(cx, r, day_of(now), some, now));
    some = NULL;
  }
  *round = next;
  return OK;
}

/* ---- one letter ------------------------------------------------------------------------------------------ */

/* The contact 联系人 of a project has no account and no wishes of its own: the applicant's hold, and one telephone rings once. */
static Code contact_of(Cx *cx, Reader *rd, const Project *pr, Str *to, Str *why) {
  const User *u = NULL;
  Str own = S(""), phone = S("");
  Code code = user_load(cx, rd, pr->applicant, &u);
  *why = S("申请人不收短信");
  if (code == OK && u->no_sms) return OK;
  if (code == OK && u->phone_ref.len) code = reader_vault(cx, rd, u->phone_ref, &own);
  if (code != OK && code != NOT_FOUND && code != DENIED) return code;
  cx_clear(cx);
  *why = S("联系方式已经清除");
  code = reader_vault(cx, rd, json_str(pr->contact, S("phone")), &phone);
  if (code == OK && str_eq(phone, own)) *why = S("与申请人账号的电话相同，不重复发");
  else if (code == OK) *to = phone;
  if (code != NOT_FOUND && code != DENIED) return code;
  cx_clear(cx);
  return OK;
}

/* The project whose contact it goes to; NULL: it goes to an account. */
static Code project_meant(Cx *cx, Reader *rd, const Outgoing *o, const Project **out) {
  int64_t no = 0;
  *out = NULL;
  if (!str_starts(o->account, S("project/")) || !str_to_i64(str_sub(o->account, 8, SIZE_MAX), &no)) return OK;
  return project_load(cx, rd, no, out);
}

/* Where it goes; empty, with the reason, when there is no such place any more. The reader's own fault stays in cx. */
static Code address_of(Cx *cx, Reader *rd, const Outgoing *o, Str *to, Str *why) {
  const User *u = NULL;
  const Project *pr = NULL;
  bool mail = str_eqz(o->channel, "mail");
  TRY(project_meant(cx, rd, o, &pr));
  if (pr) return contact_of(cx, rd, pr, to, why);
  Code code = user_load(cx, rd, o->account, &u);
  *why = S("账号已经停用，或者没有这个账号");
  if (code == OK) {
    *why = mail ? S("本人没有邮箱，或者不收邮件") : S("本人没有电话，或者不收短信");
    Str ref = mail ? u->email_ref : u->phone_ref;
    if (!ref.len || (mail ? u->no_mail : u->no_sms)) return OK;
    *why = S("联系方式已经清除");
    code = reader_vault(cx, rd, ref, to);
  }
  if (code != NOT_FOUND && code != DENIED) return code;
  cx_clear(cx);
  return OK;
}

static Code text_of(Cx *cx, Reader *rd, const Options *o, const Message *m, Str *out) {
  Arena *a = cx->mem;
  Str path = message_link(a, m), token;
  if (str_starts(path, S("/my/rating/"))) {
    TRY(rating_token(cx, rd, m->project, m->stage, &token));
    path = arena_fmt(a, "/rate/%lld-%d/%.*s", (long long)m->project, m->stage, SFMT(token));
  }
  Str where = o->site.len ? arena_fmt(a, "%.*s%.*s", SFMT(o->site), SFMT(path)) : S("请登录工程建设项目审批服务网站，在“消息”里打开。");
  *out = arena_fmt(a, "%.*s\n%.*s", SFMT(m->text), SFMT(where));
  return OK;
}

static const char mail_end[] = "\n\n本邮件由系统自动发出，请不要回复。不想再收邮件，登录以后在“消息设置”里关闭；站内消息不受影响。\n";

/* What waited for more than a day, for want of a program that sends it, and is over by now, would only puzzle people. */
static bool stale(const Message *m, int64_t now) {
  return m->done && now - m->at > DAY_MS;
}

static Code letter_of(Cx *cx, Reader *rd, const Options *o, const Outgoing *out, Letter *l, Str *why) {
  Message m;
  Str mark;
  bool mail = str_eqz(out->channel, "mail");
  const Project *pr = NULL;
  TRY(project_meant(cx, rd, out, &pr));
  TRY(message_load(cx, rd, pr ? pr->applicant : out->account, out->message, &m)); /* the contact reads what the applicant reads */
  if (stale(&m, l->now)) {
    l->to = S("");
    *why = S("事情已经办完，不再补发");
    return OK;
  }
  TRY(reader_token(cx, rd, S("letters"), &mark)); /* two stores have different marks, so no two letters the same id */
  TRY(text_of(cx, rd, o, &m, &l->text));
  l->title = m.title;
  l->id = arena_fmt(cx->mem, "%.*s.%lld.%.*s", SFMT(str_sub(out->stream, sizeof "notice/" - 1, SIZE_MAX)), (long long)out->id, SFMT(str_sub(mark, 0, 10)));
  if (mail) l->text = arena_fmt(cx->mem, "%.*s%s", SFMT(l->text), mail_end);
  else l->text = arena_fmt(cx->mem, "【工程建设项目审批】%.*s：%.*s", SFMT(m.title), SFMT(l->text));
  return OK;
}

static Code report(Cx *cx, Runner *r, const Outgoing *o, int64_t nth, SendEnd end, Str text, int64_t now) {
  static const char *const ends[] = {"sent", "retry", "failed", "none"};
  CommandResult result;
  Json *args = json_obj(cx->mem);
  json_put_int(cx->mem, args, S("id"), o->id);
  json_put_int(cx->mem, args, S("try"), nth);
  json_put_str(cx->mem, args, S("result"), str_of(ends[end]));
  if (text.len) json_put_str(cx->mem, args, S("text"), text);
  return send(cx, r, "notice.report", o->stream, random_token(cx->mem, 16), args, now, &result);
}

/* False: another server has it, or it has changed since it was read. */
static bool claim(Cx *cx, Runner *r, const Outgoing *o, int64_t now, int64_t *nth) {
  CommandResult result;
  Json *args = json_obj(cx->mem);
  json_put_int(cx->mem, args, S("id"), o->id);
  Code code = send(cx, r, "notice.attempt", o->stream, random_token(cx->mem, 16), args, now, &result);
  if (code == OK) *nth = json_int(result.answer, S("try"), 0);
  cx_clear(cx);
  return code == OK;
}

static Code carry(Cx *cx, Runner *r, Reader *rd, const Options *opt, const Outgoing *o, int64_t now, bool *tried) {
  Letter l = {.to = S(""), .now = now};
  Str text = S("");
  int64_t nth = 0;
  SendEnd end = SEND_NONE;
  *tried = claim(cx, r, o, now, &nth);
  if (!*tried) return OK;
  Code code = address_of(cx, rd, o, &l.to, &text);
  if (code == OK && l.to.len) code = letter_of(cx, rd, opt, o, &l, &text);
  if (code == OK && l.to.len) end = (str_eqz(o->channel, "mail") ? send_smtp : send_command)(cx->mem, opt, &l, &text);
  if (code != OK) { /* it stays with us until its time is over, then it is tried again */
    log_line(LOG_ERROR, "courier: %.*s %lld: %.*s", SFMT(o->stream), (long long)o->id, SFMT(cx->detail));
    return code;
  }
  if (end != SEND_SENT) log_line(LOG_WARN, "courier: %.*s %lld: %.*s", SFMT(o->stream), (long long)o->id, SFMT(text));
  return report(cx, r, o, nth, end, text, now);
}

Code courier_round(Cx *cx, Runner *r, Reader *rd, const Options *o, int64_t now, int64_t *done) {
  Outgoing *list = NULL;
  size_t n = 0;
  Str channels = o->smtp.len && o->sms.len ? S("mail sms") : o->smtp.len ? S("mail") : o->sms.len ? S("sms") : S("");
  *done = 0;
  if (!channels.len) return OK;
  TRY(outbox_due(cx, rd, channels, now, AT_ONCE, &list, &n));
  for (size_t i = 0; i < n; i++) {
    bool tried = false;
    TRY(carry(cx, r, rd, o, &list[i], now, &tried));
    *done += tried;
  }
  return OK;
}

/* ---- options ----------------------------------------------------------------------------------------------- */

Code courier_check(Cx *cx, const Options *o) {
  bool scheme = str_starts(o->smtp, S("smtp://")) || str_starts(o->smtp, S("smtps://"));
  if (o->smtp.len && (!scheme || str_has(o->smtp, S("@")))) FAIL_AT(INVALID, S("smtp"), S(""), "--smtp 要写成 smtp://主机:25 或 smtps://主机:465；账号用 --smtp-user");
  if (o->smtp.len && !email_valid(o->mail_from)) FAIL_AT(INVALID, S("mail-from"), S(""), "写了 --smtp，就要用 --mail-from 写明发件的邮箱");
  if (!o->smtp.len && (o->mail_from.len || o->smtp_user.len || o->smtp_password.len || o->smtp_ca.len))
    FAIL_AT(INVALID, S("smtp"), S(""), "没有写 --smtp，其他关于邮件的选项没有用处");
  if (o->smtp_user.len && !o->smtp_password.len) FAIL_AT(INVALID, S("smtp-password"), S(""), "写了 --smtp-user，就要用 --smtp-password 写明口令所在的文件");
  if (o->smtp_password.len && !file_exists(o->smtp_password)) FAIL_AT(INVALID, S("smtp-password"), S(""), "没有文件 %.*s", SFMT(o->smtp_password));
  if (o->sms.len && (!str_starts(o->sms, S("/")) || access(arena_z(cx->mem, o->sms), X_OK) != 0))
    FAIL_AT(INVALID, S("sms"), S(""), "--sms 要写发短信的程序的绝对路径，并且可以执行；收到 %.*s", SFMT(o->sms));
  bool web = str_starts(o->site, S("https://")) || str_starts(o->site, S("http://"));
  if (o->site.len && (!web || str_ends(o->site, S("/")))) FAIL_AT(INVALID, S("site"), S(""), "--site 要写成 https://主机，后面不带斜线");
  return OK;
}

/* ---- the thread -------------------------------------------------------------------------------------------- */

static const Options *courier_options(Courier *c) {
  pthread_mutex_lock(&c->lock);
  const Options *o = c->options;
  pthread_mutex_unlock(&c->lock);
  return o;
}

void courier_reload(Courier *c, const Options *o) {
  pthread_mutex_lock(&c->lock);
  c->options = o;
  pthread_mutex_unlock(&c->lock);
}

static Code work(Cx *cx, Courier *c, bool *worked) {
  int64_t done = 0, hour = (cx->now - day_start(day_of(cx->now))) / 3600000;
  Day today = day_of(cx->now);
  *worked = hour >= REMIND_HOUR && c->reminded.n != today.n;
  if (*worked) {
    if (c->reminded_for.n != today.n) c->reminding = (Reminding){0};
    c->reminded_for = today;
    TRY(courier_remind(cx, c->runner, c->reader, cx->now, &c->reminding));
    if (!c->reminding.more) c->reminded = today;
  }
  TRY(courier_round(cx, c->runner, c->reader, courier_options(c), cx->now, &done));
  *worked |= done > 0;
  return OK;
}

static void *courier_main(void *arg) {
  Courier *c = arg;
  Arena *mem = arena_open((size_t)64 << 20);
  reader_hold(c->reader, HELD);
  pthread_mutex_lock(&c->lock);
  while (!c->stop) {
    struct timespec until;
    bool worked = false;
    pthread_mutex_unlock(&c->lock);
    Cx cx = {.mem = mem, .now = c->clock(c->clock_arg)};
    reader_begin(c->reader);
    if (work(&cx, c, &worked) != OK) log_line(LOG_ERROR, "courier: %.*s", SFMT(cx.detail));
    arena_reset(mem);
    reader_round(c->reader, worked);
    pthread_mutex_lock(&c->lock);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 1;
    if (!c->stop && !c->reminding.more) pthread_cond_timedwait(&c->wake, &c->lock, &until);
  }
  pthread_mutex_unlock(&c->lock);
  arena_close(mem);
  return NULL;
}

Code courier_open(Cx *cx, Runner *r, const Options *o, int64_t (*clock)(void *), void *arg, Courier **out) {
  Courier *c = arena_new(cx->mem, Courier);
  *c = (Courier){.runner = r, .options = o, .clock = clock, .clock_arg = arg};
  TRY(reader_open(cx, r, &c->reader));
  pthread_mutex_init(&c->lock, NULL);
  pthread_cond_init(&c->wake, NULL);
  if (pthread_create(&c->thread, NULL, courier_main, c) != 0) {
    reader_close(c->reader);
    FAIL(BROKEN, "不能启动投递线程");
  }
  *out = c;
  return OK;
}

void courier_close(Courier *c) {
  pthread_mutex_lock(&c->lock);
  c->stop = true;
  pthread_cond_signal(&c->wake);
  pthread_mutex_unlock(&c->lock);
  pthread_join(c->thread, NULL);
  reader_close(c->reader);
}
