/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* The reasons that a user can do something about; the rest in the system's own words. */
static const char *reason(int err) {
  switch (err) {
    case EACCES:
    case EPERM: return "没有权限";
    case EROFS: return "文件系统是只读的";
    case ENOSPC: return "磁盘满了";
    case EDQUOT: return "超出了磁盘配额";
    case ENOENT: return "上一级目录不存在";
    case ENOTDIR: return "路径中有一段不是目录";
    case EMFILE:
    case ENFILE: return "打开的文件太多";
    case EIO: return "磁盘读写出错";
    default: return strerror(err);
  }
}

static void fd_drop(const int *fd) {
  if (*fd >= 0) close(*fd);
}

static Code read_all(Cx *cx, int fd, Str path, size_t max, Str *out) {
  struct stat st;
  if (fstat(fd, &st) != 0) FAIL(BROKEN, "不能读取 %.*s：%s", SFMT(path), reason(errno));
  if (!S_ISREG(st.st_mode)) FAIL(INVALID, "%.*s 不是文件", SFMT(path));
  if ((uint64_t)st.st_size > max)
    FAIL(LIMIT, "%.*s 有 %lld 字节，超过 %zu 字节的上限", SFMT(path), (long long)st.st_size, max);
  char *p = arena_alloc(cx->mem, (size_t)st.st_size + 1, 1, 1);
  size_t len = 0;
  while (len < (size_t)st.st_size) {
    ssize_t n = read(fd, p + len, (size_t)st.st_size - len);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) FAIL(BROKEN, "不能读取 %.*s：%s", SFMT(path), reason(errno));
    if (n == 0) break;
    len += (size_t)n;
  }
  *out = (Str){.ptr = p, .len = len};
  return OK;
}

/* O_NONBLOCK: a named pipe is refused below, it must not be waited for. */
Code file_read(Cx *cx, Str path, size_t max, Str *out) {
  SCOPED(fd_drop) int fd = open(arena_z(cx->mem, path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) FAIL(NOT_FOUND, "没有文件 %.*s", SFMT(path));
  if (fd < 0) FAIL(BROKEN, "不能打开 %.*s：%s", SFMT(path), reason(errno));
  return read_all(cx, fd, path, max, out);
}

bool file_exists(Str path) {
  char z[4096];
  if (!path.len || path.len >= sizeof z) return false;
  memcpy(z, path.ptr, path.len);
  z[path.len] = 0;
  return access(z, F_OK) == 0;
}

Code dir_make(Cx *cx, Str path) {
  for (size_t i = 1; i <= path.len; i++) {
    if (i < path.len && path.ptr[i] != '/') continue;
    Str part = str_sub(path, 0, i);
    if (mkdir(arena_z(cx->mem, part), 0700) != 0 && errno != EEXIST)
      FAIL(READONLY, "不能建立目录 %.*s：%s", SFMT(part), reason(errno));
  }
  struct stat st;
  if (stat(arena_z(cx->mem, path), &st) != 0 || !S_ISDIR(st.st_mode))
    FAIL(READONLY, "%.*s 不是目录，请换一个位置", SFMT(path));
  return OK;
}

Code dir_sync(Cx *cx, Str path) {
  SCOPED(fd_drop) int fd = open(arena_z(cx->mem, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || fsync(fd) != 0) FAIL(READONLY, "不能写入目录 %.*s：%s", SFMT(path), reason(errno));
  return OK;
}

Code file_sync(Cx *cx, Str path) {
  SCOPED(fd_drop) int fd = open(arena_z(cx->mem, path), O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fsync(fd) != 0) FAIL(READONLY, "不能写 %.*s：%s", SFMT(path), reason(errno));
  return OK;
}

static bool write_all(int fd, Str s) {
  while (s.len) {
    ssize_t n = write(fd, s.ptr, s.len);
    if (n < 0 && errno == EINTR) continue;
    if (n == 0) errno = ENOSPC; /* a write of nothing sets no errno of its own */
    if (n <= 0) return false;
    s = str_sub(s, (size_t)n, SIZE_MAX);
  }
  return true;
}

static Str dir_of(Str path) {
  for (size_t i = path.len; i > 0; i--)
    if (path.ptr[i - 1] == '/') return str_sub(path, 0, i > 1 ? i - 1 : 1);
  return S(".");
}

Code file_write(Cx *cx, Str path, Str content, int mode) {
  Str temp = arena_fmt(cx->mem, "%.*s.%.*s.tmp", SFMT(path), SFMT(random_token(cx->mem, 9)));
  SCOPED(fd_drop) int fd = open(temp.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
  if (fd < 0) FAIL(READONLY, "不能写 %.*s：%s", SFMT(path), reason(errno));
  /* fchmod: the mode is what was asked for, whatever the umask. */
  if (fchmod(fd, (mode_t)mode) != 0 || !write_all(fd, content) || fsync(fd) != 0 ||
      rename(temp.ptr, arena_z(cx->mem, path)) != 0) {
    int why = errno;
    unlink(temp.ptr);
    FAIL(READONLY, "不能写 %.*s：%s", SFMT(path), reason(why));
  }
  return dir_sync(cx, dir_of(path));
}
