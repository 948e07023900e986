/* SPDX-License-Identifier: Apache-2.0 */
/* library.c: the versions of what was handed in, and what enterprises share. */
#include "approval/approval_int.h"

const LibFile *library_latest(const Project *pr, Str material) {
  for (size_t i = pr->library_count; i > 0; i--)
    if (str_eq(pr->library[i - 1].material, material)) return &pr->library[i - 1];
  return NULL;
}

static LibFile *library_new(Arena *mem, Project *p) {
  if (p->library_count == p->library_cap) {
    size_t cap = p->library_cap ? p->library_cap * 2 : 8;
    LibFile *more = arena_array(mem, LibFile, cap);
    if (p->library_count) memcpy(more, p->library, p->library_count * sizeof *more);
    p->library = more;
    p->library_cap = cap;
  }
  return &p->library[p->library_count++];
}

/* Texts are those that the state keeps already. */
static const FileRef *kept_ref(const StageState *s, Str material, Str blob) {
  for (size_t i = s->file_count; i > 0; i--)
    if (str_eq(s->files[i - 1].material, material) && str_eq(s->files[i - 1].blob, blob)) return &s->files[i - 1];
  return NULL;
}

void fold__library(Arena *mem, Project *p, const StageState *s, int stage, const Event *e) {
  static const char *const kinds[] = {"stage.submitted", "stage.corrected", "stage.supplied", "item.supplemented"};
  const Json *files = json_get(e->body, S("files"));
  bool mine = false;
  for (size_t i = 0; i < COUNT(kinds); i++) mine |= str_eqz(e->kind, kinds[i]);
  for (const Json *f = mine && files ? files->first : NULL; f; f = f->next) {
    Str material = json_str(f, S("material")), blob = json_str(f, S("blob"));
    const LibFile *last = library_latest(p, material);
    const FileRef *ref = kept_ref(s, material, blob);
    if (!blob.len || json_int(f, S("reused_from"), 0) || json_int(f, S("from_project"), 0) || json_str(f, S("source")).len || !ref || (last && str_eq(last->blob, blob))) continue;
    int version = last ? last->version + 1 : 1;
    ptrdiff_t dot = str_find(e->kind, S("."));
    *library_new(mem, p) = (LibFile){.material = ref->material, .blob = ref->blob, .name = ref->name, .size = ref->size, .at = e->happened, .version = version,
                                     .stage = stage, .attempt = s->attempt, .how = arena_str(mem, str_sub(e->kind, (size_t)dot + 1, SIZE_MAX)),
                                     .by = arena_str(mem, e->actor_name)};
  }
}

/* ---- from beside the case ------------------------------------------------------------------------------ */

static const Material *survey_material(const Policy *p) {
  for (size_t i = 0; i < p->material_count; i++)
    if (p->materials[i].survey) return &p->materials[i];
  return NULL;
}

/* The one survey 多测合一: its result is a version of the material, for all departments, also after the project is complete. */
Code decide__take_survey(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"number", "blob", "name", "by"};
  const Material *material = survey_material(at__current(cx, ask));
  Arena *m = decision_mem(d);
  Json *body = json_obj(m);
  if (!material) FAIL(CONFLICT, "政策包没有写明哪份材料用多测合一的成果（survey），不能收入材料库。");
  json_put_str(m, body, S("material"), material->code);
  for (size_t i = 0; i < COUNT(names); i++) json_put_str(m, body, str_of(names[i]), json_str(ask->cmd->args, str_of(names[i])));
  json_put_int(m, body, S("size"), json_int(ask->cmd->args, S("size"), 0));
  decision_emit(d, "project.survey-taken", 1, body);
  return OK;
}

void library__fold_survey(Arena *mem, Project *p, const Event *e) {
  const Json *b = e->body;
  if (!str_eqz(e->kind, "project.survey-taken")) return;
  const LibFile *last = library_latest(p, json_str(b, S("material")));
  int version = last ? last->version + 1 : 1;
  *library_new(mem, p) = (LibFile){.material = arena_str(mem, json_str(b, S("material"))), .blob = arena_str(mem, json_str(b, S("blob"))),
                                   .name = arena_str(mem, json_str(b, S("name"))), .size = json_int(b, S("size"), 0), .at = e->happened, .version = version,
                                   .how = S("surveyed"), .by = arena_str(mem, json_str(b, S("by"))),
                                   .source = arena_fmt(mem, "多测合一 %.*s", SFMT(json_str(b, S("number"))))};
}

Code library__aim_survey(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  const Json *files = json_get(e->body, S("files")), *f = files ? files->first : NULL;
  Arena *m = cx->mem;
  (void)views;
  if (!f) return OK;
  Json *args = json_obj(m);
  json_put_str(m, args, S("number"), json_str(e->body, S("number")));
  json_put_str(m, args, S("blob"), json_str(f, S("blob")));
  json_put_str(m, args, S("name"), json_str(f, S("name")));
  json_put_int(m, args, S("size"), json_int(f, S("size"), 0));
  json_put_str(m, args, S("by"), json_str(e->body, S("signature")));
  out[(*n)++] = (Follow){.stream = arena_fmt(m, "project/%lld", (long long)json_int(e->body, S("project"), 0)), .args = args};
  return OK;
}

/* ---- tables ---------------------------------------------------------------------------------------- */

static const RowTable shared_rows = {
    2,
    {"enterprise.put", "ssissii", "",
     "INSERT INTO enterprise_file(uscc, material, project, name, blob, size, at) VALUES(?1,?2,?3,?4,?5,?6,?7)"
     " ON CONFLICT(uscc, material) DO UPDATE SET project = excluded.project, name = excluded.name, blob = excluded.blob,"
     " size = excluded.size, at = excluded.at"},
    {0}};
