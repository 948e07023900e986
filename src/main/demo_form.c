/* SPDX-License-Identifier: Apache-2.0 */
/* demo_form.c: what the sample applicants type: a project's facts, a stage's form, its files. */
#include "main/demo.h"

#include "approval/beside.h"
#include "policy/answers.h"

/* Shares of the categories, in the order of the package; later ones share the rest. */
static const int category_share[] = {16, 22, 8, 30, 12, 6, 6};

static const Category *category_pick(const Demo *d, uint64_t roll) {
  int at = (int)(roll % 100);
  for (size_t i = 0; i < d->policy->category_count && i < COUNT(category_share); i++) {
    at -= category_share[i];
    if (at < 0) return &d->policy->categories[i];
  }
  return &d->policy->categories[0];
}

static const Unit *county_pick(const Demo *d, uint64_t roll) {
  const Unit *found = NULL;
  size_t n = 0;
  for (size_t i = 0; i < d->policy->unit_count; i++) {
    const Unit *u = &d->policy->units[i];
    if (!str_eq(u->kind, S("county")) && !str_eq(u->kind, S("zone"))) continue;
    n++;
    if (!found || roll % n == 0) found = u;
  }
  return found;
}

static Str number_value(Arena *mem, const Field *f, uint64_t roll) {
  int64_t low = f->min > 0 ? f->min : 1, high = f->max > low ? f->max : low * 1000;
  bool decimal = f->type == FIELD_DECIMAL;
  int64_t unit = decimal ? 1000 : 1, top = low + 90000 * unit < high ? low + 90000 * unit : high;
  int64_t v = low + (int64_t)(roll % (uint64_t)(top - low + 1));
  if (decimal) return milli_str(mem, (Milli){v / 100000 * 100000 >= low ? v / 100000 * 100000 : v});
  return arena_fmt(mem, "%lld", (long long)v);
}

/* What such projects usually have, by the name of the field; `what` of the package is the type only. */
static const struct { const char *name; int64_t low, high; } usual[] = {{"plot_ratio", 800, 2500}, {"building_density", 22000, 42000}, {"green_rate", 15000, 35000},
                                                                       {"building_height", 8000, 58000}, {"parking", 40, 420}};

static Str usual_value(Arena *mem, const Field *f, uint64_t roll) {
  for (size_t i = 0; i < COUNT(usual); i++) {
    if (!str_eqz(f->name, usual[i].name)) continue;
    int64_t v = usual[i].low + (int64_t)(roll % (uint64_t)(usual[i].high - usual[i].low + 1));
    return f->type == FIELD_DECIMAL ? milli_str(mem, (Milli){v / 100 * 100}) : arena_fmt(mem, "%lld", (long long)v);
  }
  return S("");
}

/* What is built, by the category and the name of the project. */
static Str scale_of(const Project *p) {
  static const struct { const char *word, *text; } built[] = {
      {"体育馆", "新建体育馆一座，建筑面积12500平方米，配套室外场地、停车场和绿化（示例）"},
      {"河道", "河道清淤和堤防加固3.6公里，新建护岸和排涝闸两座（示例）"},     {"灌区", "灌区渠道衬砌12公里，改造泵站一座（示例）"},
      {"管网", "新建雨水、污水管网4.2公里，检查井和一体化泵站（示例）"},       {"道路", "新建城市道路2.4公里，含排水、照明和绿化（示例）"},
      {"住宅", "新建住宅八栋，建筑面积68000平方米，配套地下车库和管网（示例）"}, {"家园", "新建住宅八栋，建筑面积68000平方米，配套地下车库和管网（示例）"},
      {"综合体", "新建商业综合体一座，建筑面积42000平方米，地下停车场两层（示例）"}, {"养老", "新建养老服务用房两栋，建筑面积9600平方米，床位200张（示例）"},
      {"装修", "商铺室内装修1200平方米，不改变主体结构（示例）"},           {"外立面", "办公楼外立面和门窗更新，不增加建筑面积（示例）"}};
  for (size_t i = 0; i < COUNT(built); i++)
    if (str_has(p->name, str_of(built[i].word))) return str_of(built[i].text);
  return str_eqz(p->category, "industry") ? S("新建厂房两栋，建筑面积12500平方米，配套道路、绿化和管网（示例）") : S("按立项文件的建设规模和内容建设（示例）");
}

