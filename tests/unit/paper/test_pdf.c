/* SPDX-License-Identifier: Apache-2.0 */
/* Documents as PDF: read back by poppler, another program than the one that wrote them. */
#include "paper/paper.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* fontconfig and GLib keep what they know about fonts until the process ends, and cairo 1.16 loses some 2 KB a document when it takes
 * the used part out of a CFF font (in cairo_surface_finish); what we allocate is looked at all the same. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
  return "leak:libfontconfig\nleak:libpango\nleak:libglib\nleak:libcairo\n";
}

#define LIT(s) {.ptr = s, .len = sizeof(s) - 1}
static const PaperRow rows[] = {
    {LIT("建设单位"), LIT("葫芦岛示例机械制造有限公司")},
    {LIT("统一社会信用代码"), LIT("91211400MA1000009B")},
    {LIT("项目名称"), LIT("杨家杖子经济开发区数控机床生产线项目（示例1）")},
    {LIT("建设地点"), LIT("㐆家屯䶮河路1号，𠅤𪚲两村之间")}, /* extension A, and two beyond the BMP */
};
static const Str items[] = {LIT("市自然资源局：建设项目用地预审（2025年12月17日）"), LIT("市发展改革委：企业投资项目核准，项目核准文件")};

static Paper paper(void) {
  return (Paper){.title = S("规划用地许可证"), .number = S("HLD-ZJ1-000001-1"), .rows = rows, .row_count = COUNT(rows),
                 .heading = S("本阶段审定的事项"), .list = items, .list_count = COUNT(items), .date = S("2025年12月22日"),
                 .seal = S("葫芦岛市建设项目审批专用章"), .sample = true, .check = S("核验码：1A2B-3C4D-5E6F-7081"),
                 .note = S("二维码里是整份凭证。"), .made = 1766392620000};
}

/* What a program says about a file; the text without spaces and line ends. */
static Str said(Cx *cx, const char *program, Str pdf) {
  char path[] = "/tmp/yichuang-paper-XXXXXX", line[4096];
  Str out = S("");
  int fd = mkstemp(path);
  REQUIRE(fd >= 0 && write(fd, pdf.ptr, pdf.len) == (ssize_t)pdf.len && close(fd) == 0);
  FILE *f = popen(arena_fmt(cx->mem, "%s %s%s", program, path, strstr(program, "text") ? " -" : "").ptr, "r");
  REQUIRE(f != NULL);
  while (fgets(line, sizeof line, f)) out = arena_fmt(cx->mem, "%.*s%s", SFMT(out), line);
  pclose(f);
  const char *keep = getenv("PAPER_KEEP"); /* a folder for whoever wants to look */
  if (keep) rename(path, arena_fmt(cx->mem, "%s/%s.pdf", keep, path + 21).ptr);
  unlink(path);
  return out;
}

static Str squeezed(Cx *cx, Str s) {
  char *p = arena_alloc(cx->mem, s.len + 1, 1, 1);
  size_t n = 0;
  for (size_t i = 0; i < s.len; i++)
    if (s.ptr[i] != ' ' && s.ptr[i] != '\n' && s.ptr[i] != '\f') p[n++] = s.ptr[i];
  return (Str){.ptr = p, .len = n};
}

TEST(what_is_written_can_be_read_out_again) {
  Paper p = paper();
  Str pdf;
  REQUIRE(paper_check(cx, &p) == OK && paper_pdf(cx, &p, &pdf) == OK);
  Str text = squeezed(cx, said(cx, "pdftotext -layout", pdf));
  for (size_t i = 0; i < COUNT(rows); i++) EXPECT(str_has(text, rows[i].label) && str_has(text, rows[i].text));
  for (size_t i = 0; i < COUNT(items); i++) EXPECT(str_has(text, items[i]));
  const Str others[] = {p.title, p.number, p.heading, p.date, p.check, p.note, S("样章：演示系统开具")};
  for (size_t i = 0; i < COUNT(others); i++) EXPECT(str_has(text, others[i]));
  EXPECT(!str_has(text, S("专用章"))); /* the seal is a picture */
}

TEST(every_font_is_inside) {
  Paper p = paper();
  Str pdf, line;
  REQUIRE(paper_pdf(cx, &p, &pdf) == OK);
  Str fonts = said(cx, "pdffonts", pdf);
  int count = 0;
  while (str_cut(fonts, '\n', &line, &fonts)) {
    if (str_starts(line, S("name")) || str_starts(line, S("---"))) continue;
    count++;
    if (!str_has(line, S("yes yes yes"))) EXPECT_STR(line, S("embedded, a subset, with ToUnicode"));
  }
  EXPECT(count >= 2);
}

