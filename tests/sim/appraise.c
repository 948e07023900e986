/* SPDX-License-Identifier: Apache-2.0 */
/*
 * appraise.c: the evaluation of a year, and a shadow that adds up on its own: points from scores and from the figures of the event; and at
 * each check, those figures once more, and what statistics say of the same days.
 */
#include "sim.h"

#include "stats/stats.h"

#define PLAN                                                                                                                              \
  "{\"year\":%d,\"objects\":[\"housing-construction\",\"natural-resources\",\"longgang\"],\"indicators\":["                                             \
  "{\"code\":\"open\",\"name\":\"政务公开\",\"dimension\":\"organisation\",\"method\":\"qualitative\",\"weight\":%d,\"disclosure\":true},"                   \
  "{\"code\":\"limits\",\"name\":\"时限\",\"dimension\":\"results\",\"method\":\"quantitative\",\"weight\":20,\"figure\":\"limits\"},"                      \
  "{\"code\":\"lamps\",\"name\":\"亮灯\",\"dimension\":\"results\",\"method\":\"quantitative\",\"weight\":20,\"figure\":\"lamps\"},"                        \
  "{\"code\":\"returns\",\"name\":\"退回\",\"dimension\":\"results\",\"method\":\"quantitative\",\"weight\":10,\"figure\":\"returns\"},"                    \
  "{\"code\":\"orders\",\"name\":\"督办单\",\"dimension\":\"tasks\",\"method\":\"quantitative\",\"weight\":10,\"figure\":\"orders\"},"                      \
  "{\"code\":\"satisfaction\",\"name\":\"满意度\",\"dimension\":\"results\",\"method\":\"quantitative\",\"weight\":10,\"figure\":\"satisfaction\"}]}"
static const char *const objects[] = {"housing-construction", "natural-resources", "longgang"};
enum { OBJECTS = 3, OPEN_WEIGHT = 30 };

static int year_now(const City *c) {
  int year, month, day;
  day_split(day_of(c->now), &year, &month, &day);
  return year;
}

static void rows_add(City *c, Json *rows, Arena *m) {
  for (size_t o = 0; o < OBJECTS; o++) {
    Json *x = json_push_obj(m, rows);
    json_put_str(m, x, S("unit"), str_of(objects[o]));
    json_put_str(m, x, S("indicator"), S("open"));
    json_put_str(m, x, S("score"), arena_fmt(m, "%u.%02u", 50 + roll(c, 50), roll(c, 100)));
  }
}

static bool scored_both(const ShAppraisal *a) {
  return a->marks[0][0][0] && a->marks[0][1][0];
}

static void act_step(City *c) {
  static const char *const sides[] = {"self", "inspection"}, *const phases[] = {"daily", "final"};
  ShAppraisal *a = &c->reform.appraisal;
  bool wrong_weight = chance(c, 15), self = false;
  int year = a->year ? a->year : year_now(c);
  uint32_t r = roll(c, 10);
  const char *act = !a->year || r == 0 ? "draft" : !strcmp(a->state, "draft") ? "publish" : !strcmp(a->state, "open") ? (r < (scored_both(a) ? 3 : 8) ? "score" : r < 9 ? "consult" : "close")
                    : !strcmp(a->state, "opinions") ? (r < 3 && a->opinions < 50 ? "opine" : r < 7 && a->opinions ? "answer-opinion" : r < 8 ? "score" : "close") : "report";
  const Account *by = chance(c, 85) ? somebody(c, ROLE_SUPERVISOR, S("")) : anybody(c);
  if (!strcmp(act, "score") && chance(c, 25)) {
    self = true;
    by = somebody(c, ROLE_UNIT_HEAD, str_of(objects[roll(c, OBJECTS)]));
  }
  bool draft = !strcmp(act, "draft");
  Sent s = sent_new(c, arena_fmt(c->cx.mem, "appraisal.%s", act), draft ? S("") : arena_fmt(c->cx.mem, "appraisal/%d", year), by);
  if (!s.mem) return;
  Json *args = json_obj(s.mem);
  Cx cx = {.mem = s.mem};
  if (draft) REQUIRE(json_parse(&cx, arena_fmt(s.mem, PLAN, year, OPEN_WEIGHT - (int)wrong_weight), &args) == OK);
  if (!strcmp(act, "opine")) {
    json_put_str(s.mem, args, S("text"), S("台账不全，请再看看"));
    if (by->roles & ROLE_SUPERVISOR) json_put_str(s.mem, args, S("kind"), S("cadre"));
    if (by->roles & ROLE_SUPERVISOR) json_put_str(s.mem, args, S("said_by"), S("座谈会"));
  }
  if (!strcmp(act, "answer-opinion")) {
    json_put_int(s.mem, args, S("no"), 1 + roll(c, (uint32_t)a->opinions));
    json_put_str(s.mem, args, S("result"), chance(c, 50) ? S("adopted") : S("explained"));
    json_put_str(s.mem, args, S("text"), S("已经核对"));
  }
  if (!strcmp(act, "close") || !strcmp(act, "consult")) json_put_str(s.mem, args, S("as_of"), day_str(s.mem, (Day){day_of(c->now).n - (int)roll(c, 3)}));
  if (!strcmp(act, "score")) {
    json_put_str(s.mem, args, S("side"), str_of(sides[!self]));
    json_put_str(s.mem, args, S("phase"), str_of(phases[a->marks[0][0][0] ? roll(c, 4) > 0 : roll(c, 2)]));
    json_put_str(s.mem, args, S("evidence"), S("查阅台账"));
    Json *rows = json_put_arr(s.mem, args, S("rows"));
    rows_add(c, rows, s.mem);
    if (self) { /* of its own only */
      Json *own = json_arr(s.mem);
      for (const Json *x = rows->first; x; x = x->next)
        if (str_eq(json_str(x, S("unit")), by->unit)) json_push(s.mem, own, x);
      json_put(s.mem, args, S("rows"), own);
    }
  }
  sent_fill(c, &s, NULL, 0, NULL, args);
  if (draft && wrong_weight) s.wrong = "weights add to 100";
  if (!self && strcmp(act, "opine") != 0 && !(by->roles & ROLE_SUPERVISOR)) s.wrong = "the supervisor evaluates";
  send_one(c, &s);
  sent_keep(c, &s);
}

