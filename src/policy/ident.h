/* SPDX-License-Identifier: Apache-2.0 */
/* ident: numbers by which people, enterprises and projects are known; the rules are those of their standards, without a package. */
#ifndef POLICY_IDENT_H
#define POLICY_IDENT_H

#include "base/base.h"

bool uscc_valid(Str s);  /* 统一社会信用代码 GB 32100-2015, both check digits */
char ident_plain(char c); /* of letters read for digits the digit, O 0, I and L 1 */
bool idno_valid(Str s);  /* 公民身份号码 GB 11643-1999, check digit and date */
bool phone_valid(Str s); /* mobile, or landline with area code */
bool email_valid(Str s); /* name@host.domain in ASCII, at most 120 characters */
typedef enum ProjectCodeForm { PROJECT_CODE_BAD, PROJECT_CODE_OLD, PROJECT_CODE_NEW } ProjectCodeForm;
/* 项目代码 GB/T 40058-2021. Old: 2019-211402-47-03-012345 (year-region-industry-type-serial); new: 2304-211403-04-01-135254
 * (YYMM-region-department-type-serial with its check digit, whose algorithm is not public: only the form is checked). */
ProjectCodeForm project_code_form(Str s);
Str project_code_fault(Arena *mem, Str s); /* what is wrong with it, in words; empty: nothing */

#endif
