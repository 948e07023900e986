/* SPDX-License-Identifier: Apache-2.0 */
/* personal.c: which references to personal data events name, whose they are, and which were erased: rows of the views. */
#include "base/bytes.h"
#include "journal/journal_int.h"

enum { REF_MAX = 80, REF_TOKEN = 16 };

const char personal__schema[] =
    "CREATE TABLE personal(ref TEXT PRIMARY KEY, stream TEXT NOT NULL, name TEXT NOT NULL, since INTEGER NOT NULL,"
    " erased INTEGER NOT NULL) WITHOUT ROWID, STRICT;"
    "CREATE INDEX personal_stream ON personal(stream, since, ref);";

#define COLUMNS "ref, stream, name, since, erased"
/* The first to name a reference is the one that put it there: nobody else could know it. */
static const RowTable personal_rows = {
    1 | ROWS_TOGETHER | ROWS_STAY,
    {"personal.put", "sssi", "", "INSERT INTO personal(" COLUMNS ") VALUES(?1, ?2, ?3, ?4, 0) ON CONFLICT(ref) DO NOTHING"},
    {0}};
static const Sql sql_erased = {"personal.erased", "si", "", "UPDATE personal SET erased = ?2 WHERE ref = ?1 AND erased = 0"};
static const Sql sql_of = {"personal.of", "s", "sssii",
                           "SELECT " COLUMNS " FROM personal WHERE stream = ?1 ORDER BY since, ref"};
static const Sql sql_one = {"personal.one", "s", "sssii", "SELECT " COLUMNS " FROM personal WHERE ref = ?1"};

Str personal_ref(Arena *mem) {
  return arena_fmt(mem, PERSONAL_MARK "%.*s", SFMT(random_token(mem, REF_TOKEN)));
}

static bool is_ref(Str s) {
  if (!s.len || s.ptr[0] != PERSONAL_MARK[0]) return false; /* asked of every text of every event */
  if (s.len < sizeof PERSONAL_MARK || s.len > REF_MAX || !str_starts(s, S(PERSONAL_MARK))) return false;
  for (size_t i = sizeof PERSONAL_MARK - 1; i < s.len; i++) {
    char c = s.ptr[i];
    bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    if (!fits) return false;
  }
  return true;
}

bool personal__names(const Json *j, Str ref) {
  for (const Json *kid = j ? j->first : NULL; kid; kid = kid->next)
    if ((kid->kind == JSON_STR && str_eq(kid->str, ref)) || personal__names(kid, ref)) return true;
  return false;
}

const Json *personal__erased(const Json *body, const Json *one) {
  const Json *list = one ? NULL : json_get(body, S("erased"));
  const Json *next = one ? one->next : list && list->kind == JSON_ARR ? list->first : NULL;
  while (next && next->kind != JSON_STR) next = next->next;
  return next;
}

static Code refs_note(Cx *cx, Db *views, const Event *e, const Json *j) {
  for (const Json *kid = j->first; kid; kid = kid->next) {
    if (kid->kind == JSON_STR && is_ref(kid->str))
      TRY(table_put(cx, views, &personal_rows, VALS(val_s(kid->str), val_s(e->stream), val_s(kid->key), val_i(e->happened))));
    if (kid->first) TRY(refs_note(cx, views, e, kid));
  }
  return OK;
}

/* A text or a name begins behind a quote, wherever else quotes may stand; a letter may be spelled by its number. */
bool personal__may(Str body) {
  const char *end = body.ptr + body.len;
  if (body.len && memchr(body.ptr, '\\', body.len) && bytes__pair(body.ptr, end, '\\', 'u', 'u') < end) return true;
  for (const char *p = body.ptr; (p = bytes__pair(p, end, '"', 'v', 'e')) < end; p++) {
    Str rest = {.ptr = p, .len = (size_t)(end - p)};
    if (str_starts(rest, S("\"" PERSONAL_MARK)) || str_starts(rest, S("\"erased\""))) return true;
  }
  return false;
}

Code personal__note(Cx *cx, Db *views, const Event *e) {
  TRY(refs_note(cx, views, e, e->body));
  for (const Json *one = NULL; (one = personal__erased(e->body, one)) != NULL;) {
    TRY(table_settle(cx, views, &personal_rows, val_s(one->str)));
    TRY(db_run(cx, views, &sql_erased, VALS(val_s(one->str), val_i(e->happened))));
  }
  return OK;
}

/* ---- reading ------------------------------------------------------------------------------------ */

static PersonalRef row_ref(Cx *cx, const Rows *r) {
  return (PersonalRef){.ref = row_s(cx, r, 0), .stream = row_s(cx, r, 1), .name = row_s(cx, r, 2), .since = row_i(r, 3),
                       .erased = row_i(r, 4)};
}

Code personal_of(Cx *cx, Db *views, Str stream, PersonalRef **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  size_t cap = 32;
  PersonalRef *list = arena_array(cx->mem, PersonalRef, cap);
  *n = 0;
  TRY(db_rows(cx, views, &sql_of, VALS(val_s(stream)), &r));
  while (rows_next(r)) {
    if (*n == cap) {
      PersonalRef *more = arena_array(cx->mem, PersonalRef, cap * 2);
      memcpy(more, list, cap * sizeof *more);
      list = more;
      cap *= 2;
    }
    list[(*n)++] = row_ref(cx, r);
  }
  *out = list;
  return rows_end(cx, r);
}

Code personal_one(Cx *cx, Db *views, Str ref, PersonalRef *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_one, VALS(val_s(ref)), &r));
  if (rows_next(r)) {
    *out = row_ref(cx, r);
    return OK;
  }
  TRY(rows_end(cx, r));
  FAIL(NOT_FOUND, "没有这项个人信息。");
}
