/* SPDX-License-Identifier: Apache-2.0 */
/* Personal data on a real store: asked for, confirmed and erased; looked at with a purpose; all of it replayed. */
#include "approval/personal.h"
#include "city.h"

static const struct { const char *id, *unit; uint32_t roles; } people[] = {
    {"owner", "", ROLE_APPLICANT},  {"stranger", "", ROLE_APPLICANT}, {"wang", "window", ROLE_CLERK},
    {"sec", "", ROLE_SECADMIN},     {"sec2", "", ROLE_SECADMIN},      {"wu", "business-environment", ROLE_SUPERVISOR},
    {"sys", "", ROLE_SYSADMIN},     {"audit", "", ROLE_AUDITOR},      {"system", "", ROLE_SYSTEM},
    {"ap", "natural-resources", ROLE_APPROVER}, {"other", "tax", ROLE_APPROVER}};

typedef struct Send {
  City *c;
  Cx *cx;
  int64_t now;
  int count;
  CommandResult r;
} Send;

static Code sent(Send *s, const char *who, const char *command, const char *stream, Str args, const Personal *personal, size_t n) {
  Json *tree = NULL;
  Command cmd = {.name = str_of(command), .stream = str_of(stream), .now = s->now, .personal = personal, .personal_count = n,
                 .key = arena_fmt(s->c->mem, "personal-%06d", ++s->count)};
  cx_clear(s->cx);
  Code code = json_parse(s->cx, args, &tree);
  REQUIRE(code == OK);
  cmd.args = tree;
  for (size_t i = 0; i < COUNT(people); i++)
    if (!strcmp(people[i].id, who))
      cmd.actor = (Actor){.id = str_of(who), .name = arena_fmt(s->c->mem, "%s某", who), .unit = str_of(people[i].unit), .roles = people[i].roles};
  REQUIRE(cmd.actor.id.len);
  code = runner_run(s->cx, s->c->runner, &cmd, &s->r);
  return code;
}

static Code ask(Send *s, const char *who, const char *record, const char *ground) {
  return sent(s, who, "personal.request", "",
              arena_fmt(s->c->mem, "{\"record\":\"%s\",\"ground\":\"%s\",\"reason\":\"已经用不着了\"}", record, ground), NULL, 0);
}

static Code confirm(Send *s, const char *who, const char *stream, int no) {
  return sent(s, who, "personal.confirm", stream, arena_fmt(s->c->mem, "{\"no\":%d}", no), NULL, 0);
}

static Code look(Send *s, const char *who, const char *record, Str ref, const char *purpose, const char *note) {
  return sent(s, who, "personal.look", "",
              arena_fmt(s->c->mem, "{\"record\":\"%s\",\"ref\":\"%.*s\",\"purpose\":\"%s\",\"note\":\"%s\"}", record, SFMT(ref), purpose, note),
              NULL, 0);
}

/* The references of a record that are still there. */
static size_t refs_of(City *c, Cx *cx, const char *record, Str *first) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  PersonalRef *list = NULL;
  size_t n = 0, live = 0;
  cx_clear(cx);
  REQUIRE(reader_open(cx, c->runner, &rd) == OK && personal_of(cx, reader_views(rd), str_of(record), &list, &n) == OK);
  for (size_t i = 0; i < n; i++) {
    Str value;
    bool there = reader_vault(cx, rd, list[i].ref, &value) == OK;
    cx_clear(cx);
    REQUIRE(there == !list[i].erased); /* vault and views say the same */
    if (there && !live++ && first) *first = list[i].ref;
  }
  return live;
}

/* One project, submitted. */
static Send begun(Cx *cx, City *c, Test *t, World **w) {
  city_make(cx, c, t->mem, huludao(cx));
  *w = &c->worlds[0];
  city_world(c, *w, 1);
  (*w)->now = day_start(day_ymd(2019, 9, 2)) + 9 * 3600000LL;
  world_register(*w, S("industry"), S("longgang"));
  REQUIRE((*w)->code == OK && world_upto(*w, 1, STAGE_SUBMITTED));
  return (Send){.c = c, .cx = cx, .now = (*w)->now + 60000};
}

static void over(World *w, Send *s) {
  REQUIRE(world_do(w, S("owner"), S("project.withdraw"), NULL) == OK);
  s->now = w->now + 120000;
}

