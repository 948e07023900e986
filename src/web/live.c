/* SPDX-License-Identifier: Apache-2.0 */
/* live.c: pages that refresh themselves while they are looked at. A listener is told only that something has changed;
 * his browser then asks for the page again, which shows what he may see. Each half second the loop reads what was
 * written since, once for all listeners; by the views' position, so that the page asked for has it already. Another server's
 * writing on the same database is seen the same way. Nothing is kept for listeners: who falls behind hears once. */
#include "web/loop.h"
#include "web/page.h"

bool news_of(const News *n, const char *topic) {
  if (!n->fresh || n->all) return n->fresh;
  size_t len = strlen(topic);
  for (size_t i = 0; i < n->count; i++) {
    const char *s = n->streams[i];
    if (!strncmp(s, topic, len) && (s[len] == '\0' || s[len] == '/')) return true;
  }
  return false;
}

static Code look(Cx *cx, Loop *l, News *n) {
  int64_t pos = 0;
  reader_begin(l->reader);
  TRY(reader_position(cx, l->reader, &pos));
  int64_t from = n->pos;
  n->pos = pos;
  if (from < 0 || pos == from) return OK;
  n->fresh = true;
  n->all = pos - from > NEWS_MAX || pos < from; /* fewer than before: views made anew, or another store */
  if (n->all) return OK;
  Events events = {0};
  TRY(reader_journal(cx, l->reader, from, (size_t)(pos - from), &events));
  for (size_t i = 0; i < events.count; i++)
    snprintf(n->streams[n->count++], NEWS_TOPIC, "%.*s", SFMT(events.list[i].stream));
  return OK;
}

void news_read(Loop *l) {
  News *n = &l->news;
  n->fresh = n->all = false;
  n->count = 0;
  if (!n->listeners) {
    n->pos = -1;
    return;
  }
  Arena *mem = loop_arena(l);
  Cx cx = {.mem = mem, .now = 0};
  if (look(&cx, l, n) != OK) log_line(LOG_WARN, "live: %.*s", SFMT(cx.detail));
  loop_arena_back(l, mem);
}

/* ---- the address ------------------------------------------------------------------------------------------ */

/* ?of=project: of any project, for staff; ?of=project/18: of one, for those concerned. */
Code view_live(Cx *cx, Request *rq, Json *view, Str topic) {
  int64_t pos = 0;
  if (rq->json) return OK;
  TRY(reader_position(cx, rq->rd, &pos));
  Arena *m = rq->mem;
  PUT(view, "live", arena_fmt(m, "/live?of=%.*s&from=%lld", SFMT(topic), (long long)pos));
  return OK;
}

static Code page_live(Cx *cx, Request *rq, Reply *rp) {
  Str of = request_arg(rq, S("of")), kind, no;
  bool one = str_cut(of, '/', &kind, &no);
  if (!str_eqz(kind, "project")) FAIL_AT(INVALID, S("of"), S(""), "没有“%.*s”的实时消息。", SFMT(of));
  if (one) {
    const Project *pr = NULL;
    rq->params[0] = no; /* as in /my/{id} */
    TRY(project_concerned(cx, rq, &pr));
  } else if (!reads_inside(rq)) {
    FAIL(DENIED, "全部项目的实时消息只给工作人员。");
  }
  rp->live = of;
  TRY(reader_position(cx, rq->rd, &rp->live_from));
  int64_t from = request_int(rq, S("from"), rp->live_from);
  if (from > 0 && from < rp->live_from) rp->live_from = from;
  return OK;
}

const Route live_routes[] = {
    {.method = GET, .path = "/live", .allow = CONCERNED, .run = page_live, .section = "work", .hidden = true,
     .help = "实时消息（server-sent events）：有变化时告诉打开着的页面，页面自己重新取。"},
    {.path = NULL},
};
