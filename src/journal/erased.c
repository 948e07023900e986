/* SPDX-License-Identifier: Apache-2.0 */
/*
 * erased.c: the list of erasures outside of the store, so that a backup made before one does not bring anybody back.
 *
 *   {"erased":{"at":MS,"leaf":"…","pos":N,"ref":"v1.…","stream":"personal/…"}}   by reference
 *   {"manifest":{"erased":N,"hash":"…"}}
 *
 * The event that erased stands in each line: position and leaf, so that an auditor finds it in the journal of that time.
 */
#include "journal/lines.h"

#include <stdlib.h>
#include <unistd.h>

#define PENDING "erased.pending"

static const Sql sql_events = {"erased.events", "", "isibs",
                               "SELECT pos, stream, happened, leaf, body FROM event WHERE instr(body, '\"erased\":[') > 0 ORDER BY pos"};
static const Sql sql_vault = {"erased.vault", "", "b", "SELECT wrapped FROM vault"};

typedef struct Line {
  Str ref;
  size_t order;        /* of arrival: of two with one reference the first stays */
  const Json *content;
} Line;
typedef struct List {
  Arena *mem;
  Line *lines;
  size_t count, cap;
  Str hash; /* as its last line says */
} List;

static void list_add(List *l, const Json *content) {
  if (l->count == l->cap) {
    size_t cap = l->cap ? l->cap * 2 : 64;
    Line *more = arena_array(l->mem, Line, cap);
    if (l->count) memcpy(more, l->lines, l->count * sizeof *more);
    l->lines = more;
    l->cap = cap;
  }
  l->lines[l->count] = (Line){.ref = json_str(content, S("ref")), .order = l->count, .content = content};
  l->count++;
}

static int by_ref(const void *x, const void *y) {
  const Line *a = x, *b = y;
  int c = str_cmp(a->ref, b->ref);
  return c ? c : a->order < b->order ? -1 : 1;
}

static void list_sort(List *l) {
  size_t kept = 0;
  if (l->count) qsort(l->lines, l->count, sizeof *l->lines, by_ref);
  for (size_t i = 0; i < l->count; i++)
    if (!i || !str_eq(l->lines[i].ref, l->lines[kept - 1].ref)) l->lines[kept++] = l->lines[i];
  l->count = kept;
}

/* ---- the file ----------------------------------------------------------------------------------- */

static Code lines_read(Cx *cx, LinesIn *in, List *l) {
  for (;;) {
    Str text;
    Json *line = NULL;
    TRY(lines__next(cx, in, &text));
    TRY(lines__json(cx, in, text, &line));
    const Json *end = json_get(line, S("manifest")), *content = json_get(line, S("erased"));
    if (end) {
      l->hash = json_str(end, S("hash"));
      if (json_int(end, S("erased"), -1) != (int64_t)l->count) return lines__bad(cx, in, "写的条数与前面各行不符");
      return lines__close(cx, in, l->hash);
    }
    if (!content || !json_str(content, S("ref")).len) return lines__bad(cx, in, "不是清除名单的一行");
    lines__take(in, text);
    list_add(l, content);
  }
}

static Code list_read(Cx *cx, Str path, List *l) {
  LinesIn in = {0};
  TRY(lines__open(cx, path, &in));
  Code code = lines_read(cx, &in, l);
  lines__drop_in(&in);
  return code;
}

static Code list_write(Cx *cx, Str path, List *l) {
  SCOPED(lines__drop_out) LinesOut out = {0};
  TRY(lines__create(cx, path, &out));
  for (size_t i = 0; i < l->count; i++) {
    Json *line = json_obj(cx->mem);
    json_put(cx->mem, line, S("erased"), l->lines[i].content);
    TRY(lines__put(cx, &out, json_text(cx->mem, line)));
  }
  l->hash = lines__hash(cx->mem, &out);
  Json *line = json_obj(cx->mem), *end = json_put_obj(cx->mem, line, S("manifest"));
  json_put_int(cx->mem, end, S("erased"), (int64_t)l->count);
  json_put_str(cx->mem, end, S("hash"), l->hash);
  return lines__finish(cx, &out, json_text(cx->mem, line));
}

/* ---- from the journal --------------------------------------------------------------------------- */

static void event_add(Cx *cx, List *l, const Rows *r, const Json *body) {
  Str leaf = row_s(cx, r, 3);
  for (const Json *one = NULL; (one = personal__erased(body, one)) != NULL;) {
    Json *o = json_obj(cx->mem);
    json_put_int(cx->mem, o, S("at"), row_i(r, 2));
    json_put_str(cx->mem, o, S("leaf"), hex_str(cx->mem, leaf.ptr, leaf.len));
    json_put_int(cx->mem, o, S("pos"), row_i(r, 0));
    json_put_str(cx->mem, o, S("ref"), one->str);
    json_put_str(cx->mem, o, S("stream"), row_s(cx, r, 1));
    list_add(l, o);
  }
}

