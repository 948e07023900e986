/* SPDX-License-Identifier: Apache-2.0 */
/* survey_views.c: a survey from its events, its rows, what deciding reads, what follows the case, lists. */
#include "finish/finish_int.h"

static void fold_commissioned(Arena *mem, Survey *s, const Event *e) {
  const Json *b = e->body, *parts = json_get(b, S("parts"));
  const struct { Str *to; const char *key; } texts[] = {
      {&s->number, "number"}, {&s->project_number, "project_number"}, {&s->project_name, "project_name"}, {&s->owner, "owner"}, {&s->uscc, "uscc"},
      {&s->applicant, "applicant"}, {&s->surveyor_name, "surveyor_name"}, {&s->surveyor_uscc, "surveyor_uscc"}, {&s->area_rule, "area_rule"},
      {&s->repeat, "repeat"}, {&s->reason, "reason"}};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i].to = kit_keep(mem, b, texts[i].key);
  s->no = json_int(b, S("no"), 0);
  s->project = json_int(b, S("project"), 0);
  s->surveyor = json_int(b, S("surveyor"), 0);
  s->fee = json_int(b, S("fee"), 0);
  s->area_sample = json_bool(b, S("area_sample"));
  s->status = S("commissioned");
  s->commissioned_at = e->happened;
  s->tasks = arena_array(mem, SurveyTask, parts ? parts->count + 1 : 1);
  for (const Json *x = parts ? parts->first : NULL; x; x = x->next)
    s->tasks[s->task_count++] = (SurveyTask){.code = kit_keep(mem, x, "code"), .name = kit_keep(mem, x, "name"), .unit = kit_keep(mem, x, "unit"), .item = kit_keep(mem, x, "item")};
}

void *survey_fold(Arena *mem, void *state, const Event *e) {
  Survey *s = state ? state : arena_new(mem, Survey);
  const Json *b = e->body;
  s->seq = e->seq;
  if (str_eqz(e->kind, "survey.commissioned")) fold_commissioned(mem, s, e);
  if (str_eqz(e->kind, "survey.delivered")) {
    FinishFile *files = NULL;
    if (finish__files(mem, json_get(b, S("files")), &files)) s->file = files[0];
    const struct { Str *to; const char *key; } texts[] = {{&s->total, "total"}, {&s->above, "above"}, {&s->below, "below"}, {&s->counted, "counted"},
                                                          {&s->note, "note"},   {&s->signature, "signature"}};
    for (size_t i = 0; i < COUNT(texts); i++) *texts[i].to = kit_keep(mem, b, texts[i].key);
    s->checked = json_bool(b, S("checked"));
    s->status = S("delivered");
    s->delivered_at = e->happened;
  }
  if (str_eqz(e->kind, "survey.cancelled")) {
    s->status = S("cancelled");
    s->end_reason = kit_keep(mem, b, "reason");
  }
  return s;
}

Str survey_apart(Arena *mem, Str declared, Str measured) {
  Milli said, got;
  if (!milli_parse(declared, &said) || !milli_parse(measured, &got) || said.v <= 0) return S("");
  int64_t apart = got.v > said.v ? got.v - said.v : said.v - got.v;
  if (!apart) return S("相同");
  if (apart / 1000 > INT32_MAX) return S("");
  Str tenths = milli_str(mem, (Milli){(apart * 1000 + said.v / 2) / said.v * 100}), gap = milli_str(mem, (Milli){apart});
  return arena_fmt(mem, "%s %.*s ㎡，约 %.*s%%", got.v > said.v ? "多" : "少", SFMT(gap), SFMT(tenths));
}

Str survey_off(Arena *mem, const Policy *p, Str declared, Str measured) {
  Milli said, got;
  if (!p->area_off || !milli_parse(declared, &said) || !milli_parse(measured, &got) || said.v <= 0) return S("");
  int64_t apart = got.v > said.v ? got.v - said.v : said.v - got.v;
  if (apart / 1000 > INT32_MAX || apart * 100 <= said.v * p->area_off) return S("");
  Str gap = survey_apart(mem, declared, measured);
  return arena_fmt(mem, "测得的总建筑面积 %.*s ㎡，登记项目时申报的建筑面积 %.*s ㎡，%.*s，超过 %d%%%s。", SFMT(measured), SFMT(declared), SFMT(gap), p->area_off,
                   p->area_source.sample ? "（示例）" : "");
}

/* ---- rows ------------------------------------------------------------------------------------------------------------ */

