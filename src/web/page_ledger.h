/* SPDX-License-Identifier: Apache-2.0 */
/* page_ledger: what the pages of ledgers 台账 share. */
#ifndef PAGE_LEDGER_H
#define PAGE_LEDGER_H

#include "ledger/ledger.h"
#include "web/forms.h"

#define FILLS (ROLE_APPROVER | ROLE_UNIT_HEAD)
#define SEES (FILLS | ROLE_STAGE_LEAD | ROLE_SUPERVISOR | ROLE_LEADER)

/* The ledger of the path's first parameter; NOT_FOUND. */
Code ledger_of(Cx *cx, const Request *rq, const LedgerKind **out);
bool ledger_fills(const Request *rq, const LedgerKind *k);  /* is the visitor of a county of the ledger? */
bool ledger_joint(const Request *rq, const LedgerKind *k);  /* or of the joint office? */
/* "lamp" of a row, by calendar days: 超期 46 天, 还有 3 天. */
void view_days(Arena *m, Json *o, Lamp lamp, int left);
/* "due", "what", and "past" when the document's limit was over before the row was entered: it counts as late, and that is why. _limit.html shows it. */
Code view_limit(Cx *cx, Request *rq, Json *o, int64_t no, Day due, Str what);
/* "month", "month_cn", "due", "day", "until" {lamp}: the report that is due next, or that the county still owes this month. */
Code view_month(Cx *cx, Request *rq, Json *o, const LedgerKind *k);
/* "no","name","number","county_name","status","status_label","measure","size","what","due","lamp","project","hold","refused","cells":[{"text","name"}]. */
Code view_row(Cx *cx, Request *rq, Json *o, const LedgerKind *k, const EntryRow *x, bool open);
/* "reports_due": the monthly reports 月报 that the visitor's county still owes, of this month and of the eleven before it: "ledger_name", month, due day, lamp, "own_href". */
Code ledger_due_view(Cx *cx, Request *rq, Json *view);
/* "reports": one for each county, of a month; "late" how many are overdue. */
Code view_reports(Cx *cx, Request *rq, Json *view, const LedgerKind *k, Str month);
/* "changes": [{"label","n","rows":[{"no","name"}]}] of a report or of what would be one. */
void view_ledger_changes(Request *rq, Json *view, const LedgerKind *k, const ReportChanges *c, const ReportLine *lines, size_t n);
extern const FormAct ledger_make;
void ledger_make_send(Request *rq, Reply *rp, const LedgerKind *k, Str month, Again *again, const char *tmpl); /* month empty: of today */

#endif
