/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
  int http;
  Str text;
} codes[CODE__MAX] = {
#define X(name, status, word, meaning) [name] = {status, {.ptr = word, .len = sizeof(word) - 1}},
    CODE_LIST(X)
#undef X
};

int code_http(Code c) {
  REQUIRE(c < CODE__MAX);
  return codes[c].http;
}

Str code_text(Code c) {
  REQUIRE(c < CODE__MAX);
  return codes[c].text;
}

void cx_fail(Cx *cx, Code code, const char *where, int line, const char *fmt, ...) {
  if (cx->fault != OK) return; /* the first fault wins */
  va_list ap;
  va_start(ap, fmt);
  cx->detail = arena_vfmt(cx->mem, fmt, ap);
  va_end(ap);
  cx->fault = code;
  cx->where = where;
  cx->line = line;
}

Code cx_pass(Cx *cx, const Cx *own, Code code) {
  if (code == OK || cx->fault != OK) return code;
  cx->field = arena_str(cx->mem, own->field);
  cx->clause = arena_str(cx->mem, own->clause);
  cx_fail(cx, code, own->where ? own->where : __func__, own->line, "%.*s", SFMT(own->detail));
  return code;
}

void cx_clear(Cx *cx) {
  cx->fault = OK;
  cx->detail = cx->field = cx->clause = (Str){.ptr = "", .len = 0};
  cx->where = NULL;
  cx->line = 0;
}

void base_require_failed(const char *expr, const char *file, int line) {
  fprintf(stderr, "%s:%d: broken contract: %s\n", file, line, expr);
  abort();
}
