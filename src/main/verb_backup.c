/* SPDX-License-Identifier: Apache-2.0 */
/* verb_backup.c: backup, restore, export, import, compact: verbs that take a store elsewhere and back. */
#include "main/main_int.h"

#include <stdio.h>

static bool word_needed(const Options *o, const char *what) {
  if (o->word_count) return true;
  fprintf(stderr, "错误：要写%s\n", what);
  return false;
}

static void key_hint(Arena *mem, const Options *o, bool key) {
  if (!key)
    printf("个人信息的密钥不在其中：把原来的 vault.key 放到 %.*s/vault.key（权限 600），再启动服务。\n", SFMT(store_files(mem, o->store)));
}

/* The journal of a backup knows of no erasure that came after it. */
static int erased_hint(Cx *cx, const Options *o, const World *w, const BackupReport *r) {
  if (o->erased.len) {
    printf("按清除名单 %.*s 又清除了 %lld 项个人信息。\n", SFMT(o->erased), (long long)r->erased);
    return r->erased ? personal_settle_now(cx, w) : EXIT_DONE;
  }
  if (r->personal)
    printf("注意：其中有 %lld 项个人信息。这份备份（日志到第 %lld 条）以后清除过的，已经随它回来了：\n"
           "取来清除名单（yichuang personal erased 做的），在启动服务之前运行 yichuang personal again 名单 --store %.*s，\n"
           "或者用 restore --erased 名单 重新恢复。没有清除过的不用管。\n", (long long)r->personal, (long long)r->events, SFMT(store_shown(cx->mem, o->store)));
  return EXIT_DONE;
}

/* BACKUPS/2026-11-24T0230: sorted by name they are sorted by time. */
static Str of_today(Arena *mem, Str backups, int64_t now) {
  Str t = time_str(mem, now);
  return arena_fmt(mem, "%.*s/%.*s%.*s", SFMT(backups), SFMT(str_sub(t, 0, 13)), SFMT(str_sub(t, 14, 2)));
}

int verb_backup(Cx *cx, const Options *o) {
  BackupReport r;
  if (!o->backups.len && !word_needed(o, "备份到哪个新目录，或者用 --backups 写明各份备份所在的目录")) return EXIT_CALL;
  Str to = o->word_count ? o->words[0] : of_today(cx->mem, o->backups, cx->now);
  if (store_needed(cx, o) != OK || store_backup(cx, o->store, to, o->with_key, &r) != OK)
    return report_fault(cx);
  printf("已备份到 %.*s：日志到第 %lld 条，文件 %lld 个，%lld 字节\n", SFMT(to), (long long)r.events,
         (long long)r.files, (long long)r.bytes);
  printf(r.key ? "其中有个人信息的密钥，请像密钥一样保管。\n" : "不含个人信息的密钥，请另行保管 vault.key。\n");
  return EXIT_DONE;
}

int verb_restore(Cx *cx, const Options *o) {
  World *w = NULL;
  BackupReport r;
  if (!word_needed(o, "备份所在的目录")) return EXIT_CALL;
  Options own = *o;
  own.store = o->words[0]; /* the versions of the package are read where they are */
  if (world_load(cx, &own, &w) != OK) return report_fault(cx);
  w->store.dir = o->store;
  w->store.erased = o->erased;
  if (store_restore(cx, &w->store, o->words[0], &r) != OK) return report_fault(cx);
  printf("已恢复到 %.*s：日志到第 %lld 条，文件 %lld 个，均与清单一致，已核对\n", SFMT(store_shown(cx->mem, o->store)), (long long)r.events,
         (long long)r.files);
  key_hint(cx->mem, o, r.key);
  int rc = erased_hint(cx, o, w, &r);
  world_close(w);
  return rc;
}

int verb_export(Cx *cx, const Options *o) {
  ExportReport r;
  if (!word_needed(o, "导出到哪个文件，- 是标准输出")) return EXIT_CALL;
  if (store_needed(cx, o) != OK || store_export(cx, o->store, o->words[0], !o->without_personal, &r) != OK)
    return report_fault(cx);
  fprintf(stderr, "已导出事件 %lld 条，幂等键 %lld 个，个人信息 %lld 条（加密），散列 %.*s\n", (long long)r.events,
          (long long)r.done, (long long)r.vault, SFMT(r.hash));
  return EXIT_DONE;
}

int verb_import(Cx *cx, const Options *o) {
  ExportReport r;
  if (!word_needed(o, "导出的文件，- 是标准输入")) return EXIT_CALL;
  if (store_import(cx, o->store, o->words[0], &r) != OK) return report_fault(cx);
  printf("已导入 %.*s：事件 %lld 条，幂等键 %lld 个，个人信息 %lld 条，散列均已核对。\n"
         "下一步：把原来的 blobs 和 policies 目录（有的话）放进 %.*s，再运行 yichuang rebuild 和 yichuang verify。\n",
         SFMT(store_shown(cx->mem, o->store)), (long long)r.events, (long long)r.done, (long long)r.vault,
         SFMT(store_files(cx->mem, o->store)));
  key_hint(cx->mem, o, r.key);
  return EXIT_DONE;
}

int verb_compact(Cx *cx, const Options *o) {
  int64_t before, after;
  if (store_needed(cx, o) != OK || store_compact(cx, o->store, &before, &after) != OK) return report_fault(cx);
  printf("已整理：%lld 字节，原来 %lld 字节\n", (long long)after, (long long)before);
  return EXIT_DONE;
}
