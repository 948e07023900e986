/* SPDX-License-Identifier: Apache-2.0 */
/* proofs.c: what is there for the day on which the store is not: backups, signed heads, a witness. */
#include "journal/proof.h"
#include "upkeep/upkeep_int.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { HOUR_MS = 3600 * 1000, HEAD_LOOK_H = 26, HEAD_BAD_DAYS = 7, BACKUP_LOOK_H = 26, BACKUP_BAD_DAYS = 3, WITNESS_LOOK_DAYS = 7 };

/* ---- backups ------------------------------------------------------------------------------------------ */

/* The last directory by name that holds a manifest; names of today sort by time. */
static Str newest_backup(Arena *mem, Str backups) {
  struct dirent **list = NULL;
  Str found = S("");
  int n = scandir(arena_z(mem, backups), &list, NULL, alphasort);
  for (int i = n - 1; i >= 0; i--) {
    Str path = arena_fmt(mem, "%.*s/%s", SFMT(backups), list[i]->d_name);
    if (!found.len && list[i]->d_name[0] != '.' && !str_ends(path, S(".unfinished")) && file_exists(arena_fmt(mem, "%.*s/manifest.jsonl", SFMT(path)))) found = path;
    free(list[i]);
  }
  free(list);
  return found;
}

static void backup_age(const Checkup *c, Remarks *f, Str path, int64_t made, const BackupReport *r) {
  int64_t age = c->now - made;
  Str said = arena_fmt(f->mem, "最近的备份 %.*s 做于 %.*s前，日志到第 %lld 条", SFMT(path), SFMT(age__text(f->mem, age)), (long long)r->events);
  if (c->files) said = arena_fmt(f->mem, "%.*s，%lld 个文件都与清单一致", SFMT(said), (long long)r->files);
  RemarkLevel l = age > BACKUP_BAD_DAYS * DAY_MS ? REMARK_BAD : age > (int64_t)BACKUP_LOOK_H * HOUR_MS ? REMARK_LOOK : REMARK_GOOD;
  if (l == REMARK_GOOD) remark__good(f, "backup", said);
  else remark__add(f, "backup", l, said, "磁盘坏了，备份以后的办理就没有了。", S("运行 yichuang backup；看 systemctl status yichuang-backup.timer 为什么没有做。"));
  if (r->key || file_exists(arena_fmt(f->mem, "%.*s/vault.key", SFMT(path))))
    remark__add(f, "backup-key", REMARK_LOOK, S("备份里有个人信息的密钥（vault.key）"), "拿到这份备份的人能读全部个人信息。", S("像密钥一样保管；平常的备份不写 --with-key，密钥另存。"));
}

static void backup_look(const Checkup *c, Remarks *f) {
  Cx cx = {.mem = f->mem, .now = c->now};
  BackupReport r;
  int64_t made = 0;
  if (!c->backups.len) {
    remark__add(f, "backup", REMARK_LOOK, S("没有写备份放在哪里（backups），没有查"), "没有备份，磁盘坏了就什么都没有了。", S("在设置里写 backups = 目录，每天运行 yichuang backup（yichuang-backup.timer）。"));
    return;
  }
  Str path = newest_backup(f->mem, c->backups);
  if (!path.len) {
    remark__add(f, "backup", REMARK_BAD, arena_fmt(f->mem, "%.*s 里一份备份也没有", SFMT(c->backups)), "磁盘坏了就什么都没有了。", S("运行 yichuang backup，再看 yichuang-backup.timer。"));
    return;
  }
  Code code = store_backup_check(&cx, path, c->files, &made, &r);
  if (code == OK) backup_age(c, f, path, made, &r);
  else remark__add(f, "backup", REMARK_BAD, arena_fmt(f->mem, "最近的备份不能用：%.*s", SFMT(cx.detail)), "要用的时候恢复不了。", S("马上再做一份；看那块磁盘的健康。"));
}

/* ---- signed heads -------------------------------------------------------------------------------------- */

