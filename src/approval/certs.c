/* SPDX-License-Identifier: Apache-2.0 */
/* certs.c: certificates 证照: what is issued, and what becomes of it. */
#include "approval/approval_int.h"

Str cert_status_text(CertStatus s) {
  static const char *const texts[] = {"",
#define X(name, text, label) text,
                                      CERT_STATUS_LIST(X)
#undef X
  };
  return str_of(texts[s]);
}

Str cert_status_label(CertStatus s) {
  static const char *const labels[] = {"",
#define X(name, text, label) label,
                                       CERT_STATUS_LIST(X)
#undef X
  };
  return str_of(labels[s]);
}

/* ---- what a stage issues --------------------------------------------------------------------------- */

static bool fits(const StageState *s, const Permit *x) {
  for (size_t i = 0; i < x->item_count; i++) {
    const ItemState *item = stage_item(s, x->items[i]);
    if (item && item->status == ITEM_PASSED) return true;
  }
  return !x->item_count;
}

/* Of several with one name the first that fits. */
static bool taken(const At *at, const Permit *x) {
  for (const Permit *y = at->p->permits; y < x; y++)
    if (y->stage == at->n && y->listed == x->listed && str_eq(y->name, x->name) && fits(at->s, y)) return true;
  return false;
}

static Json *permit_put(Arena *m, Json *list, const Permit *x) {
  Json *o = json_push_obj(m, list), *merges = json_put_arr(m, o, S("merges"));
  json_put_str(m, o, S("code"), x->code);
  json_put_str(m, o, S("name"), x->name);
  json_put_str(m, o, S("issuer"), x->issuer);
  json_put_str(m, o, S("clause"), x->source.clause);
  for (size_t i = 0; i < x->merge_count; i++) json_push_str(m, merges, x->merges[i]);
  return o;
}

static Code permit_add(Cx *cx, const At *at, Arena *m, const Permit *x, Str number, Json *out, Json *listed) {
  const Material *material = policy_material(at->p, x->material);
  if (x->listed) {
    permit_put(m, listed, x);
    return OK;
  }
  if (material && !library_latest(at->pr, x->material))
    FAIL_AT(CONFLICT, S("stage"), x->source.clause, "“%.*s”要在交来“%.*s”以后核发，材料库里还没有；请申请人补交。", SFMT(x->name), SFMT(material->name));
  Str own = out->count ? arena_fmt(m, "%.*s%c", SFMT(number), (char)('A' + (int)out->count)) : number;
  json_put_str(m, permit_put(m, out, x), S("number"), own);
  return OK;
}

static Str clause_words(Arena *m, const Policy *p, Str id) {
  const Clause *c = policy_clause(p, id);
  return c ? arena_fmt(m, "%.*s%.*s", SFMT(c->doc), SFMT(c->number)) : id;
}

/* The documents of a stage into the event; the first is the stage's own. */
Code certs__issue(Cx *cx, const At *at, Arena *m, Str number, Json *body) {
  const Stage *stage = &at->p->stages[at->n];
  Json *out = json_put_arr(m, body, S("certificates")), *listed = json_arr(m);
  for (const Permit *x = at->p->permits; x < at->p->permits + at->p->permit_count; x++)
    if (x->stage == at->n && fits(at->s, x) && !taken(at, x)) TRY(permit_add(cx, at, m, x, number, out, listed));
  const Permit usual = {.name = stage->certificate, .issuer = stage->lead, .source = stage->certificate_source};
  if (!out->count) TRY(permit_add(cx, at, m, &usual, number, out, listed));
  if (listed->count) json_put(m, body, S("listed"), listed);
  json_put_str(m, body, S("certificate"), number);
  json_put_str(m, body, S("name"), json_str(out->first, S("name")));
  json_put_str(m, body, S("seal"), at->p->seal);
  json_put_str(m, body, S("seal_basis"), clause_words(m, at->p, at->p->seal_source.clause));
  return OK;
}

/* Nothing is built on a certificate that may not be used. */
Code certs__hold(Cx *cx, const At *at) {
  for (size_t i = 0; i < at->pr->cert_count; i++) {
    const Cert *c = &at->pr->certs[i];
    Str label = cert_status_label(c->status);
    if (c->status == CERT_REVOKED && c->replaced_by.len) continue;
    if (c->stage < at->n && (c->status == CERT_SUSPENDED || c->status == CERT_REVOKED))
      FAIL_AT(CONFLICT, S("stage"), S("行政许可法第六十九条"), "前面阶段的“%.*s”（%.*s）%.*s，本阶段不能出件。", SFMT(c->name), SFMT(c->number), SFMT(label));
  }
  return OK;
}

