/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"
#include "journal/journal_int.h"
#include "policy/answers.h"

#include <stdio.h>

#define USCC_OWNER S("91211400MA0XYW122L")

static Arena *kept; /* for the life of the program */
__attribute__((destructor)) static void kept_close(void) {
  arena_close_p(&kept);
}

const Policy *huludao(Cx *cx) {
  static const Policy *loaded;
  if (loaded) return loaded;
  kept = arena_open((size_t)64 << 20);
  Cx own = {.mem = kept, .now = cx->now};
  Mistakes wrong = {0};
  Str dir = arena_fmt(own.mem, "%.*s/policies/huludao", SFMT(test_root()));
  Code code = policy_load(&own, dir, &loaded, &wrong);
  REQUIRE(code == OK);
  return loaded;
}

void world_open(World *w, Arena *mem, const Policy *p) {
  *w = (World){.mem = mem, .cap = 4096, .facts = json_obj(mem), .beside = json_obj(mem), .no = 1,
               .blob = S("0000000000000000000000000000000000000000000000000000000000000000"),
               .corrected = S("1111111111111111111111111111111111111111111111111111111111111111")};
  Policy *own = arena_new(mem, Policy); /* its versions of the calendar are this world's alone */
  *own = *p;
  own->calendars = calendars_open(mem, p->calendar);
  world_policy(w, own);
  w->events = arena_array(mem, Event, w->cap);
  w->now = day_start(day_ymd(2019, 9, 2)) + 9 * 3600000LL;
}

void world_close(World *w) {
  calendars_close(w->policies.current->calendars);
}

void world_days_were(World *w, const DayChange *changes, size_t n) {
  Policy *own = arena_new(w->mem, Policy);
  REQUIRE(w->policies.count == 1 && w->count == 0);
  *own = *w->policies.current;
  own->calendar = calendar_with(w->mem, own->calendar, changes, n);
  own->calendars = calendars_open(w->mem, own->calendar);
  w->policies.count = 0;
  world_policy(w, own);
}

void world_policy(World *w, const Policy *p) {
  const Policy **all = arena_array(w->mem, const Policy *, VERSIONS_MAX);
  REQUIRE(w->policies.count < VERSIONS_MAX);
  all[0] = p;
  for (size_t i = 0; i < w->policies.count; i++) all[i + 1] = w->policies.all[i];
  w->policies = (Policies){.current = p, .all = all, .count = w->policies.count + 1};
}

void world_known(World *w, const Policy *p) {
  const Policy **all = arena_array(w->mem, const Policy *, VERSIONS_MAX);
  REQUIRE(w->policies.count < VERSIONS_MAX);
  for (size_t i = 0; i < w->policies.count; i++) all[i] = w->policies.all[i];
  all[w->policies.count++] = p;
  w->policies.all = all;
}

static Str in_force(const World *w, Day day) {
  const Proposal *best = NULL;
  for (size_t i = 0; w->published && i < w->published->count; i++) {
    const Proposal *p = &w->published->list[i];
    if (p->status == PROPOSAL_CONFIRMED && p->effective.n <= day.n && (!best || p->effective.n >= best->effective.n)) best = p;
  }
  return best ? best->package : S("");
}

const Policy *world_in_force(World *w, Day day) {
  Str version = in_force(w, day);
  return version.len ? policies_find(&w->policies, version) : w->policies.current;
}

static const Policy *now_policy(World *w) {
  return world_in_force(w, day_of(w->now));
}

void world_days(World *w, int days) {
  w->now += days * DAY_MS;
}

/* ---- what people type ------------------------------------------------------------------------------ */

static Str date_of(World *w, const Field *f) {
  Day day = {0};
  REQUIRE(day_parse(S("2020-04-01"), &day));
  if (f->workday && day.n < day_of(w->now).n) day = day_of(w->now);
  return day_str(w->mem, f->workday ? calendar_next_work(now_policy(w)->calendar, day) : day);
}

