/* SPDX-License-Identifier: Apache-2.0 */
/* index.c: the file of the index. The only file of the room that speaks to SQLite. */
#include "search/search_int.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

/* Raise it whenever the schema, the tokens, the folding or the documents of a group change: the file is then made anew. */
#define INDEX_VERSION "6"

enum { WORD_PUT, NAME_PUT, COUNT_ALL, COUNT_NAMED, ALL_UP, ALL_DOWN, NAMED_UP, NAMED_DOWN, REST_UP, REST_DOWN, ASKS };
struct Index {
  sqlite3 *h;
  sqlite3_stmt *put, *drop, *old, *who, *who_add, *get, *set, *seq, *seq_set;
  sqlite3_stmt *of[SEARCH_KIND__MAX][ASKS];
  bool writes;
};

static Code fault(Cx *cx, const Index *x, const char *what, int rc) {
  rc &= 0xFF;
  Code code = rc == SQLITE_FULL || rc == SQLITE_IOERR || rc == SQLITE_READONLY || rc == SQLITE_CANTOPEN ? READONLY : rc == SQLITE_BUSY ? BUSY : BROKEN;
  FAIL(code, "检索索引出错（%s）：%s", what, x && x->h ? sqlite3_errmsg(x->h) : sqlite3_errstr(rc));
}

/* ---- the tokenizer ------------------------------------------------------------------------------------------ */

typedef struct Taker {
  void *ctx;
  int (*take)(void *, int, const char *, int, int, int);
  const char *begin;
} Taker;

static int take_one(void *arg, bool same_place, Str token) {
  const Taker *t = arg;
  int at = (int)(token.ptr - t->begin);
  return t->take(t->ctx, same_place ? FTS5_TOKEN_COLOCATED : 0, token.ptr, (int)token.len, at, at + (int)token.len);
}

static int pairs_create(void *ctx, const char **args, int n, Fts5Tokenizer **out) {
  static char one;
  (void)ctx, (void)args, (void)n;
  *out = (Fts5Tokenizer *)&one; /* it has no state */
  return SQLITE_OK;
}

static void pairs_delete(Fts5Tokenizer *t) {
  (void)t;
}

static int pairs_tokenize(Fts5Tokenizer *t, void *ctx, int flags, const char *text, int n,
                          int (*take)(void *, int, const char *, int, int, int)) {
  Taker taker = {.ctx = ctx, .take = take, .begin = text};
  (void)t;
  return search__tokens((Str){.ptr = text, .len = (size_t)n}, (flags & FTS5_TOKENIZE_QUERY) != 0, take_one, &taker);
}

static int register_pairs(sqlite3 *h) {
  fts5_api *api = NULL;
  sqlite3_stmt *s = NULL;
  fts5_tokenizer pairs = {pairs_create, pairs_delete, pairs_tokenize};
  int rc = sqlite3_prepare_v2(h, "SELECT fts5(?1)", -1, &s, NULL);
  if (rc != SQLITE_OK) return rc;
  sqlite3_bind_pointer(s, 1, (void *)&api, "fts5_api_ptr", NULL);
  sqlite3_step(s);
  sqlite3_finalize(s);
  return api ? api->xCreateTokenizer(api, "pairs", NULL, &pairs, NULL) : SQLITE_ERROR;
}

/* ---- open ------------------------------------------------------------------------------------------------------ */

/* Losing the last second is no loss: the index stands at the position it was committed with, and catches up. */
static const char settings[] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-16384; PRAGMA trusted_schema=OFF;"
                               "PRAGMA secure_delete=ON;";
/* word has title and text, name the title alone, so that what is called so is found without walking through all that speaks of it. Neither
 * keeps its text; what is taken out has to be told its old one, which `doc` has. */
