/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notice.c: messages, letters and ratings: people set how they are told, servers carry letters and sometimes go away in the
 * middle, applicants rate, the window answers; and a shadow of what may have happened, told by the events alone.
 */
#include "sim.h"

#include <string.h>

static Sent by_system(City *c, const char *name, Str stream) {
  Sent s = {.mem = arena_open((size_t)16 << 20)};
  s.cmd = (Command){.name = str_of(name), .stream = arena_str(s.mem, stream), .now = c->now,
                    .actor = {.id = S("system"), .name = S("系统"), .roles = ROLE_SYSTEM}};
  s.cmd.key = arena_fmt(s.mem, "sim-key-%lld", (long long)++c->refs);
  return s;
}

static void go(City *c, Sent *s, Json *args) {
  if (!s->mem) return;
  sent_fill(c, s, NULL, 0, NULL, args);
  send_one(c, s);
  sent_keep(c, s);
}

/* ---- what is done --------------------------------------------------------------------------------------------- */

static void contact_step(City *c) {
  const Account *a = chance(c, 60) ? somebody(c, ROLE_APPLICANT, S("")) : anybody(c);
  if (!a) return; /* every applicant of a long year may have been disabled */
  Json *args = json_obj(c->cx.mem);
  Sent s = sent_new(c, S("user.set-contact"), arena_fmt(c->cx.mem, "user/%.*s", SFMT(a->id)), chance(c, 95) ? a : anybody(c));
  if (chance(c, 80)) json_put_str(c->cx.mem, args, S("email_ref"), S("v1.s")); /* the value is drawn with the others */
  if (chance(c, 50)) json_put_str(c->cx.mem, args, S("phone_ref"), S("v1.s"));
  json_put_bool(c->cx.mem, args, S("mail"), chance(c, 80));
  json_put_bool(c->cx.mem, args, S("sms"), chance(c, 50));
  go(c, &s, args);
}

static ShOut *out_pick(City *c, const char *status) {
  ShNotice *n = &c->notice;
  for (int i = 0; n->out_count && i < 20; i++) {
    ShOut *o = &n->outs[roll(c, (uint32_t)n->out_count)];
    if (!strcmp(o->status, status)) return o;
  }
  return NULL;
}

static void letter_step(City *c) {
  static const char *const results[] = {"sent", "sent", "sent", "retry", "retry", "failed", "none"};
  uint32_t r = roll(c, 100);
  ShOut *o = r < 50 ? out_pick(c, "waiting") : r < 90 ? out_pick(c, "trying") : out_pick(c, "lost");
  if (!o && c->notice.out_count) o = &c->notice.outs[roll(c, (uint32_t)c->notice.out_count)];
  if (!o) return;
  Json *args = json_obj(c->cx.mem);
  json_put_int(c->cx.mem, args, S("id"), o->id);
  if (r >= 90) {
    Sent s = sent_new(c, S("notice.again"), o->stream, somebody(c, ROLE_SYSADMIN, S("")));
    json_put_str(c->cx.mem, args, S("reason"), S("服务器已修好"));
    go(c, &s, args);
    return;
  }
  bool report = r >= 50;
  Sent s = by_system(c, report ? "notice.report" : "notice.attempt", o->stream);
  if (report) json_put_int(c->cx.mem, args, S("try"), chance(c, 90) ? (o->tries ? o->tries : 1) : o->tries + 1);
  if (report) json_put_str(c->cx.mem, args, S("result"), str_of(results[roll(c, COUNT(results))]));
  go(c, &s, args);
}

static void rating_step(City *c) {
  if (!c->project_count) return;
  int64_t project = 1 + (int64_t)roll(c, (uint32_t)c->project_count);
  int stage = 1 + (int)roll(c, STAGE_MAX);
  for (size_t i = 0; i < c->project_count && chance(c, 80); i++) /* mostly one that was asked for */
    for (int n = 1; n <= STAGE_MAX; n++)
      if (c->notice.ratings[i][n].opened && chance(c, 40)) {
        project = (int64_t)i + 1;
        stage = n;
      }
  Str stream = arena_fmt(c->cx.mem, "rating/%lld-%d", (long long)project, stage);
  const Project *p = project_read(c, project);
  Json *args = json_obj(c->cx.mem);
  Sent s;
  if (chance(c, 25)) {
    s = sent_new(c, S("rating.reply"), stream, chance(c, 90) ? somebody(c, ROLE_WINDOW_HEAD, S("")) : anybody(c));
    json_put_str(c->cx.mem, args, S("found"), S("情况属实，已核实"));
    json_put_str(c->cx.mem, args, S("done"), S("已经调整排班"));
    json_put_bool(c->cx.mem, args, S("called"), true);
  } else {
    s = chance(c, 30) || !p ? by_system(c, "rating.answer-by-link", stream) : sent_new(c, S("rating.answer"), stream, chance(c, 85) ? owner_of(c, p) : anybody(c));
    json_put_int(c->cx.mem, args, S("level"), 1 + roll(c, 5));
    json_put_int(c->cx.mem, args, S("felt"), 1 + roll(c, 5));
    json_put_int(c->cx.mem, args, S("gained"), 1 + roll(c, 5));
    json_put_int(c->cx.mem, args, S("satisfied"), 1 + roll(c, 6)); /* now and then one that does not exist */
    if (json_int(args, S("satisfied"), 0) > 5 && s.mem) s.wrong = "a score that does not exist";
  }
  go(c, &s, args);
}

