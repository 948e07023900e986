/* SPDX-License-Identifier: Apache-2.0 */
/* Routes, tokens of forms, sessions, preferences. */
#include "test.h"
#include "web/web_int.h"

static Code nothing(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  (void)rq;
  (void)rp;
  return OK;
}

static const Route table[] = {{.method = GET, .path = "/a/{x}", .allow = ROLE_PUBLIC, .run = nothing, .help = "参数"},
                              {.method = GET, .path = "/a/new", .allow = ROLE_PUBLIC, .run = nothing, .help = "字面"},
                              {.method = POST, .path = "/a/{x}", .allow = ROLE_PUBLIC, .run = nothing, .help = "写"},
                              {.method = GET, .path = "/{y}/new", .allow = ROLE_PUBLIC, .run = nothing, .help = "前面是参数"},
                              {.method = GET, .path = "/a/{x}/b/{z}", .allow = ROLE_PUBLIC, .run = nothing, .help = "两个参数"},
                              {.path = NULL}};

TEST(a_literal_beats_a_parameter) {
  static const Route *const tables[] = {table, NULL};
  Routes *r = NULL;
  Str params[4] = {{0}};
  uint32_t methods;
  EXPECT_INT(routes_open(cx, tables, &r), OK);
  if (!r) return;
  const Route *row = routes_match(r, GET, S("/a/new"), params, &methods);
  EXPECT(row == &table[1]);
  row = routes_match(r, GET, S("/a/7"), params, &methods);
  EXPECT(row == &table[0]);
  EXPECT_STR(params[0], S("7"));
  EXPECT_INT(methods, 1u << GET | 1u << POST);
  row = routes_match(r, GET, S("/a/7/b/x.y_z-1"), params, &methods);
  EXPECT(row == &table[4]);
  EXPECT_STR(params[1], S("x.y_z-1"));
  EXPECT(routes_match(r, GET, S("/b/new"), params, &methods) == &table[3]);
}

TEST(brackets_are_part_of_a_clause) {
  static const Route *const tables[] = {table, NULL};
  Routes *r = NULL;
  Str params[4] = {{0}};
  uint32_t methods;
  EXPECT_INT(routes_open(cx, tables, &r), OK);
  if (r) EXPECT(routes_match(r, GET, S("/a/D60-2.4.1-(2)"), params, &methods) == &table[0]);
}

/* ---- links that a reader may not open ---------------------------------------------------------------- */

static const Route rooms[] = {{.method = GET, .path = "/w/{id}", .allow = ROLE_CLERK, .run = nothing, .help = "窗口"},
                              {.method = GET, .path = "/my", .allow = ROLE_APPLICANT, .run = nothing, .help = "申请人"},
                              {.method = GET, .path = "/s/time", .allow = ROLE_PUBLIC, .run = nothing, .help = "公众"},
                              {.path = NULL}};

static Str as_read_by(Cx *cx, uint32_t roles, Str prefix, Str page) {
  static const Route *const tables[] = {rooms, NULL};
  Doors d = {.roles = roles, .prefix = prefix};
  Routes *r = NULL;
  if (routes_open(cx, tables, &r) != OK) return S("");
  d.routes = r;
  SCOPED(buf_drop) Buf out = {0};
  buf_init(&out, 1 << 16);
  doors_write(&out, &d, page);
  return arena_str(cx->mem, buf_str(&out));
}

TEST(a_link_is_there_for_those_who_may_follow_it) {
  Str page = S("<p class=\"back\"><a href=\"/my\">返回</a></p><b>1 < 2</b><a class=\"open\" href=\"/w/7?x=1&amp;y\">七 <i>号</i></a> <a href=\"/s/time\">时限</a>"
               "<a class=\"btn btn--2\" href=\"/w/8\">办理</a><a href=\"https://example.org/\">外</a>");
  EXPECT_STR(as_read_by(cx, ROLE_APPLICANT, S(""), page),
             S("<p class=\"back\"><a href=\"/my\">返回</a></p><b>1 < 2</b><span>七 <i>号</i></span> <a href=\"/s/time\">时限</a><a href=\"https://example.org/\">外</a>"));
  EXPECT_STR(as_read_by(cx, ROLE_CLERK, S(""), page),
             S("<p class=\"back\"></p><b>1 < 2</b><a class=\"open\" href=\"/w/7?x=1&amp;y\">七 <i>号</i></a> <a href=\"/s/time\">时限</a>"
               "<a class=\"btn btn--2\" href=\"/w/8\">办理</a><a href=\"https://example.org/\">外</a>"));
  EXPECT_STR(as_read_by(cx, 0, S(""), page), page); /* nobody yet: it leads to the login */
}

