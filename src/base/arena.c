/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arena.c: bump allocation in chained blocks. The first block is 4 KiB (states in a cache are small
 * and many); each next block doubles, up to 1 MiB, or fits the request. Memory is zeroed when it is
 * handed out, so that reset need not touch it.
 */
#include "base/base.h"
#include "base/json_int.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define POISONING 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISONING 1
#endif
#endif
#ifdef POISONING
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif

enum { FIRST_SIZE = 4 * 1024, BLOCK_SIZE_MAX = 1 << 20 };

typedef struct Block Block;
struct Block {
  Block *next;
  size_t size, used;
  _Alignas(16) char data[];
};

struct Arena {
  size_t cap, used;
  Block *last;  /* where the next bytes come from */
  Block *first; /* freed only with the arena */
};

static Block *block_make(size_t size) {
  size_t whole;
  REQUIRE(!__builtin_add_overflow(size, sizeof(Block), &whole));
  Block *b = malloc(whole);
  REQUIRE(b != NULL);
  *b = (Block){.size = size};
  POISON(b->data, size);
  return b;
}

void arena_keep_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
  mallopt(M_TRIM_THRESHOLD, 32 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
}

void arena_return_memory(void) {
  (void)malloc_trim(0);
}

Arena *arena_open(size_t cap) {
  return arena_open_large(cap, FIRST_SIZE);
}

Arena *arena_open_large(size_t cap, size_t first) {
  Arena *a = malloc(sizeof *a);
  REQUIRE(a != NULL);
  Block *b = block_make(first);
  *a = (Arena){.cap = cap, .first = b, .last = b};
  return a;
}

static void blocks_free(Block *b) {
  while (b) {
    Block *next = b->next;
    UNPOISON(b->data, b->size);
    free(b);
    b = next;
  }
}

void arena_close(Arena *a) {
  if (!a) return;
  blocks_free(a->first);
  free(a);
}

void arena_close_p(Arena **a) {
  arena_close(*a);
  *a = NULL;
}

void arena_reset(Arena *a) {
  blocks_free(a->first->next);
  a->first->next = NULL;
  a->first->used = 0;
  POISON(a->first->data, a->first->size);
  a->last = a->first;
  a->used = 0;
}

size_t arena_used(const Arena *a) {
  return a->used;
}

static Block *arena_grow(Arena *a, size_t bytes) {
  size_t size = a->last->size < BLOCK_SIZE_MAX / 2 ? a->last->size * 2 : BLOCK_SIZE_MAX;
  if (size < bytes) size = bytes;
  Block *b = block_make(size);
  a->last->next = b;
  a->last = b;
  return b;
}

__attribute__((noinline, cold)) static char *arena_take_slow(Arena *a, size_t bytes, size_t align) {
  size_t with_pad;
  REQUIRE(align > 0 && align <= 16 && (align & (align - 1)) == 0);
  REQUIRE(!__builtin_add_overflow(bytes, align, &with_pad));
  REQUIRE(bytes <= a->cap - a->used); /* before the system is asked for it */
  Block *b = arena_grow(a, with_pad);
  a->used += bytes;
  b->used = bytes;
  UNPOISON(b->data, bytes);
  return b->data;
}

/* Not zeroed: for callers that fill it at once. Every event takes dozens of pieces: the usual way is short. */
static inline char *arena_take(Arena *a, size_t bytes, size_t align) {
  Block *b = a->last;
  size_t at = (b->used + align - 1) & ~(align - 1), room = b->size - at;
  bool odd = align > 16 || !align || (align & (align - 1));
  if (odd || at > b->size || room < bytes || a->cap - a->used < bytes) return arena_take_slow(a, bytes, align);
  a->used += bytes;
  b->used = at + bytes;
  UNPOISON(b->data + at, bytes);
  return b->data + at;
}

void *arena__room(Arena *a, size_t n, size_t size, size_t align) {
  size_t bytes;
  REQUIRE(!__builtin_mul_overflow(n, size, &bytes));
  return arena_take(a, bytes, align);
}

void *arena_alloc(Arena *a, size_t n, size_t size, size_t align) {
  void *p = arena__room(a, n, size, align);
  memset(p, 0, n * size);
  return p;
}

Str arena_str(Arena *a, Str s) {
  char *p = arena_take(a, s.len + 1, 1);
  if (s.len) memcpy(p, s.ptr, s.len);
  p[s.len] = '\0';
  return (Str){.ptr = p, .len = s.len};
}

const char *arena_z(Arena *a, Str s) {
  return arena_str(a, s).ptr;
}

Str arena_vfmt(Arena *a, const char *fmt, va_list ap) {
  char most[256]; /* nearly all fit: formatted once */
  va_list again;
  va_copy(again, ap);
  int n = vsnprintf(most, sizeof most, fmt, ap);
  REQUIRE(n >= 0);
  char *p = arena_take(a, (size_t)n + 1, 1);
  if ((size_t)n < sizeof most) memcpy(p, most, (size_t)n + 1);
  else vsnprintf(p, (size_t)n + 1, fmt, again);
  va_end(again);
  return (Str){.ptr = p, .len = (size_t)n};
}

Str arena_fmt(Arena *a, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  Str s = arena_vfmt(a, fmt, ap);
  va_end(ap);
  return s;
}
