/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish 政务公开 (葫政公领发〔2019〕1号): the register of documents 公文库 (S38) with their openness and three reviews 公开审查 (S39), their
 * interpretations 解读 (S40), and drafts that the public is asked about 意见征集 (S41). Stands beside approval; env = const Policy *, whose
 * `disclosure` (policy/gazette.h) says who reviews; without it every command is refused.
 */
#ifndef PUBLISH_H
#define PUBLISH_H

#include "journal/journal.h"
#include "org/kit.h"
#include "org/org.h"
#include "policy/gazette.h"

/* ---- text: paragraphs, headings, fixed anchors (text.c; pure) ----------------------------------------------------- */

/* One paragraph a line, numbered as offices do (GB/T 9704): 一、 （一） 1． （1）. */
typedef enum BlockKind { BLOCK_PARA, BLOCK_TITLE, BLOCK_HEAD, BLOCK_SUBHEAD, BLOCK_LINE } BlockKind; /* LINE: of an annex, a name or a date */
typedef struct Block {
  BlockKind kind;
  Str id;      /* the clause id without its document: 2.4.1-(3), 4.13-p7, cover, preamble */
  Str anchor;  /* of the page: c2_4_1-3; the same as long as the numbering of the text is */
  Str text;
} Block;
size_t text_blocks(Arena *mem, Str text, Block **out);
Str text_anchor(Arena *mem, Str id);
/* The headings of an interpretation that are missing or have nothing below them, joined by 、; empty: it has all. A heading stands alone on
 * its line, with or without a number. */
Str text_missing(Arena *mem, const Disclosure *d, Str material);
Str text_empty(Arena *mem, const Disclosure *d, Str material); /* of these those that stand there, with nothing below them */
bool text_begun(const Disclosure *d, Str material);            /* is there a line that is no heading? */
Str text_template(Arena *mem, const Disclosure *d); /* the headings, numbered, for whoever begins */

/* ---- the three reviews 初审、复审、批准 (review.c) ---------------------------------------------------------------------- */

enum { SCRUTINIES = 3 };
typedef struct Signature { Str by, name, unit, text; int64_t at; } Signature; /* by: account; at 0: not signed */
typedef struct Scrutiny {
  Str step;                /* what it waits for: first, second, third, disputed; empty: it is not in review */
  int about;               /* 0: the document, with what was drafted with it; else the interpretation of that number */
  Str submitter;           /* account */
  Signature signs[SCRUTINIES];
  /* A disagreement over openness: who raised it, and what the two sides say now */
  Signature raised, drafter, secrecy; Str drafter_openness, secrecy_openness;
} Scrutiny;
typedef struct ScrutinyRound { int about; Signature signs[SCRUTINIES]; Str channels; int64_t at; } ScrutinyRound; /* one that ended with approval */
Str scrutiny_label(Str step); /* 待初审 … */
/* May this person do the step that the review waits for? Of the unit, with a role of the package, three different persons (gazette.h). */
bool scrutiny_waits_for(const Disclosure *d, const Scrutiny *r, Str unit, Str author, const Actor *who);

/* ---- documents 公文 ---------------------------------------------------------------------------------------------- */

/* Stream "gazette/N". One matter, one review 一事一审: a document goes with the interpretation that was drafted with it; an interpretation that
 * comes later goes alone.
 *   DRAFT   --gazette.submitted--> REVIEW   to 初审; with an openness, 不予公开 with its reason, a policy document with plan and material
 *   REVIEW  --gazette.signed--> REVIEW      初审, 复审, 批准 in this order
 *   REVIEW  --gazette.published--> PUBLIC   after 批准, 主动公开
 *   REVIEW  --gazette.kept--> KEPT          after 批准, 依申请公开 or 不予公开: approved, not on the site
 *   REVIEW  --gazette.returned--> DRAFT
 *   REVIEW  --gazette.disputed, gazette.said …, gazette.settled--> REVIEW   drafter and 保密行政管理部门 decide anew; 初审 begins again
 *   PUBLIC  --gazette.taken-down--> DOWN    like a draft afterwards
 * An interpretation of a public document: draft, public, down, dropped. */
