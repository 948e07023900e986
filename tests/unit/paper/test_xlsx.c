/* SPDX-License-Identifier: Apache-2.0 */
/* Workbooks, read back by Python's zip and XML (tests/lib/xlsx.py). */
#include "paper/xlsx.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static Str read_back(Cx *cx, Str bytes) {
  char path[] = "/tmp/yichuang-xlsx-XXXXXX", line[4096];
  Str out = S(""), root = test_root();
  int fd = mkstemp(path);
  REQUIRE(fd >= 0 && write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len && close(fd) == 0);
  FILE *f = popen(arena_fmt(cx->mem, "PYTHONDONTWRITEBYTECODE=1 python3 %.*s/tests/lib/xlsx.py %s 2>&1", SFMT(root), path).ptr, "r");
  REQUIRE(f != NULL);
  while (fgets(line, sizeof line, f)) out = arena_fmt(cx->mem, "%.*s%s", SFMT(out), line);
  pclose(f);
  unlink(path);
  return out;
}

static const XlsxColumn columns[] = {{{.ptr = "部门", .len = 6}, 24}, {{.ptr = "办结", .len = 6}, 0}, {{.ptr = "得分", .len = 6}, 10}, {{.ptr = "按时率", .len = 9}, 10}, {{.ptr = "截至", .len = 6}, 12}};

TEST(a_workbook_is_read_back_cell_by_cell) {
  XlsxCell cells[] = {xlsx_text(S("市水利局")), xlsx_int(12), xlsx_number(8999, 2), xlsx_percent(853, 1), xlsx_day(day_ymd(2026, 11, 25)),
                      xlsx_text(S("=1+1 & <b>\"引号\"")), xlsx_int(-3), xlsx_number(-5, 3), xlsx_percent(10000, 2), xlsx_day(day_ymd(1970, 1, 1)),
                      xlsx_text(S("@cmd\x01|")), {.kind = XLSX_NONE}, xlsx_number(60, 0), xlsx_percent(0, 0), xlsx_day(day_ymd(2000, 2, 29))};
  Str lines[] = {S("截至2026年11月25日，办结 12 件"), S("示例")}, bytes, again;
  XlsxSheet sheets[] = {{.name = S("各部门"), .lines = lines, .line_count = 2, .columns = columns, .column_count = COUNT(columns), .cells = cells, .row_count = 3},
                        {.name = S("空表"), .columns = columns, .column_count = 2}};
  REQUIRE(xlsx_write(cx, sheets, 2, S("统计"), 1766392620000, &bytes) == OK);
  EXPECT_STR(read_back(cx, bytes), S("[各部门]\n截至2026年11月25日，办结 12 件\n示例\n部门|办结|得分|按时率|截至\n"
                                     "市水利局|12|89.99|85.3%|2026-11-25\n=1+1 & <b>\"引号\"|-3|-0.005|100.00%|1970-01-01\n@cmd|||60|0%|2000-02-29\n[空表]\n部门|办结\n"));
  REQUIRE(xlsx_write(cx, sheets, 2, S("统计"), 1766392620000, &again) == OK);
  EXPECT_STR(again, bytes);
}

TEST(more_than_fifteen_digits_stay_what_they_are) {
  XlsxCell cells[] = {xlsx_int(999999999999999), xlsx_int(1234567890123456), xlsx_number(INT64_MIN, 2), xlsx_int(INT64_MAX), {.kind = XLSX_NONE}};
  XlsxSheet sheet = {.name = S("数"), .columns = columns, .column_count = COUNT(columns), .cells = cells, .row_count = 1};
  Str bytes;
  REQUIRE(xlsx_write(cx, &sheet, 1, S("数"), 1766392620000, &bytes) == OK);
  EXPECT_STR(read_back(cx, bytes), S("[数]\n部门|办结|得分|按时率|截至\n999999999999999|1234567890123456|-92233720368547758.08|9223372036854775807\n"));
}

TEST(columns_beyond_z_have_two_letters) {
  XlsxColumn many[60];
  XlsxCell cells[60];
  for (size_t i = 0; i < COUNT(many); i++) many[i] = (XlsxColumn){S("列"), 0}, cells[i] = xlsx_int((int64_t)i);
  XlsxSheet sheet = {.name = S("宽"), .columns = many, .column_count = COUNT(many), .cells = cells, .row_count = 1};
  Str bytes;
  REQUIRE(xlsx_write(cx, &sheet, 1, S("宽"), 1766392620000, &bytes) == OK);
  EXPECT(str_has(bytes, S("r=\"Z2\"")) && str_has(bytes, S("r=\"AA2\"")) && str_has(bytes, S("r=\"BH2\"")) && str_has(bytes, S("ref=\"A1:BH2\"")));
  EXPECT(str_has(read_back(cx, bytes), S("|25|26|27|")));
}

TEST(a_long_text_is_cut_at_what_a_cell_holds) {
  char *long_text = arena_array(t->mem, char, 40000);
  memset(long_text, 'x', 40000);
  XlsxCell cells[] = {xlsx_text((Str){.ptr = long_text, .len = 40000})};
  XlsxSheet sheet = {.name = S("长"), .columns = columns, .column_count = 1, .cells = cells, .row_count = 1};
  Str bytes;
  REQUIRE(xlsx_write(cx, &sheet, 1, S("长"), 1766392620000, &bytes) == OK);
  EXPECT(str_has(bytes, (Str){.ptr = long_text, .len = XLSX_TEXT_MAX}) && !str_has(bytes, (Str){.ptr = long_text, .len = XLSX_TEXT_MAX + 1}));
}

static Code named(Cx *cx, Str name) {
  XlsxSheet sheets[] = {{.name = S("一"), .columns = columns, .column_count = 1}, {.name = name, .columns = columns, .column_count = 1}};
  Str bytes;
  cx_clear(cx);
  return xlsx_write(cx, sheets, 2, S("名"), 1766392620000, &bytes);
}

TEST(names_that_excel_refuses_are_refused) {
  EXPECT(named(cx, S("二")) == OK && named(cx, S("一")) == INVALID && named(cx, S("")) == INVALID && named(cx, S("2026/11")) == INVALID);
  EXPECT(named(cx, S("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一")) == OK);
  EXPECT(named(cx, S("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二")) == INVALID);
}
