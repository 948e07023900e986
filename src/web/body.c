/* SPDX-License-Identifier: Apache-2.0 */
/* The body of a POST: a form, files, JSON or one raw file. Text is held in memory and therefore small; files
 * go to the store as they come. */
#include "web/web_int.h"

enum { TEXT_MAX = 1 << 20, FILES_MAX = 40, HELD_MAX = 4 << 20, HELD_FILES = 2 };

typedef enum BodyKind { BODY_FORM, BODY_MULTIPART, BODY_JSON, BODY_RAW } BodyKind;

typedef struct Part {
  Upload up;
  Blob *blob;
  Sniff *sniff;
  Buf held;
} Part;

struct Body {
  BodyKind kind;
  Buf text;              /* FORM, JSON; for MULTIPART the value of the open field */
  size_t text_total;
  int64_t total, max;
  Multipart *parser;
  Json *form;
  Str field;             /* name of the open field */
  bool in_file, drop_files;
  Part *files;
  size_t file_count;
  Code stored;
};

static bool holds(const Exchange *x) {
  const char *uploads = x->rq.route->uploads;
  return uploads && str_eqz(S("held"), uploads);
}

static int64_t upload_max(const Exchange *x) {
  if (holds(x)) return HELD_MAX;
  return x->web->app->options.upload_max ? x->web->app->options.upload_max : (int64_t)50 << 20;
}

/* ---- files ------------------------------------------------------------------------------------------ */

static Code file_begin(Exchange *x, Str name, Str filename) {
  Cx *cx = &x->cx;
  Body *b = x->body;
  if (!x->rq.route->uploads && !str_eq(filename, S("无名文件"))) FAIL(MALFORMED, "这个表单不接收文件。");
  size_t most = holds(x) ? HELD_FILES : FILES_MAX;
  if (b->file_count == most) FAIL(LIMIT, "一次最多上传 %zu 个文件，请分几次提交。", most);
  Part *p = &b->files[b->file_count++];
  *p = (Part){.up = {.name = arena_str(x->mem, name), .filename = filename}};
  b->in_file = true;
  if (b->drop_files) return OK;
  if (holds(x)) {
    buf_init(&p->held, HELD_MAX);
    return OK;
  }
  p->sniff = arena_new(x->mem, Sniff);
  return blob_open(cx, x->web->app->dir, upload_max(x), &p->blob);
}

static void file_refuse(Part *p, Str fault) {
  if (!p->up.fault.len) p->up.fault = fault;
  blob_drop(&p->blob);
  p->blob = NULL;
}

static Code file_data(Exchange *x, Str bytes) {
  Part *p = &x->body->files[x->body->file_count - 1];
  p->up.size += (int64_t)bytes.len;
  if (p->held.max && p->up.size <= HELD_MAX) buf_add(&p->held, bytes);
  if (p->held.max && p->up.size > HELD_MAX) p->up.fault = arena_fmt(x->mem, "文件超过 %d MB，请用核对网页离线核对。", HELD_MAX >> 20);
  if (!p->blob) return OK; /* refused or unwanted: the rest is read and dropped */
  if (p->up.size > upload_max(x)) {
    file_refuse(p, arena_fmt(x->mem, "文件超过 %lld MB，请压缩或拆分后再传。", (long long)(upload_max(x) >> 20)));
    return OK;
  }
  sniff_add(p->sniff, bytes);
  return blob_add(&x->cx, p->blob, bytes.ptr, bytes.len);
}

static void file_end(Exchange *x) {
  Part *p = &x->body->files[x->body->file_count - 1];
  x->body->in_file = false;
  if (!p->blob) return;
  bool chosen = !str_eq(p->up.filename, S("无名文件"));
  if (!p->up.size) {
    file_refuse(p, chosen ? S("文件是空的，请重新选择。") : S(""));
    if (!chosen) x->body->file_count--; /* a file field in which nothing was chosen */
    return;
  }
  p->up.type = sniff_type(p->sniff);
  if (str_eq(p->up.type, S("bin")))
    file_refuse(p, S("无法识别文件类型，请上传 PDF、OFD、JPG、PNG、ZIP、XLSX、DOCX、DWG、DXF 或文本文件（UTF-8）。"));
  else if (!type_fits_name(p->up.type, p->up.filename))
    file_refuse(p, arena_fmt(x->mem, "文件名的扩展名与内容（%.*s）不一致，请核对后重新选择。", SFMT(p->up.type)));
}

