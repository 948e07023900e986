/* SPDX-License-Identifier: Apache-2.0 */
/* gazette_fold.c: a document as its events make it; its row; lists of documents. */
#include "publish/publish_int.h"

const Str *strings__keep(Arena *mem, const Json *list, size_t *n) {
  Str *out = arena_array(mem, Str, (list ? list->count : 0) + 1);
  *n = 0;
  for (const Json *x = list ? list->first : NULL; x; x = x->next) out[(*n)++] = arena_str(mem, x->str);
  return out;
}

Interpretation *gazette__item(const GazetteFile *g, int64_t no) {
  for (size_t i = 0; i < g->item_count; i++)
    if (g->items[i].no == no && !str_eqz(g->items[i].status, "dropped")) return &g->items[i];
  return NULL;
}

/* A draft is replaced by its next words; what was public stays as it was. */
static void fold_item(Arena *mem, GazetteFile *g, const Event *e) {
  const Json *o = json_get(e->body, S("item"));
  if (!o) return;
  int no = (int)json_int(o, S("no"), 0);
  Interpretation *x = gazette__item(g, no);
  if (!x) x = GROW(mem, g->items, g->item_count, g->item_cap, Interpretation);
  *x = (Interpretation){.no = no, .form = kit_keep(mem, o, "form"), .title = kit_keep(mem, o, "title"), .plan = kit_keep(mem, o, "plan"), .text = kit_keep(mem, o, "text"),
                        .status = S("draft"), .by = arena_str(mem, e->actor), .name = arena_str(mem, e->actor_name), .at = e->happened};
}

static void fold_words(Arena *mem, GazetteFile *g, const Event *e) {
  const Json *b = e->body;
  g->number = kit_keep(mem, b, "number");
  g->title = kit_keep(mem, b, "title");
  g->issuer = kit_keep(mem, b, "issuer");
  g->recipients = kit_keep(mem, b, "recipients");
  g->text = kit_keep(mem, b, "text");
  g->openness = kit_keep(mem, b, "openness");
  g->reason = kit_keep(mem, b, "reason");
  g->explain = json_bool(b, S("explain"));
  g->basis = strings__keep(mem, json_get(b, S("basis")), &g->basis_count);
  g->author = arena_str(mem, e->actor);
  g->author_name = arena_str(mem, e->actor_name);
  (void)day_parse(json_str(b, S("day")), &g->day);
  fold_item(mem, g, e);
}

static void fold_begun(Arena *mem, GazetteFile *g, const Event *e, bool imported) {
  g->no = json_int(e->body, S("no"), 0);
  g->code = kit_keep(mem, e->body, "code");
  g->unit = arena_str(mem, e->unit);
  g->force = S("valid");
  g->status = S("draft");
  fold_words(mem, g, e);
  if (!imported || !str_eqz(g->openness, "public")) return;
  g->status = S("public");
  g->published = e->happened;
}

static void fold_ended(Arena *mem, GazetteFile *g, const Event *e, bool open) {
  Str channels = kit_keep(mem, e->body, "channels");
  ScrutinyRound *r = GROW(mem, g->rounds, g->round_count, g->round_cap, ScrutinyRound);
  *r = (ScrutinyRound){.about = g->review.about, .channels = channels, .at = e->happened};
  memcpy(r->signs, g->review.signs, sizeof r->signs);
  int about = g->review.about;
  g->review = (Scrutiny){0};
  if (!about) {
    g->status = open ? S("public") : S("kept");
    g->published = open ? e->happened : 0;
    g->channels = channels;
  }
  for (size_t i = 0; open && i < g->item_count; i++) {
    Interpretation *x = &g->items[i];
    if (!str_eqz(x->status, "draft") || (about && x->no != about)) continue;
    x->status = S("public");
    x->published = e->happened;
  }
}

static void fold_down(GazetteFile *g, int64_t no) {
  Interpretation *x = gazette__item(g, no);
  if (x) x->status = S("down");
  if (no) return;
  g->status = S("down");
  g->published = 0;
}