TEST(a_running_case_keeps_its_data_and_says_until_when) {
  City *c = arena_new(t->mem, City);
  World *w;
  Send s = begun(cx, c, t, &w);
  EXPECT_INT(ask(&s, "sec", "project/1", "consent"), CONFLICT);
  EXPECT(str_has(cx->detail, S("还在办理")) && str_has(cx->detail, S("以后才能清除")));
  EXPECT_STR(cx->field, S("record"));
  EXPECT_STR(cx->clause, S("GXF-47"));
  over(w, &s);
  EXPECT_INT(ask(&s, "sec", "project/1", "kept"), CONFLICT);
  EXPECT_STR(cx->field, S("ground"));
  EXPECT(str_has(cx->detail, S("2019年9月2日起保存 1095 天（示例），2022年9月1日以后可以清除")) ||
         str_has(cx->detail, S("2019年9月2日 起保存 1095 天（示例），2022年9月1日 以后可以清除")));
  s.now += 1095 * DAY_MS - 240000; /* two minutes short of it */
  EXPECT_INT(ask(&s, "sec", "project/1", "kept"), CONFLICT);
  s.now += 300000;
  EXPECT_INT(ask(&s, "sec", "project/1", "kept"), OK);
  EXPECT_INT(ask(&s, "sec", "project/1", "why-not"), CONFLICT); /* one waits */
  EXPECT_INT(ask(&s, "sec", "project/7", "consent"), NOT_FOUND);
  EXPECT_INT(ask(&s, "sec", "calendar/main", "consent"), INVALID);
  cx_clear(cx);
  city_end(c);
  city_drop(c);
}

TEST(it_takes_two_persons_and_then_nothing_is_left_but_the_log) {
  City *c = arena_new(t->mem, City);
  World *w;
  Send s = begun(cx, c, t, &w);
  size_t all = refs_of(c, cx, "project/1", NULL);
  EXPECT(all >= 3);
  over(w, &s);
  EXPECT_INT(ask(&s, "stranger", "project/1", "consent"), NOT_FOUND);
  EXPECT_INT(ask(&s, "wang", "project/1", "consent"), DENIED);
  EXPECT_INT(ask(&s, "sys", "project/1", "consent"), DENIED);
  EXPECT_INT(ask(&s, "audit", "project/1", "consent"), DENIED);
  EXPECT_INT(ask(&s, "owner", "project/1", "whim"), INVALID);
  EXPECT_INT(ask(&s, "owner", "project/1", "consent"), OK);
  EXPECT_INT(refs_of(c, cx, "project/1", NULL), (int64_t)all); /* nothing has gone yet */
  EXPECT_INT(confirm(&s, "owner", "personal/project-1", 1), DENIED);
  EXPECT_INT(confirm(&s, "sys", "personal/project-1", 1), DENIED);
  EXPECT_INT(confirm(&s, "sec", "personal/project-1", 2), NOT_FOUND);
  EXPECT_INT(confirm(&s, "sec", "personal/project-1", 1), OK);
  EXPECT_INT(json_int(s.r.answer, S("erased"), 0), (int64_t)all);
  EXPECT_INT(refs_of(c, cx, "project/1", NULL), 0);
  EXPECT_INT(confirm(&s, "sec2", "personal/project-1", 1), CONFLICT);
  EXPECT_INT(ask(&s, "sec", "project/1", "unlawful"), CONFLICT);
  EXPECT(str_has(cx->detail, S("没有可以清除的个人信息")));
  city_proves_itself(t, cx, c, huludao(cx));
  EXPECT_INT(refs_of(c, cx, "project/1", NULL), 0);
  SCOPED(reader_close_p) Reader *rd = NULL;
  Erasure *list = NULL;
  size_t n;
  int64_t total;
  EXPECT_INT(reader_open(cx, c->runner, &rd), OK);
  EXPECT_INT(erasures_list(cx, reader_views(rd), &(ErasureFilter){.limit = 10}, &list, &n, &total), OK);
  EXPECT(n == 1 && total == 1);
  EXPECT(list[0].status == PROPOSAL_CONFIRMED && list[0].erased == (int64_t)all && !list[0].again);
  EXPECT_STR(list[0].record, S("project/1"));
  EXPECT_STR(list[0].basis, S("个人信息保护法第四十七条第一款第（三）项"));
  EXPECT_STR(list[0].by, S("owner"));
  EXPECT_STR(list[0].end_by, S("sec某"));
  reader_close_p(&rd);
  city_end(c);
  city_drop(c);
}