TEST(a_page_in_english_leads_to_pages_in_english) {
  EXPECT_STR(as_read_by(cx, 0, S("/en"), S("<a href=\"/s/time\">t</a><form method=\"post\" action=\"/track\"><form action=\"/prefs\"><a href=\"/en/my\">m</a><link href=\"/a/s.css\"><a href=\"#main\">")),
             S("<a href=\"/en/s/time\">t</a><form method=\"post\" action=\"/en/track\"><form action=\"/prefs\"><a href=\"/en/my\">m</a><link href=\"/a/s.css\"><a href=\"#main\">"));
  EXPECT_STR(as_read_by(cx, 0, S("/en"), S("<a href=\"/x")), S("<a href=\"/x")); /* cut off: as it was */
}

TEST(what_does_not_fit_is_not_found) {
  static const Route *const tables[] = {table, NULL};
  Routes *r = NULL;
  Str params[4];
  uint32_t methods;
  EXPECT_INT(routes_open(cx, tables, &r), OK);
  static const char *const paths[] = {"/", "", "/a", "/a/", "/a/b/c", "/a/x y", "/a/岛", "/a//b/1", "a/new", "/A/new/"};
  for (size_t i = 0; r && i < COUNT(paths); i++) {
    EXPECT(routes_match(r, GET, str_of(paths[i]), params, &methods) == NULL);
    EXPECT_INT(methods, 0);
  }
  EXPECT(r && routes_match(r, POST, S("/a/new/x"), params, &methods) == NULL);
}

TEST(a_forgotten_field_of_a_row_stops_the_start) {
  static const Route rows[][2] = {{{.method = GET, .path = "/x", .run = nothing, .help = "h"}, {.path = NULL}},
                                  {{.path = "/x", .allow = ROLE_PUBLIC, .run = nothing, .help = "h"}, {.path = NULL}},
                                  {{.method = GET, .path = "/x", .allow = ROLE_PUBLIC, .run = nothing}, {.path = NULL}},
                                  {{.method = GET, .path = "/x", .allow = ROLE_PUBLIC, .help = "h"}, {.path = NULL}},
                                  {{.method = GET, .path = "x", .allow = ROLE_PUBLIC, .run = nothing, .help = "h"}, {.path = NULL}},
                                  {{.method = GET, .path = "/x", .allow = ROLE_PUBLIC, .run = nothing, .help = "h", .tmpl = "no such"}, {.path = NULL}},
                                  {{.method = GET, .path = "/x", .allow = ROLE_PUBLIC, .run = nothing, .help = "h", .uploads = "many"}, {.path = NULL}},
                                  {{.method = GET, .path = "/{a}/{b}/{c}/{d}/{e}", .allow = ROLE_PUBLIC, .run = nothing, .help = "h"}, {.path = NULL}}};
  static const char *const why[] = {"allow = 0", "no method", "no help", "no handler", "must begin with /", "no template", "takes no files",
                                    "more than 4"};
  for (size_t i = 0; i < COUNT(rows); i++) {
    const Route *const tables[] = {rows[i], NULL};
    Routes *r = NULL;
    EXPECT_INT(routes_open(cx, tables, &r), INVALID);
    EXPECT(str_has(cx->detail, str_of(why[i])));
    cx_clear(cx);
  }
}

TEST(one_pattern_stands_once_whatever_its_parameters_are_called) {
  static const Route twice[] = {{.method = GET, .path = "/a/{x}", .allow = ROLE_PUBLIC, .run = nothing, .help = "h"},
                                {.method = GET, .path = "/a/{y}", .allow = ROLE_PUBLIC, .run = nothing, .help = "h"},
                                {.path = NULL}};
  static const Route *const tables[] = {twice, NULL};
  Routes *r = NULL;
  EXPECT_INT(routes_open(cx, tables, &r), INVALID);
  EXPECT(str_has(cx->detail, S("twice")));
}

TEST(all_rows_of_the_program_may_start) {
  static const Route *const tables[] = {session_routes, page_routes, my_routes, work_routes, super_routes, api_routes, NULL};
  Routes *r = NULL;
  EXPECT_INT(routes_open(cx, tables, &r), OK);
  EXPECT(r && r->count > 40);
}

TEST(a_masked_token_is_new_each_time_and_proves_the_secret) {
  Secret a, b;
  random_bytes(a.b, sizeof a.b);
  random_bytes(b.b, sizeof b.b);
  Str one = csrf_mask(t->mem, a), two = csrf_mask(t->mem, a);
  EXPECT(one.len == 64 && !str_eq(one, two));
  EXPECT(csrf_check(one, a) && csrf_check(two, a) && !csrf_check(one, b));
  Str bent = arena_str(t->mem, one);
  ((char *)(uintptr_t)bent.ptr)[63] ^= 1;
  EXPECT(!csrf_check(bent, a));
  EXPECT(!csrf_check(S(""), a) && !csrf_check(str_sub(one, 0, 62), a));
  EXPECT(!csrf_check(S("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"), a));
  Secret back;
  EXPECT(csrf_from_cookie(csrf_cookie(t->mem, a), &back) && csrf_check(one, back));
  EXPECT(!csrf_from_cookie(S(""), &back) && !csrf_from_cookie(S("xx112233445566778899aabbccddeeff"), &back));
}

