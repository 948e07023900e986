/* SPDX-License-Identifier: Apache-2.0 */
/* blob.c: files by the hash of their content. A name exists only when the bytes are on the disk. */
#include "journal/journal_int.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct Blob {
  int fd;
  int64_t size, max;
  Hasher *hasher;
  char temp[4096], dir[4096], store[4096]; /* dir: the local directory of the store */
};

Code blob_open(Cx *cx, Str dir, int64_t max, Blob **out) {
  Blob *b = calloc(1, sizeof *b);
  REQUIRE(b != NULL);
  b->max = max;
  Str local = store_files(cx->mem, dir), temp = arena_fmt(cx->mem, "%.*s/blobs/tmp/%.*s", SFMT(local), SFMT(random_token(cx->mem, 18)));
  REQUIRE(temp.len < sizeof b->temp && local.len < sizeof b->dir && dir.len < sizeof b->store);
  memcpy(b->temp, temp.ptr, temp.len);
  memcpy(b->dir, local.ptr, local.len);
  memcpy(b->store, dir.ptr, dir.len);
  b->fd = open(b->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (b->fd < 0) {
    int why = errno;
    free(b);
    FAIL(READONLY, "现在存不进文件，请稍后再试。（%s）", strerror(why));
  }
  b->hasher = hasher_open(SUITE_GM);
  *out = b;
  return OK;
}

Code blob_add(Cx *cx, Blob *b, const void *p, size_t n) {
  const char *at = p;
  if ((int64_t)n > b->max - b->size) FAIL(LIMIT, "文件超过 %lld MB 的上限", (long long)(b->max >> 20));
  hasher_add(b->hasher, p, n);
  b->size += (int64_t)n;
  while (n) {
    ssize_t wrote = write(b->fd, at, n);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) FAIL(READONLY, "现在存不进文件，请稍后再试。（%s）", strerror(errno));
    at += wrote;
    n -= (size_t)wrote;
  }
  return OK;
}

static Str blob_folder(Arena *mem, Str dir, Str hash) {
  return arena_fmt(mem, "%.*s/blobs/%.*s", SFMT(dir), SFMT(str_sub(hash, 0, 2)));
}

Code blob_finish(Cx *cx, Blob *b, Str *hash, int64_t *size) {
  *hash = hash_hex(cx->mem, hasher_close(b->hasher));
  b->hasher = NULL;
  *size = b->size;
  Str dir = str_of(b->dir), folder = blob_folder(cx->mem, dir, *hash);
  Str path = arena_fmt(cx->mem, "%.*s/%.*s", SFMT(folder), SFMT(*hash));
  if (fsync(b->fd) != 0) FAIL(READONLY, "现在存不进文件，请稍后再试。（%s）", strerror(errno));
  /* First where all servers see it: what has its place here is there. */
  TRY(files__add(cx, str_of(b->store), arena_fmt(cx->mem, "blobs/%.*s/%.*s", SFMT(str_sub(*hash, 0, 2)), SFMT(*hash)), str_of(b->temp)));
  TRY(dir_make(cx, folder));
  if (rename(b->temp, path.ptr) != 0) FAIL(READONLY, "现在存不进文件，请稍后再试。（%s）", strerror(errno));
  b->temp[0] = 0;
  /* Always: the folder may be there only because another upload has just made it and not yet synced its name. */
  TRY(dir_sync(cx, store__path(cx->mem, dir, "blobs")));
  return dir_sync(cx, folder);
}

void blob_drop(Blob **p) {
  Blob *b = *p;
  if (!b) return;
  if (b->temp[0]) unlink(b->temp);
  if (b->hasher) (void)hasher_close(b->hasher);
  close(b->fd);
  free(b);
  *p = NULL;
}

void blob__sweep(Cx *cx, Str dir) {
  Str folder = store__path(cx->mem, dir, "blobs/tmp");
  DIR *d = opendir(folder.ptr);
  if (!d) return;
  for (struct dirent *one; (one = readdir(d)) != NULL;)
    if (one->d_name[0] != '.') (void)unlinkat(dirfd(d), one->d_name, 0);
  closedir(d);
}

bool blob__sound(Cx *cx, Str path, Str hash) {
  char part[16384];
  ssize_t n;
  int fd = open(arena_z(cx->mem, path), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  Hasher *h = hasher_open(SUITE_GM);
  while ((n = read(fd, part, sizeof part)) > 0 || (n < 0 && errno == EINTR))
    if (n > 0) hasher_add(h, part, (size_t)n);
  close(fd);
  return str_eq(hash_hex(cx->mem, hasher_close(h)), hash) && n == 0;
}

Code blob_path(Cx *cx, Str dir, Str hash, Str *path) {
  Hash ignored;
  if (!hash_unhex(hash, &ignored)) FAIL(NOT_FOUND, "没有这个文件。");
  Str name = arena_fmt(cx->mem, "blobs/%.*s/%.*s", SFMT(str_sub(hash, 0, 2)), SFMT(hash));
  *path = store__path(cx->mem, dir, name.ptr);
  if (file_exists(*path)) return OK;
  TRY(files__get(cx, dir, name));
  if (blob__sound(cx, *path, hash)) return OK;
  (void)unlink(path->ptr);
  FAIL(BROKEN, "文件 %.*s 在数据库里的内容与散列不符，已经损坏。请从备份取回它。", SFMT(hash));
}
