/* SPDX-License-Identifier: Apache-2.0 */
/* proxy.c: who is at the other end when a proxy stands between. Only a listed peer is believed, and only the last address that
 * is not its own: whatever the visitor wrote himself stands further left. */
#include "web/web_int.h"

#include <arpa/inet.h>

static bool is_address(Arena *mem, Str s) {
  struct in6_addr any;
  return s.len && s.len < INET6_ADDRSTRLEN && (inet_pton(AF_INET, arena_z(mem, s), &any) == 1 || inet_pton(AF_INET6, arena_z(mem, s), &any) == 1);
}

bool proxy_is(Str proxies, Str address) {
  Str one;
  bool more = proxies.len > 0;
  while (more) {
    more = str_cut(proxies, ',', &one, &proxies);
    if (str_eq(str_trim(one), address)) return true;
  }
  return false;
}

static Str last_of(Str *list) {
  size_t at = list->len;
  while (at > 0 && list->ptr[at - 1] != ',') at--;
  Str last = str_trim(str_sub(*list, at, SIZE_MAX));
  *list = str_sub(*list, 0, at ? at - 1 : 0);
  return last;
}

Str proxy_client(Arena *mem, Str proxies, Str peer, Str forwarded_for) {
  if (!proxy_is(proxies, peer)) return peer;
  while (forwarded_for.len) {
    Str one = last_of(&forwarded_for);
    if (!is_address(mem, one)) return peer;
    if (!proxy_is(proxies, one)) return one;
  }
  return peer;
}
