/* SPDX-License-Identifier: Apache-2.0 */
/* A backup beside a running writer restores to the same journal; whatever bit of it is flipped is refused by name. */
#include "shop.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* A store with a file and a person in it, open; returns the file's hash. */
static Str shop_full(Shop *s, Cx *cx) {
  SCOPED(blob_drop) Blob *b = NULL;
  Str hash = {0};
  int64_t size;
  CommandResult r;
  shop_start(s, cx);
  Code code = blob_open(cx, s->dir, 1 << 20, &b);
  if (code == OK) code = blob_add(cx, b, "附件的内容", 15);
  if (code == OK) code = blob_finish(cx, b, &hash, &size);
  Personal phone = {.ref = S("v1.one"), .kind = S("phone"), .value = S("13800001111")};
  Command cmd = shop_command(cx, "tally.add", "tally/1", "with-file-1",
                             arena_fmt(cx->mem, "{\"amount\":3,\"phone_ref\":\"v1.one\",\"file\":\"%.*s\"}", SFMT(hash)).ptr);
  cmd.personal = &phone;
  cmd.personal_count = 1;
  if (code == OK) code = runner_run(cx, s->runner, &cmd, &r);
  for (int i = 0; i < 20 && code == OK; i++)
    code = shop_add(s, cx, arena_fmt(cx->mem, "add-%06d", i).ptr, 1 + i % 7);
  REQUIRE(code == OK);
  return hash;
}

static StoreOptions at(const Shop *s, const char *name) {
  StoreOptions o = s->o;
  o.dir = shop_path(s, name);
  return o;
}

static Str exported(Shop *s, Cx *cx, Str dir, const char *name, bool personal) {
  ExportReport r;
  Str text = {0}, path = shop_path(s, name);
  Code code = store_export(cx, dir, path, personal, &r);
  if (code == OK) code = file_read(cx, path, 1 << 24, &text);
  REQUIRE(code == OK);
  return text;
}

TEST(a_backup_beside_a_writer_restores_to_the_same_journal) {
  Shop s;
  BackupReport b, r;
  CommandResult result;
  shop_full(&s, cx);
  EXPECT_INT(store_backup(cx, s.dir, shop_path(&s, "copy"), true, &b), OK);
  Str before = exported(&s, cx, s.dir, "before.jsonl", true);
  EXPECT_INT(shop_add(&s, cx, "after-0001", 7), OK); /* the writer goes on; the copy does not move */
  StoreOptions o = at(&s, "new");
  EXPECT_INT(store_restore(cx, &o, shop_path(&s, "copy"), &r), OK);
  EXPECT_STR(cx->detail, S(""));
  EXPECT_INT(r.events, 22);
  EXPECT_INT(r.files, 3); /* journal, file, key */
  EXPECT(r.key && b.files == 3);
  EXPECT_STR(exported(&s, cx, o.dir, "after.jsonl", true), before);
  SCOPED(runner_close_p) Runner *runner = NULL;
  EXPECT_INT(runner_open(cx, &o, &runner), OK);
  Command again = shop_command(cx, "tally.add", "tally/1", "add-000003", "{\"amount\":4}");
  EXPECT_INT(runner_run(cx, runner, &again, &result), OK);
  EXPECT(result.repeated); /* keys came along: a client that sends again makes no second act */
  SCOPED(reader_close_p) Reader *rd = NULL;
  Str value = {0};
  EXPECT_INT(reader_open(cx, runner, &rd), OK);
  EXPECT_INT(reader_vault(cx, rd, S("v1.one"), &value), OK);
  EXPECT_STR(value, S("13800001111"));
  reader_close_p(&rd);
  runner_close_p(&runner);
  shop_drop(&s);
}

TEST(without_being_asked_the_key_stays_behind) {
  Shop s;
  BackupReport b;
  shop_full(&s, cx);
  EXPECT_INT(store_backup(cx, s.dir, shop_path(&s, "copy"), false, &b), OK);
  EXPECT(!b.key && !file_exists(shop_path(&s, "copy/vault.key")));
  StoreOptions o = at(&s, "new");
  EXPECT_INT(store_restore(cx, &o, shop_path(&s, "copy"), &b), OK);
  EXPECT(!b.key);
  Runner *runner = NULL;
  EXPECT_INT(runner_open(cx, &o, &runner), NOT_FOUND);
  EXPECT(str_has(cx->detail, S("vault.key")));
  shop_drop(&s);
}

