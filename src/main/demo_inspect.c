/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_inspect.c: spot checks of the demonstration: a roll of inspectors, plans in every state, draws in every state (one that
 * ended because somebody did not reveal, and the next attempt), checks from due to published and one that is late. A script of rows,
 * so many days before the end; what depends on what was drawn is read from the draw.
 */
#include "main/demo.h"

typedef struct Row {
  int days, minute;              /* before the end; after nine o'clock */
  const char *who, *command;     /* who: an account, or "1", "2": an inspector of the check */
  const char *label, *args;      /* label: of the plan or the draw; JSON with ' for " */
  int extra;                     /* draw.open: the public number appears so many days before the end; checks: which */
} Row;

#define PLAN(title, units, count) \
  "{'title':'" title "（示例）','items':['施工许可事后检查','工程质量安全主体责任'],'units':[" units "],'count':" count ",'basis':'年度抽查工作计划（示例）'}"
#define FOUR "'housing-construction','natural-resources','ecology-environment','development-reform'"
#define INSPECTOR(unit, n)                                                                                                  \
  {80, n, "hd-" unit, "pool.add-inspector", NULL, "{'person':'ap-" unit "','cert':'LN-HLD-0" #n "1'}", 0},                     \
      {80, n, "hd-" unit, "pool.add-inspector", NULL, "{'person':'hd-" unit "','cert':'LN-HLD-0" #n "2'}", 0}
#define OPEN(label, plan, days, minute, beacon) {days, minute, "wu", "draw.open", label, plan, beacon}
#define COMMIT(label, days) \
  {days, 30, "wu", "draw.commit", label, "", 0}, {days, 40, "hd-housing-construction", "draw.commit", label, "", 0}, {days, 50, "audit", "draw.commit", label, "", 0}
#define REVEAL(label, days) {days, 30, "wu", "draw.reveal", label, "", 0}, {days, 40, "hd-housing-construction", "draw.reveal", label, "", 0}
#define CHECK(label, days, n, result, finding)                                                                             \
  {days, n, "1", "draw.record", label, "{'result':'" result "','finding':'" finding "（示例）。'}", n},                       \
      {(days) - 1, n, "2", "draw.confirm", label, "{}", n}

static const Row rows[] = {
    INSPECTOR("housing-construction", 1), INSPECTOR("natural-resources", 2), INSPECTOR("ecology-environment", 3), INSPECTOR("development-reform", 4),
    {79, 0, "wu", "pool.set-class", NULL, "$owner A", 0},
    {79, 10, "wu", "pool.set-class", NULL, "$owner3 D", 0},
    {79, 20, "ap-ecology-environment", "pool.recuse", NULL, "$owner2 LN-HLD-031", 0},

    {75, 0, "wu", "plan.make", "P1", PLAN("第一批部门联合抽查", FOUR, "6"), 0},
    {74, 0, "wu", "plan.publish", "P1", "{}", 0},
    OPEN("D1", "P1", 72, 0, 68),
    COMMIT("D1", 71),
    REVEAL("D1", 70),
    {70, 50, "audit", "draw.reveal", "D1", "", 0},
    {68, 420, "wu", "draw.complete", "D1", "{'value':'3021.55'}", 0},
    CHECK("D1", 60, 0, "ok", "现场与许可内容一致"),
    CHECK("D1", 60, 1, "ordered", "扬尘防治措施不到位，已责令三日内改正"),
    {50, 0, "wu", "draw.publish", "D1", "{}", 0},
    CHECK("D1", 47, 2, "pending", "建设单位正在提供补充资料"), /* late: never published */
    {20, 3, "1", "draw.record", "D1", "{'result':'ok','finding':'未发现问题（示例）。'}", 3},
    {19, 4, "1", "draw.record", "D1", "{'result':'unreachable','finding':'现场无人（示例）。'}", 4},
    {18, 4, "2", "draw.send-back", "D1", "{'reason':'没有事先与企业联系，请再去一次（示例）'}", 4},

    {40, 0, "wu", "plan.make", "P2", PLAN("第二批部门联合抽查", FOUR, "4"), 0},
    {39, 0, "wu", "plan.publish", "P2", "{}", 0},
    OPEN("D2", "P2", 38, 0, 34),
    COMMIT("D2", 37),
    REVEAL("D2", 36),                                  /* the auditor does not */
    {34, 420, "system", "draw.expire", "D2", "{}", 0}, /* unless the timer was there before */
    OPEN("D3", "P2", 5, 0, -1),
    COMMIT("D3", 4),
    REVEAL("D3", 3),

    {30, 0, "wu", "plan.make", "P3", PLAN("水利与生态专项抽查", "'ecology-environment','natural-resources'", "3"), 0},
    {29, 0, "wu", "plan.publish", "P3", "{}", 0},
    OPEN("D4", "P3", 9, 0, 1),
    COMMIT("D4", 8),
    REVEAL("D4", 7),
    {7, 50, "audit", "draw.reveal", "D4", "", 0},

    {15, 0, "wu", "plan.make", "P4", PLAN("安全生产专项抽查", FOUR, "5"), 0},
    {14, 0, "wu", "plan.publish", "P4", "{}", 0},
    OPEN("D5", "P4", 2, 0, -3),
    {1, 30, "wu", "draw.commit", "D5", "", 0},

    {12, 0, "wu", "plan.make", "P5", PLAN("按信用等级抽查", FOUR, "0"), 0},
    {11, 0, "wu", "plan.publish", "P5", "{}", 0},
    {10, 0, "wu", "plan.make", "P6", PLAN("节后复工抽查", FOUR, "3"), 0},
    {9, 0, "wu", "plan.publish", "P6", "{}", 0},
    {8, 0, "wu", "plan.drop", "P6", "{'reason':'与第二批部门联合抽查重复，合并进行（示例）'}", 0},
    {3, 0, "wu", "plan.make", "P7", PLAN("下季度抽查", FOUR, "6"), 0},
};

typedef struct Label { const char *name; int64_t no; } Label;
struct DemoInspect {
  const Demo *demo;
  int order[COUNT(rows)];
  size_t next, labelled;
  Label labels[COUNT(rows)];
};

static int64_t row_at(const Demo *d, const Row *r) {
  return demo_moment(d, r->days, r->minute);
}

DemoInspect *demo_inspect_open(Arena *mem, const Demo *d) {
  DemoInspect *s = arena_new(mem, DemoInspect);
  s->demo = d;
  for (size_t i = 0; i < COUNT(rows); i++) {
    size_t at = i;
    for (; at && row_at(d, &rows[s->order[at - 1]]) > row_at(d, &rows[i]); at--) s->order[at] = s->order[at - 1];
    s->order[at] = (int)i;
  }
  return s;
}

int64_t demo_inspect_at(const DemoInspect *s) {
  return s->next < COUNT(rows) ? row_at(s->demo, &rows[s->order[s->next]]) : INT64_MAX;
}

static int64_t labelled(const DemoInspect *s, const char *name) {
  for (size_t i = 0; i < s->labelled; i++)
    if (!strcmp(s->labels[i].name, name)) return s->labels[i].no;
  return 0;
}

/* "$owner2 LN-HLD-031": the code of an enterprise, and a class or a certificate. */
static Json *about_firm(Cx *cx, const Demo *d, const char *text) {
  Str id, what;
  Json *args = json_obj(cx->mem);
  str_cut(str_of(text + 1), ' ', &id, &what);
  json_put_str(cx->mem, args, S("uscc"), demo_account(d, id)->org_uscc);
  json_put_str(cx->mem, args, what.len == 1 ? S("class") : S("cert"), what);
  if (what.len == 1) json_put_str(cx->mem, args, S("basis"), S("信用评价结果（示例）"));
  else json_put_str(cx->mem, args, S("reason"), S("有近亲属在这家企业任职（示例）"));
  return args;
}

static Json *row_args(Cx *cx, const DemoInspect *s, const Row *r, const SpotDraw *draw) {
  const Demo *d = s->demo;
  Str command = str_of(r->command);
  if (r->args[0] == '$') return about_firm(cx, d, r->args);
  Json *args = *r->args == '{' ? demo_json(cx, r->args) : json_obj(cx->mem);
  if (str_eqz(command, "plan.make")) {
    Day from = {day_of(row_at(d, r)).n + 10};
    json_put_str(cx->mem, args, S("from"), day_str(cx->mem, from));
    json_put_str(cx->mem, args, S("to"), day_str(cx->mem, (Day){from.n + 30}));
  }
  if (str_eqz(command, "draw.open")) {
    Day day = demo_day(d, r->extra);
    while (r->extra < 5 && day_weekday(day) > 5) day.n++; /* still to come: the number named below appears on days of trading only */
    Str date = day_str(cx->mem, day), cn = day_cn(cx->mem, day);
    args = demo_json(cx, "{'parties':['wu','hd-housing-construction','audit']}");
    json_put_int(cx->mem, args, S("plan"), labelled(s, r->args));
    json_put_str(cx->mem, args, S("beacon"), arena_fmt(cx->mem, "%.*s上证综合指数收盘点位（示例）", SFMT(cn)));
    json_put_str(cx->mem, args, S("beacon_at"), arena_fmt(cx->mem, "%.*sT15:30", SFMT(date)));
  }
  Str secret = arena_fmt(cx->mem, "sample-secret-%s-%s", r->label ? r->label : "", r->who);
  if (str_eqz(command, "draw.commit")) json_put_str(cx->mem, args, S("commitment"), lot_commitment(cx->mem, draw->hash, str_of(r->who), secret));
  if (str_eqz(command, "draw.reveal")) json_put_str(cx->mem, args, S("secret"), secret);
  if (r->who[1] == 0) json_put_str(cx->mem, args, S("object"), draw->checks[r->extra].object);
  return args;
}

/* A shorter or smaller demonstration leaves out what it has no objects for, and what would follow from that. */
static Code draw_read(Cx *cx, const DemoInspect *s, Reader *rd, const Row *r, bool *left_out, const SpotDraw **draw) {
  bool creates = !strcmp(r->command, "plan.make") || !strcmp(r->command, "draw.open");
  *draw = NULL;
  *left_out = row_at(s->demo, r) < s->demo->first || (r->label && !creates && !labelled(s, r->label)) ||
              (!strcmp(r->command, "draw.open") && !labelled(s, r->args));
  if (*left_out || creates || !r->label || r->label[0] != 'D') return OK;
  TRY(draw_load(cx, rd, labelled(s, r->label), draw));
  *left_out = r->who[1] == 0 && (size_t)r->extra >= (*draw)->check_count;
  return OK;
}

static Str row_stream(Cx *cx, const DemoInspect *s, const Row *r) {
  if (!strcmp(r->command, "pool.recuse")) return POOL_STREAM;
  if (!r->label || !strcmp(r->command, "plan.make") || !strcmp(r->command, "draw.open")) return S("");
  return arena_fmt(cx->mem, "%s/%lld", r->label[0] == 'P' ? "plan" : "draw", (long long)labelled(s, r->label));
}

Code demo_inspect_send(Cx *cx, DemoInspect *s, Runner *runner, Reader *rd) {
  const Row *r = &rows[s->order[s->next++]];
  const SpotDraw *draw = NULL;
  bool left_out = false;
  uint32_t roles = ROLE_SYSTEM;
  CommandResult result;
  reader_begin(rd);
  TRY(draw_read(cx, s, rd, r, &left_out, &draw));
  if (left_out) return OK;
  Str who = r->who[1] == 0 ? draw->checks[r->extra].persons[r->who[0] - '1'] : str_of(r->who);
  const DemoAccount *by = demo_account(s->demo, who);
  if (by) TRY(roles_parse(cx, by->roles, &roles));
  Command cmd = {.name = str_of(r->command), .stream = row_stream(cx, s, r), .args = row_args(cx, s, r, draw), .now = row_at(s->demo, r),
                 .key = arena_fmt(cx->mem, "demo-inspect-%03d", (int)(r - rows)),
                 .actor = {.id = who, .name = by ? by->name : S("系统"), .unit = by ? by->unit : S(""), .roles = roles}};
  Code code = runner_run(cx, runner, &cmd, &result);
  bool may = !strcmp(r->command, "draw.open") || !strcmp(r->command, "draw.expire");
  if (code == CONFLICT && may) {
    cx_clear(cx);
    return OK;
  }
  if (code != OK) log_line(LOG_WARN, "demo: %s %s: %.*s", r->command, r->label ? r->label : "", SFMT(cx->detail));
  TRY(code);
  int64_t no = json_int(result.answer, S("no"), 0);
  if (no && r->label) s->labels[s->labelled++] = (Label){r->label, no};
  return OK;
}