static void key_look(const Checkup *c, Remarks *f) {
  Cx cx = {.mem = f->mem, .now = c->now};
  Keys keys;
  Str text;
  if (!c->key.len) {
    remark__add(f, "key", REMARK_LOOK, S("没有写签检查点的密钥（key）"), "没有签名的检查点，谁也证明不了日志没有被改写过。", S("yichuang key make 做一对，在设置里写 key = 文件，启用 yichuang-checkpoint.timer。"));
    return;
  }
  Code code = file_read(&cx, c->key, 1 << 20, &text);
  if (code == OK) code = keys_read(&cx, text, &keys);
  const NoteKey *now = code == OK ? keys_current(&keys) : NULL;
  if (now && now->secret.len) remark__good(f, "key", arena_fmt(f->mem, "签名密钥 %.*s 自 %.*s 起用", SFMT(now->name), SFMT(str_sub(now->from, 0, 10))));
  else remark__add(f, "key", REMARK_BAD, code == OK ? S("密钥文件里没有在用的私钥") : arena_fmt(f->mem, "读不了签名密钥：%.*s", SFMT(cx.detail)),
                    "检查点签不了。", S("写明私钥文件（不是 .pub），并让服务的账号能读；没有了就用 yichuang key make 另做，写新的名称。"));
}

static void head_look(const Checkup *c, int64_t events, Remarks *f) {
  Cx cx = {.mem = f->mem, .now = c->now};
  Checkpoint *last = NULL;
  size_t n = 0;
  int64_t at = 0;
  static const char why[] = "检查点以后的办理还没有签名：改写了也没有人看得出来，凭证也开不全。";
  if (checkpoints_list(&cx, c->store, 0, 1, &last, &n) != OK || events < 0) {
    remark__skip(f, "checkpoint", arena_fmt(f->mem, "读不了检查点：%.*s", SFMT(cx.detail.len ? cx.detail : S("日志读不了，没有比较"))));
    return;
  }
  if (!n || !time_parse(last->time, &at)) {
    remark__add(f, "checkpoint", REMARK_LOOK, S("还没有签过检查点"), why, S("运行 yichuang checkpoint，再启用 yichuang-checkpoint.timer。"));
    return;
  }
  int64_t age = c->now - at, behind = events - last->size;
  RemarkLevel v = behind <= 0 ? REMARK_GOOD : age > HEAD_BAD_DAYS * DAY_MS ? REMARK_BAD : age > (int64_t)HEAD_LOOK_H * HOUR_MS ? REMARK_LOOK : REMARK_GOOD;
  Str said = arena_fmt(f->mem, "最近的检查点签于 %.*s前，以后又有 %lld 条", SFMT(age__text(f->mem, age)), (long long)behind);
  if (behind < 0)
    remark__add(f, "checkpoint", REMARK_BAD, arena_fmt(f->mem, "日志只有 %lld 条，签过名的有 %lld 条", (long long)events, (long long)last->size),
                 "日志比签过名的短：换成了旧的备份，或者被截短。", S("停止服务，保留现场，与见证人留存的检查点比较（yichuang witness）。"));
  else if (v == REMARK_GOOD) remark__good(f, "checkpoint", said);
  else remark__add(f, "checkpoint", v, said, why, S("运行 yichuang checkpoint；看 systemctl status yichuang-checkpoint.timer 为什么没有签。"));
}

static void witness_look(const Checkup *c, Remarks *f) {
  Cx cx = {.mem = f->mem, .now = c->now};
  Checkpoint kept;
  Str text;
  int64_t at = 0;
  if (!c->keep.len) {
    remark__skip(f, "witness", S("没有写见证人留存的检查点（keep），没有查"));
    return;
  }
  Code code = file_read(&cx, c->keep, 1 << 20, &text);
  if (code == OK) code = checkpoint_read(&cx, NULL, text, &kept);
  if (code != OK || !time_parse(kept.time, &at))
    remark__add(f, "witness", REMARK_BAD, arena_fmt(f->mem, "读不了见证人留存的检查点：%.*s", SFMT(cx.detail)), "见证人手里没有东西，日志被改写就没有外面的证据。", S("在另一台机器上运行 yichuang witness，把留存的文件取来放在 keep 写的地方。"));
  else if (c->now - at > WITNESS_LOOK_DAYS * DAY_MS)
    remark__add(f, "witness", REMARK_LOOK, arena_fmt(f->mem, "见证人留存的检查点已有 %.*s", SFMT(age__text(f->mem, c->now - at))), "这以后的改写，见证人看不出来。", S("看见证人的机器上 yichuang witness 有没有按时运行，结果如何。"));
  else remark__good(f, "witness", arena_fmt(f->mem, "见证人留存的检查点签于 %.*s前", SFMT(age__text(f->mem, c->now - at))));
}

void proofs__look(const Checkup *c, int64_t events, Remarks *f) {
  backup_look(c, f);
  key_look(c, f);
  head_look(c, events, f);
  witness_look(c, f);
}
