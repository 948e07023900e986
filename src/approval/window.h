/* SPDX-License-Identifier: Apache-2.0 */
/*
 * window: the register of 体外循环 and the window's report 窗口业务报表. Part of approval.h, which includes it.
 *
 * 窗口以外无审批: an item can only be handled after the window head has signed its slip. D60-4.15-p5 knows one way round: what
 * the city's leading group for approvals 市政府审批领导小组 allowed. We ask for its record in every case, and mark major
 * projects apart (the sentence leaves them open, see X07 of the package's notes). A record changes nothing in the case; it
 * is there to be seen: red on the project and on the supervisor's list until it is ended, also after its last day.
 */
#ifndef WINDOW_H
#define WINDOW_H

#include "approval/approval.h"

typedef struct Exemption {
  int64_t no;             /* 1, 2, … in its project */
  Str matter, approved_by, document, reason;
  Day from, until;
  bool major;             /* 重大项目 */
  Str by; int64_t at;
  int64_t ended_at; Str end_reason;
} Exemption;

typedef struct ExemptRow {
  int64_t project, no, at;
  Str number, project_name, matter, approved_by, document;
  Day from, until;
  bool major, ended;
} ExemptRow;
/* Open ones first, then newest first. */
Code exemptions_list(Cx *cx, Reader *rd, size_t max, ExemptRow **out, size_t *n);

/* What the window and the departments did in a period, by the day on which it was entered, so that a report of a past
 * period comes out the same for ever. */
typedef struct ReportRow { Str kind, label; int64_t now, before; } ReportRow; /* before: in the period before */
typedef struct Report {
  Day from, to, before_from;
  ReportRow *rows; size_t count;
} Report;
/* The period ("day", "week" from Monday, "month"; else the month) that `day` lies in. */
Code window_report(Cx *cx, Reader *rd, Str period, Day day, Report *out);

/* The acts behind a figure, newest first: `total` of them, which is the figure, and at most `max` after the first `skip`. */
typedef struct ActRow {
  int64_t pos, project, at;
  int stage;
  Str item; /* "": of the stage as a whole */
  Str name, number, project_name;
} ActRow;
Code report_acts(Cx *cx, Reader *rd, Str kind, Day from, Day to, size_t skip, size_t max, ActRow **out, size_t *n, int64_t *total);
Str report_label(Str kind); /* "" for a kind that no report has */

#endif
