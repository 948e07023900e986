/* SPDX-License-Identifier: Apache-2.0 */
/* shop: a store in a directory of its own with the engine tally, opened and closed at will. */
#ifndef SHOP_H
#define SHOP_H
#include "journal/journal_int.h"
#include "tally.h"
#include "test.h"

typedef struct Shop {
  Arena *mem;
  Str dir;       /* the text that names the store */
  Str files;     /* its directory */
  int base;      /* -1, or which database of PostgreSQL */
  TallyGate gate;
  TallyEnv env;
  Engine engine;
  const Engine *engines[1];
  StoreOptions o;
  Runner *runner;
} Shop;

bool shop_in_pg(void);                      /* TEST_PG is set: stores are made in PostgreSQL */
void shop_make(Shop *s, Cx *cx, HashSuite suite); /* made, not open */
void shop_start(Shop *s, Cx *cx);                 /* made and open, with tally/1 in it (1 event) */
Code shop_open(Shop *s, Cx *cx);
void shop_close(Shop *s);
void shop_drop(Shop *s); /* closed, and the directory removed */
Str shop_path(const Shop *s, const char *name);

Command shop_command(Cx *cx, const char *name, const char *stream, const char *key, const char *args);
Code shop_do(Shop *s, Cx *cx, const char *name, const char *stream, const char *key, const char *args,
             CommandResult *out);
/* Adds `amount` to tally/1 under a key of its own; the code. The fault is forgotten. */
Code shop_add(Shop *s, Cx *cx, const char *key, int amount);
void shop_gate(Shop *s, Db *db); /* a connection of ours to the views sees what was answered, as a reader does */
int64_t shop_events(Shop *s, Cx *cx);             /* in the whole journal, by a fresh connection */
int64_t shop_total(Shop *s, Cx *cx, const char *stream); /* as the views say, -1 when absent */
/* A script on one of the files by a connection of its own, with the triggers out of the way. */
void shop_tamper(Shop *s, Cx *cx, const char *file, const char *sql);
/* Replaces bytes in the files of the store as a bad disk would; how many places. */
int shop_flip(Shop *s, const char *file, const char *from, const char *to);
int shop_grep(Shop *s, Str needle);               /* files of the store that hold these bytes */
VerifyReport shop_verify(Shop *s, Cx *cx);
int64_t shop_size(Shop *s, const char *file); /* bytes; 0 when it is not there */
/* Files of this process may not grow beyond `bytes`: write() fails with EFBIG as it does with ENOSPC. -1: no limit. */
void shop_limit(int64_t bytes);
#endif