/* ---- parts ------------------------------------------------------------------------------------------ */

static Code part_begin(Cx *cx, void *arg, Str name, bool is_file, Str filename) {
  Exchange *x = arg;
  Body *b = x->body;
  b->field = arena_str(x->mem, name);
  buf_clear(&b->text);
  if (!is_file) return OK;
  if (!utf8_valid(name) || utf8_has_control(name)) FAIL(MALFORMED, "字段名无法识别。");
  /* Nothing reaches the disk before the form has shown that it is ours. */
  if (!b->drop_files && !x->rq.api && !csrf_check(json_str(b->form, S("csrf")), x->csrf))
    FAIL(DENIED, "页面已过期或不是本站的表单，请返回上一页刷新后重新提交。");
  return file_begin(x, name, filename);
}

static Code part_data(Cx *cx, void *arg, Str bytes) {
  Exchange *x = arg;
  Body *b = x->body;
  if (b->in_file) return file_data(x, bytes);
  b->text_total += bytes.len;
  if (b->text_total > TEXT_MAX) FAIL(LIMIT, "填写的文字超过 1 MB，请缩短后重新提交。");
  buf_add(&b->text, bytes);
  return OK;
}

static Code part_end(Cx *cx, void *arg) {
  Exchange *x = arg;
  if (x->body->in_file) {
    file_end(x);
    return OK;
  }
  return form_put(cx, x->body->form, x->body->field, arena_str(x->mem, buf_str(&x->body->text)));
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static bool type_is(Str content_type, const char *want) {
  Str type, params;
  str_cut(content_type, ';', &type, &params);
  type = str_trim(type);
  if (type.len != strlen(want)) return false;
  for (size_t i = 0; i < type.len; i++) {
    char c = type.ptr[i];
    if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != want[i]) return false;
  }
  return true;
}

static Code kind_choose(Exchange *x, Body *b, Str *boundary) {
  Cx *cx = &x->cx;
  Str type = head_get(&x->head, S("content-type"));
  const char *uploads = x->rq.route->uploads;
  bool raw = uploads && str_eqz(S("raw"), uploads);
  if (multipart_boundary(type, boundary)) b->kind = BODY_MULTIPART;
  else if (type_is(type, "application/x-www-form-urlencoded") && !x->rq.api) b->kind = BODY_FORM;
  else if (type_is(type, "application/json") && x->rq.api && !raw) b->kind = BODY_JSON;
  else if (raw && type.len) b->kind = BODY_RAW;
  else if (!type.len && !x->head.chunked && x->head.length <= 0 && !x->rq.api) b->kind = BODY_FORM;
  else {
    x->rp.status = 415;
    FAIL(MALFORMED, x->rq.api ? "请求体的类型应为 application/json。" : "表单的类型无法识别，请从本站页面提交。");
  }
  return OK;
}

Code body_open(Exchange *x) {
  Cx *cx = &x->cx;
  Body *b = arena_new(x->mem, Body);
  Str boundary = S("");
  TRY(kind_choose(x, b, &boundary));
  bool files = b->kind == BODY_RAW || (b->kind == BODY_MULTIPART && x->rq.route->uploads);
  b->max = b->kind == BODY_RAW ? upload_max(x) : files ? 4 * upload_max(x) + TEXT_MAX : TEXT_MAX;
  b->drop_files = x->resume || !files;
  if (x->head.length > b->max)
    FAIL(LIMIT, "提交的内容超过 %lld MB，请减少文件或分几次提交。", (long long)(b->max >> 20));
  b->files = arena_array(x->mem, Part, FILES_MAX);
  b->form = json_obj(x->mem);
  buf_init(&b->text, TEXT_MAX + 1);
  x->body = b;
  if (b->kind == BODY_MULTIPART)
    b->parser = multipart_open(x->mem, boundary, (PartSink){part_begin, part_data, part_end}, x);
  if (b->kind == BODY_RAW) return file_begin(x, S("file"), S("file"));
  return OK;
}

