/* SPDX-License-Identifier: Apache-2.0 */
/* lists.c: messages, the outbox, ratings, as pages show them. */
#include "notice/notice_int.h"

/* ---- messages ---------------------------------------------------------------------------------------------- */

#define MESSAGE "SELECT id, at, seen, project, stage, done, rule, whom, title, text, item, number, about FROM message WHERE account = ?1"
#define MESSAGE_OUT "iiiiiisssssss"
static const Sql sql_messages = {"message.list", "sii", MESSAGE_OUT, MESSAGE " ORDER BY id DESC LIMIT ?2 OFFSET ?3"};
static const Sql sql_messages_new = {"message.list-unread", "sii", MESSAGE_OUT, MESSAGE " AND seen = 0 AND done = 0 ORDER BY id DESC LIMIT ?2 OFFSET ?3"};
static const Sql sql_message = {"message.one", "si", MESSAGE_OUT, MESSAGE " AND id = ?2"};
static const Sql sql_count = {"message.count", "s", "i", "SELECT count(*) FROM message WHERE account = ?1"};
static const Sql sql_count_new = {"message.count-unread", "s", "i", "SELECT count(*) FROM message WHERE account = ?1 AND seen = 0 AND done = 0"};
static const Sql sql_unread = {"message.unread", "si", "i",
                               "SELECT count(*) FROM (SELECT 1 FROM message WHERE account = ?1 AND seen = 0 AND done = 0 LIMIT ?2) AS u"};

static void message_row(Cx *cx, const Rows *r, Message *m) {
  *m = (Message){.id = row_i(r, 0), .at = row_i(r, 1), .seen = row_i(r, 2), .project = row_i(r, 3), .stage = (int)row_i(r, 4), .done = row_i(r, 5)};
  Str *const texts[] = {&m->rule, &m->whom, &m->title, &m->text, &m->item, &m->number, &m->about};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 6);
}

Code messages_list(Cx *cx, Reader *rd, Str account, bool unread, size_t offset, size_t max, Message **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  Message *list = arena_array(cx->mem, Message, max + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), unread ? &sql_count_new : &sql_count, VALS(val_s(account)), 0, total));
  TRY(db_rows(cx, reader_views(rd), unread ? &sql_messages_new : &sql_messages,
              VALS(val_s(account), val_i((int64_t)max), val_i((int64_t)offset)), &r));
  while (*n < max && rows_next(r)) message_row(cx, r, &list[(*n)++]);
  return rows_end(cx, r);
}

Code message_load(Cx *cx, Reader *rd, Str account, int64_t id, Message *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, reader_views(rd), &sql_message, VALS(val_s(account), val_i(id)), &r));
  if (!rows_next(r)) {
    TRY(rows_end(cx, r));
    FAIL(NOT_FOUND, "没有这条消息，或者它不是给您的。");
  }
  message_row(cx, r, out);
  return OK;
}

Code messages_unread(Cx *cx, Reader *rd, Str account, int64_t *n) {
  return db_int(cx, reader_views(rd), &sql_unread, VALS(val_s(account), val_i(UNREAD_MAX)), 0, n);
}

/* The same words as of the index message_open, which has them all. */
static const Sql sql_told = {"message.told", "isissi", "ssssii",
                             "SELECT m.account, coalesce(a.name, ''), coalesce(a.unit, ''), m.whom, m.at, m.seen FROM message m LEFT JOIN account a ON a.id = m.account"
                             " WHERE m.project = ?1 AND m.about = ?2 AND m.stage = ?3 AND m.item = ?4 AND m.event = ?5 AND m.done = 0 ORDER BY m.at DESC, a.unit, m.account LIMIT ?6"};

Code messages_told(Cx *cx, Reader *rd, const Message *of, Str event, Told **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  Told *list = arena_array(cx->mem, Told, HEARD_MAX);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_told, VALS(val_i(of->project), val_s(of->about), val_i(of->stage), val_s(of->item), val_s(event), val_i(HEARD_MAX)), &r));
  while (rows_next(r)) {
    Told one = {.account = row_s(cx, r, 0), .name = row_s(cx, r, 1), .unit = row_s(cx, r, 2), .whom = row_s(cx, r, 3), .at = row_i(r, 4), .seen = row_i(r, 5)};
    if (*n && one.at != list[0].at) break;
    list[(*n)++] = one;
  }
  return rows_end(cx, r);
}

