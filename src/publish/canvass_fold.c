/* SPDX-License-Identifier: Apache-2.0 */
/* canvass_fold.c: a consultation as its events make it; its row and its place in the due queue; lists. */
#include "publish/publish_int.h"

OpinionGroup *canvass__group(const Canvass *v, int64_t no) {
  return no >= 1 && no <= (int64_t)v->group_count ? &v->groups[no - 1] : NULL;
}

static void fold_draft(Arena *mem, Canvass *v, const Event *e) {
  const Json *b = e->body;
  v->title = kit_keep(mem, b, "title");
  v->text = kit_keep(mem, b, "text");
  v->note = kit_keep(mem, b, "note");
  v->ways = kit_keep(mem, b, "ways");
  v->days = (int)json_int(b, S("days"), 0);
  v->basis = strings__keep(mem, json_get(b, S("basis")), &v->basis_count);
  v->author = arena_str(mem, e->actor);
  v->author_name = arena_str(mem, e->actor_name);
  if (!str_eqz(e->kind, "canvass.drafted")) return;
  v->no = json_int(b, S("no"), 0);
  v->number = kit_keep(mem, b, "number");
  v->unit = arena_str(mem, e->unit);
  v->status = S("draft");
}

static void fold_group(Arena *mem, Canvass *v, const Json *b) {
  int64_t no = json_int(b, S("group"), 0);
  const Json *list = json_get(b, S("opinions"));
  OpinionGroup *g = canvass__group(v, no);
  if (!g) {
    g = GROW(mem, v->groups, v->group_count, v->group_cap, OpinionGroup);
    *g = (OpinionGroup){.no = (int)v->group_count, .adoption = S(""), .reason = S("")};
  }
  g->title = kit_keep(mem, b, "title");
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    if (x->kind == JSON_INT && x->num >= 1 && x->num <= (int64_t)v->opinion_count) v->opinions[x->num - 1].group = g->no;
  for (size_t i = 0; i < v->group_count; i++) v->groups[i].count = 0;
  for (size_t i = 0; i < v->opinion_count; i++)
    if (v->opinions[i].group) v->groups[v->opinions[i].group - 1].count++;
}

static void fold_said(Arena *mem, Canvass *v, const Event *e) {
  Saying *o = GROW(mem, v->opinions, v->opinion_count, v->opinion_cap, Saying);
  *o = (Saying){.no = (int)v->opinion_count, .number = kit_keep(mem, e->body, "number"), .text = kit_keep(mem, e->body, "text"), .contact = kit_keep(mem, e->body, "contact"), .at = e->happened};
}

static void fold_kind(Arena *mem, Canvass *v, Str kind, const Event *e) {
  const Json *b = e->body;
  OpinionGroup *g = canvass__group(v, json_int(b, S("group"), 0));
  if (str_eqz(kind, "drafted") || str_eqz(kind, "changed")) fold_draft(mem, v, e);
  else if (str_eqz(kind, "said")) fold_said(mem, v, e);
  else if (str_eqz(kind, "ended")) v->status = S("ended");
  else if (str_eqz(kind, "grouped")) fold_group(mem, v, b);
  else if (str_eqz(kind, "linked")) v->document = json_int(b, S("document"), 0);
  else if (str_eqz(kind, "answered") && g) g->adoption = kit_keep(mem, b, "adoption"), g->reason = kit_keep(mem, b, "reason");
  else if (str_eqz(kind, "closed")) v->status = S("closed"), v->closed = e->happened;
  else if (str_eqz(kind, "opened")) {
    v->status = S("open");
    v->opened = e->happened;
    (void)day_parse(json_str(b, S("until")), &v->until);
  } else {
    scrutiny__fold(mem, &v->review, kind, e);
    if (str_eqz(kind, "submitted")) v->status = S("review");
    if (str_eqz(kind, "returned")) v->status = S("draft");
  }
}

void *canvass_fold(Arena *mem, void *state, const Event *e) {
  Canvass *v = state ? state : arena_new(mem, Canvass);
  if (!str_starts(e->kind, S("canvass."))) return v;
  Str kind = str_sub(e->kind, strlen("canvass."), SIZE_MAX);
  v->seq = e->seq;
  fold_kind(mem, v, kind, e);
  if (str_eqz(kind, "said")) return v; /* opinions are a list of their own */
  Str text = json_str(e->body, str_eqz(kind, "returned") || str_eqz(kind, "answered") ? S("reason") : str_eqz(kind, "signed") ? S("text") : str_eqz(kind, "grouped") ? S("title") : S("-"));
  if (str_eqz(kind, "signed")) kind = json_str(e->body, S("step"));
  GazetteStep *s = GROW(mem, v->steps, v->step_count, v->step_cap, GazetteStep);
  *s = (GazetteStep){.at = e->happened, .kind = arena_str(mem, kind), .by = arena_str(mem, e->actor_name), .unit = arena_str(mem, e->unit), .text = arena_str(mem, text),
                     .about = (int)json_int(e->body, S("group"), 0)};
  return v;
}

