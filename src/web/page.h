/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page: what the page handlers share: the parts of a view tree that stand on many pages, and the checks
 * that say whose case this is. Names of keys are the names that templates and the API see.
 */
#ifndef PAGE_H
#define PAGE_H

#include "approval/approval.h"
#include "web/web.h"

/* Short forms for building views; `m` is the request's memory. */
#define PUT(obj, key, s) json_put_str(m, (obj), S(key), (s))
#define PUT_INT(obj, key, n) json_put_int(m, (obj), S(key), (n))
#define PUT_BOOL(obj, key, b) json_put_bool(m, (obj), S(key), (b))

/* "lamp": {"code","css","text"}, "due","due_cn","used","left","limit","gross" … of a reading. */
void view_reading(Arena *m, Json *obj, const Reading *r, int limit);
/* The lamp alone, for rows of lists that carry left and lamp but no reading. */
void view_lamp(Arena *m, Json *obj, Lamp lamp, int left, int overdue_days);
void view_lamp_stalled(Arena *m, Json *obj, int days); /* the same of a pause that lasts so many days beyond its planned end */
void view_warn_rule(const Request *rq, Json *view); /* for _warn_rule.html */
/* "before": working days before its dispatch 派转, "own_in_time": late, and not without them. Nothing when there are none. */
void view_before(Arena *m, Json *obj, int used, int before, int limit, bool overdue);
/* "stopped": {"since","reason"} 停工; "revoked": decisions that were revoked, [{"stage","item_name","decision","reason","at_cn"}];
 * "blueprint": {"check","number","conflicts","blocks","warnings","reason","article","way"} of the newest check 蓝图检查;
 * "review" of a project: {"no","number","status","status_label","promised","ready"}; nothing when there is none. */
void view_review(Arena *m, Json *obj, const Project *pr);
/* Number, code, name, category, county, owner, status; masked for the public. */
void view_project(Arena *m, const Policy *p, Json *obj, const Project *pr, bool masked);
/* A page of a list: ?from= of the request, not below 0; and "total", "from", "to", "has_previous", "previous", "next" for a
 * page of `n` rows after the first `from`. */
/* The page asks for itself again when something of the topic changes, "project" or "project/18"; live.c */
Code view_live(Cx *cx, Request *rq, Json *view, Str topic);
void view_sitemap(Request *rq, Json *view); /* all pages that this visitor may open, by section: made from the rows */
size_t from_of(const Request *rq);
void view_pages(Request *rq, Json *view, size_t from, size_t n, size_t step, int64_t total);
Reading delivery_reading(const Policy *p, int64_t made, int64_t now); /* 送达 of what was made then, a certificate or a document (行政许可法第四十四条) */
Str stage_posted(Arena *m, const StageState *s); /* "2026年11月20日 已寄出，快递单号 …", while it is not signed for; else empty */
/* page_turn.c: whose turn it is, for the owner or who acts for him. "acts": what he can do now in any stage, first what waits for him:
 * [{label, href, text, own, first, until, late}], at most `max`; "own": how many wait for him, "turn_word": what the first is, "waits": for whom a
 * draft waits instead. */
Code view_turns(Cx *cx, Request *rq, Json *o, const Project *pr, size_t max);
bool acts_as_agent(const Request *rq, const Project *pr);     /* for the enterprise, not one of its own */
bool acceptance_comes(Request *rq, const Policy *p, const Project *pr); /* stage 4 has, or may have, a special part: waterworks have none */
bool acceptance_possible(const Policy *p, const Project *pr); /* stage 4 runs and has a special part 专项 that is not decided yet */
/* "lacks": what was promised for later 容缺, "lack_open" how much of it is still to come, "can_supply". */
void view_lacks(Arena *m, Json *o, const StageState *s, int64_t now);
/* A case in a list: "project", "stage", "stage_name", "number", "project_name". */
void view_case(const Request *rq, Json *o, int64_t project, int stage, Str number, Str name);
/* "stages": four rows with limit, clause, status, reading, items (own unit's only when `unit` is given),
 * certificate, receipt; as of now. */
void view_stages(const Request *rq, Json *obj, const Project *pr, Str unit, bool masked);
/* The package that a stage 1..4 was accepted under; before that the one its form was checked by, else the one in
 * force. A page about one stage lets the whole request see that one. */
const Policy *policy_of(const Request *rq, const Project *pr, int stage);
void request_pin(Request *rq, const Project *pr, int stage);
/* "no", "reason", "by", "at", "status_label", "waiting", "confirmed", "mine"; once it has ended "end_by", "ended",
 * "end_reason". */