static Code journal_add(Cx *cx, Db *journal, List *l) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, journal, &sql_events, NO_VALS, &r));
  while (rows_next(r)) {
    Json *body = NULL;
    TRY(json_parse(cx, row_s(cx, r, 4), &body));
    event_add(cx, l, r, body);
  }
  return rows_end(cx, r);
}

Code erased_list(Cx *cx, Str dir, Str path, ErasedReport *report) {
  SCOPED(db__close_p) Db *db = NULL;
  List l = {.mem = cx->mem};
  Str from = store__path(cx->mem, dir, "journal.db");
  *report = (ErasedReport){0};
  TRY(store_exists(cx, dir));
  if (file_exists(path)) TRY(list_read(cx, path, &l));
  size_t before = l.count;
  TRY(db__open(cx, from, DB_READ, &db));
  TRY(journal_add(cx, db, &l));
  list_sort(&l);
  TRY(list_write(cx, path, &l));
  *report = (ErasedReport){.total = (int64_t)l.count, .added = (int64_t)(l.count - before), .hash = l.hash};
  return OK;
}

/* ---- over what was restored --------------------------------------------------------------------- */

static Code wipe_all(Cx *cx, Db *journal, const List *all, List *wiped) {
  for (size_t i = 0; i < all->count; i++) {
    bool was = false;
    TRY(vault__wipe(cx, journal, all->lines[i].ref, &was));
    if (!was) continue;
    Json *o = json_clone(cx->mem, all->lines[i].content);
    json_put_str(cx->mem, o, S("list"), all->hash);
    list_add(wiped, o);
  }
  return OK;
}

Code erased__again(Cx *cx, Db *journal, Str dir, Str path, int64_t *count) {
  List all = {.mem = cx->mem}, wiped = {.mem = cx->mem};
  bool done = false;
  *count = 0;
  TRY(list_read(cx, path, &all));
  Str pending = store__path(cx->mem, dir, PENDING);
  if (file_exists(pending)) TRY(list_read(cx, pending, &wiped));
  size_t before = wiped.count;
  TRY(db__script(cx, journal, "BEGIN"));
  TRY(wipe_all(cx, journal, &all, &wiped));
  TRY(db__script(cx, journal, "COMMIT"));
  TRY(db__scrub(cx, journal, &done));
  if (!done) FAIL(BUSY, "有别的进程正在读这份日志，清除没有做完。");
  *count = (int64_t)(wiped.count - before);
  if (wiped.count == before) return OK;
  list_sort(&wiped);
  return list_write(cx, pending, &wiped);
}

Code erased_again(Cx *cx, Str dir, Str list, int64_t *count) {
  SCOPED(db__close_p) Db *journal = NULL;
  int lock;
  *count = 0;
  TRY(store__lock(cx, dir, &lock));
  Code code = db__open(cx, store__path(cx->mem, dir, "journal.db"), DB_WRITE_JOURNAL, &journal);
  if (code == OK) code = store__migrate(cx, journal, NULL, 0);
  if (code == OK) code = erased__again(cx, journal, dir, list, count);
  db__close_p(&journal);
  close(lock);
  return code;
}

Code vault__count(Cx *cx, Db *journal, int64_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  *n = 0;
  TRY(db_rows(cx, journal, &sql_vault, NO_VALS, &r));
  while (rows_next(r)) *n += !vault__wiped(row_s(cx, r, 0));
  return rows_end(cx, r);
}

Code erased_pending(Cx *cx, Str dir, Json **out) {
  List l = {.mem = cx->mem};
  Str path = store__path(cx->mem, dir, PENDING);
  *out = json_arr(cx->mem);
  if (!file_exists(path)) return OK;
  TRY(list_read(cx, path, &l));
  for (size_t i = 0; i < l.count; i++) json_push(cx->mem, *out, l.lines[i].content);
  return OK;
}

Code erased__carry(Cx *cx, Str from, Str to) {
  Str text, path = store__path(cx->mem, from, PENDING);
  if (!file_exists(path)) return OK;
  TRY(file_read(cx, path, (size_t)64 << 20, &text));
  return file_write(cx, store__path(cx->mem, to, PENDING), text, 0600);
}

Code erased_settled(Cx *cx, Str dir) {
  unlink(store__path(cx->mem, dir, PENDING).ptr);
  return dir_sync(cx, store_files(cx->mem, dir));
}
