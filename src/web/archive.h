/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive 归档: all of one case as files, D60-4.15-p2 统一归档, to be read without this program and checked without trusting it.
 *
 *   index.html, index.csv       each file with what it is, stage and version, who made it, who handled it, when, size, hashes
 *   submissions/stage-1/v1/     what was handed in, as it was then: form.html, form.json and the files. A correction is v2:
 *                               what it replaced stays in v1
 *   documents/                  receipts, notices and decisions 文书 as PDF
 *   certificates/               as PDF
 *   opinions.html, acts.html    opinions with their signatures; every act in order
 *   receipts/                   凭证 of each act that a signed head covers: event, way, head; check: yichuang-verify keys.pub FILE …
 *   keys.pub                    with which the heads were signed
 *   SHA256SUMS, SM3SUMS         of all files but these two: sha256sum -c SHA256SUMS
 *
 * Personal data is not in it: events name references only. PDF is as cairo makes it, no PDF/A. Two steps, because drawing takes
 * tens of milliseconds a document: planning reads the case, filling may run on another thread.
 */
#ifndef ARCHIVE_H
#define ARCHIVE_H

#include "paper/paper.h"
#include "web/page.h"

typedef struct ArchiveFile {
  Str path, kind, title;  /* kind: 申请表, 材料, 文书, 证件, 意见, 凭证 … */
  int stage, version;     /* 0: of none */
  Str by, handler, unit;  /* who made it; who handled it 经办人 */
  int64_t at, seq;        /* of the event; 0: of none */
  Str content, blob;      /* where its bytes come from: one of these four */
  const Paper *paper;
  const Event *receipt;
  int64_t size;           /* once it is filled; −1: there is none, a receipt that no head covers yet */
  Str sha256, sm3;        /* hex */
} ArchiveFile;

typedef struct Archive {
  Arena *mem;             /* all of it lives here */
  Str store, number, name;
  const Sealer *sealer;   /* of App; NULL: documents are not signed */
  int64_t now;
  ArchiveFile *files;
  size_t count, cap, uncovered; /* uncovered: acts without a receipt so far */
  int64_t blobs;          /* bytes of what was handed in */
} Archive;

/* Reads the case into *out; cx->mem is the archive's own memory. rq: app, reader and clock; nothing of its memory is kept. */
Code archive_plan(Cx *cx, Request *rq, const Project *pr, Archive *out);
typedef Code ArchiveSink(Cx *cx, void *arg, const ArchiveFile *f, Str content);
enum { ARCHIVE_LISTS = 4 }; /* index.html, index.csv and the lists of hashes come besides */
/* Makes each file and gives it to the sink, then the index and the lists of hashes. */
Code archive_fill(Cx *cx, Archive *a, ArchiveSink *sink, void *arg);
/* Into a new directory, which appears when it is whole. CONFLICT when it is there. */
Code archive_write(Cx *cx, Archive *a, Str dir);
/* Compares a directory with its lists: *wrong gets a sentence for each file that is missing, changed, or not listed. */
Code archive_check(Cx *cx, Str dir, int64_t *files, Json **wrong);

/* page_docs.c, page_cert.c: the paper of a document and of a certificate; in own->mem, with copies of all texts. */
Code doc_paper(Cx *own, Request *rq, const Project *pr, int64_t seq, Event *e, Paper *out);
Code cert_paper(Cx *own, Request *rq, const Project *pr, const Cert *c, Event *issued, Paper *out);

#endif
