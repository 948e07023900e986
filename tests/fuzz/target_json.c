/* SPDX-License-Identifier: Apache-2.0 */
/* The fast reader of JSON and the judging one read the same or refuse the same; what was read is written in one way only. */
#include "fuzz.h"

void fuzz_begin(Cx *cx) { (void)cx; }

void fuzz_one(Cx *cx, Str bytes) {
  Json *fast = NULL, *slow = NULL, *again = NULL;
  Cx other = {.mem = cx->mem, .now = cx->now};
  Code a = json_parse(cx, bytes, &fast), b = json_parse_judged(&other, bytes, &slow);
  MUST(a == b);
  if (a) return;
  Str text = json_text(cx->mem, fast);
  MUST(str_eq(text, json_text(cx->mem, slow)));
  MUST(json_parse_in(cx, text, &again) == OK);
  MUST(str_eq(text, json_text(cx->mem, again)));
}
