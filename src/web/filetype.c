/* SPDX-License-Identifier: Apache-2.0 */
/* The type of a file by what is in it. The names inside a ZIP stand in its first entry and, all of them, in the
 * directory at its end; so the first 4 KiB and the last 16 KiB are enough. */
#include "web/web_int.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void sniff_add(Sniff *s, Str bytes) {
  size_t room = SNIFF_HEAD - s->head_len;
  size_t n = bytes.len < room ? bytes.len : room;
  memcpy(s->head + s->head_len, bytes.ptr, n);
  s->head_len += n;
  if (bytes.len >= SNIFF_TAIL) {
    memcpy(s->tail, bytes.ptr + bytes.len - SNIFF_TAIL, SNIFF_TAIL);
    s->tail_len = SNIFF_TAIL;
    return;
  }
  size_t keep = s->tail_len + bytes.len > SNIFF_TAIL ? SNIFF_TAIL - bytes.len : s->tail_len;
  memmove(s->tail, s->tail + s->tail_len - keep, keep);
  memcpy(s->tail + keep, bytes.ptr, bytes.len);
  s->tail_len = keep + bytes.len;
}

static Str zip_type(Str head, Str tail) {
  static const struct {
    const char *entry, *type;
  } kinds[] = {{"OFD.xml", "ofd"}, {"xl/workbook.", "xlsx"}, {"word/document.", "docx"}};
  for (size_t i = 0; i < COUNT(kinds); i++) {
    Str entry = str_of(kinds[i].entry);
    if (str_has(tail, entry) || str_has(head, entry)) return str_of(kinds[i].type);
  }
  return S("zip");
}

static bool is_dxf(Str head) {
  if (str_starts(head, S("AutoCAD Binary DXF"))) return true;
  Str t = str_trim(str_sub(head, 0, 200)), first, rest = S("");
  if (!str_cut(t, '\n', &first, &rest)) return false;
  first = str_trim(first);
  return (str_eq(first, S("0")) || str_eq(first, S("999"))) && (str_has(rest, S("SECTION")) || str_eq(first, S("999")));
}

/* Valid UTF-8 up to a character that the window may have cut. */
static bool is_text(Str head, bool whole) {
  for (size_t cut = 0; cut <= (whole ? 0 : 3) && cut <= head.len; cut++) {
    Str s = str_sub(head, 0, head.len - cut);
    if (utf8_valid(s)) return !utf8_has_control(s);
  }
  return false;
}

Str sniff_type(const Sniff *s) {
  Str head = {.ptr = s->head, .len = s->head_len}, tail = {.ptr = s->tail, .len = s->tail_len};
  if (str_starts(head, S("%PDF-"))) return S("pdf");
  if (str_starts(head, S("\xff\xd8\xff"))) return S("jpg");
  if (str_starts(head, S("\x89PNG\r\n\x1a\n"))) return S("png");
  if (str_starts(head, S("PK\x03\x04"))) return zip_type(head, tail);
  if (str_starts(head, S("AC10")) && head.len > 6 && head.ptr[6] == 0) return S("dwg");
  if (is_dxf(head)) return S("dxf");
  if (!is_text(head, head.len < SNIFF_HEAD)) return S("bin");
  Str t = str_trim(head);
  return t.len && (t.ptr[0] == '{' || t.ptr[0] == '[') ? S("json") : S("txt");
}

static const struct {
  const char *type, *end, *end2, *media;
} types[] = {
    {"pdf", ".pdf", NULL, "application/pdf"},
    {"ofd", ".ofd", NULL, "application/ofd"},
    {"jpg", ".jpg", ".jpeg", "image/jpeg"},
    {"png", ".png", NULL, "image/png"},
    {"zip", ".zip", NULL, "application/zip"},
    {"xlsx", ".xlsx", NULL, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"docx", ".docx", NULL, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"dwg", ".dwg", NULL, "image/vnd.dwg"},
    {"dxf", ".dxf", NULL, "image/vnd.dxf"},
    {"txt", ".txt", ".csv", "text/plain; charset=utf-8"},
    {"json", ".json", ".geojson", "application/json"},
};

static bool ends_with(Str name, const char *end) { /* ASCII, any case */
  size_t n = strlen(end);
  if (name.len < n) return false;
  for (size_t i = 0; i < n; i++) {
    char c = name.ptr[name.len - n + i];
    if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != end[i]) return false;
  }
  return true;
}

bool type_fits_name(Str type, Str filename) {
  for (size_t i = 0; i < COUNT(types); i++) {
    if (!ends_with(filename, types[i].end) && !(types[i].end2 && ends_with(filename, types[i].end2))) continue;
    return str_eqz(type, types[i].type);
  }
  return true;
}

Str type_media(Str type) {
  for (size_t i = 0; i < COUNT(types); i++)
    if (str_eqz(type, types[i].type)) return str_of(types[i].media);
  return S("application/octet-stream");
}

static size_t bytes_at(int fd, char *to, size_t n, off_t at) {
  ssize_t got = pread(fd, to, n, at);
  return got > 0 ? (size_t)got : 0;
}

Code file_type(Cx *cx, Str path, Str *type) {
  struct stat st;
  Sniff *s = arena_new(cx->mem, Sniff);
  int fd = open(arena_z(cx->mem, path), O_RDONLY | O_CLOEXEC);
  if (fd < 0) FAIL(NOT_FOUND, "所附的文件不在存储中，请重新选择文件。");
  s->head_len = bytes_at(fd, s->head, SNIFF_HEAD, 0);
  s->tail_len = fstat(fd, &st) ? 0 : bytes_at(fd, s->tail, SNIFF_TAIL, st.st_size > SNIFF_TAIL ? st.st_size - SNIFF_TAIL : 0);
  close(fd);
  *type = sniff_type(s);
  return OK;
}