/* A short year has few of these: some come together. */
void appraise_step(City *c) {
  for (uint32_t n = 1 + roll(c, 3); n && !c->failed; n--) act_step(c);
}

/* ---- what may have happened -------------------------------------------------------------------------------------------- */

static int object_at(Str unit) {
  for (int o = 0; o < OBJECTS; o++)
    if (str_eqz(unit, objects[o])) return o;
  return -1;
}

static void scored(City *c, const Event *e) {
  ShAppraisal *a = &c->reform.appraisal;
  int self = str_eqz(json_str(e->body, S("side")), "self"), final = str_eqz(json_str(e->body, S("phase")), "final");
  for (const Json *x = json_get(e->body, S("rows"))->first; x; x = x->next) {
    int o = object_at(json_str(x, S("unit")));
    CHECK(c, o >= 0 && (!self || str_eq(e->unit, json_str(x, S("unit")))), "a unit scores itself only", "%.*s", SFMT(e->unit));
    if (o >= 0) a->marks[o][final][self] = 1 + (int)json_int(x, S("value"), -1);
  }
}

/* Hundredths of hundredths of hundredths, as the rules say: shares of the year 40 and 60, of the unit itself 30. */
static int64_t by_hand(const ShAppraisal *a, int o) {
  int64_t sum = 0;
  for (int final = 0; final < 2; final++) {
    int64_t theirs = a->marks[o][final][0] - 1, own = a->marks[o][final][1] ? a->marks[o][final][1] - 1 : theirs;
    sum += (final ? 60 : 40) * (30 * own + 70 * theirs);
  }
  return sum;
}

static void closed(City *c, const Event *e) {
  static const struct { const char *figure; int weight; } counted[] = {{"limits", 20}, {"lamps", 20}, {"returns", 10}, {"orders", 10}, {"satisfaction", 10}};
  ShAppraisal *a = &c->reform.appraisal;
  const Json *results = json_get(e->body, S("results")), *figures = json_get(e->body, S("figures"));
  CHECK(c, results && results->count == OBJECTS, "all are ranked", "%.*s", SFMT(e->stream));
  CHECK(c, day_parse(json_str(e->body, S("as_of")), &a->as_of) && a->as_of.n < day_of(e->happened).n, "of a day that is over", "%.*s", SFMT(json_str(e->body, S("as_of"))));
  for (const Json *x = results->first; x && !c->failed; x = x->next) {
    int o = object_at(json_str(x, S("unit")));
    int64_t weight = OPEN_WEIGHT, sum = OPEN_WEIGHT * by_hand(a, o);
    for (int f = 0; f < 2; f++) CHECK(c, a->marks[o][f][0], "whoever is ranked was looked at", "%s", objects[o]);
    for (const Json *y = figures ? figures->first : NULL; y; y = y->next)
      for (size_t k = 0; k < COUNT(counted); k++) {
        if (!str_eq(json_str(y, S("unit")), json_str(x, S("unit"))) || !str_eqz(json_str(y, S("figure")), counted[k].figure)) continue;
        int64_t good = json_int(y, S("good"), -1), all = json_int(y, S("all"), 0);
        CHECK(c, all > 0 && good >= 0 && good <= all, "no figure is more than its whole", "%lld of %lld", (long long)good, (long long)all);
        weight += counted[k].weight;
        sum += counted[k].weight * (good * 10000 / all) * 10000;
      }
    Str grade = json_str(x, S("grade"));
    int64_t least = str_eqz(grade, "excellent") ? 90 : str_eqz(grade, "good") ? 80 : str_eqz(grade, "pass") ? 60 : 0, most = least == 90 ? 101 : least == 80 ? 90 : least == 60 ? 80 : 60;
    CHECK(c, json_int(x, S("sum"), 0) == sum && json_int(x, S("weight"), 0) == weight, "points are those of the scores and figures", "%s: %lld of %lld", objects[o], (long long)sum, (long long)weight);
    CHECK(c, sum >= least * weight * 1000000 && sum < most * weight * 1000000, "the grade is that of the points", "%s: %.*s", objects[o], SFMT(grade));
  }
}

