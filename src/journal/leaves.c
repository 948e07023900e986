/* SPDX-License-Identifier: Apache-2.0 */
/* leaves.c: leaves of many events, computed side by side and compared with what the events say. */
#include "journal/journal_int.h"

#include <stdlib.h>

enum { TOGETHER = 256, TOGETHER_BYTES = 512 << 10, TEXTS_MAX = EVENT_MAX + (2 << 20) }; /* 256 texts stay in the second cache */

void leaves__open(Leaves *l, HashSuite suite) {
  *l = (Leaves){.suite = suite, .list = malloc(TOGETHER * sizeof(Leaf))};
  REQUIRE(l->list != NULL);
  buf_init(&l->texts, TEXTS_MAX);
}

void leaves__close(Leaves *l) {
  buf_drop(&l->texts);
  free(l->list);
}

bool leaves__full(const Leaves *l) {
  return l->count == TOGETHER || l->texts.len > TOGETHER_BYTES;
}

void leaves__add(Leaves *l, const Leaf *about, const Event *e, Str body) {
  Leaf *leaf = &l->list[l->count++];
  *leaf = *about;
  leaf->says = e->leaf;
  leaf->from = l->texts.len;
  leaf->body = event__leaf_text(&l->texts, e, body);
  leaf->body_len = body.len;
  leaf->len = l->texts.len - leaf->from;
}

const Leaf *leaves__settle(Leaves *l, Str *body) {
  Str texts[TOGETHER] = {0};
  Hash out[TOGETHER];
  size_t n = l->count;
  for (size_t i = 0; i < n; i++) texts[i] = (Str){.ptr = l->texts.ptr + l->list[i].from, .len = l->list[i].len};
  hash_many(l->suite, texts, n, out);
  l->count = 0;
  buf_clear(&l->texts); /* the bytes stay until the next is added */
  for (size_t i = 0; i < n; i++) {
    const Leaf *leaf = &l->list[i];
    if (hash_eq(out[i], leaf->says)) continue;
    *body = (Str){.ptr = l->texts.ptr + leaf->body, .len = leaf->body_len};
    return leaf;
  }
  return NULL;
}