static Str value_of(World *w, const Field *f) {
  if (f->personal) return S("v1.sample");
  switch (f->type) {
    case FIELD_BOOL: return S("false");
    case FIELD_CHOICE: return f->choices[0].value;
    case FIELD_DATE: return date_of(w, f);
    case FIELD_INT:
    case FIELD_DECIMAL: return f->example.len ? f->example : S("1");
    case FIELD_USCC: return USCC_OWNER;
    case FIELD_PROJECT_CODE: return S("2304-211403-04-01-135254");
    case FIELD_PHONE: return S("13900000000");
    case FIELD_IDNO: return S("11010519491231002X");
    case FIELD_UNSET:
    case FIELD_TEXT:
    case FIELD_LONG:
    case FIELD__MAX: break;
  }
  return f->example.len ? f->example : S("示例内容");
}

static void fill(World *w, Json *out, const Field *fields, size_t n, Json *facts, const Json *override) {
  for (size_t i = 0; i < n; i++) {
    const Field *f = &fields[i];
    const Json *given = json_get(override, f->name);
    if (f->when && policy_eval(w->mem, now_policy(w), f->when, facts, NULL) == NO) continue;
    if (!given && !f->required) continue;
    if (given) json_put(w->mem, out, f->name, json_clone(w->mem, given));
    else json_put_str(w->mem, out, f->name, value_of(w, f));
    Str text = json_str(out, f->name);
    if (f->type == FIELD_BOOL) json_put_bool(w->mem, out, f->name, str_eq(text, S("true")));
    if (f->fact) json_put(w->mem, facts, f->name, json_clone(w->mem, json_get(out, f->name)));
  }
}

Json *world_form(World *w, int stage, const Json *override) {
  const Policy *p = now_policy(w);
  Json *form = json_obj(w->mem), *all = override ? json_clone(w->mem, override) : json_obj(w->mem);
  Json *facts = policy_facts(w->mem, w->pr->facts, w->pr->category, w->pr->county);
  for (const Json *v = w->facts->first; v; v = v->next)
    if (!json_get(all, v->key)) json_put(w->mem, all, v->key, json_clone(w->mem, v));
  fill(w, form, p->form[stage], p->form_count[stage], facts, all);
  return form;
}

static bool in_list(const Json *list, Str material) {
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    if (str_eq(json_str(x, S("material")), material)) return true;
  return false;
}

static Json *files_for(World *w, int stage, const Json *form, const Json *lacking) {
  Arena *m = w->mem;
  const Policy *p = now_policy(w);
  Json *files = json_arr(m), *known = project_known(m, p, w->pr, stage);
  const Json *facts = project_facts_with(m, p, w->pr, stage, form);
  MaterialChoice *choices = NULL;
  size_t n = policy_materials(m, p, stage, w->pr->category, w->pr->county, facts, &choices);
  for (size_t i = 0; i < n; i++) {
    const Material *material = choices[i].material;
    if (choices[i].needed != YES || !material->required || material->form || material->from_stage.len) continue;
    if (json_get(json_get(known, S("materials")), material->code) || in_list(lacking, material->code)) continue;
    Json *f = json_push_obj(m, files);
    json_put_str(m, f, S("material"), material->code);
    json_put_str(m, f, S("blob"), w->blob);
    json_put_str(m, f, S("name"), S("材料.pdf"));
    json_put_int(m, f, S("size"), 1000);
  }
  return files;
}

static void register_args(World *w, Json *a) {
  static const char *const fields[][2] = {{"name", "数控机床生产线扩建"},
                                          {"owner", "葫芦岛示例机械有限公司"}, {"contact_name", "王某"},
                                          {"contact_phone", "v1.sample"}};
  const Policy *p = now_policy(w);
  if (!json_get(a, S("code"))) json_put_str(w->mem, a, S("code"), arena_fmt(w->mem, "2019-211403-47-03-%06lld", (long long)w->no + 12344));
  for (size_t i = 0; i < COUNT(fields); i++)
    if (!json_get(a, str_of(fields[i][0]))) json_put_str(w->mem, a, str_of(fields[i][0]), str_of(fields[i][1]));
  if (!json_get(a, S("uscc"))) json_put_str(w->mem, a, S("uscc"), USCC_OWNER);
  if (!json_get(a, S("category"))) json_put_str(w->mem, a, S("category"), w->category);
  if (!json_get(a, S("county"))) json_put_str(w->mem, a, S("county"), w->county);
  if (json_get(a, S("facts"))) return;
  Json *all = policy_facts(w->mem, NULL, w->category, w->county);
  Json *facts = json_put_obj(w->mem, a, S("facts"));
  fill(w, facts, p->facts, p->fact_count, all, w->facts);
  policy_agree(w->mem, p, json_str(a, S("category")), json_str(a, S("county")), facts);
}

