/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world: one project in memory, for tests of the engine. No store: a command is checked against its
 * declaration, asked of decide, and its events are folded, as the runner does it. With a runner beside it, each
 * command that was done is also sent there and must be done there too.
 */
#ifndef WORLD_H
#define WORLD_H
#include "approval/approval.h"
#include "test.h"

enum { VERSIONS_MAX = 4 };

typedef struct World {
  Arena *mem;
  Policies policies;      /* newest first; the world's own array of VERSIONS_MAX */
  const Project *pr;      /* NULL before registration */
  int64_t no;             /* of the project, 1 unless changed before registration */
  const Book *book;       /* NULL before the first notice */
  const Book *published;  /* NULL before the first publication */
  Runner *runner;         /* NULL: in memory only */
  Str blob, corrected;    /* what is handed in, and instead of it when it was refused; no real files unless changed */
  Event *events;
  size_t count, cap;
  size_t fresh;           /* how many the last command added */
  int64_t now;
  int64_t happened;       /* of the next command, when it is entered late; 0 = now */
  Json *beside;           /* what deciding would read from the tables of the room early: "plot", "mandate", "cites" … */
  Json *facts;            /* what the applicant declares that differs from the usual */
  Str category, county;
  Command last;           /* the last command as it was sent, with everything filled in */
  Code code;              /* of it */
  Str detail, field, clause;
} World;

void world_open(World *w, Arena *mem, const Policy *p);
void world_close(World *w);               /* drops the versions of the calendar that were added */
/* The package's calendar as it stood at another time; before anything happens. */
void world_days_were(World *w, const DayChange *changes, size_t n);
void world_register(World *w, Str category, Str county);
/* who: owner, partner (same enterprise), stranger, agent (in the owner's name), mute (an agent who does not say for whom), clerk, head, timer, ap:UNIT, uh:UNIT. Forms, files,
 * slip items and texts that `args` does not give are filled in. */
Code world_do(World *w, Str who, Str command, const Json *args);
/* What the arguments of a command do not give yet, as world_do fills it in. */
void world_fill(World *w, const CommandDecl *d, Json *a);
/* world_do with a stage, an item (may be empty) and one more argument (key may be NULL). */
Code world_step(World *w, const char *who, const char *command, int stage, Str item, const char *key,
                const char *value);
/* Everyone does what is asked of them, until the stage is delivered. */
void world_through(World *w, int stage);
/* The ordinary way to a state; false when it is not on that way. REFUSED: the first item is not passed. */
bool world_upto(World *w, int stage, StageStatus status);
void world_dispatch(World *w, int stage); /* submit, accept, slip, dispatch */
void world_pass(World *w, int stage, Str item);
/* A stage that was just dispatched: all its other items are paused, this one runs for three working days, is taken back, and applied
 * for again after the weekend; then one day more. The stage has used four days. Begins on a Monday. */
void world_run_again(World *w, int stage, Str item);
void world_heard(World *w, int stage); /* every department that was asked and waits says that nothing is missing */
void world_days(World *w, int days);      /* the clock goes on, calendar days */
Json *world_form(World *w, int stage, const Json *override);
/* Folds all events anew, from nothing. */
const Project *world_refold(World *w, Arena *mem);
/* A text of everything in a project that pages and projections read: two states are equal when it is. */
Str world_text(Arena *mem, const Project *pr);
/* What must hold in every state; a fault as a sentence, or empty. */
Str world_fault(World *w);
/* What must hold of every explained clock: rows, reading and provincial figure agree, and each day on which
 * the figures differ has its reason. A fault, or empty. */
Str explain_fault(Arena *mem, const Json *tree);
/* The Huludao package, loaded once. */
const Policy *huludao(Cx *cx);
/* From now on another version of the package holds; the old ones are still known. */
void world_policy(World *w, const Policy *p);
/* A version that can be published. */
void world_known(World *w, const Policy *p);
/* The package in force on a day, by what was published. */
const Policy *world_in_force(World *w, Day day);

#endif
