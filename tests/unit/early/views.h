/* SPDX-License-Identifier: Apache-2.0 */
/* views: the states of room early in a town. */
#ifndef TOWN_VIEWS_H
#define TOWN_VIEWS_H
#include "early/early.h"
#include "town.h"

#define OPEN_TOWN(w) town_open(&(w), cx, early_engines, EARLY_ENGINES)
const Plot *town_plot(Town *t, Cx *cx, int64_t no);
const Order *town_order(Town *t, Cx *cx, int64_t no);
const Consult *town_consult(Town *t, Cx *cx, int64_t no);
#endif
