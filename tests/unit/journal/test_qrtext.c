/* SPDX-License-Identifier: Apache-2.0 */
/* Files as the text of QR codes, and back. The formats from outside are tried in tests/proof. */
#include "journal/proof.h"
#include "test.h"

static Str file_of(Cx *cx, int n) { /* of hashes: nothing in it repeats */
  Str out = S("file\n");
  for (int i = 0; i < n; i++)
    out = arena_fmt(cx->mem, "%.*s%.*s\n", SFMT(out), SFMT(hash_hex(cx->mem, merkle_leaf(SUITE_INTL, arena_fmt(cx->mem, "%d", i)))));
  return out;
}

static Str lines_of(Cx *cx, const QrText *t, bool turned) {
  Str out = S("");
  for (size_t i = 0; i < t->count; i++)
    out = arena_fmt(cx->mem, "%.*s%.*s\n", SFMT(out), SFMT(t->part[turned ? t->count - 1 - i : i]));
  return out;
}

TEST(a_file_of_any_length_comes_back_from_its_codes) {
  size_t most = 0;
  for (int n = 0; n < 300; n += 1 + n / 9) {
    QrText q;
    Str again, file = file_of(cx, n);
    REQUIRE(qrtext_make(cx, file, &q) == OK);
    for (size_t i = 0; i < q.count; i++) EXPECT(q.part[i].len <= QR_CHARS && q.part[i].len > 14);
    EXPECT_INT(qrtext_read(cx, lines_of(cx, &q, true), &again), OK);
    EXPECT_STR(again, file);
    if (q.count > most) most = q.count;
  }
  EXPECT_INT(most, 8);
}

TEST(what_nine_codes_do_not_hold_is_refused) {
  QrText q;
  EXPECT_INT(qrtext_make(cx, file_of(cx, 360), &q), LIMIT);
  EXPECT_INT(q.count, 0);
  cx_clear(cx);
  char *much = arena_alloc(cx->mem, (2 << 20), 1, 1); /* packs well, but nobody would unpack it */
  memset(much, 'a', 2 << 20);
  EXPECT_INT(qrtext_make(cx, (Str){.ptr = much, .len = 2 << 20}, &q), LIMIT);
  cx_clear(cx);
}

TEST(every_changed_bit_of_the_codes_is_refused) {
  QrText q;
  Str again;
  int fooled = 0;
  REQUIRE(qrtext_make(cx, file_of(cx, 60), &q) == OK && q.count == 2);
  Str text = lines_of(cx, &q, false);
  char *copy = arena_alloc(cx->mem, text.len, 1, 1);
  memcpy(copy, text.ptr, text.len);
  SCOPED(arena_close_p) Arena *scratch = arena_open(1 << 22);
  for (size_t bit = 0; bit < (text.len - 1) * 8; bit++) { /* the last line feed may be missing */
    Cx own = {.mem = scratch};
    copy[bit / 8] ^= (char)(1 << bit % 8);
    fooled += qrtext_read(&own, (Str){.ptr = copy, .len = text.len}, &again) == OK;
    copy[bit / 8] ^= (char)(1 << bit % 8);
    arena_reset(scratch);
  }
  EXPECT_INT(fooled, 0);
  EXPECT_INT(qrtext_read(cx, q.part[0], &again), INVALID);
  EXPECT_STR(cx->detail, S("一共 2 个二维码，还缺第 2 个"));
  cx_clear(cx);
  EXPECT_INT(qrtext_read(cx, S(""), &again), INVALID);
  cx_clear(cx);
}
