/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files that are missing, strange, huge or saved in another way; and packages of odd shape. */
#include "pkg.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void expect_at(Test *t, Cx *cx, const Copy *c, const char *file, int line, int column, const char *want) {
  const Policy *p = NULL;
  Mistakes m = {0};
  bool found = false;
  cx_clear(cx);
  EXPECT_INT(policy_load(cx, c->dir, &p, &m), INVALID);
  EXPECT(!p && m.count >= 1 && m.count <= 100);
  for (size_t i = 0; i < m.count; i++) {
    const Mistake *x = &m.list[i];
    found |= str_eqz(x->file, file) && x->line == line && x->column == column && str_has(x->text, str_of(want));
  }
  EXPECT(found);
  for (size_t i = 0; !found && i < m.count && i < 5; i++)
    fprintf(stderr, "    want %s:%d:%d %s, got %.*s:%d:%d: %.*s\n", file, line, column, want, SFMT(m.list[i].file),
            m.list[i].line, m.list[i].column, SFMT(m.list[i].text));
}

static const char *path_in(Test *t, const Copy *c, const char *file) {
  return arena_z(t->mem, arena_fmt(t->mem, "%.*s/%s", SFMT(c->dir), file));
}

TEST(each_missing_file_is_named) {
  for (size_t i = 0; i < PKG_FILES; i++) {
    SCOPED(copy_drop) Copy c = copy_make(t, cx);
    EXPECT_INT(unlink(path_in(t, &c, pkg_files[i])), 0);
    expect_at(t, cx, &c, pkg_files[i], 1, 1, "缺少这个文件，请补上；政策包要有全部 12 个文件");
  }
}

TEST(an_empty_folder_names_all_twelve_files) {
  const Policy *p = NULL;
  Mistakes m = {0};
  EXPECT_INT(policy_load(cx, S("/nonexistent/policy"), &p, &m), INVALID);
  EXPECT_INT(m.count, PKG_FILES);
  EXPECT(str_starts(cx->detail, S("政策包有 12 处错误，第一处在 categories.yaml 第 1 行：缺少这个文件")));
}

TEST(what_is_no_ordinary_file_is_refused_without_waiting) {
  SCOPED(copy_drop) Copy c = copy_make(t, cx);
  const char *path = path_in(t, &c, "items.yaml"), *other = path_in(t, &c, "other.yaml");
  EXPECT_INT(unlink(path), 0);
  EXPECT(symlink(other, path) == 0 && symlink(path, other) == 0); /* each points to the other */
  expect_at(t, cx, &c, "items.yaml", 1, 1, "打不开这个文件，请检查");
  EXPECT(unlink(path) == 0 && mkdir(path, 0700) == 0);
  expect_at(t, cx, &c, "items.yaml", 1, 1, "打不开这个文件，请检查它是不是普通文件");
  EXPECT(rmdir(path) == 0 && mkfifo(path, 0600) == 0);
  expect_at(t, cx, &c, "items.yaml", 1, 1, "打不开这个文件，请检查它是不是普通文件");
}

static Str repeated(Test *t, const char *head, const char *line, size_t times) {
  size_t n = strlen(line), h = strlen(head);
  char *text = arena_array(t->mem, char, h + n * times + 1);
  memcpy(text, head, h);
  for (size_t i = 0; i < times; i++) memcpy(text + h + i * n, line, n);
  return (Str){.ptr = text, .len = h + n * times};
}

TEST(large_files_are_refused_soon) {
  SCOPED(copy_drop) Copy c = copy_make(t, cx);
  copy_write(t, cx, &c, "items.yaml", repeated(t, "items:\n", "# 事项清单的说明文字，一行又一行，没有尽头\n", 80000));
  expect_at(t, cx, &c, "items.yaml", 1, 1, "文件超过 4 MiB，请删减");
  copy_write(t, cx, &c, "items.yaml", repeated(t, "items: [", "x,", 1000000));
  expect_at(t, cx, &c, "items.yaml", 1, 9 + 2 * 49998, "文件内容太多，请拆分或删减");
  copy_write(t, cx, &c, "items.yaml", repeated(t, "items:\n", "- []\n", 500000));
  expect_at(t, cx, &c, "items.yaml", 50000, 3, "文件内容太多，请拆分或删减");
  Buf b;
  buf_init(&b, 4 << 20);
  for (int i = 0; i < 50000; i++) buf_fmt(&b, "k%d: 1\n", i);
  copy_write(t, cx, &c, "items.yaml", buf_str(&b));
  expect_at(t, cx, &c, "items.yaml", 201, 1, "一组里的键太多");
  buf_drop(&b);
}

TEST(empty_files_and_other_encodings_are_refused) {
  SCOPED(copy_drop) Copy c = copy_make(t, cx);
  copy_write(t, cx, &c, "items.yaml", S(""));
  expect_at(t, cx, &c, "items.yaml", 1, 1, "文件是空的，请写上内容");
  copy_write(t, cx, &c, "items.yaml", S("# 只有注释\n"));
  expect_at(t, cx, &c, "items.yaml", 1, 1, "文件是空的，请写上内容");
  copy_write(t, cx, &c, "items.yaml", S("items: []\n"));
  expect_at(t, cx, &c, "items.yaml", 1, 1, "至少写一个事项");
  copy_write(t, cx, &c, "items.yaml", S("- 甲\n"));
  expect_at(t, cx, &c, "items.yaml", 1, 1, "文件的最外层应是“键: 值”");
  copy_write(t, cx, &c, "items.yaml", (Str){.ptr = "\xff\xfei\0t\0e\0", .len = 8}); /* UTF-16 */
  expect_at(t, cx, &c, "items.yaml", 1, 1, "不是合法的 UTF-8，请用 UTF-8 编码保存文件");
  copy_write(t, cx, &c, "items.yaml", S("items:\n  - {name: \xca\xc2\xcf\xee}\n")); /* GBK */
  expect_at(t, cx, &c, "items.yaml", 2, 12, "不是合法的 UTF-8，请用 UTF-8 编码保存文件");
  copy_write(t, cx, &c, "items.yaml", S("items: []\n---\nitems: []\n"));
  expect_at(t, cx, &c, "items.yaml", 2, 1, "一个文件只能有一份内容（不要写 ---）");
}

