/* SPDX-License-Identifier: Apache-2.0 */
/* archive.c: what goes into the archive of a case, read from its events. */
#include "web/archive.h"
#include "journal/proof.h"
#include "web/web_int.h"

enum { HTML_MAX = 8 << 20 };

static ArchiveFile *file_add(Archive *a, ArchiveFile f) {
  if (a->count == a->cap) {
    a->cap = a->cap ? a->cap * 2 : 64;
    ArchiveFile *more = arena_array(a->mem, ArchiveFile, a->cap);
    if (a->count) memcpy(more, a->files, a->count * sizeof *more);
    a->files = more;
  }
  a->files[a->count] = f;
  return &a->files[a->count++];
}

typedef struct Plan {
  Archive *a;
  Request *rq;
  const Project *pr;
  Events events;
  int versions[STAGE_MAX + 1];
} Plan;

/* ---- pages of their own ----------------------------------------------------------------------------------------- */

static void html_begin(Html *h, Str title) {
  *h = (Html){.lang = S("zh")};
  buf_init(&h->out, HTML_MAX);
  html_lit(h, "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>");
  html_text(h, title);
  html_lit(h, "</title></head><body>\n<h1>");
  html_text(h, title);
  html_lit(h, "</h1>\n");
}

static void html_cell(Html *h, Str text) {
  html_lit(h, "<td>");
  html_text(h, text);
  html_lit(h, "</td>");
}

static Str html_end(Arena *mem, Html *h) {
  html_lit(h, "</body></html>\n");
  REQUIRE(!h->out.full);
  Str out = arena_str(mem, buf_str(&h->out));
  buf_drop(&h->out);
  return out;
}

static Str value_text(Arena *m, const Json *v) {
  if (v->kind == JSON_BOOL) return v->num ? S("是") : S("否");
  if (v->kind == JSON_INT) return arena_fmt(m, "%lld", (long long)v->num);
  if (v->kind != JSON_STR) return json_text(m, v);
  return str_starts(v->str, S(PERSONAL_MARK)) ? S("〔个人信息，不在归档里〕") : v->str;
}

static Str form_html(Plan *p, const Policy *policy, const Event *e, int stage) {
  Html h;
  const Json *form = json_get(e->body, S("form"));
  html_begin(&h, arena_fmt(p->a->mem, "%.*s　第 %d 阶段申请表", SFMT(p->a->number), stage));
  html_lit(&h, "<table border=\"1\"><tbody>\n");
  for (const Json *v = form ? form->first : NULL; v; v = v->next) {
    const Field *f = policy_field(policy, stage, v->key);
    html_lit(&h, "<tr><th scope=\"row\">");
    html_text(&h, f ? f->label : v->key);
    html_lit(&h, "</th>");
    html_cell(&h, value_text(p->a->mem, v));
    html_lit(&h, "</tr>\n");
  }
  html_lit(&h, "</tbody></table>\n");
  return html_end(p->a->mem, &h);
}

/* ---- what was handed in ------------------------------------------------------------------------------------------ */

/* Who of the window answered what was handed in: the next act of staff on the stage; for an item its unit. */
static Str handler_of(const Plan *p, size_t from, int stage) {
  static const char *const kinds[] = {"stage.accepted", "stage.correction-requested", "stage.not-accepted", "stage.slip-drafted", "item.decided", "item.resumed"};
  for (size_t i = from + 1; i < p->events.count; i++)
    for (size_t k = 0; k < COUNT(kinds); k++)
      if (str_eqz(p->events.list[i].kind, kinds[k]) && json_int(p->events.list[i].body, S("stage"), 0) == stage) return p->events.list[i].actor_name;
  return S("");
}

static ArchiveFile handed_in(const Plan *p, size_t i, int stage, Str kind, Str title, Str path) {
  const Event *e = &p->events.list[i];
  return (ArchiveFile){.path = path, .kind = kind, .title = title, .stage = stage, .version = p->versions[stage], .by = e->actor_name,
                       .handler = handler_of(p, i, stage), .at = e->happened, .seq = e->seq};
}

static void materials_add(Plan *p, const Policy *policy, size_t i, int stage, Str folder) {
  Arena *m = p->a->mem;
  const Json *files = json_get(p->events.list[i].body, S("files"));
  int n = 0;
  for (const Json *f = files ? files->first : NULL; f; f = f->next) {
    Str blob = json_str(f, S("blob")), code = json_str(f, S("material"));
    const Material *material = policy_material(policy, code);
    if (!blob.len) continue; /* an earlier copy or a result serves: it is where it was handed in */
    Str name = filename_clean(m, json_str(f, S("name")));
    ArchiveFile *one = file_add(p->a, handed_in(p, i, stage, S("材料"), material ? arena_str(m, material->name) : code,
                                                arena_fmt(m, "%.*s/%02d-%.*s-%.*s", SFMT(folder), ++n, SFMT(code), SFMT(name))));
    one->blob = blob;
    p->a->blobs += json_int(f, S("size"), 0);
  }
}