Str message_link(Arena *mem, const Message *m) {
  long long no = (long long)m->project;
  Str kind, of;
  bool own = str_eqz(m->whom, "applicant") || str_eqz(m->whom, "owner");
  if (str_cut(m->about, '/', &kind, &of)) {
    static const struct { const char *kind, *own, *other; } pages[] = {{"acceptance", "/my/accepts", "/w/a"}, {"consult", "/my/ask", "/w/ask"}, {"agent", "/my/agent", "/w/agent"},
                                                                       {"survey", "/my/surveys", "/w/surveys"}, {"credit", "/my/credit", "/w/credit"}, {"appraisal", "", "/w/appraisals"},
                                                                       {"gazette", "", "/w/pub"}, {"canvass", "", "/w/pub/talk"}, {"directive", "", "/w/orders"}};
    if (str_eqz(kind, "desk")) return S("/w?held=mine");
    if (str_eqz(kind, "appraisal") && str_eqz(m->whom, "handler")) return arena_fmt(mem, "/s/appraisals/%.*s/opinion", SFMT(of));
    bool agent = str_eqz(m->whom, "handler") && str_eqz(kind, "agent"), party = own || str_eqz(m->whom, "surveyor");
    for (size_t i = 0; !agent && i < COUNT(pages); i++)
      if (str_eqz(kind, pages[i].kind)) return arena_fmt(mem, "%s/%.*s", party ? pages[i].own : pages[i].other, SFMT(of));
    return agent ? arena_fmt(mem, "/agent/w/%.*s", SFMT(of)) : S("/my/surveys"); /* what is left: an agency's own registration */
  }
  if (str_starts(m->rule, S("rat")) && str_eqz(m->whom, "applicant")) return arena_fmt(mem, "/my/rating/%lld/%d", no, m->stage);
  if (str_starts(m->rule, S("rat"))) return arena_fmt(mem, "/w/rating/%lld/%d", no, m->stage);
  if (own) return arena_fmt(mem, str_starts(m->rule, S("utility")) ? "/my/%lld/utility" : "/my/%lld", no);
  if (str_starts(m->whom, S("window"))) return arena_fmt(mem, "/w/c/%lld/%d", no, m->stage);
  return m->item.len ? arena_fmt(mem, "/w/t/%lld/%d/%.*s", no, m->stage, SFMT(m->item)) : S("/w");
}

/* ---- the outbox ---------------------------------------------------------------------------------------------- */

Str outgoing_label(Str status) {
  static const struct { const char *status, *label; } list[] = {
      {"waiting", "待发"}, {"trying", "正在发"}, {"sent", "已发出"}, {"lost", "已放弃"}, {"none", "不用发"}};
  for (size_t i = 0; i < COUNT(list); i++)
    if (str_eqz(status, list[i].status)) return str_of(list[i].label);
  return status;
}

Str channel_label(Str channel) {
  return str_eqz(channel, "mail") ? S("邮件") : str_eqz(channel, "sms") ? S("短信") : channel;
}

#define OUTGOING "SELECT id, message, at, next, tries, stream, account, channel, status, title, receipt, fault FROM outbox"
#define OUTGOING_OUT "iiiiisssssss"
static const Sql sql_due = {"outbox.due", "sii", OUTGOING_OUT,
                            OUTGOING " WHERE (status = 'waiting' OR status = 'trying') AND next <= ?2 AND instr(?1, channel) > 0"
                                     " ORDER BY next, stream, id LIMIT ?3"};
static const Sql sql_outbox = {"outbox.list", "sii", OUTGOING_OUT,
                               OUTGOING " WHERE (?1 = '' OR status = ?1) ORDER BY CASE status WHEN 'lost' THEN 0 ELSE 1 END, at DESC, stream, id LIMIT ?2 OFFSET ?3"};
