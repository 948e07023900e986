/* SPDX-License-Identifier: Apache-2.0 */
/* archive_out.c: an archive as files with their hashes and the index; into a directory; and a directory checked again. */
#include "web/archive.h"
#include "journal/proof.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 512 << 20, INDEX_MAX = 32 << 20, SUMS = 2 };
static const struct { const char *name; HashSuite suite; } sums[SUMS] = {{"SHA256SUMS", SUITE_INTL}, {"SM3SUMS", SUITE_GM}};

/* ---- filling ------------------------------------------------------------------------------------------------------ */

static Code pdf_of(Cx *cx, const Archive *a, const Paper *p, Str *out) {
  TRY(paper_pdf(cx, p, out));
  if (!a->sealer) return OK;
  return sealer_pdf(cx, a->sealer, *out, a->now, arena_fmt(cx->mem, "%.*s %.*s", SFMT(p->title), SFMT(p->number)), out);
}

/* The bytes of a file; *none: a receipt that no signed head covers yet. */
static Code bytes_of(Cx *cx, const Archive *a, const ArchiveFile *f, Str *out, bool *none) {
  Str path;
  *none = false;
  *out = f->content;
  if (f->paper) return pdf_of(cx, a, f->paper, out);
  if (f->blob.len) {
    TRY(blob_path(cx, a->store, f->blob, &path));
    return file_read(cx, path, FILE_MAX, out);
  }
  if (!f->receipt) return OK;
  Code code = receipt_text(cx, a->store, f->receipt, out);
  *none = code == NOT_FOUND;
  if (*none) cx_clear(cx);
  return *none ? OK : code;
}

static Code file_fill(Cx *cx, Archive *a, ArchiveFile *f, ArchiveSink *sink, void *arg) {
  Arena *own = arena_open((size_t)FILE_MAX + (64 << 20)); /* the bytes of one file at a time */
  Cx mine = {.mem = own, .now = cx->now};
  Str content = S("");
  bool none = false;
  Code code = bytes_of(&mine, a, f, &content, &none);
  f->size = none ? -1 : (int64_t)content.len;
  if (none) a->uncovered++;
  if (code == OK && !none) {
    f->sha256 = hash_hex(a->mem, hash_bytes(SUITE_INTL, content));
    f->sm3 = hash_hex(a->mem, hash_bytes(SUITE_GM, content));
    code = sink(&mine, arg, f, content);
  }
  Str detail = arena_str(cx->mem, mine.detail);
  arena_close(own);
  if (code != OK) FAIL(code, "%.*s：%.*s", SFMT(f->path), SFMT(detail));
  return OK;
}

static void csv_cell(Buf *b, Str s) {
  bool quoted = str_has(s, S(",")) || str_has(s, S("\"")) || str_has(s, S("\n"));
  if (quoted) buf_char(b, '"');
  for (size_t i = 0; i < s.len; i++) {
    if (s.ptr[i] == '"') buf_char(b, '"');
    buf_char(b, s.ptr[i]);
  }
  if (quoted) buf_char(b, '"');
}

static void cells_of(Arena *m, const ArchiveFile *f, Str out[12]) {
  out[0] = f->path;
  out[1] = f->kind;
  out[2] = f->title;
  out[3] = f->stage ? arena_fmt(m, "%d", f->stage) : S("");
  out[4] = f->version ? arena_fmt(m, "%d", f->version) : S("");
  out[5] = f->by;
  out[6] = f->handler;
  out[7] = f->at ? time_str(m, f->at) : S("");
  out[8] = arena_fmt(m, "%lld", (long long)f->size);
  out[9] = f->sha256;
  out[10] = f->sm3;
  out[11] = f->seq ? arena_fmt(m, "%lld", (long long)f->seq) : S("");
}

enum { CELLS = 12 };
static const char *const heads[CELLS] = {"文件", "种类", "名称", "阶段", "第几版", "谁交的或作出的", "经办人", "时间", "字节", "SHA-256", "SM3", "记录序号"};

static Str index_csv(Cx *cx, const Archive *a) {
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, INDEX_MAX);
  buf_add(&b, S("path,kind,title,stage,version,by,handler,time,size,sha256,sm3,seq\n"));
  for (size_t i = 0; i < a->count; i++) {
    Str cells[CELLS];
    if (a->files[i].size < 0) continue;
    cells_of(cx->mem, &a->files[i], cells);
    for (size_t k = 0; k < CELLS; k++) {
      if (k) buf_char(&b, ',');
      csv_cell(&b, cells[k]);
    }
    buf_char(&b, '\n');
  }
  return arena_str(cx->mem, buf_str(&b));
}

