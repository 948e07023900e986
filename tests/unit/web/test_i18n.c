/* SPDX-License-Identifier: Apache-2.0 */
/* The English catalogue at run time; that it is complete is tools/messages.sh's to tell. A damaged one gives the
 * Chinese, never bytes from elsewhere. */
#include "test.h"
#include "web/web_int.h"

#include <stdlib.h>

TEST(chinese_stays_chinese_and_unknown_words_stay_themselves) {
  EXPECT_STR(tr(S("zh"), S("登录")), S("登录"));
  EXPECT_STR(tr(S("en"), S("登录")), S("Log in"));
  EXPECT_STR(tr(S("en"), S("没有这句话")), S("没有这句话"));
  EXPECT_STR(tr(S("en"), S("")), S(""));
}

TEST(a_damaged_catalogue_never_reads_outside_itself) {
  const Asset *a = asset_find(S("en.mo"));
  REQUIRE(a != NULL);
  Str text;
  EXPECT(mo_find((Str){.ptr = (const char *)a->data, .len = a->size}, S("登录"), &text));
  for (size_t len = 0; len < a->size; len += len < 64 ? 1 : 97) { /* a heap copy: ASan sees each byte too far */
    char *copy = malloc(len + 1);
    memcpy(copy, a->data, len);
    Str cut = {.ptr = copy, .len = len};
    if (mo_find(cut, S("登录"), &text)) EXPECT(text.ptr >= copy && text.ptr + text.len <= copy + len);
    free(copy);
  }
  char *bent = malloc(a->size);
  for (size_t at = 0; at < 32; at++) {
    memcpy(bent, a->data, a->size);
    bent[at] = (char)0xff;
    if (mo_find((Str){.ptr = bent, .len = a->size}, S("登录"), &text)) EXPECT(text.ptr >= bent && text.ptr + text.len <= bent + a->size);
  }
  free(bent);
}
