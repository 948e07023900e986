/* SPDX-License-Identifier: Apache-2.0 */
/* world_way.c: the ordinary way through a stage, and what must always hold. */
#include "world.h"
#include "approval/approval_int.h"

static const char *approver_of(World *w, const char *kind, Str unit) {
  return arena_z(w->mem, arena_fmt(w->mem, "%s:%.*s", kind, SFMT(unit)));
}

void world_pass(World *w, int stage, Str code) {
  const ItemState *i = stage_item(&w->pr->stages[stage], code);
  if (!i) return;
  const char *who = approver_of(w, "ap", i->unit);
  if (i->status == ITEM_WAITING) world_step(w, who, "item.take", stage, code, NULL, NULL);
  if (i->status == ITEM_RETURNED) world_step(w, "owner", "item.supplement", stage, code, NULL, NULL);
  if (i->status == ITEM_PAUSED) world_step(w, who, "item.resume", stage, code, NULL, NULL);
  if (i->status == ITEM_TAKEN) world_step(w, who, "item.decide", stage, code, NULL, NULL);
}

void world_heard(World *w, int stage) {
  const StageState *s = &w->pr->stages[stage];
  Asked asked = stage_asked(w->mem, policies_at(w->mem, &w->policies, s->form_version, calendars_newest(w->policies.current->calendars)), w->pr, stage, w->now);
  for (size_t i = 0; i < asked.unit_count; i++)
    if (asked.units[i].status == ASK_WAITING) world_step(w, approver_of(w, "ap", asked.units[i].unit), "stage.report", stage, S(""), NULL, NULL);
}

/* Items of this stage, and those beside it that its certificate waits for. */
static void pass_all(World *w, int stage) {
  for (int n = 1; n <= STAGE_MAX; n++) {
    const StageState *s = &w->pr->stages[n];
    for (size_t i = 0; i < s->item_count; i++) {
      const ItemState *item = &s->items[i];
      if (n != stage && !(item->parallel && item->before_stage == stage)) continue;
      if (item_reapplies(s, item)) world_step(w, "owner", "item.reapply", n, item->code, NULL, NULL);
      world_pass(w, n, item->code);
    }
  }
}

static bool advance(World *w, int n) {
  const StageState *s = &w->pr->stages[n];
  const Str none = S("");
  switch (s->status) {
    case STAGE_OPEN:
    case STAGE_CORRECTION:
    case STAGE_REFUSED:
    case STAGE_WITHDRAWN: return world_step(w, "owner", "stage.submit", n, none, NULL, NULL) == OK;
    case STAGE_SUBMITTED: return world_step(w, "clerk", "stage.accept", n, none, NULL, NULL) == OK;
    case STAGE_ACCEPTED: return world_step(w, "clerk", "stage.draft-slip", n, none, NULL, NULL) == OK;
    case STAGE_SLIP: return world_step(w, "head", "stage.dispatch", n, none, NULL, NULL) == OK;
    case STAGE_RUNNING: pass_all(w, n); return w->pr->stages[n].status == STAGE_DECIDED;
    case STAGE_DECIDED:
      pass_all(w, n);
      for (size_t i = 0; i < w->pr->cert_count; i++) world_do(w, S("head"), S("certificate.restore"), json_obj(w->mem));
      if (lacks_open(s)) world_step(w, "owner", "stage.supply", n, none, NULL, NULL);
      return world_step(w, "clerk", "stage.certify", n, none, NULL, NULL) == OK ||
             world_step(w, "clerk", "stage.refuse", n, none, NULL, NULL) == OK;
    case STAGE_CERTIFIED: return world_step(w, "clerk", "stage.deliver", n, none, NULL, NULL) == OK;
    case STAGE_STATUS_UNSET:
    case STAGE_NA:
    case STAGE_CLOSED:
    case STAGE_DELIVERED:
    case STAGE_STATUS__MAX: break;
  }
  return false;
}

void world_through(World *w, int stage) {
  enum { STEPS_MAX = 40 };
  for (int i = 0; i < STEPS_MAX && w->pr->stages[stage].status != STAGE_DELIVERED; i++)
    if (!advance(w, stage)) return;
}

static bool refuse_first(World *w, int n) {
  for (size_t i = 0; i < w->pr->stages[n].item_count; i++) {
    const ItemState *item = &w->pr->stages[n].items[i];
    if (item->parallel || !item_open(item)) continue;
    const char *who = approver_of(w, "ap", item->unit);
    return world_step(w, who, "item.take", n, item->code, NULL, NULL) == OK &&
           world_step(w, who, "item.decide", n, item->code, "result", "refuse") == OK;
  }
  return false;
}

