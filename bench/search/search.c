/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_search: what bench/search/run.sh measures in this process. Documents are sentences of the clauses of the package in a drawn order, each with
 * a number of its own and a title as the demonstration names projects; questions are pieces of 2 to 8 characters of those
 * sentences, one in eight a number.
 *   make DIR PACKAGE N          docs.txt (title TAB text), questions.txt, truth.txt by a plain scan
 *   ours DIR build|ask|answers  the index of the product, through search_find
 *   trigram DIR build|ask|answers  SQLite's own tokenizer; what it cannot look up it scans for
 * ask prints "length µs" for each question; answers prints for each how many, and a hash of which.
 */
#include "search/search_int.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { QUESTIONS = 400, SENTENCES_MAX = 4000, BATCH = 1000 };

static int64_t micros(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static uint32_t dice(uint64_t *seed, uint32_t n) {
  *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
  return (uint32_t)((*seed >> 33) % n);
}

static void die(const Cx *cx) {
  fprintf(stderr, "%.*s\n", SFMT(cx->detail));
  exit(1);
}

static FILE *open_in(Str dir, const char *name, const char *mode) {
  char path[4096];
  snprintf(path, sizeof path, "%.*s/%s", SFMT(dir), name);
  FILE *f = fopen(path, mode);
  if (!f) perror(path), exit(1);
  return f;
}

static bool line_of(FILE *f, char *line, size_t size) {
  if (!fgets(line, (int)size, f)) return false;
  line[strcspn(line, "\n")] = 0;
  return true;
}

/* ---- documents and questions ------------------------------------------------------------------------------------- */

/* Sentences of 8 to 200 characters. */
static size_t sentences_of(Arena *mem, const Policy *p, Str *out) {
  size_t n = 0;
  for (size_t i = 0; i < p->clause_count; i++) {
    Str t = search_fold(mem, p->clauses[i].text);
    size_t begin = 0;
    uint32_t c = 0;
    for (size_t at = 0; at < t.len;) {
      at += utf8_next(t, at, &c);
      if (c != 0x3002 && c != 0xFF1B && c != ';' && at < t.len) continue;
      Str one = str_sub(t, begin, at - begin);
      size_t chars = utf8_count(one);
      if (chars >= 8 && chars <= 200 && n < SENTENCES_MAX) out[n++] = one;
      begin = at;
    }
  }
  return n;
}

static bool all_han(Str s) {
  uint32_t c = 0;
  for (size_t at = 0; at < s.len;) {
    at += utf8_next(s, at, &c);
    if (c < 0x4E00 || c > 0x9FFF) return false;
  }
  return s.len > 0;
}

static Str piece(Str s, uint64_t *seed) {
  static const size_t lengths[] = {2, 2, 3, 4, 4, 6, 8};
  size_t want = lengths[dice(seed, COUNT(lengths))], chars = utf8_count(s), from = dice(seed, (uint32_t)chars), begin = 0, end;
  uint32_t c = 0;
  if (from + want > chars) from = chars > want ? chars - want : 0;
  for (size_t i = 0; i < from; i++) begin += utf8_next(s, begin, &c);
  end = begin;
  for (size_t i = 0; i < want && end < s.len; i++) end += utf8_next(s, end, &c);
  return str_sub(s, begin, end - begin);
}

static void docs_write(Str dir, const Policy *p, const Str *sentences, size_t count, int64_t n, uint64_t *seed) {
  static const char *const things[] = {"管材加工基地", "数控机床生产线", "体育馆新建", "养老服务中心", "滨河路排水管网", "小学教学楼", "商住楼", "污水处理厂"};
  FILE *f = open_in(dir, "docs.txt", "w");
  for (int64_t i = 0; i < n; i++) {
    const Unit *u = &p->units[dice(seed, (uint32_t)p->unit_count)];
    fprintf(f, "%.*s%s项目(示例%lld)\t", SFMT(u->name), things[dice(seed, COUNT(things))], (long long)i);
    for (uint32_t k = 4 + dice(seed, 6); k; k--) {
      Str s = sentences[dice(seed, (uint32_t)count)];
      fwrite(s.ptr, 1, s.len, f);
    }
    fprintf(f, "葫规验字第%06lld号\n", (long long)i);
  }
  fclose(f);
}

static void questions_write(Str dir, const Str *sentences, size_t count, int64_t n, uint64_t *seed) {
  FILE *f = open_in(dir, "questions.txt", "w");
  for (int q = 0; q < QUESTIONS;) {
    if (q % 8 == 7) {
      fprintf(f, "字第%06lld号\n", (long long)dice(seed, (uint32_t)n));
      q++;
      continue;
    }
    Str s = piece(sentences[dice(seed, (uint32_t)count)], seed);
    if (!all_han(s) || utf8_count(s) < 2) continue;
    fprintf(f, "%.*s\n", SFMT(s));
    q++;
  }
  fclose(f);
}

/* "count hash": of the numbers of the documents, in their order. */
static void answer_print(FILE *f, int64_t count, uint64_t hash) {
  fprintf(f, "%lld %016llx\n", (long long)count, (unsigned long long)hash);
}

static uint64_t hash_add(uint64_t h, int64_t id) {
  return (h ^ (uint64_t)id) * 1099511628211ULL;
}

static void truth_write(Arena *mem, Str dir) {
  Cx cx = {.mem = mem};
  Str all = S("");
  char question[256];
  if (file_read(&cx, arena_fmt(mem, "%.*s/docs.txt", SFMT(dir)), (size_t)1 << 30, &all) != OK) die(&cx);
  FILE *q = open_in(dir, "questions.txt", "r"), *out = open_in(dir, "truth.txt", "w");
  while (line_of(q, question, sizeof question)) {
    int64_t count = 0, line = 0;
    uint64_t hash = 14695981039346656037ULL;
    const char *at = all.ptr, *end = all.ptr + all.len, *hit;
    while ((hit = memmem(at, (size_t)(end - at), question, strlen(question)))) {
      for (const char *nl; (nl = memchr(at, '\n', (size_t)(hit - at)));) at = nl + 1, line++;
      count++;
      hash = hash_add(hash, line);
      at = memchr(hit, '\n', (size_t)(end - hit));
      at = at ? at + 1 : end;
      line++;
    }
    answer_print(out, count, hash);
  }
  fclose(q), fclose(out);
}

static int do_make(Arena *mem, Str dir, Str package, int64_t n) {
  Cx cx = {.mem = mem};
  const Policy *p = NULL;
  Mistakes m = {0};
  Str *sentences = arena_array(mem, Str, SENTENCES_MAX);
  uint64_t seed = 7;
  if (policy_load(&cx, package, &p, &m) != OK || dir_make(&cx, dir) != OK) die(&cx);
  size_t count = sentences_of(mem, p, sentences);
  docs_write(dir, p, sentences, count, n, &seed);
  questions_write(dir, sentences, count, n, &seed);
  truth_write(mem, dir);
  printf("sentences %zu\ndocuments %lld\n", count, (long long)n);
  return 0;
}

/* ---- ours --------------------------------------------------------------------------------------------------------- */

static const Str everybody[] = {{.ptr = "all", .len = 3}};

static Search *ours_open(Cx *cx, Str dir) {
  static const Policies none;
  Search *s = NULL;
  Str own = arena_fmt(cx->mem, "%.*s/ours", SFMT(dir));
  if (dir_make(cx, own) != OK || search_open(cx, own, &none, &s) != OK) die(cx);
  return s;
}

static void batch_in(Cx *cx, Search *s, FILE *f, int64_t *no) {
  static char line[1 << 16];
  SearchDoc doc = {.kind = SEARCH_CLAUSE, .who = everybody, .who_count = 1};
  Code code = index__begin(cx, s->writer);
  for (int i = 0; i < BATCH && code == OK && line_of(f, line, sizeof line); i++, (*no)++) {
    Str title, text;
    str_cut(str_of(line), '\t', &title, &text);
    doc.key = arena_fmt(cx->mem, "%lld", (long long)*no);
    doc.title = title;
    doc.text = text;
    code = index__replace(cx, s->writer, doc.key, &doc, 1);
  }
  if (index__end(cx, s->writer, code) != OK) die(cx);
}

static int ours_build(Str dir) {
  Arena *mem = arena_open((size_t)1 << 30);
  Arena *batch = arena_open((size_t)1 << 28);
  Cx cx = {.mem = mem};
  Search *s = ours_open(&cx, dir);
  FILE *f = open_in(dir, "docs.txt", "r");
  int64_t begin = micros(CLOCK_PROCESS_CPUTIME_ID), no = 0, before = -1;
  while (before != no) {
    Cx own = {.mem = batch};
    before = no;
    batch_in(&own, s, f, &no);
    arena_reset(batch);
  }
  if (index__settle(&cx, s->writer) != OK) die(&cx);
  printf("cpu_us %lld\ndocuments %lld\n", (long long)(micros(CLOCK_PROCESS_CPUTIME_ID) - begin), (long long)no);
  search_close(s);
  fclose(f);
  arena_close(batch);
  arena_close(mem);
  return 0;
}

/* max: 10 as a page asks, or all for the answers. */
static void ours_one(Cx *cx, Search *s, const char *question, size_t max, SearchHit *hits, bool answers) {
  SearchAsk ask = {.words = {{.any = {str_of(question)}, .count = 1}}, .count = 1, .who = everybody, .who_count = 1, .max = max};
  size_t n = 0;
  int64_t total = 0, begin = micros(CLOCK_MONOTONIC);
  if (search_find(cx, s, &ask, hits, &n, &total) != OK) die(cx);
  int64_t took = micros(CLOCK_MONOTONIC) - begin;
  if (!answers) {
    printf("%zu %lld\n", utf8_count(str_of(question)), (long long)took);
    return;
  }
  uint64_t hash = 14695981039346656037ULL;
  int64_t *ids = arena_array(cx->mem, int64_t, n + 1);
  for (size_t i = 0; i < n; i++) str_to_i64(hits[i].key, &ids[i]);
  for (size_t i = 1; i < n; i++) /* titles first, then the rest: two runs that are sorted already */
    for (size_t k = i; k > 0 && ids[k - 1] > ids[k]; k--) {
      int64_t other = ids[k];
      ids[k] = ids[k - 1];
      ids[k - 1] = other;
    }
  for (size_t i = 0; i < n; i++) hash = hash_add(hash, ids[i]);
  answer_print(stdout, total, hash);
}

static int ours_ask(Str dir, bool answers) {
  Arena *mem = arena_open((size_t)1 << 30), *own = arena_open((size_t)1 << 30);
  Cx cx = {.mem = mem};
  Search *s = ours_open(&cx, dir);
  size_t max = answers ? 1000000 : 10;
  SearchHit *hits = arena_array(mem, SearchHit, max);
  char question[256];
  FILE *f = open_in(dir, "questions.txt", "r");
  while (line_of(f, question, sizeof question)) {
    Cx one = {.mem = own};
    ours_one(&one, s, question, max, hits, answers);
    arena_reset(own);
  }
  fclose(f);
  search_close(s);
  arena_close(own);
  arena_close(mem);
  return 0;
}

/* ---- SQLite's trigrams ------------------------------------------------------------------------------------------------ */

static sqlite3 *trigram_open(Str dir) {
  sqlite3 *h = NULL;
  char path[4096];
  snprintf(path, sizeof path, "%.*s/trigram.db", SFMT(dir));
  if (sqlite3_open(path, &h) != SQLITE_OK) exit(1);
  sqlite3_exec(h, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16384", NULL, NULL, NULL);
  return h;
}

static sqlite3_stmt *trigram_prepare(sqlite3 *h, const char *text) {
  sqlite3_stmt *s = NULL;
  if (sqlite3_prepare_v2(h, text, -1, &s, NULL) != SQLITE_OK) fprintf(stderr, "%s\n", sqlite3_errmsg(h)), exit(1);
  return s;
}

static int trigram_build(Str dir) {
  static char line[1 << 16];
  sqlite3 *h = trigram_open(dir);
  FILE *f = open_in(dir, "docs.txt", "r");
  int64_t begin = micros(CLOCK_PROCESS_CPUTIME_ID), no = 0;
  sqlite3_exec(h, "CREATE VIRTUAL TABLE doc USING fts5(text, tokenize='trigram')", NULL, NULL, NULL);
  sqlite3_stmt *s = trigram_prepare(h, "INSERT INTO doc(rowid, text) VALUES(?1, ?2)");
  while (line_of(f, line, sizeof line)) {
    if (no % BATCH == 0) sqlite3_exec(h, "BEGIN", NULL, NULL, NULL);
    sqlite3_bind_int64(s, 1, ++no);
    sqlite3_bind_text(s, 2, line, -1, SQLITE_STATIC);
    sqlite3_step(s);
    sqlite3_reset(s);
    if (no % BATCH == 0) sqlite3_exec(h, "COMMIT", NULL, NULL, NULL);
  }
  sqlite3_exec(h, "COMMIT", NULL, NULL, NULL);
  sqlite3_finalize(s);
  sqlite3_exec(h, "INSERT INTO doc(doc) VALUES('optimize')", NULL, NULL, NULL);
  printf("cpu_us %lld\ndocuments %lld\n", (long long)(micros(CLOCK_PROCESS_CPUTIME_ID) - begin), (long long)no);
  sqlite3_close(h);
  fclose(f);
  return 0;
}

static int64_t trigram_count(sqlite3_stmt *s, const char *word) {
  sqlite3_bind_text(s, 1, word, -1, SQLITE_STATIC);
  sqlite3_step(s);
  int64_t n = sqlite3_column_int64(s, 0);
  sqlite3_reset(s);
  return n;
}

static uint64_t trigram_rows(sqlite3_stmt *s, const char *word, int64_t max) {
  uint64_t hash = 14695981039346656037ULL;
  sqlite3_bind_text(s, 1, word, -1, SQLITE_STATIC);
  sqlite3_bind_int64(s, 2, max);
  while (sqlite3_step(s) == SQLITE_ROW) hash = hash_add(hash, sqlite3_column_int64(s, 0) - 1);
  sqlite3_reset(s);
  return hash;
}

/* The +: SQLite 3.40 hands LIKE to the index even for two characters, which then finds nothing. */
static int trigram_ask(Str dir, bool answers) {
  sqlite3 *h = trigram_open(dir);
  sqlite3_stmt *count[2] = {trigram_prepare(h, "SELECT count(*) FROM doc WHERE +text LIKE ?1"), trigram_prepare(h, "SELECT count(*) FROM doc WHERE doc MATCH ?1")};
  sqlite3_stmt *rows[2] = {trigram_prepare(h, "SELECT rowid FROM doc WHERE +text LIKE ?1 ORDER BY rowid LIMIT ?2"),
                           trigram_prepare(h, "SELECT rowid FROM doc WHERE doc MATCH ?1 ORDER BY rowid LIMIT ?2")};
  char question[256], word[300];
  FILE *f = open_in(dir, "questions.txt", "r");
  while (line_of(f, question, sizeof question)) {
    size_t chars = utf8_count(str_of(question));
    bool looked_up = chars >= 3;
    snprintf(word, sizeof word, looked_up ? "\"%s\"" : "%%%s%%", question);
    int64_t begin = micros(CLOCK_MONOTONIC), n = trigram_count(count[looked_up], word);
    uint64_t hash = trigram_rows(rows[looked_up], word, answers ? 1000000000 : 10);
    int64_t took = micros(CLOCK_MONOTONIC) - begin;
    if (answers) answer_print(stdout, n, hash);
    else printf("%zu %lld\n", chars, (long long)took);
  }
  for (int i = 0; i < 2; i++) sqlite3_finalize(count[i]), sqlite3_finalize(rows[i]);
  fclose(f);
  sqlite3_close(h);
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 5 && !strcmp(argv[1], "make")) {
    Arena *mem = arena_open((size_t)4 << 30);
    int rc = do_make(mem, str_of(argv[2]), str_of(argv[3]), strtoll(argv[4], NULL, 10));
    arena_close(mem);
    return rc;
  }
  if (argc != 4) return fprintf(stderr, "see the head of bench/search/search.c\n"), 2;
  bool ours = !strcmp(argv[1], "ours"), build = !strcmp(argv[3], "build"), answers = !strcmp(argv[3], "answers");
  Str dir = str_of(argv[2]);
  if (build) return ours ? ours_build(dir) : trigram_build(dir);
  return ours ? ours_ask(dir, answers) : trigram_ask(dir, answers);
}
