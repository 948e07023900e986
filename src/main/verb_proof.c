/* SPDX-License-Identifier: Apache-2.0 */
/* verb_proof.c: keys, signed heads, receipts, the witness. None of them takes the lock of the store. */
#include "main/main_int.h"
#include "paper/paper.h"
#include "approval/receipt.h"
#include "journal/proof.h"

#include <stdio.h>

enum { KEYS_BYTES = 1 << 16, FILE_BYTES = 32 << 20 };

static int call_wrong(const char *what) {
  fprintf(stderr, "错误：%s\n", what);
  return EXIT_CALL;
}

/* ---- keys --------------------------------------------------------------------------------------- */

static Code keys_load(Cx *cx, Str path, Keys *out) {
  Str text;
  TRY(file_read(cx, path, KEYS_BYTES, &text));
  return keys_read(cx, text, out);
}

static Code keys_save(Cx *cx, Str path, const Keys *k) {
  TRY(file_write(cx, path, keys_text(cx->mem, k, true), 0600));
  return file_write(cx, arena_fmt(cx->mem, "%.*s.pub", SFMT(path)), keys_text(cx->mem, k, false), 0644);
}

static void keys_said(const Cx *cx, Str path, const Keys *k) {
  const NoteKey *key = keys_current(k);
  printf("私钥 %.*s（只给签检查点的人；另行备份）\n公钥 %.*s.pub（可以公开，核对时用）\n%.*s\n", SFMT(path), SFMT(path),
         SFMT(key_text(cx->mem, key)));
}

int verb_key_make(Cx *cx, const Options *o) {
  Keys k = {0};
  HashSuite suite = str_eq(o->suite, S("gm")) ? SUITE_GM : str_eq(o->suite, S("intl")) ? SUITE_INTL : SUITE_UNSET;
  if (!o->word_count) return call_wrong("要写私钥文件。例：yichuang key make /root/yichuang.key --name yichuang.hld");
  if (suite == SUITE_UNSET) return call_wrong("--suite 只能是 gm 或 intl");
  if (!o->name.len) return call_wrong("要用 --name 写明日志的名称，写进每个检查点，以后不变。例：--name yichuang.hld");
  if (file_exists(o->words[0])) return call_wrong("该文件已经存在。换密钥用 yichuang key rotate。");
  if (keys_add(cx, suite, o->name, &k) != OK || keys_save(cx, o->words[0], &k) != OK) return report_fault(cx);
  keys_said(cx, o->words[0], &k);
  return EXIT_DONE;
}

int verb_key_seal(Cx *cx, const Options *o) {
  Str secret;
  Sealer *s = NULL;
  if (!o->word_count) return call_wrong("要写密钥文件。例：yichuang key seal /root/seal.key --name 葫芦岛市工程建设项目审批服务");
  if (!o->name.len) return call_wrong("要用 --name 写明签名人的名称。");
  if (file_exists(o->words[0])) return call_wrong("该文件已经存在。");
  if (sealer_make(cx, o->name, &secret) != OK || sealer_open(cx, secret, &s) != OK) return report_fault(cx);
  Code code = file_write(cx, o->words[0], secret, 0600);
  if (code == OK) code = file_write(cx, arena_fmt(cx->mem, "%.*s.pem", SFMT(o->words[0])), sealer_certificate(s), 0644);
  if (code == OK) printf("密钥：%.*s（不要交给别人）\n证书：%.*s.pem\n", SFMT(o->words[0]), SFMT(o->words[0]));
  sealer_close(s);
  return code == OK ? EXIT_DONE : report_fault(cx);
}

int verb_key_rotate(Cx *cx, const Options *o) {
  Keys k = {0};
  if (!o->word_count) return call_wrong("要写私钥文件。例：yichuang key rotate /root/yichuang.key");
  if (keys_load(cx, o->words[0], &k) != OK) return report_fault(cx);
  const NoteKey *old = keys_current(&k);
  if (!old) return call_wrong("这个文件里没有在用的私钥");
  if (keys_add(cx, old->suite, old->name, &k) != OK || keys_save(cx, o->words[0], &k) != OK) return report_fault(cx);
  keys_said(cx, o->words[0], &k);
  return EXIT_DONE;
}

int verb_key_show(Cx *cx, const Options *o) {
  Keys k = {0};
  if (!o->word_count) return call_wrong("要写密钥文件。例：yichuang key show /root/yichuang.key");
  if (keys_load(cx, o->words[0], &k) != OK) return report_fault(cx);
  printf("%.*s", SFMT(keys_text(cx->mem, &k, false)));
  return EXIT_DONE;
}

/* ---- heads -------------------------------------------------------------------------------------- */

