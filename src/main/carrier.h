/* SPDX-License-Identifier: Apache-2.0 */
/*
 * carrier: the threads that carry rows to the platforms of province and county, one for each receiver, so that a slow one keeps no other waiting. About
 * once a second each looks at what happened since, has the rows made that are new (exchange.h), sends what waits, asks for receipts that have
 * not come, and compares the days that are over. While a receiver does not answer it is tried again after 1, 2, 4 … seconds, at most five
 * minutes; everything waits meanwhile. Several servers on one database may all do this: the journal takes each change once, and a row
 * that came twice has one serial number.
 */
#ifndef CARRIER_H
#define CARRIER_H
#include "main/main_int.h"

/* The file of --exchange; without one there is nobody. INVALID names the line. */
Code receivers_read(Cx *cx, Str path, Receivers *out);
bool url_local(Str url); /* http://127.0.0.1…, localhost, [::1] */
int rows_post(Arena *mem, const Receiver *r, const char *what, Str body, int seconds, Str *answer, Str *why);

typedef struct Carrier Carrier;
/* All must outlive it. */
Code carrier_open(Cx *cx, Runner *r, const Policies *policies, const Receivers *to, int64_t (*clock)(void *), void *arg, Carrier **out);
void carrier_close(Carrier *c);

#endif
