/* SPDX-License-Identifier: Apache-2.0 */
/* review_fold.c: a review from its events, its row, its clock, the engine, the lists. */
#include "joint/joint_int.h"

bool review_ended(Str status) {
  return joint__is(status, "passed|failed|closed");
}

/* ---- folding ------------------------------------------------------------------------------------------------- */

static void files_add(Arena *mem, Review *r, const Json *list) {
  for (const Json *f = list ? list->first : NULL; f; f = f->next) {
    ReviewFile *x = GROW(mem, r->files, r->file_count, r->file_cap, ReviewFile);
    *x = (ReviewFile){.blob = kit_keep(mem, f, "blob"), .name = kit_keep(mem, f, "name"), .size = json_int(f, S("size"), 0), .round = r->round};
  }
}

static void task_ask(Review *r, size_t i, int64_t at) {
  ReviewTask *t = &r->tasks[i];
  t->status = S("pending");
  t->round = r->round;
  t->asked = at;
  t->given = 0;
}

static void fold_applied(Arena *mem, Review *r, const Event *e) {
  const Json *b = e->body;
  Str *const texts[] = {&r->number, &r->project_number, &r->name, &r->owner, &r->uscc, &r->agency_name, &r->agency_uscc};
  static const char *const names[] = {"number", "project_number", "name", "owner", "uscc", "agency_name", "agency_uscc"};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = kit_keep(mem, b, names[i]);
  r->no = json_int(b, S("no"), 0);
  r->project = json_int(b, S("project"), 0);
  r->agency = json_int(b, S("agency"), 0);
  r->days = (int)json_int(b, S("days"), 0);
  r->applicant = arena_str(mem, e->actor);
  r->applied_at = e->happened;
  r->status = S("reviewing");
  r->round = 1;
  for (size_t i = 0; i < DISCIPLINES; i++) task_ask(r, i, e->happened);
  files_add(mem, r, json_get(b, S("files")));
}

static void fold_resubmitted(Arena *mem, Review *r, const Event *e) {
  r->round = (int)json_int(e->body, S("round"), r->round + 1);
  r->days = (int)json_int(e->body, S("days"), r->days);
  r->status = S("reviewing");
  for (size_t i = 0; i < DISCIPLINES; i++)
    if (str_eqz(r->tasks[i].status, "change")) task_ask(r, i, e->happened);
  files_add(mem, r, json_get(e->body, S("files")));
}

static void fold_reported(Arena *mem, Review *r, const Event *e) {
  Discipline d = DISCIPLINES;
  bool waits = false;
  if (!discipline_parse(json_str(e->body, S("discipline")), &d)) return;
  ReviewTask *t = &r->tasks[d];
  t->status = kit_keep(mem, e->body, "result");
  t->opinion = kit_keep(mem, e->body, "opinion");
  t->reviewer = kit_keep(mem, e->body, "reviewer");
  t->registration = kit_keep(mem, e->body, "registration");
  t->given = e->happened;
  t->changes += str_eqz(t->status, "change");
  for (size_t i = 0; i < DISCIPLINES; i++) waits |= str_eqz(r->tasks[i].status, "pending");
  r->status = waits ? S("reviewing") : S("reported");
}

static void fold_guided(Arena *mem, Review *r, const Event *e) {
  Discipline d = DISCIPLINES;
  if (!discipline_parse(json_str(e->body, S("discipline")), &d)) return;
  ReviewGuide *g = GROW(mem, r->guides, r->guide_count, r->guide_cap, ReviewGuide);
  *g = (ReviewGuide){.discipline = d, .unit = kit_keep(mem, e->body, "unit"), .by = arena_str(mem, e->actor_name), .text = kit_keep(mem, e->body, "text"),
                     .again = json_bool(e->body, S("again")), .at = e->happened};
  if (!g->again) return;
  task_ask(r, d, e->happened);
  r->status = S("reviewing");
}

static void fold_opinion(Arena *mem, Review *r, const Event *e, Str status) {
  ReviewOpinion *o = GROW(mem, r->opinions, r->opinion_count, r->opinion_cap, ReviewOpinion);
  *o = (ReviewOpinion){.number = kit_keep(mem, e->body, "opinion"), .result = kit_keep(mem, e->body, "result"), .text = kit_keep(mem, e->body, "text"),
                       .by = arena_str(mem, e->actor_name), .at = e->happened, .round = (int)json_int(e->body, S("round"), 1)};
  r->status = status;
  if (review_ended(status)) r->ended_at = e->happened;
}

