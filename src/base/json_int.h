/* SPDX-License-Identifier: Apache-2.0 */
/* json_int: what the files about JSON share. */
#ifndef JSON_INT_H
#define JSON_INT_H

#include "base/base.h"

enum { JSON_DEPTH_MAX = 32 };
#define JSON_INT_MAX (INT64_C(1) << 53)

/* False: the text is refused, by a reason that json_parse_judged knows. borrow: see json_parse_in. */
bool json__fast(Arena *mem, Str from, bool borrow, Json **out);
/* Memory that the caller fills at once: not zeroed (arena.c). */
void *arena__room(Arena *a, size_t n, size_t size, size_t align) __attribute__((returns_nonnull));

#endif
