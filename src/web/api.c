/* SPDX-License-Identifier: Apache-2.0 */
/* The API beyond the pages: commands, files, its own description. Every GET page is also there below /api/v1
 * (exchange.c). Writes need a token; a cookie is never enough. */
#include "web/web_int.h"

/* A string member; MALFORMED when it is there but no string. */
static Code text_member(Cx *cx, const Json *obj, Str key, Str *out) {
  const Json *v = json_get(obj, key);
  *out = S("");
  if (!v || v->kind == JSON_NULL) return OK;
  if (v->kind != JSON_STR) FAIL_AT(MALFORMED, key, S(""), "%.*s 应为字符串。", SFMT(key));
  *out = v->str;
  return OK;
}

static Code known_members(Cx *cx, const Json *obj) {
  static const char *const known[] = {"stream", "key", "args", "happened", "personal"};
  for (const Json *m = obj->first; m; m = m->next) {
    size_t i = 0;
    while (i < COUNT(known) && !str_eqz(m->key, known[i])) i++;
    if (i == COUNT(known)) FAIL_AT(MALFORMED, m->key, S(""), "不认识的成员 %.*s；可用：stream、key、args、happened、personal。", SFMT(m->key));
  }
  return OK;
}

static void look_prepare(Request *rq, Reply *rp, const Json *args) {
  Str *ref = arena_new(rq->mem, Str);
  *ref = json_str(args, S("ref"));
  rq->state = ref;
  rp->after = api_looked;
}

static Code post_command(Cx *cx, Request *rq, Reply *rp) {
  const CommandDecl *d = runner_command(rq->app->runner, rq->params[0]);
  if (!d) FAIL_AT(NOT_FOUND, S("name"), S(""), "没有名为 %.*s 的命令，见 /api/v1/openapi.json。", SFMT(rq->params[0]));
  if (!(d->allow & (rq->actor.roles | ROLE_PUBLIC))) FAIL(DENIED, "这个令牌的账号不能执行 %s（%s）。", d->name, d->label);
  TRY(known_members(cx, rq->args));
  Str stream, key, happened;
  TRY(text_member(cx, rq->args, S("stream"), &stream));
  TRY(text_member(cx, rq->args, S("key"), &key));
  TRY(text_member(cx, rq->args, S("happened"), &happened));
  if (!key.len) key = rq->form_key; /* of the header Idempotency-Key */
  if (key.len && !key_fits(key)) FAIL_AT(INVALID, S("key"), S(""), "key 为 8 至 80 个字母、数字、- 或 _。");
  if (!stream.len && !d->creates) FAIL_AT(INVALID, S("stream"), S(""), "请写明 stream，例如 project/1。");
  const Json *args = json_get(rq->args, S("args"));
  if (args && args->kind != JSON_OBJ) FAIL_AT(MALFORMED, S("args"), S(""), "args 应为对象。");
  Json *copy = args ? json_clone(rq->mem, args) : json_obj(rq->mem);
  Command *c = reply_command(rq, rp, rq->params[0], stream, copy);
  if (key.len) c->key = key;
  if (str_eq(c->name, S("personal.look"))) look_prepare(rq, rp, copy); /* names a reference, and has no value to hand in */
  else TRY(api_personal(cx, rq, json_get(rq->args, S("personal")), copy, c));
  if (happened.len && !time_parse(happened, &c->happened))
    FAIL_AT(INVALID, S("happened"), S(""), "happened 的写法是 2019-06-28T09:12:00+08:00。");
  if (c->happened > c->now) FAIL_AT(INVALID, S("happened"), S(""), "happened 不能晚于现在。");
  return OK;
}

static Code post_blob(Cx *cx, Request *rq, Reply *rp) {
  const Upload *up = rq->upload_count == 1 ? &rq->uploads[0] : NULL;
  if (!up) FAIL_AT(INVALID, S("file"), S(""), "每次上传一个文件。");
  if (!up->blob.len) FAIL_AT(INVALID, S("file"), S(""), "%.*s", SFMT(up->fault.len ? up->fault : S("文件是空的。")));
  rp->view = json_obj(rq->mem);
  json_put_str(rq->mem, rp->view, S("blob"), up->blob);
  json_put_int(rq->mem, rp->view, S("size"), up->size);
  json_put_str(rq->mem, rp->view, S("type"), up->type);
  return OK;
}

static Code get_openapi(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  rp->view = json_obj(rq->mem);
  for (const Json *m = rq->web->openapi->first; m; m = m->next) json_put(rq->mem, rp->view, m->key, m);
  return OK;
}

static Code get_permissions(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  rp->view = json_obj(rq->mem);
  for (const Json *m = rq->web->permissions->first; m; m = m->next) json_put(rq->mem, rp->view, m->key, m);
  return OK;
}

const Route api_routes[] = {
    {.method = GET, .path = "/api/v1/openapi.json", .allow = ROLE_PUBLIC, .run = get_openapi,
     .help = "这份接口说明（OpenAPI 3.0.3）。"},
    {.method = GET, .path = "/api/v1/permissions", .allow = ROLE_ANY_ACCOUNT, .run = get_permissions,
     .help = "权限表：每个页面和命令允许哪些角色。"},
    {.method = POST, .path = "/api/v1/commands/{name}", .allow = ROLE_ANY_ACCOUNT, .run = post_command,
     .help = "执行一个命令。同一个 key 重复提交只执行一次，返回同样的结果。"},
    {.method = POST, .path = "/api/v1/blobs", .allow = ROLE_ANY_ACCOUNT, .run = post_blob, .uploads = "raw",
     .help = "上传一个文件（原样或 multipart），返回其 SM3 摘要，供命令引用。"},
    {0},
};
