/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger.c: rows of a ledger and monthly reports, and a shadow: states go their way, numbers have no gap, one lamp's day for each row, whoever is
 * missed has not reported, and the next day of reports stands in the due queue.
 */
#include "sim.h"

enum { ADD, CHANGE, CLOSE, CONFIRM, REOPEN, MAKE, REPORT, BOUNCE, ACCEPT, RETURN, ACTS };
static const struct { const char *command, *args; bool joint, head, row; } acts[ACTS] = {
    [ADD] = {"entry.add", "{\"ledger\":\"kindergarten\",\"name\":\"某小区\",\"measure\":\"transfer\",\"values\":{\"households\":\"1620\",\"state\":\"built\",\"issue\":\"transfer\"}}", false, false, false},
    [CHANGE] = {"entry.change", "{\"values\":{\"households\":\"4100\",\"land\":\"true\",\"house\":\"true\",\"assets\":\"true\"}}", false, false, true},
    [CLOSE] = {"entry.close", "{\"result\":\"已经移交教育部门\"}", false, true, true},
    [CONFIRM] = {"entry.confirm", "{}", true, false, true},
    [REOPEN] = {"entry.reopen", "{\"reason\":\"没有移交\"}", true, false, true},
    [MAKE] = {"monthly.make", "{\"ledger\":\"kindergarten\"}", false, false, false},
    [REPORT] = {"monthly.report", "{}", false, true, false},
    [BOUNCE] = {"monthly.bounce", "{\"reason\":\"缺一个小区\"}", false, true, false},
    [ACCEPT] = {"monthly.accept", "{}", true, false, false},
    [RETURN] = {"monthly.return", "{\"reason\":\"数字不一致\"}", true, false, false}};

void ledger_step(City *c) {
  ShLedger *l = &c->ledger;
  uint32_t k = !l->row_count || (l->row_count < COUNT(l->rows) && chance(c, 20)) ? ADD : roll(c, ACTS);
  bool full = k == ADD && l->row_count == COUNT(l->rows);
  size_t one = l->row_count ? roll(c, (uint32_t)l->row_count) : 0;
  const Account *by = chance(c, 85) ? somebody(c, acts[k].head ? ROLE_UNIT_HEAD : ROLE_APPROVER, acts[k].joint ? S("housing-construction") : S("longgang")) : anybody(c);
  Str month = month_text(c->cx.mem, day_of(c->now)), stream = S("");
  if (acts[k].row) stream = arena_fmt(c->cx.mem, "entry/%zu", one + 1);
  else if (k > MAKE) stream = arena_fmt(c->cx.mem, "monthly/kindergarten.longgang.%.*s", SFMT(month));
  Sent s = full ? (Sent){0} : sent_new(c, str_of(acts[k].command), stream, by);
  Json *a = NULL;
  if (!s.mem) return;
  Cx cx = {.mem = s.mem};
  Str text = str_of(acts[k].args);
  /* The day of reception is at most today's, and moves a deadline: with a reason when it was there before. */
  if (k == CHANGE && chance(c, 50))
    text = arena_fmt(s.mem, "{\"reason\":\"更正\",\"values\":{\"received\":\"%.*s\"}}", SFMT(day_str(s.mem, (Day){day_of(c->now).n - (int)roll(c, 300)})));
  REQUIRE(json_parse(&cx, text, &a) == OK);
  sent_fill(c, &s, NULL, 0, NULL, a);
  bool ours = str_eqz(by->unit, "longgang") || str_eqz(by->unit, "suizhong") || str_eqz(by->unit, "xingcheng");
  if (acts[k].joint && !str_eqz(by->unit, "housing-construction") && !str_eqz(by->unit, "education")) s.wrong = "the joint office confirms and accepts";
  if (!acts[k].joint && k != CHANGE && !ours) s.wrong = "a county fills in its own ledger";
  if (acts[k].head && !(by->roles & ROLE_UNIT_HEAD)) s.wrong = "the head of the county closes and signs";
  send_one(c, &s);
  sent_keep(c, &s);
}

/* ---- what may have happened ------------------------------------------------------------------------------------ */

typedef struct Move { const char *kind, *from, *other, *to; } Move;

static const char *moved(City *c, const Event *e, Str kind, const Move *moves, size_t n, const char *state) {
  for (size_t i = 0; i < n; i++) {
    if (!str_eqz(kind, moves[i].kind)) continue;
    CHECK(c, !strcmp(state, moves[i].from) || (moves[i].other && !strcmp(state, moves[i].other)), "a row and a report go their way", "%.*s %.*s from %s", SFMT(e->stream), SFMT(kind), state);
    return moves[i].to;
  }
  return state;
}