static Str date_value(Arena *mem, const Demo *d, const Field *f, Day day, int64_t at) {
  Day soonest = {day_of(at).n + 2};
  if (f->workday) day = calendar_next_work(d->policy->calendar, day.n < soonest.n ? soonest : day);
  return day_str(mem, day);
}

/* A plausible value of a field; personal ones go to the vault and leave a reference. */
static Str value_of(Arena *mem, const Demo *d, const Field *f, int64_t at, int64_t seq, uint64_t roll, Step *step) {
  Str value = f->example.len ? f->example : S("示例内容");
  switch (f->type) {
    case FIELD_INT:
    case FIELD_DECIMAL:
      value = usual_value(mem, f, roll);
      if (!value.len) value = number_value(mem, f, roll);
      break;
    case FIELD_DATE: value = date_value(mem, d, f, (Day){day_of(at).n + 60 + (int32_t)(roll % 300)}, at); break;
    case FIELD_BOOL: value = roll % 9 == 0 ? S("true") : S("false"); break;
    case FIELD_CHOICE: value = f->choices[roll % f->choice_count].value; break;
    case FIELD_PHONE: value = arena_fmt(mem, "139%08llu", (unsigned long long)(roll % 100000000)); break;
    case FIELD_IDNO: value = S("11010519491231002X"); break;
    case FIELD_USCC: value = demo_account(d, S("owner"))->org_uscc; break;
    case FIELD_PROJECT_CODE: value = S("2304-211403-04-01-135254"); break;
    case FIELD_UNSET:
    case FIELD_TEXT:
    case FIELD_LONG:
    case FIELD__MAX: break;
  }
  if (!f->personal || step->personal_count >= COUNT(step->personal)) return value;
  Str ref = arena_fmt(mem, "v1.demo-%llx-%lld", (unsigned long long)roll, (long long)seq); /* a correction brings its own */
  step->personal[step->personal_count++] = (Personal){.ref = ref, .kind = f->name, .value = value};
  return ref;
}

static void value_put(Arena *mem, Json *form, const Field *f, Str value) {
  int64_t n;
  if (f->type == FIELD_BOOL) json_put_bool(mem, form, f->name, str_eq(value, S("true")));
  else if (f->type == FIELD_INT && str_to_i64(value, &n)) json_put_int(mem, form, f->name, n);
  else json_put_str(mem, form, f->name, value);
}

bool demo_region_shares(Str kind) {
  static const char *const kinds[] = {"geology", "seismic", "environment", "energy"};
  for (size_t i = 0; i < COUNT(kinds); i++)
    if (str_eqz(kind, kinds[i])) return true;
  return false;
}

/* Two of three projects of 龙港区 lie in the region, once it is there; their ground slides. */
Str demo_region_of(const Demo *d, const Project *p) {
  if (project_locked(p, S("region")).len) return project_locked(p, S("region"));
  int64_t since = demo_moment(d, DEMO_REGION_DAYS, 0);
  bool there = since >= d->first && p->registered_at > since + DAY_MS && str_eqz(p->county, "longgang");
  return there && demo_roll(d, p->no, 1, 0, S("region"), "form") % 3 < 2 ? S(DEMO_REGION) : S("");
}

static Str site_of(Arena *mem, const Demo *d, const Project *p, uint64_t roll) {
  const Unit *u = policy_unit(d->policy, p->county);
  Str place = !u ? S("") : u->alias_count ? u->aliases[0] : u->name;
  return arena_fmt(mem, "%.*s示例街道示例路%d号", SFMT(place), 1 + (int)(roll % 200));
}

/* Works end some days before acceptance is applied for, and not before the permit was there. */
static Day finish_of(const Project *p, int64_t at, uint64_t roll) {
  Day end = {day_of(at).n - 3 - (int32_t)(roll % 12)}, permit = day_of(p->stages[STAGE_MAX - 1].delivered_at);
  return end.n < permit.n && permit.n < day_of(at).n ? permit : end;
}

