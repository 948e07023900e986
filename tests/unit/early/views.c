/* SPDX-License-Identifier: Apache-2.0 */
#include "views.h"

const Plot *town_plot(Town *t, Cx *cx, int64_t no) {
  const Plot *p = NULL;
  Code code = plot_load(cx, t->reader, no, &p);
  REQUIRE(code == OK);
  return p;
}

const Order *town_order(Town *t, Cx *cx, int64_t no) {
  const Order *o = NULL;
  Code code = order_load(cx, t->reader, no, &o);
  REQUIRE(code == OK);
  return o;
}

const Consult *town_consult(Town *t, Cx *cx, int64_t no) {
  const Consult *c = NULL;
  Code code = consult_load(cx, t->reader, no, &c);
  REQUIRE(code == OK);
  return c;
}