CanvassSums canvass_sums(const Canvass *v) {
  CanvassSums s = {.received = (int64_t)v->opinion_count};
  for (size_t i = 0; i < v->opinion_count; i++) {
    const OpinionGroup *g = canvass__group(v, v->opinions[i].group);
    s.ungrouped += !g;
    s.adopted += g && str_eqz(g->adoption, "adopted");
    s.partly += g && str_eqz(g->adoption, "partly");
    s.rejected += g && str_eqz(g->adoption, "rejected");
  }
  for (size_t i = 0; i < v->group_count; i++) s.unanswered += v->groups[i].count && !v->groups[i].adoption.len;
  return s;
}

bool canvass_public(const Canvass *v) {
  return v->opened > 0;
}

typedef struct Word { const char *code, *label; } Word;
static Str word(const Word *list, size_t n, Str code) {
  for (size_t i = 0; i < n; i++)
    if (str_eqz(code, list[i].code)) return str_of(list[i].label);
  return code;
}

Str canvass_label(Str status) {
  static const Word list[] = {{"draft", "起草中"}, {"review", "审查中"}, {"open", "正在征求意见"}, {"ended", "已截止，正在研究"}, {"closed", "已公布采纳情况"}};
  return word(list, COUNT(list), status);
}

Str adoption_label(Str adoption) {
  static const Word list[] = {{"adopted", "采纳"}, {"partly", "部分采纳"}, {"rejected", "不采纳"}, {"", "还没有答复"}};
  return word(list, COUNT(list), adoption);
}

/* ---- its row ------------------------------------------------------------------------------------------------------------------- */

const char canvass__schema[] =
    "CREATE TABLE canvass(no INTEGER PRIMARY KEY, number TEXT NOT NULL, year INTEGER NOT NULL, year_seq INTEGER NOT NULL, unit TEXT NOT NULL, title TEXT NOT NULL,"
    " status TEXT NOT NULL, step TEXT NOT NULL, author TEXT NOT NULL, submitter TEXT NOT NULL, first_by TEXT NOT NULL, second_by TEXT NOT NULL,"
    " until INTEGER NOT NULL, opened INTEGER NOT NULL, closed INTEGER NOT NULL, document INTEGER NOT NULL, received INTEGER NOT NULL, ungrouped INTEGER NOT NULL,"
    " unanswered INTEGER NOT NULL, adopted INTEGER NOT NULL, partly INTEGER NOT NULL, rejected INTEGER NOT NULL) STRICT;"
    "CREATE INDEX canvass_year ON canvass(year, year_seq);"
    "CREATE INDEX canvass_document ON canvass(document) WHERE document > 0;";
#define COLUMNS                                                                                                                    \
  "no, number, unit, title, status, step, author, submitter, first_by, second_by, until, opened, closed, document, received, ungrouped," \
  " unanswered, adopted, partly, rejected"
static const Sql sql_put = {"canvass.put", "isssssssssiiiiiiiiiiii", "",
                            "INSERT INTO canvass(" COLUMNS ", year, year_seq) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22)"
                            " ON CONFLICT(no) DO UPDATE SET title = excluded.title, status = excluded.status, step = excluded.step, author = excluded.author,"
                            " submitter = excluded.submitter, first_by = excluded.first_by, second_by = excluded.second_by, until = excluded.until, opened = excluded.opened,"
                            " closed = excluded.closed, document = excluded.document, received = excluded.received, ungrouped = excluded.ungrouped,"
                            " unanswered = excluded.unanswered, adopted = excluded.adopted, partly = excluded.partly, rejected = excluded.rejected"};
static const Sql sql_last = {"canvass.last", "", "i", "SELECT max(no) FROM canvass"};
static const Sql sql_year = {"canvass.year", "i", "i", "SELECT max(year_seq) FROM canvass WHERE year = ?1"};
static const Sql sql_by_code = {"canvass.document-code", "s", "i", "SELECT no FROM gazette WHERE code = ?1 AND code <> '' AND published > 0"};
static const Sql sql_by_no = {"canvass.document-no", "i", "i", "SELECT no FROM gazette WHERE no = ?1 AND published > 0"};

Code canvass__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Canvass *v = state;
  const Scrutiny *r = &v->review;
  CanvassSums s = canvass_sums(v);
  int64_t year = 0, seq = 0;
  (void)env;
  kit_year_parts(v->number, &year, &seq);
  TRY(db_run(cx, views, &sql_put,
             VALS(val_i(v->no), val_s(v->number), val_s(v->unit), val_s(v->title), val_s(v->status), val_s(r->step), val_s(v->author), val_s(r->submitter), val_s(r->signs[0].by),
                  val_s(r->signs[1].by), val_i(v->until.n), val_i(v->opened), val_i(v->closed), val_i(v->document), val_i(s.received), val_i(s.ungrouped), val_i(s.unanswered),
                  val_i(s.adopted), val_i(s.partly), val_i(s.rejected), val_i(year), val_i(seq))));
  if (!str_eqz(v->status, "open")) return due_clear(cx, views, e->stream, S("canvass.lapse"));
  Json *args = json_obj(cx->mem);
  json_put_str(cx->mem, args, S("until"), day_str(cx->mem, v->until));
  return due_set(cx, views, e->stream, S("canvass.lapse"), day_start((Day){v->until.n + 1}), args);
}

