/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop: one thread, one event base, one listener (SO_REUSEPORT), one Reader. A connection never leaves its
 * loop. What comes back from the writer or a worker is put into the loop's locked list and the loop is woken
 * through an eventfd.
 *
 * Deadlines: a head within 10 s of its first byte; 30 s between requests; a body at 1 KiB/s or more after its
 * first 10 s; 30 s without progress while we write. A tick each half second looks at every connection.
 */
#ifndef WEB_LOOP_H
#define WEB_LOOP_H

#include "web/web_int.h"

#include <event2/event.h>
#include <event2/listener.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

enum { LOOPS_MAX = 16, ADDRESS_BUCKETS = 65536, SPARE_ARENAS = 32, DRAIN_MS = 15000 };

typedef struct Conn Conn;
typedef struct Loop Loop;

struct Server {
  Arena *mem;
  App *app;
  Web *web;
  Loop *loops[LOOPS_MAX];
  int loop_count, port;
  _Atomic bool stop;
  _Atomic int conn_count;
  int conn_max;            /* from the limit of open files */
  uint64_t address_seed;
  _Atomic int *addresses;  /* connections by hash of the address; a collision shares the limit */
};

/* What has been written since the last tick, read once for all who listen (live.c). */
enum { NEWS_MAX = 64, NEWS_TOPIC = 64, LIVE_MAX = 2000 };
typedef struct News {
  int64_t pos;        /* of the views, as of the last tick; -1: nobody listened then */
  bool fresh, all;    /* anything new; more than NEWS_MAX events: everybody is told */
  size_t count;
  char streams[NEWS_MAX][NEWS_TOPIC];
  int listeners;
} News;

struct Loop {
  Server *server;
  pthread_t thread;
  struct event_base *base;
  struct evconnlistener *listener;
  struct event *wake, *tick;
  int wake_fd;
  Reader *reader;
  pthread_mutex_t lock;
  Exchange *posted, *posted_last; /* under lock */
  Conn *conns;
  int conn_count, late_count; /* late: came after the stop, to be told so */
  _Atomic int64_t beat;    /* now, of the last tick, for others to see */
  int64_t now;             /* monotonic ms, of the last tick or event */
  int64_t asked;           /* when somebody last asked for something; 0: what is kept has been given back since */
  bool stopping;
  News news;
  int64_t stop_at;
  Arena *spare[SPARE_ARENAS];
  int spare_count;
};

int64_t loop_clock(void); /* monotonic ms */
Code loop_open(Cx *cx, Server *s, const struct sockaddr *address, socklen_t len, Loop **out);
void *loop_run(void *loop); /* the thread */
void loop_close(Loop *l);
Arena *loop_arena(Loop *l);
void loop_arena_back(Loop *l, Arena *mem);
void loop_post(void *loop, Exchange *x); /* from any thread */

/* loop_conn.c */
void conn_accept(Loop *l, int fd, const struct sockaddr *peer);
void conn_resume(Exchange *x);           /* x has come back */
void conn_tick(Loop *l, Conn *c);        /* deadlines; may end c */
void conn_stop(Conn *c);                 /* the server stops: end it when idle, else after its reply */
void conn_end(Conn *c);                  /* at once */
bool conn_waits(const Conn *c);          /* the writer or a worker still holds its request */
Conn *conn_next(Conn *c);

/* live.c: pages that refresh themselves. A topic is a stream, or what streams begin with. */
void news_read(Loop *l);                         /* once a tick, when somebody listens */
bool news_of(const News *n, const char *topic);  /* is there any? */

#endif
