/* SPDX-License-Identifier: Apache-2.0 */
/* Arguments against their declaration: each mistake is refused with the field named. */
#include "shop.h"

static const CommandDecl *add_decl(void) {
  for (size_t i = 0; i < tally_engine.command_count; i++)
    if (!strcmp(tally_engine.commands[i].name, "tally.add")) return &tally_engine.commands[i];
  return NULL;
}

static Code check(Cx *cx, const char *text, Json **clean) {
  Json *args = NULL;
  Code code = json_parse(cx, str_of(text), &args);
  REQUIRE(code == OK);
  *clean = NULL;
  cx_clear(cx);
  return command_check(cx, add_decl(), args, clean);
}

TEST(each_mistake_in_the_arguments_names_its_field) {
  static const struct { const char *args, *field; Code code; } rows[] = {
      {"{\"amount\":1,\"amuont\":2}", "amuont", INVALID},
      {"{}", "amount", INVALID},
      {"{\"amount\":null}", "amount", INVALID},
      {"{\"amount\":true}", "amount", INVALID},
      {"{\"amount\":\"\"}", "amount", INVALID},
      {"{\"amount\":\"3x\"}", "amount", INVALID},
      {"{\"amount\":\"1.5\"}", "amount", INVALID},
      {"{\"amount\":0}", "amount", INVALID},
      {"{\"amount\":1001}", "amount", INVALID},
      {"{\"amount\":\"99999999999999999999\"}", "amount", INVALID},
      {"{\"amount\":1,\"any\":\"9007199254740993\"}", "any", INVALID},
      {"{\"amount\":1,\"any\":\"-9007199254740993\"}", "any", INVALID},
      {"{\"amount\":1,\"note\":5}", "note", INVALID},
      {"{\"amount\":1,\"note\":\"短\"}", "note", INVALID},
      {"{\"amount\":1,\"note\":\"\\u0007铃声\"}", "note", INVALID},
      {"{\"amount\":1,\"note\":\"\\u202e倒写\"}", "note", INVALID},
      {"{\"amount\":1,\"on\":\"2019-02-29\"}", "on", INVALID},
      {"{\"amount\":1,\"on\":\"28.6.2019\"}", "on", INVALID},
      {"{\"amount\":1,\"colour\":\"blue\"}", "colour", INVALID},
      {"{\"amount\":1,\"colour\":\"red|green\"}", "colour", INVALID},
      {"{\"amount\":1,\"code\":\"a b\"}", "code", INVALID},
      {"{\"amount\":1,\"code\":\"中\"}", "code", INVALID},
      {"{\"amount\":1,\"code\":\"a\\nb\"}", "code", INVALID},
      {"{\"amount\":1,\"code\":\"12345678901\"}", "code", INVALID},
      {"{\"amount\":1,\"flag\":\"true\"}", "flag", INVALID},
      {"{\"amount\":1,\"flag\":1}", "flag", INVALID},
      {"{\"amount\":1,\"extra\":[]}", "extra", INVALID},
      {"{\"amount\":1,\"extra\":{\"a\":{\"b\":\"\\u200f\"}}}", "extra", INVALID},
      {"{\"amount\":1,\"extra\":{\"\\u202e\":1}}", "extra", INVALID},
      {"{\"amount\":1,\"list\":{}}", "list", INVALID},
      {"{\"amount\":1,\"list\":[1,2,3,4]}", "list", LIMIT},
      {"{\"amount\":1,\"list\":[\"\\u0000\"]}", "list", INVALID}};
  Json *clean;
  for (size_t i = 0; i < COUNT(rows); i++) {
    Json *parsed = NULL;
    if (json_parse(cx, str_of(rows[i].args), &parsed) != OK) { /* the parser is stricter still */
      cx_clear(cx);
      EXPECT(strstr(rows[i].args, "\\u0000") != NULL);
      continue;
    }
    Code code = check(cx, rows[i].args, &clean);
    if (code != rows[i].code || !str_eq(cx->field, str_of(rows[i].field)) || !cx->detail.len || clean)
      EXPECT_STR(arena_fmt(t->mem, "%s: %d %.*s", rows[i].args, (int)code, SFMT(cx->field)), S("refused"));
    cx_clear(cx);
  }
}

