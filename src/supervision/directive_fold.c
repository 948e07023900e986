/* SPDX-License-Identifier: Apache-2.0 */
/* directive_fold.c: an order from its events, its row, its place in the due queue, and the lists. */
#include "supervision/supervision_int.h"

static Day day_at(const Json *body, const char *key) {
  Day d = {0};
  (void)day_parse(json_str(body, str_of(key)), &d);
  return d;
}

static void fold_address(Arena *mem, Directive *x, const Json *b) {
  x->level = kit_keep(mem, b, "level");
  x->to_unit = kit_keep(mem, b, "to_unit");
  x->to_account = kit_keep(mem, b, "to_account");
  x->to_name = kit_keep(mem, b, "to_name");
  x->reply_by = day_at(b, "reply_by");
  x->days = (int)json_int(b, S("days"), 0);
  x->status = S("issued");
}

static void fold_issued(Arena *mem, Directive *x, const Event *e) {
  const Json *b = e->body;
  x->no = json_int(b, S("no"), 0);
  x->number = kit_keep(mem, b, "number");
  x->clock = kit_keep(mem, b, "clock");
  x->kind = kit_keep(mem, b, "kind");
  x->of = json_int(b, S("of"), 0);
  x->stage = (int)json_int(b, S("stage"), 0);
  x->item = kit_keep(mem, b, "item");
  x->rating = (int)json_int(b, S("rating"), 0);
  x->of_number = kit_keep(mem, b, "of_number");
  x->of_name = kit_keep(mem, b, "of_name");
  x->unit = kit_keep(mem, b, "unit");
  x->subject = kit_keep(mem, b, "subject");
  x->demand = kit_keep(mem, b, "demand");
  x->due = day_at(b, "due");
  x->again = kit_keep(mem, b, "again");
  x->milestone = kit_keep(mem, b, "milestone");
  x->issued_at = e->happened;
  fold_address(mem, x, b);
  x->silent = x->first_by = x->reply_by;
}

static void fold_more(Arena *mem, Directive *x, const Event *e, Str kind) {
  if (str_eqz(kind, "replied")) {
    x->status = S("replied");
    x->reply = kit_keep(mem, e->body, "reply");
    x->reply_by_name = arena_str(mem, e->actor_name);
    x->replied_at = e->happened;
    x->promised = day_at(e->body, "promised");
    x->silent = (Day){0};
  }
  if (str_eqz(kind, "raised")) {
    fold_address(mem, x, e->body);
    if (!x->silent.n) x->silent = x->reply_by; /* a promise was broken: a new question */
    x->promised = (Day){0};
  }
  if (str_eqz(kind, "returned")) {
    x->status = S("issued");
    x->reply_by = x->silent = day_at(e->body, "reply_by");
    x->promised = (Day){0};
    x->overdue = false; /* it is asked for once more */
  }
  bool answers = str_eqz(kind, "replied") || str_eqz(kind, "settled") || str_eqz(kind, "closed");
  if (answers && !x->first_at) x->first_at = e->happened;
  x->overdue |= str_eqz(kind, "overdue");
  x->settled |= str_eqz(kind, "settled");
  if (str_eqz(kind, "closed")) {
    x->status = S("closed");
    x->close_reason = kit_keep(mem, e->body, "reason");
    x->closed_at = e->happened;
  }
}

static void step_add(Arena *mem, Directive *x, const Event *e, Str kind) {
  const char *text = str_eqz(kind, "replied") ? "reply" : str_eqz(kind, "raised") ? "why" : str_eqz(kind, "noted") ? "text" : "reason";
  DirectiveStep *s = GROW(mem, x->steps, x->step_count, x->step_cap, DirectiveStep);
  *s = (DirectiveStep){.at = e->happened, .kind = arena_str(mem, kind), .by = arena_str(mem, e->actor_name), .level = x->level, .to = x->to_name,
                       .text = kit_keep(mem, e->body, text), .reply_by = x->promised.n ? x->promised : x->reply_by};
}

void *directive_fold(Arena *mem, void *state, const Event *e) {
  Directive *x = state ? state : arena_new(mem, Directive);
  if (!str_starts(e->kind, S("directive."))) return x;
  Str kind = str_sub(e->kind, 10, SIZE_MAX);
  x->seq = e->seq;
  if (str_eqz(kind, "issued")) fold_issued(mem, x, e);
  else fold_more(mem, x, e, kind);
  step_add(mem, x, e, kind);
  return x;
}

/* ---- the row ---------------------------------------------------------------------------------------------- */

