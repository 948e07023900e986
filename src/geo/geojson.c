/* SPDX-License-Identifier: Apache-2.0 */
/*
 * geojson.c: GeoJSON (RFC 7946) straight into points, without a tree of it: base's JSON has no fractions, and a tree of 100 000 points would take
 * a hundred times their room. Strict in what it uses, and it skips what it does not (properties, ids, bounding boxes).
 */
#include "geo/geo_int.h"

#include <math.h>
#include <stdlib.h>

enum { NUMBER_LONG = 60, LEVELS = 4 }; /* MultiPolygon: polygons, rings, points, numbers */

typedef struct In {
  Cx *cx;
  Str text, field;
  size_t at;
  const GeoLimits *limits;
  GeoBuild b;
} In;

static Code bad(In *in, const char *what) {
  Cx *cx = in->cx;
  size_t line = 1;
  for (size_t i = 0; i < in->at && i < in->text.len; i++) line += in->text.ptr[i] == '\n';
  FAIL_AT(INVALID, in->field, S(""), "GeoJSON 第 %zu 行（第 %zu 个字节）%s", line, in->at + 1, what);
}

static char peek(In *in) {
  while (in->at < in->text.len && strchr(" \t\r\n", in->text.ptr[in->at])) in->at++;
  return in->at < in->text.len ? in->text.ptr[in->at] : 0;
}

static bool take(In *in, char c) {
  bool is = peek(in) == c;
  in->at += is;
  return is;
}

/* A string without its quotes; escapes stay as they are: what is compared here has none. */
static Code string_of(In *in, Str *out) {
  if (!take(in, '"')) return bad(in, "应当是引号");
  size_t from = in->at;
  while (in->at < in->text.len && in->text.ptr[in->at] != '"') {
    if ((unsigned char)in->text.ptr[in->at] < ' ') return bad(in, "的文字里有控制字符");
    in->at += in->text.ptr[in->at] == '\\' ? 2 : 1;
  }
  if (in->at >= in->text.len) return bad(in, "的文字没有结束");
  *out = str_sub(in->text, from, in->at - from);
  in->at++;
  return OK;
}

static Code number_of(In *in, double *out) {
  char z[NUMBER_LONG + 1];
  size_t n = 0;
  (void)peek(in);
  while (in->at + n < in->text.len && n < NUMBER_LONG && in->text.ptr[in->at + n] && strchr("+-.0123456789eE", in->text.ptr[in->at + n])) {
    z[n] = in->text.ptr[in->at + n];
    n++;
  }
  z[n] = 0;
  char *end = z;
  *out = strtod(z, &end); /* of these characters it understands what JSON does, and what is left over or infinite is refused */
  if (!n || *end || end == z || !isfinite(*out)) return bad(in, "应当是数，如 120.85");
  in->at += n;
  return OK;
}

static Code skip(In *in, int depth);

static Code skip_inside(In *in, int depth, bool object) {
  char close = object ? '}' : ']';
  Str ignored;
  in->at++;
  if (take(in, close)) return OK;
  do {
    if (object) TRY(string_of(in, &ignored));
    if (object && !take(in, ':')) return bad(in, "缺少冒号");
    TRY(skip(in, depth + 1));
  } while (take(in, ','));
  return take(in, close) ? OK : bad(in, "缺少逗号或者括号");
}

/* Any value that is of no interest. */
static Code skip(In *in, int depth) {
  char c = peek(in);
  double number;
  Str text;
  if (depth > GEO_DEPTH_MAX) return bad(in, "嵌套太深（最多 16 层）");
  if (c == '{' || c == '[') return skip_inside(in, depth, c == '{');
  if (c == '"') return string_of(in, &text);
  static const char *const words[] = {"true", "false", "null"};
  for (size_t i = 0; i < COUNT(words); i++)
    if (str_starts(str_sub(in->text, in->at, SIZE_MAX), str_of(words[i]))) {
      in->at += strlen(words[i]);
      return OK;
    }
  return number_of(in, &number);
}

/* ---- coordinates -------------------------------------------------------------------------------------------------------- */

static Code position(In *in) {
  double lon, lat, ignored;
  if (!take(in, '[')) return bad(in, "应当是一个点 [经度, 纬度]");
  TRY(number_of(in, &lon));
  if (!take(in, ',')) return bad(in, "的点没有纬度");
  TRY(number_of(in, &lat));
  while (take(in, ',')) TRY(number_of(in, &ignored)); /* a height */
  if (!take(in, ']')) return bad(in, "的点没有结束");
  int64_t x = fabs(lon) > 1000 ? 1000LL * GEO_UNIT : llround(lon * GEO_UNIT), y = fabs(lat) > 1000 ? 1000LL * GEO_UNIT : llround(lat * GEO_UNIT);
  TRY(read__place(in->cx, in->field, in->limits, &in->b, x, y));
  build__point(&in->b, x, y);
  return OK;
}

