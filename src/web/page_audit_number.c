/* SPDX-License-Identifier: Apache-2.0 */
/* page_audit_number.c: records of the trail by the numbers people know: 督办单 DBD-2026-0349 is not the 349th in the journal. */
#include "approval/personal.h"
#include "web/kinds.h"
#include "web/page.h"
#include "web/page_audit.h"

/* Records whose first event gives them a number; of others (a plan with an appraisal, a rule with its document) the number is somebody else's. */
static const char *const numbered[] = {"acceptance", "agent", "canvass", "credit", "directive", "draw", "entry", "feedback", "mapcheck", "plan",
                                       "promise", "region", "reserve", "review", "survey", "surveyor", "utility"};

#define ABOUT "关于"
#define MESSAGES "的消息"
#define PERSONAL "的个人信息"

/* The messages of a case are "notice/12", those of another record "notice/directive.350"; those of a day or a person are about nothing else. */
static Str told_about(Arena *m, Str name) {
  Str head = S(""), no = S("");
  int64_t n;
  if (str_to_i64(name, &n)) return arena_fmt(m, "project/%.*s", SFMT(name));
  return str_cut(name, '.', &head, &no) && str_to_i64(no, &n) ? arena_fmt(m, "%.*s/%.*s", SFMT(head), SFMT(no)) : S("");
}

/* The other way. */
static Str messages_of(Arena *m, Str stream) {
  Str head = S(""), name = S("");
  if (!str_cut(stream, '/', &head, &name)) return stream;
  return str_eqz(head, "project") ? arena_fmt(m, "notice/%.*s", SFMT(name)) : arena_fmt(m, "notice/%.*s.%.*s", SFMT(head), SFMT(name));
}

Str record_known(Cx *cx, Request *rq, Str stream) {
  Arena *m = rq->mem;
  Str said = record_label(m, stream), head = S(""), name = S("");
  bool has = false;
  Events first = {0};
  if (str_cut(stream, '/', &head, &name)) {
    Str about = str_eqz(head, "notice") ? told_about(m, name) : S("");
    if (about.len) return arena_fmt(m, ABOUT " %.*s " MESSAGES, SFMT(record_known(cx, rq, about)));
    for (size_t i = 0; i < COUNT(numbered) && !has; i++) has = str_eqz(head, numbered[i]);
  }
  if (!has) return said;
  if (reader_events(cx, rq->rd, stream, 0, 1, &first) != OK) cx_clear(cx);
  Str number = first.count ? json_str(first.list[0].body, S("number")) : S("");
  ptrdiff_t gap = str_find(said, S(" "));
  if (!number.len || gap < 0) return arena_str(m, said);
  return arena_fmt(m, "%.*s %.*s", SFMT(str_sub(said, 0, (size_t)gap)), SFMT(number));
}

#define OF(head, table) " UNION ALL SELECT '" head "/' || no FROM " table " WHERE number = upper(?1)"
static const Sql sql_number = {
    "web.record_by_number", "s", "s",
    "SELECT 'project/' || project FROM cert WHERE number = upper(?1)"
    OF("acceptance", "acceptance") OF("agent", "agent_order") OF("bulletin", "bulletin") OF("canvass", "canvass") OF("credit", "credit")
    OF("directive", "directive") OF("entry", "entry") OF("feedback", "feedback") OF("gazette", "gazette")
    OF("mapcheck", "map_check") OF("plan", "inspect_plan") OF("promise", "promise") OF("region", "region") OF("reserve", "plot")
    OF("review", "review") OF("survey", "survey") OF("surveyor", "surveyor") OF("utility", "utility")};

