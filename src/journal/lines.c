/* SPDX-License-Identifier: Apache-2.0 */
/* lines.c: files of JSON lines whose last line holds the hash of all lines before it; staged directories; copies. */
#include "journal/lines.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- writing lines ------------------------------------------------------------------------------ */

Code lines__create(Cx *cx, Str path, LinesOut *out) {
  *out = (LinesOut){.hasher = hasher_open(SUITE_GM), .path = path};
  if (str_eq(path, S("-"))) {
    out->f = stdout;
    return OK;
  }
  out->temp = arena_fmt(cx->mem, "%.*s.%.*s.tmp", SFMT(path), SFMT(random_token(cx->mem, 9)));
  int fd = open(out->temp.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  out->f = fd < 0 ? NULL : fdopen(fd, "w");
  if (!out->f) {
    out->temp = S("");
    FAIL(READONLY, "不能写 %.*s：%s", SFMT(path), strerror(errno));
  }
  return OK;
}

Code lines__put(Cx *cx, LinesOut *out, Str line) {
  hasher_add(out->hasher, line.ptr, line.len);
  hasher_add(out->hasher, "\n", 1);
  out->count++;
  if (fwrite(line.ptr, 1, line.len, out->f) != line.len || fputc('\n', out->f) == EOF)
    FAIL(READONLY, "不能写 %.*s：%s", SFMT(out->path), strerror(errno));
  return OK;
}

Str lines__hash(Arena *mem, LinesOut *out) {
  Hash h = hasher_close(out->hasher);
  out->hasher = NULL;
  return hash_hex(mem, h);
}

static Str parent_of(Str path) {
  for (size_t i = path.len; i > 0; i--)
    if (path.ptr[i - 1] == '/') return str_sub(path, 0, i > 1 ? i - 1 : 1);
  return S(".");
}

Code lines__finish(Cx *cx, LinesOut *out, Str last) {
  if (!out->hasher) out->hasher = hasher_open(SUITE_GM); /* of the last line itself: not wanted */
  TRY(lines__put(cx, out, last));
  if (fflush(out->f) != 0) FAIL(READONLY, "不能写 %.*s：%s", SFMT(out->path), strerror(errno));
  if (out->f == stdout) return OK;
  if (fsync(fileno(out->f)) != 0 || rename(out->temp.ptr, arena_z(cx->mem, out->path)) != 0)
    FAIL(READONLY, "不能写 %.*s：%s", SFMT(out->path), strerror(errno));
  out->temp = S("");
  return dir_sync(cx, parent_of(out->path));
}

void lines__drop_out(LinesOut *out) {
  if (out->hasher) (void)hasher_close(out->hasher);
  if (out->f && out->f != stdout) fclose(out->f);
  if (out->temp.len) unlink(out->temp.ptr);
  *out = (LinesOut){0};
}

/* ---- reading lines ------------------------------------------------------------------------------ */

Code lines__open(Cx *cx, Str path, LinesIn *in) {
  *in = (LinesIn){.path = path};
  if (str_eq(path, S("-"))) {
    in->f = stdin;
  } else {
    int fd = open(arena_z(cx->mem, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) FAIL(NOT_FOUND, "没有文件 %.*s", SFMT(path));
    in->f = fd < 0 ? NULL : fdopen(fd, "r");
    if (!in->f) FAIL(INVALID, "不能读取 %.*s：%s", SFMT(path), strerror(errno));
  }
  in->hasher = hasher_open(SUITE_GM);
  return OK;
}

Code lines__next(Cx *cx, LinesIn *in, Str *line) {
  ssize_t n = getline(&in->line, &in->cap, in->f);
  in->number++;
  if (n < 0 && ferror(in->f)) FAIL(INVALID, "%.*s 第 %lld 行读不出来", SFMT(in->path), (long long)in->number);
  if (n <= 0) FAIL(INVALID, "%.*s 不完整：第 %lld 行应当有内容，却已到末尾", SFMT(in->path), (long long)in->number);
  if (n > LINE_MAX_BYTES) FAIL(LIMIT, "%.*s 第 %lld 行太长", SFMT(in->path), (long long)in->number);
  *line = (Str){.ptr = in->line, .len = (size_t)n};
  if (!str_ends(*line, S("\n"))) FAIL(INVALID, "%.*s 第 %lld 行不完整", SFMT(in->path), (long long)in->number);
  line->len--;
  return OK;
}

Code lines__json(Cx *cx, LinesIn *in, Str line, Json **out) {
  if (json_parse(cx, line, out) != OK || (*out)->kind != JSON_OBJ || !str_eq(json_text(cx->mem, *out), line)) {
    cx_clear(cx);
    return lines__bad(cx, in, "不是规范的 JSON，被改动过");
  }
  return OK;
}

Code lines__bad(Cx *cx, const LinesIn *in, const char *what) {
  FAIL(INVALID, "%.*s 第 %lld 行%s", SFMT(in->path), (long long)in->number, what);
}

void lines__take(LinesIn *in, Str line) {
  hasher_add(in->hasher, line.ptr, line.len);
  hasher_add(in->hasher, "\n", 1);
}

Code lines__close(Cx *cx, LinesIn *in, Str hash) {
  Str got = hash_hex(cx->mem, hasher_close(in->hasher));
  in->hasher = NULL;
  if (!str_eq(got, hash)) return lines__bad(cx, in, "的散列与前面各行不符，文件被改动过");
  if (fgetc(in->f) != EOF) return lines__bad(cx, in, "是末行，后面却还有内容");
  return OK;
}

void lines__drop_in(LinesIn *in) {
  if (in->hasher) (void)hasher_close(in->hasher);
  if (in->f && in->f != stdin) fclose(in->f);
  free(in->line);
  *in = (LinesIn){0};
}

/* ---- a directory that appears whole or not at all ------------------------------------------------- */

#define MARK ".yichuang-unfinished"

/* The mark goes last: whatever is left when this is interrupted is still known as ours. */
static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at) {
  (void)st, (void)kind;
  bool mark = at->level == 1 && strcmp(path + at->base, MARK) == 0;
  return mark || at->level == 0 ? 0 : remove(path);
}

static void dir_remove(Arena *mem, Str dir) {
  if (nftw(dir.ptr, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0) return;
  (void)unlink(arena_fmt(mem, "%.*s/" MARK, SFMT(dir)).ptr);
  (void)rmdir(dir.ptr);
}

static bool dir_empty(const char *path) {
  DIR *d = opendir(path);
  int n = 0;
  if (!d) return false;
  for (struct dirent *e; (e = readdir(d)) != NULL;) n += !str_eqz(S("."), e->d_name) && !str_eqz(S(".."), e->d_name);
  closedir(d);
  return n == 0;
}

/* What an earlier attempt left goes; what somebody else put there stays. */
static Code stage_clear(Cx *cx, Stage *s) {
  int fd = open(s->temp.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return OK;
  bool alone = flock(fd, LOCK_EX | LOCK_NB) == 0;
  close(fd);
  if (!alone) FAIL(BUSY, "另一个进程正在写 %.*s", SFMT(s->temp));
  if (rmdir(s->temp.ptr) == 0) return OK;
  if (!file_exists(arena_fmt(cx->mem, "%.*s/" MARK, SFMT(s->temp))))
    FAIL(CONFLICT, "已经有 %.*s，而且不是没做完的副本。请先把它移走。", SFMT(s->temp));
  dir_remove(cx->mem, s->temp);
  return OK;
}

/* There at once, and durable before anything that stands beside it. */
static Code mark_make(Cx *cx, const Stage *s) {
  int fd = open(arena_fmt(cx->mem, "%.*s/" MARK, SFMT(s->temp)).ptr, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) FAIL(READONLY, "不能写 %.*s：%s", SFMT(s->temp), strerror(errno));
  close(fd);
  return dir_sync(cx, s->temp);
}

Code stage__open(Cx *cx, Str final, Stage *s) {
  while (final.len > 1 && str_ends(final, S("/"))) final.len--;
  *s = (Stage){.final = arena_str(cx->mem, final), .fd = -1};
  if (file_exists(final) && !dir_empty(s->final.ptr))
    FAIL(CONFLICT, "%.*s 已经存在，而且不是空目录。请换一个目录。", SFMT(final));
  TRY(dir_make(cx, parent_of(s->final)));
  Str temp = arena_fmt(cx->mem, "%.*s.unfinished", SFMT(final));
  s->temp = temp;
  Code code = stage_clear(cx, s);
  if (code != OK) s->temp = S(""); /* not ours: nothing to remove */
  TRY(code);
  TRY(dir_make(cx, temp));
  s->fd = open(temp.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (s->fd < 0 || flock(s->fd, LOCK_EX | LOCK_NB) != 0) FAIL(BUSY, "另一个进程正在写 %.*s", SFMT(temp));
  return mark_make(cx, s);
}

Code stage__finish(Cx *cx, Stage *s) {
  TRY(dir_sync(cx, s->temp));
  if (rename(s->temp.ptr, s->final.ptr) != 0)
    FAIL(READONLY, "不能把 %.*s 改名为 %.*s：%s", SFMT(s->temp), SFMT(s->final), strerror(errno));
  s->temp = S("");
  /* Only now: without it a directory that still has its other name would belong to nobody. */
  (void)unlink(arena_fmt(cx->mem, "%.*s/" MARK, SFMT(s->final)).ptr);
  TRY(dir_sync(cx, s->final));
  return dir_sync(cx, parent_of(s->final));
}

void stage__drop(Stage *s) {
  if (s->temp.len && s->fd >= 0) {
    SCOPED(arena_close_p) Arena *mem = arena_open(1 << 16);
    dir_remove(mem, s->temp);
  }
  if (s->fd >= 0) close(s->fd);
  *s = (Stage){.fd = -1};
}

/* ---- copies ------------------------------------------------------------------------------------- */

static Code copy_bytes(Cx *cx, int in, int out, Str from, Str to, FileSum *sum) {
  char part[65536];
  Hasher *h = hasher_open(SUITE_GM);
  ssize_t n = 0;
  bool ok = true;
  sum->size = 0;
  while (ok && ((n = read(in, part, sizeof part)) > 0 || (n < 0 && errno == EINTR))) {
    if (n < 0) continue;
    hasher_add(h, part, (size_t)n);
    sum->size += n;
    for (ssize_t at = 0, put; ok && out >= 0 && at < n; at += put) {
      put = write(out, part + at, (size_t)(n - at));
      if (put < 0 && errno == EINTR) put = 0;
      else ok = put > 0;
    }
  }
  int why = errno;
  sum->hash = hasher_close(h);
  if (n < 0) FAIL(READONLY, "不能读取 %.*s：%s", SFMT(from), strerror(why));
  if (!ok) FAIL(READONLY, "不能写 %.*s：%s", SFMT(to), strerror(why));
  if (out >= 0 && fsync(out) != 0) FAIL(READONLY, "不能写 %.*s：%s", SFMT(to), strerror(errno));
  return OK;
}

Code file__copy(Cx *cx, Str from, Str to, FileSum *sum) {
  int in = open(arena_z(cx->mem, from), O_RDONLY | O_CLOEXEC);
  if (in < 0 && errno == ENOENT) FAIL(NOT_FOUND, "缺少文件 %.*s", SFMT(from));
  if (in < 0) FAIL(READONLY, "不能读取 %.*s：%s", SFMT(from), strerror(errno));
  int out = to.len ? open(arena_z(cx->mem, to), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
  if (to.len && out < 0) {
    close(in);
    FAIL(READONLY, "不能写 %.*s：%s", SFMT(to), strerror(errno));
  }
  Code code = copy_bytes(cx, in, out, from, to, sum);
  close(in);
  if (out >= 0) close(out);
  return code;
}

Code file__sum(Cx *cx, Str path, FileSum *sum) {
  return file__copy(cx, path, S(""), sum);
}

Code file__link(Cx *cx, Str from, Str to, FileSum *sum) {
  if (link(arena_z(cx->mem, from), arena_z(cx->mem, to)) == 0) return file__sum(cx, to, sum);
  return file__copy(cx, from, to, sum); /* another file system, or one without links */
}
