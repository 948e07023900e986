/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disclose.c: documents drafted, reviewed, disputed, interpreted and taken down by the right and the wrong people; and a shadow of what may
 * have happened: nothing is public but by three different persons, none of whom drafted it.
 */
#include "sim.h"

#include <string.h>

#define OFFICE "government-office"
#define SIX "一、政策背景依据\\n依据\\n二、目标任务\\n任务\\n三、主要内容\\n内容\\n四、执行标准\\n标准\\n五、惠民利民举措\\n举措\\n六、新旧政策差异\\n差异"
static const char *const open_steps[] = {"first", "second", "third"};
static const char *const openness[] = {"public", "request", "secret"};

/* ---- what is asked for ------------------------------------------------------------------------------------ */

typedef struct Want { const char *command; Str args; const Account *by; const char *wrong; } Want;

static Want draft_want(City *c) {
  static const char *const codes[] = {"D13", "D59", "D60", "D63", "D64", "D01"};
  const Account *ed = somebody(c, ROLE_EDITOR, S(OFFICE));
  Arena *m = c->cx.mem;
  if (chance(c, 30)) return (Want){"gazette.import", arena_fmt(m, "{\"code\":\"%s\"}", codes[roll(c, COUNT(codes))]), ed, NULL};
  bool none = chance(c, 15), bare = chance(c, 15), send = chance(c, 70);
  Str open = none ? S("") : arena_fmt(m, ",\"openness\":\"%s\",\"reason\":\"内部管理事项\"", openness[roll(c, 10) < 7 ? 0 : roll(c, 3)]);
  return (Want){"gazette.draft",
                arena_fmt(m, "{\"title\":\"关于示例事项的通知\",\"number\":\"葫政办发〔2019〕%zu号\",\"issuer\":\"葫芦岛市人民政府办公室\",\"day\":\"%.*s\",\"text\":\"一、总则\\n第一段文字。\"%.*s%s%s}",
                          c->open.doc_count + 100, SFMT(day_str(m, day_of(c->now))), SFMT(open), bare ? "" : ",\"plan\":\"同日发布\",\"material\":\"" SIX "\"", send ? ",\"send\":true" : ""),
                ed, none && send ? "without openness nothing is reviewed" : NULL};
}

static Want review_want(City *c, const ShDoc *d) {
  Arena *m = c->cx.mem;
  const Account *by = d->signs == 2 ? somebody(c, ROLE_UNIT_HEAD, S(OFFICE)) : somebody(c, ROLE_EDITOR, S(OFFICE));
  uint32_t r = roll(c, 100);
  if (r < 6) return (Want){"gazette.return", S("{\"reason\":\"请写具体\"}"), by, NULL};
  if (r < 14) return (Want){"gazette.dispute", arena_fmt(m, "{\"openness\":\"%s\",\"reason\":\"涉及没有公开的规划\"}", openness[roll(c, 3)]), by, d->about ? "an interpretation has no openness" : NULL};
  size_t step = r < 24 ? roll(c, 3) : d->signs;
  bool mine = false;
  for (size_t i = 0; by && i < d->count; i++) mine |= str_eq(d->people[i], by->id);
  return (Want){"gazette.sign", arena_fmt(m, "{\"step\":\"%s\",\"channels\":[\"website\"]}", open_steps[step]), by,
                step != d->signs ? "reviews have an order" : mine ? "three different persons" : NULL};
}

/* An annex comes and goes with a draft, never behind a signature. */
static Want annex_want(City *c, const ShDoc *d, const Account *ed) {
  bool away = d->annexes && chance(c, 40);
  const char *wrong = d->state == 'd' ? NULL : "what is in review or approved keeps its annexes";
  if (away) return (Want){"gazette.detach", arena_fmt(c->cx.mem, "{\"no\":%u}", 1 + roll(c, (uint32_t)d->annexes)), ed, wrong};
  return (Want){"gazette.attach", arena_fmt(c->cx.mem, "{\"title\":\"流程图解\",\"type\":\"pdf\",\"files\":[{\"blob\":\"%.*s\",\"name\":\"图解.pdf\",\"size\":%lld}]}", SFMT(c->blob), (long long)c->blob_size), ed, wrong};
}