TEST(nothing_is_written_over) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  BackupReport b;
  shop_full(&s, cx);
  EXPECT_INT(store_backup(cx, s.dir, s.dir, false, &b), CONFLICT);
  cx_clear(cx);
  EXPECT_INT(store_backup(cx, s.dir, shop_path(&s, "copy"), false, &b), OK);
  EXPECT_INT(store_backup(cx, s.dir, shop_path(&s, "copy"), false, &b), CONFLICT);
  cx_clear(cx);
  EXPECT_INT(store_restore(cx, &s.o, shop_path(&s, "copy"), &b), CONFLICT);
  cx_clear(cx);
  EXPECT_INT(dir_make(cx, shop_path(&s, "mine.unfinished/papers")), OK); /* somebody else's, of that name */
  EXPECT_INT(store_backup(cx, s.dir, shop_path(&s, "mine"), false, &b), CONFLICT);
  EXPECT(file_exists(shop_path(&s, "mine.unfinished/papers")));
  cx_clear(cx);
  EXPECT_INT(dir_make(cx, shop_path(&s, "left.unfinished/blobs")), OK); /* what a killed backup left */
  EXPECT_INT(file_write(cx, shop_path(&s, "left.unfinished/.yichuang-unfinished"), S(""), 0600), OK);
  EXPECT_INT(store_backup(cx, s.dir, shop_path(&s, "left"), false, &b), OK);
  EXPECT(!file_exists(shop_path(&s, "left.unfinished")));
  shop_drop(&s);
}

TEST(a_damaged_file_is_named_when_backing_up) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  BackupReport b;
  Str hash = shop_full(&s, cx);
  Str name = arena_fmt(t->mem, "blobs/%.*s/%.*s", SFMT(str_sub(hash, 0, 2)), SFMT(hash));
  EXPECT_INT(shop_flip(&s, name.ptr, "附件", "附牛"), 1);
  EXPECT_INT(store_backup(cx, s.dir, shop_path(&s, "copy"), false, &b), BROKEN);
  EXPECT(str_has(cx->detail, hash));
  EXPECT(!file_exists(shop_path(&s, "copy")) && !file_exists(shop_path(&s, "copy.unfinished")));
  shop_drop(&s);
}

static void flip(Str path, uint64_t bit) {
  FILE *f = fopen(path.ptr, "r+");
  REQUIRE(f != NULL);
  fseek(f, (long)(bit / 8), SEEK_SET);
  int c = fgetc(f);
  fseek(f, (long)(bit / 8), SEEK_SET);
  fputc(c ^ (1 << bit % 8), f);
  fclose(f);
}

TEST(every_flipped_bit_of_a_backup_is_refused_and_the_file_named) {
  if (shop_in_pg()) return; /* of files, and long */
  Shop s;
  BackupReport b;
  Str hash = shop_full(&s, cx);
  EXPECT_INT(store_backup(cx, s.dir, shop_path(&s, "copy"), true, &b), OK);
  Str blob = arena_fmt(t->mem, "copy/blobs/%.*s/%.*s", SFMT(str_sub(hash, 0, 2)), SFMT(hash));
  const char *names[] = {"copy/journal.db", "copy/vault.key", "copy/manifest.jsonl", blob.ptr};
  uint64_t random = 20190902;
  StoreOptions o = at(&s, "new");
  for (int i = 0; i < 200; i++) {
    const char *name = names[i % 4];
    struct stat st;
    REQUIRE(stat(shop_path(&s, name).ptr, &st) == 0);
    random = random * 6364136223846793005u + 1442695040888963407u;
    uint64_t bit = (random >> 16) % ((uint64_t)st.st_size * 8);
    flip(shop_path(&s, name), bit);
    Code code = store_restore(cx, &o, shop_path(&s, "copy"), &b);
    /* A flipped bit of the manifest may turn one file's name or hash into another's. */
    if (code == OK || (i % 4 != 2 && !str_has(cx->detail, str_of(name + 5))) || file_exists(o.dir))
      EXPECT_STR(cx->detail, arena_fmt(t->mem, "%s bit %llu", name, (unsigned long long)bit));
    cx_clear(cx);
    flip(shop_path(&s, name), bit);
  }
  EXPECT_INT(store_restore(cx, &o, shop_path(&s, "copy"), &b), OK); /* it was the bits */
  shop_drop(&s);
}

