/* SPDX-License-Identifier: Apache-2.0 */
/* personal_lists.c: requests, looks, and cases whose data is past its time; how values are called and masked. */
#include "approval/personal.h"

/* ---- names and masks ------------------------------------------------------------------------------- */

FieldType personal_field(const Policy *p, Str name, Str *label) {
  static const struct { const char *name, *label; FieldType type; } own[] = {
      {"phone", "登记的联系电话", FIELD_PHONE}, {"phone_ref", "账号的电话", FIELD_PHONE}, {"person", "从业人员的姓名", FIELD_TEXT}, {"password_ref", "口令的散列", FIELD_UNSET}};
  for (size_t i = 0; i < COUNT(own); i++)
    if (str_eqz(name, own[i].name)) {
      *label = str_of(own[i].label);
      return own[i].type;
    }
  for (int n = 1; n <= STAGE_MAX; n++) {
    const Field *f = policy_field(p, n, name);
    if (!f || !f->personal) continue;
    *label = f->label;
    return f->type;
  }
  *label = name;
  return FIELD_TEXT; /* of an earlier package: masked as a name */
}

static Str mask_id(Arena *mem, Str id) {
  if (id.len < 15) return S("****");
  return arena_fmt(mem, "%.*s%.*s%.*s", SFMT(str_sub(id, 0, 4)), (int)(id.len - 8), "******************", SFMT(str_sub(id, id.len - 4, 4)));
}

Str mask_value(Arena *mem, FieldType type, Str plain) {
  if (type == FIELD_UNSET) return S("****");
  if (type == FIELD_PHONE) return mask_phone(mem, plain);
  return type == FIELD_IDNO ? mask_id(mem, plain) : mask_name(mem, plain);
}

/* ---- requests ------------------------------------------------------------------------------------- */

#define ERASURE_COLUMNS \
  "record, no, status, ground, ground_name, basis, reason, by_id, by_name, at, end_by, end_reason, ended, erased"
#define ERASURE_WHERE " FROM erasure WHERE (?1 = '' OR record = ?1) AND (?2 = 0 OR status = 'waiting')"
static const Sql sql_erasures = {"erasure.list", "siii", "sisssssssissii",
                                 "SELECT " ERASURE_COLUMNS ERASURE_WHERE " ORDER BY at DESC, record, no DESC LIMIT ?3 OFFSET ?4"};
static const Sql sql_erasure_count = {"erasure.count", "si", "i", "SELECT count(*)" ERASURE_WHERE};

static ProposalStatus status_of(Str s) {
  return str_eq(s, S("waiting")) ? PROPOSAL_WAITING : str_eq(s, S("rejected")) ? PROPOSAL_REJECTED : PROPOSAL_CONFIRMED;
}

static Erasure row_erasure(Cx *cx, const Rows *r) {
  Str status = row_s(cx, r, 2);
  Erasure e = {.record = row_s(cx, r, 0), .no = row_i(r, 1), .status = status_of(status), .again = str_eq(status, S("again")),
               .ground = row_s(cx, r, 3), .ground_name = row_s(cx, r, 4), .basis = row_s(cx, r, 5), .reason = row_s(cx, r, 6)};
  e.by = row_s(cx, r, 7);
  e.by_name = row_s(cx, r, 8);
  e.at = row_i(r, 9);
  e.end_by = row_s(cx, r, 10);
  e.end_reason = row_s(cx, r, 11);
  e.ended = row_i(r, 12);
  e.erased = row_i(r, 13);
  return e;
}

Code erasures_list(Cx *cx, Db *views, const ErasureFilter *f, Erasure **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  Erasure *list = arena_array(cx->mem, Erasure, f->limit + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, views, &sql_erasure_count, VALS(val_s(f->record), val_i(f->waiting)), 0, total));
  TRY(db_rows(cx, views, &sql_erasures, VALS(val_s(f->record), val_i(f->waiting), val_i((int64_t)f->limit), val_i((int64_t)f->offset)), &r));
  while (*n < f->limit && rows_next(r)) list[(*n)++] = row_erasure(cx, r);
  return rows_end(cx, r);
}

/* ---- looks ---------------------------------------------------------------------------------------- */

#define LOOK_WHERE " FROM look WHERE (?1 = '' OR record = ?1) AND (?2 = '' OR actor = ?2)"
static const Sql sql_looks = {"look.list", "ssii", "issssssssi",
                              "SELECT pos, record, ref, name, purpose, note, actor, actor_name, unit, at" LOOK_WHERE
                              " ORDER BY pos DESC LIMIT ?3 OFFSET ?4"};
static const Sql sql_look_count = {"look.count", "ss", "i", "SELECT count(*)" LOOK_WHERE};

static Look row_look(Cx *cx, const Rows *r) {
  return (Look){.pos = row_i(r, 0), .record = row_s(cx, r, 1), .ref = row_s(cx, r, 2), .name = row_s(cx, r, 3),
                .purpose = row_s(cx, r, 4), .note = row_s(cx, r, 5), .actor = row_s(cx, r, 6), .actor_name = row_s(cx, r, 7),
                .unit = row_s(cx, r, 8), .at = row_i(r, 9)};
}

Code looks_list(Cx *cx, Db *views, const LookFilter *f, Look **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  Look *list = arena_array(cx->mem, Look, f->limit + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, views, &sql_look_count, VALS(val_s(f->record), val_s(f->actor)), 0, total));
  TRY(db_rows(cx, views, &sql_looks, VALS(val_s(f->record), val_s(f->actor), val_i((int64_t)f->limit), val_i((int64_t)f->offset)), &r));
  while (*n < f->limit && rows_next(r)) list[(*n)++] = row_look(cx, r);
  return rows_end(cx, r);
}

/* ---- past their time -------------------------------------------------------------------------------- */

static const Sql sql_kept = {"personal.kept", "ii", "isiis",
                             "SELECT p.no, p.number, p.updated, count(*), p.name FROM project p JOIN personal x"
                             " ON x.stream = 'project/' || p.no AND x.erased = 0"
                             " WHERE p.status <> 'running' AND p.updated < ?1"
                             " AND NOT EXISTS(SELECT 1 FROM item WHERE item.project = p.no AND item.open = 1)"
                             " GROUP BY p.no, p.number, p.updated, p.name ORDER BY p.updated, p.no LIMIT ?2"};

Code personal_kept(Cx *cx, Db *views, int64_t before, size_t max, KeptRow **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  KeptRow *list = arena_array(cx->mem, KeptRow, max + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, views, &sql_kept, VALS(val_i(before), val_i((int64_t)max)), &r));
  while (*n < max && rows_next(r))
    list[(*n)++] = (KeptRow){.project = row_i(r, 0), .number = row_s(cx, r, 1), .last = row_i(r, 2), .values = row_i(r, 3), .name = row_s(cx, r, 4)};
  return rows_end(cx, r);
}
