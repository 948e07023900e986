/* SPDX-License-Identifier: Apache-2.0 */
/* gather.c: what of a package people look for, as documents. In the order in which equals are shown: stages first, then items. */
#include "search/search_int.h"
#include "approval/approval.h"

/* Services that are pages of their own. `also`: other words for them; nobody's document gives them, people use them. */
const FixedPage search__pages[] = {
    {"track", "查进度", "办件进度 进度查询 我的项目到哪了 查询 回执 核验回执 回执真伪 核对回执", "/track"},
    {"verify", "证照核验", "证件核验 证书真伪 验证 查验 真假", "/verify"},
    {"advisor", "我该办哪些", "智能引导 办事向导 要办哪些手续 需要办什么 土地怎样取得 出让 划拨 拍卖 土地拍卖 竞拍 招拍挂 土地招拍挂 挂牌 买地 拿地", "/s/advisor"},
    {"time", "各类别审批时限", "多少天 多长时间 审批时间 工作日 时限表 承诺时限", "/s/time"},
    {"list", "审批事项清单", "事项目录 审批清单 权力清单 全部事项", "/s/list"},
    {"ask", "前期咨询", "提问 咨询 问一问 咨询答复", "/ask"},
    {"agent", "免费代办", "代办服务 帮办 代办员 请人代办 领办", "/agent"},
    {"reserve", "出让用地建设条件", "储备库 策划生成 土地出让 规划条件 地块 拍卖 土地拍卖 竞拍 招拍挂 土地招拍挂 挂牌 买地 拿地", "/s/reserve"},
    {"map", "一张蓝图", "多规合一 三区三线 红线 规划图层 空间规划 地图", "/map"},
    {"pick", "选址试算", "选址 压红线 占红线 地块 蓝图检查 合规检查", "/map/pick"},
    {"credit", "信用公示", "失信 失信名单 黑名单 红名单 信用记录 联合惩戒 信用修复", "/credit"},
    {"random", "双随机抽查", "双随机一公开 随机抽查 抽查结果 检查结果", "/s/random"},
    {"samples", "随机抽检", "随机抽查 抽查 抽检 抽检结果 办件抽检", "/s/samples"},
    {"clocks", "法定期限", "行政许可法 期限 多久 工作日", "/s/clocks"},
    {"calendar", "工作日历", "节假日 放假 工作日 休息日 调休", "/s/calendar"},
    {"leaders", "领导分工和机构", "市领导 分管 谁负责 领导 机构电话", "/s/leaders"},
    {"ratings", "好差评", "评价 满意度 差评 投诉 服务评价", "/ratings"},
    {"checkpoints", "检查点和公钥", "防篡改 证明 公钥 核对 二维码核对", "/s/checkpoints"},
    {"my", "我的项目", "登记项目 新建项目 申请 申报 在线申请", "/my"},
    {NULL, NULL, NULL, NULL}};

bool search_page(Str code, Str *title, Str *path) {
  for (const FixedPage *f = search__pages; f->key; f++) {
    if (!str_eqz(code, f->key)) continue;
    *title = str_of(f->title);
    *path = str_of(f->path);
    return true;
  }
  return false;
}

SearchDoc *doc__add(Arena *mem, DocList *l, SearchKind kind, Str key, Str title) {
  static const Str everybody[] = {{.ptr = "all", .len = 3}};
  if (l->count == l->cap) {
    size_t cap = l->cap ? l->cap * 2 : 64;
    SearchDoc *list = arena_array(mem, SearchDoc, cap);
    if (l->count) memcpy(list, l->list, l->count * sizeof *list);
    l->list = list;
    l->cap = cap;
  }
  SearchDoc *d = &l->list[l->count++];
  *d = (SearchDoc){.kind = kind, .key = key, .title = title, .text = S(""), .who = everybody, .who_count = 1};
  return d;
}

static void also(Arena *mem, SearchDoc *d, Str more) {
  if (more.len) d->text = d->text.len ? arena_fmt(mem, "%.*s %.*s", SFMT(d->text), SFMT(more)) : more;
}

static void also_list(Arena *mem, SearchDoc *d, const Str *list, size_t n) {
  for (size_t i = 0; i < n; i++) also(mem, d, list[i]);
}

static Str unit_called(const Policy *p, Str code) {
  const Unit *u = policy_unit(p, code);
  return u ? u->name : code;
}

static void stages(Arena *mem, const Policy *p, DocList *out) {
  for (int n = 1; n <= STAGE_MAX; n++) {
    const Stage *s = &p->stages[n];
    Str title = arena_fmt(mem, "%.*s（%.*s阶段）", SFMT(s->certificate), SFMT(s->name));
    for (size_t i = 0; i < s->subject_count; i++) title = arena_fmt(mem, "%.*s %.*s", SFMT(title), SFMT(s->subjects[i]));
    SearchDoc *d = doc__add(mem, out, SEARCH_SERVICE, arena_fmt(mem, "stage/%d", n), title);
    also_list(mem, d, s->aliases, s->alias_count);
    also(mem, d, arena_fmt(mem, "第%d阶段 %.*s %.*s 办事指南", n, SFMT(unit_called(p, s->lead)), SFMT(s->desk)));
    for (size_t i = 0; i < p->permit_count; i++)
      if (p->permits[i].stage == n) {
        also(mem, d, p->permits[i].name);
        also_list(mem, d, p->permits[i].merges, p->permits[i].merge_count);
      }
  }
}