const char directive__schema[] =
    "CREATE TABLE directive(no INTEGER PRIMARY KEY, number TEXT NOT NULL, year INTEGER NOT NULL, year_seq INTEGER NOT NULL, clock TEXT NOT NULL,"
    " kind TEXT NOT NULL, of_no INTEGER NOT NULL, stage INTEGER NOT NULL, item TEXT NOT NULL, of_number TEXT NOT NULL, of_name TEXT NOT NULL,"
    " unit TEXT NOT NULL, level TEXT NOT NULL, to_unit TEXT NOT NULL, to_account TEXT NOT NULL, to_name TEXT NOT NULL, status TEXT NOT NULL,"
    " subject TEXT NOT NULL, reply_by INTEGER NOT NULL, overdue INTEGER NOT NULL, settled INTEGER NOT NULL, at INTEGER NOT NULL,"
    " open INTEGER NOT NULL, silent INTEGER NOT NULL, issued INTEGER NOT NULL, first_by INTEGER NOT NULL, answered INTEGER NOT NULL) STRICT;"
    "CREATE INDEX directive_open ON directive(open, reply_by, no);"
    "CREATE INDEX directive_clock ON directive(clock) WHERE clock <> '';"
    "CREATE INDEX directive_of ON directive(of_no) WHERE open = 1;"
    "CREATE INDEX directive_unit ON directive(unit, open);"
    "CREATE INDEX directive_year ON directive(year, year_seq);";
static const Sql sql_put = {
    "directive.put", "isiissiissssssssssiiiiiiiii", "",
    "INSERT INTO directive(no, number, year, year_seq, clock, kind, of_no, stage, item, of_number, of_name, unit, level, to_unit, to_account, to_name,"
    " status, subject, reply_by, overdue, settled, at, open, silent, issued, first_by, answered)"
    " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,?25,?26,?27)"
    " ON CONFLICT(no) DO UPDATE SET level = excluded.level, to_unit = excluded.to_unit, to_account = excluded.to_account,"
    " to_name = excluded.to_name, status = excluded.status, reply_by = excluded.reply_by, overdue = excluded.overdue, settled = excluded.settled,"
    " at = excluded.at, open = excluded.open, silent = excluded.silent, answered = excluded.answered"};

/* The day after the reply, or the promise, was due it goes up. */
static Code due_put(Cx *cx, Db *views, const Event *e, const Directive *x) {
  Day day = x->promised.n ? x->promised : x->reply_by;
  if (str_eqz(x->status, "closed") || x->settled || x->overdue || !day.n) return due_clear(cx, views, e->stream, S("directive.raise"));
  Json *args = json_obj(cx->mem);
  json_put_str(cx->mem, args, S("level"), x->level);
  return due_set(cx, views, e->stream, S("directive.raise"), day_start((Day){day.n + 1}), args);
}

Code directive__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Directive *x = state;
  int64_t year = 0, seq = 0;
  (void)env;
  kit_year_parts(x->number, &year, &seq);
  TRY(db_run(cx, views, &sql_put,
             VALS(val_i(x->no), val_s(x->number), val_i(year), val_i(seq), val_s(x->clock), val_s(x->kind), val_i(x->of), val_i(x->stage), val_s(x->item),
                  val_s(x->of_number), val_s(x->of_name), val_s(x->unit), val_s(x->level), val_s(x->to_unit), val_s(x->to_account), val_s(x->to_name),
                  val_s(x->status), val_s(x->subject), val_i(x->promised.n ? x->promised.n : x->reply_by.n), val_i(x->overdue), val_i(x->settled),
                  val_i(e->happened), val_i(!str_eqz(x->status, "closed")), val_i(x->silent.n),
                  val_i(x->issued_at), val_i(x->first_by.n), val_i(x->first_at))));
  return due_put(cx, views, e, x);
}

/* ---- lists -------------------------------------------------------------------------------------------------- */

/* ?1 status, ?2 unit, ?3 kind, ?4 open only, ?5 late only: not replied, or not done as promised, by that day, and the matter not over; ?6 … of a recipient: account, unit, and which rungs (?8 2: also above; 3: not the department's); ?11 … ?12 issued between, ms (?12 0: ever); ?13 only whose matter has not ended. */
#define WHERE                                                                                                                      \
  " FROM directive WHERE (?1 = '' OR status = ?1) AND (?2 = '' OR unit = ?2) AND (?3 = '' OR kind = ?3) AND (?4 = 0 OR open = 1)"   \
  " AND (?5 = 0 OR (open = 1 AND settled = 0 AND reply_by < ?5)) AND (?13 = 0 OR settled = 0) AND (?6 = '' OR (level = 'handler' AND to_account = ?6)"                   \
  " OR (?8 = 2 AND level IN ('bureau', 'leader') AND unit = ?7) OR (?8 >= 1 AND (level = 'section' OR (level = 'department' AND ?8 < 3)) AND to_unit = ?7) OR (?9 = 1 AND level = 'bureau')"                           \
  " OR (?10 = 1 AND level = 'leader' AND (to_account = '' OR to_account = ?6)))"                                                    \
  " AND (?12 = 0 OR (issued >= ?11 AND issued < ?12))"
