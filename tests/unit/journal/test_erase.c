/* SPDX-License-Identifier: Apache-2.0 */
/* Erasing: in the transaction of the event that says so, out of every byte of the store, and over old backups too. */
#include "shop.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MANY = 1500, AT_ONCE = 50 };

static Code put(Shop *s, Cx *cx, Str ref, Str value) {
  CommandResult r;
  Personal p = {.ref = ref, .kind = S("phone"), .value = value};
  Command cmd = shop_command(cx, "tally.add", "tally/1", random_token(cx->mem, 12).ptr,
                             arena_fmt(cx->mem, "{\"amount\":1,\"phone_ref\":\"%.*s\"}", SFMT(ref)).ptr);
  cmd.personal = &p;
  cmd.personal_count = 1;
  return runner_run(cx, s->runner, &cmd, &r);
}

static Code erase(Shop *s, Cx *cx, const char *key, Str refs, CommandResult *r) {
  return shop_do(s, cx, "tally.erase", "tally/1", key, arena_fmt(cx->mem, "{\"erased\":[%.*s]}", SFMT(refs)).ptr, r);
}

static Code read_in(Cx *cx, Runner *runner, const char *ref, Str *value) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  cx_clear(cx);
  TRY(reader_open(cx, runner, &rd));
  Code code = reader_vault(cx, rd, str_of(ref), value);
  cx_clear(cx);
  return code;
}

static Code read_ref(Shop *s, Cx *cx, const char *ref) {
  Str value;
  return read_in(cx, s->runner, ref, &value);
}

/* How many files below `dir` hold these bytes. */
static int files_with(Cx *cx, Str dir, Str needle) {
  int found = 0;
  DIR *d = opendir(arena_z(cx->mem, dir));
  REQUIRE(d != NULL);
  for (struct dirent *one; (one = readdir(d)) != NULL;) {
    struct stat st;
    Str all, path = arena_fmt(cx->mem, "%.*s/%s", SFMT(dir), one->d_name);
    if (one->d_name[0] == '.' || stat(path.ptr, &st) != 0) continue;
    if (S_ISDIR(st.st_mode)) found += files_with(cx, path, needle);
    else if (file_read(cx, path, (size_t)64 << 20, &all) == OK) found += memmem(all.ptr, all.len, needle.ptr, needle.len) != NULL;
  }
  closedir(d);
  return found;
}

static const Sql sql_row = {"test.row", "s", "bb", "SELECT wrapped, box FROM vault WHERE ref = ?1"};

static void row_bytes(Shop *s, Cx *cx, Str ref, Str *wrapped, Str *box) {
  SCOPED(db__close_p) Db *db = NULL;
  SCOPED(rows_drop) Rows *r = NULL;
  Code code = db__open(cx, shop_path(s, "journal.db"), DB_READ, &db);
  if (code == OK) code = db_rows(cx, db, &sql_row, VALS(val_s(ref)), &r);
  REQUIRE(code == OK && rows_next(r));
  *wrapped = row_s(cx, r, 0);
  *box = row_s(cx, r, 1);
}

static off_t log_size(const Shop *s) {
  struct stat st;
  return stat(shop_path(s, "journal.db-wal").ptr, &st) == 0 ? st.st_size : 0;
}

TEST(what_an_event_erases_is_gone_with_it_and_the_log_stays_whole) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  Str wrapped, box;
  CommandResult r, again;
  shop_start(&s, cx);
  EXPECT_INT(put(&s, cx, S("v1.wang"), S("13912345678")), OK);
  EXPECT_INT(put(&s, cx, S("v1.li"), S("13800001111")), OK);
  row_bytes(&s, cx, S("v1.wang"), &wrapped, &box);
  EXPECT(files_with(cx, s.dir, wrapped) > 0 && files_with(cx, s.dir, box) > 0);
  EXPECT_INT(erase(&s, cx, "erase-0001", S("\"v1.wang\",\"v1.never\""), &r), OK);
  EXPECT_INT(files_with(cx, s.dir, wrapped), 0);
  EXPECT_INT(files_with(cx, s.dir, box), 0);
  EXPECT_INT((int64_t)log_size(&s), 0);
  EXPECT_INT(read_ref(&s, cx, "v1.wang"), NOT_FOUND);
  EXPECT_INT(read_ref(&s, cx, "v1.li"), OK);
  EXPECT_INT(erase(&s, cx, "erase-0001", S("\"v1.wang\",\"v1.never\""), &again), OK);
  EXPECT(again.repeated && again.pos == r.pos);
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  shop_close(&s);
  int64_t events;
  EXPECT_INT(store_rebuild(cx, &s.o, &events), OK);
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  shop_drop(&s);
}

