/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expr.c: conditions over declared facts. Total and without loops: each evaluation ends, and a missing fact
 * gives UNKNOWN by Kleene's tables. At most 500 characters and 16 levels.
 *
 *   or   := and { ("or" | 或) and }
 *   and  := not { ("and" | 且) not }
 *   not  := ("not" | 非) not | "(" or ")" | fact [ compare ]
 *   compare := ("=" | "!=" | "<" | "<=" | ">" | ">=") literal | "in" "(" literal { "," literal } ")"
 */
#include "policy/policy_int.h"

enum { TEXT_MAX = 500, DEPTH_MAX = 16 };

typedef struct Parse {
  Cx *cx;
  const Policy *p;
  Str text, word;          /* word: the token at hand; empty at the end */
  size_t at, word_at;
  bool quoted;
} Parse;

static const struct { const char *name, *label; } builtins[] = {{"category", "类别"}, {"county", "县区"}};

bool expr_builtin(Str name) {
  for (size_t i = 0; i < COUNT(builtins); i++)
    if (str_eqz(name, builtins[i].name) || str_eqz(name, builtins[i].label)) return true;
  return false;
}

const Field *fact_find(const Policy *p, Str word) {
  for (int stage = 0; stage <= STAGE_MAX; stage++) {
    const Field *fields = stage ? p->form[stage] : p->facts;
    size_t n = stage ? p->form_count[stage] : p->fact_count;
    for (size_t i = 0; i < n; i++)
      if (fields[i].fact && (str_eq(fields[i].name, word) || str_eq(fields[i].label, word))) return &fields[i];
  }
  return NULL;
}

/* ---- words -------------------------------------------------------------------------------------- */

static const struct { const char *typed, *means; } marks[] = {
    {"<=", "<="}, {">=", ">="}, {"!=", "!="}, {"==", "="}, {"＜＝", "<="}, {"＞＝", ">="}, {"！＝", "!="}, {"！=", "!="},
    {"＜=", "<="}, {"＞=", ">="}, {"≤", "<="}, {"≥", ">="}, {"≠", "!="}, {"＝", "="},
    {"＜", "<"}, {"＞", ">"}, {"（", "("}, {"）", ")"}, {"，", ","}, {"=", "="}, {"<", "<"}, {">", ">"},
    {"(", "("}, {")", ")"}, {",", ","}};

static bool mark_at(Parse *s) {
  Str rest = str_sub(s->text, s->at, SIZE_MAX);
  for (size_t i = 0; i < COUNT(marks); i++)
    if (str_starts(rest, str_of(marks[i].typed))) {
      s->word = str_of(marks[i].means);
      s->at += strlen(marks[i].typed);
      return true;
    }
  return false;
}

static bool mark_begins(Str rest) {
  for (size_t i = 0; i < COUNT(marks); i++)
    if (str_starts(rest, str_of(marks[i].typed))) return true;
  return false;
}

/* Bytes of white space at `at`; an input method types U+3000. */
static size_t space_at(const Parse *s) {
  Str rest = str_sub(s->text, s->at, SIZE_MAX);
  if (rest.len && (rest.ptr[0] == ' ' || rest.ptr[0] == '\t')) return 1;
  return str_starts(rest, S("　")) ? strlen("　") : 0;
}

/* People count characters, not bytes. */
static size_t place(const Parse *s, size_t at) {
  return utf8_count(str_sub(s->text, 0, at)) + 1;
}

static Code quoted(Parse *s, const char *open, const char *close) {
  Cx *cx = s->cx;
  Str rest = str_sub(s->text, s->at + strlen(open), SIZE_MAX);
  ptrdiff_t end = str_find(rest, str_of(close));
  if (end < 0) FAIL(INVALID, "条件第 %zu 个字处的引号没有配对，请补上：%.*s", place(s, s->at), SFMT(s->text));
  s->word = str_sub(rest, 0, (size_t)end);
  s->at += strlen(open) + (size_t)end + strlen(close);
  s->quoted = true;
  return OK;
}