static Want next_want(City *c, const ShDoc *d) {
  Arena *m = c->cx.mem;
  const Account *ed = somebody(c, ROLE_EDITOR, S(OFFICE));
  if (d->annexes < 20 && chance(c, 10)) return annex_want(c, d, ed);
  uint32_t r = roll(c, 100);
  if (d->state == 'x') {
    const Account *by = chance(c, 50) ? somebody(c, ROLE_UNIT_HEAD, S("state-secrets")) : account(c, d->people[1]);
    return (Want){"gazette.settle", arena_fmt(m, "{\"openness\":\"%s\",\"reason\":\"内部管理事项\"}", openness[roll(c, 2)]), by, NULL};
  }
  if (d->state == 'r' || d->about) return review_want(c, d);
  if (d->state == 'd' && r < 40) return (Want){"gazette.mark", arena_fmt(m, "{\"openness\":\"%s\",\"reason\":\"内部管理事项\"}", openness[roll(c, 3)]), ed, NULL};
  if (d->state == 'd' && r < 60) return (Want){"gazette.submit", S("{}"), ed, d->openness.len ? NULL : "without openness nothing is reviewed"};
  if (r < 80) return (Want){"gazette.explain", S("{\"plan\":\"一周后发布\",\"material\":\"" SIX "\",\"send\":true}"), ed, NULL};
  if (r < 88) return (Want){"gazette.drop", arena_fmt(m, "{\"no\":%u,\"reason\":\"重写\"}", 1 + roll(c, 2)), ed, NULL};
  if (r < 94) return (Want){"gazette.force", S("{\"force\":\"amended\",\"basis\":\"另一份文件\"}"), ed, NULL};
  return (Want){"gazette.take-down", arena_fmt(m, "{\"no\":%u,\"reason\":\"有误\"}", roll(c, 3)), somebody(c, ROLE_UNIT_HEAD, S(OFFICE)), d->state == 'p' ? NULL : "what is not public is not taken down"};
}

static void one_step(City *c) {
  ShOpen *o = &c->open;
  bool fresh = !o->doc_count || (o->doc_count + 1 < OPEN_MAX && chance(c, 15)), stray = chance(c, 10);
  size_t one = o->doc_count ? roll(c, (uint32_t)o->doc_count) : 0;
  Want w = fresh ? draft_want(c) : next_want(c, &o->docs[one]);
  const Account *by = stray ? anybody(c) : w.by;
  if (!by) return;
  Sent s = sent_new(c, str_of(w.command), fresh ? S("") : arena_fmt(c->cx.mem, "gazette/%zu", one + 1), by);
  Json *a = NULL;
  if (!s.mem) return;
  Cx cx = {.mem = s.mem};
  Code code = json_parse(&cx, arena_str(s.mem, w.args), &a);
  REQUIRE(code == OK);
  sent_fill(c, &s, NULL, 0, NULL, a);
  s.wrong = stray && !(by->roles & (ROLE_EDITOR | ROLE_UNIT_HEAD | ROLE_APPROVER | ROLE_LEADER)) ? "disclosure is the work of editors and heads" : stray ? NULL : w.wrong;
  send_one(c, &s);
  sent_keep(c, &s);
}

/* Some at a time: a review takes three acts. */
void disclose_step(City *c) {
  enum { TOGETHER = 4 };
  for (int i = 0; i < TOGETHER && !c->failed; i++) {
    one_step(c);
    shadow_read(c);
    reader_begin(c->reader);
  }
}

/* ---- what may have happened ------------------------------------------------------------------------------------ */

static void begun(City *c, const Event *e, ShOpen *o) {
  CHECK(c, o->doc_count < OPEN_MAX && json_int(e->body, S("no"), 0) == (int64_t)o->doc_count + 1, "numbers have no gap", "%.*s", SFMT(e->stream));
  if (c->failed) return;
  ShDoc *d = &o->docs[o->doc_count++];
  bool imported = str_eqz(e->kind, "gazette.imported");
  d->openness = arena_str(c->mem, json_str(e->body, S("openness")));
  d->state = imported && d->openness.len ? 'p' : 'd';
  d->people[0] = d->people[1] = arena_str(c->mem, e->actor);
}

static void signed_event(City *c, const Event *e, ShDoc *d) {
  CHECK(c, (d->state == 'r' || d->about) && d->signs < 3 && str_eqz(json_str(e->body, S("step")), open_steps[d->signs]), "reviews have an order", "%.*s", SFMT(e->stream));
  for (size_t i = 0; i < d->count; i++) CHECK(c, !str_eq(d->people[i], e->actor), "three different persons", "%.*s %.*s", SFMT(e->stream), SFMT(e->actor));
  CHECK(c, str_eqz(e->unit, OFFICE), "reviewers are of the unit", "%.*s", SFMT(e->stream));
  if (c->failed) return;
  d->people[d->count++] = arena_str(c->mem, e->actor);
  d->signs++;
}

