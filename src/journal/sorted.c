/* SPDX-License-Identifier: Apache-2.0 */
/* sorted.c: records sorted in memory, and in runs in a file when there are too many: keys are bytes, compared as such. */
#include "journal/sorted.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST = 32 << 20, READ_ALL = 32 << 20, READ_LEAST = 1 << 16, WRITE_BYTES = 1 << 20, HEAD = 2 * sizeof(uint32_t) };

typedef struct Order { /* so much of the key that records need hardly ever be looked at to compare two */
  uint64_t first, second;
  const uint8_t *at;   /* bytes of the key, of the record, then both */
} Order;

typedef struct Run {   /* in the file from `at` on; what is read of it */
  int64_t at, end;
  uint8_t *bytes;
  size_t begin, have, cap;
} Run;

struct Sorted {
  char *path;
  size_t most, cap, len; /* bytes in memory: when there is a run, all there is, used */
  uint8_t *bytes;
  Order *list;
  size_t count, list_cap, given;
  int fd;
  int64_t file_len;
  Run *runs;
  size_t run_count, run_cap;
  size_t *heap, heap_len; /* numbers of runs, the one with the least key first */
  uint8_t *key;           /* of what was given */
  size_t key_cap;
  bool reads, moves;      /* moves: the first of the heap was given and is done with */
};

Sorted *sorted__open(Str path, size_t most) {
  Sorted *s = calloc(1, sizeof *s);
  REQUIRE(s != NULL);
  s->path = strndup(path.ptr, path.len);
  REQUIRE(s->path != NULL);
  s->most = most ? most : MOST;
  s->fd = -1;
  return s;
}

void sorted__close(Sorted *s) {
  if (!s) return;
  for (size_t i = 0; i < s->run_count; i++) free(s->runs[i].bytes);
  if (s->fd >= 0) close(s->fd);
  free(s->runs);
  free(s->heap);
  free(s->key);
  free(s->list);
  free(s->bytes);
  free(s->path);
  free(s);
}

static uint32_t key_len(const uint8_t *at) {
  uint32_t n;
  memcpy(&n, at, sizeof n);
  return n;
}

static uint32_t record_len(const uint8_t *at) {
  return key_len(at + sizeof(uint32_t));
}

static size_t entry_len(const uint8_t *at) {
  return HEAD + (size_t)key_len(at) + record_len(at);
}

static int by_key(const uint8_t *a, const uint8_t *b) {
  uint32_t n = key_len(a), m = key_len(b);
  int order = memcmp(a + HEAD, b + HEAD, n < m ? n : m);
  return order ? order : (n > m) - (n < m);
}

static int by_order(const void *x, const void *y) {
  const Order *a = x, *b = y;
  if (a->first != b->first) return a->first < b->first ? -1 : 1;
  if (a->second != b->second) return a->second < b->second ? -1 : 1;
  int order = by_key(a->at, b->at);
  return order ? order : (a->at > b->at) - (a->at < b->at); /* the one that came first */
}

static uint64_t eight(const uint8_t *p, size_t n) {
  uint64_t x = 0;
  memcpy(&x, p, n < sizeof x ? n : sizeof x);
  return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap64(x) : x;
}

/* What is written at each event often comes in order. */
static void sort(Sorted *s) {
  size_t i = 1;
  while (i < s->count && by_order(&s->list[i - 1], &s->list[i]) < 0) i++;
  if (i < s->count) qsort(s->list, s->count, sizeof *s->list, by_order);
}

static bool again(const Sorted *s, size_t i) {
  return i && s->list[i].first == s->list[i - 1].first && !by_key(s->list[i].at, s->list[i - 1].at);
}

/* ---- runs ---------------------------------------------------------------------------------------- */

static Code file_add(Cx *cx, Sorted *s, const uint8_t *p, size_t n) {
  while (n) {
    ssize_t done = pwrite(s->fd, p, n, s->file_len);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) FAIL(READONLY, "排序用的临时文件写不下去：%s", done ? strerror(errno) : "磁盘已满");
    p += done;
    n -= (size_t)done;
    s->file_len += done;
  }
  return OK;
}