static void submission_add(Plan *p, size_t i) {
  static const char *const kinds[] = {"stage.submitted", "stage.corrected", "stage.supplied", "item.supplemented"};
  const Event *e = &p->events.list[i];
  int64_t stage = json_int(e->body, S("stage"), 0);
  bool one = false;
  for (size_t k = 0; k < COUNT(kinds); k++) one |= str_eqz(e->kind, kinds[k]);
  if (!one || stage < 1 || stage > STAGE_MAX) return;
  Arena *m = p->a->mem;
  const Policy *policy = policy_of(p->rq, p->pr, (int)stage);
  Str folder = arena_fmt(m, "submissions/stage-%d/v%d", (int)stage, ++p->versions[stage]);
  if (json_get(e->body, S("form"))) {
    file_add(p->a, handed_in(p, i, (int)stage, S("申请表"), S("申请表"), arena_fmt(m, "%.*s/form.html", SFMT(folder))))->content = form_html(p, policy, e, (int)stage);
    file_add(p->a, handed_in(p, i, (int)stage, S("申请表"), S("申请表（数据）"), arena_fmt(m, "%.*s/form.json", SFMT(folder))))->content =
        json_text(m, json_get(e->body, S("form")));
  }
  materials_add(p, policy, i, (int)stage, folder);
}

/* ---- documents, certificates, opinions, acts ------------------------------------------------------------------------ */

static Str plain(Arena *m, Str s) { /* as a part of a name: what file systems do not take becomes "-" */
  return filename_clean(m, arena_fmt(m, "%.*s", SFMT(s)));
}

static Code documents_add(Cx *cx, Plan *p) {
  Arena *m = cx->mem;
  for (size_t i = 0; i < p->pr->document_count; i++) {
    const Document *d = &p->pr->documents[i];
    Paper *paper = arena_new(m, Paper);
    Event e;
    TRY(doc_paper(cx, p->rq, p->pr, d->seq, &e, paper));
    ArchiveFile *f = file_add(p->a, (ArchiveFile){.kind = S("文书"), .title = paper->title, .stage = d->stage, .by = e.actor_name, .handler = e.actor_name,
                                                  .unit = arena_str(m, unit_name(p->rq->app->policy, e.unit)), .at = d->at, .seq = d->seq, .paper = paper});
    f->path = arena_fmt(m, "documents/%04lld-%.*s.pdf", (long long)d->seq, SFMT(plain(m, paper->title)));
  }
  return OK;
}

static Code certificates_add(Cx *cx, Plan *p) {
  Arena *m = cx->mem;
  for (size_t i = 0; i < p->pr->cert_count; i++) {
    const Cert *c = &p->pr->certs[i];
    Paper *paper = arena_new(m, Paper);
    Event e;
    TRY(cert_paper(cx, p->rq, p->pr, c, &e, paper));
    file_add(p->a, (ArchiveFile){.path = arena_fmt(m, "certificates/%.*s.pdf", SFMT(plain(m, paper->number))), .kind = S("证件"), .title = paper->title,
                                 .stage = c->stage, .by = e.actor_name, .handler = e.actor_name, .at = c->at, .seq = c->seq, .paper = paper});
  }
  return OK;
}

static void rows_begin(Html *h, const char *const *heads) {
  html_lit(h, "<table border=\"1\"><thead><tr>");
  for (; *heads; heads++) {
    html_lit(h, "<th scope=\"col\">");
    html_text(h, str_of(*heads));
    html_lit(h, "</th>");
  }
  html_lit(h, "</tr></thead><tbody>\n");
}

static void opinions_add(Plan *p) {
  static const char *const heads[] = {"时间", "阶段", "事项", "单位", "经办人", "结论", "意见", "签字", "法条", NULL};
  Arena *m = p->a->mem;
  const Policy *policy = p->rq->app->policy;
  Html h;
  html_begin(&h, arena_fmt(m, "%.*s　各部门和窗口的意见", SFMT(p->a->number)));
  rows_begin(&h, heads);
  for (size_t i = 0; i < p->events.count; i++) {
    const Event *e = &p->events.list[i];
    Str opinion = json_str(e->body, S("opinion")), result = json_str(e->body, S("result")), code = json_str(e->body, S("item"));
    const Item *item = policy_item(policy, code);
    if (!opinion.len) continue;
    html_lit(&h, "<tr>");
    html_cell(&h, time_cn(m, e->happened));
    html_cell(&h, arena_fmt(m, "%lld", (long long)json_int(e->body, S("stage"), 0)));
    html_cell(&h, item ? item->name : code.len ? code : S("业务派转单"));
    html_cell(&h, unit_name(policy, e->unit));
    html_cell(&h, e->actor_name);
    html_cell(&h, str_eqz(result, "pass") ? S("通过") : str_eqz(result, "refuse") ? S("不通过") : S("—"));
    html_cell(&h, opinion);
    html_cell(&h, json_str(e->body, S("signature")));
    html_cell(&h, json_str(e->body, S("article")));
    html_lit(&h, "</tr>\n");
  }
  html_lit(&h, "</tbody></table>\n");
  file_add(p->a, (ArchiveFile){.path = S("opinions.html"), .kind = S("意见"), .title = S("各部门和窗口的意见"), .content = html_end(m, &h)});
}

