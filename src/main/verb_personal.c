/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verb_personal.c: personal data from the command line: requests, the list of erasures that is kept outside of the store,
 * and erasing again what an older backup brought back. Confirming takes a second person with an account, so there is
 * no verb for it.
 */
#include "main/main_int.h"

#include <stdio.h>

static const Actor system_actor = {
    .id = {.ptr = "system", .len = 6}, .name = {.ptr = "系统", .len = 6}, .roles = ROLE_SYSTEM};

/* ---- what a restored journal has yet to say ------------------------------------------------------------ */

/* One command for each event of the lost journal: its references lie one after the other in no order. */
static Code again_send(Cx *cx, Runner *r, const Json *pending, const Json *one, int64_t now) {
  Json *args = json_obj(cx->mem), *refs = json_put_arr(cx->mem, args, S("refs"));
  int64_t pos = json_int(one, S("pos"), 0), at = json_int(one, S("at"), 0);
  Str leaf = json_str(one, S("leaf")), list = json_str(one, S("list"));
  for (const Json *p = pending->first; p; p = p->next)
    if (json_int(p, S("pos"), 0) == pos && str_eq(json_str(p, S("leaf")), leaf)) json_push_str(cx->mem, refs, json_str(p, S("ref")));
  json_put_str(cx->mem, args, S("record"), personal_record(cx->mem, json_str(one, S("stream"))));
  json_put_int(cx->mem, args, S("at"), at);
  json_put_int(cx->mem, args, S("pos"), pos);
  json_put_str(cx->mem, args, S("leaf"), leaf);
  json_put_str(cx->mem, args, S("list"), list);
  CommandResult result;
  Command cmd = {.name = S("personal.again"), .args = args, .actor = system_actor, .now = now, .happened = at < now ? at : 0,
                 .key = arena_fmt(cx->mem, "again-%.*s-%.*s", SFMT(str_sub(leaf, 0, 40)), SFMT(str_sub(list, 0, 12)))};
  return runner_run(cx, r, &cmd, &result);
}

static bool first_of_event(const Json *pending, const Json *one) {
  for (const Json *p = pending->first; p != one; p = p->next)
    if (json_int(p, S("pos"), 0) == json_int(one, S("pos"), 0) && str_eq(json_str(p, S("leaf")), json_str(one, S("leaf")))) return false;
  return true;
}

Code personal_settle(Cx *cx, Runner *r, Str store, int64_t now) {
  Json *pending = NULL;
  TRY(erased_pending(cx, store, &pending));
  if (!pending->count) return OK;
  for (const Json *one = pending->first; one; one = one->next)
    if (first_of_event(pending, one)) TRY(again_send(cx, r, pending, one, now));
  log_line(LOG_INFO, "恢复备份后重做的 %u 项清除已经记入日志", pending->count);
  return erased_settled(cx, store);
}

/* ---- verbs ------------------------------------------------------------------------------------------ */

static const char *status_words(const Erasure *e) {
  if (e->again) return "恢复备份后重做";
  return e->status == PROPOSAL_WAITING ? "等待确认" : e->status == PROPOSAL_REJECTED ? "已驳回" : "已清除";
}

static Code list_print(Cx *cx, const World *w) {
  enum { SHOWN = 10000 };
  SCOPED(reader_close_p) Reader *rd = NULL;
  Erasure *list = NULL;
  size_t n;
  int64_t total;
  TRY(reader_open_dir(cx, &w->store, &rd));
  TRY(erasures_list(cx, reader_views(rd), &(ErasureFilter){.limit = SHOWN}, &list, &n, &total));
  for (size_t i = 0; i < n; i++) {
    const Erasure *e = &list[i];
    Str at = time_cn(cx->mem, e->at), ended = e->ended ? time_cn(cx->mem, e->ended) : S("");
    printf("%.*s\t第 %lld 号\t%s\t%.*s\t%.*s 于 %.*s 提出", SFMT(e->record), (long long)(e->again ? 0 : e->no), status_words(e),
           SFMT(e->ground_name), SFMT(e->by_name), SFMT(at));
    if (e->ended) printf("\t%.*s 于 %.*s 办结，清除 %lld 项", SFMT(e->end_by), SFMT(ended), (long long)e->erased);
    printf("\n");
  }
  if (!n) printf("没有清除过个人信息，也没有等待确认的请求。\n");
  return OK;
}