static void fold_dispute(Arena *mem, GazetteFile *g, Str kind, const Event *e) {
  Scrutiny *r = &g->review;
  Str openness = kit_keep(mem, e->body, "openness");
  if (str_eqz(kind, "disputed")) {
    r->step = S("disputed");
    r->raised = sign__of(mem, e, "reason");
  } else if (str_eqz(kind, "said")) {
    bool secrecy = str_eqz(json_str(e->body, S("side")), "secrecy");
    *(secrecy ? &r->secrecy : &r->drafter) = sign__of(mem, e, "reason");
    *(secrecy ? &r->secrecy_openness : &r->drafter_openness) = openness;
  } else {
    g->openness = openness;
    g->reason = kit_keep(mem, e->body, "reason");
    *r = (Scrutiny){.step = S("first"), .submitter = r->submitter};
  }
}

static void fold_annex(Arena *mem, GazetteFile *g, const Event *e) {
  const Json *b = e->body, *file = json_get(b, S("file"));
  *GROW(mem, g->annexes, g->annex_count, g->annex_cap, Annex) =
      (Annex){.no = (int)json_int(b, S("no"), 0), .about = (int)json_int(b, S("about"), 0), .title = kit_keep(mem, b, "title"), .alt = kit_keep(mem, b, "alt"), .type = kit_keep(mem, b, "type"),
              .blob = kit_keep(mem, file, "blob"), .name = kit_keep(mem, file, "name"), .size = json_int(file, S("size"), 0), .at = e->happened};
}

static void fold_kind(Arena *mem, GazetteFile *g, Str kind, const Event *e) {
  const Json *b = e->body;
  if (str_eqz(kind, "imported") || str_eqz(kind, "drafted")) fold_begun(mem, g, e, str_eqz(kind, "imported"));
  else if (str_eqz(kind, "changed")) fold_words(mem, g, e);
  else if (str_eqz(kind, "marked")) g->openness = kit_keep(mem, b, "openness"), g->reason = kit_keep(mem, b, "reason");
  else if (str_eqz(kind, "explained")) fold_item(mem, g, e);
  else if (str_eqz(kind, "attached")) fold_annex(mem, g, e);
  else if (str_eqz(kind, "detached")) {
    for (size_t i = 0; i < g->annex_count; i++) g->annexes[i].gone |= g->annexes[i].no == json_int(b, S("no"), 0);
  }
  else if (str_eqz(kind, "published") || str_eqz(kind, "kept")) fold_ended(mem, g, e, str_eqz(kind, "published"));
  else if (str_eqz(kind, "taken-down")) fold_down(g, json_int(b, S("no"), 0));
  else if (str_eqz(kind, "force-set")) g->force = kit_keep(mem, b, "force"), g->force_basis = kit_keep(mem, b, "basis");
  else if (str_eqz(kind, "disputed") || str_eqz(kind, "said") || str_eqz(kind, "settled")) fold_dispute(mem, g, kind, e);
  else if (str_eqz(kind, "dropped") && gazette__item(g, json_int(b, S("no"), 0))) gazette__item(g, json_int(b, S("no"), 0))->status = S("dropped");
  else scrutiny__fold(mem, &g->review, kind, e);
  if (str_eqz(kind, "submitted") && !g->review.about) g->status = S("review");
  if (str_eqz(kind, "returned") && str_eqz(g->status, "review")) g->status = S("draft");
}

static Str step_text(const Event *e) {
  static const char *const keys[] = {"reason", "text", "channels", "basis", "title"};
  Str text = S("");
  if (str_eqz(e->kind, "gazette.drafted") || str_eqz(e->kind, "gazette.changed") || str_eqz(e->kind, "gazette.imported")) return text;
  for (size_t i = 0; i < COUNT(keys) && !text.len; i++) {
    const Json *v = json_get(e->body, str_of(keys[i]));
    if (v && v->kind == JSON_STR) text = v->str;
  }
  return text;
}

void *gazette_fold(Arena *mem, void *state, const Event *e) {
  GazetteFile *g = state ? state : arena_new(mem, GazetteFile);
  if (!str_starts(e->kind, S("gazette."))) return g;
  Str kind = str_sub(e->kind, strlen("gazette."), SIZE_MAX), openness = json_str(e->body, S("openness")), text = step_text(e);
  int about = g->review.about;
  g->seq = e->seq;
  fold_kind(mem, g, kind, e);
  if (str_eqz(kind, "signed")) kind = json_str(e->body, S("step"));
  if (json_get(e->body, S("about"))) about = (int)json_int(e->body, S("about"), 0);
  if (json_get(e->body, S("item"))) about = (int)json_int(json_get(e->body, S("item")), S("no"), 0);
  if (json_get(e->body, S("no")) && (str_eqz(kind, "taken-down") || str_eqz(kind, "dropped"))) about = (int)json_int(e->body, S("no"), 0);
  bool says = str_eqz(kind, "marked") || str_eqz(kind, "disputed") || str_eqz(kind, "said") || str_eqz(kind, "settled");
  if (says) text = arena_fmt(mem, "%.*s%s%.*s", SFMT(openness_label(openness)), text.len ? "：" : "", SFMT(text));
  GazetteStep *s = GROW(mem, g->steps, g->step_count, g->step_cap, GazetteStep);
  *s = (GazetteStep){.at = e->happened, .kind = arena_str(mem, kind), .by = arena_str(mem, e->actor_name), .unit = arena_str(mem, e->unit), .text = arena_str(mem, text), .about = about};
  return g;
}

