/* SPDX-License-Identifier: Apache-2.0 */
/* check_clock.c: every clock counted again by hand. */
#include "sim.h"

static bool is_paused(const ShItem *i, Day d) {
  for (size_t k = 0; k < i->pause_count; k++)
    if (d.n > i->pauses[k].from.n && (!i->pauses[k].to.n || d.n <= i->pauses[k].to.n)) return true;
  return false;
}

/* The rule in one sentence, day by day: a working day belongs to whoever held the clock when it began. */
static void counted(const Calendar *calendar, const ShItem *i, Day today, int *used, Day *due) {
  bool open = shadow_open(i), paused = shadow_stopped(i);
  Day end = open ? today : i->end;
  *used = 0;
  *due = (Day){0};
  if (!i->limit) *due = i->start;
  for (Day d = {i->start.n + 1}; d.n < i->start.n + 1000 && (d.n <= end.n || (!due->n && !paused)); d.n++) {
    bool counts = calendar_is_work(calendar, d) && !is_paused(i, d);
    if (d.n <= end.n) *used += counts;
    if (!due->n && d.n > end.n) { /* how it goes on */
      int more = *used;
      for (Day x = d; more < i->limit; x.n++) {
        more += calendar_is_work(calendar, x) && (!is_paused(i, x) || !open);
        if (more == i->limit) *due = x;
      }
      break;
    }
    if (!due->n && *used == i->limit && counts) *due = d;
  }
  while (due->n && due->n < end.n && is_paused(i, (Day){due->n + 1})) due->n++;
}

static Lamp lamp_of(const LampRule *rule, const ShItem *i, Day today, int left, bool over) {
  if (i->status == ITEM_PASSED || i->status == ITEM_REFUSED) return LAMP_DONE;
  if (i->status == ITEM_WITHDRAWN) return LAMP_ENDED;
  if (over) return LAMP_RED;
  if (shadow_stopped(i)) return !i->rested && today.n > i->planned.n ? LAMP_YELLOW : LAMP_GREY;
  return left <= rule->warn_days || (rule->warn_of && left * rule->warn_of <= i->limit) ? LAMP_YELLOW : LAMP_GREEN;
}

static bool same(const Reading *a, const Reading *b) {
  return a->used == b->used && a->left == b->left && a->gross == b->gross && a->due.n == b->due.n && a->overdue == b->overdue &&
         a->overdue_days == b->overdue_days && a->lamp == b->lamp && a->held[0] == b->held[0] && a->held[1] == b->held[1] && a->held[2] == b->held[2];
}

static void held_check(City *c, const Reading *r, Str what, int64_t no) {
  int held = 0;
  for (int h = 0; h < HOLDER__MAX; h++) held += r->held[h];
  CHECK(c, held == r->gross && r->held[HELD_UNIT] == r->used, "who held the days adds up", "project %lld %.*s", (long long)no, SFMT(what));
}

static void item_check(City *c, const Project *p, const ItemState *i, ShItem *sh, const Policy *policy) {
  Day today = day_of(c->now), due;
  int used;
  Reading r = project_item_reading(policy, i, c->now);
  if (sh->status == ITEM_HELD) {
    CHECK(c, i->status == ITEM_HELD && r.lamp == LAMP_NONE && !r.used && !r.has_due, "no clock runs before the certificate", "project %lld %.*s", (long long)p->no, SFMT(i->code));
    return;
  }
  const Calendar *calendar = shadow_open(sh) ? policy->calendar : calendars_get(policy->calendars, sh->calendar);
  CHECK(c, shadow_open(sh) || i->calendar == sh->calendar, "what has ended keeps its calendar", "project %lld %.*s: version %d, %d", (long long)p->no,
        SFMT(i->code), i->calendar, sh->calendar);
  counted(calendar, sh, today, &used, &due);
  held_check(c, &r, i->code, p->no);
  CHECK(c, r.used == used && r.left == sh->limit - used, "days are counted as by hand", "project %lld %.*s: %d, by hand %d", (long long)p->no, SFMT(i->code),
        r.used, used);
  CHECK(c, r.paused == shadow_stopped(sh), "only a pause stops a clock", "project %lld %.*s", (long long)p->no, SFMT(i->code));
  if (r.has_due && shadow_open(sh))
    CHECK(c, r.due.n == due.n && (calendar_is_work(calendar, r.due) || is_paused(sh, r.due)), "the due day is counted as by hand", "project %lld %.*s: %.*s, by hand %.*s",
          (long long)p->no, SFMT(i->code), SFMT(day_str(c->cx.mem, r.due)), SFMT(day_str(c->cx.mem, due)));
  Day end = shadow_open(sh) ? today : sh->end;
  bool over = due.n && end.n > due.n;
  CHECK(c, r.lamp == lamp_of(&policy->lamp, sh, today, r.left, over), "one lamp, and the right one", "project %lld %.*s: %.*s, left %d of %d", (long long)p->no,
        SFMT(i->code), SFMT(lamp_code(r.lamp)), r.left, sh->limit);
  if (shadow_open(sh)) return;
  if (sh->frozen) CHECK(c, same(&r, &sh->ended), "what has ended is not changed by a notice", "project %lld %.*s", (long long)p->no, SFMT(i->code));
  sh->frozen = true;
  sh->ended = r;
}

