/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exchange: data exchange 数据交换 with the platforms of nation, province and county (D60-3-p2, p4; S25). Stands above approval: it reads cases
 * through approval's headers and changes none. docs/exchange.md says which table comes from what, and how rows travel.
 *
 * Rows are worked out anew from a case whenever something happened in it (cases.c), by the mapping of the package in force (policy/spgl.h), and
 * compared with what the other side was given. So nothing is lost by a link that was down, a crash, or a New Year, and nothing is sent twice: a
 * row is known by its table and its key 地方数据主键, which names the event it comes from, so that a second pause or a second correction is a
 * row of its own. What was sent is never changed: a correction makes the old row void (数据有效标识 0, with a reason) and sends a new one.
 *
 * Two engines:
 *   exchange "exchange/province.12"   the rows about project 12 for the receiver 对接方 "province"; .0: those of the catalogue
 *   link     "link/province"          the connection: down since when, how far the journal was looked at, reconciliations, certificates asked
 *
 * A row and its states:
 *   HELD 待改        one of the receiver's own checks fails here already (check.c): it stays here, with the reason for each column
 *   WAITING 待发 --> SENT 已发 --> ACCEPTED 已校验 | REFUSED 被退回     as the receiver says (上传状态 0, 1 or 3, 2)
 *   REFUSED --exchange.again--> the old one void, a new one WAITING
 *   WAITING, HELD --> DROPPED 不用发   a newer version took its place before it was sent
 *   SENT, ACCEPTED --exchange.requeued--> WAITING   reconciliation found that the other side does not have it
 * On the wire a row may come more than once, always under the same serial number 流水号 (LSH), by which the receiver knows it.
 */
#ifndef EXCHANGE_ROOM_H
#define EXCHANGE_ROOM_H

#include "approval/approval.h"

/* ---- who is connected ------------------------------------------------------------------------------------------ */

/* From the file of --exchange; none of it is in the journal but the code. */
typedef struct Receiver {
  Str code, name;          /* "province": lower case letters and digits; 辽宁省工程建设项目审批管理系统 */
  Str url, token, ca;      /* token: what is sent as Bearer, or empty; ca: file, or empty */
  size_t answer_max;       /* bytes of an answer; 0: 16 MiB */
  Str region;              /* "211481": only projects of that county; empty: all */
} Receiver;
enum { RECEIVERS_MAX = 8 };
typedef struct Receivers {
  Receiver list[RECEIVERS_MAX];
  size_t count;
  int poll_seconds;        /* receipts that have not come are asked for so often */
  Receiver inquiry;        /* who knows projects by their code; url empty: nobody is asked */
  int inquiry_seconds;     /* a person waits for the answer */
  Str inquiry_hint;        /* codes that the platform of a demonstration knows; else empty */
  /* One question, "rows", "states", "digest", "keys" or "project", and its answer, as JSON, over the network: for a thread that may wait. The status
   * of HTTP; 0: no connection. `why` in Chinese unless it is 200. Set by the program. */
  int (*post)(Arena *mem, const Receiver *r, const char *what, Str body, int seconds, Str *answer, Str *why);
} Receivers;
const Receiver *receiver_find(const Receivers *all, Str code);       /* NULL */
bool receiver_wants(const Receiver *r, const Policy *p, Str county); /* does a project of that county go there? */

/* ---- filling a project from its code ------------------------------------------------------------------------------ */

/* What the platform says of a project 项目代码 (docs/exchange.md, `project`), as far as the form of registration would take it. */
typedef struct Filled {
  Json *values;            /* name category county owner uscc f_FACT: text, as the form posts it */
  Json *left;              /* [{label, why}]: what was not taken */
  bool unknown;            /* the platform has no such code; values is empty then */
} Filled;
/* False: this is no answer to a question about `code`. */
bool inquiry_read(Cx *cx, const Policy *p, Str code, const Json *answer, Filled *out);

/* ---- rows -------------------------------------------------------------------------------------------------------- */

typedef struct SpglRow {
  const SpglTable *table;
  Str key;                 /* 地方数据主键 */
  Json *row;               /* columns of the table; without serial number and flags */
  Str fault;               /* 〔总投资额（万元）〕没有填写；… : why it may not be sent; empty: it may */
} SpglRow;
typedef struct SpglRows { SpglRow *list; size_t count, cap; } SpglRows;
/* The flows of a package: categories, their stages and items. A stage of 0 days does not exist; what runs beside is stage 5. */
void exchange_catalogue(Arena *mem, const Policy *p, SpglRows *out);
/* A case, from all events of its stream. Nothing before the first stage was handed in. `p`: the mapping; versions: of the flows it was accepted under. */
void exchange_case(Arena *mem, const Policies *versions, const Policy *p, const Project *pr, const Events *events, SpglRows *out);
/* The clock of an instance 办件审批用时 as the upper platform works it out from these rows, working days; −1: none. */
int exchange_clock(Arena *mem, const Policy *p, const SpglRows *rows, Str instance, Day today);

/* ---- the outbox -------------------------------------------------------------------------------------------------- */