static const Sql sql_shared = {"enterprise.list", "s", "sissiis",
                               "SELECT f.material, f.project, f.name, f.blob, f.size, f.at, p.number FROM enterprise_file f"
                               " JOIN project p ON p.no = f.project WHERE f.uscc = ?1"};
static const Sql sql_lack_drop = {"lack.drop", "ii", "", "DELETE FROM lack WHERE project = ?1 AND stage = ?2"};
static const Sql sql_lack = {"lack.put", "iiisi", "", "INSERT INTO lack(promised, project, stage, material, expired) VALUES(?1,?2,?3,?4,?5)"};
static const Sql sql_lacks = {"lack.list", "i", "iisssisi",
                              "SELECT l.project, l.stage, p.number, p.name, p.owner, l.promised, l.material, l.expired FROM lack l"
                              " JOIN project p ON p.no = l.project ORDER BY l.promised, l.project, l.stage, l.material LIMIT ?1"};

static Code put_shared(Cx *cx, Db *views, const Policy *p, const Project *pr, const Event *e) {
  for (size_t i = pr->library_count; i > 0 && pr->library[i - 1].at == e->happened; i--) {
    const LibFile *f = &pr->library[i - 1];
    const Material *m = policy_material(p, f->material);
    if (!m || !m->enterprise) continue;
    TRY(table_put(cx, views, &shared_rows, VALS(val_s(pr->uscc), val_s(f->material), val_i(pr->no), val_s(f->name), val_s(f->blob), val_i(f->size), val_i(f->at))));
  }
  return OK;
}

static Day first_due(const StageState *s) {
  Day first = {0};
  for (size_t i = 0; i < s->lack_count; i++) {
    const Lack *l = &s->lacks[i];
    if (!l->supplied_at && !l->expired && (!first.n || l->promised.n < first.n)) first = l->promised;
  }
  return first;
}

/* Does a promise of this stage still bind? */
static bool lacks_live(const StageState *s) {
  return s->lack_count && s->status >= STAGE_SUBMITTED && s->status <= STAGE_DECIDED;
}

static Code put_lacks(Cx *cx, Db *views, const Project *pr, int stage, const Event *e) {
  const StageState *s = &pr->stages[stage];
  Str name = S("stage.expire-lacking");
  bool live = lacks_live(s) && pr->status == PROJECT_RUNNING;
  bool first = s->attempt == 1 && str_eq(e->kind, S("stage.submitted")); /* nothing of it stands there */
  if (!first) TRY(db_run(cx, views, &sql_lack_drop, VALS(val_i(pr->no), val_i(stage))));
  for (size_t i = 0; live && i < s->lack_count; i++)
    if (!s->lacks[i].supplied_at)
      TRY(db_run(cx, views, &sql_lack, VALS(val_i(s->lacks[i].promised.n), val_i(pr->no), val_i(stage), val_s(s->lacks[i].material), val_i(s->lacks[i].expired))));
  Day due = live ? first_due(s) : (Day){0};
  if (!due.n) return due_clear(cx, views, e->stream, name);
  Json *args = json_obj(cx->mem);
  json_put_int(cx->mem, args, S("stage"), stage);
  return due_set(cx, views, e->stream, name, day_start((Day){due.n + 1}), args);
}

Code library__project(Cx *cx, Db *views, const Policy *p, const Project *pr, int stage, const Event *e) {
  if (str_starts(e->kind, S("item.")) && !str_eq(e->kind, S("item.supplemented")) && !pr->stages[stage].lack_count) return OK;
  TRY(put_shared(cx, views, p, pr, e));
  /* A new submission, or a correction, may have fewer promises than the one before. */
  bool handed_in = str_eq(e->kind, S("stage.submitted")) || str_eq(e->kind, S("stage.corrected"));
  return pr->stages[stage].lack_count || handed_in ? put_lacks(cx, views, pr, stage, e) : OK;
}

Code enterprise_files(Cx *cx, Db *views, Str uscc, Json **out) {
  SCOPED(rows_drop) Rows *r = NULL;
  Arena *m = cx->mem;
  *out = json_obj(m);
  TRY(db_rows(cx, views, &sql_shared, VALS(val_s(uscc)), &r));
  while (rows_next(r)) {
    Json *o = json_put_obj(m, *out, row_s(cx, r, 0));
    json_put_int(m, o, S("project"), row_i(r, 1));
    json_put_str(m, o, S("name"), row_s(cx, r, 2));
    json_put_str(m, o, S("blob"), row_s(cx, r, 3));
    json_put_int(m, o, S("size"), row_i(r, 4));
    json_put_int(m, o, S("at"), row_i(r, 5));
    json_put_str(m, o, S("number"), row_s(cx, r, 6));
  }
  return rows_end(cx, r);
}

Code lacks_list(Cx *cx, Reader *rd, size_t max, LackRow **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  LackRow *list = arena_array(cx->mem, LackRow, max + 1);
  *n = 0;
  TRY(db_rows(cx, reader_views(rd), &sql_lacks, VALS(val_i((int64_t)max)), &r));
  while (*n < max && rows_next(r))
    list[(*n)++] = (LackRow){.project = row_i(r, 0), .stage = (int)row_i(r, 1), .number = row_s(cx, r, 2), .project_name = row_s(cx, r, 3),
                             .owner = row_s(cx, r, 4), .promised = {(int32_t)row_i(r, 5)}, .material = row_s(cx, r, 6), .expired = row_i(r, 7) != 0};
  *out = list;
  return rows_end(cx, r);
}

bool library_same(const Project *pr, Str material, Str blob) {
  for (size_t i = pr->library_count; i > 0; i--)
    if (str_eq(pr->library[i - 1].material, material)) return blob.len && str_eq(pr->library[i - 1].blob, blob);
  return false;
}
