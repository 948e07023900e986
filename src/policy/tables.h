/* SPDX-License-Identifier: Apache-2.0 */
/* tables: how the rows of a package's files are described, for tables.c and tables_ledgers.c. */
#ifndef POLICY_TABLES_H
#define POLICY_TABLES_H

#include "policy/policy_int.h"

#define TABLE_INFO(title, cells, type, key, name, rows, counter)                                              \
  {title, cells, COUNT(cells), sizeof(type), CELL_STR, AT(type, key), AT(type, name), -1, AT(Policy, rows),  \
   AT(Policy, counter), 0}
/* The list under `key`; other keys of the file are mistakes. */
#define TABLE(l, root, key, cells, type, target, counter)                                             \
  do {                                                                                                \
    size_t table_n = 0;                                                                               \
    const type *table_rows = rows_read((l), node_get((root), key), cells, COUNT(cells), sizeof(type), &table_n); \
    (l)->p->target = table_rows;                                                                      \
    (l)->p->counter = table_n;                                                                        \
  } while (0)

bool policy__ledgers(Loader *l, const Node *root); /* tables_ledgers.c: NULL is fine */

#endif
