/* SPDX-License-Identifier: Apache-2.0 */
/* tmpl: what the two halves of the template compiler share: tmpl.c (holes, blocks, C) and tmpl_html.c (where
 * in the HTML we stand). */
#ifndef TMPL_H
#define TMPL_H

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_MAX = 64 };

typedef enum Where { TEXT, TAG_NAME, TAG, ATTR_NAME, ATTR_EQ, VALUE, SCRIPT, COMMENT, DOCTYPE } Where;

typedef struct State { /* compared at the ends of branches */
  Where where;
  char quote;
  bool closing;    /* in </name> */
  bool start;      /* VALUE: nothing written yet */
  bool need_space; /* TAG: white space must come before the next attribute */
  bool pre;        /* inside <pre> or <textarea>: white space is kept */
  char element[WORD_MAX], attr[WORD_MAX];
} State;

typedef struct Source { /* the file being compiled */
  const char *at;  /* the next character; zeros follow the end */
  int line;
  State st;
  char lit[1 << 16]; /* literal output that is not yet written */
  size_t lit_len;
} Source;
extern Source src;

void fault(int line, const char *fmt, ...) __attribute__((format(printf, 2, 3), noreturn));
void lit_flush(void);

bool is_url_attr(const char *name);
void html_take(void);      /* takes the character at src.at */
bool html_take_space(void); /* takes a run of white space that may be shrunk */
void html_before_hole(void); /* a hole ends the name before it */

#endif