void appraise_event(City *c, const Event *e) {
  static const struct { const char *kind, *from, *to; } rules[] = {{"drafted", "draft", "draft"}, {"published", "draft", "open"}, {"scored", "open", "open"}, {"consulted", "open", "opinions"},
                                                                  {"opined", "opinions", "opinions"}, {"opinion-answered", "opinions", "opinions"}, {"closed", "opinions", "closed"},
                                                                  {"reported", "closed", "reported"}};
  ShAppraisal *a = &c->reform.appraisal;
  Str kind = str_sub(e->kind, sizeof "appraisal." - 1, SIZE_MAX);
  if (!a->year) { /* one is enough; of the year in which it was begun */
    a->state = "draft";
    a->year = (int)json_int(e->body, S("year"), 0);
  }
  for (size_t i = 0; i < COUNT(rules); i++) {
    if (!str_eqz(kind, rules[i].kind)) continue;
    bool late = str_eqz(kind, "scored") && !strcmp(a->state, "opinions"); /* a score is corrected because of an opinion */
    if (late) continue;
    CHECK(c, !strcmp(a->state, rules[i].from), "an evaluation goes its way", "%.*s from %s", SFMT(e->kind), a->state);
    a->state = rules[i].to;
  }
  if (str_eqz(kind, "scored")) scored(c, e);
  if (str_eqz(kind, "consulted")) CHECK(c, day_parse(json_str(e->body, S("until")), &a->until) && a->until.n >= day_of(e->happened).n + 5, "there is time to say something", "%.*s", SFMT(e->stream));
  if (str_eqz(kind, "opined")) CHECK(c, json_int(e->body, S("no"), 0) == ++a->opinions && a->opinions <= 50, "opinions have numbers", "%d", a->opinions);
  if (str_eqz(kind, "opinion-answered")) a->answered[json_int(e->body, S("no"), 1) - 1] = true;
  if (str_eqz(kind, "closed")) {
    CHECK(c, day_of(e->happened).n > a->until.n, "closed when there was time to say something", "%.*s", SFMT(e->stream));
    for (int i = 0; i < a->opinions; i++) CHECK(c, a->answered[i], "each opinion is answered", "%d", i + 1);
    closed(c, e);
  }
}

/* ---- what was frozen is what anyone works out ----------------------------------------------------------------------------- */

static void as_statistics(City *c, Cx *cx, Stats *s, const FigureAsk *ask, const Figure *f, const char *all, const char *good) {
  StatCase *cases = NULL;
  StatTotal whole = {0}, part = {0};
  size_t n = 0;
  StatPick pick = {.what = str_of(all), .as_of = ask->as_of, .from = ask->from, .to = ask->to, .unit = f->unit};
  Code code = stat_cases(cx, s, c->reader, &c->policies, &pick, 0, 0, &cases, &n, &whole);
  pick.what = str_of(good);
  if (code == OK && *good) code = stat_cases(cx, s, c->reader, &c->policies, &pick, 0, 0, &cases, &n, &part);
  CHECK(c, code == OK && whole.count == f->all && (!*good || part.count == f->good), "evaluation and statistics count the same", "%.*s %.*s: %lld of %lld, %lld of %lld", SFMT(f->unit),
        SFMT(f->figure), (long long)f->good, (long long)f->all, (long long)part.count, (long long)whole.count);
}

void appraise_check(City *c) {
  ShAppraisal *sh = &c->reform.appraisal;
  if (!sh->as_of.n) return;
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)256 << 20);
  Cx cx = {.mem = mem, .now = c->now};
  const Appraisal *a = NULL;
  Figure *list = NULL;
  size_t n = 0;
  FigureAsk ask = figure_ask(c->policies.current, sh->year, sh->as_of);
  if (appraisal_load(&cx, c->reader, sh->year, &a) != OK || figures_count(&cx, reader_views(c->reader), &ask, &list, &n) != OK) STOP(c, "an evaluation is read", "%.*s", SFMT(cx.detail));
  Stats *s = stats_open();
  for (size_t i = 0; i < a->figure_count && !c->failed; i++) {
    const Figure *f = &a->figures[i], *again = figure_of(list, n, f->unit, f->figure);
    CHECK(c, again && again->good == f->good && again->all == f->all && again->n == f->n, "figures of an evaluation stay", "%.*s %.*s: %lld of %lld", SFMT(f->unit), SFMT(f->figure), (long long)f->good,
          (long long)f->all);
    if (str_eqz(f->figure, "limits")) as_statistics(c, &cx, s, &ask, f, "done", "done-in-time");
    if (str_eqz(f->figure, "returns")) as_statistics(c, &cx, s, &ask, f, "done", "");
    if (str_eqz(f->figure, "lamps")) as_statistics(c, &cx, s, &ask, f, "begun", "");
  }
  stats_close(s);
}
