/* SPDX-License-Identifier: Apache-2.0 */
/* Forms: fed whole and in any pieces they give the same fields, or the same refusal. */
#include "test.h"
#include "web/web_int.h"

static Code urlform(Test *t, const char *raw, Str *text) {
  Cx cx = {.mem = t->mem};
  Json *j = NULL;
  Code code = urlform_parse(&cx, str_of(raw), &j);
  *text = code == OK ? json_text(t->mem, j) : cx.detail;
  return code;
}

TEST(a_form_becomes_an_object_of_texts_and_lists) {
  Str s;
  EXPECT_INT(urlform(t, "", &s), OK);
  EXPECT_STR(s, S("{}"));
  EXPECT_INT(urlform(t, "a=1&b=%E5%B2%9B+x%2B&c[]=1&c%5B%5D=2&d=&e&&=", &s), MALFORMED); /* a field without a name */
  EXPECT_INT(urlform(t, "a=1&b=%E5%B2%9B+x%2B&c[]=1&c%5B%5D=2&d=&e&&f=g=h", &s), OK);
  EXPECT_STR(s, S("{\"a\":\"1\",\"b\":\"岛 x+\",\"c\":[\"1\",\"2\"],\"d\":\"\",\"e\":\"\",\"f\":\"g=h\"}"));
}

TEST(a_form_is_refused_for_doubles_bad_escapes_and_bytes_that_are_no_text) {
  static const char *const bad[] = {"a=1&a=2", "a=%", "a=%4", "a=%zz", "%=1", "a=%00", "a=%ff", "a=%c0%80", "a=%ed%a0%80", "a=\xff", "a=%1b",
                                    "%00=1", "a%0a=1", "a=1&a[]=2", "a[]=1&a=2", "[]=1", "a=%7f", "a=%C2%85"};
  Str s;
  for (size_t i = 0; i < COUNT(bad); i++) {
    EXPECT_INT(urlform(t, bad[i], &s), MALFORMED);
    EXPECT(s.len > 12);
  }
  EXPECT_INT(urlform(t, "a=line%0d%0aline%09x", &s), OK);
  EXPECT_INT(urlform(t, "a=e%CC%81", &s), OK);
  EXPECT_STR(s, S("{\"a\":\"é\"}")); /* composed */
}

TEST(a_form_has_at_most_a_thousand_fields_and_short_names) {
  Buf b = {0};
  buf_init(&b, 1 << 20);
  for (int i = 0; i < 1000; i++) buf_fmt(&b, "%sf%d=1", i ? "&" : "", i);
  Str s;
  EXPECT_INT(urlform(t, arena_z(t->mem, buf_str(&b)), &s), OK);
  buf_add(&b, S("&more=1"));
  EXPECT_INT(urlform(t, arena_z(t->mem, buf_str(&b)), &s), MALFORMED);
  buf_clear(&b);
  for (int i = 0; i < 201; i++) buf_char(&b, 'n');
  EXPECT_INT(urlform(t, arena_z(t->mem, buf_str(&b)), &s), MALFORMED);
  buf_drop(&b);
}

TEST(a_path_is_decoded_once_and_never_climbs) {
  static const char *const bad[] = {"/a/..", "/../a", "/./a", "/a/%2e%2e", "/%2E", "/a%2fb", "/a%5cb", "/a\\b", "/%25", "/%00", "/%0a", "/%ff",
                                    "/%", "/%a", "/%c0%ae"};
  Str out;
  for (size_t i = 0; i < COUNT(bad); i++) EXPECT(!path_decode(t->mem, str_of(bad[i]), &out));
  EXPECT(path_decode(t->mem, S("/a%20b/%E5%B2%9B/...x/a..b"), &out));
  EXPECT_STR(out, S("/a b/岛/...x/a..b"));
}

/* ---- multipart ------------------------------------------------------------------------------------- */

typedef struct Seen {
  Buf text;
} Seen;

