/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web: connections, sessions, routes, forms, templates, pages and the JSON API.
 *
 * A route is a row: method, path, who may, handler, template, help. The rows are the permission matrix, the
 * API document and the test plan. The order is fixed and nowhere else: match → session → permission → CSRF
 * and origin (every POST) → body → handler → (command → writer → after) → headers → reply.
 *
 * A GET handler builds one view tree; it is rendered by the route's template, or as JSON when the path
 * came with the prefix /api/v1 or the client asks for application/json. So page and API cannot differ. A
 * POST handler fills a Command; the router queues it and calls `after` on the loop again with the result.
 * Nothing here blocks: work that takes long (password hashing) is handed to a worker with `job`.
 */
#ifndef WEB_H
#define WEB_H

#include "base/base.h"
#include "journal/journal.h"
#include "approval/approval.h"
#include "early/early.h"
#include "finish/finish.h"
#include "inspect/inspect.h"
#include "org/org.h"
#include "policy/policy.h"
#include "stats/stats.h"

/* ---- the running application ---------------------------------------------------------------------- */

typedef struct WebOptions {
  Str listen;            /* "127.0.0.1" or "[::1]"; anything else needs `open` */
  int port;              /* 0 = choose; the chosen one is logged */
  bool open;             /* --listen-anywhere was given */
  bool secure_cookies;   /* behind TLS */
  int threads;           /* event loops; 0 = 2 */
  int64_t upload_max;    /* bytes of one file, 0 = 50 MiB */
  int session_idle_s;    /* 0 = 30 min */
  int per_address;       /* connections of one address; 0 = 200 (an office may share one) */
  int header_s, idle_s;  /* seconds for a head, 0 = 10; between requests, 0 = 30 */
  int sockets;           /* listening sockets that were handed over, from first_socket on: then listen, port and open do not matter */
  int first_socket;
  Str proxies;           /* "127.0.0.1,unix": peers whose X-Forwarded-For is believed; empty: nobody's (proxy.c) */
  int64_t (*clock)(void *arg); /* NULL = the real clock; a demonstration store may shift it */
  void *clock_arg;
  const Json *marks;     /* of marks_read; NULL: all 〔待填〕 */
} WebOptions;
/* The marks of the site in the foot of each page (marks.c). INVALID names the line. */
Code marks_read(Cx *cx, Str path, const Json **out);

typedef struct App {     /* what handlers may reach; immutable but for the opaque parts */
  Runner *runner;
  const Policy *policy;  /* of a request: the version in force today, under the calendar in force */
  const Policies *policies; /* all versions; NULL: only that one */
  Str dir;               /* the store */
  bool mail, sms;        /* does this server send them? */
  Str metrics_token;     /* who sends it may read /metrics from elsewhere; empty: only this machine may */
  bool demo;             /* a demonstration store: each page says so */
  Str demo_accounts;     /* shown on the login page of a demonstration store */
  Throttle *throttle;
  const struct Receivers *receivers; /* who rows are exchanged with (exchange.h); NULL: nobody */
  Stats *stats;          /* the image that statistics are taken from; NULL: none */
  struct Search *search; /* the index (search.h) */
  const struct Sealer *_Atomic sealer; /* may be another one from one request to the next; signs documents that are given out (paper.h); NULL: they go out unsigned */
  const struct Checkup *_Atomic checkup; /* how this installation is set up, for /adm/doctor (upkeep.h); NULL: no such page */
  WebOptions options;
} App;

typedef struct Server Server;
/* Listens and starts the loops. INVALID for a non-loopback address without `open`; BUSY when the port is
 * taken. `routes`: arrays ended by a row with path NULL. */
typedef struct Route Route;
Code server_open(Cx *cx, App *app, const Route *const *routes, Server **out);
int server_port(const Server *s);
void server_stop(Server *s);  /* safe in a signal handler's thread: drains, then server_wait returns */
void server_wait(Server *s);
/* Has each loop come round within so many ms? For a watchdog. Any thread. */
bool server_alive(const Server *s, int64_t ms);
void server_close(Server *s);

/* ---- requests ------------------------------------------------------------------------------------- */

typedef enum Method { METHOD_UNSET, GET, POST } Method; /* HEAD is answered as GET without body */

typedef struct Upload {
  Str name;      /* of the form field */
  Str filename;  /* as given, cleaned: no path, no control or bidi characters, NFC */
  Str type;      /* by content: pdf ofd jpg png zip xlsx docx dwg dxf txt json bin */
  Str blob;      /* hash in the store; empty when nothing was chosen */
  int64_t size;
  Str bytes;     /* of a row with "held": what was sent; no blob then */
  Str fault;     /* why it was refused (too large, empty, type), in Chinese; blob empty then */
} Upload;