static Code ring(In *in) {
  if (!take(in, '[')) return bad(in, "应当是一圈点");
  in->b.ring_from = in->b.point_count;
  if (peek(in) != ']') {
    do TRY(position(in));
    while (take(in, ','));
  }
  if (!take(in, ']')) return bad(in, "的一圈没有结束");
  return read__ring(in->cx, in->field, &in->b, in->b.ring_from, false);
}

static Code polygon(In *in) {
  if (!take(in, '[')) return bad(in, "应当是一个面");
  if (take(in, ']')) return OK;
  build__polygon(&in->b);
  do TRY(ring(in));
  while (take(in, ','));
  return take(in, ']') ? OK : bad(in, "的面没有结束");
}

static Code polygons(In *in) {
  if (!take(in, '[')) return bad(in, "应当是若干个面");
  if (take(in, ']')) return OK;
  do TRY(polygon(in));
  while (take(in, ','));
  return take(in, ']') ? OK : bad(in, "缺少逗号或者括号");
}

/* ---- objects ------------------------------------------------------------------------------------------------------------- */

typedef struct Members { Str type; size_t coordinates, geometry, features; } Members; /* where they stand; 0: absent */

static Code members(In *in, int depth, Members *m) {
  Str key;
  *m = (Members){0};
  if (depth > GEO_DEPTH_MAX) return bad(in, "嵌套太深（最多 16 层）");
  if (!take(in, '{')) return bad(in, "应当是 {");
  if (take(in, '}')) return OK;
  do {
    TRY(string_of(in, &key));
    if (!take(in, ':')) return bad(in, "缺少冒号");
    (void)peek(in);
    if (str_eqz(key, "coordinates")) m->coordinates = in->at;
    if (str_eqz(key, "geometry")) m->geometry = in->at;
    if (str_eqz(key, "features")) m->features = in->at;
    if (str_eqz(key, "type") && peek(in) == '"') TRY(string_of(in, &m->type));
    else TRY(skip(in, depth));
  } while (take(in, ','));
  return take(in, '}') ? OK : bad(in, "缺少逗号或者括号");
}

static Code object(In *in, int depth);

static Code features(In *in, int depth) {
  if (!take(in, '[')) return bad(in, "的 features 应当是数组");
  if (take(in, ']')) return OK;
  do TRY(object(in, depth + 1));
  while (take(in, ','));
  return take(in, ']') ? OK : bad(in, "缺少逗号或者括号");
}

static Code object(In *in, int depth) {
  Members m;
  TRY(members(in, depth, &m));
  size_t after = in->at;
  size_t from = str_eqz(m.type, "FeatureCollection") ? m.features : str_eqz(m.type, "Feature") ? m.geometry : m.coordinates;
  if (!m.type.len || !from) return bad(in, "不是 GeoJSON：要有 type，和 coordinates、geometry 或者 features");
  in->at = from;
  if (str_eqz(m.type, "FeatureCollection")) TRY(features(in, depth));
  else if (str_eqz(m.type, "Feature")) TRY(object(in, depth + 1));
  else if (str_eqz(m.type, "Polygon")) TRY(polygon(in));
  else if (str_eqz(m.type, "MultiPolygon")) TRY(polygons(in));
  else {
    Cx *cx = in->cx;
    FAIL_AT(INVALID, in->field, S(""), "图形是 %.*s，这里只用面（Polygon 或 MultiPolygon）", SFMT(str_sub(m.type, 0, 40)));
  }
  in->at = after;
  return OK;
}

Code read__json(Cx *cx, Str text, Str field, const GeoLimits *limits, Geo **out) {
  In in = {.cx = cx, .text = text, .field = field, .limits = limits};
  size_t open = 1, commas = 2;
  for (size_t i = 0; i < text.len; i++) open += text.ptr[i] == '[', commas += text.ptr[i] == ',';
  build__open(&in.b, cx->mem, open, open, commas + open); /* a point has a comma, a ring a bracket */
  TRY(object(&in, 1));
  if (peek(&in)) return bad(&in, "以后还有内容");
  *out = build__done(&in.b);
  return OK;
}