static Code next(Parse *s) {
  static const char *const quotes[][2] = {{"\"", "\""}, {"'", "'"}, {"“", "”"}};
  s->quoted = false;
  for (size_t n; (n = space_at(s)) != 0;) s->at += n;
  s->word_at = s->at;
  s->word = (Str){.ptr = "", .len = 0};
  if (s->at >= s->text.len || mark_at(s)) return OK;
  size_t from = s->at;
  for (size_t i = 0; i < COUNT(quotes); i++)
    if (str_starts(str_sub(s->text, from, SIZE_MAX), str_of(quotes[i][0]))) return quoted(s, quotes[i][0], quotes[i][1]);
  while (s->at < s->text.len && !space_at(s) && !mark_begins(str_sub(s->text, s->at, SIZE_MAX))) s->at++;
  s->word = str_sub(s->text, from, s->at - from);
  return OK;
}

static bool is(const Parse *s, const char *a, const char *b) {
  return !s->quoted && (str_eqz(s->word, a) || (b && str_eqz(s->word, b)));
}

/* ---- grammar ------------------------------------------------------------------------------------ */

static Expr *expr_make(Parse *s, ExprOp op, const Expr *left, const Expr *right) {
  Expr *e = arena_new(s->cx->mem, Expr);
  *e = (Expr){.op = op, .left = left, .right = right};
  return e;
}

static Code literal_choice(Parse *s, const Field *f, Str *v) {
  Cx *cx = s->cx;
  for (size_t i = 0; i < f->choice_count; i++)
    if (str_eq(f->choices[i].value, *v) || str_eq(f->choices[i].label, *v)) {
      *v = f->choices[i].value;
      return OK;
    }
  FAIL(INVALID, "“%.*s”没有“%.*s”这个选项，请核对：%.*s", SFMT(f->label), SFMT(*v), SFMT(s->text));
}

/* The category by code or name, the county by code, name or alias. */
static Code literal_builtin(Parse *s, Str fact, Str *v) {
  Cx *cx = s->cx;
  const Policy *p = s->p;
  if (str_eqz(fact, builtins[0].name)) {
    for (size_t i = 0; i < p->category_count; i++)
      if (str_eq(p->categories[i].code, *v) || str_eq(p->categories[i].name, *v)) {
        *v = p->categories[i].code;
        return OK;
      }
    FAIL(INVALID, "没有“%.*s”这个类别，请核对 categories.yaml：%.*s", SFMT(*v), SFMT(s->text));
  }
  const Unit *u = policy_unit(p, *v);
  if (!u) u = policy_unit_named(p, *v);
  if (!u || (!str_eq(u->kind, S("county")) && !str_eq(u->kind, S("zone"))))
    FAIL(INVALID, "“%.*s”不是县（市）区或开发区，请核对 units.yaml：%.*s", SFMT(*v), SFMT(s->text));
  *v = u->code;
  return OK;
}

/* f is NULL for the names that are always known. */
static Code literal(Parse *s, const Field *f, Str fact, Str *out) {
  Cx *cx = s->cx;
  Milli ignored;
  Day day;
  if (!s->word.len && !s->quoted) FAIL(INVALID, "条件没有写完，请补上要比较的值：%.*s", SFMT(s->text));
  Str v = s->word;
  FieldType type = f ? f->type : FIELD_UNSET;
  if (!f) TRY(literal_builtin(s, fact, &v));
  if (type == FIELD_CHOICE) TRY(literal_choice(s, f, &v));
  if (type == FIELD_INT || type == FIELD_DECIMAL || type == FIELD_DATE) v = utf8_halfwidth(cx->mem, v);
  if ((type == FIELD_INT || type == FIELD_DECIMAL) && !milli_parse(v, &ignored))
    FAIL(INVALID, "“%.*s”要和数字比较，不能和“%.*s”比：%.*s", SFMT(f->label), SFMT(v), SFMT(s->text));
  if (type == FIELD_DATE && !day_parse(v, &day))
    FAIL(INVALID, "“%.*s”要和日期比较，写成 2026-12-31：%.*s", SFMT(f->label), SFMT(s->text));
  if (type == FIELD_BOOL) {
    if (str_eq(v, S("是"))) v = S("true");
    if (str_eq(v, S("否"))) v = S("false");
    if (!str_eq(v, S("true")) && !str_eq(v, S("false")))
      FAIL(INVALID, "“%.*s”是“是/否”，只能和 是、否 比较：%.*s", SFMT(f->label), SFMT(s->text));
  }
  *out = v;
  return next(s);
}

