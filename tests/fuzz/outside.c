/* SPDX-License-Identifier: Apache-2.0 */
#include "outside.h"

#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#define main outside_main
#include "../../tools/verify/yichuang-verify.c"
#undef main

const char *outside_check(OutsideText key_text, OutsideText file, OutsideText *held) {
  static Keys keys;
  static char room[UNPACKED_MAX];
  Found f;
  memset(&keys, 0, sizeof keys);
  if (!keys_parse((Part){key_text.ptr, key_text.len}, &keys)) return "not a file of public keys";
  check(&keys, (Part){file.ptr, file.len}, room, &f);
  *held = (OutsideText){f.text.p, f.text.n};
  return f.why;
}
