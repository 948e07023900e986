/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sorted.h: any number of records in the order of their keys, in bounded memory: what does not fit goes to a file as a sorted run, and at the
 * end the runs are read side by side. Of records of one key the first that came is given, the others are not.
 */
#ifndef SORTED_H
#define SORTED_H

#include "journal/journal_int.h"

typedef struct Sorted Sorted;
/* path: of the file that runs go to, made and unlinked when the first does; most: bytes in memory, 0 for the usual. */
Sorted *sorted__open(Str path, size_t most);
void sorted__close(Sorted *s);
/* Room for a key and a record of at most so many bytes; sorted__put then says how many they are, and where the record is. */
Code sorted__room(Cx *cx, Sorted *s, size_t key_most, size_t record_most, uint8_t **key, uint8_t **record);
void sorted__put(Sorted *s, const uint8_t *record, size_t key_n, size_t record_n);
/* Nothing is put any more: what is there is sorted. Else the first sorted__next does it. */
Code sorted__end(Cx *cx, Sorted *s);
/* The next; NULL: none. */
Code sorted__next(Cx *cx, Sorted *s, const uint8_t **record, size_t *len);

#endif
