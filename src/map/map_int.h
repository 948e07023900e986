/* SPDX-License-Identifier: Apache-2.0 */
/* map_int: what the files of room map share. */
#ifndef MAP_INT_H
#define MAP_INT_H

#include "map/map.h"
#include "org/kit.h"

#define REASON {.name = "reason", .label = "理由", .type = ARG_LONG, .required = true, .min = 10, .max = 1000}
#define BLUEPRINT_CLAUSE "D60-4.12-p1"
GeoBox blueprint__bounds(const Policy *p);

#endif
