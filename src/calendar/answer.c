/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answer.c: one question about a clock as JSON, answered. Instants count here, not only days: a pause an hour
 * before acceptance is none, and what happens after `now` has not happened yet.
 */
#include "calendar/calendar.h"

#include <stdlib.h>

enum { ITEMS_MAX = 500, PAUSES_MAX = 1000, CHANGES_MAX = 1000, LIMIT_MAX = 10000, MONTHS_MAX = 12000 };

typedef struct Asked {
  Arena *mem;
  const Calendar *calendar;
  LampRule rule;
  const Json *q;
  Json *answer;
  int64_t now;
  Cx cx; /* the first fault, with its field */
} Asked;

/* Where in the question: "items[2].pauses[0].from". Made into text only for an error: made for every value it
 * took a tenth of the time of a long line. */
typedef struct Place {
  const struct Place *up;
  const char *key;
  int element; /* of an array, from 1; 0 = the member itself */
} Place;
#define ELEMENT(...) (&(const Place){__VA_ARGS__})
#define AT(up, key) ELEMENT(up, key, 0)

static Str place_text(Arena *mem, const Place *at) {
  if (!at) return S("");
  Str up = place_text(mem, at->up);
  Str key = arena_fmt(mem, "%.*s%s%s", SFMT(up), up.len ? "." : "", at->key);
  return at->element ? arena_fmt(mem, "%.*s[%d]", SFMT(key), at->element - 1) : key;
}

/* The place begins the sentence. */
static __attribute__((format(printf, 3, 4))) Code no(Asked *a, const Place *at, const char *fmt, ...) {
  Cx *cx = &a->cx;
  Str where = place_text(a->mem, at);
  va_list ap;
  va_start(ap, fmt);
  Str why = arena_vfmt(a->mem, fmt, ap);
  va_end(ap);
  FAIL_AT(INVALID, where, S(""), "%.*s%s%.*s", SFMT(where), where.len ? " " : "", SFMT(why));
}

/* ---- reading the question ------------------------------------------------------------------------- */

static Code when_of(Asked *a, const Json *o, const Place *at, int64_t *ms) {
  const Json *v = json_get(o, str_of(at->key));
  char text[40];
  Day day;
  if (!v || v->kind == JSON_NULL) return no(a, at, "没有写");
  if (v->kind != JSON_STR || v->str.len >= sizeof text) return no(a, at, "要写成 2019-09-02T09:00:00 这样的时刻");
  if (day_parse(v->str, &day)) {
    *ms = day_start(day);
  } else {
    memcpy(text, v->str.ptr, v->str.len);
    if (v->str.len > 10 && text[10] == ' ') text[10] = 'T';
    if (!time_parse((Str){.ptr = text, .len = v->str.len}, ms))
      return no(a, at, "要写成 2019-09-02T09:00:00 这样的时刻，收到“%.*s”", SFMT(v->str));
  }
  if (!calendar_covers(day_of(*ms))) return no(a, at, "不在 2000 年至 2099 年之内");
  return OK;
}

static bool given(const Json *v) {
  return v && v->kind != JSON_NULL;
}

static Code count_of(Asked *a, const Json *o, const Place *at, int64_t most, int *out) {
  const Json *v = json_get(o, str_of(at->key));
  if (!given(v)) return no(a, at, "没有写");
  if (v->kind != JSON_INT || v->num < 0 || v->num > most) return no(a, at, "要是 0 到 %lld 的整数", (long long)most);
  *out = (int)v->num;
  return OK;
}

typedef struct Life { /* one item of a question */
  ItemClock clock;
  bool left_out; /* refused or withdrawn: the upper platform leaves it out */
} Life;

static Code pause_read(Asked *a, const Json *o, const Place *at, int64_t start, int64_t stop, Pause *out, bool *counts) {
  int64_t from, to = 0;
  Str kind = json_str(o, S("kind"));
  if (o->kind != JSON_OBJ) return no(a, at, "要是一个对象：from、to、kind");
  TRY(when_of(a, o, AT(at, "from"), &from));
  bool closed = given(json_get(o, S("to")));
  if (closed) TRY(when_of(a, o, AT(at, "to"), &to));
  if (closed && to < from) return no(a, AT(at, "to"), "早于 from");
  bool special = str_eq(kind, S("special"));
  if (!special && !str_eq(kind, S("correction"))) return no(a, AT(at, "kind"), "要是 correction 或 special");
  bool open = !closed || to > stop;
  *out = (Pause){.from = day_of(from), .to = day_of(to), .open = open, .holder = special ? HELD_THIRD : HELD_APPLICANT};
  *counts = from >= start && from <= stop;
  return OK;
}