static bool has_order(const Field *f) {
  return f && (f->type == FIELD_INT || f->type == FIELD_DECIMAL || f->type == FIELD_DATE);
}

static Code compare(Parse *s, const Field *f, Expr *e) {
  static const struct { const char *mark; ExprOp op; } ops[] = {{"=", EXPR_EQ}, {"!=", EXPR_NE}, {"<", EXPR_LT},
                                                               {"<=", EXPR_LE}, {">", EXPR_GT}, {">=", EXPR_GE}};
  enum { VALUES_MAX = 20 };
  Cx *cx = s->cx;
  Str *values = arena_array(cx->mem, Str, VALUES_MAX);
  e->values = values;
  for (size_t i = 0; i < COUNT(ops); i++)
    if (is(s, ops[i].mark, NULL)) {
      e->op = ops[i].op;
      e->value_count = 1;
      if (i > 1 && !has_order(f))
        FAIL(INVALID, "“%.*s”没有大小先后，请用 = 或 !=：%.*s", SFMT(f ? f->label : e->fact), SFMT(s->text));
      TRY(next(s));
      return literal(s, f, e->fact, &values[0]);
    }
  if (!is(s, "in", "属于")) return OK;
  e->op = EXPR_IN;
  TRY(next(s));
  if (!is(s, "(", NULL)) FAIL(INVALID, "in 后面要写括号，如 in (甲, 乙)：%.*s", SFMT(s->text));
  do {
    if (e->value_count == VALUES_MAX) FAIL(INVALID, "in 里最多写 %d 个值：%.*s", VALUES_MAX, SFMT(s->text));
    TRY(next(s));
    TRY(literal(s, f, e->fact, &values[e->value_count++]));
  } while (is(s, ",", NULL));
  if (!is(s, ")", NULL)) FAIL(INVALID, "in 的括号没有配对，请补上：%.*s", SFMT(s->text));
  return next(s);
}

static Code parse_or(Parse *s, int depth, const Expr **out);

static Code parse_not(Parse *s, int depth, const Expr **out) {
  Cx *cx = s->cx;
  if (depth > DEPTH_MAX) FAIL(INVALID, "条件嵌套超过 %d 层，请拆开写：%.*s", DEPTH_MAX, SFMT(s->text));
  if (is(s, "not", "非")) {
    const Expr *inner = NULL;
    TRY(next(s));
    TRY(parse_not(s, depth + 1, &inner));
    *out = expr_make(s, EXPR_NOT, inner, NULL);
    return OK;
  }
  if (is(s, "(", NULL)) {
    TRY(next(s));
    TRY(parse_or(s, depth + 1, out));
    if (!is(s, ")", NULL)) FAIL(INVALID, "括号没有配对，请补上：%.*s", SFMT(s->text));
    return next(s);
  }
  const Field *f = fact_find(s->p, s->word);
  if (!s->word.len) FAIL(INVALID, "条件没有写完，请补上：%.*s", SFMT(s->text));
  if (s->quoted || (!f && !expr_builtin(s->word)))
    FAIL(INVALID, "条件第 %zu 个字处的“%.*s”不是 forms.yaml 里的事实，请核对名称；且、或、非 前后要空一格：%.*s",
         place(s, s->word_at), SFMT(s->word), SFMT(s->text));
  Expr *e = expr_make(s, EXPR_FACT, NULL, NULL);
  e->fact = f ? f->name : str_eqz(s->word, builtins[0].label) ? str_of(builtins[0].name)
                : str_eqz(s->word, builtins[1].label) ? str_of(builtins[1].name) : s->word;
  TRY(next(s));
  TRY(compare(s, f, e));
  if (e->op == EXPR_FACT && (!f || f->type != FIELD_BOOL))
    FAIL(INVALID, "“%.*s”不是“是/否”，要和一个值比较：%.*s", SFMT(e->fact), SFMT(s->text));
  *out = e;
  return OK;
}