TEST(a_file_for_the_archive_says_what_it_is_and_is_small) {
  static const char *const parts[] = {"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>", "/GTS_PDFA1", "/OutputIntents [", "/Metadata ", "/ID [<",
                                      "规划用地许可证 HLD-ZJ1-000001-1 &amp; &lt;B&gt;", "<xmp:CreateDate>2025-12-22T16:37:00+08:00", "acsp", "sRGB IEC61966-2.1"};
  Paper p = paper();
  Str pdf, secret, signed_;
  Sealer *s = NULL;
  p.number = S("HLD-ZJ1-000001-1 & <B>");
  REQUIRE(paper_pdf(cx, &p, &pdf) == OK);
  for (size_t i = 0; i < COUNT(parts); i++) EXPECT(memmem(pdf.ptr, pdf.len, parts[i], strlen(parts[i])) != NULL);
  EXPECT(pdf.len < 120 * 1024);
  cx->now = 1784937600000;
  REQUIRE(sealer_make(cx, S("示例审批服务"), &secret) == OK && sealer_open(cx, secret, &s) == OK && sealer_pdf(cx, s, pdf, cx->now, S("出件"), &signed_) == OK);
  Str update = str_sub(signed_, pdf.len, SIZE_MAX);
  EXPECT(memmem(update.ptr, update.len, "/ID [<", 6) != NULL); /* the last trailer has it too */
  sealer_close(s);
}

TEST(the_same_paper_is_the_same_file) {
  Paper p = paper(), later = paper();
  Str a, b;
  REQUIRE(paper_pdf(cx, &p, &a) == OK && paper_pdf(cx, &p, &b) == OK);
  EXPECT(str_eq(a, b));
  EXPECT(str_has(said(cx, "TZ=Asia/Shanghai LC_ALL=C pdfinfo", a), S("Mon Dec 22 16:37:00 2025")));
  later.made += 1000;
  REQUIRE(paper_pdf(cx, &later, &b) == OK);
  EXPECT(!str_eq(a, b));
}

TEST(a_character_without_a_glyph_is_refused_by_name) {
  static const struct { const char *text, *named; } wrong[] = {
      {"𱍐河机械厂", "U+31350"}, {"某某\U000F0000公司", "U+F0000"}, {"\U00013000工厂", "U+13000"}};
  for (size_t i = 0; i < COUNT(wrong); i++) {
    PaperRow r = {S("建设单位"), str_of(wrong[i].text)};
    Paper p = paper();
    Str pdf = S("");
    p.rows = &r;
    p.row_count = 1;
    EXPECT_INT(paper_check(cx, &p), INVALID);
    if (!str_has(cx->detail, str_of(wrong[i].named))) EXPECT_STR(cx->detail, str_of(wrong[i].named));
    cx_clear(cx);
    EXPECT_INT(paper_pdf(cx, &p, &pdf), INVALID);
    EXPECT_INT(pdf.len, 0);
    cx_clear(cx);
  }
}

TEST(a_long_document_has_pages_and_loses_nothing) {
  Paper p = paper();
  Str many[90], pdf;
  QrCode codes[4];
  for (size_t i = 0; i < COUNT(many); i++)
    many[i] = arena_fmt(cx->mem, "第%zu个部门：一个名称很长的审批事项，长到一行里放不下，所以要折到下一行去，折过来还在（%zu）", i + 1, i + 1);
  for (size_t i = 0; i < COUNT(codes); i++) REQUIRE(qr_make(cx, arena_fmt(cx->mem, "YICHUANG1/%zu/4/ABC", i + 1), &codes[i]) == OK);
  p.list = many;
  p.list_count = COUNT(many);
  p.codes = codes;
  p.code_count = COUNT(codes);
  REQUIRE(paper_pdf(cx, &p, &pdf) == OK);
  Str text = squeezed(cx, said(cx, "pdftotext -layout", pdf));
  for (size_t i = 0; i < COUNT(many); i++) EXPECT(str_has(text, many[i]));
  EXPECT(str_has(said(cx, "pdfinfo", pdf), S("Pages:           6")));
  EXPECT(str_has(text, S("HLD-ZJ1-000001-1（续）")));
}

/* Every bit of a file and of its signature in turn, and another key. */
static size_t flips_accepted(const Sealer *s, Str text, Cx *cx) {
  Str der, secret;
  Sealer *other = NULL;
  REQUIRE(sealer_detached(cx, s, text, &der) == OK && sealer_make(cx, S("别的系统"), &secret) == OK && sealer_open(cx, secret, &other) == OK);
  char *file = (char *)(uintptr_t)arena_z(cx->mem, arena_str(cx->mem, text)), *sign = arena_alloc(cx->mem, der.len, 1, 1);
  size_t n = sealer_holds(other, text, der);
  memcpy(sign, der.ptr, der.len);
  for (size_t bit = 0; bit < (text.len + der.len) * 8; bit++) {
    char *at = bit / 8 < text.len ? &file[bit / 8] : &sign[bit / 8 - text.len];
    *at ^= (char)(1 << bit % 8);
    n += sealer_holds(s, (Str){.ptr = file, .len = text.len}, (Str){.ptr = sign, .len = der.len});
    *at ^= (char)(1 << bit % 8);
  }
  n += !sealer_holds(s, (Str){.ptr = file, .len = text.len}, (Str){.ptr = sign, .len = der.len});
  sealer_close(other);
  return n;
}