static Code on_begin(Cx *cx, void *arg, Str name, bool is_file, Str filename) {
  (void)cx;
  Seen *s = arg;
  buf_fmt(&s->text, "[%.*s%s%.*s:", SFMT(name), is_file ? "|" : "", SFMT(filename));
  return OK;
}

static Code on_data(Cx *cx, void *arg, Str bytes) {
  (void)cx;
  buf_add(&((Seen *)arg)->text, bytes);
  return OK;
}

static Code on_end(Cx *cx, void *arg) {
  (void)cx;
  buf_char(&((Seen *)arg)->text, ']');
  return OK;
}

/* What the sink saw, or "!" and the refusal. */
static Str multipart(Test *t, Str raw, size_t n) {
  Cx cx = {.mem = t->mem};
  Seen seen = {0};
  buf_init(&seen.text, 1 << 20);
  Multipart *m = multipart_open(t->mem, S("b"), (PartSink){on_begin, on_data, on_end}, &seen);
  Code code = OK;
  for (size_t at = 0; at < raw.len && code == OK; at += n) code = multipart_feed(&cx, m, str_sub(raw, at, n));
  if (code == OK) code = multipart_end(&cx, m);
  Str out = code == OK ? arena_str(t->mem, buf_str(&seen.text)) : arena_fmt(t->mem, "!%.*s", SFMT(cx.detail));
  if (code != OK) EXPECT_INT(code, MALFORMED);
  buf_drop(&seen.text);
  return out;
}

static void in_all_pieces(Test *t, const char *raw, const char *want) {
  Str whole = multipart(t, str_of(raw), SIZE_MAX / 2);
  EXPECT_STR(whole, str_of(want));
  for (size_t n = 1; n < 12; n++) EXPECT_STR(multipart(t, str_of(raw), n), whole);
}

#define D "Content-Disposition: form-data; "
TEST(parts_are_the_same_whole_and_in_any_pieces) {
  in_all_pieces(t, "--b\r\n" D "name=\"a\"\r\n\r\n1\r\n--b\r\n" D "name=\"f\"; filename=\"x.pdf\"\r\nContent-Type: a/b\r\n\r\n%PDF\r\n--b--\r\n",
                "[a:1][f|x.pdf:%PDF]");
  in_all_pieces(t, "--b\r\n" D "name=\"a\"\r\n\r\n\r\n--b--", "[a:]");
  in_all_pieces(t, "--b\r\n" D "name=\"a\"\r\n\r\n\r\r\n-\r\n--\r\n--c\r\n--b--\r\n", "[a:\r\r\n-\r\n--\r\n--c]");
  in_all_pieces(t, "--b\r\ncontent-disposition:FORM-DATA;name=\"a\"\r\n\r\nx\r\n--b--\r\n", "[a:x]");
  in_all_pieces(t, "--b\r\n" D "name=\"f\"; filename=\"\"\r\n\r\n\r\n--b--\r\n", "[f|无名文件:]");
}

