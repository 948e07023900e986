/* SPDX-License-Identifier: Apache-2.0 */
#include "web/loop.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { TICK_MS = 500, LATE_MS = 1000, REQUEST_MEMORY = 256 << 20 };

int64_t loop_clock(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

Arena *loop_arena(Loop *l) {
  return l->spare_count ? l->spare[--l->spare_count] : arena_open(REQUEST_MEMORY);
}

void loop_arena_back(Loop *l, Arena *mem) {
  arena_reset(mem);
  if (l->spare_count < SPARE_ARENAS) l->spare[l->spare_count++] = mem;
  else arena_close(mem);
}

void loop_post(void *loop, Exchange *x) {
  Loop *l = loop;
  x->posted_next = NULL;
  pthread_mutex_lock(&l->lock);
  if (l->posted_last) l->posted_last->posted_next = x;
  else l->posted = x;
  l->posted_last = x;
  pthread_mutex_unlock(&l->lock);
  uint64_t one = 1;
  ssize_t n = write(l->wake_fd, &one, sizeof one);
  (void)n; /* a full counter means that the loop is awake already */
}

static Exchange *posted_take(Loop *l) {
  pthread_mutex_lock(&l->lock);
  Exchange *x = l->posted;
  if (x) l->posted = x->posted_next;
  if (!l->posted) l->posted_last = NULL;
  pthread_mutex_unlock(&l->lock);
  return x;
}

static void stop_begin(Loop *l) {
  if (l->stopping) return;
  l->stopping = true;
  l->stop_at = l->now + DRAIN_MS;
  if (l->server->app->options.sockets) { /* whoever comes now waits in the socket, which is not ours, for the next server */
    evconnlistener_free(l->listener);
    l->listener = NULL;
  }
  for (Conn *c = l->conns, *next; c; c = next) {
    next = conn_next(c);
    conn_stop(c);
  }
}

static void stop_look(Loop *l) {
  if (atomic_load(&l->server->stop)) stop_begin(l);
  if (!l->stopping || (l->conn_count > l->late_count && l->now <= l->stop_at)) return;
  if (l->listener) { /* from now on nobody comes; who has been told to come again may still read it */
    evconnlistener_free(l->listener);
    l->listener = NULL;
    if (l->stop_at > l->now + LATE_MS) l->stop_at = l->now + LATE_MS;
  }
  if (l->conn_count && l->now <= l->stop_at) return;
  for (Conn *c = l->conns; c; c = conn_next(c))
    if (conn_waits(c)) return; /* the writer always answers */
  event_base_loopbreak(l->base);
}

static void on_wake(evutil_socket_t fd, short what, void *arg) {
  (void)what;
  Loop *l = arg;
  uint64_t count;
  ssize_t n = read(fd, &count, sizeof count);
  (void)n; /* the list says what has come, not the counter */
  l->now = loop_clock();
  for (Exchange *x; (x = posted_take(l));) conn_resume(x);
  stop_look(l);
}

/* Nobody has asked for a while: pages that listen for news do not count. */
static void rest_look(Loop *l) {
  if (!l->asked || l->now - l->asked < REST_MS) return;
  while (l->spare_count) arena_close(l->spare[--l->spare_count]);
  reader_rest(l->reader);
  lender_rest(l->server->web->lender);
  l->asked = 0;
}

static void on_tick(evutil_socket_t fd, short what, void *arg) {
  (void)fd;
  (void)what;
  Loop *l = arg;
  l->now = loop_clock();
  atomic_store(&l->beat, l->now);
  if (l->listener) evconnlistener_enable(l->listener);
  news_read(l);
  for (Conn *c = l->conns, *next; c; c = next) {
    next = conn_next(c);
    conn_tick(l, c);
  }
  rest_look(l);
  stop_look(l);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *peer, int len, void *arg) {
  (void)listener;
  (void)len;
  conn_accept(arg, fd, peer);
}

/* Out of file descriptors: rest until the next tick instead of spinning. */
static void on_accept_error(struct evconnlistener *listener, void *arg) {
  (void)arg;
  log_line(LOG_WARN, "accept: %s", strerror(errno));
  evconnlistener_disable(listener);
}

/* One that was handed over may be listened to by several loops; it is closed by the end of the process. */
static Code listen_handed(Cx *cx, Loop *l) {
  const WebOptions *o = &l->server->app->options;
  int fd = o->first_socket + l->server->loop_count % o->sockets;
  if (evutil_make_socket_nonblocking(fd) != 0) FAIL(INVALID, "交来的套接字 %d 不能用：%s", fd, strerror(errno));
  l->listener = evconnlistener_new(l->base, on_accept, l, LEV_OPT_CLOSE_ON_EXEC, 0, fd);
  if (!l->listener) FAIL(INVALID, "不能在交来的套接字 %d 上监听：%s", fd, strerror(errno));
  evconnlistener_set_error_cb(l->listener, on_accept_error);
  return OK;
}

static Code listen_open(Cx *cx, Loop *l, const struct sockaddr *address, socklen_t len) {
  if (l->server->app->options.sockets) return listen_handed(cx, l);
  unsigned flags = LEV_OPT_REUSEABLE | LEV_OPT_REUSEABLE_PORT | LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC;
  l->listener = evconnlistener_new_bind(l->base, on_accept, l, flags, 1024, address, (int)len);
  if (!l->listener) FAIL(errno == EADDRINUSE ? BUSY : INVALID, "不能在这个地址和端口上监听：%s", strerror(errno));
  evconnlistener_set_error_cb(l->listener, on_accept_error);
  return OK;
}

/* A connection stops and starts reading with each request: with a change list that costs no system calls.
 * (It must not be used with duplicated descriptors; we have none.) */
static struct event_base *base_new(void) {
  struct event_config *config = event_config_new();
  if (!config) return NULL;
  event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
  struct event_base *base = event_base_new_with_config(config);
  event_config_free(config);
  return base;
}

Code loop_open(Cx *cx, Server *s, const struct sockaddr *address, socklen_t len, Loop **out) {
  Loop *l = arena_new(s->mem, Loop);
  *out = l;
  l->server = s;
  l->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  REQUIRE(l->wake_fd >= 0 && pthread_mutex_init(&l->lock, NULL) == 0);
  l->base = base_new();
  REQUIRE(l->base != NULL);
  l->now = loop_clock();
  atomic_store(&l->beat, l->now);
  TRY(listen_open(cx, l, address, len));
  l->wake = event_new(l->base, l->wake_fd, EV_READ | EV_PERSIST, on_wake, l);
  l->tick = event_new(l->base, -1, EV_PERSIST, on_tick, l);
  REQUIRE(l->wake && l->tick);
  struct timeval every = {.tv_sec = 0, .tv_usec = TICK_MS * 1000};
  event_add(l->wake, NULL);
  event_add(l->tick, &every);
  return reader_open(cx, s->app->runner, &l->reader);
}

void *loop_run(void *loop) {
  Loop *l = loop;
  event_base_dispatch(l->base);
  return NULL;
}

void loop_close(Loop *l) {
  if (l->listener) evconnlistener_free(l->listener);
  for (Conn *c = l->conns, *next; c; c = next) {
    next = conn_next(c);
    conn_end(c);
  }
  if (l->wake) event_free(l->wake);
  if (l->tick) event_free(l->tick);
  if (l->base) event_base_free(l->base);
  if (l->reader) reader_close(l->reader);
  if (l->wake_fd > 0) close(l->wake_fd);
  while (l->spare_count) arena_close(l->spare[--l->spare_count]);
  pthread_mutex_destroy(&l->lock);
}