Code body_feed(Exchange *x, Str bytes) {
  Cx *cx = &x->cx;
  Body *b = x->body;
  b->total += (int64_t)bytes.len;
  if (b->total > b->max && b->kind != BODY_RAW)
    FAIL(LIMIT, "提交的内容超过 %lld MB，请减少文件或分几次提交。", (long long)(b->max >> 20));
  if (b->kind == BODY_MULTIPART) return multipart_feed(cx, b->parser, bytes);
  if (b->kind == BODY_RAW) {
    if (b->total > b->max) FAIL(LIMIT, "文件超过 %lld MB。", (long long)(b->max >> 20));
    return file_data(x, bytes);
  }
  buf_add(&b->text, bytes);
  return OK;
}

bool key_fits(Str key) {
  if (key.len < 8 || key.len > 80) return false;
  for (size_t i = 0; i < key.len; i++) {
    char c = key.ptr[i];
    bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!alnum && c != '_' && c != '-') return false;
  }
  return true;
}

static bool routers(Str name) {
  return str_eq(name, S("csrf")) || str_eq(name, S("key"));
}

/* What the handler sees: the fields without the two that are the router's, and what the address of the form says besides. */
static Code args_take(Cx *cx, Exchange *x, const Json *form) {
  Json *args = json_obj(x->mem), *said = NULL;
  TRY(urlform_parse(cx, x->rq.query, &said));
  for (const Json *f = form->first; f; f = f->next)
    if (!routers(f->key)) json_put(x->mem, args, f->key, f);
  for (const Json *f = said->first; f; f = f->next)
    if (!routers(f->key) && !json_get(args, f->key)) json_put(x->mem, args, f->key, f);
  Str key = json_str(form, S("key"));
  x->rq.form_key = key_fits(key) ? key : S("");
  x->rq.args = args;
  return OK;
}

Code body_end(Exchange *x, bool *has_files) {
  Cx *cx = &x->cx;
  Body *b = x->body;
  *has_files = false;
  if (b->kind == BODY_JSON) {
    Json *j = NULL;
    TRY(json_parse(cx, arena_str(x->mem, buf_str(&b->text)), &j));
    if (j->kind != JSON_OBJ) FAIL(MALFORMED, "请求体应为一个 JSON 对象。");
    x->rq.form_key = head_get(&x->head, S("idempotency-key"));
    x->rq.args = j;
    return OK;
  }
  if (b->kind == BODY_FORM) TRY(urlform_parse(cx, arena_str(x->mem, buf_str(&b->text)), &b->form));
  if (b->kind == BODY_MULTIPART) TRY(multipart_end(cx, b->parser));
  if (b->kind == BODY_RAW) file_end(x);
  TRY(args_take(cx, x, b->form));
  for (size_t i = 0; i < b->file_count; i++) *has_files |= b->files[i].blob != NULL;
  return OK;
}

/* On a worker: an fsync takes milliseconds, sometimes many. */
void body_store(Exchange *x) {
  Body *b = x->body;
  b->stored = OK;
  for (size_t i = 0; i < b->file_count && b->stored == OK; i++) {
    Part *p = &b->files[i];
    if (!p->blob) continue;
    b->stored = blob_finish(&x->cx, p->blob, &p->up.blob, &p->up.size);
    blob_drop(&p->blob);
    p->blob = NULL;
  }
}

Code body_stored(Exchange *x) {
  Body *b = x->body;
  Upload *list = arena_array(x->mem, Upload, b->file_count + 1);
  for (size_t i = 0; i < b->file_count; i++) {
    list[i] = b->files[i].up;
    if (!list[i].fault.len) list[i].bytes = buf_str(&b->files[i].held);
  }
  x->rq.uploads = list;
  x->rq.upload_count = b->file_count;
  return b->stored;
}

void body_drop(Exchange *x) {
  Body *b = x->body;
  if (!b) return;
  for (size_t i = 0; i < b->file_count; i++) {
    if (b->files[i].blob) blob_drop(&b->files[i].blob);
    b->files[i].blob = NULL;
    buf_drop(&b->files[i].held);
  }
  buf_drop(&b->text);
  x->body = NULL;
}

Str body_csrf(const Exchange *x) {
  return x->body ? json_str(x->body->form, S("csrf")) : S("");
}
