/* SPDX-License-Identifier: Apache-2.0 */
/*
 * embed: turns files into C arrays on standard output: embed FILE … . Each gets its name, its media type and
 * a hash of its content, which becomes part of its address (/a/s.1f2e3d4c5b6a.css) so that browsers may keep
 * it for ever. A type that is not served (translations) is the empty string.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static uint64_t write_bytes(FILE *in, int index, size_t *size) { /* gives FNV-1a, 64 bits */
  uint64_t h = 14695981039346656037u;
  *size = 0;
  printf("static const unsigned char bytes%d[] = {", index);
  for (int c; (c = getc(in)) != EOF; ++*size) {
    printf("%s%d,", *size % 32 ? "" : "\n", c);
    h = (h ^ (uint64_t)c) * 1099511628211u;
  }
  printf("0};\n"); /* an empty file still needs an element */
  return h;
}

int main(int argc, char **argv) {
  static struct {
    const char *name;
    uint64_t hash;
    size_t size;
  } list[256];
  if (argc > 256) return 1;
  printf("/* Made from the static files; do not edit. */\n#include \"web/web.h\"\n#include \"web/web_int.h\"\n\n");
  for (int i = 1; i < argc; i++) {
    FILE *in = fopen(argv[i], "rb");
    if (!in) {
      fprintf(stderr, "embed: cannot read %s\n", argv[i]);
      return 1;
    }
    list[i].name = strrchr(argv[i], '/') ? strrchr(argv[i], '/') + 1 : argv[i];
    list[i].hash = write_bytes(in, i, &list[i].size);
    fclose(in);
  }
  printf("\nconst Asset asset_table[] = {\n");
  for (int i = 1; i < argc; i++)
    printf("  {\"%s\", \"%s\", \"%012llx\", bytes%d, %zu},\n", list[i].name, type_of(list[i].name),
           (unsigned long long)(list[i].hash >> 16), i, list[i].size);
  printf("  {NULL, NULL, NULL, NULL, 0}};\n");
  return 0;
}
