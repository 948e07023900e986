/* SPDX-License-Identifier: Apache-2.0 */
/* multipart/form-data (RFC 7578), as a stream. A delimiter begins with CR and holds no other CR (its alphabet is
 * checked), so a failed match never hides the beginning of another. Each step takes at least one byte. */
#include "web/web_int.h"

enum { PART_HEAD_MAX = 4096, PARTS_MAX = 1000, BOUNDARY_MAX = 70, FILENAME_MAX_ = 200 };

typedef enum At { AT_DATA, AT_AFTER, AT_AFTER_CR, AT_AFTER_DASH, AT_HEAD, AT_END } At;

struct Multipart {
  Str delimiter;         /* CR LF "--" boundary */
  PartSink sink;
  void *arg;
  At at;
  size_t matched;        /* bytes of the delimiter seen */
  bool in_part;          /* a part is open: data belongs to it */
  char head[PART_HEAD_MAX];
  size_t head_len;
  int parts;
  char tail;             /* AT_END: what may still come is CR LF */
};

/* ---- Content-Type -------------------------------------------------------------------------------- */

static bool is_boundary_char(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return c != 0 && memchr("'()+_,-./:=? ", c, 13) != NULL;
}

static bool same_ascii(Str a, const char *b) {
  for (size_t i = 0; i < a.len; i++) {
    char c = a.ptr[i];
    if (!b[i] || (c >= 'A' && c <= 'Z' ? c + 32 : c) != b[i]) return false;
  }
  return b[a.len] == 0;
}

bool multipart_boundary(Str content_type, Str *boundary) {
  Str type, params = S("");
  str_cut(content_type, ';', &type, &params);
  if (!same_ascii(str_trim(type), "multipart/form-data")) return false;
  Str name, value;
  if (!str_cut(params, '=', &name, &value) || !same_ascii(str_trim(name), "boundary")) return false;
  value = str_trim(value);
  if (value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"') value = str_sub(value, 1, value.len - 2);
  if (!value.len || value.len > BOUNDARY_MAX || value.ptr[value.len - 1] == ' ') return false;
  for (size_t i = 0; i < value.len; i++)
    if (!is_boundary_char(value.ptr[i])) return false;
  *boundary = value;
  return true;
}

Multipart *multipart_open(Arena *mem, Str boundary, PartSink sink, void *arg) {
  Multipart *m = arena_new(mem, Multipart);
  m->delimiter = arena_fmt(mem, "\r\n--%.*s", SFMT(boundary));
  m->sink = sink;
  m->arg = arg;
  m->matched = 2; /* the first delimiter stands at the very beginning, without its CRLF */
  return m;
}

/* ---- the head of a part ---------------------------------------------------------------------------- */

/* name="…" among the parameters; false when absent. Backslashes are ordinary characters, as browsers send them. */
static bool param_get(Str params, const char *name, Str *out) {
  while (params.len) {
    Str key, rest;
    if (!str_cut(params, '=', &key, &rest) || !rest.len || rest.ptr[0] != '"') return false;
    Str value, after = S("");
    if (!str_cut(str_sub(rest, 1, rest.len), '"', &value, &after)) return false;
    if (same_ascii(str_trim(key), name)) {
      *out = value;
      return true;
    }
    after = str_trim(after);
    if (!after.len) return false;
    if (after.ptr[0] != ';') return false;
    params = str_sub(after, 1, after.len);
  }
  return false;
}

Str filename_clean(Arena *mem, Str s) {
  if (!utf8_valid(s)) return S("无名文件");
  for (size_t i = s.len; i-- > 0;) {
    if (s.ptr[i] != '/' && s.ptr[i] != '\\') continue;
    s = str_sub(s, i + 1, s.len);
    break;
  }
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, FILENAME_MAX_);
  for (size_t i = 0, n; i < s.len; i += n) {
    uint32_t cp;
    n = utf8_next(s, i, &cp);
    Str one = str_sub(s, i, n);
    if (utf8_has_control(one) || utf8_has_bidi(one) || cp == '\t' || cp == '\n' || cp == '\r') continue;
    if (b.len + n > FILENAME_MAX_) break;
    buf_add(&b, one);
  }
  Str clean = str_trim(utf8_nfc(mem, buf_str(&b)));
  return clean.len && !str_eq(clean, S(".")) && !str_eq(clean, S("..")) ? clean : S("无名文件");
}

static Code disposition_read(Cx *cx, Str value, Str *name, bool *is_file, Str *filename) {
  Str kind, params = S(""), ignored;
  str_cut(value, ';', &kind, &params);
  if (!same_ascii(str_trim(kind), "form-data") || !param_get(params, "name", name))
    FAIL(MALFORMED, "上传内容的分段没有字段名。");
  if (str_has(params, S("filename*"))) FAIL(MALFORMED, "上传内容的分段使用了不允许的 filename*。");
  *is_file = param_get(params, "filename", filename);
  (void)ignored;
  return OK;
}