Code canvass__open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "canvass", &sql_last, stream);
}

Code canvass__facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  Json *out = NULL;
  int64_t last = 0, seq = 0, no = 0, found = 0;
  Str document = json_str(cmd->args, S("document"));
  TRY(kit_facts(cx, views, cmd, &out));
  *facts = out;
  if (document.len) {
    if (str_to_i64(document, &no)) TRY(db_int(cx, views, &sql_by_no, VALS(val_i(no)), 0, &found));
    else TRY(db_int(cx, views, &sql_by_code, VALS(val_s(document)), 0, &found));
    json_put_int(cx->mem, out, S("document"), found);
  }
  if (state) return OK;
  TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
  TRY(db_int(cx, views, &sql_year, VALS(val_i(kit_year_of(cmd->now))), 0, &seq));
  json_put_int(cx->mem, out, S("no"), last + 1);
  json_put_int(cx->mem, out, S("year_seq"), seq);
  return OK;
}

/* ---- lists ------------------------------------------------------------------------------------------------------------------------ */

#define WHERE " FROM canvass WHERE (?1 = '' OR unit = ?1) AND (?2 = '' OR status = ?2) AND (?3 = 0 OR opened > 0) AND (?4 = 0 OR document = ?4)"
static const Sql sql_list = {"canvass.list", "ssiiii", "isssssssssiiiiiiiiii",
                             "SELECT " COLUMNS WHERE " ORDER BY CASE WHEN status = 'open' THEN 0 ELSE 1 END, CASE WHEN status = 'open' THEN until ELSE -no END, no LIMIT ?5 OFFSET ?6"};
static const Sql sql_count = {"canvass.count", "ssii", "i", "SELECT count(*)" WHERE};

Code canvasses_list(Cx *cx, Reader *rd, const CanvassFilter *f, CanvassRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  CanvassRow *list = arena_array(cx->mem, CanvassRow, f->limit + 1);
  Val vals[] = {val_s(f->unit), val_s(f->status), val_i(f->on_site), val_i(f->document), val_i((int64_t)f->limit), val_i((int64_t)f->offset)};
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_count, vals, 4, 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_list, vals, COUNT(vals), &r));
  while (*n < f->limit && rows_next(r))
    list[(*n)++] = (CanvassRow){.no = row_i(r, 0), .number = row_s(cx, r, 1), .unit = row_s(cx, r, 2), .title = row_s(cx, r, 3), .status = row_s(cx, r, 4), .step = row_s(cx, r, 5),
                                .author = row_s(cx, r, 6), .submitter = row_s(cx, r, 7), .first_by = row_s(cx, r, 8), .second_by = row_s(cx, r, 9), .until = {(int32_t)row_i(r, 10)},
                                .opened = row_i(r, 11), .closed = row_i(r, 12), .document = row_i(r, 13),
                                .sums = {.received = row_i(r, 14), .ungrouped = row_i(r, 15), .unanswered = row_i(r, 16), .adopted = row_i(r, 17), .partly = row_i(r, 18), .rejected = row_i(r, 19)}};
  return rows_end(cx, r);
}

static const Sql sql_sums = {"canvass.sums", "", "ii", "SELECT count(*), coalesce(max(CASE WHEN closed > opened THEN closed ELSE opened END), 0) FROM canvass WHERE opened > 0"};

Code canvasses_sums(Cx *cx, Reader *rd, int64_t *count, int64_t *last) {
  SCOPED(rows_drop) Rows *r = NULL;
  *count = *last = 0;
  TRY(db_rows(cx, reader_views(rd), &sql_sums, NO_VALS, &r));
  if (rows_next(r)) *count = row_i(r, 0), *last = row_i(r, 1);
  return rows_end(cx, r);
}

bool canvass_waits_for(const Disclosure *d, const CanvassRow *r, const Actor *who) {
  Scrutiny v = {.step = r->step, .submitter = r->submitter, .signs = {{.by = r->first_by, .at = r->first_by.len > 0}, {.by = r->second_by, .at = r->second_by.len > 0}}};
  bool ours = who->unit.len && str_eq(who->unit, r->unit), editor = who->roles & ROLE_EDITOR, head = who->roles & ROLE_UNIT_HEAD;
  if (!d || !ours) return false;
  if (str_eqz(r->status, "draft")) return editor;
  if (str_eqz(r->status, "ended")) return r->sums.ungrouped || r->sums.unanswered ? editor : head;
  return scrutiny_waits_for(d, &v, r->unit, r->author, who);
}

Code canvass_load(Cx *cx, Reader *rd, int64_t no, const Canvass **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "canvass", arena_fmt(cx->mem, "%lld", (long long)no), "次意见征集", &state));
  *out = state;
  return OK;
}