static void acts_add(Plan *p) {
  static const char *const heads[] = {"序号", "发生", "录入", "谁", "代谁", "单位", "办了什么", "记录的散列", NULL};
  Arena *m = p->a->mem;
  const Policy *policy = p->rq->app->policy;
  Html h;
  html_begin(&h, arena_fmt(m, "%.*s　全部办理记录", SFMT(p->a->number)));
  rows_begin(&h, heads);
  for (size_t i = 0; i < p->events.count; i++) {
    const Event *e = &p->events.list[i];
    Str sentence = event_sentence(m, policy, e, TELL_ALL);
    html_lit(&h, "<tr>");
    html_cell(&h, arena_fmt(m, "%lld", (long long)e->seq));
    html_cell(&h, time_cn(m, e->happened));
    html_cell(&h, time_cn(m, e->recorded));
    html_cell(&h, e->actor_name);
    html_cell(&h, e->behalf);
    html_cell(&h, unit_name(policy, e->unit));
    html_cell(&h, sentence.len ? sentence : e->kind);
    html_cell(&h, hash_hex(m, e->leaf));
    html_lit(&h, "</tr>\n");
  }
  html_lit(&h, "</tbody></table>\n");
  file_add(p->a, (ArchiveFile){.path = S("acts.html"), .kind = S("办理记录"), .title = S("全部办理记录"), .content = html_end(m, &h)});
}

static Code receipts_add(Cx *cx, Plan *p) {
  Arena *m = cx->mem;
  Keys keys = {0};
  TRY(checkpoint_keys(cx, p->a->store, &keys));
  for (size_t i = 0; i < p->events.count; i++) {
    const Event *e = &p->events.list[i];
    file_add(p->a, (ArchiveFile){.path = arena_fmt(m, "receipts/%04lld-%.*s.txt", (long long)e->seq, SFMT(e->kind)), .kind = S("凭证"), .title = e->kind,
                                 .stage = (int)json_int(e->body, S("stage"), 0), .by = e->actor_name, .handler = e->actor_name, .at = e->happened, .seq = e->seq, .receipt = e});
  }
  if (keys.count) file_add(p->a, (ArchiveFile){.path = S("keys.pub"), .kind = S("公钥"), .title = S("检查点的公钥"), .content = keys_text(m, &keys, false)});
  return OK;
}

/* ---- all of it ------------------------------------------------------------------------------------------------------ */

static Code events_read(Cx *cx, Request *rq, const Project *pr, Events *out) {
  enum { BATCH = 500 };
  Str stream = arena_fmt(cx->mem, "project/%lld", (long long)pr->no);
  Event *all = NULL;
  size_t n = 0;
  for (Events batch = {.count = 1}; batch.count;) {
    TRY(reader_events(cx, rq->rd, stream, n ? all[n - 1].seq : 0, BATCH, &batch));
    Event *more = arena_array(cx->mem, Event, n + batch.count + 1);
    if (n) memcpy(more, all, n * sizeof *more);
    if (batch.count) memcpy(more + n, batch.list, batch.count * sizeof *more);
    all = more;
    n += batch.count;
  }
  *out = (Events){.list = all, .count = n};
  return OK;
}

Code archive_plan(Cx *cx, Request *rq, const Project *pr, Archive *out) {
  Plan p = {.a = out, .rq = rq, .pr = pr};
  *out = (Archive){.mem = cx->mem, .store = arena_str(cx->mem, rq->app->dir), .number = arena_str(cx->mem, pr->number), .name = arena_str(cx->mem, pr->name), .sealer = rq->app->sealer, .now = rq->now};
  TRY(events_read(cx, rq, pr, &p.events));
  for (size_t i = 0; i < p.events.count; i++) submission_add(&p, i);
  TRY(documents_add(cx, &p));
  TRY(certificates_add(cx, &p));
  opinions_add(&p);
  acts_add(&p);
  return receipts_add(cx, &p);
}
