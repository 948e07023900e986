/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A fresh directory, or empty when there is none to be had. */
static Str temp_dir(Arena *a) {
  char name[] = P_tmpdir "/yichuang-test-XXXXXX";
  const char *made = mkdtemp(name);
  return made ? arena_str(a, str_of(made)) : (Str){0};
}

static Str join(Arena *a, Str dir, const char *name) {
  return arena_fmt(a, "%.*s/%s", SFMT(dir), name);
}

/* How many names a directory holds. */
static int names_in(Str dir) {
  DIR *d = opendir(dir.ptr);
  int n = 0;
  if (!d) return -1;
  while (readdir(d)) n++;
  closedir(d);
  return n - 2; /* without . and .. */
}

static int mode_of(Str path) {
  struct stat st;
  return stat(path.ptr, &st) == 0 ? (int)(st.st_mode & 07777) : -1;
}

TEST(file_appears_whole_with_its_mode_and_nothing_beside_it) {
  Str dir = temp_dir(t->mem), path = join(t->mem, dir, "a.txt"), got = {0};
  mode_t before = umask(077); /* the mode asked for wins */
  EXPECT_INT(file_write(cx, path, S("一窗\0x"), 0644), OK);
  umask(before);
  EXPECT_INT(file_read(cx, path, 100, &got), OK);
  EXPECT_STR(got, S("一窗\0x"));
  EXPECT_INT(got.ptr[got.len], 0);
  EXPECT_INT(mode_of(path), 0644);
  EXPECT_INT(names_in(dir), 1);
  unlink(path.ptr);
  rmdir(dir.ptr);
}

TEST(file_written_again_is_replaced_not_changed) {
  Str dir = temp_dir(t->mem), got = {0};
  Str path = join(t->mem, dir, "a"), kept = join(t->mem, dir, "b");
  EXPECT_INT(file_write(cx, path, S("old content"), 0600), OK);
  EXPECT_INT(link(path.ptr, kept.ptr), 0); /* holds the old file: it must stay as it was */
  EXPECT_INT(file_write(cx, path, S("new"), 0400), OK);
  EXPECT_INT(file_read(cx, path, 100, &got), OK);
  EXPECT_STR(got, S("new"));
  EXPECT_INT(mode_of(path), 0400);
  EXPECT_INT(file_read(cx, kept, 100, &got), OK);
  EXPECT_STR(got, S("old content"));
  EXPECT_INT(names_in(dir), 2);
  unlink(path.ptr);
  unlink(kept.ptr);
  rmdir(dir.ptr);
}

TEST(file_that_cannot_be_written_leaves_no_trace) {
  Str dir = temp_dir(t->mem), path = join(t->mem, dir, "taken");
  EXPECT_INT(file_write(cx, join(t->mem, dir, "none/a"), S("x"), 0600), READONLY);
  cx_clear(cx);
  EXPECT_INT(mkdir(path.ptr, 0700), 0);
  EXPECT_INT(file_write(cx, path, S("x"), 0600), READONLY); /* a directory is in the way */
  EXPECT(cx->detail.len > 0);
  EXPECT_INT(names_in(dir), 1);
  rmdir(path.ptr);
  rmdir(dir.ptr);
}

TEST(file_read_keeps_its_limit) {
  Str dir = temp_dir(t->mem), path = join(t->mem, dir, "a"), got = {0};
  EXPECT_INT(file_write(cx, path, S("12345"), 0600), OK);
  EXPECT_INT(file_read(cx, path, 5, &got), OK);
  EXPECT_STR(got, S("12345"));
  EXPECT_INT(file_read(cx, path, 4, &got), LIMIT);
  cx_clear(cx);
  EXPECT_INT(file_read(cx, join(t->mem, dir, "none"), 5, &got), NOT_FOUND);
  cx_clear(cx);
  EXPECT_INT(file_read(cx, join(t->mem, path, "below"), 5, &got), NOT_FOUND);
  cx_clear(cx);
  EXPECT_INT(file_read(cx, dir, 5, &got), INVALID);
  EXPECT_INT(file_write(cx, path, S(""), 0600), OK);
  cx_clear(cx);
  EXPECT_INT(file_read(cx, path, 0, &got), OK);
  EXPECT_INT(got.len, 0);
  unlink(path.ptr);
  rmdir(dir.ptr);
}

TEST(file_exists_tells_and_never_trips) {
  EXPECT(file_exists(S("/")));
  EXPECT(!file_exists(S("/no such thing")));
  EXPECT(!file_exists((Str){0}));
  Str text = arena_fmt(t->mem, "/%5000d", 1);
  EXPECT(!file_exists(text));
  EXPECT(file_exists(str_sub(S("/etc/passwd"), 0, 4))); /* the length counts, not a NUL */
}

TEST(dir_make_makes_the_parents_for_the_owner_alone) {
  Str dir = temp_dir(t->mem), one = join(t->mem, dir, "x"), two = join(t->mem, one, "y");
  EXPECT_INT(dir_make(cx, two), OK);
  EXPECT_INT(dir_make(cx, two), OK); /* again is fine */
  EXPECT_INT(mode_of(one), 0700);
  EXPECT_INT(mode_of(two), 0700);
  EXPECT_INT(dir_sync(cx, two), OK);
  EXPECT_INT(dir_make(cx, join(t->mem, two, "")), OK); /* a slash at the end */
  rmdir(two.ptr);
  rmdir(one.ptr);
  EXPECT_INT(dir_sync(cx, two), READONLY);
  rmdir(dir.ptr);
}

TEST(dir_make_refuses_a_file_in_the_way) {
  Str dir = temp_dir(t->mem), path = join(t->mem, dir, "f");
  EXPECT_INT(file_write(cx, path, S("x"), 0600), OK);
  EXPECT_INT(dir_make(cx, path), READONLY);
  EXPECT(str_has(cx->detail, S("不是目录")));
  cx_clear(cx);
  EXPECT_INT(dir_make(cx, join(t->mem, path, "g")), READONLY);
  cx_clear(cx);
  EXPECT_INT(dir_make(cx, S("")), READONLY);
  unlink(path.ptr);
  rmdir(dir.ptr);
}