static void row_event(City *c, const Event *e, Str kind) {
  static const Move moves[] = {{"closed", "open", NULL, "closed"}, {"confirmed", "closed", NULL, "confirmed"}, {"reopened", "closed", "confirmed", "open"}};
  ShLedger *l = &c->ledger;
  int64_t no = 0;
  if (str_eqz(kind, "added")) {
    CHECK(c, l->row_count < COUNT(l->rows) && json_int(e->body, S("no"), 0) == (int64_t)l->row_count + 1, "numbers of rows have no gap", "%.*s", SFMT(e->stream));
    if (l->row_count < COUNT(l->rows)) l->rows[l->row_count++] = "open";
    return;
  }
  REQUIRE(str_to_i64(str_sub(e->stream, 6, SIZE_MAX), &no) && no >= 1 && no <= (int64_t)l->row_count);
  l->rows[no - 1] = moved(c, e, kind, moves, COUNT(moves), l->rows[no - 1]);
}

static ShMonth *month_of_stream(ShLedger *l, Arena *mem, Str stream) {
  for (size_t i = 0; i < l->month_count; i++)
    if (str_eq(l->months[i].stream, stream)) return &l->months[i];
  if (l->month_count == COUNT(l->months)) return NULL;
  l->months[l->month_count] = (ShMonth){.stream = arena_str(mem, stream), .state = "none"};
  return &l->months[l->month_count++];
}

static void month_event(City *c, const Event *e, Str kind) {
  static const Move moves[] = {{"made", "none", "returned", "made"}, {"reported", "made", NULL, "reported"}, {"bounced", "made", NULL, "returned"},
                               {"accepted", "reported", NULL, "accepted"}, {"returned", "reported", NULL, "returned"}};
  ShMonth *m = month_of_stream(&c->ledger, c->mem, e->stream);
  if (!m) return;
  m->state = moved(c, e, kind, moves, COUNT(moves), m->state);
  m->reported |= str_eqz(kind, "reported");
  if (str_eqz(kind, "made")) {
    const Json *rows = json_get(e->body, S("rows"));
    size_t own = 0;
    for (size_t i = 0; i < c->ledger.row_count; i++) own += c->ledger.rows[i] != NULL;
    CHECK(c, rows && rows->count <= own, "a report has no more rows than the ledger", "%.*s", SFMT(e->stream));
  }
}

void ledger_event(City *c, const Event *e) {
  ShLedger *l = &c->ledger;
  if (str_starts(e->kind, S("entry."))) row_event(c, e, str_sub(e->kind, 6, SIZE_MAX));
  if (str_starts(e->kind, S("monthly."))) month_event(c, e, str_sub(e->kind, 8, SIZE_MAX));
  if (str_eqz(e->kind, "ledger.begun")) {
    CHECK(c, !l->next.len, "a ledger begins once", "%.*s", SFMT(e->stream));
    l->next = arena_str(c->mem, json_str(e->body, S("month")));
  }
  if (str_eqz(e->kind, "ledger.missed")) {
    const Json *units = json_get(e->body, S("units"));
    for (const Json *u = units ? units->first : NULL; u; u = u->next) {
      Str stream = arena_fmt(c->cx.mem, "monthly/kindergarten.%.*s.%.*s", SFMT(u->str), SFMT(json_str(e->body, S("month"))));
      for (size_t i = 0; i < l->month_count; i++) CHECK(c, !str_eq(l->months[i].stream, stream) || !l->months[i].reported, "who is missed has not reported", "%.*s", SFMT(stream));
      shadow_once(c, arena_fmt(c->cx.mem, "missed %.*s", SFMT(stream)));
    }
  }
  if (!str_eqz(e->kind, "ledger.watched")) return;
  Str month = json_str(e->body, S("month"));
  CHECK(c, str_eq(month, l->next), "months are looked at one after the other", "%.*s, not %.*s", SFMT(month), SFMT(l->next));
  l->next = arena_str(c->mem, month_text(c->cx.mem, (Day){month_day(month, 28).n + 4}));
}

void ledger_due(City *c, const Due *list, size_t n, size_t *wanted, size_t *met) {
  if (!c->ledger.next.len) return;
  (*wanted)++;
  for (size_t x = 0; x < n; x++) *met += str_eqz(list[x].name, "ledger.watch") && list[x].at == day_start((Day){month_day(c->ledger.next, 18).n + 1});
}
