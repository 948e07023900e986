/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

TEST(tree_is_built_and_written_sorted) {
  Arena *a = t->mem;
  Json *o = json_obj(a);
  json_put_str(a, o, S("name"), S("示例"));
  json_put_int(a, o, S("days"), -20);
  json_put_bool(a, o, S("open"), true);
  json_put(a, o, S("none"), NULL);
  json_put_str(a, json_put_obj(a, o, S("inner")), S("k"), S("v"));
  Json *arr = json_put_arr(a, o, S("list"));
  json_push_str(a, arr, S("x"));
  json_put_int(a, json_push_obj(a, arr), S("n"), 1);
  json_push_str(a, json_push_arr(a, arr), S("y"));
  json_push(a, arr, NULL);
  EXPECT_INT(arr->count, 4);
  EXPECT_STR(json_text(a, o), S("{\"days\":-20,\"inner\":{\"k\":\"v\"},"
                                "\"list\":[\"x\",{\"n\":1},[\"y\"],null],"
                                "\"name\":\"示例\",\"none\":null,\"open\":true}"));
}

TEST(tree_setting_a_key_again_replaces_it_in_place) {
  Arena *a = t->mem;
  Json *o = json_obj(a);
  json_put_int(a, o, S("a"), 1);
  json_put_int(a, o, S("b"), 2);
  json_put_int(a, o, S("c"), 3);
  json_put_str(a, o, S("b"), S("new"));
  EXPECT_INT(o->count, 3);
  EXPECT_STR(json_text(a, o), S("{\"a\":1,\"b\":\"new\",\"c\":3}"));
  EXPECT_INT(json_put_obj(a, o, S("c"))->count, 0);
  json_put_int(a, o, S("d"), 4); /* the last link still holds */
  EXPECT_STR(json_text(a, o), S("{\"a\":1,\"b\":\"new\",\"c\":{},\"d\":4}"));
}

TEST(tree_a_member_may_be_put_onto_itself) {
  Json *o = json_obj(t->mem);
  json_put_int(t->mem, o, S("k"), 7);
  json_put_int(t->mem, o, S("l"), 8);
  json_put(t->mem, o, S("k"), json_get(o, S("k")));
  EXPECT_STR(json_text(t->mem, o), S("{\"k\":7,\"l\":8}"));
}

TEST(tree_put_and_push_take_the_value_without_its_name_or_siblings) {
  Arena *a = t->mem;
  Json *from = json_obj(a), *to = json_obj(a), *arr = json_arr(a);
  json_put_int(a, from, S("x"), 1);
  json_put_int(a, from, S("y"), 2);
  json_put(a, to, S("z"), json_get(from, S("x")));
  json_push(a, arr, json_get(from, S("x")));
  EXPECT_STR(json_text(a, to), S("{\"z\":1}"));
  EXPECT_STR(json_text(a, arr), S("[1]"));
  EXPECT(arr->first->key.len == 0 && arr->first->next == NULL);
  EXPECT_STR(json_text(a, from), S("{\"x\":1,\"y\":2}"));
}

TEST(tree_reading_gives_defaults_and_never_fails) {
  Arena *a = t->mem;
  Json *o = json_obj(a);
  json_put_str(a, o, S("s"), S("text"));
  json_put_int(a, o, S("n"), 5);
  json_put_bool(a, o, S("b"), true);
  json_put_int(a, o, S(""), 9);
  EXPECT_STR(json_str(o, S("s")), S("text"));
  EXPECT_STR(json_str(o, S("n")), S(""));
  EXPECT_STR(json_str(o, S("missing")), S(""));
  EXPECT_INT(json_int(o, S("n"), -1), 5);
  EXPECT_INT(json_int(o, S("s"), -1), -1);
  EXPECT_INT(json_int(o, S("b"), -1), -1); /* a bool is not a number */
  EXPECT(json_bool(o, S("b")) && !json_bool(o, S("n")) && !json_bool(o, S("x")));
  EXPECT_INT(json_int(o, (Str){0}, -1), 9);
  EXPECT(json_get(NULL, S("a")) == NULL);
  EXPECT(json_get(json_arr(a), S("a")) == NULL);
  EXPECT(json_get(o, S("S")) == NULL && json_get(o, S("ss")) == NULL);
}

TEST(tree_clone_outlives_its_source) {
  Arena *longer = arena_open(1 << 20), *shorter = arena_open(1 << 20);
  Json *o = json_obj(shorter);
  json_put_str(shorter, o, arena_str(shorter, S("key")), arena_str(shorter, S("value")));
  json_push_str(shorter, json_put_arr(shorter, o, S("l")), arena_str(shorter, S("x")));
  json_put_bool(shorter, o, S("b"), true);
  Json *copy = json_clone(longer, o);
  arena_close(shorter);
  EXPECT_STR(json_text(t->mem, copy), S("{\"b\":true,\"key\":\"value\",\"l\":[\"x\"]}"));
  arena_close(longer);
}

TEST(tree_clone_of_a_member_has_no_siblings) {
  Json *o = json_obj(t->mem);
  json_put_int(t->mem, o, S("a"), 1);
  json_put_int(t->mem, o, S("b"), 2);
  Json *copy = json_clone(t->mem, json_get(o, S("a")));
  EXPECT(copy->next == NULL && copy->num == 1);
  EXPECT_INT(json_clone(t->mem, NULL)->kind, JSON_NULL);
}

TEST(tree_writing_into_a_full_buffer_is_noticed) {
  Json *o = json_obj(t->mem);
  json_put_str(t->mem, o, S("key"), S("a longer value"));
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 10);
  json_write(&b, o);
  EXPECT(b.full);
  EXPECT(b.len <= 10);
}

TEST(tree_many_unsorted_keys_come_out_sorted) {
  Arena *a = t->mem;
  Json *o = json_obj(a);
  for (int i = 0; i < 500; i++) json_put_int(a, o, arena_fmt(a, "k%03d", i * 7 % 500), i);
  EXPECT_INT(o->count, 500);
  Json *back = NULL;
  EXPECT_INT(json_parse(cx, json_text(a, o), &back), OK);
  int wrong = 0, n = 0;
  for (const Json *kid = back->first; kid; kid = kid->next, n++)
    wrong += !str_eq(kid->key, arena_fmt(a, "k%03d", n));
  EXPECT_INT(wrong, 0);
  EXPECT_INT(n, 500);
}