TEST(cookies_are_found_by_their_whole_name) {
  EXPECT_STR(cookie_get(S("a=1; sid=abc; b=2"), S("sid")), S("abc"));
  EXPECT_STR(cookie_get(S("xsid=1"), S("sid")), S(""));
  EXPECT_STR(cookie_get(S("sid"), S("sid")), S(""));
  EXPECT_STR(cookie_get(S("sid=a=b"), S("sid")), S("a=b"));
  EXPECT_STR(cookie_get(S("sid=first; sid=second"), S("sid")), S("first"));
}

static bool own(const char *origin, const char *site) {
  Head h = {.host = S("x:80"), .count = 0};
  if (origin) h.list[h.count++] = (Header){.name = S("origin"), .value = str_of(origin)};
  if (site) h.list[h.count++] = (Header){.name = S("sec-fetch-site"), .value = str_of(site)};
  return origin_is_own(&h);
}

TEST(a_foreign_origin_is_known) {
  EXPECT(own(NULL, NULL) && own("http://x:80", NULL) && own("https://x:80", "same-origin") && own(NULL, "none"));
  EXPECT(!own("http://y", NULL) && !own("null", NULL) && !own("x:80", NULL) && !own("http://x", NULL));
  EXPECT(!own(NULL, "cross-site") && !own(NULL, "same-site") && !own("http://x:80", "cross-site"));
}

TEST(preferences_know_only_their_own_words) {
  Prefs p = prefs_parse(S("dark.large.en"));
  EXPECT_STR(p.theme, S("dark"));
  EXPECT_STR(p.size, S("large"));
  EXPECT_STR(p.lang, S("en"));
  p = prefs_parse(S("\"><script>.huge.fr"));
  EXPECT_STR(prefs_text(t->mem, p), S("auto.normal.zh"));
}

TEST(a_login_leads_only_to_this_site) {
  EXPECT(next_is_local(S("/my?x=1")) && next_is_local(S("/")));
  static const char *const bad[] = {"", "//x", "/\\x", "http://x", "my", "/a b", "/a\nb", "/login", "/logout", "/a\\b", "/\xff"};
  for (size_t i = 0; i < COUNT(bad); i++) EXPECT(!next_is_local(str_of(bad[i])));
}

TEST(a_session_ends_when_idle_and_after_its_whole_life) {
  Sessions *s = sessions_open(4, 1000, 5000);
  Session one;
  Str token = sessions_start(s, t->mem, S("wang"), 7, 0, &one);
  EXPECT(token.len == 43);
  EXPECT(sessions_find(s, t->mem, token, 900, &one) && str_eq(one.user, S("wang")) && one.password_at == 7);
  EXPECT(sessions_find(s, t->mem, token, 1800, &one));
  EXPECT(!sessions_find(s, t->mem, token, 2800, &one)); /* idle for 1000 */
  token = sessions_start(s, t->mem, S("wang"), 7, 0, &one);
  for (int64_t now = 0; now < 5000; now += 900) EXPECT(sessions_find(s, t->mem, token, now, &one));
  EXPECT(!sessions_find(s, t->mem, token, 5000, &one));
  EXPECT(!sessions_find(s, t->mem, S("short"), 0, &one));
  sessions_close(s);
}

TEST(when_all_places_are_taken_the_one_idle_longest_goes) {
  Sessions *s = sessions_open(3, 100000, 1000000);
  Session one;
  Str tokens[4];
  for (int i = 0; i < 3; i++) tokens[i] = sessions_start(s, t->mem, S("a"), 0, i, &one);
  EXPECT(sessions_find(s, t->mem, tokens[0], 10, &one));
  tokens[3] = sessions_start(s, t->mem, S("b"), 0, 11, &one);
  EXPECT(!sessions_find(s, t->mem, tokens[1], 12, &one));
  EXPECT(sessions_find(s, t->mem, tokens[0], 12, &one) && sessions_find(s, t->mem, tokens[2], 12, &one));
  EXPECT(sessions_find(s, t->mem, tokens[3], 12, &one) && str_eq(one.user, S("b")));
  EXPECT_INT(sessions_count(s, 12), 3);
  sessions_end(s, tokens[3]);
  EXPECT(!sessions_find(s, t->mem, tokens[3], 13, &one));
  EXPECT_INT(sessions_count(s, 13), 2);
  sessions_close(s);
}
