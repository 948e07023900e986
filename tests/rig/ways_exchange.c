/* SPDX-License-Identifier: Apache-2.0 */
/* ways_exchange.c: ways of data exchange: a row for a receiver, its receipts, what is refused and lost, and the connection. */
#include "ways.h"

#define PART "exchange/province.7"
#define LSH "21140020190902090000050000070000"
#define ROW "{'target':'province','project':7,'region':'211400','rows':[{'t':'XMDWXXB','no':'05','k':'a','row':{'DFSJZJ':'a','DWMC':'甲公司'}}]}"
#define SAID(state) "{'rows':[{'lsh':'" LSH "','state':'" state "','reason':'值不对'}],'ms':3}"

static void nothing(World *w) {
  (void)w;
}

static void prepared(World *w) {
  way_say(w, "system", "exchange.prepare", "", ROW);
}

static void sent(World *w) {
  prepared(w);
  way_say(w, "system", "exchange.report", PART, SAID("sent"));
}

static void refused(World *w) {
  prepared(w);
  way_say(w, "system", "exchange.report", PART, SAID("refused"));
}

const Way ways_exchange[] = {
    WAY_TOLD("exchange.prepare", "system", nothing, "", ROW),
    WAY_TOLD("exchange.report", "system", prepared, PART, SAID("accepted")),
    WAY_TOLD("exchange.requeue", "system", sent, PART, "{'lsh':['" LSH "']}"),
    WAY_TOLD("exchange.again", "sysadmin", refused, PART, "{'lsh':'" LSH "'}"),
    WAY_TOLD("link.note", "system", nothing, "", "{'target':'province','kind':'down','reason':'连接不上'}"),
    WAY_TOLD("link.reconciled", "system", nothing, "", "{'target':'province','day':'2019-09-01','resent':0,'tables':[{'table':'XMDWXXB','ours':1,'theirs':1,'missing':0,'extra':0}]}"),
    WAY_TOLD("link.ask", "sysadmin", nothing, "", "{'target':'province','day':'2019-09-01'}"),
    WAY_TOLD("link.verify", "sysadmin", nothing, "", "{'target':'province','number':'HLD-ZJ1-000001-1'}"),
};
const size_t way_exchange_count = COUNT(ways_exchange);
