/* SPDX-License-Identifier: Apache-2.0 */
/* rating_fold.c: a rating from its events, its row, the clock of its reply, the lists and the sums. */
#include "notice/notice_int.h"

static void fold_answered(Arena *mem, Verdict *r, const Event *e) {
  const Json *b = e->body, *list = json_get(b, S("aspects"));
  r->status = S("answered");
  r->level = (int)json_int(b, S("level"), 0);
  r->felt = (int)json_int(b, S("felt"), 0);
  r->gained = (int)json_int(b, S("gained"), 0);
  r->satisfied = (int)json_int(b, S("satisfied"), 0);
  r->text = kit_keep(mem, b, "text");
  r->link = json_bool(b, S("link"));
  r->days = (int)json_int(b, S("days"), 0);
  r->answered_at = e->happened;
  r->aspects = S("");
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    r->aspects = r->aspects.len ? arena_fmt(mem, "%.*s,%.*s", SFMT(r->aspects), SFMT(x->str)) : arena_str(mem, x->str);
}

void *rating_fold(Arena *mem, void *state, const Event *e) {
  Verdict *r = state ? state : arena_new(mem, Verdict);
  const Json *b = e->body;
  r->seq = e->seq;
  if (str_eqz(e->kind, "rating.opened")) {
    Str *const texts[] = {&r->number, &r->name, &r->category, &r->county, &r->unit, &r->applicant, &r->owner, &r->uscc};
    static const char *const names[] = {"number", "name", "category", "county", "unit", "applicant", "owner", "uscc"};
    for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = kit_keep(mem, b, names[i]);
    r->project = json_int(b, S("project"), 0);
    r->stage = (int)json_int(b, S("stage"), 0);
    r->opened_at = e->happened;
    r->status = S("open");
  }
  if (str_eqz(e->kind, "rating.answered")) fold_answered(mem, r, e);
  if (str_eqz(e->kind, "rating.replied")) {
    r->status = S("replied");
    r->found = kit_keep(mem, b, "found");
    r->done = kit_keep(mem, b, "done");
    r->called = json_bool(b, S("called"));
    r->reply_by = arena_str(mem, e->actor_name);
    r->replied_at = e->happened;
  }
  return r;
}

static Reading reply_reading(const Policy *p, int64_t answered, int64_t replied, int days, int64_t now) {
  ItemClock k = {.start = day_of(answered), .limit = days};
  if (replied) {
    k.end_kind = END_DONE;
    k.end = day_of(replied);
  }
  return clock_item(p->calendar, &k, day_of(now), p->lamp);
}

Reading rating_reading(const Policy *p, const Verdict *r, int64_t now) {
  return reply_reading(p, r->answered_at, r->replied_at, r->days, now);
}

/* ---- projection ------------------------------------------------------------------------------------------------ */

const char rating__schema[] =
    "CREATE TABLE rating(project INTEGER NOT NULL, stage INTEGER NOT NULL, number TEXT NOT NULL, name TEXT NOT NULL, category TEXT NOT NULL,"
    " county TEXT NOT NULL, unit TEXT NOT NULL, applicant TEXT NOT NULL, uscc TEXT NOT NULL, status TEXT NOT NULL, level INTEGER NOT NULL,"
    " felt INTEGER NOT NULL, gained INTEGER NOT NULL, satisfied INTEGER NOT NULL, bad INTEGER NOT NULL, opened INTEGER NOT NULL,"
    " answered INTEGER NOT NULL, replied INTEGER NOT NULL, days INTEGER NOT NULL, PRIMARY KEY(project, stage)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX rating_bad ON rating(answered) WHERE bad = 1;"
    "CREATE INDEX rating_uscc ON rating(uscc, opened);";

static const Sql sql_put = {"rating.put", "iissssssssiiiiiiiii", "",
                            "INSERT INTO rating(project, stage, number, name, category, county, unit, applicant, uscc, status, level, felt, gained,"
                            " satisfied, bad, opened, answered, replied, days)"
                            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19)"
                            " ON CONFLICT(project, stage) DO UPDATE SET status = excluded.status, level = excluded.level, felt = excluded.felt,"
                            " gained = excluded.gained, satisfied = excluded.satisfied, bad = excluded.bad, answered = excluded.answered,"
                            " replied = excluded.replied, days = excluded.days"};

Code rating__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Verdict *r = state;
  (void)env;
  (void)e;
  return db_run(cx, views, &sql_put,
                VALS(val_i(r->project), val_i(r->stage), val_s(r->number), val_s(r->name), val_s(r->category), val_s(r->county), val_s(r->unit),
                     val_s(r->applicant), val_s(r->uscc), val_s(r->status), val_i(r->level), val_i(r->felt), val_i(r->gained), val_i(r->satisfied),
                     val_i(r->level && r->level <= RATING_BAD), val_i(r->opened_at), val_i(r->answered_at), val_i(r->replied_at), val_i(r->days)));
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

