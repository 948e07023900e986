/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supervision 督查: lamps of every clock, orders 督办单 for what has turned red, samples that anyone can draw again,
 * notices 通报, talks 约谈, verdicts on signs (D60-3, 5.16.2, 6.21.2; S20, S21). The room stands above those it watches: it
 * reads their clocks through their headers, and none of them knows it.
 *
 * The daily look: stream "watch/main". It begins with the first acceptance (reaction) and from then on the due queue sends
 * `watch.sweep` at the beginning of each working day. What it finds red and has not found before is in its events, the
 * longest overdue first, and each becomes one order in the same transaction. After a pause of the server the missed days
 * are one look, in order; a clock that cannot be made an order is left on the board and stops no other.
 *
 * Pure like all engines: what deciding needs of other tables comes as facts. env = const Policies *.
 */
#ifndef SUPERVISION_H
#define SUPERVISION_H

#include "approval/clocks.h"
#include "early/early.h"
#include "finish/finish.h"
#include "joint/joint.h"
#include "org/portfolio.h"

Str super_label(Str word); /* 待回复, 经办人, 事项 …; the text itself when unknown */

/* ---- the daily look ------------------------------------------------------------------------------------- */

/*   watch.start  (reaction to stage.accepted)     watch.sweep  (due queue)
 * Events: watch.started; watch.found {found[…]}, at most 8 clocks each; watch.swept {day, red, found, more}. */
extern const Engine watch_engine_base;
#define WATCH_STREAM S("watch/main")
/* A clock's name, the same for as long as it is the same clock: kind, number, stage, item, attempt, first day, limit. An
 * extension makes another of it, and so may make another order. */
Str running_key(Arena *mem, const Running *r);

typedef struct BoardCount { const char *kind; int64_t red, yellow, grey, green; } BoardCount;
enum { BOARD_KINDS = 11 };
typedef struct BoardRow { Running clock; Str key; int64_t directive; Str directive_number, directive_status; } BoardRow;
typedef struct BoardFilter { Str kind, lamp, unit; size_t offset, limit; } BoardFilter; /* empty: all */
/* Every running clock: counts by kind, and those that match, fewest days left first. */
Code board_list(Cx *cx, Reader *rd, const Policies *ps, const BoardFilter *f, int64_t now, BoardCount counts[BOARD_KINDS], BoardRow **out, size_t *n,
                int64_t *total);

/* ---- supervision orders 督办单 -------------------------------------------------------------------------- */

/* Stream "directive/N", number DBD-2026-0001.
 *   ISSUED  --directive.replied-->  REPLIED   by the recipient: what is done, and by which day it is done
 *   ISSUED  --directive.raised-->   ISSUED    no reply in time: the next rung of the ladder, with a new day of reply
 *   REPLIED --directive.raised-->   ISSUED    the day that was promised has passed and the clock still runs
 *   REPLIED --directive.returned--> ISSUED    the supervisor wants another reply: same rung, new day, reason
 *   ISSUED|REPLIED --directive.noted-->       the unit concerned says what is done, also when the order is with a higher rung, which stays responsible
 *   ISSUED|REPLIED --directive.overdue-->     the top rung did not reply either: nothing above it; once
 *   ISSUED|REPLIED --directive.settled-->     the matter is done or has more time: it rises no further; once
 *   ISSUED|REPLIED --directive.closed-->      CLOSED, by the supervisor, with a reason
 * Rungs: the package's ladder (handler, section, department, bureau, leader); one that has nobody is passed over. An item
 * begins with who took it, a stage and a delivery with the lead department, what the supervisor sends with the department.
 * The leader is the one in charge 分管 of the late unit on that day by portfolio.h; when nobody is, of the bureau. */
