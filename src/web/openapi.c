/* SPDX-License-Identifier: Apache-2.0 */
/* The description of the API and the permission matrix, made from the routes and the command declarations: there
 * is no second list to forget. */
#include "web/web_int.h"

static Json *put_schema_type(Arena *m, Json *obj, const char *type) {
  json_put_str(m, obj, S("type"), str_of(type));
  return obj;
}

static void text_schema(Arena *m, Json *s, const Arg *a, int64_t max) {
  put_schema_type(m, s, "string");
  if (a->min) json_put_int(m, s, S("minLength"), a->min);
  json_put_int(m, s, S("maxLength"), a->max ? a->max : max);
}

static void choice_schema(Arena *m, Json *s, const Arg *a) {
  put_schema_type(m, s, "string");
  Json *list = json_put_arr(m, s, S("enum"));
  Str rest = str_of(a->choices);
  bool more = rest.len > 0;
  while (more) {
    Str one;
    more = str_cut(rest, '|', &one, &rest);
    json_push_str(m, list, one);
  }
}

static void int_schema(Arena *m, Json *s, const Arg *a) {
  put_schema_type(m, s, "integer");
  if (a->min == 0 && a->max == 0) return;
  json_put_int(m, s, S("minimum"), a->min);
  if (a->max) json_put_int(m, s, S("maximum"), a->max);
}

static void list_schema(Arena *m, Json *s, const Arg *a) {
  put_schema_type(m, s, "array");
  if (a->min) json_put_int(m, s, S("minItems"), a->min);
  if (a->max) json_put_int(m, s, S("maxItems"), a->max);
  json_put_obj(m, s, S("items"));
}

static void arg_schema(Arena *m, Json *s, const Arg *a) {
  switch (a->type) {
    case ARG_TEXT: text_schema(m, s, a, 200); break;
    case ARG_LONG: text_schema(m, s, a, 200); break;
    case ARG_INT: int_schema(m, s, a); break;
    case ARG_BOOL: put_schema_type(m, s, "boolean"); break;
    case ARG_DAY: json_put_str(m, put_schema_type(m, s, "string"), S("format"), S("date")); break;
    case ARG_CHOICE: choice_schema(m, s, a); break;
    case ARG_CODE: json_put_str(m, put_schema_type(m, s, "string"), S("pattern"), S("^[A-Za-z0-9._/-]+$")); break;
    case ARG_OBJECT: put_schema_type(m, s, "object"); break;
    case ARG_LIST: list_schema(m, s, a); break;
    case ARG_UNSET:
    case ARG__MAX: break;
  }
  if (a->label) json_put_str(m, s, S("title"), str_of(a->label));
  if (a->hint) json_put_str(m, s, S("description"), str_of(a->hint));
}

static void args_schema(Arena *m, Json *s, const CommandDecl *d) {
  put_schema_type(m, s, "object");
  json_put_bool(m, s, S("additionalProperties"), false);
  Json *props = json_put_obj(m, s, S("properties"));
  Json *required = json_arr(m);
  for (size_t i = 0; i < d->arg_count; i++) {
    Str name = str_of(d->args[i].name);
    arg_schema(m, json_put_obj(m, props, name), &d->args[i]);
    if (d->args[i].required) json_push_str(m, required, name);
  }
  if (required->count) json_put(m, s, S("required"), required);
}

static void roles_list(Arena *m, Json *obj, Str key, uint32_t allow) {
  Json *list = json_put_arr(m, obj, key);
  for (uint32_t bit = 1; bit <= ROLE_PUBLIC; bit <<= 1)
    if (allow & bit) json_push_str(m, list, role_text((Role)bit));
}

/* {"200": …, "default": the error object}; a row without a template sends a file */
static void responses(Arena *m, Json *op, const char *ok_type, const char *ok_schema) {
  Json *all = json_put_obj(m, op, S("responses"));
  const char *const names[] = {"200", "default"}, *const schemas[] = {ok_schema, "#/components/schemas/Error"};
  const char *const words[] = {"办成", "没有办成：error、detail、field、clause"};
  for (size_t i = 0; i < 2; i++) {
    Json *r = json_put_obj(m, all, str_of(names[i]));
    json_put_str(m, r, S("description"), str_of(words[i]));
    Json *type = json_put_obj(m, json_put_obj(m, r, S("content")), i ? S("application/json") : str_of(ok_type));
    Json *schema = json_put_obj(m, type, S("schema"));
    if (!i && !str_eqz(S("application/json"), ok_type))
      json_put_str(m, put_schema_type(m, schema, "string"), S("format"), S("binary"));
    else if (schemas[i]) json_put_str(m, schema, S("$ref"), str_of(schemas[i]));
    else put_schema_type(m, schema, "object");
  }
}