TEST(the_views_know_whose_a_reference_is_and_when_it_was_erased) {
  Shop s;
  CommandResult r;
  PersonalRef one, *list = NULL;
  size_t n;
  shop_start(&s, cx);
  EXPECT_INT(put(&s, cx, S("v1.wang"), S("13912345678")), OK);
  EXPECT_INT(put(&s, cx, S("v1.li"), S("13800001111")), OK);
  /* Named again by another stream it stays whose it was; text that only looks alike is none. */
  EXPECT_INT(shop_do(&s, cx, "tally.open", "", "open-other-1", "{\"label\":\"乙\",\"phone_ref\":\"v1.wang\"}", &r), OK);
  EXPECT_INT(shop_do(&s, cx, "tally.open", "", "open-other-2", "{\"label\":\"v1.2 版图纸\"}", &r), OK);
  EXPECT_INT(erase(&s, cx, "erase-0001", S("\"v1.wang\""), &r), OK);
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT_INT(reader_open(cx, s.runner, &rd), OK);
  EXPECT_INT(personal_one(cx, reader_views(rd), S("v1.wang"), &one), OK);
  EXPECT_STR(one.stream, S("tally/1"));
  EXPECT_STR(one.name, S("phone_ref"));
  EXPECT_INT(one.erased, cx->now);
  EXPECT_INT(personal_of(cx, reader_views(rd), S("tally/1"), &list, &n), OK);
  EXPECT_INT(n, 2);
  EXPECT(list[0].erased == 0 || list[1].erased == 0);
  EXPECT_INT(personal_of(cx, reader_views(rd), S("tally/3"), &list, &n), OK);
  EXPECT_INT(n, 0);
  EXPECT_INT(personal_one(cx, reader_views(rd), S("v1.nobody"), &one), NOT_FOUND);
  cx_clear(cx);
  reader_close_p(&rd);
  shop_drop(&s);
}

TEST(a_value_that_no_event_names_is_not_kept) {
  Shop s;
  CommandResult r;
  shop_start(&s, cx);
  Personal p = {.ref = S("v1.unnamed"), .kind = S("phone"), .value = S("13912345678")};
  Command cmd = shop_command(cx, "tally.add", "tally/1", "unnamed-01", "{\"amount\":1}");
  cmd.personal = &p;
  cmd.personal_count = 1;
  EXPECT_INT(runner_run(cx, s.runner, &cmd, &r), OK);
  EXPECT_INT(read_ref(&s, cx, "v1.unnamed"), NOT_FOUND);
  shop_drop(&s);
}

