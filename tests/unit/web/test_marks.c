/* SPDX-License-Identifier: Apache-2.0 */
/* The marks of the site: what its owner gives is shown, what he does not is 〔待填〕. */
#include "test.h"
#include "web/web_int.h"

#include <stdlib.h>
#include <unistd.h>

static Code read_text(Cx *cx, const char *text, const Json **out) {
  char path[] = "/tmp/yichuang-marks-XXXXXX";
  int fd = mkstemp(path);
  if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text)) return BUSY;
  close(fd);
  Code code = marks_read(cx, str_of(path), out);
  unlink(path);
  return code;
}

TEST(what_is_not_given_is_to_be_filled_in) {
  const Json *given = NULL;
  EXPECT_INT(read_text(cx, "# of the city\n icp = 辽ICP备示例号\n\nsite-code=2114000001", &given), OK);
  Json *sh = json_obj(cx->mem);
  marks_view(cx->mem, S("zh"), given, sh);
  EXPECT_STR(json_str(sh, S("site_code")), S("2114000001"));
  EXPECT_STR(json_str(sh, S("site_domain")), S("〔待填〕"));
  int filled = 0, open = 0;
  for (const Json *m = json_get(sh, S("marks"))->first; m; m = m->next) {
    filled += json_bool(m, S("given"));
    open += str_eqz(json_str(m, S("value")), "〔待填〕");
  }
  EXPECT_INT(filled, 3); /* the organiser is known from the document */
  EXPECT_INT(open, 4);
}

TEST(a_mark_that_there_is_not_is_refused_with_its_line) {
  const Json *given = NULL;
  EXPECT_INT(read_text(cx, "icp = x\nicq = y\n", &given), INVALID);
  EXPECT(memmem(cx->detail.ptr, cx->detail.len, "第 2 行", strlen("第 2 行")) != NULL);
  cx_clear(cx);
  EXPECT_INT(read_text(cx, "icp\n", &given), INVALID);
  cx_clear(cx);
}
