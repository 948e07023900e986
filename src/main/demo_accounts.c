/* SPDX-License-Identifier: Apache-2.0 */
/* demo_accounts.c: who takes part. One applicant per sample enterprise, the window, and for each unit
 * that owns an item one approver and one head. */
#include "main/demo.h"

enum { ACCOUNTS_MAX = 200, ENTERPRISES = 8 };

#define T(s) {.ptr = s, .len = sizeof(s) - 1}
static const DemoAccount fixed[] = {
    {T("wang"), T("王某"), T("clerk"), T("window"), {0}, {0}},
    {T("sun"), T("孙某"), T("clerk"), T("window"), {0}, {0}},
    {T("zhao"), T("赵某"), T("window_head"), T("window"), {0}, {0}},
    {T("wu"), T("吴某"), T("supervisor"), T("supervisor"), {0}, {0}},
    {T("wu2"), T("武某"), T("supervisor"), T("supervisor"), {0}, {0}},
    {T("agent"), T("周某"), T("agent"), T("window"), {0}, {0}},
    {T("agent2"), T("吴某某"), T("agent"), T("suizhong"), {0}, {0}},
    {T("agent3"), T("郑某"), T("agent"), T("window"), {0}, {0}},
    {T("leader"), T("市领导甲"), T("leader"), {0}, {0}, {0}},
    {T("sys"), T("系统管理员甲"), T("sysadmin"), {0}, {0}, {0}},
    {T("sec"), T("安全管理员乙"), T("secadmin"), {0}, {0}, {0}},
    {T("audit"), T("审计管理员丙"), T("auditor"), {0}, {0}, {0}},
};
static const char *const enterprises[ENTERPRISES] = {
    "葫芦岛示例机械制造有限公司", "葫芦岛示例置业有限公司", "示例城市建设投资有限公司",
    "示例新材料有限公司",         "示例水务发展有限公司",   "示例公路建设有限公司",
    "示例养老服务中心",           "示例商业管理有限公司"};
static const char *const surnames[] = {"张", "李", "刘", "陈", "杨", "黄", "周", "徐", "马", "朱",
                                       "胡", "郭", "何", "高", "林", "罗", "郑", "梁", "谢", "宋"};

static void account_add(Demo *d, DemoAccount a) {
  REQUIRE(d->account_count < ACCOUNTS_MAX);
  d->accounts[d->account_count++] = a;
}

const DemoAccount *demo_account(const Demo *d, Str id) {
  for (size_t i = 0; i < d->account_count; i++)
    if (str_eq(d->accounts[i].id, id)) return &d->accounts[i];
  return NULL;
}

const DemoAccount *demo_unit_account(const Demo *d, Str unit, bool head) {
  Str role = head ? S("unit_head") : S("approver");
  for (size_t i = 0; i < d->account_count; i++)
    if (str_eq(d->accounts[i].unit, unit) && str_eq(d->accounts[i].roles, role))
      return &d->accounts[i];
  return NULL;
}

/* A code that passes both check digits: the organisation's digit and the last one are tried out. */
static Str sample_uscc(Arena *mem, int n) {
  static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  bool code_with_right_digits = false;
  for (const char *c17 = "0123456789X"; *c17; c17++)
    for (const char *c18 = alphabet; *c18; c18++) {
      Str s = arena_fmt(mem, "91211400MA%06d%c%c", 100000 + n * 137, *c17, *c18);
      if (uscc_valid(s)) return s;
    }
  REQUIRE(code_with_right_digits);
  return S("");
}

static void unit_accounts(Demo *d, Str unit) {
  if (!unit.len || str_eq(unit, S("county")) || demo_unit_account(d, unit, false)) return;
  size_t n = d->account_count;
  Str family = str_of(surnames[n % COUNT(surnames)]), other = str_of(surnames[(n + 7) % COUNT(surnames)]);
  account_add(d, (DemoAccount){.id = arena_fmt(d->mem, "ap-%.*s", SFMT(unit)),
                               .name = arena_fmt(d->mem, "%.*s某", SFMT(family)),
                               .roles = S("approver"), .unit = unit});
  account_add(d, (DemoAccount){.id = arena_fmt(d->mem, "hd-%.*s", SFMT(unit)),
                               .name = arena_fmt(d->mem, "%.*s某某", SFMT(other)),
                               .roles = S("unit_head"), .unit = unit});
}

