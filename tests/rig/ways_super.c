/* SPDX-License-Identifier: Apache-2.0 */
/* ways_super.c: ways of the supervisor: who is in charge of what. */
#include "ways.h"

static void nowhere(World *w) {
  (void)w;
}

#define PORTFOLIO "{'from':'2019-09-01','document':'分工调整（示例）','rows':[{'unit':'audit','relation':'charge','leader':'朱云'}]}"
const Way ways_super[] = {
    {.command = "portfolio.change", .who = "sysadmin", .before = nowhere, .stream = "", .json = PORTFOLIO},
};
const size_t way_super_count = COUNT(ways_super);