/* Another name, and the facts as they would be registered now. */
static void correct_args(World *w, Json *a) {
  if (!w->pr || a->count) return;
  const Policy *p = now_policy(w);
  json_put_str(w->mem, a, S("name"), arena_fmt(w->mem, "%.*s（%lld）", SFMT(w->pr->owner), (long long)w->pr->seq));
  Json *facts = json_put_obj(w->mem, a, S("facts"));
  fill(w, facts, p->facts, p->fact_count, policy_facts(w->mem, NULL, w->pr->category, w->pr->county), w->facts);
  policy_agree(w->mem, p, w->pr->category, w->pr->county, facts);
  json_put_str(w->mem, a, S("contact_name"), S("赵某"));
  json_put_str(w->mem, a, S("contact_phone"), S("v1.sample"));
}

static void text_default(World *w, Json *a, const CommandDecl *d) {
  static const char *const texts[][2] = {
      {"reason", "情况有变化"}, {"opinion", "符合条件，同意"}, {"signature", "张某"}, {"how", "窗口领取"}, {"letter", "EMS-2026-00000017"},
      {"to", "王某"}, {"notice", "请等待检验结果"}, {"article", "《示例法》第一条"}, {"way", "撤销"}, {"change", "建设单位更名"}, {"where", "到窗口咨询"}, {"matter", "建设用地规划许可"}, {"approved_by", "市政府审批领导小组"}, {"document", "示例文件〔2019〕3号"}};
  for (size_t i = 0; i < d->arg_count; i++)
    for (size_t k = 0; d->args[i].required && k < COUNT(texts); k++)
      if (!strcmp(d->args[i].name, texts[k][0]) && !json_get(a, str_of(d->args[i].name)))
        json_put_str(w->mem, a, str_of(d->args[i].name), str_of(texts[k][1]));
}

static void file_put(World *w, Json *files, Str material) {
  Json *f = json_push_obj(w->mem, files);
  json_put_str(w->mem, f, S("material"), material);
  json_put_str(w->mem, f, S("blob"), w->blob);
  json_put_str(w->mem, f, S("name"), S("补交.pdf"));
  json_put_int(w->mem, f, S("size"), 1000);
}

/* A file for each material that a department asks for. */
static void demanded_files(World *w, const Json *demands, Json *files) {
  const Json *missing = json_get(demands, S("missing"));
  for (const Json *x = missing ? missing->first : NULL; x; x = x->next) {
    if (!policy_material(now_policy(w), json_str(x, S("of")))) continue;
    file_put(w, files, json_str(x, S("of")));
    if (library_same(w->pr, json_str(x, S("of")), w->blob)) json_put_str(w->mem, files->last, S("blob"), w->corrected);
  }
}

/* What departments reported, into a notice or dropped with a reason. */
static void answer_reports(World *w, int stage, Json *missing, Json *dropped) {
  Arena *m = w->mem;
  const StageState *s = &w->pr->stages[stage];
  Asked asked = stage_asked(m, policies_at(m, &w->policies, s->form_version, calendars_newest(w->policies.current->calendars)), w->pr, stage, w->now);
  for (size_t i = 0; i < asked.merged_count; i++) {
    const Subject *about = &asked.merged[i].about;
    Json *o = json_push_obj(m, missing ? missing : dropped);
    json_put_str(m, o, S("of"), about->of);
    json_put_str(m, o, S("what"), about->what);
    json_put_str(m, o, missing ? S("why") : S("reason"), missing ? about->why : S("与本次申请无关"));
    json_put_str(m, o, S("basis"), about->basis);
  }
}

