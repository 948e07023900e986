/* SPDX-License-Identifier: Apache-2.0 */
/* engines.c: how many engines the program has: one that the rig does not know is a failure of the rig. */
#include "main/main_int.h"

extern const size_t program_engines;
const size_t program_engines = COUNT(((World *)0)->engines);
