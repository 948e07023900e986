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

#include <stdatomic.h>

/* ---- templates at run time (tmpl.c); called by generated code -------------------------------------- */

typedef struct TmplEntry {
  const char *name;
  TmplFn *fn;
  bool translated; /* else a page in another language is Chinese in its frame, and says so */
} TmplEntry;
extern const TmplEntry tmpl_table[]; /* generated; ended by a NULL name */

void html_push(Html *h, const Json *scope); /* at most 16 deep; the compiler keeps below that */
void html_pop(Html *h);
const Json *html_this(const Html *h);
const Json *html_get(Html *h, Str dotted);       /* NULL when no scope knows it */
const Json *html_name(Html *h, Str name);        /* the same for a name without dots */
bool html_true(const Json *v);                   /* not null, false, 0, "", [] or {} */
bool html_is(const Json *v, Str literal);
const Json *html_first(const Json *v);           /* first child, NULL for anything else */
void html_value(Html *h, const Json *v);         /* escaped; lists and objects print nothing */
void html_url_value(Html *h, const Json *v);
void html_url_part(Html *h, const Json *v);      /* percent-encoded; unreserved characters stay */
Str html_text_of(const Json *v, char number[24]); /* what html_value would print */
void html_tr(Html *h, Str zh);
void html_tr_fill(Html *h, Str zh);              /* {name} is replaced by its escaped value */
void html_words(Html *h, const Json *v);         /* a value that is our own words: in English when the catalogue knows it */
/* The same three in the text of an element, where what stays Chinese on an English page says so: <span lang="zh-CN">. */
void html_show(Html *h, const Json *v);
void html_tr_show(Html *h, Str zh);
void html_words_show(Html *h, const Json *v);
void html_cite(Html *h, const Json *v);           /* a clause 条款 as offices write it, 葫政办发〔2019〕60号 二、（六）3; its id in English */
void html_cite_id(Html *h, Str id);
void html_asset(Html *h, Str name);              /* "/a/s.1f2e3d4c5b6a.css" */
Str url_encode(Arena *mem, Str s);               /* one part of an address */

/* ---- smaller texts (pack.c) --------------------------------------------------------------------------- */

typedef enum Packing { PACK_NOT, PACK_GZIP, PACK_BROTLI, PACKING__MAX } Packing; /* the last is the smallest */
const char *packing_name(Packing how); /* as HTTP calls it: RFC 9110, 7932 */
Packing packing_of(Str accept_encoding);
Str pack_text(Arena *mem, Packing how, Str in); /* empty when it would not be smaller */

/* ---- assets (assets.c) ------------------------------------------------------------------------------ */

typedef struct Asset {
  const char *name, *type, *hash; /* "s.css"; type "" = never served */
  const unsigned char *data;
  size_t size;
  Str packed[PACKING__MAX]; /* empty when it would not be smaller */
} Asset;
extern const Asset asset_table[]; /* generated; ended by a NULL name */
const Asset *asset_find(Str name);              /* NULL when there is none */
const Asset *asset_served(Str file);            /* by "s.1f2e3d4c5b6a.css"; a wrong hash gives NULL */
Str asset_url(Arena *mem, const Asset *a);

/* ---- translations (i18n.c) -------------------------------------------------------------------------- */

/* Looks up msgid in the bytes of a GNU .mo file. Damaged files give nothing; never reads outside mo. */
bool mo_find(Str mo, Str msgid, Str *text);
enum { MO_HOLES_MAX = 6 };
typedef struct MoHole {
  Str name, value;
} MoHole;
/* The entry with holes that fits a sentence with its values filled in. */
bool mo_match(Str mo, Str zh, Str *text, MoHole holes[MO_HOLES_MAX], size_t *count);
Str mo_english(void);

/* ---- the head of a message (head.c) ----------------------------------------------------------------- */

enum { HEAD_MAX = 16 * 1024, HEADERS_MAX = 100 };

