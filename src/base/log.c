/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { LINE = 4096 };

/* One of the two writable statics that the house allows. */
static struct {
  atomic_int least, format;
} logs = {LOG_INFO, LOG_TEXT};

void log_level(LogLevel least) {
  atomic_store(&logs.least, (int)least);
}

void log_format(LogFormat f) {
  atomic_store(&logs.format, (int)f);
}

/* What goes to stderr goes there from one instant to the next: no line is lost between two files. */
Code log_file(Cx *cx, Str path) {
  int fd = open(arena_z(cx->mem, path), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640);
  if (fd < 0 || dup2(fd, STDERR_FILENO) < 0) {
    int why = errno;
    if (fd >= 0) close(fd);
    FAIL(READONLY, "不能写日志文件 %.*s：%s", SFMT(path), strerror(why));
  }
  close(fd);
  return OK;
}

/* Escapes C0, DEL and, as UTF-8 writes them (C2 80 to C2 9F), C1: a terminal obeys all of these. In JSON the quote and
 * the backslash too. */
static size_t clean(const char *text, size_t len, bool json, char *out, size_t room) {
  size_t n = 0;
  unsigned char before = 0;
  for (size_t i = 0; i < len && n + 8 < room; i++) {
    unsigned char c = (unsigned char)text[i];
    bool c1 = before == 0xC2 && c >= 0x80 && c <= 0x9F;
    before = c;
    if (c1) n -= 1; /* take back the C2 */
    if (c1 || c < 0x20 || c == 0x7F) n += (size_t)snprintf(out + n, room - n, json ? "\\u00%02x" : "\\x%02x", c);
    else if (json && (c == '"' || c == '\\')) n += (size_t)snprintf(out + n, room - n, "\\%c", c);
    else out[n++] = (char)c;
  }
  out[n] = 0;
  return n;
}

/* A text that was cut ends with … and not in the middle of a character. */
static void mark_cut(char *text, size_t room) {
  size_t n = room - 1 - 3;
  while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80) n--;
  memcpy(text + n, "…", 4);
}

static size_t begin(char *line, LogLevel level, bool json) {
  static const char *const names[] = {"DEBUG", "INFO", "WARN", "ERROR"}, *const small[] = {"debug", "info", "warn", "error"};
  int64_t now = clock_now_ms();
  Day day = day_of(now);
  int y, m, d, sec = (int)((now - day_start(day)) / 1000);
  day_split(day, &y, &m, &d);
  return (size_t)snprintf(line, LINE, json ? "{\"time\":\"%04d-%02d-%02dT%02d:%02d:%02d+08:00\",\"level\":\"%s\"" : "%04d-%02d-%02dT%02d:%02d:%02d+08:00 %s",
                          y, m, d, sec / 3600, sec / 60 % 60, sec % 60, json ? small[level] : names[level]);
}

/* One write: lines of several threads do not mix. */
static void end(char *line, size_t n, bool json) {
  if (json) line[n++] = '}';
  line[n++] = '\n';
  if (write(STDERR_FILENO, line, n) < 0) return;
}

/* ,"name":"value" or, after what `lead` says, the value alone */
static size_t member(char *line, size_t n, const char *name, Str value, bool json) {
  if (!json) {
    line[n++] = ' ';
    return n + clean(value.ptr, value.len, false, line + n, LINE - 8 - n);
  }
  n += (size_t)snprintf(line + n, LINE - n, ",\"%s\":\"", name);
  n += clean(value.ptr, value.len, true, line + n, LINE - 8 - n);
  line[n++] = '"';
  return n;
}

void log_line(LogLevel level, const char *fmt, ...) {
  if ((int)level < atomic_load(&logs.least)) return;
  bool json = atomic_load(&logs.format) == LOG_JSON;
  char text[2048], line[LINE];
  va_list ap;
  va_start(ap, fmt);
  int whole = vsnprintf(text, sizeof text, fmt, ap);
  va_end(ap);
  if (whole < 0) text[0] = 0;
  if (whole >= (int)sizeof text) mark_cut(text, sizeof text);
  size_t n = begin(line, level, json);
  end(line, member(line, n, "text", str_of(text), json), json);
}

void log_parts(LogLevel level, const char *event, const LogPart *parts, size_t count) {
  if ((int)level < atomic_load(&logs.least)) return;
  bool json = atomic_load(&logs.format) == LOG_JSON;
  char line[LINE];
  size_t n = member(line, begin(line, level, json), "event", str_of(event), json);
  for (size_t i = 0; i < count && n < LINE - 700; i++) {
    Str v = str_sub(parts[i].value, 0, 500);
    while (v.len && v.len < parts[i].value.len && ((unsigned char)parts[i].value.ptr[v.len] & 0xC0) == 0x80) v.len--;
    bool quote = !json && (!v.len || str_has(v, S(" ")));
    if (json) {
      n = member(line, n, parts[i].name, v, true);
      continue;
    }
    n += (size_t)snprintf(line + n, LINE - n, " %s=%s", parts[i].name, quote ? "\"" : "");
    n += clean(v.ptr, v.len, false, line + n, LINE - 8 - n);
    if (quote) line[n++] = '"';
  }
  end(line, n, json);
}