typedef struct Request {
  Arena *mem;
  App *app;
  Reader *rd;            /* this loop's reader; reader_begin has been called */
  Method method;
  Str path, query, address; /* address: the peer, or whom a believed proxy names */
  bool proxied;          /* it came through a proxy, believed or not: some X-Forwarded-For, Forwarded or Via stands in it */
  Str bearer;            /* what stands behind "Authorization: Bearer" */
  Str params[4];         /* of {…} in the route's path, in order */
  const Json *args;      /* query (GET) or body fields (POST); a field given twice is an array when its
                            name ends with [] (stripped), else MALFORMED */
  const Upload *uploads; size_t upload_count;
  const User *who;       /* NULL: nobody */
  Actor actor;           /* of who, or public */
  Str lang;              /* "zh" or "en" */
  Str prefix;            /* "/en" when the address began with it: English whatever the preferences say; not part of path */
  Str theme, size;       /* prefs: "", "dark", "light"; "", "large" */
  Str csrf;              /* to be put into forms */
  Str key;               /* a fresh idempotency key for the forms of this page */
  Str form_key;          /* the field "key" of the form that was posted; empty when absent or unfit. API: the
                            header Idempotency-Key as sent */
  bool json, api;        /* answer as JSON; came by /api/v1 with a token */
  int64_t now;
  const Route *route;
  void *state;           /* for `after` */
  Str sent;              /* the stream that reply_command named; empty for a new one */
  const Command *asked;  /* what reply_command made; NULL before */
  struct Web *web;       /* sessions, routes, workers: web's own */
} Request;

Str request_arg(const Request *rq, Str name);         /* trimmed; empty when absent */
int64_t request_int(const Request *rq, Str name, int64_t dflt);
const Upload *request_upload(const Request *rq, Str name);
bool request_has_role(const Request *rq, uint32_t roles);

/* ---- replies -------------------------------------------------------------------------------------- */

typedef struct Reply Reply;
typedef void After(Cx *cx, Request *rq, const CommandResult *result, Reply *rp);
typedef void Job(void *arg); /* runs on a worker thread; the loop leaves the request alone meanwhile, but its reader is the loop's */
typedef enum JobKind { JOB_SHORT, JOB_LONG } JobKind; /* seconds are LONG: other workers, so that nobody's login waits behind them */
typedef Code JobDone(Cx *cx, Request *rq, void *arg, Reply *rp); /* back on the loop */

struct Reply {
  int status;            /* 0 = 200 */
  Json *view;            /* the view tree; the router adds "sh" (shell: user, nav, csrf, prefs, …) */
  const char *tmpl;      /* overrides the route's */
  Str title;             /* page title, Chinese or translated; "错误：" is put before it when errors exist */
  Str location;          /* 303 See Other */
  Str type, body;        /* a body of its own, e.g. a file in memory */
  Str blob, filename;    /* a stored file, sent as attachment, sandboxed; filename with a body: sent as attachment */
  Str live;              /* the reply never ends: news of this stream ("project/18") or of all below it ("project"), see live.c */
  int64_t live_from;     /* the position that the page showed: what came after it is news */
  Str inline_type;       /* with blob: show in the browser (certificates only) */
  int retry_after;       /* seconds, for 429 and 503 */
  int refresh;           /* seconds until the browser asks again by itself, for a screen on a wall; 0: never */
  Command *command;      /* to be queued; then `after` */
  Str did;               /* what the next page says was done, when it is more than the command's name: the name of another command */
  After *after;          /* NULL: OK → 303 to location (JSON: the result); refusal → refusal page */
  Job *job; JobDone *job_done; void *job_arg; JobKind job_kind;
  const User *login;     /* start a session for this user */
  bool logout;
  Str set_prefs;         /* "theme=dark&size=large&lang=en" */
  bool cache;            /* anonymous page may be cached for 60 s with ETag; has no csrf and no key */
  bool forever;          /* the address holds a hash of the content: immutable */
  const Str *packed;     /* `body` made smaller before, by Packing (web_int.h); NULL: not yet */
  Str own;               /* the body is a page of ours whose script and style stand in it: their hashes, as the policy
                            of the reply allows them; empty: the usual policy */
  Json *extra;           /* errors, e, v: put into the view when it is rendered */
};

