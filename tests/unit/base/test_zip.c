/* SPDX-License-Identifier: Apache-2.0 */
/* Archives of stored files, byte by byte where it matters. */
#include "base/base.h"
#include "test.h"

TEST(an_archive_holds_what_was_put_in) {
  const ZipFile files[] = {{S("a.txt"), S("123456789")}, {S("目录/空.txt"), S("")}};
  Str zip;
  REQUIRE(zip_store(cx, files, COUNT(files), 1784937600000, &zip) == OK);
  EXPECT(str_starts(zip, S("PK\x03\x04")) && str_has(zip, S("a.txt123456789")) && str_has(zip, S("目录/空.txt")));
  EXPECT(str_has(zip, S("\x26\x39\xf4\xcb"))); /* CRC-32 of 123456789 is CBF43926 */
  size_t end = zip.len - 22;
  EXPECT(str_starts(str_sub(zip, end, SIZE_MAX), S("PK\x05\x06")));
  EXPECT_INT(zip.ptr[end + 10], 2);
  EXPECT(zip_store(cx, files, 1001, 1784937600000, &zip) == LIMIT);
}