TEST(broken_multiparts_are_refused_the_same_way_in_any_pieces) {
  in_all_pieces(t, "", "!上传内容不完整，请重新提交。");
  in_all_pieces(t, "--b\r\n" D "name=\"a\"\r\n\r\n1\r\n", "!上传内容不完整，请重新提交。");
  in_all_pieces(t, "--b\r\n" D "name=\"a\"\r\n\r\n1\r\n--b", "!上传内容不完整，请重新提交。");
  in_all_pieces(t, "--c\r\n" D "name=\"a\"\r\n\r\n1\r\n--c--\r\n", "!上传内容不是以分隔线开始的。");
  in_all_pieces(t, "preamble\r\n--b--\r\n", "!上传内容不是以分隔线开始的。");
  in_all_pieces(t, "--bx\r\n\r\n", "!上传内容的分隔线有误。");
  in_all_pieces(t, "--b\rx", "!上传内容的分隔线有误。");
  in_all_pieces(t, "--b-x", "!上传内容的分隔线有误。");
  in_all_pieces(t, "--b--\r\nmore", "!上传内容结束之后还有内容。");
  in_all_pieces(t, "--b\r\nContent-Type: a/b\r\n\r\nx\r\n--b--\r\n", "!上传内容的分段没有字段名。");
  in_all_pieces(t, "--b\r\n" D "filename=\"a\"\r\n\r\nx\r\n--b--\r\n", "!上传内容的分段没有字段名。");
  in_all_pieces(t, "--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--b--\r\n", "!上传内容的分段没有字段名。");
  in_all_pieces(t, "--b\r\nnonsense\r\n\r\nx\r\n--b--\r\n", "!上传内容的分段头有误。");
  in_all_pieces(t, "--b\r\n" D "name=\"a\"\r\n" D "name=\"b\"\r\n\r\nx\r\n--b--\r\n", "!上传内容的分段头重复。");
  in_all_pieces(t, "--b\r\n" D "name=\"a\"; filename*=UTF-8''x\r\n\r\nx\r\n--b--\r\n", "!上传内容的分段使用了不允许的 filename*。");
}

TEST(the_head_of_a_part_is_short_and_parts_are_few) {
  Buf b = {0};
  buf_init(&b, 1 << 20);
  buf_add(&b, S("--b\r\nX: "));
  while (b.len < 5000) buf_char(&b, 'a');
  EXPECT_STR(multipart(t, buf_str(&b), 100), S("!上传内容的分段头过长。"));
  buf_clear(&b);
  for (int i = 0; i < 1001; i++) buf_add(&b, S("--b\r\n" D "name=\"a\"\r\n\r\n\r\n"));
  buf_add(&b, S("--b--\r\n"));
  EXPECT_STR(multipart(t, buf_str(&b), 1000), S("!字段超过 1000 个。"));
  buf_drop(&b);
}

TEST(a_boundary_comes_from_the_type) {
  Str b;
  EXPECT(multipart_boundary(S("multipart/form-data; boundary=abc"), &b) && str_eq(b, S("abc")));
  EXPECT(multipart_boundary(S("Multipart/Form-Data;Boundary=\"a b'c\""), &b) && str_eq(b, S("a b'c")));
  static const char *const bad[] = {"multipart/form-data", "multipart/mixed; boundary=a", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a \"",
                                    "multipart/form-data; boundary=a\rb", "multipart/form-data; boundary=a;b", "",
                                    "multipart/form-data; boundary=0123456789012345678901234567890123456789012345678901234567890123456789x"};
  for (size_t i = 0; i < COUNT(bad); i++) EXPECT(!multipart_boundary(str_of(bad[i]), &b));
}

TEST(a_file_name_keeps_no_path_and_no_tricks) {
  static const char *const list[][2] = {{"图纸.pdf", "图纸.pdf"}, {"C:\\temp\\图纸.pdf", "图纸.pdf"}, {"../../etc/passwd", "passwd"}, {"/", "无名文件"},
                                        {"", "无名文件"}, {"..", "无名文件"}, {"a/..", "无名文件"}, {" .", "无名文件"}, {"a\x01\x1b[31mb.pdf", "a[31mb.pdf"},
                                        {"a\r\nb.pdf", "ab.pdf"}, {"\xe2\x80\xae""fdp.exe", "fdp.exe"}, {"x\xe2\x81\xa6y", "xy"}, {"e\xcc\x81.pdf", "é.pdf"},
                                        {"\xff\xfe", "无名文件"}};
  for (size_t i = 0; i < COUNT(list); i++) EXPECT_STR(filename_clean(t->mem, str_of(list[i][0])), str_of(list[i][1]));
  Buf b = {0};
  buf_init(&b, 2000);
  for (int i = 0; i < 100; i++) buf_add(&b, S("岛"));
  Str clean = filename_clean(t->mem, buf_str(&b));
  EXPECT(clean.len <= 200 && utf8_valid(clean));
  buf_drop(&b);
}

