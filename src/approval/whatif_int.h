/* SPDX-License-Identifier: Apache-2.0 */
/* whatif_int: records of "what if" and the tables of a package that they are read with. */
#ifndef WHATIF_INT_H
#define WHATIF_INT_H

#include "approval/approval_int.h"
#include "approval/whatif.h"

enum { CODES_MAX = 1024, UNITS_MAX = 1024, CATEGORIES_MAX = 64, FACTS_MAX = 64, PARTS_MAX = 256 };

/* ---- words by number (whatif_words.c) --------------------------------------------------------------- */

typedef struct Words { /* text → 0, 1, 2 …; memory of `mem` */
  Arena *mem;
  Str *list;
  uint32_t count, cap;
  uint32_t *slots; /* index + 1 */
  uint32_t slot_count;
} Words;
void words_open(Words *w, Arena *mem);
uint32_t words_add(Words *w, Str s); /* of an equal one, or a new one */
bool words_find(const Words *w, Str s, uint32_t *out);

/* ---- records ---------------------------------------------------------------------------------------- */

enum { PART_BESIDE = 1, PART_OUTSIDE = 2, PART_KEPT = 4, PART_OFFDAY = 8, PART_LIVE = 16, PART_ENDED = 32, PART_STOPPED = 64 };
typedef struct Part { /* an item of an accepted stage */
  uint16_t code, unit;
  uint16_t net;   /* net working days of an ended one */
  int16_t extra;  /* granted extension */
  uint16_t days;  /* pinned limit, for items that no package knows */
  uint8_t flags;  /* OFFDAY: ended on a day that does not count. LIVE: in a stage that runs, or open: has a Live */
  uint8_t spare;
} Part;
_Static_assert(sizeof(Part) == 12, "12 bytes an item, as whatif.h says");

typedef struct Live { /* an item whose days are still being counted */
  Day start, end;
  const Pause *pauses;
  uint32_t pause_count;
  uint32_t earlier; /* so many of the Lives that follow are its earlier runs: the stage's days, not the item's */
} Live;

typedef struct Row { /* an accepted stage */
  uint32_t project, facts; /* facts: number of the set */
  uint32_t part, live;     /* first of each in the chunk */
  Day start;
  uint16_t county, used;
  uint8_t part_count, category, stage, flags; /* PART_ENDED, PART_STOPPED, PART_OFFDAY */
} Row;
_Static_assert(sizeof(Row) == 28, "28 bytes a stage, as whatif.h says");

enum { CHUNK_ROWS = 4096, CHUNK_PARTS = 16384, CHUNK_LIVES = 4096 };
typedef struct Chunk { /* whole projects: what one thread takes at a time */
  struct Chunk *next;
  uint32_t row_count, part_count, live_count;
  Row rows[CHUNK_ROWS];
  Part parts[CHUNK_PARTS];
  Live *lives; size_t live_cap;
} Chunk;

struct WhatIf {
  Arena *mem, *scratch;
  const Policy *now;
  Words codes, units, categories;
  Str *names;                  /* of items, by code */
  Str facts[FACTS_MAX]; size_t fact_count; /* what conditions read */
  Words values, sets;          /* values of facts; sets of their numbers, as bytes */
  Chunk *first, *last;
  WhatIfSize size;
};

/* ---- a package as tables (whatif_rules.c) ------------------------------------------------------------ */

typedef struct Rule { /* an item under a package, by code */
  const Item *item;  /* NULL: the package does not have it */
  bool beside;       /* does not run the stage clock */
  uint16_t days[CATEGORIES_MAX];
} Rule;
typedef struct Order { /* the items of a stage, those that come before first; only where some are in series */
  uint16_t *codes; size_t count;
  uint16_t **before; size_t *before_count; /* by place in codes: places that come before it */
} Order;
typedef struct Rules {
  const Policy *p;
  Rule *list; size_t count;
  uint16_t limit[CATEGORIES_MAX][STAGE_MAX + 1];
  Order order[STAGE_MAX + 1];
} Rules;
typedef struct Compare {
  const WhatIf *w;
  Words codes, units; /* of the records, and what the draft adds */
  Words categories;
  Rules side[2];
  bool beside[CODES_MAX];  /* the draft moves it into the stage's clock or out of it */
  bool unit[CODES_MAX];    /* the draft gives it to another unit */
  bool need[CODES_MAX];    /* its need may differ */
  uint16_t needs[STAGE_MAX + 1][CODES_MAX]; size_t need_count[STAGE_MAX + 1]; /* those the draft may ask for in a stage */
} Compare;
Code compare_make(Cx *cx, const WhatIf *w, const Policy *draft, Compare **out);
/* Does a side need the item in this stage of the case? */
Truth compare_applies(Arena *mem, const Compare *c, int side, uint16_t code, const Row *r);
/* The unit that has it under the draft. */
uint16_t compare_unit(Arena *mem, const Compare *c, uint16_t code, uint16_t was, const Row *r);

/* The longest chain through members with these days. Without an order it is the longest item. `on` gets the codes
 * on it, last first. */
typedef struct Chain {
  int days;
  size_t count;
  uint16_t codes[PARTS_MAX];
  uint16_t each[PARTS_MAX];
} Chain;
typedef struct Member { uint16_t code; uint16_t days; } Member;
void chain_find(const Rules *r, int stage, const Member *list, size_t n, Chain *out);

/* ---- one stage (whatif_stage.c) ---------------------------------------------------------------------- */

typedef struct ItemSide { bool there, open, late, assumed; uint16_t unit; int used, limit; } ItemSide;
typedef struct Outcome {
  WhatIfStage stage;
  Chain chain[2];          /* of a finished stage */
  size_t item_count;
  ItemSide items[PARTS_MAX][2];
} Outcome;
/* The items that run the clock on either side, with the days that their chains are made of. */
typedef struct Two {
  size_t count[2], clock_count[2];
  bool changed, assumed;
  Member list[2][PARTS_MAX];
  ItemClock clocks[2][2 * PARTS_MAX]; /* of a running stage: the items, and their earlier runs */
} Two;
typedef struct Eval { /* of one thread */
  const Compare *c;
  Day today;
  Arena *mem;              /* scratch, reset by the caller */
  Two *two;                /* large, so not on the stack, where the compiler would clear it for each stage */
} Eval;
void stage_eval(const Eval *e, const Chunk *chunk, const Row *r, Outcome *out);

#endif