/* Looks at a head byte by byte as it comes, in any pieces: NUL, stray CR or LF, a fold or a blank line at
 * the beginning end it at once with 400, too many bytes or lines with 431. */
typedef struct HeadScan {
  size_t bytes, lines;
  char last;       /* the byte before; 0 at the beginning */
  bool line_empty; /* no byte of this line yet */
} HeadScan;
typedef enum ScanEnd { SCAN_MORE, SCAN_DONE, SCAN_BAD, SCAN_LARGE } ScanEnd;
ScanEnd head_scan(HeadScan *s, Str bytes, size_t *used);

typedef struct Header { Str name, value; } Header; /* name in lower case, value without outer space */

typedef struct Head {
  Str method;              /* as sent */
  Str path, query;         /* path decoded and checked, query as sent */
  Str host;
  Header list[HEADERS_MAX];
  size_t count;
  int minor;               /* HTTP/1.x */
  bool chunked;
  int64_t length;          /* Content-Length, -1 when absent */
  bool expects;            /* Expect: 100-continue */
} Head;
/* raw ends with the blank line. 0 when good, otherwise the status to refuse it with (400, 417, 505) and a
 * reason for the log. 405 and 501 are the router's: see method_status. */
int head_parse(Arena *mem, Str raw, Head *out, const char **why);
Str head_get(const Head *h, Str name); /* empty when absent */
bool head_token(Str list, Str token);  /* is token in the comma-separated list, any case? q=0 excludes */
/* 0 for GET, HEAD, POST; 405 for other known methods and TRACE; 501 for unknown ones. */
int method_status(Str method, Method *out, bool *head_only);

/* ---- framing (http.c; the only file that includes llhttp) ------------------------------------------- */

typedef struct HttpBody HttpBody;
size_t http_size(void);  /* bytes of a HttpBody, for its owner to allocate zeroed */
/* llhttp must read the head as we did: otherwise false, to be refused with 400. */
bool http_begin(HttpBody *b, Str raw, const Head *head);
bool http_done(const HttpBody *b);       /* the message is complete */
bool http_keep_alive(const HttpBody *b);
typedef void HttpSink(void *arg, Str bytes);
/* Takes body bytes up to the end of the message; *used tells how many. False: broken framing. */
bool http_feed(HttpBody *b, Str bytes, HttpSink *sink, void *arg, size_t *used);

/* ---- addresses and forms (urlform.c, multipart.c, filetype.c) --------------------------------------- */

/* Decodes once. False for a bad escape, NUL, control characters, invalid UTF-8, a "%" or "/" or "\\" that
 * was hidden by an escape, and the segments "." and "..". */
bool path_decode(Arena *mem, Str raw, Str *out);
/* a=b&c[]=d: an object of strings; names that end with [] give arrays (brackets stripped), other names
 * may come once. MALFORMED: bad escape, NUL, control characters, invalid UTF-8, more than 1000 fields. */
Code urlform_parse(Cx *cx, Str raw, Json **out);
Code form_put(Cx *cx, Json *form, Str name, Str value); /* one field, by the same rules; NFC */

typedef struct Multipart Multipart;
typedef struct PartSink {
  Code (*begin)(Cx *cx, void *arg, Str name, bool is_file, Str filename);
  Code (*data)(Cx *cx, void *arg, Str bytes);
  Code (*end)(Cx *cx, void *arg);
} PartSink;
/* boundary of a Content-Type; false when it is not multipart/form-data or the boundary is unfit */
bool multipart_boundary(Str content_type, Str *boundary);
Multipart *multipart_open(Arena *mem, Str boundary, PartSink sink, void *arg);
Code multipart_feed(Cx *cx, Multipart *m, Str bytes); /* any pieces; MALFORMED, or what the sink says */
Code multipart_end(Cx *cx, Multipart *m);
Str filename_clean(Arena *mem, Str s); /* no path, no control or bidi characters, NFC, at most 200 bytes */

