/* SPDX-License-Identifier: Apache-2.0 */
/*
 * documents: receipts, notices and decisions 文书 as numbered documents. Part of approval.h, which includes it.
 *
 * A document is an event of the case, read as a letter: its number and its day are those of the event and never change. Which events
 * are documents, what they are called, on which article they rest and what they say is one table (documents.c). Nothing is
 * stored for them but how they were delivered 送达: the certificate's own by stage.deliver, every other by document.serve. A decision
 * against the applicant names the remedies 行政复议、行政诉讼 with the time and the body; the bodies are settings of the package.
 */
#ifndef DOCUMENTS_H
#define DOCUMENTS_H

#include "approval/approval.h"

typedef struct Document {
  int64_t seq, at;        /* the event in its stream; ms, when it happened */
  Str title;
  uint8_t kind;           /* a row of the table */
  uint8_t stage;
  Str item;               /* code; empty: of the stage */
  Str receipt;            /* number of the application that it is about */
  int64_t served_at, served_seq; /* 0: not delivered yet; the event that says so */
  bool served_day;        /* entered for an earlier day: no time of day is known */
  Str served_how, served_to;
} Document;

typedef struct DocLine { Str label, text; } DocLine;
typedef struct DocText {  /* a document as it reads; texts live in cx->mem or are borrowed from the project and the package */
  Str title, number;      /* HLD受〔2026〕18-23号: kind, year, number of the project, of the event in it */
  Str addressee;          /* the owner 建设单位 */
  Str paragraphs[6]; size_t paragraph_count;
  DocLine lines[10]; size_t line_count; /* of a 送达回证, as a table */
  Str heading;            /* of the list; empty: none */
  Str *list; size_t list_count;
  Str basis;              /* 《中华人民共和国行政许可法》第三十二条第一款第（五）项 */
  Str remedies[2]; size_t remedy_count;
  bool remedy_sample;     /* the bodies are 示例 */
  bool adverse;
  Str issuer;             /* name of the unit */
  bool seal;              /* with the special seal: what the window issues (D60-4.15-p4) */
  Day day;
} DocText;

const Document *document_find(const Project *pr, int64_t seq); /* NULL: that event is none */
Str document_title(const Document *d);
Str document_number(Arena *mem, const Project *pr, const Document *d);
/* May it be delivered by document.serve? Receipts of hand-in, returns of delivery and what stage.deliver delivers may not. */
bool document_servable(const Document *d);
/* p: of the document's stage, with the calendar of the event. NOT_FOUND when the event is no document. */
Code document_text(Cx *cx, const Policy *p, const Project *pr, const Event *e, DocText *out);
/* The decision 不予行政许可决定书 as it would read if this item were refused now, before anyone signs it: without number. */
Code document_refusal_draft(Cx *cx, const Policy *p, const Project *pr, int stage, Str item, Str opinion, Str article, int64_t now, DocText *out);
typedef struct Remedy { Str text; Day until; } Remedy; /* until: its last day; 0: the delivery is not on record, so nothing runs yet */
enum { REMEDIES_MAX = 2 };
/* The ways 行政复议、行政诉讼 against the last refusal 不予许可 of a stage or 不予受理, also when the application was made again since, as its letter *letter (NULL: none) words them, and until when from its delivery on.
 * None where the package named no bodies when it was decided. */
size_t document_remedies(Arena *mem, const Policy *p, const Project *pr, int stage, const Document **letter, Remedy out[REMEDIES_MAX], bool *sample);
/* May a refusal rest on this text? One of the item's own bases, a clause of the city's documents (its citation or id), or 《…》第…条. */
bool article_allowed(const Policy *p, const Item *item, Str text);
/* Its event. NOT_FOUND. */
Code document_event(Cx *cx, Reader *rd, const Project *pr, int64_t seq, Event *out);

typedef struct LetterRow { /* a document that waits for its delivery, or has it */
  int64_t project, seq, at, served;
  int stage;
  Str title, doc_number, number, project_name, owner;
} LetterRow;
typedef struct LetterFilter {
  Str title;              /* 受理通知书; empty: every kind */
  int64_t from, before;   /* ms: made in [from, before); before 0: no end */
  size_t offset, limit;
} LetterFilter;
typedef struct LetterKind { Str title; int64_t n; } LetterKind;
/* Those that wait, newest first: what was made today is on top. total: all that match. */
Code letters_list(Cx *cx, Reader *rd, const LetterFilter *f, LetterRow **out, size_t *n, int64_t *total);
Code letters_count(Cx *cx, Reader *rd, const LetterFilter *f, int64_t *total);
/* Which kinds wait, and how many of each; at most 40. */
Code letters_kinds(Cx *cx, Reader *rd, LetterKind **out, size_t *n);
/* The first moment (ms) from which on what was made is not late today: delivery has deliver_days (行政许可法第四十四条). */
int64_t letters_late_before(const Policy *p, int64_t now);

#endif