void demo_accounts(Demo *d) {
  d->accounts = arena_array(d->mem, DemoAccount, ACCOUNTS_MAX);
  for (size_t i = 0; i < COUNT(fixed); i++) {
    DemoAccount a = fixed[i];
    if (str_eq(a.unit, S("window"))) a.unit = d->policy->window_unit;
    if (str_eq(a.unit, S("supervisor"))) a.unit = d->policy->supervisor_unit;
    account_add(d, a);
  }
  d->applicant_first = d->account_count;
  for (int i = 0; i < ENTERPRISES; i++)
    account_add(d, (DemoAccount){.id = i ? arena_fmt(d->mem, "owner%d", i + 1) : S("owner"),
                                 .name = arena_fmt(d->mem, "%s某", surnames[i]),
                                 .roles = S("applicant"), .org_name = str_of(enterprises[i]),
                                 .org_uscc = sample_uscc(d->mem, i)});
  d->applicant_count = ENTERPRISES;
  for (size_t i = 0; i < d->policy->item_count; i++) unit_accounts(d, d->policy->items[i].unit);
  static const DemoAccount leaders[] = {{T("ma"), T("马文志"), T("leader"), {0}, {0}, {0}}, {T("zhu"), T("朱云"), T("leader"), {0}, {0}, {0}}};
  for (size_t i = 0; i < d->policy->unit_count; i++) {
    const Unit *u = &d->policy->units[i];
    if (str_eq(u->kind, S("county")) || str_eq(u->kind, S("zone"))) unit_accounts(d, u->code);
  }
  for (Discipline x = 0; x < DISCIPLINES; x++) unit_accounts(d, discipline_unit(x));
  for (size_t i = 0; i < COUNT(leaders); i++) account_add(d, leaders[i]); /* after those before, whose names stay */
  if (policy_unit(d->policy, S("ecology-environment")))
    account_add(d, (DemoAccount){T("ap2-ecology-environment"), T("曹某"), T("approver"), T("ecology-environment"), {0}, {0}});
  static const struct { const char *id, *name, *org; } agencies[] = {{"drawer", "何某", "示例施工图审查有限公司"}, {"drawer2", "高某", "示例建筑设计咨询有限公司"},
                                                                     {"surveyor", "罗某", "示例测绘院有限公司"},     {"surveyor2", "梁某", "示例地理信息有限公司"}};
  for (size_t i = 0; i < COUNT(agencies); i++)
    account_add(d, (DemoAccount){.id = str_of(agencies[i].id), .name = str_of(agencies[i].name), .roles = S("applicant"), .org_name = str_of(agencies[i].org),
                                 .org_uscc = sample_uscc(d->mem, ENTERPRISES + 20 + (int)i)});
  static const DemoAccount disclosure[] = {{T("editor"), T("冯某"), T("editor"), T("government-office"), {0}, {0}},
                                           {T("reviewer1"), T("褚某"), T("editor"), T("government-office"), {0}, {0}},
                                           {T("reviewer2"), T("卫某"), T("editor"), T("government-office"), {0}, {0}},
                                           {T("hd-government-office"), T("蒋某某"), T("unit_head"), T("government-office"), {0}, {0}},
                                           {T("hd-state-secrets"), T("沈某某"), T("unit_head"), T("state-secrets"), {0}, {0}}};
  for (size_t i = 0; i < COUNT(disclosure); i++)
    if (policy_unit(d->policy, disclosure[i].unit)) account_add(d, disclosure[i]);
  if (policy_unit(d->policy, S("education"))) unit_accounts(d, S("education")); /* half of the joint office of the ledger */
  for (int n = 1; n <= STAGE_MAX; n++) { /* whoever watches over a stage for the unit that leads it */
    Str id = arena_fmt(d->mem, "lead-%.*s", SFMT(d->policy->stages[n].lead));
    if (demo_account(d, id)) continue;
    account_add(d, (DemoAccount){.id = id, .name = arena_fmt(d->mem, "%s某某", surnames[(n + 2) % COUNT(surnames)]), .roles = S("approver,stage_lead"), .unit = d->policy->stages[n].lead});
  }
  account_add(d, (DemoAccount){T("api"), T("魏某"), T("integrator"), {0}, {0}, {0}});
}

