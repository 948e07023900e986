/* SPDX-License-Identifier: Apache-2.0 */
/* read.c: rings and places as they are read from either form; corner points as lines. */
#include "geo/geo_int.h"

#include <math.h>
#include <stdlib.h>

enum { CORNERS_LEAST = 3, NUMBER_MAX = 40, FIELDS = 4 };
static const GeoBox earth = {-180LL * GEO_UNIT, -90LL * GEO_UNIT, 180LL * GEO_UNIT, 90LL * GEO_UNIT};

static bool within(GeoBox b, int64_t lon, int64_t lat) {
  return lon >= b.west && lon <= b.east && lat >= b.south && lat <= b.north;
}

Code read__place(Cx *cx, Str field, const GeoLimits *limits, const GeoBuild *b, int64_t lon, int64_t lat) {
  GeoBox box = limits->bounds.east > limits->bounds.west ? limits->bounds : earth;
  size_t point = b->point_count - b->ring_from + 1, ring = b->polygon_count ? b->polygons[b->polygon_count - 1].count + 1 : 1;
  if (b->point_count == limits->points) FAIL_AT(LIMIT, field, S(""), "图形超过 %zu 个点，请简化或者分块", limits->points);
  if (within(box, lon, lat)) return OK;
  Str x = geo_degrees(cx->mem, lon), y = geo_degrees(cx->mem, lat);
  if (within(box, lat, lon)) FAIL_AT(INVALID, field, S(""), "第 %zu 个面第 %zu 圈第 %zu 点（%.*s，%.*s）的经度和纬度写反了：先写经度，再写纬度", b->polygon_count, ring, point, SFMT(x), SFMT(y));
  Str w = geo_degrees(cx->mem, box.west), e = geo_degrees(cx->mem, box.east), s = geo_degrees(cx->mem, box.south), n = geo_degrees(cx->mem, box.north);
  FAIL_AT(INVALID, field, S(""), "第 %zu 个面第 %zu 圈第 %zu 点（%.*s，%.*s）不在本市范围（经度 %.*s 到 %.*s，纬度 %.*s 到 %.*s），请核对坐标系是不是 CGCS2000", b->polygon_count, ring, point,
          SFMT(x), SFMT(y), SFMT(w), SFMT(e), SFMT(s), SFMT(n));
}

static bool same(const int64_t *a, const int64_t *b) {
  return a[0] == b[0] && a[1] == b[1];
}

Code read__ring(Cx *cx, Str field, GeoBuild *b, size_t from, bool close) {
  size_t polygon = b->polygon_count, ring = b->polygons[polygon - 1].count + 1, kept = from;
  for (size_t i = from; i < b->point_count; i++) {
    if (i > from && same(&b->at[2 * i], &b->at[2 * (kept - 1)])) {
      b->g->dropped++;
      continue;
    }
    memmove(&b->at[2 * kept++], &b->at[2 * i], 2 * sizeof *b->at);
  }
  b->point_count = kept;
  bool closed = kept > from + 1 && same(&b->at[2 * from], &b->at[2 * (kept - 1)]);
  if (!closed && !close) FAIL_AT(INVALID, field, S(""), "第 %zu 个面第 %zu 圈没有闭合：最后一点应当与第 1 点相同", polygon, ring);
  if (kept - from < (size_t)CORNERS_LEAST + closed) FAIL_AT(INVALID, field, S(""), "第 %zu 个面第 %zu 圈不到 %d 个不同的点，围不成面", polygon, ring, CORNERS_LEAST);
  if (!closed) build__point(b, b->at[2 * from], b->at[2 * from + 1]);
  build__ring(b, from);
  b->ring_from = b->point_count;
  return OK;
}

/* ---- lines ------------------------------------------------------------------------------------------------------------ */

typedef struct Lines {
  Str field;
  const GeoLimits *limits;
  GeoBuild b;
  bool open;             /* a polygon has begun */
  int64_t ring;          /* of the file; 0: lines of longitude and latitude have none */
  int line;
} Lines;

static bool number(Str s, double *out) {
  char z[NUMBER_MAX + 1];
  bool digit = false;
  if (!s.len || s.len > NUMBER_MAX) return false;
  for (size_t i = 0; i < s.len; i++) {
    char c = s.ptr[i];
    digit |= c >= '0' && c <= '9';
    if ((c < '0' || c > '9') && c != '.' && !(i == 0 && c == '-')) return false;
    z[i] = c;
  }
  z[s.len] = 0;
  char *end = NULL;
  *out = strtod(z, &end);
  return digit && *end == 0 && isfinite(*out);
}

/* Separated by commas, blanks or tabs; more than FIELDS + 1 are not counted. */
static size_t fields_of(Str line, Str out[FIELDS + 1]) {
  size_t n = 0, at = 0;
  while (at < line.len && n <= FIELDS) {
    size_t end = at;
    while (end < line.len && line.ptr[end] != ',' && line.ptr[end] != ' ' && line.ptr[end] != '\t') end++;
    if (end > at) out[n++] = str_sub(line, at, end - at);
    at = end + 1;
  }
  return n;
}

