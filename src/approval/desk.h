/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk: who of a unit has an item in hand 承办, and how it is handed over 交接 (docs/decisions/0090). The duty is the unit's, so
 * this locks nothing: whoever of the unit has the right may act on any item of it. An item is in the hands of the colleague it was
 * last given to, else of who took it (item.taken); of nobody when that account is disabled or no longer of the unit.
 *
 *   stream desk/UNIT
 *   desk.take   items                 I do it 我来办
 *   desk.hand   items to note?        handed to a colleague 交给同事; items [] and all: everything the sender has in hand, or
 *                                     `from` has, which only the head of the unit may say (who fell ill hands nothing over).
 *                                     Not to one who may not sign them 授权: the refusal names the items. The head of the unit may
 *                                     take anything, to give it to somebody else
 *   events      desk.taken, desk.handed {unit, to, to_name, from?, note?, items: [{project, stage, item}], name}
 */
#ifndef DESK_H
#define DESK_H

#include "approval/approval.h"

enum { DESK_MAX = 500 }; /* items in one act */

extern const Engine desk_engine_base; /* env = const Policy *, the package with the units of all others */

/* Who has it now: empty when nobody. `taken`: the name of who took it, as the row of the item has it. */
typedef struct Colleague { Str id, name; bool head; } Colleague; /* head: of the unit, of desk_colleagues only */
Code desk_holder(Cx *cx, Reader *rd, Str unit, int64_t project, int stage, Str item, Str taken, Colleague *out);

/* Colleagues who may have items in hand: those of the unit with a right to act, but for `but`, by name. */
Code desk_colleagues(Cx *cx, Reader *rd, Str unit, Str but, Colleague **out, size_t *n);

/* May this colleague sign the item on that day (org/staff.h)? p: the package that says what holds where nobody is authorised. */
Code desk_may_sign(Cx *cx, Reader *rd, const Policy *p, Str account, Str unit, Str item, Day on, bool *out);

/* "18/1/land-permit", as forms and commands name an item; false: it is none. */
bool desk_item(Str text, int64_t *project, int *stage, Str *item);

#endif
