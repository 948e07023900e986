/* SPDX-License-Identifier: Apache-2.0 */
/* verb_explain.c: `clock explain`, the day ledger of one clock. Reads beside a running server. */
#include "main/main_int.h"

#include <stdio.h>

static void print_head(const Json *j) {
  const Json *src = json_get(j, S("limit_source")), *cal = json_get(j, S("calendar"));
  Str item = json_str(j, S("item")), ended = json_str(j, S("ended")), doc = json_str(src, S("doc"));
  long long added = json_int(j, S("limit_added"), 0);
  printf("项目  %.*s %.*s\n", SFMT(json_str(j, S("number"))), SFMT(json_str(j, S("project"))));
  printf("时钟  第%lld阶段 %.*s", (long long)json_int(j, S("stage"), 0), SFMT(json_str(j, S("stage_name"))));
  if (item.len) printf("，事项 %.*s %.*s", SFMT(item), SFMT(json_str(j, S("item_name"))));
  printf("（%.*s，%.*s）\n", SFMT(json_str(j, S("unit_name"))), SFMT(json_str(j, S("status_label"))));
  printf("起算  %.*s（%.*s，当日不计", SFMT(json_str(j, S("start"))), SFMT(json_str(j, S("start_how"))));
  if (json_str(j, S("start_by")).len) printf("，%.*s", SFMT(json_str(j, S("start_by"))));
  printf("）\n时限  %lld 个工作日", (long long)json_int(j, S("limit"), 0));
  if (added) printf("（原 %lld，批准延期 %lld）", (long long)json_int(j, S("limit_base"), 0), added);
  if (json_bool(src, S("sample"))) printf("，示例：文件没有给出这个数");
  else if (doc.len) printf("，依据 %.*s %.*s", SFMT(doc), SFMT(json_str(src, S("number"))));
  printf("\n版本  政策 %.*s；日历随政策包 %.*s", SFMT(json_str(j, S("policy_version"))), SFMT(json_str(cal, S("package"))));
  if (json_int(cal, S("version"), 0)) printf("，后经放假通知改到第 %lld 版", (long long)json_int(cal, S("version"), 0));
  printf("，有通知的最后一年 %lld\n", (long long)json_int(cal, S("last_year"), 0));
  printf("截至  %.*s", SFMT(json_str(j, S("as_of"))));
  if (ended.len) printf("，已于 %.*s 结束", SFMT(ended));
  printf("\n\n");
}

static void print_foot(const Json *j) {
  const Json *r = json_get(j, S("reading")), *held = json_get(r, S("held")), *provincial = json_get(j, S("provincial"));
  Str due = json_str(r, S("due"));
  long long over = json_int(r, S("overdue_days"), 0);
  printf("\n净用时  %lld 个工作日，剩 %lld；", (long long)json_int(r, S("used"), 0), (long long)json_int(r, S("left"), 0));
  if (json_bool(r, S("if_resumed"))) printf("暂停中，如今日恢复，到期日是 %.*s", SFMT(due));
  else printf("到期日 %.*s", SFMT(due));
  if (json_bool(r, S("provisional"))) printf("（暂定）");
  if (json_bool(r, S("overdue"))) printf("，已过期限");
  if (over) printf(" %lld 个工作日", over);
  printf("\n总用时  %lld 个自然日\n", (long long)json_int(r, S("gross"), 0));
  printf("谁持有  审批部门 %lld，申请人 %lld，第三方 %lld，休息日 %lld\n", (long long)json_int(held, S("unit"), 0),
         (long long)json_int(held, S("applicant"), 0), (long long)json_int(held, S("third"), 0),
         (long long)json_int(held, S("nobody"), 0));
  if (provincial->kind == JSON_INT) printf("省级平台口径  %lld 个工作日\n", (long long)provincial->num);
  else printf("省级平台口径  不计（不予许可或已撤回）\n");
  for (const Json *d = json_get(j, S("differs"))->first; d; d = d->next)
    printf("  相差 %lld 天：%.*s\n", (long long)json_int(d, S("days"), 0), SFMT(json_str(d, S("text"))));
}

