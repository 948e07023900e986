/* SPDX-License-Identifier: Apache-2.0 */
/* store.c: the journal and its tables, and the disk they lie on. */
#include "upkeep/upkeep_int.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

enum { VIEWS_BEHIND = 5000 }; /* answers leave before their rows are in the tables: under load they are some batches behind */
enum { LAST = 1000, LOG_MAX_MB = 96 }; /* 34 is usual; from 64 on the writer itself moves it, whatever that takes */
enum { FREE_LOOK = 10, FREE_BAD = 3 }; /* per cent */

/* Gives how many events there are; -1: unknown. */
static int64_t journal_look(const Checkup *c, Remarks *f) {
  Cx cx = {.mem = f->mem, .now = c->now};
  StoreLook l;
  Code code = store_look(&cx, c->store, LAST, &l);
  if (code != OK) {
    remark__add(f, "journal", REMARK_BAD, arena_fmt(f->mem, "读不了日志：%.*s", SFMT(cx.detail)), "日志是唯一的真相，读不了就什么也办不了。",
                 S("看存储目录的权限和磁盘；日志坏了，用最近的备份恢复（docs/operate.md）。"));
    return -1;
  }
  if (l.fault.len)
    remark__add(f, "journal", REMARK_BAD, l.fault, "记录在写入以后被改动或损坏了。", S("停止服务，保留现场，运行 yichuang verify 看全部日志，再用备份恢复。"));
  else
    remark__good(f, "journal", arena_fmt(f->mem, "日志共 %lld 条，最后 %lld 条的散列都对", (long long)l.events, (long long)l.looked));
  if (l.views + VIEWS_BEHIND < l.events && !c->readonly)
    remark__add(f, "views", REMARK_LOOK, arena_fmt(f->mem, "视图到第 %lld 条，日志到第 %lld 条", (long long)l.views, (long long)l.events),
                 "列表里看不到最近的办理。", S("重新启动服务，它会补上；不行就停止服务，运行 yichuang rebuild。"));
  else remark__good(f, "views", arena_fmt(f->mem, "视图到第 %lld 条", (long long)l.views));
  if (l.log_bytes > (int64_t)LOG_MAX_MB << 20)
    remark__add(f, "wal", REMARK_LOOK, arena_fmt(f->mem, "日志的预写部分有 %.*s", SFMT(bytes__text(f->mem, l.log_bytes))),
                 "有谁一直读着旧的状态（备份、导出停住了），它就不能并入，读会越来越慢。", S("看有没有停住的 yichuang backup、export；没有就重新启动服务。"));
  else remark__good(f, "wal", arena_fmt(f->mem, "日志的预写部分 %.*s", SFMT(bytes__text(f->mem, l.log_bytes))));
  if (l.last_recorded > c->now + 2000)
    remark__add(f, "clock-back", REMARK_BAD, arena_fmt(f->mem, "最后一条记录写于 %.*s，现在是 %.*s", SFMT(time_cn(f->mem, l.last_recorded)), SFMT(time_cn(f->mem, c->now))),
                 "机器的时钟倒退了：时限会算错，先后会颠倒。", S("校准时钟（timedatectl、chrony），再办理。"));
  else remark__good(f, "clock-back", S("时钟没有走在最后一条记录前面"));
  return l.events;
}

static void reader_look(const Checkup *c, Remarks *f) {
  if (c->rd) remark__good(f, "store", arena_fmt(f->mem, "存储 %.*s 打得开", SFMT(store_shown(f->mem, c->store))));
  else
    remark__add(f, "store", REMARK_BAD, c->unopened.len ? c->unopened : S("存储打不开"), "打不开就不能办理。", S("按这句话说的做；视图是另一个版本建的，启动服务就会重建。"));
  if (c->readonly)
    remark__add(f, "readonly", REMARK_BAD, S("服务已停止写入（只读）"), "一次写入失败以后不再写，已经答复的都在；新的办理都答复 507。",
                 S("看存储里的 readonly.log 和磁盘，排除以后重新启动服务。"));
}

static void readonly_look(const Checkup *c, Remarks *f) {
  Cx cx = {.mem = f->mem, .now = c->now};
  struct stat st;
  Str path = arena_fmt(f->mem, "%.*s/readonly.log", SFMT(store_files(f->mem, c->store))), text;
  if (stat(path.ptr, &st) != 0 || c->now - (int64_t)st.st_mtime * 1000 > 7 * DAY_MS || file_read(&cx, path, 1 << 20, &text) != OK) return;
  text = str_trim(text);
  size_t at = text.len;
  while (at > 0 && text.ptr[at - 1] != '\n') at--;
  remark__add(f, "readonly-log", REMARK_LOOK, arena_fmt(f->mem, "最近七天停止过写入：%.*s", SFMT(str_sub(text, at, 300))),
               "磁盘或者它的空间出过问题，会再来。", S("看那时的系统日志（journalctl -k）和磁盘的健康（smartctl）。"));
}

static void level_of(Remarks *f, const char *id, const char *what, Str where, int64_t left, int64_t all, const char *next) {
  int64_t percent = all > 0 ? left * 100 / all : 100;
  RemarkLevel l = percent < FREE_BAD ? REMARK_BAD : percent < FREE_LOOK ? REMARK_LOOK : REMARK_GOOD;
  Str said = arena_fmt(f->mem, "%.*s 所在的磁盘：%s还有 %lld%%", SFMT(where), what, (long long)percent);
  if (l == REMARK_GOOD) remark__good(f, id, said);
  else remark__add(f, id, l, said, "写满以后服务停止写入，新的办理都答复 507。", str_of(next));
}

static void disk_look(Remarks *f, Str dir, const char *space, const char *nodes) {
  struct statvfs v;
  if (!dir.len || statvfs(arena_z(f->mem, dir), &v) != 0) return;
  level_of(f, space, "空间", dir, (int64_t)v.f_bavail, (int64_t)v.f_blocks, "腾出空间或换大的磁盘；旧的备份移到别处；yichuang compact 压紧视图（服务须先停止）。");
  if (v.f_files) level_of(f, nodes, "文件号（inode）", dir, (int64_t)v.f_favail, (int64_t)v.f_files, "删去不用的小文件，或换用文件号多的文件系统。");
}

int64_t store__look(const Checkup *c, Remarks *f) {
  reader_look(c, f);
  int64_t events = journal_look(c, f);
  readonly_look(c, f);
  disk_look(f, store_files(f->mem, c->store), "disk-space", "disk-inodes");
  disk_look(f, c->backups, "backup-space", "backup-inodes");
  return events;
}
