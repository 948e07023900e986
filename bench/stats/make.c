/* SPDX-License-Identifier: Apache-2.0 */
/*
 * make.c: items as a city would have them over ten years, as facts in the table that the projection writes. A project has four items on
 * average, in one of four stages; an item has a fact when it begins, one when it pauses and one when it goes on (a fifth), and one when
 * it ends (24 of 25). Everything follows from the number of the item.
 */
#include "bench.h"

#include "approval/approval_int.h"

#include <stdio.h>

enum { UNITS = 35, CATEGORIES = 7, COUNTIES = 8, CODES = 60, YEARS_DAYS = 3650, TOGETHER = 20000 };

static const Sql sql_put = {"bench.fact", "iisiiiisiiiiiiiiiiiis", "",
                            "INSERT INTO fact(pos, stage, item, project, attempt, known, state, unit, received, start, decided, ended, delivered, days, used, gross,"
                            " applicant, third, late, flags, words) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21)"};

static uint64_t mix(uint64_t z) { /* splitmix64 */
  z += 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

typedef struct Maker {
  Db *db;
  FILE *csv;
  int64_t pos, facts;
} Maker;

static Code put(Cx *cx, Maker *k, const Fact *f) {
  k->facts++;
  return db_run(cx, k->db, &sql_put,
                VALS(val_i(++k->pos), val_i(f->stage), val_s(f->item), val_i(f->project), val_i(f->attempt), val_i(f->known.n), val_i(f->state), val_s(f->unit),
                     val_i(f->received.n), val_i(f->start.n), val_i(0), val_i(f->ended.n), val_i(0), val_i(f->limit), val_i(f->used), val_i(f->gross),
                     val_i(f->applicant), val_i(f->third), val_i(f->late), val_i(f->flags), val_s(f->stage ? f->pauses : f->category)));
}

static Code item_make(Cx *cx, Maker *k, int64_t no, int64_t project, Day registered, const char *category, const char *county) {
  uint64_t r = mix((uint64_t)no);
  int unit = (int)(r % UNITS * (r >> 8 & 255) / 255), code = (int)(r >> 16) % CODES, limit = 3 + (int)(r >> 24 & 15), used = 1 + (int)((r >> 28 & 255) * (r >> 36 & 255) / 2200);
  Fact f = {.project = project, .stage = 1 + (int)(r >> 44 & 3), .attempt = 1, .limit = limit, .state = FACT_OPEN};
  f.item = arena_fmt(cx->mem, "item-%02d-%d", code < 0 ? code + CODES : code, (int)(no & 15));
  f.unit = arena_fmt(cx->mem, "unit-%02d", unit);
  f.start = f.known = (Day){registered.n + (int)(r >> 46 & 127)};
  bool paused = (r >> 53 & 15) < 3, ended = (r >> 57 & 31) != 0, late = used > limit;
  TRY(put(cx, k, &f));
  if (paused) {
    f.state = FACT_PAUSED;
    f.known.n = f.start.n + 2;
    f.pauses = arena_fmt(cx->mem, "%d-t", f.known.n);
    TRY(put(cx, k, &f));
    f.state = FACT_OPEN;
    f.pauses = arena_fmt(cx->mem, "%d-%dt", f.start.n + 2, f.start.n + 9);
    f.known.n = f.start.n + 9;
    TRY(put(cx, k, &f));
  }
  if (ended) {
    f.state = r >> 62 ? FACT_DONE : (r & 15) ? FACT_DONE : FACT_REFUSED;
    f.used = used;
    f.gross = used * 7 / 5 + 1 + (paused ? 7 : 0);
    f.third = paused ? 5 : 0;
    f.late = late;
    f.pauses = S("");
    f.ended = f.known = (Day){f.start.n + f.gross};
    TRY(put(cx, k, &f));
  }
  fprintf(k->csv, "%.*s,%d,%d,%s,%s,%d,%d\n", SFMT(f.unit), f.stage, ended ? month__of(f.ended) : 0, category, county, f.used, f.late);
  return OK;
}

static Code project_make(Cx *cx, Maker *k, int64_t no, int64_t first, int64_t items) {
  uint64_t r = mix((uint64_t)no * 77);
  Day registered = {day_ymd(2016, 1, 1).n + (int)(r % YEARS_DAYS)};
  Str category = arena_fmt(cx->mem, "category-%d", (int)(r >> 20) & 7 ? (int)(r >> 20 & 7) - 1 : 0), county = arena_fmt(cx->mem, "county-%d", (int)(r >> 30) & (COUNTIES - 1));
  TRY(put(cx, k, &(Fact){.project = no, .known = registered, .state = FACT_OPEN, .unit = county, .category = category, .received = registered}));
  for (int64_t i = 0; i < items; i++) TRY(item_make(cx, k, first + i, no, registered, arena_z(cx->mem, category), arena_z(cx->mem, county)));
  return OK;
}

Code bench_make(Cx *cx, Str dir, int64_t items) {
  SCOPED(db__close_p) Db *db = NULL;
  Maker k = {0};
  TRY(dir_make(cx, dir));
  TRY(db__open(cx, store__path(cx->mem, dir, "views.db"), DB_WRITE_VIEWS, &db));
  TRY(db__script(cx, db, FACTS_SCHEMA));
  k.db = db;
  k.csv = fopen(arena_z(cx->mem, arena_fmt(cx->mem, "%.*s/items.csv", SFMT(dir))), "w");
  REQUIRE(k.csv);
  for (int64_t done = 0, no = 1; done < items; ) {
    SCOPED(arena_close_p) Arena *mem = arena_open((size_t)256 << 20);
    Cx own = {.mem = mem, .now = cx->now};
    TRY(db__script(cx, db, "BEGIN"));
    for (int64_t n = 0; n < TOGETHER && done < items; no++) {
      int64_t of = 1 + (int64_t)(mix((uint64_t)no) % 7), left = items - done;
      if (of > left) of = left;
      if (project_make(&own, &k, no, done, of) != OK) FAIL(own.fault, "%.*s", SFMT(own.detail));
      done += of;
      n += of;
    }
    TRY(db__script(cx, db, "COMMIT"));
  }
  fclose(k.csv);
  printf("items %lld\nfacts %lld\n", (long long)items, (long long)k.facts);
  return OK;
}
