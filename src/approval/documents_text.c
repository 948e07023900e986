/* SPDX-License-Identifier: Apache-2.0 */
/* documents_text.c: a document as it reads: the words of the table with what the event says filled in. */
#include "approval/documents_int.h"

static Str unit_of(const Policy *p, Str code) {
  const Unit *u = policy_unit(p, code);
  return u ? u->name : code;
}

static Str stage_words(Arena *m, const Policy *p, int n) {
  static const char *const no[] = {"", "一", "二", "三", "四"};
  return n < 1 || n > STAGE_MAX ? S("") : arena_fmt(m, "第%s阶段（%.*s）", no[n], SFMT(p->stages[n].name));
}

static Str day_words(Arena *m, Str text) {
  Day d;
  return day_parse(text, &d) ? day_cn(m, d) : text;
}

/* ---- what may be filled in ------------------------------------------------------------------------ */

typedef struct Words {
  Arena *m;
  const Policy *p;
  const Project *pr;
  const Event *e;
  const Document *d;
  const StageState *s;
  const ItemState *i;
} Words;

static Str item_name(const Words *w) {
  const Item *item = policy_item(w->p, json_str(w->e->body, S("item")));
  return w->i ? w->i->name : item ? item->name : json_str(w->e->body, S("item"));
}

/* Of the acceptance, by the calendar of that day: what a later notice moves is told by that notice. */
static Str due_of(const Words *w) {
  Day day;
  if (!day_parse(json_str(w->e->body, S("day")), &day)) day = day_of(w->e->happened);
  Day due = calendar_add(w->p->calendar, day, (int)json_int(w->e->body, S("limit"), 0));
  Str said = day_cn(w->m, due);
  return calendar_is_provisional(w->p->calendar, due) ? arena_fmt(w->m, "%.*s（暂定；那时的放假安排公布以后，以公布的为准）", SFMT(said)) : said;
}

/* 规划用地许可证（HLD-ZJ1-000001-1）、建设用地批准书（HLD-ZJ1-000001-1B） */
static Str issued_words(const Words *w) {
  const Json *b = w->e->body, *list = json_get(b, S("certificates"));
  Str out = S("");
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    out = arena_fmt(w->m, "%.*s%s%.*s（编号%.*s）", SFMT(out), out.len ? "、" : "", SFMT(json_str(x, S("name"))), SFMT(json_str(x, S("number"))));
  return list ? out : arena_fmt(w->m, "%.*s（编号%.*s）", SFMT(json_str(b, S("name"))), SFMT(json_str(b, S("certificate"))));
}

static Str word_of(const Words *w, Str name) {
  const Json *b = w->e->body;
  const Cause *cause = policy_cause(w->p, json_str(b, S("cause")));
  int n = (int)json_int(b, S("stage"), 0);
  if (str_eqz(name, "project")) return w->pr->name;
  if (str_eqz(name, "stage")) return stage_words(w->m, w->p, n);
  if (str_eqz(name, "day")) return day_cn(w->m, day_of(w->e->happened));
  if (str_eqz(name, "accepted")) return day_words(w->m, json_str(b, S("day")));
  if (str_eqz(name, "due")) return due_of(w);
  if (str_eqz(name, "item")) return item_name(w);
  if (str_eqz(name, "cause")) return cause ? cause->name : json_str(b, S("cause"));
  if (str_eqz(name, "cause_basis")) return cause ? cause->basis : S("");
  if (str_eqz(name, "planned")) return day_words(w->m, json_str(b, S("planned")));
  if (str_eqz(name, "certificates")) return issued_words(w);
  if (str_eqz(name, "until_words") && json_str(b, S("until")).len) return arena_fmt(w->m, "，预计到%.*s", SFMT(day_words(w->m, json_str(b, S("until")))));
  if (str_eqz(name, "receipt_days")) return arena_fmt(w->m, "%d", w->p->receipt_days);
  if (str_eqz(name, "receipt")) return w->d->receipt;
  if (json_get(b, name) && json_get(b, name)->kind == JSON_INT) return arena_fmt(w->m, "%lld", (long long)json_int(b, name, 0));
  return json_str(b, name);
}