void world_fill(World *w, const CommandDecl *d, Json *a) {
  Arena *m = w->mem;
  int n = (int)json_int(a, S("stage"), 0);
  if (str_eq(json_str(a, S("result")), S("refuse")) && !json_get(a, S("opinion")))
    json_put_str(m, a, S("opinion"), S("申报材料与规划条件不一致，不予通过"));
  text_default(w, a, d);
  if (str_eqz(str_of(d->name), "project.register")) register_args(w, a);
  if (str_eqz(str_of(d->name), "project.correct")) correct_args(w, a);
  if (!strcmp(d->name, "policy.propose") && !json_get(a, S("hash")))
    json_put_str(m, a, S("hash"), policies_find(&w->policies, json_str(a, S("version")))->dir_hash);
  if (!strcmp(d->name, "project.exempt") && !json_get(a, S("from"))) json_put_str(m, a, S("from"), day_str(m, day_of(w->now)));
  if (!strcmp(d->name, "project.exempt") && !json_get(a, S("until"))) json_put_str(m, a, S("until"), day_str(m, (Day){day_of(w->now).n + 30}));
  static const struct { const char *command; CertStatus from; } of_cert[] = {
      {"certificate.suspend", CERT_VALID}, {"certificate.restore", CERT_SUSPENDED}, {"certificate.revoke", CERT_VALID}, {"certificate.change", CERT_VALID}, {"certificate.reissue", CERT_REVOKED}};
  for (size_t k = 0; k < COUNT(of_cert); k++)
    for (size_t i = 0; w->pr && !strcmp(d->name, of_cert[k].command) && i < w->pr->cert_count; i++)
      if (w->pr->certs[i].status == of_cert[k].from && !json_get(a, S("certificate"))) json_put_str(m, a, S("certificate"), w->pr->certs[i].number);
  if (!strcmp(d->name, "document.serve") && !json_get(a, S("seq")))
    for (size_t i = 0; w->pr && i < w->pr->document_count; i++)
      if (document_servable(&w->pr->documents[i]) && !w->pr->documents[i].served_at) json_put_int(m, a, S("seq"), w->pr->documents[i].seq);
  if (!w->pr || n < 1 || n > STAGE_MAX) return;
  const StageState *s = &w->pr->stages[n];
  bool whole = str_eqz(str_of(d->name), "stage.save-draft") && !json_get(a, S("form")); /* nothing said: a draft that lacks nothing */
  if ((whole || str_eqz(str_of(d->name), "stage.submit")) && s->status != STAGE_NA) {
    const Json *form = json_get(a, S("form"));
    Json *full = world_form(w, n, form);
    json_put(m, a, S("form"), full);
    if (!json_get(a, S("files"))) json_put(m, a, S("files"), files_for(w, n, full, json_get(a, S("lacking"))));
    const Json *asked = s->status == STAGE_CORRECTION && !json_get(a, S("answers")) ? json_get(s->notice, S("missing")) : NULL;
    for (const Json *x = asked ? asked->first : NULL; x; x = x->next) {
      Json *o = json_push_obj(m, json_get(a, S("answers")) ? (Json *)(uintptr_t)json_get(a, S("answers")) : json_put_arr(m, a, S("answers")));
      if (json_str(x, S("of")).len) json_put_str(m, o, S("of"), json_str(x, S("of")));
      json_put_str(m, o, S("what"), json_str(x, S("what")));
      json_put_str(m, o, S("note"), S("已逐项核对，按要求改好"));
    }
  }
  if (!strcmp(d->name, "stage.draft-slip") && !json_get(a, S("items"))) {
    Json *items = json_put_arr(m, a, S("items"));
    for (const Json *i = s->plan ? s->plan->first : NULL; i; i = i->next) json_push_str(m, items, json_str(i, S("code")));
  }
  if (!strcmp(d->name, "stage.accept") && !json_get(a, S("dropped"))) answer_reports(w, n, NULL, json_put_arr(m, a, S("dropped")));
  if (!strcmp(d->name, "stage.request-correction") && !json_get(a, S("missing"))) {
    Json *list = json_put_arr(m, a, S("missing"));
    if (!json_get(a, S("decided"))) json_put_str(m, a, S("decided"), S("与两个部门核对过，以第一个为准"));
    answer_reports(w, n, list, NULL);
    Json *one = json_push_obj(m, list);
    json_put_str(m, one, S("what"), S("申请表"));
    json_put_str(m, one, S("why"), S("联系人没有填"));
  }
  if (!strcmp(d->name, "item.return")) {
    if (!json_get(a, S("why_late"))) json_put_str(m, a, S("why_late"), S("收到派转单以后才看到附件"));
    if (!json_get(a, S("missing"))) {
      Json *one = json_push_obj(m, json_put_arr(m, a, S("missing")));
      json_put_str(m, one, S("what"), S("用地边界说明"));
      json_put_str(m, one, S("why"), S("与红线图对不上"));
      json_put_str(m, one, S("basis"), S("《示例法》第三条"));
    }
  }
  if (!strcmp(d->name, "stage.supply") && !json_get(a, S("files"))) {
    Json *files = json_put_arr(m, a, S("files"));
    for (size_t i = 0; i < s->lack_count; i++)
      if (!s->lacks[i].supplied_at) file_put(w, files, s->lacks[i].material);
  }
  if (!strcmp(d->name, "item.supplement")) {
    if (!json_get(a, S("note"))) json_put_str(m, a, S("note"), S("边界以红线图为准，说明已改"));
    const ItemState *i = stage_item(s, json_str(a, S("item")));
    if (!json_get(a, S("files"))) demanded_files(w, i ? i->demands : NULL, json_put_arr(m, a, S("files")));
  }
  if (!strcmp(d->name, "item.pause")) {
    if (!json_get(a, S("cause"))) json_put_str(m, a, S("cause"), S("hearing"));
    if (!json_get(a, S("planned"))) json_put_str(m, a, S("planned"), day_str(m, (Day){day_of(w->now).n + 5}));
  }
  if (!strcmp(d->name, "item.extend-pause") && !json_get(a, S("planned"))) json_put_str(m, a, S("planned"), day_str(m, (Day){day_of(w->now).n + 9}));
  if (!strcmp(d->name, "item.ask-extension") && !json_get(a, S("days"))) json_put_int(m, a, S("days"), 3);
  if (!strcmp(d->name, "item.decide") && !json_get(a, S("result"))) json_put_str(m, a, S("result"), S("pass"));
  if (str_eq(json_str(a, S("result")), S("refuse")) && !json_get(a, S("article")))
    json_put_str(m, a, S("article"), S("《示例法》第二条"));
}

