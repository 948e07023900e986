/* SPDX-License-Identifier: Apache-2.0 */
/* tell.c: which message goes to whom: after an act by the rules of the package, and once a day what is due or overdue. */
#include "notice/notice_int.h"
#include "policy/gazette.h"

/* ---- after an act -------------------------------------------------------------------------------------- */

/* Of the opinions about a draft only the first is told while nobody has sorted them; that all groups are answered, once it is over and they are. */
static const Sql sql_open = {"notice.told-open", "ss", "i", "SELECT count(*) FROM message WHERE about = ?1 AND event = ?2 AND done = 0 AND project = 0"};
static const Sql sql_ready = {"notice.canvass-ready", "i", "i", "SELECT count(*) FROM canvass WHERE no = ?1 AND status = 'ended' AND ungrouped = 0 AND unanswered = 0"};

static Code worth_telling(Cx *cx, Db *views, const Event *e, int64_t no, bool *out) {
  int64_t n = 0;
  *out = true;
  if (str_eqz(e->kind, "canvass.said")) {
    TRY(db_int(cx, views, &sql_open, VALS(val_s(e->stream), val_s(e->kind)), 0, &n));
    *out = n == 0;
  } else if (str_eqz(e->kind, "canvass.answered")) {
    TRY(db_int(cx, views, &sql_ready, VALS(val_i(no)), 0, &n));
    *out = n > 0;
  }
  return OK;
}

/* Of these the owner is told when an agent 代办员 did them in its name, and nobody else: what it did itself is not looked up. An answer that a
 * utility gave in the case was told as the decision of the item. */
static bool by_itself(const Event *e) {
  static const char *const kinds[] = {"project.registered", "stage.supplied", "item.reapplied", "utility.applied"};
  for (size_t i = 0; i < COUNT(kinds); i++)
    if (str_eqz(e->kind, kinds[i])) return !e->behalf.len;
  return str_eqz(e->kind, "utility.answered") && str_eqz(e->actor, "system");
}

/* What a text may need of the event; never a reason or a name of a person. */
Code notice__aim(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  static const char *const texts[] = {"receipt", "certificate", "planned", "result", "level_label", "day"};
  Arena *m = cx->mem;
  Str head, tail;
  int64_t project = 0;
  str_cut(e->stream, '/', &head, &tail);
  static const char *const matters[] = {"consult", "agent", "acceptance", "survey", "surveyor", "credit", "appraisal", "gazette", "canvass", "desk", "directive"};
  bool visit = str_eqz(head, "acceptance"), alone = false, utility = str_eqz(head, "utility"); /* the last tells of its case */
  if (by_itself(e)) return OK;
  for (size_t i = 0; i < COUNT(matters); i++) alone |= str_eqz(head, matters[i]);
  if (!alone && (utility || !str_to_i64(tail, &project))) project = json_int(e->body, S("project"), 0);
  if ((!project && !alone) || (str_eqz(e->kind, "rating.answered") && !json_bool(e->body, S("bad")))) return OK;
  if (str_eqz(e->kind, "acceptance.reported") && str_eqz(json_str(e->body, S("result")), "pass")) return OK; /* nothing for the owner to do */
  bool worth = false;
  int64_t no = 0;
  (void)str_to_i64(tail, &no);
  TRY(worth_telling(cx, views, e, no, &worth));
  if (!worth) return OK;
  Json *args = json_obj(m), *more = json_put_obj(m, args, S("more"));
  json_put_str(m, args, S("event"), e->kind);
  if (alone) json_put_str(m, args, S("about"), e->stream);
  else json_put_int(m, args, S("project"), project);
  if (json_int(e->body, S("stage"), 0)) json_put_int(m, args, S("stage"), json_int(e->body, S("stage"), 0));
  if (json_str(e->body, S("item")).len) json_put_str(m, args, S("item"), json_str(e->body, S("item")));
  if (e->actor.len) json_put_str(m, args, S("by"), e->actor);
  if (e->behalf.len) json_put_bool(m, more, S("behalf"), true);
  for (size_t i = 0; i < COUNT(texts); i++)
    if (json_str(e->body, str_of(texts[i])).len && (visit || !str_eqz(S("day"), texts[i]))) json_put_str(m, more, str_of(texts[i]), json_str(e->body, str_of(texts[i])));
  if (json_int(e->body, S("days"), 0)) json_put_int(m, more, S("days"), json_int(e->body, S("days"), 0));
  if (str_eqz(e->kind, "credit.drafted")) {
    Str due = json_str(e->body, S("notice_due"));
    json_put_str(m, more, S("due"), due.len ? arena_fmt(m, "到 %.*s 为止", SFMT(due)) : S("公布以前和公布期间"));
  }
  if (json_str(e->body, S("secrecy")).len) json_put_str(m, more, S("secrecy"), json_str(e->body, S("secrecy")));
  if (str_eqz(head, "desk")) {
    json_put_str(m, more, S("account"), json_str(e->body, S("to")));
    Str name = json_str(e->body, S("name")), note = json_str(e->body, S("note"));
    json_put_str(m, more, S("name"), note.len ? arena_fmt(m, "%.*s（交代：%.*s）", SFMT(name), SFMT(note)) : name);
  }
  if (str_eqz(head, "directive")) json_put_str(m, more, S("due"), json_str(e->body, str_eqz(e->kind, "directive.replied") ? S("promised") : S("reply_by")));
  if (str_eqz(head, "appraisal")) {
    json_put_str(m, more, S("due"), json_str(e->body, S("until")));
    json_put_str(m, more, S("account"), json_str(e->body, S("account")));
  }
  out[(*n)++] = (Follow){.args = args};
  return OK;
}