/* What people typed often ends with its own full stop. */
static Str no_stop(Str s) {
  s = str_trim(s);
  while (str_ends(s, S("。"))) s.len -= 3;
  return s;
}

static Str fill(const Words *w, Str text) {
  Str out = S(""), before, after, name;
  while (str_cut(text, '{', &before, &after) && str_cut(after, '}', &name, &text))
    out = arena_fmt(w->m, "%.*s%.*s%.*s", SFMT(out), SFMT(before), SFMT(no_stop(word_of(w, name))));
  return arena_fmt(w->m, "%.*s%.*s", SFMT(out), SFMT(text));
}

/* ---- lists --------------------------------------------------------------------------------------- */

static Str file_line(const Words *w, const Json *f) {
  const Material *material = policy_material(w->p, json_str(f, S("material")));
  Str name = json_str(f, S("name")), title = material ? material->name : json_str(f, S("material"));
  if (json_int(f, S("reused_from"), 0)) return arena_fmt(w->m, "%.*s（第 %d 阶段，免提交）", SFMT(title), (int)json_int(f, S("reused_from"), 0));
  if (json_str(f, S("source")).len) return arena_fmt(w->m, "%.*s（%.*s，免提交）", SFMT(title), SFMT(json_str(f, S("source"))));
  return name.len ? arena_fmt(w->m, "%.*s（%.*s）", SFMT(title), SFMT(name)) : title;
}

static Str missing_line(const Words *w, const Json *x) {
  Str basis = json_str(x, S("basis"));
  return arena_fmt(w->m, "%.*s：%.*s%s%.*s%s", SFMT(json_str(x, S("what"))), SFMT(no_stop(json_str(x, S("why")))), basis.len ? "（依据：" : "", SFMT(basis),
                   basis.len ? "）" : "");
}

static Str reason_line(const Words *w, const Json *x) {
  Str unit = unit_of(w->p, json_str(x, S("unit"))), article = json_str(x, S("article"));
  return arena_fmt(w->m, "%.*s（%.*s）：%.*s%s%.*s%s", SFMT(json_str(x, S("name"))), SFMT(unit), SFMT(no_stop(json_str(x, S("opinion")))),
                   article.len ? "（依据：" : "", SFMT(article), article.len ? "）" : "");
}

static void list_make(const Words *w, DocList kind, DocText *out) {
  const char *key = kind == LIST_FILES ? "files" : kind == LIST_MISSING ? "missing" : "reasons";
  const Json *list = json_get(w->e->body, str_of(key));
  if (!list || !list->count || (kind != LIST_FILES && kind != LIST_MISSING && kind != LIST_REASONS)) return;
  out->list = arena_array(w->m, Str, list->count);
  for (const Json *x = list->first; x; x = x->next)
    out->list[out->list_count++] = kind == LIST_FILES ? file_line(w, x) : kind == LIST_MISSING ? missing_line(w, x) : reason_line(w, x);
}

static void line_add(DocText *out, Str label, Str text) {
  if (text.len && out->line_count < COUNT(out->lines)) out->lines[out->line_count++] = (DocLine){label, text};
}

/* What was issued with the decision. */
static Str with_it(const Words *w) {
  Str out = S("");
  for (size_t i = 0; i < w->pr->cert_count; i++) {
    const Cert *c = &w->pr->certs[i];
    if (c->stage == w->d->stage && !c->replaces.len && c->at <= w->e->happened)
      out = arena_fmt(w->m, "%.*s%s%.*s　%.*s", SFMT(out), out.len ? "；" : "", SFMT(c->name), SFMT(c->number));
  }
  return out;
}

