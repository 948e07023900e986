/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_ledger.c: rows of both ledgers in several counties, in every state; reports of the last month and of this one. Days in values are so many days
 * before the end ('-40'), as those of the rows (demo_day), so that what is told stays in its order; the months follow from the end of the demonstration.
 */
#include "main/demo.h"

#define K(name, households, rest) K_IN(name, households, "built", rest)
/* Of a quarter that is being built what is held back is not yet accepted. */
#define K_IN(name, households, state, rest) "{'ledger':'kindergarten','name':'" name "（示例）','values':{'households':'" households "','state':'" state "'," rest "}"
#define R(name, rest) "{'ledger':'reclamation','name':'" name "（示例）','values':{'basis':'海洋功能区划','owner':'示例海洋开发有限公司'," rest "}}"
static const DemoRow fixed[] = {
    {84, 0, "hd-education", "ledger.share", NULL, "{'ledger':'kindergarten','unit':'xingcheng','share':'56.2','as_of':'-90'}", false},
    {84, 1, "hd-education", "ledger.share", NULL, "{'ledger':'kindergarten','unit':'longgang','share':'49','as_of':'-90'}", false},
    {84, 2, "ap-education", "ledger.share", NULL, "{'ledger':'kindergarten','unit':'lianshan','share':'51.8','as_of':'-90'}", false},
    {80, 0, "ap-xingcheng", "entry.add", "TZA", K("海滨小区", "1620", "'issue':'transfer','plan':'由市教育局接收，办成公办园，分三步移交土地、园舍和资产。','land':'true','house':'true'") ",'measure':'transfer'}", false},
    {80, 10, "ap-xingcheng", "entry.add", "TZB", K("古城家园", "4100", "'issue':'planning','plan':'就近新建一所 12 班幼儿园，列入年度土地供应计划。'") ",'measure':'new'}", false},
    {79, 0, "ap-xingcheng", "entry.add", "TZC", K("温泉花园", "2300", "'issue':'diverted','plan':'收回后移交教育部门，委托办成普惠性民办园。','nature':'inclusive','land':'true','house':'true'") ",'measure':'reclaim'}", false},
    {79, 10, "ap-lianshan", "entry.add", "TZD", K("化工南里", "1510", "'issue':'use','classes':'4'") "}", false},
    {78, 0, "ap-lianshan", "entry.add", "TZE", K("锦湖新城", "6200", "'issue':'unbuilt','plan':'责成开发企业补建 12 班园，约谈两次。'") ",'measure':'supplement'}", false},
    {78, 10, "ap-longgang", "entry.add", "TZF", K_IN("滨河名苑", "1880", "building", "'issue':'stopped','plan':'督促复工，按标准建成 6 班园。'") ",'measure':'supplement'}", false},
    {77, 0, "ap-longgang", "entry.add", "TZG", K("龙湾尚品𠮷庭小区二期和三期配套幼儿园（名称较长的一个小区）", "1499", "'people':'4900','issue':'sold','plan':'收回非法所得，易地再建。'") ",'measure':'replace'}", false},
    {77, 10, "ap-nanpiao", "entry.add", "TZH", K("矿工新村", "1700", "'issue':'transfer'") ",'measure':'transfer'}", false},
    {76, 0, "ap-suizhong", "entry.add", "TZI", K_IN("东戴河壹号", "3100", "building", "'issue':'reduced','classes':'3','plan':'扩建到 6 班。'") ",'measure':'convert'}", false},
    {76, 10, "ap-jianchang", "entry.add", "TZJ", K("凌河湾", "1560", "'issue':'transfer','land':'true','house':'true'") ",'measure':'transfer'}", false},
    {70, 0, "hd-xingcheng", "entry.extend", "TZB", "{'until':'+400','reason':'土地供应手续正在办理（示例）'}", false},
    {69, 0, "hd-lianshan", "entry.extend", "TZE", "{'until':'+90','reason':'冬季停工，顺延（示例）'}", false},
    {69, 10, "hd-longgang", "entry.extend", "TZF", "{'until':'+40','reason':'企业重整，限期复工（示例）'}", false},
    {65, 0, "ap-xingcheng", "entry.change", "TZC", "{'values':{'assets':'true','received':'-67'}}", false},
    {62, 0, "hd-xingcheng", "entry.close", "TZC", "{'result':'已收回并移交教育部门。'}", false},
    {60, 0, "ap-education", "entry.confirm", "TZC", "{}", false},
    {55, 0, "ap-jianchang", "entry.change", "TZJ", "{'values':{'assets':'true','received':'-57'}}", false},
    {52, 0, "hd-jianchang", "entry.close", "TZJ", "{'result':'土地、园舍、资产都已移交。'}", false},
    {50, 0, "ap-education", "entry.confirm", "TZJ", "{}", false},
    {30, 0, "ap-xingcheng", "entry.change", "TZC", "{'values':{'opened':'-32','classes':'6'}}", false},
    {12, 0, "ap-xingcheng", "entry.change", "TZA", "{'values':{'assets':'true','received':'-14'}}", false},
    {8, 0, "hd-xingcheng", "entry.close", "TZA", "{'result':'三项手续办完，已由教育部门接收。'}", false},
    {7, 0, "ap-lianshan", "entry.change", "TZD", "{'measure':'purchase','values':{'plan':'购置相邻商铺改造为园舍。'}}", false},
    {1, 430, "ap-longgang", "entry.link", "TZF", "{}", true},
    {1, 440, "hd-longgang", "entry.refuse", "TZF", "{'fact':'约谈三次，没有按期复工（示例）','evidence':'约谈记录三份、责令整改通知书（示例）'}", true},
    {66, 0, "ap-suizhong", "entry.add", "TZW", R("芷锚湾一号填海", "'approval':'none','approver':'未经批准','area':'12.35','use':'闲置','legal':'no','complete':'yes','impact':'minor','finding':'unused','source':'inspection','purpose':'estate'"), false},
    {66, 10, "ap-longgang", "entry.add", "TZX", R("望海寺东围海", "'approval':'approved','approver':'省人民政府（示例）','area':'8.6','use':'围而未填','legal':'yes','complete':'no','finding':'enclosed','source':'survey'"), false},
    {65, 0, "ap-longgang", "entry.add", "TZY", R("柳条沟填海", "'approval':'partly','approver':'省人民政府批准 1.2 公顷，其余未经批准（示例）','area':'3.125','use':'堆场','legal':'no','complete':'yes','impact':'serious','finding':'illegal','source':'survey','assessment':'生态评估：严重破坏海洋生态环境。'"), false},
    {65, 10, "ap-xingcheng", "entry.add", "TZZ", R("菊花岛北填海", "'approval':'approved','approver':'国务院（示例）','area':'20.5','use':'未利用','finding':'unused','source':'survey','legal':'yes','complete':'yes','purpose':'industry'"), false},
    {64, 0, "hd-longgang", "ledger.target", NULL, "{'ledger':'reclamation','unit':'longgang','count':2}", false},
    {63, 0, "hd-longgang", "entry.extend", "TZY", "{'until':'+55','reason':'限期拆除（示例）'}", false},
    {20, 0, "hd-longgang", "entry.close", "TZY", "{'result':'已经拆除，恢复海域原状。'}", false},
    {15, 0, "ap-natural-resources", "entry.confirm", "TZY", "{}", false},
    {58, 0, "ap-natural-resources", "ledger.plan", NULL, "{'ledger':'reclamation','title':'葫芦岛市围填海历史遗留问题处理方案（示例）','text':'一项一策，合法合规的集约利用并修复，违法违规的按生态评估结论处置。'}", false},
    {40, 0, "ap-natural-resources", "ledger.agree", "ledger/reclamation", "{'document':'市政府常务会议（示例）','day':'-42'}", false},
};