static Code pauses_read(Asked *a, const Json *o, const Place *up, int64_t start, int64_t stop, ItemClock *k) {
  const Json *list = json_get(o, S("pauses"));
  if (!given(list)) return OK;
  if (list->kind != JSON_ARR || list->count > PAUSES_MAX) return no(a, AT(up, "pauses"), "要是一个数组，最多 %d 项", PAUSES_MAX);
  Pause *pauses = arena_array(a->mem, Pause, list->count + 1);
  int n = 0;
  for (const Json *one = list->first; one; one = one->next) {
    bool counts = false;
    TRY(pause_read(a, one, ELEMENT(up, "pauses", ++n), start, stop, &pauses[k->pause_count], &counts));
    if (counts) k->pause_count++;
  }
  k->pauses = pauses;
  return OK;
}

static const struct {
  const char *word;
  EndKind kind;
  bool left_out;
} ends[] = {{"done", END_DONE, false},        {"passed", END_DONE, false},    {"refused", END_DONE, true},
            {"stopped", END_STOPPED, true},   {"ended", END_STOPPED, true},   {"withdrawn", END_STOPPED, true},
            {"not_accepted", END_STOPPED, true}};

static Code end_read(Asked *a, const Json *o, const Place *up, int64_t start, int64_t *stop, Life *out) {
  int64_t end;
  const Json *kind = json_get(o, S("end_kind"));
  size_t which = 0;
  *stop = a->now;
  if (given(kind)) {
    while (which < COUNT(ends) && !(kind->kind == JSON_STR && str_eqz(kind->str, ends[which].word))) which++;
    if (which == COUNT(ends)) return no(a, AT(up, "end_kind"), "要是 done、refused、withdrawn、stopped 之一");
  }
  if (!given(json_get(o, S("end")))) return OK;
  TRY(when_of(a, o, AT(up, "end"), &end));
  if (end < start) return no(a, AT(up, "end"), "早于 start");
  if (end > a->now) return OK;
  *stop = end;
  out->clock.end = day_of(end);
  out->clock.end_kind = ends[which].kind;
  out->left_out = ends[which].left_out;
  return OK;
}

static Code life_read(Asked *a, const Json *o, const Place *up, Life *out, int64_t *began) {
  int64_t start, stop;
  *out = (Life){0};
  if (o->kind != JSON_OBJ) return no(a, up, "要是一个对象");
  TRY(when_of(a, o, AT(up, "start"), &start));
  TRY(count_of(a, o, AT(up, "limit"), LIMIT_MAX, &out->clock.limit));
  TRY(end_read(a, o, up, start, &stop, out));
  out->clock.start = day_of(start);
  *began = start;
  return pauses_read(a, o, up, start, stop, &out->clock);
}

static Code changes_read(Asked *a) {
  const Json *list = json_get(a->q, S("calendar"));
  int n = 0;
  if (!given(list)) return OK;
  if (list->kind != JSON_ARR || list->count > CHANGES_MAX)
    return no(a, AT(NULL, "calendar"), "要是一个数组，最多 %d 项", CHANGES_MAX);
  DayChange *changes = arena_array(a->mem, DayChange, list->count + 1);
  for (const Json *o = list->first; o; o = o->next, n++) {
    bool pair = o->kind == JSON_ARR && o->count == 2 && o->first->kind == JSON_STR && o->last->kind == JSON_STR;
    if (!pair || !day_parse(o->first->str, &changes[n].day) || !calendar_covers(changes[n].day) ||
        !day_kind_parse(o->last->str, &changes[n].kind))
      return no(a, ELEMENT(NULL, "calendar", n + 1), "要写成 [\"2020-01-31\", \"holiday\"]，第二项是 holiday、workday 或 normal");
  }
  if (n) a->calendar = calendar_with(a->mem, a->calendar, changes, (size_t)n);
  return OK;
}

/* ---- writing the answer --------------------------------------------------------------------------- */

static void put_day(Asked *a, Str key, bool there, Day d) {
  static const Json nothing = {.kind = JSON_NULL};
  if (there) json_put_str(a->mem, a->answer, key, day_str(a->mem, d));
  else json_put(a->mem, a->answer, key, &nothing);
}

static void put_held(Asked *a, const Reading *r) {
  Json *held = json_put_arr(a->mem, a->answer, S("held"));
  for (int h = 0; h < HOLDER__MAX; h++) {
    Json n = {.kind = JSON_INT, .num = r->held[h]};
    json_push(a->mem, held, &n);
  }
}

