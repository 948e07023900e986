/* SPDX-License-Identifier: Apache-2.0 */
/* city: a store with the accounts of a city hall, for the tests of org. */
#ifndef CITY_H
#define CITY_H
#include "org/org.h"
#include "org/access.h"
#include "org/portfolio.h"
#include "test.h"

#define USCC "91211400MA0XYW122L"
#define GOOD_PASSWORD "Huludao-2019!"

typedef struct City {
  Arena *mem;
  Str dir, files;      /* the text that names the store; its directory */
  int base;            /* see place.h */
  Engine engine, portfolio, access;
  const Engine *engines[3];
  StoreOptions o;
  Runner *runner;
  int keys;
  const char *unit;    /* of whoever acts; NULL: none */
} City;

void city_open(City *c, Cx *cx); /* empty: no account at all */
void city_reopen(City *c, Cx *cx);
void city_drop(City *c);
/* Sends a command as `actor` with `roles`; args is JSON. The fault stays in cx for the test to look at and is
 * cleared before the next call. */
Code city_send(City *c, Cx *cx, const char *actor, uint32_t roles, const char *name, const char *id, const char *args);
Code city_stream(City *c, Cx *cx, const char *actor, uint32_t roles, const char *name, const char *stream, const char *args);
Code city_add(City *c, Cx *cx, const char *id, const char *roles, const char *unit); /* by the command line */
/* Sets a password as `actor`; the hash goes into the vault. */
Code city_password(City *c, Cx *cx, const char *actor, uint32_t roles, const char *id, const char *password);
/* As login does: is this the password of the account? */
bool city_login(City *c, Cx *cx, const char *id, const char *password);
const User *city_user(City *c, Cx *cx, const char *id); /* NULL when missing or disabled; a copy of the fields */
#endif