/* Last month's report: who made it on which day of the month, when the head signed, what the joint office did. 0: not. */
static const struct { const char *county; int made, signed_on, judged; bool accepted; } last[] = {
    {"xingcheng", 12, 13, 15, true}, {"longgang", 14, 15, 16, true}, {"lianshan", 16, 17, 19, false}, {"suizhong", 20, 21, 0, false}, {"jianchang", 17, 18, 0, false}};

static DemoRow *put(Arena *m, DemoRow *at, int days, const char *who, Str county, const char *command, Str stream, const char *args) {
  *at = (DemoRow){days, 0, arena_z(m, arena_fmt(m, "%s-%.*s", who, SFMT(county))), command, stream.len ? arena_z(m, stream) : NULL, args, true};
  return at + 1;
}

const DemoRow *demo_ledger_rows(Arena *m, const Demo *d, size_t *n) {
  DemoRow *rows = arena_array(m, DemoRow, COUNT(fixed) + COUNT(last) * 3 + 6), *at = rows + COUNT(fixed);
  Day end = day_of(d->end);
  int y, mo, day;
  memcpy(rows, fixed, sizeof fixed);
  day_split(end, &y, &mo, &day);
  Day first = mo == 1 ? day_ymd(y - 1, 12, 1) : day_ymd(y, mo - 1, 1); /* of last month */
  int ly, lm, ld;
  day_split(first, &ly, &lm, &ld);
  for (size_t i = 0; i < COUNT(last); i++) {
    Str county = str_of(last[i].county), stream = arena_fmt(m, "monthly/kindergarten.%s.%04d-%02d", last[i].county, ly, lm);
    at = put(m, at, demo_days_at(d, (Day){first.n + last[i].made - 1}), "ap", county, "monthly.make", S(""), "{'ledger':'kindergarten'}");
    at = put(m, at, demo_days_at(d, (Day){first.n + last[i].signed_on - 1}), "hd", county, "monthly.report", stream, "{}");
    if (last[i].judged)
      at = put(m, at, demo_days_at(d, (Day){first.n + last[i].judged - 1}), "ap", S("education"), last[i].accepted ? "monthly.accept" : "monthly.return", stream,
               last[i].accepted ? "{}" : "{'reason':'锦湖新城的延期没有附会议纪要，请补充后重报（示例）。'}");
  }
  Str suizhong = arena_fmt(m, "monthly/kindergarten.suizhong.%04d-%02d", y, mo);
  at = put(m, at, 1, "ap", S("suizhong"), "monthly.make", S(""), "{'ledger':'kindergarten'}");
  at = put(m, at, 1, "hd", S("suizhong"), "monthly.report", suizhong, "{}");
  at[-1].minute = 30;
  at = put(m, at, 1, "ap", S("longgang"), "monthly.make", S(""), "{'ledger':'kindergarten'}");
  *n = (size_t)(at - rows);
  return rows;
}

