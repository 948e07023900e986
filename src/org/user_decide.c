/* SPDX-License-Identifier: Apache-2.0 */
/* user_decide.c: commands about accounts. */
#include "org/org_int.h"

#define RULE S("GB/T 22239-2019 8.1.5")

static bool id_ok(Str id) {
  if (id.len < 2 || id.len > 40 || id.ptr[0] < 'a' || id.ptr[0] > 'z') return false;
  for (size_t i = 0; i < id.len; i++) {
    char c = id.ptr[i];
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-')) return false;
  }
  return true;
}

Code user__id_check(Cx *cx, Str id) {
  /* Names under which the program itself writes into the journal. */
  static const char *const reserved[] = {"system", "public"};
  for (size_t i = 0; i < COUNT(reserved); i++)
    if (str_eqz(id, reserved[i])) FAIL_AT(INVALID, S("id"), S(""), "账号 %.*s 由系统保留，请换一个", SFMT(id));
  if (!id_ok(id))
    FAIL_AT(INVALID, S("id"), S(""), "账号要以小写字母开头，2 到 40 位，只用小写字母、数字、点、横线和下划线");
  return OK;
}

Code user__open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)views;
  Str id = json_str(cmd->args, S("id"));
  TRY(user__id_check(cx, id));
  *stream = arena_fmt(cx->mem, "user/%.*s", SFMT(id));
  return OK;
}

/* How many active administrators of each kind there are: the last one cannot go. */
static const Sql sql_admins = {"user.admins", "s", "i",
                               "SELECT count(*) FROM account WHERE disabled = 0 AND instr(',' || roles || ',', ',' || ?1 || ',') > 0"};

static const Sql sql_token_has = {"token.has", "s", "i", "SELECT count(*) FROM token WHERE hash = ?1"};

static Code token_facts(Cx *cx, Db *views, const Command *cmd, const Json **facts) {
  Json *out = json_obj(cx->mem);
  int64_t n = 0;
  TRY(db_int(cx, views, &sql_token_has, VALS(val_s(json_str(cmd->args, S("hash")))), 0, &n));
  json_put_int(cx->mem, out, S("taken"), n);
  *facts = out;
  return OK;
}

Code user__admin_facts(Cx *cx, Db *views, Json *out) {
  static const Role kinds[] = {ROLE_SYSADMIN, ROLE_SECADMIN, ROLE_AUDITOR};
  for (size_t i = 0; i < COUNT(kinds); i++) {
    int64_t n = 0;
    TRY(db_int(cx, views, &sql_admins, VALS(val_s(role_text(kinds[i]))), 0, &n));
    json_put_int(cx->mem, out, role_text(kinds[i]), n);
  }
  return OK;
}

static Code user_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  const User *u = state;
  if (u && str_eq(cmd->name, S("user.issue-token"))) return token_facts(cx, views, cmd, facts);
  bool leaves = str_eqz(cmd->name, "user.disable") || str_eqz(cmd->name, "user.change") || str_eqz(cmd->name, "user.assign");
  if (!u || !leaves) return OK;
  Json *out = json_obj(cx->mem);
  *facts = out;
  return user__admin_facts(cx, views, out);
}

Code user__look(Cx *cx, Db *views, const Command *cmd, const void *state, const void *env, const Json **facts) {
  if (str_eqz(cmd->name, "user.second")) return staff__facts(cx, views, cmd, env, facts);
  return user_facts(cx, views, cmd, state, facts);
}

Code user__last_admin_check(Cx *cx, const Ask *ask, uint32_t leaving) {
  static const Role kinds[] = {ROLE_SYSADMIN, ROLE_SECADMIN, ROLE_AUDITOR};
  for (size_t i = 0; i < COUNT(kinds); i++) {
    Str label = role_label(kinds[i]);
    if ((leaving & kinds[i]) && json_int(ask->facts, role_text(kinds[i]), 0) <= 1)
      FAIL_AT(INVALID, S("id"), RULE, "这是最后一名%.*s，不能停用或改作他用", SFMT(label));
  }
  return OK;
}

