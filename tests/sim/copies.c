/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copies.c: now and then somebody signs the journal, and a witness keeps the head; somebody makes a backup. Days later
 * a store is restored from it: it is what it was, and the witness sees that it was rolled back. One restored at once
 * takes the place of the store, and the year goes on.
 *
 * Erasing persons is not here yet: a backup that was made before must lose them when it is restored (see check.c, 37).
 */
#include "sim.h"

static Str beside(City *c, const char *what) {
  return arena_fmt(c->mem, "%.*s-%s%d", SFMT(c->dir), what, ++c->generation);
}

/* Kept by somebody else, for as long as the year lasts. */
static void kept_set(City *c, const Checkpoint *head) {
  Cx cx = {.mem = c->mem};
  REQUIRE(checkpoint_read(&cx, NULL, arena_str(c->mem, head->text), &c->copies.kept) == OK);
}

static void sign(City *c) {
  Copies *k = &c->copies;
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  Checkpoint made, seen;
  bool fresh = false;
  if (!k->keys.count) {
    Cx own = {.mem = c->mem, .now = c->now};
    REQUIRE(keys_add(&own, c->seed % 2 ? SUITE_GM : SUITE_INTL, S("sim.example"), &k->keys) == OK);
  }
  if (checkpoint_make(&cx, c->dir, &k->keys, &made, &fresh) != OK) STOP(c, "the journal is signed", "%.*s", SFMT(cx.detail));
  CHECK(c, made.size == c->pos, "the journal is signed", "%lld events of %lld", (long long)made.size, (long long)c->pos);
  if (witness_store(&cx, &k->keys, k->kept.size ? &k->kept : NULL, c->dir, &seen) != OK) STOP(c, "every head continues the one before", "%.*s", SFMT(cx.detail));
  kept_set(c, &seen);
  c->heads++;
}

static void backup(City *c) {
  Copies *k = &c->copies;
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  BackupReport r = {0};
  if (k->backup.len) dir_remove(c->cx.mem, k->backup);
  k->backup = beside(c, "backup");
  if (store_backup(&cx, c->dir, k->backup, true, &r) != OK) STOP(c, "a backup is made", "%.*s", SFMT(cx.detail));
  CHECK(c, r.events == c->pos, "a backup is made", "%lld events of %lld", (long long)r.events, (long long)c->pos);
  k->backup_pos = c->pos;
}

static Str restore(City *c) {
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  BackupReport r = {0};
  StoreOptions o = c->options;
  Str to = beside(c, "restored");
  o.dir = to;
  if (store_restore(&cx, &o, c->copies.backup, &r) != OK) fault(c, "a backup is restored", "%.*s", SFMT(cx.detail));
  CHECK(c, r.events == c->copies.backup_pos, "a backup is restored", "%lld events of %lld", (long long)r.events, (long long)c->copies.backup_pos);
  dir_remove(c->cx.mem, c->copies.backup);
  c->copies.backup = S("");
  return to;
}

/* What has happened since is missing: nobody must take it for the store. */
static void old_one(City *c) {
  Checkpoint head;
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  sign(c);
  if (c->failed || c->copies.kept.size == c->copies.backup_pos) return;
  Str to = restore(c);
  if (c->failed) return;
  Code code = witness_store(&cx, &c->copies.keys, &c->copies.kept, to, &head);
  CHECK(c, code == BROKEN, "a store that was rolled back is recognised", "%lld events of %lld", (long long)c->copies.backup_pos, (long long)c->pos);
  c->recognised++;
  dir_remove(c->cx.mem, to);
}

static void fresh_one(City *c) {
  Checkpoint head;
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  sign(c);
  if (!c->failed) backup(c);
  if (c->failed) return;
  Str to = restore(c);
  if (c->failed) return;
  city_move(c, to);
  CHECK(c, witness_store(&cx, &c->copies.keys, &c->copies.kept, c->dir, &head) == OK, "a whole copy is as good as the store", "%.*s", SFMT(cx.detail));
  c->restored++;
}

void copies_step(City *c) {
  uint32_t r = roll(c, 100);
  if (c->copies.backup.len && r < 60) old_one(c);
  else if (r < 25) fresh_one(c);
  else if (r < 40) sign(c);
  else backup(c);
}
