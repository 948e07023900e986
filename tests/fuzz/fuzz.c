/* SPDX-License-Identifier: Apache-2.0 */
/* What all targets share, and the door libFuzzer comes in by. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

void fuzz_broken(const char *what, const char *file, int line) {
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
  abort();
}

Str fuzz_file(Cx *cx, const char *path) {
  const char *root = getenv("TEST_ROOT");
  char name[256];
  snprintf(name, sizeof name, "%s/%s", root ? root : ".", path);
  FILE *f = fopen(name, "rb");
  MUST(f != NULL);
  char *text = arena_array(cx->mem, char, FUZZ_INPUT_MAX);
  size_t n = fread(text, 1, FUZZ_INPUT_MAX, f);
  fclose(f);
  MUST(n > 0);
  return (Str){text, n};
}

size_t fuzz_piece(uint32_t *seed, size_t left) {
  *seed = *seed * 1664525u + 1013904223u;
  size_t n = *seed >> 28 ? (*seed >> 24 & 15) + 1 : left;
  return n < left ? n : left;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static Arena *kept, *mem;
  if (size > FUZZ_INPUT_MAX) return 0;
  if (!mem) {
    kept = arena_open((size_t)64 << 20);
    mem = arena_open((size_t)64 << 20);
    fuzz_begin(&(Cx){.mem = kept, .now = INT64_C(1567386000000)});
  }
  arena_reset(mem);
  Cx cx = {.mem = mem, .now = INT64_C(1567386000000)}; /* 2019-09-02T09:00+08:00 */
  fuzz_one(&cx, (Str){(const char *)data, size});
  return 0;
}
