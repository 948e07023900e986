/* SPDX-License-Identifier: Apache-2.0 */
/* send_smtp.c: one letter by SMTP. */
#include "main/carrier.h"
#include "main/courier.h"
#include "journal/proof.h"

#include <curl/curl.h>

enum { CONNECT_S = 10, WHOLE_S = 30, LINE = 76, REPLY_MAX = 300 };

typedef struct Talk {
  Str letter;
  size_t at;
  char reply[REPLY_MAX]; /* the last answer of the server before the good-bye */
} Talk;

static size_t read_some(char *to, size_t size, size_t n, void *arg) {
  Talk *t = arg;
  size_t room = size * n, left = t->letter.len - t->at;
  if (left > room) left = room;
  if (left) memcpy(to, t->letter.ptr + t->at, left);
  t->at += left;
  return left;
}

/* Lines of the server: what counts is the last one, "250 2.0.0 Ok: queued as 4F2". */
static size_t hear(char *line, size_t size, size_t n, void *arg) {
  Talk *t = arg;
  Str s = str_trim((Str){.ptr = line, .len = size * n});
  bool answer = s.len > 3 && s.ptr[0] >= '2' && s.ptr[0] <= '5' && !str_starts(s, S("221"));
  if (!answer || s.len >= sizeof t->reply || !utf8_valid(s) || utf8_has_control(s)) return size * n;
  memcpy(t->reply, s.ptr, s.len);
  t->reply[s.len] = 0;
  return size * n;
}

static void base64_lines(Arena *mem, Buf *b, Str text) {
  Str all = base64_text(mem, text);
  for (size_t i = 0; i < all.len; i += LINE) {
    buf_add(b, str_sub(all, i, LINE));
    buf_add(b, S("\r\n"));
  }
}

/* A title is at most a few dozen characters: one encoded word holds 15 of them. */
static void subject(Arena *mem, Buf *b, Str title) {
  enum { WORD_BYTES = 45 };
  buf_add(b, S("Subject:"));
  for (size_t at = 0; at < title.len;) {
    size_t n = 0;
    uint32_t cp;
    while (at + n < title.len) {
      size_t step = utf8_next(title, at + n, &cp);
      if (n + step > WORD_BYTES) break;
      n += step;
    }
    Str word = base64_text(mem, str_sub(title, at, n));
    buf_fmt(b, " =?UTF-8?B?%.*s?=\r\n", SFMT(word));
    at += n;
  }
}

static void date(Buf *b, int64_t ms) {
  static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  Day d = day_of(ms);
  int y, m, day;
  day_split(d, &y, &m, &day);
  int64_t s = (ms - day_start(d)) / 1000;
  buf_fmt(b, "Date: %s, %d %s %d %02lld:%02lld:%02lld +0800\r\n", days[day_weekday(d) - 1], day, months[m - 1], y, (long long)(s / 3600),
          (long long)(s / 60 % 60), (long long)(s % 60));
}

static Str letter_text(Arena *mem, const Options *o, const Letter *l) {
  SCOPED(buf_drop) Buf b = {0};
  Str name, host;
  str_cut(o->mail_from, '@', &name, &host);
  buf_init(&b, 1 << 20);
  buf_fmt(&b, "From: %.*s\r\nTo: %.*s\r\n", SFMT(o->mail_from), SFMT(l->to));
  subject(mem, &b, l->title);
  date(&b, l->now);
  buf_fmt(&b, "Message-ID: <%.*s@%.*s>\r\n", SFMT(l->id), SFMT(host));
  buf_add(&b, S("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                "Content-Transfer-Encoding: base64\r\n\r\n"));
  base64_lines(mem, &b, l->text);
  REQUIRE(!b.full);
  return arena_str(mem, buf_str(&b));
}

static bool password_set(Arena *mem, CURL *c, const Options *o, Str *text) {
  Cx cx = {.mem = mem};
  Str password;
  if (!o->smtp_user.len) return true;
  if (file_read(&cx, o->smtp_password, 1000, &password) != OK) {
    *text = S("读不到邮件服务器的口令文件");
    return false;
  }
  curl_easy_setopt(c, CURLOPT_USERNAME, arena_z(mem, o->smtp_user));
  curl_easy_setopt(c, CURLOPT_PASSWORD, arena_z(mem, str_trim(password)));
  return true;
}

static void talk_set(Arena *mem, CURL *c, const Options *o, Talk *t) {
  bool plain = str_starts(o->smtp, S("smtp://")) && url_local(o->smtp); /* on this machine nobody listens between the two */
  curl_easy_setopt(c, CURLOPT_URL, arena_z(mem, o->smtp));
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(c, CURLOPT_USE_SSL, plain ? (long)CURLUSESSL_TRY : (long)CURLUSESSL_ALL);
  if (o->smtp_ca.len) curl_easy_setopt(c, CURLOPT_CAINFO, arena_z(mem, o->smtp_ca));
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
  curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)WHOLE_S);
  curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(c, CURLOPT_READFUNCTION, read_some);
  curl_easy_setopt(c, CURLOPT_READDATA, t);
  curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, hear);
  curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
}

static SendEnd end_of(Arena *mem, CURLcode code, const Talk *t, Str *text) {
  bool said = t->reply[0] == '5' && (code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_RECV_ERROR);
  if (code == CURLE_OK) {
    *text = arena_str(mem, str_of(t->reply));
    return SEND_SENT;
  }
  *text = *t->reply ? arena_fmt(mem, "%s（%s）", t->reply, curl_easy_strerror(code)) : arena_fmt(mem, "没有连上邮件服务器（%s）", curl_easy_strerror(code));
  return said ? SEND_FAILED : SEND_RETRY;
}

SendEnd send_smtp(Arena *mem, const Options *o, const Letter *l, Str *text) {
  CURL *c = curl_easy_init();
  Talk t = {.letter = letter_text(mem, o, l)};
  struct curl_slist *to = curl_slist_append(NULL, arena_z(mem, arena_fmt(mem, "<%.*s>", SFMT(l->to))));
  SendEnd end = SEND_RETRY;
  REQUIRE(c && to);
  talk_set(mem, c, o, &t);
  curl_easy_setopt(c, CURLOPT_MAIL_FROM, arena_z(mem, arena_fmt(mem, "<%.*s>", SFMT(o->mail_from))));
  curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to);
  if (password_set(mem, c, o, text)) end = end_of(mem, curl_easy_perform(c), &t, text);
  curl_slist_free_all(to);
  curl_easy_cleanup(c);
  return end;
}
