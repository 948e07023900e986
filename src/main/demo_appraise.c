/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_appraise.c: the evaluation of three years: the last one closed and reported, this one being scored, the next one a draft. Years
 * are those of the end of the demonstration; what is scored is drawn from the unit, so that all grades occur.
 */
#include "main/demo.h"

const DemoRow demo_appraise_rows[] = {
    {30, 0, "wu", "appraisal.draft", "KP1", "{'year':-1}", false},
    {29, 0, "wu", "appraisal.publish", "KP1", "{}", false},
    {26, 0, "hd-housing-construction", "appraisal.score", "KP1", "{'side':'self','phase':'daily'}", false},
    {26, 10, "hd-natural-resources", "appraisal.score", "KP1", "{'side':'self','phase':'daily'}", false},
    {26, 20, "hd-longgang", "appraisal.score", "KP1", "{'side':'self','phase':'daily'}", false},
    {25, 0, "wu", "appraisal.score", "KP1", "{'side':'inspection','phase':'daily'}", false},
    {22, 0, "hd-housing-construction", "appraisal.score", "KP1", "{'side':'self','phase':'final'}", false},
    {21, 0, "wu", "appraisal.score", "KP1", "{'side':'inspection','phase':'final'}", false},
    {18, 0, "wu", "appraisal.close", "KP1", "{}", false},
    {15, 0, "wu", "appraisal.report", "KP1", "{}", false},
    {14, 0, "wu", "appraisal.draft", "KP2", "{'year':0}", false},
    {13, 0, "wu", "appraisal.publish", "KP2", "{}", false},
    {10, 0, "hd-housing-construction", "appraisal.score", "KP2", "{'side':'self','phase':'daily'}", false},
    {9, 0, "hd-suizhong", "appraisal.score", "KP2", "{'side':'self','phase':'daily'}", false},
    {8, 0, "wu", "appraisal.score", "KP2", "{'side':'inspection','phase':'daily'}", false},
    {7, 0, "wu", "appraisal.score", "KP2", "{'side':'inspection','phase':'final','some':true}", false},
    {0, 0, "wu", "appraisal.draft", "KP3", "{'year':1}", false},
};
const size_t demo_appraise_count = COUNT(demo_appraise_rows);

static int64_t year_of(int64_t ms) {
  int year, month, day;
  day_split(day_of(ms), &year, &month, &day);
  return year;
}

/* 58 to 99: mostly good, now and then bad. */
static Str score_of(Arena *m, const Demo *d, Str unit, Str indicator, const char *what) {
  uint64_t roll = demo_roll(d, (int64_t)(str_hash(unit) % 1000), 0, 0, indicator, what);
  int64_t base = str_hash(unit) % 17 == 3 ? 52 : str_hash(unit) % 5 == 1 ? 70 : 88;
  return hundredths_text(m, (base + (int64_t)(roll % 11)) * 100 + (int64_t)(roll / 16 % 4) * 25);
}

static void rows_fill(Arena *m, const Demo *d, const Appraisal *a, Str unit, bool self, bool some, Json *args) {
  Json *rows = json_put_arr(m, args, S("rows"));
  for (size_t o = 0; o < a->object_count; o++)
    for (size_t c = 0; c < a->criterion_count; c++) {
      if (a->criteria[c].figure.len || (self && !str_eq(a->objects[o], unit)) || (some && o % 4 == 2)) continue;
      Json *x = json_push_obj(m, rows);
      json_put_str(m, x, S("unit"), a->objects[o]);
      json_put_str(m, x, S("indicator"), a->criteria[c].code);
      json_put_str(m, x, S("score"), score_of(m, d, a->objects[o], a->criteria[c].code, self ? "self" : "inspection"));
    }
  json_put_str(m, args, S("evidence"), self ? S("本单位台账和工作总结（示例）。") : S("查阅台账，抽查办件，现场看窗口（示例）。"));
}

Code demo_appraise_args(Cx *cx, const Demo *d, Reader *rd, const DemoRow *r, Str stream, int64_t at, Json *args) {
  Arena *m = cx->mem;
  const Appraisal *a = NULL;
  int64_t year = 0;
  Str head, no;
  if (json_get(args, S("year"))) {
    json_put_int(m, args, S("year"), year_of(d->end) + json_int(args, S("year"), 0));
    return OK;
  }
  if (!str_cut(stream, '/', &head, &no) || !str_to_i64(no, &year)) return OK;
  reader_begin(rd);
  TRY(appraisal_load(cx, rd, year, &a));
  if (!strcmp(r->command, "appraisal.close")) {
    Day last = day_ymd((int)year, 12, 31), before = {day_of(at).n - 1};
    json_put_str(m, args, S("as_of"), day_str(m, before.n < last.n ? before : last));
  }
  if (strcmp(r->command, "appraisal.score") != 0) return OK;
  bool self = str_eqz(json_str(args, S("side")), "self"), some = json_bool(args, S("some"));
  Json *plain = json_obj(m);
  json_put_str(m, plain, S("side"), json_str(args, S("side")));
  json_put_str(m, plain, S("phase"), json_str(args, S("phase")));
  rows_fill(m, d, a, demo_account(d, str_of(r->who))->unit, self, some, plain);
  *args = *plain;
  return OK;
}