void view_proposal(Request *rq, Json *o, const Proposal *p);
/* A posted confirmation or rejection of proposal {no} of the path: "calendar" gives calendar.confirm, calendar.reject. */
Code proposal_command(Cx *cx, Request *rq, Reply *rp, Str prefix, Str stream);
/* "version", "effective", "effective_cn": the package in force today and since when. */
Code view_in_force(Cx *cx, Request *rq, Json *obj);
/* The book of a stream of proposals; NULL in *out while nothing was ever proposed. */
Code book_of(Cx *cx, Request *rq, Str stream, const Book **out);
/* Proposal {no} of the path. NOT_FOUND: 没有第 3 号 and what it is a proposal of (`what`). */
Code proposal_of(Cx *cx, Request *rq, Str stream, const char *what, const Proposal **out);
/* "timeline": one sentence an event, newest first. */
void view_timeline(Request *rq, Json *obj, const Project *pr, bool masked);
/* "moved": running clocks whose due day a notice moved, newest version first, with "moved_total". */
enum { MOVED_OF_PROJECT = 30 };
Code view_moved(Cx *cx, Request *rq, Json *obj, const MovedFilter *f);
/* The number of a project that examples show. */
enum { NUMBER_LIKE = 123 };
/* "proofs": what of a stage (of one item, when it is named) can be taken home as a file that proves itself, "signed":
 * when the last head was. */
/* page_docs.c. "refused_before": why the stage was refused (or not accepted), the ways against it, each until when, and the letter. */
void refused_view(Request *rq, Json *view, const Project *pr, int n);
/* Beside what `o` says of the last refusal of a stage: "ways", "ways_open": one of them at least still is, "letter", "letter_served". */
void ways_view(Request *rq, Json *o, const Project *pr, int n);
/* "ways" beside each item of `stages` (of view_stages) that is "turned_down": as the letter will word them. */
Code turned_down_view(Cx *cx, Request *rq, const Json *stages, const Project *pr);
Code view_proofs(Cx *cx, Request *rq, Json *view, const Project *pr, int stage, Str item);
/* Typed where certificates are checked, a receipt's number is looked up where it leads. True: done. */
bool receipt_sent_on(Request *rq, Reply *rp, Str typed);
/* "given": of a receipt's number what everybody may read: stage, when it was received, and which came after it. Another text: nothing. */
Code view_receipt_given(Cx *cx, Request *rq, Json *view, const Project *pr, Str typed);
Code view_event_codes(Cx *cx, Request *rq, Json *view, const Event *e); /* the same of one event */
/* "certificate","certificate_name","status","cert_label","valid", … of a certificate 证照 (page_cert.c). */
void view_cert(Request *rq, Json *o, const Cert *c);
/* "codes": the QR codes of the last receipt of a kind, for the page itself; "no_codes": why there are none yet. */
Code view_codes(Cx *cx, Request *rq, Json *view, const Project *pr, int stage, Str what);
/* "source": {"clause","sample"} so that a template can link the clause or print 示例. */
void view_source(Arena *m, Json *obj, Source s);
/* "n","name","lead","certificate","low","high": a stage with the shortest and longest limit over the categories, and its clause. */
void view_stage_limits(Arena *m, const Policy *p, Json *o, int n);
/* An item of the catalogue and a material, for guides. */
void view_catalogue_item(Arena *m, const Policy *p, Json *o, const Item *item);
void view_material(Arena *m, Json *o, const Material *material, Str condition);
/* "contact": name, phone, address and hours of a unit, from the package: one place for page, screen, print, JSON. */
void view_contact(Arena *m, const Policy *p, Json *obj, Str unit);
Str unit_name(const Policy *p, Str code); /* the code itself when unknown */
/* May this person look at personal data of the project, with a purpose (/w/personal/{id})? The window, the supervisor, units with an item in it. */
Code personal_asks(Cx *cx, const Request *rq, const Project *pr, bool *out);
const Unit *county_unit(const Policy *p, Str code); /* a county or zone; NULL: of another kind */
Str place_name(const Policy *p, Str code); /* 龙港区, not 龙港区政府: the first alias of a county or zone */
Str category_name(const Policy *p, Str code);

/* "unauthorised": why whoever looks may not sign this item, or this part of a joint acceptance, today; empty when they may. */
Code unauthorised_view(Cx *cx, Request *rq, Json *view, Str item, Str name);

/* A value of the vault for a page: masked, or in full for whose it is (never in JSON); erased: 〔已清除 2026-11-25〕. */
Str personal_text(Request *rq, FieldType type, Str ref, bool full);