/* Among the messages of one decision: where its people go in, and the limit of all rows that come of it. */
typedef struct Telling {
  Arena *m;
  const Ask *ask;
  const Policy *p;
  Json *messages;
  size_t rows;          /* of messages and of the outbox together, below ID_STEP */
} Telling;

static bool listed(const Json *list, Str one) {
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    if (str_eq(x->str, one)) return true;
  return false;
}

/* Who of these has an address, and the rule goes that way? The contact of the project has a telephone only. */
static void ways_put(Telling *t, const NoticeRule *r, bool own, const Json *to, Json *message) {
  int64_t project = json_int(message, S("project"), 0);
  for (size_t i = 0; i < r->by_count; i++) {
    const Json *able = json_get(t->ask->facts, r->by[i]);
    Json *list = json_arr(t->m);
    for (const Json *x = to->first; x && t->rows < ID_STEP; x = x->next)
      if (listed(able, x->str)) {
        json_push_str(t->m, list, x->str);
        t->rows++;
      }
    if (own && project && str_eqz(r->by[i], "sms") && t->rows < ID_STEP) {
      json_push_str(t->m, list, arena_fmt(t->m, "project/%lld", (long long)project));
      t->rows++;
    }
    if (list->count) json_put(t->m, message, r->by[i], list);
  }
}

static void message_add(Telling *t, const NoticeRule *r, Str whom, const Json *people, const Json *values, Str by) {
  Json *to = json_arr(t->m);
  bool own = str_eqz(whom, "applicant"); /* for them it is a confirmation; others know what they have just done */
  for (const Json *x = people ? people->first : NULL; x && t->rows < TOLD_MAX; x = x->next) {
    if ((!own && str_eq(x->str, by)) || listed(to, x->str)) continue;
    json_push_str(t->m, to, x->str);
    t->rows++;
  }
  if (!to->count) return;
  Json *o = json_push_obj(t->m, t->messages);
  json_put_str(t->m, o, S("rule"), r->code);
  json_put_str(t->m, o, S("event"), r->event);
  json_put_str(t->m, o, S("for"), whom);
  json_put(t->m, o, S("to"), to);
  json_put_str(t->m, o, S("title"), r->title);
  json_put_str(t->m, o, S("text"), notice_fill(t->m, r->text, values));
  static const char *const keys[] = {"project", "about", "stage", "item_code", "number"};
  for (size_t i = 0; i < COUNT(keys); i++) {
    const Json *v = json_get(values, str_of(keys[i]));
    if (v) json_put(t->m, o, str_eqz(S("item_code"), keys[i]) ? S("item") : str_of(keys[i]), v);
  }
  ways_put(t, r, own, to, o);
}

