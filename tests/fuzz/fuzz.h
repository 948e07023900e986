/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz: what a target is. fuzz_one takes any bytes; what must always hold it says with MUST, which ends the process. The
 * same object is linked with libFuzzer (make fuzz) and with replay.c, which runs the kept inputs and some thousands of
 * damaged ones (make test).
 */
#ifndef FUZZ_H
#define FUZZ_H

#include "base/base.h"

void fuzz_one(Cx *cx, Str bytes);   /* a fresh context and an empty arena each time */
void fuzz_begin(Cx *cx);            /* once, before the first; cx->mem lives as long as the process */
void fuzz_broken(const char *what, const char *file, int line) __attribute__((noreturn));
Str fuzz_file(Cx *cx, const char *path); /* from the root of the source tree (TEST_ROOT, default "."); must be there */
/* Lengths of the pieces in which bytes are fed, from a seed: 1 to 16, now and then all that is left. */
size_t fuzz_piece(uint32_t *seed, size_t left);

#define MUST(x) ((x) ? (void)0 : fuzz_broken(#x, __FILE__, __LINE__))
enum { FUZZ_INPUT_MAX = 64 * 1024 };

#endif