Code user__roles_check(Cx *cx, uint32_t roles, Str unit, Str org_name, Str uscc, const Policy *p) {
  uint32_t admins = roles & ADMINS;
  if (!roles) FAIL_AT(INVALID, S("roles"), S(""), "请写明角色");
  if (roles & (ROLE_SYSTEM | ROLE_PUBLIC)) FAIL_AT(INVALID, S("roles"), S(""), "这个角色不能授予账号");
  if (admins & (admins - 1))
    FAIL_AT(INVALID, S("roles"), RULE, "系统、安全、审计三员不能由一人兼任");
  if (admins && (roles & ~admins))
    FAIL_AT(INVALID, S("roles"), RULE, "管理员不能兼任业务角色");
  if ((roles & ROLE_STAFF) && !unit.len) FAIL_AT(INVALID, S("unit"), S(""), "办理业务的角色要有单位，请选择单位");
  if (unit.len && !policy_unit_known(p, unit)) FAIL_AT(INVALID, S("unit"), S(""), "政策包里没有单位“%.*s”", SFMT(unit));
  /* A bureau's cases are shown by unit: an applicant must not carry one. */
  if ((roles & ROLE_APPLICANT) && unit.len) FAIL_AT(INVALID, S("unit"), S(""), "申请人账号不属于审批单位，请不要填写单位");
  if ((roles & ROLE_APPLICANT) && !org_name.len) FAIL_AT(INVALID, S("org_name"), S(""), "请填写所代表的企业或单位名称");
  if ((roles & ROLE_APPLICANT) && !uscc_valid(uscc))
    FAIL_AT(INVALID, S("org_uscc"), S("GB 32100-2015"), "统一社会信用代码应为 18 位，校验码要正确");
  return OK;
}

/* A reference must come with its value in the same command: naming the row of somebody else would show their
 * telephone number, or take over their password. */
static Code ref_check(Cx *cx, const Command *cmd, Str field) {
  Str ref = json_str(cmd->args, field);
  for (size_t i = 0; i < cmd->personal_count; i++)
    if (str_eq(cmd->personal[i].ref, ref)) return OK;
  if (ref.len) FAIL_AT(INVALID, field, S(""), "这个存放编号不是随本次提交存入的");
  return OK;
}

static Code decide_create(Cx *cx, const Ask *ask, Decision *d) {
  const Json *a = ask->cmd->args;
  uint32_t roles = 0;
  Str id = json_str(a, S("id"));
  if (ask->seq) FAIL_AT(CONFLICT, S("id"), S(""), "账号 %.*s 已经有了，请换一个", SFMT(id));
  TRY(roles_parse(cx, json_str(a, S("roles")), &roles));
  TRY(ref_check(cx, ask->cmd, S("password_ref")));
  TRY(ref_check(cx, ask->cmd, S("phone_ref")));
  if (str_eq(ask->cmd->name, S("user.register")) && roles != ROLE_APPLICANT)
    FAIL_AT(DENIED, S("roles"), S(""), "自行注册的只能是申请人账号");
  TRY(user__roles_check(cx, roles, json_str(a, S("unit")), json_str(a, S("org_name")), json_str(a, S("org_uscc")), ask->env));
  decision_emit(d, "user.created", 1, a);
  return OK;
}

/* What somebody may do is given with the consent of 安全管理员 only (access.h), or by the command line of the machine. */
static Code rights_check(Cx *cx, const Ask *ask) {
  static const char *const names[] = {"roles", "unit", "org_name", "org_uscc"};
  if (ask->cmd->actor.roles & ROLE_SYSTEM) return OK;
  for (size_t i = 0; i < COUNT(names); i++)
    if (json_get(ask->cmd->args, str_of(names[i])))
      FAIL_AT(DENIED, str_of(names[i]), RULE, "角色、单位和所代表的企业要安全管理员同意才能改：请在“账号”里打开这个账号，申请改角色（access.change）。");
  return OK;
}

static Code decide_change(Cx *cx, const Ask *ask, Decision *d) {
  const Json *a = ask->cmd->args;
  const User *u = ask->state;
  uint32_t roles = u->roles;
  TRY(rights_check(cx, ask));
  TRY(ref_check(cx, ask->cmd, S("phone_ref")));
  if (json_get(a, S("roles"))) TRY(roles_parse(cx, json_str(a, S("roles")), &roles));
  Str unit = json_get(a, S("unit")) ? json_str(a, S("unit")) : u->unit;
  Str org = json_get(a, S("org_name")) ? json_str(a, S("org_name")) : u->org_name;
  Str uscc = json_get(a, S("org_uscc")) ? json_str(a, S("org_uscc")) : u->org_uscc;
  TRY(user__roles_check(cx, roles, unit, org, uscc, ask->env));
  /* A disabled administrator is not among those who are left. */
  if (!u->disabled) TRY(user__last_admin_check(cx, ask, u->roles & ~roles));
  decision_emit(d, "user.changed", 1, a);
  return OK;
}