/* An address of a name: what is not a letter, a digit or "-._~/" is percent-encoded. */
static void link_add(Html *h, Str path) {
  static const char hex[] = "0123456789ABCDEF";
  for (size_t i = 0; i < path.len; i++) {
    unsigned char c = (unsigned char)path.ptr[i];
    bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~/", c);
    if (safe) {
      buf_char(&h->out, (char)c);
      continue;
    }
    buf_char(&h->out, '%');
    buf_char(&h->out, hex[c >> 4]);
    buf_char(&h->out, hex[c & 15]);
  }
}

static void index_row(Cx *cx, Html *h, const ArchiveFile *f) {
  Str cells[CELLS];
  cells_of(cx->mem, f, cells);
  html_lit(h, "<tr><td><a href=\"");
  link_add(h, f->path);
  html_lit(h, "\">");
  html_text(h, f->path);
  html_lit(h, "</a></td>");
  for (size_t k = 1; k < CELLS; k++) {
    html_lit(h, "<td>");
    html_text(h, cells[k]);
    html_lit(h, "</td>");
  }
  html_lit(h, "</tr>\n");
}

static Str index_html(Cx *cx, const Archive *a) {
  Html h = {.lang = S("zh")};
  buf_init(&h.out, INDEX_MAX);
  html_lit(&h, "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>归档目录</title></head><body>\n<h1>");
  html_text(&h, arena_fmt(cx->mem, "%.*s　%.*s　归档目录", SFMT(a->number), SFMT(a->name)));
  html_lit(&h, "</h1>\n<p>");
  html_text(&h, arena_fmt(cx->mem, "归档时间 %.*s。同一份材料交过几次的，每一版都在。文件是否被改动：sha256sum -c SHA256SUMS，或 yichuang archive check；凭证：yichuang-verify。",
                          SFMT(time_cn(cx->mem, a->now))));
  if (a->uncovered) html_text(&h, arena_fmt(cx->mem, "还有 %zu 条记录没有凭证：它们晚于最近一次签发的检查点，签发以后重新归档即有。", a->uncovered));
  html_lit(&h, "</p>\n<table border=\"1\"><thead><tr>");
  for (size_t k = 0; k < CELLS; k++) {
    html_lit(&h, "<th scope=\"col\">");
    html_text(&h, str_of(heads[k]));
    html_lit(&h, "</th>");
  }
  html_lit(&h, "</tr></thead><tbody>\n");
  for (size_t i = 0; i < a->count; i++)
    if (a->files[i].size >= 0) index_row(cx, &h, &a->files[i]);
  html_lit(&h, "</tbody></table>\n</body></html>\n");
  Str out = arena_str(cx->mem, buf_str(&h.out));
  buf_drop(&h.out);
  return out;
}

Code archive_fill(Cx *cx, Archive *a, ArchiveSink *sink, void *arg) {
  size_t planned = a->count;
  for (size_t i = 0; i < planned; i++) TRY(file_fill(cx, a, &a->files[i], sink, arg));
  ArchiveFile own[2] = {{.path = S("index.csv"), .content = index_csv(cx, a)}, {.path = S("index.html"), .content = index_html(cx, a)}};
  for (size_t i = 0; i < COUNT(own); i++) TRY(file_fill(cx, a, &own[i], sink, arg));
  for (size_t s = 0; s < SUMS; s++) {
    SCOPED(buf_drop) Buf b = {0};
    buf_init(&b, INDEX_MAX);
    for (size_t i = 0; i < planned + COUNT(own); i++) {
      const ArchiveFile *f = i < planned ? &a->files[i] : &own[i - planned];
      Str hash = sums[s].suite == SUITE_GM ? f->sm3 : f->sha256;
      if (f->size >= 0) buf_fmt(&b, "%.*s  %.*s\n", SFMT(hash), SFMT(f->path));
    }
    ArchiveFile list = {.path = str_of(sums[s].name)};
    TRY(sink(cx, arg, &list, buf_str(&b)));
  }
  return OK;
}

/* ---- a directory ---------------------------------------------------------------------------------------------------- */