bool world_upto(World *w, int stage, StageStatus status) {
  enum { STEPS_MAX = 40 };
  const StageState *s = &w->pr->stages[stage];
  for (int n = 1; n < stage; n++)
    if (w->pr->stages[n].status != STAGE_NA) world_through(w, n);
  for (int i = 0; i < STEPS_MAX && s->status != status; i++) {
    bool went;
    if (status == STAGE_CORRECTION && s->status == STAGE_SUBMITTED) world_heard(w, stage);
    if (status == STAGE_CORRECTION && s->status == STAGE_SUBMITTED)
      went = world_step(w, "clerk", "stage.request-correction", stage, S(""), NULL, NULL) == OK;
    else if (status == STAGE_WITHDRAWN && s->status == STAGE_SUBMITTED)
      went = world_step(w, "owner", "stage.withdraw", stage, S(""), NULL, NULL) == OK;
    else
      went = (status != STAGE_REFUSED || s->status != STAGE_RUNNING || refuse_first(w, stage)) && advance(w, stage);
    if (!went) return false;
  }
  return s->status == status;
}

void world_dispatch(World *w, int stage) {
  while (w->pr->stages[stage].status < STAGE_RUNNING && advance(w, stage)) continue;
}

const Project *world_refold(World *w, Arena *mem) {
  void *state = NULL;
  for (size_t i = 0; i < w->count; i++)
    if (str_starts(w->events[i].stream, S("project/"))) state = project_fold(mem, state, &w->events[i]);
  return state;
}

/* ---- everything as text --------------------------------------------------------------------------- */

static void item_text(Buf *b, const ItemState *i) {
  buf_fmt(b, "  %.*s %.*s %d %d/%d seq %lld %.*s taken %.*s %lld decided %lld %.*s ext %d%d restart %d kept %d\n", SFMT(i->code),
          SFMT(i->unit), i->status, i->days, i->limit, (long long)i->seq, SFMT(i->last_by), SFMT(i->taken_by),
          (long long)i->taken_at, (long long)i->decided_at, SFMT(i->opinion), i->extension_asked, i->extended, i->start.n,
          i->kept_from);
  for (size_t k = 0; k < i->pause_count; k++)
    buf_fmt(b, "    %lld-%lld %.*s\n", (long long)i->pauses[k].from, (long long)i->pauses[k].to, SFMT(i->pauses[k].cause));
}

static void json_line(Buf *b, const Json *j) {
  if (j) json_write(b, j);
  buf_char(b, '\n');
}