TEST(good_arguments_come_out_clean) {
  Json *c;
  EXPECT_INT(check(cx, "{\"amount\":\"　１２ \",\"note\":\"  两行\\n文字　\",\"on\":\"２０１９－０６－２８\","
                       "\"colour\":\"red\",\"code\":\"Ａ-1\",\"flag\":false,\"any\":-9007199254740991,"
                       "\"extra\":{\"k\":\"多行\\n可以\"},\"list\":[1,\"a\",{}],\"file\":\"\"}", &c), OK);
  EXPECT_STR(json_text(t->mem, c),
             S("{\"amount\":12,\"any\":-9007199254740991,\"code\":\"A-1\",\"colour\":\"red\","
               "\"extra\":{\"k\":\"多行\\n可以\"},\"flag\":false,\"list\":[1,\"a\",{}],\"note\":\"两行\\n文字\","
               "\"on\":\"2019-06-28\"}"));
}

TEST(letters_with_marks_are_stored_in_one_form) {
  Json *c;
  EXPECT_INT(check(cx, "{\"amount\":1,\"note\":\"Cafe\\u0301\"}", &c), OK);
  EXPECT_STR(json_str(c, S("note")), S("Caf\xc3\xa9"));
}

TEST(bytes_that_are_not_text_are_refused_wherever_they_stand) {
  Arena *m = t->mem;
  Json *clean, *args = json_obj(m);
  json_put_int(m, args, S("amount"), 1);
  json_put_str(m, args, S("note"), S("\xc0\xafxx"));
  EXPECT_INT(command_check(cx, add_decl(), args, &clean), INVALID);
  EXPECT_STR(cx->field, S("note"));
  EXPECT(utf8_valid(cx->detail));
  cx_clear(cx);
  args = json_obj(m);
  json_put_int(m, args, S("amount"), 1);
  json_put_str(m, json_put_obj(m, args, S("extra")), S("k"), S("\xff"));
  EXPECT_INT(command_check(cx, add_decl(), args, &clean), INVALID);
  EXPECT_STR(cx->field, S("extra"));
  cx_clear(cx);
  args = json_obj(m);
  json_put_int(m, args, S("\xffkey"), 1);
  EXPECT_INT(command_check(cx, add_decl(), args, &clean), INVALID);
  EXPECT(utf8_valid(cx->detail) && utf8_valid(cx->field));
  cx_clear(cx);
  EXPECT_INT(command_check(cx, add_decl(), json_arr(m), &clean), INVALID);
}

TEST(lengths_are_counted_in_characters) {
  Arena *m = t->mem;
  Buf b;
  buf_init(&b, 1 << 20);
  for (int i = 0; i < 4000; i++) buf_add(&b, S("字"));
  Json *clean, *args = json_obj(m);
  json_put_int(m, args, S("amount"), 1);
  json_put_str(m, args, S("note"), arena_str(m, buf_str(&b)));
  EXPECT_INT(command_check(cx, add_decl(), args, &clean), OK);
  buf_add(&b, S("字"));
  json_put_str(m, args, S("note"), arena_str(m, buf_str(&b)));
  EXPECT_INT(command_check(cx, add_decl(), args, &clean), INVALID);
  EXPECT(str_has(cx->detail, S("4001")));
  buf_drop(&b);
}

TEST(a_command_without_arguments_checks_only_what_is_required) {
  Json *clean = NULL;
  EXPECT_INT(command_check(cx, add_decl(), NULL, &clean), INVALID);
  EXPECT_STR(cx->field, S("amount"));
  cx_clear(cx);
  CommandDecl bare = {.name = "x", .label = "x"};
  EXPECT_INT(command_check(cx, &bare, NULL, &clean), OK);
  EXPECT_INT(clean->count, 0);
}

TEST(an_engine_with_an_incomplete_command_does_not_start) {
  Shop s;
  shop_make(&s, cx, SUITE_GM);
  CommandDecl open = tally_engine.commands[0];
  open.allow = 0;
  s.engine.commands = &open;
  s.engine.command_count = 1;
  EXPECT_INT(shop_open(&s, cx), BROKEN);
  cx_clear(cx);
  shop_drop(&s);
}
