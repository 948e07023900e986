/* SPDX-License-Identifier: Apache-2.0 */
/* The head of a request, read strictly: whatever two programs could read in two ways is refused. llhttp reads
 * it a second time (http.c); both must agree. */
#include "web/web_int.h"

/* ---- byte by byte ---------------------------------------------------------------------------------- */

static bool scan_byte_fits(const HeadScan *s, char c) {
  if (c == 0) return false;
  if (s->last == '\r') return c == '\n';             /* a stray CR */
  if (c == '\n') return false;                       /* a bare LF */
  bool line_start = s->bytes == 0 || s->last == '\n';
  if (line_start && (c == ' ' || c == '\t')) return false; /* a folded header, or space before the method */
  return !(s->bytes == 0 && c == '\r');              /* a blank line before the request */
}

ScanEnd head_scan(HeadScan *s, Str bytes, size_t *used) {
  for (size_t i = 0; i < bytes.len; i++) {
    char c = bytes.ptr[i];
    *used = i + 1;
    if (!scan_byte_fits(s, c)) return SCAN_BAD;
    if (s->bytes == 0 || s->last == '\n') s->line_empty = c == '\r';
    s->last = c;
    s->bytes++;
    if (c == '\n') {
      if (s->line_empty) return SCAN_DONE;
      s->lines++;
    }
    if (s->bytes >= HEAD_MAX || s->lines > HEADERS_MAX + 1) return SCAN_LARGE;
  }
  *used = bytes.len;
  return SCAN_MORE;
}

/* ---- the parts --------------------------------------------------------------------------------------- */

static bool is_token_char(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return c != 0 && memchr("!#$%&'*+-.^_`|~", c, 15) != NULL;
}

static bool is_token(Str s) {
  for (size_t i = 0; i < s.len; i++)
    if (!is_token_char(s.ptr[i])) return false;
  return s.len > 0;
}

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool same_word(Str a, Str b) { /* ASCII, any case */
  if (a.len != b.len) return false;
  for (size_t i = 0; i < a.len; i++)
    if (lower(a.ptr[i]) != lower(b.ptr[i])) return false;
  return true;
}

static Str trim_ows(Str s) {
  while (s.len && (s.ptr[0] == ' ' || s.ptr[0] == '\t')) s = str_sub(s, 1, s.len);
  while (s.len && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t')) s.len--;
  return s;
}

static bool line_take(Str *rest, Str *line) { /* false at the blank line */
  ptrdiff_t end = str_find(*rest, S("\r\n"));
  REQUIRE(end >= 0); /* head_scan saw the end */
  *line = str_sub(*rest, 0, (size_t)end);
  *rest = str_sub(*rest, (size_t)end + 2, rest->len);
  return line->len > 0;
}

static bool value_fits(Str v) {
  bool wide = false;
  for (size_t i = 0; i < v.len; i++) {
    unsigned char c = (unsigned char)v.ptr[i];
    if ((c < 0x20 && c != '\t') || c == 0x7f) return false;
    wide |= c >= 0x80;
  }
  return !wide || utf8_valid(v);
}

/* A header that may come only once, because two programs could take different ones. */
static bool is_single(Str name) {
  static const char *const names[] = {"host", "content-length", "transfer-encoding", "content-type",
                                      "cookie", "authorization", "origin", "expect", "sec-fetch-site", "idempotency-key"};
  for (size_t i = 0; i < COUNT(names); i++)
    if (str_eqz(name, names[i])) return true;
  return false;
}

static bool header_read(Arena *mem, Str line, Head *h) {
  Str name, value;
  if (!str_cut(line, ':', &name, &value) || !is_token(name)) return false;
  value = trim_ows(value);
  if (!value_fits(value) || h->count == HEADERS_MAX) return false;
  char *low = arena_array(mem, char, name.len);
  for (size_t i = 0; i < name.len; i++) low[i] = lower(name.ptr[i]);
  name.ptr = low;
  for (size_t i = 0; i < h->count; i++)
    if (is_single(name) && str_eq(h->list[i].name, name)) return false;
  h->list[h->count++] = (Header){.name = name, .value = value};
  return true;
}

Str head_get(const Head *h, Str name) {
  for (size_t i = 0; i < h->count; i++)
    if (str_eq(h->list[i].name, name)) return h->list[i].value;
  return S("");
}

bool head_token(Str list, Str token) {
  while (list.len) {
    Str one, rest = S(""), word, params = S("");
    str_cut(list, ',', &one, &rest);
    str_cut(one, ';', &word, &params);
    Str q = trim_ows(params);
    bool none = str_eq(q, S("q=0")) || str_eq(q, S("q=0.0")) || str_eq(q, S("q=0.00")) || str_eq(q, S("q=0.000"));
    if (same_word(trim_ows(word), token)) return !none;
    list = rest;
  }
  return false;
}

/* ---- the request line ---------------------------------------------------------------------------------- */

static bool target_fits(Str t) {
  for (size_t i = 0; i < t.len; i++)
    if (t.ptr[i] <= 0x20 || t.ptr[i] == 0x7f || t.ptr[i] == '#' || (unsigned char)t.ptr[i] >= 0x80) return false;
  return t.len > 0;
}

static bool host_fits(Str host) {
  if (!host.len || host.len > 255) return false;
  for (size_t i = 0; i < host.len; i++) {
    char c = host.ptr[i];
    bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!alnum && !memchr(".-_:[]", c, 6)) return false;
  }
  return true;
}

