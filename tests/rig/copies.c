/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copies: the machine of places.c over what is done beside the commands: an upload, a signed head, a backup, a store
 * restored, exported, read in, made, compacted, its views built anew.
 *
 *   rig_copies [all | some | NAME] [SEED]
 *
 * "all" takes about 300 places of each sort (a backup has 1400 system calls and 2400 allocations), "some" 6, others at each run; a
 * NAME all places.
 *
 * The directory that is worked on holds a store (300 events, two files, one signed head), a backup of it and its export.
 * Whatever was taken away: what was finished is there; what is there under its name is whole; done again it succeeds; the store
 * itself is what it was, and verifies.
 */
#include "../unit/journal/tally.h"
#include "journal/journal_int.h"
#include "journal/proof.h"
#include "places.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { EVENTS = 300 };
static const int64_t day_one = 1567386000000; /* 2019-09-02 */
static const Engine *const engines[] = {&tally_engine};
static Str head_before; /* of the journal */

static StoreOptions at(Str dir) {
  return (StoreOptions){.dir = dir, .engines = engines, .engine_count = 1};
}

static Arena *paths; /* emptied after each place */
static Str in(const Rig *g, const char *name) {
  return arena_fmt(paths, "%.*s/%s", SFMT(g->dir), name);
}

/* ---- what is done, and whether it is there and whole ------------------------------------------------ */

static Code keys_of(Cx *cx, const Rig *g, Keys *k) {
  Str text;
  TRY(file_read(cx, in(g, "key"), 1 << 16, &text));
  return keys_read(cx, text, k);
}

static Code do_upload(Cx *cx, Rig *g) {
  SCOPED(blob_drop) Blob *b = NULL;
  Str hash;
  int64_t size;
  TRY(blob_open(cx, in(g, "store"), 100, &b));
  TRY(blob_add(cx, b, "a new file", 10));
  return blob_finish(cx, b, &hash, &size);
}

static Str upload_path(Cx *cx, const Rig *g, Str *hash) {
  *hash = hash_hex(cx->mem, hash_bytes(SUITE_GM, S("a new file")));
  return arena_fmt(cx->mem, "%.*s/blobs/%.*s/%.*s", SFMT(in(g, "store")), SFMT(str_sub(*hash, 0, 2)), SFMT(*hash));
}

static bool there_upload(Cx *cx, Rig *g) {
  Str hash, path = upload_path(cx, g, &hash);
  if (!file_exists(path)) return false;
  if (!blob__sound(cx, path, hash)) rig_wrong(g, "the upload", "there and not whole");
  return true;
}

static Code do_sign(Cx *cx, Rig *g) {
  Keys k = {0};
  Checkpoint c;
  bool fresh;
  TRY(keys_of(cx, g, &k));
  return checkpoint_make(cx, in(g, "store"), &k, &c, &fresh);
}

static bool there_sign(Cx *cx, Rig *g) {
  Keys k = {0};
  Checkpoint c;
  Code code = checkpoint_get(cx, in(g, "store"), EVENTS + 1, &c);
  if (code == OK) code = keys_of(cx, g, &k);
  if (code == OK) code = checkpoint_read(cx, &k, c.text, &c);
  if (code != OK && code != NOT_FOUND) rig_wrong(g, "the signed head", arena_z(cx->mem, cx->detail));
  cx_clear(cx);
  return code == OK;
}

static Code do_backup(Cx *cx, Rig *g) {
  BackupReport r;
  return store_backup(cx, in(g, "store"), in(g, "copy"), true, &r);
}

static void drop(Rig *g, const char *name) {
  const char *const gone[] = {"rm", "-rf", in(g, name).ptr, NULL};
  (void)rig_run(gone);
}

static bool there_backup(Cx *cx, Rig *g) {
  BackupReport r = {0};
  StoreOptions o = at(in(g, "back"));
  if (!file_exists(in(g, "copy"))) return false;
  if (store_restore(cx, &o, in(g, "copy"), &r) != OK || r.events != EVENTS + 1) rig_wrong(g, "the backup", arena_z(cx->mem, cx->detail));
  cx_clear(cx);
  drop(g, "back");
  return true;
}

static Code do_restore(Cx *cx, Rig *g) {
  BackupReport r;
  StoreOptions o = at(in(g, "new"));
  return store_restore(cx, &o, in(g, "backup"), &r);
}

static bool verified(Cx *cx, Rig *g, Str dir, int64_t events) {
  VerifyReport v = {0};
  StoreOptions o = at(dir);
  bool ok = store_verify(cx, &o, &v) == OK && v.chain_ok && v.views_ok && v.events == events;
  if (!ok) rig_wrong(g, arena_z(cx->mem, dir), arena_z(cx->mem, arena_fmt(cx->mem, "%.*s%.*s", SFMT(v.fault), SFMT(cx->detail))));
  cx_clear(cx);
  return ok;
}

