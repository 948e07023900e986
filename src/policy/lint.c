/* SPDX-License-Identifier: Apache-2.0 */
/* lint.c: collects what the detectors find, and matches contradictions with their records. */
#include "policy/lint.h"
#include "policy/policy_int.h"

#include <stdlib.h>

static void finding_add(Lint *t, Finding f) {
  t->list = grown(t->l->mem, t->list, t->count, &t->cap, sizeof *t->list);
  t->list[t->count++] = f;
}

void lint_error(Lint *t, const char *rule, const void *row, const char *key, const char *fmt, ...) {
  const Node *map = origin_of(t->l, row), *n = node_get(map, key);
  Finding f = {.rule = str_of(rule), .file = S("package.yaml"), .line = 1, .column = 1};
  va_list ap;
  va_start(ap, fmt);
  f.text = arena_vfmt(t->l->mem, fmt, ap);
  va_end(ap);
  if (map) {
    f.file = map->file;
    f.line = n ? n->key_line : map->line;
    f.column = n ? n->key_column : map->column;
  }
  finding_add(t, f);
}

static bool note_has(const Note *n, const char *kind, Str clause) {
  if (!str_eqz(n->kind, kind)) return false;
  for (size_t i = 0; i < n->clause_count; i++)
    if (str_eq(n->clauses[i], clause)) return true;
  return false;
}

void lint_contradiction(Lint *t, const char *kind, const Clause *c, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  Str says = arena_vfmt(t->l->mem, fmt, ap);
  va_end(ap);
  for (size_t i = 0; i < t->p->note_count; i++)
    if (note_has(&t->p->notes[i], kind, c->id)) {
      t->seen[i] = true;
      return;
    }
  lint_error(t, kind, c, "text", "%.*s：%.*s。文件里的这处矛盾没有记录，请在 notes.yaml 写明选择（kind: %s）", SFMT(c->id), SFMT(says), kind);
}

static int by_place(const void *x, const void *y) {
  const Finding *a = x, *b = y;
  int order = str_cmp(a->file, b->file);
  if (order) return order;
  return a->line != b->line ? a->line - b->line : a->column - b->column;
}

static void notes_add(Lint *t) {
  for (size_t i = 0; i < t->p->note_count; i++) {
    const Note *n = &t->p->notes[i];
    const Node *from = origin_of(t->l, n);
    if (!t->seen[i] && !str_eq(n->kind, S("reading")))
      lint_error(t, "stale-note", n, "kind", "%.*s 记录的矛盾在条款原文里已经没有，请删去这条记录", SFMT(n->id));
    else
      finding_add(t, (Finding){.rule = n->kind, .file = S("notes.yaml"), .line = from ? from->line : 1,
                               .column = from ? from->column : 1, .text = n->says, .note = n});
  }
}

static void findings_sort(Lint *t, Findings *found) {
  Finding *sorted = arena_array(t->l->mem, Finding, t->count + 1);
  size_t n = 0;
  for (int noted = 0; noted <= 1; noted++) {
    for (size_t i = 0; i < t->count; i++)
      if ((t->list[i].note != NULL) == noted) sorted[n++] = t->list[i];
    if (!noted) {
      qsort(sorted, n, sizeof *sorted, by_place);
      found->errors = n;
    }
  }
  found->list = sorted;
  found->count = n;
}

Code policy_check(Cx *cx, Str dir, const Policy **out, Findings *found) {
  Loader *l = policy__load(cx, dir);
  Lint t = {.l = l, .p = l->p, .seen = arena_array(cx->mem, bool, l->p->note_count + 1)};
  *out = l->count ? NULL : l->p;
  for (size_t i = 0; i < l->count; i++) {
    const Mistake *m = &l->list[i];
    finding_add(&t, (Finding){.rule = S("load"), .file = m->file, .line = m->line, .column = m->column, .text = m->text});
  }
  if (!l->count) {
    lint_texts(&t);
    lint_rows(&t);
    lint_conditions(&t);
    notes_add(&t);
  }
  findings_sort(&t, found);
  if (found->errors) FAIL(INVALID, "政策包有 %zu 处错误，请逐条改正", found->errors);
  return OK;
}

Str policy_overlap(Arena *mem, const Policy *a, const Policy *b) {
  Day a_from = {INT32_MIN}, a_until = {INT32_MAX}, b_from = {INT32_MIN}, b_until = {INT32_MAX};
  if (a->effective_from.len) day_parse(a->effective_from, &a_from);
  if (a->effective_until.len) day_parse(a->effective_until, &a_until);
  if (b->effective_from.len) day_parse(b->effective_from, &b_from);
  if (b->effective_until.len) day_parse(b->effective_until, &b_until);
  if (!str_eq(a->name, b->name) || a_until.n < b_from.n || b_until.n < a_from.n) return S("");
  Day first = a_from.n > b_from.n ? a_from : b_from;
  return arena_fmt(mem, "%.*s %.*s 与 %.*s 的施行日期重叠（%.*s起），请在前一版写明 effective_until", SFMT(a->name), SFMT(a->version),
                   SFMT(b->version), SFMT(first.n == INT32_MIN ? S("从一开始") : day_str(mem, first)));
}
