/* SPDX-License-Identifier: Apache-2.0 */
/*
 * search: one index over what people look for 搜索即服务 (D01-4.1): services of the package, cases, certificates and documents,
 * clauses, units and posts, consultations that were answered.
 *
 * The index is a projection of its own, search.db in the directory of a server: one SQLite file with FTS5 and our tokenizer
 * (tokens.c). It is built from the package in force and from the journal, follows the journal by position, and can be thrown
 * away: the next start makes it again. A store in PostgreSQL has one such file on each server (docs/decisions/0035-search.md).
 *
 * Exact: a word is found where its characters stand one behind the other in the folded text (search_fold), and nowhere else;
 * one character, two, and numbers or parts of them as well.
 *
 * Private: each document carries for whom it is (search_who). What a visitor may not see is never counted, found or
 * guessed at: the question to the index names whom he is, and the index has nothing else to say to him.
 *   public       the package, clauses, units, consultations whose reply is open, problems whose answer was published 常见问题, documents
 *                that are on the site, with their interpretations
 *   a case       its applicant, its enterprise, agents who act in it, the units with an item or a stage in it and the county,
 *                the window, supervisors, leaders; so its certificates and documents
 *   a consultation that is not open: who asked, and the unit that is asked
 *
 * Errors used here: READONLY (the file cannot be written), BROKEN (the index is damaged: remove search.db and start again).
 */
#ifndef SEARCH_H
#define SEARCH_H

#include "base/base.h"
#include "approval/approval.h"
#include "journal/journal.h"
#include "org/org.h"
#include "policy/policy.h"

/* What there is to find, in the order in which a page shows it: the service before anything written about it. */
#define SEARCH_KIND_LIST(X)                     \
  X(SEARCH_SERVICE, "service", "办事服务")      \
  X(SEARCH_CASE, "case", "办件")                \
  X(SEARCH_PAPER, "paper", "证照和文书")        \
  X(SEARCH_UNIT, "unit", "机构和岗位")          \
  X(SEARCH_CONSULT, "consult", "咨询答复")      \
  X(SEARCH_ANSWER, "answer", "常见问题")        \
  X(SEARCH_DOCUMENT, "document", "政策文件")    \
  X(SEARCH_TALK, "talk", "意见征集")            \
  X(SEARCH_CLAUSE, "clause", "文件条款")
typedef enum SearchKind {
  SEARCH_UNSET,
#define X(name, text, label) name,
  SEARCH_KIND_LIST(X)
#undef X
      SEARCH_KIND__MAX
} SearchKind;
Str search_kind_text(SearchKind k);  /* "service": stable, used in addresses */
Str search_kind_label(SearchKind k); /* 办事服务 */
SearchKind search_kind_parse(Str text); /* SEARCH_UNSET when unknown */

/* Text as it is compared: full-width forms, dashes and brackets of all kinds as plain ones, small letters, one space for many.
 * The seed writes 〔2019〕 and people type [2019] or (2019). */
Str search_fold(Arena *mem, Str s);

/* The pages that are services of their own, by the code behind page/ in a key. False: there is none. */
bool search_page(Str code, Str *title, Str *path);

/* ---- the index ------------------------------------------------------------------------------------- */

typedef struct Search Search;
/* `dir`: a directory of this server; the file is made when it is missing, of another version, or not readable. Any thread may
 * ask afterwards. The policies must outlive it. */
Code search_open(Cx *cx, Str dir, const Policies *policies, Search **out);
void search_close(Search *s); /* NULL is fine */

/* How the name of something is called in English; the name itself when nobody has said. Before the first package; without it English words lead only as
 * far as search.yaml knows them. */
typedef Str SearchEnglish(Str zh);
void search_english(Search *s, SearchEnglish *english);

/* The documents and the words of a package, when they are not those of `p` already; takes some 50 ms then. */
Code search_package(Cx *cx, Search *s, const Policy *p);
/* Reads up to `max` events behind the position of the index. *behind: there are more, and search_watch is at it. Safe from several
 * threads; waits for no disk. */
Code search_follow(Cx *cx, Search *s, Reader *rd, size_t max, bool *behind);
/* Does so once a second on a thread of its own, until search_close, which comes before runner_close. */
Code search_watch(Cx *cx, Search *s, const Runner *r);

/* For whom a visitor may look: at most so many. An agent is asked for his mandates in `rd`. */
enum { SEARCH_WHO_MAX = 48 };
Code search_who(Cx *cx, Reader *rd, const User *u, Str out[SEARCH_WHO_MAX], size_t *n);

enum { SEARCH_ANY_MAX = 4, SEARCH_WORDS_MAX = 6 };
typedef struct SearchWord { /* folded; one of several ways to say it is enough */
  Str any[SEARCH_ANY_MAX];
  size_t count;
} SearchWord;

typedef struct SearchAsk {
  SearchWord words[SEARCH_WORDS_MAX]; /* all of them */
  size_t count;
  SearchWord place;         /* what has this too stands first; count 0: none is asked for */
  SearchKind kind;          /* SEARCH_UNSET: all */
  const Str *who; size_t who_count;
  size_t from, max;
} SearchAsk;

/* key says what it is and where: item/CODE, stage/N, category/CODE, material/CODE, clock/CODE, page/NAME, unit/CODE, clause/ID,
 * case/N, cert/N/NUMBER, doc/N/SEQ, consult/N, answer/N, gazette/N, canvass/N. Whoever shows it reads it there: the index has no second copy for pages. */
