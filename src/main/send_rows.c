/* SPDX-License-Identifier: Apache-2.0 */
/* send_rows.c: one question to a platform by HTTP, and its answer. */
#include "main/carrier.h"

#include <curl/curl.h>

enum { CONNECT_S = 10, ANSWER_MAX = 16 << 20 };

bool url_local(Str url) {
  static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};
  Str host = str_sub(url, sizeof "http://" - 1, SIZE_MAX);
  for (size_t i = 0; i < COUNT(names); i++) {
    Str rest = str_sub(host, strlen(names[i]), SIZE_MAX);
    if (str_starts(host, str_of(names[i])) && (!rest.len || rest.ptr[0] == ':' || rest.ptr[0] == '/')) return true;
  }
  return false;
}

static size_t hear(char *some, size_t size, size_t n, void *arg) {
  Buf *b = arg;
  buf_add_n(b, some, size * n);
  return b->full ? 0 : size * n;
}

static struct curl_slist *headers(Arena *mem, const Receiver *r) {
  struct curl_slist *list = curl_slist_append(NULL, "Content-Type: application/json; charset=utf-8");
  list = curl_slist_append(list, "Expect:"); /* one message, one answer */
  if (r->token.len) list = curl_slist_append(list, arena_z(mem, arena_fmt(mem, "Authorization: Bearer %.*s", SFMT(r->token))));
  REQUIRE(list);
  return list;
}

/* No redirects: the address is the one that the city has agreed on. */
static void ask_set(Arena *mem, CURL *c, const Receiver *r, const char *what, Str body, int seconds, Buf *heard) {
  curl_easy_setopt(c, CURLOPT_URL, arena_z(mem, arena_fmt(mem, "%.*s/%s", SFMT(r->url), what)));
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
  if (r->ca.len) curl_easy_setopt(c, CURLOPT_CAINFO, arena_z(mem, r->ca));
  curl_easy_setopt(c, CURLOPT_PROXY, "");
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)(seconds < CONNECT_S ? seconds : CONNECT_S));
  curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)seconds);
  curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
  curl_easy_setopt(c, CURLOPT_POSTFIELDS, body.ptr);
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, hear);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, heard);
}

/* What a platform says beside a status that is not 200, when it is a line of text. */
static Str said(Arena *mem, const Buf *b) {
  Str line, rest;
  str_cut(buf_str(b), '\n', &line, &rest);
  line = str_trim(str_sub(line, 0, 200));
  return utf8_valid(line) && !utf8_has_control(line) && !str_starts(line, S("<")) ? arena_str(mem, line) : S("");
}

int rows_post(Arena *mem, const Receiver *r, const char *what, Str body, int seconds, Str *answer, Str *why) {
  SCOPED(buf_drop) Buf heard = {0};
  CURL *c = curl_easy_init();
  long status = 0;
  buf_init(&heard, r->answer_max ? r->answer_max : ANSWER_MAX);
  REQUIRE(c);
  struct curl_slist *list = headers(mem, r);
  curl_easy_setopt(c, CURLOPT_HTTPHEADER, list);
  ask_set(mem, c, r, what, body, seconds, &heard);
  CURLcode code = curl_easy_perform(c);
  if (code == CURLE_OK) curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  curl_slist_free_all(list);
  curl_easy_cleanup(c);
  if (code == CURLE_OPERATION_TIMEDOUT) *why = arena_fmt(mem, "没有在 %d 秒内回答", seconds);
  else if (heard.full) *why = S("回答太长，没有采用");
  else if (code != CURLE_OK) *why = arena_fmt(mem, "没有连上（%s）", curl_easy_strerror(code));
  else if (status != 200) *why = arena_fmt(mem, "对方回答 HTTP %ld %.*s", status, SFMT(said(mem, &heard)));
  else *answer = arena_str(mem, buf_str(&heard));
  return (int)status;
}
