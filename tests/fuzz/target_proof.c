/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Receipts 凭证, checkpoints 检查点 and proofs of consistency. Both verifiers say the same of every text, and what they accept
 * is a text that was really given out: nothing can be changed in it.
 */
#include "fuzz.h"
#include "journal/proof.h"
#include "outside.h"

static Keys keys;
static Str public_keys, genuine[4];
static const char *const files[] = {"tests/fuzz/corpus/proof/receipt", "tests/fuzz/corpus/proof/head", "tests/fuzz/corpus/proof/consistency",
                                    "tests/fuzz/corpus/proof/receipt-gm"};

void fuzz_begin(Cx *cx) {
  public_keys = fuzz_file(cx, "tests/fuzz/corpus/proof.keys");
  MUST(keys_read(cx, public_keys, &keys) == OK);
  for (size_t i = 0; i < COUNT(files); i++) genuine[i] = fuzz_file(cx, files[i]);
}

static bool inside(Cx *cx, Str text) {
  Checkpoint old, head;
  Str event, file;
  if (qrtext_read(cx, text, &file) == OK) text = file;
  cx_clear(cx);
  if (receipt_check(cx, &keys, text, &event, &head) == OK) return true;
  cx_clear(cx);
  if (consistency_check(cx, &keys, text, &old, &head) == OK) return true;
  cx_clear(cx);
  return checkpoint_read(cx, &keys, text, &head) == OK;
}

void fuzz_one(Cx *cx, Str bytes) {
  OutsideText held = {0};
  bool out = outside_check((OutsideText){public_keys.ptr, public_keys.len}, (OutsideText){bytes.ptr, bytes.len}, &held) == NULL;
  MUST(out == inside(cx, bytes));
  bool known = !out;
  for (size_t i = 0; out && i < COUNT(genuine); i++) known = known || str_has(genuine[i], (Str){held.ptr, held.len}); /* a head alone is a text, too */
  MUST(known);
  Keys other;
  cx_clear(cx);
  if (keys_read(cx, bytes, &other) == OK) MUST(other.count <= COUNT(other.list));
}
