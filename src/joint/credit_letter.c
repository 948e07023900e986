/* SPDX-License-Identifier: Apache-2.0 */
/* credit_letter.c: a step of a matter of credit as the letter that its subject gets: what was decided, on what, what can be done against it. */
#include "joint/joint_int.h"

typedef struct Words {
  Arena *m;
  const Policy *p;
  const Credit *c;
  const CreditStep *s;
  Str kind, day;           /* 黑名单; when it was decided */
  bool list, red;
} Words;

static void say(const Words *w, CreditLetter *out, Str text) {
  if (text.len && out->paragraph_count < COUNT(out->paragraphs)) out->paragraphs[out->paragraph_count++] = arena_str(w->m, text);
}

static void close_with(const Words *w, CreditLetter *out, Str text) {
  if (text.len && out->closing_count < COUNT(out->closing)) out->closing[out->closing_count++] = arena_str(w->m, text);
}

#define SAY(...) say(w, out, arena_fmt(w->m, __VA_ARGS__))
#define CLOSE(...) close_with(w, out, arena_fmt(w->m, __VA_ARGS__))

/* ---- what was decided ------------------------------------------------------------------------------------------------- */

static void drafted(const Words *w, CreditLetter *out) {
  const Credit *c = w->c;
  Str due = day_cn(w->m, c->notice_due);
  if (w->list) SAY("你方有下列情况，符合列入%.*s的情形“%.*s”，拟将你方列入%.*s。", SFMT(w->kind), SFMT(c->condition_name), SFMT(w->kind));
  else SAY("下列情况已经登记，拟记入你方的信用记录，经审核以后公布。");
  if (w->list) CLOSE("对上述事实、证据、依据，你方可以在%.*s以前（含当日）陈述、提出异议；没有答复以前不列入。", SFMT(due));
  else CLOSE("对上述事实、证据、依据，你方在公布以前和公布期间都可以提出异议；公布以前提出的，没有答复以前不公布。");
}

static void published(const Words *w, CreditLetter *out) {
  const Credit *c = w->c;
  Str until = c->until.n ? arena_fmt(w->m, "公布到%.*s", SFMT(day_cn(w->m, c->until))) : S("公布到移出为止");
  if (w->list) SAY("经告知、审核，你方符合情形“%.*s”，决定将你方列入%.*s，自%.*s起公布，%.*s。", SFMT(c->condition_name), SFMT(w->kind), SFMT(w->day), SFMT(until));
  else SAY("经审核，下列信用记录自%.*s起公布，%.*s。", SFMT(w->day), SFMT(until));
  SAY("审核意见：%.*s", SFMT(w->s->text));
  if (!w->red) CLOSE("自%.*s起，你方可以写明怎样纠正，申请信用修复。", SFMT(day_cn(w->m, c->repair_from)));
}

static void answered(const Words *w, CreditLetter *out) {
  bool upheld = str_eqz(w->s->result, "upheld");
  SAY("你方于%.*s对%.*s %.*s 提出的异议，经核实，%s。", SFMT(day_cn(w->m, day_of(w->s->plea_at))), SFMT(w->kind), SFMT(w->c->number), upheld ? "异议成立" : "异议不成立");
  SAY("理由：%.*s", SFMT(w->s->text));
  if (upheld) SAY("%s，自%.*s起生效。", w->s->was_published ? "该条信息撤销，不再公布" : w->list ? "不予列入，不公布" : "不予记录，不公布", SFMT(w->day));
}

static void repaired(const Words *w, CreditLetter *out) {
  SAY("依据%.*s，你方的%.*s %.*s 已经修复，自%.*s起停止公布%s。", SFMT(w->s->text), SFMT(w->kind), SFMT(w->c->number), SFMT(w->day), w->list ? "、移出名单" : "");
}

static void repair_refused(const Words *w, CreditLetter *out) {
  SAY("你方于%.*s对%.*s %.*s 提出的信用修复申请，经审核，不予修复。", SFMT(day_cn(w->m, day_of(w->s->plea_at))), SFMT(w->kind), SFMT(w->c->number));
  SAY("理由：%.*s", SFMT(w->s->text));
  CLOSE("改正以后，你方可以再次申请。");
}

static void rejected(const Words *w, CreditLetter *out) {
  SAY("%.*s %.*s 经审核，%s，不公布。", SFMT(w->kind), SFMT(w->c->number), w->list ? "不予列入" : "不予记录");
  SAY("理由：%.*s", SFMT(w->s->text));
}

static void expired(const Words *w, CreditLetter *out) {
  SAY("你方的%.*s %.*s 公布期限已于%.*s届满，自%.*s起停止公布%s。", SFMT(w->kind), SFMT(w->c->number), SFMT(day_cn(w->m, w->c->until)), SFMT(w->day), w->list ? "、移出名单" : "");
}

