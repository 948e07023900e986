/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

/* One of the two writable statics that the house allows. */
static atomic_int least_level = LOG_INFO;

void log_level(LogLevel least) {
  atomic_store(&least_level, (int)least);
}

/* Escapes C0, DEL and, as UTF-8 writes them (C2 80 to C2 9F), C1: a terminal obeys all of these. */
static size_t clean(const char *text, char *out, size_t room) {
  size_t n = 0;
  unsigned char before = 0;
  for (; *text && n + 5 < room; text++) {
    unsigned char c = (unsigned char)*text;
    bool c1 = before == 0xC2 && c >= 0x80 && c <= 0x9F;
    before = c;
    if (c1) n -= 1; /* take back the C2 */
    if (c1 || c < 0x20 || c == 0x7F) n += (size_t)snprintf(out + n, room - n, "\\x%02x", c);
    else out[n++] = (char)c;
  }
  return n;
}

/* A text that was cut ends with … and not in the middle of a character. */
static void mark_cut(char *text, size_t room) {
  size_t n = room - 1 - 3;
  while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80) n--;
  memcpy(text + n, "…", 4);
}

void log_line(LogLevel level, const char *fmt, ...) {
  static const char *const names[] = {"DEBUG", "INFO", "WARN", "ERROR"};
  if ((int)level < atomic_load(&least_level)) return;
  char text[2048], line[4096];
  va_list ap;
  va_start(ap, fmt);
  int whole = vsnprintf(text, sizeof text, fmt, ap);
  va_end(ap);
  if (whole < 0) text[0] = 0;
  if (whole >= (int)sizeof text) mark_cut(text, sizeof text);
  int64_t now = clock_now_ms();
  Day day = day_of(now);
  int y, m, d, sec = (int)((now - day_start(day)) / 1000);
  day_split(day, &y, &m, &d);
  size_t n = (size_t)snprintf(line, sizeof line, "%04d-%02d-%02dT%02d:%02d:%02d+08:00 %s ", y, m, d,
                              sec / 3600, sec / 60 % 60, sec % 60, names[level]);
  n += clean(text, line + n, sizeof line - n - 1);
  line[n++] = '\n';
  /* One write: lines of several threads do not mix. */
  if (write(STDERR_FILENO, line, n) < 0) return;
}
