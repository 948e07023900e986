/* SPDX-License-Identifier: Apache-2.0 */
/* demo_exchange.c: what the demonstration has of data exchange: the projects of one county were told to 国家平台（示例）, which refused a row of one of
 * them. When the store is served the platform is there (demo_platform.c) and takes that row once it is sent again. */
#include "exchange/exchange.h"
#include "main/carrier_int.h"
#include "main/demo.h"
#include "main/demo_platform.h"

enum { CASE_EVENTS = 100000 };
static const char why[] = "示例：〔建设规模及内容〕与项目代码登记的不一致，请核对后重发";

static Code act(Cx *cx, const Demo *d, Runner *r, const char *name, Str stream, Str key, Json *args) {
  CommandResult result;
  Command cmd = {.name = str_of(name), .stream = stream, .key = key, .args = args, .now = d->end, .actor = {.id = S("system"), .name = S("系统"), .roles = ROLE_SYSTEM}};
  return runner_run(cx, r, &cmd, &result);
}

/* What the platform said of a part: all is well, but for the first project's own row. */
static Code answer(Cx *cx, const Demo *d, Runner *r, Reader *rd, Str stream, Str key, bool *refused) {
  const void *state = NULL;
  int64_t seq = 0;
  Json *args = json_obj(cx->mem), *rows = json_put_arr(cx->mem, args, S("rows"));
  TRY(reader_state(cx, rd, stream, &state, &seq));
  const Part *part = state;
  for (size_t i = 0; i < part->count; i++) {
    const Version *v = &part->rows[i];
    bool bad = !*refused && str_eqz(v->table, "XMJBXXB");
    if (v->status != ROW_WAITING) continue;
    Json *o = json_push_obj(cx->mem, rows);
    json_put_str(cx->mem, o, S("lsh"), v->lsh);
    json_put_str(cx->mem, o, S("state"), bad ? S("refused") : S("accepted"));
    json_put_str(cx->mem, o, S("reason"), bad ? str_of(why) : S(""));
    *refused |= bad;
  }
  json_put_int(cx->mem, args, S("ms"), 40);
  return rows->count ? act(cx, d, r, "exchange.report", stream, key, args) : OK;
}

static Code project_tell(Cx *cx, const Demo *d, const Policies *policies, Runner *r, Reader *rd, const Project *pr, bool *refused) {
  Events events = {0};
  SpglRows rows = {0};
  Str stream = part_stream(cx->mem, S(DEMO_PLATFORM_CODE), pr->no);
  TRY(reader_events(cx, rd, arena_fmt(cx->mem, "project/%lld", (long long)pr->no), 0, CASE_EVENTS, &events));
  exchange_case(cx->mem, policies, d->policy, pr, &events, &rows);
  Json *args = exchange_changes(cx->mem, NULL, &rows, S(DEMO_PLATFORM_CODE), pr->no, d->policy->city_code);
  if (!args) return OK;
  TRY(act(cx, d, r, "exchange.prepare", S(""), arena_fmt(cx->mem, "demo-exchange-%lld", (long long)pr->no), args));
  reader_begin(rd);
  return answer(cx, d, r, rd, stream, arena_fmt(cx->mem, "demo-exchange-said-%lld", (long long)pr->no), refused);
}

/* The journal was looked at up to its end, under this package: a server has nothing to catch up with. */
static Code link_tell(Cx *cx, const Demo *d, Runner *r, Reader *rd) {
  Json *looked = json_obj(cx->mem);
  int64_t pos = 0;
  TRY(reader_position(cx, rd, &pos));
  json_put_str(cx->mem, looked, S("target"), S(DEMO_PLATFORM_CODE));
  json_put_str(cx->mem, looked, S("kind"), S("looked"));
  json_put_int(cx->mem, looked, S("at"), pos);
  json_put_str(cx->mem, looked, S("package"), str_sub(d->policy->dir_hash, 0, CARRIER_MARK - 1));
  return act(cx, d, r, "link.note", S(""), S("demo-exchange-looked"), looked);
}

Code demo_exchange(Cx *cx, const Demo *d, const Policies *policies, Runner *r, Reader *rd) {
  Receiver to = {.code = S(DEMO_PLATFORM_CODE), .region = S(DEMO_PLATFORM_REGION)};
  bool refused = false;
  if (!d->policy->spgl.table_count) return OK;
  reader_begin(rd);
  for (int64_t no = 1;; no++) {
    const Project *pr = NULL;
    Code code = project_load(cx, rd, no, &pr);
    if (code == NOT_FOUND) break;
    TRY(code);
    if (receiver_wants(&to, d->policy, pr->county)) TRY(project_tell(cx, d, policies, r, rd, pr, &refused));
    reader_begin(rd);
  }
  cx_clear(cx);
  return link_tell(cx, d, r, rd);
}
