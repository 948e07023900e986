/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions live in memory: a restart ends them, and what was typed is kept by the resume page. A slot is found
 * by the SHA-256 of its token; the token itself is known to the browser alone. */
#include "web/web_int.h"

#include <pthread.h>

enum { USER_BYTES = 100, TOKEN_BYTES = 32 };

typedef struct Slot {
  bool live;
  Hash id;
  char user[USER_BYTES];
  size_t user_len;
  Secret csrf;
  int64_t created, seen, password_at;
  uint32_t next; /* index + 1 of the next slot with the same bucket; 0 = none */
} Slot;

struct Sessions {
  Arena *mem;
  pthread_mutex_t lock;
  Slot *slots;
  uint32_t *buckets; /* index + 1 */
  size_t count;      /* slots, and buckets */
  int64_t idle_ms, whole_ms;
};

Sessions *sessions_open(size_t slots, int64_t idle_ms, int64_t whole_ms) {
  Arena *mem = arena_open(slots * (sizeof(Slot) + sizeof(uint32_t)) + (1 << 20));
  Sessions *s = arena_new(mem, Sessions);
  s->mem = mem;
  s->slots = arena_array(mem, Slot, slots);
  s->buckets = arena_array(mem, uint32_t, slots);
  s->count = slots;
  s->idle_ms = idle_ms;
  s->whole_ms = whole_ms;
  REQUIRE(pthread_mutex_init(&s->lock, NULL) == 0);
  return s;
}

void sessions_close(Sessions *s) {
  if (!s) return;
  pthread_mutex_destroy(&s->lock);
  arena_close(s->mem);
}

static size_t bucket_of(const Sessions *s, Hash id) {
  uint64_t h = 0;
  for (size_t i = 0; i < 8; i++) h = h << 8 | id.b[i];
  return (size_t)(h % s->count);
}

static bool is_over(const Sessions *s, const Slot *t, int64_t now) {
  return now - t->seen >= s->idle_ms || now - t->created >= s->whole_ms || now < t->created;
}

static Slot *slot_find(Sessions *s, Hash id) {
  for (uint32_t i = s->buckets[bucket_of(s, id)]; i; i = s->slots[i - 1].next)
    if (hash_eq(s->slots[i - 1].id, id)) return &s->slots[i - 1];
  return NULL;
}

static void slot_end(Sessions *s, Slot *t) {
  uint32_t me = (uint32_t)(t - s->slots) + 1;
  uint32_t *link = &s->buckets[bucket_of(s, t->id)];
  while (*link && *link != me) link = &s->slots[*link - 1].next;
  if (*link) *link = t->next;
  *t = (Slot){0};
}

/* A free slot; ended ones count as free. When there is none, the one idle longest is ended. */
static Slot *slot_free(Sessions *s, int64_t now) {
  Slot *oldest = &s->slots[0];
  for (size_t i = 0; i < s->count; i++) {
    Slot *t = &s->slots[i];
    if (!t->live) return t;
    if (is_over(s, t, now)) {
      slot_end(s, t);
      return t;
    }
    if (t->seen < oldest->seen) oldest = t;
  }
  slot_end(s, oldest);
  return oldest;
}

static void slot_copy(const Slot *t, Arena *mem, Session *out) {
  *out = (Session){.user = arena_str(mem, (Str){.ptr = t->user, .len = t->user_len}), .csrf = t->csrf,
                   .created = t->created, .seen = t->seen, .password_at = t->password_at};
}

Str sessions_start(Sessions *s, Arena *mem, Str user, int64_t password_at, int64_t now, Session *out) {
  REQUIRE(user.len < USER_BYTES);
  Str token = random_token(mem, TOKEN_BYTES);
  Hash id = hash_bytes(SUITE_INTL, token);
  pthread_mutex_lock(&s->lock);
  Slot *t = slot_free(s, now);
  size_t bucket = bucket_of(s, id);
  *t = (Slot){.live = true, .id = id, .user_len = user.len, .created = now, .seen = now,
              .password_at = password_at, .next = s->buckets[bucket]};
  memcpy(t->user, user.ptr, user.len);
  random_bytes(t->csrf.b, sizeof t->csrf.b);
  s->buckets[bucket] = (uint32_t)(t - s->slots) + 1;
  slot_copy(t, mem, out);
  pthread_mutex_unlock(&s->lock);
  return token;
}

bool sessions_find(Sessions *s, Arena *mem, Str token, int64_t now, Session *out) {
  if (token.len < 40 || token.len > 60) return false;
  Hash id = hash_bytes(SUITE_INTL, token);
  pthread_mutex_lock(&s->lock);
  Slot *t = slot_find(s, id);
  bool good = t && !is_over(s, t, now);
  if (good) {
    if (now > t->seen) t->seen = now;
    slot_copy(t, mem, out);
  } else if (t) {
    slot_end(s, t);
  }
  pthread_mutex_unlock(&s->lock);
  return good;
}

void sessions_end(Sessions *s, Str token) {
  Hash id = hash_bytes(SUITE_INTL, token);
  pthread_mutex_lock(&s->lock);
  Slot *t = slot_find(s, id);
  if (t) slot_end(s, t);
  pthread_mutex_unlock(&s->lock);
}

size_t sessions_count(Sessions *s, int64_t now) {
  size_t n = 0;
  pthread_mutex_lock(&s->lock);
  for (size_t i = 0; i < s->count; i++) n += s->slots[i].live && !is_over(s, &s->slots[i], now);
  pthread_mutex_unlock(&s->lock);
  return n;
}
