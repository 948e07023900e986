/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_platform: the platform that knows projects by their code, played for a demonstration store whose server was given no file of --exchange. It
 * listens on a port of 127.0.0.1 that the system chooses, and exists nowhere else.
 */
#ifndef DEMO_PLATFORM_H
#define DEMO_PLATFORM_H
#include "exchange/exchange.h"

typedef struct DemoPlatform DemoPlatform;
/* Whose rows it takes: those of one county. It accepts all and keeps none: asked what it has of a day, it looks into the city's own store. */
#define DEMO_PLATFORM_CODE "national"
#define DEMO_PLATFORM_REGION "211422"
/* Begins, and enters itself as to->inquiry, with `rows` (where the runner of the store will stand) as a receiver too; when it cannot, it says so in the log and nobody is asked. Lives in mem. */
DemoPlatform *demo_platform_open(Arena *mem, Receivers *to, Runner *const *rows);
void demo_platform_close(DemoPlatform *d); /* after the server; NULL is fine */

#endif
