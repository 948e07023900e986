/* SPDX-License-Identifier: Apache-2.0 */
/* test_model.c: public numbers, masking, sentences of the timeline, readings. */
#include "world.h"

/* ---- numbers --------------------------------------------------------------------------------------- */

TEST(a_number_comes_back_as_what_it_was) {
  static const int64_t numbers[] = {1, 2, 9, 10, 123, 999999, 1000000, 123456789};
  for (size_t i = 0; i < COUNT(numbers); i++) {
    int64_t back = 0;
    EXPECT(project_number_parse(project_number(t->mem, numbers[i]), &back));
    EXPECT_INT(back, numbers[i]);
  }
}

TEST(every_single_wrong_character_of_a_number_is_found) {
  static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  size_t tried = 0, found = 0;
  for (int64_t no = 1; no < 4000; no += 37) {
    Str right = project_number(t->mem, no);
    char *wrong = arena_array(t->mem, char, right.len);
    for (size_t at = 0; at < right.len; at++) {
      if (right.ptr[at] == '-') continue;
      for (const char *c = letters; *c; c++) {
        int64_t back = 0;
        memcpy(wrong, right.ptr, right.len);
        if (wrong[at] == *c) continue;
        wrong[at] = *c;
        tried++;
        if (!project_number_parse((Str){.ptr = wrong, .len = right.len}, &back)) found++;
      }
    }
  }
  EXPECT(tried > 30000);
  EXPECT_INT(found, tried);
}

/* MOD 37,36 finds every wrong character, but of swaps only almost all: that is what the standard promises. */
TEST(nearly_every_swap_of_neighbouring_digits_is_found) {
  size_t tried = 0, missed = 0;
  for (int64_t no = 1; no < 200000; no += 997) {
    Str right = project_number(t->mem, no);
    char *wrong = arena_array(t->mem, char, right.len);
    for (size_t at = 4; at < 9; at++) {
      int64_t back = 0;
      if (right.ptr[at] == right.ptr[at + 1]) continue;
      memcpy(wrong, right.ptr, right.len);
      wrong[at] = right.ptr[at + 1];
      wrong[at + 1] = right.ptr[at];
      tried++;
      if (project_number_parse((Str){.ptr = wrong, .len = right.len}, &back)) missed++;
    }
  }
  EXPECT(tried > 500);
  EXPECT(missed * 50 < tried);
}

TEST(case_blanks_and_dashes_of_a_number_are_forgiven) {
  int64_t no = 0;
  EXPECT(project_number_parse(S("hld-000001-p"), &no) && no == 1);
  EXPECT(project_number_parse(S("  HLD 000001 P "), &no) && no == 1);
  EXPECT(project_number_parse(S("HLD000001P"), &no) && no == 1);
}

/* From paper or by ear: O is 0, I and L are 1, also where the check letter is one of them. A wrong digit is then still found, but for few. */
TEST(letters_that_look_like_digits_are_read_as_them) {
  int64_t no = 0;
  size_t tried = 0, missed = 0;
  EXPECT(project_number_read(t->mem, S("HLD-OOOOOl-p"), &no) && no == 1);
  EXPECT(project_number_read(t->mem, S("h1d-oooooi-p"), &no) && no == 1);
  EXPECT(!project_number_read(t->mem, S("HLD-OOOOOl-q"), &no) && !project_number_read(t->mem, S("SL-000001-1-1"), &no) && !project_number_read(t->mem, S("HL"), &no));
  for (int64_t n = 1; n < 3000; n++) {
    Str right = project_number(t->mem, n);
    char *other = arena_array(t->mem, char, right.len + 1);
    memcpy(other, right.ptr, right.len);
    char *end = &other[right.len - 1];
    char first = *end;
    *end = first == 'O' ? '0' : first == '0' ? 'O' : first == '1' ? 'L' : first == 'I' || first == 'L' ? '1' : first;
    EXPECT(project_number_read(t->mem, (Str){.ptr = other, .len = right.len}, &no) && no == n);
    *end = first;
    for (char c = '0'; c <= '9'; c++) {
      other[9] = c;
      if (c == right.ptr[9]) continue;
      tried++;
      missed += project_number_read(t->mem, (Str){.ptr = other, .len = right.len}, &no);
    }
  }
  EXPECT(tried > 20000 && missed * 50 < tried);
}

