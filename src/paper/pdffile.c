/* SPDX-License-Identifier: Apache-2.0 */
/* pdffile.c: finding objects in a PDF. */
#include "paper/pdffile.h"

static Str behind_last(Str s, const char *mark) {
  size_t n = strlen(mark);
  for (size_t i = s.len; i >= n; i--)
    if (!memcmp(s.ptr + i - n, mark, n)) return str_sub(s, i, SIZE_MAX);
  return S("");
}

static Str behind(Str s, const char *mark) {
  const char *p = s.len ? memmem(s.ptr, s.len, mark, strlen(mark)) : NULL;
  return p ? str_sub(s, (size_t)(p - s.ptr) + strlen(mark), SIZE_MAX) : S("");
}

static int64_t number_at(Str s) {
  int64_t n = 0;
  size_t i = 0;
  while (i < s.len && (s.ptr[i] == ' ' || s.ptr[i] == '\n' || s.ptr[i] == '[')) i++;
  if (i == s.len || s.ptr[i] < '0' || s.ptr[i] > '9') return -1;
  for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9' && n < PDF_FILE_MAX; i++) n = n * 10 + (s.ptr[i] - '0');
  return n;
}

size_t pdf__place(const Pdf *p, int64_t no) {
  Str line = str_sub(p->bytes, p->xref, SIZE_MAX);
  line = behind(line, "0000000000 65535 f");
  const char *at = line.ptr ? line.ptr + 2 + (no - 1) * 20 : NULL;
  if (!at || no < 1 || no >= p->size || at + 20 > p->bytes.ptr + p->bytes.len) return 0;
  int64_t where = number_at((Str){.ptr = at, .len = 10});
  return where < 0 || (size_t)where >= p->bytes.len ? 0 : (size_t)where;
}

Str pdf__object(const Pdf *p, int64_t no) {
  size_t where = pdf__place(p, no);
  if (!where) return S("");
  Str text = behind(str_sub(p->bytes, where, SIZE_MAX), "<<"), rest = behind(text, "endobj");
  if (!rest.ptr) return S("");
  Str body = {.ptr = text.ptr, .len = (size_t)(rest.ptr - text.ptr) - 6};
  while (body.len > 1 && (body.ptr[body.len - 1] != '>' || body.ptr[body.len - 2] != '>')) body.len--;
  return str_sub(body, 0, body.len - 2);
}

bool pdf__read(Str bytes, Pdf *p) {
  int64_t at = number_at(behind_last(bytes, "startxref\n")), pages;
  *p = (Pdf){.bytes = bytes, .xref = (size_t)at};
  if (at <= 0 || (size_t)at >= bytes.len || !str_starts(str_sub(bytes, p->xref, SIZE_MAX), S("xref"))) return false;
  Str trailer = behind(str_sub(bytes, p->xref, SIZE_MAX), "trailer");
  p->size = number_at(behind(trailer, "/Size"));
  p->root = number_at(behind(trailer, "/Root"));
  p->info = number_at(behind(trailer, "/Info"));
  Str id = behind(trailer, "/ID [");
  if (id.len) str_cut(id, ']', &p->id, &id);
  pages = number_at(behind(pdf__object(p, p->root), "/Pages"));
  p->page = number_at(behind(pdf__object(p, pages), "/Kids"));
  return p->size > 0 && p->page > 0 && pdf__object(p, p->page).len > 0;
}
