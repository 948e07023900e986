/* SPDX-License-Identifier: Apache-2.0 */
/* scenario_look.c: what a scenario looks at: events, refusals, the project, its stages and items. */
#include "scenario.h"

static Str number(Scene *s, int64_t n) {
  return arena_fmt(s->t->mem, "%lld", (long long)n);
}

static Str yes_no(bool yes) {
  return yes ? S("yes") : S("no");
}

static Str day_or_none(Scene *s, bool has, Day d) {
  return has ? day_str(s->t->mem, d) : S("none");
}

/* ---- events and refusals --------------------------------------------------------------------------- */

static Str member(Scene *s, const Event *e, Str key) {
  const Json *v = json_get(e->body, key);
  if (str_eqz(key, "by")) return e->actor_name;
  if (str_eqz(key, "behalf")) return e->behalf;
  if (str_eqz(key, "happened")) return time_cn(s->t->mem, e->happened);
  if (str_eqz(key, "recorded")) return time_cn(s->t->mem, e->recorded);
  if (!v) return S("none");
  if (v->kind == JSON_STR) return v->str;
  if (v->kind == JSON_BOOL) return yes_no(v->num);
  return json_text(s->t->mem, v);
}

void scene_then(Scene *s) {
  World *w = &s->w;
  if (!s->pending) {
    scene_fault(s, "no `when` before this");
    return;
  }
  if (w->code != OK) {
    scene_fault(s, "expected an event, got %.*s: %.*s", SFMT(code_text(w->code)), SFMT(w->detail));
    s->stop = true;
    return;
  }
  if (s->told >= w->fresh || !s->count) {
    scene_fault(s, "expected one more event, got none");
    return;
  }
  const Event *e = &w->events[w->count - w->fresh + s->told++];
  if (!str_eq(e->kind, s->words[0].key)) scene_fault(s, "expected %.*s, got %.*s", SFMT(s->words[0].key), SFMT(e->kind));
  for (size_t i = 1; i < s->count; i++) scene_expect(s, &s->words[i], member(s, e, s->words[i].key));
}

/* refused CODE [field=NAME] [clause=TEXT] [contains TEXT] */
void scene_refused(Scene *s) {
  World *w = &s->w;
  s->refusal_told = true;
  if (!s->pending || w->code == OK || !s->count) {
    scene_fault(s, "expected a refusal, got %s", s->pending ? "it was done" : "no `when` before this");
    s->stop = true;
    return;
  }
  Str code = code_text(w->code), want = s->words[0].key;
  bool same = code.len == want.len;
  for (size_t i = 0; same && i < code.len; i++) {
    char c = want.ptr[i] >= 'A' && want.ptr[i] <= 'Z' ? (char)(want.ptr[i] - 'A' + 'a') : want.ptr[i] == '_' ? '-' : want.ptr[i];
    same = c == code.ptr[i];
  }
  if (!same) scene_fault(s, "expected %.*s, got %.*s: %.*s", SFMT(want), SFMT(code), SFMT(w->detail));
  for (size_t i = 1; i < s->count; i++) {
    const Word *x = &s->words[i];
    if (str_eqz(x->key, "field") && x->sep) scene_expect(s, x, w->field);
    else if (str_eqz(x->key, "clause") && x->sep) scene_expect(s, x, w->clause);
    else if (str_eqz(x->key, "contains") && i + 1 < s->count) {
      Word text = {.key = S("sentence"), .value = s->words[++i].key, .sep = '~'};
      scene_expect(s, &text, w->detail);
    } else scene_fault(s, "\"%.*s\" is not understood", SFMT(x->key));
  }
}

/* ---- states ---------------------------------------------------------------------------------------- */