static Code ring_end(Cx *cx, Lines *l) {
  if (l->open && l->b.point_count > l->b.ring_from) TRY(read__ring(cx, l->field, &l->b, l->b.ring_from, true));
  return OK;
}

static Code polygon_end(Cx *cx, Lines *l) {
  TRY(ring_end(cx, l));
  l->open = false;
  l->ring = 0;
  return OK;
}

static Code ring_of_file(Cx *cx, Lines *l, Str text) {
  int64_t ring;
  if (!str_to_i64(text, &ring) || ring < 1) FAIL_AT(INVALID, l->field, S(""), "第 %d 行的圈号“%.*s”不是从 1 开始的整数", l->line, SFMT(text));
  if (l->ring && ring != l->ring) TRY(ring_end(cx, l));
  l->ring = ring;
  return OK;
}

static Code point_of(Cx *cx, Lines *l, Str line) {
  Str f[FIELDS + 1];
  double x = 0, y = 0;
  size_t n = fields_of(line, f);
  int64_t lon, lat;
  bool gauss = n == FIELDS;
  if ((n != 2 && !gauss) || !number(f[n - 2], &x) || !number(f[n - 1], &y))
    FAIL_AT(INVALID, l->field, S(""), "第 %d 行“%.*s”看不懂：每行写一个点，先经度后纬度，如 120.85,40.71；或者按界址点格式写 J1,1,X,Y", l->line, SFMT(str_sub(line, 0, 60)));
  if (gauss) TRY(ring_of_file(cx, l, f[1]));
  if (gauss && (fabs(x) > 1e7 || fabs(y) > 1e8)) FAIL_AT(INVALID, l->field, S(""), "第 %d 行的 X、Y 不是高斯-克吕格坐标（中央经线 120°E）", l->line);
  if (gauss) geo_from_gauss(x, y, &lon, &lat);
  else lon = fabs(x) > 1000 ? 1000LL * GEO_UNIT : llround(x * GEO_UNIT), lat = fabs(y) > 1000 ? 1000LL * GEO_UNIT : llround(y * GEO_UNIT);
  if (!l->open) build__polygon(&l->b);
  l->open = true;
  TRY(read__place(cx, l->field, l->limits, &l->b, lon, lat));
  build__point(&l->b, lon, lat);
  return OK;
}

Code read__lines(Cx *cx, Str text, Str field, const GeoLimits *limits, Geo **out) {
  Lines l = {.field = field, .limits = limits};
  size_t room = 2;
  for (size_t i = 0; i < text.len; i++) room += text.ptr[i] == '\n';
  Str rest = utf8_halfwidth(cx->mem, text), line;
  build__open(&l.b, cx->mem, room, room, 2 * room); /* each ring gets one point more */
  while (rest.len) {
    str_cut(rest, '\n', &line, &rest);
    line = str_trim(line);
    l.line++;
    if (str_starts(line, S("[")) || str_has(line, S("="))) continue;
    if (!line.len || str_ends(line, S("@"))) TRY(polygon_end(cx, &l));
    else TRY(point_of(cx, &l, line));
  }
  TRY(polygon_end(cx, &l));
  *out = build__done(&l.b);
  return OK;
}

Code geo_read(Cx *cx, Str text, Str field, const GeoLimits *limits, Geo **out) {
  if (text.len > limits->bytes) FAIL_AT(LIMIT, field, S(""), "图形文字最多 %zu KB，现在 %zu KB", limits->bytes / 1024, text.len / 1024);
  if (!utf8_valid(text)) FAIL_AT(INVALID, field, S(""), "图形文件不是 UTF-8 文本，请另存为 UTF-8 再上传");
  if (str_starts(text, S("\xEF\xBB\xBF"))) text = str_sub(text, 3, SIZE_MAX);
  text = str_trim(text);
  if (!text.len) FAIL_AT(INVALID, field, S(""), "请上传图形文件，或者填写界址点坐标");
  TRY(str_starts(text, S("{")) ? read__json(cx, text, field, limits, out) : read__lines(cx, text, field, limits, out));
  if (!(*out)->count) FAIL_AT(INVALID, field, S(""), "图形里没有面：请上传多边形（Polygon 或 MultiPolygon）");
  return geos__settle(cx, field, *out);
}

Code geo_stored(Cx *cx, Str text, Geo **out) {
  const GeoLimits all = {.bytes = SIZE_MAX, .points = SIZE_MAX};
  if (read__json(cx, text, S(""), &all, out) == OK) return OK;
  cx_clear(cx);
  FAIL(BROKEN, "保存的图形读不出来，请联系系统管理员。");
}
