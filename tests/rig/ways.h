/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ways: one representative act of each declared command, and the way to where it is done. The table is the list of
 * what the rig covers; a command without a row is a failure of the rig.
 */
#ifndef WAYS_H
#define WAYS_H
#include "../unit/approval/world.h"

typedef struct Way {
  const char *command;
  const char *who;           /* as in world.h; "ap", "uh": of the unit of the first item; NULL: a command on accounts */
  void (*before)(World *w);  /* brings the world, and the store beside it when there is one, to where it can be done */
  void (*args)(World *w, Json *a); /* what world_fill does not know; may be NULL */
  const char *stream, *json; /* an act that is told whole: its arguments with ' for "; json NULL: the world fills it in */
  const char *via;           /* the act is another command, which this one follows in the same transaction; may be NULL */
  const char *erases;        /* a value that the act takes out of the vault; may be NULL */
} Way;
extern const Way ways_early[]; /* the second half: before the case and beside it */
extern const size_t way_early_count;
extern const Way ways_super[]; /* supervision */
extern const size_t way_super_count;
extern const Way ways_joint[]; /* the joint review of drawings */
extern const size_t way_joint_count;
extern const Way ways_exchange[]; /* data exchange */
extern const size_t way_exchange_count;
extern const Way ways_inspect[]; /* spot checks by lot */
extern const size_t way_inspect_count;
#define WAY_TOLD(c, w, b, s, j) {.command = (c), .who = (w), .before = (b), .stream = (s), .json = (j)}
#define WAY_AFTER(c, v, w, b, a) {.command = (c), .via = (v), .who = (w), .before = (b), .args = (a)}
/* An act of one of the people of ways_early.c on the way there, only where there is a store; the key is of what is said. */
void way_say(World *w, const char *who, const char *command, const char *stream, const char *json);
void way_project(World *w, const char *who); /* registers one, in the world and in the store */
extern const Way ways_ledger[]; /* ledgers and monthly reports */
extern const size_t way_ledger_count;
extern const Way ways_finish[]; /* the end of construction */
extern const size_t way_finish_count;
extern const Way ways_publish[]; /* disclosure */
extern const size_t way_publish_count;
void way_accounts(World *w); /* the people that an enterprise and an agent need */
size_t way_count(void);
const Way *way_at(size_t i);
const Way *way_of(Str command);
Command way_told(World *w, const Way *way, const Json *more); /* more: arguments that `json` does not have */
extern const size_t program_engines; /* how many the program has */

/* Does the act in memory and tells it as the runner takes it, under the key of this way. A fault in cx when it is not legal. */
Code way_act(Cx *cx, World *w, const Way *way, Command *out);

#endif
