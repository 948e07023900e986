/* SPDX-License-Identifier: Apache-2.0 */
/* xlsx.c: tables as a workbook: the few parts of SpreadsheetML that a table needs, with the texts inside the cells. */
#include "paper/xlsx.h"

#include "paper/xml.h"

enum { PART_MAX = 200 << 20, SMALL_MAX = 1 << 20, DECIMALS_MAX = 4, EXACT = 15, NAME_MAX_CHARS = 31, EPOCH = 25569 /* 1970-01-01 */ };
#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006"

/* Places of cellXfs in styles_xml. */
enum { STYLE_PLAIN, STYLE_LINE, STYLE_HEAD, STYLE_TEXT, STYLE_DAY, STYLE_NUMBER, STYLE_PERCENT = STYLE_NUMBER + DECIMALS_MAX + 1 };

static Str done(Cx *cx, Buf *b) {
  return arena_str(cx->mem, buf_str(b));
}

/* ---- cells ---------------------------------------------------------------------------------------------- */

/* A, B, … Z, AA, AB … */
static void place(Buf *b, size_t column, size_t row) {
  if (column >= 26) buf_char(b, (char)('A' + column / 26 - 1));
  buf_char(b, (char)('A' + column % 26));
  buf_i64(b, (int64_t)row);
}

static size_t digits_of(int64_t n) {
  size_t digits = 1;
  uint64_t u = n < 0 ? (uint64_t)0 - (uint64_t)n : (uint64_t)n;
  while (u >= 10) u /= 10, digits++;
  return digits;
}

/* n / 10^decimals, to the last digit. */
static Str decimal(Arena *m, int64_t n, int decimals) {
  uint64_t u = n < 0 ? (uint64_t)0 - (uint64_t)n : (uint64_t)n, scale = 1;
  for (int i = 0; i < decimals; i++) scale *= 10;
  if (!decimals) return arena_fmt(m, "%lld", (long long)n);
  return arena_fmt(m, "%s%llu.%0*llu", n < 0 ? "-" : "", (unsigned long long)(u / scale), decimals, (unsigned long long)(u % scale));
}

/* The first so many characters. */
static Str shortened(Str s) {
  size_t n, at = 0, chars = 0;
  uint32_t cp;
  for (; at < s.len && chars < XLSX_TEXT_MAX; at += n, chars += cp > 0xFFFF ? 2 : 1) n = utf8_next(s, at, &cp); /* counted in UTF-16 */
  return str_sub(s, 0, chars > XLSX_TEXT_MAX ? at - n : at);
}

static void text_cell(Buf *b, size_t column, size_t row, int style, Str text) {
  buf_add(b, S("<c r=\""));
  place(b, column, row);
  buf_fmt(b, "\" s=\"%d\" t=\"inlineStr\"><is><t xml:space=\"preserve\">", style);
  xml__text(b, shortened(text));
  buf_add(b, S("</t></is></c>"));
}

static void cell(Cx *cx, Buf *b, size_t column, size_t row, const XlsxCell *c) {
  int style = c->kind == XLSX_DAY ? STYLE_DAY : (c->kind == XLSX_NUMBER ? STYLE_NUMBER : STYLE_PERCENT) + c->decimals;
  if (c->kind == XLSX_NONE) return;
  if (c->kind == XLSX_TEXT) {
    text_cell(b, column, row, STYLE_TEXT, c->text);
    return;
  }
  if (digits_of(c->n) > EXACT) {
    text_cell(b, column, row, STYLE_TEXT, arena_fmt(cx->mem, "%.*s%s", SFMT(decimal(cx->mem, c->n, c->decimals)), c->kind == XLSX_PERCENT ? "%" : ""));
    return;
  }
  Str value = c->kind == XLSX_DAY ? decimal(cx->mem, c->n + EPOCH, 0) : decimal(cx->mem, c->n, c->decimals + (c->kind == XLSX_PERCENT ? 2 : 0));
  buf_add(b, S("<c r=\""));
  place(b, column, row);
  buf_fmt(b, "\" s=\"%d\"><v>%.*s</v></c>", style, SFMT(value));
}

/* ---- a sheet --------------------------------------------------------------------------------------------- */

static int width_of(const XlsxColumn *c) {
  enum { LEAST = 8, MOST = 80 };
  size_t wide = c->width > 0 ? (size_t)c->width : c->title.len - utf8_count(c->title) + 4; /* of 3 bytes: two letters */
  return wide < LEAST ? LEAST : wide > MOST ? MOST : (int)wide;
}

static void columns_xml(Buf *b, const XlsxSheet *s, size_t head) {
  buf_fmt(b, "<sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"%zu\" topLeftCell=\"A%zu\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>", head,
          head + 1);
  buf_add(b, S("<sheetFormatPr defaultRowHeight=\"15\"/><cols>"));
  for (size_t i = 0; i < s->column_count; i++) buf_fmt(b, "<col min=\"%zu\" max=\"%zu\" width=\"%d\" customWidth=\"1\"/>", i + 1, i + 1, width_of(&s->columns[i]));
  buf_add(b, S("</cols>"));
}

