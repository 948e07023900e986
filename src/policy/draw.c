/* SPDX-License-Identifier: Apache-2.0 */
/*
 * draw.c: the flow chart 流程图 of a category (D60-2.7.2) as a Graphviz text, from the same data that runs the
 * cases: stages in order, their items side by side, who decides, how long it may take, what comes out.
 */
#include "policy/policy.h"

/* Text inside a quoted label: quotes and backslashes escaped, `wide` characters a line. */
static void put_label(Buf *b, Str s, size_t wide) {
  size_t at = 0, in_line = 0;
  while (at < s.len) {
    uint32_t cp;
    size_t n = utf8_next(s, at, &cp);
    if (in_line == wide) {
      buf_fmt(b, "\\n");
      in_line = 0;
    }
    if (cp == '"' || cp == '\\') buf_char(b, '\\');
    buf_add(b, str_sub(s, at, n));
    in_line++;
    at += n;
  }
}

static Str unit_label(const Policy *p, Str code) {
  const Unit *u = policy_unit(p, code);
  return u ? u->name : str_eq(code, S("county")) ? S("县（市）区") : code;
}

static void put_item(Buf *b, const Policy *p, const ItemChoice *c) {
  const Item *i = c->item;
  Str unit = unit_label(p, i->unit);
  buf_fmt(b, "    \"i-%.*s\" [label=\"", SFMT(i->code));
  put_label(b, i->name, 17);
  buf_fmt(b, "\\n%.*s · %d 个工作日%s", SFMT(unit), c->days, i->days_source.sample ? "（示例）" : "");
  if (c->applies == UNKNOWN) buf_fmt(b, "\\n视项目情况");
  if (i->parallel && i->before_stage) buf_fmt(b, "\\n并行推进，第 %d 阶段出件前办完", i->before_stage);
  if (i->opens.len) buf_fmt(b, "\\n第 %d 阶段出件时开始", i->stage);
  buf_fmt(b, "\"");
  buf_fmt(b, ", shape=box%s];\n", c->applies == UNKNOWN ? ", style=dashed" : "");
}

static size_t items_of(Arena *mem, const Policy *p, const Category *c, int n, bool parallel, ItemChoice **out) {
  ItemChoice *all = NULL, *kept;
  size_t count = policy_items(mem, p, n, c->code, S(""), NULL, &all), k = 0;
  kept = arena_array(mem, ItemChoice, count + 1);
  for (size_t i = 0; i < count; i++)
    if (all[i].applies != NO && all[i].item->parallel == parallel) kept[k++] = all[i];
  *out = kept;
  return k;
}

static void put_stage(Arena *mem, Buf *b, const Policy *p, const Category *c, int n) {
  const Stage *s = &p->stages[n];
  ItemChoice *items = NULL;
  size_t count = items_of(mem, p, c, n, false, &items);
  Str lead = unit_label(p, s->lead);
  buf_fmt(b, "  subgraph cluster_%d {\n    label=\"第 %d 阶段　%.*s　%d 个工作日\\n牵头：%.*s\"; style=rounded;\n", n, n,
          SFMT(s->name), c->limit[n], SFMT(lead));
  buf_fmt(b, "    \"a%d\" [label=\"综合窗口受理\\n转给各部门\", shape=oval];\n", n);
  for (size_t i = 0; i < count; i++) put_item(b, p, &items[i]);
  buf_fmt(b, "    \"z%d\" [label=\"统一出件：%.*s\\n", n, SFMT(s->certificate));
  put_label(b, p->seal, 40);
  buf_fmt(b, "\", shape=note];\n  }\n");
  for (size_t i = 0; i < count; i++) {
    Str code = items[i].item->code;
    buf_fmt(b, "  \"a%d\" -> \"i-%.*s\" -> \"z%d\";\n", n, SFMT(code), n);
  }
  if (!count) buf_fmt(b, "  \"a%d\" -> \"z%d\";\n", n, n);
}

/* What runs beside the stage; before which certificate it must be decided stands in its box. */
static void put_parallel(Arena *mem, Buf *b, const Policy *p, const Category *c, int n) {
  ItemChoice *items = NULL;
  size_t count = items_of(mem, p, c, n, true, &items);
  for (size_t i = 0; i < count; i++) {
    put_item(b, p, &items[i]);
    buf_fmt(b, "  \"a%d\" -> \"i-%.*s\" [style=dotted];\n", n, SFMT(items[i].item->code));
  }
}

Str policy_dot(Arena *mem, const Policy *p, const Category *c) {
  SCOPED(buf_drop) Buf b = {0};
  int before = 0;
  buf_init(&b, (size_t)1 << 20);
  buf_fmt(&b, "digraph flow {\n  rankdir=LR; nodesep=0.12; ranksep=0.3; fontname=\"Noto Sans CJK SC\"; "
              "fontsize=13; bgcolor=white;\n  node [fontname=\"Noto Sans CJK SC\", fontsize=10, margin=\"0.08,0.05\"];\n"
              "  edge [arrowsize=0.6, color=\"#5b6874\"];\n  labelloc=t; label=\"");
  put_label(&b, c->name, 60);
  buf_fmt(&b, "审批流程图　总时限 %d 个工作日\\n%.*s，%.*s；标“示例”的天数文件没有给出\";\n", c->total, SFMT(p->title), SFMT(p->version));
  for (int n = 1; n <= STAGE_MAX; n++) {
    if (!c->limit[n]) continue;
    put_stage(mem, &b, p, c, n);
    if (before) buf_fmt(&b, "  \"z%d\" -> \"a%d\" [weight=10];\n", before, n);
    before = n;
  }
  for (int n = 1; n <= STAGE_MAX; n++)
    if (c->limit[n]) put_parallel(mem, &b, p, c, n);
  buf_fmt(&b, "}\n");
  REQUIRE(!b.full);
  return arena_str(mem, buf_str(&b));
}