/* A correction changes what was asked for. Days are worked out anew, for one may have passed; so is what items hang on. */
static const Json *kept_value(const StageState *s, const Field *f) {
  const Json *missing = s->status == STAGE_CORRECTION ? json_get(s->notice, S("missing")) : NULL;
  for (const Json *x = missing ? missing->first : NULL; x; x = x->next)
    if (str_eq(json_str(x, S("of")), f->name) || str_eq(json_str(x, S("what")), f->label)) return NULL;
  return missing && !f->fact && f->type != FIELD_DATE ? json_get(s->form, f->name) : NULL;
}

Json *demo_form(Arena *mem, const Demo *d, const Project *p, int stage, Step *step) {
  Json *form = json_obj(mem);
  Json *facts = policy_facts(mem, p->facts, p->category, p->county);
  for (size_t i = 0; i < d->policy->form_count[stage]; i++) {
    const Field *f = &d->policy->form[stage][i];
    if (f->when && policy_eval(mem, d->policy, f->when, facts, NULL) == NO) continue;
    if (project_locked(p, f->name).len) continue;
    const Json *kept = kept_value(&p->stages[stage], f);
    if (kept) {
      json_put(mem, form, f->name, kept);
      continue;
    }
    uint64_t roll = demo_roll(d, p->no, stage, p->stages[stage].attempt, f->name, "form");
    if (f->choose.len) {
      Str region = demo_region_of(d, p);
      if (region.len) value_put(mem, form, f, region);
      if (region.len) json_put(mem, facts, f->name, json_get(form, f->name));
      continue;
    }
    bool ground = json_get(facts, S("region")) && (str_eqz(f->name, "special_site") || str_eqz(f->name, "geo_hazard"));
    Day first;
    bool later = f->not_before.len && day_parse(json_str(form, f->not_before), &first);
    if (later) value_put(mem, form, f, date_value(mem, d, f, (Day){first.n + (stage == STAGE_MAX ? 5 + (int32_t)(roll % 20) : 240 + (int32_t)(roll % 360))}, step->at));
    else if (str_eqz(f->name, "scale")) value_put(mem, form, f, scale_of(p));
    else if (str_eqz(f->name, "site")) value_put(mem, form, f, site_of(mem, d, p, roll));
    else if (str_eqz(f->name, "actual_finish")) value_put(mem, form, f, day_str(mem, finish_of(p, step->at, roll)));
    else if (ground) json_put_bool(mem, form, f->name, true);
    else value_put(mem, form, f, value_of(mem, d, f, p->registered_at, p->seq, roll, step));
    if (f->fact) json_put(mem, facts, f->name, json_get(form, f->name));
  }
  return form;
}

static bool known_file(const Json *known, Str material) {
  const Json *files = json_get(known, S("materials"));
  if (json_get(files, material)) return true;
  for (const Json *f = files ? files->first : NULL; f; f = f->next)
    if (str_eq(json_str(f, S("material")), material)) return true;
  return false;
}

void demo_file(Arena *mem, const Demo *d, Json *one, Str material, Str name) {
  json_put_str(mem, one, S("material"), material);
  json_put_str(mem, one, S("blob"), d->blob);
  json_put_str(mem, one, S("name"), arena_fmt(mem, "%.*s（示例）.pdf", SFMT(name)));
  json_put_int(mem, one, S("size"), d->blob_size);
}

Json *demo_files(Arena *mem, const Demo *d, const Project *p, int stage, const Json *form) {
  Json *files = json_arr(mem), *known = project_known(mem, d->policy, p, stage);
  const Json *facts = project_facts_with(mem, d->policy, p, stage, form);
  MaterialChoice *choices = NULL;
  size_t n = policy_materials(mem, d->policy, stage, p->category, p->county, facts, &choices);
  for (size_t i = 0; i < n; i++) {
    const Material *m = choices[i].material;
    if (choices[i].needed == NO || !m->required || m->form || m->from_stage.len) continue;
    if (known_file(known, m->code) || (demo_region_shares(m->share) && project_region(d->policy, p, stage, form).len)) continue;
    demo_file(mem, d, json_push_obj(mem, files), m->code, m->name);
  }
  return files;
}

