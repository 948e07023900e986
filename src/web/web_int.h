/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web_int: what the files of room web share among themselves. Nobody outside includes it; the C made from
 * templates and assets does.
 *
 * From the outside in: loop.c moves bytes (libevent), http.c frames messages (llhttp and our own check of
 * the head), exchange.c takes one request through its stations, router.c finds the row, reply.c writes.
 */
#ifndef WEB_INT_H
#define WEB_INT_H

#include "web/web.h"

/* ---- templates at run time (tmpl.c); called by generated code -------------------------------------- */

typedef struct TmplEntry {
  const char *name;
  TmplFn *fn;
} TmplEntry;
extern const TmplEntry tmpl_table[]; /* generated; ended by a NULL name */

void html_push(Html *h, const Json *scope); /* at most 16 deep; the compiler keeps below that */
void html_pop(Html *h);
const Json *html_this(const Html *h);
const Json *html_get(const Html *h, Str dotted); /* NULL when no scope knows it */
bool html_true(const Json *v);                   /* not null, false, 0, "", [] or {} */
bool html_is(const Json *v, Str literal);
const Json *html_first(const Json *v);           /* first child, NULL for anything else */
void html_value(Html *h, const Json *v);         /* escaped; lists and objects print nothing */
void html_url_value(Html *h, const Json *v);
void html_url_part(Html *h, const Json *v);      /* percent-encoded; unreserved characters stay */
void html_tr(Html *h, Str zh);
void html_tr_fill(Html *h, Str zh);              /* {name} is replaced by its escaped value */
void html_asset(Html *h, Str name);              /* "/a/s.1f2e3d4c5b6a.css" */
Str url_encode(Arena *mem, Str s);               /* one part of an address */

/* ---- assets (assets.c) ------------------------------------------------------------------------------ */

typedef struct Asset {
  const char *name, *type, *hash; /* "s.css"; type "" = never served */
  const unsigned char *data;
  size_t size;
} Asset;
extern const Asset asset_table[]; /* generated; ended by a NULL name */
const Asset *asset_find(Str name);              /* NULL when there is none */
const Asset *asset_served(Str file);            /* by "s.1f2e3d4c5b6a.css"; a wrong hash gives NULL */
Str asset_url(Arena *mem, const Asset *a);

/* ---- translations (i18n.c) -------------------------------------------------------------------------- */

/* Looks up msgid in the bytes of a GNU .mo file. Damaged files give nothing; never reads outside mo. */
bool mo_find(Str mo, Str msgid, Str *text);