static void withdrawn(const Words *w, CreditLetter *out) {
  SAY("你方的%.*s %.*s 已经撤销，自%.*s起停止公布%s。", SFMT(w->kind), SFMT(w->c->number), SFMT(w->day), w->list ? "、移出名单" : "");
  SAY("理由：%.*s", SFMT(w->s->text));
}

/* objects: its reader may still object afterwards; remedy: a decision against him, with 复议、诉讼. */
static const struct Kind { const char *kind, *title, *title_list; void (*make)(const Words *w, CreditLetter *out); bool objects, remedy; } kinds[] = {
    {"credit.drafted", "记入信用记录告知书", "列入%.*s告知书", drafted, true, false},
    {"credit.published", "公布信用记录决定书", "列入%.*s决定书", published, true, true},
    {"credit.rejected", "不予记录通知书", "不予列入%.*s通知书", rejected, false, false},
    {"credit.answered", "信用异议答复书", "%.*s异议答复书", answered, true, true},
    {"credit.repaired", "信用修复决定书", "移出%.*s（信用修复）决定书", repaired, false, false},
    {"credit.repair-refused", "不予信用修复决定书", "不予移出%.*s（信用修复）决定书", repair_refused, false, true},
    {"credit.expired", "信用记录到期通知书", "移出%.*s（到期）通知书", expired, false, false},
    {"credit.withdrawn", "撤销信用记录决定书", "撤销列入%.*s决定书", withdrawn, false, false}};

static const struct Kind *kind_of(Str event) {
  for (size_t i = 0; i < COUNT(kinds); i++)
    if (str_eqz(event, kinds[i].kind)) return &kinds[i];
  return NULL;
}

bool credit_is_letter(Str event) {
  return kind_of(event) != NULL;
}

Str credit_letter_title(Arena *mem, const Credit *c, const CreditStep *s) {
  const struct Kind *k = kind_of(s->kind);
  Str kind = credit_kind_label(c->kind), before, after;
  if (!k) return S("");
  Str title = str_of(str_eqz(c->kind, "record") ? k->title : k->title_list);
  if (!str_cut(title, '%', &before, &after)) return title;
  return arena_fmt(mem, "%.*s%.*s%.*s", SFMT(before), SFMT(kind), SFMT(str_sub(after, 3, SIZE_MAX))); /* behind ".*s" */
}

/* ---- what it rests on, what can be done ------------------------------------------------------------------------------------ */

static void row(CreditLetter *out, const char *label, Str text) {
  if (text.len && out->row_count < COUNT(out->rows)) out->rows[out->row_count++] = (CreditLine){str_of(label), text};
}

static void grounds(const Words *w, CreditLetter *out) {
  SCOPED(buf_drop) Buf basis = {0};
  const Credit *c = w->c;
  buf_init(&basis, 2048);
  policy_cite(&basis, w->p, c->basis);
  row(out, "列入的情形", c->condition_name);
  row(out, "事实", c->fact);
  row(out, "证据", c->evidence);
  row(out, "依据", arena_str(w->m, buf_str(&basis)));
  row(out, "决定文号", c->decision);
}

/* Where: the product, or the office on paper. What the package does not know stands there as a gap to be filled, never invented. */
static void where_to(const Words *w, CreditLetter *out, const Unit *office) {
  Str address = office && office->address.len ? office->address : S("〔地址待填〕"), phone = office && office->phone.len ? office->phone : S("〔电话待填〕");
  CLOSE("提出异议的办法：登录系统，在“我的信用”里打开 %.*s 提出；或者书面交到%.*s，地址 %.*s，电话 %.*s。", SFMT(w->c->number), SFMT(out->issuer), SFMT(address), SFMT(phone));
}

void credit_letter(Arena *mem, const Policy *p, const Credit *c, const CreditStep *s, CreditLetter *out) {
  const struct Kind *k = kind_of(s->kind);
  const Unit *office = policy_unit(p, p->supervisor_unit);
  Words words = {.m = mem, .p = p, .c = c, .s = s, .kind = credit_kind_label(c->kind), .day = day_cn(mem, day_of(s->at)), .list = !str_eqz(c->kind, "record"),
                 .red = str_eqz(c->kind, "red")};
  const Words *w = &words;
  bool upheld = str_eqz(s->result, "upheld");
  *out = (CreditLetter){.title = credit_letter_title(mem, c, s), .number = arena_fmt(mem, "%.*s-%lld", SFMT(c->number), (long long)s->seq),
                        .issuer = office ? office->name : p->supervisor_unit, .day = day_of(s->at)};
  if (!k) return;
  k->make(w, out);
  grounds(w, out);
  if (k->objects && str_eqz(s->kind, "credit.published")) CLOSE("公布期间你方可以提出异议；异议处理期间，公布的信息注明“异议处理中”。");
  if (k->objects && !upheld) where_to(w, out, office);
  if (k->remedy && !upheld && !w->red) {
    CLOSE("%.*s复议机关：%.*s；管辖法院：%.*s。", SFMT(p->remedy), SFMT(p->review_body), SFMT(p->court));
    out->sample = p->remedy_source.sample;
  }
}