/* ---- types of files --------------------------------------------------------------------------------- */

static Str type_of(Test *t, Str content, size_t n) {
  Sniff *s = arena_new(t->mem, Sniff);
  for (size_t at = 0; at < content.len; at += n) sniff_add(s, str_sub(content, at, n));
  return sniff_type(s);
}

TEST(a_type_is_what_the_content_says_in_any_pieces) {
#define LIT(s) {.ptr = s, .len = sizeof(s) - 1}
  static const struct {
    Str content, type;
  } list[] = {{LIT("%PDF-1.7\n..."), LIT("pdf")},
              {LIT("\xff\xd8\xff\xe0..."), LIT("jpg")},
              {LIT("\x89PNG\r\n\x1a\n\0\0"), LIT("png")},
              {LIT("PK\x03\x04\x14\0\0\0OFD.xml"), LIT("ofd")},
              {LIT("PK\x03\x04\x14\0\0\0x xl/workbook.xml"), LIT("xlsx")},
              {LIT("PK\x03\x04\x14\0\0\0x word/document.xml"), LIT("docx")},
              {LIT("PK\x03\x04\x14\0\0\0x"), LIT("zip")},
              {LIT("AC1032\0\0\0"), LIT("dwg")},
              {LIT("AC10 is text"), LIT("txt")},
              {LIT("  0\r\nSECTION\r\n  2\r\nHEADER"), LIT("dxf")},
              {LIT("999\nmade by hand\n0\nSECTION\n"), LIT("dxf")},
              {LIT("AutoCAD Binary DXF\r\n\x1a\0"), LIT("dxf")},
              {LIT("{\"type\":\"FeatureCollection\"}"), LIT("json")},
              {LIT(" [1]"), LIT("json")},
              {LIT("葫芦岛,1\n"), LIT("txt")},
              {LIT(""), LIT("txt")},
              {LIT("MZ\x90\0\x03"), LIT("bin")},
              {LIT("\x7f""ELF\x02"), LIT("bin")},
              {LIT("<html>\0"), LIT("bin")},
              {LIT("\xba\xf9\xc2\xab"), LIT("bin")}, /* GBK, not UTF-8 */
              {LIT("a\x1b[31m"), LIT("bin")}};
  for (size_t i = 0; i < COUNT(list); i++)
    for (size_t n = 1; n < 40; n += 13) EXPECT_STR(type_of(t, list[i].content, n), list[i].type);
}

TEST(a_long_text_may_be_cut_within_a_character_and_a_zip_is_known_by_its_end) {
  Buf b = {0};
  buf_init(&b, 1 << 20);
  while (b.len < 3 * SNIFF_TAIL) buf_add(&b, S("岛"));
  EXPECT_STR(type_of(t, buf_str(&b), 1000), S("txt"));
  buf_clear(&b);
  buf_add_n(&b, "PK\x03\x04", 4);
  while (b.len < 3 * SNIFF_TAIL) buf_char(&b, 'x');
  buf_add(&b, S("xl/workbook.xml"));
  EXPECT_STR(type_of(t, buf_str(&b), 777), S("xlsx"));
  EXPECT_STR(type_of(t, buf_str(&b), SIZE_MAX / 2), S("xlsx"));
  buf_drop(&b);
}

TEST(a_known_extension_must_agree_with_the_content) {
  EXPECT(type_fits_name(S("pdf"), S("a.PDF")) && type_fits_name(S("jpg"), S("a.jpeg")) && type_fits_name(S("txt"), S("a.csv")));
  EXPECT(!type_fits_name(S("png"), S("a.pdf")) && !type_fits_name(S("txt"), S("a.json")) && !type_fits_name(S("zip"), S("a.xlsx")));
  EXPECT(type_fits_name(S("pdf"), S("no extension")));
  EXPECT_STR(type_media(S("pdf")), S("application/pdf"));
  EXPECT_STR(type_media(S("?")), S("application/octet-stream"));
}