/* ---- words ----------------------------------------------------------------------------------------------------------------- */

Str gazette_id(Arena *mem, const GazetteFile *g) {
  return g->code.len ? g->code : arena_fmt(mem, "%lld", (long long)g->no);
}

const Annex *gazette_annex(const GazetteFile *g, int64_t no) {
  for (size_t i = 0; i < g->annex_count; i++)
    if (g->annexes[i].no == no && !g->annexes[i].gone) return &g->annexes[i];
  return NULL;
}

bool annex_public(const GazetteFile *g, const Annex *a) {
  const Interpretation *x = a->about ? gazette__item(g, a->about) : NULL;
  return g->published && (!a->about || (x && str_eqz(x->status, "public")));
}

bool annex_picture(const Annex *a) {
  return str_eqz(a->type, "png") || str_eqz(a->type, "jpg");
}

const Interpretation *gazette_public_item(const GazetteFile *g) {
  for (size_t i = 0; g->published && i < g->item_count; i++)
    if (str_eqz(g->items[i].status, "public")) return &g->items[i];
  return NULL;
}

typedef struct Word { const char *code, *label; } Word;
static Str word(const Word *list, size_t n, Str code) {
  for (size_t i = 0; i < n; i++)
    if (str_eqz(code, list[i].code)) return str_of(list[i].label);
  return code;
}

Str openness_label(Str openness) {
  static const Word list[] = {{"", "未标注"}, {"public", "主动公开"}, {"request", "依申请公开"}, {"secret", "不予公开"}};
  return word(list, COUNT(list), openness);
}

Str force_label(Str force) {
  static const Word list[] = {{"valid", "有效"}, {"amended", "已修改"}, {"abolished", "已废止"}, {"lapsed", "已失效"}};
  return word(list, COUNT(list), force);
}

Str gazette_label(Str status) {
  static const Word list[] = {{"draft", "起草中"}, {"review", "审查中"}, {"public", "已公开"}, {"kept", "已审定，不上网"}, {"down", "已撤下"}};
  return word(list, COUNT(list), status);
}

/* ---- its row ----------------------------------------------------------------------------------------------------------------- */

const char gazette__schema[] =
    "CREATE TABLE gazette(no INTEGER PRIMARY KEY, code TEXT NOT NULL, number TEXT NOT NULL, title TEXT NOT NULL, issuer TEXT NOT NULL, unit TEXT NOT NULL,"
    " day INTEGER NOT NULL, openness TEXT NOT NULL, status TEXT NOT NULL, force TEXT NOT NULL, step TEXT NOT NULL, about INTEGER NOT NULL, explains INTEGER NOT NULL,"
    " readings INTEGER NOT NULL, author TEXT NOT NULL, submitter TEXT NOT NULL, first_by TEXT NOT NULL, second_by TEXT NOT NULL,"
    " drafter_said INTEGER NOT NULL, secrecy_said INTEGER NOT NULL, published INTEGER NOT NULL, at INTEGER NOT NULL, explained INTEGER NOT NULL) STRICT;"
    "CREATE INDEX gazette_day ON gazette(day, no);"
    "CREATE INDEX gazette_code ON gazette(code) WHERE code <> '';"
    "CREATE INDEX gazette_number ON gazette(number);";
#define COLUMNS                                                                                                                                  \
  "no, code, number, title, issuer, unit, day, openness, status, force, step, about, explains, readings, author, submitter, first_by, second_by," \
  " drafter_said, secrecy_said, published, at, explained"