static Str reading_value(Scene *s, const Reading *r, Str key) {
  if (str_eqz(key, "lamp")) return lamp_code(r->lamp);
  if (str_eqz(key, "due")) return day_or_none(s, r->has_due, r->due);
  if (str_eqz(key, "if_resumed")) return day_or_none(s, r->paused, r->due_if_resumed_today);
  if (str_eqz(key, "used")) return number(s, r->used);
  if (str_eqz(key, "left")) return number(s, r->left);
  if (str_eqz(key, "gross")) return number(s, r->gross);
  if (str_eqz(key, "overdue")) return yes_no(r->overdue);
  if (str_eqz(key, "held_unit")) return number(s, r->held[HELD_UNIT]);
  if (str_eqz(key, "held_third")) return number(s, r->held[HELD_THIRD]);
  if (str_eqz(key, "held_applicant")) return number(s, r->held[HELD_APPLICANT]);
  if (str_eqz(key, "provisional")) return yes_no(r->provisional);
  scene_fault(s, "\"%.*s\" is not understood", SFMT(key));
  return S("");
}

static const Policy *policy_of(Scene *s, int n) {
  const Policies *ps = &s->w.policies;
  return policies_at(s->t->mem, ps, s->w.pr->stages[n].policy_version, calendars_newest(ps->current->calendars));
}

static Str library_of(Scene *s, const Project *p) {
  Arena *m = s->t->mem;
  Str out = S("");
  for (size_t i = 0; i < p->library_count; i++)
    out = arena_fmt(m, "%.*s%s%.*s:v%d", SFMT(out), out.len ? " " : "", SFMT(p->library[i].material), p->library[i].version);
  return out;
}

static Str exemptions_of(Scene *s, const Project *p) {
  Arena *m = s->t->mem;
  Str out = S("");
  for (size_t i = 0; i < p->exemption_count; i++)
    out = arena_fmt(m, "%.*s%s%lld:%s", SFMT(out), out.len ? " " : "", (long long)p->exemptions[i].no, p->exemptions[i].ended_at ? "ended" : "open");
  return out;
}

/* Titles of the documents 文书, oldest first; a delivered one has its way behind it. */
static Str documents_of(Scene *s, const Project *p) {
  Arena *m = s->t->mem;
  Str out = S("");
  for (size_t i = 0; i < p->document_count; i++)
    out = arena_fmt(m, "%.*s%s%.*s%s%.*s", SFMT(out), out.len ? " " : "", SFMT(document_title(&p->documents[i])), p->documents[i].served_at ? ":" : "",
                    SFMT(p->documents[i].served_how));
  return out;
}

/* NAME:NUMBER:STATUS of each certificate. */
static Str certs_of(Scene *s, const Project *p) {
  Arena *m = s->t->mem;
  Str out = S("");
  for (size_t i = 0; i < p->cert_count; i++) {
    Str status = cert_status_text(p->certs[i].status);
    out = arena_fmt(m, "%.*s%s%.*s:%.*s:%.*s", SFMT(out), out.len ? " " : "", SFMT(p->certs[i].name), SFMT(p->certs[i].number), SFMT(status));
  }
  return out;
}

static Str project_value(Scene *s, Str key) {
  const Project *p = s->w.pr;
  if (str_eqz(key, "stage")) return number(s, project_current_stage(p));
  if (str_eqz(key, "number")) return p->number;
  if (str_eqz(key, "version")) return p->policy_version;
  if (str_eqz(key, "reason")) return p->end_reason;
  if (str_eqz(key, "limits"))
    return arena_fmt(s->t->mem, "%d/%d/%d/%d", p->limits[1], p->limits[2], p->limits[3], p->limits[4]);
  if (str_eqz(key, "library")) return library_of(s, p);
  if (str_eqz(key, "exemptions")) return exemptions_of(s, p);
  if (str_eqz(key, "certificates")) return certs_of(s, p);
  if (str_eqz(key, "documents")) return documents_of(s, p);
  const ReviewNote *review = project_review(p);
  if (str_eqz(key, "review")) return review ? review->status : S("");
  if (str_eqz(key, "promised")) return review && review->promised_at ? S("yes") : S("no");
  if (str_eqz(key, "halted")) return project_halted(p) ? S("yes") : S("no");
  if (str_eqz(key, "revoked")) return p->joined && p->joined->revoked_count ? p->joined->revoked[p->joined->revoked_count - 1].item : S("");
  if (str_eqz(key, "broken")) return p->promise_broken ? S("yes") : S("no");
  if (str_eqz(key, "total")) return number(s, p->limits[1] + p->limits[2] + p->limits[3] + p->limits[4]);
  scene_fault(s, "\"%.*s\" is not understood", SFMT(key));
  return S("");
}