typedef struct DirectiveStep { int64_t at; Str kind, by, level, to, text; Day reply_by; } DirectiveStep;
typedef struct Directive {
  int64_t no;
  Str number;
  Str clock, kind;       /* running_key and kind; kind "manual" when a person sent it */
  int64_t of; int stage; Str item, of_number, of_name; /* project, consultation, plot */
  Str unit;              /* whose matter is late */
  Str subject, demand;   /* 事由; 要求 */
  Day due;               /* of the clock; 0 when there is none */
  int rating;            /* it is about the rating 差评 of this stage of `of`; 0: it is not */
  Str again;             /* why one more about the same item, while another was open */
  Str milestone;         /* code of the package, when it is about one */
  Str status;            /* issued, replied, closed */
  Str level, to_unit, to_account, to_name; /* the recipient of this rung; to_account of a handler or leader, may be empty */
  Day reply_by;          /* last working day for the reply; of a promise, when replied */
  int days;              /* working days of this rung, pinned */
  bool overdue, settled;
  Day first_by; int64_t first_at; /* the day of reply of its issue; when somebody first replied, or it was settled or closed */
  Day silent;            /* the day of reply since which nobody has replied, on whatever rung; 0: somebody has */
  Str reply, reply_by_name; int64_t replied_at; Day promised;
  Str close_reason; int64_t issued_at, closed_at;
  DirectiveStep *steps; size_t step_count, step_cap;
  int64_t seq;
} Directive;
/*   directive.issue   (reaction to watch.found, feedback.overdue of the room evaluation, ledger.missed of the room ledger)
 *   directive.send    unit subject demand (days | reply_on)? milestone? project? stage? item? rating? again?   supervisor; about an item (project, stage,
 *                     item) with another open order about it only with the reason `again`
 *   directive.reply   reply promised(day)                                   the recipient
 *   directive.note    text                                                  the unit whose matter is late, while it is open
 *   directive.return  reason   directive.close  reason                      supervisor
 *   directive.raise   level    (due queue)
 *   directive.settle           (reaction to what may end the matter: item.decided, stage.certified, consult.replied, monthly.reported …; writes
 *                     directive.settled when the clock is not red any more, or the item of an order by hand has ended) */
extern const Engine directive_engine_base;
void *directive_fold(Arena *mem, void *state, const Event *e);
typedef struct DirectiveRow {
  int64_t no, of, at; int stage;
  Str number, kind, unit, level, to_unit, to_name, status, subject, of_number, of_name, item;
  Day reply_by; bool overdue, settled; int late; /* late: working days since the day of reply without one */
} DirectiveRow;
/* `to`: of this recipient (unit, account, name, roles); empty unit and name: no such filter. risen: with them the
 * orders about the recipient's unit that have gone above it, to the bureau or the leader. late: whose day of reply, or promised day, is over; owed:
 * that the recipient may reply to himself. Neither has those whose matter has ended. since, before: when they were issued, ms; before 0: ever. */
typedef struct DirectiveFilter { Str status, unit, kind; const User *to; bool risen, late, open, owed; int64_t since, before; size_t offset, limit; } DirectiveFilter;
/* Open ones first, the earliest day of reply first; then closed ones, newest first. */
Code directives_list(Cx *cx, Reader *rd, const Policy *p, const DirectiveFilter *f, int64_t now, DirectiveRow **out, size_t *n, int64_t *total);
/* About one item of a case, or by hand about the whole case, newest first; unit: whose item it is. */
Code directives_about(Cx *cx, Reader *rd, const Policy *p, Str unit, int64_t project, int stage, Str item, int64_t now, DirectiveRow **out, size_t *n);
Code directive_load(Cx *cx, Reader *rd, int64_t no, const Directive **out);
/* May this person reply at the rung where it is? */
bool directive_risen(const Directive *d); /* it is above the unit that it is about, and open */
bool directive_is_to(const Directive *d, Str account, Str unit, Str name, uint32_t roles);

/* ---- samples 随机抽查 ------------------------------------------------------------------------------------- */

/* 营商部门 may look into any case at any time; which ones it looks into by lot anyone can draw again. Stream "sample/N".
 *   LISTED --sample.drawn--> DRAWN --sample.looked, each--> DONE        LISTED --sample.dropped--> DROPPED
 * The list of all running cases is fixed first, with its hash, and a public number is named that does not exist yet; its
 * day lies after that of the list. Then: seed = "LISTHASH NUMBER"; of each case SHA-256("SEED CASE") in hex; the smallest
 * are drawn. LISTHASH = SHA-256 of the numbers, each with a line end. With sha256sum and sort it takes one line of shell. */