/* A command for this request: actor, now, key (from the form field "key" or a fresh one), args obj. */
Command *reply_command(Request *rq, Reply *rp, Str name, Str stream, Json *args);
/* Puts an error beside a field and into the summary on top: view.errors [{field, text}] and
 * view.e.<field> = text. The page is then sent with 422. */
void reply_error(Request *rq, Reply *rp, Str field, Str text);
bool reply_has_errors(const Reply *rp);
/* A full queue (503, with Retry-After) and a store that is read-only (507) are no mistake of who typed: the page
 * keeps the status of the code, and what was typed. Other codes change nothing. */
void reply_trouble(Reply *rp, Code code);
/* What else is wrong with the arguments of the command that was refused as INVALID: [{"field","text"}] in the order of its declaration, all
 * that can be told from the form alone, the refused one among them. Empty when a rule of its engine refused it. */
Json *reply_faults(Request *rq, Code code);
/* The error of cx (after TRY failed) put the same way; clears cx. */
void reply_fault(Cx *cx, Request *rq, Reply *rp);
/* What was typed, for re-rendering: view.v.<field> = text for each body field (lists as arrays), but never a
 * password. */
void reply_keep(Request *rq, Reply *rp);
/* What was typed, with labels, for a page that no longer has the form: view.typed [{label, value}]. */
void reply_typed(Request *rq, Reply *rp);
/* Somebody was first (409): view.conflict {"mine":[{label,value}], "theirs":[{at,at_cn,text,mine,fields:[{label,value}]}], "left", "fresh",
 * "typed"}: what was typed, and what has happened in `stream` since the page was shown (the field "shown" of its forms), newest first, with
 * the fields that both have written. left: the field where what was typed still stands on this page; empty: the form is gone, and
 * the one way on is the page anew (fresh). When nothing has happened since, or nothing was there yet (stream empty), a
 * rule refuses it: no conflict, and view.typed if the form is gone. */
void reply_conflict(Cx *cx, Request *rq, Reply *rp, Str stream);
void reply_redirect(Reply *rp, Str location);
void reply_job(Reply *rp, JobKind kind, Job *job, JobDone *done, void *arg);

/* ---- routes --------------------------------------------------------------------------------------- */

struct Route {
  Method method;
  const char *path;      /* "/my/{id}/stage/{n}"; parameters match one segment [A-Za-z0-9._-]+ */
  uint32_t allow;        /* roles; ROLE_PUBLIC = anyone, logged in or not; 0 stops the program at start */
  Code (*run)(Cx *cx, Request *rq, Reply *rp);
  const char *tmpl;      /* NULL for POST that only redirects */
  const char *section;   /* which entry of the navigation is current: "home" "my" "work" "super" … */
  const char *help;      /* one Chinese sentence; also in the API document */
  const char *uploads;   /* POST: "many" accepts files (streamed to the store), "held" small ones that are looked at and forgotten, NULL refuses them */
  bool compact;          /* staff density */
  bool hidden;           /* not in the API document (login, prefs, assets) */
};

