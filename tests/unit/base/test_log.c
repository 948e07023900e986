/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What reaches stderr between begin and end, through a file that has no name. */
typedef struct Capture {
  FILE *file;
  int stderr_was;
} Capture;

static Capture capture_begin(void) {
  Capture c = {.file = tmpfile(), .stderr_was = dup(STDERR_FILENO)};
  REQUIRE(c.file && c.stderr_was >= 0 && dup2(fileno(c.file), STDERR_FILENO) >= 0);
  return c;
}

static Str capture_end(Arena *a, Capture c) {
  REQUIRE(dup2(c.stderr_was, STDERR_FILENO) >= 0);
  close(c.stderr_was);
  char *text = arena_array(a, char, 10000);
  rewind(c.file);
  size_t n = fread(text, 1, 10000, c.file);
  fclose(c.file);
  return (Str){.ptr = text, .len = n};
}

TEST(log_line_is_beijing_time_level_message) {
  int64_t before = clock_now_ms() / 1000 * 1000, at = 0;
  Capture c = capture_begin();
  log_line(LOG_WARN, "磁盘 %d%%", 91);
  Str line = capture_end(t->mem, c);
  EXPECT_STR(str_sub(line, 25, SIZE_MAX), S(" WARN 磁盘 91%\n"));
  EXPECT(time_parse(str_sub(line, 0, 25), &at));
  EXPECT(at >= before && at <= clock_now_ms());
}

TEST(log_level_hides_what_is_less) {
  Capture c = capture_begin();
  log_line(LOG_DEBUG, "hidden");
  log_level(LOG_ERROR);
  log_line(LOG_WARN, "hidden");
  log_line(LOG_ERROR, "shown");
  log_level(LOG_DEBUG);
  log_line(LOG_DEBUG, "shown too");
  log_level(LOG_INFO);
  Str text = capture_end(t->mem, c);
  EXPECT(!str_has(text, S("hidden")));
  EXPECT(str_has(text, S(" ERROR shown\n")) && str_has(text, S(" DEBUG shown too\n")));
}

TEST(log_line_stays_one_line_and_cannot_steer_a_terminal) {
  Capture c = capture_begin();
  log_line(LOG_INFO, "a\nb\r\t\x1B[31m\x7F\xC2\x9B" "1m 窗é");
  Str line = capture_end(t->mem, c);
  EXPECT_STR(str_sub(line, 25, SIZE_MAX), S(" INFO a\\x0ab\\x0d\\x09\\x1b[31m\\x7f\\x9b1m 窗é\n"));
}

TEST(log_line_that_is_too_long_is_cut_between_characters) {
  for (int shift = 0; shift < 3; shift++) {
    SCOPED(buf_drop) Buf b;
    buf_init(&b, 20000);
    for (int i = 0; i < shift; i++) buf_char(&b, 'x');
    for (int i = 0; i < 3000; i++) buf_add(&b, S("窗"));
    Capture c = capture_begin();
    log_line(LOG_INFO, "%.*s", SFMT(buf_str(&b)));
    Str line = capture_end(t->mem, c);
    EXPECT(utf8_valid(line));
    EXPECT(str_ends(line, S("窗…\n")));
    EXPECT_INT(str_find(line, S("\n")), line.len - 1);
  }
  Capture c = capture_begin();
  char *ones = arena_array(t->mem, char, 9001);
  memset(ones, 1, 9000);
  log_line(LOG_INFO, "%s", ones); /* each becomes four characters */
  Str line = capture_end(t->mem, c);
  EXPECT(line.len < 4097 && str_ends(line, S("\n")));
}

TEST(log_as_json_is_one_object_a_line_whatever_stands_in_it) {
  Json *j = NULL;
  Capture c = capture_begin();
  log_format(LOG_JSON);
  LOG_PARTS(LOG_WARN, "login_failed", {"account", S("a\"b\\c\n窗\xC2\x9B")}, {"address", S("10.0.0.7")});
  log_line(LOG_INFO, "\"%s\"", "磁盘");
  log_format(LOG_TEXT);
  LOG_PARTS(LOG_WARN, "denied", {"account", S("")}, {"path", S("/a b")});
  Str text = capture_end(t->mem, c), first, second;
  str_cut(text, '\n', &first, &text);
  str_cut(text, '\n', &second, &text);
  EXPECT_INT(json_parse(cx, first, &j), OK);
  EXPECT_STR(json_str(j, S("event")), S("login_failed"));
  EXPECT_STR(json_str(j, S("account")), S("a\"b\\c\n窗\xC2\x9B"));
  EXPECT_STR(json_str(j, S("level")), S("warn"));
  EXPECT_INT(json_parse(cx, second, &j), OK);
  EXPECT_STR(json_str(j, S("text")), S("\"磁盘\""));
  EXPECT_STR(str_sub(text, 25, SIZE_MAX), S(" WARN denied account=\"\" path=\"/a b\"\n"));
}

TEST(log_goes_to_a_file_that_may_be_moved_away) {
  char folder[] = "/tmp/logXXXXXX";
  Str text;
  int was = dup(STDERR_FILENO);
  REQUIRE(mkdtemp(folder) != NULL);
  Str path = arena_fmt(t->mem, "%s/log", folder), old = arena_fmt(t->mem, "%s/log.1", folder);
  EXPECT_INT(log_file(cx, path), OK);
  log_line(LOG_INFO, "one");
  REQUIRE(rename(path.ptr, old.ptr) == 0);
  log_line(LOG_INFO, "two");
  EXPECT_INT(log_file(cx, path), OK);
  log_line(LOG_INFO, "three");
  Code bad = log_file(cx, arena_fmt(t->mem, "%s/none/log", folder));
  cx_clear(cx);
  log_line(LOG_INFO, "four");
  dup2(was, STDERR_FILENO);
  close(was);
  EXPECT_INT(bad, READONLY);
  EXPECT_INT(file_read(cx, old, 1000, &text), OK);
  EXPECT(str_has(text, S("one\n")) && str_has(text, S("two\n")) && !str_has(text, S("three")));
  EXPECT_INT(file_read(cx, path, 1000, &text), OK);
  EXPECT(str_has(text, S("three\n")) && str_has(text, S("four\n")));
  unlink(path.ptr);
  unlink(old.ptr);
  rmdir(folder);
}
