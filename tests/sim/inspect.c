/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inspect.c: spot checks by lot, asked for by the right and the wrong people at the right and the wrong time; and a shadow of
 * what may have happened: nothing is drawn but from a list that was published before, by secrets that were committed to before.
 */
#include "sim.h"

#include <string.h>

static const char unit[] = "housing-construction";
#define LONG_REASON "{\"reason\":\"名录漏登，补登以后重新抽取\"}"

static Json *parsed(Arena *mem, Str text) {
  Cx cx = {.mem = mem};
  Json *out = NULL;
  Code code = json_parse(&cx, text, &out);
  REQUIRE(code == OK);
  return out;
}

static Str secret_of(City *c, int64_t draw, Str party) {
  return arena_fmt(c->cx.mem, "secret-of-the-sim-%lld-%.*s", (long long)draw, SFMT(party));
}

/* ---- what is asked for ------------------------------------------------------------------------------------ */

typedef struct Want { const char *command; Str stream, args; const Account *by; const char *wrong; } Want;

static const Account *party_of(City *c, const ShSpotDraw *d, bool reveal) {
  for (size_t i = 0; i < d->party_count; i++)
    if (reveal ? !d->party[i].revealed : !d->party[i].committed) return account(c, d->party[i].id);
  return NULL;
}

bool spot_waits(const ShSpotDraw *d) {
  size_t revealed = 0;
  for (size_t i = 0; i < d->party_count; i++) revealed += d->party[i].revealed;
  return !d->voided && !d->drawn && revealed < d->party_count;
}

static Want pool_want(City *c) {
  const Account *head = somebody(c, ROLE_UNIT_HEAD, str_of(unit)), *who = chance(c, 50) ? head : somebody(c, ROLE_APPROVER, str_of(unit));
  Str firm = c->project_count ? c->projects[roll(c, (uint32_t)c->project_count)].uscc : S("91211400MA0XYW122L");
  if (c->spot.person_count > 2 && chance(c, 40))
    return (Want){"pool.set-class", S(""), arena_fmt(c->cx.mem, "{\"uscc\":\"%.*s\",\"class\":\"%c\",\"basis\":\"名单（示例）\"}", SFMT(firm), "ABCD"[roll(c, 4)]),
                  somebody(c, ROLE_SUPERVISOR, S("")), NULL};
  if (c->spot.person_count > 3 && chance(c, 50))
    return (Want){"pool.recuse", S("pool/main"),
                  arena_fmt(c->cx.mem, "{\"cert\":\"%.*s\",\"uscc\":\"%.*s\",\"reason\":\"有近亲属在这家企业任职\"}",
                            SFMT(c->spot.persons[roll(c, (uint32_t)c->spot.person_count)].cert), SFMT(firm)), head, NULL};
  if (!who || c->spot.person_count + 1 >= SPOT_MAX) return (Want){0};
  return (Want){"pool.add-inspector", S(""), arena_fmt(c->cx.mem, "{\"person\":\"%.*s\",\"cert\":\"LN-%.*s-%u\"}", SFMT(who->id), SFMT(who->id), roll(c, 2)), head, NULL};
}

static Want open_want(City *c, size_t plan) {
  const Account *wu = somebody(c, ROLE_SUPERVISOR, S("")), *head = somebody(c, ROLE_UNIT_HEAD, str_of(unit)), *audit = somebody(c, ROLE_AUDITOR, S(""));
  if (!wu || !head || !audit) return (Want){0};
  Str at = time_str(c->cx.mem, c->now + (1 + (int64_t)roll(c, 58)) * DAY_MS);
  return (Want){"draw.open", S(""),
                arena_fmt(c->cx.mem, "{\"plan\":%zu,\"parties\":[\"%.*s\",\"%.*s\",\"%.*s\"],\"beacon\":\"收盘点位（示例）\",\"beacon_at\":\"%.*s\"}", plan + 1,
                          SFMT(wu->id), SFMT(head->id), SFMT(audit->id), SFMT(at)), wu, NULL};
}