static Code parse_and(Parse *s, int depth, const Expr **out) {
  TRY(parse_not(s, depth, out));
  while (is(s, "and", "且")) {
    const Expr *right = NULL;
    TRY(next(s));
    TRY(parse_not(s, depth, &right));
    *out = expr_make(s, EXPR_AND, *out, right);
  }
  return OK;
}

static Code parse_or(Parse *s, int depth, const Expr **out) {
  TRY(parse_and(s, depth, out));
  while (is(s, "or", "或")) {
    const Expr *right = NULL;
    TRY(next(s));
    TRY(parse_and(s, depth, &right));
    *out = expr_make(s, EXPR_OR, *out, right);
  }
  return OK;
}

Code policy_expr(Cx *cx, const Policy *p, Str text, const Expr **out) {
  Parse s = {.cx = cx, .p = p, .text = text};
  const Expr *e = NULL;
  if (text.len > TEXT_MAX) FAIL(INVALID, "条件太长，最多 %d 个字节，请拆开写", TEXT_MAX);
  if (!utf8_valid(text)) FAIL(INVALID, "条件不是合法的 UTF-8 文字");
  TRY(next(&s));
  TRY(parse_or(&s, 1, &e));
  if (s.word.len || s.quoted) FAIL(INVALID, "条件第 %zu 个字处有多余的“%.*s”，请删去：%.*s", place(&s, s.word_at), SFMT(s.word), SFMT(text));
  Expr *root = arena_new(cx->mem, Expr);
  *root = *e;
  root->text = text;
  *out = root;
  return OK;
}

/* ---- evaluation --------------------------------------------------------------------------------- */

static Str value_text(Arena *mem, const Json *v) {
  if (v->kind == JSON_STR) return v->str;
  if (v->kind == JSON_INT) return arena_fmt(mem, "%lld", (long long)v->num);
  if (v->kind == JSON_BOOL) return v->num ? S("true") : S("false");
  return S("");
}

static Truth truth(bool yes) {
  return yes ? YES : NO;
}

static Truth compare_values(ExprOp op, Str have, Str want) {
  Milli a, b;
  if (milli_parse(have, &a) && milli_parse(want, &b)) {
    if (op == EXPR_EQ) return truth(a.v == b.v);
    if (op == EXPR_NE) return truth(a.v != b.v);
    if (op == EXPR_LT) return truth(a.v < b.v);
    if (op == EXPR_LE) return truth(a.v <= b.v);
    if (op == EXPR_GT) return truth(a.v > b.v);
    return truth(a.v >= b.v);
  }
  if (op == EXPR_EQ) return truth(str_eq(have, want));
  if (op == EXPR_NE) return truth(!str_eq(have, want));
  Day x, y;
  if (!day_parse(have, &x) || !day_parse(want, &y)) return UNKNOWN; /* order of texts has no meaning */
  return truth(op == EXPR_LT ? x.n < y.n : op == EXPR_LE ? x.n <= y.n : op == EXPR_GT ? x.n > y.n : x.n >= y.n);
}

static Truth eval_leaf(Arena *mem, const Expr *e, const Json *facts) {
  const Json *v = json_get(facts, e->fact);
  Str have = v ? value_text(mem, v) : S("");
  if (!have.len) return UNKNOWN;
  if (e->op == EXPR_FACT) return truth(str_eq(have, S("true")));
  if (e->op != EXPR_IN) return compare_values(e->op, have, e->values[0]);
  for (size_t i = 0; i < e->value_count; i++)
    if (compare_values(EXPR_EQ, have, e->values[i]) == YES) return YES;
  return NO;
}

