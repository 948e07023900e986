/* SPDX-License-Identifier: Apache-2.0 */
/* Long lists beside the YAML: the same rows, the same checks, places in the sheet. */
#include "pkg.h"

static const char head[] = "code,name,kind,aliases,phone,sample\r\n";

static const Policy *loaded(Test *t, Cx *cx, const char *file, const char *text, Mistakes *m) {
  Copy c = copy_make(t, cx);
  const Policy *p = NULL;
  *m = (Mistakes){0};
  copy_write(t, cx, &c, file, str_of(text));
  Code code = policy_load(cx, c.dir, &p, m);
  EXPECT((code == OK) == (p != NULL));
  cx_clear(cx);
  copy_drop(&c);
  return p;
}

static bool says(const Mistakes *m, int line, int column, const char *text) {
  for (size_t i = 0; i < m->count; i++)
    if (m->list[i].line == line && m->list[i].column == column && str_has(m->list[i].text, str_of(text))) return true;
  return false;
}

TEST(rows_of_a_sheet_are_units_like_the_others) {
  Mistakes m;
  size_t before = huludao(t, cx)->unit_count;
  Str text = arena_fmt(t->mem, "\xEF\xBB\xBF%s%s%s", head, "water-two,\"示例水司, \"\"第二\"\"\",company,二水|第二水司,0429-3110003,true\r\n",
                       "gas-two,示例第二燃气公司,company,,,true");
  const Policy *p = loaded(t, cx, "units.csv", arena_z(t->mem, text), &m);
  REQUIRE(p);
  EXPECT_INT(p->unit_count, before + 2);
  const Unit *u = policy_unit(p, S("water-two"));
  REQUIRE(u);
  EXPECT_STR(u->name, S("示例水司, \"第二\""));
  EXPECT_STR(u->phone, S("0429-3110003"));
  EXPECT_INT(u->alias_count, 2);
  EXPECT(policy_unit_named(p, S("第二水司")) == u);
  EXPECT_INT(policy_unit(p, S("gas-two"))->alias_count, 0);
}

TEST(what_is_wrong_in_a_sheet_has_its_place) {
  static const struct { const char *rows; int line, column; const char *text; } bad[] = {
      {"water-two,水司,company,,,true,多\n", 2, 29, "多出一列"},       {"water-two,\"水司,company\n", 2, 11, "引号"},
      {"water-two,水司,company,,,也许\n", 2, 24, "sample"},             {"water,重号,company,,,true\n", 2, 1, "water"},
      {"Water Two,水司,,,,true\n", 2, 1, "kind"}};
  for (size_t i = 0; i < COUNT(bad); i++) {
    Mistakes m;
    EXPECT(!loaded(t, cx, "units.csv", arena_z(t->mem, arena_fmt(t->mem, "%s%s", head, bad[i].rows)), &m));
    bool found = says(&m, bad[i].line, bad[i].column, bad[i].text);
    EXPECT(found);
    if (!found)
      for (size_t k = 0; k < m.count; k++) EXPECT_STR(arena_fmt(t->mem, "%d:%d %.*s", m.list[k].line, m.list[k].column, SFMT(m.list[k].text)), S("another"));
  }
}

TEST(a_sheet_needs_its_list_and_a_sound_head) {
  Mistakes m;
  EXPECT(!loaded(t, cx, "forms.csv", "name\nx\n", &m));
  EXPECT(says(&m, 1, 1, "只有列表"));
  EXPECT(!loaded(t, cx, "posts.csv", "code,code\nx,y\n", &m));
  EXPECT(says(&m, 1, 6, "写了两次"));
  EXPECT(!loaded(t, cx, "units.csv", "code,colour\nx,red\n", &m));
  EXPECT(says(&m, 2, 3, "colour"));
  EXPECT(!loaded(t, cx, "units.csv", "code,\xC0\xAF\n", &m));
  EXPECT(says(&m, 1, 1, "UTF-8"));
}