TEST(who_asks_does_not_confirm_and_may_take_it_back) {
  City *c = arena_new(t->mem, City);
  World *w;
  Send s = begun(cx, c, t, &w);
  over(w, &s);
  EXPECT_INT(ask(&s, "sec", "project/1", "unlawful"), OK);
  EXPECT_INT(confirm(&s, "sec", "personal/project-1", 1), DENIED);
  EXPECT(str_has(cx->detail, S("要两个人")));
  EXPECT_INT(sent(&s, "owner", "personal.reject", "personal/project-1", S("{\"no\":1,\"reason\":\"不是我的\"}"), NULL, 0), NOT_FOUND);
  EXPECT_INT(sent(&s, "wu", "personal.reject", "personal/project-1", S("{\"no\":1,\"reason\":\"问过 13912345678\"}"), NULL, 0), INVALID);
  EXPECT_INT(sent(&s, "wu", "personal.reject", "personal/project-1", S("{\"no\":1,\"reason\":\"还在复议期内\"}"), NULL, 0), OK);
  EXPECT_INT(ask(&s, "owner", "project/1", "consent"), OK);
  EXPECT_INT(sent(&s, "owner", "personal.reject", "personal/project-1", S("{\"no\":2,\"reason\":\"先不清除\"}"), NULL, 0), OK);
  EXPECT_INT(ask(&s, "sec", "project/1", "unlawful"), OK);
  EXPECT_INT(confirm(&s, "wu", "personal/project-1", 3), OK);
  EXPECT_INT(refs_of(c, cx, "project/1", NULL), 0);
  city_proves_itself(t, cx, c, huludao(cx));
  city_end(c);
  city_drop(c);
}

TEST(looking_is_an_event_with_a_purpose_for_those_who_work_on_the_case) {
  City *c = arena_new(t->mem, City);
  World *w;
  Str ref = {0};
  Send s = begun(cx, c, t, &w);
  refs_of(c, cx, "project/1", &ref);
  EXPECT_INT(look(&s, "wang", "project/1", ref, "curious", "看看是谁"), INVALID);
  EXPECT_STR(cx->field, S("purpose"));
  EXPECT_INT(look(&s, "wang", "project/1", ref, "contact", "打 13912345678 联系"), INVALID);
  EXPECT_STR(cx->field, S("note"));
  EXPECT_INT(look(&s, "wang", "project/1", S("v1.nobody"), "contact", "通知补正"), NOT_FOUND);
  EXPECT_INT(look(&s, "wang", "project/2", ref, "contact", "通知补正"), NOT_FOUND);
  EXPECT_INT(look(&s, "ap", "project/1", ref, "contact", "通知补正"), NOT_FOUND); /* nothing was dispatched to this unit yet */
  for (size_t i = 0; i < COUNT(people); i++)
    if (people[i].roles & (ROLE_SYSADMIN | ROLE_SECADMIN | ROLE_AUDITOR | ROLE_APPLICANT | ROLE_SYSTEM))
      EXPECT_INT(look(&s, people[i].id, "project/1", ref, "contact", "通知补正"), DENIED);
  EXPECT_INT(look(&s, "wang", "project/1", ref, "contact", "通知补正"), OK);
  EXPECT(!s.r.answer); /* the value is in no answer that is kept */
  for (int i = 1; i < 30; i++) EXPECT_INT(look(&s, "wang", "project/1", ref, "check", "核对"), OK);
  EXPECT_INT(look(&s, "wang", "project/1", ref, "check", "核对"), LIMIT);
  EXPECT(str_has(cx->detail, S("一小时内最多查看 30 项")));
  EXPECT_INT(look(&s, "wu", "project/1", ref, "inspect", "抽查"), OK);
  s.now += 3600 * 1000 + 1;
  EXPECT_INT(look(&s, "wang", "project/1", ref, "check", "核对"), OK);
  city_proves_itself(t, cx, c, huludao(cx));
  SCOPED(reader_close_p) Reader *rd = NULL;
  Look *list = NULL;
  size_t n;
  int64_t total;
  EXPECT_INT(reader_open(cx, c->runner, &rd), OK);
  EXPECT_INT(looks_list(cx, reader_views(rd), &(LookFilter){.record = S("project/1"), .limit = 5}, &list, &n, &total), OK);
  EXPECT(n == 5 && total == 32);
  EXPECT_STR(list[1].actor, S("wu"));
  EXPECT_STR(list[1].purpose, S("监督检查"));
  EXPECT_STR(list[1].note, S("抽查"));
  EXPECT_STR(list[1].ref, ref);
  EXPECT_INT(looks_list(cx, reader_views(rd), &(LookFilter){.actor = S("wang"), .limit = 5, .offset = 30}, &list, &n, &total), OK);
  EXPECT(n == 1 && total == 31);
  reader_close_p(&rd);
  city_end(c);
  city_drop(c);
}

