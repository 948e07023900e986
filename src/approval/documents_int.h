/* SPDX-License-Identifier: Apache-2.0 */
/* documents_int: the table of documents 文书, and what its two files share. */
#ifndef DOCUMENTS_INT_H
#define DOCUMENTS_INT_H

#include "approval/approval_int.h"

typedef enum DocList { LIST_NONE, LIST_FILES, LIST_MISSING, LIST_REASONS, LIST_SERVED } DocList;
typedef enum DocFrom { FROM_WINDOW, FROM_LEAD, FROM_UNIT } DocFrom; /* the window, the stage's lead unit, the item's unit */
typedef struct DocKind {
  const char *event, *flag; /* flag: a member of the body that must be true; NULL: none */
  const char *word, *title, *basis;
  const char *text;       /* paragraphs; {name} is filled in (documents_text.c) */
  const char *heading;
  DocList list;
  DocFrom from;
  bool adverse, serve;
} DocKind;
extern const DocKind document__kinds[];

#endif
