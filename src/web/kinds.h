/* SPDX-License-Identifier: Apache-2.0 */
/* kinds: what events and records are called in Chinese, for whoever reads the journal itself (page_audit.c). */
#ifndef KINDS_H
#define KINDS_H

#include "base/base.h"

Str kind_label(Str kind);                  /* "stage.accepted" → 受理; the kind itself when it is not known */
Str record_label(Arena *mem, Str stream);  /* "project/12" → its number, "user/wang" → 账号 wang; else the stream itself */

#endif