static const Sql sql_outbox_count = {"outbox.count", "s", "i", "SELECT count(*) FROM outbox WHERE (?1 = '' OR status = ?1)"};
static const Sql sql_outgoing = {"outbox.one", "si", OUTGOING_OUT, OUTGOING " WHERE stream = ?1 AND id = ?2"};
static const Sql sql_states = {"outbox.states", "", "sii", "SELECT status, count(*), min(at) FROM outbox GROUP BY status"};

static void outgoing_row(Cx *cx, const Rows *r, Outgoing *o) {
  *o = (Outgoing){.id = row_i(r, 0), .message = row_i(r, 1), .at = row_i(r, 2), .next = row_i(r, 3), .tries = (int)row_i(r, 4)};
  Str *const texts[] = {&o->stream, &o->account, &o->channel, &o->status, &o->title, &o->receipt, &o->fault};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 5);
}

static Code outgoing_rows(Cx *cx, Reader *rd, const Sql *q, const Val *vals, size_t count, size_t max, Outgoing **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  Outgoing *list = arena_array(cx->mem, Outgoing, max + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), q, vals, count, &r));
  while (*n < max && rows_next(r)) outgoing_row(cx, r, &list[(*n)++]);
  return rows_end(cx, r);
}

Code outbox_due(Cx *cx, Reader *rd, Str ways, int64_t now, size_t max, Outgoing **out, size_t *n) {
  return outgoing_rows(cx, rd, &sql_due, VALS(val_s(ways), val_i(now), val_i((int64_t)max)), max, out, n);
}

Code outbox_list(Cx *cx, Reader *rd, Str status, size_t offset, size_t max, Outgoing **out, size_t *n, int64_t *total) {
  TRY(db_int(cx, reader_views(rd), &sql_outbox_count, VALS(val_s(status)), 0, total));
  return outgoing_rows(cx, rd, &sql_outbox, VALS(val_s(status), val_i((int64_t)max), val_i((int64_t)offset)), max, out, n);
}

Code outgoing_load(Cx *cx, Reader *rd, Str stream, int64_t id, Outgoing *out) {
  Outgoing *list = NULL;
  size_t n = 0;
  TRY(outgoing_rows(cx, rd, &sql_outgoing, VALS(val_s(stream), val_i(id)), 1, &list, &n));
  if (!n) FAIL(NOT_FOUND, "没有编号 %lld 的待发消息。", (long long)id);
  *out = list[0];
  return OK;
}

Code outbox_count(Cx *cx, Reader *rd, OutboxCount *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  *out = (OutboxCount){0};
  TRY(db_rows(cx, reader_views(rd), &sql_states, NO_VALS, &r));
  while (rows_next(r)) {
    static const char *const names[] = {"waiting", "trying", "sent", "lost", "none"};
    int64_t *const counts[] = {&out->waiting, &out->trying, &out->sent, &out->lost, &out->none};
    Str status = row_s(cx, r, 0);
    for (size_t i = 0; i < COUNT(names); i++)
      if (str_eqz(status, names[i])) *counts[i] = row_i(r, 1);
    if (str_eqz(status, "waiting")) out->oldest = row_i(r, 2);
  }
  return rows_end(cx, r);
}

static const Sql sql_attempts = {"attempt.list", "sii", "iiiss",
                                 "SELECT at, done, no, result, text FROM attempt WHERE stream = ?1 AND outgoing = ?2 ORDER BY seq LIMIT ?3"};

Code attempts_list(Cx *cx, Reader *rd, Str stream, int64_t id, Attempt **out, size_t *n) {
  enum { ATTEMPTS_MAX = 100 };
  SCOPED(rows_drop) Rows *r = NULL;
  Attempt *list = arena_array(cx->mem, Attempt, ATTEMPTS_MAX + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_attempts, VALS(val_s(stream), val_i(id), val_i(ATTEMPTS_MAX)), &r));
  while (*n < ATTEMPTS_MAX && rows_next(r))
    list[(*n)++] = (Attempt){.at = row_i(r, 0), .done = row_i(r, 1), .no = (int)row_i(r, 2), .result = row_s(cx, r, 3), .text = row_s(cx, r, 4)};
  return rows_end(cx, r);
}