static Truth eval(Arena *mem, const Expr *e, const Json *facts) {
  Truth a, b;
  switch (e->op) {
    case EXPR_NOT:
      a = eval(mem, e->left, facts);
      return a == UNKNOWN ? UNKNOWN : a == YES ? NO : YES;
    case EXPR_AND:
      a = eval(mem, e->left, facts);
      b = eval(mem, e->right, facts);
      return a == NO || b == NO ? NO : a == YES && b == YES ? YES : UNKNOWN;
    case EXPR_OR:
      a = eval(mem, e->left, facts);
      b = eval(mem, e->right, facts);
      return a == YES || b == YES ? YES : a == NO && b == NO ? NO : UNKNOWN;
    case EXPR_FACT:
    case EXPR_EQ:
    case EXPR_NE:
    case EXPR_LT:
    case EXPR_LE:
    case EXPR_GT:
    case EXPR_GE:
    case EXPR_IN: break;
  }
  return eval_leaf(mem, e, facts);
}

static Str builtin_label(const Policy *p, Str fact, Str code) {
  const Category *c = policy_category(p, code);
  const Unit *u = policy_unit(p, code);
  if (str_eqz(fact, builtins[0].name)) return c ? c->name : code;
  return u ? u->name : code;
}

/* "建筑面积：280，" for each fact that was read, once. */
static void values_read(Arena *mem, const Policy *p, const Expr *e, const Json *facts, Str *out) {
  if (e->left) values_read(mem, p, e->left, facts, out);
  if (e->right) values_read(mem, p, e->right, facts, out);
  if (!e->fact.len) return;
  const Field *f = fact_find(p, e->fact);
  const Json *v = json_get(facts, e->fact);
  Str label = f ? f->label : str_of(builtins[str_eqz(e->fact, builtins[1].name)].label);
  Str value = v ? value_text(mem, v) : S("");
  if (!value.len) value = S("未填写");
  if (!f) value = builtin_label(p, e->fact, value);
  if (str_eq(value, S("true"))) value = S("是");
  if (str_eq(value, S("false"))) value = S("否");
  for (size_t i = 0; f && i < f->choice_count; i++)
    if (str_eq(f->choices[i].value, value)) value = f->choices[i].label;
  Str one = arena_fmt(mem, "%.*s：%.*s", SFMT(label), SFMT(value));
  if (!str_has(*out, one)) *out = arena_fmt(mem, "%.*s%s%.*s", SFMT(*out), out->len ? "，" : "", SFMT(one));
}

/* As people read a condition: "土地获取方式 不是 划拨". */
static Str plain_text(Arena *mem, Str text) {
  Str out = S("");
  for (size_t i = 0; i < text.len; i++) {
    bool unequal = text.ptr[i] == '!' && i + 1 < text.len && text.ptr[i + 1] == '=';
    out = unequal ? arena_fmt(mem, "%.*s不是", SFMT(out)) : arena_fmt(mem, "%.*s%c", SFMT(out), text.ptr[i]);
    i += unequal;
  }
  return out;
}

Truth policy_eval(Arena *mem, const Policy *p, const Expr *e, const Json *facts, Str *why) {
  static const char *const words[] = {"不成立", "成立", "还不能确定"};
  if (!e) {
    if (why) *why = S("总是需要");
    return YES;
  }
  Truth t = eval(mem, e, facts);
  if (why) {
    Str values = S("");
    values_read(mem, p, e, facts, &values);
    *why = arena_fmt(mem, "“%.*s”%s（%.*s）", SFMT(plain_text(mem, e->text)), words[t], SFMT(values));
  }
  return t;
}

static size_t facts_of(const Expr *e, Str *out, size_t max, size_t n) {
  if (!e) return n;
  bool known = !e->fact.len;
  for (size_t i = 0; i < n && i < max && !known; i++) known = str_eq(out[i], e->fact);
  if (!known && n < max) out[n++] = e->fact;
  return facts_of(e->right, out, max, facts_of(e->left, out, max, n));
}

size_t policy_expr_facts(const Expr *e, Str *out, size_t max) {
  return facts_of(e, out, max, 0);
}

bool policy_expr_same(const Expr *a, const Expr *b) {
  return a == b || (a && b && str_eq(a->text, b->text));
}