static Str project_title(Arena *mem, const Category *c, const Unit *county, int64_t index) {
  static const char *const kinds[][3] = {
      {"体育馆新建", "第三中学改扩建", "滨河路排水管网"}, {"滨海新城住宅", "锦绣家园二期", "商业综合体"},
      {"养老服务中心", "社区医院", "公益幼儿园"},         {"数控机床生产线", "新能源电池厂房", "管材加工基地"},
      {"老旧厂房改造", "办公楼外立面改造", "商铺装修"},   {"河道治理", "水库除险加固", "灌区配套"},
      {"县道改建", "滨海公路连接线", "农村公路"}};
  size_t which = (size_t)(index * 7 + 3) % 3, row = 0;
  static const char *const codes[] = {"gov-building", "social-commercial", "social-nonprofit", "industry",
                                      "renovation", "water", "highway"};
  for (size_t i = 0; i < COUNT(codes); i++)
    if (str_eqz(c->code, codes[i])) row = i;
  return arena_fmt(mem, "%.*s%s项目（示例%lld）", SFMT(county->alias_count ? county->aliases[0] : county->name), kinds[row][which], (long long)index + 1);
}

static Json *facts_of(Arena *mem, const Demo *d, Str category, Str county, int64_t index, int64_t at, Step *step) {
  Json *facts = json_obj(mem);
  for (size_t i = 0; i < d->policy->fact_count; i++) {
    const Field *f = &d->policy->facts[i];
    if (f->when && policy_eval(mem, d->policy, f->when, facts, NULL) == NO) continue;
    value_put(mem, facts, f,
              value_of(mem, d, f, at, 0, demo_roll(d, index, 0, 0, f->name, "fact"), step));
  }
  policy_agree(mem, d->policy, category, county, facts);
  return facts;
}

/* The form of the day: the new one holds from 2020-11-01 (发改投资〔2020〕1439号). */
static Str code_of(Arena *mem, Day day, Str region, int64_t index) {
  int y, m, d;
  long long serial = 100000 + (index * 7919) % 900000;
  if (!region.len) region = S("211403");
  day_split(day, &y, &m, &d);
  if (y * 100 + m < 202011) return arena_fmt(mem, "%04d-%.*s-47-03-%06lld", y, SFMT(region), serial);
  return arena_fmt(mem, "%02d%02d-%.*s-04-01-%06lld", y % 100, m, SFMT(region), serial);
}

Step demo_register(Arena *mem, const Demo *d, int64_t index) {
  uint64_t roll = demo_roll(d, index, 0, 0, S(""), "register");
  int64_t span = d->end - d->first;
  const Category *category = category_pick(d, roll);
  const Unit *county = county_pick(d, roll / 101);
  const DemoAccount *owner = &d->accounts[d->applicant_first + (size_t)index % d->applicant_count];
  Step s = {.some = true, .name = S("project.register"), .by = owner, .args = json_obj(mem)};
  s.at = day_start(day_of(d->first + span / d->projects * index)) + (510 + (int64_t)(roll % 480)) * 60000;
  json_put_str(mem, s.args, S("code"), code_of(mem, day_of(s.at), county->region, index));
  json_put_str(mem, s.args, S("name"), project_title(mem, category, county, index));
  json_put_str(mem, s.args, S("category"), category->code);
  json_put_str(mem, s.args, S("county"), county->code);
  json_put_str(mem, s.args, S("owner"), owner->org_name);
  json_put_str(mem, s.args, S("uscc"), owner->org_uscc);
  json_put(mem, s.args, S("facts"), facts_of(mem, d, category->code, county->code, index, s.at, &s));
  json_put_str(mem, s.args, S("contact_name"), owner->name);
  Str ref = arena_fmt(mem, "v1.demo-phone-%lld", (long long)index);
  json_put_str(mem, s.args, S("contact_phone"), ref);
  s.personal[s.personal_count++] = (Personal){
      .ref = ref, .kind = S("phone"), .value = arena_fmt(mem, "138%08llu", (unsigned long long)(roll % 100000000))};
  return s;
}