TEST(an_empty_calendar_is_refused) {
  SCOPED(copy_drop) Copy c = copy_make(t, cx);
  copy_write(t, cx, &c, "holidays.csv", S(""));
  expect_at(t, cx, &c, "holidays.csv", 1, 1, "表头应为");
}

/* Editors on Windows put a mark in front and CR before each LF: neither is a mistake. */
TEST(a_byte_order_mark_and_windows_line_ends_are_read) {
  SCOPED(copy_drop) Copy c = copy_make(t, cx);
  const Policy *plain = huludao(t, cx), *p = NULL;
  Mistakes m = {0};
  for (size_t i = 0; i < PKG_FILES; i++) {
    Str text = copy_read(t, cx, &c, pkg_files[i]);
    Buf b;
    buf_init(&b, 4 << 20);
    buf_add(&b, S("\xef\xbb\xbf"));
    for (size_t k = 0; k < text.len; k++) {
      if (text.ptr[k] == '\n') buf_char(&b, '\r');
      buf_char(&b, text.ptr[k]);
    }
    copy_write(t, cx, &c, pkg_files[i], buf_str(&b));
    buf_drop(&b);
  }
  EXPECT_INT(policy_load(cx, c.dir, &p, &m), OK);
  EXPECT_STR(cx->detail, S(""));
  if (!p) return;
  EXPECT_INT(p->item_count, plain->item_count);
  EXPECT_STR(p->remedy, plain->remedy);
  EXPECT_STR(p->categories[0].name, plain->categories[0].name);
}

/* A circle of three, which no item shows by itself. */
TEST(circles_are_found_whatever_their_length) {
  static const char *const items[] = {"feasibility", "land-preview", "site-opinion", "project-filing"};
  for (size_t n = 1; n <= COUNT(items); n++) {
    SCOPED(copy_drop) Copy c = copy_make(t, cx);
    for (size_t i = 0; i < n; i++)
      copy_patch(t, cx, &c, "items.yaml", arena_fmt(t->mem, "{code: %s,", items[i]),
                 arena_fmt(t->mem, "{code: %s, after: [%s],", items[i], items[(i + 1) % n]));
    const Policy *p = NULL;
    Mistakes m = {0};
    EXPECT_INT(policy_load(cx, c.dir, &p, &m), INVALID);
    EXPECT_INT(m.count, n);
    for (size_t i = 0; i < m.count; i++) EXPECT(str_has(m.list[i].text, S("互为前置，文件不允许（D60-4.15-p5）")));
  }
}

TEST(many_paths_without_a_circle_take_no_time) {
  SCOPED(copy_drop) Copy c = copy_make(t, cx);
  Buf b;
  buf_init(&b, 4 << 20);
  buf_add(&b, S("items:\n"));
  for (int i = 0; i < 120; i++) {
    buf_fmt(&b, "  - {code: i%d, name: 甲, stage: 1, unit: water, kind: 审批, attribute: 行政许可, basis: 法, sample: true, "
                "days: 1, days_sample: true, result: 书, after: [", i);
    for (int k = i > 40 ? i - 40 : 0; k < i; k++) buf_fmt(&b, "i%d, ", k);
    buf_add(&b, S("]}\n"));
  }
  copy_write(t, cx, &c, "items.yaml", buf_str(&b));
  copy_write(t, cx, &c, "materials.yaml", S("materials: []\n"));
  copy_write(t, cx, &c, "certificates.yaml", S("certificates: []\n"));
  copy_write(t, cx, &c, "surveys.yaml", S("surveys: []\n"));
  copy_write(t, cx, &c, "ledgers.yaml", S("ledgers: []\ncolumns: []\nwords: []\nmeasures: []\nsizes: []\nspans: []\n"));
  buf_drop(&b);
  const Policy *p = NULL;
  Mistakes m = {0};
  EXPECT_INT(policy_load(cx, c.dir, &p, &m), OK);
  EXPECT_STR(cx->detail, S(""));
}

/* More conditions and rows than any city has: no abort, only mistakes; at most 100 are kept. */
TEST(thousands_of_conditions_and_rows_are_no_problem) {
  SCOPED(copy_drop) Copy c = copy_make(t, cx);
  Buf b;
  buf_init(&b, 4 << 20);
  buf_add(&b, S("items:\n"));
  for (int i = 0; i < 3000; i++)
    buf_fmt(&b, "  - {when: %s, when_sample: true, code: i%d, name: 甲, stage: 1, unit: water, kind: 审批, "
                "attribute: 行政许可, basis: 法, sample: true, days: 1, days_sample: true, result: 书}\n",
            i == 2999 ? "长 > 1" : "线性工程", i);
  copy_write(t, cx, &c, "items.yaml", buf_str(&b));
  buf_drop(&b);
  expect_at(t, cx, &c, "items.yaml", 3001, 12, "“长”不是 forms.yaml 里的事实");
  copy_write(t, cx, &c, "items.yaml", repeated(t, "items:\n", "  - {}\n", 3000));
  expect_at(t, cx, &c, "items.yaml", 2, 5, "缺少“code”，请补上");
}
