/* SPDX-License-Identifier: Apache-2.0 */
/* consult_fold.c: a consultation from its events, its row, its clock, and the lists. */
#include "early/early_int.h"

static void files_add(Arena *mem, Consult *c, const Json *list) {
  size_t n = list ? list->count : 0;
  if (!n) return;
  ConsultFile *all = arena_array(mem, ConsultFile, c->file_count + n);
  if (c->file_count) memcpy(all, c->files, c->file_count * sizeof *all);
  c->files = all;
  for (const Json *f = list->first; f; f = f->next)
    all[c->file_count++] = (ConsultFile){.blob = kit_keep(mem, f, "blob"), .name = kit_keep(mem, f, "name"), .size = json_int(f, S("size"), 0)};
}

static void fold_asked(Arena *mem, Consult *c, const Event *e) {
  const Json *b = e->body;
  c->no = json_int(b, S("no"), 0);
  c->unit = kit_keep(mem, b, "unit");
  c->county = kit_keep(mem, b, "county");
  c->subject = kit_keep(mem, b, "subject");
  c->question = kit_keep(mem, b, "question");
  c->project_name = kit_keep(mem, b, "project_name");
  c->owner = kit_keep(mem, b, "owner");
  c->uscc = kit_keep(mem, b, "uscc");
  c->lock = kit_keep(mem, b, "lock");
  c->asker = kit_keep(mem, b, "name");
  c->contact = kit_keep(mem, b, "contact");
  c->applicant = c->lock.len ? S("") : arena_str(mem, e->actor); /* nobody's account */
  c->open = json_bool(b, S("open"));
  c->days = (int)json_int(b, S("days"), 0);
  c->asked_at = e->happened;
  c->status = S("asked");
  files_add(mem, c, json_get(b, S("files")));
}

static void fold_more(Arena *mem, Consult *c, const Event *e, Str kind) {
  if (str_eqz(kind, "more-asked")) {
    c->status = S("more");
    c->more = kit_keep(mem, e->body, "what");
    c->more_at = e->happened;
    c->more_by = arena_str(mem, e->actor_name);
  }
  if (str_eqz(kind, "supplemented")) {
    c->status = S("asked");
    c->supplement = kit_keep(mem, e->body, "text");
    c->supplement_at = e->happened;
    files_add(mem, c, json_get(e->body, S("files")));
  }
}

void *consult_fold(Arena *mem, void *state, const Event *e) {
  Consult *c = state ? state : arena_new(mem, Consult);
  Str kind = str_starts(e->kind, S("consult.")) ? str_sub(e->kind, 8, SIZE_MAX) : S("");
  c->seq = e->seq;
  if (str_eqz(kind, "asked")) fold_asked(mem, c, e);
  if (str_eqz(kind, "assigned")) {
    c->specialist = kit_keep(mem, e->body, "person");
    c->specialist_name = kit_keep(mem, e->body, "name");
  }
  fold_more(mem, c, e, kind);
  if (str_eqz(kind, "replied")) {
    c->status = S("replied");
    c->reply = kit_keep(mem, e->body, "reply");
    c->basis = kit_keep(mem, e->body, "basis");
    c->reply_no = kit_keep(mem, e->body, "number");
    c->reply_by = arena_str(mem, e->actor_name);
    c->replied_at = e->happened;
  }
  if (str_eqz(kind, "forgotten")) c->asker = c->contact = S("");
  if (str_eqz(kind, "withdrawn")) {
    c->status = S("withdrawn");
    c->end_reason = kit_keep(mem, e->body, "reason");
    c->ended_at = e->happened;
  }
  return c;
}

/* ---- the query code 查询码 of whoever has no account ----------------------------------------------------------- */

enum { CODE_LEN = 16, CODE_PART = 4 };