/* The return 送达回证 of one document: which, to whom, how, when, by whom. */
static void served_lines(const Words *w, DocText *out) {
  const Json *b = w->e->body;
  const Document *of = NULL;
  for (size_t i = 0; i < w->pr->document_count; i++)
    if (w->pr->documents[i].served_seq == w->e->seq) of = &w->pr->documents[i];
  line_add(out, S("送达的文书"), of ? document_title(of) : json_str(b, S("title")));
  line_add(out, S("文书编号"), of ? document_number(w->m, w->pr, of) : json_str(b, S("number")));
  if (str_eq(w->e->kind, S("stage.delivered")) && w->s)
    line_add(out, S("随附证件"), with_it(w));
  line_add(out, S("项目"), w->pr->name);
  line_add(out, S("受送达人"), w->pr->owner);
  line_add(out, S("收件人"), json_str(b, S("to")));
  line_add(out, S("送达方式"), json_str(b, S("how")));
  line_add(out, S("快递单号"), json_str(b, S("letter")));
  line_add(out, S("送达时间"), json_str(b, S("on")).len ? day_cn(w->m, day_of(w->e->happened)) : time_cn(w->m, w->e->happened));
  line_add(out, S("送达人"), w->e->actor_name);
  line_add(out, S("备注"), json_str(b, S("note")));
}

/* ---- the document --------------------------------------------------------------------------------- */

static Str remedy_text(Arena *m, const Json *x, bool first) {
  const char *head = first ? "如不服本决定，可以" : "也可以";
  return arena_fmt(m, "%s自收到本决定书之日起%.*s内，向%.*s%.*s（%.*s）。", head, SFMT(json_str(x, S("within"))), SFMT(json_str(x, S("to"))),
                   SFMT(json_str(x, S("way"))), SFMT(json_str(x, S("basis"))));
}

/* Decisions of before the bodies were recorded have the package's sentence. */
static void remedies_make(const Words *w, DocText *out) {
  const Json *list = json_get(w->e->body, S("remedies"));
  Str old = json_str(w->e->body, S("remedy"));
  for (const Json *x = list ? list->first : NULL; x && out->remedy_count < COUNT(out->remedies); x = x->next)
    out->remedies[out->remedy_count++] = remedy_text(w->m, x, x == list->first);
  if (!out->remedy_count) out->remedies[out->remedy_count++] = old.len ? old : w->p->remedy;
  out->remedy_sample = json_bool(w->e->body, S("remedy_sample"));
}

static Str issuer_of(const Words *w, DocFrom from) {
  int n = (int)json_int(w->e->body, S("stage"), 0);
  if (from == FROM_UNIT) return unit_of(w->p, w->e->unit);
  const Cert *c = from == FROM_LEAD ? cert_find(w->pr, json_str(w->e->body, S("certificate"))) : NULL;
  if (c && c->issuer.len) return unit_of(w->p, c->issuer);
  if (from == FROM_LEAD && n >= 1 && n <= STAGE_MAX) return unit_of(w->p, w->p->stages[n].lead);
  return unit_of(w->p, w->p->window_unit);
}

static Code text_make(const Words *w, DocText *out) {
  const DocKind *k = &document__kinds[w->d->kind];
  Str rest = str_of(k->text), one;
  *out = (DocText){.title = w->d->title, .addressee = w->pr->owner, .adverse = k->adverse, .issuer = issuer_of(w, k->from), .seal = k->from != FROM_UNIT,
                   .day = day_of(w->e->happened)};
  while (rest.len && out->paragraph_count < COUNT(out->paragraphs)) {
    str_cut(rest, '\n', &one, &rest);
    out->paragraphs[out->paragraph_count++] = fill(w, one);
  }
  out->basis = fill(w, str_of(k->basis));
  list_make(w, k->list, out);
  if (k->heading && out->list_count) out->heading = str_of(k->heading);
  if (k->list == LIST_SERVED) served_lines(w, out);
  if (k->adverse) remedies_make(w, out);
  return OK;
}