/* ---- folding ------------------------------------------------------------------------------------- */

static Str keep(Arena *mem, const Json *b, const char *key) {
  return arena_str(mem, json_str(b, str_of(key)));
}

static Cert *cert_add(Arena *mem, Project *p) {
  if (p->cert_count == p->cert_cap) {
    size_t cap = p->cert_cap ? p->cert_cap * 2 : 4;
    Cert *more = arena_array(mem, Cert, cap);
    if (p->cert_count) memcpy(more, p->certs, p->cert_count * sizeof *more);
    p->certs = more;
    p->cert_cap = cap;
  }
  Cert *c = &p->certs[p->cert_count++];
  *c = (Cert){.status = CERT_VALID};
  return c;
}

static void merges_read(Arena *mem, const Json *list, Cert *c) {
  Str *out = arena_array(mem, Str, list ? list->count : 1);
  for (const Json *x = list ? list->first : NULL; x; x = x->next) out[c->merge_count++] = arena_str(mem, x->str);
  c->merges = out;
}

static void issued_one(Arena *mem, Project *p, const Event *e, const Json *o) {
  Cert *c = cert_add(mem, p);
  const Json *b = e->body;
  c->number = keep(mem, o, json_get(o, S("number")) ? "number" : "certificate");
  c->code = keep(mem, o, "code");
  c->name = keep(mem, o, "name");
  c->issuer = keep(mem, o, "issuer");
  c->clause = keep(mem, o, "clause");
  c->seal = keep(mem, b, "seal");
  c->seal_basis = keep(mem, b, "seal_basis");
  merges_read(mem, json_get(o, S("merges")), c);
  c->stage = (int)json_int(b, S("stage"), 0);
  c->at = e->happened;
  c->seq = e->seq;
}

/* Events of before there were several have the one in the body itself. */
static void fold_issued(Arena *mem, Project *p, const Event *e) {
  const Json *list = json_get(e->body, S("certificates"));
  size_t first = p->cert_count;
  for (const Json *o = list ? list->first : NULL; o; o = o->next) issued_one(mem, p, e, o);
  if (!list) issued_one(mem, p, e, e->body);
  if (json_get(e->body, S("listed")) && p->cert_count > first) p->certs[first].listed = json_clone(mem, json_get(e->body, S("listed")));
}

static void fold_changed(Arena *mem, Project *p, StageState *s, Cert *old, const Event *e) {
  Cert next = *old;
  bool change = str_eqz(e->kind, "certificate.changed");
  next.number = keep(mem, e->body, "new");
  next.at = e->happened;
  next.seq = e->seq;
  next.change = keep(mem, e->body, "change");
  next.replaces = old->number;
  next.status_at = next.status_seq = 0;
  next.reason = next.article = next.status_by = next.way = next.until = S("");
  next.status = CERT_VALID;
  if (change) old->status = CERT_CHANGED;
  old->replaced_by = next.number;
  if (s && str_eq(s->certificate, old->number)) s->certificate = next.number;
  *cert_add(mem, p) = next;
}

/* Revoked, and nothing in its place yet: since when? */
static int64_t revoked_since(const Project *p, int stage) {
  int64_t at = 0;
  for (size_t i = 0; i < p->cert_count; i++) {
    const Cert *c = &p->certs[i];
    if (c->stage == stage && c->status == CERT_REVOKED && !c->replaced_by.len && c->status_at > at) at = c->status_at;
  }
  return at;
}

static void fold_state(Arena *mem, Project *p, StageState *s, Cert *c, const Event *e) {
  static const struct { const char *kind; CertStatus to; } states[] = {
      {"certificate.suspended", CERT_SUSPENDED}, {"certificate.restored", CERT_VALID}, {"certificate.revoked", CERT_REVOKED}};
  c->status_at = e->happened;
  c->status_seq = e->seq;
  c->status_by = arena_str(mem, e->actor_name);
  c->reason = keep(mem, e->body, "reason");
  c->article = keep(mem, e->body, "article");
  c->way = keep(mem, e->body, "way");
  c->until = keep(mem, e->body, "until");
  for (size_t i = 0; i < COUNT(states); i++)
    if (str_eqz(e->kind, states[i].kind)) c->status = states[i].to;
  if (str_eq(e->kind, S("certificate.changed"))) fold_changed(mem, p, s, c, e);
}

