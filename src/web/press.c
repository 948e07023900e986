/* SPDX-License-Identifier: Apache-2.0 */
/* press.c: documents that are drawn for a reply, by a worker. */
#include "web/press.h"

typedef struct Press {
  Arena *mem;
  Paper paper;
  const Sealer *sealer;
  int64_t now;
  PressAs as;
  Str body, detail;
  Code code;
} Press;

Arena *press_memory(void) {
  return arena_open((size_t)192 << 20);
}

static Str file_named(const Press *p, const char *end) {
  return arena_fmt(p->mem, "%.*s-%.*s%s", SFMT(p->paper.title), SFMT(p->paper.number), end);
}

static const char how[] =
    "怎样核对这些文件\n\n"
    "1. PDF 和 OFD 是同一份文书，排版相同。PDF 里的签名（PAdES）：用 PDF 阅读器打开，或者 pdfsig 文件.pdf。签名证书是 signer.pem，由本系统自己签发，请与网站上的核对。\n"
    "2. .sm2 是旁边同名文件的 SM2 签名（SM3，标识 1234567812345678）：\n"
    "   openssl dgst -sm3 -verify sm2.pub -sigopt distid:1234567812345678 -signature 文件.sm2 文件\n"
    "3. 证件现在是否有效，以网站“证件核验”为准。\n";

static Code with_signature(Cx *cx, const Press *p, Str name, Str bytes, ZipFile *out, size_t *n) {
  Str der;
  TRY(sealer_detached(cx, p->sealer, bytes, &der));
  out[(*n)++] = (ZipFile){name, bytes};
  out[(*n)++] = (ZipFile){arena_fmt(cx->mem, "%.*s.sm2", SFMT(name)), der};
  return OK;
}

static Code bundle_make(Cx *cx, Press *p, Str pdf) {
  ZipFile files[10];
  size_t n = 0;
  Str ofd;
  TRY(paper_ofd(cx, &p->paper, &ofd));
  TRY(with_signature(cx, p, file_named(p, ".pdf"), pdf, files, &n));
  TRY(with_signature(cx, p, file_named(p, ".ofd"), ofd, files, &n));
  files[n++] = (ZipFile){S("signer.pem"), sealer_certificate(p->sealer)};
  files[n++] = (ZipFile){S("sm2.pub"), sealer_sm2_public(p->sealer)};
  files[n++] = (ZipFile){S("核对说明.txt"), str_of(how)};
  return zip_store(cx, files, n, p->now, &p->body);
}

static Code press_make(Cx *cx, Press *p) {
  Str pdf;
  if (p->as == PRESS_OFD) return paper_ofd(cx, &p->paper, &p->body);
  TRY(paper_pdf(cx, &p->paper, &pdf));
  Str reason = arena_fmt(cx->mem, "%.*s %.*s", SFMT(p->paper.title), SFMT(p->paper.number));
  if (p->sealer) TRY(sealer_pdf(cx, p->sealer, pdf, p->now, reason, &pdf));
  p->body = pdf;
  return p->as == PRESS_BUNDLE ? bundle_make(cx, p, pdf) : OK;
}

static void press_run(void *arg) {
  Press *p = arg;
  Cx cx = {.mem = p->mem, .now = p->now};
  p->code = press_make(&cx, p);
  p->detail = cx.detail;
}

static Code press_done(Cx *cx, Request *rq, void *arg, Reply *rp) {
  Press *p = arg;
  Code code = p->code;
  Str detail = arena_str(rq->mem, p->detail);
  static const char *const ends[] = {".pdf", ".ofd", ".zip"}, *const types[] = {"application/pdf", "application/ofd", "application/zip"};
  rp->filename = arena_str(rq->mem, file_named(p, ends[p->as]));
  rp->type = str_of(types[p->as]);
  rp->body = arena_str(rq->mem, p->body);
  arena_close(p->mem);
  if (code != OK) FAIL(code, "%.*s", SFMT(detail));
  return OK;
}

Code reply_press(Cx *cx, Request *rq, Reply *rp, Arena *own, const Paper *paper, PressAs as) {
  if (as == PRESS_BUNDLE && !rq->app->sealer) {
    arena_close(own);
    FAIL(NOT_FOUND, "本系统没有装文书签名的密钥，没有带签名的文件包；请下载 PDF 或 OFD。");
  }
  Press *p = arena_new(own, Press);
  *p = (Press){.mem = own, .paper = *paper, .sealer = rq->app->sealer, .now = rq->now, .as = as};
  reply_job(rp, JOB_SHORT, press_run, press_done, p);
  return OK;
}
