/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions: Kleene's tables, precedence, what is refused, what they say about themselves. */
#include "pkg.h"

static Truth truth_of(Test *t, Cx *cx, const Policy *p, const char *text, const char *facts, Str *why) {
  const Expr *e = NULL;
  cx_clear(cx);
  EXPECT_INT(policy_expr(cx, p, str_of(text), &e), OK);
  EXPECT_STR(cx->detail, S(""));
  if (!e) return UNKNOWN;
  return policy_eval(t->mem, p, e, policy_facts(t->mem, facts_of(t, facts), S("industry"), S("longgang")), why);
}

/* linear and major are yes/no facts of every project; one left out is unknown. */
static const char *const linear_is[] = {[NO] = "linear=false", [YES] = "linear=true", [UNKNOWN] = ""};
static const char *const major_is[] = {[NO] = "major=false", [YES] = "major=true", [UNKNOWN] = ""};

TEST(three_values_follow_kleene) {
  static const Truth and_table[3][3] = {[NO] = {NO, NO, NO}, [YES] = {NO, YES, UNKNOWN}, [UNKNOWN] = {NO, UNKNOWN, UNKNOWN}};
  static const Truth or_table[3][3] = {[NO] = {NO, YES, UNKNOWN}, [YES] = {YES, YES, YES}, [UNKNOWN] = {UNKNOWN, YES, UNKNOWN}};
  static const Truth not_table[3] = {[NO] = YES, [YES] = NO, [UNKNOWN] = UNKNOWN};
  const Policy *p = huludao(t, cx);
  for (int a = NO; a <= UNKNOWN; a++) {
    EXPECT_INT(truth_of(t, cx, p, "非 线性工程", linear_is[a], NULL), not_table[a]);
    for (int b = NO; b <= UNKNOWN; b++) {
      const char *facts = arena_z(t->mem, arena_fmt(t->mem, "%s %s", linear_is[a], major_is[b]));
      EXPECT_INT(truth_of(t, cx, p, "线性工程 且 重大工程", facts, NULL), and_table[a][b]);
      EXPECT_INT(truth_of(t, cx, p, "线性工程 或 重大工程", facts, NULL), or_table[a][b]);
    }
  }
}

TEST(not_binds_before_and_and_before_or) {
  const Policy *p = huludao(t, cx);
  static const struct { const char *text, *facts; Truth want; } rows[] = {
      {"linear or major and with_scheme", "linear=true major=false with_scheme=false", YES},
      {"(linear or major) and with_scheme", "linear=true major=false with_scheme=false", NO},
      {"major and with_scheme or linear", "linear=true major=false with_scheme=false", YES},
      {"not linear and major", "linear=true major=false", NO},
      {"not (linear and major)", "linear=true major=false", YES},
      {"not linear or major", "linear=true major=true", YES},
      {"非 非 linear", "linear=true", YES},
      {"not not not linear", "linear=true", NO}};
  for (size_t i = 0; i < COUNT(rows); i++) EXPECT_INT(truth_of(t, cx, p, rows[i].text, rows[i].facts, NULL), rows[i].want);
}

TEST(numbers_dates_choices_and_words_compare) {
  const Policy *p = huludao(t, cx);
  static const struct { const char *text, *facts; Truth want; } rows[] = {
      {"建筑面积 > 300", "floor_area=300", NO}, {"建筑面积 > 300", "floor_area=300.001", YES},
      {"建筑面积 >= 300", "floor_area=300.000", YES}, {"建筑面积 = 300.50", "floor_area=300.5", YES},
      {"建筑面积 < 9", "floor_area=10", NO}, {"建筑面积 <= 300", "", UNKNOWN}, {"建筑面积 != 300", "floor_area=300", NO},
      {"建设性质 = 新建", "project_nature=new", YES}, {"建设性质 = new", "project_nature=new", YES},
      {"建设性质 in (改建, 扩建)", "project_nature=new", NO}, {"建设性质 属于（改建，新建）", "project_nature=new", YES},
      {"建设性质 in (改建)", "", UNKNOWN}, {"线性工程 = 否", "linear=false", YES}, {"线性工程 != 是", "linear=true", NO},
      {"类别 = industry", "", YES}, {"类别 = 社会投资工业类", "", YES}, {"category in (water, 改造类)", "", NO},
      {"县区 = 龙港区", "", YES}, {"county != longgang", "", NO}, {"县区 in (兴城市, 绥中县政府)", "", NO}};
  for (size_t i = 0; i < COUNT(rows); i++) EXPECT_INT(truth_of(t, cx, p, rows[i].text, rows[i].facts, NULL), rows[i].want);
}