void notice_step(City *c) {
  uint32_t r = roll(c, 100);
  Json *args = json_obj(c->cx.mem);
  if (r < 15) contact_step(c);
  else if (r < 55) letter_step(c);
  else if (r < 80) rating_step(c);
  else if (r < 90) {
    Sent s = by_system(c, "notice.remind", S(""));
    json_put_str(c->cx.mem, args, S("day"), day_str(c->cx.mem, day_of(c->now)));
    go(c, &s, args);
  } else {
    Sent s = sent_new(c, S("notice.read"), S(""), anybody(c));
    json_put_int(c->cx.mem, args, S("upto"), c->pos * 1000 + 1);
    go(c, &s, args);
  }
}

/* ---- what may have happened ------------------------------------------------------------------------------------- */

static ShOut *out_find(City *c, Str stream, int64_t id) {
  for (size_t i = 0; i < c->notice.out_count; i++)
    if (c->notice.outs[i].id == id && str_eq(c->notice.outs[i].stream, stream)) return &c->notice.outs[i];
  return NULL;
}

/* Rows of the outbox in the order of the event: who is in `mail`, then who is in `sms`, of each message. */
static void outs_add(City *c, const Event *e, const Json *m, int64_t *id) {
  static const char *const channels[] = {"mail", "sms"};
  for (size_t k = 0; k < COUNT(channels); k++) {
    const Json *list = json_get(m, str_of(channels[k]));
    for (const Json *x = list ? list->first : NULL; x; x = x->next) {
      const Account *a = account(c, x->str);
      bool told = false;
      if (k && str_starts(x->str, S("project/"))) { /* the contact of the project that the message is about */
        Str own = arena_fmt(c->cx.mem, "project/%lld", (long long)json_int(m, S("project"), 0));
        CHECK(c, str_eq(x->str, own) && str_eqz(json_str(m, S("for")), "applicant"), "the contact is told what the applicant is told", "%.*s", SFMT(x->str));
        if (c->notice.out_count >= OUTS_MAX) return;
        c->notice.outs[c->notice.out_count++] = (ShOut){.stream = arena_str(c->mem, e->stream), .id = (*id)++, .next = e->recorded, .status = "waiting"};
        continue;
      }
      for (const Json *t = json_get(m, S("to"))->first; t; t = t->next) told |= str_eq(t->str, x->str);
      CHECK(c, a && told && (k ? a->phone && !a->no_sms : a->email && !a->no_mail), "only who has an address and wants it is written to", "%.*s by %s", SFMT(x->str), channels[k]);
      if (c->notice.out_count >= OUTS_MAX) return;
      c->notice.outs[c->notice.out_count++] = (ShOut){.stream = arena_str(c->mem, e->stream), .id = (*id)++, .next = e->recorded, .status = "waiting"};
    }
  }
}

static void told_event(City *c, const Event *e) {
  const Json *list = json_get(e->body, S("messages"));
  int64_t id = e->seq * 1000;
  for (const Json *m = list ? list->first : NULL; m && !c->failed; m = m->next) {
    const Json *to = json_get(m, S("to"));
    CHECK(c, to && to->count && json_str(m, S("text")).len && !str_has(json_str(m, S("text")), S("{")), "a message says something to somebody", "event %lld", (long long)e->pos);
    for (const Json *x = to ? to->first : NULL; x; x = x->next) {
      CHECK(c, account(c, x->str) != NULL, "a message goes to an account", "%.*s", SFMT(x->str));
      for (const Json *y = to->first; y != x; y = y->next) CHECK(c, !str_eq(x->str, y->str), "nobody is told twice", "%.*s", SFMT(x->str));
    }
    if (c->failed) return;
    if (str_eqz(json_str(m, S("rule")), "accepted")) c->notice.accepted_due--;
    outs_add(c, e, m, &id);
  }
  const Json *found = json_get(e->body, S("found"));
  for (const Json *f = found ? found->first : NULL; f; f = f->next)
    shadow_once(c, arena_fmt(c->cx.mem, "%.*s %lld-%lld %.*s %.*s", SFMT(json_str(f, S("event"))), (long long)json_int(f, S("project"), 0),
                             (long long)json_int(f, S("stage"), 0), SFMT(json_str(f, S("item"))), SFMT(json_str(f, S("due")))));
}