Str world_text(Arena *mem, const Project *pr) {
  Buf b;
  buf_init(&b, 4 << 20);
  buf_fmt(&b, "%.*s %.*s %.*s %d %lld\n", SFMT(pr->number), SFMT(pr->name), SFMT(pr->category), pr->status, (long long)pr->seq);
  json_line(&b, pr->facts);
  for (size_t i = 0; i < pr->exemption_count; i++)
    buf_fmt(&b, "  exempt %.*s %d-%d ended %lld\n", SFMT(pr->exemptions[i].matter), pr->exemptions[i].from.n, pr->exemptions[i].until.n, (long long)pr->exemptions[i].ended_at);
  for (size_t i = 0; i < pr->library_count; i++)
    buf_fmt(&b, "  library %.*s v%d %.*s %d.%d %.*s\n", SFMT(pr->library[i].material), pr->library[i].version, SFMT(pr->library[i].blob), pr->library[i].stage,
            pr->library[i].attempt, SFMT(pr->library[i].how));
  json_line(&b, pr->locked);
  for (size_t i = 0; i < pr->cert_count; i++)
    buf_fmt(&b, "  cert %.*s %.*s %.*s %d %lld\n", SFMT(pr->certs[i].number), SFMT(pr->certs[i].name), SFMT(pr->certs[i].issuer), pr->certs[i].status,
            (long long)pr->certs[i].status_seq);
  for (size_t i = 0; i < pr->document_count; i++)
    buf_fmt(&b, "  document %lld %d %.*s served %lld %.*s\n", (long long)pr->documents[i].seq, pr->documents[i].kind, SFMT(pr->documents[i].item),
            (long long)pr->documents[i].served_seq, SFMT(pr->documents[i].served_how));
  const ReviewNote *review = project_review(pr);
  if (review) buf_fmt(&b, "  review %.*s %.*s %lld\n", SFMT(review->number), SFMT(review->status), (long long)review->promised_at);
  for (size_t i = 0; pr->joined && i < pr->joined->promise_count; i++)
    buf_fmt(&b, "  promise %.*s %.*s\n", SFMT(pr->joined->promises[i].number), SFMT(pr->joined->promises[i].status));
  for (size_t i = 0; pr->joined && i < pr->joined->halt_count; i++) buf_fmt(&b, "  halt %lld\n", (long long)pr->joined->halts[i].until);
  for (size_t i = 0; pr->joined && i < pr->joined->revoked_count; i++) buf_fmt(&b, "  revoked %.*s\n", SFMT(pr->joined->revoked[i].decision));
  for (int n = 1; n <= STAGE_MAX; n++) {
    const StageState *s = &pr->stages[n];
    buf_fmt(&b, "%d status %d attempt %d %.*s sub %lld acc %d lim %d cert %.*s seq %lld deemed %d noticed %d\n", n, s->status,
            s->attempt, SFMT(s->receipt), (long long)s->submitted_at, s->accepted_on.n, s->limit, SFMT(s->certificate),
            (long long)s->seq, s->deemed, s->noticed);
    json_line(&b, s->form);
    json_line(&b, s->draft);
    json_line(&b, s->cites);
    json_line(&b, s->plan);
    json_line(&b, s->slip);
    json_line(&b, s->notice);
    json_line(&b, s->reports);
    json_line(&b, s->dropped);
    json_line(&b, s->refusal);
    for (size_t i = 0; i < s->lack_count; i++)
      buf_fmt(&b, "  lack %.*s %d %lld %d\n", SFMT(s->lacks[i].material), s->lacks[i].promised.n, (long long)s->lacks[i].supplied_at, s->lacks[i].expired);
    for (size_t i = 0; i < s->file_count; i++) buf_fmt(&b, "  file %.*s %.*s\n", SFMT(s->files[i].material), SFMT(s->files[i].name));
    for (size_t i = 0; i < s->item_count; i++) item_text(&b, &s->items[i]);
  }
  REQUIRE(!b.full);
  Str out = arena_str(mem, buf_str(&b));
  buf_drop(&b);
  return out;
}

/* ---- what must always hold ------------------------------------------------------------------------ */

static bool in_some_catalogue(const World *w, Str code) {
  for (size_t n = 0; n < w->policies.count; n++)
    if (policy_item(w->policies.all[n], code)) return true;
  return false;
}

static Str item_fault(World *w, const ItemState *i) {
  Arena *m = w->mem;
  if (!in_some_catalogue(w, i->code)) return arena_fmt(m, "%.*s is not in the catalogue", SFMT(i->code));
  if (!policy_unit(w->policies.current, i->unit)) return arena_fmt(m, "%.*s belongs to nobody", SFMT(i->code));
  for (size_t k = 0; k < i->pause_count; k++) {
    bool open = i->pauses[k].to == 0, last = k + 1 == i->pause_count;
    if (open != (last && item_stopped(i))) return arena_fmt(m, "%.*s: a pause does not match its state", SFMT(i->code));
  }
  Reading r = project_item_reading(w->policies.current, i, w->now);
  if (r.lamp <= LAMP_UNSET || r.lamp >= LAMP__MAX) return arena_fmt(m, "%.*s has no lamp", SFMT(i->code));
  if (r.left != i->limit - r.used) return arena_fmt(m, "%.*s: left is not limit minus used", SFMT(i->code));
  if ((r.lamp == LAMP_GREY || r.paused) && !item_stopped(i)) return arena_fmt(m, "%.*s is grey but not paused", SFMT(i->code));
  return S("");
}