Code document_text(Cx *cx, const Policy *p, const Project *pr, const Event *e, DocText *out) {
  const Document *d = document_find(pr, e->seq);
  if (!d) FAIL(NOT_FOUND, "本项目没有这份文书。请从项目的文书目录里打开。");
  const StageState *s = d->stage >= 1 && d->stage <= STAGE_MAX ? &pr->stages[d->stage] : NULL;
  Words w = {.m = cx->mem, .p = p, .pr = pr, .e = e, .d = d, .s = s, .i = s ? stage_item(s, d->item) : NULL};
  TRY(text_make(&w, out));
  out->number = document_number(cx->mem, pr, d);
  return OK;
}

static uint8_t kind_of(const char *event) {
  uint8_t k = 1; /* the first row is none */
  while (strcmp(document__kinds[k].event, event)) k++;
  return k;
}

/* The day of delivery does not count; months end on the day of the same number, or on the last of a shorter month; a last day that is none of
 * work moves to the next that is (民法典 201 to 203; 行政诉讼法 101 with 民事诉讼法 85). */
static Day remedy_until(const Policy *p, Str within, Day served) {
  enum { REVIEW_DAYS = 60, COURT_MONTHS = 6, YEAR = 12 };
  int y, m, d;
  if (!served.n) return served;
  if (str_eqz(within, "六十日")) return calendar_next_work(p->calendar, (Day){served.n + REVIEW_DAYS});
  if (!str_eqz(within, "六个月")) return (Day){0};
  day_split(served, &y, &m, &d);
  int month = m - 1 + COURT_MONTHS, after = month + 1;
  Day same = {day_ymd(y + month / YEAR, month % YEAR + 1, 1).n + d - 1}, last = {day_ymd(y + after / YEAR, after % YEAR + 1, 1).n - 1};
  return calendar_next_work(p->calendar, same.n < last.n ? same : last);
}

size_t document_remedies(Arena *mem, const Policy *p, const Project *pr, int stage, const Document **letter, Remedy out[REMEDIES_MAX], bool *sample) {
  const Json *former = pr->stages[stage].former, *end = json_get(former, S("why")), *list = json_get(end, S("remedies"));
  size_t n = 0;
  *letter = former ? document_find(pr, json_int(former, S("seq"), 0)) : NULL;
  *sample = json_bool(end, S("remedy_sample"));
  Day served = *letter && (*letter)->served_at ? day_of((*letter)->served_at) : (Day){0};
  for (const Json *x = list ? list->first : NULL; x && n < REMEDIES_MAX; x = x->next)
    out[n++] = (Remedy){remedy_text(mem, x, x == list->first), remedy_until(p, json_str(x, S("within")), served)};
  return n;
}

Code document_refusal_draft(Cx *cx, const Policy *p, const Project *pr, int stage, Str item, Str opinion, Str article, int64_t now, DocText *out) {
  Arena *m = cx->mem;
  const ItemState *i = stage_item(&pr->stages[stage], item);
  if (!i) FAIL(NOT_FOUND, "本阶段没有这个事项。");
  Json *body = json_obj(m), *reason = json_push_obj(m, json_put_arr(m, body, S("reasons")));
  json_put_int(m, body, S("stage"), stage);
  json_put_str(m, reason, S("name"), i->name);
  json_put_str(m, reason, S("unit"), i->unit);
  json_put_str(m, reason, S("opinion"), opinion);
  json_put_str(m, reason, S("article"), article);
  Ask ask = {.happened = now, .now = now};
  At at = {.ask = &ask, .pr = pr, .p = p, .n = stage};
  document__remedies(&at, m, body);
  Event e = {.kind = S("stage.refused"), .body = body, .happened = now, .unit = i->unit};
  Document d = {.at = now, .kind = kind_of("stage.refused"), .stage = (uint8_t)stage, .receipt = pr->stages[stage].receipt};
  d.title = str_of(document__kinds[d.kind].title);
  Words w = {.m = m, .p = p, .pr = pr, .e = &e, .d = &d, .s = &pr->stages[stage]};
  return text_make(&w, out);
}
