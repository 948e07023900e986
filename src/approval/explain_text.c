/* SPDX-License-Identifier: Apache-2.0 */
/* explain_text.c: a day of the ledger as a line, for the terminal, print and spreadsheets. */
#include "approval/approval_int.h"

const char explain_csv_head[] = "date,weekday,work,reason,notice,provisional,holder,event,event_at,event_by,count,due,ahead,"
                                "provincial,differs";

/* Columns on a terminal: a Chinese character takes two. */
static void put_padded(Buf *b, Str s, size_t columns) {
  size_t wide = 0, at = 0;
  while (at < s.len) {
    uint32_t cp;
    at += utf8_next(s, at, &cp);
    wide += cp >= 0x2E80 ? 2 : 1;
  }
  buf_add(b, s);
  for (; wide < columns; wide++) buf_char(b, ' ');
}

static void put_event(Buf *b, const Json *row) {
  Str event = json_str(row, S("event")), at = json_str(row, S("event_at")), by = json_str(row, S("event_by"));
  if (!event.len) return;
  buf_fmt(b, "%.*s（%.*s%s%.*s）", SFMT(event), SFMT(at), by.len ? " " : "", SFMT(by));
}

Str explain_row_text(Arena *mem, const Json *row) {
  Buf b;
  Str notice = json_str(row, S("notice"));
  bool work = json_bool(row, S("work")), counted = work && str_eq(json_str(row, S("holder")), S("unit"));
  buf_init(&b, 16384);
  buf_fmt(&b, "%.*s %.*s ", SFMT(json_str(row, S("date"))), SFMT(json_str(row, S("weekday"))));
  put_padded(&b, json_str(row, S("reason")), 18);
  if (counted) buf_fmt(&b, " %3lld  ", (long long)json_int(row, S("count"), 0));
  else buf_fmt(&b, "   -  ");
  put_padded(&b, json_str(row, S("holder_label")), 10);
  put_event(&b, row);
  if (json_bool(row, S("due"))) buf_fmt(&b, " ◀ 到期日");
  if (json_bool(row, S("ahead"))) buf_fmt(&b, json_bool(row, S("spare")) ? " 没有用到" : " 未到");
  if (json_bool(row, S("provisional"))) buf_fmt(&b, " 暂定");
  if (json_str(row, S("differs")).len) buf_fmt(&b, " 省级平台不计");
  if (notice.len) buf_fmt(&b, " 依据：%.*s", SFMT(notice));
  Str out = arena_str(mem, str_trim(buf_str(&b)));
  buf_drop(&b);
  return out;
}

/* RFC 4180. A value that a spreadsheet would take for a formula gets a quote mark before it. */
static void put_csv(Buf *b, Str s) {
  bool formula = s.len && strchr("=+-@\t\r", s.ptr[0]), quote = formula;
  for (size_t i = 0; i < s.len; i++)
    if (s.ptr[i] == ',' || s.ptr[i] == '"' || s.ptr[i] == '\n' || s.ptr[i] == '\r') quote = true;
  if (quote) buf_char(b, '"');
  if (formula) buf_char(b, '\'');
  for (size_t i = 0; i < s.len; i++) {
    if (s.ptr[i] == '"') buf_char(b, '"');
    buf_char(b, s.ptr[i]);
  }
  if (quote) buf_char(b, '"');
}

Str explain_row_csv(Arena *mem, const Json *row) {
  Buf b;
  Str head = {.ptr = explain_csv_head, .len = sizeof explain_csv_head - 1}, key;
  buf_init(&b, 65536);
  while (head.len) {
    str_cut(head, ',', &key, &head);
    const Json *v = json_get(row, key);
    if (v && v->kind == JSON_STR) put_csv(&b, v->str);
    else buf_i64(&b, v ? v->num : 0);
    if (head.len) buf_char(&b, ',');
  }
  Str out = arena_str(mem, buf_str(&b));
  buf_drop(&b);
  return out;
}
