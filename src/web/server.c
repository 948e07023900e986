/* SPDX-License-Identifier: Apache-2.0 */
#include "web/loop.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

enum { THREADS = 2, FILES_KEPT = 64 }; /* descriptors for stores, listeners, uploads */

typedef struct Address {
  union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
  } a;
  socklen_t len;
  bool loopback;
} Address;

static Code address_read(Cx *cx, const WebOptions *o, Address *out) {
  Str host = o->listen.len ? o->listen : S("127.0.0.1");
  *out = (Address){0};
  if (host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']') host = str_sub(host, 1, host.len - 2);
  const char *z = arena_z(cx->mem, host);
  if (o->port < 0 || o->port > 65535) FAIL_AT(INVALID, S("port"), S(""), "端口应在 0 至 65535 之间。");
  if (inet_pton(AF_INET, z, &out->a.v4.sin_addr) == 1) {
    out->a.v4.sin_family = AF_INET;
    out->a.v4.sin_port = htons((uint16_t)o->port);
    out->len = sizeof out->a.v4;
    out->loopback = (ntohl(out->a.v4.sin_addr.s_addr) >> 24) == 127;
    return OK;
  }
  if (inet_pton(AF_INET6, z, &out->a.v6.sin6_addr) != 1)
    FAIL_AT(INVALID, S("listen"), S(""), "监听地址 %s 无法识别，例如 127.0.0.1 或 [::1]。", z);
  out->a.v6.sin6_family = AF_INET6;
  out->a.v6.sin6_port = htons((uint16_t)o->port);
  out->len = sizeof out->a.v6;
  out->loopback = IN6_IS_ADDR_LOOPBACK(&out->a.v6.sin6_addr);
  return OK;
}

/* SO_REUSEPORT would let a second server share our port unnoticed; a bind without it tells. The chosen port
 * is written back. */
static Code port_try(Cx *cx, Address *at, int *port) {
  int fd = socket(at->a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
  if (fd < 0) FAIL(INVALID, "不能建立套接字：%s", strerror(errno));
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  socklen_t len = at->len;
  int bad = bind(fd, &at->a.any, at->len) ? errno : getsockname(fd, &at->a.any, &len) ? errno : 0;
  close(fd);
  *port = ntohs(at->a.any.sa_family == AF_INET ? at->a.v4.sin_port : at->a.v6.sin6_port);
  if (bad == EADDRINUSE) FAIL_AT(BUSY, S("port"), S(""), "端口 %d 已被占用，请换一个端口（--port）。", *port);
  if (bad == EACCES)
    FAIL_AT(INVALID, S("port"), S(""), "没有权限使用端口 %d。1024 以下的端口只给 root，请换一个端口（--port）。", *port);
  if (bad == EADDRNOTAVAIL) FAIL_AT(INVALID, S("listen"), S(""), "这台机器没有这个地址，请写本机的一个地址（--listen）。");
  if (bad) FAIL_AT(INVALID, S("listen"), S(""), "不能在这个地址上监听：%s", strerror(bad));
  return OK;
}

static int files_limit(void) {
  struct rlimit r;
  if (getrlimit(RLIMIT_NOFILE, &r) != 0) return 256;
  rlim_t most = r.rlim_cur > 100000 ? 100000 : r.rlim_cur;
  return most > 2 * FILES_KEPT ? (int)most - FILES_KEPT : (int)most / 2;
}

static Code loops_open(Cx *cx, Server *s, Address *at) {
  int want = s->app->options.threads > 0 ? s->app->options.threads : THREADS;
  if (want < s->app->options.sockets) want = s->app->options.sockets; /* each is listened to */
  if (want > LOOPS_MAX) want = LOOPS_MAX;
  for (int i = 0; i < want; i++) {
    Loop *l = NULL;
    Code code = loop_open(cx, s, &at->a.any, at->len, &l);
    s->loops[s->loop_count++] = l;
    TRY(code);
  }
  return OK;
}

static void loops_close(Server *s) {
  for (int i = 0; i < s->loop_count; i++) loop_close(s->loops[i]);
  s->loop_count = 0;
}

/* A socket that was handed over: its port, 0 for one of the file system. */
static Code handed_port(Cx *cx, const WebOptions *o, int *port) {
  struct sockaddr_storage a;
  socklen_t len = sizeof a;
  int fd = o->first_socket, listens = 0;
  socklen_t flag = sizeof listens;
  if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &flag) != 0 || !listens || getsockname(fd, (struct sockaddr *)&a, &len) != 0)
    FAIL(INVALID, "交来的描述符 %d 不是在监听的套接字（LISTEN_FDS）。", fd);
  *port = a.ss_family == AF_INET ? ntohs(((struct sockaddr_in *)(void *)&a)->sin_port) : a.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)(void *)&a)->sin6_port) : 0;
  return OK;
}

static Code port_choose(Cx *cx, const WebOptions *o, Address *at, int *port) {
  return o->sockets ? handed_port(cx, o, port) : port_try(cx, at, port);
}

Code server_open(Cx *cx, App *app, const Route *const *routes, Server **out) {
  Address at = {0};
  if (!app->options.sockets) TRY(address_read(cx, &app->options, &at));
  if (!app->options.sockets && !at.loopback && !app->options.open)
    FAIL_AT(INVALID, S("listen"), S(""), "只在本机监听；要对外开放，请加 --listen-anywhere，并在前面放置 TLS 代理。");
  signal(SIGPIPE, SIG_IGN); /* a peer that leaves is an error of write, not the end of the program */
  Arena *mem = arena_open((size_t)16 << 20);
  Server *s = arena_new(mem, Server);
  s->mem = mem;
  s->app = app;
  s->conn_max = files_limit();
  s->addresses = arena_array(mem, _Atomic int, ADDRESS_BUCKETS);
  random_bytes(&s->address_seed, sizeof s->address_seed);
  Code code = web_open(cx, app, routes, &s->web);
  if (code == OK) code = port_choose(cx, &app->options, &at, &s->port);
  if (code == OK) code = loops_open(cx, s, &at);
  if (code != OK) {
    loops_close(s);
    web_close(s->web);
    arena_close(mem);
    return code;
  }
  for (int i = 0; i < s->loop_count; i++)
    REQUIRE(pthread_create(&s->loops[i]->thread, NULL, loop_run, s->loops[i]) == 0);
  log_line(LOG_INFO, "listening on port %d, %d loops%s", s->port, s->loop_count, app->options.sockets ? ", handed over" : "");
  *out = s;
  return OK;
}

int server_port(const Server *s) {
  return s->port;
}

bool server_alive(const Server *s, int64_t ms) {
  for (int i = 0; i < s->loop_count; i++)
    if (loop_clock() - atomic_load(&s->loops[i]->beat) > ms) return false;
  return true;
}

void server_stop(Server *s) {
  atomic_store(&s->web->stopping, true);
  atomic_store(&s->stop, true);
  uint64_t one = 1;
  for (int i = 0; i < s->loop_count; i++) {
    ssize_t n = write(s->loops[i]->wake_fd, &one, sizeof one);
    (void)n; /* a full counter wakes as well */
  }
}

void server_wait(Server *s) {
  for (int i = 0; i < s->loop_count; i++) pthread_join(s->loops[i]->thread, NULL);
}

void server_close(Server *s) {
  web_close(s->web); /* workers first: they may hold exchanges */
  loops_close(s);
  arena_close(s->mem);
}