static void row_open(Buf *b, size_t row) {
  buf_fmt(b, "<row r=\"%zu\">", row);
}

static Code sheet_xml(Cx *cx, const XlsxSheet *s, Str *out) {
  SCOPED(buf_drop) Buf b;
  size_t head = s->line_count + 1, row = 0;
  buf_init(&b, PART_MAX);
  buf_add(&b, S(XML_HEAD "<worksheet xmlns=\"" MAIN "\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr>"));
  columns_xml(&b, s, head);
  buf_add(&b, S("<sheetData>"));
  for (size_t i = 0; i < s->line_count; i++) {
    row_open(&b, ++row);
    text_cell(&b, 0, row, STYLE_LINE, s->lines[i]);
    buf_add(&b, S("</row>"));
  }
  row_open(&b, ++row);
  for (size_t i = 0; i < s->column_count; i++) text_cell(&b, i, row, STYLE_HEAD, s->columns[i].title);
  buf_add(&b, S("</row>"));
  for (size_t k = 0; k < s->row_count; k++) {
    row_open(&b, ++row);
    for (size_t i = 0; i < s->column_count; i++) cell(cx, &b, i, row, &s->cells[k * s->column_count + i]);
    buf_add(&b, S("</row>"));
  }
  buf_fmt(&b, "</sheetData><autoFilter ref=\"A%zu:", head);
  place(&b, s->column_count - 1, row);
  buf_add(&b, S("\"/><pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/></worksheet>\n"));
  if (b.full) FAIL(LIMIT, "工作表“%.*s”太大，请缩小范围再导出", SFMT(s->name));
  *out = done(cx, &b);
  return OK;
}

/* ---- the parts around them -------------------------------------------------------------------------------- */

static Str types_xml(Cx *cx, size_t n) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, SMALL_MAX);
  buf_add(&b, S(XML_HEAD "<Types xmlns=\"" PACKAGE "/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                "<Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>"
                "<Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>"
                "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>"));
  for (size_t i = 1; i <= n; i++)
    buf_fmt(&b, "<Override PartName=\"/xl/worksheets/sheet%zu.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>", i);
  buf_add(&b, S("</Types>\n"));
  return done(cx, &b);
}

static Str workbook_xml(Cx *cx, const XlsxSheet *sheets, size_t n) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, SMALL_MAX);
  buf_add(&b, S(XML_HEAD "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE "\"><sheets>"));
  for (size_t i = 0; i < n; i++) {
    buf_add(&b, S("<sheet name=\""));
    xml__text(&b, sheets[i].name);
    buf_fmt(&b, "\" sheetId=\"%zu\" r:id=\"rId%zu\"/>", i + 1, i + 1);
  }
  buf_add(&b, S("</sheets></workbook>\n"));
  return done(cx, &b);
}

static Str workbook_rels(Cx *cx, size_t n) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, SMALL_MAX);
  buf_add(&b, S(XML_HEAD "<Relationships xmlns=\"" PACKAGE "/relationships\">"));
  for (size_t i = 1; i <= n; i++) buf_fmt(&b, "<Relationship Id=\"rId%zu\" Type=\"" OFFICE "/worksheet\" Target=\"worksheets/sheet%zu.xml\"/>", i, i);
  buf_fmt(&b, "<Relationship Id=\"rId%zu\" Type=\"" OFFICE "/styles\" Target=\"styles.xml\"/></Relationships>\n", n + 1);
  return done(cx, &b);
}

/* Formats 164 to 168 are numbers, 169 to 173 percentages with as many decimals, 174 a day. */
static Str styles_xml(Cx *cx) {
  enum { FIRST = 164, DAY_FORMAT = FIRST + 2 * (DECIMALS_MAX + 1) };
  SCOPED(buf_drop) Buf b;
  buf_init(&b, SMALL_MAX);
  buf_fmt(&b, XML_HEAD "<styleSheet xmlns=\"" MAIN "\"><numFmts count=\"%d\">", DAY_FORMAT - FIRST + 1);
  for (int k = 0; k < 2; k++)
    for (int i = 0; i <= DECIMALS_MAX; i++)
      buf_fmt(&b, "<numFmt numFmtId=\"%d\" formatCode=\"0%s%.*s%s\"/>", FIRST + k * (DECIMALS_MAX + 1) + i, i ? "." : "", i, "0000", k ? "%" : "");
  buf_fmt(&b, "<numFmt numFmtId=\"%d\" formatCode=\"yyyy-mm-dd\"/></numFmts>", DAY_FORMAT);
  buf_add(&b, S("<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"宋体\"/></font><font><b/><sz val=\"11\"/><name val=\"宋体\"/></font></fonts>"
                "<fills count=\"3\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill>"
                "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FFE8EDF3\"/></patternFill></fill></fills>"
                "<borders count=\"2\"><border/><border><left style=\"thin\"/><right style=\"thin\"/><top style=\"thin\"/><bottom style=\"thin\"/></border></borders>"
                "<cellStyleXfs count=\"1\"><xf/></cellStyleXfs>"));
  buf_fmt(&b, "<cellXfs count=\"%d\"><xf/><xf/><xf fontId=\"1\" fillId=\"2\" borderId=\"1\" applyFont=\"1\" applyFill=\"1\"><alignment vertical=\"center\" wrapText=\"1\"/></xf>"
              "<xf borderId=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>",
          STYLE_PERCENT + DECIMALS_MAX + 1);
  buf_fmt(&b, "<xf numFmtId=\"%d\" borderId=\"1\" applyNumberFormat=\"1\"><alignment vertical=\"top\"/></xf>", DAY_FORMAT);
  for (int f = FIRST; f < DAY_FORMAT; f++) buf_fmt(&b, "<xf numFmtId=\"%d\" borderId=\"1\" applyNumberFormat=\"1\"><alignment vertical=\"top\"/></xf>", f);
  buf_add(&b, S("</cellXfs></styleSheet>\n"));
  return done(cx, &b);
}

