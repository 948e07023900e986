/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_calendar_new.c: a notice is typed day by day or comes as a table in the form of holidays.csv. Whatever was
 * wrong, the form comes back with all of it; nothing is written before the command.
 */
#include "web/page_calendar.h"

enum { ROWS_FIRST = 6, ROWS_MORE = 6, CSV_MAX = 1 << 20, NOTICE_LEAST = 4, REASON_LEAST = 2 };

/* ---- what was typed ---------------------------------------------------------------------------------------- */

static Str cell_of(const Json *list, uint32_t n) {
  if (list && list->kind == JSON_STR) return n ? S("") : list->str;
  const Json *x = list && list->kind == JSON_ARR ? list->first : NULL;
  while (x && n--) x = x->next;
  return x && x->kind == JSON_STR ? x->str : S("");
}

static void row_push(Arena *m, Json *rows, Str date, Str kind, Str name) {
  date = str_trim(utf8_halfwidth(m, date));
  name = str_trim(name);
  if (!date.len && !name.len) return; /* an empty line; a kind alone is what the list stood at */
  Json *o = json_push_obj(m, rows);
  PUT(o, "date", date);
  PUT(o, "kind", str_trim(kind));
  PUT(o, "name", name);
}

static void rows_typed(Request *rq, Json *rows) {
  const Json *dates = json_get(rq->args, S("date")), *kinds = json_get(rq->args, S("kind")), *names = json_get(rq->args, S("name"));
  uint32_t n = dates ? dates->kind == JSON_ARR ? dates->count : 1 : 0;
  if (n > CALENDAR_CHANGES_MAX + 1) n = CALENDAR_CHANGES_MAX + 1;
  for (uint32_t i = 0; i < n; i++) row_push(rq->mem, rows, cell_of(dates, i), cell_of(kinds, i), cell_of(names, i));
}

/* ---- a table ------------------------------------------------------------------------------------------------ */

static void rows_split(Request *rq, Str text, Json *rows, Str *notice, int64_t *known) {
  Arena *m = rq->mem;
  Str rest = text, line;
  if (str_starts(rest, S("\xEF\xBB\xBF"))) rest = str_sub(rest, 3, SIZE_MAX);
  str_cut(rest, '\n', &line, &rest); /* the head */
  while (rest.len) {
    Str date, kind, name, more;
    str_cut(rest, '\n', &line, &rest);
    line = str_trim(line);
    if (!line.len) continue;
    str_cut(line, ',', &date, &more);
    str_cut(more, ',', &kind, &more);
    str_cut(more, ',', &name, &more);
    DayChange d = {.name = str_trim(name)};
    bool read = day_parse(str_trim(date), &d.day) && day_kind_parse(str_trim(kind), &d.kind);
    if (read && calendar_is_so(rq->app->policy->calendar, &d)) (*known)++;
    else row_push(m, rows, date, kind, name);
    if (!notice->len && more.len) *notice = str_trim(more);
  }
}

/* The loader of the package says line and column of what is wrong; days that are so already are left out. */
static Code csv_read(Cx *cx, Request *rq, Json *rows, Str *notice, int64_t *known) {
  SCOPED(arena_close_p) Arena *scratch = arena_open((size_t)16 << 20);
  const Upload *up = request_upload(rq, S("csv"));
  const Calendar *read = NULL;
  Str path, text;
  if (!up || (!up->blob.len && !up->fault.len)) return OK;
  if (up->fault.len) FAIL_AT(INVALID, S("csv"), S(""), "%.*s", SFMT(up->fault));
  if (up->size > CSV_MAX || !str_eq(up->type, S("txt")))
    FAIL_AT(INVALID, S("csv"), S(""), "“%.*s”不是 CSV 文字表格，或者超过 1 MB；请在电子表格里另存为 CSV（UTF-8）", SFMT(up->filename));
  TRY(blob_path(cx, rq->app->dir, up->blob, &path));
  TRY(file_read(cx, path, CSV_MAX, &text));
  Cx own = {.mem = scratch, .now = rq->now};
  if (calendar_load(&own, text, &read) != OK) FAIL_AT(INVALID, S("csv"), S(""), "“%.*s”%.*s", SFMT(up->filename), SFMT(own.detail));
  uint32_t before = rows->count;
  rows_split(rq, text, rows, notice, known);
  if (rows->count == before) FAIL_AT(INVALID, S("csv"), S(""), "“%.*s”里的 %lld 天与现行日历都一样，没有要改的", SFMT(up->filename), (long long)*known);
  return OK;
}

/* ---- the form ------------------------------------------------------------------------------------------------- */

static void row_view(Arena *m, Json *list, const Json *row, uint32_t n, const Json *e) {
  Str kind = json_str(row, S("kind")), id = arena_fmt(m, "changes-%u", n);
  Json *o = json_push_obj(m, list);
  PUT_INT(o, "n", n);
  PUT(o, "id", id);
  PUT(o, "date", json_str(row, S("date")));
  PUT(o, "name", json_str(row, S("name")));
  PUT(o, "error", json_str(e, id));
  PUT_BOOL(o, "workday", str_eq(kind, S("workday")));
  PUT_BOOL(o, "normal", str_eq(kind, S("normal")));
}