extern const Route session_routes[]; /* login, logout, prefs, assets, errors: web's own */
extern const Route api_routes[];     /* /api/v1/… */
extern const Route watch_routes[];   /* /healthz, /metrics */
extern const Route doctor_routes[];  /* the installation looks at itself */
extern const Route personal_routes[]; /* looking at personal data */
extern const Route audit_proof_routes[]; /* the journal proves itself whole, for 审计管理员 */
extern const Route audit_routes[];   /* the journal, for 审计管理员 */
extern const Route erase_routes[];   /* erasing it; the workbenches of 安全管理员 and 审计管理员 */
extern const Route search_routes[];  /* the home page and searching */
extern const Route page_routes[];    /* pages for everybody */
extern const Route guide_routes[];   /* the catalogue: items, flow charts */
extern const Route advisor_routes[]; /* three questions; periods of law */
extern const Route signs_routes[];   /* signs of abuse, for supervisors */
extern const Route days_routes[];    /* day ledgers */
extern const Route my_routes[];      /* applicants */
extern const Route registered_routes[]; /* applicants: what was registered, and its correction */
extern const Route supply_routes[];  /* applicants: what is asked for afterwards */
extern const Route report_routes[];  /* the window's report; 体外循环 */
extern const Route library_routes[]; /* one set of materials */
extern const Route ask_routes[];     /* departments, before acceptance */
extern const Route work_routes[];    /* staff */
extern const Route stage_routes[];   /* whoever leads a stage */
extern const Route whatif_routes[];  /* what if */
extern const Route super_routes[];   /* supervisors, leaders */
extern const Route account_routes[]; /* accounts, for the administrator */
extern const Route access_routes[];  /* requests for accounts and roles 审批授权 */
extern const Route desk_routes[];    /* who of a unit has an item in hand */
extern const Route password_routes[]; /* one's own password */
extern const Route policy_routes[];  /* versions of the package, and publishing one */
extern const Route proof_routes[];   /* signed heads */
extern const Route live_routes[];    /* news for open pages */
extern const Route receipt_routes[]; /* receipts, and their QR codes */
extern const Route sample_routes[];   /* random samples; verdicts on signs */
extern const Route bulletin_routes[]; /* notices of those who did not reply; talks */
extern const Route lamps_routes[];    /* the board of lamps; goals of documents */
extern const Route directive_routes[]; /* supervision orders */
extern const Route appraisal_routes[]; /* the evaluation of departments and regions */
extern const Route rules_routes[];    /* the register of supporting rules */
extern const Route ledger_routes[];   /* ledgers 台账: the lists */
extern const Route ledger_row_routes[]; /* one row */
extern const Route ledger_report_routes[]; /* monthly reports, what a county owes, the public page */
extern const Route feedback_routes[]; /* problems reported upward, questions and answers */
extern const Route open_routes[];     /* disclosure 政务公开: documents and their interpretations */
extern const Route talk_routes[];     /* drafts that the public is asked about 意见征集 */
extern const Route self_routes[];     /* 网站自检: what inspections of the site measure */
extern const Route pub_routes[];      /* the work of editors and reviewers */
extern const Route seats_routes[];    /* bodies of the reform, seats of the window, authorisations */
extern const Route leaders_routes[];  /* which leader is in charge of what, on a day */
extern const Route promise_routes[];  /* promises with their checks */
extern const Route credit_routes[];   /* credit records, red and black lists, files for other sites */
extern const Route joint_routes[];    /* joint review of drawings and what stands beside permits */
extern const Route early_routes[];    /* before the case: reserve library, agents, consultation */
extern const Route region_map_routes[], region_routes[];   /* regions and their assessments */
extern const Route message_routes[];  /* messages, how a person is told, the outbox */
extern const Route archive_routes[];  /* the archive of a case */
extern const Route stats_routes[];    /* statistics */
extern const Route exchange_routes[]; /* data exchange, for the integrator */
extern const Route rating_routes[];   /* how it was 好差评 */
extern const Route survey_routes[];   /* the one survey, and its agencies */
extern const Route accept_routes[];  /* joint acceptance, and the days on which units are away */
extern const Route random_routes[];   /* spot checks by lot: plans, draws, results */
extern const Route map_routes[];      /* the one blueprint: layers, for everybody and for who publishes them */
extern const Route mapcheck_routes[]; /* the check of a project against it, and trying a plot */
extern const Route cert_routes[];    /* certificates, as pages and as PDF; checking one */
extern const Route certs_routes[];   /* the register of certificates */
extern const Route doc_routes[];     /* receipts, notices and decisions 文书, and their delivery */
extern const Route calendar_routes[]; /* notices that change the calendar, and what they moved */

/* ---- HTML ----------------------------------------------------------------------------------------- */

/* Html is not Str: markup is literal, text is always escaped. Templates compile to functions over these. */
typedef struct Html {
  Buf out;
  Str lang;
  const Policy *policy;  /* for {{cite …}}; NULL: clauses show their ids */
  const Json *scope[16];
  const Json *near[16];  /* of each scope the member found last: templates read in the order of the view */
  size_t depth;
} Html;
void html_raw_(Html *h, const char *p, size_t n); /* only through html_lit and the compiler */
#define html_lit(h, lit) html_raw_((h), "" lit, sizeof(lit) - 1)
void html_text(Html *h, Str s);          /* element text and quoted attribute values */
void html_url(Html *h, Str s);           /* href, src: only "/…", "?…", "#…", "tel:…"; otherwise "#" */
Str web_english(Str zh);                  /* the same for "en": what search_english takes */
Str tr(Str lang, Str zh);                /* English of a Chinese message, or the Chinese itself */
#define N_(lit) lit                      /* a literal that reaches tr or {{tr …}} later: its English is checked for */
typedef void TmplFn(Html *h, const Json *view);
TmplFn *tmpl_find(Str name);             /* NULL when there is none */
bool tmpl_translated(Str name);          /* false: only the frame of this page is to be had in other languages */

#endif
