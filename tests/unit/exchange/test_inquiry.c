/* SPDX-License-Identifier: Apache-2.0 */
/* What a platform says of a project code, against the package: taken, left out with a reason, or no answer at all. */
#include "../approval/world.h"
#include "exchange/exchange.h"

static const char code[] = "2605-211403-04-01-190011";

static bool said(Test *t, Cx *cx, const char *text, Filled *out) {
  Json *answer = NULL;
  EXPECT_INT(json_parse(cx, str_of(text), &answer), OK);
  return inquiry_read(cx, huludao(cx), str_of(code), answer, out);
}

static bool is_left(const Filled *f, const char *label) {
  for (const Json *x = f->left->first; x; x = x->next)
    if (str_eqz(json_str(x, S("label")), label)) return true;
  return false;
}

TEST(a_project_of_the_platform_becomes_the_fields_of_the_form) {
  Filled f;
  EXPECT(said(t, cx,
              "{\"project\":{\"XMDM\":\"2605-211403-04-01-190011\",\"XMMC\":\"示例厂房\",\"SPLCLX\":6,\"LXLX\":3,\"JSDDXZQH\":\"211403\",\"JSXZ\":\"1\",\"TDHQFS\":2,"
              "\"TDSFDSJFA\":0,\"ZTZE\":\"9800.5\",\"YDMJ\":0,\"DWMC\":\"示例公司\",\"GBHY\":\"E47\"},\"local\":{\"location_zone\":\"center\",\"linear\":false}}",
              &f));
  EXPECT(!f.unknown);
  EXPECT_STR(json_text(t->mem, f.values),
             S("{\"category\":\"industry\",\"county\":\"longgang\",\"f_approval_type\":\"record\",\"f_investment\":\"9800.5\",\"f_land_area\":\"0\",\"f_land_supply\":\"allocation\","
               "\"f_linear\":\"false\",\"f_location_zone\":\"center\",\"f_project_nature\":\"new\",\"f_with_scheme\":\"false\",\"name\":\"示例厂房\",\"owner\":\"示例公司\"}"));
  EXPECT_INT(f.left->count, 0);
}

TEST(what_does_not_fit_is_left_out_and_said) {
  Filled f;
  EXPECT(said(t, cx,
              "{\"project\":{\"XMDM\":\"2605-211403-04-01-190011\",\"XMMC\":[\"一\"],\"SPLCLX\":3,\"LXLX\":7,\"JSDDXZQH\":\"110000\",\"JSXZ\":{},\"ZTZE\":\"很多\",\"YDMJ\":\"-1\","
              "\"DWMC\":\"一\\u0007二\",\"DWTYSHXYDM\":\"911\",\"JZMJ\":null},\"local\":{\"location_zone\":\"moon\",\"major\":\"maybe\",\"category\":\"industry\"}}",
              &f));
  EXPECT_STR(json_text(t->mem, f.values), S("{}"));
  static const char *const labels[] = {"项目名称", "项目类别", "立项类型", "建设地点所在的县（市）区", "建设性质", "总投资", "用地面积", "建设单位", "统一社会信用代码", "建设区位", "重大工程"};
  for (size_t i = 0; i < COUNT(labels); i++)
    if (!is_left(&f, labels[i])) EXPECT_STR(str_of(labels[i]), S("left out"));
  EXPECT_INT(f.left->count, COUNT(labels));
}

TEST(a_flow_of_two_categories_needs_the_platform_to_name_one) {
  Filled f;
  EXPECT(said(t, cx, "{\"project\":{\"XMDM\":\"2605-211403-04-01-190011\",\"SPLCLX\":3}}", &f) && is_left(&f, "项目类别"));
  EXPECT(said(t, cx, "{\"project\":{\"XMDM\":\"2605-211403-04-01-190011\",\"SPLCLX\":3},\"local\":{\"category\":\"social-nonprofit\"}}", &f));
  EXPECT_STR(json_str(f.values, S("category")), S("social-nonprofit"));
}

TEST(no_project_and_no_answer_are_not_the_same) {
  static const char *const bad[] = {"[]", "{}", "7", "null", "{\"project\":7}", "{\"project\":[]}", "{\"project\":{}}", "{\"project\":{\"XMDM\":\"2605-211403-04-01-190012\"}}",
                                    "{\"project\":{\"XMDM\":\"2605-211403-04-01-190011\"},\"local\":[]}", "{\"project\":{\"XMDM\":2605}}"};
  Filled f;
  EXPECT(said(t, cx, "{\"project\":null}", &f) && f.unknown);
  for (size_t i = 0; i < COUNT(bad); i++)
    if (said(t, cx, bad[i], &f)) EXPECT_STR(str_of(bad[i]), S("no answer"));
}