TEST(marks_of_an_input_method_mean_the_same) {
  const Policy *p = huludao(t, cx);
  static const char *const same[] = {"建筑面积 >= 300 and linear", "建筑面积 ≥ 300 且 线性工程", "建筑面积＞＝３００　且　线性工程",
                                     "（建筑面积 ＞= 300） 且 （线性工程 ＝ 是）", "floor_area>=300 且 linear == true",
                                     "建筑面积 >= “300” 且 线性工程 ！＝ 否", "非 (建筑面积＜300) 且 线性工程 ≠ false"};
  for (size_t i = 0; i < COUNT(same); i++) {
    EXPECT_INT(truth_of(t, cx, p, same[i], "floor_area=300 linear=true", NULL), YES);
    EXPECT_INT(truth_of(t, cx, p, same[i], "floor_area=299 linear=true", NULL), NO);
    EXPECT_INT(truth_of(t, cx, p, same[i], "floor_area=300", NULL), UNKNOWN);
  }
}

TEST(a_condition_explains_itself) {
  const Policy *p = huludao(t, cx);
  Str why = S("");
  truth_of(t, cx, p, "建筑面积 > 300", "floor_area=280", &why);
  EXPECT_STR(why, S("“建筑面积 > 300”不成立（建筑面积：280）"));
  truth_of(t, cx, p, "建筑面积 > 300", "floor_area=320", &why);
  EXPECT_STR(why, S("“建筑面积 > 300”成立（建筑面积：320）"));
  truth_of(t, cx, p, "建筑面积 > 300 且 线性工程", "linear=true", &why);
  EXPECT_STR(why, S("“建筑面积 > 300 且 线性工程”还不能确定（建筑面积：未填写，线性工程：是）"));
  truth_of(t, cx, p, "建设性质 = new 或 建设性质 = 扩建", "project_nature=new", &why);
  EXPECT_STR(why, S("“建设性质 = new 或 建设性质 = 扩建”成立（建设性质：新建）"));
  truth_of(t, cx, p, "类别 = industry 且 县区 = 龙港区", "", &why);
  EXPECT_STR(why, S("“类别 = industry 且 县区 = 龙港区”成立（类别：社会投资工业类，县区：龙港区政府）"));
  EXPECT_INT(policy_eval(t->mem, p, NULL, NULL, &why), YES);
  EXPECT_STR(why, S("总是需要"));
}

TEST(what_is_refused_says_where_and_what_to_do) {
  static const struct { const char *text, *want; } rows[] = {
      {"", "条件没有写完，请补上"}, {"   ", "条件没有写完，请补上"}, {"建筑面积 >", "条件没有写完，请补上要比较的值"},
      {"建筑面积", "“floor_area”不是“是/否”，要和一个值比较"}, {"层数 > 3", "条件第 1 个字处的“层数”不是 forms.yaml 里的事实"},
      {"线性工程 且 层数 > 3", "条件第 8 个字处的“层数”"}, {"线性工程且重大工程", "且、或、非 前后要空一格"},
      {"线性工程 且", "条件没有写完，请补上"}, {"且 线性工程", "条件第 1 个字处的“且”"}, {"线性工程 重大工程", "条件第 6 个字处有多余的“重大工程”，请删去"},
      {"(线性工程", "括号没有配对，请补上"}, {"线性工程)", "有多余的“)”"}, {"建设性质 in 新建", "in 后面要写括号"},
      {"建设性质 in (新建", "in 的括号没有配对"}, {"建设性质 in ()", "“建设性质”没有“)”这个选项"}, {"建设性质 = 拆除", "“建设性质”没有“拆除”这个选项"},
      {"建筑面积 > 三百", "“建筑面积”要和数字比较，不能和“三百”比"}, {"建筑面积 = 是", "“建筑面积”要和数字比较"},
      {"线性工程 = 5", "“线性工程”是“是/否”，只能和 是、否 比较"}, {"线性工程 > 否", "“线性工程”没有大小先后，请用 = 或 !="},
      {"建设性质 < 新建", "“建设性质”没有大小先后"}, {"类别 > industry", "“category”没有大小先后"}, {"类别 = 第八类", "没有“第八类”这个类别"},
      {"县区 = 市住房城乡建设局", "“市住房城乡建设局”不是县（市）区或开发区"}, {"县区 = 沈阳市", "不是县（市）区或开发区"},
      {"建设性质 = \"新建", "引号没有配对"}, {"线性工程 ''", "有多余的“”，请删去"}, {"'线性工程'", "条件第 1 个字处的“线性工程”"},
      {"类别", "要和一个值比较"}, {"建筑面积 > > 3", "要和数字比较"}, {"1 = 1", "“1”不是 forms.yaml 里的事实"},
      {"联系人 = 王", "“联系人”不是 forms.yaml 里的事实"},
      {"not not not not not not not not not not not not not not not not not linear", "条件嵌套超过 16 层，请拆开写"},
      {"(((((((((((((((((linear)))))))))))))))))", "条件嵌套超过 16 层"},
      {"建设性质 in (new,new,new,new,new,new,new,new,new,new,new,new,new,new,new,new,new,new,new,new,new)", "in 里最多写 20 个值"},
      {"linear\xff", "条件不是合法的 UTF-8 文字"}};
  const Policy *p = huludao(t, cx);
  for (size_t i = 0; i < COUNT(rows); i++) {
    const Expr *e = NULL;
    cx_clear(cx);
    EXPECT_INT(policy_expr(cx, p, str_of(rows[i].text), &e), INVALID);
    EXPECT(!e);
    if (!str_has(cx->detail, str_of(rows[i].want))) EXPECT_STR(cx->detail, str_of(rows[i].want));
  }
}

