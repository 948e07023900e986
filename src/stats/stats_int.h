/* SPDX-License-Identifier: Apache-2.0 */
/* stats_int: what the files of room stats share. */
#ifndef STATS_INT_H
#define STATS_INT_H

#include "stats/stats.h"

#include <pthread.h>

/* ---- columns that grow by chunks, so that nothing is moved ------------------------------------------------------ */

enum { CHUNK_BITS = 15, CHUNK = 1 << CHUNK_BITS, CHUNKS_MAX = 1 << 12 };
#define CHUNKED(T) struct { T *chunk[CHUNKS_MAX]; uint32_t count; }
#define AT(list, i) (&(list)->chunk[(i) >> CHUNK_BITS][(i) & (CHUNK - 1)])
#define ROOM(mem, list, T)                                                                                                 \
  ((void)((list)->chunk[(list)->count >> CHUNK_BITS] ? 0 : ((list)->chunk[(list)->count >> CHUNK_BITS] = arena_array((mem), T, CHUNK), 0)), \
   (list)->count++)

typedef struct Version {  /* of a record: what one fact said */
  uint32_t before;        /* the version before it + 1; 0: the first */
  uint32_t pauses;        /* the first of its pauses */
  uint16_t known, received, start, decided, ended, delivered; /* days, see day__pack; 0: none */
  uint16_t limit, used, gross, applicant, third;
  uint8_t state, late, pause_count;
} Version;
typedef struct Record {   /* one project, stage or item, and one attempt of it */
  uint32_t last;          /* its last version */
  uint32_t next;          /* of the same project, the one before it + 1; 0: the first */
  uint32_t project;
  uint32_t column;        /* in Columns, of an item that counts; NO_COLUMN */
  uint16_t item;
  uint8_t unit, stage, attempt, flags;
} Record;
#define NO_COLUMN UINT32_MAX
enum { STAGE_ITSELF = UINT16_MAX };

typedef struct Names {    /* texts as small numbers */
  Str *list;
  uint16_t *slots;        /* number + 1 by hash */
  size_t count;
} Names;
enum { NAMES_MAX = 4096, SMALL_MAX = 255, NAME_SLOTS = 2 * NAMES_MAX };
int names__add(Arena *mem, Names *n, Str s);
int names__find(const Names *n, Str s); /* −1: unknown */

/* ---- the cube and the columns ------------------------------------------------------------------------------------ */

enum { MONTHS_MAX = 1200, FIRST_MONTH = 2000 * 12, STAGES = STAGE_MAX, NO_MONTH = UINT16_MAX };
typedef struct Tally { uint32_t items, late; uint64_t used; } Tally;
typedef struct Fine { uint64_t key; Tally tally; } Fine; /* month, unit, stage, category, county */
typedef struct Columns {  /* of the items that count, one after the other */
  uint16_t month[CHUNK];  /* of its end; NO_MONTH: runs, or was withdrawn */
  uint16_t used[CHUNK];
  uint8_t group[CHUNK];   /* unit */
  uint8_t stage[CHUNK], category[CHUNK], county[CHUNK], late[CHUNK];
} Columns;
typedef struct Cube {
  Tally *months[MONTHS_MAX];  /* each of 256 units × 4 stages */
  CHUNKED(Fine) fine;
  uint32_t *slots;            /* number in fine + 1 by hash */
  size_t slot_count;
  Columns *chunk[CHUNKS_MAX];
  uint32_t count;             /* of columns */
} Cube;
typedef struct Done { uint16_t month, used; uint8_t unit, stage, category, county; bool late; } Done;
void cube__count(Arena *mem, Cube *c, const Done *d, int sign);
uint32_t cube__column(Arena *mem, Cube *c);
void cube__put(Cube *c, uint32_t column, const Done *d);

struct Stats {
  pthread_rwlock_t lock;
  Arena *mem;
  int64_t pos;            /* facts up to here have been read */
  int64_t facts;
  CHUNKED(Version) versions;
  CHUNKED(Record) records;
  CHUNKED(Pause) pauses;
  CHUNKED(uint32_t) first; /* by project number: its newest record + 1 */
  CHUNKED(uint8_t) category;
  CHUNKED(uint8_t) county;
  Names units, items, categories, counties;
  Cube cube;
};

uint16_t day__pack(Day d);
Day day__unpack(uint16_t n);
int month__of(Day d);     /* year × 12 + month − 1 */
Code stats__enter(Cx *cx, Stats *s, Reader *rd); /* refreshed and held for reading; stats__leave */
void stats__leave(Stats *s);

/* ---- looking at it as of a day ------------------------------------------------------------------------------------ */

typedef struct Look {
  Stats *s;
  Day as_of;
  const Policy *p;        /* in force then, under the calendar of then */
  Arena *mem;             /* for one record; reset in between */
} Look;
typedef struct Seen {     /* one record as it was known then */
  const Record *r;
  const Version *v;
  Reading clock;          /* once seen__clock was asked */
  bool read;
} Seen;
Code look__open(Cx *cx, Look *l, Stats *s, Reader *rd, const Policies *ps, Day as_of);
void look__close(Look *l);
bool look__at(const Look *l, const Record *r, Seen *out); /* false: not known yet */
const Reading *seen__clock(const Look *l, Seen *s);
/* Has the project's stage come so far in any attempt? `step`: received, accepted, decided, certified, delivered. */
bool look__reached(const Look *l, uint32_t project, int stage, Str step);

/* ---- picks ---------------------------------------------------------------------------------------------------------- */

typedef enum Level { LEVEL_PROJECT, LEVEL_STAGE, LEVEL_ITEM } Level;
typedef struct What What;
struct What {
  const char *word, *label;
  Level level;
  Day (*date)(const Look *l, Seen *s); /* NULL: whatever the period */
  bool (*is)(const Look *l, Seen *s, const What *w, int stage);
  int arg;                              /* of `is` */
};
const What *what__find(Str word);
/* Days and state, without the fields of the pick. */
bool what__fits(const Look *l, const What *w, Seen *s, Day from, Day to, int stage);
/* The fields as small numbers; −1: any, −2: none can have it. */
typedef struct Bound { const What *what; int unit, item, category, county, stage; } Bound;
Bound bound__of(const Stats *s, const StatPick *p);
bool bound__fits(const Stats *s, const Bound *b, const Record *r);
Level record__level(const Record *r);
int64_t reading__field(const Reading *r, StatField f);

/* ---- tables of figures ------------------------------------------------------------------------------------------------ */

typedef enum Dim { DIM_NONE, DIM_STAGE, DIM_ITEM, DIM_UNIT, DIM_CATEGORY, DIM_COUNTY, DIM_MONTH } Dim;
typedef struct Column {
  StatKind kind;
  const char *what;       /* COUNT, SUM; DAYS: the cohort */
  const char *label;
  Str text;               /* instead of label */
  Day from, to;           /* 0: of the ask */
  int arg;                /* SUM: StatField; DAYS: percent; SHARE: the column of the part */
  int of;                 /* SHARE: the column of the whole */
} Column;
typedef struct Sheet {    /* what a question asks for */
  const Look *look;
  const StatAsk *ask;
  const Policies *ps;
  StatPick base;          /* fields that every cell has */
  bool locked;            /* no cell opens */
} Sheet;
Code pivot(Cx *cx, const Sheet *sheet, Dim dim, const Column *columns, size_t n, bool with_total, StatTable *out);

#endif
