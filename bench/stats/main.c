/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What bench/stats/run.sh measures beside its peers. Each verb prints lines "name value".
 *   bench_stats make DIR ITEMS         a table `fact` of so many items and their projects in DIR/views.db, and the items as they stand now
 *                                      in DIR/items.csv for the peers
 *   bench_stats ask DIR ROUNDS OUT     reads the image, asks the cube and the columns; answers into OUT/cube-N.csv, OUT/scan-N.csv
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

void tell(const char *name, double *list, size_t n) {
  qsort(list, n, sizeof *list, by_value);
  printf("%s_p50_us %.1f\n%s_p99_us %.1f\n", name, list[n / 2] * 1e6, name, list[n * 99 / 100] * 1e6);
}

int main(int argc, char **argv) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)8 << 30);
  Cx cx = {.mem = mem, .now = clock_now_ms()};
  Code code = INVALID;
  arena_keep_memory(); /* as the program does */
  if (argc == 4 && !strcmp(argv[1], "make")) code = bench_make(&cx, str_of(argv[2]), strtoll(argv[3], NULL, 10));
  else if (argc == 5 && !strcmp(argv[1], "ask")) code = bench_ask(&cx, str_of(argv[2]), (int)strtol(argv[3], NULL, 10), str_of(argv[4]));
  else fprintf(stderr, "see the head of bench/stats/main.c\n");
  if (code == OK) return 0;
  fprintf(stderr, "%.*s\n", SFMT(cx.detail));
  return 1;
}
