/* SPDX-License-Identifier: Apache-2.0 */
/* json_int: what the two readers of JSON share. */
#ifndef JSON_INT_H
#define JSON_INT_H

#include "base/base.h"

enum { JSON_DEPTH_MAX = 32 };
#define JSON_INT_MAX (INT64_C(1) << 53)

/* False: the text is refused, by a reason that json_parse_judged knows. borrow: see json_parse_in. */
bool json__fast(Arena *mem, Str from, bool borrow, Json **out);

#endif
