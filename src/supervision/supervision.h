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
enum { BOARD_KINDS = 6 };
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
  Str milestone;         /* code of the package, when it is about one */
  Str status;            /* issued, replied, closed */
  Str level, to_unit, to_account, to_name; /* the recipient of this rung; to_account of a handler or leader, may be empty */
  Day reply_by;          /* last working day for the reply; of a promise, when replied */
  int days;              /* working days of this rung, pinned */
  bool overdue, settled;
  Str reply, reply_by_name; int64_t replied_at; Day promised;
  Str close_reason; int64_t issued_at, closed_at;
  DirectiveStep *steps; size_t step_count, step_cap;
  int64_t seq;
} Directive;
/*   directive.issue   (reaction to watch.found)
 *   directive.send    unit subject demand days? milestone? project?        supervisor
 *   directive.reply   reply promised(day)                                   the recipient
 *   directive.return  reason   directive.close  reason                      supervisor
 *   directive.raise   level    (due queue) */
extern const Engine directive_engine_base;
void *directive_fold(Arena *mem, void *state, const Event *e);
typedef struct DirectiveRow {
  int64_t no, of, at; int stage;
  Str number, kind, unit, level, to_unit, to_name, status, subject, of_number, of_name, item;
  Day reply_by; bool overdue, settled; int late; /* late: working days since the day of reply without one */
} DirectiveRow;
/* `to`: of this recipient (unit, account, name, roles); empty unit and name: no such filter. */
typedef struct DirectiveFilter { Str status, unit, kind; const User *to; bool late, open; size_t offset, limit; } DirectiveFilter;
/* Open ones first, the earliest day of reply first; then closed ones, newest first. */
Code directives_list(Cx *cx, Reader *rd, const Policy *p, const DirectiveFilter *f, int64_t now, DirectiveRow **out, size_t *n, int64_t *total);
Code directive_load(Cx *cx, Reader *rd, int64_t no, const Directive **out);
/* May this person reply at the rung where it is? */
bool directive_is_to(const Directive *d, Str account, Str unit, Str name, uint32_t roles);

enum { SUPERVISION_ENGINES = 2 };
extern const Engine *const supervision_engines[SUPERVISION_ENGINES];

#endif
