/* SPDX-License-Identifier: Apache-2.0 */
/* receivers.c: the file of --exchange: who is connected, one "name = value" a line, "province.url = https://…". */
#include "main/carrier.h"

enum { FILE_MAX = 64 << 10, TOKEN_MIN = 8, POLL_SECONDS = 60, INQUIRY_SECONDS = 3, INQUIRY_MOST_S = 10, INQUIRY_BYTES = 64 << 10 };

static bool code_fits(Str s) {
  bool fits = s.len >= 2 && s.len <= 20;
  for (size_t i = 0; i < s.len; i++) fits &= (s.ptr[i] >= 'a' && s.ptr[i] <= 'z') || (i && s.ptr[i] >= '0' && s.ptr[i] <= '9');
  return fits;
}

static Code receiver_named(Cx *cx, Receivers *all, Str code, Str where, Receiver **out) {
  for (size_t i = 0; i < all->count; i++)
    if (str_eq(all->list[i].code, code)) {
      *out = &all->list[i];
      return OK;
    }
  if (!code_fits(code)) FAIL_AT(INVALID, S("exchange"), S(""), "%.*s：对接方的代号用 2 到 20 个小写字母和数字，收到“%.*s”", SFMT(where), SFMT(code));
  if (all->count == RECEIVERS_MAX) FAIL_AT(INVALID, S("exchange"), S(""), "%.*s：最多 %d 个对接方", SFMT(where), RECEIVERS_MAX);
  *out = &all->list[all->count++];
  **out = (Receiver){.code = code, .name = code};
  return OK;
}

static Code seconds_read(Cx *cx, Str where, Str value, int *out) {
  int64_t n = 0;
  if (!str_to_i64(value, &n) || n < 1 || n > 3600) FAIL_AT(INVALID, S("exchange"), S(""), "%.*s：要一个 1 到 3600 的整数（秒），收到“%.*s”", SFMT(where), SFMT(value));
  *out = (int)n;
  return OK;
}

static Code token_set(Cx *cx, Str where, Str path, Receiver *r) {
  TRY(file_read(cx, path, 4096, &r->token));
  r->token = str_trim(r->token);
  if (r->token.len < TOKEN_MIN || utf8_has_control(r->token)) FAIL_AT(INVALID, S("exchange"), S(""), "%.*s：%.*s 里的令牌少于 %d 个字符，或者有换行", SFMT(where), SFMT(path), TOKEN_MIN);
  return OK;
}

static Code key_set(Cx *cx, Str where, Receiver *r, Str key, Str value) {
  if (str_eqz(key, "name")) r->name = value;
  else if (str_eqz(key, "url")) r->url = value;
  else if (str_eqz(key, "ca")) r->ca = value;
  else if (str_eqz(key, "region")) r->region = value;
  else if (str_eqz(key, "token")) return token_set(cx, where, value, r);
  else FAIL_AT(INVALID, S("exchange"), S(""), "%.*s：没有设置“%.*s”，有 name url token ca region", SFMT(where), SFMT(key));
  return OK;
}

static Code line_read(Cx *cx, Receivers *out, Str where, Str line) {
  Str name, value, code, key;
  Receiver *r = NULL;
  if (!line.len || line.ptr[0] == '#') return OK;
  if (!str_cut(line, '=', &name, &value)) FAIL_AT(INVALID, S("exchange"), S(""), "%.*s：要写成 名称 = 值，收到“%.*s”", SFMT(where), SFMT(line));
  name = str_trim(name), value = str_trim(value);
  if (str_eqz(name, "poll-seconds")) return seconds_read(cx, where, value, &out->poll_seconds);
  if (str_eqz(name, "inquiry-seconds")) return seconds_read(cx, where, value, &out->inquiry_seconds);
  if (!str_cut(name, '.', &code, &key)) FAIL_AT(INVALID, S("exchange"), S(""), "%.*s：要写成 对接方.设置 = 值，如 province.url = https://…", SFMT(where));
  if (str_eqz(code, "inquiry")) {
    r = &out->inquiry;
    r->code = code;
  } else TRY(receiver_named(cx, out, code, where, &r));
  return key_set(cx, where, r, key, value);
}

static Code receiver_check(Cx *cx, const Receiver *r, Str path) {
  bool tls = str_starts(r->url, S("https://")), plain = str_starts(r->url, S("http://")) && url_local(r->url);
  bool region = r->region.len == 6;
  for (size_t i = 0; i < r->region.len; i++) region &= r->region.ptr[i] >= '0' && r->region.ptr[i] <= '9';
  if (!tls && !plain) FAIL_AT(INVALID, S("exchange"), S(""), "%.*s：%.*s.url 要写成 https://…；只有本机可以用 http://", SFMT(path), SFMT(r->code));
  if (str_ends(r->url, S("/")) || str_has(r->url, S("@"))) FAIL_AT(INVALID, S("exchange"), S(""), "%.*s：%.*s.url 后面不带斜线，里面不写账号", SFMT(path), SFMT(r->code));
  if (r->region.len && !region) FAIL_AT(INVALID, S("exchange"), S(""), "%.*s：%.*s.region 是 6 位行政区划代码", SFMT(path), SFMT(r->code));
  if (r->ca.len && !file_exists(r->ca)) FAIL_AT(INVALID, S("exchange"), S(""), "没有文件 %.*s", SFMT(r->ca));
  return OK;
}

Code receivers_read(Cx *cx, Str path, Receivers *out) {
  Str rest, line;
  *out = (Receivers){.poll_seconds = POLL_SECONDS, .inquiry_seconds = INQUIRY_SECONDS, .inquiry = {.name = S("国家平台"), .answer_max = INQUIRY_BYTES}, .post = rows_post};
  if (!path.len) return OK;
  TRY(file_read(cx, path, FILE_MAX, &rest));
  bool more = true;
  for (int n = 1; more; n++) {
    more = str_cut(rest, '\n', &line, &rest);
    TRY(line_read(cx, out, arena_fmt(cx->mem, "%.*s 第 %d 行", SFMT(path), n), str_trim(line)));
  }
  for (size_t i = 0; i < out->count; i++) TRY(receiver_check(cx, &out->list[i], path));
  if (out->inquiry_seconds > INQUIRY_MOST_S) FAIL_AT(INVALID, S("exchange"), S(""), "%.*s：inquiry-seconds 最多 %d：申请人在等", SFMT(path), INQUIRY_MOST_S);
  if (out->inquiry.code.len) TRY(receiver_check(cx, &out->inquiry, path));
  return OK;
}
