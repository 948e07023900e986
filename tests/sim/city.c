/* SPDX-License-Identifier: Apache-2.0 */
/* city.c: the store of a city, how it stops and how it comes back. */
#include "sim.h"
#include "journal/journal_int.h"
#include "org/portfolio.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FILES_MAX = 4 << 20 };

uint32_t roll(City *c, uint32_t n) { /* splitmix64 */
  uint64_t z = (c->rng += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return (uint32_t)((z ^ (z >> 31)) % n);
}

bool chance(City *c, uint32_t percent) {
  return roll(c, 100) < percent;
}

void fault(City *c, const char *name, const char *fmt, ...) {
  va_list ap;
  if (c->failed) return;
  c->failed = true;
  va_start(ap, fmt);
  Str what = arena_vfmt(c->mem, fmt, ap);
  va_end(ap);
  fprintf(stderr, "  seed %llu, step %d, %.*s, event %lld\n    %s: %.*s\n    again: make sim SEED=%llu\n", (unsigned long long)c->seed,
          c->step, SFMT(time_str(c->mem, c->now)), (long long)c->pos, name, SFMT(what), (unsigned long long)c->seed);
}

/* ---- files ---------------------------------------------------------------------------------------- */

static void copy_file(City *c, Str from, Str to) {
  Cx cx = {.mem = c->cx.mem};
  Str content;
  REQUIRE(file_read(&cx, from, FILES_MAX * 16, &content) == OK);
  FILE *f = fopen(arena_z(cx.mem, to), "wb");
  REQUIRE(f && fwrite(content.ptr, 1, content.len, f) == content.len && fclose(f) == 0);
}

/* As another machine would find them: what is committed is in the files or in the log beside them. */
void city_copy(City *c, Str from, Str to, bool journal, bool views) {
  Cx cx = {.mem = c->cx.mem};
  REQUIRE(dir_make(&cx, to) == OK);
  DIR *d = opendir(arena_z(cx.mem, from));
  REQUIRE(d);
  for (struct dirent *e; (e = readdir(d)) != NULL;) {
    Str name = str_of(e->d_name);
    bool of_views = str_starts(name, S("views.db"));
    if (e->d_type != DT_REG || str_ends(name, S("-shm")) || str_eq(name, S("lock")) || str_eq(name, S("views.boot")) || str_ends(name, S(".tmp"))) continue;
    if (of_views ? !views : !journal) continue;
    copy_file(c, arena_fmt(cx.mem, "%.*s/%.*s", SFMT(from), SFMT(name)), arena_fmt(cx.mem, "%.*s/%.*s", SFMT(to), SFMT(name)));
  }
  closedir(d);
}

void dir_remove(Arena *mem, Str path) {
  DIR *d = opendir(arena_z(mem, path));
  if (!d) return;
  for (struct dirent *e; (e = readdir(d)) != NULL;) {
    if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
    Str one = arena_fmt(mem, "%.*s/%s", SFMT(path), e->d_name);
    if (e->d_type == DT_DIR) dir_remove(mem, one);
    else unlink(arena_z(mem, one));
  }
  closedir(d);
  rmdir(arena_z(mem, path));
}

void city_snapshot(City *c) {
  if (c->snap.len) dir_remove(c->cx.mem, c->snap);
  c->snap = arena_fmt(c->mem, "%.*s.views", SFMT(c->dir));
  city_copy(c, c->dir, c->snap, false, true);
}

/* ---- the engines ---------------------------------------------------------------------------------- */

/* Another version of the package: other limits, so that what was pinned before can be told apart. */
static void other_package(City *c, Policy *p, int n) {
  Category *categories = arena_array(c->engine_mem, Category, p->category_count);
  Item *items = arena_array(c->engine_mem, Item, p->item_count);
  memcpy(categories, p->categories, p->category_count * sizeof *categories);
  memcpy(items, p->items, p->item_count * sizeof *items);
  for (size_t i = 0; i < p->category_count; i++)
    for (int k = 1; k <= STAGE_MAX; k++)
      if (categories[i].limit[k]) categories[i].limit[k] += 2 * n;
  for (size_t i = 0; i < p->item_count; i++)
    if (!items[i].limit_count) items[i].days += n;
  p->categories = categories;
  p->items = items;
  p->version = arena_fmt(c->engine_mem, "2019.r%d", n);
  p->dir_hash = hash_hex(c->engine_mem, hash_bytes(SUITE_GM, p->version));
}

static void engines_make(City *c) {
  c->engine_mem = arena_open((size_t)64 << 20);
  c->own[0] = *c->package;
  c->own[0].calendars = calendars_open(c->engine_mem, c->package->calendar);
  for (int i = 0; i < PACKAGES; i++) {
    c->own[i] = c->own[0];
    c->own[i].effective_from = i < 2 ? S("2018-07-01") : S("2019-04-01");
    if (i) other_package(c, &c->own[i], i);
    c->versions[i] = &c->own[i];
  }
  c->policies = (Policies){.current = c->versions[0], .all = c->versions, .count = PACKAGES};
  c->org = org_engine_base;
  c->org.env = c->policies.current;
  c->approval = approval_engine_base;
  c->approval.env = &c->policies;
  c->calendar = calendar_engine_base;
  c->calendar.env = &c->policies;
  c->engines[0] = &c->org;
  c->engines[1] = &c->approval;
  c->engines[2] = &c->calendar;
  c->publish = policy_engine_base;
  c->publish.env = &c->policies;
  c->engines[3] = &c->publish;
  for (size_t i = 0; i < EARLY_ENGINES; i++) {
    c->early_own[i] = *early_engines[i];
    c->early_own[i].env = c->policies.current;
    c->engines[4 + i] = &c->early_own[i];
  }
  c->portfolio = portfolio_engine_base;
  c->portfolio.env = c->policies.current;
  c->engines[4 + EARLY_ENGINES] = &c->portfolio;
  c->access_own = access_engine_base;
  c->access_own.env = c->policies.current;
  c->engines[COUNT(c->engines) - LEDGER_ENGINES - MAP_ENGINES - 1] = &c->access_own;
  c->desk_own = desk_engine_base;
  c->desk_own.env = c->policies.current;
  c->engines[COUNT(c->engines) - LEDGER_ENGINES - MAP_ENGINES - 2] = &c->desk_own;
  for (size_t i = 0; i < SUPERVISION_ENGINES; i++) {
    c->super_own[i] = *supervision_engines[i];
    c->super_own[i].env = &c->policies;
    c->engines[5 + EARLY_ENGINES + JOINT_ENGINES + i] = &c->super_own[i];
  }
  for (size_t i = 0; i < JOINT_ENGINES; i++) {
    c->joint_own[i] = *joint_engines[i];
    c->joint_own[i].env = c->policies.current;
    c->engines[5 + EARLY_ENGINES + i] = &c->joint_own[i];
  }
  for (size_t i = 0; i < NOTICE_ENGINES; i++) {
    c->notice_own[i] = *notice_engines[i];
    c->notice_own[i].env = c->policies.current;
    c->engines[5 + EARLY_ENGINES + JOINT_ENGINES + SUPERVISION_ENGINES + i] = &c->notice_own[i];
  }
  for (size_t i = 0; i < FINISH_ENGINES; i++) {
    c->finish_own[i] = *finish_engines[i];
    c->finish_own[i].env = c->policies.current;
    c->engines[5 + EARLY_ENGINES + JOINT_ENGINES + SUPERVISION_ENGINES + NOTICE_ENGINES + i] = &c->finish_own[i];
  }
  for (size_t i = 0; i < INSPECT_ENGINES; i++) {
    c->spot_own[i] = *inspect_engines[i];
    c->spot_own[i].env = c->policies.current;
    c->engines[5 + EARLY_ENGINES + JOINT_ENGINES + SUPERVISION_ENGINES + NOTICE_ENGINES + FINISH_ENGINES + i] = &c->spot_own[i];
  }
  for (size_t i = 0; i < EVALUATION_ENGINES; i++) {
    c->reform_own[i] = *evaluation_engines[i];
    c->reform_own[i].env = c->policies.current;
    c->engines[5 + EARLY_ENGINES + JOINT_ENGINES + SUPERVISION_ENGINES + NOTICE_ENGINES + FINISH_ENGINES + INSPECT_ENGINES + i] = &c->reform_own[i];
  }
  for (size_t i = 0; i < MAP_ENGINES; i++) {
    c->map_own[i] = *map_engines[i];
    c->map_own[i].env = c->policies.current;
    c->engines[COUNT(c->engines) - LEDGER_ENGINES - MAP_ENGINES + i] = &c->map_own[i];
  }
  for (size_t i = 0; i < LEDGER_ENGINES; i++) {
    c->ledger_own[i] = *ledger_engines[i];
    c->ledger_own[i].env = c->policies.current;
    c->engines[COUNT(c->engines) - LEDGER_ENGINES + i] = &c->ledger_own[i];
  }
  for (size_t i = 0; i < PUBLISH_ENGINES; i++) {
    c->open_own[i] = *publish_engines[i];
    c->open_own[i].env = c->policies.current;
    c->engines[5 + EARLY_ENGINES + JOINT_ENGINES + SUPERVISION_ENGINES + NOTICE_ENGINES + FINISH_ENGINES + INSPECT_ENGINES + EVALUATION_ENGINES + i] = &c->open_own[i];
  }
  c->options = (StoreOptions){.dir = c->dir, .engines = c->engines, .engine_count = COUNT(c->engines)};
}

void city_start(City *c) {
  engines_make(c);
  Cx cx = {.mem = c->mem, .now = c->now};
  if (runner_open(&cx, &c->options, &c->runner) != OK || reader_open(&cx, c->runner, &c->reader) != OK) {
    fprintf(stderr, "  seed %llu: the store does not open: %.*s\n", (unsigned long long)c->seed, SFMT(cx.detail));
    exit(1);
  }
  reader_begin(c->reader);
}

void city_stop(City *c) {
  reader_close_p(&c->reader);
  runner_close_p(&c->runner);
  calendars_close(c->own[0].calendars);
  arena_close_p(&c->engine_mem);
}

void city_open(City *c, uint64_t seed, const Policy *package, Str root) {
  Arena *mem = arena_open((size_t)4 << 30);
  *c = (City){.seed = seed, .rng = seed * 7919, .mem = mem, .package = package};
  c->cx.mem = arena_open((size_t)1 << 30);
  c->accounts = arena_array(mem, Account, ACCOUNTS_MAX);
  c->projects = arena_array(mem, ShProject, PROJECTS_MAX);
  c->notice.outs = arena_array(mem, ShOut, OUTS_MAX);
  c->notice.ratings = arena_alloc(mem, PROJECTS_MAX, sizeof *c->notice.ratings, _Alignof(ShRating));
  c->keys = arena_array(mem, Key, KEYS_MAX);
  c->numbers = arena_array(mem, Str, KEYS_MAX);
  c->now = c->first = day_start(day_ymd(2019, 1, 2)) + 9 * 3600000LL;
  c->dir = arena_fmt(mem, "%.*s/year-%llu", SFMT(root), (unsigned long long)seed);
  dir_remove(c->cx.mem, c->dir);
  Cx cx = {.mem = mem};
  REQUIRE(store_make(&cx, c->dir, seed % 2 ? SUITE_GM : SUITE_INTL, json_obj(mem)) == OK);
  city_start(c);
}

void city_close(City *c) {
  if (c->runner) city_stop(c);
  dir_remove(c->cx.mem, c->dir);
  if (c->snap.len) dir_remove(c->cx.mem, c->snap);
  if (c->copies.backup.len) dir_remove(c->cx.mem, c->copies.backup);
  for (size_t i = 0; i < RECENT; i++) arena_close_p(&c->recent[i].mem);
  arena_close(c->cx.mem);
  arena_close(c->mem);
}

/* ---- crashes -------------------------------------------------------------------------------------- */

static void garbage(City *c, Str path) {
  FILE *f = fopen(arena_z(c->cx.mem, path), "wb");
  REQUIRE(f && fwrite("half of a page, then nothing", 1, 28, f) == 28 && fclose(f) == 0);
}

/* The views may be as they were, older, missing or damaged; the journal is what was committed. */
static Str image(City *c) {
  Str root = str_sub(c->dir, 0, (size_t)str_find(c->dir, S("year-")));
  Str to = arena_fmt(c->mem, "%.*syear-%llu-%d", SFMT(root), (unsigned long long)c->seed, ++c->generation);
  uint32_t how = roll(c, 4);
  city_copy(c, c->dir, to, true, how == 0);
  if (how == 1 && c->snap.len) city_copy(c, c->snap, to, false, true);
  if (how == 2) garbage(c, arena_fmt(c->cx.mem, "%.*s/views.db", SFMT(to)));
  return to;
}

void city_move(City *c, Str to) {
  static const char *const folders[] = {"blobs", "proof"}; /* a restored store has its own */
  Str old = c->dir;
  city_stop(c);
  for (size_t i = 0; i < COUNT(folders); i++)
    rename(arena_z(c->cx.mem, arena_fmt(c->cx.mem, "%.*s/%s", SFMT(old), folders[i])),
           arena_z(c->cx.mem, arena_fmt(c->cx.mem, "%.*s/%s", SFMT(to), folders[i])));
  dir_remove(c->cx.mem, old);
  c->dir = to;
  city_start(c);
}

static int64_t head(City *c) {
  Events last = {0};
  int64_t pos = 0;
  do {
    if (reader_journal(&c->cx, c->reader, pos, 1000, &last) != OK) return -1;
    if (last.count) pos = last.list[last.count - 1].pos;
  } while (last.count);
  return pos;
}

void city_crash(City *c) {
  if (chance(c, 25)) { /* an orderly stop */
    city_stop(c);
    city_start(c);
  } else {
    city_move(c, image(c));
    c->crashes++;
  }
  int64_t pos = head(c);
  CHECK(c, pos == c->pos, "acknowledged acts survive", "%lld events are left of %lld", (long long)pos, (long long)c->pos);
}

void city_lose(City *c, Sent *list, size_t n) {
  bool kept = chance(c, 50);
  Str before = kept ? S("") : image(c);
  send_batch(c, list, n);
  for (size_t i = 0; i < n; i++) list[i].result = (CommandResult){0}; /* nobody hears the answers */
  city_move(c, kept ? image(c) : before);
  c->crashes++;
  c->unknown += (int64_t)n;
}

/* ---- views as text ---------------------------------------------------------------------------------- */

static const Sql sql_tables = {"sim.tables", "", "s",
                               "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"};

static Code table_text(Cx *cx, Db *db, Str table, Buf *b) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db__table_rows(cx, db, table, &r));
  buf_fmt(b, "%.*s\n", SFMT(table));
  while (rows_next(r)) {
    for (int col = 0; col < db__columns(r); col++) {
      Str x = S("");
      db__rows_text(r, col, &x);
      buf_add(b, x);
      buf_char(b, '\t');
    }
    buf_char(b, '\n');
  }
  return rows_end(cx, r);
}

static Code views_text(Cx *cx, Db *db, Buf *b) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, db, &sql_tables, NO_VALS, &r));
  while (rows_next(r)) TRY(table_text(cx, db, row_s(cx, r, 0), b));
  return rows_end(cx, r);
}

Str city_text(City *c, Arena *mem) {
  Buf b;
  buf_init(&b, (size_t)256 << 20);
  Cx cx = {.mem = c->cx.mem};
  REQUIRE(views_text(&cx, reader_views(c->reader), &b) == OK);
  Str out = arena_str(mem, buf_str(&b));
  buf_drop(&b);
  return out;
}