static bool there_new(Cx *cx, Rig *g) {
  if (!file_exists(in(g, "new"))) return false;
  (void)verified(cx, g, in(g, "new"), EVENTS + 1);
  return true;
}

static Code do_export(Cx *cx, Rig *g) {
  ExportReport r;
  return store_export(cx, in(g, "store"), in(g, "out"), true, &r);
}

static bool there_export(Cx *cx, Rig *g) {
  Str one, other;
  if (!file_exists(in(g, "out"))) return false;
  if (file_read(cx, in(g, "out"), 16 << 20, &one) != OK || file_read(cx, in(g, "lines"), 16 << 20, &other) != OK || !str_eq(one, other))
    rig_wrong(g, "the export", "there and not whole");
  cx_clear(cx);
  return true;
}

static Code do_import(Cx *cx, Rig *g) {
  ExportReport r;
  return store_import(cx, in(g, "new"), in(g, "bare"), &r);
}

/* The files are not in an export; the journal is. */
static bool there_import(Cx *cx, Rig *g) {
  SCOPED(db__close_p) Db *db = NULL;
  int64_t pos = 0;
  Str head = {0};
  if (!file_exists(in(g, "new"))) return false;
  if (db__open(cx, in(g, "new/journal.db"), DB_READ, &db) != OK || journal__last(cx, db, &pos, &head) != OK || !str_eq(head, head_before))
    rig_wrong(g, "the store that was read in", "there and not whole");
  cx_clear(cx);
  return true;
}

static Code do_make(Cx *cx, Rig *g) {
  return store_make(cx, in(g, "fresh"), SUITE_GM, json_obj(cx->mem));
}

/* One whose making was interrupted does not count; one that says it is a store must open. */
static bool there_make(Cx *cx, Rig *g) {
  Json *labels = NULL;
  Runner *r = NULL;
  StoreOptions o = at(in(g, "fresh"));
  Code code = store_labels(cx, o.dir, &labels);
  cx_clear(cx);
  if (code != OK) return false;
  if (runner_open(cx, &o, &r) != OK) rig_wrong(g, "the new store", arena_z(cx->mem, cx->detail));
  runner_close(r);
  cx_clear(cx);
  return true;
}

static Code do_compact(Cx *cx, Rig *g) {
  int64_t before, after;
  return store_compact(cx, in(g, "store"), &before, &after);
}

static Code do_rebuild(Cx *cx, Rig *g) {
  int64_t events;
  StoreOptions o = at(in(g, "store"));
  return store_rebuild(cx, &o, &events);
}

static bool there_always(Cx *cx, Rig *g) {
  (void)cx;
  (void)g;
  return true;
}

/* Old or new, at every moment there are views, and whole ones: nothing is opened before they are looked at. */
static bool there_rebuild(Cx *cx, Rig *g) {
  (void)verified(cx, g, in(g, "store"), EVENTS + 1);
  return true;
}

typedef struct Verb {
  const char *name;
  Code (*run)(Cx *cx, Rig *g);
  bool (*there)(Cx *cx, Rig *g);
} Verb;
static const Verb verbs[] = {{"upload", do_upload, there_upload}, {"sign", do_sign, there_sign},       {"backup", do_backup, there_backup},
                             {"restore", do_restore, there_new},  {"export", do_export, there_export}, {"import", do_import, there_import},
                             {"make", do_make, there_make},       {"compact", do_compact, there_always}, {"rebuild", do_rebuild, there_rebuild}};

static const Verb *verb_of(Str name) {
  for (size_t i = 0; i < COUNT(verbs); i++)
    if (str_eqz(name, verbs[i].name)) return &verbs[i];
  return NULL;
}

/* ---- the process, and afterwards -------------------------------------------------------------------- */

static int child(Rig *g) {
  Cx cx = {.mem = arena_open((size_t)256 << 20), .now = day_one};
  const Verb *v = verb_of(str_of(g->which));
  rig_mark(g);
  g->account->state[0] = 'S';
  Code code = v->run(&cx, g);
  g->account->state[0] = code == OK ? 'A' : 'E';
  rig_unmark(g);
  return 0;
}

static void check(Rig *g) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)256 << 20);
  Cx cx = {.mem = mem, .now = day_one};
  const Verb *v = verb_of(str_of(g->which));
  StoreOptions o = at(in(g, "store"));
  Runner *r = NULL;
  bool there = v->there(&cx, g);
  if (g->account->state[0] == 'A' && !there) rig_wrong(g, v->name, "finished and not there");
  if (!there && v->run(&cx, g) != OK) rig_wrong(g, "again", arena_z(mem, cx.detail));
  cx_clear(&cx);
  if (!there && !v->there(&cx, g)) rig_wrong(g, v->name, "done again and not there");
  if (runner_open(&cx, &o, &r) != OK) rig_wrong(g, "opening", arena_z(mem, cx.detail));
  runner_close(r);
  cx_clear(&cx);
  (void)verified(&cx, g, o.dir, EVENTS + 1);
  if (do_sign(&cx, g) != OK) rig_wrong(g, "signing afterwards", arena_z(mem, cx.detail));
  arena_reset(paths);
}