#define ROW_STATUS_LIST(X)                    \
  X(ROW_WAITING, "waiting", "待发")           \
  X(ROW_SENT, "sent", "已发，等回执")         \
  X(ROW_ACCEPTED, "accepted", "对方已校验")   \
  X(ROW_REFUSED, "refused", "被退回")         \
  X(ROW_HELD, "held", "待改，没有发")         \
  X(ROW_DROPPED, "dropped", "不用发")
typedef enum RowStatus {
#define X(name, text, label) name,
  ROW_STATUS_LIST(X)
#undef X
      ROW_STATUS__MAX
} RowStatus;
Str row_status_text(RowStatus s);
Str row_status_label(Str text);

typedef struct Version {   /* one version of a row, as it goes out */
  Str table, key, lsh;
  Str base, digest;        /* SM3 of the columns, and of all that is sent; hex */
  Str fault;               /* HELD: what is wrong; REFUSED: what the other side says 失败原因 */
  const Json *row;         /* all that is sent */
  int no;
  RowStatus status;
  bool valid, voided;      /* valid false: this one makes another void; voided: another one made this void */
  int64_t at;              /* when it was made */
} Version;
typedef struct Part {      /* folded state of "exchange/province.12" */
  Str target;
  int64_t project;         /* 0: the catalogue */
  Version *rows; size_t count, cap;
} Part;
void *exchange_fold(Arena *mem, void *state, const Event *e);
/* The arguments of exchange.prepare that bring a part (NULL: new) up to `rows`; NULL: it is up to date. */
Json *exchange_changes(Arena *mem, const Part *part, const SpglRows *rows, Str target, int64_t project, Str region);
/* Commands
 *  system: exchange.prepare target project region rows[{t,no,k,row{},fault?}] gone[{t,k}]     creates
 *          exchange.report rows[{lsh,state(sent|accepted|refused),reason?}] ms
 *          exchange.requeue lsh[…]
 *  integrator, sysadmin: exchange.again lsh?       what was refused, once more: one row, or all of the part
 *  system: link.note target kind(down|up|looked) reason? at? package?                       creates
 *          link.reconciled target day tables[{table,ours,theirs,missing,extra}] resent      creates
 *  integrator, sysadmin: link.ask target day                                               creates
 *  integrator: link.verify target number code? owner?    is this certificate ours, and good? answers {valid, reason, …}   creates */
enum { EXCHANGE_ENGINES = 2 };
extern const Engine *const exchange_engines[EXCHANGE_ENGINES];

typedef struct Link {      /* folded state of "link/province" */
  int64_t pos;             /* the journal was looked at up to here */
  Str package;             /* under which packages */
  int64_t down;            /* since; 0: it works, or was never tried */
  Str reason;
  Day reconciled, asked;   /* the last day that was; one that somebody wants */
} Link;
void *link_fold(Arena *mem, void *state, const Event *e);
Str part_stream(Arena *mem, Str target, int64_t project);

/* ---- lists -------------------------------------------------------------------------------------------------------- */

typedef struct PartRow { int64_t project, waiting, sent; Str stream; } PartRow;
/* Those with rows that wait (or were sent and not answered), the catalogue first. */
Code parts_waiting(Cx *cx, Reader *rd, Str target, bool sent, size_t max, PartRow **out, size_t *n);

typedef struct RowLine {
  int64_t project, at;
  Str stream, lsh, target, table, key, status, fault, number, project_name, digest; /* digest: of lsh_of */
  bool valid; int no;
} RowLine;
/* status, target, table empty: all. Newest first. */
typedef struct RowFilter { Str target, status, table; int64_t project; size_t offset, limit; } RowFilter;
Code rows_list(Cx *cx, Reader *rd, const RowFilter *f, RowLine **out, size_t *n, int64_t *total);

typedef struct LinkRow {
  Str target, reason;
  int64_t count[ROW_STATUS__MAX];
  int64_t oldest;          /* when the oldest that waits was made; 0: none waits */
  int64_t down, last;      /* last: the last push that was answered */
  Day reconciled, asked;
} LinkRow;
Code link_load(Cx *cx, Reader *rd, Str target, LinkRow *out);

typedef struct PushLine { int64_t pos, at, project, rows, accepted, refused, ms; Str target, kind, text; } PushLine;
/* The log 推送日志, newest first: kind pushed, down, up, reconciled, asked, verified. */
Code pushes_list(Cx *cx, Reader *rd, Str target, size_t offset, size_t max, PushLine **out, size_t *n, int64_t *total);

typedef struct CheckLine { Day day; Str table; int64_t ours, theirs, missing, extra, at; } CheckLine;
/* Reconciliations 对账, the newest day first. */
Code compared_list(Cx *cx, Reader *rd, Str target, size_t max, CheckLine **out, size_t *n);

/* What the receiver must have of a day (the day in the serial numbers), for reconciliation: a digest for each table. */
typedef struct DayDigest { Str table, digest; int64_t rows; } DayDigest;
Code digests_of(Cx *cx, Reader *rd, Str target, Day day, DayDigest **out, size_t *n);
/* The rows of one table of a day, in the order of their serial numbers, at most `max` behind `after`. */
Code lsh_of(Cx *cx, Reader *rd, Str target, Day day, Str table, Str after, size_t max, RowLine **out, size_t *n);
/* The next day after this one that has rows that were sent; n = 0: none. */
Code day_after(Cx *cx, Reader *rd, Str target, Day after, Day *out);

#endif