static void put_reading(Asked *a, const Reading *r, int provincial) {
  static const Json nothing = {.kind = JSON_NULL};
  Arena *m = a->mem;
  put_day(a, S("due"), r->has_due, r->due);
  if (r->paused) put_day(a, S("due_if_resumed_today"), true, r->due_if_resumed_today);
  json_put_int(m, a->answer, S("used"), r->used);
  json_put_int(m, a->answer, S("left"), r->left);
  json_put_int(m, a->answer, S("gross"), r->gross);
  put_held(a, r);
  json_put_bool(m, a->answer, S("overdue"), r->overdue);
  json_put_int(m, a->answer, S("overdue_days"), r->overdue_days);
  json_put_str(m, a->answer, S("lamp"), lamp_code(r->lamp));
  json_put_bool(m, a->answer, S("provisional"), r->provisional);
  if (provincial >= 0) json_put_int(m, a->answer, S("provincial"), provincial);
  else json_put(m, a->answer, S("provincial"), &nothing);
}

static Code answer_item(Asked *a) {
  Life life;
  int64_t began;
  TRY(life_read(a, a->q, NULL, &life, &began));
  Day today = day_of(a->now);
  Reading r = clock_item(a->calendar, &life.clock, today, a->rule);
  put_reading(a, &r, clock_item_provincial(a->calendar, &life.clock, life.left_out, today));
  return OK;
}

static Code stage_finish(Asked *a, int64_t began, StageClock *k) {
  const Json *v = json_get(a->q, S("finished"));
  int64_t end;
  if (!given(v) || (v->kind == JSON_BOOL && !v->num)) return OK;
  TRY(when_of(a, a->q, AT(NULL, "finished"), &end));
  if (end < began) return no(a, AT(NULL, "finished"), "早于阶段的受理");
  if (end > a->now) return OK;
  k->end_kind = END_DONE;
  k->end = day_of(end);
  return OK;
}

/* A stage begins with its acceptance; where the question does not name it, with its first item's. */
static Code answer_stage(Asked *a) {
  const Json *list = json_get(a->q, S("items")), *first = json_get(a->q, S("start"));
  StageClock k = {0};
  int64_t began = 0;
  size_t n = 0;
  TRY(count_of(a, a->q, AT(NULL, "limit"), LIMIT_MAX, &k.limit));
  if (!list || list->kind != JSON_ARR || list->count > ITEMS_MAX)
    return no(a, AT(NULL, "items"), "要是一个数组，最多 %d 项", ITEMS_MAX);
  if (given(first)) TRY(when_of(a, a->q, AT(NULL, "start"), &began));
  if (!given(first) && !list->count) return no(a, AT(NULL, "items"), "是空的，这时要写 start：阶段的受理时刻");
  ItemClock *items = arena_array(a->mem, ItemClock, list->count + 1);
  bool *left_out = arena_array(a->mem, bool, list->count + 1);
  for (const Json *o = list->first; o; o = o->next, n++) {
    Life life;
    int64_t start;
    TRY(life_read(a, o, ELEMENT(NULL, "items", (int)n + 1), &life, &start));
    items[n] = life.clock;
    left_out[n] = life.left_out;
    if (!given(first) && (!n || start < began)) began = start;
  }
  k.start = day_of(began);
  k.items = items;
  k.item_count = n;
  TRY(stage_finish(a, began, &k));
  Day today = day_of(a->now);
  Reading r = clock_stage(a->mem, a->calendar, &k, today, a->rule);
  put_reading(a, &r, clock_stage_provincial(a->mem, a->calendar, &k, left_out, today));
  return OK;
}

/* A month clock 自然月 cannot be paused; its days are calendar days. */
static Code answer_month(Asked *a) {
  int64_t start;
  int months;
  TRY(when_of(a, a->q, AT(NULL, "start"), &start));
  TRY(count_of(a, a->q, AT(NULL, "months"), MONTHS_MAX, &months));
  Day from = day_of(start), today = day_of(a->now), due = clock_months(a->calendar, from, months);
  int limit = due.n - from.n, used = today.n > from.n ? today.n - from.n : 0, left = limit - used;
  bool warns = left <= a->rule.warn_days || (a->rule.warn_of > 0 && left * a->rule.warn_of <= limit);
  Lamp lamp = today.n < from.n ? LAMP_NONE : today.n > due.n ? LAMP_RED : warns ? LAMP_YELLOW : LAMP_GREEN;
  put_day(a, S("due"), true, due);
  json_put_int(a->mem, a->answer, S("used"), used);
  json_put_int(a->mem, a->answer, S("left"), left);
  json_put_int(a->mem, a->answer, S("gross"), used);
  json_put_bool(a->mem, a->answer, S("overdue"), today.n > due.n);
  json_put_str(a->mem, a->answer, S("lamp"), lamp_code(lamp));
  json_put_bool(a->mem, a->answer, S("provisional"), calendar_is_provisional(a->calendar, due));
  return OK;
}