/* Who may do the review that is next (policy/gazette.h), and has had no part in it yet when three persons are asked for. */
static const Json *reviewers(const Telling *t) {
  const Disclosure *d = t->p->disclosure;
  const Json *facts = json_get(t->ask->facts, S("reviewer")), *took = json_get(facts, S("took"));
  Str step = json_str(facts, S("step"));
  Json *out = json_arr(t->m);
  if (!d || !step.len) return out;
  const Str *roles = str_eqz(step, "first") ? d->first : str_eqz(step, "second") ? d->second : d->third;
  size_t n = str_eqz(step, "first") ? d->first_count : str_eqz(step, "second") ? d->second_count : d->third_count;
  for (size_t i = 0; i < n; i++) {
    const Json *people = json_get(facts, roles[i]);
    for (const Json *x = people ? people->first : NULL; x; x = x->next)
      if (!listed(out, x->str) && !(d->apart && listed(took, x->str))) json_push_str(t->m, out, x->str);
  }
  return out;
}

static void names_put(Arena *m, const Policy *p, Json *v, int64_t stage, Str unit) {
  const Unit *u = policy_unit(p, unit);
  if (stage >= 1 && stage <= STAGE_MAX) json_put_int(m, v, S("stage"), stage);
  if (stage >= 1 && stage <= STAGE_MAX) json_put_str(m, v, S("stage_name"), p->stages[stage].name);
  if (unit.len) json_put_str(m, v, S("unit"), u ? u->name : unit);
}

static Str result_label(const Json *facts, const Json *more) {
  Str step = json_str(json_get(facts, S("reviewer")), S("step")), result = step.len ? step : json_str(more, S("result")), level = json_str(more, S("level_label"));
  static const struct { const char *result, *label; } labels[] = {{"pass", "通过"}, {"refuse", "不通过"}, {"upheld", "异议成立"}, {"dismissed", "异议不成立"},
                                                                {"first", "初审"}, {"second", "复审"}, {"third", "批准"}, {"enter", "准予入驻"}, {"adopted", "采纳"}, {"explained", "说明理由"}};
  for (size_t i = 0; !level.len && i < COUNT(labels); i++)
    if (str_eqz(result, labels[i].result)) return str_of(labels[i].label);
  return level.len ? level : result;
}

/* Values for the holes of a text. */
static Json *values_of(Arena *m, const Ask *ask, const Policy *p) {
  static const char *const texts[] = {"receipt", "certificate", "planned", "day", "due"};
  const Json *a = ask->cmd->args, *more = json_get(a, S("more")), *item = json_get(ask->facts, S("item"));
  Json *v = json_obj(m);
  if (json_str(a, S("about")).len) json_put_str(m, v, S("about"), json_str(a, S("about")));
  else json_put_int(m, v, S("project"), json_int(a, S("project"), 0));
  json_put_str(m, v, S("number"), json_str(ask->facts, S("number")));
  json_put_str(m, v, S("name"), json_str(ask->facts, S("name")));
  names_put(m, p, v, json_int(a, S("stage"), 0), json_str(item, S("unit")));
  if (item) json_put_str(m, v, S("item_code"), json_str(a, S("item")));
  if (item) json_put_str(m, v, S("item"), json_str(item, S("name")));
  for (size_t i = 0; i < COUNT(texts); i++) json_put_str(m, v, str_of(texts[i]), json_str(more, str_of(texts[i])));
  json_put_str(m, v, S("result"), result_label(ask->facts, more));
  int64_t days = json_int(more, S("days"), json_int(ask->facts, S("days"), 0));
  if (days) json_put_int(m, v, S("days"), days);
  return v;
}