static void out_event(City *c, const Event *e, Str kind) {
  ShOut *o = out_find(c, e->stream, json_int(e->body, S("id"), 0));
  if (c->notice.out_count >= OUTS_MAX) return;
  if (!o) STOP(c, "what is carried was told", "%.*s %lld", SFMT(e->stream), (long long)json_int(e->body, S("id"), 0));
  int n = (int)json_int(e->body, S("try"), 0);
  bool trying = !strcmp(o->status, "trying");
  if (str_eqz(kind, "attempted")) {
    CHECK(c, (trying || !strcmp(o->status, "waiting")) && e->recorded >= o->next && n == o->tries + 1, "one server at a time has a letter", "%.*s %s try %d", SFMT(e->stream), o->status, n);
    *o = (ShOut){.stream = o->stream, .id = o->id, .status = "trying", .tries = n, .next = json_int(e->body, S("until"), 0)};
    return;
  }
  if (str_eqz(kind, "again")) {
    CHECK(c, !strcmp(o->status, "lost"), "only what was given up is sent again", "%s", o->status);
    *o = (ShOut){.stream = o->stream, .id = o->id, .status = "waiting", .next = e->recorded};
    return;
  }
  CHECK(c, trying && n == o->tries, "only the last try has a result", "%.*s %s, try %d of %d", SFMT(e->stream), o->status, n, o->tries);
  CHECK(c, !str_eqz(kind, "failed") || (n < c->package->notice_tries && json_int(e->body, S("next"), 0) > e->recorded), "tries end", "try %d", n);
  o->status = str_eqz(kind, "sent") ? "sent" : str_eqz(kind, "dropped") ? "none" : str_eqz(kind, "given-up") ? "lost" : "waiting";
  o->next = json_int(e->body, S("next"), 0);
}

static void rating_event(City *c, const Event *e) {
  int64_t project = json_int(e->body, S("project"), 0), stage = json_int(e->body, S("stage"), 0);
  ShProject *p = shadow_project(c, project);
  if (!p || stage < 1 || stage > STAGE_MAX) STOP(c, "a rating is of a stage", "%.*s", SFMT(e->stream));
  ShRating *r = &c->notice.ratings[project - 1][stage];
  if (str_eqz(e->kind, "rating.opened")) {
    CHECK(c, !r->opened && p->stages[stage].status == STAGE_DELIVERED, "asked once, after the delivery", "%.*s", SFMT(e->stream));
    r->opened = true;
    c->notice.ratings_due--;
  }
  if (str_eqz(e->kind, "rating.answered")) {
    const Account *a = account(c, e->actor);
    CHECK(c, r->opened && !r->level, "one answer for each matter", "%.*s", SFMT(e->stream));
    CHECK(c, str_eqz(e->actor, "system") || (a && str_eq(a->uscc, p->uscc)), "the enterprise answers, or who has the link", "%.*s", SFMT(e->actor));
    r->level = (int)json_int(e->body, S("level"), 0);
  }
  if (str_eqz(e->kind, "rating.replied")) {
    CHECK(c, r->level && r->level <= RATING_BAD && !r->replied, "a bad answer is answered once", "%.*s", SFMT(e->stream));
    shadow_actor(c, e, ROLE_WINDOW_HEAD);
    r->replied = true;
  }
}

void notice_event(City *c, const Event *e) {
  Str kind = str_starts(e->kind, S("notice.")) ? str_sub(e->kind, 7, SIZE_MAX) : S("");
  if (str_eqz(e->kind, "stage.accepted")) c->notice.accepted_due++;
  if (str_eqz(e->kind, "stage.delivered")) c->notice.ratings_due++;
  if (str_eqz(kind, "told")) told_event(c, e);
  else if (kind.len && !str_eqz(kind, "read")) out_event(c, e, kind);
  if (str_starts(e->kind, S("rating."))) rating_event(c, e);
}

/* Between two acts nobody is left untold. */
void notice_check(City *c) {
  CHECK(c, !c->notice.accepted_due, "each acceptance is told", "%d are not", c->notice.accepted_due);
  CHECK(c, !c->notice.ratings_due, "after each delivery somebody is asked", "%d are not", c->notice.ratings_due);
}