static const Sql sql_put = {"gazette.put", "isssssissssiiissssiiiii", "",
                            "INSERT INTO gazette(" COLUMNS ") VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23)"
                            " ON CONFLICT(no) DO UPDATE SET number = excluded.number, title = excluded.title, issuer = excluded.issuer, day = excluded.day,"
                            " openness = excluded.openness, status = excluded.status, force = excluded.force, step = excluded.step, about = excluded.about,"
                            " explains = excluded.explains, readings = excluded.readings, author = excluded.author, submitter = excluded.submitter,"
                            " first_by = excluded.first_by, second_by = excluded.second_by, drafter_said = excluded.drafter_said,"
                            " secrecy_said = excluded.secrecy_said, published = excluded.published, at = excluded.at, explained = excluded.explained"};
static const Sql sql_last = {"gazette.last", "", "i", "SELECT max(no) FROM gazette"};
static const Sql sql_taken = {"gazette.taken", "s", "i", "SELECT no FROM gazette WHERE code = ?1 AND code <> ''"};
static const Sql sql_numbered = {"gazette.numbered", "si", "i", "SELECT count(*) FROM gazette WHERE number = ?1 AND no <> ?2"};

Code gazette__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const GazetteFile *g = state;
  const Scrutiny *r = &g->review;
  int64_t readings = 0, explained = 0;
  (void)env;
  for (size_t i = 0; i < g->item_count; i++) {
    if (!g->published || !str_eqz(g->items[i].status, "public")) continue;
    readings++;
    if (g->items[i].published > explained) explained = g->items[i].published;
  }
  return db_run(cx, views, &sql_put,
                VALS(val_i(g->no), val_s(g->code), val_s(g->number), val_s(g->title), val_s(g->issuer), val_s(g->unit), val_i(g->day.n), val_s(g->openness), val_s(g->status),
                     val_s(g->force), val_s(r->step), val_i(r->about), val_i(g->explain), val_i(readings), val_s(g->author), val_s(r->submitter), val_s(r->signs[0].by),
                     val_s(r->signs[1].by), val_i(r->drafter.at > 0), val_i(r->secrecy.at > 0), val_i(g->published), val_i(e->happened), val_i(explained)));
}

Code gazette__open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "gazette", &sql_last, stream);
}

Code gazette__facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  const GazetteFile *g = state;
  Json *out = NULL;
  int64_t last = 0, n = 0;
  Str code = json_str(cmd->args, S("code")), number = json_str(cmd->args, S("number"));
  TRY(kit_facts(cx, views, cmd, &out));
  *facts = out;
  if (!g) {
    TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
    json_put_int(cx->mem, out, S("no"), last + 1);
  }
  if (code.len) {
    TRY(db_int(cx, views, &sql_taken, VALS(val_s(code)), 0, &n));
    json_put_int(cx->mem, out, S("taken"), n);
  }
  if (!number.len) return OK;
  TRY(db_int(cx, views, &sql_numbered, VALS(val_s(number), val_i(g ? g->no : 0)), 0, &n));
  json_put_int(cx->mem, out, S("numbered"), n);
  return OK;
}

/* ---- lists ------------------------------------------------------------------------------------------------------------------------ */

#define WHERE                                                                                                                          \
  " FROM gazette WHERE (?1 = '' OR unit = ?1) AND (?2 = '' OR status = ?2) AND (?3 = '' OR issuer = ?3) AND (?4 = 0 OR published > 0)" \
  " AND (?5 = 0 OR (published > 0 AND explains = 1 AND readings = 0)) AND (?6 = 0 OR step <> '' OR status = 'draft' OR status = 'down')" \
  " AND (?7 = 0 OR explained > 0) AND (?8 = 0 OR (" EARLY "))"
#define EARLY "published > 0 AND (published + 28800000) / 86400000 < day"
static const Sql sql_list = {"gazette.list", "sssiiiiiii", "isssssissssiiissssiiiii", "SELECT " COLUMNS WHERE " ORDER BY day DESC, no DESC LIMIT ?9 OFFSET ?10"};
static const Sql sql_count = {"gazette.count", "sssiiiii", "i", "SELECT count(*)" WHERE};
static const Sql sql_sums = {"gazette.sums", "", "iiiii",
                             "SELECT coalesce(sum(CASE WHEN published > 0 THEN 1 ELSE 0 END), 0), coalesce(max(published), 0), coalesce(sum(CASE WHEN explained > 0 THEN 1 ELSE 0 END), 0),"
                             " coalesce(max(explained), 0), coalesce(sum(CASE WHEN " EARLY " THEN 1 ELSE 0 END), 0) FROM gazette"};