TEST(a_backup_with_a_missing_or_foreign_file_is_refused) {
  Shop s;
  BackupReport b;
  shop_full(&s, cx);
  StoreOptions o = at(&s, "new");
  EXPECT_INT(store_restore(cx, &o, shop_path(&s, "nothing"), &b), NOT_FOUND);
  cx_clear(cx);
  EXPECT_INT(store_backup(cx, s.dir, shop_path(&s, "copy"), true, &b), OK);
  EXPECT_INT(rename(shop_path(&s, "copy/vault.key").ptr, shop_path(&s, "key").ptr), 0);
  EXPECT_INT(store_restore(cx, &o, shop_path(&s, "copy"), &b), NOT_FOUND);
  EXPECT(str_has(cx->detail, S("vault.key")));
  cx_clear(cx);
  Str text = {0};
  EXPECT_INT(file_read(cx, shop_path(&s, "copy/manifest.jsonl"), 1 << 20, &text), OK);
  ptrdiff_t found = str_find(text, S("\"vault.key\""));
  Str evil = arena_fmt(cx->mem, "%.*s\"../x.key\" %.*s", (int)found, text.ptr, SFMT(str_sub(text, (size_t)found + 11, SIZE_MAX)));
  EXPECT_INT(file_write(cx, shop_path(&s, "copy/manifest.jsonl"), evil, 0600), OK);
  EXPECT_INT(store_restore(cx, &o, shop_path(&s, "copy"), &b), INVALID);
  EXPECT(str_has(cx->detail, S("行")) && !file_exists(shop_path(&s, "x.key")));
  shop_drop(&s);
}

/* ---- export and import ---------------------------------------------------------------------------- */

TEST(export_import_export_is_the_same_byte_for_byte) {
  for (int suite = SUITE_GM; suite <= SUITE_INTL; suite++)
    for (int personal = 0; personal <= 1; personal++) {
      Shop s;
      ExportReport r;
      if (suite == SUITE_GM) shop_full(&s, cx);
      else shop_make(&s, cx, SUITE_INTL), (void)shop_open(&s, cx); /* nothing in it at all */
      Str first = exported(&s, cx, s.dir, "first.jsonl", personal);
      EXPECT(str_has(first, S("\"vault\":{")) == (personal && suite == SUITE_GM));
      EXPECT(!str_has(first, S("13800001111")));
      StoreOptions o = at(&s, "new");
      EXPECT_INT(store_import(cx, o.dir, shop_path(&s, "first.jsonl"), &r), OK);
      EXPECT_STR(cx->detail, S(""));
      EXPECT_INT(r.key, !personal || suite == SUITE_INTL); /* a vault with rows keeps its old key */
      Str second = exported(&s, cx, o.dir, "second.jsonl", personal);
      EXPECT(str_eq(first, second));
      shop_drop(&s);
    }
}

TEST(a_changed_line_is_refused_with_its_number) {
  if (shop_in_pg()) return; /* of files, and long */
  Shop s;
  ExportReport r;
  shop_full(&s, cx);
  Str text = exported(&s, cx, s.dir, "first.jsonl", true);
  StoreOptions o = at(&s, "new");
  int64_t number = 1;
  for (size_t i = 0, line = 0; i < text.len; i++) {
    if (text.ptr[i] != '\n') continue;
    for (size_t k = 0; k < 3; k++) { /* a byte near the beginning, in the middle, near the end of each line */
      size_t where = line + (i - line) * (2 * k + 1) / 6;
      Str bad = arena_str(cx->mem, text);
      ((char *)(uintptr_t)bad.ptr)[where] ^= 1;
      EXPECT_INT(file_write(cx, shop_path(&s, "bad.jsonl"), bad, 0600), OK);
      EXPECT_INT(store_import(cx, o.dir, shop_path(&s, "bad.jsonl"), &r), INVALID);
      if (!str_has(cx->detail, arena_fmt(cx->mem, "第 %lld 行", (long long)number)))
        EXPECT_STR(cx->detail, arena_fmt(t->mem, "line %lld byte %zu", (long long)number, where));
      EXPECT(!file_exists(o.dir));
      cx_clear(cx);
    }
    line = i + 1;
    number++;
  }
  EXPECT_INT(number, 1 + 1 + 22 + 22 + 1 + 1); /* head, events, keys, person, manifest */
  shop_drop(&s);
}

