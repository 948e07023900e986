/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

TEST(milli_reads_exactly) {
  static const struct {
    const char *text;
    int64_t v;
  } rows[] = {
      {"280", 280000}, {"280.5", 280500}, {"280.50", 280500}, {"-3.125", -3125}, {"0.001", 1},
      {"-0.5", -500},  {"-0", 0},         {"007.1", 7100},
      {"9223372036854775.807", INT64_MAX}, {"-9223372036854775.808", INT64_MIN},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    Milli m = {-1};
    EXPECT(milli_parse(str_of(rows[i].text), &m));
    EXPECT_INT(m.v, rows[i].v);
  }
}

TEST(milli_refuses_and_leaves_the_output_alone) {
  static const char *const bad[] = {
      "", ".", "-", "-.5", ".5", "5.", "1.2345", "0.0000", "1.2.3", "1,5", "1e3", "+1", " 1", "1 ",
      "0.-5", "1.+5", "--1", "1.5a", "２８０", "9223372036854775.808", "-9223372036854775.809",
      "9223372036854776", "9223372036854775807", "99999999999999999999"};
  for (size_t i = 0; i < COUNT(bad); i++) {
    Milli m = {77};
    if (milli_parse(str_of(bad[i]), &m)) EXPECT_STR(str_of(bad[i]), S("refused"));
    EXPECT_INT(m.v, 77);
  }
}

TEST(milli_prints_the_shortest_form) {
  EXPECT_STR(milli_str(t->mem, (Milli){280500}), S("280.5"));
  EXPECT_STR(milli_str(t->mem, (Milli){280000}), S("280"));
  EXPECT_STR(milli_str(t->mem, (Milli){280050}), S("280.05"));
  EXPECT_STR(milli_str(t->mem, (Milli){1}), S("0.001"));
  EXPECT_STR(milli_str(t->mem, (Milli){-500}), S("-0.5"));
  EXPECT_STR(milli_str(t->mem, (Milli){0}), S("0"));
  EXPECT_STR(milli_str(t->mem, (Milli){INT64_MIN}), S("-9223372036854775.808"));
}

TEST(milli_survives_a_round_trip) {
  for (int64_t v = -2500; v <= 2500; v++) {
    Milli m = {0};
    EXPECT(milli_parse(milli_str(t->mem, (Milli){v}), &m));
    EXPECT_INT(m.v, v);
  }
}
