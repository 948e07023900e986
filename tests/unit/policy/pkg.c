/* SPDX-License-Identifier: Apache-2.0 */
#include "pkg.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *const pkg_files[PKG_FILES] = {"package.yaml", "clauses.yaml",   "categories.yaml", "stages.yaml",
                                          "items.yaml",   "materials.yaml", "forms.yaml",      "units.yaml",
                                          "posts.yaml",   "causes.yaml",    "clocks.yaml",     "holidays.csv"};

Str huludao_dir(Test *t) {
  return arena_fmt(t->mem, "%.*s/policies/huludao", SFMT(test_root()));
}

const Policy *huludao(Test *t, Cx *cx) {
  const Policy *p = NULL;
  Mistakes m = {0};
  EXPECT_INT(policy_load(cx, huludao_dir(t), &p, &m), OK);
  EXPECT_STR(cx->detail, S(""));
  REQUIRE(p);
  return p;
}

Copy copy_make(Test *t, Cx *cx) {
  char name[] = "/tmp/yichuang-policy-XXXXXX";
  REQUIRE(mkdtemp(name));
  Copy c = {.dir = arena_str(t->mem, str_of(name))};
  DIR *d = opendir(arena_z(t->mem, huludao_dir(t)));
  REQUIRE(d);
  for (struct dirent *e; (e = readdir(d)) != NULL;) {
    Str text;
    if (e->d_name[0] == '.') continue;
    REQUIRE(file_read(cx, arena_fmt(t->mem, "%.*s/%s", SFMT(huludao_dir(t)), e->d_name), 4 << 20, &text) == OK);
    copy_write(t, cx, &c, e->d_name, text);
  }
  closedir(d);
  return c;
}

void copy_drop(const Copy *c) {
  char path[512];
  (void)snprintf(path, sizeof path, "%.*s", SFMT(c->dir));
  DIR *d = opendir(path);
  for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
    (void)snprintf(path, sizeof path, "%.*s/%s", SFMT(c->dir), e->d_name);
    if (e->d_name[0] != '.' && unlink(path) != 0) (void)rmdir(path);
  }
  if (d) closedir(d);
  (void)snprintf(path, sizeof path, "%.*s", SFMT(c->dir));
  (void)rmdir(path);
}

Str copy_read(Test *t, Cx *cx, const Copy *c, const char *file) {
  Str text = S("");
  EXPECT_INT(file_read(cx, arena_fmt(t->mem, "%.*s/%s", SFMT(c->dir), file), 4 << 20, &text), OK);
  return text;
}

void copy_write(Test *t, Cx *cx, const Copy *c, const char *file, Str text) {
  (void)cx;
  FILE *f = fopen(arena_z(t->mem, arena_fmt(t->mem, "%.*s/%s", SFMT(c->dir), file)), "wb");
  REQUIRE(f);
  EXPECT(fwrite(text.ptr, 1, text.len, f) == text.len);
  EXPECT_INT(fclose(f), 0);
}

size_t copy_patch(Test *t, Cx *cx, const Copy *c, const char *file, Str old, Str new) {
  Str text = copy_read(t, cx, c, file);
  ptrdiff_t at = str_find(text, old);
  EXPECT(at >= 0);
  if (at < 0) return 0;
  Str tail = str_sub(text, (size_t)at + old.len, SIZE_MAX);
  copy_write(t, cx, c, file, arena_fmt(t->mem, "%.*s%.*s%.*s", (int)at, text.ptr, SFMT(new), SFMT(tail)));
  return (size_t)at;
}

void place_of(Str text, size_t at, int *line, int *column) {
  size_t start = 0;
  *line = 1;
  for (size_t i = 0; i < at && i < text.len; i++)
    if (text.ptr[i] == '\n') {
      (*line)++;
      start = i + 1;
    }
  *column = (int)utf8_count(str_sub(text, start, at - start)) + 1;
}

Json *facts_of(Test *t, const char *pairs) {
  Json *o = json_obj(t->mem);
  Str rest = str_of(pairs), pair, k, v;
  while (rest.len) {
    str_cut(rest, ' ', &pair, &rest);
    if (!str_cut(pair, '=', &k, &v)) continue;
    if (str_eq(v, S("true")) || str_eq(v, S("false"))) json_put_bool(t->mem, o, k, str_eq(v, S("true")));
    else json_put_str(t->mem, o, k, v);
  }
  return o;
}