static Want check_want(City *c, const ShSpotDraw *d, Str stream) {
  const ShSpotCheck *k = d->check_count ? &d->checks[roll(c, (uint32_t)d->check_count)] : NULL;
  if (!k || chance(c, 15)) return (Want){"draw.publish", stream, S("{}"), somebody(c, ROLE_SUPERVISOR, S("")), NULL};
  int one = (int)roll(c, 2);
  const Account *by = account(c, k->person[one]);
  bool own = k->recorded && by && str_eq(k->by, by->id);
  if (!k->recorded || chance(c, 15))
    return (Want){"draw.record", stream, arena_fmt(c->cx.mem, "{\"object\":\"%.*s\",\"result\":\"ok\",\"finding\":\"现场与许可内容一致\"}", SFMT(k->object)), by, NULL};
  bool back = chance(c, 15);
  return (Want){back ? "draw.send-back" : "draw.confirm", stream,
                arena_fmt(c->cx.mem, "{\"object\":\"%.*s\"%s}", SFMT(k->object), back ? ",\"reason\":\"照片没有附上，请补充以后再记\"" : ""), by,
                own ? "a result is confirmed by the other inspector" : NULL};
}

static Want draw_want(City *c, size_t i) {
  ShSpotDraw *d = &c->spot.draws[i];
  Str stream = arena_fmt(c->cx.mem, "draw/%zu", i + 1);
  const Account *commits = party_of(c, d, false), *reveals = party_of(c, d, true), *wu = somebody(c, ROLE_SUPERVISOR, S(""));
  if (d->drawn) return check_want(c, d, stream);
  if (d->voided || chance(c, 4)) return (Want){"draw.void", stream, S(LONG_REASON), wu, d->voided ? "it is over" : NULL};
  bool late = c->now >= d->beacon_at;
  if (commits || chance(c, 5)) {
    const Account *by = commits ? commits : wu;
    Str hash = by ? lot_commitment(c->cx.mem, d->hash, by->id, secret_of(c, (int64_t)i + 1, by->id)) : S("");
    return (Want){"draw.commit", stream, arena_fmt(c->cx.mem, "{\"commitment\":\"%.*s\"}", SFMT(hash)), by, late || !commits ? "too late to commit" : NULL};
  }
  if (reveals) {
    bool other = chance(c, 10);
    Str secret = other ? S("another-secret-than-that") : secret_of(c, (int64_t)i + 1, reveals->id);
    return (Want){"draw.reveal", stream, arena_fmt(c->cx.mem, "{\"secret\":\"%.*s\"}", SFMT(secret)), reveals, late ? "too late to reveal" : other ? "another secret" : NULL};
  }
  return (Want){"draw.complete", stream, arena_fmt(c->cx.mem, "{\"value\":\"%u.%02u\"}", 2000 + roll(c, 2000), roll(c, 100)), wu, late ? NULL : "the number is not known yet"};
}

static bool alive(const ShSpot *s, size_t plan) {
  for (size_t i = 0; i < s->draw_count; i++)
    if (s->draws[i].plan == (int64_t)plan + 1 && !s->draws[i].voided) return true;
  return false;
}

static Want next_want(City *c) {
  ShSpot *s = &c->spot;
  size_t plan = s->plan_count ? roll(c, (uint32_t)s->plan_count) : 0, first = 0;
  if (s->person_count < 3 || chance(c, 10)) return pool_want(c);
  if (!s->plan_count || (s->plan_count + 1 < SPOT_MAX && chance(c, 6))) {
    Str day = day_str(c->cx.mem, (Day){day_of(c->now).n + 70});
    return (Want){"plan.make", S(""),
                  arena_fmt(c->cx.mem, "{\"title\":\"抽查计划\",\"items\":[\"施工许可事后检查\"],\"units\":[\"%s\"],\"count\":%u,\"from\":\"%.*s\",\"to\":\"%.*s\",\"basis\":\"年度计划\"}",
                            unit, roll(c, 4), SFMT(day), SFMT(day)), somebody(c, ROLE_SUPERVISOR, S("")), NULL};
  }
  Str stream = arena_fmt(c->cx.mem, "plan/%zu", plan + 1);
  if (!s->plans[plan].published && !s->plans[plan].dropped) return (Want){"plan.publish", stream, S("{}"), somebody(c, ROLE_SUPERVISOR, S("")), NULL};
  if (chance(c, 3)) return (Want){"plan.drop", stream, S(LONG_REASON), somebody(c, ROLE_SUPERVISOR, S("")), alive(s, plan) ? "its draw is under way" : NULL};
  bool may = s->plans[plan].published && !s->plans[plan].dropped && !alive(s, plan) && c->project_count > 2 && s->draw_count + 1 < SPOT_MAX;
  if (may || (s->draw_count + 1 < SPOT_MAX && chance(c, 4))) {
    Want w = open_want(c, plan);
    if (alive(s, plan)) w.wrong = "the plan is being drawn, or was";
    return w;
  }
  while (first < s->draw_count && (s->draws[first].voided || s->draws[first].drawn || (spot_waits(&s->draws[first]) && c->now >= s->draws[first].beacon_at))) first++;
  bool running = first < s->draw_count && chance(c, 80);
  size_t one = running ? first : s->draw_count ? roll(c, (uint32_t)s->draw_count) : 0;
  if (!s->draw_count || (!running && s->draws[one].voided && chance(c, 80))) return (Want){0};
  return draw_want(c, one);
}

