/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One bit of journal.db changes, as on a bad disk or by a bad hand: either every event still reads as it was signed, or
 * verify says so and names a day. FLIPS=1 in the environment tries every bit of the file, FLIPS=5 each fifth; otherwise it is
 * each third of one event and each 499th of the rest.
 */
#include "shop.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { EVENTS = 7 };

typedef struct Flips {
  Shop s;
  Str path;
  Str text[EVENTS];  /* the events as they were signed */
  Str day[EVENTS];
  int changed, unreadable, closed, unnamed; /* closed: the database does not even open, so no day can be read */
} Flips;

static Code events_of(Shop *s, Cx *cx, Events *e) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  TRY(reader_open_dir(cx, &s->o, &rd));
  return reader_journal(cx, rd, 0, 100, e);
}

static void flips_open(Flips *f, Cx *cx) {
  Events e;
  *f = (Flips){0};
  cx->now = 1567393200000; /* 2 September 2019, and a day more for each event */
  shop_start(&f->s, cx);
  for (int i = 1; i < EVENTS; i++) {
    cx->now += DAY_MS;
    REQUIRE(shop_add(&f->s, cx, arena_fmt(cx->mem, "flip-%06d", i).ptr, i) == OK);
  }
  REQUIRE(events_of(&f->s, cx, &e) == OK && e.count == EVENTS);
  for (size_t i = 0; i < EVENTS; i++) {
    f->text[i] = event_text(cx->mem, &e.list[i]);
    f->day[i] = day_cn(cx->mem, day_of(e.list[i].recorded));
  }
  shop_close(&f->s);
  f->path = shop_path(&f->s, "journal.db");
  unlink(shop_path(&f->s, "journal.db-wal").ptr); /* all of it is in the file: the store was closed */
  REQUIRE(shop_verify(&f->s, cx).fault.len == 0);
}

/* The first event that no longer reads as it did; EVENTS when all do, -1 when they cannot be read. */
static int first_changed(Flips *f, Cx *cx) {
  Events e;
  if (events_of(&f->s, cx, &e) != OK) return -1;
  for (int i = 0; i < EVENTS; i++)
    if ((size_t)i >= e.count || !str_eq(event_text(cx->mem, &e.list[i]), f->text[i])) return i;
  return e.count > EVENTS ? -1 : EVENTS; /* a damaged tree may lead in a circle */
}

static void judge(Test *t, Flips *f, Cx *cx, size_t bit) {
  VerifyReport v = shop_verify(&f->s, cx);
  cx_clear(cx);
  int at = first_changed(f, cx);
  cx_clear(cx);
  f->changed += at >= 0 && at < EVENTS;
  f->unreadable += at < 0;
  if (at == EVENTS) return;
  if (!v.fault.len) EXPECT_STR(arena_fmt(t->mem, "bit %zu: event %d changed and nobody said so", bit, at + 1), S(""));
  bool closed = str_has(v.fault, S("verify itself failed")) && !str_has(v.fault, S("读到第"));
  bool gap = str_has(v.fault, S("缺少事件")); /* names the first one behind the gap */
  bool named = at < 0 || gap ? str_has(v.fault, S("2019年9月")) : str_has(v.fault, f->day[at]) || (at > 0 && str_has(v.fault, f->day[at - 1]));
  f->closed += closed;
  if (!named && !closed && !str_has(v.fault, S("一条也没有")) && f->unnamed++ == 0) EXPECT_STR(v.fault, S("a day"));
}

static void flip(Test *t, Flips *f, int fd, size_t bit) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)64 << 20);
  Cx own = {.mem = mem, .now = 1567393200000};
  char byte;
  REQUIRE(pread(fd, &byte, 1, (off_t)(bit / 8)) == 1);
  char other = (char)(byte ^ 1 << bit % 8);
  REQUIRE(pwrite(fd, &other, 1, (off_t)(bit / 8)) == 1);
  judge(t, f, &own, bit);
  REQUIRE(pwrite(fd, &byte, 1, (off_t)(bit / 8)) == 1);
}

TEST(no_bit_of_the_journal_changes_in_silence) {
  Flips f;
  Str all;
  if (shop_in_pg()) return;
  flips_open(&f, cx);
  REQUIRE(file_read(cx, f.path, (size_t)64 << 20, &all) == OK);
  const char *step = getenv("FLIPS");
  size_t stride = step ? (size_t)strtoul(step, NULL, 10) : 0;
  ptrdiff_t event = str_find(all, S("flip-000003"));
  REQUIRE(event > 0);
  int fd = open(f.path.ptr, O_RDWR | O_CLOEXEC);
  REQUIRE(fd >= 0);
  for (size_t bit = 0; bit < all.len * 8; bit += stride ? stride : 499) flip(t, &f, fd, bit);
  int before = f.closed;
  for (size_t bit = 0; !stride && bit < 400 * 8; bit += 3) flip(t, &f, fd, ((size_t)event - 200) * 8 + bit);
  close(fd);
  int after = f.closed;
  EXPECT_INT(f.unnamed, 0);
  EXPECT(stride || (f.changed > 600 && after == before)); /* a flip inside an event closes nothing */
  EXPECT_STR(shop_verify(&f.s, cx).fault, S(""));
  shop_drop(&f.s);
}
