/* SPDX-License-Identifier: Apache-2.0 */
/* page_certs.c: the register of certificates 证照, found by number, project, owner, or by any of its names. */
#include "web/page.h"

static void row_put(Request *rq, Json *o, const CertRow *r) {
  static const struct { const char *text, *tag; } tags[] = {{"valid", "tag--ok"}, {"changed", ""}, {"suspended", "tag--warn"}, {"revoked", "tag--bad"}};
  static const CertStatus all[] = {CERT_VALID, CERT_CHANGED, CERT_SUSPENDED, CERT_REVOKED};
  Arena *m = rq->mem;
  PUT_INT(o, "project", r->project);
  PUT_INT(o, "stage", r->stage);
  PUT(o, "certificate", r->number);
  PUT(o, "certificate_name", r->name);
  PUT(o, "issuer_name", r->issuer.len ? unit_name(rq->app->policy, r->issuer) : S(""));
  for (size_t i = 0; i < COUNT(all); i++) {
    if (!str_eqz(r->status, tags[i].text)) continue;
    PUT(o, "cert_label", cert_status_label(all[i]));
    PUT(o, "tag", str_of(tags[i].tag));
  }
  PUT(o, "status", r->status);
  PUT(o, "certified", day_str(m, day_of(r->at)));
  PUT(o, "since", r->status_at ? day_str(m, day_of(r->status_at)) : S(""));
  PUT(o, "number", r->project_number);
  PUT(o, "project_name", r->project_name);
  PUT(o, "owner", r->owner);
}

static Code page_certs(Cx *cx, Request *rq, Reply *rp) {
  enum { ROWS = 50 };
  Arena *m = rq->mem;
  Str q = request_arg(rq, S("q")), status = request_arg(rq, S("status"));
  int64_t offset = request_int(rq, S("from"), 0), total = 0;
  CertRow *rows = NULL;
  size_t n = 0;
  if (offset < 0) offset = 0;
  TRY(certs_list(cx, rq->rd, rq->app->policy, q, status, (size_t)offset, ROWS, &rows, &n, &total));
  rp->title = S("证照");
  rp->view = json_obj(m);
  Json *list = json_put_arr(m, rp->view, S("rows"));
  for (size_t i = 0; i < n; i++) row_put(rq, json_push_obj(m, list), &rows[i]);
  PUT(rp->view, "q", q);
  PUT(rp->view, "status", status);
  PUT_INT(rp->view, "total", total);
  PUT_INT(rp->view, "from", n ? offset + 1 : 0);
  PUT_INT(rp->view, "to", offset + (int64_t)n);
  PUT_BOOL(rp->view, "has_previous", offset > 0);
  PUT_INT(rp->view, "previous", offset > ROWS ? offset - ROWS : 0);
  if (offset + (int64_t)n < total) PUT_INT(rp->view, "next", offset + ROWS);
  return OK;
}

const Route certs_routes[] = {
    {.method = GET, .path = "/w/certs", .allow = ROLE_STAFF | ROLE_LEADER, .run = page_certs, .tmpl = "certs", .section = "certs", .compact = true,
     .help = "证照名册：按编号、名称（别名也行）、项目、单位查，按有效、已变更、暂停使用、已撤销筛选。"},
    {.path = NULL},
};
