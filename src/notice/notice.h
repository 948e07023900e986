/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notice: telling people 通知, and asking them how it was 好差评. Beside approval and early, below web: it knows the events
 * and the tables of those rooms by name, not their headers. Two engines:
 *
 *   notice   "notice/7"           what was told about project 7, and its way out: the outbox 待发
 *            "notice/consult.3"   about consultation 3, "notice/agent.5" about the order 代办委托 5, "notice/acceptance.2" about the joint acceptance 2: they have numbers of their own;
 *                                 so have surveys 联合测绘 and their agencies (survey.4, surveyor.1), matters of credit (credit.5),
 *                                 the evaluation of a year 考核评价 (appraisal.2026)
 *            "notice/2026-11-25"  what was found that day: items that are due soon or overdue
 *            "notice/to.owner"    what this account has read
 *   rating   "rating/7-2"         how the second stage of project 7 was 一事一评
 *
 * A message 消息 is part of an event, not computed from others: who was told what, in which words, must not change with the
 * rules or with the accounts (docs/decisions). Rules are data: notices.yaml of the package in force. A message holds no
 * personal data and no reasons of a decision; who gets it reads those in the product.
 *
 * A message ends 已了结 when its matter does (over.c): who was asked for something has done it, the item is decided, the stage is over. It
 * then no longer counts as unread. That too is part of an event ("over" in notice.told), made by the act that ends the matter.
 *
 * Short messages to an applicant also go to the telephone of the project's contact 联系人, unless the applicant wants none or it is the same:
 * account "project/7" in the outbox, no message of its own in the product.
 *
 * Outwards: the row of the outbox is made in the transaction of the act. A server takes it by notice.attempt (one of
 * several servers gets it, for LEASE minutes), sends, and says how it went by notice.report. So the journal knows each
 * attempt once, and the wire sees a message at least once, always under the same id: for mail <STREAM.ID.MARK@…>, where MARK belongs to the store.
 *   WAITING --notice.attempted--> TRYING --notice.sent--> SENT       receipt: what the other side answered
 *                                 TRYING --notice.failed--> WAITING  again after notice_wait, 2 ×, 4 × … minutes, at most a day
 *                                 TRYING --notice.given-up--> LOST   the last try, or an answer that no further try changes
 *                                 TRYING --notice.dropped--> NONE    no address any more, or not wanted
 *                                 TRYING, its time over --notice.attempted--> TRYING   the server that had it is gone
 *                                 LOST --notice.again--> WAITING     by the system administrator, with a reason
 * Addresses and telephone numbers stay in the vault; only the one who sends reads them.
 */
#ifndef NOTICE_ROOM_H
#define NOTICE_ROOM_H

#include "base/base.h"
#include "calendar/calendar.h"
#include "journal/journal.h"
#include "org/org.h"
#include "policy/policy.h"

enum { NOTICE_LEASE_MS = 5 * 60 * 1000, NOTICE_ENGINES = 2 };

/* ---- messages 消息 --------------------------------------------------------------------------------- */

/*  system: notice.tell event project? about? stage? item? by? more{}   (reactions; creates "notice/N"; about: "consult/3")
 *          notice.remind day items[]?                          (by the server, each day; creates "notice/DAY"). items: of reminders_due, at most
 *                                                              40; without them it looks itself, for a few of those that are due first
 *          notice.attempt id · notice.report id try result(sent|retry|failed|none) text
 *  sysadmin: notice.again id reason
 *  any account: notice.read id? upto?                          (creates "notice/to.ACCOUNT"): one message, or all up to one.
 *                                                              What is read already stays as it is, without an event */
extern const Engine notice_engine_base; /* env = const Policy *, as for the engine of accounts */
void *notice_fold(Arena *mem, void *state, const Event *e);
/* How far a day's reminders have come: {0} at first; `more`: there may be more to find. */
typedef struct Reminding {
  bool more, within;           /* within a unit, whose next kind of event and place are: */
  char unit[64], item[64];
  int kind;
  int64_t key, project, stage; /* key: due day, or of a pause the days that are left */
} Reminding;
/* Running items that are overdue or due soon, and pauses that last too long, of which nobody was told yet: at most `max`, of one unit, those due
 * first; for notice.remind. Each call goes on from `at` by the index of running items, so that a day costs one pass however many months
 * were slept through; and by a reader: nobody waits for it. Nothing found while at->more: this unit has none. */
Code reminders_due(Cx *cx, Reader *rd, Day today, size_t max, Reminding *at, Json **items);

typedef struct Message {
  int64_t id, at, seen;  /* seen: ms, 0 while unread */
  int64_t done;          /* ms: when its matter ended; 0: not yet */
  Str rule, whom;        /* whom: as what it came: applicant, window, window_head, unit, unit_head, handler, surveyor, supervisor, recipient */
  Str title, text, item, number, about; /* about: "consult/3", "agent/5", "acceptance/2", "survey/4", "credit/5"; empty: a project */
  int64_t project; int stage;
} Message;
/* Newest first. */
/* unread: and not ended */
Code messages_list(Cx *cx, Reader *rd, Str account, bool unread, size_t offset, size_t max, Message **out, size_t *n, int64_t *total);
Code message_load(Cx *cx, Reader *rd, Str account, int64_t id, Message *out); /* NOT_FOUND */
enum { UNREAD_MAX = 100 };
Code messages_unread(Cx *cx, Reader *rd, Str account, int64_t *n); /* and not ended; counts up to UNREAD_MAX */
/* Whom the newest event of this kind was told whose matter is still open; of: project and stage and item, or about. A window or an applicant among them
 * is one account each. */