void fold__cert(Arena *mem, Project *p, StageState *s, const Event *e) {
  if (str_eq(e->kind, S("stage.certified"))) fold_issued(mem, p, e);
  Cert *c = (Cert *)(uintptr_t)(str_starts(e->kind, S("certificate.")) ? cert_find(p, json_str(e->body, S("certificate"))) : NULL);
  if (!c) return;
  if (str_eq(e->kind, S("certificate.reissued"))) fold_changed(mem, p, s, c, e);
  else fold_state(mem, p, s, c, e);
  if (s) s->revoked_at = revoked_since(p, (int)(s - p->stages));
}

const Cert *cert_find(const Project *pr, Str number) {
  for (size_t i = 0; i < pr->cert_count; i++)
    if (str_eq(pr->certs[i].number, number)) return &pr->certs[i];
  return NULL;
}

const Cert *cert_of_stage(const Project *pr, int stage) {
  return pr->stages[stage].certificate.len ? cert_find(pr, pr->stages[stage].certificate) : NULL;
}

/* ---- deciding ------------------------------------------------------------------------------------- */

/* The certificate of the argument, which stands in one of two states. Certificates outlive their project. */
static Code pointed(Cx *cx, const Ask *ask, CertStatus need, CertStatus other, const char *cannot, const Cert **out) {
  const Project *pr = ask->state;
  Str number = str_trim(json_str(ask->cmd->args, S("certificate")));
  const Cert *c = *out = cert_find(pr, number);
  if (!c) FAIL_AT(NOT_FOUND, S("certificate"), S(""), "本项目没有编号为 %.*s 的证件。", SFMT(number));
  Str label = cert_status_label(c->status), when = time_cn(cx->mem, c->status_at ? c->status_at : c->at);
  if (c->status != need && c->status != other)
    FAIL_AT(CONFLICT, S("certificate"), S(""), "“%.*s”（%.*s）现在是“%.*s”（%.*s），不能%s。", SFMT(c->name), SFMT(c->number), SFMT(label), SFMT(when), cannot);
  return at__late(cx, ask, c->status_at > c->at ? c->status_at : c->at);
}

static Json *cert_body(Cx *cx, const Ask *ask, Decision *d, const Cert *c, bool against) {
  static const char *const texts[] = {"reason", "article", "way", "until", "change"};
  Arena *m = decision_mem(d);
  Json *body = json_obj(m);
  json_put_int(m, body, S("stage"), c->stage);
  json_put_str(m, body, S("certificate"), c->number);
  json_put_str(m, body, S("name"), c->name);
  for (size_t i = 0; i < COUNT(texts); i++) {
    Str value = json_str(ask->cmd->args, str_of(texts[i]));
    if (value.len) json_put_str(m, body, str_of(texts[i]), value);
  }
  At at = {.ask = ask, .p = at__current(cx, ask)};
  if (against) document__remedies(&at, m, body);
  at__stamp(ask, m, body);
  return body;
}

/* A certificate stands on the items that the package names for it; the stage's own, in which items are merged, also on all that are not beside the
 * stage: what is decided beside it has a result of its own. */
static bool stands_on(const Policy *p, const Cert *c, const ItemState *i) {
  const Permit *x = policy_permit(p, c->code);
  for (size_t k = 0; x && k < x->item_count; k++)
    if (str_eq(x->items[k], i->code)) return true;
  return !i->parallel && (!x || str_eq(c->name, p->stages[c->stage].certificate));
}

/* By what follows elsewhere: those of a stage that stand in one of two states. */
void certs__follow(Cx *cx, const Ask *ask, Decision *d, int stage, CertStatus need, CertStatus other, const CertStep *to) {
  const Project *pr = ask->state;
  for (size_t i = 0; i < pr->cert_count; i++) {
    const Cert *c = &pr->certs[i];
    if (c->stage != stage || (c->status != need && c->status != other)) continue;
    if (to->only.len && !str_starts(c->reason, to->only)) continue;
    if (to->item && !stands_on(at__current(cx, ask), c, to->item)) continue;
    Arena *m = decision_mem(d);
    Json *body = cert_body(cx, ask, d, c, to->against);
    json_put_str(m, body, S("reason"), to->reason);
    json_put_str(m, body, S("article"), to->article);
    if (to->way.len) json_put_str(m, body, S("way"), to->way);
    decision_emit(d, to->kind, 1, body);
  }
}