/* ---- acting --------------------------------------------------------------------------------------- */

static Actor actor_of(World *w, Str who) {
  static const struct { const char *who, *name; uint32_t roles; } people[] = {
      {"owner", "王某", ROLE_APPLICANT},   {"partner", "孙某", ROLE_APPLICANT},  {"stranger", "周某", ROLE_APPLICANT},
      {"clerk", "李某", ROLE_CLERK},       {"head", "赵某", ROLE_WINDOW_HEAD},   {"timer", "系统", ROLE_SYSTEM}, {"both", "周某", ROLE_CLERK | ROLE_WINDOW_HEAD},
      {"supervisor", "钱某", ROLE_SUPERVISOR}, {"sysadmin", "郑某", ROLE_SYSADMIN}, {"secadmin", "冯某", ROLE_SECADMIN}};
  Str kind, unit = {0};
  if (str_eqz(who, "agent") || str_eqz(who, "mute"))
    return (Actor){.id = who, .name = S("周代"), .roles = ROLE_AGENT, .behalf = str_eqz(who, "mute") ? S("") : S("葫芦岛示例机械有限公司")};
  for (size_t i = 0; i < COUNT(people); i++)
    if (str_eqz(who, people[i].who)) return (Actor){.id = who, .name = str_of(people[i].name), .roles = people[i].roles};
  REQUIRE(str_cut(who, ':', &kind, &unit));
  return (Actor){.id = arena_str(w->mem, who), .name = str_eqz(kind, "uh") ? S("吴某") : S("张某"), .unit = arena_str(w->mem, unit),
                 .roles = str_eqz(kind, "uh") ? ROLE_UNIT_HEAD : ROLE_APPROVER};
}

