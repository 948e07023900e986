/* SPDX-License-Identifier: Apache-2.0 */
/*
 * service: what systemd and the program say to each other, sd_listen_fds(3), sd_notify(3) and sd_watchdog_enabled(3) without their
 * library. Started in another way, nothing of this is there, and each of these does nothing.
 */
#ifndef SERVICE_H
#define SERVICE_H
#include "base/base.h"

enum { SERVICE_FIRST = 3 }; /* SD_LISTEN_FDS_START */
typedef struct Service {
  int sockets;         /* listening sockets that were handed over: descriptors SERVICE_FIRST and following */
  Str notify;          /* NOTIFY_SOCKET: a path, or @ and an abstract name */
  int64_t watchdog_us; /* within which "WATCHDOG=1" is expected; 0: not at all */
} Service;
/* Reads the environment and takes these variables out of it, so that no child takes them for its own. Before any thread. */
void service_begin(Arena *mem, Service *s);
/* "READY=1", "STATUS=…", several lines. What nobody hears is no fault. */
void service_tell(const Service *s, Str lines);
/* "RELOADING=1" with the time that newer versions want, and "READY=1" behind it when it is over. */
void service_reloading(const Service *s);

#endif