void *review_fold(Arena *mem, void *state, const Event *e) {
  Review *r = state ? state : arena_new(mem, Review);
  Str kind = str_starts(e->kind, S("review.")) ? str_sub(e->kind, 7, SIZE_MAX) : S("");
  r->seq = e->seq;
  if (str_eqz(kind, "applied")) fold_applied(mem, r, e);
  if (str_eqz(kind, "resubmitted")) fold_resubmitted(mem, r, e);
  if (str_eqz(kind, "reported")) fold_reported(mem, r, e);
  if (str_eqz(kind, "guided")) fold_guided(mem, r, e);
  if (str_eqz(kind, "passed")) fold_opinion(mem, r, e, S("passed"));
  if (str_eqz(kind, "failed")) fold_opinion(mem, r, e, S("failed"));
  if (str_eqz(kind, "change-asked")) fold_opinion(mem, r, e, S("change"));
  if (str_eqz(kind, "promised")) {
    r->promised_at = e->happened;
    r->promised_by = arena_str(mem, e->actor_name);
  }
  if (str_eqz(kind, "closed")) {
    r->status = S("closed");
    r->ended_at = e->happened;
    r->end_reason = kit_keep(mem, e->body, "reason");
  }
  return r;
}

/* ---- the clock ------------------------------------------------------------------------------------------------- */

static Reading reading_of(const Policy *p, Day asked, Day given, int days, Day ended, int64_t now) {
  ItemClock k = {.start = asked, .limit = days};
  if (given.n || ended.n) {
    k.end_kind = given.n ? END_DONE : END_STOPPED;
    k.end = given.n ? given : ended;
  }
  return clock_item(p->calendar, &k, day_of(now), p->lamp);
}

Reading review_reading(const Policy *p, const Review *r, Discipline d, int64_t now) {
  const ReviewTask *t = &r->tasks[d];
  return reading_of(p, day_of(t->asked), t->given ? day_of(t->given) : (Day){0}, r->days, r->ended_at ? day_of(r->ended_at) : (Day){0}, now);
}

/* ---- projection --------------------------------------------------------------------------------------------------- */

/* asked: the day on which the oldest report that is waited for was asked; 0: none is. */
const char review__schema[] =
    "CREATE TABLE review(no INTEGER PRIMARY KEY, number TEXT NOT NULL, project INTEGER NOT NULL, project_number TEXT NOT NULL, name TEXT NOT NULL,"
    " owner TEXT NOT NULL, agency_name TEXT NOT NULL, agency_uscc TEXT NOT NULL, status TEXT NOT NULL, open INTEGER NOT NULL, round INTEGER NOT NULL,"
    " pending INTEGER NOT NULL, asked INTEGER NOT NULL, days INTEGER NOT NULL, applied INTEGER NOT NULL, promised INTEGER NOT NULL,"
    " year INTEGER NOT NULL, year_seq INTEGER NOT NULL) STRICT;"
    "CREATE INDEX review_project ON review(project, no);"
    "CREATE INDEX review_agency ON review(agency_uscc, open, no);"
    "CREATE INDEX review_year ON review(year, year_seq);"
    "CREATE TABLE reviewer(registration TEXT NOT NULL, uscc TEXT NOT NULL, name TEXT NOT NULL, agency TEXT NOT NULL, at INTEGER NOT NULL,"
    " PRIMARY KEY(registration, uscc)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX reviewer_agency ON reviewer(uscc, name);";

static const Sql sql_put = {"review.put", "isissssssiiiiiiiii", "",
                            "INSERT INTO review(no, number, project, project_number, name, owner, agency_name, agency_uscc, status, open, round, pending,"
                            " asked, days, applied, promised, year, year_seq)"
                            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18)"
                            " ON CONFLICT(no) DO UPDATE SET status = excluded.status, open = excluded.open, round = excluded.round,"
                            " pending = excluded.pending, asked = excluded.asked, days = excluded.days, promised = excluded.promised"};

/* Who signed first under a number keeps it. */
static const Sql sql_signed = {"review.signed", "ssssi", "",
                               "INSERT INTO reviewer(registration, uscc, name, agency, at) VALUES(?1,?2,?3,?4,?5) ON CONFLICT(registration, uscc) DO NOTHING"};

Str reviewer__number(Arena *mem, Str typed) {
  Str s = str_trim(utf8_halfwidth(mem, typed)), out = S("");
  for (size_t i = 0; i < s.len; i++) {
    char c = s.ptr[i] >= 'a' && s.ptr[i] <= 'z' ? (char)(s.ptr[i] - 32) : s.ptr[i];
    if (c != ' ') out = arena_fmt(mem, "%.*s%c", SFMT(out), c);
  }
  return out;
}

static Code reviewer_put(Cx *cx, Db *views, const Event *e, const Review *r) {
  Str number = reviewer__number(cx->mem, json_str(e->body, S("registration")));
  return db_run(cx, views, &sql_signed, VALS(val_s(number), val_s(r->agency_uscc), val_s(json_str(e->body, S("reviewer"))), val_s(r->agency_name), val_i(e->happened)));
}