static void one_step(City *c) {
  Want w = next_want(c);
  bool stray = chance(c, 10);
  if (!w.command || !w.by) return;
  const Account *by = stray ? anybody(c) : w.by;
  Sent s = sent_new(c, str_of(w.command), w.stream, by);
  if (!s.mem) return;
  sent_fill(c, &s, NULL, 0, NULL, parsed(s.mem, arena_str(s.mem, w.args)));
  s.wrong = stray ? NULL : w.wrong;
  send_one(c, &s);
  sent_keep(c, &s);
}

/* Some at a time: a draw takes a dozen acts, and a short year has not many steps. */
void lot_step(City *c) {
  enum { TOGETHER = 4 };
  for (int i = 0; i < TOGETHER && !c->failed; i++) {
    one_step(c);
    shadow_read(c);
    reader_begin(c->reader);
  }
}

/* ---- what may have happened -------------------------------------------------------------------------------- */

static int64_t stream_no(const Event *e) {
  Str head, no;
  int64_t n = 0;
  str_cut(e->stream, '/', &head, &no);
  (void)str_to_i64(no, &n);
  return n;
}

static void pool_event(City *c, const Event *e) {
  ShSpot *s = &c->spot;
  Str cert = json_str(e->body, S("cert"));
  size_t i = 0;
  while (i < s->person_count && !str_eq(s->persons[i].cert, cert)) i++;
  if (str_eqz(e->kind, "pool.inspector-added")) {
    REQUIRE(i < SPOT_MAX);
    if (i == s->person_count) s->person_count++;
    s->persons[i].cert = arena_str(c->mem, cert);
    s->persons[i].avoid = S("-"); /* entered again is entered anew */
  }
  if (str_eqz(e->kind, "pool.recused")) {
    Str was = s->persons[i].avoid, uscc = json_str(e->body, S("uscc"));
    s->persons[i].avoid = str_eqz(was, "-") ? arena_str(c->mem, uscc) : arena_fmt(c->mem, "%.*s,%.*s", SFMT(was), SFMT(uscc));
  }
  if (!str_eqz(e->kind, "pool.class-set")) return;
  Str uscc = json_str(e->body, S("uscc"));
  for (i = 0; i < s->class_count && !str_eq(s->classes[i].uscc, uscc);) i++;
  REQUIRE(i < COUNT(s->classes));
  if (i == s->class_count) s->class_count++;
  s->classes[i].uscc = arena_str(c->mem, uscc);
  s->classes[i].class = arena_str(c->mem, json_str(e->body, S("class")));
}

static void opened_event(City *c, const Event *e, ShSpotDraw *d) {
  ShSpot *s = &c->spot;
  const Json *parties = json_get(e->body, S("parties"));
  Str list = json_str(e->body, S("list"));
  size_t running = 0, before = 0;
  *d = (ShSpotDraw){.plan = json_int(e->body, S("plan"), 0), .list = arena_str(c->mem, list), .hash = arena_str(c->mem, json_str(e->body, S("hash"))),
                    .beacon_at = json_int(e->body, S("beacon_at"), 0)};
  CHECK(c, d->plan >= 1 && d->plan <= (int64_t)s->plan_count && s->plans[d->plan - 1].published && !s->plans[d->plan - 1].dropped, "a published plan is drawn", "%.*s", SFMT(e->stream));
  CHECK(c, str_eq(hash_hex(c->cx.mem, lot_hash(list)), d->hash) && d->beacon_at > e->recorded, "a list has its hash before the number", "%.*s", SFMT(e->stream));
  for (size_t i = 0; i < s->draw_count; i++) {
    if (&s->draws[i] == d || s->draws[i].plan != d->plan) continue;
    before++;
    CHECK(c, s->draws[i].voided && str_has(list, arena_fmt(c->cx.mem, "\nbefore %zu %.*s ", before, SFMT(s->draws[i].hash))), "an attempt names those before", "%.*s", SFMT(e->stream));
  }
  CHECK(c, json_int(e->body, S("attempt"), 0) == (int64_t)before + 1, "attempts are counted", "%.*s", SFMT(e->stream));
  for (size_t i = 0; i < c->project_count; i++) {
    const ShProject *p = &c->projects[i];
    if (p->status != PROJECT_RUNNING) continue;
    Str class = c->package->spot_class;
    for (size_t k = 0; k < s->class_count; k++)
      if (str_eq(s->classes[k].uscc, p->uscc)) class = s->classes[k].class;
    running++;
    CHECK(c, str_has(list, arena_fmt(c->cx.mem, "\nobject %.*s %.*s %.*s ", SFMT(p->number), SFMT(p->uscc), SFMT(class))), "every running project is in the list, in its class", "%.*s: %.*s", SFMT(e->stream), SFMT(p->number));
  }
  CHECK(c, json_int(e->body, S("objects"), 0) == (int64_t)running, "nothing else is in the list", "%.*s: %zu", SFMT(e->stream), running);
  for (const Json *p = parties->first; p && d->party_count < COUNT(d->party); p = p->next) d->party[d->party_count++].id = arena_str(c->mem, json_str(p, S("id")));
}

