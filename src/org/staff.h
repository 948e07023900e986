/* SPDX-License-Identifier: Apache-2.0 */
/*
 * staff: who was seconded to the window 选调, within which number of seats 编制, and who may sign which item 授权 (D60-6.19.2-p1, -p2;
 * S37). Events of the account itself, "user/NAME":
 *
 *   user.second            post fit discipline        head of the window: takes a seat of the package (posts.yaml, seats). More persons than
 *                                                     seats are no refusal but a warning 超编: "over" of the event and of the answer
 *   user.unseat            reason                     head of the window
 *   user.authorise         items[] from until? document  head of the person's own unit; the unit's own items only
 *   user.revoke-authority  item reason                the same; holds from that day on
 *
 * The three conditions of the document: fit 符合岗位要求 is written down when the person is seconded, discipline 接受窗口统一领导 is confirmed
 * then; authorised 授权到位 is seen from the authorisations. Without it a seconded person signs nothing.
 *
 * Who may sign an item: whoever has an authorisation for it that holds on that day. In a unit that has registered none at all the package
 * decides (`authority`: allow, refuse).
 */
#ifndef STAFF_H
#define STAFF_H

#include "org/org.h"

typedef struct Grant {    /* one authorisation: a person, an item, from a day on */
  Str item, document, by;
  Day from, until;        /* until: the last day; n = 0: without end */
  int64_t at, revoked_at; /* ms; 0: not revoked */
  Str reason;             /* of the revocation */
} Grant;
bool grant_live(const Grant *g, Day on);

typedef enum Authority {
  AUTHORITY_UNSET,
  AUTHORITY_LIVE,         /* holds on that day */
  AUTHORITY_NONE,         /* the unit has registered none, for nobody */
  AUTHORITY_MISSING,      /* this person has none for this item */
  AUTHORITY_OVER,         /* had one: *edge is its last day */
  AUTHORITY_LATER,        /* will have one: *edge is its first day */
} Authority;
/* Of an account for an item on a day. Two small questions; none while nobody in the store is authorised for anything. */
Code authority_of(Cx *cx, Db *views, Str account, Str unit, Str item, Day on, Authority *out, Day *edge);
Code seated(Cx *cx, Db *views, Str account, bool *out);
/* "" when such a person may sign, else why not and what to do. `def`: Policy.authority. */
Str authority_refusal(Arena *mem, Authority a, Day edge, bool has_seat, Str def, Str item_name);

/* The same for whoever sends a command that signs: what deciding reads about an item, put into its facts, and the question itself, DENIED at
 * the field "signature". Packages differ by case, so the setting of the package is asked there. */
Code authority_facts(Cx *cx, Db *views, const Command *cmd, Str item, Json *out);
Code authority_check(Cx *cx, const Ask *ask, const Policy *p, Str item_name);

typedef struct SeatRow { Str account, name, unit, post, fit; int64_t since; int64_t grants; } SeatRow; /* grants: authorisations that hold on the day */
Code seats_list(Cx *cx, Db *views, Day on, SeatRow **out, size_t *n); /* by unit, then post, then who came first */
typedef struct Signer { Str account, name, unit; int64_t grants; } Signer;
/* Everybody who may decide items 审批人员, with how many authorisations hold on the day; unit empty: of all. */
Code signers_list(Cx *cx, Db *views, Str unit, Day on, Signer **out, size_t *n);

/* Seats of the window by whom they come from: each unit apart, companies together as 公共接入窗口 (unit empty). In the order of posts.yaml. */
enum { SEAT_GROUPS_MAX = 16 };
typedef struct SeatGroup { Str unit; int seats, taken; } SeatGroup;
size_t seat_groups(const Policy *p, const SeatRow *rows, size_t n, SeatGroup out[SEAT_GROUPS_MAX]);

#endif