static void review_over(ShDoc *d, char state) {
  if (state) d->state = state;
  d->signs = d->count = 0;
  d->about = false;
}

static void settled_event(City *c, const Event *e, ShDoc *d, Str kind) {
  Str says = arena_str(c->mem, json_str(e->body, S("openness")));
  if (str_eqz(kind, "disputed")) {
    CHECK(c, d->state == 'r' && !d->about, "what is disputed is in review", "%.*s", SFMT(e->stream));
    d->state = 'x';
    d->says[0] = d->says[1] = S("");
  } else if (str_eqz(kind, "said")) {
    d->says[str_eqz(json_str(e->body, S("side")), "secrecy")] = says;
  } else {
    CHECK(c, d->state == 'x' && str_eq(d->says[0], d->says[1]) && str_eq(d->says[0], says), "both sides say the same", "%.*s", SFMT(e->stream));
    d->openness = says;
    d->state = 'r';
    d->signs = 0;
    d->count = 2;
  }
}

void disclose_event(City *c, const Event *e) {
  ShOpen *o = &c->open;
  int64_t no = 0;
  if (!str_starts(e->kind, S("gazette."))) return;
  Str kind = str_sub(e->kind, strlen("gazette."), SIZE_MAX);
  if (str_eqz(kind, "imported") || str_eqz(kind, "drafted")) {
    begun(c, e, o);
    return;
  }
  REQUIRE(str_to_i64(str_sub(e->stream, strlen("gazette/"), SIZE_MAX), &no) && no >= 1 && no <= (int64_t)o->doc_count);
  ShDoc *d = &o->docs[no - 1];
  if (str_eqz(kind, "marked")) d->openness = arena_str(c->mem, json_str(e->body, S("openness")));
  if (str_eqz(kind, "submitted")) {
    d->about = json_int(e->body, S("about"), 0) > 0;
    CHECK(c, d->openness.len && (d->about ? d->state != 'd' : d->state == 'd'), "what is reviewed has an openness", "%.*s", SFMT(e->stream));
    if (!d->about) d->state = 'r';
    d->people[1] = arena_str(c->mem, e->actor);
    d->signs = 0;
    d->count = 2;
  }
  if (str_eqz(kind, "attached") || str_eqz(kind, "detached")) {
    CHECK(c, d->state == 'd', "annexes are reviewed with what they belong to", "%.*s", SFMT(e->stream));
    d->annexes += str_eqz(kind, "attached");
  }
  if (str_eqz(kind, "signed")) signed_event(c, e, d);
  if (str_eqz(kind, "returned")) review_over(d, d->about ? 0 : 'd');
  if (str_eqz(kind, "disputed") || str_eqz(kind, "said") || str_eqz(kind, "settled")) settled_event(c, e, d, kind);
  if (str_eqz(kind, "published") || str_eqz(kind, "kept")) {
    bool open = str_eqz(d->openness, "public");
    CHECK(c, d->signs == 3 && open == str_eqz(kind, "published"), "three reviews, then what openness says", "%.*s", SFMT(e->stream));
    review_over(d, d->about ? 0 : open ? 'p' : 'k');
  }
  if (str_eqz(kind, "taken-down") && !json_int(e->body, S("no"), 0)) d->state = 'd';
}

void disclose_check(City *c) {
  GazetteRow *rows = NULL;
  size_t n = 0, shown = 0;
  int64_t total = 0;
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  for (size_t i = 0; i < c->open.doc_count; i++) shown += c->open.docs[i].state == 'p';
  if (gazettes_list(&cx, c->reader, &(GazetteFilter){.on_site = true, .limit = OPEN_MAX}, &rows, &n, &total) != OK) STOP(c, "documents are listed", "%.*s", SFMT(cx.detail));
  CHECK(c, n == shown, "what is public is on the site", "%zu of %zu", n, shown);
  GazetteSums sums;
  if (gazettes_sums(&cx, c->reader, &sums) != OK) STOP(c, "documents are counted", "%.*s", SFMT(cx.detail));
  CHECK(c, sums.documents == (int64_t)shown, "the site is as long as its list", "%lld of %zu", (long long)sums.documents, shown);
  for (size_t i = 0; i < n; i++) CHECK(c, c->open.docs[rows[i].no - 1].state == 'p' && str_eqz(rows[i].openness, "public"), "only what is public", "gazette/%lld", (long long)rows[i].no);
}
