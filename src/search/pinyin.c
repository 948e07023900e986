/* SPDX-License-Identifier: Apache-2.0 */
/* pinyin.c: how characters are read. The usual reading comes from the table that tools/pinyin.sh makes; the others of characters that our
 * texts use in both stand here. */
#include "search/search_int.h"

#include "pinyin_table.h"

static const struct { uint32_t c; const char *sound; } more[] = {
    {0x8C03, "tiao"} /* 调 */,  {0x91CD, "chong"} /* 重 */, {0x884C, "hang"} /* 行 */, {0x957F, "chang"} /* 长 */,
    {0x53C2, "can"} /* 参 */,   {0x7ED9, "ji"} /* 给 */,    {0x7387, "shuai"} /* 率 */, {0x5355, "chan"} /* 单 */,
    {0x4F1A, "kuai"} /* 会 */,  {0x8584, "bo"} /* 薄 */,    {0x964D, "xiang"} /* 降 */, {0x66FE, "zeng"} /* 曾 */,
    {0x4F20, "zhuan"} /* 传 */, {0x85CF, "zang"} /* 藏 */,  {0x7701, "xing"} /* 省 */, {0x671D, "zhao"} /* 朝 */,
    {0x5E62, "zhuang"} /* 幢 */, {0x8D3E, "gu"} /* 贾 */,   {0x5BBF, "xiu"} /* 宿 */,  {0x6821, "jiao"} /* 校 */,
    {0x89E3, "xie"} /* 解 */,   {0x76DB, "cheng"} /* 盛 */, {0x90FD, "du"} /* 都 */,   {0x4E50, "yue"} /* 乐 */,
    {0x8FD8, "huan"} /* 还 */,  {0x5C3D, "jin"} /* 尽 */,   {0x7CFB, "ji"} /* 系 */,   {0x4FBF, "pian"} /* 便 */};

static Str usual(uint32_t c) {
  size_t low = 0, high = COUNT(pinyin_table);
  while (low < high) {
    size_t mid = (low + high) / 2;
    if (pinyin_table[mid].c < c) low = mid + 1;
    else high = mid;
  }
  return low < COUNT(pinyin_table) && pinyin_table[low].c == c ? str_of(pinyin_table[low].sound) : S("");
}

size_t pinyin__readings(uint32_t c, Str out[READINGS_MAX]) {
  size_t n = 0;
  out[n] = usual(c);
  if (!out[n].len) return 0;
  n++;
  for (size_t i = 0; i < COUNT(more) && n < READINGS_MAX; i++)
    if (more[i].c == c && !str_eqz(out[0], more[i].sound)) out[n++] = str_of(more[i].sound);
  return n;
}

/* Where the letters may stand after one character more: bit i says that i of them are used. */
static uint64_t step(Str typed, uint64_t at, uint32_t c, bool *part) {
  Str sounds[READINGS_MAX];
  size_t n = pinyin__readings(c, sounds);
  uint64_t next = 0;
  for (size_t i = 0; i < typed.len; i++) {
    if (!(at >> i & 1)) continue;
    if (!n && c < 0x80 && typed.ptr[i] == (char)c) next |= 1ULL << (i + 1);
    for (size_t k = 0; k < n; k++) {
      Str rest = str_sub(typed, i, SIZE_MAX);
      if (rest.ptr[0] == sounds[k].ptr[0]) next |= 1ULL << (i + 1);
      if (str_starts(rest, sounds[k])) next |= 1ULL << (i + sounds[k].len);
      if (str_starts(sounds[k], rest)) *part = true;
    }
  }
  return next;
}

Pin pinyin__match(Str typed, Str text, size_t from) {
  uint64_t at = 1;
  bool part = false;
  uint32_t c = 0;
  if (!typed.len || typed.len > 62) return PIN_NONE;
  for (size_t i = from; i < text.len && at;) {
    if (at >> typed.len & 1) return PIN_PART;
    i += utf8_next(text, i, &c);
    at = step(typed, at, c, &part);
  }
  return at >> typed.len & 1 ? PIN_WHOLE : part ? PIN_PART : PIN_NONE;
}

Str pinyin__of(Arena *mem, Str text) {
  SCOPED(buf_drop) Buf b = {0};
  uint32_t c = 0;
  buf_init(&b, text.len * 3 + 8);
  for (size_t i = 0; i < text.len;) {
    size_t n = utf8_next(text, i, &c);
    Str sound = usual(c);
    if (sound.len) buf_add(&b, sound);
    else buf_add_n(&b, text.ptr + i, n);
    i += n;
  }
  return arena_str(mem, buf_str(&b));
}
