/* SPDX-License-Identifier: Apache-2.0 */
/*
 * packages.c: the versions of the package that this process knows. One thread at a time adds, many read without a
 * lock: a version is whole before the count says that it is there, and none is taken back.
 */
#include "policy/policy.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>

enum { PACKAGE_MEM = 256 << 20, MARK_MAX = 4096 };

struct Packages {
  pthread_mutex_t lock; /* of those who add */
  Str dir;
  Code (*fetch)(Cx *cx, const void *arg);
  const void *fetch_arg;
  const Policy *base;
  const Policy *list[PACKAGES_MAX];
  Arena *mem[PACKAGES_MAX]; /* each version has its own, for one that fails gives its memory back */
  _Atomic size_t count;
  _Atomic bool published;
};

Packages *packages_open(Arena *mem, Str dir, const Policy *base) {
  Packages *k = arena_new(mem, Packages);
  REQUIRE(pthread_mutex_init(&k->lock, NULL) == 0);
  k->dir = arena_str(mem, dir);
  k->base = base;
  return k;
}

void packages_source(Packages *k, Code (*fetch)(Cx *cx, const void *arg), const void *arg) {
  k->fetch = fetch;
  k->fetch_arg = arg;
}

void packages_close(Packages *k) {
  if (!k) return;
  for (size_t i = 0; i < atomic_load(&k->count); i++) arena_close_p(&k->mem[i]);
  atomic_store(&k->count, 0);
}

Str packages_dir(const Packages *k) {
  return k->dir;
}

size_t packages_list(const Packages *k, const Policy *out[PACKAGES_MAX]) {
  size_t n = atomic_load_explicit(&k->count, memory_order_acquire);
  for (size_t i = 0; i < n; i++) out[i] = k->list[i];
  return n;
}

const Policy *packages_find(const Packages *k, Str version) {
  size_t n = atomic_load_explicit(&k->count, memory_order_acquire);
  if (str_eq(k->base->version, version)) return k->base;
  for (size_t i = 0; i < n; i++)
    if (str_eq(k->list[i]->version, version)) return k->list[i];
  return NULL;
}

const Unit *policy_unit_known(const Policy *p, Str code) {
  const Policy *list[PACKAGES_MAX];
  const Unit *found = policy_unit(p, code);
  size_t n = p->packages ? packages_list(p->packages, list) : 0;
  for (size_t i = 0; i < n && !found; i++) found = policy_unit(list[i], code);
  return found;
}

void packages_publish(Packages *k) {
  atomic_store_explicit(&k->published, true, memory_order_release);
}

bool packages_published(const Packages *k) {
  return atomic_load_explicit(&k->published, memory_order_acquire);
}

/* It is the name of a folder too. */
bool package_version_fits(Str version) {
  bool ok = version.len >= 1 && version.len <= 40 && version.ptr[0] != '.' && version.ptr[0] != '-';
  for (size_t i = 0; ok && i < version.len; i++) {
    char c = version.ptr[i];
    ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  }
  return ok;
}

/* ---- one folder ------------------------------------------------------------------------------------------ */

/* What was staged is what was looked at: the hash written down then must still be that of the files. */
static Code package_read(Cx *cx, Str dir, Str version, const Policy **out) {
  Mistakes wrong = {0};
  Json *mark = NULL;
  Str text;
  TRY(file_read(cx, arena_fmt(cx->mem, "%.*s/" PACKAGE_MARK, SFMT(dir)), MARK_MAX, &text));
  TRY(json_parse(cx, text, &mark));
  TRY(policy_load(cx, dir, out, &wrong));
  if (!str_eq((*out)->version, version)) FAIL(INVALID, "里面写的版本号是 %.*s", SFMT((*out)->version));
  if (!str_eq((*out)->dir_hash, json_str(mark, S("hash")))) FAIL(INVALID, "内容与暂存时的散列不同，文件被改动过");
  return OK;
}