/* A day so many days before the end. */
static void days_fill(Arena *m, const Demo *d, Json *o) {
  for (Json *v = o ? (Json *)(uintptr_t)o->first : NULL; v; v = (Json *)(uintptr_t)v->next) {
    int64_t days = 0;
    if (v->kind == JSON_STR && str_starts(v->str, S("-")) && str_to_i64(v->str, &days)) json_put_str(m, o, v->key, day_str(m, demo_day(d, (int)-days)));
  }
}

/* A project of the county: one whose joint acceptance is running, else one that has not come so far. */
Code demo_ledger_args(Cx *cx, const Demo *d, Reader *rd, const DemoRow *r, Json *args) {
  static const Sql q = {"demo.ledger-project", "s", "i",
                        "SELECT p.no FROM project p WHERE p.county = ?1 AND p.status = 'running' AND NOT EXISTS (SELECT 1 FROM stage s WHERE s.project = p.no AND s.no = 4 AND s.status = 'running')"
                        " ORDER BY CASE WHEN p.category = 'social-commercial' THEN 0 ELSE 1 END, p.no DESC LIMIT 1"};
  int64_t no = 0;
  days_fill(cx->mem, d, args);
  days_fill(cx->mem, d, (Json *)(uintptr_t)json_get(args, S("values")));
  if (!strcmp(r->command, "ledger.target")) {
    int y, mo, day;
    day_split(day_of(d->end), &y, &mo, &day);
    json_put_int(cx->mem, args, S("year"), y);
  }
  if (strcmp(r->command, "entry.link") != 0) return OK;
  reader_begin(rd);
  TRY(db_int(cx, reader_views(rd), &q, VALS(val_s(S("longgang"))), 0, &no));
  json_put_int(cx->mem, args, S("project"), no ? no : 1);
  return OK;
}