TEST(what_is_no_number_is_not_taken_for_one) {
  static const char *const wrong[] = {"", "HLD", "HLD-", "HLD-000001", "HLD-00001-P", "HLD-0000001-P", "ABC-000001-P",
                                      "HLD-000001-PP", "HLD-00000१-P", "SL-000001-1-1", "HLD-9999999999999-P", "P-000001-HLD"};
  for (size_t i = 0; i < COUNT(wrong); i++) {
    int64_t no = 0;
    EXPECT(!project_number_parse(str_of(wrong[i]), &no));
  }
}

/* ---- masking --------------------------------------------------------------------------------------- */

TEST(names_are_masked_by_their_length) {
  static const char *const rows[][2] = {{"张三", "张*"}, {"张小三", "张*三"}, {"欧阳小三", "欧**三"}, {"张", "张"},
                                        {"示例机械厂", "示例*械厂"}, {"葫芦岛示例机械有限公司", "葫芦岛示*****公司"}};
  for (size_t i = 0; i < COUNT(rows); i++) EXPECT_STR(mask_name(t->mem, str_of(rows[i][0])), str_of(rows[i][1]));
}

TEST(telephone_numbers_show_three_and_four_digits) {
  EXPECT_STR(mask_phone(t->mem, S("13912345678")), S("139****5678"));
  EXPECT_STR(mask_phone(t->mem, S("0429-3112345")), S("042****2345"));
  EXPECT_STR(mask_phone(t->mem, S("110")), S("****"));
  EXPECT_STR(mask_phone(t->mem, S("")), S("****"));
}

/* ---- sentences ------------------------------------------------------------------------------------- */

/* A project through everything that leaves a sentence. */
static void busy_life(World *w) {
  const Str none = S("");
  world_register(w, S("industry"), S("longgang"));
  world_upto(w, 1, STAGE_CORRECTION);
  world_upto(w, 1, STAGE_SLIP);
  world_step(w, "head", "stage.return-slip", 1, none, "reason", "李某漏写了意见");
  world_upto(w, 1, STAGE_RUNNING);
  world_step(w, "ap:natural-resources", "item.take", 1, S("land-preview"), NULL, NULL);
  world_step(w, "ap:natural-resources", "item.pause", 1, S("land-preview"), "notice", "请王某等待鉴定");
  world_step(w, "ap:natural-resources", "item.resume", 1, S("land-preview"), NULL, NULL);
  world_step(w, "ap:natural-resources", "item.ask-extension", 1, S("land-preview"), NULL, NULL);
  world_step(w, "uh:natural-resources", "item.extend", 1, S("land-preview"), NULL, NULL);
  world_step(w, "owner", "item.withdraw", 1, S("site-opinion"), "reason", "王某要求");
  world_step(w, "owner", "item.reapply", 1, S("site-opinion"), NULL, NULL);
  world_upto(w, 1, STAGE_REFUSED);
  world_through(w, 1);
  world_step(w, "owner", "project.withdraw", 0, none, "reason", "王某不办了");
}

TEST(a_masked_sentence_names_no_person_and_no_reason) {
  static const char *const persons[] = {"王某", "李某", "赵某", "张某", "吴某"};
  World w;
  const Policy *p = huludao(cx);
  world_open(&w, t->mem, p);
  busy_life(&w);
  EXPECT_INT(w.pr->status, PROJECT_TERMINATED);
  size_t kinds = 0;
  for (size_t i = 0; i < w.count; i++) {
    Str open = event_sentence(t->mem, p, &w.events[i], TELL_ALL), masked = event_sentence(t->mem, p, &w.events[i], TELL_PUBLIC);
    EXPECT(open.len && masked.len && masked.len <= open.len);
    for (size_t k = 0; k < COUNT(persons); k++) EXPECT(!str_has(masked, str_of(persons[k])));
    if (str_has(open, w.events[i].actor_name)) kinds++;
  }
  EXPECT(kinds > 20);
}

