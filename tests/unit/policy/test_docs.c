/* SPDX-License-Identifier: Apache-2.0 */
/* The worked example of docs/policy.md, carried out word for word. */
#include "pkg.h"

/* The text of the fenced block behind `mark`; *rest is moved behind it. */
static Str block_after(Str *rest, Str mark) {
  ptrdiff_t at = str_find(*rest, mark);
  if (at < 0) return S("");
  *rest = str_sub(*rest, (size_t)at + mark.len, SIZE_MAX);
  ptrdiff_t from = str_find(*rest, S("```yaml\n"));
  *rest = str_sub(*rest, (size_t)from + 8, SIZE_MAX);
  ptrdiff_t to = str_find(*rest, S("```\n"));
  Str text = str_sub(*rest, 0, (size_t)to);
  *rest = str_sub(*rest, (size_t)to, SIZE_MAX);
  return text;
}

TEST(the_eighth_category_of_the_manual_works) {
  Str doc = S(""), rest;
  EXPECT_INT(file_read(cx, arena_fmt(t->mem, "%.*s/docs/policy.md", SFMT(test_root())), 1 << 20, &doc), OK);
  SCOPED(copy_drop) Copy c = copy_make(t, cx);
  rest = doc;
  Str row = block_after(&rest, S("例 categories.yaml 末尾"));
  EXPECT(row.len > 20);
  copy_write(t, cx, &c, "categories.yaml", arena_fmt(t->mem, "%.*s%.*s", SFMT(copy_read(t, cx, &c, "categories.yaml")), SFMT(row)));
  for (int i = 0; i < 2; i++) {
    Str old = block_after(&rest, S("例 items.yaml 改前")), new = block_after(&rest, S("例 items.yaml 改后"));
    EXPECT(old.len > 20 && new.len > old.len);
    copy_patch(t, cx, &c, "items.yaml", old, new);
  }
  Str old = block_after(&rest, S("例 package.yaml 改前")), new = block_after(&rest, S("例 package.yaml 改后"));
  copy_patch(t, cx, &c, "package.yaml", old, new);
  const Policy *p = NULL;
  Mistakes m = {0};
  EXPECT_INT(policy_load(cx, c.dir, &p, &m), OK);
  EXPECT_STR(cx->detail, S(""));
  if (!p) return;
  const Category *eighth = policy_category(p, S("urban-renewal"));
  EXPECT(p->category_count == 8 && eighth && eighth->total == 81 && eighth->limit[1] == 10 && eighth->source.sample);
  ItemChoice *list = NULL;
  size_t n = policy_items(t->mem, p, 3, S("urban-renewal"), S("longgang"), NULL, &list);
  bool permit = false;
  for (size_t i = 0; i < n; i++) permit |= str_eq(list[i].item->code, S("construction-permit")) && list[i].days == 24;
  EXPECT(permit);
  EXPECT_STR(p->version, S("2019.60.2"));
}

/* Every key that the loader knows stands in the manual. */
TEST(the_manual_names_each_key) {
  static const char *const keys[] = {
      "name", "version", "title", "city", "city_code", "seal", "window_unit", "supervisor_unit", "lamp_warn_days", "lamp_warn_of",
      "receipt_days", "take_days", "extend_days", "deliver_days", "remedy", "sign_last_days", "sign_quick_minutes", "sign_late_hours", "sign_night_from",
      "sign_night_to", "sign_night_acts", "personal_keep_days", "personal_looks", "keeps", "notice_tries", "notice_wait", "rating_days", "rating_least", "event", "to", "by", "title", "invest", "build", "phone", "address", "hours", "count", "starts", "extend", "extend_by", "effective_from", "effective_until", "id", "doc", "number", "text", "code", "qualifier",
      "limits", "total", "national", "note", "no", "lead", "desk", "certificate", "aliases", "stage", "parallel", "before_stage",
      "unit", "county_when", "kind", "attribute", "basis", "days", "categories", "when", "outside", "milestone", "promise", "drawings", "share", "hazard", "review_days", "result",
      "after", "items", "again", "required", "form", "from_stage", "lack", "enterprise", "results", "ask_days", "lack_days", "lack_count", "report_period", "types", "max_mb", "hint", "label", "type", "personal", "fact", "choose", "not_before", "workday", "planned", "min",
      "max", "choices", "example", "credit_notice_days", "credit_objection_days", "credit_repair_days", "credit_months", "credit_repair_months", "credit_bars",
      "credit_black", "credit_red", "credit_targets", "list", "subject", "from", "until", "months", "region", "county_of", "role", "seats", "holder", "certain", "subjects", "issued", "says", "choice", "clauses", "clause", "sample"};
  Str doc = S("");
  EXPECT_INT(file_read(cx, arena_fmt(t->mem, "%.*s/docs/policy.md", SFMT(test_root())), 1 << 20, &doc), OK);
  for (size_t i = 0; i < COUNT(keys); i++) {
    EXPECT(str_has(doc, str_of(keys[i])));
    if (!str_has(doc, str_of(keys[i]))) EXPECT_STR(str_of(keys[i]), S("in docs/policy.md"));
  }
}
