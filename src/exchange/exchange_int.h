/* SPDX-License-Identifier: Apache-2.0 */
/* exchange_int: what the files of room exchange share. */
#ifndef EXCHANGE_INT_H
#define EXCHANGE_INT_H

#include "exchange/exchange.h"
#include "org/kit.h"
#include "org/org.h"

#define CLAUSE_EXCHANGE "D60-3-p2"

/* rows.c: a row of the table for this kind of row from named values, with what is wrong with its columns. NULL: the package has no such table. */
SpglRow *row__add(Arena *mem, const Policy *p, SpglRows *out, const char *per, Str key, const Json *values);
void row__fault(Arena *mem, SpglRow *r, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void flow__values(Arena *mem, const Policy *p, const Category *c, Json *v);
Str value__text(Arena *mem, const Json *v);      /* as typed: true, 12, 文字 */
Str time__text(Arena *mem, int64_t ms);          /* 2019-09-02 09:12:00 */
/* check.c */
void check__catalogue(Arena *mem, const Policy *p, SpglRows *rows);
void check__case(Arena *mem, const Policies *versions, const Policy *p, const Project *pr, SpglRows *rows);
SpglRow *row__find(const SpglRows *rows, const char *per, Str key); /* NULL */

/* outbox.c, outbox_fold.c */
enum { PART_COMMANDS = 4, LINK_COMMANDS = 4 };
extern const CommandDecl part__commands[PART_COMMANDS];
extern const CommandDecl link__commands[LINK_COMMANDS];
extern const char part__schema[], link__schema[];
Code part__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
Code link__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
Code link__facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts);
RowStatus row__status(Str text);
/* The version of a key that the other side has, or that waits for it; NULL: none. And the one that is held here. */
Version *part__live(const Part *s, Str table, Str key);
Version *part__held(const Part *s, Str table, Str key);
Version *part__lsh(const Part *s, Str lsh);
/* A line of the log 推送日志. */
Code log__put(Cx *cx, Db *views, const Event *e, const PushLine *line);

#endif