static const CommandDecl *command_named(Str name) {
  for (size_t i = 0; i < approval_command_count; i++)
    if (str_eqz(name, approval_commands[i].name)) return &approval_commands[i];
  for (size_t i = 0; i < calendar_command_count; i++)
    if (str_eqz(name, calendar_commands[i].name)) return &calendar_commands[i];
  for (size_t i = 0; i < policy_command_count; i++)
    if (str_eqz(name, policy_commands[i].name)) return &policy_commands[i];
  return NULL;
}

static bool of_calendar(Str name) {
  return str_starts(name, S("calendar."));
}

static bool of_policy(Str name) {
  return str_starts(name, S("policy."));
}

static int64_t seq_of(const World *w, Str name) {
  const Book *b = of_calendar(name) ? w->book : w->published;
  if (of_calendar(name) || of_policy(name)) return b ? b->seq : 0;
  return w->pr ? w->pr->seq : 0;
}

/* As the projection does it. */
static void calendar_keep(World *w, const Event *e) {
  Calendars *c = w->policies.current->calendars;
  w->book = calendar_fold(w->mem, (void *)(uintptr_t)w->book, e);
  if (!str_eq(e->kind, S("calendar.confirmed"))) return;
  const Proposal *p = book_proposal(w->book, json_int(e->body, S("no"), 0));
  calendars_add(c, w->book->version, p->changes, p->change_count);
}

static void keep_events(World *w, const Command *cmd, const struct Decision *d) {
  w->fresh = d->count;
  for (size_t i = 0; i < d->count; i++) {
    REQUIRE(w->count < w->cap);
    Event *e = &w->events[w->count];
    *e = (Event){.pos = (int64_t)w->count + 1, .stream = cmd->stream, .seq = seq_of(w, cmd->name) + 1,
                 .kind = str_of(d->events[i].kind), .version = d->events[i].version, .happened = cmd->happened ? cmd->happened : cmd->now,
                 .recorded = cmd->now, .actor = cmd->actor.id, .actor_name = cmd->actor.name, .unit = cmd->actor.unit,
                 .behalf = cmd->actor.behalf,
                 .command = S("k-test-01"), .body = json_clone(w->mem, d->events[i].body ? d->events[i].body : json_obj(w->mem))};
    w->count++;
    if (of_calendar(cmd->name)) calendar_keep(w, e);
    else if (of_policy(cmd->name)) w->published = policy_fold(w->mem, (void *)(uintptr_t)w->published, e);
    else w->pr = project_fold(w->mem, (void *)(uintptr_t)w->pr, e);
  }
}

/* The form has the same two references each time; each value that is put into the vault has one of its own. */
static void refs_own(World *w, Json *j, Str mark, Command *cmd) {
  for (Json *kid = j->first; kid; kid = kid->next) {
    refs_own(w, kid, mark, cmd);
    if (kid->kind != JSON_STR || !str_starts(kid->str, S("v1."))) continue;
    kid->str = arena_fmt(w->mem, "%.*s-%.*s-%zu", SFMT(kid->str), SFMT(mark), cmd->personal_count);
    ((Personal *)(uintptr_t)cmd->personal)[cmd->personal_count++] = (Personal){.ref = kid->str, .kind = kid->key, .value = S("示例")};
  }
}

/* The store must do what was done here. */
static void runner_twin(World *w, const CommandDecl *d, const Command *cmd, const Json *args) {
  Cx cx = {.mem = w->mem, .now = w->now};
  CommandResult result;
  Command twin = *cmd;
  if (!w->runner) return;
  Json *own = json_clone(w->mem, args);
  twin.personal = arena_array(w->mem, Personal, 100);
  twin.personal_count = 0;
  refs_own(w, own, arena_fmt(w->mem, "%lld-%zu", (long long)w->no, w->count), &twin);
  twin.args = own;
  twin.key = arena_fmt(w->mem, "k-test-%lld-%zu", (long long)w->no, w->count);
  if (d->creates) twin.stream = S("");
  if (runner_run(&cx, w->runner, &twin, &result) == OK) return;
  fprintf(stderr, "  the store refused %s: %.*s\n", d->name, SFMT(cx.detail));
  REQUIRE(false && "the store does what the world does");
}