Code notice__tell(Cx *cx, const Ask *ask, Decision *d) {
  Arena *m = decision_mem(d);
  const Json *a = ask->cmd->args;
  Telling t = {.m = m, .ask = ask, .p = kit_policy(ask), .messages = json_arr(m)};
  Str event = json_str(a, S("event"));
  if (!json_get(ask->facts, S("name"))) FAIL_AT(NOT_FOUND, S("project"), S(""), "没有第 %lld 号项目，或者没有这件事。", (long long)json_int(a, S("project"), 0));
  Json *values = values_of(m, ask, t.p);
  for (size_t i = 0; i < t.p->notice_count; i++) {
    const NoticeRule *r = &t.p->notices[i];
    if (!str_eq(r->event, event)) continue;
    for (size_t k = 0; k < r->to_count; k++)
      message_add(&t, r, r->to[k], str_eqz(r->to[k], "reviewer") ? reviewers(&t) : json_get(ask->facts, r->to[k]), values, json_str(a, S("by")));
  }
  Json *over = notice__over(m, ask->facts, a), *body = json_obj(m);
  if (!t.messages->count && !over) return OK;
  json_put(m, body, S("messages"), t.messages);
  if (over) json_put(m, body, S("over"), over);
  decision_emit(d, "notice.told", 1, body);
  return OK;
}

/* ---- once a day ------------------------------------------------------------------------------------------ */

static void found_tell(Telling *t, const Json *row) {
  Arena *m = t->m;
  Str event = json_str(row, S("event"));
  Json *v = json_obj(m);
  json_put_int(m, v, S("project"), json_int(row, S("project"), 0));
  json_put_str(m, v, S("number"), json_str(row, S("number")));
  json_put_str(m, v, S("name"), json_str(row, S("name")));
  json_put_str(m, v, S("item"), json_str(row, S("item_name")));
  json_put_str(m, v, S("item_code"), json_str(row, S("item")));
  json_put_str(m, v, S("due"), json_str(row, S("due")));
  json_put_str(m, v, S("planned"), json_str(row, S("planned")));
  names_put(m, t->p, v, json_int(row, S("stage"), 0), json_str(row, S("unit")));
  for (size_t i = 0; i < t->p->notice_count; i++) {
    const NoticeRule *r = &t->p->notices[i];
    for (size_t k = 0; str_eq(r->event, event) && k < r->to_count; k++) message_add(t, r, r->to[k], json_get(row, r->to[k]), v, S(""));
  }
}

/* Each item that was found is written down, also one that nobody is told of: it is found once for each due day. */
Code notice__remind(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const keys[] = {"event", "project", "stage", "item", "due"};
  Arena *m = decision_mem(d);
  Telling t = {.m = m, .ask = ask, .p = kit_policy(ask), .messages = json_arr(m)};
  const Json *rows = json_get(ask->facts, S("found"));
  Json *found = json_arr(m), *body = json_obj(m), *answer = json_obj(m);
  Day day;
  if (!day_parse(json_str(ask->cmd->args, S("day")), &day) || day.n != day_of(ask->now).n)
    FAIL_AT(INVALID, S("day"), S(""), "只能查当天快要到期和超期的事项。");
  for (const Json *row = rows ? rows->first : NULL; row && t.rows < TOLD_MAX; row = row->next) {
    Json *o = json_push_obj(m, found);
    for (size_t i = 0; i < COUNT(keys); i++) json_put(m, o, str_of(keys[i]), json_get(row, str_of(keys[i])));
    found_tell(&t, row);
  }
  json_put_int(m, answer, S("found"), found->count);
  decision_answer(d, answer);
  if (!found->count) return OK;
  json_put(m, body, S("found"), found);
  json_put(m, body, S("messages"), t.messages);
  decision_emit(d, "notice.told", 1, body);
  return OK;
}