/* What is the same code however it was typed; letters that no code has are the digits they look like. */
static Str code_plain(Arena *mem, Str typed) {
  Str s = str_trim(utf8_halfwidth(mem, typed)), out = S("");
  for (size_t i = 0; i < s.len && out.len <= CODE_LEN; i++) {
    char c = s.ptr[i] >= 'a' && s.ptr[i] <= 'z' ? (char)(s.ptr[i] - 32) : s.ptr[i];
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    if (c != '-' && c != ' ') out = arena_fmt(mem, "%.*s%c", SFMT(out), c);
  }
  return out;
}

Str consult_code_typed(Arena *mem, Str typed) {
  Str hex = code_plain(mem, typed), out = S("");
  for (size_t i = 0; i < hex.len; i += CODE_PART) out = arena_fmt(mem, "%.*s%s%.*s", SFMT(out), i ? "-" : "", SFMT(str_sub(hex, i, CODE_PART)));
  return out;
}

Str consult_code(Arena *mem, Str secret) {
  return consult_code_typed(mem, str_sub(hash_hex(mem, hash_bytes(SUITE_GM, arena_fmt(mem, "consult/%.*s", SFMT(secret)))), 0, CODE_LEN));
}

Str consult_lock(Arena *mem, Str code) {
  return hash_hex(mem, hash_bytes(SUITE_GM, code_plain(mem, code)));
}

bool consult_opens(Arena *mem, const Consult *c, Str code) {
  return c->lock.len > 0 && code.len < 80 && code_plain(mem, code).len == CODE_LEN && str_eq(consult_lock(mem, code), c->lock);
}

/* ---- the clock ------------------------------------------------------------------------------------------------ */

typedef struct Times { Day asked, more, supplement, replied, ended; int days; } Times;

static Reading reading_of(const Policy *p, const Times *t, int64_t now) {
  Pause pause = {.from = t->more, .to = t->supplement, .open = !t->supplement.n, .holder = HELD_APPLICANT};
  ItemClock k = {.start = t->asked, .limit = t->days, .pauses = &pause, .pause_count = t->more.n ? 1 : 0};
  if (t->replied.n || t->ended.n) {
    k.end_kind = t->replied.n ? END_DONE : END_STOPPED;
    k.end = t->replied.n ? t->replied : t->ended;
  }
  return clock_item(p->calendar, &k, day_of(now), p->lamp);
}

static Day day_or_none(int64_t ms) {
  return ms ? day_of(ms) : (Day){0};
}

static Times times_of(const Consult *c) {
  return (Times){.asked = day_of(c->asked_at), .more = day_or_none(c->more_at), .supplement = day_or_none(c->supplement_at),
                 .replied = day_or_none(c->replied_at), .ended = day_or_none(c->ended_at), .days = c->days};
}

Reading consult_reading(const Policy *p, const Consult *c, int64_t now) {
  Times t = times_of(c);
  return reading_of(p, &t, now);
}

/* ---- projections ------------------------------------------------------------------------------------------------ */

const char consult__schema[] =
    "CREATE TABLE consult(no INTEGER PRIMARY KEY, unit TEXT NOT NULL, subject TEXT NOT NULL, owner TEXT NOT NULL, uscc TEXT NOT NULL,"
    " applicant TEXT NOT NULL, status TEXT NOT NULL, specialist TEXT NOT NULL, reply_no TEXT NOT NULL, reply TEXT NOT NULL,"
    " open INTEGER NOT NULL, at INTEGER NOT NULL, replied_at INTEGER NOT NULL, waits INTEGER NOT NULL, asked INTEGER NOT NULL,"
    " more INTEGER NOT NULL, supplement INTEGER NOT NULL, ended INTEGER NOT NULL, days INTEGER NOT NULL, year INTEGER NOT NULL,"
    " year_seq INTEGER NOT NULL) STRICT;"
    "CREATE INDEX consult_unit ON consult(unit, waits, no);"
    "CREATE INDEX consult_reply ON consult(reply_no) WHERE reply_no <> '';"
    "CREATE INDEX consult_year ON consult(year, year_seq) WHERE year > 0;";

