/* SPDX-License-Identifier: Apache-2.0 */
/* pkg: the Huludao package for tests, and damaged copies of it in a temporary folder. */
#ifndef PKG_H
#define PKG_H
#include "policy/policy.h"
#include "test.h"

enum { PKG_FILES = 12 };
extern const char *const pkg_files[PKG_FILES];

const Policy *huludao(Test *t, Cx *cx); /* fails the test when it does not load */
Str huludao_dir(Test *t);

/* A fresh folder with a copy of the package; removed with copy_drop. */
typedef struct Copy {
  Str dir;
} Copy;
Copy copy_make(Test *t, Cx *cx);
void copy_drop(const Copy *c); /* for SCOPED */
Str copy_read(Test *t, Cx *cx, const Copy *c, const char *file);
void copy_write(Test *t, Cx *cx, const Copy *c, const char *file, Str text);
/* Replaces the first `old`; returns its byte offset. Fails the test when it is not there. */
size_t copy_patch(Test *t, Cx *cx, const Copy *c, const char *file, Str old, Str new);
/* Line and column (in characters, 1-based) of a byte offset. */
void place_of(Str text, size_t at, int *line, int *column);

/* A JSON object of facts from "k=v k=v"; true and false become booleans. */
Json *facts_of(Test *t, const char *pairs);

#endif