TEST(a_department_looks_where_it_has_an_item) {
  City *c = arena_new(t->mem, City);
  World *w;
  Str ref = {0};
  Send s = begun(cx, c, t, &w);
  world_dispatch(w, 1);
  s.now = w->now + 60000;
  refs_of(c, cx, "project/1", &ref);
  bool has = false;
  for (size_t i = 0; i < w->pr->stages[1].item_count; i++) has |= str_eq(w->pr->stages[1].items[i].unit, S("natural-resources"));
  EXPECT(has);
  EXPECT_INT(look(&s, "ap", "project/1", ref, "check", "核对联系人"), OK);
  EXPECT_INT(look(&s, "other", "project/1", ref, "check", "核对联系人"), NOT_FOUND);
  cx_clear(cx);
  city_end(c);
  city_drop(c);
}

static Code account(Send *s, const char *id, Str phone, Str password) {
  Personal all[] = {{.ref = password, .kind = S("password"), .value = S("$argon2id$sample")}, {.ref = phone, .kind = S("phone"), .value = S("13912345678")}};
  return sent(s, "system", "user.create", "",
              arena_fmt(s->c->mem, "{\"id\":\"%s\",\"name\":\"钱某\",\"roles\":\"applicant\",\"org_name\":\"示例\",\"org_uscc\":\"91211400MA0XYW122L\","
                                   "\"password_ref\":\"%.*s\",\"phone_ref\":\"%.*s\"}", id, SFMT(password), SFMT(phone)), all, 2);
}

TEST(of_an_account_in_use_the_password_in_force_stays) {
  City *c = arena_new(t->mem, City);
  World *w;
  Send s = begun(cx, c, t, &w);
  Code made = account(&s, "qian", S("v1.phone1"), S("v1.password1"));
  EXPECT_STR(cx->detail, S(""));
  EXPECT_INT(made, OK);
  Personal next = {.ref = S("v1.password2"), .kind = S("password"), .value = S("$argon2id$other")};
  s.now += 1000;
  EXPECT_INT(sent(&s, "system", "user.set-password", "user/qian", S("{\"password_ref\":\"v1.password2\"}"), &next, 1), OK);
  EXPECT_INT(look(&s, "wang", "user/qian", S("v1.phone1"), "contact", "联系"), NOT_FOUND);
  EXPECT_INT(ask(&s, "sec", "user/qian", "consent"), OK);
  EXPECT_INT(confirm(&s, "sec2", "personal/user-qian", 1), OK);
  EXPECT_INT(json_int(s.r.answer, S("erased"), 0), 2); /* the telephone and the old password */
  EXPECT_INT(refs_of(c, cx, "user/qian", NULL), 1);
  EXPECT_INT(ask(&s, "sec", "user/qian", "consent"), CONFLICT);
  EXPECT_INT(sent(&s, "system", "user.disable", "user/qian", S("{}"), NULL, 0), OK);
  EXPECT_INT(ask(&s, "sec", "user/qian", "consent"), OK);
  EXPECT_INT(confirm(&s, "sec2", "personal/user-qian", 2), OK);
  EXPECT_INT(refs_of(c, cx, "user/qian", NULL), 0);
  city_proves_itself(t, cx, c, huludao(cx));
  city_end(c);
  city_drop(c);
}