TEST(length_and_depth_are_bounded) {
  const Policy *p = huludao(t, cx);
  const Expr *e = NULL;
  EXPECT_INT(policy_expr(cx, p, S("not not not not not not not not not not not not not not not linear"), &e), OK);
  EXPECT_INT(policy_expr(cx, p, S("(((((((((((((((linear)))))))))))))))"), &e), OK);
  Str text = S("linear");
  while (text.len + 10 <= 500) text = arena_fmt(t->mem, "%.*s or linear", SFMT(text));
  EXPECT_INT(policy_expr(cx, p, text, &e), OK);
  EXPECT_INT(policy_eval(t->mem, p, e, NULL, NULL), UNKNOWN);
  text = arena_fmt(t->mem, "%.*s%*s", SFMT(text), 501 - (int)text.len, "");
  EXPECT_INT(policy_expr(cx, p, text, &e), INVALID);
  EXPECT(str_has(cx->detail, S("条件太长，最多 500 个字节")));
}

/* xorshift64: the same programs each time. */
static uint64_t draw(uint64_t *seed) {
  *seed ^= *seed << 13;
  *seed ^= *seed >> 7;
  *seed ^= *seed << 17;
  return *seed;
}

/* Whatever is typed, the answer is a condition or a sentence; a condition can be asked and answers alike twice. */
TEST(random_input_never_crashes) {
  static const char *const words[] = {"linear", "建筑面积", "建设性质", "类别", "县区", "且", "或", "非", "and", "or", "not", "(", ")",
                                      "（", "）", ",", "，", "in", "=", "!=", "<=", ">", "≥", "300", "新建", "是", "否", "\"", "“",
                                      "”", "'", " ", "　", "\t", "industry", "龙港区", "-1", "\xe5", "\xff", "x", "99999999999999999999"};
  static const char *const phrases[] = {"linear", "建筑面积 > 300", "建设性质 in (新建, 改建)", "非 major", "(linear 或 major)",
                                        "非 (类别 = 改造类)", "linear = 是"};
  const Policy *p = huludao(t, cx);
  uint64_t seed = 60;
  int good = 0, bad = 0;
  for (int round = 0; round < 20000; round++) {
    Arena *mem = arena_open(1 << 20);
    Cx own = {.mem = mem};
    Buf b;
    buf_init(&b, 2000);
    for (size_t n = draw(&seed) % 14 + 1; n; n--) {
      buf_add(&b, str_of(round % 2 ? words[draw(&seed) % COUNT(words)] : phrases[draw(&seed) % COUNT(phrases)]));
      if (round % 2 == 0 && n > 1) buf_add(&b, draw(&seed) % 8 ? draw(&seed) % 2 ? S(" 且 ") : S(" 或 ") : S(" "));
      if (draw(&seed) % 4) buf_char(&b, ' ');
    }
    const Expr *e = NULL;
    if (policy_expr(&own, p, buf_str(&b), &e) == OK) {
      Str why = S("");
      Json *facts = json_obj(mem);
      json_put_str(mem, facts, S("floor_area"), draw(&seed) % 2 ? S("300") : S("x"));
      if (draw(&seed) % 2) json_put_bool(mem, facts, S("linear"), draw(&seed) % 2);
      Truth a = policy_eval(mem, p, e, facts, &why), again = policy_eval(mem, p, e, facts, NULL);
      EXPECT(a == again && a <= UNKNOWN && why.len > 0);
      good++;
    } else {
      EXPECT(own.fault == INVALID && own.detail.len > 0);
      bad++;
    }
    buf_drop(&b);
    arena_close(mem);
  }
  EXPECT(good > 500);
  EXPECT(bad > 5000);
}
