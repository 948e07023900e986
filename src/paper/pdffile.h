/* SPDX-License-Identifier: Apache-2.0 */
/* pdffile: a PDF as cairo and pdfa.c write it: one table of places at the end, objects "N 0 obj … endobj" as text. Nothing else is read. */
#ifndef PDFFILE_H
#define PDFFILE_H

#include "paper/paper.h"

enum { PDF_FILE_MAX = 32 << 20 };
typedef struct Pdf {
  Str bytes;
  size_t xref;            /* where its table begins */
  int64_t size, root, info, page; /* page: the first */
  Str id;                 /* both of /ID; empty: it has none */
} Pdf;
bool pdf__read(Str bytes, Pdf *out); /* false: it is not such a file */
size_t pdf__place(const Pdf *p, int64_t no);  /* of an object; 0: there is none */
Str pdf__object(const Pdf *p, int64_t no);    /* its dictionary, without its outer brackets */

/* pdfa.c: what cairo wrote, as PDF/A-2b (ISO 19005-2): its metadata also as XMP, the meaning of its colours (sRGB), an identifier. One file
 * anew, not an update; the same input gives the same bytes. */
Code pdfa__make(Cx *cx, const Paper *p, Str title, Str pdf, Str *out);

#endif