TEST(an_account_with_running_cases_keeps_its_telephone) {
  City *c = arena_new(t->mem, City);
  World *w;
  Send s = begun(cx, c, t, &w);
  EXPECT_INT(account(&s, "owner", S("v1.phone1"), S("v1.password1")), OK);
  EXPECT_INT(ask(&s, "owner", "user/owner", "consent"), CONFLICT);
  EXPECT(str_has(cx->detail, S("还有 1 个项目在办")));
  over(w, &s);
  EXPECT_INT(ask(&s, "stranger", "user/owner", "consent"), NOT_FOUND);
  EXPECT_INT(ask(&s, "owner", "user/owner", "consent"), OK);
  cx_clear(cx);
  city_end(c);
  city_drop(c);
}

TEST(what_a_restored_backup_lost_again_is_written_into_its_journal) {
  City *c = arena_new(t->mem, City);
  World *w;
  Str ref = {0};
  Send s = begun(cx, c, t, &w);
  refs_of(c, cx, "project/1", &ref);
  Str args = arena_fmt(t->mem, "{\"record\":\"project/1\",\"refs\":[\"%.*s\"],\"at\":1567400000000,\"pos\":99,\"leaf\":\"aa\",\"list\":\"bb\"}", SFMT(ref));
  EXPECT_INT(sent(&s, "sec", "personal.again", "", args, NULL, 0), DENIED);
  size_t before = refs_of(c, cx, "project/1", NULL);
  EXPECT_INT(sent(&s, "system", "personal.again", "", args, NULL, 0), OK);
  EXPECT_INT(refs_of(c, cx, "project/1", NULL), (int64_t)before - 1);
  over(w, &s);
  EXPECT_INT(ask(&s, "owner", "project/1", "consent"), OK); /* the rest goes the ordinary way */
  EXPECT_INT(confirm(&s, "sec", "personal/project-1", 1), OK);
  city_proves_itself(t, cx, c, huludao(cx));
  city_end(c);
  city_drop(c);
}

TEST(cases_past_their_time_are_listed_oldest_first) {
  City *c = arena_new(t->mem, City);
  World *w;
  KeptRow *list = NULL;
  size_t n;
  Send s = begun(cx, c, t, &w);
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT_INT(reader_open(cx, c->runner, &rd), OK);
  EXPECT_INT(personal_kept(cx, reader_views(rd), INT64_MAX, 10, &list, &n), OK);
  EXPECT_INT(n, 0); /* it runs */
  over(w, &s);
  EXPECT_INT(personal_kept(cx, reader_views(rd), s.now, 10, &list, &n), OK);
  EXPECT_INT(n, 1);
  EXPECT(list[0].project == 1 && list[0].values >= 3 && list[0].last == w->now);
  EXPECT_INT(personal_kept(cx, reader_views(rd), w->now, 10, &list, &n), OK);
  EXPECT_INT(n, 0); /* not before its last act */
  reader_close_p(&rd);
  city_end(c);
  city_drop(c);
}

TEST(values_are_masked_by_one_rule) {
  Str label;
  const Policy *p = huludao(cx);
  EXPECT_STR(mask_value(t->mem, FIELD_PHONE, S("13912345678")), S("139****5678"));
  EXPECT_STR(mask_value(t->mem, FIELD_IDNO, S("211402199001011234")), S("2114**********1234"));
  EXPECT_STR(mask_value(t->mem, FIELD_IDNO, S("12345")), S("****"));
  EXPECT_STR(mask_value(t->mem, FIELD_TEXT, S("张小三")), S("张*三"));
  EXPECT_STR(mask_value(t->mem, FIELD_UNSET, S("$argon2id$")), S("****"));
  EXPECT(personal_field(p, S("contact_phone"), &label) == FIELD_PHONE && str_eq(label, S("联系电话")));
  EXPECT(personal_field(p, S("password_ref"), &label) == FIELD_UNSET);
  EXPECT(personal_field(p, S("of_old"), &label) == FIELD_TEXT);
  EXPECT_STR(personal_record(t->mem, personal_stream(t->mem, S("user/a-b.c"))), S("user/a-b.c"));
  EXPECT_STR(personal_record(t->mem, S("personal/main")), S(""));
}