typedef struct Typed {
  Json *rows;
  Str notice, reason;
  int64_t known;           /* lines of the table that are so already */
} Typed;

static void form_view(Request *rq, Reply *rp, const Typed *t) {
  Arena *m = rq->mem;
  bool more = str_eq(request_arg(rq, S("act")), S("more"));
  uint32_t n = 0, lines = t->rows->count + (more ? ROWS_MORE : 0);
  const Json *e = rp->extra ? json_get(rp->extra, S("e")) : NULL;
  if (lines < ROWS_FIRST) lines = ROWS_FIRST;
  rp->title = tr(rq->lang, S("填写日历变更"));
  rp->view = json_obj(m);
  rp->tmpl = "adm_calendar_new";
  PUT(rp->view, "notice", t->notice);
  PUT(rp->view, "reason", t->reason);
  PUT_INT(rp->view, "known", t->known);
  Json *list = json_put_arr(m, rp->view, S("rows"));
  const Json *row = t->rows->first;
  while (n < lines) {
    row_view(m, list, row, ++n, e);
    if (row) row = row->next;
  }
}

Code page_calendar_new(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  Typed t = {.rows = json_arr(rq->mem)};
  form_view(rq, rp, &t);
  return OK;
}

static void fault(Request *rq, Reply *rp, const char *field, const char *text) {
  reply_error(rq, rp, str_of(field), str_of(text));
}

static void typed_check(Cx *cx, Request *rq, Reply *rp, const Typed *t, DayChange **list, size_t *n) {
  Json *faults = json_arr(rq->mem);
  if (calendar_changes_read(cx, rq->app->policy->calendar, t->rows, t->notice, faults, list, n) != OK) reply_fault(cx, rq, rp);
  for (const Json *f = faults->first; f; f = f->next) reply_error(rq, rp, json_str(f, S("field")), json_str(f, S("text")));
  if (utf8_count(t->notice) < NOTICE_LEAST) fault(rq, rp, "notice", "写明依据的通知：发文机关、文号或网址");
  if (utf8_count(t->reason) < REASON_LEAST) fault(rq, rp, "reason", "用一句话说明为什么变更，确认的人会看到");
}

static void after_new(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  const Typed *t = rq->state;
  (void)cx;
  if (result->code == OK) {
    reply_redirect(rp, arena_fmt(rq->mem, "/adm/calendar/%lld", (long long)json_int(result->answer, S("no"), 0)));
    return;
  }
  reply_error(rq, rp, arena_str(rq->mem, result->field), arena_str(rq->mem, result->detail));
  form_view(rq, rp, t);
  if (result->code != INVALID) rp->status = code_http(result->code);
  reply_trouble(rp, result->code);
}

static Code preview_page(Request *rq, Reply *rp, const Typed *t, const DayChange *list, size_t n) {
  Arena *m = rq->mem;
  rp->title = tr(rq->lang, S("预览日历变更"));
  rp->tmpl = "adm_calendar_preview";
  rp->view = json_obj(m);
  PUT(rp->view, "notice", t->notice);
  PUT(rp->view, "reason", t->reason);
  PUT_INT(rp->view, "known", t->known);
  view_changes(m, rq->app->policy, rp->view, S("changes"), list, n, day_of(rq->now));
  size_t past = 0;
  for (size_t i = 0; i < n; i++) past += list[i].day.n < day_of(rq->now).n;
  PUT_INT(rp->view, "past_days", (int64_t)past);
  preview_begin(rq, rp, list, n);
  return OK;
}

Code post_calendar_new(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Typed *t = arena_new(m, Typed);
  Str act = request_arg(rq, S("act")), notice = {0};
  DayChange *list = NULL;
  size_t n = 0;
  *t = (Typed){.rows = json_arr(m), .notice = request_arg(rq, S("notice")), .reason = request_arg(rq, S("reason"))};
  rows_typed(rq, t->rows);
  bool csv_bad = csv_read(cx, rq, t->rows, &notice, &t->known) != OK;
  if (csv_bad) reply_fault(cx, rq, rp);
  if (!t->notice.len) t->notice = notice;
  bool again = str_eq(act, S("more")) || str_eq(act, S("edit"));
  if (!again && !csv_bad) typed_check(cx, rq, rp, t, &list, &n);
  if (again || rp->extra) {
    form_view(rq, rp, t);
    return OK;
  }
  if (!str_eq(act, S("propose"))) return preview_page(rq, rp, t, list, n);
  Json *args = json_obj(m);
  json_put(m, args, S("changes"), t->rows);
  PUT(args, "notice", t->notice);
  PUT(args, "reason", t->reason);
  rq->state = t;
  reply_command(rq, rp, S("calendar.propose"), S(""), args);
  rp->after = after_new;
  return OK;
}