static void items(Arena *mem, const Policy *p, DocList *out) {
  for (size_t i = 0; i < p->item_count; i++) {
    const Item *it = &p->items[i];
    SearchDoc *d = doc__add(mem, out, SEARCH_SERVICE, arena_fmt(mem, "item/%.*s", SFMT(it->code)), it->name);
    also(mem, d, it->result);
    also(mem, d, it->kind);
    also(mem, d, it->attribute);
    also(mem, d, unit_called(p, it->unit));
    also(mem, d, it->basis);
  }
  for (size_t i = 0; i < p->category_count; i++) {
    const Category *c = &p->categories[i];
    SearchDoc *d = doc__add(mem, out, SEARCH_SERVICE, arena_fmt(mem, "category/%.*s", SFMT(c->code)), c->name);
    also(mem, d, c->qualifier);
    also(mem, d, c->build);
  }
}

static void pages(Arena *mem, DocList *out) {
  for (const FixedPage *f = search__pages; f->key; f++) {
    SearchDoc *d = doc__add(mem, out, SEARCH_SERVICE, arena_fmt(mem, "page/%s", f->key), str_of(f->title));
    also(mem, d, str_of(f->also));
  }
}

static void materials(Arena *mem, const Policy *p, DocList *out) {
  for (size_t i = 0; i < p->material_count; i++) {
    const Material *m = &p->materials[i];
    SearchDoc *d = doc__add(mem, out, SEARCH_SERVICE, arena_fmt(mem, "material/%.*s", SFMT(m->code)), m->name);
    also(mem, d, S("材料"));
    also(mem, d, m->hint);
    also(mem, d, m->basis);
  }
  for (size_t i = 0; i < p->clock_count; i++) {
    SearchDoc *d = doc__add(mem, out, SEARCH_SERVICE, arena_fmt(mem, "clock/%.*s", SFMT(p->clocks[i].code)), p->clocks[i].name);
    also(mem, d, S("期限"));
    also(mem, d, p->clocks[i].note);
    also(mem, d, p->clocks[i].starts);
  }
}

/* A unit with its plates and its phones; the posts there; whoever of the city is in charge of it finds it by name. */
static void units(Arena *mem, const Policy *p, DocList *out) {
  for (size_t i = 0; i < p->unit_count; i++) {
    const Unit *u = &p->units[i];
    SearchDoc *d = doc__add(mem, out, SEARCH_UNIT, arena_fmt(mem, "unit/%.*s", SFMT(u->code)), u->name);
    also_list(mem, d, u->aliases, u->alias_count);
    also(mem, d, u->phone);
    also(mem, d, u->address);
    for (size_t k = 0; k < p->post_count; k++)
      if (str_eq(p->posts[k].unit, u->code)) also(mem, d, p->posts[k].name);
    for (size_t k = 0; k < p->leader_count; k++)
      for (size_t c = 0; c < p->leaders[k].charge_count; c++)
        if (policy_unit_written(mem, p, p->leaders[k].charge[c]) == u) also(mem, d, p->leaders[k].name);
  }
}

static void clauses(Arena *mem, const Policy *p, DocList *out) {
  for (size_t i = 0; i < p->clause_count; i++) {
    const Clause *c = &p->clauses[i];
    SearchDoc *d = doc__add(mem, out, SEARCH_CLAUSE, arena_fmt(mem, "clause/%.*s", SFMT(c->id)), arena_fmt(mem, "%.*s %.*s", SFMT(c->doc), SFMT(c->number)));
    also(mem, d, c->id);
    also(mem, d, c->text);
  }
}

/* What lies on the one blueprint 一张蓝图, with the unit that answers for it. */
static void layers(Arena *mem, const Policy *p, DocList *out) {
  for (size_t i = 0; i < p->blueprint.layer_count; i++) {
    const LayerKind *k = &p->blueprint.layers[i];
    SearchDoc *d = doc__add(mem, out, SEARCH_SERVICE, arena_fmt(mem, "layer/%.*s", SFMT(k->code)), k->name);
    also(mem, d, S("一张蓝图 图层"));
    also(mem, d, unit_called(p, k->unit));
    also(mem, d, k->effect);
  }
}

void gather__package(Arena *mem, const Policy *p, DocList *out) {
  stages(mem, p, out);
  pages(mem, out);
  items(mem, p, out);
  layers(mem, p, out);
  materials(mem, p, out);
  units(mem, p, out);
  clauses(mem, p, out);
}