static const Sql sql_put = {"consult.put", "isssssssssiiiiiiiiiii", "",
                            "INSERT INTO consult(no, unit, subject, owner, uscc, applicant, status, specialist, reply_no, reply, open, at,"
                            " replied_at, waits, asked, more, supplement, ended, days, year, year_seq)"
                            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21)"
                            " ON CONFLICT(no) DO UPDATE SET status = excluded.status, specialist = excluded.specialist,"
                            " reply_no = excluded.reply_no, reply = excluded.reply, at = excluded.at, replied_at = excluded.replied_at,"
                            " waits = excluded.waits, more = excluded.more, supplement = excluded.supplement, ended = excluded.ended,"
                            " year = excluded.year, year_seq = excluded.year_seq"};

Code consult__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Consult *c = state;
  Times t = times_of(c);
  int64_t seq = 0;
  (void)env;
  if (c->reply_no.len > 8) (void)str_to_i64(str_sub(c->reply_no, 8, SIZE_MAX), &seq); /* ZX-2026-0007 */
  bool waits = str_eqz(c->status, "asked") || str_eqz(c->status, "more");
  return db_run(cx, views, &sql_put,
                VALS(val_i(c->no), val_s(c->unit), val_s(c->subject), val_s(c->owner), val_s(c->uscc), val_s(c->applicant), val_s(c->status),
                     val_s(c->specialist_name), val_s(c->reply_no), val_s(c->reply), val_i(c->open), val_i(e->happened), val_i(c->replied_at),
                     val_i(waits), val_i(t.asked.n), val_i(t.more.n), val_i(t.supplement.n), val_i(t.ended.n), val_i(t.days),
                     val_i(seq ? kit_year_of(c->replied_at) : 0), val_i(seq)));
}

/* ---- the engine --------------------------------------------------------------------------------------------------- */

static const Sql sql_last = {"consult.last", "", "i", "SELECT max(no) FROM consult"};
static const Sql sql_year = {"consult.year", "i", "i", "SELECT max(year_seq) FROM consult WHERE year = ?1"};

static Code consult_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "consult", &sql_last, stream);
}

static Code consult_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  Json *out = NULL;
  int64_t last = 0, seq = 0;
  Str person = json_str(cmd->args, S("person"));
  TRY(kit_facts(cx, views, cmd, &out));
  TRY(kit_actor(cx, views, cmd, out));
  *facts = out;
  if (person.len) TRY(kit_person(cx, views, person, out, S("person")));
  if (!state) TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
  TRY(db_int(cx, views, &sql_year, VALS(val_i(kit_year_of(cmd->now))), 0, &seq));
  json_put_int(cx->mem, out, S("no"), last + 1);
  json_put_int(cx->mem, out, S("year_seq"), seq);
  return OK;
}

const Engine consult_engine_base = {.prefix = "consult",
                                    .fold = consult_fold,
                                    .commands = consult__commands,
                                    .command_count = CONSULT_COMMANDS,
                                    .open = consult_open,
                                    .facts = consult_facts,
                                    .schema = consult__schema,
                                    .project = consult__project};

/* ---- lists ---------------------------------------------------------------------------------------------------------- */

#define WHERE                                                                                              \
  " FROM consult WHERE (?1 = '' OR unit = ?1) AND (?2 = '' OR uscc = ?2 OR applicant = ?3)"                \
  " AND (?4 = '' OR status = ?4) AND (?5 = 0 OR (open = 1 AND status = 'replied'))"                        \
  " AND (?6 = '' OR subject LIKE '%' || ?6 || '%' OR reply_no = ?6) AND (?7 = 0 OR (waits = 1 AND status = 'asked'))"
#define CONSULT "SELECT no, at, replied_at, unit, subject, owner, uscc, status, specialist, reply_no, reply, asked, more, supplement, ended, days"
#define CONSULT_OUT "iiissssssssiiiii"
#define OF_UNIT " FROM consult WHERE unit = ?1 AND waits = 1 AND status = 'asked'"
static const Sql sql_list = {"consult.list", "ssssisiii", CONSULT_OUT,
                             CONSULT WHERE " ORDER BY waits DESC, CASE WHEN waits = 1 THEN no ELSE -no END LIMIT ?8 OFFSET ?9"};