TEST(a_signed_document_reads_as_before_and_its_signature_is_good) {
  Paper p = paper();
  Str secret, pdf, out, again, der;
  Sealer *s = NULL;
  cx->now = 1784937600000;
  REQUIRE(sealer_make(cx, S("示例审批服务"), &secret) == OK && sealer_open(cx, secret, &s) == OK);
  EXPECT_STR(sealer_name(s), S("示例审批服务"));
  REQUIRE(paper_pdf(cx, &p, &pdf) == OK && sealer_pdf(cx, s, pdf, cx->now, S("出件"), &out) == OK);
  EXPECT(str_starts(out, pdf)); /* what was drawn stays */
  Str words = said(cx, "pdfsig -nocert", out);
  EXPECT(str_has(words, S("Signature is Valid.")) && str_has(words, S("Total document signed")));
  EXPECT(str_has(squeezed(cx, said(cx, "pdftotext -layout", out)), S("杨家杖子经济开发区")));
  REQUIRE(sealer_detached(cx, s, out, &der) == OK);
  EXPECT(der.len >= 68 && der.len <= 72);
  EXPECT(sealer_holds(s, out, der));
  EXPECT(!sealer_holds(s, str_sub(out, 0, out.len - 1), der) && !sealer_holds(s, out, str_sub(der, 0, der.len - 1)) && !sealer_holds(s, out, S("")));
  EXPECT(!sealer_holds(s, out, arena_fmt(cx->mem, "%.*sx", SFMT(der)))); /* nothing behind it */
  EXPECT_INT(flips_accepted(s, S("a short file"), cx), 0);
  EXPECT(sealer_pdf(cx, s, S("%PDF-1.5 nothing"), cx->now, S(""), &again) == BROKEN);
  sealer_close(s);
  EXPECT(sealer_open(cx, S("-----BEGIN NOTHING"), &s) == INVALID);
}

TEST(the_same_document_as_ofd_holds_the_same_words_and_the_same_bytes_each_time) {
  Paper p = paper();
  QrCode code;
  Str ofd, again;
  REQUIRE(qr_make(cx, S("YICHUANG1/1/1/ABC"), &code) == OK);
  p.codes = &code;
  p.code_count = 1;
  p.stamp = S("已撤销");
  REQUIRE(paper_ofd(cx, &p, &ofd) == OK && paper_ofd(cx, &p, &again) == OK);
  EXPECT(str_eq(ofd, again));
  const char *const words[] = {"OFD.xml", "Doc_0/Document.xml", "Doc_0/Res/font_1.otf", "规划用地许可证</ofd:TextCode>", "统一社会信用代码", "𪚲", "OTTO"};
  for (size_t i = 0; i < COUNT(words); i++) EXPECT(str_has(ofd, str_of(words[i])));
  EXPECT(ofd.len > 20000 && ofd.len < 600000);
  p.title = S("规划用地\U00031350");
  EXPECT(paper_ofd(cx, &p, &ofd) == INVALID && str_has(cx->detail, S("U+31350")));
}

/* A row that no page holds goes on over the page with its label again; one that only does not fit begins the next page whole. */
TEST(a_long_row_goes_on_over_the_page_in_both_files) {
  enum { CLAUSES = 120 };
  Paper p = paper();
  Str pdf, ofd, text = S(""), words;
  for (int i = 1; i <= CLAUSES; i++) text = arena_fmt(cx->mem, "%.*s第%d项建设内容，新建厂房两栋，建筑面积12500平方米，配套道路、绿化和管网。%s", SFMT(text), i, i % 3 ? "" : "\n");
  PaperRow own[] = {rows[0], {S("建设规模及内容"), text}, {S("合同价格"), S("9800 万元")}};
  p.rows = own;
  p.row_count = COUNT(own);
  REQUIRE(paper_check(cx, &p) == OK && paper_pdf(cx, &p, &pdf) == OK && paper_ofd(cx, &p, &ofd) == OK);
  words = squeezed(cx, said(cx, "pdftotext", pdf));
  for (int i = 1; i <= CLAUSES; i++) EXPECT(str_has(words, arena_fmt(cx->mem, "第%d项建设内容", i)));
  int labels = 0;
  for (Str rest = words; str_find(rest, S("建设规模及内容")) >= 0; labels++) rest = str_sub(rest, (size_t)str_find(rest, S("建设规模及内容")) + 1, SIZE_MAX);
  EXPECT_INT(labels, 5); /* once a page */
  EXPECT(str_has(words, S("合同价格")) && str_has(words, S("9800万元")));
  EXPECT(str_has(said(cx, "pdfinfo", pdf), S("Pages:           5")));
  EXPECT(str_has(ofd, S("Doc_0/Pages/Page_4")) && !str_has(ofd, S("Doc_0/Pages/Page_5")));
}
