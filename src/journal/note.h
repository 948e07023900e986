/* SPDX-License-Identifier: Apache-2.0 */
/* note: what the files about proofs share. */
#ifndef NOTE_H
#define NOTE_H

#include "journal/journal_int.h"
#include "journal/proof.h"

bool note__name_fits(Str name);
bool note__sign(const NoteKey *k, Str text, uint8_t out[64]);
bool note__signed(const NoteKey *k, Str text, const uint8_t sig[64]);

/* The cut before the signatures: body with its last line feed, and the lines behind the empty one. */
bool note__cut(Str note, Str *body, Str *signatures);
/* One line off the front; false when no line feed ends it. */
bool note__line(Str *rest, Str *line);

/* log.c: the file proof/tree */
enum { UNIT_LEVEL = 8, UNIT = 1 << UNIT_LEVEL };
/* The first `units` units of 256 leaves are taken from the file, when it is long enough; else none. */
int64_t log__trust(Log *log, int64_t units);
/* Writes the unit and every larger subtree that ends with it. Units come in order. */
Code log__unit_put(Cx *cx, Log *log, int fd, int64_t unit, Hash h);
Db *log__journal(Log *log);

#endif
