/* SPDX-License-Identifier: Apache-2.0 */
/* finish.c: what the engines of the room share: words, the package under its calendar, whose project, files. */
#include "finish/finish_int.h"

#define WORD(s) {.ptr = s, .len = sizeof(s) - 1}
static const struct { Str text, label; } words[] = {
    {WORD("started"), WORD("待安排")}, {WORD("scheduled"), WORD("待勘验")}, {WORD("rectify"), WORD("整改中")}, {WORD("ready"), WORD("待出意见")},
    {WORD("concluded"), WORD("已出意见")}, {WORD("withdrawn"), WORD("已撤回")}, {WORD("pass"), WORD("合格")}, {WORD("issue"), WORD("问题")},
    {WORD("record"), WORD("记录")}, {WORD("applied"), WORD("待答复")}, {WORD("answered"), WORD("已有方案")}, {WORD("connecting"), WORD("待接入")},
    {WORD("connected"), WORD("已接入")}, {WORD("closed"), WORD("已随项目结束")},
    {WORD("commissioned"), WORD("测绘中")}, {WORD("delivered"), WORD("成果已交")}, {WORD("cancelled"), WORD("已撤销")}, {WORD("entered"), WORD("已入驻")},
    {WORD("refused"), WORD("不准入驻")}, {WORD("removed"), WORD("已清退")}};

Str finish_label(Str status) {
  for (size_t i = 0; i < COUNT(words); i++)
    if (str_eq(words[i].text, status)) return words[i].label;
  return status;
}

/* ---- what deciding reads ---------------------------------------------------------------------------- */

static const Sql sql_calendar = {"finish.calendar", "", "i", "SELECT max(version) FROM calendar_version"};
static const Sql sql_project = {"finish.project", "i", "sssssss",
                                "SELECT number, name, uscc, owner, applicant, county, status FROM project WHERE no = ?1"};

Code finish__facts(Cx *cx, Db *views, const Command *cmd, int64_t project, Json **out) {
  int64_t version = 0;
  TRY(kit_facts(cx, views, cmd, out));
  TRY(kit_actor(cx, views, cmd, *out));
  TRY(db_int(cx, views, &sql_calendar, NO_VALS, 0, &version));
  if (version) json_put_int(cx->mem, *out, S("calendar"), version);
  return kit_mandate(cx, views, cmd, project, *out);
}

Code finish__project(Cx *cx, Db *views, int64_t no, Json *out) {
  static const char *const names[] = {"number", "name", "uscc", "owner", "applicant", "county", "status"};
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_project, VALS(val_i(no)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  Json *o = json_put_obj(cx->mem, out, S("project"));
  for (size_t i = 0; i < COUNT(names); i++) json_put_str(cx->mem, o, str_of(names[i]), row_s(cx, r, (int)i));
  return OK;
}

const Policy *finish__policy(Cx *cx, const Ask *ask) {
  const Policy *own = ask->env;
  int version = (int)json_int(ask->facts, S("calendar"), 0);
  return version ? policy_with_calendar(cx->mem, kit_policy(ask), own->calendars, version) : kit_policy(ask);
}

/* ---- files, days, names -------------------------------------------------------------------------------- */

Code finish__files_check(Cx *cx, const Json *list) {
  Hash ignored;
  for (const Json *f = list ? list->first : NULL; f; f = f->next)
    if (!hash_unhex(json_str(f, S("blob")), &ignored) || !json_str(f, S("name")).len)
      FAIL_AT(INVALID, S("files"), S(""), "照片和附件要写明 blob（上传后得到的散列）和文件名");
  return OK;
}

size_t finish__files(Arena *mem, const Json *list, FinishFile **out) {
  size_t n = 0;
  *out = arena_array(mem, FinishFile, list ? list->count + 1 : 1);
  for (const Json *f = list ? list->first : NULL; f; f = f->next)
    (*out)[n++] = (FinishFile){.blob = kit_keep(mem, f, "blob"), .name = kit_keep(mem, f, "name"), .size = json_int(f, S("size"), 0)};
  return n;
}

Day finish__day(const Json *body, const char *key) {
  Day day = {0};
  return day_parse(json_str(body, str_of(key)), &day) ? day : (Day){0};
}

Str finish__unit(const Policy *p, Str code) {
  const Unit *u = policy_unit(p, code);
  return u ? u->name : code;
}

const Engine *const finish_engines[FINISH_ENGINES] = {&busy_engine_base, &acceptance_engine_base, &utility_engine_base, &surveyor_engine_base, &survey_engine_base};
