/* SPDX-License-Identifier: Apache-2.0 */
/* carrier_int: what carrier.c and compare.c share. */
#ifndef CARRIER_INT_H
#define CARRIER_INT_H

#include "exchange/exchange.h"
#include "main/carrier.h"

#include <pthread.h>

enum { CARRIER_MARK = 80 };
typedef struct Way { /* to one receiver */
  Carrier *c;
  const Receiver *to;
  Reader *rd;
  Arena *mem;              /* of one case, one push, one page of keys */
  pthread_t thread;
  int64_t pos, noted_pos, noted_at, retry_at, asked_at; /* noted: what the journal knows of pos */
  int wait_s;
  char mark[CARRIER_MARK];     /* the package under which rows were made */
  bool began, works;
} Way;

struct Carrier {
  Runner *runner;
  const Policies *policies;
  const Receivers *to;
  int64_t (*clock)(void *);
  void *clock_arg;
  Way ways[RECEIVERS_MAX];
  size_t count;
  pthread_mutex_t lock;
  pthread_cond_t wake;
  bool stop;
};

Code carrier__send(Cx *cx, Way *w, const char *name, Str stream, const Json *args);
bool carrier__stopping(Way *w);
/* One question. False: no answer that can be used; `status` and `why` as of Receivers.post. */
bool carrier__ask(Cx *cx, Way *w, const char *what, const Json *body, Json **answer, int *status, Str *why);
/* It did not answer, and is left alone for a while; it answered. */
Code carrier__trouble(Cx *cx, Way *w, Str why);
Code carrier__well(Cx *cx, Way *w);
Code carrier__compare(Cx *cx, Way *w);

#endif
