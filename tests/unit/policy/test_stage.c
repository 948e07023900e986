/* SPDX-License-Identifier: Apache-2.0 */
/* A package goes into the store whole or not at all, and comes out only as it went in. */
#include "pkg.h"
#include "policy/lint.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct Shelf {
  Str dir;
  Packages *packages;
} Shelf;

static Shelf shelf_make(Test *t, Cx *cx) {
  char name[] = "/tmp/stage-test-XXXXXX";
  REQUIRE(mkdtemp(name));
  Shelf s = {.dir = arena_fmt(t->mem, "%s/policies", name)};
  s.packages = packages_open(t->mem, s.dir, huludao(t, cx));
  return s;
}

/* As the next process finds it. */
static void shelf_again(Test *t, Cx *cx, Shelf *s) {
  packages_close(s->packages);
  s->packages = packages_open(t->mem, s->dir, huludao(t, cx));
}

static void shelf_drop(Shelf *s) {
  char line[4200];
  packages_close(s->packages);
  snprintf(line, sizeof line, "rm -r '%.*s'", (int)s->dir.len - (int)strlen("/policies"), s->dir.ptr);
  REQUIRE(system(line) == 0);
}

static int names_in(Str dir) {
  char z[4096];
  int n = 0;
  snprintf(z, sizeof z, "%.*s", SFMT(dir));
  DIR *d = opendir(z);
  for (struct dirent *one; d && (one = readdir(d)) != NULL;) n += strcmp(one->d_name, ".") != 0 && strcmp(one->d_name, "..") != 0;
  if (d) closedir(d);
  return n;
}

static Code stage(Cx *cx, Shelf *s, const Copy *c, bool *already) {
  const Policy *p = NULL;
  Findings found = {0};
  *already = false;
  cx_clear(cx);
  return package_stage(cx, s->packages, c->dir, &p, already, &found);
}

TEST(a_package_is_staged_once_and_its_version_means_one_content) {
  SCOPED(shelf_drop) Shelf s = shelf_make(t, cx);
  SCOPED(copy_drop) Copy c = copy_make(t, cx);
  const Policy *list[PACKAGES_MAX], *found = NULL;
  bool already;
  copy_patch(t, cx, &c, "package.yaml", S("version: \"2019.60.1\""), S("version: \"2020.1\""));
  copy_patch(t, cx, &c, "units.yaml", S("units:\n"), S("units:\n  - {code: next-bureau, name: 新设局（示例）, kind: department, sample: true}\n"));
  EXPECT_INT(packages_scan(cx, s.packages), OK); /* nothing was ever staged */
  EXPECT_INT(stage(cx, &s, &c, &already), OK);
  EXPECT(!already);
  EXPECT_INT(packages_list(s.packages, list), 0); /* staging loads nothing */
  EXPECT_INT(packages_scan(cx, s.packages), OK);
  EXPECT_INT(packages_list(s.packages, list), 1);
  EXPECT_STR(list[0]->version, S("2020.1"));
  Policy base = *huludao(t, cx); /* a unit that only the next version has can be given an account already */
  EXPECT(!policy_unit_known(&base, S("next-bureau")));
  base.packages = s.packages;
  EXPECT(policy_unit_known(&base, S("next-bureau")) && policy_unit_known(&base, S("window")));
  EXPECT(!policy_unit_known(&base, S("nobody")));
  EXPECT_INT(stage(cx, &s, &c, &already), OK);
  EXPECT(already);
  EXPECT_INT(packages_need(cx, s.packages, S("2020.1"), list[0]->dir_hash, &found), OK);
  EXPECT(found == list[0]);
  EXPECT_INT(packages_need(cx, s.packages, S("2020.1"), S("00"), &found), CONFLICT);
  cx_clear(cx);
  EXPECT_INT(packages_need(cx, s.packages, S("2020.2"), S(""), &found), NOT_FOUND);
  EXPECT(str_has(cx->detail, S("2020.2")));
  copy_patch(t, cx, &c, "holidays.csv", S("元旦"), S("新年"));
  EXPECT_INT(stage(cx, &s, &c, &already), CONFLICT);
  EXPECT_STR(cx->field, S("version"));
  EXPECT_INT(names_in(s.dir), 1);
}

