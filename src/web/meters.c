/* SPDX-License-Identifier: Apache-2.0 */
/* meters.c: how many requests, with which end, how fast; as Prometheus' text format 0.0.4 has it. Classes instead of paths: a path
 * names a case. */
#include "web/web_int.h"

static const char *const class_names[METER__MAX] = {"page", "form", "api", "asset", "watch", "none"};
static const int64_t upto[METER_BUCKETS] = {1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000, 5000000, 10000000};

static MeterClass class_of(const Exchange *x) {
  Str path = x->rq.path;
  if (!x->rq.route) return METER_NONE;
  if (str_starts(path, S("/a/"))) return METER_ASSET;
  if (str_starts(path, S("/health")) || str_starts(path, S("/metrics"))) return METER_WATCH;
  if (str_starts(path, S("/api/"))) return METER_API;
  return x->rq.method == POST ? METER_FORM : METER_PAGE;
}

void meters_take(Meters *m, const Exchange *x, int64_t us) {
  MeterClass c = class_of(x);
  int status = x->rp.status > 0 && x->rp.status < METER_STATUS ? x->rp.status : 0;
  size_t b = 0;
  while (b < METER_BUCKETS && us > upto[b]) b++;
  atomic_fetch_add_explicit(&m->count[c][status], 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&m->bucket[c][b], 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&m->sum_us[c], us, memory_order_relaxed);
}

static void counts_write(const Meters *m, Buf *out) {
  buf_add(out, S("# HELP yichuang_http_requests_total Requests answered, by class of route and status.\n# TYPE yichuang_http_requests_total counter\n"));
  for (size_t c = 0; c < METER__MAX; c++)
    for (int s = 0; s < METER_STATUS; s++) {
      int64_t n = atomic_load(&m->count[c][s]);
      if (n) buf_fmt(out, "yichuang_http_requests_total{class=\"%s\",status=\"%03d\"} %lld\n", class_names[c], s, (long long)n);
    }
}

void meters_write(const Meters *m, Buf *out) {
  counts_write(m, out);
  buf_add(out, S("# HELP yichuang_http_request_seconds From the head of a request to its finished reply.\n# TYPE yichuang_http_request_seconds histogram\n"));
  for (size_t c = 0; c < METER__MAX; c++) {
    int64_t sum = 0;
    for (size_t b = 0; b <= METER_BUCKETS; b++) {
      sum += atomic_load(&m->bucket[c][b]);
      if (b < METER_BUCKETS) buf_fmt(out, "yichuang_http_request_seconds_bucket{class=\"%s\",le=\"%g\"} %lld\n", class_names[c], (double)upto[b] / 1e6, (long long)sum);
    }
    buf_fmt(out, "yichuang_http_request_seconds_bucket{class=\"%s\",le=\"+Inf\"} %lld\n", class_names[c], (long long)sum);
    buf_fmt(out, "yichuang_http_request_seconds_sum{class=\"%s\"} %.6f\n", class_names[c], (double)atomic_load(&m->sum_us[c]) / 1e6);
    buf_fmt(out, "yichuang_http_request_seconds_count{class=\"%s\"} %lld\n", class_names[c], (long long)sum);
  }
  buf_fmt(out, "# HELP yichuang_http_connections Connections that are open.\n# TYPE yichuang_http_connections gauge\nyichuang_http_connections %lld\n",
          (long long)atomic_load(&m->connections));
  buf_fmt(out, "# HELP yichuang_http_live_connections Of them pages that hear of news (/live).\n# TYPE yichuang_http_live_connections gauge\nyichuang_http_live_connections %lld\n",
          (long long)atomic_load(&m->live));
  buf_fmt(out, "# HELP yichuang_http_turned_away_total Connections refused because there were too many.\n# TYPE yichuang_http_turned_away_total counter\n"
               "yichuang_http_turned_away_total %lld\n", (long long)atomic_load(&m->turned_away));
}