/* Rows that move within a file leave copies of themselves behind; of these none ever moves. */
TEST(of_thousands_of_values_not_a_byte_of_an_erased_one_is_left) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  CommandResult r;
  Str *refs = arena_array(t->mem, Str, MANY), *wrapped = arena_array(t->mem, Str, MANY), *box = arena_array(t->mem, Str, MANY);
  shop_start(&s, cx);
  for (int i = 0; i < MANY; i++) {
    refs[i] = personal_ref(t->mem);
    Str value = arena_fmt(t->mem, "139%08d%.*s", i, i % 97, "一段较长的说明文字，使各行长短不一，落在不同的页上，也有跨页的一段较长的说明文字");
    EXPECT_INT(put(&s, cx, refs[i], value), OK);
  }
  for (int i = 0; i < MANY; i++) row_bytes(&s, cx, refs[i], &wrapped[i], &box[i]);
  for (int at = 0; at < MANY; at += AT_ONCE) { /* two of three go, in many steps, while others come */
    Str list = S("");
    for (int i = at; i < at + AT_ONCE; i++)
      if (i % 3) list = arena_fmt(t->mem, "%.*s%s\"%.*s\"", SFMT(list), list.len ? "," : "", SFMT(refs[i]));
    EXPECT_INT(erase(&s, cx, arena_fmt(t->mem, "erase-%06d", at).ptr, list, &r), OK);
    EXPECT_INT(put(&s, cx, personal_ref(t->mem), S("13800001111")), OK);
  }
  EXPECT_INT(erase(&s, cx, "erase-nothing", S("\"v1.none\""), &r), OK);
  shop_close(&s);
  Str file, log = S("");
  EXPECT_INT(file_read(cx, shop_path(&s, "journal.db"), (size_t)64 << 20, &file), OK);
  if (log_size(&s)) EXPECT_INT(file_read(cx, shop_path(&s, "journal.db-wal"), (size_t)64 << 20, &log), OK);
  int left = 0, kept = 0;
  for (int i = 0; i < MANY; i += 7) {
    Str part = str_sub(box[i], 0, 24); /* cut off as they may be */
    bool there = memmem(file.ptr, file.len, part.ptr, part.len) || memmem(file.ptr, file.len, wrapped[i].ptr + 8, 24) ||
                 memmem(log.ptr, log.len, part.ptr, part.len) || memmem(log.ptr, log.len, wrapped[i].ptr + 8, 24);
    if (i % 3) left += there;
    else kept += there;
  }
  EXPECT_INT(left, 0);
  EXPECT_INT(kept, (MANY / 7 + 3) / 3);
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  shop_drop(&s);
}

TEST(a_reader_of_an_older_state_delays_it_and_no_longer) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  CommandResult r;
  Str wrapped, box;
  int64_t n;
  static const Sql sql_count = {"test.count", "", "i", "SELECT count(*) FROM event"};
  shop_start(&s, cx);
  EXPECT_INT(put(&s, cx, S("v1.wang"), S("13912345678")), OK);
  row_bytes(&s, cx, S("v1.wang"), &wrapped, &box);
  SCOPED(db__close_p) Db *slow = NULL;
  EXPECT_INT(db__open(cx, shop_path(&s, "journal.db"), DB_READ, &slow), OK);
  EXPECT_INT(db__script(cx, slow, "BEGIN"), OK);
  EXPECT_INT(db_int(cx, slow, &sql_count, NO_VALS, 0, &n), OK);
  EXPECT_INT(erase(&s, cx, "erase-0001", S("\"v1.wang\""), &r), OK);
  EXPECT(log_size(&s) > 0); /* the older state is still being read */
  EXPECT_INT(read_ref(&s, cx, "v1.wang"), NOT_FOUND);
  EXPECT_INT(shop_add(&s, cx, "add-000001", 5), OK); /* and others go on writing */
  db__close_p(&slow);
  for (int i = 0; i < 100 && log_size(&s) > 0; i++) usleep(50 * 1000);
  EXPECT_INT((int64_t)log_size(&s), 0);
  EXPECT_INT(files_with(cx, s.dir, wrapped), 0);
  EXPECT_INT(files_with(cx, s.dir, box), 0);
  shop_drop(&s);
}

TEST(a_process_that_died_before_it_scrubbed_is_made_up_for_at_the_next_start) {
  if (shop_in_pg()) return; /* of files */
  static const Sql sql_seen = {"t.seen", "", "i", "SELECT count(*) FROM vault"};
  Shop s;
  Str wrapped, box;
  SCOPED(db__close_p) Db *other = NULL; /* nobody closes the log as the last one, as if its process had died */
  int64_t n = 0;
  shop_start(&s, cx);
  EXPECT_INT(put(&s, cx, S("v1.wang"), S("13912345678")), OK);
  row_bytes(&s, cx, S("v1.wang"), &wrapped, &box);
  EXPECT_INT(db__open(cx, shop_path(&s, "journal.db"), DB_READ, &other), OK);
  EXPECT_INT(db_int(cx, other, &sql_seen, NO_VALS, 0, &n), OK);
  shop_close(&s);
  shop_tamper(&s, cx, "journal.db", "UPDATE vault SET wrapped = zeroblob(length(wrapped)), box = zeroblob(length(box))");
  db__close_p(&other);
  EXPECT(log_size(&s) > 0);
  EXPECT(files_with(cx, s.dir, box) > 0);
  EXPECT_INT(shop_open(&s, cx), OK);
  EXPECT_INT((int64_t)log_size(&s), 0);
  EXPECT_INT(files_with(cx, s.dir, box), 0);
  shop_drop(&s);
}