static Code decide(World *w, Cx *cx, const CommandDecl *d, const Command *cmd) {
  if (!(cmd->actor.roles & d->allow)) FAIL(DENIED, "您的岗位不能办理“%s”。", d->label);
  Json *facts = json_obj(w->mem), *clean = NULL;
  int version = calendars_newest(w->policies.current->calendars);
  json_put_str(w->mem, facts, S("stream"), arena_fmt(w->mem, "project/%lld", (long long)w->no));
  if (version) json_put_int(w->mem, facts, S("calendar"), version);
  for (const Json *v = w->beside ? w->beside->first : NULL; v; v = v->next) {
    bool mandate = str_starts(v->key, S("mandate"));
    if (!mandate || (cmd->actor.roles & ROLE_AGENT)) json_put(w->mem, facts, v->key, v);
  }
  Str package = in_force(w, day_of(cmd->happened ? cmd->happened : cmd->now));
  Day effective;
  if (package.len) json_put_str(w->mem, facts, S("policy"), package);
  if (of_policy(cmd->name) && day_parse(json_str(cmd->args, S("effective")), &effective))
    json_put_str(w->mem, facts, S("then"), in_force(w, effective));
  if (str_eq(cmd->actor.id, S("partner"))) json_put_str(w->mem, facts, S("actor_uscc"), USCC_OWNER);
  TRY(command_check(cx, d, cmd->args, &clean));
  Command canonical = *cmd;
  canonical.args = clean;
  struct Decision decision = {.mem = w->mem};
  Ask ask = {.cmd = &canonical, .decl = d, .state = w->pr, .seq = seq_of(w, cmd->name), .happened = cmd->happened ? cmd->happened : cmd->now, .now = cmd->now,
             .facts = facts, .env = &w->policies};
  if (of_calendar(cmd->name)) ask.state = w->book;
  if (of_policy(cmd->name)) ask.state = w->published;
  TRY(d->decide(cx, &ask, &decision));
  keep_events(w, cmd, &decision);
  runner_twin(w, d, cmd, clean);
  return OK;
}

Code world_do(World *w, Str who, Str command, const Json *args) {
  const CommandDecl *d = command_named(command);
  REQUIRE(d);
  Json *a = args ? json_clone(w->mem, args) : json_obj(w->mem);
  Cx cx = {.mem = w->mem, .now = w->now};
  world_fill(w, d, a);
  static const Personal brought[] = {{.ref = {.ptr = "v1.sample", .len = 9}}, {.ref = {.ptr = "v1.other", .len = 8}}};
  Str stream = of_calendar(command) ? CALENDAR_STREAM : of_policy(command) ? POLICY_STREAM : arena_fmt(w->mem, "project/%lld", (long long)w->no);
  Command cmd = {.name = command, .stream = stream, .key = S("k-test-01"), .actor = actor_of(w, who), .now = w->now,
                 .happened = w->happened, .args = a, .personal = brought, .personal_count = COUNT(brought)};
  w->fresh = 0;
  w->happened = 0;
  w->last = cmd;
  w->code = decide(w, &cx, d, &cmd);
  w->detail = cx.detail;
  w->field = cx.field;
  w->clause = cx.clause;
  return w->code;
}

Code world_step(World *w, const char *who, const char *command, int stage, Str item, const char *key, const char *value) {
  Json *a = json_obj(w->mem);
  int64_t number = 0;
  if (stage) json_put_int(w->mem, a, S("stage"), stage);
  if (item.len) json_put_str(w->mem, a, S("item"), item);
  if (key && str_to_i64(str_of(value), &number)) json_put_int(w->mem, a, str_of(key), number);
  else if (key) json_put_str(w->mem, a, str_of(key), str_of(value));
  return world_do(w, str_of(who), str_of(command), a);
}

void world_register(World *w, Str category, Str county) {
  w->category = category;
  w->county = county;
  world_do(w, S("owner"), S("project.register"), NULL);
}
