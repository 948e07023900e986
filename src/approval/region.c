/* SPDX-License-Identifier: Apache-2.0 */
/* region.c: which assessments of its region a case shares: read from the tables of the room early, kept with the submission. */
#include "approval/approval_int.h"

static const Sql sql_region = {"beside.region", "s", "i", "SELECT no FROM region WHERE name = ?1"};
static const Sql sql_shares = {"beside.shares", "ii", "ssissi",
                               "SELECT kind, number, until, file, blob, size FROM region_share WHERE region = ?1 AND since <= ?2 AND until >= ?2"
                               " AND stopped = 0 ORDER BY kind, until DESC, no DESC"};

Str project_region(const Policy *p, const Project *pr, int stage, const Json *form) {
  for (int n = 1; n <= STAGE_MAX; n++)
    for (size_t i = 0; i < p->form_count[n]; i++) {
      const Field *f = &p->form[n][i];
      if (!f->choose.len) continue;
      if (project_locked(pr, f->name).len) return project_locked(pr, f->name);
      return n == stage ? str_trim(json_str(form, f->name)) : json_str(pr->facts, f->name);
    }
  return S("");
}

Code region_shared(Cx *cx, Db *views, Str region, Day on, Json *shared) {
  static const char *const names[] = {"kind", "number"};
  SCOPED(rows_drop) Rows *r = NULL;
  Arena *m = cx->mem;
  int64_t no = 0;
  Str last = S("");
  if (!region.len) return OK;
  TRY(db_int(cx, views, &sql_region, VALS(val_s(region)), 0, &no));
  Json *o = json_put_obj(m, shared, REGION_SHARED);
  json_put_str(m, o, S("name"), region);
  json_put_int(m, o, S("no"), no);
  json_put_bool(m, o, S("known"), no > 0);
  Json *list = json_put_arr(m, o, S("shares"));
  TRY(db_rows(cx, views, &sql_shares, VALS(val_i(no), val_i(on.n)), &r));
  while (rows_next(r)) {
    Str kind = row_s(cx, r, 0);
    if (str_eq(kind, last)) continue; /* the one that holds longest */
    last = kind;
    Json *x = json_push_obj(m, list);
    for (size_t i = 0; i < COUNT(names); i++) json_put_str(m, x, str_of(names[i]), row_s(cx, r, (int)i));
    json_put_str(m, x, S("until"), day_str(m, (Day){(int32_t)row_i(r, 2)}));
    json_put_str(m, x, S("name"), row_s(cx, r, 3));
    json_put_str(m, x, S("blob"), row_s(cx, r, 4));
    json_put_int(m, x, S("size"), row_i(r, 5));
  }
  return rows_end(cx, r);
}

const Json *share__of(const Json *region, Str kind) {
  const Json *list = json_get(region, S("shares"));
  for (const Json *x = list && kind.len ? list->first : NULL; x; x = x->next)
    if (str_eq(json_str(x, S("kind")), kind)) return x;
  return NULL;
}

const Json *item_share(const Policy *p, const StageState *s, Str code) {
  const Item *item = policy_item(p, code);
  return item && s->region ? share__of(s->region, item->share) : NULL;
}

Str share_source(Arena *mem, const Json *share) {
  return arena_fmt(mem, "区域评估 %.*s", SFMT(json_str(share, S("number"))));
}

static const Sql sql_item_share = {"item-share.put", "iiss", "",
                                   "INSERT INTO item_share(project, stage, code, number) VALUES(?1,?2,?3,?4)"
                                   " ON CONFLICT(project, stage, code) DO UPDATE SET number = excluded.number"};

Code share__project(Cx *cx, Db *views, const Project *pr, const Event *e) {
  const Json *items = str_eq(e->kind, S("stage.accepted")) ? json_get(e->body, S("items")) : NULL;
  for (const Json *x = items ? items->first : NULL; x; x = x->next) {
    Str number = json_str(x, S("share"));
    if (number.len) TRY(db_run(cx, views, &sql_item_share, VALS(val_i(pr->no), val_i(json_int(e->body, S("stage"), 0)), val_s(json_str(x, S("code"))), val_s(number))));
  }
  return OK;
}
