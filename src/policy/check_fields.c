/* SPDX-License-Identifier: Apache-2.0 */
/* check_fields.c: what is asked at registration and in the forms of the stages. */
#include "policy/check.h"

/* Conditions name a fact by its label, so a label means one thing in the whole package. */
static void fact_names_check(Loader *l, const Field *f) {
  const Field *by_label = fact_find(l->p, f->label), *by_name = fact_find(l->p, f->name);
  if (f->fact && (by_label != f || by_name != f))
    check__at(l, f, by_label != f ? "label" : "name", "有两个事实都叫“%.*s”，请改一个", SFMT(by_label != f ? f->label : f->name));
}

/* Dates of one form, the later named by the earlier; the form asks the earlier first. */
static void not_before_check(Loader *l, const Field *fields, size_t at) {
  const Field *f = &fields[at];
  for (size_t i = 0; i < at; i++)
    if (str_eq(fields[i].name, f->not_before) && fields[i].type == FIELD_DATE && f->type == FIELD_DATE) return;
  check__at(l, f, "not_before", "not_before 要写本表单里排在前面的一个日期栏目，本栏也要是 type: date");
}

static void filled_check(Loader *l, const Field *f, int stage) {
  if (stage == STAGE_MAX && (str_eqz(f->filled, "survey.agency") || str_eqz(f->filled, "survey.area"))) return;
  check__at(l, f, "filled", "filled 只能用在第四阶段，写 survey.agency 或 survey.area");
}

void check__fields(Loader *l) {
  for (int stage = 0; stage <= STAGE_MAX; stage++) {
    const Field *fields = stage ? l->p->form[stage] : l->p->facts;
    size_t n = stage ? l->p->form_count[stage] : l->p->fact_count;
    UNIQUE(l, fields, n, name)
    for (size_t i = 0; i < n; i++) {
      fact_names_check(l, &fields[i]);
      if (fields[i].not_before.len) not_before_check(l, fields, i);
      if (fields[i].workday && (fields[i].type != FIELD_DATE || !stage)) check__at(l, &fields[i], "workday", "workday 只能写在阶段申请表的日期栏目（type: date）里");
      if (fields[i].planned && fields[i].type != FIELD_DATE) check__at(l, &fields[i], "planned", "planned 只能写在日期栏目（type: date）里");
      if (fields[i].type == FIELD_CHOICE && fields[i].choice_count < 2) check__at(l, &fields[i], "choices", "选择题至少写两个选项");
      if (fields[i].choose.len && (!str_eqz(fields[i].choose, "region") || fields[i].type != FIELD_TEXT || !fields[i].fact))
        check__at(l, &fields[i], "choose", "choose 只能写 region，栏目同时写 type: text 和 fact: true");
      if (fields[i].filled.len) filled_check(l, &fields[i], stage);
      if (fields[i].personal && fields[i].fact) check__at(l, &fields[i], "personal", "个人信息不能作为判断条件的事实，请去掉 fact 或 personal");
    }
  }
}
