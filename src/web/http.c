/* SPDX-License-Identifier: Apache-2.0 */
/* Framing by llhttp 8.1, built with LLHTTP_STRICT_MODE. It reads the head a second time and must agree with
 * head.c; then it finds the end of the body. Chunked bodies also pass a check of our own: sizes of 1 to 8 hex
 * digits, CRLF everywhere, no extensions, no trailers. */
#include "web/web_int.h"

#include <llhttp.h>

/* What the next byte of a chunked body must be. */
typedef enum ChunkAt { CHUNK_SIZE, CHUNK_SIZE_LF, CHUNK_DATA, CHUNK_CR, CHUNK_LF, CHUNK_LAST_CR, CHUNK_LAST_LF, CHUNK_OVER } ChunkAt;

struct HttpBody {
  llhttp_t parser;
  HttpSink *sink;
  void *arg;
  int headers;
  bool in_body, done, keep_alive, chunked;
  ChunkAt at;
  int digits;
  uint64_t left;
  uint64_t framing, content; /* bytes of chunk lines and of chunks so far */
};

size_t http_size(void) {
  return sizeof(HttpBody);
}

static int on_header(llhttp_t *p) {
  HttpBody *b = p->data;
  b->headers++;
  return 0;
}

static int on_head(llhttp_t *p) {
  HttpBody *b = p->data;
  b->in_body = true;
  b->keep_alive = llhttp_should_keep_alive(p);
  return 0;
}

static int on_body(llhttp_t *p, const char *at, size_t n) {
  HttpBody *b = p->data;
  if (b->sink) b->sink(b->arg, (Str){.ptr = at, .len = n});
  return 0;
}

static int on_done(llhttp_t *p) {
  HttpBody *b = p->data;
  b->done = true;
  return HPE_PAUSED; /* the next message of a pipeline waits its turn */
}

static const llhttp_settings_t settings = {
    .on_header_value_complete = on_header,
    .on_headers_complete = on_head,
    .on_body = on_body,
    .on_message_complete = on_done,
};

/* How much was read, or SIZE_MAX when llhttp refuses. */
static size_t execute(HttpBody *b, Str bytes) {
  llhttp_errno_t e = llhttp_execute(&b->parser, bytes.ptr, bytes.len);
  if (e == HPE_OK) return bytes.len;
  if (e != HPE_PAUSED && e != HPE_PAUSED_UPGRADE) return SIZE_MAX;
  const char *end = llhttp_get_error_pos(&b->parser);
  return end ? (size_t)(end - bytes.ptr) : bytes.len;
}

bool http_begin(HttpBody *b, Str raw, const Head *head) {
  *b = (HttpBody){.chunked = head->chunked};
  llhttp_init(&b->parser, HTTP_REQUEST, &settings);
  b->parser.data = b;
  if (execute(b, raw) != raw.len) return false;
  bool has_body = head->chunked || head->length > 0;
  return b->in_body && (size_t)b->headers == head->count && b->done == !has_body &&
         (head->length <= 0 || b->parser.content_length == (uint64_t)head->length);
}

bool http_done(const HttpBody *b) {
  return b->done;
}

bool http_keep_alive(const HttpBody *b) {
  return b->keep_alive;
}

static bool size_byte(HttpBody *b, char c) {
  int v = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  if (c == '\r' && b->digits) {
    b->at = CHUNK_SIZE_LF;
    return true;
  }
  if (v < 0 || ++b->digits > 8) return false;
  b->left = b->left << 4 | (uint64_t)v;
  return true;
}

static bool frame_byte(HttpBody *b, char c) {
  switch (b->at) {
    case CHUNK_SIZE: return size_byte(b, c);
    case CHUNK_SIZE_LF:
      b->at = b->left ? CHUNK_DATA : CHUNK_LAST_CR;
      b->digits = 0;
      return c == '\n';
    case CHUNK_CR: b->at = CHUNK_LF; return c == '\r';
    case CHUNK_LF: b->at = CHUNK_SIZE; return c == '\n';
    case CHUNK_LAST_CR: b->at = CHUNK_LAST_LF; return c == '\r';
    case CHUNK_LAST_LF: b->at = CHUNK_OVER; return c == '\n';
    case CHUNK_DATA:
    case CHUNK_OVER: break;
  }
  return false;
}

/* Up to the end of the body within bytes, or SIZE_MAX when the framing is not exactly ours. One-byte chunks
 * cost six times their content: more than 8 to 1 beyond 64 KiB is an attack on our time. */
static size_t chunks_check(HttpBody *b, Str bytes) {
  size_t i = 0;
  while (i < bytes.len && b->at != CHUNK_OVER) {
    if (b->at == CHUNK_DATA) {
      uint64_t n = bytes.len - i < b->left ? bytes.len - i : b->left;
      i += (size_t)n;
      b->left -= n;
      b->content += n;
      if (!b->left) b->at = CHUNK_CR;
    } else {
      if (!frame_byte(b, bytes.ptr[i])) return SIZE_MAX;
      i++;
      b->framing++;
    }
  }
  return b->framing > 65536 + 8 * b->content ? SIZE_MAX : i;
}

bool http_feed(HttpBody *b, Str bytes, HttpSink *sink, void *arg, size_t *used) {
  *used = 0;
  if (b->done) return true;
  if (b->chunked) {
    size_t n = chunks_check(b, bytes);
    if (n == SIZE_MAX) return false;
    bytes.len = n;
  }
  b->sink = sink;
  b->arg = arg;
  *used = execute(b, bytes);
  return *used != SIZE_MAX && (!b->chunked || (b->at == CHUNK_OVER) == b->done);
}