static Code package_add(Cx *cx, Packages *k, Str version) {
  size_t n = atomic_load(&k->count);
  Str dir = arena_fmt(cx->mem, "%.*s/%.*s", SFMT(k->dir), SFMT(version));
  const Policy *p = NULL;
  if (n == PACKAGES_MAX) FAIL(LIMIT, "暂存的政策包超过 %d 个版本，请移走没有施行过的版本。", PACKAGES_MAX);
  Arena *mem = arena_open(PACKAGE_MEM);
  Cx own = {.mem = mem, .now = cx->now};
  if (package_read(&own, dir, version, &p) != OK) {
    Str why = arena_str(cx->mem, own.detail);
    arena_close(mem);
    FAIL(CONFLICT, "暂存的政策包 %.*s 不能用：%.*s。请恢复 %.*s 原来的文件。", SFMT(version), SFMT(why), SFMT(dir));
  }
  if (str_eq(version, k->base->version)) { /* staged to be kept: the program already has it */
    bool same = str_eq(p->dir_hash, k->base->dir_hash);
    arena_close(mem);
    if (!same)
      FAIL(CONFLICT, "--policy 的政策包与存储里暂存的都叫 %.*s，内容却不同。请把改过的那份换一个版本号，或者让 --policy 指向 %.*s。",
           SFMT(version), SFMT(dir));
    return OK;
  }
  k->list[n] = p;
  k->mem[n] = mem;
  atomic_store_explicit(&k->count, n + 1, memory_order_release);
  return OK;
}

Code packages_need(Cx *cx, Packages *k, Str version, Str hash, const Policy **out) {
  const Policy *p = packages_find(k, version);
  Str mark = arena_fmt(cx->mem, "%.*s/%.*s/" PACKAGE_MARK, SFMT(k->dir), SFMT(version));
  if (!p && k->fetch && package_version_fits(version) && !file_exists(mark)) TRY(k->fetch(cx, k->fetch_arg));
  if (!p && package_version_fits(version) && file_exists(mark)) {
    Code code = OK;
    pthread_mutex_lock(&k->lock);
    if (!packages_find(k, version)) code = package_add(cx, k, version);
    pthread_mutex_unlock(&k->lock);
    TRY(code);
    p = packages_find(k, version);
  }
  if (!p)
    FAIL_AT(NOT_FOUND, S("version"), S(""), "没有政策包 %.*s。请用 yichuang policy stage 把它存入（存储里的 policies/%.*s），再继续。",
            SFMT(version), SFMT(version));
  if (hash.len && !str_eq(hash, p->dir_hash))
    FAIL_AT(CONFLICT, S("hash"), S(""), "政策包 %.*s 的内容与记录的不同（记录的散列 %.*s…，现在 %.*s…）。请恢复原来的文件。",
            SFMT(version), SFMT(str_sub(hash, 0, 12)), SFMT(str_sub(p->dir_hash, 0, 12)));
  *out = p;
  return OK;
}

Code packages_scan(Cx *cx, Packages *k) {
  if (k->fetch) TRY(k->fetch(cx, k->fetch_arg));
  DIR *d = opendir(arena_z(cx->mem, k->dir));
  Code code = OK;
  if (!d) return OK; /* nothing was ever staged */
  pthread_mutex_lock(&k->lock);
  for (struct dirent *one; code == OK && (one = readdir(d)) != NULL;) {
    Str name = arena_str(cx->mem, str_of(one->d_name));
    bool known = packages_find(k, name) && !str_eq(name, k->base->version);
    Str mark = arena_fmt(cx->mem, "%.*s/%.*s/" PACKAGE_MARK, SFMT(k->dir), SFMT(name));
    if (package_version_fits(name) && !known && file_exists(mark)) code = package_add(cx, k, name);
  }
  pthread_mutex_unlock(&k->lock);
  closedir(d);
  return code;
}
