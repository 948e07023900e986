/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main: the program. A verb is a row; its options are rows. Exit codes: 0 done, 1 the work found a
 * fault (verify, policy check), 2 the call is wrong, 75 the store is busy or cannot be written.
 */
#ifndef MAIN_INT_H
#define MAIN_INT_H

#include "base/base.h"
#include "calendar/calendar.h"
#include "policy/policy.h"
#include "journal/journal.h"
#include "org/org.h"
#include "approval/approval.h"
#include "early/early.h"
#include "notice/notice.h"
#include "org/access.h"
#include "org/portfolio.h"
#include "joint/joint.h"
#include "evaluation/evaluation.h"
#include "exchange/exchange.h"
#include "publish/publish.h"
#include "ledger/ledger.h"
#include "inspect/inspect.h"
#include "map/map.h"
#include "supervision/supervision.h"
#include "finish/finish.h"
#include "approval/personal.h"
#include "upkeep/upkeep.h"
#include "web/web.h"

enum { EXIT_DONE = 0, EXIT_FAULT = 1, EXIT_CALL = 2, EXIT_STORE = 75 };
enum { WORDS_MAX = 40 }; /* a project has some forty facts */

/* All options of all verbs; a verb's row names those it reads. */
typedef struct Options {
  Str store, files, policy, draft, listen, day, clock, id, name, roles, unit, org_name, org_uscc, suite, format, facts, item, key, seal_key, keep,
      ground, reason, erased, smtp, smtp_user, smtp_password, smtp_ca, mail_from, sms, site, marks,
      proxy, metrics_token, exchange, log, log_format, backups, config, as;
  int64_t port, seed, projects, threads, months, stage, queue;
  bool listen_anywhere, behind_tls, quiet, help, version, json, csv, qr, with_key, without_personal;
  uint64_t given; /* bit i: row i of the table stood on the command line */
  int argc;
  char **argv;    /* to be read again with a file that has changed */
  Str words[WORDS_MAX]; /* what is left besides options */
  size_t word_count;
} Options;

typedef struct Verb {
  const char *name;    /* "policy check": one or two words */
  const char *usage;   /* behind the name */
  const char *summary; /* one line */
  const char *help;    /* paragraphs */
  const char *options; /* names of those it reads, separated by a space */
  const char *example; /* whole command lines */
  size_t words;        /* how many words may follow the name */
  int (*run)(Cx *cx, const Options *o);
} Verb;

extern const Verb verbs[]; /* ended by a row with name NULL */
/* Reads argv into *o; false after printing what is wrong and what would be right. */
bool options_parse(int argc, char **argv, Options *o);
/* False after saying which option the verb does not read. --store, --files, --policy, --quiet and --help are always
 * allowed, so that one set of them serves for all verbs of a script. */
bool options_fit(const Options *o, const Verb *v);
/* Behind options_fit: the file of settings says what the command line did not (yichuang.conf(5)); then --store and --files become
 * one text. False after printing. */
bool options_finish(Cx *cx, const Verb *v, Options *o);
bool options_given(const Options *o, const char *name); /* on the command line */
typedef struct OptionRow { const char *name, *value, *help; bool flag, in_file; } OptionRow;
typedef void OptionsEach(const void *arg, const OptionRow *row);
void options_each(OptionsEach *each, const void *arg); /* in the order of the table */
void options_help(const char *names); /* the table of options; NULL = all */
bool option_exists(Str name);

/* The known word nearest to one that was typed; word stays empty when none is near. */
typedef struct Suggest {
  Str word;
  int far;
} Suggest;
void suggest_look(Suggest *s, Str typed, Str known);