enum { SNIFF_HEAD = 4096, SNIFF_TAIL = 16384 };
typedef struct Sniff { /* the first and last bytes of a file tell its type */
  char head[SNIFF_HEAD], tail[SNIFF_TAIL];
  size_t head_len, tail_len;
} Sniff;
void sniff_add(Sniff *s, Str bytes);
Str sniff_type(const Sniff *s);          /* pdf ofd jpg png zip xlsx docx dwg dxf txt json bin */
Code file_type(Cx *cx, Str path, Str *type); /* of a stored file */
bool type_fits_name(Str type, Str filename); /* a known extension must agree with the content */
Str type_media(Str type);                /* "application/pdf" */

/* ---- sessions and the tokens of forms (session.c, csrf.c) ------------------------------------------- */

typedef struct Sessions Sessions;
typedef struct Secret { uint8_t b[16]; } Secret;
typedef struct Session { /* a copy of what is kept */
  Str user;
  Secret csrf;
  int64_t created, seen, password_at;
} Session;
Sessions *sessions_open(size_t slots, int64_t idle_ms, int64_t whole_ms);
void sessions_close(Sessions *s);
/* A new session; gives its token (base64url of 32 random bytes), of which only the SHA-256 is kept. When
 * all slots are taken the one that was idle longest ends. */
Str sessions_start(Sessions *s, Arena *mem, Str user, int64_t password_at, int64_t now, Session *out);
bool sessions_find(Sessions *s, Arena *mem, Str token, int64_t now, Session *out); /* and marks it used */
void sessions_end(Sessions *s, Str token);
size_t sessions_count(Sessions *s, int64_t now);

/* The token in a form is masked anew for each page, so that compression does not betray it. */
Str csrf_mask(Arena *mem, Secret secret);
bool csrf_check(Str token, Secret secret);
/* Anonymous forms: the secret comes back in a cookie. */
Str csrf_cookie(Arena *mem, Secret secret);
bool csrf_from_cookie(Str value, Secret *out);
Str cookie_get(Str header, Str name); /* empty when absent */
/* Is this POST from our own pages? Sec-Fetch-Site and Origin, when sent, must say so. */
bool origin_is_own(const Head *h);

typedef struct Prefs { Str theme, size, lang; } Prefs; /* "", "dark", "light"; "", "large"; "zh", "en" */
Prefs prefs_parse(Str cookie);            /* "dark.large.en"; anything else gives the defaults */
Str prefs_text(Arena *mem, Prefs p);
bool next_is_local(Str path);             /* may a login lead there? */

/* ---- routes (router.c) ------------------------------------------------------------------------------ */

typedef struct Routes {
  const Route **list;
  size_t count;
  uint16_t *first, *next; /* by the literals a path begins with: 1 + index in list, 0 ends */
} Routes;
/* All tables in one. INVALID names the row: no permission, no help, no handler, a pattern twice. */
Code routes_open(Cx *cx, const Route *const *tables, Routes **out);
/* The row for a path; params as in Request. *methods: bits (1 << GET, 1 << POST) of the rows that fit the
 * path, for 405. */
const Route *routes_match(const Routes *r, Method m, Str path, Str params[4], uint32_t *methods);
size_t route_param_count(const Route *r);

/* ---- links (doors.c) ------------------------------------------------------------------------------------ */

/* The page as these roles may use it: a link to a row that none of them may open loses its link, and goes altogether
 * where it is a button (class btn) or the way back. With `prefix` ("/en") the links and forms to our own pages begin with it.
 * Nobody who is not logged in loses a link: it leads to the login. */
typedef struct Doors {
  const Routes *routes;
  uint32_t roles;  /* 0: all links stay */
  Str prefix;
} Doors;
void doors_write(Buf *out, const Doors *d, Str html);

/* ---- workers (pool.c) ------------------------------------------------------------------------------- */

typedef struct Pool Pool;
typedef void PoolRun(void *arg);
Pool *pool_open(int threads, size_t max);
bool pool_add(Pool *p, PoolRun *run, void *arg); /* false when `max` are waiting */
void pool_close(Pool *p);                        /* finishes what is queued */