static Str core_xml(Cx *cx, Str title, int64_t made) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, SMALL_MAX);
  buf_add(&b, S(XML_HEAD "<cp:coreProperties xmlns:cp=\"" PACKAGE "/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
                " xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>"));
  xml__text(&b, title);
  buf_fmt(&b, "</dc:title><dc:creator>Yichuang</dc:creator><dcterms:created xsi:type=\"dcterms:W3CDTF\">%.*s</dcterms:created></cp:coreProperties>\n",
          SFMT(time_str(cx->mem, made)));
  return done(cx, &b);
}

static Code sheet_check(Cx *cx, const XlsxSheet *sheets, size_t at) {
  const XlsxSheet *s = &sheets[at];
  size_t chars = utf8_count(s->name);
  if (!chars || chars > NAME_MAX_CHARS) FAIL(INVALID, "工作表的名称要 1 到 %d 个字：“%.*s”", NAME_MAX_CHARS, SFMT(s->name));
  for (size_t i = 0; i < s->name.len; i++)
    if (strchr("\\/?*[]:", s->name.ptr[i])) FAIL(INVALID, "工作表的名称里不能有 \\ / ? * [ ] :：“%.*s”", SFMT(s->name));
  for (size_t i = 0; i < at; i++)
    if (str_eq(sheets[i].name, s->name)) FAIL(INVALID, "两张工作表同名：“%.*s”", SFMT(s->name));
  if (!s->column_count || s->column_count > XLSX_COLUMNS_MAX) FAIL(LIMIT, "工作表“%.*s”要有 1 到 %d 列", SFMT(s->name), XLSX_COLUMNS_MAX);
  if (s->row_count + s->line_count + 1 > XLSX_ROWS_MAX) FAIL(LIMIT, "工作表“%.*s”超过 %d 行，请缩小范围再导出", SFMT(s->name), XLSX_ROWS_MAX);
  for (size_t i = 0; i < s->row_count * s->column_count; i++) REQUIRE(s->cells[i].decimals >= 0 && s->cells[i].decimals <= DECIMALS_MAX);
  return OK;
}

Code xlsx_write(Cx *cx, const XlsxSheet *sheets, size_t n, Str title, int64_t made, Str *out) {
  ZipFile files[XLSX_SHEETS_MAX + 6];
  size_t count = 0;
  if (!n || n > XLSX_SHEETS_MAX) FAIL(LIMIT, "一个工作簿要有 1 到 %d 张工作表", XLSX_SHEETS_MAX);
  for (size_t i = 0; i < n; i++) TRY(sheet_check(cx, sheets, i));
  files[count++] = (ZipFile){S("[Content_Types].xml"), types_xml(cx, n)};
  files[count++] = (ZipFile){S("_rels/.rels"),
                             S(XML_HEAD "<Relationships xmlns=\"" PACKAGE "/relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE "/officeDocument\" Target=\"xl/workbook.xml\"/>"
                                        "<Relationship Id=\"rId2\" Type=\"" PACKAGE "/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/></Relationships>\n")};
  files[count++] = (ZipFile){S("docProps/core.xml"), core_xml(cx, title, made)};
  files[count++] = (ZipFile){S("xl/workbook.xml"), workbook_xml(cx, sheets, n)};
  files[count++] = (ZipFile){S("xl/_rels/workbook.xml.rels"), workbook_rels(cx, n)};
  files[count++] = (ZipFile){S("xl/styles.xml"), styles_xml(cx)};
  for (size_t i = 0; i < n; i++) {
    files[count].name = arena_fmt(cx->mem, "xl/worksheets/sheet%zu.xml", i + 1);
    TRY(sheet_xml(cx, &sheets[i], &files[count++].bytes));
  }
  return zip_store(cx, files, count, made, out);
}
