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

static size_t clean(const char *text, char *out, size_t room) {
  size_t n = 0;
  for (; *text && n + 5 < room; text++) {
    unsigned char c = (unsigned char)*text;
    if (c >= 0x20 && c != 0x7F) out[n++] = (char)c;
    else n += (size_t)snprintf(out + n, room - n, "\\x%02x", c);
  }
  return n;
}

void log_line(LogLevel level, const char *fmt, ...) {
  static const char *const names[] = {"DEBUG", "INFO", "WARN", "ERROR"};
  if ((int)level < atomic_load(&least_level)) return;
  char text[2048], line[4096];
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(text, sizeof text, fmt, ap);
  va_end(ap);
  int64_t now = clock_now_ms();
  Day day = day_of(now);
  int y, m, d, sec = (int)((now - day_start(day)) / 1000);
  day_split(day, &y, &m, &d);
  size_t n = (size_t)snprintf(line, sizeof line, "%04d-%02d-%02dT%02d:%02d:%02d+08:00 %s ", y, m, d, sec / 3600,
                              sec / 60 % 60, sec % 60, names[level]);
  n += clean(text, line + n, sizeof line - n - 1);
  line[n++] = '\n';
  /* One write: lines of several threads do not mix. */
  if (write(STDERR_FILENO, line, n) < 0) return;
}
