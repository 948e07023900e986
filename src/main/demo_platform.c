/* SPDX-License-Identifier: Apache-2.0 */
/* demo_platform.c: 国家平台（示例）, for demonstration stores only: a port of loopback that answers questions about three project codes as
 * docs/exchange.md describes (`project`). The server asks it over HTTP like any other platform. */
#include "main/demo_platform.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WAIT_S = 2, ASKED_MAX = 8192 };

static const struct { const char *code, *rest; } known[] = {
    {"2605-211403-04-01-190011", "\"XMMC\":\"龙港区示例机械配套厂房项目\",\"SPLCLX\":6,\"LXLX\":3,\"JSDDXZQH\":\"211403\",\"JSXZ\":1,\"TDHQFS\":1,\"TDSFDSJFA\":0,\"ZTZE\":\"9800\",\"YDMJ\":\"28600\",\"JZMJ\":\"12500\"},"
                                 "\"local\":{\"location_zone\":\"center\",\"approved_land\":true,\"linear\":false,\"major\":false}"},
    {"2605-211481-04-01-190023", "\"XMMC\":\"兴城市示例社区服务中心项目\",\"SPLCLX\":1,\"LXLX\":1,\"JSDDXZQH\":\"211481\",\"JSXZ\":1,\"TDHQFS\":2,\"TDSFDSJFA\":0,\"ZTZE\":\"3200\",\"YDMJ\":\"9100\",\"JZMJ\":\"6400\"},"
                                 "\"local\":{\"location_zone\":\"other\",\"approved_land\":true,\"linear\":false,\"major\":false}"},
    {"2605-211402-04-01-190037", "\"XMMC\":\"连山区示例商业综合楼项目\",\"SPLCLX\":3,\"LXLX\":3,\"JSDDXZQH\":\"211402\",\"JSXZ\":9,\"TDHQFS\":1,\"TDSFDSJFA\":0,\"ZTZE\":\"15600\",\"YDMJ\":\"12000\",\"JZMJ\":\"24800\"},"
                                 "\"local\":{\"location_zone\":\"center\"}"}};

struct DemoPlatform { int fd; bool began; pthread_t thread; };

/* A question is small and comes whole within two seconds, or is not answered. */
static void question(int c) {
  char asked[ASKED_MAX], out[2048], body[1024] = "{\"project\":null}";
  size_t have = 0;
  ssize_t got;
  char *end = NULL;
  while (have < sizeof asked - 1 && (got = recv(c, asked + have, sizeof asked - 1 - have, 0)) > 0) {
    have += (size_t)got;
    asked[have] = '\0';
    end = strstr(asked, "\r\n\r\n");
    if (end && strchr(end, '}')) break;
  }
  bool fits = end && !strncmp(asked, "POST /project ", 14);
  for (size_t i = 0; fits && i < COUNT(known); i++)
    if (strstr(end, known[i].code)) snprintf(body, sizeof body, "{\"project\":{\"XMDM\":\"%s\",%s}", known[i].code, known[i].rest);
  int n = snprintf(out, sizeof out, "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", fits ? "200 OK" : "404 Not Found", strlen(body), body);
  got = send(c, out, (size_t)n, MSG_NOSIGNAL);
  (void)got;
}

static void *platform_main(void *arg) {
  const DemoPlatform *d = arg;
  const struct timeval wait = {.tv_sec = WAIT_S};
  int c;
  while ((c = accept(d->fd, NULL, NULL)) >= 0) {
    setsockopt(c, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    setsockopt(c, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    question(c);
    close(c);
  }
  return NULL;
}

DemoPlatform *demo_platform_open(Arena *mem, Receivers *to) {
  DemoPlatform *d = arena_new(mem, DemoPlatform);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t len = sizeof at;
  Str codes = S("");
  *d = (DemoPlatform){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (d->fd >= 0 && bind(d->fd, (const struct sockaddr *)&at, len) == 0 && listen(d->fd, 8) == 0 && getsockname(d->fd, (struct sockaddr *)&at, &len) == 0)
    d->began = pthread_create(&d->thread, NULL, platform_main, d) == 0;
  if (!d->began) {
    log_line(LOG_WARN, "演示的国家平台没有启动，登记表要自己填");
    return d;
  }
  for (size_t i = 0; i < COUNT(known); i++) codes = arena_fmt(mem, "%.*s%s%s", SFMT(codes), i ? "、" : "", known[i].code);
  to->inquiry.name = S("国家平台（示例）");
  to->inquiry.url = arena_fmt(mem, "http://127.0.0.1:%d", (int)ntohs(at.sin_port));
  to->inquiry_hint = arena_fmt(mem, "演示平台里有：%.*s。", SFMT(codes));
  return d;
}

void demo_platform_close(DemoPlatform *d) {
  if (!d) return;
  if (d->began) {
    shutdown(d->fd, SHUT_RDWR);
    pthread_join(d->thread, NULL);
  }
  if (d->fd >= 0) close(d->fd);
}