/* Roles and unit as they hold from now on, whole: without a unit it has none. */
static Code decide_assign(Cx *cx, const Ask *ask, Decision *d) {
  const User *u = ask->state;
  Str unit = json_str(ask->cmd->args, S("unit"));
  Arena *m = decision_mem(d);
  uint32_t roles = 0;
  TRY(roles_parse(cx, json_str(ask->cmd->args, S("roles")), &roles));
  TRY(user__roles_check(cx, roles, unit, u->org_name, u->org_uscc, ask->env));
  if (!u->disabled) TRY(user__last_admin_check(cx, ask, u->roles & ~roles));
  Json *body = json_obj(m);
  json_put_str(m, body, S("roles"), roles_text(m, roles));
  json_put_str(m, body, S("unit"), unit);
  decision_emit(d, "user.changed", 1, body);
  return OK;
}

/* What stood there and is not named again is nobody's business any more. */
static void let_go(Arena *m, Json *erased, Str was, Str now) {
  if (was.len && !str_eq(was, now)) json_push_str(m, erased, was);
}

static Code decide_contact(Cx *cx, const Ask *ask, Decision *d) {
  const Json *a = ask->cmd->args;
  const User *u = ask->state;
  Arena *m = decision_mem(d);
  Str email = json_str(a, S("email_ref")), phone = json_str(a, S("phone_ref"));
  if (!str_eq(ask->cmd->actor.id, u->id)) FAIL(DENIED, "接收消息的邮箱和电话只能由本人设置。");
  if (!str_eq(email, u->email_ref)) TRY(ref_check(cx, ask->cmd, S("email_ref")));
  if (!str_eq(phone, u->phone_ref)) TRY(ref_check(cx, ask->cmd, S("phone_ref")));
  Json *body = json_obj(m), *erased = json_arr(m);
  if (email.len) json_put_str(m, body, S("email_ref"), email);
  if (phone.len) json_put_str(m, body, S("phone_ref"), phone);
  json_put_bool(m, body, S("mail"), json_bool(a, S("mail")));
  json_put_bool(m, body, S("sms"), json_bool(a, S("sms")));
  let_go(m, erased, u->email_ref, email);
  let_go(m, erased, u->phone_ref, phone);
  if (erased->count) json_put(m, body, S("erased"), erased);
  decision_emit(d, "user.contact-set", 1, body);
  return OK;
}

/* Whoever could enter as another administrator would consent to what he himself asks for. */
static Code admins_check(Cx *cx, const Ask *ask, const char *what) {
  const User *u = ask->state;
  if (!(u->roles & ADMINS) || ask->cmd->actor.roles & ROLE_SYSTEM || str_eq(ask->cmd->actor.id, u->id)) return OK;
  FAIL_AT(DENIED, S(""), RULE, "%.*s 是三员之一，%s不由系统管理员在网页上发，要在服务器上用命令行办（yichuang user）。", SFMT(u->id), what);
}

static Code decide_password(Cx *cx, const Ask *ask, Decision *d) {
  const User *u = ask->state;
  Arena *m = decision_mem(d);
  bool own = str_eq(ask->cmd->actor.id, u->id), machine = ask->cmd->actor.roles & ROLE_SYSTEM;
  if (!own && !machine && !(ask->cmd->actor.roles & ROLE_SYSADMIN))
    FAIL(DENIED, "只能由本人或系统管理员重设口令");
  TRY(admins_check(cx, ask, "口令"));
  TRY(ref_check(cx, ask->cmd, S("password_ref")));
  Json *body = json_obj(m);
  json_put_str(m, body, S("password_ref"), json_str(ask->cmd->args, S("password_ref")));
  if (!own && !machine) json_put_bool(m, body, S("initial"), true);
  decision_emit(d, "user.password-set", 1, body);
  return OK;
}

static Code decide_disable(Cx *cx, const Ask *ask, Decision *d) {
  const User *u = ask->state;
  if (u->disabled) FAIL(CONFLICT, "账号 %.*s 已经停用", SFMT(u->id));
  TRY(user__last_admin_check(cx, ask, u->roles));
  decision_emit(d, "user.disabled", 1, ask->cmd->args);
  return OK;
}