static Code file_begin(Cx *cx, Sorted *s) {
  s->fd = open(s->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (s->fd < 0) FAIL(READONLY, "建不了排序用的临时文件 %s：%s", s->path, strerror(errno));
  unlink(s->path); /* nothing of it is left, whatever happens */
  return OK;
}

static Code run_write(Cx *cx, Sorted *s) {
  uint8_t *out = malloc(WRITE_BYTES);
  size_t have = 0;
  Code code = OK;
  REQUIRE(out != NULL);
  for (size_t i = 0; i < s->count && code == OK; i++) {
    size_t n = entry_len(s->list[i].at);
    if (again(s, i)) continue;
    if (have + n > WRITE_BYTES) {
      code = file_add(cx, s, out, have);
      have = 0;
    }
    if (n > WRITE_BYTES && code == OK) code = file_add(cx, s, s->list[i].at, n);
    if (n > WRITE_BYTES) continue;
    memcpy(out + have, s->list[i].at, n);
    have += n;
  }
  if (code == OK) code = file_add(cx, s, out, have);
  free(out);
  return code;
}

static Code spill(Cx *cx, Sorted *s) {
  if (s->fd < 0) TRY(file_begin(cx, s));
  if (s->run_count == s->run_cap) {
    s->run_cap = s->run_cap ? 2 * s->run_cap : 16;
    s->runs = realloc(s->runs, s->run_cap * sizeof *s->runs);
    REQUIRE(s->runs != NULL);
  }
  int64_t begin = s->file_len;
  sort(s);
  TRY(run_write(cx, s));
  s->runs[s->run_count++] = (Run){.at = begin, .end = s->file_len};
  s->count = s->len = 0;
  return OK;
}

/* ---- putting ------------------------------------------------------------------------------------- */

/* What is there stays where it is: memory grows at once to its most, of which the system gives what is touched. */
Code sorted__room(Cx *cx, Sorted *s, size_t key_most, size_t record_most, uint8_t **key, uint8_t **record) {
  size_t need = HEAD + key_most + record_most;
  REQUIRE(!s->reads && key_most < UINT32_MAX && record_most < UINT32_MAX);
  if (s->count && s->len + need > s->cap) TRY(spill(cx, s));
  if (need > s->cap || !s->bytes) {
    free(s->bytes);
    s->cap = need > s->most ? need : s->most;
    s->bytes = malloc(s->cap);
    REQUIRE(s->bytes != NULL);
  }
  *key = s->bytes + s->len + HEAD;
  *record = *key + key_most;
  return OK;
}

void sorted__put(Sorted *s, const uint8_t *record, size_t key_n, size_t record_n) {
  uint8_t *at = s->bytes + s->len;
  uint32_t lens[2] = {(uint32_t)key_n, (uint32_t)record_n};
  memcpy(at, lens, sizeof lens);
  memmove(at + HEAD + key_n, record, record_n);
  if (s->count == s->list_cap) {
    s->list_cap = s->list_cap ? 2 * s->list_cap : 1024;
    s->list = realloc(s->list, s->list_cap * sizeof *s->list);
    REQUIRE(s->list != NULL);
  }
  s->list[s->count++] = (Order){.at = at, .first = eight(at + HEAD, key_n), .second = key_n > 8 ? eight(at + HEAD + 8, key_n - 8) : 0};
  s->len += HEAD + key_n + record_n;
}

/* ---- reading ------------------------------------------------------------------------------------- */

/* At least n bytes of what comes next stand in memory, if the run has so many. */
static Code run_need(Cx *cx, Sorted *s, Run *r, size_t n) {
  if (r->have - r->begin >= n) return OK;
  memmove(r->bytes, r->bytes + r->begin, r->have - r->begin);
  r->have -= r->begin;
  r->begin = 0;
  if (n > r->cap) {
    r->cap = n;
    r->bytes = realloc(r->bytes, r->cap);
    REQUIRE(r->bytes != NULL);
  }
  while (r->have < n) {
    size_t want = r->cap - r->have;
    if ((int64_t)want > r->end - r->at) want = (size_t)(r->end - r->at);
    ssize_t got = want ? pread(s->fd, r->bytes + r->have, want, r->at) : 0;
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) FAIL(READONLY, "读不回排序用的临时文件：%s", got ? strerror(errno) : "文件短了");
    r->have += (size_t)got;
    r->at += got;
  }
  return OK;
}

