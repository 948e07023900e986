/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xlsx: tables as a workbook (ISO/IEC 29500-1, SpreadsheetML) that WPS, LibreOffice and Excel open: lines of words, a header, rows. Pure: the
 * same tables and moment give the same bytes. A text is always a text, however it begins: =, +, - and @ make no formula of it.
 *
 *   XlsxColumn columns[] = {{S("部门"), 24}, {S("按时率"), 10}};
 *   XlsxCell cells[] = {xlsx_text(S("市水利局")), xlsx_percent(985, 1)};          98.5%
 *   XlsxSheet sheet = {.name = S("各部门"), .columns = columns, .column_count = 2, .cells = cells, .row_count = 1};
 *   TRY(xlsx_write(cx, &sheet, 1, S("统计"), cx->now, &bytes));
 *
 * The type for HTTP is XLSX_TYPE; a file name ends in .xlsx.
 */
#ifndef XLSX_H
#define XLSX_H

#include "base/base.h"

#define XLSX_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

typedef enum XlsxKind { XLSX_NONE, XLSX_TEXT, XLSX_NUMBER, XLSX_PERCENT, XLSX_DAY } XlsxKind;
typedef struct XlsxCell { /* zero is an empty cell */
  XlsxKind kind;
  int decimals;           /* 0 to 4 */
  int64_t n;              /* NUMBER: n / 10^decimals, exactly; PERCENT: so many of a hundred; DAY: Day.n */
  Str text;
} XlsxCell;
static inline XlsxCell xlsx_text(Str s) { return (XlsxCell){.kind = XLSX_TEXT, .text = s}; }
static inline XlsxCell xlsx_int(int64_t n) { return (XlsxCell){.kind = XLSX_NUMBER, .n = n}; }
static inline XlsxCell xlsx_number(int64_t n, int decimals) { return (XlsxCell){.kind = XLSX_NUMBER, .n = n, .decimals = decimals}; } /* 8999, 2: 89.99 */
static inline XlsxCell xlsx_percent(int64_t n, int decimals) { return (XlsxCell){.kind = XLSX_PERCENT, .n = n, .decimals = decimals}; } /* 853, 1: 85.3% */
static inline XlsxCell xlsx_day(Day d) { return (XlsxCell){.kind = XLSX_DAY, .n = d.n}; }

typedef struct XlsxColumn {
  Str title;
  int width;              /* in Latin letters; a Chinese character takes two. 0: by the title */
} XlsxColumn;
typedef struct XlsxSheet {
  Str name;               /* 1 to 31 characters, none of \ / ? * [ ] : */
  const Str *lines; size_t line_count;       /* above the header: what it is, as of which day, of how many */
  const XlsxColumn *columns; size_t column_count;
  const XlsxCell *cells; size_t row_count;   /* row after row, column_count each */
} XlsxSheet;

enum { XLSX_ROWS_MAX = 1048576, XLSX_COLUMNS_MAX = 200, XLSX_SHEETS_MAX = 50, XLSX_TEXT_MAX = 32767 };
/* `made` and `title` stand in the properties of the file. LIMIT: more than the above, or more than 256 MiB; INVALID: a name of a sheet that
 * Excel would refuse, or twice the same. A text longer than a cell holds is cut there, a number of more than 15 digits is written as text:
 * spreadsheets would round it. */
Code xlsx_write(Cx *cx, const XlsxSheet *sheets, size_t n, Str title, int64_t made, Str *out);

#endif
