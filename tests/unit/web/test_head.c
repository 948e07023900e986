/* SPDX-License-Identifier: Apache-2.0 */
/* The head of a request: the same verdict whole and byte by byte; what two programs could read in two ways is refused. */
#include "test.h"
#include "web/web_int.h"

/* The verdict over the head in pieces of n bytes: 0 accepted, else the status. */
static int verdict(Test *t, Str raw, size_t n) {
  HeadScan s = {0};
  Buf head = {0};
  int status = -1;
  buf_init(&head, HEAD_MAX + 1);
  for (size_t at = 0; at < raw.len && status < 0; at += n) {
    Str piece = str_sub(raw, at, n);
    size_t used = 0;
    ScanEnd end = head_scan(&s, piece, &used);
    buf_add(&head, str_sub(piece, 0, used));
    if (end == SCAN_BAD) status = 400;
    if (end == SCAN_LARGE) status = 431;
    if (end == SCAN_DONE) {
      Head *h = arena_new(t->mem, Head);
      const char *why = NULL;
      status = head_parse(t->mem, arena_str(t->mem, buf_str(&head)), h, &why);
      if (status) EXPECT(why != NULL);
      HttpBody *body = arena_alloc(t->mem, 1, http_size(), 16);
      if (!status && !http_begin(body, arena_str(t->mem, buf_str(&head)), h)) status = 400;
    }
  }
  buf_drop(&head);
  return status;
}

