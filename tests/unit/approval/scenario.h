/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario: tests of the engine as text. Each file tests/scenarios/NAME.txt holds scenarios; each scenario begins
 * with a title and counts as one test. How to write one: docs/howto/write-a-scenario.md.
 */
#ifndef SCENARIO_H
#define SCENARIO_H
#include "world.h"

enum { WORDS_MAX = 40 };

typedef struct Script { /* one scenario of a file */
  Str path, title;
  Str text;             /* its lines, the title included */
  int first_line;
} Script;

/* One word of a line. For key=value, key~value and key!~value `sep` is the sign; else key holds it all. */
typedef struct Word {
  Str key, value;
  char sep;             /* 0, '=', '~' or '!' */
} Word;

typedef struct Scene {
  Test *t;
  World w;
  const Script *script;
  int line;
  Str line_text;
  const Word *words;    /* of the current line, after its verb */
  size_t count;
  bool pending;         /* a `when` whose outcome is not told yet */
  int when_line;        /* where it stands */
  Str when_text;
  bool refusal_told;
  size_t told;          /* events of it that were told */
  bool stop;            /* nothing after this makes sense */
} Scene;

void scene_fault(Scene *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Compares what a word expects with what is there. */
void scene_expect(Scene *s, const Word *w, Str got);
size_t scene_words(Arena *mem, Str line, Word *words, size_t max);

/* What is looked at: `project`, `stage`, `item` and `then`. */
void scene_then(Scene *s);
void scene_refused(Scene *s);
void scene_project(Scene *s);
void scene_stage(Scene *s);
void scene_item(Scene *s);

#endif