TEST(the_package_of_the_program_can_be_kept_too_but_not_changed_under_its_version) {
  SCOPED(shelf_drop) Shelf s = shelf_make(t, cx);
  SCOPED(copy_drop) Copy c = copy_make(t, cx);
  const Policy *list[PACKAGES_MAX];
  bool already;
  EXPECT_INT(stage(cx, &s, &c, &already), OK);
  EXPECT(!already);
  EXPECT_INT(packages_scan(cx, s.packages), OK);
  EXPECT_INT(packages_list(s.packages, list), 0); /* it is there already */
  copy_patch(t, cx, &c, "holidays.csv", S("元旦"), S("新年"));
  EXPECT_INT(stage(cx, &s, &c, &already), CONFLICT);
  /* A program started with the changed one. */
  const Policy *changed = NULL;
  Mistakes wrong = {0};
  cx_clear(cx);
  REQUIRE(policy_load(cx, c.dir, &changed, &wrong) == OK);
  packages_close(s.packages);
  s.packages = packages_open(t->mem, s.dir, changed);
  EXPECT_INT(packages_scan(cx, s.packages), CONFLICT);
  EXPECT(str_has(cx->detail, S("--policy")));
}

TEST(what_has_mistakes_or_no_fit_version_is_not_staged_at_all) {
  SCOPED(shelf_drop) Shelf s = shelf_make(t, cx);
  SCOPED(copy_drop) Copy c = copy_make(t, cx);
  bool already;
  size_t at = copy_patch(t, cx, &c, "package.yaml", S("version: \"2019.60.1\""), S("version: \"../x\""));
  EXPECT(at > 0);
  EXPECT_INT(stage(cx, &s, &c, &already), INVALID);
  EXPECT_STR(cx->field, S("version"));
  copy_patch(t, cx, &c, "package.yaml", S("version: \"../x\""), S("version: \"2020.1\""));
  copy_patch(t, cx, &c, "categories.yaml", S("total: 70"), S("total: 71"));
  EXPECT_INT(stage(cx, &s, &c, &already), INVALID);
  EXPECT_INT(names_in(s.dir), 0);
  static const char *const fit[] = {"1", "2019.60.1", "a-b_c"}, *const unfit[] = {"", ".", "..", "-x", "a/b", "版本", "a b"};
  for (size_t i = 0; i < COUNT(fit); i++) EXPECT(package_version_fits(str_of(fit[i])));
  for (size_t i = 0; i < COUNT(unfit); i++) EXPECT(!package_version_fits(str_of(unfit[i])));
}

TEST(a_staged_folder_that_was_changed_is_refused_by_name) {
  SCOPED(shelf_drop) Shelf s = shelf_make(t, cx);
  SCOPED(copy_drop) Copy c = copy_make(t, cx);
  Str text;
  bool already;
  copy_patch(t, cx, &c, "package.yaml", S("version: \"2019.60.1\""), S("version: \"2020.1\""));
  EXPECT_INT(stage(cx, &s, &c, &already), OK);
  Str path = arena_fmt(t->mem, "%.*s/2020.1/holidays.csv", SFMT(s.dir));
  EXPECT_INT(file_read(cx, path, 1 << 20, &text), OK);
  EXPECT_INT(file_write(cx, path, str_sub(text, 0, text.len - 1), 0600), OK);
  EXPECT_INT(packages_scan(cx, s.packages), CONFLICT);
  EXPECT(str_has(cx->detail, S("2020.1")) && str_has(cx->detail, S("散列")));
  cx_clear(cx);
  EXPECT_INT(file_write(cx, path, text, 0600), OK);
  EXPECT_INT(packages_scan(cx, s.packages), OK); /* put right, it is accepted */
  shelf_again(t, cx, &s);
  Str moved = arena_fmt(t->mem, "%.*s/2020.2", SFMT(s.dir)), was = arena_fmt(t->mem, "%.*s/2020.1", SFMT(s.dir));
  EXPECT_INT(rename(was.ptr, moved.ptr), 0);
  EXPECT_INT(packages_scan(cx, s.packages), CONFLICT); /* under another name */
  cx_clear(cx);
  EXPECT_INT(rename(moved.ptr, was.ptr), 0);
  /* What an interrupted copy leaves has no mark and is not looked at. */
  EXPECT_INT(dir_make(cx, arena_fmt(t->mem, "%.*s/2020.3", SFMT(s.dir))), OK);
  EXPECT_INT(packages_scan(cx, s.packages), OK);
}