/* The project of the path's first parameter (N). NOT_FOUND when absent or not this person's to see. */
Code project_of_owner(Cx *cx, Request *rq, const Project **out); /* applicants: own enterprise only */
#define WATCH (ROLE_SUPERVISOR | ROLE_LEADER) /* who sees everything: 营商局 and leaders of the city */
/* Papers of a project are for its owner, his agent, and for staff and leaders 市领导, who may read any. */
#define CONCERNED (ROLE_STAFF | ROLE_LEADER | ROLE_APPLICANT | ROLE_AGENT)
bool reads_inside(const Request *rq);
/* The whole of it 项目全貌: the window, supervisors and leaders see any, a department those that it takes part in. */
/* Who of the window 综合窗口 did the last step of this stage, by name; empty: nobody has yet. */
Str window_hand(const Policy *p, const Project *pr, int stage);
bool reads_whole(const Request *rq, const Project *pr);
bool opens_whole(Cx *cx, const Request *rq, int64_t no); /* the same by its number: false where a link to /w/p/NO would lead nowhere */
Code project_concerned(Cx *cx, Request *rq, const Project **out);
Code project_of_staff(Cx *cx, Request *rq, const Project **out);
/* The stage of the path's second parameter, 1..4. */
Code stage_of(Cx *cx, const Request *rq, int *stage);
/* Both, and the request is pinned to the package of that stage. */
Code case_of_owner(Cx *cx, Request *rq, const Project **pr, int *stage);
Code case_of_staff(Cx *cx, Request *rq, const Project **pr, int *stage);
/* "project/N" of the path. */
Str stream_of(const Request *rq);
/* Lines "材料：原因（依据：法条）" of a text field as entries {what, why, basis?} (page_missing.c); of the field "missing" also the materials
 * that were ticked (points[]) or have a reason beside them (why-CODE), with a ready reason where none was written. INVALID: a line without a
 * colon, or none at all. */
Code missing_lines(Cx *cx, Request *rq, Str field, Json *list);
/* Lines "材料：理由" of the field "dropped" as entries {what, reason} of args; none is fine. */
Code dropped_lines(Cx *cx, Request *rq, Json *args);
/* What departments said is missing before the one-time notice (notice.h): "asked": {"due","due_cn","waiting","conflicts",
 * "units":[{"unit_name","status","label","by","at","count"}], "merged":[{"what","basis","conflict","asks":[{"unit_name","why"}]}],
 * "lines"}; `lines` is the text from which the notice is made. Nothing when nobody is asked. */
void view_asked(Request *rq, Json *view, const Project *pr, int stage);
/* "exemptions": the project's register of 体外循环. */
void view_exemptions(Request *rq, Json *view, const Project *pr);
/* "askable": the materials of a stage, which may be asked for (project_askable): [{code, name, basis, chosen, why}]. */
void view_askable(Request *rq, Json *view, const Project *pr, int stage);
/* "lost": how many letters were given up (page_messages.c). */
Code outbox_alarm(Cx *cx, Request *rq, Json *view);
/* A choice of a list: "value","label","chosen" (page_my.c). */
void put_choice(Arena *m, Json *list, Str value, Str label, Str chosen);
/* page_password.c: draws a first password 初始口令 for the account of the path's first parameter and sets it; `after` may show it, once. */
void reply_first_password(Request *rq, Reply *rp, After *after);
Str first_password(const Request *rq);
/* page_access.c: under `key` the requests that fit: [{no, account, name, fresh, role_names, unit_name, by, at, status, waiting, approved, mine,
 * end_by, end_reason, ended, no_password?}]. */
struct AccessFilter;
Code view_access(Cx *cx, Request *rq, Json *view, const char *key, const struct AccessFilter *f, size_t *shown, int64_t *total);
/* page_my.c: the work that an account of applicants has instead of projects of its own: its path and name; both empty for everybody else. An
 * agency that reviews drawings 审图机构 or surveys 测绘机构. */
typedef struct Trade { Str path, name; } Trade;
Code trade_of(Cx *cx, Request *rq, Trade *out);
/* page_tokens.c */
Code page_tokens(Cx *cx, Request *rq, Reply *rp);
Code post_tokens(Cx *cx, Request *rq, Reply *rp);
/* After a refused command: the page of `again` is shown with the error and what was typed. */
typedef Code Again(Cx *cx, Request *rq, Reply *rp);
/* Makes a page that looks at all of something on a worker (JOB_LONG), with a reader of its own in rq->rd. */
Code reply_long(Cx *cx, Request *rq, Reply *rp, Again *make);
/* What a form says is refused before it is a command: the page again with what was typed and what cx says, at its field. cx is empty then. */
Code fault_again(Cx *cx, Request *rq, Reply *rp, Again *again, const char *tmpl);
void after_or_again(Cx *cx, Request *rq, const CommandResult *result, Reply *rp, Str location, Again *again,
                    const char *tmpl);

#endif