TEST(sentences_say_who_did_what_to_which_item) {
  World w;
  const Policy *p = huludao(cx);
  world_open(&w, t->mem, p);
  busy_life(&w);
  Str all = S("");
  for (size_t i = 0; i < w.count; i++) all = arena_fmt(t->mem, "%.*s%.*s\n", SFMT(all), SFMT(event_sentence(t->mem, p, &w.events[i], TELL_ALL)));
  EXPECT(str_has(all, S("王某登记了项目\n")));
  EXPECT(str_has(all, S("王某提交第1阶段补正\n")));
  EXPECT(str_has(all, S("综合窗口李某：第1阶段材料需要补正，已一次性告知\n")));
  EXPECT(str_has(all, S("窗口负责人赵某：退回第1阶段派转单：李某漏写了意见\n")));
  EXPECT(str_has(all, S("市自然资源局“建设项目用地预审”张某：接单\n")));
  EXPECT(str_has(all, S("市自然资源局“建设项目用地预审”张某：暂停计时：请王某等待鉴定\n")));
  EXPECT(str_has(all, S("不通过\n")));
  EXPECT(str_has(all, S("综合窗口李某：第1阶段不予许可\n")));
  EXPECT(str_has(all, S("王某重新申报“建设项目选址意见书核发”")));
  EXPECT(str_has(all, S("王某撤回了整个项目：王某不办了\n")));
}

TEST(who_does_not_work_here_reads_plain_words) {
  static const char *const office[] = {"派转", "接单", "阅批", "出件", "并联", "前置", "体外循环"};
  World w;
  const Policy *p = huludao(cx);
  world_open(&w, t->mem, p);
  busy_life(&w);
  bool told = false;
  for (size_t i = 0; i < w.count; i++)
    for (Telling to = TELL_OWNER; to <= TELL_PUBLIC; to++) {
      Str s = event_sentence(t->mem, p, &w.events[i], to);
      for (size_t k = 0; k < COUNT(office); k++) EXPECT(!str_has(s, str_of(office[k])));
      told |= str_eq(s, S("窗口负责人赵某：第1阶段申请已转给各部门，同时开始办理"));
    }
  EXPECT(told);
  for (StageStatus s = STAGE_NA; s < STAGE_STATUS__MAX; s++)
    for (size_t k = 0; k < COUNT(office); k++) EXPECT(!str_has(stage_status_plain(s), str_of(office[k])));
  for (ItemStatus s = ITEM_WAITING; s < ITEM_STATUS__MAX; s++)
    for (size_t k = 0; k < COUNT(office); k++) EXPECT(!str_has(item_status_plain(s), str_of(office[k])));
}

TEST(deemed_acceptance_tells_its_day_on_the_public_page_too) {
  World w;
  const Policy *p = huludao(cx);
  world_open(&w, t->mem, p);
  world_register(&w, S("industry"), S("longgang"));
  world_upto(&w, 1, STAGE_SUBMITTED);
  world_days(&w, 10);
  world_step(&w, "timer", "stage.deem-accepted", 1, S(""), NULL, NULL);
  EXPECT_STR(event_sentence(t->mem, p, &w.events[w.count - 1], TELL_PUBLIC),
             S("综合窗口：受理第1阶段申请（逾期未答复，自收到之日 2019-09-02 起视为受理）"));
}

/* ---- readings -------------------------------------------------------------------------------------- */

TEST(before_acceptance_a_stage_has_its_whole_limit_and_no_lamp) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  Reading r = project_stage_reading(t->mem, w.policies.current, w.pr, 2, w.now);
  EXPECT_INT(r.lamp, LAMP_NONE);
  EXPECT_INT(r.left, 20);
  EXPECT(!r.has_due);
}

TEST(the_reading_of_a_decided_item_never_changes_again) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  world_upto(&w, 1, STAGE_RUNNING);
  world_days(&w, 2);
  world_pass(&w, 1, S("land-preview"));
  const ItemState *i = stage_item(&w.pr->stages[1], S("land-preview"));
  Reading then = project_item_reading(w.policies.current, i, w.now);
  Reading later = project_item_reading(w.policies.current, i, w.now + 400 * DAY_MS);
  EXPECT_INT(then.used, 2);
  EXPECT_INT(then.lamp, LAMP_DONE);
  EXPECT(memcmp(&then, &later, sizeof then) == 0);
}

TEST(a_delivered_stage_ends_with_its_certificate_not_its_delivery) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  world_upto(&w, 1, STAGE_CERTIFIED);
  world_days(&w, 9);
  world_upto(&w, 1, STAGE_DELIVERED);
  Reading r = project_stage_reading(t->mem, w.policies.current, w.pr, 1, w.now);
  EXPECT_INT(r.used, 0);
  EXPECT_INT(r.lamp, LAMP_DONE);
}