typedef struct SearchHit { SearchKind kind; Str key, title; } SearchHit;
/* Those of the place first, then those with all words in their titles. *total counts all. */
Code search_find(Cx *cx, Search *s, const SearchAsk *ask, SearchHit *out, size_t *n, int64_t *total);

/* ---- what was not found -------------------------------------------------------------------------------- */

/* Counts what was asked without any result, by day, for Policy.search_keep_days: 0 counts nothing. Numbers of seven digits and more (telephones, identity cards,
 * enterprise codes) are masked, nobody's name stands beside it. In memory; the thread brings it to this server's misses.txt. */
void search_missed(Cx *cx, Search *s, Str asked, Day day);
Str search_masked(Arena *mem, Str asked); /* 张三 13800001111: 张三 〔号码〕 */
typedef struct SearchMiss { Str text; int64_t count; Day last; } SearchMiss;
void search_misses(Cx *cx, Search *s, Day today, SearchMiss **out, size_t *n); /* the most often asked first */

/* ---- understanding what was typed -------------------------------------------------------------------- */

#define SEARCH_HOW_LIST(X) \
  X(HOW_TYPED, "typed")    /* as it stands */ \
  X(HOW_ALIAS, "alias")    /* another name of the same: 开工证 */ \
  X(HOW_ASKED, "asked")    /* the words of a question left out: 怎么申请联合验收 */ \
  X(HOW_ENGLISH, "english") /* construction permits, case and plural forgiven */ \
  X(HOW_PINYIN, "pinyin")  /* sgxkz, shigongxuke */ \
  X(HOW_TYPO, "typo")      /* one character more, less, other, or another of the same sound: 施工许可正 */ \
  X(HOW_SPLIT, "split")    /* known words in it, all of them */ \
  X(HOW_NEAR, "near")      /* nothing: the services that share most pairs of characters with it */
typedef enum SearchHow {
  HOW_UNSET,
#define X(name, text) name,
  SEARCH_HOW_LIST(X)
#undef X
} SearchHow;
Str search_how_text(SearchHow h);

typedef struct Understood {
  SearchHow how;
  Str asked;                /* as typed, trimmed; without the place */
  Str to;                   /* what it was taken for; of HOW_SPLIT the words with 、 between */
  SearchWord words[SEARCH_WORDS_MAX];
  size_t count;
  SearchWord place;         /* 龙港区 幼儿园: where; count 0: nowhere in particular */
  Str place_name, place_unit; /* 龙港区; the code of its unit */
} Understood;
enum { UNDERSTOOD_MAX = 9 };
/* The ways to take it, the closest to what was typed first; at least one when `asked` is not empty. Whoever asks the index
 * takes the first that finds anything. `literal`: only as it stands. */
size_t search_understand(Cx *cx, Search *s, Str asked, bool literal, Understood out[UNDERSTOOD_MAX]);
/* The services that share most pairs of characters with what was typed, at most `max`; SEARCH_SERVICE only. */
size_t search_near(Cx *cx, Search *s, Str asked, SearchHit *out, size_t max);

/* Words of the package that begin with, contain, sound like or are nearly what was typed, best first. */
typedef struct SearchTip { Str text, to; SearchKind kind; } SearchTip; /* to: the name it stands for, when it is another */
size_t search_suggest(Cx *cx, Search *s, Str typed, SearchTip *out, size_t max);

/* ---- plain questions ---------------------------------------------------------------------------------- */

#define SEARCH_QUESTION_LIST(X) \
  X(ASKS_LEADER, "leader")       /* 谁分管建设: who of the city is in charge of it today (S35) */ \
  X(ASKS_UNIT, "unit")           /* 施工许可证归谁管, 哪个部门办 */ \
  X(ASKS_DAYS, "days")           /* 多久, how long */ \
  X(ASKS_MATERIALS, "materials") /* 要什么材料 */ \
  X(ASKS_PHONE, "phone")         /* 电话, 怎么联系 */ \
  X(ASKS_ADDRESS, "address")     /* 地址, 在哪里 */ \
  X(ASKS_HOURS, "hours")         /* 几点上班, office hours */ \
  X(ASKS_FEES, "fees")           /* 收费吗, how much */
typedef enum SearchQuestion {
  ASKS_NOTHING,
#define X(name, text) name,
  SEARCH_QUESTION_LIST(X)
#undef X
} SearchQuestion;
Str search_question_text(SearchQuestion q);
typedef struct SearchAsked {
  SearchQuestion what;
  Str about;              /* the rest of the question; empty: it names nothing */
  Str key;                /* what that is, as a key of SearchHit, or leader/NAME; empty: not known */
} SearchAsked;
/* Which question it is, and about what. False: none of them. */
bool search_asked(Cx *cx, Search *s, const Policy *p, Str asked, SearchAsked *out);
/* The unit that has it: the lead of a stage, the unit of an item. NULL: none, or the county where the project lies. */
const Unit *search_unit(const Policy *p, Str key);

/* 要多少天: the time limit that a question asks for (S43), from the package. False: it asks for none, or not for one that is known. */
typedef struct SearchDays { const Category *category; int stage; /* 0: all */ int days; } SearchDays;
bool search_days(Arena *mem, const Policy *p, Str asked, SearchDays *out);

#endif