/* ---- readers of workers (lend.c) ---------------------------------------------------------------------- */

/* A reader for the time of one job, on any thread: reader_begin has been called. loan_end gives it back. */
typedef struct Lender Lender;
typedef struct Loan {
  Lender *from;
  Reader *rd;
} Loan;
Lender *lender_open(Arena *mem);
void lender_close(Lender *l); /* all have come back */
void lender_rest(Lender *l);  /* those that nobody has: reader_rest */
Code loan_take(Cx *cx, struct Web *w, Loan *out);
void loan_end(Loan *loan);

/* ---- one request (exchange.c, body.c, reply.c, shell.c, refuse.c) ----------------------------------- */

/* ---- whose address (proxy.c) ---------------------------------------------------------------------------- */

/* Is `address` one of the peers listed in `proxies`, separated by ','? */
bool proxy_is(Str proxies, Str address);
/* The last address of an X-Forwarded-For that is not a listed proxy's; `peer` when there is none or it is no address. What
 * stands before it anybody may have written. */
Str proxy_client(Arena *mem, Str proxies, Str peer, Str forwarded_for);

/* ---- what is counted (meters.c) ------------------------------------------------------------------------- */

typedef enum MeterClass { METER_PAGE, METER_FORM, METER_API, METER_ASSET, METER_WATCH, METER_NONE, METER__MAX } MeterClass;
enum { METER_BUCKETS = 13, METER_STATUS = 600 };
typedef struct Meters {
  _Atomic int64_t count[METER__MAX][METER_STATUS], bucket[METER__MAX][METER_BUCKETS + 1], sum_us[METER__MAX];
  _Atomic int64_t connections, live, turned_away; /* open now; of them those that hear news; refused because there were too many */
} Meters;
struct Exchange;
void meters_take(Meters *m, const struct Exchange *x, int64_t us); /* a reply that is finished, and how long it took */
void meters_write(const Meters *m, Buf *out);                      /* as Prometheus reads it */

typedef struct Web {      /* what all requests share */
  App *app;
  Routes *routes;
  Sessions *sessions;
  Pool *pools[JOB_LONG + 1]; /* by JobKind */
  const Json *openapi, *permissions;
  Arena *mem;
  Meters *meters;
  Lender *lender;
  int64_t began;          /* ms, the real clock */
  atomic_bool stopping;   /* no new work: /healthz says so */
  atomic_bool inquiry_busy; /* the same of asking a platform about a project */
  atomic_bool proof_busy;  /* one proof of the journal at a time */
  atomic_bool whatif_busy; /* one run at a time: it keeps a worker from hashing passwords */
} Web;
Code web_open(Cx *cx, App *app, const Route *const *tables, Web **out);
void web_close(Web *w);

typedef struct Out {      /* a reply, ready to be sent */
  Str head, body;         /* head ends with the blank line */
  Str file;               /* path of a stored file that follows the head */
  Str live;               /* the connection stays: the topic it hears of, */
  int64_t live_from;      /* and from which position */
  int64_t file_size;
  bool close;
} Out;