extern const Engine gazette_engine_base;
typedef struct Interpretation {
  int no;
  Str form, title, plan, text, status; /* form: code of the package; draft, public, down, dropped */
  Str by, name; int64_t at, published;
} Interpretation;
/* A file beside the words 附件; a picture 图解 with what it says 替代文字. Reviewed with what it belongs to, so it comes before 初审 or after a return. */
typedef struct Annex { int no, about; Str title, alt, blob, name, type; int64_t size, at; bool gone; } Annex; /* about: 0 the document, else the interpretation */
typedef struct GazetteStep { int64_t at; Str kind, by, unit, text; int about; } GazetteStep;
typedef struct GazetteFile {
  int64_t no, seq;
  Str code;                /* D60 of one that was taken in from the package; empty otherwise */
  Str number, title, issuer, recipients, unit, text;
  Day day;
  const Str *basis; size_t basis_count;
  Str openness, reason;    /* public, request, secret; empty: not marked 未标注 */
  bool explain;            /* a policy document 政策性文件 */
  Str status, force, force_basis; /* force 效力: valid, amended, abolished, lapsed */
  Str author, author_name;
  int64_t published;       /* 0: it is not on the site, or no longer */
  Str channels;            /* names, joined by 、 */
  Interpretation *items; size_t item_count, item_cap;
  Annex *annexes; size_t annex_count, annex_cap;
  Scrutiny review;
  ScrutinyRound *rounds; size_t round_count, round_cap;
  GazetteStep *steps; size_t step_count, step_cap;
} GazetteFile;
/*   gazette.import code                                        editor: a document of the package; public when it is marked so
 *   gazette.draft number title issuer day openness? reason? recipients? basis? explain? text plan? material? form? heading? send?   editor
 *   gazette.change the same                                    editor of the unit; a draft that was not taken in from the package
 *   gazette.mark openness reason?                              editor of the unit: the openness of one that is not in review nor public
 *   gazette.explain no? form title plan material send?         editor of the unit: an interpretation, of a public document too
 *   gazette.attach about title alt? type files[1]              editor of the unit: of what is a draft; alt: for pictures
 *   gazette.detach no                                          the same
 *   gazette.submit                                             editor of the unit
 *   gazette.sign step text? channels?                          whose step it is; channels: 批准 decides how it is published
 *   gazette.return reason · gazette.dispute openness reason    the same
 *   gazette.settle openness reason?                            the drafter; whoever of 保密行政管理部门
 *   gazette.drop no reason                                     editor of the unit; never while document and interpretation are public
 *   gazette.take-down no reason                                head of the unit; 0: the document
 *   gazette.force force basis                                  editor of the unit: 效力 */
void *gazette_fold(Arena *mem, void *state, const Event *e);
/* id: N, or the code of a document of the package. NOT_FOUND. */
Code gazette_load(Cx *cx, Reader *rd, Str id, const GazetteFile **out);
Str gazette_id(Arena *mem, const GazetteFile *g); /* as addresses have it: D60, 7 */
const Interpretation *gazette_public_item(const GazetteFile *g); /* the first that is public; NULL: none */
const Annex *gazette_annex(const GazetteFile *g, int64_t no); /* NULL: there is none */
bool annex_public(const GazetteFile *g, const Annex *a);      /* what it belongs to is on the site */
bool annex_picture(const Annex *a);
Str openness_label(Str openness); /* 主动公开 …, 未标注 */
Str force_label(Str force);
Str gazette_label(Str status);    /* 起草中 … */

typedef struct GazetteRow {
  int64_t no, at, published, explained; /* explained: the last interpretation that is public; 0: none */
  Str code, number, title, issuer, unit, openness, status, force, step, author, submitter, first_by, second_by;
  Day day;
  int about, readings;     /* readings: interpretations that are public */
  bool explain, drafter_said, secrecy_said;
} GazetteRow;
/* By day of the document, the latest first. empty fields: all. unexplained: public policy documents without interpretation. open: not yet
 * public, or something of it is in review. explained: those with a public interpretation. early: public before the day that they bear. */
