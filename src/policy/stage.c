/* SPDX-License-Identifier: Apache-2.0 */
/* stage.c: a package is copied into the store, whole or not at all, before anybody can publish it. */
#include "policy/lint.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_MAX = 200, FILE_MAX = 16 << 20 };

static Code file_copy(Cx *cx, Str from, Str to, Str name) {
  Str text;
  TRY(file_read(cx, arena_fmt(cx->mem, "%.*s/%.*s", SFMT(from), SFMT(name)), FILE_MAX, &text));
  return file_write(cx, arena_fmt(cx->mem, "%.*s/%.*s", SFMT(to), SFMT(name)), text, 0600);
}

static Code files_copy(Cx *cx, Str from, Str to) {
  int n = 0;
  Code code = OK;
  DIR *d = opendir(arena_z(cx->mem, from));
  if (!d) FAIL(NOT_FOUND, "打不开目录 %.*s", SFMT(from));
  for (struct dirent *one; code == OK && (one = readdir(d)) != NULL;) {
    Str name = arena_str(cx->mem, str_of(one->d_name));
    struct stat st;
    if (one->d_name[0] == '.' || str_eqz(name, PACKAGE_MARK)) continue;
    if (fstatat(dirfd(d), one->d_name, &st, 0) != 0 || !S_ISREG(st.st_mode)) continue;
    if (++n > FILES_MAX) {
      closedir(d);
      FAIL(LIMIT, "%.*s 里的文件超过 %d 个，它不像一份政策包。", SFMT(from), FILES_MAX);
    }
    code = file_copy(cx, from, to, name);
  }
  closedir(d);
  return code;
}

static void folder_drop(Cx *cx, Str dir) {
  DIR *d = opendir(arena_z(cx->mem, dir));
  if (!d) return;
  for (struct dirent *one; (one = readdir(d)) != NULL;)
    if (strcmp(one->d_name, ".") != 0 && strcmp(one->d_name, "..") != 0) (void)unlinkat(dirfd(d), one->d_name, 0);
  closedir(d);
  rmdir(arena_z(cx->mem, dir));
}

/* The copy is read again: a file that changed while it was copied must not go in. */
static Code copy_check(Cx *cx, Str temp, const Policy *p) {
  const Policy *copy = NULL;
  Mistakes wrong = {0};
  Json *mark = json_obj(cx->mem);
  TRY(policy_load(cx, temp, &copy, &wrong));
  if (!str_eq(copy->dir_hash, p->dir_hash)) FAIL(CONFLICT, "复制时文件正在改动，请改好后再暂存。");
  json_put_str(cx->mem, mark, S("hash"), p->dir_hash);
  json_put_str(cx->mem, mark, S("version"), p->version);
  json_put_str(cx->mem, mark, S("staged"), time_str(cx->mem, cx->now));
  return file_write(cx, arena_fmt(cx->mem, "%.*s/" PACKAGE_MARK, SFMT(temp)), json_text(cx->mem, mark), 0600);
}

static Code folder_put(Cx *cx, Str dir, Str temp, const Policy *p, Str from) {
  TRY(dir_make(cx, temp));
  TRY(files_copy(cx, from, temp));
  TRY(copy_check(cx, temp, p));
  Str final = arena_fmt(cx->mem, "%.*s/%.*s", SFMT(dir), SFMT(p->version));
  if (rename(temp.ptr, final.ptr) != 0) {
    if (errno == ENOTEMPTY || errno == EEXIST)
      FAIL(CONFLICT, "%.*s 已经有了，可能另一个人刚刚暂存。请用 yichuang policy list 核对。", SFMT(final));
    FAIL(READONLY, "不能写 %.*s：%s", SFMT(final), strerror(errno));
  }
  return dir_sync(cx, dir);
}

static Code version_free(Cx *cx, const Packages *k, const Policy *p, bool *there) {
  const Policy *known = packages_find(k, p->version);
  Str mark = arena_fmt(cx->mem, "%.*s/%.*s/" PACKAGE_MARK, SFMT(packages_dir(k)), SFMT(p->version));
  *there = false;
  if (!package_version_fits(p->version))
    FAIL_AT(INVALID, S("version"), S(""), "版本号“%.*s”要作目录名：只能用字母、数字、点、横线和下划线，最多 40 个，请在 package.yaml 里改。",
            SFMT(p->version));
  if (known && !str_eq(known->dir_hash, p->dir_hash))
    FAIL_AT(CONFLICT, S("version"), S(""), "版本号 %.*s 已经有了，内容不同。请在 package.yaml 里换一个版本号。", SFMT(p->version));
  *there = known && file_exists(mark);
  return OK;
}

Code package_stage(Cx *cx, Packages *k, Str from, const Policy **out, bool *already, Findings *found) {
  const Policy *list[PACKAGES_MAX];
  Str dir = packages_dir(k), above = {0};
  TRY(policy_check(cx, from, out, found));
  TRY(version_free(cx, k, *out, already));
  if (*already) return OK;
  if (packages_list(k, list) == PACKAGES_MAX) FAIL(LIMIT, "暂存的政策包已有 %d 个版本，请先移走没有施行过的版本。", PACKAGES_MAX);
  TRY(dir_make(cx, dir));
  for (size_t i = dir.len; i > 0 && !above.len; i--)
    if (dir.ptr[i - 1] == '/') above = str_sub(dir, 0, i);
  TRY(dir_sync(cx, above.len ? above : S(".")));
  Str temp = arena_fmt(cx->mem, "%.*s/.tmp-%.*s", SFMT(dir), SFMT(random_token(cx->mem, 9)));
  Code code = folder_put(cx, dir, temp, *out, from);
  if (code != OK) folder_drop(cx, temp);
  return code;
}
