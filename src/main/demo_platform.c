/* SPDX-License-Identifier: Apache-2.0 */
/* demo_platform.c: 国家平台（示例）, for demonstration stores only: a port of loopback that answers questions about three project codes as
 * docs/exchange.md describes (`project`), and takes rows (`rows`, `digest`, `keys`). The server asks it over HTTP like any other platform. */
#include "main/demo_platform.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WAIT_S = 2, ASKED_MAX = 1 << 20, SAID_MAX = 64 << 10, LSH_LEN = 32 };

static const struct { const char *code, *rest; } known[] = {
    {"2605-211403-04-01-190011", "\"XMMC\":\"龙港区示例机械配套厂房项目\",\"SPLCLX\":6,\"LXLX\":3,\"JSDDXZQH\":\"211403\",\"JSXZ\":1,\"TDHQFS\":1,\"TDSFDSJFA\":0,\"ZTZE\":\"9800\",\"YDMJ\":\"28600\",\"JZMJ\":\"12500\"},"
                                 "\"local\":{\"location_zone\":\"center\",\"approved_land\":true,\"linear\":false,\"major\":false}"},
    {"2605-211481-04-01-190023", "\"XMMC\":\"兴城市示例社区服务中心项目\",\"SPLCLX\":1,\"LXLX\":1,\"JSDDXZQH\":\"211481\",\"JSXZ\":1,\"TDHQFS\":2,\"TDSFDSJFA\":0,\"ZTZE\":\"3200\",\"YDMJ\":\"9100\",\"JZMJ\":\"6400\"},"
                                 "\"local\":{\"location_zone\":\"other\",\"approved_land\":true,\"linear\":false,\"major\":false}"},
    {"2605-211402-04-01-190037", "\"XMMC\":\"连山区示例商业综合楼项目\",\"SPLCLX\":3,\"LXLX\":3,\"JSDDXZQH\":\"211402\",\"JSXZ\":9,\"TDHQFS\":1,\"TDSFDSJFA\":0,\"ZTZE\":\"15600\",\"YDMJ\":\"12000\",\"JZMJ\":\"24800\"},"
                                 "\"local\":{\"location_zone\":\"center\"}"}};

struct DemoPlatform { int fd; bool began; pthread_t thread; char *asked, *said, *out; Runner *const *runner; };

/* How long the whole question is, once its head is there; 0: not yet. */
static size_t whole_of(const char *asked) {
  const char *end = strstr(asked, "\r\n\r\n"), *length = strcasestr(asked, "\r\ncontent-length:");
  if (!end) return 0;
  long body = length && length < end ? strtol(length + sizeof "\r\ncontent-length:" - 1, NULL, 10) : 0;
  return (size_t)(end + 4 - asked) + (body > 0 ? (size_t)body : 0);
}

/* Each serial number in the question is accepted. */
static void rows_say(const char *body, char *said) {
  static const char mark[] = "\"LSH\":\"";
  size_t n = (size_t)snprintf(said, SAID_MAX, "{\"rows\":[");
  bool first = true;
  for (const char *at = strstr(body, mark); at; at = strstr(at, mark)) {
    at += sizeof mark - 1;
    if (strspn(at, "0123456789") != LSH_LEN || n + 100 > SAID_MAX) continue;
    n += (size_t)snprintf(said + n, SAID_MAX - n, "%s{\"LSH\":\"%.*s\",\"SJSCZT\":1}", first ? "" : ",", LSH_LEN, at);
    first = false;
  }
  snprintf(said + n, SAID_MAX - n, "]}");
}

static void project_say(const char *body, char *said) {
  snprintf(said, SAID_MAX, "{\"project\":null}");
  for (size_t i = 0; i < COUNT(known); i++)
    if (strstr(body, known[i].code)) snprintf(said, SAID_MAX, "{\"project\":{\"XMDM\":\"%s\",%s}", known[i].code, known[i].rest);
}

