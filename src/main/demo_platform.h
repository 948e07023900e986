/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_platform: the platform that knows projects by their code, played for a demonstration store whose server was given no file of --exchange. It
 * listens on a port of 127.0.0.1 that the system chooses, and exists nowhere else.
 */
#ifndef DEMO_PLATFORM_H
#define DEMO_PLATFORM_H
#include "exchange/exchange.h"

typedef struct DemoPlatform DemoPlatform;
/* Begins, and enters itself as to->inquiry; when it cannot, it says so in the log and nobody is asked. Lives in mem. */
DemoPlatform *demo_platform_open(Arena *mem, Receivers *to);
void demo_platform_close(DemoPlatform *d); /* after the server; NULL is fine */

#endif
