/* SPDX-License-Identifier: Apache-2.0 */
/* What comes in by addresses, forms, cookies and the names and first bytes of files. */
#include "fuzz.h"
#include "web/web_int.h"

void fuzz_begin(Cx *cx) { (void)cx; }

static void names(Cx *cx, Str bytes) {
  Str clean = filename_clean(cx->mem, bytes), path;
  MUST(clean.len <= 200 && !str_has(clean, S("/")) && !str_has(clean, S("\\")));
  for (size_t i = 0; i < clean.len; i++) MUST((uint8_t)clean.ptr[i] >= 0x20);
  if (path_decode(cx->mem, bytes, &path)) {
    MUST(memchr(path.ptr, 0, path.len) == NULL && !str_has(path, S("/../")) && !str_ends(path, S("/..")));
    MUST(!str_has(path, S("\\")));
  }
  if (next_is_local(bytes)) MUST(bytes.len > 0 && bytes.ptr[0] == '/' && !(bytes.len > 1 && (bytes.ptr[1] == '/' || bytes.ptr[1] == '\\')));
}

static void form(Cx *cx, Str bytes) {
  Json *fields = NULL;
  if (urlform_parse(cx, bytes, &fields)) return;
  Str text = json_text(cx->mem, fields);
  Json *again = NULL;
  MUST(json_parse(cx, text, &again) == OK); /* valid UTF-8 without control characters that JSON refuses */
}

void fuzz_one(Cx *cx, Str bytes) {
  names(cx, bytes);
  form(cx, bytes);
  prefs_parse(bytes);
  cookie_get(bytes, S("s"));
  Secret secret;
  if (csrf_from_cookie(bytes, &secret)) MUST(csrf_check(csrf_mask(cx->mem, secret), secret));
  Sniff *s = arena_new(cx->mem, Sniff);
  sniff_add(s, bytes);
  MUST(type_media(sniff_type(s)).len > 0);
}