/* What it has of a day is what the city has sent. */
static Code day_digests(Cx *cx, const DemoPlatform *d, const char *body, Json *tables) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  const char *at = strstr(body, "\"day\":\"");
  DayDigest *list = NULL;
  size_t n = 0;
  Day day = {0};
  if (!at || !day_parse(str_sub(str_of(at + 7), 0, 10), &day)) return OK;
  TRY(reader_open(cx, *d->runner, &rd));
  reader_begin(rd);
  TRY(digests_of(cx, rd, S(DEMO_PLATFORM_CODE), day, &list, &n));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(cx->mem, tables);
    json_put_str(cx->mem, o, S("table"), arena_fmt(cx->mem, "SPGL_%.*s", SFMT(list[i].table)));
    json_put_int(cx->mem, o, S("rows"), list[i].rows);
    json_put_str(cx->mem, o, S("digest"), list[i].digest);
  }
  return OK;
}

static void digest_say(const DemoPlatform *d, const char *body, char *said) {
  Arena *mem = arena_open((size_t)16 << 20);
  Cx cx = {.mem = mem, .now = clock_now_ms()};
  Json *out = json_obj(mem), *tables = json_put_arr(mem, out, S("tables"));
  if (day_digests(&cx, d, body, tables) != OK) log_line(LOG_WARN, "演示的国家平台：%.*s", SFMT(cx.detail));
  snprintf(said, SAID_MAX, "%.*s", SFMT(json_text(mem, out)));
  arena_close(mem);
}

static bool say(const DemoPlatform *d, const char *asked, const char *body, char *said) {
  if (!strncmp(asked, "POST /project ", 14)) project_say(body, said);
  else if (!strncmp(asked, "POST /rows ", 11)) rows_say(body, said);
  else if (!strncmp(asked, "POST /digest ", 13) && d->runner) digest_say(d, body, said);
  else if (!strncmp(asked, "POST /keys ", 11)) snprintf(said, SAID_MAX, "{\"rows\":[]}");
  else return false;
  return true;
}

/* A question comes whole within two seconds, or is not answered. */
static void question(const DemoPlatform *d, int c) {
  size_t have = 0, whole = 0;
  ssize_t got;
  while (have < ASKED_MAX - 1 && (got = recv(c, d->asked + have, ASKED_MAX - 1 - have, 0)) > 0) {
    have += (size_t)got;
    d->asked[have] = '\0';
    whole = whole_of(d->asked);
    if (whole && have >= whole) break;
  }
  snprintf(d->said, SAID_MAX, "{\"project\":null}");
  bool fits = whole && have >= whole && say(d, d->asked, strstr(d->asked, "\r\n\r\n"), d->said);
  int n = snprintf(d->out, SAID_MAX + 256, "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", fits ? "200 OK" : "404 Not Found", strlen(d->said), d->said);
  got = send(c, d->out, (size_t)n, MSG_NOSIGNAL);
  (void)got;
}

static void *platform_main(void *arg) {
  const DemoPlatform *d = arg;
  const struct timeval wait = {.tv_sec = WAIT_S};
  int c;
  while ((c = accept(d->fd, NULL, NULL)) >= 0) {
    setsockopt(c, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    setsockopt(c, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    question(d, c);
    close(c);
  }
  return NULL;
}

DemoPlatform *demo_platform_open(Arena *mem, Receivers *to, Runner *const *rows) {
  DemoPlatform *d = arena_new(mem, DemoPlatform);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t len = sizeof at;
  Str codes = S("");
  *d = (DemoPlatform){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .runner = rows, .asked = arena_array(mem, char, ASKED_MAX), .said = arena_array(mem, char, SAID_MAX),
                      .out = arena_array(mem, char, SAID_MAX + 256)};
  if (d->fd >= 0 && bind(d->fd, (const struct sockaddr *)&at, len) == 0 && listen(d->fd, 8) == 0 && getsockname(d->fd, (struct sockaddr *)&at, &len) == 0)
    d->began = pthread_create(&d->thread, NULL, platform_main, d) == 0;
  if (!d->began) {
    log_line(LOG_WARN, "演示的国家平台没有启动，登记表要自己填");
    return d;
  }
  for (size_t i = 0; i < COUNT(known); i++) codes = arena_fmt(mem, "%.*s%s%s", SFMT(codes), i ? "、" : "", known[i].code);
  to->inquiry.name = S("国家平台（示例）");
  to->inquiry.url = arena_fmt(mem, "http://127.0.0.1:%d", (int)ntohs(at.sin_port));
  if (rows) to->list[to->count++] = (Receiver){.code = S(DEMO_PLATFORM_CODE), .name = to->inquiry.name, .url = to->inquiry.url, .region = S(DEMO_PLATFORM_REGION)};
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