static Code head_read(Cx *cx, Multipart *m) {
  Str rest = arena_str(cx->mem, (Str){.ptr = m->head, .len = m->head_len});
  Str line, name = S(""), filename = S("");
  bool is_file = false, found = false;
  while (rest.len) {
    ptrdiff_t end = str_find(rest, S("\r\n"));
    line = end < 0 ? rest : str_sub(rest, 0, (size_t)end);
    rest = end < 0 ? S("") : str_sub(rest, (size_t)end + 2, rest.len);
    Str key, value;
    if (!line.len) break;
    if (!str_cut(line, ':', &key, &value)) FAIL(MALFORMED, "上传内容的分段头有误。");
    if (!same_ascii(key, "content-disposition")) continue;
    if (found) FAIL(MALFORMED, "上传内容的分段头重复。");
    found = true;
    TRY(disposition_read(cx, value, &name, &is_file, &filename));
  }
  if (!found) FAIL(MALFORMED, "上传内容的分段没有字段名。");
  if (++m->parts > PARTS_MAX) FAIL(MALFORMED, "字段超过 %d 个。", PARTS_MAX);
  m->in_part = true;
  return m->sink.begin(cx, m->arg, name, is_file, is_file ? filename_clean(cx->mem, filename) : S(""));
}

/* ---- the stream --------------------------------------------------------------------------------------- */

static Code data_give(Cx *cx, Multipart *m, Str bytes) {
  if (!bytes.len) return OK;
  if (!m->in_part) FAIL(MALFORMED, "上传内容不是以分隔线开始的。");
  return m->sink.data(cx, m->arg, bytes);
}

static Code data_step(Cx *cx, Multipart *m, Str bytes, size_t *at) {
  if (m->matched == 0) { /* a whole run without CR at once */
    const char *cr = memchr(bytes.ptr + *at, '\r', bytes.len - *at);
    size_t end = cr ? (size_t)(cr - bytes.ptr) : bytes.len;
    if (end > *at) {
      Str run = str_sub(bytes, *at, end - *at);
      *at = end;
      return data_give(cx, m, run);
    }
  }
  if (bytes.ptr[*at] == m->delimiter.ptr[m->matched]) {
    m->matched++;
    ++*at;
    if (m->matched < m->delimiter.len) return OK;
    m->matched = 0;
    m->at = AT_AFTER;
    bool was = m->in_part;
    m->in_part = false;
    return was ? m->sink.end(cx, m->arg) : OK;
  }
  size_t n = m->matched; /* not the delimiter after all; this byte is looked at again */
  m->matched = 0;
  return data_give(cx, m, str_sub(m->delimiter, 0, n));
}

static Code head_step(Cx *cx, Multipart *m, char c) {
  if (m->head_len == PART_HEAD_MAX || c == 0) FAIL(MALFORMED, "上传内容的分段头过长。");
  m->head[m->head_len++] = c;
  Str head = {.ptr = m->head, .len = m->head_len};
  if (!str_ends(head, S("\r\n\r\n"))) return OK;
  m->at = AT_DATA;
  return head_read(cx, m);
}

static Code byte_step(Cx *cx, Multipart *m, char c) {
  switch (m->at) {
    case AT_AFTER:
      if (c != '\r' && c != '-') FAIL(MALFORMED, "上传内容的分隔线有误。");
      m->at = c == '\r' ? AT_AFTER_CR : AT_AFTER_DASH;
      return OK;
    case AT_AFTER_CR:
      if (c != '\n') FAIL(MALFORMED, "上传内容的分隔线有误。");
      m->at = AT_HEAD;
      m->head_len = 0;
      return OK;
    case AT_AFTER_DASH:
      if (c != '-') FAIL(MALFORMED, "上传内容的分隔线有误。");
      m->at = AT_END;
      m->tail = '\r';
      return OK;
    case AT_HEAD: return head_step(cx, m, c);
    case AT_END:
      if (!m->tail || c != m->tail) FAIL(MALFORMED, "上传内容结束之后还有内容。");
      m->tail = c == '\r' ? '\n' : 0;
      return OK;
    case AT_DATA: break;
  }
  return OK;
}

Code multipart_feed(Cx *cx, Multipart *m, Str bytes) {
  size_t at = 0;
  while (at < bytes.len) {
    if (m->at == AT_DATA) TRY(data_step(cx, m, bytes, &at));
    else TRY(byte_step(cx, m, bytes.ptr[at++]));
  }
  return OK;
}

Code multipart_end(Cx *cx, Multipart *m) {
  if (m->at != AT_END) FAIL(MALFORMED, "上传内容不完整，请重新提交。");
  return OK;
}