#define COLUMNS                                                                                                                     \
  "SELECT no, of_no, at, stage, number, kind, unit, level, to_unit, to_name, status, subject, of_number, of_name, item, reply_by,"   \
  " overdue, settled"
static const Sql sql_list = {"directive.list", "sssiissiiiiiiii", "iiiisssssssssssiii",
                             COLUMNS WHERE " ORDER BY open DESC, CASE WHEN open = 1 THEN reply_by ELSE -no END, no LIMIT ?14 OFFSET ?15"};
static const Sql sql_count = {"directive.count", "sssiissiiiiii", "i", "SELECT count(*)" WHERE};

static DirectiveRow row_of(Cx *cx, const Rows *r, const Policy *p, Day today) {
  DirectiveRow d = {.no = row_i(r, 0), .of = row_i(r, 1), .at = row_i(r, 2), .stage = (int)row_i(r, 3), .reply_by = {(int32_t)row_i(r, 15)},
                    .overdue = row_i(r, 16) != 0, .settled = row_i(r, 17) != 0};
  Str *const texts[] = {&d.number, &d.kind, &d.unit, &d.level, &d.to_unit, &d.to_name, &d.status, &d.subject, &d.of_number, &d.of_name, &d.item};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 4);
  if (!str_eqz(d.status, "closed") && !d.settled && d.reply_by.n < today.n) d.late = calendar_count(p->calendar, d.reply_by, today);
  return d;
}

/* ?8 of WHERE. What is owed is what this person may reply to (directive_is_to); a list has all of the unit. */
static int own_rungs(const User *u, const DirectiveFilter *f) {
  enum { NONE, BOTH, SECTION = 3 };
  if (!u || !u->unit.len || !(u->roles & ROLE_STAFF)) return NONE;
  if (!f->owed) return BOTH + f->risen;
  return u->roles & DEPARTMENT_REPLIES ? BOTH : u->roles & SECTION_REPLIES ? SECTION : NONE;
}

Code directives_list(Cx *cx, Reader *rd, const Policy *p, const DirectiveFilter *f, int64_t now, DirectiveRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  DirectiveRow *list = arena_array(cx->mem, DirectiveRow, f->limit + 1);
  const User *u = f->to;
  Day today = day_of(now);
  Val vals[] = {val_s(f->status), val_s(f->unit), val_s(f->kind), val_i(f->open), val_i(f->late ? today.n : 0), val_s(u ? u->id : S("")),
                val_s(u ? u->unit : S("")), val_i(own_rungs(u, f)), val_i(u && (u->roles & ROLE_SUPERVISOR)),
                val_i(u && (u->roles & ROLE_LEADER)), val_i(f->since), val_i(f->before), val_i(f->owed), val_i((int64_t)f->limit), val_i((int64_t)f->offset)};
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_count, vals, COUNT(vals) - 2, 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_list, vals, COUNT(vals), &r));
  while (*n < f->limit && rows_next(r)) list[(*n)++] = row_of(cx, r, p, today);
  return rows_end(cx, r);
}

Code directives_about(Cx *cx, Reader *rd, const Policy *p, Str unit, int64_t project, int stage, Str item, int64_t now, DirectiveRow **out, size_t *n) {
  enum { SHOWN = 20 };
  static const Sql q = {"directive.about", "siisi", "iiiisssssssssssiii",
                        COLUMNS " FROM directive WHERE unit = ?1 AND of_no = ?2 AND ((stage = ?3 AND item = ?4 AND kind IN ('item', 'manual')) OR (item = '' AND kind = 'manual')) ORDER BY no DESC LIMIT ?5"};
  SCOPED(rows_drop) Rows *r = NULL;
  DirectiveRow *list = arena_array(cx->mem, DirectiveRow, SHOWN + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &q, VALS(val_s(unit), val_i(project), val_i(stage), val_s(item), val_i(SHOWN)), &r));
  while (*n < SHOWN && rows_next(r)) list[(*n)++] = row_of(cx, r, p, day_of(now));
  return rows_end(cx, r);
}

Code directive_load(Cx *cx, Reader *rd, int64_t no, const Directive **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "directive", arena_fmt(cx->mem, "%lld", (long long)no), "份督办单", &state));
  *out = state;
  return OK;
}
