/* SPDX-License-Identifier: Apache-2.0 */
/* The English of the public pages is complete: every {{t …}} of their templates, every tr() of web, the words of
 * every refusal and of the navigation. A damaged catalogue gives the Chinese, never bytes from elsewhere. */
#include "test.h"
#include "web/web_int.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_public(Str name) {
  static const char *const list[] = {"home", "guide", "time", "clause", "track", "parcel", "login", "signup", "standing", "prefs", "error", "resume"};
  if (str_starts(name, S("_"))) return true;
  for (size_t i = 0; i < COUNT(list); i++)
    if (str_eqz(str_sub(name, 0, name.len - 5), list[i])) return true;
  return false;
}

static Str source(Test *t, Cx *cx, const char *dir, const char *name) {
  Str text = S(""), root = test_root();
  EXPECT_INT(file_read(cx, arena_fmt(t->mem, "%.*s/%s/%s", SFMT(root), dir, name), 1 << 20, &text), OK);
  return text;
}

static void known(Test *t, Str zh) {
  bool there = !str_eq(tr(S("en"), zh), zh);
  EXPECT(there);
  if (!there) fprintf(stderr, "  no English: %.*s\n", SFMT(zh));
}

/* All texts between `head` and `tail` in a source file. */
static size_t between(Test *t, Str text, Str head, Str tail) {
  size_t n = 0;
  for (ptrdiff_t at; (at = str_find(text, head)) >= 0;) {
    text = str_sub(text, (size_t)at + head.len, text.len);
    ptrdiff_t end = str_find(text, tail);
    if (end < 0) break;
    known(t, str_trim(str_sub(text, 0, (size_t)end)));
    n++;
  }
  return n;
}

TEST(every_message_of_the_public_templates_is_english_too) {
  Str root = test_root();
  DIR *d = opendir(arena_z(t->mem, arena_fmt(t->mem, "%.*s/src/web/tmpl", SFMT(root))));
  REQUIRE(d != NULL);
  size_t n = 0;
  for (struct dirent *e; (e = readdir(d));) {
    Str name = str_of(e->d_name);
    if (str_ends(name, S(".html")) && is_public(name)) n += between(t, source(t, cx, "src/web/tmpl", e->d_name), S("{{t "), S("}}"));
  }
  closedir(d);
  EXPECT(n > 100);
}

TEST(every_refusal_title_and_navigation_entry_is_english_too) {
  static const struct {
    const char *file, *head;
  } list[] = {{"login.c", "tr(rq->lang, S(\""}, {"page_public.c", "tr(rq->lang, S(\""}, {"refuse.c", "tr(x->rq.lang, expired ? S(\""}};
  for (size_t i = 0; i < COUNT(list); i++) EXPECT(between(t, source(t, cx, "src/web", list[i].file), str_of(list[i].head), S("\")")) > 0);
  Str text = source(t, cx, "src/web", "refuse.c"), shell = source(t, cx, "src/web", "shell.c");
  ptrdiff_t end = str_find(text, S("\n};"));
  size_t n = 0;
  Str rest = str_sub(text, 0, (size_t)end), word, skip;
  while (str_cut(rest, '"', &skip, &rest) && str_cut(rest, '"', &word, &rest))
    if (word.len > 3 && (unsigned char)word.ptr[0] > 0x80) known(t, word), n++;
  EXPECT(n >= 18 * 3 - 6);
  ptrdiff_t from = str_find(shell, S("sections[] = {"));
  rest = str_sub(shell, (size_t)from, (size_t)str_find(str_sub(shell, (size_t)from, shell.len), S("};")));
  for (n = 0; str_cut(rest, '"', &skip, &rest) && str_cut(rest, '"', &word, &rest);)
    if ((unsigned char)word.ptr[0] > 0x80) known(t, word), n++;
  EXPECT(n >= 17);
}

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