typedef struct Body Body;
typedef struct Exchange Exchange;
typedef void ExchangePost(void *arg, Exchange *x); /* thread-safe: x is to be resumed on its loop */
struct Exchange {
  Arena *mem;
  Cx cx;
  Web *web;
  Head head;
  Request rq;
  Reply rp;
  int64_t date;           /* the real clock, for the Date header */
  Code failed;            /* the body was refused; what else comes is dropped */
  int waiting;            /* for what, while STEP_WAIT */
  bool head_only, keep_alive;
  Packing packing;        /* what the browser takes */
  bool late;              /* it came after the stop: refused */
  bool resume;            /* a POST whose session has ended: its fields are kept */
  bool has_session;
  Session session;
  Str token;              /* of the session cookie */
  Secret csrf;            /* of the session, or of the cookie */
  bool set_csrf_cookie;
  Str done;               /* the command that this form has carried out: the page after it says so, once */
  bool said;              /* this page has said it */
  bool own_form;          /* the token of the form was right */
  uint32_t methods;       /* bits (1 << GET) of the rows that fit the path, for Allow; 0 = any */
  Body *body;
  CommandResult result;
  bool has_result;
  Out out;
  ExchangePost *post;
  void *post_arg;
  void *owner;            /* the connection */
  Exchange *posted_next;  /* in the loop's list of what has come back */
};
typedef enum Step { STEP_MORE, STEP_WAIT, STEP_READY } Step;
/* mem is the exchange's own and holds it; rd belongs to the calling thread. */
Exchange *exchange_open(Arena *mem, Web *web, Reader *rd, Str address, int64_t now);
/* Stations up to the body. STEP_MORE: feed the body, then exchange_end; STEP_READY: x->out is final. */
Step exchange_head(Exchange *x, Str raw, HttpBody *http);
Step exchange_body(Exchange *x, Str bytes);
Step exchange_end(Exchange *x);
Step exchange_resume(Exchange *x);      /* after STEP_WAIT, when post has given x back */
const char *exchange_awaits(const Exchange *x); /* meanwhile: whom, for the log */
/* A message that cannot be read: 400, 408, 413, 431 …; the connection is closed behind it. */
Step exchange_refuse(Exchange *x, int status);
void exchange_drop(Exchange *x);        /* unfinished files; not while STEP_WAIT */

/* body.c */
Code body_open(Exchange *x);            /* by Content-Type and route; LIMIT, MALFORMED; status 415 in rp */
Code body_feed(Exchange *x, Str bytes);
Code body_end(Exchange *x, bool *has_files); /* rq.args, csrf and key taken out */
void body_store(Exchange *x);           /* on a worker: makes the files durable */
Code body_stored(Exchange *x);          /* back on the loop: rq.uploads, or READONLY */
void body_drop(Exchange *x);
Str body_csrf(const Exchange *x);
bool key_fits(Str key);                 /* 8 to 80 letters, digits, "-", "_" */

/* api_personal.c: moves the values of `given` into the vault and their references into args; c gets the list. */
Code api_personal(Cx *cx, Request *rq, const Json *given, Json *args, Command *c);

/* page_personal.c: the answer to personal.look, with the value; rq->state: Str of the reference */
void api_looked(Cx *cx, Request *rq, const CommandResult *result, Reply *rp);

/* reply.c, shell.c, refuse.c */
enum { BUSY_SECONDS = 5 }; /* Retry-After of a full queue: a batch of 64 takes milliseconds */
void reply_finish(Exchange *x);                    /* x->rp → x->out */
/* page_cert.c: before a certificate is issued, is there a glyph for all that stands in it? INVALID says which is missing. */
Code certificate_check(Cx *cx, Request *rq, const Command *c);
Code survey_check(Cx *cx, Request *rq, const Command *c); /* the result of a survey is a report by its content */
void marks_view(Arena *mem, Str lang, const Json *given, Json *sh);
Json *shell_view(Exchange *x);                     /* "sh" */
void refuse_code(Exchange *x, Code code);          /* from x->cx */
void refuse_status(Exchange *x, int status);
void refuse_resume(Exchange *x, bool expired);     /* login or resume.html: what was typed is kept */
#define PASSWORD_PAGE "/prefs/password"
Str shell_home(const Web *w, uint32_t roles);      /* where a login leads when nothing else was asked for */
bool shell_has_page(const Web *w, Str path);
Str shell_page_name(Str help); /* what the row of a page calls it, up to the first mark of punctuation */
User *user_copy(Arena *mem, const User *u);        /* states of the journal live only until the next request */
/* {name, value} for each field, with `prefix` before the name; only names that begin with `strip`. */
Json *kept_fields(Arena *mem, const Json *args, Str prefix, Str strip);
const Json *openapi_make(Arena *mem, const Web *w);
const Json *permissions_make(Arena *mem, const Web *w);

#endif