typedef struct Picked { Str number, result, note, by; int64_t at; } Picked; /* result: fine, fault; at 0: not yet looked at */
typedef struct Sample {
  int64_t no;
  Str status, county, source, hash, number, by, reason; /* number: the public one */
  size_t size;
  Day day;
  Str *list; size_t count;
  Picked *picked; size_t picked_count;
  int64_t listed_at, drawn_at;
} Sample;
/*   sample.list size county? source day   sample.draw number   sample.look case result note   sample.drop reason   supervisor */
extern const Engine sample_engine_base;
void *sample_fold(Arena *mem, void *state, const Event *e);
Str sample_list_hash(Arena *mem, const Str *list, size_t n);
Str sample_seed(Arena *mem, Str list_hash, Str number);
size_t sample_pick(Arena *mem, Str seed, const Str *list, size_t n, size_t size, Str *out); /* out: room for size */
typedef struct SampleRow { int64_t no, size, pool, at; Str status, source; } SampleRow;
Code samples_list(Cx *cx, Reader *rd, size_t max, SampleRow **out, size_t *n); /* newest first */
Code sample_load(Cx *cx, Reader *rd, int64_t no, const Sample **out);

/* ---- verdicts on signs 异常线索的判定 ---------------------------------------------------------------------- */

/* Stream "sign/NAME": KIND-POS, of a night "night-ACCOUNT-2019-09-02".  sign.judge sign verdict(true|false|unclear) reason
 * by the supervisor, as often as he changes his mind. How often a kind was right is said of those that were judged only. */
extern const Engine verdict_engine_base;
Str verdict_label(Str verdict); /* 属实, 不属实, 查不清 */
typedef struct Judgement { Str sign, verdict, reason, by; int64_t at; } Judgement;
Code verdict_of(Cx *cx, Reader *rd, Str sign, Judgement *out); /* verdict empty: not judged */
typedef struct VerdictRate { Str kind; int64_t found, right, wrong, unclear; } VerdictRate;
enum { SIGN_KINDS_MAX = 16 };
Code verdict_rates(Cx *cx, Reader *rd, int night_acts, VerdictRate out[SIGN_KINDS_MAX], size_t *n);

/* ---- notices 通报 and talks 约谈 --------------------------------------------------------------------------- */

/* Stream "bulletin/N": DRAFT --bulletin.issued--> SENT (number TBG-2026-0001) | --bulletin.dropped--> DROPPED. Listed is an order that
 * nobody has replied to bulletin_days working days after the day of reply, whatever rung it has reached; once for each silence.
 * The daily look drafts when there is something and no draft waits; its text may be saved and changed (bulletin.saved) until it is
 * issued, which lists anew by that day. A draft is for the supervisors alone.
 *   bulletin.draft (also reaction to watch.swept)   bulletin.save text   bulletin.issue text   bulletin.drop reason        supervisor */
typedef struct BulletinRow { int64_t directive; Str number, unit, task; int days; Day silent; } BulletinRow;
typedef struct Bulletin {
  int64_t no, at;
  Str number, status, text, by, reason; /* draft, sent, dropped */
  BulletinRow *rows; size_t count;
} Bulletin;
extern const Engine bulletin_engine_base;
void *bulletin_fold(Arena *mem, void *state, const Event *e);
typedef struct BulletinHead { int64_t no, rows, at; Str number, status; } BulletinHead;
Code bulletins_list(Cx *cx, Reader *rd, bool sent, size_t max, BulletinHead **out, size_t *n); /* newest first; sent: only those */
Code bulletin_load(Cx *cx, Reader *rd, int64_t no, const Bulletin **out);

/* Stream "talk/N".  talk.record whom unit? day about demand until directive?   talk.end outcome   supervisor */
typedef struct TalkRecord {
  int64_t no, directive, ended_at;
  Str whom, unit, about, demand, number, by, outcome; /* number: of the order it is attached to */
  Day day, until;
} TalkRecord;
extern const Engine talk_engine_base;
void *talk_fold(Arena *mem, void *state, const Event *e);
typedef struct TalkRow { int64_t no, directive; Str whom, about; Day day, until; bool ended; } TalkRow;
Code talks_list(Cx *cx, Reader *rd, int64_t directive, size_t max, TalkRow **out, size_t *n); /* of one order, or 0: all; open ones first */
Code talk_load(Cx *cx, Reader *rd, int64_t no, const TalkRecord **out);

enum { SUPERVISION_ENGINES = 6 };
extern const Engine *const supervision_engines[SUPERVISION_ENGINES];

#endif