static GazetteRow file_row(Cx *cx, Rows *r) {
  return (GazetteRow){.no = row_i(r, 0), .code = row_s(cx, r, 1), .number = row_s(cx, r, 2), .title = row_s(cx, r, 3), .issuer = row_s(cx, r, 4), .unit = row_s(cx, r, 5),
                      .day = {(int32_t)row_i(r, 6)}, .openness = row_s(cx, r, 7), .status = row_s(cx, r, 8), .force = row_s(cx, r, 9), .step = row_s(cx, r, 10),
                      .about = (int)row_i(r, 11), .explain = row_i(r, 12) != 0, .readings = (int)row_i(r, 13), .author = row_s(cx, r, 14), .submitter = row_s(cx, r, 15),
                      .first_by = row_s(cx, r, 16), .second_by = row_s(cx, r, 17), .drafter_said = row_i(r, 18) != 0, .secrecy_said = row_i(r, 19) != 0,
                      .published = row_i(r, 20), .at = row_i(r, 21), .explained = row_i(r, 22)};
}

Code gazettes_list(Cx *cx, Reader *rd, const GazetteFilter *f, GazetteRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  GazetteRow *list = arena_array(cx->mem, GazetteRow, f->limit + 1);
  Val vals[] = {val_s(f->unit), val_s(f->status), val_s(f->issuer), val_i(f->on_site), val_i(f->unexplained), val_i(f->open), val_i(f->explained), val_i(f->early),
                val_i((int64_t)f->limit), val_i((int64_t)f->offset)};
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_count, vals, 8, 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_list, vals, COUNT(vals), &r));
  while (*n < f->limit && rows_next(r)) list[(*n)++] = file_row(cx, r);
  return rows_end(cx, r);
}

Code gazettes_sums(Cx *cx, Reader *rd, GazetteSums *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  *out = (GazetteSums){0};
  TRY(db_rows(cx, reader_views(rd), &sql_sums, NO_VALS, &r));
  if (rows_next(r)) *out = (GazetteSums){.documents = row_i(r, 0), .published = row_i(r, 1), .readings = row_i(r, 2), .explained = row_i(r, 3), .early = row_i(r, 4)};
  return rows_end(cx, r);
}

bool gazette_waits_for(const Disclosure *d, const GazetteRow *r, const Actor *who) {
  Scrutiny v = {.step = r->step, .about = r->about, .submitter = r->submitter, .signs = {{.by = r->first_by, .at = r->first_by.len > 0}, {.by = r->second_by, .at = r->second_by.len > 0}}};
  if (!d || !who->unit.len) return false;
  if (str_eqz(r->step, "disputed")) {
    if (str_eq(who->unit, d->secrecy)) return !r->secrecy_said;
    return !r->drafter_said && (str_eq(who->id, r->author) || str_eq(who->id, r->submitter));
  }
  if (!r->step.len) return str_eq(who->unit, r->unit) && (who->roles & ROLE_EDITOR) && (str_eqz(r->status, "draft") || str_eqz(r->status, "down"));
  return scrutiny_waits_for(d, &v, r->unit, r->author, who);
}

Code gazettes_missing(Cx *cx, Reader *rd, const Policy *p, const Gazette **out, size_t *n) {
  size_t count = p->disclosure ? p->disclosure->document_count : 0;
  const Gazette **list = arena_array(cx->mem, const Gazette *, count + 1);
  *n = 0;
  *out = NULL;
  for (size_t i = 0; i < count; i++) {
    int64_t no = 0;
    TRY(db_int(cx, reader_views(rd), &sql_taken, VALS(val_s(p->disclosure->documents[i].code)), 0, &no));
    if (!no) list[(*n)++] = &p->disclosure->documents[i];
  }
  Gazette *rows = arena_array(cx->mem, Gazette, *n + 1);
  for (size_t i = 0; i < *n; i++) rows[i] = *list[i];
  *out = rows;
  return OK;
}

Code gazette_load(Cx *cx, Reader *rd, Str id, const GazetteFile **out) {
  const void *state = NULL;
  int64_t no = 0;
  if (!str_to_i64(id, &no)) TRY(db_int(cx, reader_views(rd), &sql_taken, VALS(val_s(id)), 0, &no));
  TRY(kit_state(cx, rd, "gazette", arena_fmt(cx->mem, "%lld", (long long)no), "份文件", &state));
  *out = state;
  return OK;
}
