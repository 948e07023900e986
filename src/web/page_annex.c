/* SPDX-License-Identifier: Apache-2.0 */
/* page_annex.c: annexes 附件 and pictures 图解 of documents and interpretations: listed with their hash, given out, chosen for upload (D01-1.5-p1). */
#include "web/page_open.h"

static Str type_name(Str type) {
  static const struct { const char *type, *name; } list[] = {{"pdf", "PDF"}, {"ofd", "OFD"}, {"png", "PNG"}, {"jpg", "JPEG"}};
  for (size_t i = 0; i < COUNT(list); i++)
    if (str_eqz(type, list[i].type)) return str_of(list[i].name);
  return type;
}

void view_annexes(Request *rq, Json *o, const GazetteFile *g, int about, Str base, bool all) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, o, S("annexes"));
  for (size_t i = 0; i < g->annex_count; i++) {
    const Annex *a = &g->annexes[i];
    if (a->gone || (!all && (a->about != about || !annex_public(g, a)))) continue;
    Json *x = json_push_obj(m, list);
    PUT_INT(x, "annex", a->no);
    PUT_INT(x, "about", a->about);
    PUT(x, "title", a->title);
    PUT(x, "alt", a->alt);
    PUT(x, "name", a->name);
    PUT(x, "format", type_name(a->type));
    PUT(x, "size", a->size >= 1 << 20 ? arena_fmt(m, "%lld.%lld MB", (long long)(a->size >> 20), (long long)((a->size & 0xfffff) * 10 >> 20)) : arena_fmt(m, "%lld KB", (long long)((a->size + 1023) / 1024)));
    PUT(x, "hash", a->blob);
    PUT_BOOL(x, "picture", annex_picture(a));
    PUT(x, "href", arena_fmt(m, "%.*s/file/%d", SFMT(base), a->no));
  }
}

Code reply_annex(Cx *cx, Request *rq, Reply *rp, const GazetteFile *g, bool all) {
  const Annex *a = gazette_annex(g, param_no(rq, 1));
  if (!a || (!all && !annex_public(g, a))) FAIL(NOT_FOUND, "没有这个附件，请从文件的页面里重新打开。");
  rp->blob = a->blob;
  rp->filename = a->name;
  if (annex_picture(a)) rp->inline_type = str_eqz(a->type, "png") ? S("image/png") : S("image/jpeg");
  return OK;
}

Str annex_hint(Request *rq, const Disclosure *d) {
  Str types = S("");
  for (size_t i = 0; i < d->annex_type_count; i++) types = arena_fmt(rq->mem, "%.*s%s%.*s", SFMT(types), i ? "、" : "", SFMT(type_name(d->annex_types[i])));
  return arena_fmt(rq->mem, "%.*s，最大 %d MB%s", SFMT(types), d->annex_mb, d->annex_source.sample ? "（示例）" : "");
}

/* One file, with what it is by its content. */
Code annex_upload(Cx *cx, Request *rq, Json *args) {
  const Upload *up = request_upload(rq, S("file"));
  TRY(form_upload(cx, rq, args));
  json_put_str(rq->mem, args, S("type"), up && up->blob.len ? up->type : S("none"));
  return OK;
}

/* To what an annex may be added now; false: to nothing. */
bool annex_choices(Request *rq, Json *form, const GazetteFile *g) {
  bool some = str_eqz(g->status, "draft") || str_eqz(g->status, "down");
  if (some && form) form_choice(rq, form, "about", S("0"), S("文件本身"));
  for (size_t i = 0; i < g->item_count; i++) {
    if (!str_eqz(g->items[i].status, "draft")) continue;
    if (form) form_choice(rq, form, "about", arena_fmt(rq->mem, "%d", g->items[i].no), arena_fmt(rq->mem, "解读：%.*s", SFMT(g->items[i].title)));
    some = true;
  }
  return some;
}