enum { HEARD_MAX = 40 };
typedef struct Told { Str account, name, unit, whom; int64_t at, seen; } Told;
Code messages_told(Cx *cx, Reader *rd, const Message *of, Str event, Told **out, size_t *n);
/* The page that a message is about, "/my/7". */
Str message_link(Arena *mem, const Message *m);

/* ---- the outbox 待发 -------------------------------------------------------------------------------- */

typedef struct Outgoing {
  int64_t id, message, at, next; /* id: within its stream; next: when it is tried, or until when it is being tried */
  Str stream, account, channel, status, title, receipt, fault; /* channel: mail, sms; status: waiting trying sent lost none */
  int tries;
} Outgoing;
Str outgoing_label(Str status); /* 待发 */
Str channel_label(Str channel); /* 邮件 */
/* What may be sent now, oldest first; channels: "mail", "sms" or "mail sms". */
Code outbox_due(Cx *cx, Reader *rd, Str channels, int64_t now, size_t max, Outgoing **out, size_t *n);
/* Status empty: all; what is lost first, then by time, newest first. */
Code outbox_list(Cx *cx, Reader *rd, Str status, size_t offset, size_t max, Outgoing **out, size_t *n, int64_t *total);
typedef struct OutboxCount { int64_t waiting, trying, sent, lost, none, oldest; } OutboxCount; /* oldest: when the first that waits was told */
Code outbox_count(Cx *cx, Reader *rd, OutboxCount *out);
typedef struct Attempt { int64_t at, done; int no; Str result, text; } Attempt; /* result: empty while it runs */
Code attempts_list(Cx *cx, Reader *rd, Str stream, int64_t id, Attempt **out, size_t *n);
Code outgoing_load(Cx *cx, Reader *rd, Str stream, int64_t id, Outgoing *out); /* NOT_FOUND */

/* ---- how it was 好差评 (国办发〔2019〕51号; D60-6.21.3-(6), 6.22) ------------------------------------- */

/*   OPEN     rating.opened, when a stage was delivered (reaction), while the package has rating_days
 *     OPEN     --rating.answered--> ANSWERED   once; a second answer is refused with the first
 *     ANSWERED, 不满意 or worse --rating.replied--> REPLIED   by the head of the window, within rating_days working days
 * The answer comes from the applicant's enterprise, or from whoever has the link of the message: the link is a secret
 * (rating_token), and the answer under it names nobody. */
typedef struct Verdict {
  int64_t project; int stage;
  Str number, name, category, county, unit, applicant, owner, uscc; /* unit: lead of the stage, whose figure it is */
  Str status;            /* open, answered, replied */
  int level, felt, gained, satisfied; /* 5 非常满意 … 1 非常不满意; 感受度, 获得感, 满意度 1 … 5 */
  Str aspects, text;     /* what was bad: codes separated by ','; free text */
  bool link;             /* answered under the link */
  int64_t opened_at, answered_at, replied_at;
  int days;              /* pinned: for the reply */
  Str found, done, reply_by; bool called; /* the reply: what was found, what was done; called back 回访 */
  int64_t seq;
} Verdict;
/*   system: rating.open project stage
 *   applicant: rating.answer level felt gained satisfied aspects[]? text?
 *   system, for the holder of the link: rating.answer-by-link, the same
 *   head of the window: rating.reply found done called */
extern const Engine rating_engine_base;
void *rating_fold(Arena *mem, void *state, const Event *e);
enum { RATING_LEVELS = 5, RATING_BAD = 2, ASPECTS = 4 };
Str rating_level(int level);        /* 满意 */
typedef struct Aspect { const char *code, *label; } Aspect;
extern const Aspect rating_aspects[ASPECTS]; /* 办事效率 … */
Reading rating_reading(const Policy *p, const Verdict *r, int64_t now); /* of the reply that is due; only when it was bad */
Code rating_load(Cx *cx, Reader *rd, int64_t project, int stage, const Verdict **out);
/* The secret of the link of one rating: made from the key of the vault, so it is the same on each server and stands nowhere. */
Code rating_token(Cx *cx, Reader *rd, int64_t project, int stage, Str *out);

typedef struct RatingRow {
  int64_t project, opened, answered, replied;
  int stage, level;
  Str number, name, category, unit, status;
  Reading reading;
} RatingRow;
typedef struct RatingFilter { Str uscc, applicant, status; bool bad; size_t offset, limit; } RatingFilter;
/* bad: bad ones, unreplied first, oldest first; else newest first. */
Code ratings_list(Cx *cx, Reader *rd, const Policy *p, const RatingFilter *f, int64_t now, RatingRow **out, size_t *n, int64_t *total);
/* Sums by category, or by the lead department; means in hundredths. asked: how many were asked. */
typedef struct RatingSum {
  Str key;
  int64_t asked, n, level[RATING_LEVELS + 1], mean, felt, gained, satisfied, bad, replied;
} RatingSum;
Code ratings_sum(Cx *cx, Reader *rd, bool by_unit, RatingSum **out, size_t *n);

extern const Engine *const notice_engines[NOTICE_ENGINES];

#endif