static const char schema[] =
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE stream(name TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE who(n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE doc(id INTEGER PRIMARY KEY AUTOINCREMENT, grp TEXT NOT NULL, kind INTEGER NOT NULL, key TEXT NOT NULL,"
    " shown TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, who TEXT NOT NULL);"
    "CREATE INDEX doc_grp ON doc(grp);"
    "INSERT INTO meta VALUES('version', '" INDEX_VERSION "');";

#define HITS(where, order) "SELECT d.kind, d.key, d.shown FROM (SELECT rowid r FROM " where " ORDER BY rowid" order " LIMIT ?2 OFFSET ?3) w JOIN doc d ON d.id = w.r ORDER BY w.r" order
/* ?4: what has the place too, and was shown before. */
#define AWAY " AND rowid NOT IN (SELECT rowid FROM word# WHERE word# MATCH ?4)"
#define NAMED "name# WHERE name# MATCH ?1" AWAY
#define REST "word# WHERE word# MATCH ?1 AND rowid NOT IN (SELECT rowid FROM name# WHERE name# MATCH ?1)" AWAY
static const struct { size_t at; const char *text; bool writes; } statements[] = {
    {offsetof(Index, put), "INSERT INTO doc(grp, kind, key, shown, title, text, who) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)", true},
    {offsetof(Index, drop), "DELETE FROM doc WHERE grp = ?1", true},
    {offsetof(Index, old), "SELECT id, kind, title, text, who FROM doc WHERE grp = ?1", true},
    {offsetof(Index, who_add), "INSERT INTO who(name) VALUES(?1)", true},
    {offsetof(Index, set), "INSERT INTO meta VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET value = excluded.value", true},
    {offsetof(Index, seq), "SELECT seq FROM stream WHERE name = ?1", true},
    {offsetof(Index, seq_set), "INSERT INTO stream VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET seq = excluded.seq", true},
    {offsetof(Index, who), "SELECT n FROM who WHERE name = ?1", false},
    {offsetof(Index, get), "SELECT value FROM meta WHERE name = ?1", false}};
/* # is the number of the kind. Each kind has tables of its own: what everybody may see need not be held against a list of all that
 * everybody may see. */
static const char tables[] =
    "CREATE VIRTUAL TABLE word# USING fts5(text, who, content='', columnsize=0, prefix='1', tokenize='pairs');"
    "CREATE VIRTUAL TABLE name# USING fts5(text, who, content='', columnsize=0, prefix='1', tokenize='pairs');";
static const char *const asks[ASKS] = {
    [WORD_PUT] = "INSERT INTO word#(word#, rowid, text, who) VALUES(?1, ?2, ?3, ?4)",
    [NAME_PUT] = "INSERT INTO name#(name#, rowid, text, who) VALUES(?1, ?2, ?3, ?4)",
    [COUNT_ALL] = "SELECT count(*) FROM word# WHERE word# MATCH ?1",
    [COUNT_NAMED] = "SELECT count(*) FROM " NAMED,
    [ALL_UP] = HITS("word# WHERE word# MATCH ?1", ""),
    [ALL_DOWN] = HITS("word# WHERE word# MATCH ?1", " DESC"),
    [NAMED_UP] = HITS(NAMED, ""),
    [NAMED_DOWN] = HITS(NAMED, " DESC"),
    [REST_UP] = HITS(REST, ""),
    [REST_DOWN] = HITS(REST, " DESC")};

static const char *of_kind(char out[1024], const char *text, int kind) {
  size_t n = 0;
  for (; text[n]; n++) {
    REQUIRE(n < 1023);
    out[n] = text[n] == '#' ? (char)('0' + kind) : text[n];
  }
  out[n] = 0;
  return out;
}

static int script_each(Index *x, const char *text) {
  char one[1024];
  int rc = SQLITE_OK;
  for (int k = 1; k < SEARCH_KIND__MAX && rc == SQLITE_OK; k++) rc = sqlite3_exec(x->h, of_kind(one, text, k), NULL, NULL, NULL);
  return rc;
}

static sqlite3_stmt **slot(Index *x, size_t at) {
  return (sqlite3_stmt **)(void *)((char *)x + at);
}

static int prepare_all(Index *x) {
  for (size_t i = 0; i < COUNT(statements); i++) {
    if (statements[i].writes && !x->writes) continue;
    int rc = sqlite3_prepare_v3(x->h, statements[i].text, -1, SQLITE_PREPARE_PERSISTENT, slot(x, statements[i].at), NULL);
    if (rc != SQLITE_OK) return rc;
  }
  for (int k = 1; k < SEARCH_KIND__MAX; k++)
    for (int a = x->writes ? WORD_PUT : COUNT_ALL; a < ASKS; a++) {
      char one[1024];
      int rc = sqlite3_prepare_v3(x->h, of_kind(one, asks[a], k), -1, SQLITE_PREPARE_PERSISTENT, &x->of[k][a], NULL);
      if (rc != SQLITE_OK) return rc;
    }
  return SQLITE_OK;
}

static bool version_fits(Index *x) {
  sqlite3_stmt *s = NULL;
  bool fits = false;
  if (sqlite3_prepare_v2(x->h, "SELECT value FROM meta WHERE name = 'version'", -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
    fits = strcmp((const char *)sqlite3_column_text(s, 0), INDEX_VERSION) == 0;
  sqlite3_finalize(s);
  return fits;
}

static int open_file(Index *x, const char *path, bool writes) {
  int rc = sqlite3_open_v2(path, &x->h, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (writes ? SQLITE_OPEN_CREATE : 0), NULL);
  if (rc == SQLITE_OK) sqlite3_busy_timeout(x->h, 5000);
  if (rc == SQLITE_OK) rc = register_pairs(x->h);
  if (rc == SQLITE_OK) rc = sqlite3_exec(x->h, settings, NULL, NULL, NULL);
  return rc;
}

static void file_remove(Arena *mem, Str path) {
  static const char *const tails[] = {"", "-wal", "-shm"};
  for (size_t i = 0; i < COUNT(tails); i++) unlink(arena_z(mem, arena_fmt(mem, "%.*s%s", SFMT(path), tails[i])));
}

Code index__open(Cx *cx, Str path, bool writes, Index **out) {
  Index *x = calloc(1, sizeof *x);
  REQUIRE(x != NULL);
  x->writes = writes;
  int rc = open_file(x, arena_z(cx->mem, path), writes);
  if (writes && (rc != SQLITE_OK || !version_fits(x))) {
    sqlite3_close_v2(x->h);
    x->h = NULL;
    file_remove(cx->mem, path);
    rc = open_file(x, arena_z(cx->mem, path), true);
    if (rc == SQLITE_OK) rc = script_each(x, tables);
    if (rc == SQLITE_OK) rc = sqlite3_exec(x->h, schema, NULL, NULL, NULL); /* with the version, so at last */
  }
  if (rc == SQLITE_OK) rc = prepare_all(x);
  if (rc != SQLITE_OK) {
    Code code = fault(cx, x, "打开", rc);
    index__close(x);
    return code;
  }
  *out = x;
  return OK;
}

void index__close(Index *x) {
  if (!x) return;
  for (size_t i = 0; i < COUNT(statements); i++) sqlite3_finalize(*slot(x, statements[i].at));
  for (int k = 1; k < SEARCH_KIND__MAX; k++)
    for (int a = 0; a < ASKS; a++) sqlite3_finalize(x->of[k][a]);
  sqlite3_close_v2(x->h);
  free(x);
}

/* ---- statements --------------------------------------------------------------------------------------------------- */

static void bind_str(sqlite3_stmt *s, int at, Str v) {
  sqlite3_bind_text64(s, at, v.ptr ? v.ptr : "", v.len, SQLITE_STATIC, SQLITE_UTF8);
}

static Str column(Arena *mem, sqlite3_stmt *s, int col) {
  const char *p = (const char *)sqlite3_column_text(s, col);
  return arena_str(mem, (Str){.ptr = p ? p : "", .len = (size_t)sqlite3_column_bytes(s, col)});
}

static Code done(Cx *cx, Index *x, sqlite3_stmt *s, const char *what) {
  int rc = sqlite3_step(s);
  if (rc == SQLITE_DONE || rc == SQLITE_ROW) rc = SQLITE_OK;
  Code code = rc == SQLITE_OK ? OK : fault(cx, x, what, rc);
  sqlite3_reset(s);
  sqlite3_clear_bindings(s);
  return code;
}

static Code script(Cx *cx, Index *x, const char *text) {
  int rc = sqlite3_exec(x->h, text, NULL, NULL, NULL);
  return rc == SQLITE_OK ? OK : fault(cx, x, text, rc);
}

Code index__begin(Cx *cx, Index *x) {
  return script(cx, x, "BEGIN IMMEDIATE");
}

Code index__end(Cx *cx, Index *x, Code so_far) {
  if (so_far == OK) so_far = script(cx, x, "COMMIT");
  if (so_far != OK) sqlite3_exec(x->h, "ROLLBACK", NULL, NULL, NULL);
  return so_far;
}

Code index__get(Cx *cx, Index *x, Str name, Str *value) {
  bind_str(x->get, 1, name);
  int rc = sqlite3_step(x->get);
  *value = rc == SQLITE_ROW ? column(cx->mem, x->get, 0) : S("");
  sqlite3_reset(x->get);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? OK : fault(cx, x, "meta", rc);
}

Code index__set(Cx *cx, Index *x, Str name, Str value) {
  bind_str(x->set, 1, name);
  bind_str(x->set, 2, value);
  return done(cx, x, x->set, "meta");
}

Code index__seq(Cx *cx, Index *x, Str stream, int64_t *seq) {
  bind_str(x->seq, 1, stream);
  int rc = sqlite3_step(x->seq);
  *seq = rc == SQLITE_ROW ? sqlite3_column_int64(x->seq, 0) : 0;
  sqlite3_reset(x->seq);
  return rc == SQLITE_ROW || rc == SQLITE_DONE ? OK : fault(cx, x, "stream", rc);
}

Code index__seq_set(Cx *cx, Index *x, Str stream, int64_t seq) {
  bind_str(x->seq_set, 1, stream);
  sqlite3_bind_int64(x->seq_set, 2, seq);
  return done(cx, x, x->seq_set, "stream");
}

static Code each(Cx *cx, Index *x, const char *text) {
  int rc = script_each(x, text);
  return rc == SQLITE_OK ? OK : fault(cx, x, "word", rc);
}

Code index__clear(Cx *cx, Index *x) {
  TRY(script(cx, x, "DELETE FROM doc; DELETE FROM stream; DELETE FROM who; DELETE FROM meta WHERE name <> 'version'"));
  return each(cx, x, "INSERT INTO word#(word#) VALUES('delete-all'); INSERT INTO name#(name#) VALUES('delete-all')");
}

Code index__settle(Cx *cx, Index *x) {
  return each(cx, x, "INSERT INTO word#(word#) VALUES('optimize'); INSERT INTO name#(name#) VALUES('optimize')");
}

void index__rest(Index *x) {
  sqlite3_db_release_memory(x->h);
}

Code index__checkpoint(Cx *cx, Index *x) {
  int rc = sqlite3_wal_checkpoint_v2(x->h, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  return rc == SQLITE_OK || rc == SQLITE_BUSY ? OK : fault(cx, x, "checkpoint", rc);
}

/* ---- writing ---------------------------------------------------------------------------------------------------------- */

static Code who_number(Cx *cx, Index *x, Str name, bool add, int64_t *n) {
  bind_str(x->who, 1, name);
  int rc = sqlite3_step(x->who);
  *n = rc == SQLITE_ROW ? sqlite3_column_int64(x->who, 0) : 0;
  sqlite3_reset(x->who);
  if (rc != SQLITE_ROW && rc != SQLITE_DONE) return fault(cx, x, "who", rc);
  if (*n || !add) return OK;
  bind_str(x->who_add, 1, name);
  TRY(done(cx, x, x->who_add, "who"));
  *n = sqlite3_last_insert_rowid(x->h);
  return OK;
}

/* Of these kinds everything is for everybody: nobody is asked who he is. */
static bool open_kind(SearchKind k) {
  return k == SEARCH_SERVICE || k == SEARCH_UNIT || k == SEARCH_CLAUSE;
}

static Code marks_of(Cx *cx, Index *x, const SearchDoc *d, Str *out) {
  SCOPED(buf_drop) Buf b = {0};
  int64_t n = 0;
  REQUIRE(!open_kind(d->kind) || (d->who_count == 1 && str_eq(d->who[0], SEARCH_ALL)));
  buf_init(&b, d->who_count * 8 + 8);
  for (size_t i = 0; i < d->who_count && !open_kind(d->kind); i++) {
    TRY(who_number(cx, x, d->who[i], true, &n));
    buf_add(&b, search__who_mark(cx->mem, n));
  }
  *out = arena_str(cx->mem, buf_str(&b));
  return OK;
}

static Code tell(Cx *cx, Index *x, sqlite3_stmt *s, const char *command, int64_t id, Str text, Str who) {
  if (*command) bind_str(s, 1, str_of(command));
  else sqlite3_bind_null(s, 1);
  sqlite3_bind_int64(s, 2, id);
  bind_str(s, 3, text);
  bind_str(s, 4, who);
  return done(cx, x, s, "word");
}

/* command: empty to add, 'delete' to take away. No folded text has a line end, so nothing is found over it. */
static Code words_of(Cx *cx, Index *x, int kind, const char *command, int64_t id, Str title, Str text, Str who) {
  TRY(tell(cx, x, x->of[kind][NAME_PUT], command, id, title, who));
  return tell(cx, x, x->of[kind][WORD_PUT], command, id, arena_fmt(cx->mem, "%.*s\n%.*s", SFMT(title), SFMT(text)), who);
}

static Code drop_group(Cx *cx, Index *x, Str group) {
  int rc;
  Code code = OK;
  bind_str(x->old, 1, group);
  while ((rc = sqlite3_step(x->old)) == SQLITE_ROW && code == OK)
    code = words_of(cx, x, sqlite3_column_int(x->old, 1), "delete", sqlite3_column_int64(x->old, 0), column(cx->mem, x->old, 2),
                    column(cx->mem, x->old, 3), column(cx->mem, x->old, 4));
  sqlite3_reset(x->old);
  TRY(code);
  if (rc != SQLITE_DONE) return fault(cx, x, "doc", rc);
  bind_str(x->drop, 1, group);
  return done(cx, x, x->drop, "doc");
}

Code index__replace(Cx *cx, Index *x, Str group, const SearchDoc *docs, size_t n) {
  TRY(drop_group(cx, x, group));
  for (size_t i = 0; i < n; i++) {
    const SearchDoc *d = &docs[i];
    Str who = S(""), title = search_fold(cx->mem, d->title), text = search_fold(cx->mem, d->text);
    TRY(marks_of(cx, x, d, &who));
    const Str vals[] = {S(""), d->key, d->title, title, text, who};
    bind_str(x->put, 1, group);
    sqlite3_bind_int(x->put, 2, (int)d->kind);
    for (int k = 1; k < (int)COUNT(vals); k++) bind_str(x->put, k + 2, vals[k]);
    TRY(done(cx, x, x->put, "doc"));
    TRY(words_of(cx, x, (int)d->kind, "", sqlite3_last_insert_rowid(x->h), title, text, who));
  }
  return OK;
}

/* ---- asking ------------------------------------------------------------------------------------------------------------- */

static void add_phrase(Buf *b, Str folded) {
  buf_char(b, '"');
  for (size_t i = 0; i < folded.len; i++) {
    if (folded.ptr[i] == '"') buf_char(b, '"');
    buf_char(b, folded.ptr[i]);
  }
  buf_char(b, '"');
  if (folded.len && utf8_count(folded) == 1) buf_add(b, S(" *"));
}

static void add_word(Buf *b, const SearchWord *w, bool first) {
  buf_add(b, first ? S("(") : S(" AND ("));
  for (size_t k = 0; k < w->count; k++) {
    if (k) buf_add(b, S(" OR "));
    add_phrase(b, w->any[k]);
  }
  buf_char(b, ')');
}

/* Who asks; *nothing when nobody the index knows may see anything. */
static Code add_limits(Cx *cx, Index *x, Buf *b, const SearchAsk *a, bool *nothing) {
  int64_t n = 0;
  size_t known = 0;
  for (size_t i = 0; i < a->who_count; i++) {
    TRY(who_number(cx, x, a->who[i], false, &n));
    if (!n) continue;
    buf_add(b, known++ ? S(" OR ") : S(" AND ("));
    add_phrase(b, search__who_mark(cx->mem, n));
  }
  *nothing = known == 0;
  buf_char(b, ')');
  return OK;
}

/* The question to the index: all words; with the place besides, and what nothing has when none is asked for. */
#define NOTHING S("\"\"")
typedef struct Match { Str all, here; } Match;

static Code match_text(Cx *cx, Index *x, const SearchAsk *a, int k, bool here, Str *out, bool *nothing) {
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, 1 << 16);
  for (size_t i = 0; i < a->count; i++) add_word(&b, &a->words[i], i == 0);
  if (here) add_word(&b, &a->place, false);
  if (!open_kind((SearchKind)k)) TRY(add_limits(cx, x, &b, a, nothing));
  REQUIRE(!b.full);
  *out = arena_str(cx->mem, buf_str(&b));
  return OK;
}

static Code count_of(Cx *cx, Index *x, sqlite3_stmt *s, Str match, Str but, int64_t *out) {
  bind_str(s, 1, match);
  if (sqlite3_bind_parameter_count(s) >= 4) bind_str(s, 4, but);
  int rc = sqlite3_step(s);
  *out = rc == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
  Code code = rc == SQLITE_ROW ? OK : fault(cx, x, "查找", rc);
  sqlite3_reset(s);
  sqlite3_clear_bindings(s);
  return code;
}

typedef struct Page { size_t from, max; SearchHit *out; size_t *n; } Page; /* from: so many of what comes are left out */

/* One part of the list, which has `count` in all: what of it stands on the page. */
static Code part(Cx *cx, Index *x, sqlite3_stmt *s, Str match, Str but, int64_t count, Page *page) {
  int rc = SQLITE_DONE;
  size_t from = page->from;
  page->from = from > (size_t)count ? from - (size_t)count : 0;
  if (from >= (size_t)count || *page->n == page->max) return OK;
  bind_str(s, 1, match);
  sqlite3_bind_int64(s, 2, (int64_t)(page->max - *page->n));
  sqlite3_bind_int64(s, 3, (int64_t)from);
  if (sqlite3_bind_parameter_count(s) >= 4) bind_str(s, 4, but);
  while ((rc = sqlite3_step(s)) == SQLITE_ROW)
    page->out[(*page->n)++] = (SearchHit){.kind = (SearchKind)sqlite3_column_int(s, 0), .key = column(cx->mem, s, 1), .title = column(cx->mem, s, 2)};
  Code code = rc == SQLITE_DONE ? OK : fault(cx, x, "查找", rc);
  sqlite3_reset(s);
  sqlite3_clear_bindings(s);
  return code;
}

/* What has the place stands first, then what is called so, then the rest. Services stand in the order of the package; of what happens
 * the newest comes first. *skip: so many are left out, of this kind or the next. */
static Code find_kind(Cx *cx, Index *x, const SearchAsk *a, int k, size_t *skip, SearchHit *out, size_t *n, int64_t *total) {
  sqlite3_stmt **of = x->of[k];
  bool nothing = false, newest = k == SEARCH_CASE || k == SEARCH_PAPER || k == SEARCH_CONSULT || k == SEARCH_ANSWER;
  int64_t count = 0, named = 0, here = 0;
  Match match = {.here = NOTHING};
  TRY(match_text(cx, x, a, k, false, &match.all, &nothing));
  if (nothing) return OK;
  TRY(count_of(cx, x, of[COUNT_ALL], match.all, NOTHING, &count));
  *total += count;
  size_t from = *skip;
  *skip = from > (size_t)count ? from - (size_t)count : 0;
  if (*n == a->max || from >= (size_t)count) return OK;
  if (a->place.count) {
    TRY(match_text(cx, x, a, k, true, &match.here, &nothing));
    TRY(count_of(cx, x, of[COUNT_ALL], match.here, NOTHING, &here));
  }
  TRY(count_of(cx, x, of[COUNT_NAMED], match.all, match.here, &named));
  Page page = {.from = from, .max = a->max, .out = out, .n = n};
  TRY(part(cx, x, of[newest ? ALL_DOWN : ALL_UP], match.here, NOTHING, here, &page));
  TRY(part(cx, x, of[newest ? NAMED_DOWN : NAMED_UP], match.all, match.here, named, &page));
  return part(cx, x, of[newest ? REST_DOWN : REST_UP], match.all, match.here, count - here - named, &page);
}

Code index__find(Cx *cx, Index *x, const SearchAsk *a, SearchHit *out, size_t *n, int64_t *total) {
  size_t skip = a->from;
  *n = 0;
  *total = 0;
  if (!a->count) return OK;
  for (int k = 1; k < SEARCH_KIND__MAX; k++)
    if (a->kind == SEARCH_UNSET || k == (int)a->kind) TRY(find_kind(cx, x, a, k, &skip, out, n, total));
  return OK;
}
