/* SPDX-License-Identifier: Apache-2.0 */
/* Modules of a QR code; that readers read it is tried in tests/browser with another program. */
#include "paper/paper.h"
#include "test.h"

#include <stdio.h>

static Str letters(Cx *cx, size_t n) {
  char *p = arena_alloc(cx->mem, n, 1, 1);
  for (size_t i = 0; i < n; i++) p[i] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$+-.:/"[i * i % 42];
  return (Str){.ptr = p, .len = n};
}

static bool finder(const QrCode *q, int left, int top) { /* the rings in three of the corners */
  for (int y = 0; y < 7; y++)
    for (int x = 0; x < 7; x++) {
      bool edge = x == 0 || x == 6 || y == 0 || y == 6, heart = x > 1 && x < 5 && y > 1 && y < 5;
      if (q->dark[(top + y) * q->side + left + x] != (edge || heart)) return false;
    }
  return true;
}

TEST(a_code_grows_with_its_text_and_has_its_three_corners) {
  static const struct { size_t letters; int side; } rows[] = {
      {1, 21}, {20, 21}, {500, 73}, {1134, 105}, {1135, 93}, {1460, 105}, {1461, 109}, {2132, 125}, {4296, 177}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    QrCode q;
    REQUIRE(qr_make(cx, letters(cx, rows[i].letters), &q) == OK);
    EXPECT_INT(q.side, rows[i].side);
    EXPECT(finder(&q, 0, 0) && finder(&q, q.side - 7, 0) && finder(&q, 0, q.side - 7));
  }
}

TEST(what_does_not_fit_is_refused) {
  QrCode q;
  EXPECT_INT(qr_make(cx, letters(cx, 4297), &q), LIMIT);
  cx_clear(cx);
  EXPECT_INT(qr_make(cx, S(""), &q), INVALID);
  cx_clear(cx);
  EXPECT_INT(qr_make(cx, (Str){.ptr = "A\0B", .len = 3}, &q), INVALID);
  cx_clear(cx);
}

TEST(several_made_beside_each_other_are_those_made_alone) {
  Str texts[] = {letters(cx, 900), letters(cx, 40), letters(cx, 2000)};
  QrCode all[COUNT(texts)], one;
  REQUIRE(qr_make_all(cx, texts, COUNT(texts), all) == OK);
  for (size_t i = 0; i < COUNT(texts); i++) {
    REQUIRE(qr_make(cx, texts[i], &one) == OK);
    EXPECT_INT(all[i].side, one.side);
    EXPECT(all[i].side == one.side && !memcmp(all[i].dark, one.dark, (size_t)one.side * (size_t)one.side));
  }
  texts[1] = letters(cx, 4297);
  EXPECT_INT(qr_make_all(cx, texts, COUNT(texts), all), LIMIT);
  cx_clear(cx);
  texts[1] = S("");
  EXPECT_INT(qr_make_all(cx, texts, COUNT(texts), all), INVALID);
  cx_clear(cx);
}

TEST(the_path_paints_each_dark_module_once) {
  QrCode q;
  REQUIRE(qr_make(cx, letters(cx, 900), &q) == OK);
  Str path = qr_path(cx->mem, &q), rest = path, run;
  uint8_t *seen = arena_array(cx->mem, uint8_t, (size_t)(q.side * q.side));
  int bad = 0, at_x = 0, at_y = 0;
  while (str_cut(rest, 'z', &run, &rest)) {
    int x, y, n, back;
    REQUIRE(sscanf(arena_z(cx->mem, run), "m%d %dh%dv1h-%d", &x, &y, &n, &back) == 4 && n == back);
    at_x += x;
    at_y += y;
    for (int k = 0; k < n; k++) bad += seen[(at_y - QR_QUIET) * q.side + at_x - QR_QUIET + k]++;
  }
  for (int i = 0; i < q.side * q.side; i++) bad += seen[i] != q.dark[i];
  EXPECT_INT(bad, 0);
}