int verb_checkpoint(Cx *cx, const Options *o) {
  Keys k = {0};
  Checkpoint c;
  bool fresh;
  if (!o->key.len) return call_wrong("要用 --key 写明私钥文件。没有时先用 yichuang key make 做一对。");
  if (store_needed(cx, o) != OK || keys_load(cx, o->key, &k) != OK || checkpoint_make(cx, o->store, &k, &c, &fresh) != OK)
    return report_fault(cx);
  if (!fresh) fprintf(stderr, "上一个检查点（%.*s）以来没有新的办理，没有再签。\n", SFMT(c.time));
  printf("%.*s", SFMT(c.text));
  return EXIT_DONE;
}

int verb_checkpoint_show(Cx *cx, const Options *o) {
  Checkpoint *newest, one;
  size_t n;
  int64_t size;
  if (store_needed(cx, o) != OK || checkpoints_list(cx, o->store, 0, 1, &newest, &n) != OK) return report_fault(cx);
  if (!n) return call_wrong("还没有签过检查点。用 yichuang checkpoint 签。");
  size = newest->size;
  if (o->word_count && !str_to_i64(o->words[0], &size)) return call_wrong("条数要写成整数");
  if (checkpoint_get(cx, o->store, size, &one) != OK) return report_fault(cx);
  printf("%.*s", SFMT(one.text));
  return EXIT_DONE;
}

int verb_checkpoint_proof(Cx *cx, const Options *o) {
  int64_t old, size;
  Str text;
  if (o->word_count != 2 || !str_to_i64(o->words[0], &old) || !str_to_i64(o->words[1], &size))
    return call_wrong("要写两个检查点的条数。例：yichuang checkpoint proof 1200 3400");
  if (store_needed(cx, o) != OK || consistency_text(cx, o->store, old, size, &text) != OK) return report_fault(cx);
  printf("%.*s", SFMT(text));
  return EXIT_DONE;
}

/* ---- receipts ----------------------------------------------------------------------------------- */

static Code receipt(Cx *cx, const Options *o, const World *w, const ReceiptKind *kind, Str *text) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  Receipt r;
  int64_t no;
  TRY(reader_open_dir(cx, &w->store, &rd));
  TRY(project_find(cx, rd, o->words[0], &no));
  TRY(receipt_last(cx, rd, no, (int)o->stage, kind, o->item, &r));
  return receipt_text(cx, o->store, &r.event, text);
}

static Code receipt_said(Cx *cx, const Options *o, Str text) {
  QrText t;
  if (!o->qr) {
    printf("%.*s", SFMT(text));
    return OK;
  }
  TRY(qrtext_make(cx, text, &t));
  for (size_t i = 0; i < t.count; i++) printf("%.*s\n", SFMT(t.part[i]));
  return OK;
}

int verb_receipt(Cx *cx, const Options *o) {
  World *w = NULL;
  Str text;
  if (!o->word_count || !o->stage) return call_wrong("要写编号和 --stage。例：yichuang receipt HLD-000001-A --stage 1");
  const ReceiptKind *kind = receipt_kind(o->word_count > 1 ? o->words[1] : S("submitted"));
  if (!kind) return call_wrong("没有这种凭证。种类：收件、补正告知、补正、受理、不予受理、事项退回补正、事项补正、事项重新申报、事项决定、出件、不予许可。");
  int rc = EXIT_DONE;
  if (world_load(cx, o, &w) != OK || receipt(cx, o, w, kind, &text) != OK || receipt_said(cx, o, text) != OK) rc = report_fault(cx);
  world_close(w);
  return rc;
}

/* ---- the witness -------------------------------------------------------------------------------- */

static Code witness(Cx *cx, const Options *o, Checkpoint *head, bool *first) {
  Keys k = {0};
  Checkpoint kept;
  Str text;
  TRY(keys_load(cx, o->key, &k));
  *first = !file_exists(o->keep);
  if (!*first) {
    TRY(file_read(cx, o->keep, FILE_BYTES, &text));
    TRY(checkpoint_read(cx, &k, text, &kept));
  }
  if (o->word_count) {
    TRY(file_read(cx, o->words[0], FILE_BYTES, &text));
    TRY(witness_file(cx, &k, *first ? NULL : &kept, text, head));
  } else {
    TRY(store_needed(cx, o));
    TRY(witness_store(cx, &k, *first ? NULL : &kept, o->store, head));
  }
  return file_write(cx, o->keep, head->text, 0644);
}

int verb_witness(Cx *cx, const Options *o) {
  Checkpoint head;
  bool first;
  if (!o->keep.len || !o->key.len)
    return call_wrong("要用 --keep 写明留存的文件，用 --key 写明公钥文件。例：yichuang witness --keep 留存.txt --key yichuang.key.pub");
  if (witness(cx, o, &head, &first) != OK) {
    fprintf(stderr, "没有收下，留存的没有变。\n");
    return report_fault(cx);
  }
  printf("%s %lld 条的检查点（%.*s）。%s\n", first ? "已留存第一个：" : "已核对是留存的延续，收下", (long long)head.size, SFMT(head.time),
         first ? "以后的都要是它的延续。" : "");
  return EXIT_DONE;
}