static void party_event(City *c, const Event *e, ShSpotDraw *d, bool reveal) {
  size_t committed = 0, mine = SIZE_MAX;
  for (size_t i = 0; i < d->party_count; i++) {
    committed += d->party[i].committed;
    if (str_eq(d->party[i].id, e->actor)) mine = i;
  }
  CHECK(c, mine != SIZE_MAX && e->recorded < d->beacon_at && !d->drawn && !d->voided, "parties act before the number", "%.*s %.*s", SFMT(e->stream), SFMT(e->actor));
  if (c->failed) return;
  if (reveal) {
    CHECK(c, committed == d->party_count && !d->party[mine].revealed, "a secret comes once, after all commitments", "%.*s", SFMT(e->stream));
    CHECK(c, str_eq(lot_commitment(c->cx.mem, d->hash, e->actor, json_str(e->body, S("secret"))), d->party[mine].commitment), "a secret is what was committed to", "%.*s", SFMT(e->stream));
    d->party[mine].revealed = true;
  } else {
    CHECK(c, !d->party[mine].committed, "one commits once", "%.*s", SFMT(e->stream));
    d->party[mine].committed = true;
    d->party[mine].commitment = arena_str(c->mem, json_str(e->body, S("commitment")));
  }
}

static void drawn_event(City *c, const Event *e, ShSpotDraw *d) {
  const Json *picks = json_get(e->body, S("picks"));
  size_t revealed = 0, n = 0;
  Cx cx = {.mem = c->cx.mem};
  LotPick *mine = NULL;
  Hash seed;
  for (size_t i = 0; i < d->party_count; i++) revealed += d->party[i].revealed;
  CHECK(c, revealed == d->party_count && e->recorded >= d->beacon_at && !d->voided && !d->drawn, "drawn once, when all have revealed and the number is there", "%.*s", SFMT(e->stream));
  CHECK(c, hash_unhex(json_str(e->body, S("seed")), &seed) && lot_draw(&cx, d->list, &seed, &mine, &n) == OK && n == picks->count, "the draw can be repeated", "%.*s", SFMT(e->stream));
  d->drawn = true;
  size_t at = 0;
  for (const Json *p = picks->first; p && !c->failed && at < n; p = p->next, at++) {
    const Json *one = json_get(p, S("certs"))->first;
    Str object = json_str(p, S("object"));
    CHECK(c, str_eq(object, mine[at].object) && str_eq(one->str, mine[at].certs[0]) && str_eq(one->next->str, mine[at].certs[1]) && !str_eq(one->str, one->next->str),
          "the draw can be repeated", "%.*s %.*s", SFMT(e->stream), SFMT(object));
    if (d->check_count < COUNT(d->checks)) d->checks[d->check_count++].object = arena_str(c->mem, object);
  }
}

/* Persons come from the state: the list has certificates only. */
static void persons_read(City *c, ShSpotDraw *d, int64_t no) {
  const SpotDraw *state = NULL;
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  if (draw_load(&cx, c->reader, no, &state) != OK) STOP(c, "states are there", "draw %lld", (long long)no);
  for (size_t i = 0; i < d->check_count && i < state->check_count; i++)
    for (int k = 0; k < SPOT_PAIR; k++) d->checks[i].person[k] = arena_str(c->mem, state->checks[i].persons[k]);
}

