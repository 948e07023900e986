/* SPDX-License-Identifier: Apache-2.0 */
/* ledger_int: what the files of room ledger share. */
#ifndef LEDGER_INT_H
#define LEDGER_INT_H

#include "ledger/ledger.h"

#define STAFF (ROLE_APPROVER | ROLE_UNIT_HEAD)
enum { ENTRY_COMMANDS = 9, ENTRY_ROWS_MAX = 2000 };
extern const CommandDecl entry__commands[ENTRY_COMMANDS];

/* The ledger of the package in force; NOT_FOUND. */
Code ledger__kind(Cx *cx, const Ask *ask, Str code, const LedgerKind **out);
Str ledger__unit(const Policy *p, Str code);
/* DENIED but for staff of this unit; head: its head. */
Code ledger__of(Cx *cx, const Ask *ask, const LedgerKind *k, Str unit, bool head);
Code ledger__office(Cx *cx, const Ask *ask, const LedgerKind *k);
Day ledger__day(const Json *body, const char *key); /* 0 when it is none */
/* values of a row: checked against the columns (entry_values.c). */
Code values__check(Cx *cx, const Ask *ask, const LedgerKind *k, const Json *before, const Json *given, Json *clean, bool whole);
/* What follows from the values and the measure by the package of that day, for a body: size, warning, hold, due, plan_due, spans. */
void values__pin(Arena *mem, const Policy *p, const LedgerKind *k, const Json *values, Str measure, Json *body);
Str values__hold(const Policy *p, Str ledger, const Json *values); /* the name of the word that holds; empty: none */
/* Does a change of this column need a reason? */
bool values__weighty(const Policy *p, const LedgerColumn *c);
/* Rows of a county as JSON of a body, and back. */
Json *report__json(Arena *mem, const ReportLine *lines, size_t n);
size_t report__read(Arena *mem, const Json *list, ReportLine **out);
EntryStep *step__add(Arena *mem, EntryStep **list, size_t *count, size_t *cap, const Event *e, size_t prefix, const char *text);

#endif
