/* SPDX-License-Identifier: Apache-2.0 */
/* One connection: head, body, wait, write; then the next request, or a quiet end. */
#include "web/loop.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { READ_AHEAD = 64 << 10, WRITE_AHEAD = 64 << 10, SLOW_MS = 10000, RATE = 1024, WRITE_MS = 30000, LINGER_MS = 2000,
       LINGER_BYTES = 1 << 20, CONTINUE_LEN = 25 };

typedef enum ConnState { CONN_HEAD, CONN_BODY, CONN_WAIT, CONN_WRITE, CONN_FLUSH, CONN_LINGER, CONN_LIVE } ConnState;

struct Conn {
  Loop *loop;
  Conn *prev, *next;
  struct bufferevent *bev;
  ConnState state;
  bool gone;              /* the peer has left while we waited */
  bool closing;           /* after the reply */
  bool late;              /* came after the server was told to stop */
  bool counted;           /* in the bucket of its address */
  int64_t began;          /* us, when the head of this request was there */
  char address[INET6_ADDRSTRLEN];
  size_t bucket;
  HeadScan scan;
  Buf head;
  HttpBody *http;
  Exchange *x;
  Arena *mem;             /* of x */
  int64_t since;          /* when the state was entered, or the first byte of the head came */
  int64_t body_bytes;
  size_t unsent;          /* as of the last tick */
  int64_t progress;       /* when unsent last shrank */
  char topic[NEWS_TOPIC]; /* CONN_LIVE: what it hears of */
  bool owed;              /* there was news while it could not be told */
  int64_t told;           /* CONN_LIVE: when; CONN_WAIT: when the log was */
};

Conn *conn_next(Conn *c) {
  return c->next;
}

static void exchange_free(Conn *c) {
  if (!c->x) return;
  exchange_drop(c->x);
  loop_arena_back(c->loop, c->mem);
  c->x = NULL;
  c->mem = NULL;
}

static void conn_free(Conn *c) {
  Loop *l = c->loop;
  l->news.listeners -= c->state == CONN_LIVE;
  atomic_fetch_sub(&l->server->web->meters->live, c->state == CONN_LIVE);
  exchange_free(c);
  bufferevent_free(c->bev);
  if (c->prev) c->prev->next = c->next;
  else l->conns = c->next;
  if (c->next) c->next->prev = c->prev;
  l->conn_count--;
  l->late_count -= c->late;
  atomic_fetch_sub(&l->server->conn_count, 1);
  atomic_fetch_sub(&l->server->web->meters->connections, 1);
  if (c->counted) atomic_fetch_sub(&l->server->addresses[c->bucket], 1);
  buf_drop(&c->head);
  free(c->http);
  free(c);
}

