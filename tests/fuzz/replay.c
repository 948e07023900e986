/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The short form of a fuzz run, without libFuzzer: every kept input, and each damaged in `rounds` ways from a fixed seed (bytes
 * changed, cut, doubled, taken from another input). The same on every machine.
 *
 *   replay rounds input...
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Input { uint8_t *at; size_t len; } Input;
static uint64_t state = 88172645463325252u;

static size_t below(size_t n) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return n ? (size_t)(state % n) : 0;
}

static Input input_read(const char *path) {
  FILE *f = fopen(path, "rb");
  MUST(f != NULL);
  Input in = {malloc(FUZZ_INPUT_MAX), 0};
  MUST(in.at != NULL);
  in.len = fread(in.at, 1, FUZZ_INPUT_MAX, f);
  fclose(f);
  return in;
}

static void damage(Input *x, const Input *other) {
  static const char marks[] = "\0\r\n\"\\{}[]:;,%=&-/.\xff\xe4 09";
  size_t at = below(x->len + 1), n = below(16) + 1;
  switch (below(5)) {
    case 0: if (at < x->len) x->at[at] ^= (uint8_t)(1u << below(8)); break;
    case 1: if (at < x->len) x->at[at] = (uint8_t)marks[below(sizeof marks - 1)]; break;
    case 2: x->len = below(4) ? x->len : at; break;
    case 3: /* a piece of itself once more */
      if (n > x->len - at) n = x->len - at;
      if (x->len + n > FUZZ_INPUT_MAX) break;
      memmove(x->at + at + n, x->at + at, x->len - at);
      x->len += n;
      break;
    default: /* a piece of another */
      for (size_t i = 0, from = below(other->len + 1); i < n && at + i < x->len && from + i < other->len; i++)
        x->at[at + i] = other->at[from + i];
  }
}

int main(int argc, char **argv) {
  long rounds = argc > 1 ? atol(argv[1]) : 0;
  size_t count = argc > 2 ? (size_t)argc - 2 : 0;
  Input *list = calloc(count + 1, sizeof *list), x = {malloc(FUZZ_INPUT_MAX), 0};
  MUST(list && x.at && count > 0);
  for (size_t i = 0; i < count; i++) {
    list[i] = input_read(argv[i + 2]);
    LLVMFuzzerTestOneInput(list[i].at, list[i].len);
  }
  for (long r = 0; r < rounds; r++)
    for (size_t i = 0; i < count; i++) {
      memcpy(x.at, list[i].at, x.len = list[i].len);
      for (size_t k = below(4) + 1; k > 0; k--) damage(&x, &list[below(count)]);
      uint8_t *exact = malloc(x.len + 1); /* what is read behind the end is found by the sanitizer */
      MUST(exact != NULL);
      memcpy(exact, x.at, x.len);
      exact = realloc(exact, x.len ? x.len : 1);
      LLVMFuzzerTestOneInput(exact, x.len);
      free(exact);
    }
  printf("%zu passed, 0 failed\n", count);
  for (size_t i = 0; i < count; i++) free(list[i].at);
  free(list);
  free(x.at);
  return 0;
}