static const char schema[] =
    "CREATE TABLE survey(no INTEGER PRIMARY KEY, number TEXT NOT NULL, year INTEGER NOT NULL, year_seq INTEGER NOT NULL, project INTEGER NOT NULL,"
    " project_number TEXT NOT NULL, project_name TEXT NOT NULL, owner TEXT NOT NULL, surveyor TEXT NOT NULL, surveyor_uscc TEXT NOT NULL, status TEXT NOT NULL,"
    " fee INTEGER NOT NULL, repeated TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL) STRICT;"
    "CREATE INDEX survey_project ON survey(project, no);"
    "CREATE INDEX survey_agency ON survey(surveyor_uscc, no);"
    "CREATE TABLE survey_part(survey INTEGER NOT NULL, code TEXT NOT NULL, unit TEXT NOT NULL, PRIMARY KEY(survey, code)) WITHOUT ROWID, STRICT;";
static const Sql sql_put = {"survey.put", "isiiissssssissi", "",
                            "INSERT INTO survey(no, number, year, year_seq, project, project_number, project_name, owner, surveyor, surveyor_uscc, status, fee, repeated,"
                            " reason, at) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15) ON CONFLICT(no) DO UPDATE SET status = excluded.status"};
static const Sql sql_part = {"survey.part", "iss", "", "INSERT INTO survey_part(survey, code, unit) VALUES(?1,?2,?3) ON CONFLICT(survey, code) DO NOTHING"};

static Code survey_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Survey *s = state;
  int64_t year, seq;
  (void)env;
  (void)e;
  kit_year_parts(s->number, &year, &seq);
  TRY(db_run(cx, views, &sql_put,
             VALS(val_i(s->no), val_s(s->number), val_i(year), val_i(seq), val_i(s->project), val_s(s->project_number), val_s(s->project_name), val_s(s->owner),
                  val_s(s->surveyor_name), val_s(s->surveyor_uscc), val_s(s->status), val_i(s->fee), val_s(s->repeat), val_s(s->reason), val_i(s->commissioned_at))));
  for (size_t i = 0; i < s->task_count; i++) TRY(db_run(cx, views, &sql_part, VALS(val_i(s->no), val_s(s->tasks[i].code), val_s(s->tasks[i].unit))));
  return OK;
}

/* ---- what deciding reads ------------------------------------------------------------------------------------------------ */

static const Sql sql_last = {"survey.last", "", "i", "SELECT max(no) FROM survey"};
static const Sql sql_year = {"survey.year", "i", "i", "SELECT max(year_seq) FROM survey WHERE year = ?1"};
static const Sql sql_had = {"survey.had", "i", "ss",
                            "SELECT s.number, p.code FROM survey s JOIN survey_part p ON p.survey = s.no WHERE s.project = ?1 AND s.status <> 'cancelled' ORDER BY s.no, p.code"};
static const Sql sql_category = {"survey.category", "i", "s", "SELECT category FROM project WHERE no = ?1"};
static const Sql sql_surveyor = {"survey.surveyor", "i", "sssi", "SELECT name, uscc, CASE WHEN " SURVEYOR_REPLACED " THEN 'replaced' ELSE status END, until FROM surveyor s WHERE no = ?1"};
static const Sql sql_waiting = {"survey.waiting", "i", "i", "SELECT count(*) FROM survey WHERE project = ?1 AND status = 'commissioned'"};
static const Sql sql_qualified = {"survey.qualified", "si", "i", "SELECT count(*) FROM surveyor s WHERE uscc = ?1 AND status = 'entered' AND until >= ?2 AND NOT " SURVEYOR_REPLACED};
static const Sql sql_open = {"survey.open", "i", "i", "SELECT no FROM survey WHERE project = ?1 AND status = 'commissioned' ORDER BY no"};

static Code had_read(Cx *cx, Db *views, int64_t project, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  Json *list = json_put_arr(cx->mem, out, S("had"));
  TRY(db_rows(cx, views, &sql_had, VALS(val_i(project)), &r));
  while (rows_next(r)) {
    Json *o = json_push_obj(cx->mem, list);
    json_put_str(cx->mem, o, S("number"), row_s(cx, r, 0));
    json_put_str(cx->mem, o, S("code"), row_s(cx, r, 1));
  }
  return rows_end(cx, r);
}

static Code category_read(Cx *cx, Db *views, int64_t project, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  Json *pr = (Json *)(uintptr_t)json_get(out, S("project"));
  if (!pr) return OK;
  TRY(db_rows(cx, views, &sql_category, VALS(val_i(project)), &r));
  if (rows_next(r)) json_put_str(cx->mem, pr, S("category"), row_s(cx, r, 0));
  return rows_end(cx, r);
}