TEST(missing_doubled_exchanged_and_cut_off_lines_are_refused) {
  if (shop_in_pg()) return; /* of files, and long */
  Shop s;
  ExportReport r;
  shop_full(&s, cx);
  Str text = exported(&s, cx, s.dir, "first.jsonl", true), lines[64], rest = text;
  StoreOptions o = at(&s, "new");
  size_t n = 0;
  while (rest.len && n < COUNT(lines)) str_cut(rest, '\n', &lines[n++], &rest);
  for (size_t i = 0; i < n; i++)
    for (int how = 0; how < 4; how++) {
      SCOPED(buf_drop) Buf b;
      if (how == 2 && i + 1 == n) continue;
      buf_init(&b, 1 << 22);
      for (size_t k = 0; k < n && !(how == 3 && k > i); k++) {
        size_t from = how == 2 && k == i ? k + 1 : how == 2 && k == i + 1 ? k - 1 : k;
        if (how != 0 || k != i) buf_add(&b, lines[from]), buf_char(&b, '\n');
        if (how == 1 && k == i) buf_add(&b, lines[k]), buf_char(&b, '\n');
      }
      if (how == 3 && i + 1 == n) b.len -= 3; /* within the last line */
      EXPECT_INT(file_write(cx, shop_path(&s, "bad.jsonl"), buf_str(&b), 0600), OK);
      Code code = store_import(cx, o.dir, shop_path(&s, "bad.jsonl"), &r);
      if (code != INVALID || !str_has(cx->detail, S(" 行")))
        EXPECT_STR(cx->detail, arena_fmt(t->mem, "line %zu, way %d", i + 1, how));
      cx_clear(cx);
    }
  shop_drop(&s);
}

/* ---- the rest ------------------------------------------------------------------------------------- */

TEST(compacting_loses_no_row_and_is_smaller) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  int64_t before, after;
  shop_full(&s, cx);
  EXPECT_INT(store_compact(cx, s.dir, &before, &after), BUSY); /* somebody is writing */
  cx_clear(cx);
  Str first = exported(&s, cx, s.dir, "first.jsonl", true);
  shop_close(&s);
  shop_tamper(&s, cx, "views.db", "CREATE TABLE room(x); INSERT INTO room VALUES(zeroblob(100000)); DROP TABLE room"); /* pages that nobody uses */
  EXPECT_INT(store_compact(cx, s.dir, &before, &after), OK);
  EXPECT(after + 90000 < before);
  EXPECT(str_eq(first, exported(&s, cx, s.dir, "second.jsonl", true)));
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  shop_drop(&s);
}

static const char *const steps[] = {"", "", "CREATE TABLE extra(id INTEGER PRIMARY KEY) STRICT;",
                                    "INSERT INTO extra VALUES(1)", "INSERT INTO extra VALUES(1)"};
static const Sql sql_extra = {"t.extra", "", "i", "SELECT count(*) FROM sqlite_schema WHERE name = 'extra'"};
static const Sql sql_extra_pg = {"t.extra", "", "i", "SELECT count(*) FROM pg_tables WHERE tablename = 'extra'"};

TEST(schemas_go_forward_whole_or_not_at_all) {
  Shop s;
  SCOPED(db__close_p) Db *db = NULL;
  int64_t at_version = 0, extra = 0;
  shop_full(&s, cx);
  shop_close(&s);
  Str first = exported(&s, cx, s.dir, "first.jsonl", true);
  EXPECT_INT(db__open(cx, shop_path(&s, "journal.db"), DB_WRITE_JOURNAL, &db), OK);
  EXPECT_INT(store__migrate(cx, db, steps, 5), CONFLICT); /* the last step fails: the others go too */
  cx_clear(cx);
  EXPECT_INT(db_int(cx, db, &db__words(db)->version, NO_VALS, 0, &at_version), OK);
  EXPECT_INT(db_int(cx, db, shop_in_pg() ? &sql_extra_pg : &sql_extra, NO_VALS, 0, &extra), OK);
  EXPECT_INT(at_version, 2);
  EXPECT_INT(extra, 0);
  EXPECT_INT(store__migrate(cx, db, steps, 4), OK);
  EXPECT_INT(db_int(cx, db, &db__words(db)->version, NO_VALS, 0, &at_version), OK);
  EXPECT_INT(at_version, 4);
  db__close_p(&db);
  EXPECT(str_eq(first, exported(&s, cx, s.dir, "second.jsonl", true)));
  EXPECT_INT(shop_open(&s, cx), CONFLICT); /* of a later program: refused, untouched */
  EXPECT(str_has(cx->detail, S("第 4 版")));
  shop_drop(&s);
}
