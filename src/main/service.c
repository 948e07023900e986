/* SPDX-License-Identifier: Apache-2.0 */
#include "main/service.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { SOCKETS_MAX = 16 };

/* A number that another process was meant by does not count: LISTEN_PID, WATCHDOG_PID. */
static bool is_ours(const char *name) {
  const char *pid = getenv(name);
  int64_t n;
  return pid && str_to_i64(str_of(pid), &n) && n == (int64_t)getpid();
}

static int64_t number(const char *name, int64_t max) {
  const char *text = getenv(name);
  int64_t n;
  return text && str_to_i64(str_of(text), &n) && n > 0 && n <= max ? n : 0;
}

void service_begin(Arena *mem, Service *s) {
  static const char *const names[] = {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"};
  const char *notify = getenv("NOTIFY_SOCKET");
  *s = (Service){.notify = arena_str(mem, str_of(notify))};
  if (is_ours("LISTEN_PID")) s->sockets = (int)number("LISTEN_FDS", SOCKETS_MAX);
  if (!getenv("WATCHDOG_PID") || is_ours("WATCHDOG_PID")) s->watchdog_us = number("WATCHDOG_USEC", INT64_MAX);
  for (int i = 0; i < s->sockets; i++) fcntl(SERVICE_FIRST + i, F_SETFD, FD_CLOEXEC);
  for (size_t i = 0; i < COUNT(names); i++) unsetenv(names[i]);
}

void service_tell(const Service *s, Str lines) {
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  if (!s->notify.len || s->notify.len >= sizeof to.sun_path || (s->notify.ptr[0] != '/' && s->notify.ptr[0] != '@')) return;
  memcpy(to.sun_path, s->notify.ptr, s->notify.len);
  if (to.sun_path[0] == '@') to.sun_path[0] = '\0';
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + s->notify.len);
  ssize_t n = sendto(fd, lines.ptr, lines.len, MSG_NOSIGNAL, (const struct sockaddr *)&to, len);
  (void)n;
  close(fd);
}

void service_reloading(const Service *s) {
  char text[64];
  int n = snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%lld\n", (long long)clock_steady_us());
  service_tell(s, (Str){.ptr = text, .len = (size_t)n});
}