static Code surveyor_read(Cx *cx, Db *views, int64_t no, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_surveyor, VALS(val_i(no)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  Json *o = json_put_obj(cx->mem, out, S("surveyor"));
  json_put_str(cx->mem, o, S("name"), row_s(cx, r, 0));
  json_put_str(cx->mem, o, S("uscc"), row_s(cx, r, 1));
  json_put_str(cx->mem, o, S("status"), row_s(cx, r, 2));
  json_put_str(cx->mem, o, S("until"), day_str(cx->mem, (Day){(int32_t)row_i(r, 3)}));
  return rows_end(cx, r);
}

static Code survey_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  const Survey *s = state;
  int64_t project = s ? s->project : json_int(cmd->args, S("project"), 0), last = 0, seq = 0, open = 0, qualified = 0;
  Json *out = NULL;
  TRY(finish__facts(cx, views, cmd, project, &out));
  *facts = out;
  if (s) {
    TRY(db_int(cx, views, &sql_qualified, VALS(val_s(s->surveyor_uscc), val_i(day_of(cmd->now).n)), 0, &qualified));
    json_put_bool(cx->mem, out, S("qualified"), qualified > 0);
    return OK;
  }
  TRY(db_int(cx, views, &sql_waiting, VALS(val_i(project)), 0, &open));
  json_put_int(cx->mem, out, S("open"), open);
  TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
  TRY(db_int(cx, views, &sql_year, VALS(val_i(kit_year_of(cmd->now))), 0, &seq));
  json_put_int(cx->mem, out, S("no"), last + 1);
  json_put_int(cx->mem, out, S("year_seq"), seq);
  TRY(finish__project(cx, views, project, out));
  TRY(category_read(cx, views, project, out));
  TRY(surveyor_read(cx, views, json_int(cmd->args, S("surveyor"), 0), out));
  return had_read(cx, views, project, out);
}

static Code survey_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "survey", &sql_last, stream);
}

static Code aim_withdrawn(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  int64_t project = 0;
  Str head, text;
  Json *args = json_obj(cx->mem);
  json_put_str(cx->mem, args, S("reason"), S("项目已撤回，没有交付的测绘委托随之结束。"));
  str_cut(e->stream, '/', &head, &text);
  if (!str_to_i64(text, &project)) return OK;
  TRY(db_rows(cx, views, &sql_open, VALS(val_i(project)), &r));
  while (*n < FOLLOW_MAX && rows_next(r)) out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "survey/%lld", (long long)row_i(r, 0)), .args = args};
  return rows_end(cx, r);
}

static const Reaction reactions[] = {{.event = "project.withdrawn", .command = "survey.close", .aim = aim_withdrawn}};

const Engine survey_engine_base = {.prefix = "survey",
                                   .fold = survey_fold,
                                   .commands = survey__commands,
                                   .command_count = SURVEY_COMMANDS,
                                   .reactions = reactions,
                                   .reaction_count = COUNT(reactions),
                                   .open = survey_open,
                                   .facts = survey_facts,
                                   .schema = schema,
                                   .project = survey_project};

/* ---- lists ------------------------------------------------------------------------------------------------------------------ */

#define WHERE                                                                                                                                      \
  " FROM survey s WHERE (?1 = 0 OR s.project = ?1) AND (?2 = '' OR s.surveyor_uscc = ?2) AND (?3 = 0 OR s.repeated <> '')"                          \
  " AND (?4 = '' OR EXISTS (SELECT 1 FROM survey_part p WHERE p.survey = s.no AND p.unit = ?4))"
static const Sql sql_list = {"survey.list", "isisiii", "iissssssssii",
                             "SELECT s.no, s.project, s.number, s.project_number, s.project_name, s.owner, s.surveyor, s.status, s.repeated, s.reason, s.fee, s.at" WHERE
                             " ORDER BY CASE WHEN ?5 = 1 AND s.status = 'commissioned' THEN 0 ELSE 1 END, s.no DESC LIMIT ?6 OFFSET ?7"};
static const Sql sql_count = {"survey.count", "isis", "i", "SELECT count(*)" WHERE};

Code surveys_list(Cx *cx, Reader *rd, const SurveyFilter *f, SurveyRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  SurveyRow *list = arena_array(cx->mem, SurveyRow, f->limit + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_count, VALS(val_i(f->project), val_s(f->surveyor_uscc), val_i(f->repeated), val_s(f->unit)), 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_list,
              VALS(val_i(f->project), val_s(f->surveyor_uscc), val_i(f->repeated), val_s(f->unit), val_i(f->open_first), val_i((int64_t)f->limit), val_i((int64_t)f->offset)), &r));
  while (*n < f->limit && rows_next(r)) {
    SurveyRow *s = &list[(*n)++];
    *s = (SurveyRow){.no = row_i(r, 0), .project = row_i(r, 1), .fee = row_i(r, 10), .at = row_i(r, 11)};
    Str *const texts[] = {&s->number, &s->project_number, &s->project_name, &s->owner, &s->surveyor, &s->status, &s->repeat, &s->reason};
    for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 2);
  }
  return rows_end(cx, r);
}

Code survey_load(Cx *cx, Reader *rd, int64_t no, const Survey **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "survey", arena_fmt(cx->mem, "%lld", (long long)no), "次联合测绘", &state));
  *out = state;
  return OK;
}