TEST(verify_finds_a_value_that_came_back) {
  Shop s;
  CommandResult r;
  shop_start(&s, cx);
  EXPECT_INT(put(&s, cx, S("v1.wang"), S("13912345678")), OK);
  EXPECT_INT(erase(&s, cx, "erase-0001", S("\"v1.wang\""), &r), OK);
  shop_close(&s);
  shop_tamper(&s, cx, "journal.db", "UPDATE vault SET wrapped = x'0102', box = x'0304'");
  VerifyReport v = shop_verify(&s, cx);
  EXPECT(!v.chain_ok);
  EXPECT(str_has(v.fault, S("v1.wang 还在保险库里")));
  shop_drop(&s);
}

/* ---- copies ------------------------------------------------------------------------------------- */

TEST(copies_made_afterwards_have_nothing_of_it) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  CommandResult r;
  BackupReport b;
  ExportReport e, i;
  Str wrapped, box;
  shop_start(&s, cx);
  EXPECT_INT(put(&s, cx, S("v1.wang"), S("13912345678")), OK);
  EXPECT_INT(put(&s, cx, S("v1.li"), S("13800001111")), OK);
  row_bytes(&s, cx, S("v1.wang"), &wrapped, &box);
  EXPECT_INT(erase(&s, cx, "erase-0001", S("\"v1.wang\""), &r), OK);
  EXPECT_INT(store_backup(cx, s.dir, shop_path(&s, "copy"), true, &b), OK);
  EXPECT_INT(store_export(cx, s.dir, shop_path(&s, "one.jsonl"), true, &e), OK);
  EXPECT_INT(e.vault, 1);
  EXPECT_INT(files_with(cx, s.dir, wrapped), 0);
  EXPECT_INT(files_with(cx, s.dir, box), 0);
  EXPECT_INT(files_with(cx, s.dir, hex_str(cx->mem, box.ptr, box.len)), 0);
  EXPECT_INT(store_import(cx, shop_path(&s, "in"), shop_path(&s, "one.jsonl"), &i), OK);
  EXPECT_INT(store_export(cx, shop_path(&s, "in"), shop_path(&s, "two.jsonl"), true, &i), OK);
  EXPECT_STR(i.hash, e.hash);
  shop_drop(&s);
}

static Code restored(Shop *s, Cx *cx, const char *to, const char *list, BackupReport *r) {
  StoreOptions o = s->o;
  o.dir = shop_path(s, to);
  if (list) o.erased = shop_path(s, list);
  return store_restore(cx, &o, shop_path(s, "old"), r);
}

static Code read_at(Shop *s, Cx *cx, const char *dir, const char *ref) {
  StoreOptions o = s->o;
  Str value;
  SCOPED(runner_close_p) Runner *runner = NULL;
  o.dir = shop_path(s, dir);
  TRY(runner_open(cx, &o, &runner));
  return read_in(cx, runner, ref, &value);
}