static const Sql sql_count = {"consult.count", "ssssisi", "i", "SELECT count(*)" WHERE};
static const Sql sql_waiting = {"consult.waiting", "si", CONSULT_OUT, CONSULT OF_UNIT " ORDER BY no LIMIT ?2"};
static const Sql sql_waiting_count = {"consult.waiting-count", "s", "i", "SELECT count(*)" OF_UNIT};

static ConsultRow row_of(Cx *cx, const Rows *r, const Policy *p, int64_t now) {
  ConsultRow c = {.no = row_i(r, 0), .at = row_i(r, 1), .replied_at = row_i(r, 2), .days = (int)row_i(r, 15)};
  Str *const texts[] = {&c.unit, &c.subject, &c.owner, &c.uscc, &c.status, &c.specialist, &c.reply_no, &c.reply};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 3);
  Times t = {.asked = {(int32_t)row_i(r, 11)}, .more = {(int32_t)row_i(r, 12)}, .supplement = {(int32_t)row_i(r, 13)},
             .ended = {(int32_t)row_i(r, 14)}, .replied = day_or_none(c.replied_at), .days = c.days};
  c.reading = reading_of(p, &t, now);
  return c;
}

/* Lateness depends on the calendar of the reader, so rows that are in time are left out here and not by SQL. */
Code consults_list(Cx *cx, Reader *rd, const Policy *p, const ConsultFilter *f, int64_t now, ConsultRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  ConsultRow *list = arena_array(cx->mem, ConsultRow, f->limit + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_count,
             VALS(val_s(f->unit), val_s(f->uscc), val_s(f->applicant), val_s(f->status), val_i(f->open), val_s(f->q), val_i(f->overdue)), 0,
             total));
  TRY(db_rows(cx, reader_views(rd), &sql_list,
              VALS(val_s(f->unit), val_s(f->uscc), val_s(f->applicant), val_s(f->status), val_i(f->open), val_s(f->q), val_i(f->overdue),
                   val_i((int64_t)f->limit), val_i((int64_t)f->offset)),
              &r));
  while (*n < f->limit && rows_next(r)) {
    ConsultRow c = row_of(cx, r, p, now);
    if (!f->overdue || c.reading.overdue) list[(*n)++] = c;
  }
  return rows_end(cx, r);
}

Code consults_waiting(Cx *cx, Reader *rd, const Policy *p, Str unit, int64_t now, size_t max, ConsultRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  ConsultRow *list = arena_array(cx->mem, ConsultRow, max + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_waiting_count, VALS(val_s(unit)), 0, total));
  if (!*total) return OK;
  TRY(db_rows(cx, reader_views(rd), &sql_waiting, VALS(val_s(unit), val_i((int64_t)max)), &r));
  while (*n < max && rows_next(r)) list[(*n)++] = row_of(cx, r, p, now);
  return rows_end(cx, r);
}

Code consult_load(Cx *cx, Reader *rd, int64_t no, const Consult **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "consult", arena_fmt(cx->mem, "%lld", (long long)no), "件咨询", &state));
  *out = state;
  return OK;
}

static const Sql sql_persons = {"consult.persons", "s", "sss", "SELECT id, name, roles FROM account WHERE unit = ?1 AND disabled = 0 ORDER BY id"};

Code persons_list(Cx *cx, Reader *rd, Str unit, PersonRow **out, size_t *n) {
  enum { PERSONS_MAX = 200 };
  SCOPED(rows_drop) Rows *r = NULL;
  PersonRow *list = arena_array(cx->mem, PersonRow, PERSONS_MAX + 1);
  uint32_t roles = 0;
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_persons, VALS(val_s(unit)), &r));
  while (*n < PERSONS_MAX && rows_next(r)) {
    TRY(roles_parse(cx, row_s(cx, r, 2), &roles));
    if (roles & (ROLE_APPROVER | ROLE_UNIT_HEAD)) list[(*n)++] = (PersonRow){row_s(cx, r, 0), row_s(cx, r, 1)};
  }
  return rows_end(cx, r);
}