static Code decide_enable(Cx *cx, const Ask *ask, Decision *d) {
  const User *u = ask->state;
  if (!u->disabled) FAIL(CONFLICT, "账号 %.*s 没有停用", SFMT(u->id));
  decision_emit(d, "user.enabled", 1, NULL);
  return OK;
}

static Code decide_token(Cx *cx, const Ask *ask, Decision *d) {
  const User *u = ask->state;
  Str name = json_str(ask->cmd->args, S("name"));
  Hash ignored;
  if (!str_eq(ask->cmd->actor.id, u->id)) TRY(admins_check(cx, ask, "接口令牌"));
  if (u->token_count == COUNT(u->token_refs)) FAIL(LIMIT, "每个账号最多 %zu 个令牌，请先收回不用的", COUNT(u->token_refs));
  if (!hash_unhex(json_str(ask->cmd->args, S("hash")), &ignored)) FAIL_AT(INVALID, S("hash"), S(""), "要 64 位十六进制数");
  if (json_int(ask->facts, S("taken"), 0)) FAIL_AT(CONFLICT, S("hash"), S(""), "这个令牌已经发过，请换一个");
  for (size_t i = 0; i < u->token_count; i++)
    if (str_eq(u->token_names[i], name)) FAIL_AT(CONFLICT, S("name"), S(""), "已有名为“%.*s”的令牌", SFMT(name));
  decision_emit(d, "user.token-issued", 1, ask->cmd->args);
  return OK;
}

static Code decide_revoke(Cx *cx, const Ask *ask, Decision *d) {
  const User *u = ask->state;
  Str name = json_str(ask->cmd->args, S("name"));
  for (size_t i = 0; i < u->token_count; i++)
    if (str_eq(u->token_names[i], name)) {
      decision_emit(d, "user.token-revoked", 1, ask->cmd->args);
      return OK;
    }
  FAIL_AT(NOT_FOUND, S("name"), S(""), "没有名为“%.*s”的令牌", SFMT(name));
}

/* ---- declarations ------------------------------------------------------------------------------- */

#define PERSON                                                                                   \
  {.name = "name", .label = "姓名", .type = ARG_TEXT, .required = true, .max = 40},              \
      {.name = "org_name", .label = "单位名称", .type = ARG_TEXT},                               \
      {.name = "org_uscc", .label = "统一社会信用代码", .type = ARG_CODE},                       \
      {.name = "phone_ref", .label = "电话的存放编号", .type = ARG_CODE}
static const Arg create_args[] = {{.name = "id", .label = "账号", .type = ARG_CODE, .required = true},
                                  {.name = "roles", .label = "角色", .type = ARG_TEXT, .required = true},
                                  {.name = "unit", .label = "单位", .type = ARG_CODE},
                                  {.name = "password_ref", .label = "口令的存放编号", .type = ARG_CODE},
                                  PERSON};
static const Arg change_args[] = {{.name = "roles", .label = "角色", .type = ARG_TEXT},
                                  {.name = "unit", .label = "单位", .type = ARG_CODE},
                                  {.name = "name", .label = "姓名", .type = ARG_TEXT, .max = 40},
                                  {.name = "org_name", .label = "单位名称", .type = ARG_TEXT},
                                  {.name = "org_uscc", .label = "统一社会信用代码", .type = ARG_CODE},
                                  {.name = "phone_ref", .label = "电话的存放编号", .type = ARG_CODE}};
static const Arg assign_args[] = {{.name = "roles", .label = "角色", .type = ARG_TEXT, .required = true}, {.name = "unit", .label = "单位", .type = ARG_CODE}};
static const Arg contact_args[] = {{.name = "email_ref", .label = "邮箱的存放编号", .type = ARG_CODE},
                                   {.name = "phone_ref", .label = "电话的存放编号", .type = ARG_CODE},
                                   {.name = "mail", .label = "接收邮件", .type = ARG_BOOL, .required = true},
                                   {.name = "sms", .label = "接收短信", .type = ARG_BOOL, .required = true}};
static const Arg password_args[] = {
    {.name = "password_ref", .label = "口令的存放编号", .type = ARG_CODE, .required = true}};
