/* SPDX-License-Identifier: Apache-2.0 */
/* certs_lists.c: the table of certificates 证照, and their names: one certificate is called differently in the documents and in law. */
#include "approval/approval_int.h"

/* ---- names ---------------------------------------------------------------------------------------- */

size_t cert_aliases(const Policy *p, Str name, const Str **out) {
  for (int n = 1; n <= STAGE_MAX; n++)
    if (str_eq(p->stages[n].certificate, name)) {
      *out = p->stages[n].aliases;
      return p->stages[n].alias_count;
    }
  for (size_t i = 0; i < p->permit_count; i++)
    if (str_eq(p->permits[i].name, name) && p->permits[i].alias_count) {
      *out = p->permits[i].aliases;
      return p->permits[i].alias_count;
    }
  *out = NULL;
  return 0;
}

bool cert_named(const Policy *p, Str name, Str query) {
  const Str *list;
  size_t n = cert_aliases(p, name, &list);
  if (!query.len || str_has(name, query)) return query.len > 0;
  for (size_t i = 0; i < n; i++)
    if (str_has(list[i], query)) return true;
  return false;
}

/* Names that the query means, each between bars: |规划用地许可证| */
static Str names_of(Arena *m, const Policy *p, Str q) {
  Str out = S("|");
  for (int n = 1; n <= STAGE_MAX; n++)
    if (cert_named(p, p->stages[n].certificate, q)) out = arena_fmt(m, "%.*s%.*s|", SFMT(out), SFMT(p->stages[n].certificate));
  for (size_t i = 0; i < p->permit_count; i++) {
    const Permit *x = &p->permits[i];
    bool means = cert_named(p, x->name, q);
    for (size_t k = 0; k < x->merge_count && !x->listed; k++) means = means || str_has(x->merges[k], q);
    if (q.len && means) out = arena_fmt(m, "%.*s%.*s|", SFMT(out), SFMT(x->name));
  }
  return out;
}

/* ---- the table ------------------------------------------------------------------------------------- */

static const RowTable cert_rows = {
    1,
    {"cert.put", "siisssii", "",
     "INSERT INTO cert(number, project, stage, name, issuer, status, at, status_at) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"
     " ON CONFLICT(number) DO UPDATE SET project = excluded.project, stage = excluded.stage, name = excluded.name, issuer = excluded.issuer,"
     " status = excluded.status, at = excluded.at, status_at = excluded.status_at"},
    {0}};

Code certs__project(Cx *cx, Db *views, const Project *p, const Event *e) {
  if (!str_eq(e->kind, S("stage.certified")) && !str_starts(e->kind, S("certificate."))) return OK;
  for (size_t i = 0; i < p->cert_count; i++) {
    const Cert *c = &p->certs[i];
    if (c->seq != e->seq && c->status_seq != e->seq) continue;
    TRY(table_put(cx, views, &cert_rows, VALS(val_s(c->number), val_i(p->no), val_i(c->stage), val_s(c->name), val_s(c->issuer),
                                              val_s(cert_status_text(c->status)), val_i(c->at), val_i(c->status_at))));
  }
  return OK;
}

#define CERT_WHERE \
  " FROM cert c JOIN project p ON p.no = c.project WHERE (?1 = '' OR instr(c.number, ?1) > 0 OR instr(?2, '|' || c.name || '|') > 0 OR instr(p.name, ?1) > 0" \
  " OR instr(p.number, ?1) > 0 OR instr(p.owner, ?1) > 0) AND (?3 = '' OR c.status = ?3)"
static const Sql sql_list = {"cert.list", "sssii", "siisssiisss",
                             "SELECT c.number, c.project, c.stage, c.name, c.issuer, c.status, c.at, c.status_at, p.number, p.name, p.owner" CERT_WHERE
                             " ORDER BY c.at DESC, c.number LIMIT ?4 OFFSET ?5"};
static const Sql sql_count = {"cert.count", "sss", "i", "SELECT count(*)" CERT_WHERE};

Code certs_list(Cx *cx, Reader *rd, const Policy *p, Str q, Str status, size_t offset, size_t max, CertRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  CertRow *list = arena_array(cx->mem, CertRow, max + 1);
  Str names = names_of(cx->mem, p, q);
  *n = 0;
  TRY(db_int(cx, reader_views(rd), &sql_count, VALS(val_s(q), val_s(names), val_s(status)), 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_list, VALS(val_s(q), val_s(names), val_s(status), val_i((int64_t)max), val_i((int64_t)offset)), &r));
  while (*n < max && rows_next(r))
    list[(*n)++] = (CertRow){.number = row_s(cx, r, 0), .project = row_i(r, 1), .stage = (int)row_i(r, 2), .name = row_s(cx, r, 3), .issuer = row_s(cx, r, 4),
                             .status = row_s(cx, r, 5), .at = row_i(r, 6), .status_at = row_i(r, 7), .project_number = row_s(cx, r, 8),
                             .project_name = row_s(cx, r, 9), .owner = row_s(cx, r, 10)};
  *out = list;
  return rows_end(cx, r);
}