Code review__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Review *r = state;
  int64_t year, seq, pending = 0, asked = 0;
  (void)env;
  if (str_eqz(e->kind, "review.reported")) TRY(reviewer_put(cx, views, e, r));
  kit_year_parts(r->number, &year, &seq);
  for (size_t i = 0; i < DISCIPLINES && !review_ended(r->status); i++) {
    if (!str_eqz(r->tasks[i].status, "pending")) continue;
    int64_t day = day_of(r->tasks[i].asked).n;
    pending++;
    if (!asked || day < asked) asked = day;
  }
  return db_run(cx, views, &sql_put,
                VALS(val_i(r->no), val_s(r->number), val_i(r->project), val_s(r->project_number), val_s(r->name), val_s(r->owner), val_s(r->agency_name),
                     val_s(r->agency_uscc), val_s(r->status), val_i(!review_ended(r->status)), val_i(r->round), val_i(pending), val_i(asked),
                     val_i(r->days), val_i(r->applied_at), val_i(r->promised_at), val_i(year), val_i(seq)));
}

/* ---- the engine ------------------------------------------------------------------------------------------------------ */

static const Sql sql_last = {"review.last", "", "i", "SELECT max(no) FROM review"};
static const Sql sql_year = {"review.year", "i", "i", "SELECT max(year_seq) FROM review WHERE year = ?1"};
static const Sql sql_other = {"review.other", "i", "ss", "SELECT number, status FROM review WHERE project = ?1 AND status NOT IN ('failed', 'closed') ORDER BY no DESC LIMIT 1"};
static const Sql sql_agency = {"review.agency", "i", "ssiii", "SELECT name, uscc, until, recognised, does FROM agency WHERE no = ?1"};

static Code open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "review", &sql_last, stream);
}

static Code agency_read(Cx *cx, Db *views, int64_t no, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_agency, VALS(val_i(no)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  Json *o = json_put_obj(cx->mem, out, S("agency"));
  json_put_str(cx->mem, o, S("name"), row_s(cx, r, 0));
  json_put_str(cx->mem, o, S("uscc"), row_s(cx, r, 1));
  json_put_int(cx->mem, o, S("until"), row_i(r, 2));
  json_put_str(cx->mem, o, S("until_cn"), day_cn(cx->mem, (Day){(int32_t)row_i(r, 2)}));
  json_put_int(cx->mem, o, S("recognised"), row_i(r, 3));
  json_put_int(cx->mem, o, S("does"), row_i(r, 4));
  return OK;
}

static Code other_read(Cx *cx, Db *views, int64_t project, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_other, VALS(val_i(project)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  json_put_str(cx->mem, out, S("other"), row_s(cx, r, 0));
  json_put_str(cx->mem, out, S("other_status"), row_s(cx, r, 1));
  return OK;
}

static Code promised_read(Cx *cx, Db *views, int64_t project, Json *out) {
  static const Sql q = {"review.promised", "i", "i",
                        "SELECT (SELECT count(*) FROM review WHERE project = ?1 AND promised > 0)"
                        " + (SELECT count(*) FROM promise WHERE project = ?1 AND kind = 'architect' AND status IN ('signed', 'accepted'))"};
  int64_t n = 0;
  TRY(db_int(cx, views, &q, VALS(val_i(project)), 0, &n));
  json_put_int(cx->mem, out, S("promised"), n);
  return OK;
}

/* Whose this number of a registration is, in whichever agency. */
static Code holder_read(Cx *cx, Db *views, Str typed, Json *out) {
  static const Sql q = {"review.holder", "s", "ss", "SELECT name, agency FROM reviewer WHERE registration = ?1 ORDER BY at, uscc LIMIT 1"};
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &q, VALS(val_s(reviewer__number(cx->mem, typed))), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  Json *o = json_put_obj(cx->mem, out, S("holder"));
  json_put_str(cx->mem, o, S("name"), row_s(cx, r, 0));
  json_put_str(cx->mem, o, S("agency"), row_s(cx, r, 1));
  return OK;
}

static Code facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **out) {
  const Review *r = state;
  Json *o = NULL;
  int64_t project = r ? r->project : json_int(cmd->args, S("project"), 0);
  TRY(kit_facts(cx, views, cmd, &o));
  TRY(kit_actor(cx, views, cmd, o));
  TRY(joint__numbers(cx, views, cmd, state, &sql_last, &sql_year, o));
  TRY(joint__case(cx, views, project, o));
  if (!r) TRY(agency_read(cx, views, json_int(cmd->args, S("agency"), 0), o));
  if (!r) TRY(other_read(cx, views, project, o));
  if (!r) TRY(promised_read(cx, views, project, o));
  if (r) TRY(joint__barred(cx, views, r->uscc, o));
  Str number = json_str(cmd->args, S("registration"));
  if (r && number.len) TRY(holder_read(cx, views, number, o));
  *out = o;
  return OK;
}

/* The review goes with its project; the events of a project do not say which review it has. */
static Code aim_withdrawn(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  static const Sql q = {"review.open-of", "i", "i", "SELECT no FROM review WHERE project = ?1 AND open = 1 ORDER BY no DESC LIMIT 1"};
  int64_t project = 0, no = 0;
  Str head, text;
  str_cut(e->stream, '/', &head, &text);
  if (!str_to_i64(text, &project)) return OK;
  TRY(db_int(cx, views, &q, VALS(val_i(project)), 0, &no));
  if (no) out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "review/%lld", (long long)no)};
  return OK;
}

