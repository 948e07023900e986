/* SPDX-License-Identifier: Apache-2.0 */
/* Escaping by context, addresses, the values of a view. */
#include "test.h"
#include "web/web_int.h"

static Str text_of(Test *t, Str s) {
  Html h = {.lang = S("zh")};
  buf_init(&h.out, 10000);
  html_text(&h, s);
  Str out = arena_str(t->mem, buf_str(&h.out));
  buf_drop(&h.out);
  return out;
}

static Str url_of(Test *t, Str s) {
  Html h = {.lang = S("zh")};
  buf_init(&h.out, 10000);
  html_url(&h, s);
  Str out = arena_str(t->mem, buf_str(&h.out));
  buf_drop(&h.out);
  return out;
}

TEST(text_and_attributes_are_escaped_the_same_way) {
  EXPECT_STR(text_of(t, S("<b a=\"1\" c='2'>&amp;</b>")), S("&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;&lt;/b&gt;"));
  EXPECT_STR(text_of(t, S("葫芦岛 280.5 ㎡")), S("葫芦岛 280.5 ㎡"));
  EXPECT_STR(text_of(t, S("")), S(""));
  EXPECT_STR(text_of(t, S("&")), S("&amp;"));
}

static Str cited(Test *t, const Policy *p, Str lang, Str id) {
  Html h = {.lang = lang, .policy = p};
  buf_init(&h.out, 10000);
  html_cite_id(&h, id);
  Str out = arena_str(t->mem, buf_str(&h.out));
  buf_drop(&h.out);
  return out;
}

TEST(a_clause_is_written_as_offices_write_it_and_by_its_id_in_english) {
  Cx own = {.mem = t->mem};
  const Policy *p = NULL;
  Mistakes wrong = {0};
  REQUIRE(policy_load(&own, arena_fmt(t->mem, "%.*s/policies/huludao", SFMT(test_root())), &p, &wrong) == OK);
  EXPECT_STR(cited(t, p, S("zh"), S("D60-2.6.3")), S("葫政办发〔2019〕60号 二、（六）3"));
  EXPECT_STR(cited(t, p, S("en"), S("D60-2.6.3")), S("D60-2.6.3"));
  EXPECT_STR(cited(t, p, S("zh"), S("示例文件第 1 条 <b>")), S("示例文件第 1 条 &lt;b&gt;"));
  EXPECT_STR(cited(t, NULL, S("zh"), S("D60-2.6.3")), S("D60-2.6.3"));
}

TEST(only_addresses_of_this_site_pass) {
  static const char *const good[] = {"/", "/my/1?x=1#a", "?from=50", "#main", "tel:8890"};
  static const char *const bad[] = {"//evil.example", "/\\evil.example", "http://evil.example", "https://x", "javascript:x", "data:text/html,x",
                                    "JavaScript:x", " javascript:x", "java\tscript:x", "/a\nb", "\\\\x", "my/1", "", "/\t/evil", "vbscript:x",
                                    "/a\x7f"};
  for (size_t i = 0; i < COUNT(good); i++) EXPECT_STR(url_of(t, str_of(good[i])), str_of(good[i]));
  for (size_t i = 0; i < COUNT(bad); i++) EXPECT_STR(url_of(t, str_of(bad[i])), S("#"));
  EXPECT_STR(url_of(t, S("/a?b=1&c=\"")), S("/a?b=1&amp;c=&quot;"));
}

TEST(a_part_of_an_address_is_percent_encoded) {
  EXPECT_STR(url_encode(t->mem, S("a b/c?d&e=\"<>'%")), S("a%20b%2Fc%3Fd%26e%3D%22%3C%3E%27%25"));
  EXPECT_STR(url_encode(t->mem, S("azAZ09-._~")), S("azAZ09-._~"));
  EXPECT_STR(url_encode(t->mem, S("岛")), S("%E5%B2%9B"));
}

TEST(values_of_a_view_are_numbers_words_or_nothing) {
  Json *v = json_obj(t->mem);
  json_put_int(t->mem, v, S("n"), INT64_MIN);
  json_put_bool(t->mem, v, S("yes"), true);
  json_put_str(t->mem, v, S("s"), S("<x>"));
  json_put_arr(t->mem, v, S("list"));
  Html h = {.lang = S("zh")};
  buf_init(&h.out, 10000);
  html_push(&h, v);
  static const char *const names[] = {"n", "yes", "s", "list", "none", "s.x", "this"};
  for (size_t i = 0; i < COUNT(names); i++) {
    html_value(&h, html_get(&h, str_of(names[i])));
    html_lit(&h, "|");
  }
  EXPECT_STR(buf_str(&h.out), S("-9223372036854775808|true|&lt;x&gt;|||||"));
  EXPECT(!html_true(html_get(&h, S("list"))) && html_true(html_get(&h, S("s"))) && !html_true(NULL));
  EXPECT(html_is(html_get(&h, S("n")), S("-9223372036854775808")) && !html_is(NULL, S("")));
  html_pop(&h);
  buf_drop(&h.out);
}

TEST(an_inner_scope_hides_an_outer_one) {
  Json *outer = json_obj(t->mem), *inner = json_obj(t->mem);
  json_put_str(t->mem, outer, S("a"), S("1"));
  json_put_str(t->mem, outer, S("b"), S("2"));
  json_put_str(t->mem, inner, S("a"), S("3"));
  Html h = {.lang = S("zh")};
  html_push(&h, outer);
  html_push(&h, inner);
  EXPECT_STR(html_get(&h, S("a"))->str, S("3"));
  EXPECT_STR(html_get(&h, S("b"))->str, S("2"));
  html_pop(&h);
  EXPECT_STR(html_get(&h, S("a"))->str, S("1"));
  html_pop(&h);
}

TEST(placeholders_of_a_message_are_escaped) {
  Json *v = json_obj(t->mem);
  json_put_str(t->mem, v, S("name"), S("<i>"));
  Html h = {.lang = S("zh")};
  buf_init(&h.out, 1000);
  html_push(&h, v);
  html_tr_fill(&h, S("甲 {name} & 乙 {none}。"));
  EXPECT_STR(buf_str(&h.out), S("甲 &lt;i&gt; &amp; 乙 。"));
  html_pop(&h);
  buf_drop(&h.out);
}

TEST(assets_are_found_by_name_and_by_hash_only) {
  const Asset *css = asset_find(S("s.css"));
  EXPECT(css != NULL);
  if (!css) return;
  Str url = asset_url(t->mem, css);
  EXPECT(str_starts(url, S("/a/s.")) && str_ends(url, S(".css")));
  EXPECT(asset_served(str_sub(url, 3, url.len)) == css);
  EXPECT(asset_served(S("s.css")) == NULL && asset_served(S("s.000000000000.css")) == NULL);
  EXPECT(asset_served(S("")) == NULL && asset_find(S("nothing")) == NULL);
  const Asset *mo = asset_find(S("en.mo"));
  EXPECT(mo && asset_served(str_sub(asset_url(t->mem, mo), 3, SIZE_MAX)) == NULL);
}