static Str stage_fault(World *w, int n) {
  const StageState *s = &w->pr->stages[n];
  bool issued = s->status == STAGE_CERTIFIED || s->status == STAGE_DELIVERED;
  if (issued != (s->certificate.len > 0) && w->pr->status != PROJECT_TERMINATED)
    return arena_fmt(w->mem, "stage %d: a certificate that does not match its state", n);
  for (size_t i = 0; i < s->item_count; i++) {
    const ItemState *item = &s->items[i];
    Str fault = item_fault(w, item);
    if (fault.len) return fault;
    bool anew = item->before != NULL || item->status == ITEM_HELD; /* after a revocation; or begins with the certificate */
    if (issued && !item->parallel && !anew && item->status != ITEM_PASSED)
      return arena_fmt(w->mem, "stage %d is certified though %.*s did not pass", n, SFMT(item->code));
    for (size_t k = 0; k < i; k++)
      if (str_eq(s->items[k].code, item->code)) return arena_fmt(w->mem, "%.*s twice", SFMT(item->code));
    bool open = item_open(item);
    if (open && !item->parallel && !anew && s->status != STAGE_RUNNING)
      return arena_fmt(w->mem, "%.*s is open though stage %d does not run", SFMT(item->code), n);
    if (item->status == ITEM_HELD && (s->certificate.len || item->start.n || item->taken_at))
      return arena_fmt(w->mem, "%.*s waits for a certificate that is there", SFMT(item->code));
    if (item->status != ITEM_HELD && item->start.n < day_of(w->pr->registered_at).n)
      return arena_fmt(w->mem, "the clock of %.*s began before the project", SFMT(item->code));
    if (open && (w->pr->status == PROJECT_TERMINATED || (w->pr->status == PROJECT_COMPLETED && !item->parallel && !anew)))
      return arena_fmt(w->mem, "%.*s is open though the project ended", SFMT(item->code));
  }
  return S("");
}

Str world_fault(World *w) {
  int current = project_current_stage(w->pr);
  for (int n = 1; n <= STAGE_MAX; n++) {
    const StageState *s = &w->pr->stages[n];
    if (n > current && s->status != STAGE_CLOSED && s->status != STAGE_NA)
      return arena_fmt(w->mem, "stage %d begins before stage %d is delivered", n, current);
    if ((s->status == STAGE_NA) != (w->pr->limits[n] == 0)) return arena_fmt(w->mem, "stage %d: NA does not match its limit", n);
    Str fault = stage_fault(w, n);
    if (fault.len) return fault;
  }
  if ((current > STAGE_MAX) != (w->pr->status == PROJECT_COMPLETED)) return S("completed does not match the stages");
  return S("");
}

Str explain_fault(Arena *mem, const Json *tree) {
  const Json *r = json_get(tree, S("reading")), *held = json_get(r, S("held")), *provincial = json_get(tree, S("provincial"));
  int64_t used = 0, applicant = 0, third = 0, marked = 0, differs = 0, given = 0;
  for (const Json *row = json_get(tree, S("rows"))->first; row; row = row->next) {
    Str holder = json_str(row, S("holder")), date = json_str(row, S("date"));
    if ((json_str(row, S("event")).len == 0) != str_eq(holder, S("nobody"))) return arena_fmt(mem, "%.*s: no act", SFMT(date));
    if (str_eq(holder, S("nobody")) == json_bool(row, S("work"))) return arena_fmt(mem, "%.*s: work", SFMT(date));
    if (explain_row_text(mem, row).len < 10) return S("a row without text");
    if (json_bool(row, S("ahead"))) continue;
    used += str_eq(holder, S("unit"));
    applicant += str_eq(holder, S("applicant"));
    third += str_eq(holder, S("third"));
    marked += json_bool(row, S("provincial"));
    differs += json_str(row, S("differs")).len > 0;
  }
  for (const Json *d = json_get(tree, S("differs"))->first; d; d = d->next) given += json_int(d, S("days"), 0);
  if (used != json_int(r, S("used"), -1)) return S("the rows do not add up to what is used");
  if (applicant != json_int(held, S("applicant"), -1) || third != json_int(held, S("third"), -1)) return S("held");
  if (differs != given || used - marked != differs) return S("a day of difference without its reason");
  if (provincial->kind == JSON_INT ? marked != provincial->num : marked != 0) return S("the provincial marks");
  if (json_int(r, S("left"), 0) != json_int(tree, S("limit"), 0) - used) return S("left");
  return S("");
}

void world_run_again(World *w, int stage, Str item) {
  const StageState *s = &w->pr->stages[stage];
  for (size_t i = 0; i < s->item_count; i++) {
    if (str_eq(s->items[i].code, item)) continue;
    const char *who = arena_fmt(w->mem, "ap:%.*s", SFMT(s->items[i].unit)).ptr;
    REQUIRE(world_step(w, who, "item.take", stage, s->items[i].code, NULL, NULL) == OK);
    REQUIRE(world_step(w, who, "item.pause", stage, s->items[i].code, "cause", "expert-review") == OK);
  }
  world_days(w, 3);
  REQUIRE(world_step(w, "owner", "item.withdraw", stage, item, NULL, NULL) == OK);
  world_days(w, 4);
  REQUIRE(world_step(w, "owner", "item.reapply", stage, item, NULL, NULL) == OK);
  world_days(w, 1);
}