static Json *operation(Arena *m, Json *paths, Str path, const char *method, Str id, Str summary, uint32_t allow) {
  Json *item = NULL;
  for (Json *p = paths->first; p && !item; p = p->next)
    if (str_eq(p->key, path)) item = p;
  if (!item) item = json_put_obj(m, paths, path);
  Json *op = json_put_obj(m, item, str_of(method));
  json_put_str(m, op, S("operationId"), id);
  json_put_str(m, op, S("summary"), summary);
  roles_list(m, op, S("x-roles"), allow);
  if (allow & ROLE_PUBLIC) json_push_obj(m, json_put_arr(m, op, S("security"))); /* {}: none is needed */
  return op;
}

static void path_params(Arena *m, Json *op, Str path) {
  Str before, name, rest = path;
  Json *list = NULL;
  while (str_cut(rest, '{', &before, &rest) && str_cut(rest, '}', &name, &rest)) {
    if (!list) list = json_put_arr(m, op, S("parameters"));
    Json *p = json_push_obj(m, list);
    json_put_str(m, p, S("name"), name);
    json_put_str(m, p, S("in"), S("path"));
    json_put_bool(m, p, S("required"), true);
    Json *schema = put_schema_type(m, json_put_obj(m, p, S("schema")), "string");
    json_put_str(m, schema, S("pattern"), S("^[A-Za-z0-9._-]+$"));
  }
}

static Str operation_id(Arena *m, const char *method, Str path) {
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, 400);
  buf_add(&b, str_of(method));
  for (size_t i = 0; i < path.len; i++) {
    char c = path.ptr[i];
    bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (alnum || c == '{') buf_char(&b, c == '{' ? '_' : c);
    else if (c == '/' || c == '.' || c == '-') buf_char(&b, '_');
  }
  return arena_str(m, buf_str(&b));
}

static void page_paths(Arena *m, const Web *w, Json *paths) {
  for (size_t i = 0; i < w->routes->count; i++) {
    const Route *r = w->routes->list[i];
    bool own = str_starts(str_of(r->path), S("/api/v1/"));
    if (r->hidden || r->method != GET) continue;
    Str path = own ? str_of(r->path) : arena_fmt(m, "/api/v1%s", r->path);
    Json *op = operation(m, paths, path, "get", operation_id(m, "get", path), str_of(r->help), r->allow);
    path_params(m, op, path);
    responses(m, op, own || r->tmpl ? "application/json" : "application/octet-stream", NULL);
  }
}

static void command_schema(Arena *m, Json *schema, const CommandDecl *d) {
  put_schema_type(m, schema, "object");
  json_put_bool(m, schema, S("additionalProperties"), false);
  Json *props = json_put_obj(m, schema, S("properties"));
  if (!d->creates) put_schema_type(m, json_put_obj(m, props, S("stream")), "string");
  Json *key = put_schema_type(m, json_put_obj(m, props, S("key")), "string");
  json_put_str(m, key, S("pattern"), S("^[A-Za-z0-9_-]{8,80}$"));
  json_put_str(m, put_schema_type(m, json_put_obj(m, props, S("happened")), "string"), S("format"), S("date-time"));
  args_schema(m, json_put_obj(m, props, S("args")), d);
  Json *personal = put_schema_type(m, json_put_obj(m, props, S("personal")), "object");
  put_schema_type(m, json_put_obj(m, personal, S("additionalProperties")), "string");
  json_put_str(m, personal, S("description"),
               S("个人信息存入保险库：这里写名称和内容，参数里写 personal:名称。"));
  if (!d->creates) json_push_str(m, json_put_arr(m, schema, S("required")), S("stream"));
}

static void key_header(Arena *m, Json *op) {
  Json *p = json_push_obj(m, json_put_arr(m, op, S("parameters")));
  json_put_str(m, p, S("name"), S("Idempotency-Key"));
  json_put_str(m, p, S("in"), S("header"));
  json_put_str(m, p, S("description"), S("与请求体的 key 相同；同一个值重复提交只执行一次，返回同样的结果。"));
  json_put_str(m, put_schema_type(m, json_put_obj(m, p, S("schema")), "string"), S("pattern"), S("^[A-Za-z0-9_-]{8,80}$"));
}