int verb_personal_list(Cx *cx, const Options *o) {
  World *w = NULL;
  if (world_load(cx, o, &w) != OK) return report_fault(cx);
  Code code = store_needed(cx, o);
  if (code == OK) code = list_print(cx, w);
  world_close(w);
  return code == OK ? EXIT_DONE : report_fault(cx);
}

int verb_personal_erase(Cx *cx, const Options *o) {
  World *w = NULL;
  SCOPED(runner_close_p) Runner *r = NULL;
  CommandResult result;
  if (!o->word_count || !o->ground.len || !o->reason.len) {
    fprintf(stderr, "错误：写明记录（project/12 或 user/账号），用 --ground 写明情形，用 --reason 写明说明\n");
    return EXIT_CALL;
  }
  if (world_load(cx, o, &w) != OK || store_needed(cx, o) != OK || runner_open(cx, &w->store, &r) != OK) return report_fault(cx);
  Json *args = json_obj(cx->mem);
  json_put_str(cx->mem, args, S("record"), o->words[0]);
  json_put_str(cx->mem, args, S("ground"), o->ground);
  json_put_str(cx->mem, args, S("reason"), o->reason);
  Command cmd = {.name = S("personal.request"), .args = args, .key = random_token(cx->mem, 16), .actor = system_actor, .now = clock_now_ms()};
  if (runner_run(cx, r, &cmd, &result) != OK) return report_fault(cx);
  printf("已提出清除 %.*s 的个人信息，第 %lld 号，还没有清除。\n下一步：安全管理员或者监督人员在网页“个人信息保护”里核对后确认。\n",
         SFMT(o->words[0]), (long long)json_int(result.answer, S("no"), 0));
  runner_close_p(&r);
  world_close(w);
  return EXIT_DONE;
}

int verb_personal_erased(Cx *cx, const Options *o) {
  ErasedReport r;
  if (!o->word_count) {
    fprintf(stderr, "错误：要写清除名单放在哪个文件，宜与见证人留存的检查点放在一起\n");
    return EXIT_CALL;
  }
  if (erased_list(cx, o->store, o->words[0], &r) != OK) return report_fault(cx);
  printf("清除名单 %.*s：共 %lld 项，新增 %lld 项，散列 %.*s\n其中只有存放编号和清除它的事件，没有个人信息。\n", SFMT(o->words[0]),
         (long long)r.total, (long long)r.added, SFMT(r.hash));
  return EXIT_DONE;
}

/* The journal says so at once when the key is there; otherwise at the next start. */
int personal_settle_now(Cx *cx, const World *w) {
  SCOPED(runner_close_p) Runner *r = NULL;
  Cx own = {.mem = cx->mem, .now = cx->now};
  if (!file_exists(arena_fmt(cx->mem, "%.*s/vault.key", SFMT(store_files(cx->mem, w->store.dir))))) {
    printf("vault.key 放好以后，第一次启动服务时把重做的清除记入日志。\n");
    return EXIT_DONE;
  }
  if (runner_open(&own, &w->store, &r) != OK || personal_settle(&own, r, w->store.dir, clock_now_ms()) != OK) return report_fault(&own);
  printf("重做的清除已经记入日志（personal.erased，注明名单和原来的事件）。\n");
  return EXIT_DONE;
}

int verb_personal_again(Cx *cx, const Options *o) {
  World *w = NULL;
  int64_t erased = 0;
  int rc = EXIT_DONE;
  if (!o->word_count) {
    fprintf(stderr, "错误：要写清除名单的文件\n");
    return EXIT_CALL;
  }
  if (world_load(cx, o, &w) != OK || store_needed(cx, o) != OK || erased_again(cx, o->store, o->words[0], &erased) != OK) return report_fault(cx);
  printf("按清除名单又清除了 %lld 项个人信息\n", (long long)erased);
  if (erased) rc = personal_settle_now(cx, w);
  world_close(w);
  return rc;
}
