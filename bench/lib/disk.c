/* SPDX-License-Identifier: Apache-2.0 */
/* disk.c: what the disk can do. */
#include "disk.h"

#include "base/base.h"
#include "measure.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK = 4096, SAMPLES = 1 << 18 };

DiskRate disk_rate(const char *dir, double seconds, bool prepared) {
  static double took[SAMPLES];
  char path[4096], block[BLOCK];
  off_t whole = 64 << 20;
  snprintf(path, sizeof path, "%s/limit.tmp", dir);
  int fd = open(path, O_CREAT | O_TRUNC | O_RDWR, 0600);
  REQUIRE(fd >= 0);
  memset(block, 7, sizeof block);
  for (off_t at = 0; prepared && at < whole; at += BLOCK) REQUIRE(pwrite(fd, block, BLOCK, at) == BLOCK);
  REQUIRE(fsync(fd) == 0);
  size_t n = 0;
  double begin = now_s(), end = begin;
  for (off_t at = 0; end - begin < seconds && n < SAMPLES; n++, at += BLOCK) {
    double from = end;
    if (prepared && at >= whole) at = 0;
    REQUIRE(pwrite(fd, block, BLOCK, at) == BLOCK && fdatasync(fd) == 0);
    end = now_s();
    took[n] = end - from;
  }
  close(fd);
  unlink(path);
  qsort(took, n, sizeof *took, by_value);
  return (DiskRate){.per_s = (double)n / (end - begin), .p50_us = took[n / 2] * 1e6, .p99_us = took[n * 99 / 100] * 1e6};
}
