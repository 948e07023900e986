/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_appraise.c: the evaluation of three years: the last one with opinions about its draft, closed and reported, this one being scored, the next one a draft. Years
 * are those of the end of the demonstration; what is scored is drawn from the unit, so that all grades occur.
 */
#include "main/demo.h"

const DemoRow demo_appraise_rows[] = {
    {54, 0, "wu", "appraisal.draft", "KP1", "{'year':-1}", false},
    {53, 0, "wu", "appraisal.publish", "KP1", "{}", false},
    {50, 0, "hd-housing-construction", "appraisal.score", "KP1", "{'side':'self','phase':'daily'}", false},
    {50, 10, "hd-natural-resources", "appraisal.score", "KP1", "{'side':'self','phase':'daily'}", false},
    {50, 20, "hd-longgang", "appraisal.score", "KP1", "{'side':'self','phase':'daily'}", false},
    {49, 0, "wu", "appraisal.score", "KP1", "{'side':'inspection','phase':'daily'}", false},
    {46, 0, "hd-housing-construction", "appraisal.score", "KP1", "{'side':'self','phase':'final'}", false},
    {45, 0, "wu", "appraisal.score", "KP1", "{'side':'inspection','phase':'final'}", false},
    {40, 0, "wu", "appraisal.consult", "KP1", "{}", false},
    {39, 0, "hd-longgang", "appraisal.opine", "KP1", "{'text':'区里的窗口去年十月才搬进政务大厅，日常评分没有看十月以后的台账（示例）。','about':'longgang'}", false},
    {39, 5, "ap-natural-resources", "appraisal.opine", "KP1", "{'text':'窗口人员的培训次数应当按实到人数算，不应当按发文次数算（示例）。'}", false},
    {39, 10, "owner", "appraisal.opine", "KP1", "{'text':'去年办施工许可比前年少跑了三趟，希望各县区也一样快（示例）。'}", false},
    {38, 0, "wu", "appraisal.opine", "KP1", "{'kind':'cadre','said_by':'窗口人员座谈会','text':'自评应当附照片和名单，免得各家口径不一（示例）。'}", false},
    {36, 0, "wu", "appraisal.answer-opinion", "KP1", "{'no':1,'result':'adopted','text':'已补看十月以后的台账，重新评分（示例）。'}", false},
    {36, 5, "wu", "appraisal.answer-opinion", "KP1", "{'no':2,'result':'explained','text':'今年的评价办法已经公布，不再改；明年按实到人数算（示例）。'}", false},
    {36, 10, "wu", "appraisal.answer-opinion", "KP1", "{'no':3,'result':'explained','text':'谢谢。县区的时限完成情况单独算了一项（示例）。'}", false},
    {36, 15, "wu", "appraisal.answer-opinion", "KP1", "{'no':4,'result':'adopted','text':'明年的评价办法写进自评附件的要求（示例）。'}", false},
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
  if (!strcmp(r->command, "appraisal.close") || !strcmp(r->command, "appraisal.consult")) {
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
