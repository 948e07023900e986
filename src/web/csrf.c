/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens of forms, cookies, origin, preferences: the small checks that a request passes before its body. */
#include "web/web_int.h"

/* 16 random bytes, then the secret XOR those bytes, in hex: another text on each page. */
Str csrf_mask(Arena *mem, Secret secret) {
  Hash both = {0};
  random_bytes(both.b, sizeof secret.b);
  for (size_t i = 0; i < sizeof secret.b; i++) both.b[16 + i] = both.b[i] ^ secret.b[i];
  return hash_hex(mem, both);
}

bool csrf_check(Str token, Secret secret) {
  Hash both;
  if (!hash_unhex(token, &both)) return false;
  Secret given;
  for (size_t i = 0; i < sizeof given.b; i++) given.b[i] = both.b[i] ^ both.b[16 + i];
  return secret_eq((Str){.ptr = (const char *)given.b, .len = sizeof given.b},
                   (Str){.ptr = (const char *)secret.b, .len = sizeof secret.b});
}

Str csrf_cookie(Arena *mem, Secret secret) {
  return hex_str(mem, secret.b, sizeof secret.b);
}

bool csrf_from_cookie(Str value, Secret *out) {
  if (value.len != 2 * sizeof out->b) return false;
  char twice[64];
  memcpy(twice, value.ptr, 32);
  memcpy(twice + 32, value.ptr, 32);
  Hash h;
  if (!hash_unhex((Str){.ptr = twice, .len = 64}, &h)) return false;
  memcpy(out->b, h.b, sizeof out->b);
  return true;
}

Str cookie_get(Str header, Str name) {
  while (header.len) {
    Str one, rest = S(""), key, value;
    str_cut(header, ';', &one, &rest);
    if (str_cut(one, '=', &key, &value) && str_eq(str_trim(key), name)) return str_trim(value);
    header = rest;
  }
  return S("");
}

bool origin_is_own(const Head *h) {
  Str site = head_get(h, S("sec-fetch-site"));
  if (site.len && !str_eq(site, S("same-origin")) && !str_eq(site, S("none"))) return false;
  Str origin = head_get(h, S("origin"));
  if (!origin.len) return true;
  Str http = S("http://"), https = S("https://");
  Str host = str_starts(origin, https)  ? str_sub(origin, https.len, origin.len)
             : str_starts(origin, http) ? str_sub(origin, http.len, origin.len)
                                        : S("");
  return host.len > 0 && str_eq(host, h->host);
}

Prefs prefs_parse(Str cookie) {
  Prefs p = {.theme = S(""), .size = S(""), .lang = S("zh")};
  while (cookie.len) {
    Str word, rest = S("");
    str_cut(cookie, '.', &word, &rest);
    if (str_eq(word, S("dark"))) p.theme = S("dark");
    else if (str_eq(word, S("light"))) p.theme = S("light");
    else if (str_eq(word, S("large"))) p.size = S("large");
    else if (str_eq(word, S("en"))) p.lang = S("en");
    cookie = rest;
  }
  return p;
}

Str prefs_text(Arena *mem, Prefs p) {
  return arena_fmt(mem, "%.*s.%.*s.%.*s", SFMT(p.theme.len ? p.theme : S("auto")),
                   SFMT(p.size.len ? p.size : S("normal")), SFMT(p.lang));
}

bool next_is_local(Str path) {
  if (!path.len || path.len > 1000 || path.ptr[0] != '/') return false;
  if (path.len > 1 && (path.ptr[1] == '/' || path.ptr[1] == '\\')) return false;
  for (size_t i = 0; i < path.len; i++)
    if ((unsigned char)path.ptr[i] <= 0x20 || path.ptr[i] == 0x7f || path.ptr[i] == '\\') return false;
  return utf8_valid(path) && !str_starts(path, S("/login")) && !str_starts(path, S("/logout"));
}
