/* SPDX-License-Identifier: Apache-2.0 */
/* page_archive.c: the archive of a case: what is in it, and all of it in one file. */
#include "web/archive.h"

enum { PLAN_MEM = 256 << 20, ZIP_MAX = 32 << 20, BLOBS_MAX = 24 << 20 };

static Code page_archive(Cx *cx, Request *rq, Reply *rp) {
  SCOPED(arena_close_p) Arena *own = arena_open(PLAN_MEM);
  Cx mine = {.mem = own, .now = rq->now};
  Arena *m = rq->mem;
  const Project *pr = NULL;
  Archive a;
  TRY(project_of_staff(cx, rq, &pr));
  Code code = archive_plan(&mine, rq, pr, &a);
  if (code != OK) FAIL(code, "%.*s", SFMT(arena_str(m, mine.detail)));
  rp->title = S("归档");
  rp->view = json_obj(m);
  view_project(m, rq->app->policy, rp->view, pr, false);
  PUT_INT(rp->view, "count", (int64_t)a.count);
  PUT_INT(rp->view, "mb", (a.blobs + (1 << 20) - 1) >> 20);
  PUT_BOOL(rp->view, "large", a.blobs > BLOBS_MAX);
  Json *list = json_put_arr(m, rp->view, S("files"));
  for (size_t i = 0; i < a.count; i++) {
    const ArchiveFile *f = &a.files[i];
    if (f->receipt) continue; /* one for each act: they would hide the rest */
    Json *o = json_push_obj(m, list);
    PUT(o, "path", arena_str(m, f->path));
    PUT(o, "kind", arena_str(m, f->kind));
    PUT(o, "file_title", arena_str(m, f->title));
    PUT_INT(o, "file_stage", f->stage);
    PUT_INT(o, "version", f->version);
    PUT(o, "by", arena_str(m, f->by));
    PUT(o, "handler", arena_str(m, f->handler));
    if (f->at) PUT(o, "at", time_cn(m, f->at));
  }
  return OK;
}

typedef struct Bundle { /* crosses to the worker: owns its memory */
  Archive a;
  ZipFile *files; size_t count, bytes;
  Code code;
  Str all, detail;
} Bundle;

static Code zip_sink(Cx *cx, void *arg, const ArchiveFile *f, Str content) {
  Bundle *b = arg;
  Str name = arena_fmt(cx->mem, "%.*s/%.*s", SFMT(b->a.number), SFMT(f->path));
  b->bytes += content.len;
  if (b->bytes > ZIP_MAX) FAIL(LIMIT, "归档超过 32 MB，请由系统管理员用 yichuang archive 命令导出。");
  b->files[b->count++] = (ZipFile){arena_str(b->a.mem, name), arena_str(b->a.mem, content)};
  return OK;
}

static void bundle_run(void *arg) {
  Bundle *b = arg;
  Cx cx = {.mem = b->a.mem, .now = b->a.now};
  b->files = arena_array(b->a.mem, ZipFile, b->a.count + ARCHIVE_LISTS);
  b->code = archive_fill(&cx, &b->a, zip_sink, b);
  if (b->code == OK) b->code = zip_store(&cx, b->files, b->count, b->a.now, &b->all);
  b->detail = cx.detail;
}

static Code bundle_done(Cx *cx, Request *rq, void *arg, Reply *rp) {
  Bundle *b = arg;
  Code code = b->code;
  Str detail = arena_str(rq->mem, b->detail);
  rp->filename = arena_fmt(rq->mem, "%.*s-归档.zip", SFMT(b->a.number));
  rp->type = S("application/zip");
  if (code == OK) rp->body = arena_str(rq->mem, b->all);
  arena_close(b->a.mem);
  if (code != OK) FAIL(code, "%.*s", SFMT(detail));
  return OK;
}

static Code page_archive_zip(Cx *cx, Request *rq, Reply *rp) {
  const Project *pr = NULL;
  TRY(project_of_staff(cx, rq, &pr));
  Arena *own = arena_open(PLAN_MEM);
  Cx mine = {.mem = own, .now = rq->now};
  Bundle *b = arena_new(own, Bundle);
  Code code = archive_plan(&mine, rq, pr, &b->a);
  if (code == OK && b->a.blobs > BLOBS_MAX) {
    code = LIMIT;
    mine.detail = arena_fmt(rq->mem, "申请材料共 %lld MB，网页上最多打包 %d MB。请由系统管理员用 yichuang archive %.*s 目录 导出。", (long long)(b->a.blobs >> 20), BLOBS_MAX >> 20,
                            SFMT(pr->number));
  }
  Str detail = arena_str(rq->mem, mine.detail);
  if (code != OK) arena_close(own);
  if (code != OK) FAIL(code, "%.*s", SFMT(detail));
  reply_job(rp, JOB_LONG, bundle_run, bundle_done, b);
  return OK;
}

#define ARCHIVISTS (ROLE_CLERK | ROLE_WINDOW_HEAD | ROLE_SUPERVISOR)
const Route archive_routes[] = {
    {.method = GET, .path = "/archive/{id}", .allow = ARCHIVISTS, .run = page_archive, .tmpl = "archive", .section = "projects", .compact = true,
     .help = "一个项目的归档目录：每次提交的各版材料、文书、证件、意见，谁经办。"},
    {.method = GET, .path = "/archive/{id}/zip", .allow = ARCHIVISTS, .run = page_archive_zip, .section = "projects", .compact = true,
     .help = "整个归档打成一个文件：目录、散列、凭证都在里面。"},
    {.path = NULL},
};
