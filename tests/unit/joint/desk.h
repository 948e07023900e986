/* SPDX-License-Identifier: Apache-2.0 */
/* desk: the states of room joint in a town, and the ways to them. */
#ifndef DESK_H
#define DESK_H
#include "joint/joint.h"
#include "town.h"

#define BLOB "{'blob':'64a312979d533db9febf686a4faf3d34bcac9c06d48cd88f5a3d3e9ca8ac09f0','name':'施工图.zip','size':1000}"
#define REPORT(d, r) "{'discipline':'" d "','result':'" r "','opinion':'按规范第 5.1.3 条审查，见附表','reviewer':'何审','registration':'S2111400001'}"
#define OPEN_DESK(w) desk_open(&(w), cx)
/* A town with one project "project/1" of the owner, whose stage 3 runs with the three items of drawings taken, and two
 * agencies: the first recognised until 2020-12-31, the second not. */
void desk_open(Town *w, Cx *cx);
const Review *desk_review(Town *w, Cx *cx, int64_t no);
/* Three disciplines pass, fire asks for a change; with `opinion` the joint opinion asks for it too. */
void desk_fire_wants(Town *w, Cx *cx, bool opinion);
#endif
