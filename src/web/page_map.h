/* SPDX-License-Identifier: Apache-2.0 */
/* page_map: what the pages of the one blueprint 一张蓝图 share. Maps are SVG made here; the table beside them says the same. */
#ifndef PAGE_MAP_H
#define PAGE_MAP_H

#include "map/map.h"
#include "web/forms.h"

enum { MAP_WIDTH = 800, MAP_HEIGHT = 600 };
/* "picture": {"width","height","layers":[{"code","name","i","d"}], "plot","overlaps":[d]}: the parts in `near` of the layers and, when given, a plot and what
 * of it blocks. The frame is that of geo_frame over `box`. */
Code picture_view(Cx *cx, Request *rq, Json *view, const Json *near, GeoBox box, double margin, const Geo *plot, const Json *report);
GeoBox box_around(const Geo *plot);               /* what a picture of it shows: the box of layers to be read */
GeoBox box_of_city(const Policy *p);
Code box_of_parts(Cx *cx, Request *rq, const Json *near, GeoBox *box); /* of all that is in `near`; nothing: of the city */
/* The picture in which a plot is drawn: all layers, around `plot`, or the whole city; with what a script needs to know of its plane. */
Code plot_map(Cx *cx, Request *rq, Json *view, const Geo *plot);
Str plot_lines(Arena *m, const Geo *g); /* its outer rings as lines of longitude and latitude, an empty line between two */
#define PLOT_HINT "一行一点：先经度后纬度，如 120.850123,40.710456；或者界址点格式 J1,1,X,Y（高斯-克吕格，中央经线 120°E）。空一行开始另一块地。也可以在下面选择 GeoJSON 文件"
Str plot_carried(Arena *m, const Geo *g); /* as it goes along in an address */
/* "plot" of an address: a plot that was tried before there was a project. As lines; "plot" and "plot_area" on the page when it is one. */
Str plot_brought(Request *rq);
Code plot_brought_view(Cx *cx, Request *rq, Json *view);
/* "rows" of a report with labels, "conclusion", "conflicts" … */
void report_view(Request *rq, Json *view, const Json *report);
void legend_name(Request *rq, Json *o, const Policy *p, Str code); /* "name", "group_label", "i": the number of its colour */
/* The plot that was posted, from the file when there is one; what was typed stays. The figure's form: fields and their choices. */
void plot_arrived(Request *rq);
Json *plot_form(Request *rq, Json *view, const FormAct *a);
extern const FormField plot_fields[];
enum { PLOT_FIELDS = 4 };
Str geojson_feature(Arena *m, Str shape, const Json *properties); /* {"type":"Feature",…} around a geometry */
Str geojson_collection(Arena *m, const Str *features, size_t n);

#endif