static const Reaction reactions[] = {{.event = "project.withdrawn", .command = "review.close", .aim = aim_withdrawn}};

const Engine review_engine_base = {.prefix = "review", .fold = review_fold, .commands = review__commands, .command_count = REVIEW_COMMANDS,
                                   .reactions = reactions, .reaction_count = COUNT(reactions), .open = open, .facts = facts,
                                   .schema = review__schema, .project = review__project, .alone = true};

/* ---- lists ------------------------------------------------------------------------------------------------------------ */

#define WHERE                                                                                                  \
  " FROM review WHERE (?1 = '' OR agency_uscc = ?1) AND (?2 = '' OR status = ?2) AND (?3 = 0 OR project = ?3)" \
  " AND (?4 = 0 OR open = 1)"
static const Sql sql_list = {"review.list", "ssiiii", "iiiissssssiiii",
                             "SELECT no, project, applied, promised, number, project_number, name, owner, agency_name, status, round, pending, asked, days" WHERE
                             " ORDER BY CASE WHEN ?1 <> '' AND status = 'reviewing' THEN 0 ELSE 1 END, CASE WHEN ?3 = 0 THEN open ELSE 0 END DESC, CASE WHEN open = 1 AND ?3 = 0 THEN no ELSE -no END LIMIT ?5 OFFSET ?6"};
static const Sql sql_count = {"review.count", "ssii", "i", "SELECT count(*)" WHERE};

static ReviewRow row_of(Cx *cx, const Rows *r, const Policy *p, int64_t now) {
  ReviewRow x = {.no = row_i(r, 0), .project = row_i(r, 1), .applied_at = row_i(r, 2), .promised_at = row_i(r, 3), .round = (int)row_i(r, 10),
                 .pending = (int)row_i(r, 11)};
  Str *const texts[] = {&x.number, &x.project_number, &x.name, &x.owner, &x.agency_name, &x.status};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 4);
  if (x.pending) x.reading = reading_of(p, (Day){(int32_t)row_i(r, 12)}, (Day){0}, (int)row_i(r, 13), (Day){0}, now);
  return x;
}

Code reviews_list(Cx *cx, Reader *rd, const Policy *p, const ReviewFilter *f, int64_t now, ReviewRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  ReviewRow *list = arena_array(cx->mem, ReviewRow, f->limit + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_count, VALS(val_s(f->agency_uscc), val_s(f->status), val_i(f->project), val_i(f->open)), 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_list,
              VALS(val_s(f->agency_uscc), val_s(f->status), val_i(f->project), val_i(f->open), val_i((int64_t)f->limit), val_i((int64_t)f->offset)), &r));
  while (*n < f->limit && rows_next(r)) list[(*n)++] = row_of(cx, r, p, now);
  return rows_end(cx, r);
}

Code review_load(Cx *cx, Reader *rd, int64_t no, const Review **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "review", arena_fmt(cx->mem, "%lld", (long long)no), "次联合审图", &state));
  *out = state;
  return OK;
}

Code review_of_project(Cx *cx, Reader *rd, int64_t project, int64_t *no) {
  static const Sql q = {"review.newest-of", "i", "i", "SELECT max(no) FROM review WHERE project = ?1"};
  return db_int(cx, reader_views(rd), &q, VALS(val_i(project)), 0, no);
}

Code reviewers_list(Cx *cx, Reader *rd, Str uscc, Reviewer **out, size_t *n) {
  static const Sql q = {"review.reviewers", "si", "ss", "SELECT name, registration FROM reviewer WHERE uscc = ?1 ORDER BY name, registration LIMIT ?2"};
  SCOPED(rows_drop) Rows *r = NULL;
  Reviewer *list = arena_array(cx->mem, Reviewer, REVIEWERS_MAX + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &q, VALS(val_s(uscc), val_i(REVIEWERS_MAX)), &r));
  while (*n < REVIEWERS_MAX && rows_next(r)) list[(*n)++] = (Reviewer){row_s(cx, r, 0), row_s(cx, r, 1)};
  return rows_end(cx, r);
}