Code decide__cert_suspend(Cx *cx, const Ask *ask, Decision *d) {
  const Cert *c;
  Day until;
  TRY(pointed(cx, ask, CERT_VALID, CERT_VALID, "暂停", &c));
  Str text = json_str(ask->cmd->args, S("until"));
  if (text.len && day_parse(text, &until) && until.n <= day_of(ask->happened).n) FAIL_AT(INVALID, S("until"), S(""), "暂停到哪天，要写今天以后的日期。");
  decision_emit(d, "certificate.suspended", 1, cert_body(cx, ask, d, c, true));
  return OK;
}

Code decide__cert_restore(Cx *cx, const Ask *ask, Decision *d) {
  const Cert *c;
  TRY(pointed(cx, ask, CERT_SUSPENDED, CERT_SUSPENDED, "恢复", &c));
  TRY(joined__restore(cx, ask->state, c));
  decision_emit(d, "certificate.restored", 1, cert_body(cx, ask, d, c, false));
  return OK;
}

Code decide__cert_revoke(Cx *cx, const Ask *ask, Decision *d) {
  const Cert *c;
  TRY(pointed(cx, ask, CERT_VALID, CERT_SUSPENDED, "撤销", &c));
  decision_emit(d, "certificate.revoked", 1, cert_body(cx, ask, d, c, true));
  return OK;
}

/* The first is without a version: …-1, then …-1.2, …-1.3. */
static Str next_number(Arena *m, const Project *pr, const Cert *c) {
  Str base, version;
  str_cut(c->number, '.', &base, &version);
  for (int n = 2;; n++) {
    Str number = arena_fmt(m, "%.*s.%d", SFMT(base), n);
    if (!cert_find(pr, number)) return number;
  }
}

static Json *numbered(Arena *m, Decision *d, Json *body, Str number) {
  Json *answer = json_obj(m);
  json_put_str(m, body, S("new"), number);
  json_put_str(m, answer, S("certificate"), number);
  decision_answer(d, answer);
  return body;
}

Code decide__cert_change(Cx *cx, const Ask *ask, Decision *d) {
  const Cert *c;
  Arena *m = decision_mem(d);
  TRY(pointed(cx, ask, CERT_VALID, CERT_VALID, "变更", &c));
  Json *body = cert_body(cx, ask, d, c, false);
  decision_emit(d, "certificate.changed", 1, numbered(m, d, body, next_number(m, ask->state, c)));
  return OK;
}

/* What stood on the revoked certificate has passed again, as far as it was applied for. */
static Code anew_check(Cx *cx, const StageState *s, const Cert *c) {
  bool passed = false;
  for (size_t i = 0; i < s->item_count; i++) {
    const ItemState *item = &s->items[i];
    Str label = item_status_label(item->status);
    if (item->revoked) FAIL_AT(CONFLICT, S("certificate"), S("D60-5.16.3"), "“%.*s”的决定已经撤销，建设单位重新申报并通过以后才能重新核发。", SFMT(item->name));
    if (item->before && item->status != ITEM_PASSED) FAIL_AT(CONFLICT, S("certificate"), S("D60-4.15-p1"), "重新申报的“%.*s”现在是“%.*s”，通过以后才能重新核发。", SFMT(item->name), SFMT(label));
    passed |= item->before && item->decided_at >= c->status_at;
  }
  if (!passed) FAIL_AT(CONFLICT, S("certificate"), S("D60-4.15-p1"), "撤销以后还没有事项重新申报并通过，不能重新核发；请建设单位先重新申报。");
  return OK;
}

Code decide__cert_reissue(Cx *cx, const Ask *ask, Decision *d) {
  const Cert *c;
  Arena *m = decision_mem(d);
  const Project *pr = ask->state;
  TRY(pointed(cx, ask, CERT_REVOKED, CERT_REVOKED, "重新核发", &c));
  if (c->replaced_by.len) FAIL_AT(CONFLICT, S("certificate"), S(""), "“%.*s”（%.*s）已经重新核发为 %.*s。", SFMT(c->name), SFMT(c->number), SFMT(c->replaced_by));
  At at = {.ask = ask, .args = ask->cmd->args, .pr = pr, .p = at__current(cx, ask), .n = c->stage, .s = &pr->stages[c->stage]};
  TRY(anew_check(cx, at.s, c));
  TRY(joined__certify(cx, &at));
  TRY(certs__hold(cx, &at));
  Json *body = cert_body(cx, ask, d, c, false);
  decision_emit(d, "certificate.reissued", 1, numbered(m, d, body, next_number(m, pr, c)));
  return OK;
}
