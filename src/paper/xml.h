/* SPDX-License-Identifier: Apache-2.0 */
/* xml: text inside XML, for the files that are archives of it (OFD, XLSX). */
#ifndef XML_H
#define XML_H

#include "base/base.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
/* Fit for text and for attributes in double quotes. What XML 1.0 has no way to write (C0 controls but tab, LF, CR; U+FFFE and U+FFFF) is
 * left out; `s` must be valid UTF-8. */
void xml__text(Buf *b, Str s);

#endif