typedef struct Case {
  const char *head;
  int status;
} Case;
#define H "Host: x\r\n"
static const Case cases[] = {
    {"GET / HTTP/1.1\r\n" H "\r\n", 0},
    {"GET /a%20b?x=1 HTTP/1.1\r\nhOsT: x:80\r\nX:\r\n\r\n", 0},
    {"POST /login HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\n", 0},
    {"POST /login HTTP/1.1\r\n" H "Transfer-Encoding: CHUNKED\r\n\r\n", 0},
    {"GET http://x/a HTTP/1.1\r\n" H "\r\n", 0},
    {"GET / HTTP/1.0\r\n" H "\r\n", 0},
    {"POST / HTTP/1.1\r\n" H "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" H "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" H "Transfer-Encoding: gzip, chunked\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" H "Transfer-Encoding: xchunked\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" H "Transfer-Encoding: identity\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" H "Transfer-Encoding:\r\n\r\n", 400},
    {"POST / HTTP/1.0\r\n" H "Transfer-Encoding: chunked\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400},
    {"GET / HTTP/1.1\nHost: x\n\n", 400},
    {"GET / HTTP/1.1\r\n" H "X: a\r\n b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H H "\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: \r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H ": y\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H "a b: y\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H "X\x80: y\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" H "Content-Length: -5\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" H "Content-Length: +5\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" H "Content-Length: 5 5\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" H "Content-Length: \r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" H "Content-Length: 9999999999999999999\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H "X: a\rb\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H "X: a\x01\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H "X: \xff\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H "X: \xe5\xb2\x9b\r\n\r\n", 0},
    {"GET /\xe5\xb2\x9b HTTP/1.1\r\n" H "\r\n", 400},
    {"GET /a#b HTTP/1.1\r\n" H "\r\n", 400},
    {"GET a HTTP/1.1\r\n" H "\r\n", 400},
    {"GET /.. HTTP/1.1\r\n" H "\r\n", 400},
    {"GET /a/%2e%2e/b HTTP/1.1\r\n" H "\r\n", 400},
    {"GET /a%2fb HTTP/1.1\r\n" H "\r\n", 400},
    {"GET /%00 HTTP/1.1\r\n" H "\r\n", 400},
    {"GET http://y/ HTTP/1.1\r\n" H "\r\n", 400},
    {"GET / HTTP/1.1\r\n" H "Content-Length: 1\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n", 0},
    {"GET / HTTP/1.1 \r\n" H "\r\n", 400},
    {" GET / HTTP/1.1\r\n" H "\r\n", 400},
    {"\r\nGET / HTTP/1.1\r\n" H "\r\n", 400},
    {"GET / HTTP/2.0\r\n" H "\r\n", 505},
    {"GET / HTTP/1.2\r\n" H "\r\n", 505},
    {"G@T / HTTP/1.1\r\n" H "\r\n", 400},
    {"POST / HTTP/1.1\r\n" H "Expect: 100-continue\r\nContent-Length: 1\r\n\r\n", 0},
    {"POST / HTTP/1.1\r\n" H "Expect: other\r\nContent-Length: 1\r\n\r\n", 417},
    {"POST / HTTP/1.1\r\n" H "Cookie: a=b\r\nCookie: c=d\r\nContent-Length: 0\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\n" H "Idempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Length: 0\r\n\r\n", 400},
};

TEST(a_head_gets_the_same_verdict_whole_and_in_any_pieces) {
  for (size_t i = 0; i < COUNT(cases); i++) {
    Str raw = str_of(cases[i].head);
    for (size_t n = 1; n <= raw.len; n += n < 4 ? 1 : raw.len - 4) {
      int got = verdict(t, raw, n);
      EXPECT_INT(got, cases[i].status);
    }
    EXPECT_INT(verdict(t, raw, raw.len), cases[i].status);
  }
}

TEST(a_nul_ends_a_head_at_once) {
  static const char raw[] = "GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n";
  EXPECT_INT(verdict(t, (Str){.ptr = raw, .len = sizeof raw - 1}, 1), 400);
  EXPECT_INT(verdict(t, (Str){.ptr = raw, .len = sizeof raw - 1}, 1000), 400);
}

TEST(a_head_has_at_most_16_kib_and_a_hundred_headers) {
  Buf b = {0};
  buf_init(&b, 1 << 20);
  buf_add(&b, S("GET / HTTP/1.1\r\nHost: x\r\n"));
  for (int i = 0; i < 99; i++) buf_add(&b, S("X: y\r\n"));
  size_t at = b.len;
  buf_add(&b, S("\r\n"));
  EXPECT_INT(verdict(t, buf_str(&b), 7), 0);
  b.len = at;
  buf_add(&b, S("X: y\r\n\r\n"));
  EXPECT_INT(verdict(t, buf_str(&b), 7), 431);
  buf_clear(&b);
  buf_add(&b, S("GET / HTTP/1.1\r\nHost: x\r\nX: "));
  while (b.len < HEAD_MAX) buf_char(&b, 'a');
  EXPECT_INT(verdict(t, buf_str(&b), 1), 431);
  EXPECT_INT(verdict(t, buf_str(&b), b.len), 431);
  buf_drop(&b);
}

TEST(a_list_of_tokens_is_searched_in_any_case_and_q_0_excludes) {
  EXPECT(head_token(S("gzip, deflate, br"), S("gzip")));
  EXPECT(head_token(S("deflate , GZip;q=0.5"), S("gzip")));
  EXPECT(!head_token(S("gzip;q=0"), S("gzip")));
  EXPECT(!head_token(S("gzipx, xgzip"), S("gzip")));
  EXPECT(!head_token(S(""), S("gzip")));
}

TEST(the_smallest_packing_that_the_browser_takes_is_chosen) {
  EXPECT_INT(packing_of(S("gzip, deflate, br, zstd")), PACK_BROTLI);
  EXPECT_INT(packing_of(S("br;q=0, gzip")), PACK_GZIP);
  EXPECT_INT(packing_of(S("deflate")), PACK_NOT);
  EXPECT_INT(packing_of(S("")), PACK_NOT);
}

TEST(a_text_that_would_not_be_smaller_is_not_packed) {
  Arena *m = cx->mem;
  char same[4096];
  memset(same, 'a', sizeof same);
  for (Packing how = PACK_GZIP; how < PACKING__MAX; how++) {
    Str packed = pack_text(m, how, (Str){.ptr = same, .len = sizeof same});
    EXPECT(packed.len > 0 && packed.len < 64);
    EXPECT_INT(pack_text(m, how, S("x")).len, 0);
    EXPECT_INT(pack_text(m, how, S("")).len, 0);
  }
  EXPECT_INT(pack_text(m, PACK_NOT, (Str){.ptr = same, .len = sizeof same}).len, 0);
}

typedef struct Sum {
  size_t bytes;
  uint64_t hash;
} Sum;

static void sum_up(void *arg, Str bytes) {
  Sum *s = arg;
  for (size_t i = 0; i < bytes.len; i++) s->hash = s->hash * 131 + (unsigned char)bytes.ptr[i];
  s->bytes += bytes.len;
}

static bool chunked(Test *t, Str body, size_t n, Sum *sum) {
  Str raw = S("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  Head *h = arena_new(t->mem, Head);
  const char *why;
  HttpBody *b = arena_alloc(t->mem, 1, http_size(), 16);
  *sum = (Sum){0};
  REQUIRE(head_parse(t->mem, raw, h, &why) == 0 && http_begin(b, raw, h));
  for (size_t at = 0; at < body.len; at += n) {
    size_t used = 0;
    if (!http_feed(b, str_sub(body, at, n), sum_up, sum, &used)) return false;
  }
  return http_done(b);
}

TEST(chunks_give_the_same_body_in_any_pieces_and_strange_ones_are_refused) {
  static const struct {
    const char *body;
    bool good;
  } list[] = {{"5\r\nhello\r\n0\r\n\r\n", true},
              {"5\r\nhello\r\n0006\r\n world\r\n0\r\n\r\n", true},
              {"00000005\r\nhello\r\n0\r\n\r\n", true},
              {"0x5\r\nhello\r\n0\r\n\r\n", false},
              {"5 \r\nhello\r\n0\r\n\r\n", false},
              {"5;a=b\r\nhello\r\n0\r\n\r\n", false},
              {"5\nhello\r\n0\r\n\r\n", false},
              {"5\r\nhello0\r\n\r\n", false},
              {"5\r\nhelloX\r\n0\r\n\r\n", false},
              {"000000005\r\nhello\r\n0\r\n\r\n", false},
              {"-5\r\nhello\r\n0\r\n\r\n", false},
              {"\r\nhello\r\n0\r\n\r\n", false},
              {"5\r\nhello\r\n0\r\nX: y\r\n\r\n", false},
              {"5\r\nhello\r\n", false}};
  for (size_t i = 0; i < COUNT(list); i++) {
    Str body = str_of(list[i].body);
    Sum whole, bytes;
    bool a = chunked(t, body, body.len, &whole), b = chunked(t, body, 1, &bytes);
    EXPECT(a == list[i].good && b == list[i].good);
    if (a && b) EXPECT(whole.bytes == bytes.bytes && whole.hash == bytes.hash);
  }
}

TEST(chunks_of_one_byte_without_end_are_an_attack) {
  Buf b = {0};
  Sum sum;
  buf_init(&b, 1 << 20);
  for (int i = 0; i < 30000; i++) buf_add(&b, S("00000001\r\na\r\n"));
  buf_add(&b, S("0\r\n\r\n"));
  EXPECT(!chunked(t, buf_str(&b), 1000, &sum));
  buf_drop(&b);
}