/* ---- the directory ---------------------------------------------------------------------------------- */

static Code fill(Cx *cx, Rig *g, Runner *r) {
  Json *args = json_obj(cx->mem);
  CommandResult result;
  Command cmd = {.name = S("tally.open"), .key = S("open-000001"), .args = args, .now = day_one,
                 .actor = {.id = S("wang"), .name = S("王某"), .roles = TALLY_USER}};
  json_put_str(cx->mem, args, S("label"), S("计数"));
  TRY(runner_run(cx, r, &cmd, &result));
  for (int i = 0; i < EVENTS; i++) {
    SCOPED(blob_drop) Blob *b = NULL;
    Str hash;
    int64_t size;
    args = json_obj(cx->mem);
    json_put_int(cx->mem, args, S("amount"), 1 + i % 7);
    if (i < 2) {
      TRY(blob_open(cx, in(g, "store"), 100, &b));
      TRY(blob_add(cx, b, &i, sizeof i));
      TRY(blob_finish(cx, b, &hash, &size));
      json_put_str(cx->mem, args, S("file"), hash);
    }
    cmd = (Command){.name = S("tally.add"), .stream = S("tally/1"), .key = arena_fmt(cx->mem, "add-%07d", i), .args = args, .now = day_one,
                    .actor = cmd.actor};
    TRY(runner_run(cx, r, &cmd, &result));
    if (i == 9) TRY(do_sign(cx, g)); /* a head of eleven events */
  }
  return OK;
}

static Code head_of(Cx *cx, Rig *g, Arena *mem) {
  SCOPED(db__close_p) Db *db = NULL;
  int64_t pos;
  Str head;
  TRY(db__open(cx, in(g, "store/journal.db"), DB_READ, &db));
  TRY(journal__last(cx, db, &pos, &head));
  head_before = arena_str(mem, head);
  return OK;
}

static Code base_make(Cx *cx, Rig *g, Arena *mem) {
  SCOPED(runner_close_p) Runner *r = NULL;
  StoreOptions o;
  Keys k = {0};
  BackupReport report;
  ExportReport lines;
  TRY(dir_make(cx, g->dir));
  o = at(in(g, "store"));
  TRY(keys_add(cx, SUITE_GM, S("rig.example"), &k));
  TRY(file_write(cx, in(g, "key"), keys_text(cx->mem, &k, true), 0600));
  TRY(store_make(cx, o.dir, SUITE_GM, json_obj(cx->mem)));
  TRY(runner_open(cx, &o, &r));
  TRY(fill(cx, g, r));
  runner_close_p(&r);
  TRY(store_backup(cx, in(g, "store"), in(g, "backup"), true, &report));
  TRY(store_export(cx, in(g, "store"), in(g, "lines"), true, &lines));
  TRY(store_export(cx, in(g, "store"), in(g, "bare"), false, &lines));
  return head_of(cx, g, mem);
}

static void verb_run(Rig *g, const Verb *v, bool nospace, Share x) {
  char name[64];
  g->which = v->name;
  snprintf(name, sizeof name, "%s, kill", v->name);
  rig_kills(g, name, x);
  snprintf(name, sizeof name, "%s, io", v->name);
  rig_io(g, name, nospace, x);
  snprintf(name, sizeof name, "%s, memory", v->name);
  rig_memory(g, name, x);
}

int main(int argc, char **argv) {
  Arena *mem = arena_open((size_t)64 << 20), *making = arena_open((size_t)64 << 20);
  static Rig g = {.child = child, .check = check, .which = ""};
  paths = arena_open((size_t)16 << 20);
  log_level(LOG_ERROR);
  if (argc == 5 && !strcmp(argv[1], "--child")) {
    g.which = argv[4];
    rig_fill(&g, mem, str_of(argv[2]), 1);
    return rig_child(&g);
  }
  Str what = argc > 1 ? str_of(argv[1]) : S("some");
  int seed = argc > 2 ? (int)strtol(argv[2], NULL, 10) : (int)(time(NULL) / 60 % 10000);
  bool all = str_eq(what, S("all")), some = str_eq(what, S("some"));
  Share share = {some ? 6 : all ? 300 : 0, seed};
  rig_fill(&g, mem, rig_work(mem), 1);
  Str store = g.dir;
  Cx cx = {.mem = making, .now = day_one};
  g.dir = g.base;
  if (base_make(&cx, &g, mem) != OK) {
    printf("FAILED the store is not made: %.*s\n0 passed, 1 failed\n", SFMT(cx.detail));
    return 1;
  }
  g.dir = store;
  printf("seed %d\n", seed);
  for (size_t i = 0; i < COUNT(verbs); i++)
    if (all || some || str_eqz(what, verbs[i].name)) verb_run(&g, &verbs[i], !some, share);
  rig_end(&g);
  return g.counts[1] > 0;
}
