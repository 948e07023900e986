/* SPDX-License-Identifier: Apache-2.0 */
/*
 * embed: turns files into C arrays on standard output: embed FILE … . Each gets its name, its media type and
 * a hash of its content, which becomes part of its address (/a/s.1f2e3d4c5b6a.css) so that browsers may keep
 * it for ever. A type that is not served (translations) is the empty string. What only the reader of a source needs is left
 * out of style sheets and scripts: comments, and space that means nothing. A fifth of what goes over the line, and of what a browser has to read
 * before the first paint. What is served is there a second and a third time, packed as small as gzip and brotli can: that takes a quarter
 * of a second, which no start has.
 */
#include <brotli/encode.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static const struct {
  const char *end, *type;
} types[] = {
    {".css", "text/css; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
    {".html", "text/html; charset=utf-8"}, {".svg", "image/svg+xml"},           {".png", "image/png"},
    {".ico", "image/x-icon"},            {".txt", "text/plain; charset=utf-8"},
    {".json", "application/json"},       {".mo", ""},
};

static const char *type_of(const char *name) {
  size_t n = strlen(name);
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    size_t e = strlen(types[i].end);
    if (n > e && !strcmp(name + n - e, types[i].end)) return types[i].type;
  }
  fprintf(stderr, "embed: no media type for %s\n", name);
  exit(1);
}

static char *read_file(const char *path, size_t *size) {
  FILE *in = fopen(path, "rb");
  size_t room = 1 << 16;
  char *bytes = in ? malloc(room) : NULL;
  *size = 0;
  for (size_t got; bytes && (got = fread(bytes + *size, 1, room - *size - 1, in)) > 0;) {
    *size += got;
    if (*size + 1 == room) bytes = realloc(bytes, room *= 2);
  }
  if (!bytes || fclose(in)) {
    fprintf(stderr, "embed: cannot read %s\n", path);
    exit(1);
  }
  bytes[*size] = 0;
  return bytes;
}

/* Space beside these means nothing in CSS. A colon only when space follows: "a :is(b)" is not "a:is(b)". */
static size_t squeeze_css(char *s) {
  char *out = s, *at = s;
  while (*at) {
    if (*at == '"') { /* a text, as it is */
      for (*out++ = *at++; *at && *at != '"';) *out++ = *at++;
      if (*at) *out++ = *at++;
    } else if (!strncmp(at, "/*", 2)) {
      const char *end = strstr(at, "*/");
      at += end ? (size_t)(end - at) + 2 : strlen(at);
    } else if (strchr(" \n", *at)) {
      at += strspn(at, " \n");
      if (out > s && !strchr("{};,:", out[-1]) && !strchr("{};,", *at) && strncmp(at, "/*", 2)) *out++ = ' ';
    } else {
      if (*at == '}' && out > s && out[-1] == ';') out--;
      *out++ = *at++;
    }
  }
  return (size_t)(out - s);
}

/* Space before a line, and lines that are a comment. A text of more than one line would lose its own space, so there may be none. */
static size_t squeeze_js(char *s, const char *path) {
  char *out = s;
  for (char *line = s, *next; *line; line = next) {
    size_t n = strcspn(line, "\n"), quotes = 0;
    next = line + n + (line[n] == '\n');
    for (size_t i = 0; i < n; i++) quotes += line[i] == '`';
    if (quotes % 2) {
      fprintf(stderr, "embed: %s: a text in ` ` stands on one line\n", path);
      exit(1);
    }
    line += strspn(line, " ");
    if (!strncmp(line, "//", 2) || *line == '\n') continue;
    memmove(out, line, (size_t)(next - line));
    out += next - line;
  }
  return (size_t)(out - s);
}

/* Both give the size, or 0: no room in `out`, so packed it would not be smaller. */
static size_t packed_gzip(const char *bytes, size_t size, unsigned char *out, size_t room) {
  z_stream z = {.next_in = (unsigned char *)(uintptr_t)bytes, .avail_in = (unsigned)size, .next_out = out, .avail_out = (unsigned)room};
  if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
  int end = deflate(&z, Z_FINISH);
  deflateEnd(&z);
  return end == Z_STREAM_END ? room - z.avail_out : 0;
}

static size_t packed_brotli(const char *bytes, size_t size, unsigned char *out, size_t room) {
  size_t n = room;
  return BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, size, (const unsigned char *)bytes, &n, out) ? n : 0;
}

static void write_array(const char *name, int index, const void *bytes, size_t size) {
  printf("static const unsigned char %s%d[] = {", name, index);
  for (size_t i = 0; i < size; i++) printf("%s%d,", i % 32 ? "" : "\n", ((const unsigned char *)bytes)[i]);
  printf("0};\n"); /* an empty file still needs an element */
}

static uint64_t hash_of(const char *bytes, size_t size) { /* FNV-1a, 64 bits */
  uint64_t h = 14695981039346656037u;
  for (size_t i = 0; i < size; i++) h = (h ^ (unsigned char)bytes[i]) * 1099511628211u;
  return h;
}

int main(int argc, char **argv) {
  static struct {
    const char *name;
    uint64_t hash;
    size_t size, gzip, brotli;
  } list[256];
  if (argc > 256) return 1;
  printf("/* Made from the static files; do not edit. */\n#include \"web/web.h\"\n#include \"web/web_int.h\"\n\n");
  for (int i = 1; i < argc; i++) {
    const char *type = type_of(argv[i]);
    char *bytes = read_file(argv[i], &list[i].size);
    if (!strncmp(type, "text/css", 8)) list[i].size = squeeze_css(bytes);
    if (!strncmp(type, "text/javascript", 15)) list[i].size = squeeze_js(bytes, argv[i]);
    list[i].name = strrchr(argv[i], '/') ? strrchr(argv[i], '/') + 1 : argv[i];
    list[i].hash = hash_of(bytes, list[i].size);
    unsigned char *out = malloc(list[i].size + 1);
    if (!out) return 1;
    write_array("bytes", i, bytes, list[i].size);
    if (*type) list[i].gzip = packed_gzip(bytes, list[i].size, out, list[i].size);
    write_array("gzip", i, out, list[i].gzip);
    if (*type) list[i].brotli = packed_brotli(bytes, list[i].size, out, list[i].size);
    write_array("brotli", i, out, list[i].brotli);
    free(out);
    free(bytes);
  }
  printf("\n#define PACKED(of, n) {.ptr = (const char *)of, .len = n}\nconst Asset asset_table[] = {\n");
  for (int i = 1; i < argc; i++)
    printf("  {\"%s\", \"%s\", \"%012llx\", bytes%d, %zu, {{0}, PACKED(gzip%d, %zu), PACKED(brotli%d, %zu)}},\n", list[i].name, type_of(list[i].name),
           (unsigned long long)(list[i].hash >> 16), i, list[i].size, i, list[i].gzip, i, list[i].brotli);
  printf("  {0}};\n");
  return 0;
}