static Code optional_when(Asked *a, const Place *at, int64_t receipt, bool *there, int64_t *ms) {
  *there = false;
  if (!given(json_get(a->q, str_of(at->key)))) return OK;
  TRY(when_of(a, a->q, at, ms));
  if (*ms < receipt) return no(a, at, "早于 receipt");
  *there = *ms <= a->now;
  return OK;
}

/* 行政许可法 32(4): five working days for the one-time notice or the acceptance; `limit` is the limit that
 * runs from acceptance. A notice in time ends the waiting: what follows is a new receipt. */
static Code answer_deemed(Asked *a) {
  enum { NOTICE_DAYS = 5 };
  int64_t receipt, notice = 0, accepted = 0;
  bool noticed, was_accepted;
  int limit;
  TRY(when_of(a, a->q, AT(NULL, "receipt"), &receipt));
  TRY(count_of(a, a->q, AT(NULL, "limit"), LIMIT_MAX, &limit));
  TRY(optional_when(a, AT(NULL, "notice"), receipt, &noticed, &notice));
  TRY(optional_when(a, AT(NULL, "accepted"), receipt, &was_accepted, &accepted));
  Day from = day_of(receipt), deadline = calendar_add(a->calendar, from, NOTICE_DAYS);
  Day turns = clock_deemed_from(a->calendar, from, NOTICE_DAYS);
  bool told = noticed && notice < day_start(turns), taken = was_accepted && accepted < day_start(turns);
  bool deemed = !told && !taken && a->now >= day_start(turns);
  if (was_accepted && told) taken = true;
  Day on = deemed ? from : day_of(accepted);
  put_day(a, S("notice_deadline"), true, deadline);
  put_day(a, S("deemed_on"), deemed, turns);
  put_day(a, S("accepted_on"), deemed || taken, on);
  Day due = calendar_add(a->calendar, on, limit);
  put_day(a, S("due"), deemed || taken, due);
  json_put_bool(a->mem, a->answer, S("provisional"),
                calendar_is_provisional(a->calendar, deemed || taken ? due : deadline));
  json_put_str(a->mem, a->answer, S("state"), deemed ? S("deemed") : taken ? S("accepted") : told ? S("noticed") : S("waiting"));
  return OK;
}

/* ---- one line ------------------------------------------------------------------------------------- */

static Code answer(Asked *a, Str line) {
  static const struct { const char *type; Code (*answer)(Asked *a); } types[] = {
      {"item", answer_item}, {"stage", answer_stage}, {"month", answer_month}, {"deemed", answer_deemed}};
  Json *q = NULL;
  TRY(json_parse(&a->cx, line, &q));
  if (q->kind != JSON_OBJ) return no(a, NULL, "每一行要是一个 JSON 对象");
  a->q = q;
  Str type = json_str(q, S("type"));
  TRY(when_of(a, q, AT(NULL, "now"), &a->now));
  TRY(changes_read(a));
  for (size_t i = 0; i < COUNT(types); i++)
    if (str_eqz(type, types[i].type)) return types[i].answer(a);
  return no(a, AT(NULL, "type"), "要是 item、stage、month 或 deemed");
}

/* What an earlier run wrote into a line goes: a line has an answer or an error, of this run. Linked by
 * hand: json_put looks for the key first, and a line may have 100 000 of them. */
static Json *question_copy(Arena *mem, const Json *q) {
  Json *out = json_obj(mem);
  for (const Json *v = q && q->kind == JSON_OBJ ? q->first : NULL; v; v = v->next) {
    if (str_eq(v->key, S("answer")) || str_eq(v->key, S("error"))) continue;
    Json *kid = arena_new(mem, Json);
    *kid = *v;
    kid->next = NULL;
    if (out->last) out->last->next = kid;
    else out->first = kid;
    out->last = kid;
    out->count++;
  }
  return out;
}

void clock_answer(Arena *mem, const Calendar *c, LampRule rule, Str line, Buf *out) {
  Asked a = {.mem = mem, .calendar = c, .rule = rule, .answer = json_obj(mem), .cx = {.mem = mem}};
  if (str_starts(line, S("\xEF\xBB\xBF"))) line = str_sub(line, 3, SIZE_MAX);
  Code code = utf8_valid(line) ? answer(&a, line) : MALFORMED;
  Json *all = question_copy(mem, a.q);
  if (code == OK) {
    json_put(mem, all, S("answer"), a.answer);
  } else {
    Json *error = json_put_obj(mem, all, S("error"));
    json_put_str(mem, error, S("field"), a.cx.field);
    json_put_str(mem, error, S("text"), a.cx.detail.len ? a.cx.detail : S("这一行不是 UTF-8 文字"));
  }
  json_write(out, all);
  buf_char(out, '\n');
}