static void enter(Conn *c, ConnState state) {
  c->state = state;
  c->since = c->progress = c->loop->now;
  c->unsent = 0;
  bool reads = state == CONN_HEAD || state == CONN_BODY || state == CONN_LINGER || state == CONN_LIVE;
  if (reads) bufferevent_enable(c->bev, EV_READ);
  else bufferevent_disable(c->bev, EV_READ);
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

static void linger(Conn *c) { /* lets the peer read our words before its own unread bytes reset the line */
  shutdown(bufferevent_getfd(c->bev), SHUT_WR);
  c->body_bytes = 0;
  enter(c, CONN_LINGER);
}

static bool file_send(struct evbuffer *out, const Out *o, Arena *mem) {
  int fd = open(arena_z(mem, o->file), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  if (evbuffer_add_file(out, fd, 0, (ev_off_t)o->file_size) == 0) return true;
  close(fd);
  return false;
}

/* What the socket takes at once needs neither a copy nor a turn of the loop. Faults are left to the loop. */
static size_t send_now(Conn *c, const Out *o) {
  struct iovec parts[2] = {{.iov_base = (void *)(uintptr_t)o->head.ptr, .iov_len = o->head.len},
                           {.iov_base = (void *)(uintptr_t)o->body.ptr, .iov_len = o->body.len}};
  struct msghdr msg = {.msg_iov = parts, .msg_iovlen = o->body.len ? 2 : 1};
  if (evbuffer_get_length(bufferevent_get_output(c->bev)) || o->file.len) return 0;
  ssize_t n = sendmsg(bufferevent_getfd(c->bev), &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
  return n > 0 ? (size_t)n : 0;
}

/* The reply goes on for as long as the page is open; its first line makes proxies and browsers take it as begun. */
static void live_begin(Conn *c, Str topic, int64_t from) {
  snprintf(c->topic, sizeof c->topic, "%.*s", SFMT(topic));
  static const char hello[] = "retry: 5000\n\n";
  evbuffer_add(bufferevent_get_output(c->bev), hello, sizeof hello - 1);
  News *n = &c->loop->news;
  if (n->pos < 0) n->pos = from;
  c->owed = from < n->pos; /* perhaps of something else: asking once too often is better than never */
  c->told = c->loop->now;
  n->listeners++;
  atomic_fetch_add(&c->loop->server->web->meters->live, 1);
  enter(c, CONN_LIVE);
}

static void reply_send(Conn *c) {
  struct evbuffer *out = bufferevent_get_output(c->bev);
  const Out *o = &c->x->out;
  meters_take(c->loop->server->web->meters, c->x, clock_steady_us() - c->began);
  size_t sent = send_now(c, o), of_head = sent < o->head.len ? sent : o->head.len;
  Str head = str_sub(o->head, of_head, SIZE_MAX), body = str_sub(o->body, sent - of_head, SIZE_MAX);
  if (head.len) evbuffer_add(out, head.ptr, head.len);
  if (body.len) evbuffer_add(out, body.ptr, body.len);
  bool whole = !o->file.len || file_send(out, o, c->mem);
  c->closing |= o->close || !whole;
  int64_t from = o->live_from;
  char topic[NEWS_TOPIC] = "";
  snprintf(topic, sizeof topic, "%.*s", SFMT(o->live));
  exchange_free(c);
  buf_clear(&c->head);
  c->scan = (HeadScan){0};
  if (*topic && !c->loop->stopping && c->loop->news.listeners < LIVE_MAX) {
    live_begin(c, str_of(topic), from);
    return;
  }
  c->closing |= *topic != '\0';
  if (c->closing && evbuffer_get_length(out)) enter(c, CONN_FLUSH);
  else if (c->closing) linger(c);
  else enter(c, evbuffer_get_length(out) > WRITE_AHEAD ? CONN_WRITE : CONN_HEAD);
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

static int64_t app_now(const Server *s) {
  const WebOptions *o = &s->app->options;
  return o->clock ? o->clock(o->clock_arg) : clock_now_ms();
}

static void exchange_begin(Conn *c) {
  Loop *l = c->loop;
  c->began = clock_steady_us();
  c->mem = loop_arena(l);
  l->asked = l->now;
  c->x = exchange_open(c->mem, l->server->web, l->reader, arena_str(c->mem, str_of(c->address)), app_now(l->server));
  c->x->date = clock_now_ms();
  c->x->post = loop_post;
  c->x->post_arg = l;
  c->x->owner = c;
}

static void follow(Conn *c, Step step) {
  if (step == STEP_WAIT) enter(c, CONN_WAIT); /* x may already be on its way back; the loop has not looked yet */
  else reply_send(c);
}

static void message_over(Conn *c) {
  c->state = CONN_WAIT; /* before the submit, for the writer may be faster than we */
  bufferevent_disable(c->bev, EV_READ);
  follow(c, exchange_end(c->x));
}

static void refuse(Conn *c, int status) {
  if (!c->x) exchange_begin(c);
  exchange_drop(c->x);
  exchange_refuse(c->x, status);
  reply_send(c);
}

static void head_over(Conn *c) {
  exchange_begin(c);
  c->x->late = c->late;
  Str raw = arena_str(c->mem, buf_str(&c->head));
  Step step = exchange_head(c->x, raw, c->http);
  if (step != STEP_MORE) {
    follow(c, step);
    return;
  }
  if (c->loop->stopping) c->x->keep_alive = false;
  c->body_bytes = 0;
  if (http_done(c->http)) {
    message_over(c);
    return;
  }
  enter(c, CONN_BODY);
  static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
  if (c->x->head.expects && c->x->head.minor) bufferevent_write(c->bev, go_on, CONTINUE_LEN);
}

static void head_read(Conn *c, Str bytes, size_t *used) {
  if (!c->scan.bytes) c->since = c->loop->now;
  ScanEnd end = head_scan(&c->scan, bytes, used);
  buf_add(&c->head, str_sub(bytes, 0, *used));
  switch (end) {
    case SCAN_MORE: break;
    case SCAN_DONE: head_over(c); break;
    case SCAN_BAD: refuse(c, 400); break;
    case SCAN_LARGE: refuse(c, 431); break;
  }
}

static void body_sink(void *arg, Str bytes) {
  exchange_body(arg, bytes);
}

static void body_read(Conn *c, Str bytes, size_t *used) {
  c->body_bytes += (int64_t)bytes.len;
  if (!http_feed(c->http, bytes, body_sink, c->x, used)) {
    *used = bytes.len;
    refuse(c, 400);
    return;
  }
  bool broken = c->x->failed != OK; /* no need to hear the rest */
  if (broken && !http_done(c->http)) c->closing = true;
  if (broken || http_done(c->http)) message_over(c);
}

/* Takes what has come as far as the state allows; requests of a pipeline one after the other. */
static void pump(Conn *c) {
  struct evbuffer *in = bufferevent_get_input(c->bev);
  struct evbuffer_iovec v;
  while ((c->state == CONN_HEAD || c->state == CONN_BODY) && evbuffer_peek(in, -1, NULL, &v, 1) > 0 && v.iov_len) {
    Str bytes = {.ptr = v.iov_base, .len = v.iov_len};
    size_t used = 0;
    if (c->state == CONN_HEAD) head_read(c, bytes, &used);
    else body_read(c, bytes, &used);
    evbuffer_drain(in, used);
  }
}

static void flushed(Conn *c) {
  if (evbuffer_get_length(bufferevent_get_output(c->bev))) return;
  if (c->state == CONN_FLUSH) {
    linger(c);
  } else if (c->state == CONN_WRITE) {
    enter(c, CONN_HEAD);
    pump(c);
    if (c->state == CONN_FLUSH) flushed(c);
  }
}

static void on_read(struct bufferevent *bev, void *arg) {
  Conn *c = arg;
  c->loop->now = loop_clock();
  if (c->state == CONN_LINGER) {
    struct evbuffer *in = bufferevent_get_input(bev);
    c->body_bytes += (int64_t)evbuffer_get_length(in);
    evbuffer_drain(in, evbuffer_get_length(in));
    if (c->body_bytes > LINGER_BYTES) conn_free(c);
    return;
  }
  if (c->state == CONN_LIVE) { /* a listener has nothing more to say */
    conn_free(c);
    return;
  }
  pump(c);
}

static void on_write(struct bufferevent *bev, void *arg) {
  (void)bev;
  Conn *c = arg;
  c->loop->now = loop_clock();
  flushed(c);
}

static void on_event(struct bufferevent *bev, short what, void *arg) {
  (void)bev;
  Conn *c = arg;
  if (c->state == CONN_WAIT) {
    c->gone = true; /* x still belongs to the writer or a worker */
    return;
  }
  bool half = (what & BEV_EVENT_EOF) && (what & BEV_EVENT_READING);
  bool writing = c->state == CONN_WRITE || c->state == CONN_FLUSH || evbuffer_get_length(bufferevent_get_output(c->bev));
  if (half && writing && c->state != CONN_LINGER) { /* the peer has sent all it wants, and still listens */
    c->closing = true;
    enter(c, CONN_FLUSH);
    return;
  }
  conn_free(c);
}

void conn_resume(Exchange *x) {
  Conn *c = x->owner;
  Step step = exchange_resume(x);
  if (step == STEP_WAIT) return;
  if (c->gone) {
    conn_free(c);
    return;
  }
  reply_send(c);
  pump(c);
}

/* ---- beginning and end -------------------------------------------------------------------------------------------- */

static size_t address_bucket(const Server *s, const struct sockaddr *peer) {
  Str key = S("");
  if (peer->sa_family == AF_UNIX) {
    key = S("unix");
  } else if (peer->sa_family == AF_INET6) {
    const struct sockaddr_in6 *a = (const struct sockaddr_in6 *)(const void *)peer;
    key = (Str){.ptr = (const char *)&a->sin6_addr, .len = 8}; /* a /64 is one household */
  } else {
    const struct sockaddr_in *a = (const struct sockaddr_in *)(const void *)peer;
    key = (Str){.ptr = (const char *)&a->sin_addr, .len = 4};
  }
  return (size_t)((str_hash(key) ^ s->address_seed) % ADDRESS_BUCKETS);
}

static void address_text(Conn *c, const struct sockaddr *peer) {
  if (peer->sa_family == AF_UNIX) memcpy(c->address, "unix", sizeof "unix");
  else if (peer->sa_family == AF_INET6)
    inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr, c->address, sizeof c->address);
  else
    inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)peer)->sin_addr, c->address, sizeof c->address);
}

