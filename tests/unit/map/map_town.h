/* SPDX-License-Identifier: Apache-2.0 */
/* map_town: a town (town.h) with the engines of room map, layers that are rectangles in metres, and project 1 of the owner. */
#ifndef MAP_TOWN_H
#define MAP_TOWN_H
#include "map/map.h"
#include "town.h"

void map_open(Town *t, Cx *cx); /* on 2019-09-02; no layer is published */
/* A rectangle from a corner near 龙港, as GeoJSON whose quotes are fit for an argument of town_do. */
const char *map_box(Arena *mem, double x, double y, double w, double h);
const char *map_ring(Arena *mem, double x, double y, double w, double h); /* its coordinates alone */
Code map_layer_do(Town *t, Cx *cx, const char *who, const char *layer, const char *box); /* layer.propose */
void map_layer_put(Town *t, Cx *cx, const char *layer, const char *box);              /* proposed and published */
Code map_check_do(Town *t, Cx *cx, const char *who, const char *box, const char *declared);
const MapCheck *map_check_of(Town *t, Cx *cx, int64_t no);
const Json *map_row(const MapCheck *c, const char *code);
#endif