/* "/path?query", or "http://host/path?query" when that host is the one of the Host header. */
static bool target_read(Arena *mem, Str target, Head *h) {
  static const char *const schemes[] = {"http://", "https://"};
  for (size_t i = 0; i < COUNT(schemes); i++) {
    Str scheme = str_of(schemes[i]);
    if (!same_word(str_sub(target, 0, scheme.len), scheme)) continue;
    Str rest = str_sub(target, scheme.len, target.len);
    size_t n = 0;
    while (n < rest.len && rest.ptr[n] != '/' && rest.ptr[n] != '?') n++;
    if (!same_word(str_sub(rest, 0, n), h->host)) return false;
    target = str_sub(rest, n, rest.len);
    if (!target.len) target = S("/");
  }
  if (target.ptr[0] != '/') return false;
  Str path;
  str_cut(target, '?', &path, &h->query);
  return path_decode(mem, path, &h->path);
}

/* ---- what the headers say about the body ------------------------------------------------------------------ */

static bool length_read(Str v, int64_t *out) {
  if (!v.len || v.len > 18) return false;
  for (size_t i = 0; i < v.len; i++)
    if (v.ptr[i] < '0' || v.ptr[i] > '9') return false;
  return str_to_i64(v, out);
}

static const char *framing_read(Head *h) {
  bool has_length = false, has_coding = false;
  for (size_t i = 0; i < h->count; i++) {
    if (str_eq(h->list[i].name, S("content-length"))) {
      has_length = true;
      if (!length_read(h->list[i].value, &h->length)) return "Content-Length is not a number";
    } else if (str_eq(h->list[i].name, S("transfer-encoding"))) {
      has_coding = true;
      h->chunked = same_word(h->list[i].value, S("chunked"));
      if (!h->chunked) return "Transfer-Encoding is not exactly chunked";
    }
  }
  if (has_length && has_coding) return "Content-Length with Transfer-Encoding";
  if (has_coding && h->minor == 0) return "Transfer-Encoding in HTTP/1.0";
  return NULL;
}

static const char *line_read(Str line, Head *h, Str *target, int *status) {
  Str rest, version;
  *status = 400;
  if (!str_cut(line, ' ', &h->method, &rest) || !str_cut(rest, ' ', target, &version)) return "request line";
  if (!is_token(h->method)) return "method";
  if (!target_fits(*target)) return "target";
  if (version.len != 8 || !str_starts(version, S("HTTP/")) || version.ptr[6] != '.') return "version";
  if (version.ptr[5] < '0' || version.ptr[5] > '9' || version.ptr[7] < '0' || version.ptr[7] > '9') return "version";
  h->minor = version.ptr[7] - '0';
  if (version.ptr[5] == '1' && h->minor <= 1) return NULL;
  *status = 505;
  return "version";
}

int head_parse(Arena *mem, Str raw, Head *out, const char **why) {
  Str rest = raw, line, target;
  int status = 400;
  *out = (Head){.length = -1};
  line_take(&rest, &line);
  if ((*why = line_read(line, out, &target, &status))) return status;
  while (line_take(&rest, &line)) {
    *why = "header line";
    if (!header_read(mem, line, out)) return 400;
  }
  out->host = head_get(out, S("host"));
  *why = "Host";
  if (!host_fits(out->host)) return 400;
  if ((*why = framing_read(out))) return 400;
  Str expect = head_get(out, S("expect"));
  out->expects = same_word(expect, S("100-continue"));
  *why = "Expect";
  if (expect.len && !out->expects) return 417;
  Method m;
  bool head_only;
  *why = NULL;
  if (method_status(out->method, &m, &head_only)) { /* refused later: its target may have any form */
    if (target.ptr[0] != '/' || !target_read(mem, target, out)) out->path = S("");
    return 0;
  }
  *why = "path";
  if (!target_read(mem, target, out)) return 400;
  *why = "a body with a GET";
  if (m == GET && (out->chunked || out->length > 0)) return 400;
  *why = NULL;
  return 0;
}

int method_status(Str method, Method *out, bool *head_only) {
  static const char *const known[] = {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"};
  *head_only = str_eq(method, S("HEAD"));
  *out = METHOD_UNSET;
  if (*head_only || str_eq(method, S("GET"))) *out = GET;
  else if (str_eq(method, S("POST"))) *out = POST;
  if (*out != METHOD_UNSET) return 0;
  for (size_t i = 0; i < COUNT(known); i++)
    if (str_eqz(method, known[i])) return 405;
  return 501;
}