Code demo_accounts_write(Cx *cx, const Demo *d, Runner *r) {
  Str hash = password_hash(cx->mem, S(DEMO_PASSWORD));
  for (size_t i = 0; i < d->account_count; i++) {
    const DemoAccount *a = &d->accounts[i];
    CommandResult result;
    Personal secret = {.ref = arena_fmt(cx->mem, "v1.demo-%.*s", SFMT(a->id)), .kind = S("password"),
                       .value = hash};
    Json *args = json_obj(cx->mem);
    json_put_str(cx->mem, args, S("id"), a->id);
    json_put_str(cx->mem, args, S("name"), a->name);
    json_put_str(cx->mem, args, S("roles"), a->roles);
    if (a->unit.len) json_put_str(cx->mem, args, S("unit"), a->unit);
    if (a->org_name.len) json_put_str(cx->mem, args, S("org_name"), a->org_name);
    if (a->org_uscc.len) json_put_str(cx->mem, args, S("org_uscc"), a->org_uscc);
    json_put_str(cx->mem, args, S("password_ref"), secret.ref);
    Command cmd = {.name = S("user.create"), .args = args, .now = d->first - 30 * DAY_MS,
                   .key = arena_fmt(cx->mem, "demo-user-%.*s", SFMT(a->id)),
                   .actor = {.id = S("system"), .name = S("系统"), .roles = ROLE_SYSTEM},
                   .personal = &secret, .personal_count = 1};
    TRY(runner_run(cx, r, &cmd, &result));
  }
  return OK;
}

Str demo_accounts_text(Arena *mem, const Demo *d) {
  Buf b;
  buf_init(&b, 8192);
  buf_fmt(&b, "演示账号，口令都是 %s\n  owner、owner2 … owner%d　申请人\n  wang、sun　综合窗口人员\n"
          "  zhao　窗口负责人\n", DEMO_PASSWORD, ENTERPRISES);
  for (int n = 1; n <= STAGE_MAX; n++) {
    Str lead = d->policy->stages[n].lead;
    const Unit *u = policy_unit(d->policy, lead);
    bool before = false;
    for (int k = 1; k < n; k++) before = before || str_eq(lead, d->policy->stages[k].lead);
    if (before || !u) continue;
    buf_fmt(&b, "  ap-%.*s　%.*s审批人员\n  hd-%.*s　%.*s负责人\n  lead-%.*s　%.*s阶段牵头人员\n", SFMT(lead), SFMT(u->name), SFMT(lead),
            SFMT(u->name), SFMT(lead), SFMT(u->name));
  }
  buf_add(&b, S("  其他部门：ap-单位代码 审批人员，hd-单位代码 负责人；市政公用企业同样，如 ap-water-company（供水），全部账号在系统管理员（sys）的“账号”页\n"
                "  wu、wu2　监督人员（市营商局，谁登记的由另一位审核）；leader、ma、zhu　市领导；agent、agent2　代办员\n  drawer、drawer2　审图机构人员；surveyor、surveyor2　测绘机构人员\n  api 对接方（数据交换）\n  editor 公开编辑；reviewer1、reviewer2 初审、复审，hd-government-office 批准；hd-state-secrets 保密部门\n  sys 系统管理员\n"
                "  sec 安全管理员，audit 审计管理员"));
  Str out = arena_str(mem, buf_str(&b));
  buf_drop(&b);
  return out;
}