TEST(a_backup_from_before_brings_nobody_back_when_the_list_is_at_hand) {
  Shop s;
  CommandResult r;
  BackupReport b;
  ErasedReport e;
  Json *pending = NULL;
  Str wrapped, box;
  shop_start(&s, cx);
  EXPECT_INT(put(&s, cx, S("v1.wang"), S("13912345678")), OK);
  EXPECT_INT(put(&s, cx, S("v1.li"), S("13800001111")), OK);
  row_bytes(&s, cx, S("v1.wang"), &wrapped, &box);
  EXPECT_INT(store_backup(cx, s.dir, shop_path(&s, "old"), true, &b), OK);
  EXPECT_INT(put(&s, cx, S("v1.later"), S("13700001111")), OK);
  EXPECT_INT(erase(&s, cx, "erase-0001", S("\"v1.wang\",\"v1.later\""), &r), OK);
  EXPECT_INT(erased_list(cx, s.dir, shop_path(&s, "erased.jsonl"), &e), OK);
  EXPECT(e.total == 2 && e.added == 2);
  EXPECT_INT(restored(&s, cx, "without", NULL, &b), OK);
  EXPECT(b.personal == 2 && b.erased == 0);
  EXPECT_INT(read_at(&s, cx, "without", "v1.wang"), OK); /* the danger */
  EXPECT_INT(restored(&s, cx, "with", "erased.jsonl", &b), OK);
  EXPECT(b.personal == 1 && b.erased == 1);
  EXPECT_INT(files_with(cx, shop_path(&s, "with"), wrapped), 0);
  EXPECT_INT(files_with(cx, shop_path(&s, "with"), box), 0);
  EXPECT_INT(read_at(&s, cx, "with", "v1.wang"), NOT_FOUND);
  EXPECT_INT(read_at(&s, cx, "with", "v1.li"), OK);
  /* What its journal has yet to say. */
  EXPECT_INT(erased_pending(cx, shop_path(&s, "with"), &pending), OK);
  EXPECT_INT(pending->count, 1);
  EXPECT_STR(json_str(pending->first, S("ref")), S("v1.wang"));
  EXPECT_INT(json_int(pending->first, S("pos"), 0), r.pos);
  EXPECT_STR(json_str(pending->first, S("list")), e.hash);
  EXPECT_INT(erased_settled(cx, shop_path(&s, "with")), OK);
  EXPECT_INT(erased_pending(cx, shop_path(&s, "with"), &pending), OK);
  EXPECT_INT(pending->count, 0);
  shop_drop(&s);
}

TEST(the_list_grows_and_never_shrinks_and_a_changed_one_is_refused) {
  Shop s;
  CommandResult r;
  BackupReport b;
  ErasedReport e, later;
  shop_start(&s, cx);
  EXPECT_INT(erased_list(cx, s.dir, shop_path(&s, "list"), &e), OK);
  EXPECT_INT(e.total, 0);
  EXPECT_INT(put(&s, cx, S("v1.wang"), S("13912345678")), OK);
  EXPECT_INT(put(&s, cx, S("v1.li"), S("13800001111")), OK);
  EXPECT_INT(store_backup(cx, s.dir, shop_path(&s, "old"), true, &b), OK);
  EXPECT_INT(erase(&s, cx, "erase-0001", S("\"v1.wang\""), &r), OK);
  EXPECT_INT(erased_list(cx, s.dir, shop_path(&s, "list"), &e), OK);
  EXPECT(e.total == 1 && e.added == 1);
  EXPECT_INT(erase(&s, cx, "erase-0002", S("\"v1.li\""), &r), OK);
  EXPECT_INT(erased_list(cx, s.dir, shop_path(&s, "list"), &later), OK);
  EXPECT(later.total == 2 && later.added == 1);
  EXPECT_INT(erased_list(cx, shop_path(&s, "old"), shop_path(&s, "list"), &e), OK); /* of a backup: adds nothing, takes nothing */
  EXPECT(e.total == 2 && e.added == 0);
  EXPECT_STR(e.hash, later.hash);
  Str text;
  EXPECT_INT(file_read(cx, shop_path(&s, "list"), 1 << 20, &text), OK);
  ptrdiff_t at = str_find(text, S("v1.li"));
  REQUIRE(at > 0);
  Str other = arena_fmt(t->mem, "%.*sv1.lo%.*s", (int)at, text.ptr, (int)(text.len - (size_t)at - 5), text.ptr + at + 5);
  EXPECT_INT(file_write(cx, shop_path(&s, "changed"), other, 0600), OK);
  EXPECT_INT(restored(&s, cx, "new", "changed", &b), INVALID);
  cx_clear(cx);
  EXPECT(!file_exists(shop_path(&s, "new")));
  EXPECT_INT(erased_list(cx, s.dir, shop_path(&s, "changed"), &e), INVALID);
  cx_clear(cx);
  EXPECT_INT(restored(&s, cx, "new", "nowhere", &b), NOT_FOUND);
  cx_clear(cx);
  shop_drop(&s);
}