extern const char exit_codes[];
int help_as(const Options *o); /* help_as.c: man pages, completion */
int verb_serve(Cx *cx, const Options *o);
int verb_init(Cx *cx, const Options *o);
int verb_demo(Cx *cx, const Options *o);
int verb_verify(Cx *cx, const Options *o);
int verb_rebuild(Cx *cx, const Options *o);
int verb_backup(Cx *cx, const Options *o);
int verb_restore(Cx *cx, const Options *o);
int verb_export(Cx *cx, const Options *o);
int verb_import(Cx *cx, const Options *o);
int verb_compact(Cx *cx, const Options *o);
int verb_policy_check(Cx *cx, const Options *o);
int verb_clock_answer(Cx *cx, const Options *o);
int verb_clock_explain(Cx *cx, const Options *o);
int verb_policy_draw(Cx *cx, const Options *o);
int verb_policy_explain(Cx *cx, const Options *o);
int verb_policy_diff(Cx *cx, const Options *o);
int verb_policy_stage(Cx *cx, const Options *o);
int verb_policy_list(Cx *cx, const Options *o);
int verb_calendar_list(Cx *cx, const Options *o);
int verb_calendar_preview(Cx *cx, const Options *o);
int verb_whatif(Cx *cx, const Options *o);
int verb_user_add(Cx *cx, const Options *o);
int verb_user_list(Cx *cx, const Options *o);
int verb_user_password(Cx *cx, const Options *o);
int verb_user_disable(Cx *cx, const Options *o);
int verb_user_enable(Cx *cx, const Options *o);
int verb_user_token(Cx *cx, const Options *o);
int verb_user_revoke(Cx *cx, const Options *o);
int verb_key_make(Cx *cx, const Options *o);
int verb_key_seal(Cx *cx, const Options *o);
int verb_key_rotate(Cx *cx, const Options *o);
int verb_key_show(Cx *cx, const Options *o);
int verb_checkpoint(Cx *cx, const Options *o);
int verb_checkpoint_show(Cx *cx, const Options *o);
int verb_checkpoint_proof(Cx *cx, const Options *o);
int verb_receipt(Cx *cx, const Options *o);
int verb_witness(Cx *cx, const Options *o);
int verb_archive(Cx *cx, const Options *o);
int verb_archive_check(Cx *cx, const Options *o);
int verb_personal_list(Cx *cx, const Options *o);
int verb_personal_erase(Cx *cx, const Options *o);
int verb_personal_erased(Cx *cx, const Options *o);
int verb_personal_again(Cx *cx, const Options *o);
int verb_doctor(Cx *cx, const Options *o);
/* What the options say of this installation; in mem. */
Checkup *checkup_of(Arena *mem, const Options *o, bool demo);
int verb_help(Cx *cx, const Options *o);

/* The engines of the program over one set of policies; both live in cx->mem. */
typedef struct World {
  Engine org, portfolio, access, desk, approval, calendar, publish, personal, early[EARLY_ENGINES], joint[JOINT_ENGINES], inspect[INSPECT_ENGINES], map[MAP_ENGINES], evaluation[EVALUATION_ENGINES], disclosure[PUBLISH_ENGINES], exchange[EXCHANGE_ENGINES], ledger[LEDGER_ENGINES], supervision[SUPERVISION_ENGINES], notice[NOTICE_ENGINES], finish[FINISH_ENGINES];
  const Engine *engines[8 + EARLY_ENGINES + JOINT_ENGINES + SUPERVISION_ENGINES + NOTICE_ENGINES + FINISH_ENGINES + INSPECT_ENGINES + EVALUATION_ENGINES + PUBLISH_ENGINES + EXCHANGE_ENGINES + MAP_ENGINES + LEDGER_ENGINES];
  Policy accounts;       /* the package of --policy, and the units of all others: for accounts */
  Policies policies;
  const Policy *list[1];
  StoreOptions store;
} World;
/* One package. INVALID after printing the mistakes. */
Code package_load(Cx *cx, Str dir, const Policy **out);
/* Loads the package of --policy and those staged in the store, and fills the world. CONFLICT when a staged one is
 * not what was staged. */
Code world_load(Cx *cx, const Options *o, World **out);
void world_close(World *w); /* after the store; NULL is fine */

/* NOT_FOUND, with what to do next, when there is no store in o->store. */
Code store_needed(Cx *cx, const Options *o);
/* NOT_FOUND when `dir` is no folder with a package: one sentence instead of one for each missing file. */
Code package_needed(Cx *cx, Str dir);

/* Writes into the journal what was erased again when the store was restored; nothing when nothing was. */
Code personal_settle(Cx *cx, Runner *r, Str store, int64_t now);
int personal_settle_now(Cx *cx, const World *w); /* the same with the store closed; prints, and gives the exit code */

/* The clock of a demonstration store runs on from the day it was made for. */
typedef struct DemoClock {
  int64_t shift; /* ms added to the real clock */
} DemoClock;
int64_t demo_clock_now(void *arg);

/* Prints "错误：…" with field and clause to stderr; gives the exit code that fits cx->fault. */
int report_fault(const Cx *cx);
/* Progress on stderr when it is a terminal; NO_COLOR and --quiet are honoured. */
void progress_show(void *arg, const char *what, int64_t done, int64_t total);
Str bold(Arena *mem, Str s); /* when the output is a terminal and NO_COLOR is not set */
/* Stands in a store while its demonstration is being made: such a store is not whole. */
#define DEMO_UNFINISHED "demo.unfinished"

#endif
