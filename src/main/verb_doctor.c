/* SPDX-License-Identifier: Apache-2.0 */
/* verb_doctor.c: the questions of room upkeep, for whoever stands at the machine. Exit codes as monitoring wants them: 0 nothing, 1 something worth a
 * look, 2 something to be done now. */
#include "main/carrier.h"
#include "main/demo.h"
#include "main/main_int.h"

#include <stdio.h>

Checkup *checkup_of(Arena *mem, const Options *o, bool demo) {
  Checkup *c = arena_new(mem, Checkup);
  *c = (Checkup){.store = o->store, .policy_dir = o->policy, .config = o->config, .key = o->key, .seal_key = o->seal_key, .keep = o->keep,
                 .backups = o->backups, .smtp_password = o->smtp_password, .metrics_token = o->metrics_token, .log = o->log, .listen = o->listen,
                 .site = o->site, .proxy = o->proxy, .sends = o->smtp.len || o->sms.len, .behind_tls = o->behind_tls, .open = o->listen_anywhere,
                 .demo = demo, .demo_password = DEMO_PASSWORD};
  Receivers *to = arena_new(mem, Receivers);
  Cx own = {.mem = mem};
  if (receivers_read(&own, o->exchange, to) == OK) c->receivers = to;
  else c->receivers_fault = own.detail;
  return c;
}

static void print_text(Arena *mem, const Remarks *f, bool quiet) {
  for (size_t i = 0; i < f->count; i++) {
    const Remark *x = &f->list[i];
    if (quiet && x->level < REMARK_LOOK) continue;
    printf("[%.*s] %.*s（%s）\n", SFMT(x->level >= REMARK_LOOK ? bold(mem, remark_label(x->level)) : remark_label(x->level)), SFMT(x->what), x->id);
    if (x->why.len) printf("    %.*s\n", SFMT(x->why));
    if (x->next.len) printf("    怎么办：%.*s\n", SFMT(x->next));
  }
}

static void print_json(Arena *mem, const Remarks *f, int64_t now) {
  Json *o = json_obj(mem), *list = json_put_arr(mem, o, S("findings"));
  json_put_str(mem, o, S("at"), time_str(mem, now));
  json_put_str(mem, o, S("worst"), remark_code(remarks_worst(f)));
  for (size_t i = 0; i < f->count; i++) {
    Json *x = json_push_obj(mem, list);
    json_put_str(mem, x, S("id"), str_of(f->list[i].id));
    json_put_str(mem, x, S("level"), remark_code(f->list[i].level));
    json_put_str(mem, x, S("what"), f->list[i].what);
    json_put_str(mem, x, S("why"), f->list[i].why);
    json_put_str(mem, x, S("next"), f->list[i].next);
  }
  Str text = json_text(mem, o);
  printf("%.*s\n", SFMT(text));
}

/* The calendar in force is what the store says, when it can be read. */
static Code in_force(Cx *cx, const World *w, Reader *rd, const Policy **out) {
  int version = 0;
  const Policy *p = w->policies.current;
  *out = p;
  TRY(calendar_version_of(cx, reader_views(rd), &version));
  *out = policy_with_calendar(cx->mem, p, p->calendars, version);
  return OK;
}

int verb_doctor(Cx *cx, const Options *o) {
  World *w = NULL;
  Json *labels = NULL;
  SCOPED(reader_close_p) Reader *rd = NULL;
  Remarks *f = arena_new(cx->mem, Remarks);
  if (store_needed(cx, o) != OK || world_load(cx, o, &w) != OK || store_labels(cx, o->store, &labels) != OK) {
    int rc = report_fault(cx);
    return rc == EXIT_DONE ? rc : EXIT_CALL;
  }
  Checkup *c = checkup_of(cx->mem, o, str_eq(json_str(labels, S("demo")), S("yes")));
  c->now = cx->now;
  c->files = true;
  c->policy = w->policies.current;
  if (reader_open_dir(cx, &w->store, &rd) != OK || in_force(cx, w, rd, &c->policy) != OK) c->unopened = cx->detail;
  cx_clear(cx);
  c->rd = rd;
  checkup_run(c, cx->mem, f);
  if (o->json) print_json(cx->mem, f, cx->now);
  else print_text(cx->mem, f, o->quiet);
  RemarkLevel worst = remarks_worst(f);
  if (!o->json) printf(worst == REMARK_BAD ? "有要处理的。\n" : worst == REMARK_LOOK ? "没有要马上处理的，有值得看的。\n" : "没有发现问题。\n");
  reader_close_p(&rd);
  world_close(w);
  return worst == REMARK_BAD ? 2 : worst == REMARK_LOOK ? 1 : 0;
}
