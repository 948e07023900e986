/* SPDX-License-Identifier: Apache-2.0 */
#include "shop.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int names_in(Shop *s, const char *folder) {
  DIR *d = opendir(shop_path(s, folder).ptr);
  int n = -2; /* . and .. */
  if (!d) return -1;
  while (readdir(d)) n++;
  closedir(d);
  return n;
}

static Code put(Shop *s, Cx *cx, Str content, int64_t max, Str *hash, int64_t *size) {
  SCOPED(blob_drop) Blob *b = NULL;
  TRY(blob_open(cx, s->dir, max, &b));
  for (size_t at = 0; at < content.len; at += 7) {
    Str part = str_sub(content, at, 7);
    TRY(blob_add(cx, b, part.ptr, part.len));
  }
  return blob_finish(cx, b, hash, size);
}

TEST(a_file_is_named_by_the_sm3_of_its_content) {
  Shop s;
  Str hash, path, back;
  int64_t size;
  shop_make(&s, cx, SUITE_INTL);
  EXPECT_INT(put(&s, cx, S("abc"), 100, &hash, &size), OK);
  /* GB/T 32905-2016, example 1 */
  EXPECT_STR(hash, S("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"));
  EXPECT_INT(size, 3);
  EXPECT_INT(blob_path(cx, s.dir, hash, &path), OK);
  EXPECT(str_ends(path, S("/blobs/66/66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")));
  EXPECT_INT(file_read(cx, path, 100, &back), OK);
  EXPECT_STR(back, S("abc"));
  EXPECT_INT(put(&s, cx, S(""), 100, &hash, &size), OK);
  EXPECT_INT(size, 0);
  EXPECT_INT(blob_path(cx, s.dir, hash, &path), OK);
  shop_drop(&s);
}

TEST(the_same_content_is_kept_once) {
  Shop s;
  Str a, b;
  int64_t size;
  shop_make(&s, cx, SUITE_GM);
  EXPECT_INT(put(&s, cx, S("the same drawing"), 100, &a, &size), OK);
  EXPECT_INT(put(&s, cx, S("the same drawing"), 100, &b, &size), OK);
  EXPECT_STR(a, b);
  EXPECT_INT(names_in(&s, arena_fmt(t->mem, "blobs/%.2s", a.ptr).ptr), 1);
  EXPECT_INT(names_in(&s, "blobs/tmp"), 0);
  shop_drop(&s);
}

TEST(a_file_may_be_as_large_as_its_limit_and_not_larger) {
  Shop s;
  Str hash;
  int64_t size;
  shop_make(&s, cx, SUITE_GM);
  EXPECT_INT(put(&s, cx, S("exactly twenty bytes"), 20, &hash, &size), OK);
  EXPECT_INT(put(&s, cx, S("exactly twenty bytes"), 19, &hash, &size), LIMIT);
  cx_clear(cx);
  EXPECT_INT(names_in(&s, "blobs/tmp"), 0); /* dropped with its scope */
  shop_drop(&s);
}

TEST(an_upload_that_was_given_up_leaves_nothing) {
  Shop s;
  shop_make(&s, cx, SUITE_GM);
  Blob *b = NULL;
  EXPECT_INT(blob_open(cx, s.dir, 100, &b), OK);
  EXPECT_INT(blob_add(cx, b, "half", 4), OK);
  EXPECT_INT(names_in(&s, "blobs/tmp"), 1);
  blob_drop(&b);
  EXPECT(b == NULL);
  blob_drop(&b);
  EXPECT_INT(names_in(&s, "blobs/tmp"), 0);
  EXPECT_INT(names_in(&s, "blobs"), 1);
  shop_drop(&s);
}

TEST(an_upload_that_a_crash_interrupted_is_cleared_away_when_the_store_opens) {
  Shop s;
  shop_make(&s, cx, SUITE_GM);
  pid_t child = fork();
  if (child == 0) {
    Cx own = {.mem = arena_open(1 << 20)};
    Blob *b = NULL;
    bool ok = blob_open(&own, s.dir, 100, &b) == OK && blob_add(&own, b, "half", 4) == OK;
    _exit(ok ? 0 : 1);
  }
  int status = 1;
  EXPECT(child > 0 && waitpid(child, &status, 0) == child && status == 0);
  EXPECT_INT(names_in(&s, "blobs/tmp"), 1);
  EXPECT_INT(shop_open(&s, cx), OK);
  EXPECT_INT(names_in(&s, "blobs/tmp"), 0);
  shop_drop(&s);
}

TEST(only_hashes_are_names_of_files) {
  static const char *const bad[] = {"", "..", "../../etc/passwd", "66", "tmp/x",
                                    "66C7F0F462EEEDD9D1F2D46BDC10E4E24167C4875CF2F7A2297DA02B8F4BA8E0",
                                    "00000000000000000000000000000000000000000000000000000000000000ff"};
  Shop s;
  Str path;
  shop_make(&s, cx, SUITE_GM);
  for (size_t i = 0; i < COUNT(bad); i++) {
    EXPECT_INT(blob_path(cx, s.dir, str_of(bad[i]), &path), NOT_FOUND);
    cx_clear(cx);
  }
  shop_drop(&s);
}

TEST(a_store_without_its_folder_takes_no_files) {
  Shop s;
  Blob *b = NULL;
  shop_make(&s, cx, SUITE_GM);
  rmdir(shop_path(&s, "blobs/tmp").ptr);
  EXPECT_INT(blob_open(cx, s.dir, 100, &b), READONLY);
  cx_clear(cx);
  shop_drop(&s);
}