void scene_project(Scene *s) {
  static const char *const words[] = {"unset", "running", "completed", "terminated"};
  Word status = {.key = S("project"), .value = s->count ? s->words[0].key : S(""), .sep = '='};
  scene_expect(s, &status, str_of(words[s->w.pr->status]));
  for (size_t i = 1; i < s->count; i++) scene_expect(s, &s->words[i], project_value(s, s->words[i].key));
}

static Str codes_of(Scene *s, const Json *plan) {
  Str out = S("");
  for (const Json *x = plan ? plan->first : NULL; x; x = x->next)
    out = arena_fmt(s->t->mem, "%.*s%s%.*s", SFMT(out), out.len ? " " : "", SFMT(json_str(x, S("code"))));
  return out;
}

/* licence:2019-09-10, licence:2019-09-10:supplied, …:expired */
static Str lacks_of(Scene *s, const StageState *st) {
  Arena *m = s->t->mem;
  Str out = S("");
  for (size_t i = 0; i < st->lack_count; i++) {
    const Lack *l = &st->lacks[i];
    Str day = day_str(m, l->promised);
    out = arena_fmt(m, "%.*s%s%.*s:%.*s%s%s", SFMT(out), out.len ? " " : "", SFMT(l->material), SFMT(day), l->expired ? ":expired" : "",
                    l->supplied_at ? ":supplied" : "");
  }
  return out;
}

/* licence@1 used again from stage 1, redline handed in, land-proof@1 a result of stage 1, licence#7 from project 7 */
static Str files_of(Scene *s, const StageState *st) {
  Arena *m = s->t->mem;
  Str out = S("");
  for (size_t i = 0; i < st->file_count; i++) {
    const FileRef *f = &st->files[i];
    out = arena_fmt(m, "%.*s%s%.*s", SFMT(out), out.len ? " " : "", SFMT(f->material));
    if (f->reused_from) out = arena_fmt(m, "%.*s@%d", SFMT(out), f->reused_from);
    if (f->from_project) out = arena_fmt(m, "%.*s#%lld", SFMT(out), (long long)f->from_project);
  }
  return out;
}

static Str asked_of(Scene *s, int n, Str key) {
  Arena *m = s->t->mem;
  const Policies *ps = &s->w.policies;
  const Policy *p = policies_at(m, ps, s->w.pr->stages[n].form_version, calendars_newest(ps->current->calendars));
  Asked asked = stage_asked(m, p, s->w.pr, n, s->w.now);
  if (str_eqz(key, "waiting")) return number(s, (int64_t)asked.waiting);
  if (str_eqz(key, "conflicts")) return number(s, (int64_t)asked.conflicts);
  if (str_eqz(key, "ask_due")) return day_str(m, asked.due);
  return number(s, (int64_t)asked.unit_count);
}