/* Over a limit: a short answer that cannot block, then the end. */
static void turn_away(int fd) {
  static const char words[] =
      "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Type: text/plain; charset=utf-8\r\n"
      "Content-Length: 73\r\nX-Content-Type-Options: nosniff\r\n"
      "Referrer-Policy: same-origin\r\nX-Frame-Options: DENY\r\nCross-Origin-Opener-Policy: same-origin\r\n"
      "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\nConnection: close\r\n\r\n"
      "同一地址的连接过多，请关闭一些窗口，五秒后再试。\n";
  ssize_t n = send(fd, words, sizeof words - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
  (void)n;
  close(fd);
}

void conn_accept(Loop *l, int fd, const struct sockaddr *peer) {
  Server *s = l->server;
  Conn who = {.address = ""};
  address_text(&who, peer);
  bool proxy = proxy_is(s->app->options.proxies, str_of(who.address)); /* it brings everybody, and has limits of its own */
  size_t bucket = address_bucket(s, peer);
  int per_address = s->app->options.per_address ? s->app->options.per_address : 200;
  int all = atomic_fetch_add(&s->conn_count, 1), own = atomic_fetch_add(&s->addresses[bucket], !proxy);
  Conn *c = NULL;
  if (all < s->conn_max && (proxy || own < per_address)) c = calloc(1, sizeof *c);
  struct bufferevent *bev = c ? bufferevent_socket_new(l->base, fd, BEV_OPT_CLOSE_ON_FREE) : NULL;
  HttpBody *http = bev ? calloc(1, http_size()) : NULL;
  if (!http) {
    atomic_fetch_sub(&s->conn_count, 1);
    atomic_fetch_sub(&s->addresses[bucket], !proxy);
    atomic_fetch_add(&s->web->meters->turned_away, 1);
    if (bev) bufferevent_free(bev);
    else turn_away(fd);
    free(c);
    return;
  }
  int yes = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  *c = (Conn){.loop = l, .bev = bev, .http = http, .bucket = bucket, .counted = !proxy, .late = l->stopping, .next = l->conns};
  memcpy(c->address, who.address, sizeof c->address);
  if (l->conns) l->conns->prev = c;
  l->conns = c;
  l->conn_count++;
  l->late_count += c->late;
  atomic_fetch_add(&s->web->meters->connections, 1);
  buf_init(&c->head, HEAD_MAX + 1);
  l->now = loop_clock();
  bufferevent_setcb(bev, on_read, on_write, on_event, c);
  bufferevent_setwatermark(bev, EV_READ, 0, READ_AHEAD);
  bufferevent_set_max_single_write(bev, WRITE_AHEAD);
  enter(c, CONN_HEAD);
}

void conn_end(Conn *c) {
  conn_free(c);
}

bool conn_waits(const Conn *c) {
  return c->state == CONN_WAIT;
}

void conn_stop(Conn *c) {
  c->closing = true;
  if ((c->state == CONN_HEAD && !c->scan.bytes) || c->state == CONN_LIVE) conn_free(c);
  else if (c->x) c->x->keep_alive = false;
}

/* True when what waits to be sent has not shrunk for too long. */
static bool write_stalls(Conn *c, int64_t now) {
  size_t unsent = evbuffer_get_length(bufferevent_get_output(c->bev));
  if (unsent < c->unsent || !c->unsent) c->progress = now;
  c->unsent = unsent;
  return now - c->progress > WRITE_MS;
}

/* At most one line in two seconds, none while the last has not been taken, and a sign of life each 15 s. */
static void live_tick(Loop *l, Conn *c) {
  enum { TELL_MS = 2000, ALIVE_MS = 15000 };
  c->owed |= news_of(&l->news, c->topic);
  if (evbuffer_get_length(bufferevent_get_output(c->bev))) {
    if (write_stalls(c, l->now)) conn_free(c);
    return;
  }
  int64_t since = l->now - c->told;
  if (!(c->owed && since >= TELL_MS) && since < ALIVE_MS) return;
  char line[64];
  int n = c->owed ? snprintf(line, sizeof line, "data: %lld\n\n", (long long)l->news.pos) : snprintf(line, sizeof line, ":\n\n");
  c->owed = false;
  c->told = l->now;
  bufferevent_write(c->bev, line, (size_t)n);
}

/* Nothing takes so long but an archive or a proof of a whole store; whoever looks for a server that stands still reads here where. */
static void wait_tick(const Loop *l, Conn *c) {
  enum { LONG_MS = 60000 };
  if (c->told >= c->since || l->now - c->since < LONG_MS) return;
  c->told = l->now;
  LOG_PARTS(LOG_WARN, "request_waits", {"path", str_of(c->x->rq.route->path)}, {"for", str_of(exchange_awaits(c->x))});
}

void conn_tick(Loop *l, Conn *c) {
  const WebOptions *o = &l->server->app->options;
  int64_t age = l->now - c->since;
  int64_t header_ms = o->header_s ? (int64_t)o->header_s * 1000 : SLOW_MS, idle_ms = o->idle_s ? (int64_t)o->idle_s * 1000 : 30000;
  switch (c->state) {
    case CONN_HEAD:
      if (!c->scan.bytes && age > idle_ms) conn_free(c);
      else if (c->scan.bytes && age > header_ms) refuse(c, 408);
      break;
    case CONN_BODY:
      if (age > SLOW_MS && c->body_bytes < (age - SLOW_MS) / 1000 * RATE) refuse(c, 408);
      break;
    case CONN_WRITE:
    case CONN_FLUSH:
      if (write_stalls(c, l->now)) conn_free(c);
      break;
    case CONN_LINGER:
      if (age > LINGER_MS) conn_free(c);
      break;
    case CONN_LIVE: live_tick(l, c); break;
    case CONN_WAIT: wait_tick(l, c); break;
  }
}
