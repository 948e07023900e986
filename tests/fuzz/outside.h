/* SPDX-License-Identifier: Apache-2.0 */
/* outside: the verifier for outsiders as a function, for the target that holds it against the product's own. */
#ifndef OUTSIDE_H
#define OUTSIDE_H
#include <stdbool.h>
#include <stddef.h>
typedef struct OutsideText { const char *ptr; size_t len; } OutsideText;
/* NULL when it accepts; *held is then the file itself (what the texts of QR codes hold). Otherwise its reason. */
const char *outside_check(OutsideText keys, OutsideText file, OutsideText *held);
#endif