static Str stage_value(Scene *s, int n, Str key) {
  const StageState *st = &s->w.pr->stages[n];
  if (str_eqz(key, "attempt")) return number(s, st->attempt);
  if (str_eqz(key, "limit")) return number(s, st->limit);
  if (str_eqz(key, "version")) return st->policy_version;
  if (str_eqz(key, "accepted")) return day_or_none(s, st->accepted_at != 0, st->accepted_on);
  if (str_eqz(key, "deemed")) return yes_no(st->deemed);
  if (str_eqz(key, "noticed")) return yes_no(st->noticed);
  if (str_eqz(key, "received")) return day_or_none(s, st->submitted_at != 0, day_of(st->submitted_at));
  if (str_eqz(key, "receipt")) return st->receipt;
  if (str_eqz(key, "certificate")) return st->certificate;
  if (str_eqz(key, "items")) return number(s, (int64_t)st->item_count);
  if (str_eqz(key, "waiting") || str_eqz(key, "conflicts") || str_eqz(key, "asked") || str_eqz(key, "ask_due")) return asked_of(s, n, key);
  if (str_eqz(key, "lacks")) return lacks_of(s, st);
  if (str_eqz(key, "files")) return files_of(s, st);
  if (str_eqz(key, "reports")) return st->reports ? json_text(s->t->mem, st->reports) : S("");
  if (str_eqz(key, "plan")) return codes_of(s, st->plan);
  if (str_eqz(key, "reason")) return st->end_reason;
  if (str_eqz(key, "returned")) return st->return_reason;
  if (str_eqz(key, "slip_by")) return json_str(st->slip, S("by"));
  if (str_eqz(key, "slip_head")) return json_str(st->slip, S("head"));
  if (str_eqz(key, "remedy")) return json_str(st->refusal, S("remedy"));
  if (str_eqz(key, "article")) return json_str(st->refusal, S("article"));
  if (str_eqz(key, "calendar")) return number(s, st->calendar);
  Reading r = project_stage_reading(s->t->mem, policy_of(s, n), s->w.pr, n, s->w.now);
  return reading_value(s, &r, key);
}

void scene_stage(Scene *s) {
  int64_t n = 0;
  if (s->count < 2 || !str_to_i64(s->words[0].key, &n) || n < 1 || n > STAGE_MAX) {
    scene_fault(s, "expected a stage 1 to 4 and its state");
    return;
  }
  Word status = {.key = S("stage"), .value = s->words[1].key, .sep = '='};
  scene_expect(s, &status, stage_status_text(s->w.pr->stages[n].status));
  for (size_t i = 2; i < s->count; i++) scene_expect(s, &s->words[i], stage_value(s, (int)n, s->words[i].key));
}

static Str item_value(Scene *s, int n, const ItemState *i, Str key) {
  if (str_eqz(key, "stage")) return number(s, n);
  if (str_eqz(key, "unit")) return i->unit;
  if (str_eqz(key, "limit")) return number(s, i->limit);
  if (str_eqz(key, "days")) return number(s, i->days);
  if (str_eqz(key, "taken_by")) return i->taken_name;
  if (str_eqz(key, "decided_by")) return i->decided_by;
  if (str_eqz(key, "kept")) return number(s, i->kept_from);
  if (str_eqz(key, "returns")) return number(s, i->returns);
  if (str_eqz(key, "pauses")) return number(s, (int64_t)i->pause_count);
  if (str_eqz(key, "start")) return day_str(s->t->mem, i->start);
  if (str_eqz(key, "reason")) return i->withdraw_reason;
  if (str_eqz(key, "seq")) return number(s, i->seq);
  if (str_eqz(key, "calendar")) return number(s, i->calendar);
  Reading r = project_item_reading(policy_of(s, n), i, s->w.now);
  return reading_value(s, &r, key);
}

/* item CODE STATUS key=value … | item CODE absent */
void scene_item(Scene *s) {
  const ItemState *item = NULL;
  int stage = 0;
  if (s->count < 2) {
    scene_fault(s, "expected an item and its state");
    return;
  }
  for (int n = 1; n <= STAGE_MAX; n++) {
    const ItemState *found = stage_item(&s->w.pr->stages[n], s->words[0].key);
    if (found) item = found, stage = n;
  }
  Word status = {.key = S("item"), .value = s->words[1].key, .sep = '='};
  scene_expect(s, &status, item ? item_status_text(item->status) : S("absent"));
  for (size_t i = 2; item && i < s->count; i++) scene_expect(s, &s->words[i], item_value(s, stage, item, s->words[i].key));
}
