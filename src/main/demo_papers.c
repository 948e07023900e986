/* SPDX-License-Identifier: Apache-2.0 */
/* demo_papers.c: what the window does about documents in the demonstration: notices and decisions are delivered 送达. */
#include "main/demo.h"

enum { OF_ACCEPTANCES = 3, OF_NEW = 3, DAYS_NEW = 10 };

/* One in three acceptances, which most people fetch; every other letter, but for some of the last days. */
static bool delivered(const Demo *d, const Project *p, const Document *doc) {
  uint64_t r = demo_roll(d, p->no, doc->stage, (int)doc->seq, doc->item, "serve");
  bool acceptance = str_eqz(document_title(doc), "受理通知书"), fresh = doc->at >= d->end - DAYS_NEW * DAY_MS;
  return acceptance ? r % OF_ACCEPTANCES == 0 : !fresh || r % OF_NEW;
}

static Step serve(Arena *mem, const Demo *d, const Project *p, const Document *doc) {
  static const char *const ways[] = {"窗口领取", "电子送达", "邮寄送达", "直接送达"};
  uint64_t r = demo_roll(d, p->no, doc->stage, (int)doc->seq, doc->item, "how");
  Step s = {.some = true, .name = S("document.serve"), .by = demo_account(d, p->no % 2 ? S("wang") : S("sun")), .args = json_obj(mem)};
  s.at = demo_work_time(d, doc->at, (int)(r % 2), r / 2);
  if (s.at <= doc->at) s.at = doc->at + 1800000;
  json_put_int(mem, s.args, S("seq"), doc->seq);
  json_put_str(mem, s.args, S("how"), str_of(ways[r % COUNT(ways)]));
  json_put_str(mem, s.args, S("to"), p->owner);
  if (r % COUNT(ways) == 2) json_put_str(mem, s.args, S("note"), arena_fmt(mem, "邮件号 示例%06llu", (unsigned long long)(r / 4 % 1000000)));
  return s;
}

Step demo_paper_next(Arena *mem, const Demo *d, const Project *p) {
  for (size_t i = 0; i < p->document_count; i++) {
    const Document *doc = &p->documents[i];
    if (document_servable(doc) && !doc->served_at && delivered(d, p, doc)) return serve(mem, d, p, doc);
  }
  return (Step){0};
}
