/* SPDX-License-Identifier: Apache-2.0 */
/* Where a test makes its store: in its directory, or with TEST_PG=DIR in the PostgreSQL server whose socket is in DIR. */
#ifndef PLACE_H
#define PLACE_H
#include "base/base.h"

bool place_in_pg(void);
/* What names a store whose directory is `dir`; *base is given back when it goes. Databases are made once for a process
 * and emptied for each test; a test may have several stores. */
Str place_make(Cx *cx, Str dir, int *base);
void place_free(int base);
#endif
