/* SPDX-License-Identifier: Apache-2.0 */
/* check: what the checks of a package share. A mistake is said of a row, at one of its keys. */
#ifndef CHECK_H
#define CHECK_H

#include "policy/policy_int.h"

void check__at(Loader *l, const void *row, const char *key, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void check__source(Loader *l, const void *row, const char *key, Source s, bool needed); /* key: "clause", "days_clause" … */
void check__unit(Loader *l, const void *row, const char *key, Str code);               /* empty is fine */
void check__word(Loader *l, const void *row, const char *key, Str word, const char *const *allowed, size_t n);
/* Codes of one table are unique. */
#define UNIQUE(l, list, n, field)                                                       \
  for (size_t u = 0; u < (n); u++)                                                      \
    for (size_t v = 0; v < u; v++)                                                      \
      if (str_eq((list)[u].field, (list)[v].field)) {                                   \
        check__at((l), &(list)[u], #field, "%.*s 重复了，请改一个", SFMT((list)[u].field));          \
        break;                                                                          \
      }

void check__credit(Loader *l);  /* check_credit.c */
void check__fields(Loader *l);
void check__answers(Loader *l); /* answers.c */
void check__surveys(Loader *l); /* check_surveys.c */
void check__sayings(Loader *l); /* check_surveys.c */
void check__blueprint(Loader *l); /* check_blueprint.c */
void check__spgl(Loader *l);    /* check_spgl.c */
void check__notices(Loader *l); /* check_notices.c */
void check__gazette(Loader *l); /* gazette.c */
void check__ledgers(Loader *l); /* check_ledgers.c */
/* check_reform.c */
void check__reform(Loader *l);
void check__evaluation(Loader *l);

#endif