#define BESIDE(head, table, column) "SELECT '" head "/' || no FROM " table " WHERE " column " = ?1"
static const Sql sql_beside = {
    "web.records_beside", "i", "s",
    BESIDE("acceptance", "acceptance", "project") " UNION ALL " BESIDE("agent", "agent_order", "project") " UNION ALL " BESIDE("directive", "directive", "of_number <> '' AND kind IN ('item', 'manual') AND of_no")
    " UNION ALL " BESIDE("mapcheck", "map_check", "project") " UNION ALL " BESIDE("promise", "promise", "project") " UNION ALL " BESIDE("review", "review", "project")
    " UNION ALL " BESIDE("survey", "survey", "project") " UNION ALL " BESIDE("utility", "utility", "project")};

/* Streams that no table lists: what was told about the record, who saw or erased the personal data in it. */
static void unlisted(Cx *cx, Request *rq, Str stream, Str *found, size_t *n) {
  Str streams[] = {messages_of(rq->mem, stream), personal_stream(rq->mem, stream)};
  for (size_t i = 0; i < COUNT(streams); i++) {
    Events first = {0};
    if (reader_events(cx, rq->rd, streams[i], 0, 1, &first) != OK) cx_clear(cx);
    if (first.count) found[(*n)++] = streams[i];
  }
}

Code records_beside(Cx *cx, Request *rq, Str stream, Json *list) {
  enum { SHOWN = 200, UNLISTED = 2 };
  Arena *m = rq->mem;
  SCOPED(rows_drop) Rows *r = NULL;
  Str found[SHOWN + UNLISTED], head = S(""), name = S("");
  size_t n = 0;
  int64_t no = 0;
  if (!str_cut(stream, '/', &head, &name) || !str_to_i64(name, &no)) return OK;
  if (str_eqz(head, "project")) {
    TRY(db_rows(cx, reader_views(rq->rd), &sql_beside, VALS(val_i(no)), &r));
    while (n < SHOWN && rows_next(r)) found[n++] = row_s(cx, r, 0);
    TRY(rows_end(cx, r));
  }
  if (!str_eqz(head, "notice")) unlisted(cx, rq, stream, found, &n);
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "beside_name", record_known(cx, rq, found[i]));
    PUT(o, "beside", found[i]);
  }
  return OK;
}

/* "督办单 DBD-2026-0349" → the number. */
static Str last_word(Str said) {
  Str left = S("");
  for (Str rest = str_trim(said); str_cut(rest, ' ', &left, &rest);) said = str_trim(rest);
  return str_trim(said);
}

static Code number_find(Cx *cx, Request *rq, Str number, Str *stream) {
  SCOPED(rows_drop) Rows *r = NULL;
  int64_t no;
  Code code = project_find(cx, rq->rd, number, &no);
  if (code == OK) *stream = arena_fmt(rq->mem, "project/%lld", (long long)no);
  if (code != NOT_FOUND) return code;
  cx_clear(cx);
  TRY(db_rows(cx, reader_views(rq->rd), &sql_number, VALS(val_s(number)), &r));
  *stream = rows_next(r) ? row_s(cx, r, 0) : arena_fmt(rq->mem, "user/%.*s", SFMT(number));
  return rows_end(cx, r);
}

Code record_find(Cx *cx, Request *rq, Str number, Str *stream) {
  Str of = str_trim(number);
  bool messages = str_ends(of, S(MESSAGES)), personal = str_ends(of, S(PERSONAL));
  if (messages) of = str_sub(of, 0, of.len - strlen(MESSAGES));
  if (messages && str_starts(of, S(ABOUT))) of = str_sub(of, strlen(ABOUT), SIZE_MAX);
  if (personal) of = str_sub(of, 0, of.len - strlen(PERSONAL));
  TRY(number_find(cx, rq, last_word(of), stream));
  if (messages) *stream = messages_of(rq->mem, *stream);
  if (personal) *stream = personal_stream(rq->mem, *stream);
  return OK;
}

Str record_asked(Cx *cx, Request *rq, Str stream) {
  Str said = record_known(cx, rq, stream), again = S("");
  if (record_find(cx, rq, said, &again) != OK) cx_clear(cx);
  return str_eq(again, stream) ? said : stream;
}