static void check_event(City *c, const Event *e, ShSpotDraw *d, Str kind) {
  for (size_t i = 0; i < d->check_count; i++) {
    ShSpotCheck *k = &d->checks[i];
    if (!str_eq(k->object, json_str(e->body, S("object")))) continue;
    if (str_eqz(kind, "recorded")) {
      CHECK(c, !k->confirmed && (!k->recorded || str_eq(k->by, e->actor)), "what two agreed on stays", "%.*s", SFMT(e->stream));
      k->recorded = true;
      k->by = arena_str(c->mem, e->actor);
      continue;
    }
    CHECK(c, k->recorded && !k->confirmed && !str_eq(k->by, e->actor), "the other inspector confirms", "%.*s", SFMT(e->stream));
    k->confirmed = str_eqz(kind, "confirmed");
    k->recorded = k->confirmed;
  }
}

static void draw_event(City *c, const Event *e) {
  ShSpot *s = &c->spot;
  int64_t n = stream_no(e);
  Str kind = str_sub(e->kind, 5, SIZE_MAX);
  CHECK(c, n >= 1 && n <= (int64_t)s->draw_count + 1 && n <= SPOT_MAX, "numbers have no gaps", "%.*s", SFMT(e->stream));
  if (c->failed) return;
  ShSpotDraw *d = &s->draws[n - 1];
  if (str_eqz(kind, "opened")) {
    s->draw_count++;
    opened_event(c, e, d);
  }
  if (str_eqz(kind, "committed")) party_event(c, e, d, false);
  if (str_eqz(kind, "revealed")) party_event(c, e, d, true);
  if (str_eqz(kind, "drawn")) drawn_event(c, e, d);
  if (str_eqz(kind, "voided")) {
    CHECK(c, !d->drawn && !d->voided && (!str_eqz(e->actor, "system") || (e->recorded >= d->beacon_at && party_of(c, d, true))), "ended in time, for what was withheld, or by a person", "%.*s", SFMT(e->stream));
    d->voided = true;
  }
  if (str_eqz(kind, "published"))
    for (const Json *x = json_get(e->body, S("objects"))->first; x; x = x->next)
      for (size_t i = 0; i < d->check_count; i++) {
        if (!str_eq(d->checks[i].object, x->str)) continue;
        CHECK(c, d->checks[i].confirmed && !d->checks[i].published, "what is confirmed is published once", "%.*s", SFMT(e->stream));
        d->checks[i].published = true;
      }
  if (str_eqz(kind, "recorded") || str_eqz(kind, "confirmed") || str_eqz(kind, "sent-back")) check_event(c, e, d, kind);
}

void spot_event(City *c, const Event *e) {
  ShSpot *s = &c->spot;
  if (str_starts(e->stream, S("pool/"))) pool_event(c, e);
  if (str_starts(e->stream, S("draw/"))) draw_event(c, e);
  if (!str_starts(e->stream, S("plan/"))) return;
  int64_t n = stream_no(e);
  CHECK(c, n >= 1 && n <= (int64_t)s->plan_count + 1 && n <= SPOT_MAX, "numbers have no gaps", "%.*s", SFMT(e->stream));
  if (c->failed) return;
  if (str_eqz(e->kind, "plan.made")) {
    s->plan_count++;
    shadow_once(c, json_str(e->body, S("number")));
  }
  if (str_eqz(e->kind, "plan.published")) s->plans[n - 1].published = true;
  if (str_eqz(e->kind, "plan.dropped")) {
    CHECK(c, !alive(s, (size_t)n - 1), "a plan that is being drawn stays", "%.*s", SFMT(e->stream));
    s->plans[n - 1].dropped = true;
  }
}

/* States are what the events say; what was withheld does not wait for ever. */
void spot_check(City *c) {
  enum { TIMER_HOURS = 3 };
  for (size_t i = 0; i < c->spot.draw_count && !c->failed; i++) {
    ShSpotDraw *d = &c->spot.draws[i];
    const SpotDraw *state = NULL;
    Cx cx = {.mem = c->cx.mem, .now = c->now};
    if (draw_load(&cx, c->reader, (int64_t)i + 1, &state) != OK) STOP(c, "states are there", "draw %zu", i + 1);
    const char *want = d->voided ? "voided" : d->drawn ? "drawn" : party_of(c, d, false) ? "committing" : party_of(c, d, true) ? "revealing" : "waiting";
    CHECK(c, str_eqz(state->status, want), "states are what the events say", "draw %zu: %.*s, %s", i + 1, SFMT(state->status), want);
    bool late = c->now > d->beacon_at + TIMER_HOURS * 3600000LL;
    CHECK(c, !c->polite || !late || d->voided || d->drawn || !party_of(c, d, true), "what was withheld does not wait for ever", "draw %zu", i + 1);
    if (d->drawn) persons_read(c, d, (int64_t)i + 1);
  }
}