static const Arg disable_args[] = {{.name = "reason", .label = "理由", .type = ARG_TEXT}};
static const Arg token_args[] = {{.name = "name", .label = "名称", .type = ARG_TEXT, .required = true, .max = 40},
                                 {.name = "hash", .label = "散列", .type = ARG_CODE, .required = true}};
static const Arg revoke_args[] = {{.name = "name", .label = "名称", .type = ARG_TEXT, .required = true, .max = 40}};

#define ADMIN (ROLE_SYSADMIN | ROLE_SYSTEM)
#define WITH(list) .args = (list), .arg_count = COUNT(list)
const CommandDecl user__commands[] = {
    {.name = "user.create", .label = "建账号", .help = "用命令行建一个账号；口令的散列随命令存入保险库。网页和接口用 access.create 申请。", .allow = ROLE_SYSTEM,
     .creates = true, .decide = decide_create, WITH(create_args)},
    {.name = "user.register", .label = "注册", .help = "申请人自己注册账号。", .allow = ROLE_PUBLIC, .creates = true,
     .decide = decide_create, WITH(create_args)},
    {.name = "user.admit", .label = "建获准的账号", .help = "安全管理员批准以后，系统建这个账号；还没有口令。", .allow = ROLE_SYSTEM, .creates = true,
     .decide = decide_create, WITH(create_args)},
    {.name = "user.assign", .label = "改获准的角色", .help = "安全管理员批准以后，系统改这个账号的角色和单位。", .allow = ROLE_SYSTEM, .decide = decide_assign,
     WITH(assign_args)},
    {.name = "user.change", .label = "修改账号", .help = "改姓名；角色、单位和企业只能用命令行改，网页和接口用 access.change 申请。", .allow = ADMIN, .decide = decide_change,
     WITH(change_args)},
    {.name = "user.set-contact", .label = "设置消息", .help = "本人设置接收消息的邮箱、电话，退订邮件或短信；不再写的从保险库清除。",
     .allow = ROLE_ANY_ACCOUNT, .decide = decide_contact, WITH(contact_args)},
    {.name = "user.set-password", .label = "重设口令", .help = "本人改口令，或系统管理员发初始口令：第一次登录要改。",
     .allow = ROLE_ANY_ACCOUNT | ROLE_SYSTEM, .decide = decide_password, WITH(password_args)},
    {.name = "user.disable", .label = "停用账号", .help = "停用后立即不能登录和办理。", .allow = ADMIN,
     .decide = decide_disable, WITH(disable_args)},
    {.name = "user.enable", .label = "恢复账号", .help = "恢复停用的账号。", .allow = ADMIN, .decide = decide_enable},
    {.name = "user.issue-token", .label = "发令牌", .help = "发一个接口令牌，只存散列。", .allow = ADMIN,
     .decide = decide_token, WITH(token_args)},
    {.name = "user.revoke-token", .label = "收回令牌", .help = "收回后立即失效。", .allow = ADMIN,
     .decide = decide_revoke, WITH(revoke_args)},
    {.name = "user.second", .label = "选调到窗口", .help = "窗口负责人登记选调人员：岗位、符合岗位要求、接受窗口统一领导；超过编制时提示超编。", .allow = ROLE_WINDOW_HEAD,
     .decide = staff__second, WITH(staff__second_args)},
    {.name = "user.unseat", .label = "离开窗口", .help = "窗口负责人登记选调人员离开，写明理由。", .allow = ROLE_WINDOW_HEAD, .decide = staff__unseat, WITH(staff__why_args)},
    {.name = "user.authorise", .label = "授权", .help = "部门负责人授权本单位的审批人员办理事项：自哪天起，到哪天为止，授权书。", .allow = ROLE_UNIT_HEAD,
     .decide = staff__authorise, WITH(staff__authorise_args)},
    {.name = "user.revoke-authority", .label = "收回授权", .help = "部门负责人收回本单位审批人员一个事项的授权，当天起不能再签。", .allow = ROLE_UNIT_HEAD,
     .decide = staff__revoke, WITH(staff__revoke_args)},
};
const size_t user__command_count = COUNT(user__commands);

const Engine org_engine_base = {.prefix = "user",
                                .fold = user__fold,
                                .commands = user__commands,
                                .command_count = COUNT(user__commands),
                                .reactions = user__reactions,
                                .reaction_count = USER_REACTIONS,
                                .open = user__open,
                                .look = user__look,
                                .schema = user__schema,
                                .project = user__project};