static void command_paths(Arena *m, const Web *w, Json *paths) {
  const CommandDecl *const *list = NULL;
  size_t n = w->app->runner ? runner_commands(w->app->runner, &list) : 0;
  for (size_t i = 0; i < n; i++) {
    const CommandDecl *d = list[i];
    Str path = arena_fmt(m, "/api/v1/commands/%s", d->name);
    Str help = arena_fmt(m, "%s：%s", d->label ? d->label : d->name, d->help ? d->help : "");
    Json *op = operation(m, paths, path, "post", operation_id(m, "post", path), help, d->allow);
    key_header(m, op);
    Json *body = json_put_obj(m, op, S("requestBody"));
    json_put_bool(m, body, S("required"), true);
    Json *type = json_put_obj(m, json_put_obj(m, body, S("content")), S("application/json"));
    command_schema(m, json_put_obj(m, type, S("schema")), d);
    responses(m, op, "application/json", "#/components/schemas/Result");
  }
}

static void blob_path_doc(Arena *m, Json *paths) {
  Json *op = operation(m, paths, S("/api/v1/blobs"), "post", S("post_blob"), S("上传一个文件，返回其摘要。"), ROLE_ANY_ACCOUNT);
  Json *body = json_put_obj(m, op, S("requestBody"));
  json_put_bool(m, body, S("required"), true);
  Json *type = json_put_obj(m, json_put_obj(m, body, S("content")), S("application/octet-stream"));
  json_put_str(m, put_schema_type(m, json_put_obj(m, type, S("schema")), "string"), S("format"), S("binary"));
  responses(m, op, "application/json", "#/components/schemas/Blob");
}

static void plain_schema(Arena *m, Json *schemas, Str name, const char *const *members) {
  Json *s = put_schema_type(m, json_put_obj(m, schemas, name), "object");
  Json *props = json_put_obj(m, s, S("properties"));
  for (; *members; members += 2) put_schema_type(m, json_put_obj(m, props, str_of(members[0])), members[1]);
}

const Json *openapi_make(Arena *m, const Web *w) {
  static const char *const error[] = {"error", "string", "detail", "string", "field", "string", "clause", "string", NULL};
  static const char *const result[] = {"stream", "string", "seq", "integer", "answer", "object", NULL};
  static const char *const blob[] = {"blob", "string", "size", "integer", "type", "string", NULL};
  Json *doc = json_obj(m);
  json_put_str(m, doc, S("openapi"), S("3.0.3"));
  Json *info = json_put_obj(m, doc, S("info"));
  json_put_str(m, info, S("title"), S("一窗接口"));
  json_put_str(m, info, S("version"), S("1"));
  Json *paths = json_put_obj(m, doc, S("paths"));
  page_paths(m, w, paths);
  command_paths(m, w, paths);
  blob_path_doc(m, paths);
  Json *components = json_put_obj(m, doc, S("components"));
  Json *schemas = json_put_obj(m, components, S("schemas"));
  plain_schema(m, schemas, S("Error"), error);
  plain_schema(m, schemas, S("Result"), result);
  plain_schema(m, schemas, S("Blob"), blob);
  Json *token = json_put_obj(m, json_put_obj(m, components, S("securitySchemes")), S("token"));
  json_put_str(m, token, S("type"), S("http"));
  json_put_str(m, token, S("scheme"), S("bearer"));
  json_put_arr(m, json_push_obj(m, json_put_arr(m, doc, S("security"))), S("token"));
  return doc;
}

const Json *permissions_make(Arena *m, const Web *w) {
  Json *doc = json_obj(m);
  Json *roles = json_put_arr(m, doc, S("roles"));
  for (uint32_t bit = 1; bit <= ROLE_PUBLIC; bit <<= 1) {
    Json *one = json_push_obj(m, roles);
    json_put_str(m, one, S("role"), role_text((Role)bit));
    json_put_str(m, one, S("label"), role_label((Role)bit));
  }
  Json *routes = json_put_arr(m, doc, S("routes"));
  for (size_t i = 0; i < w->routes->count; i++) {
    const Route *r = w->routes->list[i];
    Json *one = json_push_obj(m, routes);
    json_put_str(m, one, S("method"), r->method == GET ? S("GET") : S("POST"));
    json_put_str(m, one, S("path"), str_of(r->path));
    json_put_str(m, one, S("help"), str_of(r->help));
    roles_list(m, one, S("allow"), r->allow);
  }
  Json *commands = json_put_arr(m, doc, S("commands"));
  const CommandDecl *const *list = NULL;
  size_t n = w->app->runner ? runner_commands(w->app->runner, &list) : 0;
  for (size_t i = 0; i < n; i++) {
    Json *one = json_push_obj(m, commands);
    json_put_str(m, one, S("name"), str_of(list[i]->name));
    json_put_str(m, one, S("label"), str_of(list[i]->label));
    roles_list(m, one, S("allow"), list[i]->allow);
  }
  return doc;
}
