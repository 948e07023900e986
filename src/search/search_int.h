/* SPDX-License-Identifier: Apache-2.0 */
/*
 * search_int: what the files of room search share. From below: tokens.c (text to tokens), index.c (the file; speaks to
 * SQLite), gather.c and cases.c (what becomes a document), follow.c (keeps up with package and journal), pinyin.c, words.c
 * (the vocabulary of a package), english.c, place.c, understand.c, asked.c (plain questions).
 */
#ifndef SEARCH_INT_H
#define SEARCH_INT_H

#include "search/search.h"
#include "approval/approval.h"

#include <pthread.h>
#include <stdatomic.h>

enum { SEARCH_WHO_FIRST = 0xF0000, SEARCH_WHO_SECOND = 0x100000 };
#define SEARCH_ALL S("all") /* for everybody */

/* ---- tokens.c ---------------------------------------------------------------------------------------- */

typedef int SearchToken(void *arg, bool same_place, Str token); /* not 0 ends it */
int search__tokens(Str folded, bool query, SearchToken *take, void *arg);
Str search__who_mark(Arena *mem, int64_t n);

/* ---- index.c ------------------------------------------------------------------------------------------- */

typedef struct SearchDoc {
  SearchKind kind;
  Str key, title, text;   /* as written: the index folds */
  const Str *who; size_t who_count;
} SearchDoc;

typedef struct Index Index; /* one connection; not for two threads at once */
Code index__open(Cx *cx, Str path, bool writes, Index **out); /* writes: made anew when it is of another version */
void index__close(Index *x);
Code index__begin(Cx *cx, Index *x);
Code index__end(Cx *cx, Index *x, Code so_far); /* commits when it is OK, else takes back; gives it back */
/* The documents of a group ("package", "project/18") are replaced as a whole. */
Code index__replace(Cx *cx, Index *x, Str group, const SearchDoc *docs, size_t n);
Code index__find(Cx *cx, Index *x, const SearchAsk *ask, SearchHit *out, size_t *n, int64_t *total);
Code index__get(Cx *cx, Index *x, Str name, Str *value); /* empty when there is none */
Code index__set(Cx *cx, Index *x, Str name, Str value);
Code index__clear(Cx *cx, Index *x); /* everything but its version */
/* Up to which event of a stream its documents are in; 0: not at all. */
Code index__seq(Cx *cx, Index *x, Str stream, int64_t *seq);
Code index__seq_set(Cx *cx, Index *x, Str stream, int64_t seq);
Code index__settle(Cx *cx, Index *x); /* one segment: after much was written */
void index__rest(Index *x); /* pages kept for the next question go */
Code index__checkpoint(Cx *cx, Index *x); /* what was committed comes from the log into the file, with fsync */

/* ---- what becomes a document (gather.c, cases.c) -------------------------------------------------------- */

typedef struct DocList { SearchDoc *list; size_t count, cap; } DocList;
SearchDoc *doc__add(Arena *mem, DocList *l, SearchKind kind, Str key, Str title);
void gather__package(Arena *mem, const Policy *p, DocList *out);
typedef struct FixedPage { const char *key, *title, *also, *path; } FixedPage;
extern const FixedPage search__pages[]; /* ended by a NULL key */
/* The documents of one stream, as of its event *seq; an empty list for a stream that has none. */
Code cases__of(Cx *cx, Reader *rd, const Policy *p, Str stream, DocList *out, int64_t *seq);

/* ---- pinyin.c ------------------------------------------------------------------------------------------- */

enum { READINGS_MAX = 3 };
/* How a character is read, without tones, ü as u; the usual reading first. None for what is no Chinese character we know. */
size_t pinyin__readings(uint32_t c, Str out[READINGS_MAX]);
/* Letters as they are typed (small, ü or v as u) against a folded text, from its character `from` (a byte offset): each character
 * by its first letter or by its whole syllable. PIN_WHOLE: they are the rest of the text; PIN_PART: they end inside it. */
typedef enum Pin { PIN_NONE, PIN_PART, PIN_WHOLE } Pin;
Pin pinyin__match(Str typed, Str text, size_t from);
Str pinyin__of(Arena *mem, Str text); /* usual readings, other characters as they are */

/* ---- words.c --------------------------------------------------------------------------------------------- */

typedef struct Term {
  Str text, folded, sound; /* sound: pinyin__of */
  Str to;                  /* folded name it stands for; empty: it is that name */
  Str shown;               /* `to` as it is written */
  Str key;                 /* what it is: stage/3, unit/water; of another name that of `to` */
  SearchKind kind;
} Term;
/* A county, a park: how it is called, and how its name stands in what there is to find. */
typedef struct Where { Str folded, shown, unit; SearchWord word; } Where;
typedef struct Words { Term *list; size_t count; Where *places; size_t place_count; } Words; /* never changes once made */
Words *words__of(Arena *mem, const Policy *p, SearchEnglish *english); /* english may be NULL */
const Term *words__find(const Words *w, Str folded);
bool words__near(Str a, Str b); /* at most one character more, less, other or two neighbours in the other order */

/* ---- english.c ------------------------------------------------------------------------------------------------ */

bool english__is(Str folded); /* letters, digits and spaces, and at least one letter */
/* The name that has the words of a question, whatever their order, case and number; `loose`: some of its words are enough. NULL: none. */
const Term *english__find(Arena *mem, const Words *w, Str folded, bool loose);

/* ---- understand.c ----------------------------------------------------------------------------------------------- */

Str search__left(Arena *mem, Str folded); /* without the words with which people ask */
const Term *search__by_error(Arena *mem, const Words *w, Str folded);
const Term *search__by_sound(Arena *mem, const Words *w, Str folded);
const Term *search__inside(const Words *w, Str folded); /* the longest name that stands in it */

/* ---- place.c: where ------------------------------------------------------------------------------------- */

void places__of(Arena *mem, const Policy *p, Words *w);
/* The longest name of a place in it, and what is left without it. NULL: no place, or nothing else is asked. */
const Where *place__in(Arena *mem, const Words *w, Str folded, Str *left);

/* ---- misses.c: what was not found ------------------------------------------------------------------------- */

typedef struct Misses Misses;
Misses *misses__open(Cx *cx, Str dir);                        /* NULL: no memory */
Code misses__save(Cx *cx, Misses *m, int keep);               /* writes what is new, and forgets what is older than `keep` days */
void misses__close(Cx *cx, Misses *m, int keep);              /* saves first; NULL is fine */

struct Search {
  Misses *misses;
  Arena *mem;               /* lives as long as the search: vocabularies too, one for each package that was in force */
  Str path;
  pthread_mutex_t write_lock, read_lock, words_lock, wake_lock;
  Index *writer, *reader, *keeper; /* under write_lock, under read_lock, of the thread */
  SearchEnglish *english;
  Words *words; Str words_of; /* hash of the package */
  const Policies *policies;
  Reader *rd;               /* of the thread */
  pthread_t thread;
  pthread_cond_t wake;
  bool watching, stop;
  atomic_bool catching_up, used; /* used: since the thread last looked, something was put in or looked for */
  bool fits;                /* the journal was compared with the position; under write_lock */
};
const Words *search__words(Search *s); /* NULL before the first package */

#endif
