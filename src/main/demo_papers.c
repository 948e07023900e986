/* SPDX-License-Identifier: Apache-2.0 */
/* demo_papers.c: what the window does about documents in the demonstration: notices and decisions are delivered 送达, certificates change. */
#include "main/demo.h"

enum { OF_NEW = 3, DAYS_NEW = 20, OF_OLD = 90 };

/* As a window does: what was made is delivered within days, some of the last days is still open, and now and then one was forgotten. */
static bool delivered(const Demo *d, const Project *p, const Document *doc) {
  uint64_t r = demo_roll(d, p->no, doc->stage, (int)doc->seq, doc->item, "serve");
  bool fresh = doc->at >= d->end - DAYS_NEW * DAY_MS;
  return r % (fresh ? OF_NEW : OF_OLD) != 0;
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

/* ---- certificates ---------------------------------------------------------------------------------- */

static Step cert_step(Arena *mem, const Demo *d, const Cert *c, const char *command, int days) {
  int64_t since = c->status_at > c->at ? c->status_at : c->at;
  Step s = {.some = true, .at = demo_work_time(d, since, days, (uint64_t)c->seq), .name = str_of(command), .by = demo_account(d, S("zhao")), .args = json_obj(mem)};
  json_put_str(mem, s.args, S("certificate"), c->number);
  return s;
}

static void words(Arena *mem, Step *s, const char *reason, const char *article) {
  json_put_str(mem, s->args, S("reason"), str_of(reason));
  if (article) json_put_str(mem, s->args, S("article"), str_of(article));
}

/* Every ninth project changes one; of those that are complete others are suspended, some for good, some restored, and one is cancelled. */
static Step cert_next(Arena *mem, const Demo *d, const Project *p) {
  enum { KINDS = 9, CHANGES = 2, SUSPENDS = 4, RESTORES = 6, CANCELS = 8 };
  const Cert *first = p->cert_count ? &p->certs[0] : NULL, *last = p->cert_count ? &p->certs[p->cert_count - 1] : NULL;
  int kind = (int)(p->no % KINDS);
  bool over = p->status == PROJECT_COMPLETED;
  if (first && kind == CHANGES && first->status == CERT_VALID && p->stages[first->stage].delivered_at) {
    Step s = cert_step(mem, d, first, "certificate.change", 12);
    words(mem, &s, "建设单位提出变更申请，经审查符合法定条件。", "《中华人民共和国行政许可法》第四十九条");
    json_put_str(mem, s.args, S("change"), S("总用地面积按实测成果更正，其他内容不变。"));
    return s;
  }
  if (last && over && (kind == SUSPENDS || kind == RESTORES) && last->status == CERT_VALID && !last->status_at) {
    Step s = cert_step(mem, d, last, "certificate.suspend", 5);
    words(mem, &s, "接到举报，正在核查验收资料。", "《中华人民共和国行政许可法》第六十一条");
    return s;
  }
  if (last && kind == RESTORES && last->status == CERT_SUSPENDED) {
    Step s = cert_step(mem, d, last, "certificate.restore", 6);
    words(mem, &s, "核查完毕，资料真实完整。", NULL);
    return s;
  }
  const Cert *built = over && kind == CANCELS && p->cert_count > 1 ? &p->certs[p->cert_count - 2] : NULL;
  if (!built || built->status != CERT_VALID) return (Step){0};
  Step s = cert_step(mem, d, last, "certificate.revoke", 4);
  json_put_str(mem, s.args, S("certificate"), built->number);
  json_put_str(mem, s.args, S("way"), S("注销"));
  words(mem, &s, "工程已经竣工验收备案，不再需要本证件。", "《中华人民共和国行政许可法》第七十条");
  return s;
}

Step demo_paper_next(Arena *mem, const Demo *d, const Project *p) {
  for (size_t i = 0; i < p->document_count; i++) {
    const Document *doc = &p->documents[i];
    if (document_servable(doc) && !doc->served_at && delivered(d, p, doc)) return serve(mem, d, p, doc);
  }
  return cert_next(mem, d, p);
}