/* *there false: the run is over. */
static Code run_load(Cx *cx, Sorted *s, Run *r, bool *there) {
  *there = r->have > r->begin || r->at < r->end;
  if (!*there) return OK;
  TRY(run_need(cx, s, r, HEAD));
  return run_need(cx, s, r, entry_len(r->bytes + r->begin));
}

static bool before(const Sorted *s, size_t a, size_t b) {
  const Run *p = &s->runs[a], *q = &s->runs[b];
  int order = by_key(p->bytes + p->begin, q->bytes + q->begin);
  return order ? order < 0 : a < b;
}

static void sift(Sorted *s, size_t i) {
  for (;;) {
    size_t least = 2 * i + 1;
    if (least >= s->heap_len) return;
    if (least + 1 < s->heap_len && before(s, s->heap[least + 1], s->heap[least])) least++;
    if (!before(s, s->heap[least], s->heap[i])) return;
    size_t other = s->heap[i];
    s->heap[i] = s->heap[least];
    s->heap[least] = other;
    i = least;
  }
}

Code sorted__end(Cx *cx, Sorted *s) {
  if (s->reads) return OK;
  s->reads = true;
  if (!s->run_count) {
    sort(s);
    return OK;
  }
  if (s->count) TRY(spill(cx, s));
  free(s->bytes);
  free(s->list);
  s->bytes = NULL;
  s->list = NULL;
  s->heap = calloc(s->run_count, sizeof *s->heap);
  REQUIRE(s->heap != NULL);
  for (size_t i = 0; i < s->run_count; i++) {
    Run *r = &s->runs[i];
    bool there;
    r->cap = READ_ALL / s->run_count > READ_LEAST ? READ_ALL / s->run_count : READ_LEAST;
    r->bytes = malloc(r->cap);
    REQUIRE(r->bytes != NULL);
    TRY(run_load(cx, s, r, &there));
    if (there) s->heap[s->heap_len++] = i;
  }
  for (size_t i = s->heap_len / 2; i-- > 0;) sift(s, i);
  return OK;
}

/* The first of the heap goes one on. */
static Code first_moves(Cx *cx, Sorted *s) {
  Run *r = &s->runs[s->heap[0]];
  bool there;
  r->begin += entry_len(r->bytes + r->begin);
  TRY(run_load(cx, s, r, &there));
  if (!there) s->heap[0] = s->heap[--s->heap_len];
  sift(s, 0);
  return OK;
}

/* What has the key of the first stands below it, in runs that came later. */
static Code others_move(Cx *cx, Sorted *s) {
  Run *r = &s->runs[s->heap[0]];
  size_t n = key_len(r->bytes + r->begin);
  if (HEAD + n > s->key_cap) {
    s->key_cap = 2 * (HEAD + n);
    s->key = realloc(s->key, s->key_cap);
    REQUIRE(s->key != NULL);
  }
  memcpy(s->key, r->bytes + r->begin, HEAD + n);
  do TRY(first_moves(cx, s));
  while (s->heap_len && !by_key(s->runs[s->heap[0]].bytes + s->runs[s->heap[0]].begin, s->key));
  return OK;
}

Code sorted__next(Cx *cx, Sorted *s, const uint8_t **record, size_t *len) {
  const uint8_t *at = NULL;
  *record = NULL;
  TRY(sorted__end(cx, s));
  if (s->run_count) {
    if (s->moves) TRY(others_move(cx, s));
    s->moves = s->heap_len > 0;
    if (s->moves) at = s->runs[s->heap[0]].bytes + s->runs[s->heap[0]].begin;
  } else {
    while (s->given < s->count && again(s, s->given)) s->given++;
    if (s->given < s->count) at = s->list[s->given++].at;
  }
  if (!at) return OK;
  *record = at + HEAD + key_len(at);
  *len = record_len(at);
  return OK;
}
