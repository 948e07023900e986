/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verb_clock.c: `clock answer`, a filter. Lines that have arrived are answered at once and in order: a
 * slow writer gets each answer as soon as its line is there, a fast one keeps all processors busy.
 */
#include "main/main_int.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CHUNK = 1 << 20, SHARE_LEAST = 16 << 10, WORKERS_MAX = 16 };

typedef struct Share { /* whole lines for one worker */
  const Policy *policy;
  Arena *mem;
  Str lines;
  Buf out;
  pthread_t thread;
} Share;

static void share_answer(Share *s) {
  Str rest = s->lines, line;
  buf_clear(&s->out);
  while (rest.len) {
    str_cut(rest, '\n', &line, &rest);
    line = str_trim(line);
    if (!line.len) continue;
    clock_answer(s->mem, s->policy->calendar, s->policy->lamp, line, &s->out);
    arena_reset(s->mem);
  }
}

static void *share_main(void *arg) {
  share_answer(arg);
  return NULL;
}

static bool write_all(Str text) {
  for (size_t at = 0; at < text.len;) {
    ssize_t n = write(STDOUT_FILENO, text.ptr + at, text.len - at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    at += (size_t)n;
  }
  return true;
}

/* Cuts the lines into as many shares as there are workers, each ending with a line. */
static bool lines_answer(Share *shares, size_t workers, Str lines) {
  size_t used = 0, least = lines.len / workers + 1;
  if (least < SHARE_LEAST) least = SHARE_LEAST;
  while (lines.len) {
    size_t n = lines.len < least ? lines.len : least;
    while (n < lines.len && lines.ptr[n - 1] != '\n') n++;
    shares[used++].lines = str_sub(lines, 0, n);
    lines = str_sub(lines, n, SIZE_MAX);
  }
  for (size_t i = 1; i < used; i++) REQUIRE(pthread_create(&shares[i].thread, NULL, share_main, &shares[i]) == 0);
  if (used) share_answer(&shares[0]);
  bool ok = true;
  for (size_t i = 0; i < used; i++) {
    if (i) pthread_join(shares[i].thread, NULL);
    REQUIRE(!shares[i].out.full);
    ok = ok && write_all(buf_str(&shares[i].out));
  }
  return ok;
}

/* A line longer than the buffer is answered as what it is: too long. */
static bool too_long(void) {
  return write_all(S("{\"error\":{\"field\":\"\",\"text\":\"这一行超过 1 MiB，没有读\"}}\n"));
}

static bool filter(Share *shares, size_t workers, char *buf) {
  size_t len = 0;
  bool skipping = false;
  for (;;) {
    ssize_t got = read(STDIN_FILENO, buf + len, CHUNK - len);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    len += (size_t)got;
    size_t whole = len;
    while (whole && buf[whole - 1] != '\n') whole--;
    if (!got) whole = len; /* the last line may lack its end */
    size_t from = 0;
    if (skipping && whole) {
      while (buf[from] != '\n' && from + 1 < whole) from++;
      from++;
      skipping = false;
    }
    if (whole > from && !lines_answer(shares, workers, (Str){.ptr = buf + from, .len = whole - from})) return false;
    if (!got) return true;
    memmove(buf, buf + whole, len - whole);
    len -= whole;
    if (len == CHUNK) {
      if (!skipping && !too_long()) return false;
      skipping = true;
      len = 0;
    }
  }
}

int verb_clock_answer(Cx *cx, const Options *o) {
  const Policy *p = NULL;
  Share shares[WORKERS_MAX + 1] = {0};
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  size_t workers = online < 1 ? 1 : online > WORKERS_MAX ? WORKERS_MAX : (size_t)online;
  if (package_load(cx, o->policy, &p) != OK) return report_fault(cx);
  for (size_t i = 0; i < workers; i++) {
    shares[i] = (Share){.policy = p, .mem = arena_open((size_t)256 << 20)};
    buf_init(&shares[i].out, (size_t)1 << 30);
  }
  char *buf = malloc(CHUNK);
  REQUIRE(buf != NULL);
  bool ok = filter(shares, workers, buf);
  if (!ok && errno != EPIPE) fprintf(stderr, "错误：读写中断：%s\n", strerror(errno));
  free(buf);
  for (size_t i = 0; i < workers; i++) {
    arena_close(shares[i].mem);
    buf_drop(&shares[i].out);
  }
  return ok ? EXIT_DONE : EXIT_FAULT;
}
