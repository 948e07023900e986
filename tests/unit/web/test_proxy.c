/* SPDX-License-Identifier: Apache-2.0 */
/* Whose address a proxy names, and what is counted. */
#include "test.h"
#include "web/web_int.h"

TEST(only_a_listed_peer_is_believed_and_only_its_last_word) {
  Str own = S("127.0.0.1, unix,10.0.0.1");
  static const struct { const char *peer, *said, *is; } rows[] = {
      {"127.0.0.1", "", "127.0.0.1"},
      {"127.0.0.1", "203.0.113.9", "203.0.113.9"},
      {"127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"}, /* the visitor wrote the first */
      {"127.0.0.1", "203.0.113.9, 10.0.0.1", "203.0.113.9"},     /* two proxies of ours */
      {"unix", "2001:db8::1", "2001:db8::1"},
      {"127.0.0.1", "203.0.113.9, unknown", "127.0.0.1"},
      {"127.0.0.1", "203.0.113.9,", "127.0.0.1"},
      {"127.0.0.1", "<script>", "127.0.0.1"},
      {"127.0.0.1", ",,,", "127.0.0.1"},
      {"127.0.0.1", "10.0.0.1", "127.0.0.1"},
      {"203.0.113.7", "198.51.100.1", "203.0.113.7"}, /* nobody's proxy */
      {"127.0.0.10", "198.51.100.1", "127.0.0.10"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) EXPECT_STR(proxy_client(t->mem, own, str_of(rows[i].peer), str_of(rows[i].said)), str_of(rows[i].is));
  EXPECT_STR(proxy_client(t->mem, S(""), S("127.0.0.1"), S("198.51.100.1")), S("127.0.0.1"));
  EXPECT(!proxy_is(S(""), S("")) && proxy_is(own, S("unix")) && !proxy_is(own, S("10.0.0")));
}

TEST(a_histogram_counts_each_request_once_and_adds_up) {
  Meters *m = arena_new(t->mem, Meters);
  SCOPED(buf_drop) Buf b = {0};
  Route page = {.path = "/x"};
  Exchange x = {.rq = {.path = S("/x"), .method = GET, .route = &page}, .rp = {.status = 200}};
  static const int64_t us[] = {0, 1000, 1001, 20000, 99000000};
  for (size_t i = 0; i < COUNT(us); i++) meters_take(m, &x, us[i]);
  x.rp.status = 404;
  x.rq.route = NULL;
  meters_take(m, &x, 10);
  buf_init(&b, 1 << 20);
  meters_write(m, &b);
  Str s = buf_str(&b);
  EXPECT(str_has(s, S("requests_total{class=\"page\",status=\"200\"} 5\n")));
  EXPECT(str_has(s, S("requests_total{class=\"none\",status=\"404\"} 1\n")));
  EXPECT(str_has(s, S("seconds_bucket{class=\"page\",le=\"0.001\"} 2\n")));
  EXPECT(str_has(s, S("seconds_bucket{class=\"page\",le=\"0.0025\"} 3\n")));
  EXPECT(str_has(s, S("seconds_bucket{class=\"page\",le=\"10\"} 4\n")));
  EXPECT(str_has(s, S("seconds_bucket{class=\"page\",le=\"+Inf\"} 5\n")) && str_has(s, S("seconds_count{class=\"page\"} 5\n")));
  EXPECT(str_has(s, S("seconds_sum{class=\"page\"} 99.022001\n")));
}