/* Held up when something is open and all of it is paused; with what was run before it was applied for again. */
static bool stage_waits(const StageState *s, const ShStage *sh, Day d) {
  bool there = false;
  for (size_t i = 0; i < sh->count; i++) {
    const ItemState *own = stage_item(s, sh->items[i].code);
    for (const ShItem *run = &sh->items[i]; run; run = run->earlier) {
      bool kept = own->kept_from && run == &sh->items[i];
      if (run->parallel || own->outside || kept || d.n <= run->start.n || (!shadow_open(run) && d.n > run->end.n)) continue;
      if (!is_paused(run, d)) return false;
      there = true;
    }
  }
  return there;
}

static int stage_counted(const Project *p, int n, const ShStage *sh, const Calendar *calendar, Day today) {
  const StageState *s = &p->stages[n];
  int64_t ended = s->certified_at ? s->certified_at : s->ended_at;
  Day end = ended ? day_of(ended) : today;
  int used = 0;
  for (Day d = {sh->accepted.n + 1}; d.n <= end.n; d.n++) used += calendar_is_work(calendar, d) && !stage_waits(s, sh, d);
  return used;
}

static void stage_check(City *c, const Project *p, int n, ShStage *sh, const Policy *policy) {
  Reading r = project_stage_reading(c->cx.mem, policy, p, n, c->now);
  held_check(c, &r, S("stage"), p->no);
  CHECK(c, r.left == sh->limit - r.used, "left is limit minus used", "project %lld stage %d", (long long)p->no, n);
  bool ended = sh->status == STAGE_CERTIFIED || sh->status == STAGE_DELIVERED || sh->status == STAGE_REFUSED || sh->status == STAGE_WITHDRAWN;
  bool done = ended && sh->status != STAGE_WITHDRAWN;
  int used = stage_counted(p, n, sh, project_stage_calendar(policy, p, n), day_of(c->now));
  CHECK(c, r.used == used, "days of a stage are counted as by hand", "project %lld stage %d: %d, by hand %d", (long long)p->no, n, r.used, used);
  CHECK(c, r.lamp > LAMP_UNSET && r.lamp < LAMP_NONE && (r.lamp == LAMP_DONE) == done && (r.lamp == LAMP_ENDED) == (ended && !done),
        "one lamp, and the right one", "project %lld stage %d: %.*s", (long long)p->no, n, SFMT(lamp_code(r.lamp)));
  if (!ended) return;
  CHECK(c, p->stages[n].calendar == sh->calendar, "what has ended keeps its calendar", "project %lld stage %d: version %d, %d", (long long)p->no, n,
        p->stages[n].calendar, sh->calendar);
  if (sh->frozen) CHECK(c, same(&r, &sh->ended), "what has ended is not changed by a notice", "project %lld stage %d", (long long)p->no, n);
  sh->frozen = true;
  sh->ended = r;
}

void check_clocks(City *c, const Project *p, ShProject *sh) {
  for (int n = 1; n <= STAGE_MAX && !c->failed; n++) {
    ShStage *s = &sh->stages[n];
    if (!s->accepted.n) continue;
    stage_check(c, p, n, s, policy_now(c, s->version));
    for (size_t i = 0; i < s->count && !c->failed; i++) {
      const ItemState *item = stage_item(&p->stages[n], s->items[i].code);
      item_check(c, p, item, &s->items[i], policy_now(c, s->version));
    }
  }
}

/* The day ledger, printed for a person with a pencil, says what the clocks say. */
void check_ledgers(City *c, int64_t no) {
  const Project *p = project_read(c, no);
  for (int n = 1; p && n <= STAGE_MAX && !c->failed; n++) {
    const StageState *s = &p->stages[n];
    if (!s->accepted_at) continue;
    for (size_t i = 0; i <= s->item_count && !c->failed; i++) {
      SCOPED(arena_close_p) Arena *mem = arena_open((size_t)64 << 20);
      Cx cx = {.mem = mem, .now = c->now};
      Json *tree = NULL;
      Str item = i < s->item_count ? s->items[i].code : S("");
      if (project_explain(&cx, policy_now(c, s->policy_version), p, n, item, c->now, &tree) != OK)
        STOP(c, "a clock tells its days", "project %lld: %.*s", (long long)no, SFMT(cx.detail));
      Str wrong = explain_fault(mem, tree);
      CHECK(c, !wrong.len, "the day ledger says what the clock says", "project %lld stage %d %.*s: %.*s", (long long)no, n, SFMT(item), SFMT(wrong));
    }
  }
}