static void print_rows(Arena *mem, const Json *j, bool csv) {
  if (csv) printf("%s\n", explain_csv_head);
  for (const Json *row = json_get(j, S("rows"))->first; row; row = row->next)
    printf("%.*s\n", SFMT(csv ? explain_row_csv(mem, row) : explain_row_text(mem, row)));
  if (json_bool(j, S("cut"))) fprintf(stderr, "警告：超过 %d 天，后面的没有列出\n", LEDGER_MAX);
}

/* The stage that is asked for; without it the one with the item, else the last accepted. */
static int stage_choose(const Project *pr, const Options *o) {
  int last = project_current_stage(pr);
  if (o->stage) return (int)o->stage;
  for (int n = STAGE_MAX; n >= 1; n--)
    if (o->item.len && stage_item(&pr->stages[n], o->item)) return n;
  for (int n = STAGE_MAX; n >= 1; n--)
    if (pr->stages[n].accepted_at) return n;
  return last > STAGE_MAX ? STAGE_MAX : last;
}

/* A demonstration may be asked as of a chosen instant, but not before something that is already known. */
static Code now_choose(Cx *cx, const Options *o, Reader *rd, int64_t no, int64_t *now) {
  Json *labels = NULL;
  Events last = {0};
  const void *state;
  int64_t seq;
  *now = cx->now;
  if (!o->clock.len) return OK;
  Str stream = arena_fmt(cx->mem, "project/%lld", (long long)no);
  TRY(store_labels(cx, o->store, &labels));
  if (!str_eq(json_str(labels, S("demo")), S("yes"))) FAIL_AT(INVALID, S("clock"), S(""), "--clock 只能用于演示存储");
  if (!time_parse(o->clock, now)) FAIL_AT(INVALID, S("clock"), S(""), "--clock 要写成 2026-11-24T09:00");
  TRY(reader_state(cx, rd, stream, &state, &seq));
  TRY(reader_events(cx, rd, stream, seq - 1, 1, &last));
  if (last.count && last.list[0].happened > *now)
    FAIL_AT(INVALID, S("clock"), S(""), "--clock 早于这个项目最后一次办理（%.*s）", SFMT(time_cn(cx->mem, last.list[0].happened)));
  return OK;
}

static Code explain(Cx *cx, const Options *o, Reader *rd, const World *w, Json **out) {
  const Project *pr = NULL;
  int64_t no = 0, now = 0;
  TRY(project_find(cx, rd, o->words[0], &no));
  TRY(project_load(cx, rd, no, &pr));
  TRY(now_choose(cx, o, rd, no, &now));
  int stage = stage_choose(pr, o);
  int calendar = calendars_newest(w->policies.current->calendars);
  const Policy *p = policies_at(cx->mem, &w->policies, pr->stages[stage].policy_version, calendar);
  return project_explain(cx, p, pr, stage, o->item, now, out);
}

int verb_clock_explain(Cx *cx, const Options *o) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  World *w = NULL;
  Json *tree = NULL;
  if (!o->word_count || (o->json && o->csv)) {
    fprintf(stderr, "错误：要写办件编号；--json 和 --csv 只能选一个。例：yichuang clock explain HLD-000001-A --stage 1\n");
    return EXIT_CALL;
  }
  if (world_load(cx, o, &w) != OK || reader_open_dir(cx, &w->store, &rd) != OK || explain(cx, o, rd, w, &tree) != OK)
    return report_fault(cx);
  if (o->json) {
    printf("%.*s\n", SFMT(json_text(cx->mem, tree)));
  } else if (o->csv) {
    print_rows(cx->mem, tree, true);
  } else {
    print_head(tree);
    print_rows(cx->mem, tree, false);
    print_foot(tree);
  }
  return EXIT_DONE;
}
