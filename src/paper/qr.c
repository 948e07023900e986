/* SPDX-License-Identifier: Apache-2.0 */
/* qr.c: a text as the modules of a QR code. */
#include "paper/paper.h"

#include <errno.h>
#include <pthread.h>
#include <qrencode.h>
#include <string.h>

/* What a code of 105 × 105 modules (version 22) holds at level M, ISO/IEC 18004 table 7. More than that is made at L alone: the eight masks that are tried
 * for each are most of the cost of a page with codes. */
enum { LETTERS_M = 1134, BYTES_M = 779 };

static QRecLevel level_for(Str text) {
  static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  bool plain = true;
  for (size_t i = 0; i < text.len && plain; i++) plain = strchr(letters, text.ptr[i]) != NULL;
  return text.len <= (plain ? LETTERS_M : BYTES_M) ? QR_ECLEVEL_M : QR_ECLEVEL_L;
}

typedef struct Making {
  Str text;      /* ends with NUL */
  QRcode *code;  /* NULL: see fault */
  int fault;
  pthread_t thread;
  bool threaded;
} Making;

static void *making_run(void *arg) {
  Making *m = arg;
  m->code = QRcode_encodeString(m->text.ptr, 0, level_for(m->text), QR_MODE_8, 1);
  m->fault = m->code ? 0 : errno;
  return NULL;
}

static Code making_end(Cx *cx, Making *m, QrCode *out) {
  if (!m->code && m->fault == ERANGE) FAIL(LIMIT, "内容太长，一个二维码放不下");
  REQUIRE(m->code != NULL); /* out of memory */
  QRcode *q = m->code;
  size_t n = (size_t)q->width * (size_t)q->width;
  uint8_t *dark = arena_array(cx->mem, uint8_t, n);
  for (size_t i = 0; i < n; i++) dark[i] = q->data[i] & 1;
  *out = (QrCode){.side = q->width, .dark = dark};
  QRcode_free(q);
  return OK;
}

Code qr_make_all(Cx *cx, const Str *texts, size_t n, QrCode *out) {
  Making *list = arena_array(cx->mem, Making, n + 1);
  for (size_t i = 0; i < n; i++)
    if (!texts[i].len || memchr(texts[i].ptr, 0, texts[i].len)) FAIL(INVALID, "二维码里没有内容");
  for (size_t i = 0; i < n; i++) list[i] = (Making){.text = arena_str(cx->mem, texts[i])};
  for (size_t i = 1; i < n; i++) list[i].threaded = pthread_create(&list[i].thread, NULL, making_run, &list[i]) == 0;
  for (size_t i = 0; i < n; i++)
    if (!list[i].threaded) (void)making_run(&list[i]);
  Code code = OK;
  for (size_t i = 0; i < n; i++) {
    if (list[i].threaded) pthread_join(list[i].thread, NULL);
    if (code == OK) code = making_end(cx, &list[i], &out[i]);
    else if (list[i].code) QRcode_free(list[i].code);
  }
  return code;
}

Code qr_make(Cx *cx, Str text, QrCode *out) {
  return qr_make_all(cx, &text, 1, out);
}

static void step(Buf *b, char how, int by) {
  buf_char(b, how);
  buf_i64(b, by);
}

/* Runs of dark modules, each a rectangle one module high, each from the corner of the one before: the same steps come again and again, which
 * makes the page a quarter lighter when it is packed. */
Str qr_path(Arena *mem, const QrCode *q) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, (size_t)1 << 20);
  int at_x = 0, at_y = 0;
  for (int y = 0; y < q->side; y++) {
    const uint8_t *row = q->dark + (size_t)y * (size_t)q->side;
    for (int x = 0, end; x < q->side; x = end) {
      end = x + 1;
      while (end < q->side && row[end] == row[x]) end++;
      if (!row[x]) continue;
      step(&b, 'm', x + QR_QUIET - at_x);
      step(&b, ' ', y + QR_QUIET - at_y);
      step(&b, 'h', end - x);
      step(&b, 'v', 1);
      step(&b, 'h', x - end);
      buf_char(&b, 'z');
      at_x = x + QR_QUIET;
      at_y = y + QR_QUIET;
    }
  }
  return arena_str(mem, buf_str(&b));
}