static Code dir_sink(Cx *cx, void *arg, const ArchiveFile *f, Str content) {
  const Str *dir = arg;
  Str path = arena_fmt(cx->mem, "%.*s/%.*s", SFMT(*dir), SFMT(f->path)), folder = path;
  for (size_t i = path.len; i > 0; i--)
    if (path.ptr[i - 1] == '/') {
      folder = str_sub(path, 0, i - 1);
      break;
    }
  TRY(dir_make(cx, folder));
  return file_write(cx, path, content, 0644);
}

Code archive_write(Cx *cx, Archive *a, Str dir) {
  Str half = arena_fmt(cx->mem, "%.*s.unfinished", SFMT(dir));
  if (file_exists(dir)) FAIL(CONFLICT, "%.*s 已经有了。归档要写进一个新的目录，请换一个名字。", SFMT(dir));
  if (file_exists(half)) FAIL(CONFLICT, "%.*s 是上次没有做完的归档。请先删去它。", SFMT(half));
  TRY(archive_fill(cx, a, dir_sink, &half));
  if (rename(arena_z(cx->mem, half), arena_z(cx->mem, dir)) != 0) FAIL(READONLY, "不能把 %.*s 改名为 %.*s", SFMT(half), SFMT(dir));
  return OK;
}

/* ---- checking --------------------------------------------------------------------------------------------------------- */

typedef struct Check {
  Str dir;
  Json *listed, *wrong;   /* listed: names of the list */
  int64_t files;
} Check;

static void say(Cx *cx, Check *c, Str path, const char *what) {
  json_push_str(cx->mem, c->wrong, arena_fmt(cx->mem, "%.*s：%s", SFMT(path), what));
}

static Code line_check(Cx *cx, Check *c, HashSuite suite, Str line) {
  Arena *own = arena_open((size_t)FILE_MAX + (16 << 20));
  Cx mine = {.mem = own, .now = cx->now};
  Str hash = str_sub(line, 0, 64), path = arena_str(cx->mem, str_sub(line, 66, SIZE_MAX)), content;
  bool odd = line.len < 67 || str_starts(path, S("/")) || str_has(path, S(".."));
  Code code = odd ? INVALID : file_read(&mine, arena_fmt(own, "%.*s/%.*s", SFMT(c->dir), SFMT(path)), FILE_MAX, &content);
  if (odd) say(cx, c, line, "清单里有一行不是散列和文件名");
  else if (code != OK) say(cx, c, path, "清单里有，目录里没有");
  else if (!str_eq(hash_hex(own, hash_bytes(suite, content)), hash)) say(cx, c, path, suite == SUITE_GM ? "与 SM3 散列不符，被改动过" : "与 SHA-256 散列不符，被改动过");
  if (!odd) json_put_bool(cx->mem, c->listed, path, true);
  arena_close(own);
  return OK;
}

/* What lies there without being listed could be anything. */
static void folder_check(Cx *cx, Check *c, Str below) {
  Str path = arena_fmt(cx->mem, "%.*s%s%.*s", SFMT(c->dir), below.len ? "/" : "", SFMT(below));
  DIR *d = opendir(arena_z(cx->mem, path));
  for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
    if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
    Str one = arena_fmt(cx->mem, "%.*s%s%s", SFMT(below), below.len ? "/" : "", e->d_name);
    if (e->d_type == DT_DIR) {
      folder_check(cx, c, one);
      continue;
    }
    bool list = str_eqz(one, sums[0].name) || str_eqz(one, sums[1].name);
    if (!list) c->files++;
    if (!list && !json_get(c->listed, one)) say(cx, c, one, "不在清单里");
  }
  if (d) closedir(d);
}

Code archive_check(Cx *cx, Str dir, int64_t *files, Json **wrong) {
  Check c = {.dir = dir, .listed = json_obj(cx->mem), .wrong = json_arr(cx->mem)};
  for (size_t s = 0; s < SUMS; s++) {
    Str text, line, rest;
    Str path = arena_fmt(cx->mem, "%.*s/%s", SFMT(dir), sums[s].name);
    if (!file_exists(path)) FAIL(NOT_FOUND, "%.*s 里没有 %s，不是一份归档。", SFMT(dir), sums[s].name);
    TRY(file_read(cx, path, INDEX_MAX, &text));
    for (rest = text; rest.len;) {
      str_cut(rest, '\n', &line, &rest);
      if (line.len) TRY(line_check(cx, &c, sums[s].suite, line));
    }
  }
  folder_check(cx, &c, S(""));
  *files = c.files;
  *wrong = c.wrong;
  return OK;
}