typedef struct GazetteFilter { Str unit, status, issuer; bool on_site, unexplained, open, explained, early; size_t offset, limit; } GazetteFilter;
Code gazettes_list(Cx *cx, Reader *rd, const GazetteFilter *f, GazetteRow **out, size_t *n, int64_t *total);
/* Of the whole site: documents and the last one, documents with interpretations and the last of these, early ones. */
typedef struct GazetteSums { int64_t documents, published, readings, explained, early; } GazetteSums;
Code gazettes_sums(Cx *cx, Reader *rd, GazetteSums *out);
/* Does this row wait for this person? Reviews, disagreements, and drafts of his own unit for editors. */
bool gazette_waits_for(const Disclosure *d, const GazetteRow *r, const Actor *who);
/* Documents of the package that are not in the register. */
Code gazettes_missing(Cx *cx, Reader *rd, const Policy *p, const Gazette **out, size_t *n);

/* ---- drafts that the public is asked about 意见征集 (D01-2.1; S41) ------------------------------------------------------ */

/* Stream "canvass/N", number YJZJ-2026-0001.
 *   DRAFT  --canvass.submitted--> REVIEW --canvass.signed × 3, canvass.opened--> OPEN   for the days that were written, at least the package's
 *   OPEN   --canvass.said--> OPEN       anybody, without an account; the contact is in the vault
 *   OPEN   --canvass.ended--> ENDED     the closing day is over
 *   OPEN, ENDED --canvass.grouped, canvass.answered-->    opinions in groups; for each 采纳, 部分采纳 or 不采纳 with a reason
 *   ENDED  --canvass.closed--> CLOSED   every opinion is in a group and every group answered; the contacts are erased with it
 *   CLOSED --canvass.linked--> CLOSED   the final text, a document that is on the site */
extern const Engine canvass_engine_base;
enum { SAYINGS_MAX = 5000 };
typedef struct Saying { int no, group; Str number, text, contact; int64_t at; } Saying; /* contact: reference; group 0: none yet */
typedef struct OpinionGroup { int no; Str title, adoption, reason; int64_t count; } OpinionGroup; /* adoption: adopted, partly, rejected; empty: not answered */
typedef struct Canvass {
  int64_t no, seq, opened, closed, document; /* document: of the final text; 0: not yet */
  Str number, unit, title, text, note, ways, status, author, author_name;
  const Str *basis; size_t basis_count;
  int days;
  Day until;               /* the last day on which anybody may write */
  Saying *opinions; size_t opinion_count, opinion_cap;
  OpinionGroup *groups; size_t group_count, group_cap;
  Scrutiny review;
  GazetteStep *steps; size_t step_count, step_cap;
} Canvass;
typedef struct CanvassSums { int64_t received, ungrouped, unanswered, adopted, partly, rejected; } CanvassSums; /* opinions, but for unanswered: groups */
/*   canvass.draft title text basis note? ways? days? send? · canvass.change the same     editor
 *   canvass.submit · canvass.sign step text? · canvass.return reason                     as for documents
 *   canvass.say text contact?                                                            anybody
 *   canvass.group title opinions[] no? · canvass.answer no adoption reason               editor of the unit
 *   canvass.close                                                                        head of the unit
 *   canvass.link document                                                                editor of the unit
 *   canvass.lapse until  (due queue) */
void *canvass_fold(Arena *mem, void *state, const Event *e);
Code canvass_load(Cx *cx, Reader *rd, int64_t no, const Canvass **out);
CanvassSums canvass_sums(const Canvass *v);
bool canvass_public(const Canvass *v); /* open, ended or closed */
Str canvass_label(Str status);
Str adoption_label(Str adoption);
typedef struct CanvassRow {
  int64_t no, opened, closed, document;
  Str number, unit, title, status, step, author, submitter, first_by, second_by;
  Day until;
  CanvassSums sums;
} CanvassRow;
/* Open ones first, the earliest closing day first; then the latest. on_site: those that are public. document: whose final text it is; 0: all. */
typedef struct CanvassFilter { Str unit, status; bool on_site; int64_t document; size_t offset, limit; } CanvassFilter;
Code canvasses_list(Cx *cx, Reader *rd, const CanvassFilter *f, CanvassRow **out, size_t *n, int64_t *total);
/* How many are or were public; when the site last had news of one: its draft, or what was adopted. */
Code canvasses_sums(Cx *cx, Reader *rd, int64_t *count, int64_t *last);
bool canvass_waits_for(const Disclosure *d, const CanvassRow *r, const Actor *who);

enum { PUBLISH_ENGINES = 2 };
extern const Engine *const publish_engines[PUBLISH_ENGINES];

#endif
