/* SPDX-License-Identifier: Apache-2.0 */
#include "place.h"

#include "journal/journal_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BASES = 8 };
static bool base_made[BASES], base_used[BASES]; /* databases of this process; a test may have several stores */

bool place_in_pg(void) {
  const char *dir = getenv("TEST_PG");
  return dir && *dir;
}

static void base_script(Cx *cx, Str address, const char *sql) {
  SCOPED(db__close_p) Db *db = NULL;
  Code code = db__open(cx, address, DB_WRITE_VIEWS, &db);
  if (code == OK) code = db__script(cx, db, "SET lock_timeout = '10s'; SET client_min_messages = error");
  if (code == OK) code = db__script(cx, db, sql);
  if (code != OK) fprintf(stderr, "%.*s\n", SFMT(cx->detail));
  REQUIRE(code == OK);
}

static Str base_address(Arena *mem, const char *name) {
  return arena_fmt(mem, "postgresql:///%s?host=%s&user=postgres", name, getenv("TEST_PG"));
}

static Str base_empty(Cx *cx, int base) {
  Str name = arena_fmt(cx->mem, "t%d_%d", (int)getpid(), base), address = base_address(cx->mem, name.ptr);
  if (!base_made[base]) base_script(cx, base_address(cx->mem, "postgres"), arena_fmt(cx->mem, "CREATE DATABASE %s", name.ptr).ptr);
  else base_script(cx, address, "DROP SCHEMA IF EXISTS journal CASCADE; DROP SCHEMA IF EXISTS views CASCADE");
  base_made[base] = true;
  return address;
}

Str place_make(Cx *cx, Str dir, int *base) {
  *base = -1;
  if (!place_in_pg()) return dir;
  for (*base = 0; *base < BASES && base_used[*base]; (*base)++) continue;
  REQUIRE(*base < BASES);
  base_used[*base] = true;
  return store_address(cx->mem, base_empty(cx, *base), dir);
}

void place_free(int base) {
  if (base >= 0) base_used[base] = false;
}
