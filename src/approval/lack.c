/* SPDX-License-Identifier: Apache-2.0 */
/* lack.c: 容缺: what was promised for later, its clock and its end. */
#include "approval/approval_int.h"

size_t lacks_open(const StageState *s) {
  size_t n = 0;
  for (size_t i = 0; i < s->lack_count; i++) n += s->lacks[i].supplied_at == 0;
  return n;
}

bool project_broke_promise(const Project *pr) {
  return pr->promise_broken;
}

/* ---- folding --------------------------------------------------------------------------------------- */

static void lacks_begin(Arena *mem, StageState *s, const Json *list) {
  s->lack_count = 0;
  s->lacks = arena_array(mem, Lack, LACKS_MAX);
  for (const Json *x = list->first; x && s->lack_count < LACKS_MAX; x = x->next) {
    Lack *l = &s->lacks[s->lack_count++];
    *l = (Lack){.material = arena_str(mem, json_str(x, S("material"))), .name = arena_str(mem, json_str(x, S("name")))};
    if (!day_parse(json_str(x, S("promised")), &l->promised)) l->promised = (Day){1};
  }
}

static bool body_has(const Json *list, Str material) {
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    if (str_eq(json_str(x, S("material")), material)) return true;
  return false;
}

void fold__lacking(Arena *mem, StageState *s, const Event *e) {
  const Json *b = e->body;
  bool supplied = str_eq(e->kind, S("stage.supplied")), expired = str_eq(e->kind, S("stage.lacking-expired"));
  if (!supplied && !expired) {
    s->lack_count = 0;
    if (json_get(b, S("lacking"))) lacks_begin(mem, s, json_get(b, S("lacking")));
    return;
  }
  for (size_t i = 0; i < s->lack_count; i++) {
    Lack *l = &s->lacks[i];
    if (supplied && !l->supplied_at && body_has(json_get(b, S("files")), l->material)) l->supplied_at = e->happened;
    if (expired && body_has(json_get(b, S("materials")), l->material)) l->expired = true;
  }
}

/* ---- deciding -------------------------------------------------------------------------------------- */

Code lack__settled(Cx *cx, const StageState *s) {
  for (size_t i = 0; i < s->lack_count; i++) {
    Str day = day_cn(cx->mem, s->lacks[i].promised);
    if (s->lacks[i].supplied_at) continue;
    FAIL_AT(CONFLICT, S("stage"), S("D60-4.14-p1"), "容缺的“%.*s”还没有补交（承诺 %.*s），补交以后才能出件。", SFMT(s->lacks[i].name), SFMT(day));
  }
  return OK;
}

static const Lack *lack_of(const StageState *s, Str material) {
  for (size_t i = 0; i < s->lack_count; i++)
    if (str_eq(s->lacks[i].material, material) && !s->lacks[i].supplied_at) return &s->lacks[i];
  return NULL;
}

Code decide__supply(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  Arena *m = decision_mem(d);
  TRY(at__stage(cx, ask, &at));
  TRY(at__owner(cx, &at));
  const Json *files = json_get(at.args, S("files"));
  if (at.s->status < STAGE_SUBMITTED || at.s->status > STAGE_DECIDED || at.s->status == STAGE_CORRECTION) return at__wrong_state(cx, &at, "补交容缺材料");
  if (!lacks_open(at.s)) FAIL(CONFLICT, "第 %d 阶段没有等着补交的容缺材料。", at.n);
  if (!files->count) FAIL_AT(INVALID, S("files"), S(""), "请选择要补交的文件");
  for (const Json *f = files->first; f; f = f->next) {
    Str code = json_str(f, S("material"));
    if (!lack_of(at.s, code)) FAIL_AT(INVALID, S("files"), S("D60-4.14-p2"), "%.*s 不是等着补交的容缺材料，不用重复提交", SFMT(code));
    if (!json_str(f, S("blob")).len) FAIL_AT(INVALID, S("files"), S(""), "每份材料都要有文件");
  }
  Json *body = at__body(&at, d);
  json_put(m, body, S("files"), json_clone(m, files));
  decision_emit(d, "stage.supplied", 1, body);
  return OK;
}

Code decide__expire_lacking(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  Arena *m = decision_mem(d);
  TRY(at__stage(cx, ask, &at));
  Json *body = at__body(&at, d), *list = json_put_arr(m, body, S("materials"));
  for (size_t i = 0; i < at.s->lack_count; i++) {
    const Lack *l = &at.s->lacks[i];
    if (l->supplied_at || l->expired || day_of(ask->now).n <= l->promised.n) continue;
    Json *o = json_push_obj(m, list);
    json_put_str(m, o, S("material"), l->material);
    json_put_str(m, o, S("name"), l->name);
    json_put_str(m, o, S("promised"), day_str(m, l->promised));
  }
  if (!list->count || at.s->status < STAGE_SUBMITTED || at.s->status > STAGE_DECIDED) FAIL(CONFLICT, "第 %d 阶段没有到期的容缺承诺。", at.n);
  decision_emit(d, "stage.lacking-expired", 1, body);
  return OK;
}