Code rating_load(Cx *cx, Reader *rd, int64_t project, int stage, const Verdict **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "rating", arena_fmt(cx->mem, "%lld-%d", (long long)project, stage), "件评价：证件送达以后才请人评价", &state));
  *out = state;
  return OK;
}

Code rating_token(Cx *cx, Reader *rd, int64_t project, int stage, Str *out) {
  return reader_token(cx, rd, arena_fmt(cx->mem, "rating/%lld-%d", (long long)project, stage), out);
}

#define WHERE                                                                                                    \
  " FROM rating WHERE ((?1 = '' AND ?2 = '') OR uscc = ?1 OR applicant = ?2) AND (?3 = '' OR status = ?3) AND (?4 = 0 OR bad = 1)"
#define ROW "SELECT project, stage, opened, answered, replied, level, days, number, name, category, unit, status" WHERE
static const Sql sql_list = {"rating.list", "sssiii", "iiiiiiisssss", ROW " ORDER BY opened DESC, project, stage LIMIT ?5 OFFSET ?6"};
static const Sql sql_bad = {"rating.list-bad", "sssiii", "iiiiiiisssss",
                            ROW " ORDER BY CASE WHEN replied = 0 THEN 0 ELSE 1 END, answered, project, stage LIMIT ?5 OFFSET ?6"};
static const Sql sql_count = {"rating.count", "sssi", "i", "SELECT count(*)" WHERE};

Code ratings_list(Cx *cx, Reader *rd, const Policy *p, const RatingFilter *f, int64_t now, RatingRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  RatingRow *list = arena_array(cx->mem, RatingRow, f->limit + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_count, VALS(val_s(f->uscc), val_s(f->applicant), val_s(f->status), val_i(f->bad)), 0, total));
  TRY(db_rows(cx, reader_views(rd), f->bad ? &sql_bad : &sql_list,
              VALS(val_s(f->uscc), val_s(f->applicant), val_s(f->status), val_i(f->bad), val_i((int64_t)f->limit), val_i((int64_t)f->offset)), &r));
  while (*n < f->limit && rows_next(r)) {
    RatingRow *o = &list[(*n)++];
    *o = (RatingRow){.project = row_i(r, 0), .stage = (int)row_i(r, 1), .opened = row_i(r, 2), .answered = row_i(r, 3), .replied = row_i(r, 4),
                     .level = (int)row_i(r, 5)};
    Str *const texts[] = {&o->number, &o->name, &o->category, &o->unit, &o->status};
    for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 7);
    if (o->level && o->level <= RATING_BAD) o->reading = reply_reading(p, o->answered, o->replied, (int)row_i(r, 6), now);
  }
  return rows_end(cx, r);
}

#define SUM_OF(n) "sum(CASE WHEN level = " #n " THEN 1 ELSE 0 END)"
#define SUMS(key)                                                                                                             \
  "SELECT " key ", count(*), " SUM_OF(1) ", " SUM_OF(2) ", " SUM_OF(3) ", " SUM_OF(4) ", " SUM_OF(5)                            \
  ", sum(felt), sum(gained), sum(satisfied), sum(bad), sum(CASE WHEN bad = 1 AND replied > 0 THEN 1 ELSE 0 END) FROM rating GROUP BY " key " ORDER BY " key
static const Sql sql_by_category = {"rating.by-category", "", "siiiiiiiiiii", SUMS("category")};
static const Sql sql_by_unit = {"rating.by-unit", "", "siiiiiiiiiii", SUMS("unit")};

/* In hundredths, rounded. */
static int64_t mean_of(int64_t sum, int64_t n) {
  return n ? (sum * 200 + n) / (2 * n) : 0;
}

Code ratings_sum(Cx *cx, Reader *rd, bool by_unit, RatingSum **out, size_t *n) {
  enum { SUMS_MAX = 200 };
  SCOPED(rows_drop) Rows *r = NULL;
  RatingSum *list = arena_array(cx->mem, RatingSum, SUMS_MAX + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), by_unit ? &sql_by_unit : &sql_by_category, NO_VALS, &r));
  while (*n < SUMS_MAX && rows_next(r)) {
    RatingSum *s = &list[(*n)++];
    int64_t sum = 0;
    *s = (RatingSum){.key = row_s(cx, r, 0), .asked = row_i(r, 1), .bad = row_i(r, 10), .replied = row_i(r, 11)};
    for (int k = 1; k <= RATING_LEVELS; k++) {
      s->level[k] = row_i(r, 1 + k);
      s->n += s->level[k];
      sum += k * s->level[k];
    }
    s->mean = mean_of(sum, s->n);
    s->felt = mean_of(row_i(r, 7), s->n);
    s->gained = mean_of(row_i(r, 8), s->n);
    s->satisfied = mean_of(row_i(r, 9), s->n);
  }
  return rows_end(cx, r);
}
