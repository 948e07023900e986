/* SPDX-License-Identifier: Apache-2.0 */
/* city: a real store with all engines and a dozen projects in it, for tests of what is projected and replayed. */
#ifndef CITY_H
#define CITY_H

#include "world.h"

enum { PROJECTS = 12 };

typedef struct City {
  Arena *mem;
  Str dir, files;      /* the text that names the store; its directory */
  int base;            /* see place.h */
  Policy policy;           /* with a registry of its own */
  const Policy *list[1];
  Policies policies;       /* with a registry of staged packages */
  Engine org, approval, calendar, publish, personal;
  Engine supplies; /* the tables of the room finish that looking asks */
  const Engine *engines[6];
  StoreOptions store;
  Runner *runner;
  Str blob, corrected;                /* a stored file, handed in everywhere */
  World worlds[PROJECTS];
} City;

void city_make(Cx *cx, City *c, Arena *mem, const Policy *p);
/* As a process that has just been started: it knows the package and nothing that was confirmed. */
void city_begin(City *c, const Policy *p);
void city_end(City *c);
void city_drop(City *c);                  /* and the directory */
/* A world beside the store: each command goes to both. */
void city_world(City *c, World *w, int64_t no);
void city_worlds(City *c, Arena *mem);    /* all of them, registered, in every category */
/* The journal holds; a process that knows nothing makes the same rows, by replay and by rebuilding. */
void city_proves_itself(Test *t, Cx *cx, City *c, const Policy *p);

#endif
